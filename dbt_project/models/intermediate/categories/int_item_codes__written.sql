-- Every item code in the spelling of invoices, orders, catalogues and price lists, once.
select list_id, code
from {{ ref("stg_ehf__line_classifications") }}
where code is not null
union
select list_id, code
from {{ ref("stg_peppol__order_line_classifications") }}
where code is not null
union
select list_id, code
from {{ ref("stg_peppol__catalogue_line_classifications") }}
where code is not null
union
select item_list_id, item_class
from {{ ref("stg_tables__order_lines") }}
where item_class is not null
union
select item_list_id, item_class
from {{ ref("stg_tables__price_items") }}
where item_class is not null
