with rows_in_force as ({{ lake_rows("saft_analysis_code") }})

select source_sha256, source_row, analysis_type, analysis_type_description
from rows_in_force
