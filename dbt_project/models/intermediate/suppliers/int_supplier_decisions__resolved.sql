{{ config(tags=["derived_input"]) }}

-- What people decided about pairs of suppliers, with the keys that their words stand for: a
-- supplier_id as it is, an organisation number, else a name.
{% set sides = ["a", "b"] %}

with
    decisions as (select * from {{ ref("stg_registers__supplier_merges") }}),

    suppliers as (select distinct supplier_id from {{ ref("int_suppliers__to_link") }}),

    written as (
        select
            decisions.*,
            {% for side in sides %}
                trim(supplier_{{ side }}) as text_{{ side }},
                case
                    when {{ matches(replace_all("supplier_" ~ side, "\\s"), "^[0-9]{9}$") }}
                    then 'NO' || {{ replace_all("supplier_" ~ side, "\\s") }}
                    else 'NAVN:' || {{ normalise_text("supplier_" ~ side) }}
                end as made_{{ side }}
                {% if not loop.last %},{% endif %}
            {% endfor %}
        from decisions
    ),

    found as (
        select
            written.*,
            {% for side in sides %}
                coalesce(
                    stated_{{ side }}.supplier_id, made_names_{{ side }}.supplier_id
                ) as supplier_id_{{ side }}
                {% if not loop.last %},{% endif %}
            {% endfor %}
        from written
        {% for side in sides %}
            left join
                suppliers as stated_{{ side }}
                on stated_{{ side }}.supplier_id = written.text_{{ side }}
            left join
                suppliers as made_names_{{ side }}
                on made_names_{{ side }}.supplier_id = written.made_{{ side }}
        {% endfor %}
    ),

    -- Of several decisions on one pair, in either order, the newest.
    placed as (
        select
            found.*,
            row_number() over (
                partition by
                    least(coalesce(supplier_id_a, text_a), coalesce(supplier_id_b, text_b)),
                    greatest(coalesce(supplier_id_a, text_a), coalesce(supplier_id_b, text_b))
                order by decided_date desc nulls last, source_row desc
            ) as place
        from found
    )

select
    source_sha256,
    source_row,
    text_a as supplier_a,
    text_b as supplier_b,
    supplier_id_a,
    supplier_id_b,
    decision,
    reason,
    decided_date
from placed
where place = 1
