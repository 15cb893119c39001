with
    supplier_years as (select * from {{ ref("mart_supplier_year") }}),

    definitions as (select * from {{ ref("dim_spend_definition") }}),

    documents as (select * from {{ ref("int_spend_documents__defined") }}),

    years as (select distinct year from documents),

    placed as (
        select supplier_years.*, count(*) over (partition by definition_id, year) as supplier_count
        from supplier_years
    ),

    -- spend_rank is unique within a year and definition, so the middle ranks hold the median.
    summed as (
        select
            definition_id,
            year,
            sum(spend_nok) as numerator_nok,
            count(*) as denominator_suppliers,
            sum(document_count) as document_count,
            sum(
                case when {{ is_middle("spend_rank", "supplier_count") }} then spend_nok end
            ) as middle_nok,
            sum(
                case when {{ is_middle("spend_rank", "supplier_count") }} then 1 else 0 end
            ) as middle_count
        from placed
        group by definition_id, year
    ),

    final as (
        select
            years.year,
            definitions.definition_id,
            definitions.name_nb as definition_name,
            definitions.population_nb as population,
            cast(coalesce(summed.numerator_nok, 0) as decimal(18, 2)) as numerator_nok,
            cast(coalesce(summed.denominator_suppliers, 0) as bigint) as denominator_suppliers,
            summed.middle_nok,
            summed.middle_count,
            cast(coalesce(summed.document_count, 0) as bigint) as document_count
        from years
        cross join definitions
        left join
            summed on summed.year = years.year and summed.definition_id = definitions.definition_id
    )

select
    year,
    definition_id,
    definition_name,
    population,
    numerator_nok,
    denominator_suppliers,
    {{ to_nok("numerator_nok", "denominator_suppliers") }} as mean_nok,
    {{ to_nok("middle_nok", "middle_count") }} as median_nok,
    document_count
from final
