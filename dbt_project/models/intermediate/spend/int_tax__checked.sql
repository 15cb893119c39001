{# BR-CO-14 needs the sum of the subtotals; BR-CO-17: subtotal VAT = base × rate, less than 1 away.
   Where the rate is missing or rounds to 0, the VAT must round to 0 (as the schematron has it). #}
with
    subtotals as (select * from {{ ref("stg_ehf__tax_subtotals") }}),

    checked as (
        select
            document_id,
            tax_amount,
            case
                when round(coalesce(vat_percent, 0), 0) = 0
                then abs(coalesce(tax_amount, 0)) < 0.5
                else
                    abs(
                        abs(cast(coalesce(tax_amount, 0) as double)) - round(
                            abs(cast(coalesce(taxable_amount, 0) as double))
                            * cast(vat_percent as double)
                            / 100,
                            2
                        )
                    )
                    < 0.999999
            end as follows_rate
        from subtotals
    )

select
    document_id,
    cast(sum(coalesce(tax_amount, 0)) as decimal(18, 2)) as tax_amount,
    max(case when follows_rate then 0 else 1 end) = 1 as breaks_br_co_17
from checked
group by document_id
