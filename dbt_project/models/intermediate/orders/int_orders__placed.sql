-- The unit of an order by its own signs on the day of the order: the rungs are those of an invoice,
-- then the dimensions in the order's export. Signs that point to several units give none.
with
    signs as (select * from {{ ref("int_orders__signed") }}),

    matched as (select * from {{ ref("int_unit_signs__matched") }}),

    candidates as (
        select
            signs.order_id,
            matched.identifier_type,
            matched.unit_id,
            matched.match_type,
            matched.prefix_length,
            dense_rank() over (
                partition by signs.order_id
                order by matched.priority nulls last, matched.type_order nulls last, signs.place
            ) as rung
        from signs
        inner join
            matched
            on matched.identifier_type = signs.identifier_type
            and matched.sign_value = signs.sign_value
            and matched.valid_from <= signs.order_date
            and signs.order_date < matched.valid_to
    ),

    narrowed as (
        select
            candidates.*,
            max(case when match_type = 'exact' then 1 else 0 end) over (
                partition by order_id
            ) as has_exact,
            max(prefix_length) over (partition by order_id) as longest_prefix
        from candidates
        where rung = 1
    )

select order_id, min(unit_id) as unit_id, min(identifier_type) as unit_sign
from narrowed
where
    match_type = 'exact'
    or (has_exact = 0 and (match_type = 'range' or prefix_length = longest_prefix))
group by order_id
having count(distinct unit_id) = 1
