"""Figures of spend and suppliers: which year the report is about, and what was bought from whom.

Loyalty and coverage are in `loyalty`, what the figures rest on in `basis`. Nothing is formatted
here, and no definition is decided here: the marts hold the figures with their `definition_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.reporting.database import Reader, Row

DEFAULT_DEFINITION = "STD"
TOP_SUPPLIERS = 20
PARETO_SHARE = Decimal("0.8")
PARETO_POINTS = 150


@dataclass(frozen=True)
class Context:
    """The settings of the build that the report mentions."""

    as_of_date: date
    municipality_name: str
    build_key: str
    outside_period_months: int
    exchange_rate_max_age_days: int
    weak_classified_share: float
    weak_min_lines: int
    weak_min_nok: Decimal
    public_min_cell: int
    licence_activity_days: int


@dataclass(frozen=True)
class Spend:
    """Spend of one year (`year`), the definitions, and the years beside it; money in NOK ex VAT."""

    year: int
    is_whole_year: bool
    years: list[Row]
    months: list[Row]
    suppliers: list[Row]
    other_suppliers: Row
    pareto: list[Row]
    concentration: list[Row]
    averages: list[Row]
    classes: list[Row]

    @property
    def has_shares(self) -> bool:
        """Return whether the year's spend is above zero, so that shares of it mean anything."""
        return bool(self.this_year["spend_nok"] > 0)

    @property
    def pareto_count(self) -> int | None:
        """Return the smallest number of suppliers with 80 % of the spend."""
        counts = (row["suppliers"] for row in self.concentration if row["share"] == PARETO_SHARE)
        return next(counts, None)

    @property
    def this_year(self) -> Row:
        """Return the row of `years` that the report is about."""
        return next(row for row in self.years if row["year"] == self.year)


def read_context(run_context: Path) -> Context:
    """Return the settings of the build from `inputs/run_context.parquet` (exactly one row)."""
    row = pl.read_parquet(run_context).row(0, named=True)
    return Context(**{name: row[name] for name in Context.__dataclass_fields__})


def report_year(years: list[int], as_of: date) -> int | None:
    """Return the year that the report is about, None where there is no spend.

    It is the latest whole year on the as-of date; else the latest that has begun; else, where all
    of it is dated later, the latest.
    """
    whole = [year for year in years if date(year, 12, 31) <= as_of]
    begun = [year for year in years if year <= as_of.year]
    return max(whole or begun or years, default=None)


def spend_years(reader: Reader) -> list[int]:
    """Return the years that have spend lines."""
    rows = reader.rows("select distinct year from fct_spend_line order by year")
    return [row["year"] for row in rows]


def load_spend(reader: Reader, year: int, as_of: date) -> Spend:
    """Return the figures of spend and suppliers for a year that has spend."""
    suppliers, others = _suppliers(reader, year)
    return Spend(
        year=year,
        is_whole_year=date(year, 12, 31) <= as_of,
        years=reader.rows(YEARS, [DEFAULT_DEFINITION]),
        months=reader.rows(MONTHS, [year - 1, year]),
        suppliers=suppliers,
        other_suppliers=others,
        pareto=reader.rows(PARETO, [year, DEFAULT_DEFINITION, PARETO_POINTS, PARETO_SHARE]),
        concentration=reader.rows(CONCENTRATION, [year, DEFAULT_DEFINITION]),
        averages=reader.rows(AVERAGES, [year, DEFAULT_DEFINITION]),
        classes=reader.rows(CLASSES, [year]),
    )


def _suppliers(reader: Reader, year: int) -> tuple[list[Row], Row]:
    parameters = [year, DEFAULT_DEFINITION, TOP_SUPPLIERS]
    return reader.rows(SUPPLIERS, parameters), reader.one(OTHER_SUPPLIERS, parameters)


YEARS = """
with
    lines as (
        select
            year,
            sum(amount_nok) as spend_nok,
            count(*) as line_count,
            coalesce(sum(amount_nok) filter (where category_id <> 'unknown'), 0)
                as known_category_nok,
            coalesce(sum(amount_nok) filter (where unit_id <> 'unknown'), 0) as known_unit_nok
        from fct_spend_line
        group by year
    )
select
    lines.*,
    averages.numerator_nok,
    averages.denominator_suppliers,
    averages.mean_nok,
    averages.median_nok
from lines
left join mart_supplier_average as averages
    on lines.year = averages.year
    and averages.definition_id = ?
order by lines.year
"""

MONTHS = """
select month, sum(spend_nok) as spend_nok
from mart_spend_cube
where year in (?, ?)
group by month
order by month
"""

SUPPLIERS = """
select
    y.spend_rank,
    coalesce(nullif(trim(s.name), ''), s.orgnr, y.supplier_id) as name,
    s.orgnr,
    y.spend_nok,
    y.spend_share,
    y.cumulative_share,
    y.document_count
from mart_supplier_year as y
left join dim_supplier as s on y.supplier_id = s.supplier_id
where y.year = ? and y.definition_id = ? and y.spend_rank <= ?
order by y.spend_rank, y.supplier_id
"""

OTHER_SUPPLIERS = """
select
    count(*) as supplier_count,
    coalesce(sum(spend_nok), 0) as spend_nok,
    coalesce(sum(spend_share), 0) as spend_share,
    cast(coalesce(sum(document_count), 0) as bigint) as document_count
from mart_supplier_year
where year = ? and definition_id = ? and spend_rank > ?
"""

PARETO = """
with
    ranked as (
        select spend_rank, cumulative_share, count(*) over () as supplier_count
        from mart_supplier_year
        where year = $1 and definition_id = $2
    )
select spend_rank, cumulative_share, supplier_count
from ranked
where
    spend_rank <= 20
    or spend_rank = supplier_count
    or spend_rank % greatest(1, cast(supplier_count / $3 as integer)) = 0
    or spend_rank = (select min(spend_rank) from ranked where cumulative_share >= $4)
order by spend_rank
"""

CONCENTRATION = """
with
    shares as (
        select * from (values (0.5), (0.8), (0.9), (0.95)) as listed(share)
    ),
    suppliers as (
        select spend_rank, cumulative_share, count(*) over () as supplier_count
        from mart_supplier_year
        where year = ? and definition_id = ?
    )
select shares.share, min(suppliers.spend_rank) as suppliers, suppliers.supplier_count
from shares
join suppliers on suppliers.cumulative_share >= shares.share
group by shares.share, suppliers.supplier_count
order by shares.share
"""

AVERAGES = """
select
    a.definition_id,
    coalesce(d.name_nb, a.definition_id) as name,
    d.description_nb as description,
    a.population,
    a.numerator_nok,
    a.denominator_suppliers,
    a.mean_nok,
    a.median_nok,
    a.trimmed_mean_nok
from mart_supplier_average as a
left join dim_spend_definition as d on a.definition_id = d.definition_id
where a.year = ?
order by case when a.definition_id = ? then 0 else 1 end, a.definition_id
"""

CLASSES = """
select loyalty_class, count(*) as line_count, sum(amount_nok) as spend_nok
from fct_spend_line
where year = ?
group by loyalty_class
order by spend_nok desc, loyalty_class
"""
