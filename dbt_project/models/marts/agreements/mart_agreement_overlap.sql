{% set pair = ["agreement_id", "lot", "other_agreement_id", "other_lot", "category_id"] %}

with
    overlapping as (select * from {{ ref("int_lots__overlaps") }}),

    merged as ({{ merged_periods("overlapping", pair) }}),

    periods as (
        select
            {{ pair | join(", ") }},
            min(valid_from) as first_date,
            max(valid_to) as end_date,
            sum({{ days_between("valid_from", "valid_to") }}) as day_count
        from merged
        group by {{ pair | join(", ") }}
    ),

    units as (
        select {{ pair | join(", ") }}, count(distinct unit_id) as unit_count
        from overlapping
        group by {{ pair | join(", ") }}
    ),

    unit_periods as ({{ merged_periods("overlapping", pair + ["unit_id"]) }}),

    spent as (
        select
            {% for column in pair %} unit_periods.{{ column }}, {% endfor %}
            count(distinct {{ source_line_id("lines") }}) as line_count,
            sum(lines.amount_nok) as spend_nok,
            sum(
                case
                    when
                        lines.loyalty_class in ('on_agreement', 'voluntary')
                        and lines.agreement_id = unit_periods.agreement_id
                        and lines.lot = unit_periods.lot
                    then lines.amount_nok
                end
            ) as on_first_nok,
            sum(
                case
                    when
                        lines.loyalty_class in ('on_agreement', 'voluntary')
                        and lines.agreement_id = unit_periods.other_agreement_id
                        and lines.lot = unit_periods.other_lot
                    then lines.amount_nok
                end
            ) as on_other_nok
        from unit_periods
        inner join
            {{ ref("fct_spend_line") }} as lines
            on lines.unit_id = unit_periods.unit_id
            and lines.category_id = unit_periods.category_id
            and lines.decisive_date >= unit_periods.valid_from
            and lines.decisive_date < unit_periods.valid_to
        group by
            {% for column in pair %}
                unit_periods.{{ column }} {{ "," if not loop.last }}
            {% endfor %}
    )

select
    {% for column in pair %} periods.{{ column }}, {% endfor %}
    agreements.title as agreement_title,
    others.title as other_agreement_title,
    categories.name as category_name,
    agreements.is_binding,
    others.is_binding as other_is_binding,
    periods.first_date,
    {{ add_days("periods.end_date", -1) }} as last_date,
    cast(periods.day_count as bigint) as day_count,
    units.unit_count,
    coalesce(spent.line_count, 0) as line_count,
    {{ nok("spent.spend_nok") }} as spend_nok,
    {{ nok("spent.on_first_nok") }} as on_first_nok,
    {{ nok("spent.on_other_nok") }} as on_other_nok,
    cast(
        coalesce(spent.spend_nok, 0)
        - coalesce(spent.on_first_nok, 0)
        - coalesce(spent.on_other_nok, 0) as decimal(18, 2)
    ) as on_neither_nok
from periods
inner join
    units
    on {% for column in pair %}
        units.{{ column }} = periods.{{ column }} {{ "and" if not loop.last }}
    {% endfor %}
left join
    spent
    on {% for column in pair %}
        spent.{{ column }} = periods.{{ column }} {{ "and" if not loop.last }}
    {% endfor %}
inner join
    {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = periods.agreement_id
inner join {{ ref("dim_agreement") }} as others on others.agreement_id = periods.other_agreement_id
inner join {{ ref("dim_category") }} as categories on categories.category_id = periods.category_id
