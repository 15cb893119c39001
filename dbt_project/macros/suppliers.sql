{# Which supplier a line of a ledger says that it is from; in `line` placeholders are null already:
   vat_id, legal_id and real_name. The system's own supplier number counts where nothing else is. #}
{% macro ledger_supplier_id(line) %}
    {{
        supplier_id(
            line ~ ".supplier_orgnr",
            line ~ ".vat_id",
            "case when " ~ line ~ ".legal_id is null then 'LEVNR' end",
            "coalesce("
            ~ line
            ~ ".legal_id, case when "
            ~ line
            ~ ".real_name is null then "
            ~ line
            ~ ".supplier_number end)",
            line ~ ".real_name",
        )
    }}
{% endmacro %}

{# The organisation number in a supplier_id, null where it has none. #}
{% macro orgnr_of(supplier_id) %}
    case when {{ matches(supplier_id, "^NO[0-9]+$") }} then substr({{ supplier_id }}, 3) end
{% endmacro %}
