-- What exempt units bought within the scope that they are exempt from (A03), each line once per
-- exemption. The scope is that of the lots the unit is on.
with
    exempt_scopes as (
        select
            exemptions.agreement_id,
            exemptions.unit_id,
            exemptions.valid_from as exempt_from,
            scope.category_id,
            greatest(exemptions.valid_from, units.valid_from, scope.valid_from) as valid_from,
            least(exemptions.valid_to, units.valid_to, scope.valid_to) as valid_to
        from {{ ref("int_exemptions") }} as exemptions
        inner join
            {{ ref("bridge_agreement_unit") }} as units
            on units.agreement_id = exemptions.agreement_id
            and units.unit_id = exemptions.unit_id
        inner join
            {{ ref("bridge_agreement_category") }} as scope
            on scope.agreement_id = units.agreement_id
            and scope.lot = units.lot
    ),

    periods as (
        {{
            merged_periods(
                "exempt_scopes", ["agreement_id", "unit_id", "exempt_from", "category_id"]
            )
        }}
    )

select
    periods.agreement_id,
    periods.unit_id,
    periods.exempt_from,
    count(distinct {{ source_line_id("lines") }}) as line_count,
    sum(lines.amount_nok) as spend_nok,
    sum(
        case
            when
                lines.agreement_id = periods.agreement_id
                and lines.loyalty_class in ('on_agreement', 'voluntary')
            then lines.amount_nok
        end
    ) as on_agreement_nok
from periods
inner join
    {{ ref("fct_spend_line") }} as lines
    on lines.unit_id = periods.unit_id
    and lines.category_id = periods.category_id
    and lines.decisive_date >= periods.valid_from
    and lines.decisive_date < periods.valid_to
group by periods.agreement_id, periods.unit_id, periods.exempt_from
