{% set dimensions = ["responsibility", "department", "dimension_1", "dimension_2", "dimension_3"] %}

with
    postings as (select * from {{ ref("int_postings") }} where posting_document_id is not null),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    signs as (
        {% for dimension in dimensions %}
            select
                source_sha256,
                source_row,
                valued_date,
                {{ loop.index }} as place,
                {{ normalise_sign("'ledger_dimension'", dimension) }} as sign_value
            from postings
            where {{ dimension }} is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select signs.source_sha256, signs.source_row, signs.valued_date, signs.place, signs.sign_value
from signs
left join placeholders on placeholders.text_normalised = signs.sign_value
where
    signs.sign_value is not null
    and placeholders.text_normalised is null
    and not {{ is_filler("signs.sign_value") }}
