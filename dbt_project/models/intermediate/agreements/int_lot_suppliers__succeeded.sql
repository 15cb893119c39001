{% set handovers = 4 %}

-- Who is on a lot when others have taken a supplier's place: the one before until the day, the
-- successor from it, with the rank, role and last day that were registered. Chains are followed
-- {{ handovers }} handovers; a handover on the day of the one before it isn't (no circles).
with
    lots as (select * from {{ ref("int_lots__dated") }}),

    successions as (select * from {{ ref("stg_registers__supplier_successions") }}),

    level_0 as (
        select
            suppliers.source_row,
            lots.agreement_id,
            lots.lot,
            suppliers.orgnr,
            cast(null as {{ text_type() }}) as predecessor_orgnr,
            coalesce(suppliers.supplier_rank, 1) as supplier_rank,
            suppliers.supplier_role,
            suppliers.direct_call_off_allowed,
            greatest(lots.valid_from, suppliers.valid_from) as valid_from,
            least(lots.valid_to, suppliers.valid_to) as valid_to
        from {{ ref("stg_registers__lot_suppliers") }} as suppliers
        inner join lots on lots.agreement_id = suppliers.agreement_id and lots.lot = suppliers.lot
    ),
    {% for level in range(handovers) %}

        -- The first handover of each; one that names the agreement goes before one for all.
        handovers_{{ level }} as (
            select
                {{ level }} as level,
                placed.source_row,
                placed.agreement_id,
                placed.lot,
                placed.orgnr,
                placed.valid_from,
                successions.valid_from as handover_date,
                successions.successor_orgnr,
                rank() over (
                    partition by
                        placed.source_row,
                        placed.agreement_id,
                        placed.lot,
                        placed.orgnr,
                        placed.valid_from
                    order by
                        successions.valid_from nulls last,
                        case when successions.agreement_id = '*' then 1 else 0 end nulls last
                ) as place
            from level_{{ level }} as placed
            inner join
                successions
                on successions.orgnr = placed.orgnr
                and successions.valid_from < placed.valid_to
                {% if level > 0 %} and successions.valid_from > placed.valid_from {% endif %}
                and (
                    successions.agreement_id = placed.agreement_id or successions.agreement_id = '*'
                )
        ),

        level_{{ level + 1 }} as (
            select distinct
                placed.source_row,
                placed.agreement_id,
                placed.lot,
                handovers.successor_orgnr as orgnr,
                placed.orgnr as predecessor_orgnr,
                placed.supplier_rank,
                placed.supplier_role,
                placed.direct_call_off_allowed,
                greatest(placed.valid_from, handovers.handover_date) as valid_from,
                placed.valid_to
            from level_{{ level }} as placed
            inner join
                handovers_{{ level }} as handovers
                on handovers.source_row = placed.source_row
                and handovers.agreement_id = placed.agreement_id
                and handovers.lot = placed.lot
                and handovers.orgnr = placed.orgnr
                and handovers.valid_from = placed.valid_from
                and handovers.place = 1
        ),
    {% endfor %}

    levels as (
        {% for level in range(handovers + 1) %}
            select {{ level }} as level, *
            from level_{{ level }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    handovers as (
        {% for level in range(handovers) %}
            select distinct level, source_row, agreement_id, lot, orgnr, valid_from, handover_date
            from handovers_{{ level }}
            where place = 1
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select distinct
    levels.agreement_id,
    levels.lot,
    'NO' || levels.orgnr as supplier_id,
    'NO' || levels.predecessor_orgnr as predecessor_id,
    cast(levels.supplier_rank as integer) as supplier_rank,
    levels.supplier_role,
    levels.supplier_role <> 'subcontractor' or levels.direct_call_off_allowed as is_open,
    levels.valid_from,
    least(levels.valid_to, coalesce(handovers.handover_date, levels.valid_to)) as valid_to
from levels
left join
    handovers
    on handovers.level = levels.level
    and handovers.source_row = levels.source_row
    and handovers.agreement_id = levels.agreement_id
    and handovers.lot = levels.lot
    and handovers.orgnr = levels.orgnr
    and handovers.valid_from = levels.valid_from
where
    levels.valid_from < levels.valid_to
    and (handovers.handover_date is null or levels.valid_from < handovers.handover_date)
