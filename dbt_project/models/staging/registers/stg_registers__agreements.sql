with rows_in_force as ({{ register_rows("reg_agreement") }})

select
    source_sha256,
    source_row,
    agreement_id,
    title,
    is_binding,
    own_production_allowed,
    lead_buyer,
    valid_from,
    end_date,
    agreement_manager,
    ceiling_nok,
    notice_months,
    lead_time_months,
    contract_references
from rows_in_force
