{% set levels = 5 %}

with
    units as (select * from {{ ref("dim_unit") }} where unit_id <> 'unknown'),

    level_0 as (
        select
            unit_id,
            unit_id as ancestor_unit_id,
            parent_unit_id as next_unit_id,
            0 as level,
            valid_from,
            valid_to
        from units
    ),
    {% for level in range(1, levels + 1) %}

        -- The part of the period in which the unit above also had its own parent, {{ level }} up.
        level_{{ level }} as (
            select
                below.unit_id,
                above.unit_id as ancestor_unit_id,
                above.parent_unit_id as next_unit_id,
                {{ level }} as level,
                greatest(below.valid_from, above.valid_from) as valid_from,
                least(below.valid_to, above.valid_to) as valid_to
            from level_{{ level - 1 }} as below
            inner join
                units as above
                on above.unit_id = below.next_unit_id
                and above.valid_from < below.valid_to
                and below.valid_from < above.valid_to
            where above.unit_id <> below.unit_id
        ),
    {% endfor %}

    final as (
        {% for level in range(0, levels + 1) %}
            select unit_id, ancestor_unit_id, level, valid_from, valid_to
            from level_{{ level }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select unit_id, ancestor_unit_id, level, valid_from, valid_to
from final
