{# PEPPOL-EN16931-R120: line = quantity × price / base quantity + charges − allowances, ± 0.02. What
   is missing counts as the standard says: quantity and base quantity as 1, price as 0 (an EHF 2
   line without a price is not checked). DOUBLE is exact enough for a test within two øre. #}
{% set slack = 0.02 + 0.000001 %}

with
    lines as (select * from {{ ref("stg_ehf__lines") }} where line_kind = 'line'),

    documents as (select * from {{ ref("stg_ehf__documents") }}),

    calculated as (
        select
            lines.document_id,
            cast(lines.amount as double) as amount,
            cast(
                coalesce(
                    lines.quantity,
                    case when documents.document_kind = 'credit_note' then -1 else 1 end
                ) as double
            )
            * cast(coalesce(lines.price_amount, 0) as double)
            / cast(coalesce(nullif(lines.base_quantity, 0), 1) as double)
            + cast(coalesce(lines.line_charge_amount, 0) as double)
            - cast(coalesce(lines.line_allowance_amount, 0) as double) as calculated_amount
        from lines
        inner join documents on documents.document_id = lines.document_id
        where lines.price_amount is not null or documents.profile <> 'ehf2'
    )

select distinct document_id
from calculated
where abs(amount - calculated_amount) > {{ slack }}
