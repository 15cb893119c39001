{# Largest remainder: every line gets its exact share without the broken øre, and the øre that then
   lack to the document's rounded total go to the lines that lost most. On absolute amounts with
   the total's sign put back, so that a credit note mirrors its invoice to the øre. #}
with
    lines as (select * from {{ ref("stg_ehf__lines") }}),

    documents as (
        select *
        from {{ ref("int_documents__converted") }}
        where currency <> 'NOK' and not is_unconverted
    ),

    signed as (
        select
            lines.document_id,
            lines.source_row,
            case when documents.line_total_nok < 0 then -1 else 1 end as document_sign,
            {{ to_ore("lines.amount") }}
            * case when documents.line_total_nok < 0 then -1 else 1 end as ore,
            abs({{ to_ore("documents.line_total_nok") }}) as total_ore_nok,
            {{ whole("documents.rate_e8") }} as rate_e8,
            {{ whole("documents.divisor_e8") }} as divisor_e8
        from lines
        inner join documents on documents.document_id = lines.document_id
    ),

    -- Whole øre at or below the exact share, also for negative lines.
    floored as (
        select
            signed.*,
            case
                when ore >= 0
                then {{ whole_division("ore * rate_e8", "divisor_e8") }}
                else -1 * {{ whole_division("-1 * ore * rate_e8 + divisor_e8 - 1", "divisor_e8") }}
            end as floor_ore_nok
        from signed
    ),

    ranked as (
        select
            floored.*,
            row_number() over (
                partition by document_id
                order by
                    ore * rate_e8 - floor_ore_nok * divisor_e8 desc nulls last,
                    abs(ore) desc nulls last,
                    source_row
            ) as place,
            total_ore_nok - sum(floor_ore_nok) over (partition by document_id) as lacking_ore
        from floored
    ),

    spread as (
        select
            document_id,
            source_row,
            document_sign
            * (floor_ore_nok + case when place <= lacking_ore then 1 else 0 end) as ore_nok
        from ranked
    )

select document_id, source_row, {{ from_ore("ore_nok") }} as amount_nok
from spread
