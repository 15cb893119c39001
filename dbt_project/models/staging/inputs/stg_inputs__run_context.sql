select
    as_of_date,
    cast(outside_period_months as integer) as outside_period_months,
    cast(weak_classified_share as double) as weak_classified_share,
    cast(weak_min_lines as integer) as weak_min_lines,
    cast(weak_min_nok as decimal(18, 2)) as weak_min_nok,
    cast(exchange_rate_max_age_days as integer) as exchange_rate_max_age_days,
    cast(licence_activity_days as integer) as licence_activity_days,
    licence_rules_from,
    licence_charge_basis,
    cast(licence_addon_share_review as double) as licence_addon_share_review,
    cast(licence_horizon_months as integer) as licence_horizon_months,
    cast(licence_max_changes as integer) as licence_max_changes,
    municipality_name,
    nullif(trim(municipality_orgnr), '') as municipality_orgnr,
    build_key
from {{ source("inputs", "run_context") }}
