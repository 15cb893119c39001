select
    as_of_date,
    cast(outside_period_months as integer) as outside_period_months,
    cast(weak_classified_share as double) as weak_classified_share,
    cast(weak_min_lines as integer) as weak_min_lines,
    cast(weak_min_nok as decimal(18, 2)) as weak_min_nok,
    cast(exchange_rate_max_age_days as integer) as exchange_rate_max_age_days,
    municipality_name,
    nullif(trim(municipality_orgnr), '') as municipality_orgnr,
    build_key
from {{ source("inputs", "run_context") }}
