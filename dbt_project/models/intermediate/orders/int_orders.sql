-- Every order once. One that the e-handel system both sent as Peppol and has in its export is the
-- Peppol order; the export may say more about agreement and unit.
with
    peppol_orders as (select * from {{ ref("int_peppol_orders__changed") }}),

    lines as (select * from {{ ref("int_table_orders__lines") }}),

    channels as (select * from {{ ref("order_channel") }}),

    agreements as (select * from {{ ref("int_agreement_references__single") }}),

    merged as (select * from {{ ref("int_suppliers__merged") }}),

    table_orders as (
        select
            lines.order_id,
            lines.source_sha256,
            lines.order_key,
            lines.supplier_id,
            min(lines.source_row) as source_row,
            min(lines.order_number) as order_number,
            min(lines.entity_orgnr) as buyer_orgnr,
            min(lines.order_date) as order_date,
            case
                when count(distinct lines.contract_reference) = 1 then min(lines.contract_reference)
            end as contract_reference,
            min(lines.currency) as currency,
            min(case when coalesce(channels.is_ehandel, true) then 1 else 0 end) = 1 as is_ehandel
        from lines
        left join
            channels
            on channels.channel = lower(trim(lines.channel))
            and channels.valid_from <= coalesce(lines.order_date, {{ open_end() }})
        group by lines.order_id, lines.source_sha256, lines.order_key, lines.supplier_id
    ),

    pairs as (
        select
            peppol_orders.order_id,
            table_orders.order_id as table_order_id,
            table_orders.contract_reference,
            row_number() over (
                partition by peppol_orders.order_id
                order by
                    case when table_orders.buyer_orgnr is null then 1 else 0 end,
                    table_orders.order_id
            ) as place
        from peppol_orders
        inner join
            table_orders
            on table_orders.order_key = peppol_orders.order_key
            and table_orders.supplier_id = peppol_orders.supplier_id
            and coalesce(table_orders.buyer_orgnr, peppol_orders.buyer_orgnr, '')
            = coalesce(peppol_orders.buyer_orgnr, table_orders.buyer_orgnr, '')
    ),

    every_order as (
        select
            peppol_orders.order_id,
            'peppol' as order_source,
            pairs.table_order_id,
            peppol_orders.source_sha256,
            peppol_orders.source_row,
            peppol_orders.order_number,
            peppol_orders.order_key,
            peppol_orders.supplier_id as stated_supplier_id,
            peppol_orders.buyer_orgnr,
            peppol_orders.order_date,
            peppol_orders.changed_date,
            coalesce(
                peppol_orders.contract_reference, pairs.contract_reference
            ) as contract_reference,
            peppol_orders.currency,
            peppol_orders.order_status,
            true as is_ehandel,
            peppol_orders.latest_document_id,
            peppol_orders.response_document_id
        from peppol_orders
        left join pairs on pairs.order_id = peppol_orders.order_id and pairs.place = 1
        union all
        select
            order_id,
            'table' as order_source,
            order_id as table_order_id,
            source_sha256,
            source_row,
            order_number,
            order_key,
            supplier_id as stated_supplier_id,
            buyer_orgnr,
            order_date,
            cast(null as date) as changed_date,
            contract_reference,
            currency,
            'placed' as order_status,
            is_ehandel,
            cast(null as {{ text_type() }}) as latest_document_id,
            cast(null as {{ text_type() }}) as response_document_id
        from table_orders
        where order_id not in (select table_order_id from pairs)
    )

select
    every_order.*,
    coalesce(merged.supplier_id, every_order.stated_supplier_id) as supplier_id,
    agreements.agreement_id
from every_order
left join merged on merged.stated_supplier_id = every_order.stated_supplier_id
left join
    agreements
    on agreements.reference_normalised = {{ normalise_reference("every_order.contract_reference") }}
