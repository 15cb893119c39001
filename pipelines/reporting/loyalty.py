"""Figures of loyalty and coverage for one year, as the marts hold them, and their totals.

A total over units is the sum of rows from distinct lines (`mart_loyalty_unit`, or one agreement's
rows of `mart_loyalty`); rows of two agreements are never added, since they can share lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipelines.reporting.database import Reader, Row
from pipelines.reporting.figures import Context

TOP_COVERAGE = 15


@dataclass(frozen=True)
class Loyalty:
    """Loyalty and coverage of one year; money in NOK ex VAT, shares in 0..1.

    `total` and the rows of `agreements` carry `loyalty_low`, `loyalty_high` and `status`, by the
    same rules as the rows of the marts.
    """

    total: Row
    units: list[Row]
    agreements: list[Row]
    agreement_units: dict[str, list[Row]]
    leak_total: Row
    coverage: list[Row]
    other_coverage: Row
    coverage_total: Row
    coverage_years: list[Row]
    years: list[Row]


def load_loyalty(reader: Reader, year: int, context: Context) -> Loyalty:
    """Return the figures of loyalty and coverage for a year."""
    years = [assessed(row, context) for row in reader.rows(TOTALS)]
    none = assessed(dict.fromkeys(SUMS, Decimal(0)) | {"line_count": 0}, context)
    agreements = [assessed(row, context) for row in reader.rows(AGREEMENTS, [year])]
    coverage = reader.rows(COVERAGE, [year])
    return Loyalty(
        total=next((row for row in years if row["year"] == year), none),
        units=reader.rows(UNITS, [year]),
        agreements=agreements,
        agreement_units=_by_agreement(reader.rows(AGREEMENT_UNITS, [year])),
        leak_total=reader.one(LEAK_TOTAL, [year]),
        coverage=coverage[:TOP_COVERAGE],
        other_coverage=_rest(coverage[TOP_COVERAGE:], COVERAGE_SUMS),
        coverage_total=_rest(coverage, COVERAGE_SUMS),
        coverage_years=reader.rows(COVERAGE_YEARS),
        years=years,
    )


def assessed(sums: Row, context: Context) -> Row:
    """Return the sums with `loyalty_low`, `loyalty_high` (null where there is none) and `status`.

    low = on / (on + wrong + off + neg), high = (on + pos) / (on + pos + wrong + off); `weak` below
    the settings' limits, `net_credit` where a sum is negative, `not_assessed` without a purchase.
    """
    on, pos, neg = (sums[name] for name in ("on_nok", "positive_nok", "negative_nok"))
    judged = on + sums["wrong_nok"] + sums["off_nok"]
    if not sums["line_count"] or not (judged or pos or neg):
        return sums | {"loyalty_low": None, "loyalty_high": None, "status": "not_assessed"}
    if min(sums[name] for name in SUMS[:5]) < 0 or judged + neg <= 0 or judged + pos <= 0:
        return sums | {"loyalty_low": None, "loyalty_high": None, "status": "net_credit"}
    return sums | {
        "loyalty_low": float(on / (judged + neg)),
        "loyalty_high": float((on + pos) / (judged + pos)),
        "status": "weak" if _is_weak(sums, judged, context) else "assessed",
    }


def _is_weak(sums: Row, judged: Decimal, context: Context) -> bool:
    spend = sums["spend_unit_nok"]
    classified = float(sums["classified_nok"]) / float(spend) if spend > 0 else 0.0
    return (
        classified < context.weak_classified_share
        or sums["line_count"] < context.weak_min_lines
        or judged < context.weak_min_nok
    )


def _by_agreement(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["agreement_id"], []).append(row)
    return grouped


def _rest(rows: list[Row], columns: tuple[str, ...]) -> Row:
    totals = {name: sum((row[name] for row in rows), Decimal(0)) for name in columns}
    return {"row_count": len(rows)} | totals


SUMS = (
    "on_nok",
    "wrong_nok",
    "off_nok",
    "positive_nok",
    "negative_nok",
    "spend_unit_nok",
    "classified_nok",
)
COVERAGE_SUMS = ("covered_nok", "voluntary_nok", "uncovered_nok", "with_agreement_nok", "all_nok")

_UNIT_NAMES = """
    unit_names as (
        select unit_id, arg_max(name, valid_from) as name
        from dim_unit
        group by unit_id
    )
