-- Which price holds on which day. A list that was issued later goes before an earlier one on the
-- days that it speaks of; where it withdraws an item, or replaces the whole list, the earlier price
-- is over for good. Half-open dates.
with
    items as (select * from {{ ref("int_price_items") }}),

    classified as (select * from {{ ref("int_trade_lines__classified") }}),

    ended as (
        select
            items.*,
            min(case when is_end then valid_from end) over (
                partition by supplier_id, agreement_id, item_key_type, item_key
                order by issue_place
                range between 1 following and unbounded following
            ) as item_ended_from
        from items
    ),

    prices as (
        select
            ended.*,
            least(
                valid_to,
                coalesce(ended_from, {{ open_end() }}),
                coalesce(item_ended_from, {{ open_end() }})
            ) as last_to
        from ended
        where not is_end
    ),

    boundaries as (
        select supplier_id, agreement_id, item_key_type, item_key, valid_from as boundary
        from prices
        where valid_from < last_to
        union
        select supplier_id, agreement_id, item_key_type, item_key, last_to
        from prices
        where valid_from < last_to
    ),

    segments as (
        select
            boundaries.*,
            lead(boundary) over (
                partition by supplier_id, agreement_id, item_key_type, item_key order by boundary
            ) as next_boundary
        from boundaries
    ),

    ranked as (
        select
            prices.*,
            segments.boundary as segment_from,
            segments.next_boundary as segment_to,
            row_number() over (
                partition by
                    prices.supplier_id,
                    prices.agreement_id,
                    prices.item_key_type,
                    prices.item_key,
                    segments.boundary
                order by
                    prices.issue_place desc,
                    prices.valid_from desc,
                    prices.price_place,
                    prices.source_sha256,
                    prices.source_row
            ) as place
        from segments
        inner join
            prices
            on prices.supplier_id = segments.supplier_id
            and prices.agreement_id = segments.agreement_id
            and prices.item_key_type = segments.item_key_type
            and prices.item_key = segments.item_key
            and prices.valid_from <= segments.boundary
            and segments.boundary < prices.last_to
    )

select
    ranked.supplier_id,
    ranked.agreement_id,
    ranked.item_key_type,
    ranked.item_key,
    ranked.segment_from as valid_from,
    ranked.segment_to as valid_to,
    ranked.item_name,
    ranked.price_amount,
    coalesce(upper(trim(ranked.currency)), 'NOK') as currency,
    case
        when coalesce(upper(trim(ranked.currency)), 'NOK') = 'NOK' then ranked.price_amount
    end as price_nok,
    case
        when coalesce(upper(trim(ranked.currency)), 'NOK') = 'NOK' then ranked.list_price
    end as list_price_nok,
    cast(
        case when ranked.base_quantity > 0 then ranked.base_quantity else 1 end as decimal(18, 6)
    ) as base_quantity,
    ranked.unit_code,
    classified.category_id,
    ranked.source_sha256,
    ranked.source_row
from ranked
left join
    classified
    on classified.source_sha256 = ranked.source_sha256
    and classified.source_row = ranked.source_row
where ranked.place = 1
