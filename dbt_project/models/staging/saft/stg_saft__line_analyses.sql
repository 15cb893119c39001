with rows_in_force as ({{ lake_rows("saft_line_analysis") }})

select source_sha256, source_row, position, analysis_type, analysis_id
from rows_in_force
