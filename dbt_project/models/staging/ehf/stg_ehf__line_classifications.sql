with rows_in_force as ({{ lake_rows("ehf_line_classification") }})

select source_sha256, source_row, document_id, position, list_id, list_version, code
from rows_in_force
