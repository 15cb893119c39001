with
    categories as (select * from {{ ref("stg_registers__categories") }}),

    final as (
        select
            category_id,
            name,
            coalesce(faggruppe, 'Uten faggruppe') as faggruppe,
            coalesce(kind, 'goods_services') as kind,
            coalesce(is_addressable, true) as is_addressable
        from categories
        where category_id <> 'unknown'
        union all
        select 'unknown', 'Ukjent kategori', 'Ukjent', 'goods_services', true
    )

select category_id, name, faggruppe, kind, is_addressable
from final
