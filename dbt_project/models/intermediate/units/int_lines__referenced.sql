with
    lines as (select * from {{ ref("stg_ehf__lines") }}),

    documents as (select * from {{ ref("stg_ehf__documents") }}),

    document_references as (select * from {{ ref("int_documents__referenced") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    ordered as (select * from {{ ref("int_lines__ordered") }} where document_id is not null),

    -- The first date that is known (loyalty.md, "What a line is judged by"; A01, D01). An
    -- order that is loaded knows its date better than the invoice.
    dated as (
        select
            lines.document_id,
            lines.source_row,
            lines.order_reference,
            lines.accounting_cost,
            coalesce(
                ordered.order_date,
                documents.order_date,
                lines.delivery_date,
                documents.delivery_date,
                lines.period_start,
                documents.period_start,
                documents.issue_date
            ) as decisive_date,
            case
                when ordered.order_date is not null
                then 'matched_order_date'
                when documents.order_date is not null
                then 'order_date'
                when coalesce(lines.delivery_date, documents.delivery_date) is not null
                then 'delivery_date'
                when coalesce(lines.period_start, documents.period_start) is not null
                then 'period_start'
                else 'issue_date'
            end as decisive_date_evidence
        from lines
        inner join documents on documents.document_id = lines.document_id
        left join
            ordered
            on ordered.document_id = lines.document_id
            and ordered.source_row = lines.source_row
    )

select
    dated.document_id,
    dated.source_row,
    dated.decisive_date,
    dated.decisive_date_evidence,
    coalesce(
        {{ real_reference("dated.order_reference", "order_words.text_normalised") }},
        document_references.order_number
    ) as order_number,
    coalesce(
        {{ real_reference("dated.accounting_cost", "cost_words.text_normalised") }},
        document_references.accounting_cost
    ) as accounting_cost
from dated
inner join document_references on document_references.document_id = dated.document_id
left join
    placeholders as order_words on order_words.text_normalised = upper(trim(dated.order_reference))
left join
    placeholders as cost_words on cost_words.text_normalised = upper(trim(dated.accounting_cost))
