with models as (select * from {{ ref("stg_derived__category_models") }})

select
    method,
    status,
    case
        when status = 'too_few_keys'
        then
            'For få ulike linjer har en kjent kategori (innstillingen '
            || 'learned_category_min_keys), så ingenting er foreslått.'
        when status = 'one_category'
        then 'Alle linjer med kjent kategori har den samme, så det er ingenting å skille på.'
    end as reason,
    is_best_single_rule,
    category_count,
    labelled_key_count,
    training_key_count,
    test_key_count,
    correct_key_count,
    {{ share("correct_key_count", "test_key_count") }} as accuracy_share,
    cast(test_nok as decimal(18, 2)) as test_nok,
    cast(correct_nok as decimal(18, 2)) as correct_nok,
    {{ share("correct_nok", "test_nok") }} as accuracy_nok_share,
    mean_confidence,
    min_confidence,
    accepted_key_count,
    accepted_correct_key_count,
    cast(accepted_nok as decimal(18, 2)) as accepted_nok,
    cast(accepted_correct_nok as decimal(18, 2)) as accepted_correct_nok,
    {{ share("accepted_key_count", "test_key_count") }} as coverage_share,
    {{ share("accepted_nok", "test_nok") }} as coverage_nok_share,
    {{ share("accepted_correct_key_count", "accepted_key_count") }} as accepted_accuracy_share
from models
