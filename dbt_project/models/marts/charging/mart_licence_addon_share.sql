with
    months as (select * from {{ ref("int_charge_months") }}),

    rules as (select * from {{ ref("int_charge_rules") }}),

    exempt_units as (
        select distinct exemptions.month, exemptions.unit_id
        from {{ ref("int_charge_exemptions") }} as exemptions
        inner join rules on rules.month = exemptions.month and rules.condition_key = 'exempt_unit'
    ),

    counted as (
        select
            month,
            unit_id,
            sum(case when is_standard then 1 else 0 end) as standard_count,
            sum(
                case when not is_standard and not is_zero_cost_addon then 1 else 0 end
            ) as addon_count,
            sum(
                case when not is_standard and is_zero_cost_addon then 1 else 0 end
            ) as free_addon_count
        from {{ ref("fct_licence_charge") }}
        group by month, unit_id
    ),

    shares as (
        select
            counted.month,
            counted.unit_id,
            counted.standard_count,
            counted.addon_count,
            counted.free_addon_count,
            {{ share("counted.addon_count", "(counted.standard_count + counted.addon_count)") }}
            as addon_share,
            months.addon_share_review,
            months.has_rules and exempt_units.unit_id is null as is_reviewable,
            months.is_preliminary
        from counted
        inner join months on months.month = counted.month
        left join
            exempt_units
            on exempt_units.month = counted.month
            and exempt_units.unit_id = counted.unit_id
    )

select
    month,
    unit_id,
    cast(standard_count as bigint) as standard_count,
    cast(addon_count as bigint) as addon_count,
    cast(free_addon_count as bigint) as free_addon_count,
    cast(standard_count + addon_count as bigint) as counted_count,
    addon_share,
    addon_share_review as review_limit_share,
    is_reviewable,
    is_reviewable and coalesce(addon_share > addon_share_review, false) as is_flagged,
    'B07y' as rule_id,
    is_preliminary
from shares
