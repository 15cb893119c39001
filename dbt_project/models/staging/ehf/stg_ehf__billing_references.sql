with rows_in_force as ({{ lake_rows("ehf_billing_reference") }})

select source_sha256, document_id, position, referenced_number, referenced_date
from rows_in_force
