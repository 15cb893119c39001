with rows_in_force as ({{ lake_rows("saft_header") }})

select source_sha256, company_orgnr, company_name, created_date, currency
from rows_in_force
