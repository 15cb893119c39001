with rows_in_force as ({{ register_rows("reg_course") }})

select source_sha256, source_row, course_date, title, audience, participant_count, duration_hours
from rows_in_force
