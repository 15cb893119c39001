{# What a supplier sold in a year under each distinct mask. A document that is nothing but VAT (a
   posting of art 429 without a purchase) gives its amount and is no document. #}
with
    distinct_masks as (
        select distinct year, merges_suppliers, with_vat, counted_id, mask
        from {{ ref("int_suppliers__masked") }}
    ),

    -- Numbered, since documents by one number are summed in half the time of five columns.
    masks as (
        select
            row_number() over (
                order by year, merges_suppliers, with_vat, counted_id, mask
            ) as mask_number,
            distinct_masks.*
        from distinct_masks
    ),

    counted as (select * from {{ ref("int_spend_parts__counted") }}),

    -- Documents of several rows, whatever the year or the supplier. Nearly all are one row, which
    -- need not be found among millions to be summed.
    in_parts as (
        select document_id
        from {{ ref("int_spend_parts") }}
        group by document_id
        having count(*) > 1
    ),

    parts as (
        select
            masks.mask_number,
            counted.document_id,
            in_parts.document_id is not null as is_in_parts,
            counted.document_kind,
            case when counted.has_purchase then 1 else 0 end as is_document,
            counted.amount_nok
            + case when masks.with_vat then counted.vat_nok else 0 end as spend_nok,
            counted.vat_nok,
            case
                when counted.component in ('investment', 'investment_excluded')
                then counted.amount_nok
                else 0
            end as investment_nok
        from masks
        inner join
            counted
            on counted.year = masks.year
            and counted.counted_id = masks.counted_id
            and counted.merges_suppliers = masks.merges_suppliers
        left join in_parts on in_parts.document_id = counted.document_id
        where (counted.component_bit & masks.mask) <> 0
    ),

    documents as (
        select mask_number, document_kind, is_document, spend_nok, vat_nok, investment_nok
        from parts
        where not is_in_parts
        union all
        select
            mask_number,
            min(document_kind) as document_kind,
            max(is_document) as is_document,
            sum(spend_nok) as spend_nok,
            sum(vat_nok) as vat_nok,
            sum(investment_nok) as investment_nok
        from parts
        where is_in_parts
        group by mask_number, document_id
    ),

    summed as (
        select
            mask_number,
            cast(sum(spend_nok) as decimal(18, 2)) as spend_nok,
            cast(sum(vat_nok) as decimal(18, 2)) as vat_nok,
            cast(sum(investment_nok) as decimal(18, 2)) as investment_nok,
            cast(sum(is_document) as bigint) as document_count,
            cast(
                sum(
                    case when is_document = 1 and document_kind = 'invoice' then 1 else 0 end
                ) as bigint
            ) as invoice_count,
            {{ twice_the_median("case when is_document = 1 then spend_nok end") }} as two_middle_nok
        from documents
        group by mask_number
    )

select
    masks.year,
    masks.merges_suppliers,
    masks.with_vat,
    masks.counted_id,
    masks.mask,
    summed.spend_nok,
    summed.vat_nok,
    summed.investment_nok,
    summed.document_count,
    summed.invoice_count,
    summed.two_middle_nok
from summed
inner join masks on masks.mask_number = summed.mask_number
