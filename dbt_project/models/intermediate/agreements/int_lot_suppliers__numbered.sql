-- Every organisation number that the registers place on a lot, successors included.
select distinct orgnr, name
from {{ ref("stg_registers__lot_suppliers") }}
union
select distinct successor_orgnr as orgnr, cast(null as {{ text_type() }}) as name
from {{ ref("stg_registers__supplier_successions") }}
