with
    snapshots as (
        select
            snapshots.as_of_date,
            last_day(snapshots.month) as month_end,
            limits.usage_report_days as report_days,
            limits.activity_days
        from {{ ref("int_licence_snapshots") }} as snapshots
        inner join
            {{ ref("int_licence_limits") }} as limits on limits.as_of_date = snapshots.as_of_date
    ),

    run_context as (select as_of_date from {{ ref("stg_inputs__run_context") }}),

    reported as (
        select
            snapshots.as_of_date,
            usage.account_key,
            usage.service,
            usage.report_date,
            usage.activity,
            usage.storage,
            {{ activity_rank("usage.activity") }} as activity_rank,
            usage.report = 'activations' and usage.activity = 'never' as is_never_installed,
            case
                usage.storage
                when 'over_1tb'
                then 4
                when 'under_1tb'
                then 3
                when 'under_50gb'
                then 2
                when 'under_2gb'
                then 1
            end as storage_rank
        from {{ ref("stg_m365__usage") }} as usage
        inner join run_context on usage.report_date <= run_context.as_of_date
        inner join
            snapshots
            on usage.report_date <= snapshots.month_end
            and {{ days_between("usage.report_date", "snapshots.month_end") }}
            <= snapshots.report_days
        where
            usage.account_key is not null
            and not usage.is_concealed
            -- Without a licence to the service, no use of it says nothing.
            and not (usage.activity = 'unknown' and not coalesce(usage.has_licence, true))
            -- An installation shows use on its own day only; an old one shows nothing.
            and (
                usage.report <> 'activations'
                or usage.activity = 'never'
                or coalesce(
                    {{ is_active_within("usage.activity", "snapshots.activity_days") }}, false
                )
            )
    ),

    otherwise_known as (
        select distinct as_of_date, account_key
        from reported
        where not is_never_installed and activity <> 'unknown'
    ),

    -- What is known goes before what is not; then the newest report; of one day the best bucket.
    -- What was never installed is not used, by those of whom anything else is known.
    by_activity as (
        select
            reported.*,
            row_number() over (
                partition by reported.as_of_date, reported.account_key, reported.service
                order by
                    case
                        when reported.activity = 'unknown'
                        then 2
                        when reported.is_never_installed
                        then 1
                        else 0
                    end,
                    report_date desc,
                    activity_rank,
                    storage_rank desc nulls last
            ) as place
        from reported
        left join
            otherwise_known
            on otherwise_known.as_of_date = reported.as_of_date
            and otherwise_known.account_key = reported.account_key
        where not reported.is_never_installed or otherwise_known.account_key is not null
    ),

    by_storage as (
        select
            reported.*,
            row_number() over (
                partition by as_of_date, account_key, service
                order by report_date desc, storage_rank desc, activity_rank
            ) as place
        from reported
        where storage is not null
    )

select
    by_activity.as_of_date,
    by_activity.account_key,
    by_activity.service,
    by_activity.activity,
    by_storage.storage
from by_activity
left join
    by_storage
    on by_storage.as_of_date = by_activity.as_of_date
    and by_storage.account_key = by_activity.account_key
    and by_storage.service = by_activity.service
    and by_storage.place = 1
where by_activity.place = 1
