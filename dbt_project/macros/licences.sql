{# What licences are judged with: names of products, buckets of activity. #}
{# How the name of a product is compared, on both sides: int_sku_names has it as name_key. #}
{% macro sku_name_key(expression) %} lower(trim({{ expression }})) {% endmacro %}

{# The best bucket is the smallest; unknown is after all that is known. #}
{% macro activity_rank(activity) %}
    case
        {{ activity }}
        when 'd30'
        then 1
        when 'd90'
        then 2
        when 'd180'
        then 3
        when 'older'
        then 4
        when 'never'
        then 5
        else 6
    end
{% endmacro %}

{# True or false where the bucket says whether there was activity in so many days; null where it is
   unknown. #}
{% macro is_active_within(activity, days) %}
    case
        when {{ activity }} = 'd30'
        then {{ days }} >= 30
        when {{ activity }} = 'd90'
        then {{ days }} >= 90
        when {{ activity }} = 'd180'
        then {{ days }} >= 180
        when {{ activity }} in ('older', 'never')
        then false
    end
{% endmacro %}
