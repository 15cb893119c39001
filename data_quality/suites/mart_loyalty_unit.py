"""The suite of `mart_loyalty_unit`: loyalty per year and unit, from distinct lines."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, no_orphans, rows
from data_quality.suites._loyalty import FIGURES, loyalty_checks, sums_to_lines

_TABLE = "mart_loyalty_unit"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {"year": "integer", "unit_id": "text", "agreement_count": "integer", **FIGURES},
        ),
        *key(_TABLE, "year", "unit_id"),
        *loyalty_checks(_TABLE),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
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
                select 1 from {_TABLE} as loyalty
                where loyalty.year = years.year and loyalty.unit_id = unit.unit_id
            )
            """,
            rule_id="D05",
        ),
    ),
    sums_to=sums_to_lines(_TABLE, ("year", "unit_id")),
)
