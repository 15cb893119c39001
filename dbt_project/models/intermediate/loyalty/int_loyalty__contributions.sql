-- What each spend line adds to which figure, twice: per agreement, where an undetermined line can
-- count for several agreements, and per unit, where every line counts once (positive goes first).
with
    lines as (
        select
            year,
            unit_id,
            supplier_id,
            category_id,
            decisive_date,
            agreement_id,
            source_line_id,
            loyalty_class,
            loyalty_evidence,
            amount_nok
        from {{ ref("fct_spend_line") }}
        where
            loyalty_class
            in ('on_agreement', 'wrong_zone', 'off_agreement', 'outside_period', 'undetermined')
    ),

    bracketed as (select * from {{ ref("int_undetermined__bracketed") }}),

    bracketed_units as (
        select
            unit_id,
            supplier_id,
            category_id,
            decisive_date,
            year,
            max(case when is_positive then 1 else 0 end) = 1 as is_positive
        from bracketed
        group by unit_id, supplier_id, category_id, decisive_date, year
    ),

    final as (
        select
            'agreement' as grain,
            year,
            unit_id,
            agreement_id,
            source_line_id,
            loyalty_class as figure,
            loyalty_evidence,
            amount_nok
        from lines
        where loyalty_class <> 'undetermined'
        union all
        select
            'unit' as grain,
            year,
            unit_id,
            '' as agreement_id,
            source_line_id,
            loyalty_class as figure,
            loyalty_evidence,
            amount_nok
        from lines
        where loyalty_class <> 'undetermined'
        union all
        select
            'agreement' as grain,
            lines.year,
            lines.unit_id,
            bracketed.agreement_id,
            lines.source_line_id,
            case when bracketed.is_positive then 'positive' else 'negative' end as figure,
            lines.loyalty_evidence,
            lines.amount_nok
        from lines
        inner join
            bracketed
            on bracketed.unit_id = lines.unit_id
            and bracketed.supplier_id = lines.supplier_id
            and bracketed.category_id = lines.category_id
            and bracketed.decisive_date = lines.decisive_date
            and bracketed.year = lines.year
        where lines.loyalty_class = 'undetermined'
        union all
        select
            'unit' as grain,
            lines.year,
            lines.unit_id,
            '' as agreement_id,
            lines.source_line_id,
            case when bracketed_units.is_positive then 'positive' else 'negative' end as figure,
            lines.loyalty_evidence,
            lines.amount_nok
        from lines
        inner join
            bracketed_units
            on bracketed_units.unit_id = lines.unit_id
            and bracketed_units.supplier_id = lines.supplier_id
            and bracketed_units.category_id = lines.category_id
            and bracketed_units.decisive_date = lines.decisive_date
            and bracketed_units.year = lines.year
        where lines.loyalty_class = 'undetermined'
    )

select grain, year, unit_id, agreement_id, source_line_id, figure, loyalty_evidence, amount_nok
from final
