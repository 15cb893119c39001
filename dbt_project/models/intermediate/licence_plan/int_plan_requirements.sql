{{ config(tags=["derived_input"]) }}

select distinct requirements.sku_id, requirements.required_sku_id
from {{ ref("int_licence_requirements") }} as requirements
inner join
    {{ ref("int_licence_snapshots") }} as snapshots
    on snapshots.as_of_date >= requirements.valid_from
    and snapshots.as_of_date < requirements.valid_to
where snapshots.is_latest and requirements.required_sku_id <> requirements.sku_id
