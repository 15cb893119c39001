{# Lines and their pieces: what a row of fct_spend_line is, and how rows are counted. #}
{# The line in the document or the ledger that a row of fct_spend_line is, or is a piece of. #}
{% macro source_line_id(lines) %}
    coalesce({{ lines }}.divided_line_id, {{ lines }}.spend_line_id)
{% endmacro %}

{# How many lines a group of rows of fct_spend_line is: the pieces of one count once. #}
{% macro line_count(lines) %}
    count(*) - count({{ lines }}.divided_line_id) + count(distinct {{ lines }}.divided_line_id)
{% endmacro %}
