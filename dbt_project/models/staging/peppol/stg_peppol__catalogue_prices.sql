with rows_in_force as ({{ lake_rows("peppol_catalogue_price") }})

select
    source_sha256,
    source_row,
    document_id,
    position,
    price_amount,
    currency,
    base_quantity,
    base_quantity_unit,
    minimum_quantity,
    coalesce(territory_city, territory_postal_zone, territory_region, territory_country)
    is not null as has_territory,
    valid_from,
    {{ half_open_to("valid_to") }} as valid_to
from rows_in_force
