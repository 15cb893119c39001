with
    rows_in_force as ({{ register_rows("reg_category_answer") }}),

    normalised as (
        select
            source_sha256,
            source_row,
            trim(supplier_id) as supplier_id,
            {{ normalise_text("item_text") }} as item_text,
            nullif(trim(account), '') as account,
            trim(category_id) as category_id,
            answered_date
        from rows_in_force
    ),

    -- Two spellings of one question: the later answer counts, then the later row.
    ranked as (
        select
            normalised.*,
            row_number() over (
                partition by supplier_id, item_text, account
                order by answered_date desc nulls last, source_row desc nulls last
            ) as place
        from normalised
    )

select
    source_sha256,
    source_row,
    {{ category_key("item_text", "supplier_id", "account") }} as category_key,
    supplier_id,
    item_text,
    account,
    category_id,
    answered_date
from ranked
where place = 1
