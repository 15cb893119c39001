-- The thresholds with half-open periods. A row without an amount says that no source gives one.
select
    threshold_type,
    kind,
    threshold_nok,
    {{ half_open_from("valid_from") }} as valid_from,
    {{ half_open_to("coalesce(valid_to, " ~ open_end() ~ ")") }} as valid_to,
    verified_from,
    verified_to,
    source,
    status
from {{ ref("threshold") }}
