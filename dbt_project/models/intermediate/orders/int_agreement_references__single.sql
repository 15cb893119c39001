-- The references that name one agreement and no other.
select reference_normalised, min(agreement_id) as agreement_id
from {{ ref("int_agreement_references") }}
group by reference_normalised
having count(distinct agreement_id) = 1
