"""The suite of `mart_loyalty_unit`: loyalty per year and unit, from distinct lines."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, no_orphans, rows
from data_quality.suites._loyalty import FIGURES, loyalty_checks, sums_to_lines

_TABLE = "mart_loyalty_unit"
_KEY = ("year", "unit_id")

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {"year": "integer", "unit_id": "text", "agreement_count": "integer", **FIGURES},
        ),
        *key(_TABLE, *_KEY),
        *loyalty_checks(_TABLE, _KEY),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        rows(
            f"{_TABLE}.undetermined_fits_agreements",
            "Enhetens ubestemte beløp er mindre enn for en av avtalene eller større enn for alle "
            "til sammen i mart_loyalty.",
            # Only where every line is positive: else a sum over some lines may be above all's.
            f"""
            with by_agreement as (
                select year, unit_id, max(undetermined_positive_nok) as most_positive_nok,
                    max(undetermined_positive_nok + undetermined_negative_nok) as most_nok,
                    sum(undetermined_positive_nok + undetermined_negative_nok) as all_nok
                from mart_loyalty group by year, unit_id
            )
            select loyalty.*, most_positive_nok, most_nok, all_nok
            from {_TABLE} as loyalty
            left join by_agreement using (year, unit_id)
            where (loyalty.undetermined_positive_nok < coalesce(most_positive_nok, 0)
                    or loyalty.undetermined_positive_nok + loyalty.undetermined_negative_nok
                        not between coalesce(most_nok, 0) and coalesce(all_nok, 0))
                and not exists (
                    select 1 from fct_spend_line as line
                    where line.year = loyalty.year and line.unit_id = loyalty.unit_id
                        and line.loyalty_class = 'undetermined' and line.amount_nok < 0
                )
            """,
            rule_id="D04",
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
                select 1 from {_TABLE} as loyalty
                where loyalty.year = years.year and loyalty.unit_id = unit.unit_id
            )
            """,
            rule_id="D05",
        ),
    ),
    sums_to=sums_to_lines(_TABLE, _KEY),
)
