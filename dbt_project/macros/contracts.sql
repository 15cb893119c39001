{# What agreements, turnover and prices are computed with. #}
{# The number of whole months from one date to a later one: 11 January to 11 March is two. #}
{% macro full_months(first, last) %}
    cast(
        (year({{ last }}) - year({{ first }})) * 12
        + month({{ last }})
        - month({{ first }})
        - case when day({{ last }}) < day({{ first }}) then 1 else 0 end as integer
    )
{% endmacro %}

{# NOK for one unit, from a positive amount and a positive quantity of at most six decimals: four
   decimals, halves up, and never leaving whole numbers. #}
{% macro unit_price(amount_nok, quantity) %}
    cast(
        cast(
            {{
                whole_division(
                    "2 * "
                    ~ whole("100000000")
                    ~ " * "
                    ~ to_ore(amount_nok)
                    ~ " + "
                    ~ millionths(quantity),
                    "2 * " ~ millionths(quantity),
                )
            }} as decimal(30, 0)
        )
        * cast(0.0001 as decimal(5, 4)) as decimal(30, 4)
    )
{% endmacro %}

{# A quantity of up to six decimals as a whole number. #}
{% macro millionths(quantity) %}
    {{ whole("cast(" ~ quantity ~ " as decimal(28, 6)) * 1000000") }}
{% endmacro %}

{# NOK for one unit, from a price for so many of them (base_quantity, positive): four decimals,
   halves up. #}
{% macro price_per_unit(price, base_quantity) %}
    cast(
        cast(
            {{
                whole_division(
                    "2 * 100 * "
                    ~ whole("cast(" ~ price ~ " as decimal(28, 8)) * 100000000")
                    ~ " + "
                    ~ millionths(base_quantity),
                    "2 * " ~ millionths(base_quantity),
                )
            }} as decimal(30, 0)
        )
        * cast(0.0001 as decimal(5, 4)) as decimal(30, 4)
    )
{% endmacro %}
