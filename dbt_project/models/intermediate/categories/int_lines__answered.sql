-- What a person has answered for lines with this text, supplier and account (samkjop categories
-- import). The supplier is compared first, so that keys are made for few lines.
with
    answers as (
        select answered.category_key, answered.supplier_id, answered.category_id
        from {{ ref("stg_registers__category_answers") }} as answered
        inner join
            {{ ref("dim_category") }} as categories
            on categories.category_id = answered.category_id
            and categories.category_id <> 'unknown'
    ),

    lines as (
        select
            spend_line_id,
            {{ normalise_text("item_name") }} as item_text,
            supplier_id,
            nullif(trim(account), '') as account
        from {{ ref("int_spend_lines__united") }}
        where supplier_id in (select supplier_id from answers)
    ),

    keyed as (
        select
            spend_line_id, {{ category_key("item_text", "supplier_id", "account") }} as category_key
        from lines
    )

select keyed.spend_line_id, answers.category_id
from keyed
inner join answers on answers.category_key = keyed.category_key
