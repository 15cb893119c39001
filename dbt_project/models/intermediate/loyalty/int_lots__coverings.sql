-- When a lot covers a unit and a category: in scope, for the unit, in its period, not exempt.
select distinct
    unit_periods.agreement_id,
    unit_periods.lot,
    unit_periods.is_binding,
    unit_periods.unit_id,
    scope.category_id,
    greatest(unit_periods.valid_from, scope.valid_from) as valid_from,
    least(unit_periods.valid_to, scope.valid_to) as valid_to
from {{ ref("int_lots__unit_periods") }} as unit_periods
inner join
    {{ ref("bridge_agreement_category") }} as scope
    on scope.agreement_id = unit_periods.agreement_id
    and scope.lot = unit_periods.lot
    and scope.valid_from < unit_periods.valid_to
    and scope.valid_to > unit_periods.valid_from
