with rows_in_force as ({{ lake_rows("code_list_entry") }})

select source_sha256, source_row, edition, code, name, valid_from, valid_to
from rows_in_force
where list_name = 'kostra_art'
