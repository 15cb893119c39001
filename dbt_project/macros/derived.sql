{# The key under which people and the learned model see lines: the same text from the same supplier
   on the same account is one question. `item_text` is normalised, so none of the parts can hold the
   newline between them. #}
{% macro category_key(item_text, supplier_id, account) %}
    md5(
        coalesce({{ item_text }}, '')
        || chr(10)
        || coalesce({{ supplier_id }}, '')
        || chr(10)
        || coalesce({{ account }}, '')
    )
{% endmacro %}
