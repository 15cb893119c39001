{% set document_signs = [
    ("buyer_reference", "buyer_reference"),
    ("contact_id", "contact"),
    ("contact_name", "contact"),
    ("gln_delivery", "gln"),
    ("gln_party", "gln"),
    ("gln_endpoint", "gln"),
    ("endpoint", "endpoint"),
    ("orgnr", "orgnr"),
] %}

with
    documents as (select * from {{ ref("int_documents__referenced") }}),

    lines as (select * from {{ ref("int_lines__referenced") }}),

    identifiers as (select * from {{ ref("int_unit_identifiers__dated") }}),

    postings as (select * from {{ ref("int_postings__signed") }}),

    order_signs as (
        select * from {{ ref("int_orders__signed") }} where identifier_type <> 'only_unit_of_orgnr'
    ),

    single_orgnrs as (select * from {{ ref("int_unit_orgnrs__single") }}),

    -- Every sign once, and only of kinds that the register knows.
    signs as (
        select 'order_number' as identifier_type, order_number as value
        from lines
        where order_number is not null
        union
        select 'accounting_cost', accounting_cost
        from lines
        where accounting_cost is not null
        {% for column, kind in document_signs %}
            union
            select '{{ kind }}', {{ column }}
            from documents
            where {{ column }} is not null
        {% endfor %}
        union
        select 'ledger_dimension', sign_value
        from postings
        union
        select identifier_type, sign_value
        from order_signs
    ),

    prefix_lengths as (
        select distinct identifier_type, length(value) as prefix_length
        from identifiers
        where match_type = 'prefix'
    ),

    beginnings as (
        select
            signs.identifier_type,
            signs.value,
            substr(signs.value, 1, prefix_lengths.prefix_length) as beginning
        from signs
        inner join
            prefix_lengths
            on prefix_lengths.identifier_type = signs.identifier_type
            and prefix_lengths.prefix_length <= length(signs.value)
    ),

    matched as (
        select signs.value as sign_value, identifiers.*
        from signs
        inner join
            identifiers
            on identifiers.identifier_type = signs.identifier_type
            and identifiers.value = signs.value
            and identifiers.match_type = 'exact'
        union all
        select beginnings.value as sign_value, identifiers.*
        from beginnings
        inner join
            identifiers
            on identifiers.identifier_type = beginnings.identifier_type
            and identifiers.value = beginnings.beginning
            and identifiers.match_type = 'prefix'
        union all
        select signs.value as sign_value, identifiers.*
        from signs
        inner join
            identifiers
            on identifiers.identifier_type = signs.identifier_type
            and {{ is_in_range("signs.value", "identifiers.value", "identifiers.value_to") }}
            and identifiers.match_type = 'range'
    )

select distinct
    identifier_type,
    sign_value,
    unit_id,
    priority,
    case
        identifier_type
        when 'order_number'
        then 1
        when 'buyer_reference'
        then 2
        when 'accounting_cost'
        then 3
        when 'contact'
        then 4
        when 'gln'
        then 5
        when 'endpoint'
        then 6
        else 7
    end as type_order,
    match_type,
    case when match_type = 'prefix' then length(value) else 0 end as prefix_length,
    valid_from,
    valid_to
from matched
union all
-- The lowest rung: the buyer's orgnr belongs to one unit only.
select
    'only_unit_of_orgnr' as identifier_type,
    orgnr as sign_value,
    unit_id,
    cast({{ lowest_priority() }} as bigint) as priority,
    8 as type_order,
    'exact' as match_type,
    0 as prefix_length,
    valid_from,
    valid_to
from single_orgnrs
