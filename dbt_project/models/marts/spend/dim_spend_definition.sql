with definitions as (select * from {{ ref("spend_definition") }})

select
    definition_id,
    name_nb,
    description_nb,
    population_nb,
    choice,
    vat_treatment,
    includes_public_bodies and includes_internal_sellers as includes_public_and_internal,
    includes_investments,
    includes_public_bodies,
    includes_internal_sellers,
    includes_internal_account,
    includes_transfers,
    includes_wages,
    is_addressable_only,
    merges_suppliers,
    active_rule,
    minimum_nok,
    trim_share,
    is_default
from definitions
