"""The suite of `bridge_agreement_unit`: also that zones neither overlap nor leave a unit out.

An agreement is zoned where two of its lots have a category in common at the same time. Its units
are then each in exactly one of them (D03): none in two, none in no zone for part of the
agreement's period. A unit that is in no zone at all blocks only where the zones hold more than
half of all units, since an agreement may be made for a few units only; else it is a warning.
"""

from __future__ import annotations

from data_quality.checks import Suite, columns, rows
from data_quality.suites._bridges import bridge_checks, lots_without

_TABLE = "bridge_agreement_unit"
COMMON_AGREEMENT_SHARE = 0.5

# Leaf units in force, clipped to each zoned binding agreement's period.
_BOUND = """
    zoned as (
        select distinct one.agreement_id
        from bridge_agreement_category as one
        inner join bridge_agreement_category as other
            on other.agreement_id = one.agreement_id
            and other.category_id = one.category_id
            and other.lot <> one.lot
            and greatest(one.valid_from, other.valid_from) < least(one.valid_to, other.valid_to)
    ),
    bound as (
        select agreement.agreement_id, unit.unit_id, unit.name,
            greatest(agreement.valid_from, unit.valid_from) as valid_from,
            least(agreement.end_date + 1, unit.valid_to) as valid_to
        from dim_agreement as agreement
        inner join zoned on zoned.agreement_id = agreement.agreement_id
        inner join dim_unit as unit
            on unit.valid_from <= agreement.end_date and unit.valid_to > agreement.valid_from
        where agreement.is_binding and unit.unit_id <> 'unknown'
            and unit.unit_id not in (
                select parent_unit_id from dim_unit where parent_unit_id is not null
            )
    ),
    zoned_units as (
        select distinct bound.agreement_id, bound.unit_id
        from bound
        inner join bridge_agreement_unit as bridge
            on bridge.agreement_id = bound.agreement_id and bridge.unit_id = bound.unit_id
    ),
    zone_shares as (
        select bound.agreement_id,
            cast(count(distinct zoned_units.unit_id) as double)
            / count(distinct bound.unit_id) as zoned_share
        from bound
        left join zoned_units
            on zoned_units.agreement_id = bound.agreement_id
            and zoned_units.unit_id = bound.unit_id
        group by bound.agreement_id
    )
"""

_IN_NO_ZONE = f"""
    with {_BOUND}
    select bound.agreement_id, bound.unit_id, bound.name, bound.valid_from, bound.valid_to,
        zone_shares.zoned_share
    from bound
    inner join zone_shares on zone_shares.agreement_id = bound.agreement_id
    left join zoned_units
        on zoned_units.agreement_id = bound.agreement_id and zoned_units.unit_id = bound.unit_id
    where zoned_units.unit_id is null
"""

_GAPS = f"""
    with {_BOUND},
    starts as (
        select bound.*, bound.valid_from as day
        from bound
        inner join zoned_units
            on zoned_units.agreement_id = bound.agreement_id
            and zoned_units.unit_id = bound.unit_id
        union
        select bound.*, bridge.valid_to as day
        from bound
        inner join bridge_agreement_unit as bridge
            on bridge.agreement_id = bound.agreement_id
            and bridge.unit_id = bound.unit_id
            and bridge.valid_to >= bound.valid_from
            and bridge.valid_to < bound.valid_to
    )
    select starts.agreement_id, starts.unit_id, starts.name, starts.day as without_zone_from
    from starts
    where not exists (
        select 1 from bridge_agreement_unit as bridge
        where bridge.agreement_id = starts.agreement_id
            and bridge.unit_id = starts.unit_id
            and bridge.valid_from <= starts.day
            and bridge.valid_to > starts.day
    )
"""

_IN_TWO_ZONES = """
    select one.agreement_id, one.unit_id, category_one.category_id, one.lot as lot_one,
        other.lot as lot_two,
        greatest(one.valid_from, other.valid_from, category_one.valid_from,
            category_two.valid_from) as both_from,
        least(one.valid_to, other.valid_to, category_one.valid_to,
            category_two.valid_to) as both_to
    from bridge_agreement_unit as one
    inner join bridge_agreement_unit as other
        on other.agreement_id = one.agreement_id
        and other.unit_id = one.unit_id
        and other.lot > one.lot
    inner join bridge_agreement_category as category_one
        on category_one.agreement_id = one.agreement_id and category_one.lot = one.lot
    inner join bridge_agreement_category as category_two
        on category_two.agreement_id = other.agreement_id
        and category_two.lot = other.lot
        and category_two.category_id = category_one.category_id
    where greatest(one.valid_from, other.valid_from, category_one.valid_from,
            category_two.valid_from)
        < least(one.valid_to, other.valid_to, category_one.valid_to, category_two.valid_to)
"""

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "lot": "text",
                "unit_id": "text",
                "via_unit_id": "text",
                "valid_from": "date",
                "valid_to": "date",
            },
        ),
        *bridge_checks(_TABLE, "unit_id", "dim_unit"),
        rows(
            f"{_TABLE}.unit_in_two_zones",
            "Enheten er i to soner av samme avtale for samme kategori samtidig, så det finnes to "
            "svar på hvem den skal kjøpe fra.",
            _IN_TWO_ZONES,
            rule_id="D03",
        ),
        rows(
            f"{_TABLE}.unit_without_zone",
            "Enheten er ikke i noen sone av en felles, forpliktende avtale, så kjøpene dens ville "
            "se ut som om ingen avtale gjaldt.",
            f"select * from ({_IN_NO_ZONE}) as left_out "
            f"where zoned_share > {COMMON_AGREEMENT_SHARE}",
            rule_id="D03",
        ),
        rows(
            f"{_TABLE}.unit_zone_gap",
            "Enheten er i en sone bare deler av avtalens periode, så kjøp i mellomrommet ville se "
            "ut som om ingen avtale gjaldt.",
            _GAPS,
            rule_id="D03",
        ),
        rows(
            f"{_TABLE}.unit_outside_small_zones",
            "Enheten er ikke i noen sone av en avtale som gjelder for halvparten av enhetene eller "
            "færre. Det er riktig hvis avtalen bare er for de andre.",
            f"select * from ({_IN_NO_ZONE}) as left_out "
            f"where zoned_share <= {COMMON_AGREEMENT_SHARE} and zoned_share > 0",
            severity="warn",
            rule_id="D03",
        ),
        lots_without(_TABLE, "enhet"),
    ),
    no_sum="Tabellen har ingen beløp.",
)
