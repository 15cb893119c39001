with
    months as (select * from {{ ref("int_charge_months") }}),

    exemptions as (select * from {{ ref("stg_registers__frame_exemptions") }}),

    ancestors as (select * from {{ ref("int_unit_ancestors") }}),

    names as (select * from {{ ref("int_sku_names") }}),

    in_force as (
        select
            months.month,
            months.last_date,
            exemptions.unit_id as exempt_unit_id,
            coalesce(names.sku_id, exemptions.sku_id) as sku_id,
            exemptions.unit_price_nok,
            exemptions.valid_from,
            exemptions.source_row
        from months
        inner join
            exemptions
            on exemptions.valid_from <= months.last_date
            and months.last_date < exemptions.valid_to
        left join names on names.name_key = {{ sku_name_key("exemptions.sku_id") }}
        where exemptions.unit_id is not null
    ),

    -- The unit itself and what lies below it on that day.
    reached as (
        select in_force.*, in_force.exempt_unit_id as unit_id, 0 as level
        from in_force
        union all
        select in_force.*, ancestors.unit_id, ancestors.level
        from in_force
        inner join
            ancestors
            on ancestors.ancestor_unit_id = in_force.exempt_unit_id
            and ancestors.level > 0
            and ancestors.valid_from <= in_force.last_date
            and in_force.last_date < ancestors.valid_to
    ),

    ranked as (
        select
            reached.*,
            row_number() over (
                partition by month, unit_id, sku_id
                order by level, valid_from desc nulls last, source_row nulls last, exempt_unit_id
            ) as place
        from reached
    )

select month, unit_id, sku_id, exempt_unit_id, unit_price_nok
from ranked
where place = 1
