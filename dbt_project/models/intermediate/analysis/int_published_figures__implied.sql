{# What figures that were published together imply for each other: a sum is suppliers times average,
   and so on. Where a figure lies outside what the other two imply, they follow different
   definitions. #}
with
    figures as (select * from {{ ref("published_figure") }}),

    sets as (
        select
            figure_set,
            max(case when measure = 'numerator_nok' then low_value end) as sum_low,
            max(case when measure = 'numerator_nok' then high_value end) as sum_high,
            max(case when measure = 'denominator_suppliers' then low_value end) as suppliers_low,
            max(case when measure = 'denominator_suppliers' then high_value end) as suppliers_high,
            max(case when measure = 'mean_nok' then low_value end) as mean_low,
            max(case when measure = 'mean_nok' then high_value end) as mean_high
        from figures
        group by figure_set
    ),

    implied as (
        select
            figures.*,
            case
                figures.measure
                when 'numerator_nok'
                then {{ from_ore(to_ore("sets.mean_low") ~ " * " ~ whole("sets.suppliers_low")) }}
                when 'denominator_suppliers'
                then {{ convert_rounded("sets.sum_low", "100", to_ore("sets.mean_high")) }}
                else {{ to_nok("sets.sum_low", whole("sets.suppliers_high")) }}
            end as implied_low,
            case
                figures.measure
                when 'numerator_nok'
                then {{ from_ore(to_ore("sets.mean_high") ~ " * " ~ whole("sets.suppliers_high")) }}
                when 'denominator_suppliers'
                then {{ convert_rounded("sets.sum_high", "100", to_ore("sets.mean_low")) }}
                else {{ to_nok("sets.sum_high", whole("sets.suppliers_low")) }}
            end as implied_high
        from figures
        inner join sets on sets.figure_set = figures.figure_set
    )

select
    implied.*,
    implied_high >= low_value - tolerance and implied_low <= high_value + tolerance as is_consistent
from implied
