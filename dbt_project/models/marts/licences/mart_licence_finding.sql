with
    latest as (select as_of_date from {{ ref("int_licence_snapshots") }} where is_latest),

    assigned as (
        select
            assignments.account_key,
            assignments.unit_id,
            assignments.sku_id,
            assignments.is_direct,
            assignments.is_group,
            assignments.activity,
            assignments.is_active,
            assignments.disabled_plans,
            assignments.unit_price_nok,
            accounts.is_active_account,
            accounts.deactivated_days,
            accounts.account_place,
            accounts.account_type,
            accounts.is_external,
            accounts.is_employed,
            limits.deactivated_days as allowed_days,
            terms.is_transferable,
            terms.is_zero_cost_addon,
            terms.is_free_software,
            standard.sku_id is not null as is_standard
        from {{ ref("int_licence_assignments") }} as assignments
        inner join latest on latest.as_of_date = assignments.as_of_date
        inner join
            {{ ref("int_licence_limits") }} as limits on limits.as_of_date = assignments.as_of_date
        inner join
            {{ ref("int_licence_accounts") }} as accounts
            on accounts.as_of_date = assignments.as_of_date
            and accounts.account_key = assignments.account_key
        left join
            {{ ref("int_licence_terms__dated") }} as terms
            on terms.as_of_date = assignments.as_of_date
            and terms.sku_id = assignments.sku_id
        left join
            {{ ref("int_licence_standard") }} as standard
            on standard.sku_id = assignments.sku_id
            and standard.valid_from <= assignments.as_of_date
            and standard.valid_to > assignments.as_of_date
    ),

    -- Plans that are off for the account in one product don't contain another product's.
    off as (
        select distinct parts.account_key, parts.sku_id, closed.plan_id
        from
            (
                select account_key, sku_id, {{ explode_text("disabled_plans", ";") }} as plan_id
                from assigned
                where disabled_plans is not null
            ) as parts
        inner join {{ ref("int_service_plans") }} as plans on plans.plan_id = trim(parts.plan_id)
        inner join
            (
                select plan_name as higher_plan, plan_id
                from {{ ref("int_service_plans") }}
                union
                select hierarchy.higher_plan, lower_plans.plan_id
                from {{ ref("service_plan_hierarchy") }} as hierarchy
                inner join
                    {{ ref("int_service_plans") }} as lower_plans
                    on lower_plans.plan_name = hierarchy.lower_plan
            ) as closed
            on closed.higher_plan = plans.plan_name
    ),

    hollow as (
        select distinct off.account_key, off.sku_id as other_sku_id, sku_plans.sku_id
        from off
        inner join {{ ref("int_sku_plans") }} as sku_plans on sku_plans.plan_id = off.plan_id
    ),

    contained as (
        select assigned.account_key, assigned.sku_id, min(contained.other_sku_id) as other_sku_id
        from assigned
        inner join
            {{ ref("int_licence_contained") }} as contained on contained.sku_id = assigned.sku_id
        inner join
            assigned as others
            on others.account_key = assigned.account_key
            and others.sku_id = contained.other_sku_id
        left join
            hollow
            on hollow.account_key = assigned.account_key
            and hollow.other_sku_id = contained.other_sku_id
            and hollow.sku_id = assigned.sku_id
        where hollow.account_key is null
        group by assigned.account_key, assigned.sku_id
    ),

    above_need as (select * from {{ ref("int_licence_above_need") }}),

    candidates as (
        {% set no_sku = "cast(null as " ~ text_type() ~ ")" %}
        {% for finding, condition, other_sku, days, cost in [
            (
                "disabled_over_60",
                "assigned.deactivated_days > assigned.allowed_days",
                no_sku,
                "assigned.deactivated_days",
                "assigned.unit_price_nok",
            ),
            (
                "disabled",
                "not assigned.is_active_account and not coalesce(assigned.deactivated_days > assigned.allowed_days, false)",
                no_sku,
                "assigned.deactivated_days",
                "assigned.unit_price_nok",
            ),
            (
                "never_used",
                "assigned.activity = 'never'",
                no_sku,
                "cast(null as integer)",
                "assigned.unit_price_nok",
            ),
            (
                "inactive",
                "not assigned.is_active and assigned.activity <> 'never'",
                no_sku,
                "cast(null as integer)",
                "assigned.unit_price_nok",
            ),
            (
                "direct_and_group",
                "assigned.is_direct and assigned.is_group",
                no_sku,
                "cast(null as integer)",
                "cast(0 as decimal(18, 2))",
            ),
            (
                "contained_plan",
                "contained.account_key is not null",
                "contained.other_sku_id",
                "cast(null as integer)",
                "assigned.unit_price_nok",
            ),
            (
                "several_accounts",
                "assigned.account_place > 1",
                no_sku,
                "cast(null as integer)",
                "assigned.unit_price_nok",
            ),
            (
                "external",
                "assigned.is_external",
                no_sku,
                "cast(null as integer)",
                "assigned.unit_price_nok",
            ),
            (
                "no_employment",
                "not assigned.is_employed and assigned.is_active_account and assigned.account_type = 'user' and not assigned.is_external",
                no_sku,
                "cast(null as integer)",
                "assigned.unit_price_nok",
            ),
            (
                "above_need",
                "above_need.account_key is not null and contained.account_key is null",
                "above_need.other_sku_id",
                "cast(null as integer)",
                "cast(assigned.unit_price_nok - above_need.other_unit_price_nok as decimal(18, 2))",
            ),
            (
                "beyond_standard",
                "not assigned.is_standard and not coalesce(assigned.is_zero_cost_addon, false) and not coalesce(assigned.is_free_software, false)",
                no_sku,
                "cast(null as integer)",
                "assigned.unit_price_nok",
            ),
            (
                "free_addon",
                "not assigned.is_standard and assigned.is_zero_cost_addon",
                no_sku,
                "cast(null as integer)",
                "cast(0 as decimal(18, 2))",
            ),
        ] %}
            select
                assigned.account_key,
                assigned.sku_id,
                assigned.unit_id,
                assigned.activity,
                assigned.is_transferable,
                '{{ finding }}' as finding,
                {{ other_sku }} as other_sku_id,
                {{ days }} as days,
                {{ cost }} as monthly_cost_nok
            from assigned
            left join
                contained
                on contained.account_key = assigned.account_key
                and contained.sku_id = assigned.sku_id
            left join
                above_need
                on above_need.account_key = assigned.account_key
                and above_need.sku_id = assigned.sku_id
            where {{ condition }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    ordered as (
        select
            candidates.*,
            findings.finding_order,
            findings.rule_id,
            latest.as_of_date,
            findings.finding not in ('direct_and_group', 'free_addon') as bears_cost
        from candidates
        cross join latest
        inner join
            {{ ref("licence_finding") }} as findings
            on findings.finding = candidates.finding
            and findings.valid_from <= latest.as_of_date
            and findings.valid_to >= latest.as_of_date
    ),

    ranked as (
        select
            ordered.*,
            row_number() over (
                partition by account_key, sku_id
                order by case when bears_cost then 0 else 1 end, finding_order
            ) as place
        from ordered
    )

select
    as_of_date,
    account_key as user_key,
    unit_id,
    sku_id,
    finding,
    finding_order,
    rule_id,
    days,
    activity,
    other_sku_id,
    coalesce(is_transferable, true) as is_transferable,
    finding in ('never_used', 'inactive')
    and coalesce(is_transferable, true) as is_reallocation_candidate,
    monthly_cost_nok,
    case
        when bears_cost and place = 1 then monthly_cost_nok else cast(0 as decimal(18, 2))
    end as counted_cost_nok
from ranked
