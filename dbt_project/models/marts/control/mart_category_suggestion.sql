-- What a person could place, the largest first: the lines that no rung above the learned one knows,
-- after credits and freight have followed what they belong to.
with
    unplaced as (
        select *
        from {{ ref("fct_spend_line") }}
        where category_id = 'unknown' or category_evidence = 'learned'
    ),

    lines as (select * from {{ ref("int_lines__higher_rungs") }}),

    suggestions as (select * from {{ ref("stg_derived__category_suggestions") }}),

    categories as (select * from {{ ref("dim_category") }}),

    named as (
        select
            unplaced.spend_line_id,
            unplaced.amount_nok,
            {{ normalise_text("lines.item_name") }} as item_text,
            lines.supplier_id,
            nullif(trim(lines.account), '') as account,
            nullif(trim(lines.kostra_art), '') as kostra_art
        from unplaced
        inner join lines on lines.spend_line_id = {{ source_line_id("unplaced") }}
    ),

    -- The largest line of a key stands as its example.
    ranked as (
        select
            named.*,
            row_number() over (
                partition by item_text, supplier_id, account
                order by abs(amount_nok) desc nulls last, spend_line_id
            ) as place
        from named
    ),

    summed as (
        select
            {{ category_key("item_text", "supplier_id", "account") }} as category_key,
            item_text,
            supplier_id,
            account,
            min(kostra_art) as kostra_art,
            sum(amount_nok) as spend_nok,
            count(*) as line_count,
            min(case when place = 1 then spend_line_id end) as example_line_id
        from ranked
        group by item_text, supplier_id, account
    )

select
    summed.category_key,
    cast(
        row_number() over (order by summed.spend_nok desc nulls last, summed.category_key) as bigint
    ) as spend_rank,
    summed.item_text,
    summed.supplier_id,
    summed.account,
    summed.kostra_art,
    cast(summed.spend_nok as decimal(18, 2)) as spend_nok,
    cast(summed.line_count as bigint) as line_count,
    summed.example_line_id,
    categories.category_id as suggested_category_id,
    categories.name as suggested_category_name,
    case when categories.category_id is not null then suggestions.confidence end as confidence,
    coalesce(suggestions.is_accepted and categories.category_id is not null, false) as is_accepted
from summed
left join suggestions on suggestions.category_key = summed.category_key
left join categories on categories.category_id = suggestions.category_id
