with
    documents as (select * from {{ ref("int_spend_documents__defined") }}),

    definitions as (select * from {{ ref("dim_spend_definition") }}),

    suppliers as (select * from {{ ref("dim_supplier") }}),

    placed as (
        select
            documents.*,
            row_number() over (
                partition by definition_id, year, supplier_id
                order by amount_nok nulls last, document_id
            ) as place,
            count(*) over (partition by definition_id, year, supplier_id) as document_count
        from documents
    ),

    summed as (
        select
            definition_id,
            year,
            supplier_id,
            cast(sum(amount_nok) as decimal(18, 2)) as spend_nok,
            count(*) as document_count,
            sum(case when document_kind = 'invoice' then 1 else 0 end) as invoice_count,
            sum(
                case when {{ is_middle("place", "document_count") }} then amount_nok end
            ) as middle_nok,
            sum(
                case when {{ is_middle("place", "document_count") }} then 1 else 0 end
            ) as middle_count
        from placed
        group by definition_id, year, supplier_id
    ),

    -- Numerator and denominator of the average have the same population: the active suppliers.
    active as (
        select summed.*
        from summed
        inner join definitions on definitions.definition_id = summed.definition_id
        where
            definitions.active_rule = 'any_posting'
            or (definitions.active_rule = 'any_invoice' and summed.invoice_count > 0)
            or (
                definitions.active_rule = 'above_minimum'
                and summed.spend_nok >= definitions.minimum_nok
            )
    ),

    ranked as (
        select
            active.*,
            row_number() over (
                partition by definition_id, year order by spend_nok desc nulls last, supplier_id
            ) as spend_rank,
            sum(spend_nok) over (partition by definition_id, year) as total_nok,
            sum(spend_nok) over (
                partition by definition_id, year
                order by spend_nok desc nulls last, supplier_id
                rows between unbounded preceding and current row
            ) as cumulative_nok
        from active
    )

select
    ranked.year,
    ranked.definition_id,
    ranked.supplier_id,
    coalesce(suppliers.name, substr(ranked.supplier_id, 6)) as supplier_name,
    ranked.spend_nok,
    ranked.document_count,
    cast(ranked.invoice_count as bigint) as invoice_count,
    {{ to_nok("ranked.spend_nok", "ranked.document_count") }} as mean_document_nok,
    {{ to_nok("ranked.middle_nok", "ranked.middle_count") }} as median_document_nok,
    {{ share("ranked.spend_nok", "ranked.total_nok") }} as spend_share,
    cast(ranked.spend_rank as integer) as spend_rank,
    {{ share("ranked.cumulative_nok", "ranked.total_nok") }} as cumulative_share
from ranked
left join suppliers on suppliers.supplier_id = ranked.supplier_id
