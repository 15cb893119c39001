with
    placeholders as (select * from {{ ref("placeholder_reference") }}),

    final as (
        select
            {{ normalise_text("value") }} as text_normalised,
            {{ normalise_reference("value") }} as reference_normalised
        from placeholders
    )

select distinct text_normalised, reference_normalised
from final
