with
    parts as (select * from {{ ref("int_threshold_parts") }}),

    windows as (select * from {{ ref("mart_threshold_watch") }}),

    units as (select * from {{ ref("dim_unit") }}),

    agreements as (select * from {{ ref("dim_agreement") }}),

    -- The unit as it was on the window's first day, else as it was first or is last known.
    placed_units as (
        select
            watched.watch_id,
            watched.unit_id,
            units.name,
            units.sector,
            row_number() over (
                partition by watched.watch_id, watched.unit_id
                order by
                    case
                        when
                            units.valid_from <= watched.window_start
                            and watched.window_start < units.valid_to
                        then 0
                        else 1
                    end nulls last,
                    units.valid_from desc nulls last
            ) as place
        from
            (
                select distinct parts.watch_id, parts.unit_id, windows.window_start
                from parts
                inner join windows on windows.watch_id = parts.watch_id
            ) as watched
        inner join units on units.unit_id = watched.unit_id
    )

select
    parts.watch_id
    || '|'
    || parts.unit_id
    || '|'
    || coalesce(parts.agreement_id, '')
    || '|'
    || parts.loyalty_class as part_id,
    parts.watch_id,
    windows.scope,
    windows.supplier_id,
    windows.kind,
    windows.category_id,
    windows.window_start,
    windows.window_end,
    windows.is_at_or_above,
    windows.responsible,
    parts.unit_id,
    coalesce(placed_units.name, parts.unit_id) as unit_name,
    coalesce(placed_units.sector, 'Ukjent') as sector,
    parts.loyalty_class,
    parts.agreement_id,
    agreements.agreement_manager,
    windows.definition_id,
    parts.spend_nok,
    windows.spend_without_agreement_nok as window_nok,
    case
        when windows.spend_without_agreement_nok > 0
        then {{ share("parts.spend_nok", "windows.spend_without_agreement_nok") }}
    end as window_share,
    parts.line_count
from parts
inner join windows on windows.watch_id = parts.watch_id
left join
    placed_units
    on placed_units.watch_id = parts.watch_id
    and placed_units.unit_id = parts.unit_id
    and placed_units.place = 1
left join agreements on agreements.agreement_id = parts.agreement_id
