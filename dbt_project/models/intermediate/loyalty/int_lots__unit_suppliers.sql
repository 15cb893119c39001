-- Which suppliers a unit meets on a binding lot, whatever is bought (row 1 of the classes).
-- As registered: an exemption lets the unit off, it does not forbid it to use the agreement.
select distinct
    suppliers.agreement_id,
    suppliers.lot,
    units.unit_id,
    suppliers.supplier_id,
    suppliers.supplier_rank,
    greatest(suppliers.valid_from, units.valid_from) as valid_from,
    least(suppliers.valid_to, units.valid_to) as valid_to
from {{ ref("bridge_agreement_supplier") }} as suppliers
inner join
    {{ ref("dim_agreement") }} as agreements
    on agreements.agreement_id = suppliers.agreement_id
    and agreements.is_binding
inner join
    {{ ref("bridge_agreement_unit") }} as units
    on units.agreement_id = suppliers.agreement_id
    and units.lot = suppliers.lot
    and units.valid_from < suppliers.valid_to
    and units.valid_to > suppliers.valid_from
