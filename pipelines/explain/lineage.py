"""Which published lines a figure rests on: conditions on the lines, per table and column.

`line` is every published line: those of the population (`fct_spend_line`) and those outside it.
`$name` is the column of that name in the row that is explained. A figure without an entry of its
own rests on the lines that have its row's keys; the answer says whether they add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data_quality.suites._undetermined import CONCERNED

# The lines, and what they have in common with keys of marts.
LINES = """
    select line.*, true as is_in_population, cast(null as varchar) as population_reason
    from fct_spend_line as line
    union all by name
    select outside.*, false as is_in_population from fct_outside_population_line as outside
"""
KEYS = (
    *("spend_line_id", "document_id", "source_sha256", "year", "entity_id", "spend_source"),
    *("unit_id", "supplier_id", "category_id", "agreement_id", "lot", "channel", "loyalty_class"),
)
_INSIDE = "line.is_in_population"


@dataclass(frozen=True)
class Lineage:
    """The lines of a row, what narrows them per column, and how a quotient is made.

    `first` are common table expressions that the conditions use.
    """

    rows: str
    columns: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    first: str = ""


_CLASSES = {
    f"{name}_nok": f"line.loyalty_class = '{name}'"
    for name in ("on_agreement", "wrong_zone", "off_agreement", "outside_period")
}
_SHARES = ("loyalty_low", "loyalty_high")
_LOYALTY_FORMULAS = {
    "loyalty_low": "on_agreement_nok / (on_agreement_nok + wrong_zone_nok + off_agreement_nok "
    "+ undetermined_negative_nok)",
    "loyalty_high": "(on_agreement_nok + undetermined_positive_nok) / (on_agreement_nok "
    "+ undetermined_positive_nok + wrong_zone_nok + off_agreement_nok)",
    "classified_share": "netto forbruk med kjent kategori / netto forbruk i enhetens år",
}
_COVERAGE = {
    "covered_nok": "line.coverage = 'binding'",
    "voluntary_nok": "line.coverage = 'voluntary'",
    "uncovered_nok": "line.coverage = 'none'",
}
_ADDRESSABLE = (
    f"{_INSIDE} and line.year = $year and line.category_id = $category_id and exists (select 1 "
    "from dim_category as category where category.category_id = line.category_id "
    "and (category.is_addressable or category.category_id = 'unknown'))"
)


def _concerned(agreement: str) -> str:
    return f"""
        select 1 from concerned where concerned.unit_id = line.unit_id
            and concerned.supplier_id = line.supplier_id
            and concerned.category_id = line.category_id
            and concerned.decisive_date = line.decisive_date
            and concerned.year = line.year {agreement}
    """


def _undetermined(agreement: str = "") -> dict[str, str]:
    """Return the conditions of the undetermined lines of a unit that may be an agreement's.

    A line that is positive for one lot is never negative for another.
    """
    concerned = _concerned(agreement)
    is_undetermined = "line.loyalty_class = 'undetermined'"
    is_positive = f"exists ({concerned} and concerned.is_positive)"
    return {
        "undetermined_positive_nok": f"{is_undetermined} and {is_positive}",
        "undetermined_negative_nok": f"{is_undetermined} and not {is_positive} "
        f"and exists ({concerned})",
    }


def _with_shares(columns: dict[str, str]) -> dict[str, str]:
    """Add the columns that are quotients: they rest on the lines of all the amounts in them."""
    parts = [rule for name, rule in columns.items() if name != "outside_period_nok"]
    return columns | dict.fromkeys(_SHARES, " or ".join(f"({rule})" for rule in parts))


_OF_AGREEMENT = "and concerned.agreement_id = $agreement_id"
_ROW = f"{_INSIDE} and line.year = $year and line.unit_id = $unit_id"

LINEAGE: dict[str, Lineage] = {
    "fct_spend_line": Lineage("line.spend_line_id = $spend_line_id"),
    "fct_outside_population_line": Lineage("line.spend_line_id = $spend_line_id"),
    "fct_document": Lineage("line.document_id = $document_id"),
    "mart_reconciliation": Lineage(
        "line.source_sha256 = $source_sha256",
        {"spend_nok": _INSIDE, "outside_population_nok": f"not {_INSIDE}"},
    ),
    "mart_loyalty": Lineage(
        _ROW,
        _with_shares(
            {
                name: f"{rule} and line.agreement_id = $agreement_id"
                for name, rule in _CLASSES.items()
            }
            | _undetermined(_OF_AGREEMENT)
        ),
        _LOYALTY_FORMULAS,
        f"with {CONCERNED}",
    ),
    "mart_loyalty_unit": Lineage(
        _ROW,
        _with_shares(_CLASSES | _undetermined()),
        _LOYALTY_FORMULAS,
        f"with {CONCERNED}",
    ),
    "mart_coverage": Lineage(
        _ADDRESSABLE,
        _COVERAGE,
        {"coverage_share": "(covered_nok + voluntary_nok) / alt påvirkbart forbruk"},
    ),
}
