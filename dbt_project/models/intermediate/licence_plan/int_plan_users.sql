{{ config(tags=["derived_input"]) }}

with
    snapshot as (
        select limits.as_of_date, limits.deactivated_days
        from {{ ref("int_licence_limits") }} as limits
        inner join
            {{ ref("int_licence_snapshots") }} as snapshots
            on snapshots.as_of_date = limits.as_of_date
            and snapshots.is_latest
    ),

    licensed as (
        select
            assignments.account_key,
            min(nullif({{ activity_rank("assignments.activity") }}, 6)) as activity_rank
        from {{ ref("int_licence_assignments") }} as assignments
        inner join snapshot on snapshot.as_of_date = assignments.as_of_date
        group by assignments.account_key
    ),

    accounts as (
        select
            accounts.account_key,
            accounts.unit_id,
            case
                when accounts.deactivated_days > snapshot.deactivated_days
                then 'none'
                when
                    accounts.deactivated_days is not null
                    or not coalesce(accounts.is_enabled, true)
                    or accounts.account_type <> 'user'
                    or coalesce(accounts.is_new, false)
                then 'kept'
                else 'used'
            end as need_class,
            coalesce(
                accounts.is_main_account
                and accounts.is_employed
                and accounts.is_on_platform
                and not accounts.is_external
                and accounts.account_type = 'user',
                false
            ) as is_standard_user,
            licensed.account_key is not null as is_licensed,
            licensed.activity_rank as licence_rank,
            nullif({{ activity_rank("accounts.sign_in_activity") }}, 6) as sign_in_rank
        from {{ ref("int_licence_accounts") }} as accounts
        inner join snapshot on snapshot.as_of_date = accounts.as_of_date
        left join licensed on licensed.account_key = accounts.account_key
    ),

    final as (
        select
            accounts.*,
            need_class <> 'none' and is_standard_user as must_have_standard,
            coalesce(
                5
                - least(coalesce(licence_rank, sign_in_rank), coalesce(sign_in_rank, licence_rank)),
                5
            ) as activity_rank
        from accounts
    )

select
    account_key,
    unit_id,
    unit_id as pool_id,
    need_class,
    must_have_standard,
    cast(activity_rank as bigint) as activity_rank
from final
where is_licensed or must_have_standard
