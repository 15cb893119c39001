with rows_in_force as ({{ lake_rows("peppol_catalogue_line_classification") }})

select source_sha256, source_row, document_id, position, list_id, code
from rows_in_force
