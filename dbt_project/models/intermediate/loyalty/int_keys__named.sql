-- The agreements that a key's references name.
select keys.key_id, registered.agreement_id
from {{ ref("int_keys__distinct") }} as keys
inner join
    {{ ref("int_agreement_references") }} as registered
    on registered.reference_normalised = keys.contract_named
union
select keys.key_id, registered.agreement_id
from {{ ref("int_keys__distinct") }} as keys
inner join
    {{ ref("int_agreement_references") }} as registered
    on registered.reference_normalised = keys.order_named
union
select keys.key_id, registered.agreement_id
from {{ ref("int_keys__distinct") }} as keys
inner join
    {{ ref("int_agreement_references") }} as registered
    on registered.reference_normalised = keys.order_contract_named
