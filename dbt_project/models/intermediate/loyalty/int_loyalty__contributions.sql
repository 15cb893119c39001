-- What spend lines add to which figure. A line whose class is known adds to one, at every level; an
-- undetermined one stands once per level, since it can concern several agreements, lots and
-- categories: once per unit (and all above it), agreement, lot and category that it concerns.
-- Positive goes before negative. Lines that stand whole are added up here; the pieces of a divided
-- line keep its ID, since several of them are one line wherever they meet.
{% set levels = {
    "unit": [],
    "agreement": ["agreement_id"],
    "lot": ["agreement_id", "lot"],
    "category": ["possible_category_id"],
} %}

with
    lines as (
        select
            year,
            case
                when spend_source = 'ledger'
                then
                    {{
                        accounting_month(
                            "coalesce(posting_date, issue_date, decisive_date)", "year"
                        )
                    }}
                else {{ month_of("issue_date") }}
            end as month,
            unit_id,
            supplier_id,
            category_id,
            decisive_date,
            agreement_id,
            lot,
            coalesce(divided_line_id, '') as divided_line_id,
            loyalty_class,
            loyalty_evidence,
            supplier_basis,
            amount_nok
        from {{ ref("fct_spend_line") }}
        where
            loyalty_class
            in ('on_agreement', 'wrong_zone', 'off_agreement', 'outside_period', 'undetermined')
    ),
    {% for level, columns in levels.items() %}

        {{ level }}_brackets as (
            select
                unit_id,
                supplier_id,
                category_id,
                decisive_date,
                year,
                {% for column in columns %} {{ column }}, {% endfor %}
                max(case when is_positive then 1 else 0 end) = 1 as is_positive
            from {{ ref("int_undetermined__concerned") }}
            group by
                unit_id,
                supplier_id,
                category_id,
                decisive_date,
                {% for column in columns %} {{ column }}, {% endfor %}
                year
        ),
    {% endfor %}

    final as (
        select
            'line' as grain,
            year,
            month,
            unit_id,
            agreement_id,
            lot,
            category_id,
            divided_line_id,
            loyalty_class as figure,
            loyalty_evidence,
            supplier_basis,
            amount_nok
        from lines
        where loyalty_class <> 'undetermined'
        {% for level, columns in levels.items() %}
            union all
            select
                '{{ level }}' as grain,
                lines.year,
                lines.month,
                lines.unit_id,
                {{ "brackets.agreement_id" if "agreement_id" in columns else "''" }},
                {{ "brackets.lot" if "lot" in columns else "''" }},
                {{ "brackets.possible_category_id" if level == "category" else "''" }},
                lines.divided_line_id,
                case when brackets.is_positive then 'positive' else 'negative' end as figure,
                lines.loyalty_evidence,
                lines.supplier_basis,
                lines.amount_nok
            from lines
            inner join
                {{ level }}_brackets as brackets
                on brackets.unit_id = lines.unit_id
                and brackets.supplier_id = lines.supplier_id
                and brackets.category_id = lines.category_id
                and brackets.decisive_date = lines.decisive_date
                and brackets.year = lines.year
            where lines.loyalty_class = 'undetermined'
        {% endfor %}
    )

select
    grain,
    year,
    month,
    unit_id,
    agreement_id,
    lot,
    category_id,
    divided_line_id,
    figure,
    loyalty_evidence,
    supplier_basis,
    count(*) as row_count,
    sum(amount_nok) as amount_nok
from final
group by
    grain,
    year,
    month,
    unit_id,
    agreement_id,
    lot,
    category_id,
    divided_line_id,
    figure,
    loyalty_evidence,
    supplier_basis
