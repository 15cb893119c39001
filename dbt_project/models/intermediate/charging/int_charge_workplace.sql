with
    months as (select * from {{ ref("int_charge_months") }}),

    rules as (select * from {{ ref("int_charge_rules") }}),

    -- A later row of the file for the same unit and month corrects the earlier one.
    ranked as (
        select
            month,
            coalesce(unit_id, 'unknown') as unit_id,
            active_count,
            row_number() over (
                partition by month, coalesce(unit_id, 'unknown') order by source_row desc nulls last
            ) as place
        from {{ ref("stg_registers__workplace_users") }}
    ),

    known_units as (select distinct unit_id from {{ ref("dim_unit") }}),

    -- A unit that the unit register does not have is unknown, and still charged.
    counted as (
        select
            ranked.month,
            coalesce(known_units.unit_id, 'unknown') as unit_id,
            sum(ranked.active_count) as active_count
        from ranked
        left join known_units on known_units.unit_id = ranked.unit_id
        where ranked.place = 1
        group by ranked.month, coalesce(known_units.unit_id, 'unknown')
    ),

    exemptions as (select * from {{ ref("int_charge_exemptions") }}),

    exempt_units as (select distinct month, unit_id from exemptions),

    known as (
        select
            counted.month,
            counted.unit_id,
            counted.active_count,
            exempt_units.unit_id is not null as is_exempt,
            terms.unit_price_nok,
            case
                when own_price.unit_id is not null
                then own_price.unit_price_nok
                else unit_price.unit_price_nok
            end as exempt_price_nok
        from counted
        left join
            {{ ref("int_charge_terms") }} as terms
            on terms.month = counted.month
            and lower(terms.sku_id) = 'workplace'
        left join
            exempt_units
            on exempt_units.month = counted.month
            and exempt_units.unit_id = counted.unit_id
        left join
            exemptions as own_price
            on own_price.month = counted.month
            and own_price.unit_id = counted.unit_id
            and lower(own_price.sku_id) = 'workplace'
        left join
            exemptions as unit_price
            on unit_price.month = counted.month
            and unit_price.unit_id = counted.unit_id
            and unit_price.sku_id is null
    ),

    first_that_fits as (
        select known.month, known.unit_id, min(rules.rule_row) as rule_row
        from known
        inner join
            rules
            on rules.month = known.month
            and (
                rules.condition_key = 'workplace'
                or (rules.condition_key = 'exempt_unit' and known.is_exempt)
            )
        group by known.month, known.unit_id
    )

select
    known.month,
    known.unit_id,
    cast(known.active_count as bigint) as active_count,
    rules.rule_row,
    rules.financing,
    rules.rule_id,
    case
        when rules.condition_key = 'exempt_unit'
        then known.exempt_price_nok
        else known.unit_price_nok
    end as unit_price_nok
from known
left join
    first_that_fits
    on first_that_fits.month = known.month
    and first_that_fits.unit_id = known.unit_id
-- Before the rules begin only the last row is left: review.
inner join
    rules
    on rules.month = known.month
    and (
        rules.rule_row = first_that_fits.rule_row
        or (first_that_fits.rule_row is null and rules.condition_key = 'otherwise')
    )
