with definitions as (select * from {{ ref("spend_definition") }})

select
    definition_id,
    name_nb,
    description_nb,
    population_nb,
    vat_treatment,
    includes_public_and_internal,
    merges_suppliers,
    active_rule,
    minimum_nok,
    is_default
from definitions
