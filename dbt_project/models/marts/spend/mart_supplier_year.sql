with
    masks as (select * from {{ ref("int_suppliers__masked") }}),

    sums as (select * from {{ ref("int_suppliers__summed") }}),

    definitions as (select * from {{ ref("dim_spend_definition") }}),

    suppliers as (select * from {{ ref("dim_supplier") }}),

    -- Numerator and denominator of the average have the same population: the active suppliers.
    active as (
        select masks.definition_id, sums.*
        from masks
        inner join
            sums
            on sums.year = masks.year
            and sums.counted_id = masks.counted_id
            and sums.merges_suppliers = masks.merges_suppliers
            and sums.with_vat = masks.with_vat
            and sums.mask = masks.mask
        inner join definitions on definitions.definition_id = masks.definition_id
        where
            definitions.active_rule = 'any_posting'
            or (definitions.active_rule = 'any_invoice' and sums.invoice_count > 0)
            or (
                definitions.active_rule = 'above_minimum'
                and sums.spend_nok >= definitions.minimum_nok
            )
    ),

    ranked as (
        select
            active.*,
            row_number() over (
                partition by definition_id, year order by spend_nok desc nulls last, counted_id
            ) as spend_rank,
            sum(spend_nok) over (partition by definition_id, year) as total_nok,
            sum(spend_nok) over (
                partition by definition_id, year
                order by spend_nok desc nulls last, counted_id
                rows between unbounded preceding and current row
            ) as cumulative_nok
        from active
    )

select
    ranked.year,
    ranked.definition_id,
    ranked.counted_id as supplier_id,
    coalesce(suppliers.name, substr(ranked.counted_id, 6)) as supplier_name,
    ranked.spend_nok,
    ranked.vat_nok,
    ranked.investment_nok,
    ranked.document_count,
    ranked.invoice_count,
    {{ to_nok("ranked.spend_nok", "ranked.document_count") }} as mean_document_nok,
    {{ to_nok("ranked.two_middle_nok", "2") }} as median_document_nok,
    {{ share("ranked.spend_nok", "ranked.total_nok") }} as spend_share,
    cast(ranked.spend_rank as integer) as spend_rank,
    {{ share("ranked.cumulative_nok", "ranked.total_nok") }} as cumulative_share
from ranked
left join suppliers on suppliers.supplier_id = ranked.counted_id
