with
    parts as (
        select sku_id, valid_from, valid_to, {{ explode_text("requires", ";") }} as text
        from {{ ref("int_licence_terms") }}
        where requires is not null
    )

select distinct parts.sku_id, parts.valid_from, parts.valid_to, names.sku_id as required_sku_id
from parts
inner join {{ ref("int_sku_names") }} as names on names.name_key = {{ sku_name_key("parts.text") }}
