-- The lines whose seller's item number means a category by the register on the decisive date: the
-- supplier's own rule before one for all, a whole number before a beginning, a longer beginning
-- before a shorter.
with
    registered as (
        select account_categories.*, {{ normalise_reference("code") }} as item_key
        from {{ ref("stg_registers__account_categories") }} as account_categories
        inner join
            {{ ref("dim_category") }} as categories
            on categories.category_id = account_categories.category_id
            and categories.category_id <> 'unknown'
        where account_categories.code_type = 'item'
    ),

    key_lengths as (select distinct match_type, length(item_key) as key_length from registered),

    lines as (
        select lines.document_id, lines.source_row, documents.supplier_id, lines.sellers_item_id
        from {{ ref("stg_ehf__lines") }} as lines
        inner join
            {{ ref("int_documents__identified") }} as documents
            on documents.document_id = lines.document_id
        where
            lines.sellers_item_id is not null
            and exists (select 1 from registered where registered.item_key is not null)
    ),

    dated as (select * from {{ ref("int_lines__referenced") }}),

    keyed as (
        select sellers_item_id, {{ normalise_reference("sellers_item_id") }} as item_key
        from (select distinct sellers_item_id from lines) as items
    ),

    fitting as (
        select
            keyed.sellers_item_id,
            registered.category_id,
            registered.orgnr,
            registered.match_type,
            length(registered.item_key) as key_length,
            registered.source_row as rule_row,
            registered.valid_from,
            registered.valid_to
        from keyed
        inner join key_lengths on key_lengths.key_length <= length(keyed.item_key)
        inner join
            registered
            on registered.match_type = key_lengths.match_type
            and length(registered.item_key) = key_lengths.key_length
            and registered.item_key = substr(keyed.item_key, 1, key_lengths.key_length)
        where registered.match_type = 'prefix' or registered.item_key = keyed.item_key
    ),

    ranked as (
        select
            lines.document_id,
            lines.source_row,
            fitting.category_id,
            row_number() over (
                partition by lines.document_id, lines.source_row
                order by
                    case when fitting.orgnr is null then 1 else 0 end,
                    case fitting.match_type when 'exact' then 0 else 1 end,
                    fitting.key_length desc,
                    fitting.rule_row nulls last,
                    fitting.category_id
            ) as place
        from lines
        inner join fitting on fitting.sellers_item_id = lines.sellers_item_id
        inner join
            dated on dated.document_id = lines.document_id and dated.source_row = lines.source_row
        where
            (fitting.orgnr is null or 'NO' || fitting.orgnr = lines.supplier_id)
            and fitting.valid_from <= dated.decisive_date
            and dated.decisive_date < fitting.valid_to
    )

select document_id, source_row, category_id
from ranked
where place = 1
