{# How suppliers, references and codes are written so that they can be compared.
   The same macro is used on both sides of every comparison; nothing is compared as typed. #}
{# Trimmed, upper-case, runs of blanks as one: signs of a unit, names, placeholders. #}
{% macro normalise_text(expression) %}
    nullif(upper(trim({{ replace_all(expression, "\\s+", " ") }})), '')
{% endmacro %}

{# Letters and digits only, upper-case: contract and order numbers. #}
{% macro normalise_reference(expression) %}
    nullif({{ replace_all("upper(" ~ expression ~ ")", "[^0-9A-ZÆØÅÄÖ]", "") }}, '')
{% endmacro %}

{# A classification code without blanks, dots and CPV's check digit («-n» at the end). #}
{% macro normalise_code(expression) %}
    nullif({{ replace_all("upper(" ~ expression ~ ")", "[\\s.]|-[0-9]\\s*$", "") }}, '')
{% endmacro %}

{# Nothing but filler, such as «-», «000», «xxx», «...» (words stand in seed placeholder_reference). #}
{% macro is_filler(expression) %}
    {{ matches("upper(" ~ expression ~ ")", "^([-_./*?#0 ]+|X+)$") }}
{% endmacro %}

{# supplier_id: 'NO' and the orgnr, else the VAT id, else the scheme and the id, else the name. #}
{% macro supplier_id(orgnr, vat_id, scheme, id, name) %}
    coalesce(
        'NO' || {{ orgnr }},
        'VAT:' || {{ normalise_reference(vat_id) }},
        coalesce({{ normalise_text(scheme) }}, 'ID') || ':' || {{ normalise_text(id) }},
        'NAVN:' || {{ normalise_text(name) }},
        'unknown'
    )
{% endmacro %}

{# A sign of a unit as it is compared: trimmed, upper-case; numbers without blanks, an endpoint
   without its scheme in front («0192:987654321»). #}
{% macro normalise_sign(identifier_type, value) %}
    nullif(
        case
            when {{ identifier_type }} in ('orgnr', 'gln', 'endpoint')
            then {{ replace_all("upper(" ~ value ~ ")", "^\\s*[0-9]{4}:|\\s") }}
            else upper(trim({{ value }}))
        end,
        ''
    )
{% endmacro %}

{# The reference in upper case, trimmed; null where it is a placeholder. `placeholder` is the
   column of a left join of int_placeholders__normalised on `upper(trim(reference))`. #}
{% macro real_reference(reference, placeholder) %}
    case
        when {{ placeholder }} is null and not {{ is_filler("trim(" ~ reference ~ ")") }}
        then nullif(upper(trim({{ reference }})), '')
    end
{% endmacro %}

{# After every priority that a register can give. #}
{% macro lowest_priority() %} 9223372036854775807 {% endmacro %}

{# True where a sign lies in a range, ends included: as numbers where all three are digits only,
   else as texts of the same length. #}
{% macro is_in_range(value, first, last) %}
    case
        when
            {{ matches(value, "^[0-9]+$") }}
            and {{ matches(first, "^[0-9]+$") }}
            and {{ matches(last, "^[0-9]+$") }}
        then
            lpad({{ value }}, 60, '0')
            between lpad({{ first }}, 60, '0') and lpad({{ last }}, 60, '0')
        else
            length({{ value }}) = length({{ first }})
            and {{ value }} between {{ first }} and {{ last }}
    end
{% endmacro %}
