-- The net sums of what has been bought, at every level, per year and per month. Totals are added up
-- from distinct lines, never from rows of another level: a whole line has one row at a level, and
-- the
-- pieces of a divided one are counted once.
{% set dimensions = loyalty_dimensions() %}

with
    contributions as (
        select contributions.*, coalesce(units.sector, 'Ukjent') as sector
        from {{ ref("int_loyalty__contributions") }} as contributions
        left join
            {{ ref("int_units__by_year") }} as units
            on units.year = contributions.year
            and units.unit_id = contributions.unit_id
    )

{% for level, parts in loyalty_levels().items() %}
    {% for period in ["year", "month"] if not (level == "unit_agreement" and period == "month") %}
            {% set keys = ["year"] + (["month"] if period == "month" else []) + parts.columns %}
        select
            '{{ level }}' as level,
            '{{ period }}' as period,
            year,
            {{ "month" if period == "month" else "make_date(cast(year as integer), 1, 1)" }}
            as period_start,
            {% for dimension in dimensions %}
                {{ dimension if dimension in parts.columns else "''" }} as {{ dimension }},
            {% endfor %}
            {{ loyalty_sums() }}
        from contributions
        where grain in ('line', '{{ parts.grain }}')
        group by {{ keys | join(", ") }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