"""

# Two agreements can have one title; their rows and charts must be told apart.
_AGREEMENT_TITLES = """
    agreement_titles as (
        select
            agreement_id,
            case
                when count(*) over (partition by title) > 1
                then title || ' (' || agreement_id || ')'
                else title
            end as title
        from dim_agreement
    )
"""

_SUMS = """
    sum(l.on_agreement_nok) as on_nok,
    sum(l.wrong_zone_nok) as wrong_nok,
    sum(l.off_agreement_nok) as off_nok,
    sum(l.outside_period_nok) as outside_nok,
    sum(l.undetermined_positive_nok) as positive_nok,
    sum(l.undetermined_negative_nok) as negative_nok,
    cast(sum(l.line_count) as bigint) as line_count,
    coalesce(sum(l.spend_unit_nok), 0) as spend_unit_nok,
    coalesce(sum(l.spend_unit_nok * l.classified_share), 0) as classified_nok
"""

TOTALS = f"""
select l.year, {_SUMS}
from mart_loyalty_unit as l
group by l.year
order by l.year
"""

UNITS = f"""
with
    {_UNIT_NAMES},
    own_production as (
        select unit_id, bool_and(own_production_allowed) as own_production_allowed
        from mart_loyalty
        where year = $1
        group by unit_id
    )
select l.*, coalesce(n.name, l.unit_id) as name, o.own_production_allowed
from mart_loyalty_unit as l
left join unit_names as n on l.unit_id = n.unit_id
left join own_production as o on l.unit_id = o.unit_id
where l.year = $1
order by
    case l.status when 'assessed' then 0 when 'weak' then 1 when 'net_credit' then 2 else 3 end,
    l.loyalty_low desc nulls last,
    name,
    l.unit_id
"""

AGREEMENTS = f"""
with {_AGREEMENT_TITLES}
select
    l.agreement_id,
    coalesce(max(a.title), l.agreement_id) as title,
    bool_or(l.own_production_allowed) as own_production_allowed,
    count(*) as unit_count,
    count(*) filter (where l.status = 'not_assessed') as not_assessed_count,
    {_SUMS}
from mart_loyalty as l
left join agreement_titles as a on l.agreement_id = a.agreement_id
where l.year = ?
group by l.agreement_id
order by sum(l.on_agreement_nok + l.wrong_zone_nok + l.off_agreement_nok) desc, l.agreement_id
"""

AGREEMENT_UNITS = f"""
with {_UNIT_NAMES}
select l.*, coalesce(n.name, l.unit_id) as name
from mart_loyalty as l
left join unit_names as n on l.unit_id = n.unit_id
where l.year = ?
order by
    l.agreement_id,
    case l.status when 'assessed' then 0 when 'weak' then 1 when 'net_credit' then 2 else 3 end,
    l.on_agreement_nok + l.wrong_zone_nok + l.off_agreement_nok desc,
    name,
    l.unit_id
"""

LEAK_TOTAL = """
select
    count(*) as leak_count,
    coalesce(sum(amount_nok), 0) as spend_nok,
    cast(coalesce(sum(line_count), 0) as bigint) as line_count
from mart_loyalty_leak
where year = ? and is_leak
"""

_COVERAGE_SUMS = """
    covered_nok,
    voluntary_nok,
    uncovered_nok,
    covered_nok + voluntary_nok as with_agreement_nok,
    covered_nok + voluntary_nok + uncovered_nok as all_nok
"""

COVERAGE = f"""
select
    coalesce(k.name, c.category_id) as name,
    k.faggruppe,
    c.coverage_share,
    {_COVERAGE_SUMS}
from mart_coverage as c
left join dim_category as k on c.category_id = k.category_id
where c.year = ?
order by c.uncovered_nok desc, c.category_id
"""

COVERAGE_YEARS = """
select
    year,
    sum(covered_nok + voluntary_nok) as with_agreement_nok,
    sum(covered_nok + voluntary_nok + uncovered_nok) as all_nok
from mart_coverage
group by year
order by year
"""
