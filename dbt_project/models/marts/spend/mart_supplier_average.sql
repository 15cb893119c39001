with
    supplier_years as (select * from {{ ref("mart_supplier_year") }}),

    definitions as (select * from {{ ref("dim_spend_definition") }}),

    years as (select distinct year from {{ ref("int_spend_parts") }}),

    counted as (
        select
            supplier_years.*,
            count(*) over (
                partition by supplier_years.definition_id, supplier_years.year
            ) as supplier_count,
            {{ whole("definitions.trim_share * 10000") }} as trim_e4
        from supplier_years
        inner join definitions on definitions.definition_id = supplier_years.definition_id
    ),

    -- spend_rank is unique within a year and definition, so the middle ranks hold the median. The
    -- trimmed mean leaves out the share at either end, rounded down to whole suppliers.
    placed as (
        select
            counted.*,
            {{ is_middle("spend_rank", "supplier_count") }} as is_middle_supplier,
            spend_rank > {{ whole_division("supplier_count * trim_e4", "10000") }}
            and spend_rank
            <= supplier_count - {{ whole_division("supplier_count * trim_e4", "10000") }} as is_kept
        from counted
    ),

    summed as (
        select
            definition_id,
            year,
            sum(spend_nok) as numerator_nok,
            sum(vat_nok) as vat_nok,
            sum(investment_nok) as investment_nok,
            count(*) as denominator_suppliers,
            sum(document_count) as document_count,
            sum(case when is_middle_supplier then spend_nok end) as middle_nok,
            sum(case when is_middle_supplier then 1 else 0 end) as middle_count,
            sum(case when is_kept then spend_nok end) as trimmed_nok,
            sum(case when is_kept then 1 else 0 end) as trimmed_suppliers
        from placed
        group by definition_id, year
    ),

    final as (
        select
            years.year,
            definitions.definition_id,
            definitions.name_nb as definition_name,
            definitions.population_nb as population,
            definitions.trim_share,
            cast(coalesce(summed.numerator_nok, 0) as decimal(18, 2)) as numerator_nok,
            cast(coalesce(summed.denominator_suppliers, 0) as bigint) as denominator_suppliers,
            summed.middle_nok,
            summed.middle_count,
            cast(coalesce(summed.trimmed_nok, 0) as decimal(18, 2)) as trimmed_numerator_nok,
            cast(coalesce(summed.trimmed_suppliers, 0) as bigint) as trimmed_suppliers,
            cast(coalesce(summed.vat_nok, 0) as decimal(18, 2)) as vat_nok,
            cast(coalesce(summed.investment_nok, 0) as decimal(18, 2)) as investment_nok,
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
    cast(trim_share as double) as trim_share,
    trimmed_numerator_nok,
    trimmed_suppliers,
    {{ to_nok("trimmed_numerator_nok", "trimmed_suppliers") }} as trimmed_mean_nok,
    vat_nok,
    investment_nok,
    document_count
from final
