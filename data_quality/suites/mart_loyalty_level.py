"""The suite of `mart_loyalty_level`: loyalty at every level, per year and month."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, not_null, rows, share
from data_quality.suites._loyalty import CLASSES

_TABLE = "mart_loyalty_level"
_AMOUNTS = (
    *(f"{name}_nok" for name in CLASSES),
    "on_by_reference_nok",
    "on_by_price_list_nok",
    "on_by_category_nok",
    "on_by_spread_nok",
    "on_via_successor_nok",
    "on_via_subcontractor_nok",
    "undetermined_positive_nok",
    "undetermined_negative_nok",
)
_DENOMINATORS = (
    "low_numerator_nok",
    "low_denominator_nok",
    "high_numerator_nok",
    "high_denominator_nok",
    "spend_nok",
    "classified_nok",
)
LEVELS = ("total", "sector", "unit", "agreement", "lot", "category")
_MONTHS = ", ".join(f"sum({name}) as {name}" for name in _AMOUNTS)
_DIFFERENT = " or ".join(f"months.{name} <> years.{name}" for name in _AMOUNTS)


def _class_sums(name: str, level: str, lines_id: str) -> SumsTo:
    """Return that the year's rows of a level hold the lines of a class."""
    return SumsTo(
        f"{_TABLE}.{level}_{name}_sums_to_lines",
        f"Beløpet i {name}_nok er ikke summen av årets linjer i den klassen (nivået {level}).",
        ("year", "level_id"),
        f"select year, level_id, {name}_nok as nok from {_TABLE} "
        f"where level = '{level}' and period = 'year'",
        f"select year, {lines_id} as level_id, amount_nok as nok from fct_spend_line "
        f"where loyalty_class = '{name}'",
        rule_id="A02" if name == "on_agreement" else "D04",
    )


_LINES_ID = {
    "total": "'total'",
    "unit": "unit_id",
    "agreement": "agreement_id",
    "lot": "agreement_id || '/' || lot",
    "category": "category_id",
}

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "period": "text",
                "period_start": "date",
                "level": "text",
                "level_id": "text",
                "level_name": "text",
                "line_count": "integer",
                **dict.fromkeys((*_AMOUNTS, *_DENOMINATORS), "money"),
                "classified_share": "share",
                "loyalty_low": "share",
                "loyalty_high": "share",
                "status": "text",
            },
        ),
        *key(_TABLE, "level", "level_id", "period", "period_start", "year"),
        in_set(_TABLE, "level", LEVELS),
        in_set(_TABLE, "period", ("year", "month")),
        in_set(_TABLE, "status", ("assessed", "weak", "net_credit", "not_assessed")),
        not_null(_TABLE, "level_name"),
        share(_TABLE, "loyalty_low"),
        share(_TABLE, "loyalty_high"),
        rows(
            f"{_TABLE}.shares_are_quotients",
            "Lojaliteten er ikke telleren delt på nevneren, eller delene henger ikke sammen.",
            f"""
            select * from {_TABLE}
            where low_numerator_nok <> on_agreement_nok
                or high_numerator_nok <> on_agreement_nok + undetermined_positive_nok
                or low_denominator_nok <> on_agreement_nok + wrong_zone_nok + off_agreement_nok
                    + undetermined_negative_nok
                or high_denominator_nok <> high_numerator_nok + wrong_zone_nok + off_agreement_nok
                or abs(loyalty_low - cast(low_numerator_nok as double)
                    / nullif(cast(low_denominator_nok as double), 0)) > 1e-9
                or abs(loyalty_high - cast(high_numerator_nok as double)
                    / nullif(cast(high_denominator_nok as double), 0)) > 1e-9
                or abs(classified_share - cast(classified_nok as double)
                    / nullif(cast(spend_nok as double), 0)) > 1e-9
                or (status in ('not_assessed', 'net_credit')) <>
                    (line_count = 0 or least(on_agreement_nok, wrong_zone_nok, off_agreement_nok,
                        undetermined_positive_nok, undetermined_negative_nok) < 0)
                or (status in ('not_assessed', 'net_credit')
                    and (loyalty_low is not null or loyalty_high is not null))
            """,
            rule_id="D04",
        ),
        rows(
            f"{_TABLE}.low_not_above_high",
            "Nedre grense for lojaliteten er over den øvre.",
            f"select * from {_TABLE} where loyalty_low > loyalty_high + 1e-9",
            rule_id="D04",
        ),
        rows(
            f"{_TABLE}.evidence_adds_up",
            "Beløpet på avtale er ikke summen av det som hviler på hvert trinn av bevis.",
            f"select * from {_TABLE} where on_by_reference_nok + on_by_price_list_nok "
            "+ on_by_category_nok + on_by_spread_nok <> on_agreement_nok",
            rule_id="A02",
        ),
        rows(
            f"{_TABLE}.months_add_up",
            "Månedene blir ikke året.",
            f"""
            select years.year, years.level, years.level_id
            from (select * from {_TABLE} where period = 'year') as years
            inner join (
                select year, level, level_id, {_MONTHS} from {_TABLE}
                where period = 'month' group by year, level, level_id
            ) as months on months.year = years.year and months.level = years.level
                and months.level_id = years.level_id
            where {_DIFFERENT}
            """,
            rule_id="A02",
        ),
        rows(
            f"{_TABLE}.units_fit_mart_loyalty_unit",
            "Enhetens tall er andre enn i mart_loyalty_unit.",
            f"""
            select loyalty.year, loyalty.unit_id
            from mart_loyalty_unit as loyalty
            left join {_TABLE} as levels
                on levels.level = 'unit' and levels.period = 'year'
                and levels.year = loyalty.year and levels.level_id = loyalty.unit_id
            where (levels.level_id is null and loyalty.line_count > 0)
                or levels.on_agreement_nok <> loyalty.on_agreement_nok
                or levels.undetermined_positive_nok <> loyalty.undetermined_positive_nok
                or levels.undetermined_negative_nok <> loyalty.undetermined_negative_nok
                or levels.status <> loyalty.status
            """,
            rule_id="A04",
        ),
        rows(
            f"{_TABLE}.every_unit",
            "En enhet som fantes i året, mangler; også de uten kjøp skal ha en rad.",
            f"""
            select distinct years.year, unit.unit_id, unit.name
            from (select distinct year from fct_spend_line) as years
            inner join dim_unit as unit
                on extract(year from unit.valid_from) <= years.year
                and extract(year from unit.valid_to - 1) >= years.year
                and unit.unit_id <> 'unknown'
            where not exists (
                select 1 from {_TABLE} as levels
                where levels.level = 'unit' and levels.period = 'year'
                    and levels.year = years.year and levels.level_id = unit.unit_id
            )
            """,
            rule_id="D05",
        ),
    ),
    sums_to=tuple(
        _class_sums(name, level, lines_id)
        for level, lines_id in _LINES_ID.items()
        for name in CLASSES
    ),
)
