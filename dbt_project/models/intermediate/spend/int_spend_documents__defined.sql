{# One row per definition, supplier as the definition counts it, and document. #}
with
    definitions as (select * from {{ ref("dim_spend_definition") }}),

    documents as (select * from {{ ref("int_documents__converted") }}),

    inside as (select * from {{ ref("fct_spend_line") }}),

    outside as (select * from {{ ref("fct_outside_population_line") }}),

    sums as (
        select document_id, year, false as is_outside, sum(amount_nok) as amount_nok
        from inside
        group by document_id, year
        union all
        select document_id, year, true as is_outside, sum(amount_nok) as amount_nok
        from outside
        group by document_id, year
    )

select
    definitions.definition_id,
    sums.year,
    case
        when definitions.merges_suppliers then documents.supplier_id else documents.supplier_name_id
    end as supplier_id,
    documents.document_id,
    documents.document_kind,
    cast(sums.amount_nok as decimal(18, 2)) as amount_nok
from sums
inner join documents on documents.document_id = sums.document_id
inner join definitions on definitions.includes_public_and_internal or not sums.is_outside
