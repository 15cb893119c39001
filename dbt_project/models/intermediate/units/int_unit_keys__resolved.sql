{% set signs = [
    ("buyer_reference", "buyer_reference"),
    ("contact_id", "contact"),
    ("contact_name", "contact"),
    ("gln_delivery", "gln"),
    ("gln_party", "gln"),
    ("gln_endpoint", "gln"),
    ("endpoint", "endpoint"),
    ("orgnr", "orgnr"),
    ("only_unit_of_orgnr", "only_unit_of_orgnr"),
] %}

with
    lines as (select * from {{ ref("int_lines__unit_keyed") }}),

    documents as (select * from {{ ref("int_documents__keyed") }}),

    matched as (select * from {{ ref("int_unit_signs__matched") }}),

    keys as (select distinct document_key, order_sign, cost_sign, decisive_date from lines),

    document_signs as (
        {% for column, kind in signs %}
            select document_key, '{{ kind }}' as identifier_type, {{ column }} as sign_value
            from documents
            where {{ column }} <> ''
            {% if not loop.last %}
                union
            {% endif %}
        {% endfor %}
    ),

    key_signs as (
        select keys.*, 'order_number' as identifier_type, keys.order_sign as sign_value
        from keys
        where keys.order_sign <> ''
        union all
        select keys.*, 'accounting_cost' as identifier_type, keys.cost_sign as sign_value
        from keys
        where keys.cost_sign <> ''
        union all
        select keys.*, document_signs.identifier_type, document_signs.sign_value
        from keys
        inner join document_signs on document_signs.document_key = keys.document_key
    ),

    candidates as (
        select
            key_signs.document_key,
            key_signs.order_sign,
            key_signs.cost_sign,
            key_signs.decisive_date,
            matched.identifier_type,
            matched.unit_id,
            matched.match_type,
            matched.prefix_length,
            dense_rank() over (
                partition by
                    key_signs.document_key,
                    key_signs.order_sign,
                    key_signs.cost_sign,
                    key_signs.decisive_date
                order by matched.priority nulls last, matched.type_order nulls last
            ) as rung
        from key_signs
        inner join
            matched
            on matched.identifier_type = key_signs.identifier_type
            and matched.sign_value = key_signs.sign_value
            and matched.valid_from <= key_signs.decisive_date
            and key_signs.decisive_date < matched.valid_to
    ),

    -- On the winning rung a whole value goes before a part of one, a longer beginning before a
    -- shorter.
    narrowed as (
        select
            candidates.*,
            max(case when match_type = 'exact' then 1 else 0 end) over (
                partition by document_key, order_sign, cost_sign, decisive_date
            ) as has_exact,
            max(prefix_length) over (
                partition by document_key, order_sign, cost_sign, decisive_date
            ) as longest_prefix
        from candidates
        where rung = 1
    ),

    winners as (
        select
            document_key,
            order_sign,
            cost_sign,
            decisive_date,
            min(identifier_type) as identifier_type,
            min(unit_id) as unit_id,
            count(distinct unit_id) as unit_count
        from narrowed
        where
            match_type = 'exact'
            or (has_exact = 0 and (match_type = 'range' or prefix_length = longest_prefix))
        group by document_key, order_sign, cost_sign, decisive_date
    )

select
    keys.document_key,
    keys.order_sign,
    keys.cost_sign,
    keys.decisive_date,
    case when winners.unit_count = 1 then winners.unit_id else 'unknown' end as unit_id,
    case
        when winners.unit_count = 1
        then winners.identifier_type
        when winners.unit_count > 1
        then 'conflict'
        else 'none'
    end as unit_evidence
from keys
left join
    winners
    on winners.document_key = keys.document_key
    and winners.order_sign = keys.order_sign
    and winners.cost_sign = keys.cost_sign
    and winners.decisive_date = keys.decisive_date
