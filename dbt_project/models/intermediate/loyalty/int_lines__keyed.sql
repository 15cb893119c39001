{{ config(materialized="view") }}

-- Everything of a line that its class can depend on.
with lines as (select * from {{ ref("int_spend_lines__enriched") }} where is_in_population)

select *
from ({{ keyed_lines("lines") }}) as keyed
