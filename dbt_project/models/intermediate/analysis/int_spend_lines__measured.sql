{{ config(materialized="view") }}
{# What the definitions and the analyses need of each line: which part of spend it is, its VAT where
   the invoice or the ledger tells it, and the thing bought with quantity and unit of measure. The
   VAT of an invoice's line is its amount times its rate, rounded to the øre (numbers of 18 digits
   hold that of amounts under a million, in a tenth of the time). A posting's row number
   is the ledger's; it is left out before the join, since a condition on one side makes it slow. #}
{% set invoice_row = "case when line_kind not in ('posting', 'residual') then source_row end" %}
with
    inside as (select * from {{ ref("fct_spend_line") }}),

    outside as (
        select *
        from {{ ref("fct_outside_population_line") }}
        where
            population_reason
            in ('public_body', 'internal', 'internal_account', 'transfers', 'wages')
    ),

    vat_postings as (select * from {{ ref("int_vat_postings__documented") }}),

    invoice_lines as (select * from {{ ref("stg_ehf__lines") }}),

    outside_ordered as (
        select spend_line_id, order_id
        from {{ ref("int_spend_lines__enriched") }}
        where not is_in_population and order_id is not null
    ),

    categories as (select * from {{ ref("dim_category") }}),

    arts as (select * from {{ ref("int_arts__judged") }}),

    lines as (
        select
            spend_line_id,
            divided_line_id is not null as is_piece,
            document_id,
            document_number,
            {{ invoice_row }} as invoice_row,
            line_kind,
            year,
            supplier_id,
            unit_id,
            category_id,
            decisive_date,
            spend_source,
            kostra_art,
            amount_nok,
            order_id,
            cast(null as {{ text_type() }}) as population_reason
        from inside
        union all
        select
            outside.spend_line_id,
            false as is_piece,
            outside.document_id,
            outside.document_number,
            {{ invoice_row }} as invoice_row,
            outside.line_kind,
            outside.year,
            outside.supplier_id,
            outside.unit_id,
            outside.category_id,
            outside.decisive_date,
            outside.spend_source,
            outside.kostra_art,
            outside.amount_nok,
            outside_ordered.order_id,
            outside.population_reason
        from outside
        left join outside_ordered on outside_ordered.spend_line_id = outside.spend_line_id
    ),

    measured as (
        select
            lines.spend_line_id,
            lines.document_id,
            lines.document_number,
            lines.year,
            lines.supplier_id,
            lines.unit_id,
            lines.category_id,
            lines.decisive_date,
            case
                when lines.population_reason is not null
                then lines.population_reason
                when coalesce(arts.is_investment, false)
                then 'investment'
                else 'purchase'
            end as part,
            lines.population_reason is null
            and (
                coalesce(arts.is_excluded, false) or not coalesce(categories.is_addressable, true)
            ) as is_excluded,
            lines.amount_nok,
            case
                when
                    lines.spend_source = 'invoice'
                    and invoice_lines.vat_percent > 0
                    and invoice_lines.vat_percent <= 100
                then
                    case
                        when abs(lines.amount_nok) < 1000000
                        then
                            cast(
                                lines.amount_nok
                                * cast(invoice_lines.vat_percent as decimal(11, 8))
                                * cast(0.01 as decimal(2, 2)) as decimal(18, 2)
                            )
                        else
                            {{
                                convert_rounded(
                                    "lines.amount_nok",
                                    whole(
                                        "cast(invoice_lines.vat_percent as decimal(30, 8)) * 100000000"
                                    ),
                                    "10000000000",
                                )
                            }}
                    end
                else 0
            end as vat_nok,
            -- A spread line's pieces share its quantity, so they have none.
            case
                when lines.line_kind = 'line' and not lines.is_piece
                then
                    coalesce(
                        invoice_lines.sellers_item_id,
                        invoice_lines.standard_item_id,
                        lower(trim(invoice_lines.item_name))
                    )
            end as item_key,
            lines.order_id,
            invoice_lines.unit_code,
            case when not lines.is_piece then invoice_lines.quantity end as quantity
        from lines
        left join
            invoice_lines
            on invoice_lines.document_id = lines.document_id
            and invoice_lines.source_row = lines.invoice_row
        left join categories on categories.category_id = lines.category_id
        left join arts on arts.year = lines.year and arts.kostra_art = lines.kostra_art
    )

select
    spend_line_id,
    document_id,
    document_number,
    cast(year as integer) as year,
    supplier_id,
    unit_id,
    category_id,
    decisive_date,
    case when is_excluded then part || '_excluded' else part end as component,
    amount_nok,
    cast(vat_nok as decimal(18, 2)) as vat_nok,
    false as is_vat_posting,
    order_id,
    item_key,
    unit_code,
    quantity
from measured
union all
select
    spend_line_id,
    document_id,
    cast(null as {{ text_type() }}) as document_number,
    cast(year as integer) as year,
    supplier_id,
    unit_id,
    category_id,
    decisive_date,
    component,
    cast(0 as decimal(18, 2)) as amount_nok,
    vat_nok,
    true as is_vat_posting,
    cast(null as {{ text_type() }}) as order_id,
    cast(null as {{ text_type() }}) as item_key,
    cast(null as {{ text_type() }}) as unit_code,
    null as quantity
from vat_postings
