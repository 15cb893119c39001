{# How items are compared across orders, catalogues, price lists and invoices. #}
{# A GTIN as it is compared: 8 to 14 digits without zeros in front; anything else is none. #}
{% macro gtin_key(expression) %}
    case
        when {{ matches("trim(" ~ expression ~ ")", "^[0-9]{8,14}$") }}
        then nullif({{ replace_all("trim(" ~ expression ~ ")", "^0+") }}, '')
    end
{% endmacro %}

{# A text as its words: lower case, letters, digits and single blanks only. #}
{% macro as_words(expression) %}
    trim({{ replace_all("lower(" ~ expression ~ ")", "[^\\p{L}\\p{N}]+", " ") }})
{% endmacro %}
