{{ config(materialized="view") }}

-- Every spend line with the category that the rungs above the learned one give it. A person's
-- answer
-- stands below the price list (the agreement itself says what that item is, from that supplier, on
-- that day) and above all that is inferred from codes, suppliers, accounts and words.
with
    lines as (select * from {{ ref("int_spend_lines__united") }}),

    answered as (select * from {{ ref("int_lines__answered") }}),

    text_ruled as (select * from {{ ref("int_lines__text_ruled") }})

select
    lines.spend_line_id,
    lines.supplier_id,
    lines.item_name,
    lines.account,
    lines.kostra_art,
    lines.amount_nok,
    lines.is_in_population,
    case
        when lines.category_evidence = 'price_list'
        then lines.category_id
        when answered.category_id is not null
        then answered.category_id
        when lines.category_id <> 'unknown'
        then lines.category_id
        else text_ruled.category_id
    end as category_id,
    case
        when lines.category_evidence = 'price_list'
        then 'price_list'
        when answered.category_id is not null
        then 'answer'
        when lines.category_id <> 'unknown'
        then lines.category_evidence
        when text_ruled.category_id is not null
        then 'text_rule'
        else 'none'
    end as category_evidence
from lines
left join answered on answered.spend_line_id = lines.spend_line_id
left join text_ruled on text_ruled.spend_line_id = lines.spend_line_id
