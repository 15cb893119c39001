select
    method,
    status,
    category_count,
    labelled_key_count,
    training_key_count,
    test_key_count,
    correct_key_count,
    test_nok,
    correct_nok,
    mean_confidence,
    min_confidence,
    accepted_key_count,
    accepted_correct_key_count,
    accepted_nok,
    accepted_correct_nok,
    is_best_single_rule
from {{ source("derived", "category_model") }}
