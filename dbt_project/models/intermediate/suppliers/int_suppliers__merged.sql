-- The one place that says which entries are one supplier.
with
    suppliers as (select distinct supplier_id from {{ ref("int_suppliers__to_link") }}),

    links as (select * from {{ ref("stg_derived__supplier_links") }} where outcome = 'merged')

select
    suppliers.supplier_id as stated_supplier_id,
    coalesce(links.supplier_id_to, suppliers.supplier_id) as supplier_id,
    links.supplier_id_from is not null as is_merged
from suppliers
left join links on links.supplier_id_from = suppliers.supplier_id
