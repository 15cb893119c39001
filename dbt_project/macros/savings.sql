{# Values of quantities at a price, and shares of amounts, exact to the øre (E15). #}
{# price × quantity / base_quantity in NOK, rounded once, halves away from zero; with the quantity's
   sign. Price decimal(20, 8), quantity and base decimal(18, 6); the base is above 0. Widened first, since DuckDB
   keeps the product of two decimals of up to 18 digits at 18. #}
{% macro value_at_price(price, quantity, base_quantity) %}
    {%- set divisor = (
        whole("cast(" ~ base_quantity ~ " as decimal(30, 6)) * 1000000") ~ " * 1000000"
    ) -%}
    {{
        from_ore(
            "sign("
            ~ quantity
            ~ ") * "
            ~ whole_division(
                "2 * "
                ~ whole("cast(" ~ price ~ " as decimal(30, 8)) * 100000000")
                ~ " * "
                ~ whole("cast(abs(" ~ quantity ~ ") as decimal(30, 6)) * 1000000")
                ~ " + "
                ~ divisor,
                "2 * " ~ divisor,
            )
        )
    }}
{% endmacro %}

{# A percentage in millionths of a percent, as a whole number. #}
{% macro whole_percent(percent) %}
    {{ whole("cast(" ~ percent ~ " as decimal(30, 8)) * 1000000") }}
{% endmacro %}

{# A value of the whole line as the value of this part of it, in proportion to their amounts. #}
{% macro piece_of(value) %}
    case
        when divided_line_id is null
        then {{ value }}
        when line_nok <> 0
        then {{ convert_rounded(value, to_ore("abs(amount_nok)"), to_ore("abs(line_nok)")) }}
    end
{% endmacro %}

{# True where two units of measure are the same, or one of them is not said. #}
{% macro is_same_unit(unit, other) %}
    (
        coalesce({{ unit }}, '') = ''
        or coalesce({{ other }}, '') = ''
        or upper({{ unit }}) = upper({{ other }})
    )
{% endmacro %}
