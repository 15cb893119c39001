with
    stated as (select * from {{ ref("int_licence_assignments__stated") }}),

    folded as (
        select
            as_of_date,
            account_key,
            sku_id,
            max(case when assigned_by = 'direct' then 1 else 0 end) = 1 as is_direct,
            max(case when assigned_by = 'group' then 1 else 0 end) = 1 as is_group,
            count(*) as way_count
        from stated
        group by as_of_date, account_key, sku_id
    ),

    -- A plan is off only where every way of assignment has it off.
    switched_off as (
        select as_of_date, account_key, sku_id, trim(plan_id) as plan_id, count(*) as way_count
        from
            (
                select
                    as_of_date,
                    account_key,
                    sku_id,
                    {{ explode_text("disabled_plans", ";") }} as plan_id
                from stated
                where disabled_plans is not null
            ) as parts
        group by as_of_date, account_key, sku_id, trim(plan_id)
    ),

    disabled as (
        select
            switched_off.as_of_date,
            switched_off.account_key,
            switched_off.sku_id,
            {{ replace_all(names_joined("switched_off.plan_id"), ", ", ";") }} as disabled_plans
        from switched_off
        inner join
            folded
            on folded.as_of_date = switched_off.as_of_date
            and folded.account_key = switched_off.account_key
            and folded.sku_id = switched_off.sku_id
        where switched_off.way_count >= folded.way_count and switched_off.plan_id <> ''
        group by switched_off.as_of_date, switched_off.account_key, switched_off.sku_id
    )

select
    folded.as_of_date,
    folded.account_key,
    folded.sku_id,
    accounts.unit_id,
    folded.is_direct,
    folded.is_group,
    disabled.disabled_plans,
    activity.activity,
    activity.activity_evidence,
    activity.is_active,
    terms.unit_price_nok,
    terms.management_fee_nok
from folded
inner join
    {{ ref("int_licence_accounts") }} as accounts
    on accounts.as_of_date = folded.as_of_date
    and accounts.account_key = folded.account_key
inner join
    {{ ref("int_licence_assignments__activity") }} as activity
    on activity.as_of_date = folded.as_of_date
    and activity.account_key = folded.account_key
    and activity.sku_id = folded.sku_id
left join
    disabled
    on disabled.as_of_date = folded.as_of_date
    and disabled.account_key = folded.account_key
    and disabled.sku_id = folded.sku_id
left join
    {{ ref("int_licence_terms__dated") }} as terms
    on terms.as_of_date = folded.as_of_date
    and terms.sku_id = folded.sku_id
