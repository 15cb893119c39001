with rows_in_force as ({{ lake_rows("saft_journal_line") }})

select
    source_sha256,
    source_row,
    journal_id,
    transaction_row,
    transaction_id,
    period,
    period_year,
    transaction_date,
    posting_date,
    transaction_supplier_id,
    account_id,
    amount,
    debit_amount,
    source_document_id,
    reference_number,
    supplier_id
from rows_in_force
