with rows_in_force as ({{ lake_rows("ehf_tax_subtotal") }})

select
    source_sha256,
    document_id,
    position,
    taxable_amount,
    tax_amount,
    vat_category,
    vat_percent,
    exemption_reason
from rows_in_force
