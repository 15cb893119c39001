{% set conditions = [
    "exempt_unit",
    "external_user",
    "deactivated_too_long",
    "further_account",
    "standard_licence",
    "free_addon",
    "beyond_standard",
    "otherwise",
] %}

with
    rules as (select * from {{ ref("int_charge_rules") }}),

    -- The place of each condition in the order that is in force; null where the rule is not.
    places as (
        select
            month,
            {% for condition in conditions %}
                max(
                    case when condition_key = '{{ condition }}' then rule_row end
                ) as {{ condition }}_row
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from rules
        group by month
    ),

    -- `least` passes over nulls: what is left is the first row that fits.
    first_that_fits as (
        select
            conditions.*,
            least(
                {% for condition in conditions %}
                    case when conditions.fits_{{ condition }} then places.{{ condition }}_row end
                    {%- if not loop.last %},{% endif %}
                {% endfor %}
            ) as rule_row
        from {{ ref("int_charge_conditions") }} as conditions
        inner join places on places.month = conditions.month
    )

select
    judged.month,
    judged.last_date,
    judged.as_of_date,
    judged.is_preliminary,
    judged.account_key,
    judged.sku_id,
    judged.unit_id,
    judged.days_deactivated,
    judged.is_frame_covered,
    judged.is_standard,
    judged.is_zero_cost_addon,
    judged.rule_row,
    rules.condition_key,
    rules.financing,
    rules.rule_id,
    -- "As before" is one price, where the register knows it.
    case
        when rules.condition_key = 'exempt_unit'
        then judged.exempt_price_nok
        else judged.unit_price_nok
    end as unit_price_nok,
    case
        when rules.condition_key = 'exempt_unit' then 0 else judged.management_fee_nok
    end as management_fee_nok
from first_that_fits as judged
inner join rules on rules.month = judged.month and rules.rule_row = judged.rule_row
