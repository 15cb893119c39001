-- The periods in which a binding lot has unit, supplier and category together, and how far before
-- and after them a purchase is one outside the period (A01, D01; row 6 of the classes).
with
    periods as (
        select distinct
            unit_suppliers.agreement_id,
            unit_suppliers.lot,
            unit_suppliers.unit_id,
            unit_suppliers.supplier_id,
            unit_suppliers.supplier_rank,
            scope.category_id,
            greatest(unit_suppliers.valid_from, scope.valid_from) as valid_from,
            least(unit_suppliers.valid_to, scope.valid_to) as valid_to
        from {{ ref("int_lots__unit_suppliers") }} as unit_suppliers
        inner join
            {{ ref("bridge_agreement_category") }} as scope
            on scope.agreement_id = unit_suppliers.agreement_id
            and scope.lot = unit_suppliers.lot
            and scope.valid_from < unit_suppliers.valid_to
            and scope.valid_to > unit_suppliers.valid_from
    )

select
    periods.agreement_id,
    periods.lot,
    periods.unit_id,
    periods.supplier_id,
    periods.supplier_rank,
    periods.category_id,
    periods.valid_from,
    periods.valid_to,
    case
        when periods.valid_from > {{ first_day() }}
        then {{ add_months("periods.valid_from", "-settings.outside_period_months") }}
        else periods.valid_from
    end as near_from,
    case
        when periods.valid_to < {{ open_end() }}
        then {{ add_months("periods.valid_to", "settings.outside_period_months") }}
        else periods.valid_to
    end as near_to
from periods
cross join {{ ref("stg_inputs__run_context") }} as settings
