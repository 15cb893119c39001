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
    coalesce(end_date, {{ open_end() }}) as end_date,
    agreement_manager,
    ceiling_nok,
    notice_months,
    notice_days,
    lead_time_months,
    competition_started_date,
    stated_party_count,
    party_forms,
    is_ehandel_suitable,
    ehandel_activated_date,
    contract_references
from rows_in_force
