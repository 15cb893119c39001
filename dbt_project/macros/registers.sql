{# The rules that every staging model shares: which rows of the lake count, and half-open dates. #}
{# The rows of a lake table whose source file is accepted: not withdrawn, a duplicate of another file,
   in conflict with one, or rejected. #}
{% macro lake_rows(table) %}
    select lake.*
    from {{ source("lake", table) }} as lake
    left join
        (
            select source_sha256
            from {{ ref("stg_inputs__source_files") }}
            where coalesce(status, 'unknown') <> 'accepted'
        ) as left_out
        on left_out.source_sha256 = lake.source_sha256
    where left_out.source_sha256 is null
{% endmacro %}

{# The rows of the one register file in force: the greatest effective date, then the fewest rejected
   rows (a corrected file of the same date), then the smallest hash (architecture, decision 3). #}
{% macro register_rows(table) %}
    with
        loaded as ({{ lake_rows(table) }}),

        files as (
            select
                loaded_files.source_sha256,
                row_number() over (
                    order by
                        source_files.effective_date desc nulls last,
                        source_files.rows_quarantined nulls last,
                        loaded_files.source_sha256
                ) as place
            from (select distinct source_sha256 from loaded) as loaded_files
            left join
                {{ ref("stg_inputs__source_files") }} as source_files
                on source_files.source_sha256 = loaded_files.source_sha256
        )

    select loaded.*
    from loaded
    inner join files on files.source_sha256 = loaded.source_sha256 and files.place = 1
{% endmacro %}

{# Registers give the first and the last day that counts; the models use [valid_from, valid_to). #}
{% macro half_open_from(valid_from) %} coalesce({{ valid_from }}, {{ first_day() }}) {% endmacro %}

{% macro half_open_to(valid_to) %}
    case
        when {{ valid_to }} < {{ open_end() }}
        then {{ add_days(valid_to, 1) }}
        else {{ open_end() }}
    end
{% endmacro %}

{# Overlapping or adjoining half-open periods of a key as one. `periods` is a relation with the key,
   valid_from, valid_to and, for each of `smallest`, a column of which the smallest is kept. #}
{% macro merged_periods(periods, key, smallest=[]) %}
    {%- set by = key | join(", ") -%}
    select
        {{ by }},
        {% for column in smallest %} min({{ column }}) as {{ column }}, {% endfor %}
        min(valid_from) as valid_from,
        max(valid_to) as valid_to
    from
        (
            select
                started.*,
                sum(is_start) over (
                    partition by {{ by }}
                    order by valid_from, valid_to
                    rows between unbounded preceding and current row
                ) as period_number
            from
                (
                    select
                        periods.*,
                        case
                            when
                                valid_from <= max(valid_to) over (
                                    partition by {{ by }}
                                    order by valid_from, valid_to
                                    rows between unbounded preceding and 1 preceding
                                )
                            then 0
                            else 1
                        end as is_start
                    from {{ periods }} as periods
                    where valid_from < valid_to
                ) as started
        ) as numbered
    group by {{ by }}, period_number
{% endmacro %}

{# The Norwegian reason of a register issue, with the cell's text in guillemets in place of {}. #}
{% macro reason_naming(reason, value) %}
    {%- set parts = reason.split("{}") -%}
    '{{ parts[0] }}«' || coalesce({{ value }}, '') || '»{{ parts[1] }}'
{% endmacro %}

{# A rate above zero and below NOK 10 000 for one unit: no currency is worth more, and amounts below
   10^12 then stay within decimal(18, 2) in NOK too. #}
{% macro is_usable_rate(rate, units) %}
    (
        {{ rate }} > 0
        and coalesce({{ units }}, 1) > 0
        and {{ rate }} < 10000 * coalesce({{ units }}, 1)
    )
{% endmacro %}
