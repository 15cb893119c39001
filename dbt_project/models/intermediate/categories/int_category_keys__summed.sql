{{ config(tags=["learned_input"]) }}

-- What the learned model reads: some hundred thousand rows where the lines are millions.
with
    lines as (select * from {{ ref("int_lines__higher_rungs") }} where is_in_population),

    keyed as (
        select
            {{ normalise_text("item_name") }} as item_text,
            supplier_id,
            nullif(trim(account), '') as account,
            nullif(trim(kostra_art), '') as kostra_art,
            case when category_id <> 'unknown' then category_id end as category_id,
            amount_nok
        from lines
    ),

    summed as (
        select
            item_text,
            supplier_id,
            account,
            category_id,
            min(kostra_art) as kostra_art,
            count(*) as line_count,
            sum(amount_nok) as amount_nok
        from keyed
        group by item_text, supplier_id, account, category_id
    )

select
    {{ category_key("item_text", "supplier_id", "account") }} as category_key,
    item_text,
    supplier_id,
    account,
    kostra_art,
    category_id,
    cast(line_count as bigint) as line_count,
    cast(amount_nok as decimal(18, 2)) as amount_nok
from summed
