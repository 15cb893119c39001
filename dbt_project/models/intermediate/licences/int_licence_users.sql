with
    snapshots as (select * from {{ ref("int_licence_snapshots") }} where users_date is not null),

    users as (select * from {{ ref("stg_m365__users") }}),

    named as (
        select
            export_date,
            source_sha256,
            account_key,
            case when licence_count is null then 1 else 0 end as is_without_licences
        from users
        union all
        select distinct export_date, source_sha256, account_key, 0 as is_without_licences
        from {{ ref("stg_m365__user_licences") }}
    ),

    -- One file of the day counts for an account: one that shows its licences goes before one that
    -- does not, then the one with the smallest hash.
    ranked as (
        select
            snapshots.as_of_date,
            named.account_key,
            named.source_sha256,
            row_number() over (
                partition by snapshots.as_of_date, named.account_key
                order by named.is_without_licences, named.source_sha256
            ) as place
        from named
        inner join snapshots on snapshots.users_date = named.export_date
    ),

    chosen as (select as_of_date, account_key, source_sha256 from ranked where place = 1),

    -- A page of accounts that never signed in looks like a page without sign-ins.
    silent_pages as (
        select source_sha256
        from users
        group by source_sha256
        having max(case when sign_in_activity = 'unknown' then 0 else 1 end) = 0
    ),

    -- Where no account of an export has a sign-in, the export does not show them.
    stated as (
        select
            snapshots.as_of_date,
            max(
                case
                    when users.sign_in_activity in ('d30', 'd90', 'd180', 'older') then 1 else 0
                end
            ) as has_sign_ins
        from users
        inner join snapshots on snapshots.users_date = users.export_date
        group by snapshots.as_of_date
    )

select
    chosen.as_of_date,
    chosen.account_key,
    chosen.source_sha256,
    users.account_key is not null as is_in_user_list,
    users.person_key,
    users.is_enabled,
    users.user_type,
    users.department,
    users.company,
    coalesce(users.is_new, false) as is_new,
    case
        when users.sign_in_activity = 'never' or silent_pages.source_sha256 is not null
        then
            case
                when coalesce(users.is_new, false) or stated.has_sign_ins = 0
                then 'unknown'
                else 'never'
            end
        else coalesce(users.sign_in_activity, 'unknown')
    end as sign_in_activity,
    users.stated_licence_count,
    users.licence_count
from chosen
left join
    users on users.source_sha256 = chosen.source_sha256 and users.account_key = chosen.account_key
left join silent_pages on silent_pages.source_sha256 = users.source_sha256
left join stated on stated.as_of_date = chosen.as_of_date
