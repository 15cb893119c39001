-- What an item cost in a quarter: all that was paid over all that was bought. Only where the
-- seller numbers the item and says the unit of measure, and neither amount nor quantity is negative
-- or nothing. The contracted price is that of the quarter's last line that a price list knows.
with
    lines as (
        select *
        from {{ ref("int_spend_lines__enriched") }}
        where
            is_in_population and line_kind = 'line' and document_kind = 'invoice' and amount_nok > 0
    ),

    listed as (select * from {{ ref("int_lines__price_listed") }}),

    measured as (
        select
            lines.supplier_id,
            upper(
                trim(coalesce(invoice_lines.sellers_item_id, invoice_lines.standard_item_id))
            ) as item_id,
            upper(trim(invoice_lines.unit_code)) as unit_code,
            lines.currency,
            cast(date_trunc('quarter', lines.issue_date) as date) as quarter_start,
            invoice_lines.item_name,
            invoice_lines.quantity,
            lines.amount_nok,
            lines.issue_date,
            lines.spend_line_id,
            listed.price_list_agreement_id,
            case
                when upper(trim(listed.price_list_unit_code)) = upper(trim(invoice_lines.unit_code))
                then
                    {{
                        price_per_unit(
                            "listed.price_list_price_nok", "listed.price_list_base_quantity"
                        )
                    }}
            end as contracted_price_nok
        from lines
        inner join
            {{ ref("stg_ehf__lines") }} as invoice_lines
            on invoice_lines.document_id = lines.document_id
            and invoice_lines.source_row = lines.source_row
        left join
            listed
            on listed.document_id = lines.document_id
            and listed.source_row = lines.source_row
        where
            invoice_lines.quantity > 0
            and trim(invoice_lines.unit_code) <> ''
            and trim(coalesce(invoice_lines.sellers_item_id, invoice_lines.standard_item_id)) <> ''
    ),

    placed as (
        select
            measured.*,
            row_number() over (
                partition by supplier_id, item_id, unit_code, currency, quarter_start
                order by
                    case when contracted_price_nok is null then 1 else 0 end,
                    issue_date desc nulls last,
                    spend_line_id
            ) as place
        from measured
    )

select
    supplier_id,
    item_id,
    unit_code,
    currency,
    quarter_start,
    min(item_name) as item_name,
    count(*) as line_count,
    cast(sum(quantity) as decimal(28, 6)) as quantity,
    {{ nok("sum(amount_nok)") }} as spend_nok,
    max(case when place = 1 then contracted_price_nok end) as contracted_price_nok,
    max(
        case when place = 1 and contracted_price_nok is not null then price_list_agreement_id end
    ) as price_list_agreement_id
from placed
group by supplier_id, item_id, unit_code, currency, quarter_start
