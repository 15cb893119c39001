with rows_in_force as ({{ lake_rows("peppol_catalogue") }})

select
    source_sha256,
    source_row,
    document_id,
    document_kind,
    document_number,
    version_id,
    name,
    action,
    issue_date,
    valid_from,
    valid_to,
    contract_reference,
    seller_endpoint_id,
    seller_endpoint_scheme,
    seller_party_id,
    seller_party_id_scheme,
    seller_legal_id,
    seller_legal_id_scheme,
    seller_vat_id,
    seller_orgnr,
    seller_name,
    seller_is_private_person
from rows_in_force
