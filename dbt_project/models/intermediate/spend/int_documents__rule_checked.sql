{# The arithmetic rules of EN 16931 on the declared totals. Optional totals count as 0 when they are
   missing. Sums must agree to the øre, or within 0.02 where amounts had to be rounded. EHF 2 has
   the rounding in TaxInclusiveAmount, so there either place of it is right. #}
with
    documents as (select * from {{ ref("stg_ehf__documents") }}),

    sums as (select * from {{ ref("int_documents__summed") }}),

    taxes as (select * from {{ ref("int_tax__checked") }}),

    wrong_prices as (select * from {{ ref("int_lines__price_checked") }}),

    totals as (
        select
            documents.document_id,
            documents.profile = 'ehf2' as is_ehf2,
            case when documents.has_rounded_amounts then 0.02 else 0.00 end as tolerance,
            documents.line_extension_amount as lines_declared,
            documents.tax_exclusive_amount as without_vat,
            documents.tax_inclusive_amount as with_vat,
            documents.payable_amount as payable,
            coalesce(documents.allowance_total_amount, 0) as allowances,
            coalesce(documents.charge_total_amount, 0) as charges,
            coalesce(documents.prepaid_amount, 0) as prepaid,
            coalesce(documents.payable_rounding_amount, 0) as rounding,
            coalesce(documents.tax_amount, 0) as vat,
            coalesce(sums.line_amount, 0) as line_sum,
            -- an allowance's line is negative, the declared total is not
            -1 * coalesce(sums.allowance_amount, 0) as allowance_sum,
            coalesce(sums.charge_amount, 0) as charge_sum,
            taxes.tax_amount as subtotal_sum,
            coalesce(taxes.breaks_br_co_17, false) as breaks_br_co_17,
            wrong_prices.document_id is not null as breaks_r120
        from documents
        left join sums on sums.document_id = documents.document_id
        left join taxes on taxes.document_id = documents.document_id
        left join wrong_prices on wrong_prices.document_id = documents.document_id
    ),

    -- A mandatory total that is missing (null) agrees with nothing.
    checked as (
        select
            document_id,
            coalesce(abs(lines_declared - line_sum) <= tolerance, false) as br_co_10,
            abs(allowances - allowance_sum) <= tolerance as br_co_11,
            abs(charges - charge_sum) <= tolerance as br_co_12,
            coalesce(
                abs(without_vat - (lines_declared - allowances + charges)) <= tolerance, false
            ) as br_co_13,
            subtotal_sum is null or abs(vat - subtotal_sum) <= tolerance as br_co_14,
            coalesce(
                abs(with_vat - (without_vat + vat)) <= tolerance
                or (is_ehf2 and abs(with_vat - (without_vat + vat + rounding)) <= tolerance),
                false
            ) as br_co_15,
            coalesce(
                abs(payable - (with_vat - prepaid + rounding)) <= tolerance
                or (is_ehf2 and abs(payable - (with_vat - prepaid)) <= tolerance),
                false
            ) as br_co_16,
            not breaks_br_co_17 as br_co_17,
            not breaks_r120 as r120
        from totals
    )

select
    document_id,
    nullif(
        concat_ws(
            ';',
            case when not br_co_10 then 'BR-CO-10' end,
            case when not br_co_11 then 'BR-CO-11' end,
            case when not br_co_12 then 'BR-CO-12' end,
            case when not br_co_13 then 'BR-CO-13' end,
            case when not br_co_14 then 'BR-CO-14' end,
            case when not br_co_15 then 'BR-CO-15' end,
            case when not br_co_16 then 'BR-CO-16' end,
            case when not br_co_17 then 'BR-CO-17' end,
            case when not r120 then 'PEPPOL-EN16931-R120' end
        ),
        ''
    ) as rule_flags
from checked
