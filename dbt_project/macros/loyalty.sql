{# The figures of loyalty are added up at many levels: which they are, and what is added up. #}
{# Level by level: the columns that a row stands for, and the grain in which its undetermined lines
   are counted (int_loyalty__contributions). All but `unit_agreement` also by month. #}
{% macro loyalty_levels() %}
    {{
        return(
            {
                "unit_agreement": {"columns": ["unit_id", "agreement_id"], "grain": "agreement"},
                "total": {"columns": [], "grain": "unit"},
                "sector": {"columns": ["sector"], "grain": "unit"},
                "unit": {"columns": ["unit_id"], "grain": "unit"},
                "agreement": {"columns": ["agreement_id"], "grain": "agreement"},
                "lot": {"columns": ["agreement_id", "lot"], "grain": "lot"},
                "category": {"columns": ["category_id"], "grain": "category"},
            }
        )
    }}
{% endmacro %}

{# Every column by which a level can be told apart; '' where a level has no use of it. #}
{% macro loyalty_dimensions() %}
    {{ return(["sector", "unit_id", "agreement_id", "lot", "category_id"]) }}
{% endmacro %}

{# Net sums of contributions, and the distinct lines in them: whole ones, and divided ones once each. #}
{% macro loyalty_sums() %}
    cast(
        sum(
            case when figure <> 'outside_period' and divided_line_id = '' then row_count else 0 end
        ) + count(
            distinct case
                when figure <> 'outside_period' and divided_line_id <> '' then divided_line_id
            end
        ) as bigint
    ) as line_count,
    sum(case when figure = 'on_agreement' then amount_nok end) as on_agreement_nok,
    sum(
        case when figure = 'on_agreement' and loyalty_evidence = 'reference' then amount_nok end
    ) as on_by_reference_nok,
    sum(
        case when figure = 'on_agreement' and loyalty_evidence = 'price_list' then amount_nok end
    ) as on_by_price_list_nok,
    sum(
        case
            when figure = 'on_agreement' and loyalty_evidence = 'supplier_category_zone_date'
            then amount_nok
        end
    ) as on_by_category_nok,
    sum(
        case
            when
                figure = 'on_agreement'
                and loyalty_evidence in ('credited_line', 'spread_over_document')
            then amount_nok
        end
    ) as on_by_spread_nok,
    sum(
        case when figure = 'on_agreement' and supplier_basis = 'successor' then amount_nok end
    ) as on_via_successor_nok,
    sum(
        case when figure = 'on_agreement' and supplier_basis = 'subcontractor' then amount_nok end
    ) as on_via_subcontractor_nok,
    sum(case when figure = 'wrong_zone' then amount_nok end) as wrong_zone_nok,
    sum(case when figure = 'outside_period' then amount_nok end) as outside_period_nok,
    sum(case when figure = 'off_agreement' then amount_nok end) as off_agreement_nok,
    sum(case when figure = 'positive' then amount_nok end) as undetermined_positive_nok,
    sum(case when figure = 'negative' then amount_nok end) as undetermined_negative_nok
{% endmacro %}

{# The names of the amounts in `loyalty_sums`, in order. #}
{% macro loyalty_amounts() %}
    {{
        return(
            [
                "on_agreement_nok",
                "on_by_reference_nok",
                "on_by_price_list_nok",
                "on_by_category_nok",
                "on_by_spread_nok",
                "on_via_successor_nok",
                "on_via_subcontractor_nok",
                "wrong_zone_nok",
                "outside_period_nok",
                "off_agreement_nok",
                "undetermined_positive_nok",
                "undetermined_negative_nok",
            ]
        )
    }}
{% endmacro %}

{# Distinct texts of a group in order, with commas between. #}
{% macro names_joined(expression) %}
    {{ return(adapter.dispatch("names_joined", "samkjop")(expression)) }}
{% endmacro %}

{% macro default__names_joined(expression) %}
    string_agg(distinct {{ expression }}, ', ' order by {{ expression }})
{% endmacro %}

{% macro spark__names_joined(expression) %}
    nullif(array_join(sort_array(collect_set({{ expression }})), ', '), '')
{% endmacro %}

{# A lot as people call it: its name, else its number. #}
{% macro lot_label(name, lot) %}
    coalesce(nullif({{ name }}, ''), 'delkontrakt ' || {{ lot }})
{% endmacro %}

{# A date as people write it. #}
{% macro written_date(day) %}
    substr(cast({{ day }} as {{ text_type() }}), 9, 2)
    || '.'
    || substr(cast({{ day }} as {{ text_type() }}), 6, 2)
    || '.'
    || substr(cast({{ day }} as {{ text_type() }}), 1, 4)
{% endmacro %}
