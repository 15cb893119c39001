-- Pairs of lots that cover the same category for the same unit on the same days (C03), each pair
-- once: the smaller ID first.
select
    first_lots.agreement_id,
    first_lots.lot,
    other_lots.agreement_id as other_agreement_id,
    other_lots.lot as other_lot,
    first_lots.category_id,
    first_lots.unit_id,
    greatest(first_lots.valid_from, other_lots.valid_from) as valid_from,
    least(first_lots.valid_to, other_lots.valid_to) as valid_to
from {{ ref("int_lots__coverings") }} as first_lots
inner join
    {{ ref("int_lots__coverings") }} as other_lots
    on other_lots.unit_id = first_lots.unit_id
    and other_lots.category_id = first_lots.category_id
    and other_lots.valid_from < first_lots.valid_to
    and other_lots.valid_to > first_lots.valid_from
where
    first_lots.agreement_id < other_lots.agreement_id
    or (first_lots.agreement_id = other_lots.agreement_id and first_lots.lot < other_lots.lot)
