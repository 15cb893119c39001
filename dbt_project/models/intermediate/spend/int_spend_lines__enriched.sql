-- The category's last rungs: a person's answer and the text rules come from
-- int_lines__higher_rungs,
-- what the model suggests counts only where it is accepted.
with
    lines as (select * from {{ ref("int_spend_lines__united") }}),

    rungs as (select * from {{ ref("int_lines__higher_rungs") }}),

    suggestions as (
        select suggested.category_key, suggested.category_id
        from {{ ref("stg_derived__category_suggestions") }} as suggested
        inner join
            {{ ref("dim_category") }} as categories
            on categories.category_id = suggested.category_id
        where suggested.is_accepted
    ),

    undetermined as (
        select
            spend_line_id,
            {{ normalise_text("item_name") }} as item_text,
            supplier_id,
            nullif(trim(account), '') as account
        from rungs
        where category_id is null and exists (select 1 from suggestions)
    ),

    learned as (
        select undetermined.spend_line_id, suggestions.category_id
        from undetermined
        inner join
            suggestions
            on suggestions.category_key = {{ category_key("item_text", "supplier_id", "account") }}
    )

select
    lines.spend_line_id,
    lines.source_sha256,
    lines.source_row,
    lines.document_id,
    lines.document_number,
    lines.document_kind,
    lines.line_kind,
    lines.issue_date,
    lines.posting_date,
    lines.decisive_date,
    lines.decisive_date_evidence,
    lines.year,
    lines.supplier_id,
    lines.unit_id,
    lines.unit_evidence,
    coalesce(rungs.category_id, learned.category_id, 'unknown') as category_id,
    case
        when rungs.category_id is null and learned.category_id is not null
        then 'learned'
        else rungs.category_evidence
    end as category_evidence,
    lines.contract_reference,
    lines.order_reference,
    lines.order_id,
    lines.order_line_id,
    lines.order_date,
    lines.order_contract_reference,
    lines.order_agreement_id,
    lines.price_list_agreement_id,
    lines.price_list_price_nok,
    lines.item_key,
    lines.item_name,
    lines.channel,
    lines.currency,
    lines.amount,
    lines.amount_nok,
    lines.is_in_population,
    lines.population_reason,
    lines.spend_source,
    lines.entity_id,
    lines.account,
    lines.kostra_art
from lines
inner join rungs on rungs.spend_line_id = lines.spend_line_id
left join learned on learned.spend_line_id = lines.spend_line_id
