{# Functions that DuckDB and Spark SQL spell differently, and sums of money that must be exact.
   A model that needs something outside the common subset of the two gets it here, under one name;
   a macro that dispatches has a `default__` for DuckDB's spelling and a `spark__` for Spark's. #}
{# The first day of all and the day after the last: what an open end means. #}
{% macro first_day() %} cast('1900-01-01' as date) {% endmacro %}

{% macro open_end() %} cast('9999-12-31' as date) {% endmacro %}

{# Days or months later, as a date (dbt's own gives a timestamp). #}
{% macro add_days(day, days) %}
    {{ return(adapter.dispatch("add_days", "samkjop")(day, days)) }}
{% endmacro %}

{% macro default__add_days(day, days) %}
    cast({{ day }} + cast({{ days }} as bigint) * interval 1 day as date)
{% endmacro %}

{% macro spark__add_days(day, days) %} date_add({{ day }}, cast({{ days }} as int)) {% endmacro %}

{% macro add_months(day, months) %}
    {{ return(adapter.dispatch("add_months", "samkjop")(day, months)) }}
{% endmacro %}

{% macro default__add_months(day, months) %}
    cast({{ day }} + cast({{ months }} as bigint) * interval 1 month as date)
{% endmacro %}

{% macro spark__add_months(day, months) %}
    add_months({{ day }}, cast({{ months }} as int))
{% endmacro %}

{# The number of days from one date to another. #}
{% macro days_between(first, last) %}
    {{ return(adapter.dispatch("days_between", "samkjop")(first, last)) }}
{% endmacro %}

{% macro default__days_between(first, last) %}
    datediff('day', {{ first }}, {{ last }})
{% endmacro %}

{% macro spark__days_between(first, last) %} datediff({{ last }}, {{ first }}) {% endmacro %}

{# An end that many months later; one on the last day of its month stays on the last day (D01). #}
{% macro extend_end(day, months) %}
    case
        when {{ day }} = last_day({{ day }})
        then last_day({{ add_months(day, months) }})
        else {{ add_months(day, months) }}
    end
{% endmacro %}

{# The first day of the date's month or year, as a date. #}
{% macro month_of(day) %} cast(date_trunc('month', {{ day }}) as date) {% endmacro %}

{# An exact whole number of up to 38 digits. #}
{% macro whole(expression) %}
    {{ return(adapter.dispatch("whole", "samkjop")(expression)) }}
{% endmacro %}

{% macro default__whole(expression) %} cast({{ expression }} as hugeint) {% endmacro %}

{% macro spark__whole(expression) %} cast({{ expression }} as decimal(38, 0)) {% endmacro %}

{# Whole-number division of two numbers that are not negative, without the remainder. #}
{% macro whole_division(numerator, denominator) %}
    {{ return(adapter.dispatch("whole_division", "samkjop")(numerator, denominator)) }}
{% endmacro %}

{% macro default__whole_division(numerator, denominator) %}
    divide({{ numerator }}, {{ denominator }})
{% endmacro %}

{% macro spark__whole_division(numerator, denominator) %}
    cast(({{ numerator }}) div({{ denominator }}) as decimal(38, 0))
{% endmacro %}

{# A sum of money in øre, as a whole number, and back to NOK (multiplied, because a division of
   decimals is DOUBLE in DuckDB). Widened first: DuckDB keeps the product of two decimals of up to 18
   digits at 18. #}
{% macro to_ore(amount) %}
    {{ whole("cast(" ~ amount ~ " as decimal(30, 2)) * 100") }}
{% endmacro %}

{% macro from_ore(ore) %}
    cast(cast({{ ore }} as decimal(30, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{% endmacro %}

{# numerator / denominator rounded to the nearest øre, halves away from zero, without ever leaving
   whole numbers; null where the denominator is 0 or null. Money in NOK over a positive count. #}
{% macro to_nok(numerator, denominator) %}
    {%- set ore = to_ore(numerator) -%}
    case
        when {{ denominator }} > 0
        then
            {{
                from_ore(
                    "sign("
                    ~ numerator
                    ~ ") * "
                    ~ whole_division(
                        "2 * abs(" ~ ore ~ ") + (" ~ denominator ~ ")",
                        "2 * (" ~ denominator ~ ")",
                    )
                )
            }}
    end
{% endmacro %}

{# A ratio as DOUBLE; null where the denominator is 0 or null. #}
{% macro share(numerator, denominator) %}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{% endmacro %}

{# A column of a `;`-separated text as one row per part. #}
{% macro explode_text(expression, separator) %}
    {{ return(adapter.dispatch("explode_text", "samkjop")(expression, separator)) }}
{% endmacro %}

{% macro default__explode_text(expression, separator) %}
    unnest(string_split({{ expression }}, '{{ separator }}'))
{% endmacro %}

{% macro spark__explode_text(expression, separator) %}
    explode(split({{ expression }}, '{{ separator }}'))
{% endmacro %}

{# Every match replaced (Spark's default; DuckDB wants to be told). #}
{% macro replace_all(expression, pattern, replacement="") %}
    {{ return(adapter.dispatch("replace_all", "samkjop")(expression, pattern, replacement)) }}
{% endmacro %}

{% macro default__replace_all(expression, pattern, replacement) %}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}', 'g')
{% endmacro %}

{% macro spark__replace_all(expression, pattern, replacement) %}
    regexp_replace({{ expression }}, r'{{ pattern }}', '{{ replacement }}')
{% endmacro %}

{# True where some part of the text fits the pattern. #}
{% macro matches(expression, pattern) %}
    {{ return(adapter.dispatch("matches", "samkjop")(expression, pattern)) }}
{% endmacro %}

{% macro default__matches(expression, pattern) %}
    regexp_matches({{ expression }}, '{{ pattern }}')
{% endmacro %}

{% macro spark__matches(expression, pattern) %}
    {{ expression }} rlike r'{{ pattern }}'
{% endmacro %}

{# The type of a text column. #}
{% macro text_type() %} {{ return(adapter.dispatch("text_type", "samkjop")()) }} {% endmacro %}

{% macro default__text_type() %} varchar {% endmacro %}

{% macro spark__text_type() %} string {% endmacro %}

{# amount × multiplier / divisor (whole numbers, positive), rounded once to the nearest øre, halves
   away from zero. #}
{% macro convert_rounded(amount, multiplier, divisor) %}
    {{
        from_ore(
            "sign("
            ~ amount
            ~ ") * "
            ~ whole_division(
                "2 * abs(" ~ to_ore(amount) ~ ") * " ~ multiplier ~ " + " ~ divisor,
                "2 * " ~ whole(divisor),
            )
        )
    }}
{% endmacro %}

{# The sum of the two values in the middle (of an odd number the one twice), exactly; nulls don't
   count. Half of it is the median. #}
{% macro twice_the_median(expression) %}
    percentile_disc(0.5) within group (order by {{ expression }})
    + percentile_disc(0.5) within group (order by {{ expression }} desc)
{% endmacro %}

{# True for the one or two places (from 1) in the middle of so many: the mean of these is the
   median. #}
{% macro is_middle(place, row_count) %}
    (2 * {{ place }} between {{ row_count }} and {{ row_count }} + 2)
{% endmacro %}
