select
    supplier_id_from,
    supplier_id_to,
    outcome,
    decided_by,
    reason,
    match_weight,
    match_probability,
    evidence,
    threshold
from {{ source("derived", "supplier_link") }}
