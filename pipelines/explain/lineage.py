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
_PARTS = (
    *("on_agreement_nok", "wrong_zone_nok", "off_agreement_nok"),
    *("undetermined_positive_nok", "undetermined_negative_nok"),
)
_LOYALTY_FORMULAS = {
    "loyalty_low": "on_agreement_nok / (on_agreement_nok + wrong_zone_nok + off_agreement_nok "
    "+ undetermined_negative_nok)",
    "loyalty_high": "(on_agreement_nok + undetermined_positive_nok) / (on_agreement_nok "
    "+ undetermined_positive_nok + wrong_zone_nok + off_agreement_nok)",
    "classified_share": "netto forbruk med kjent kategori / netto forbruk i enhetens år",
}
_ON = "line.loyalty_class = 'on_agreement'"
# Which rung of evidence the loyal part rests on, and through whom the supplier is on the lot.
_RUNGS = {
    "on_by_reference_nok": f"{_ON} and line.loyalty_evidence = 'reference'",
    "on_by_price_list_nok": f"{_ON} and line.loyalty_evidence = 'price_list'",
    "on_by_category_nok": f"{_ON} and line.loyalty_evidence = 'supplier_category_zone_date'",
    "on_by_spread_nok": f"{_ON} and line.loyalty_evidence in "
    "('credited_line', 'spread_over_document')",
    "on_via_successor_nok": f"{_ON} and line.supplier_basis = 'successor'",
    "on_via_subcontractor_nok": f"{_ON} and line.supplier_basis = 'subcontractor'",
}
_BOUGHT_ON = "line.loyalty_class in ('on_agreement', 'voluntary')"
_OF_THE_AGREEMENT = f"{_INSIDE} and line.agreement_id = $agreement_id"
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
    parts = [columns[name] for name in columns if name in _PARTS]
    return columns | dict.fromkeys(_SHARES, " or ".join(f"({rule})" for rule in parts))


_QUARTER = """(case when year(coalesce(line.posting_date, line.issue_date)) < line.year then 1
    when year(coalesce(line.posting_date, line.issue_date)) = line.year
    then quarter(coalesce(line.posting_date, line.issue_date)) else 4 end)"""
_OF_SECTOR = """exists (
    select 1 from dim_unit as unit where unit.unit_id = line.unit_id
        and coalesce(unit.sector, 'Ukjent') = {name}
        and unit.valid_from <= line.decisive_date and line.decisive_date < unit.valid_to)"""
# The numerator's lines of the key figures that are shares of spend; the others count registers.
_OF_KPI = """(
    ($kpi_id in ('EHANDEL_ALT', 'EHANDEL_ENKELTKJOP') and line.channel = 'ehandel'
        and ($kpi_id = 'EHANDEL_ALT'
            or line.loyalty_class not in ('on_agreement', 'voluntary'))
        and line.category_id not in (
            select works.category_id from dim_category as works where works.kind = 'works'))
    or ($kpi_id = 'DEKNING' and line.coverage in ('binding', 'voluntary')
        and line.category_id <> 'unknown')
    or ($kpi_id = 'FULLMAKT' and line.document_id in (
        select exceeded.document_id from mart_authority_exceeded as exceeded
        where exceeded.year = $year))
)"""
_LEVEL = f"""(
    $level = 'total'
    or ($level = 'unit' and line.unit_id = $level_id)
    or ($level = 'agreement' and line.agreement_id = $level_id)
    or ($level = 'lot' and line.agreement_id = $agreement_id and line.lot = $lot)
    or ($level = 'category' and line.category_id = $level_id)
    or ($level = 'sector' and {_OF_SECTOR.format(name="$level_id")})
)"""
# The month of an invoice is that of its date, of a posting that of its day in the accounting year.
_PERIOD = """($period = 'year' or date_trunc('month', case when line.spend_source = 'ledger'
    then coalesce(line.posting_date, line.issue_date, line.decisive_date)
    else line.issue_date end) = $period_start)"""
_WINDOW = f"""
    {_INSIDE} and line.category_id = $category_id and line.decisive_date >= $window_start
    and line.decisive_date < $window_end
    and line.loyalty_class in ('no_agreement', 'outside_period', 'off_agreement')
    and ($scope = 'municipality' or line.supplier_id = $supplier_id)
"""
_OF_DEFINITION = """exists (
    select 1 from dim_spend_definition as definition
    where definition.definition_id = $definition_id and (line.is_in_population
        or (line.population_reason = 'public_body' and definition.includes_public_bodies)
        or (line.population_reason = 'internal' and definition.includes_internal_sellers)
        or (line.population_reason = 'internal_account' and definition.includes_internal_account)
        or (line.population_reason = 'transfers' and definition.includes_transfers)
        or (line.population_reason = 'wages' and definition.includes_wages))
)"""
_ACTIVE = """line.supplier_id in (
    select active.supplier_id from mart_supplier_year as active
    where active.year = $year and active.definition_id = $definition_id)"""
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
                for name, rule in (_CLASSES | _RUNGS).items()
            }
            | _undetermined(_OF_AGREEMENT)
        ),
        _LOYALTY_FORMULAS,
        f"with {CONCERNED}",
    ),
    "mart_loyalty_unit": Lineage(
        _ROW,
        _with_shares(_CLASSES | _RUNGS | _undetermined()),
        _LOYALTY_FORMULAS,
        f"with {CONCERNED}",
    ),
    "mart_coverage": Lineage(
        _ADDRESSABLE,
        _COVERAGE,
        {"coverage_share": "(covered_nok + voluntary_nok) / alt påvirkbart forbruk"},
    ),
    "mart_loyalty_level": Lineage(
        f"{_INSIDE} and line.year = $year and {_LEVEL} and {_PERIOD}",
        {
            **_CLASSES,
            **_RUNGS,
            **dict.fromkeys(
                _SHARES,
                "line.loyalty_class in ('on_agreement', 'wrong_zone', 'off_agreement')",
            ),
        },
        _LOYALTY_FORMULAS,
    ),
    "mart_loyalty_leak": Lineage(
        f"{_OF_THE_AGREEMENT} and line.year = $year and line.unit_id = $unit_id "
        "and line.lot is not distinct from $lot and line.supplier_id = $supplier_id "
        "and line.loyalty_class = $loyalty_class",
        {"amount_nok": "true"},
    ),
    "mart_loyalty_evidence": Lineage(
        f"{_OF_THE_AGREEMENT} and line.year = $year and line.loyalty_class = $loyalty_class",
        {
            "amount_nok": "line.loyalty_evidence = $loyalty_evidence "
            "and line.supplier_basis is not distinct from $supplier_basis"
        },
    ),
    "mart_call_off": Lineage(
        f"{_OF_THE_AGREEMENT} and line.year = $year",
        {"spend_nok": _BOUGHT_ON, "outside_period_nok": "line.loyalty_class = 'outside_period'"},
    ),
    "mart_agreement_turnover": Lineage(
        f"{_OF_THE_AGREEMENT} and line.year = $year and {_QUARTER} = $quarter "
        "and line.supplier_id = $supplier_id and line.category_id = $category_id",
        {"turnover_nok": _BOUGHT_ON, "wrong_zone_nok": "line.loyalty_class = 'wrong_zone'"},
    ),
    "mart_threshold_watch": Lineage(
        _WINDOW,
        {"spend_without_agreement_nok": "true"}
        | {
            name: f"line.loyalty_class = '{name.removesuffix('_nok')}'"
            for name in ("no_agreement_nok", "outside_period_nok", "off_agreement_nok")
        },
    ),
    "mart_threshold_unit": Lineage(
        f"{_WINDOW} and line.unit_id = $unit_id and line.loyalty_class = $loyalty_class "
        "and line.agreement_id is not distinct from $agreement_id",
        {"spend_nok": "true"},
    ),
    "mart_supplier_year": Lineage(
        f"line.year = $year and line.supplier_id = $supplier_id and {_OF_DEFINITION}",
        {"spend_nok": "true"},
    ),
    "mart_supplier_average": Lineage(
        f"line.year = $year and {_OF_DEFINITION} and {_ACTIVE}",
        {"numerator_nok": "true"},
        {
            "mean_nok": "numerator_nok / denominator_suppliers",
            "median_nok": "medianen av leverandørenes forbruk i mart_supplier_year",
        },
    ),
    "mart_authority_exceeded": Lineage(
        f"{_INSIDE} and line.document_id = $document_id and line.unit_id = $unit_id "
        "and line.supplier_id = $supplier_id",
        {"amount_nok": "true"},
        {"above_limit_nok": "amount_nok - limit_nok"},
    ),
    "mart_unit_ranking": Lineage(
        f"line.year = $year and {_OF_DEFINITION} and {_ACTIVE} "
        "and (($level = 'unit' and line.unit_id = $group_id) "
        f"or ($level = 'sector' and {_OF_SECTOR.format(name='$group_id')}))",
        {"spend_nok": "true"},
    ),
    "mart_concentration": Lineage(
        f"line.year = $year and {_OF_DEFINITION} and {_ACTIVE} "
        "and ($category_id = '*' or line.category_id = $category_id)",
        {"spend_nok": "true", "largest_nok": "line.supplier_id = $largest_supplier_id"},
        {"hhi": "10 000 × summen av leverandørenes andeler i annen"},
    ),
    "mart_spend_change": Lineage(
        f"{_INSIDE} and line.year = $year and ($category_id = '*' "
        "or line.category_id = $category_id)",
        {"current_nok": "true"},
        dict.fromkeys(
            (
                *("previous_nok", "change_nok", "new_suppliers_nok", "lost_suppliers_nok"),
                *("price_nok", "quantity_nok", "mix_nok", "matched_nok"),
            ),
            "en del av endringen fra året før; linjene er årets",
        ),
    ),
    "mart_agreement_status": Lineage(
        _OF_THE_AGREEMENT,
        {"turnover_nok": _BOUGHT_ON},
        {
            "projected_nok": "omsetning hittil + fart × tid igjen av perioden",
            "projected_latest_nok": "omsetning hittil + fart × tid igjen til senest mulig slutt",
            "pace_nok": "omsetningen de siste månedene, regnet om til et år",
            "remaining_nok": "ceiling_nok - turnover_nok",
        },
    ),
    "mart_category_agreement_gap": Lineage(
        f"{_INSIDE} and line.year = $year and line.category_id = $category_id",
        {"spend_nok": "true"},
    ),
    "mart_control_coverage": Lineage(
        f"{_INSIDE} and line.year = $year and line.category_id = $category_id",
        formulas={
            "spend_nok": "leverandører med netto kjøp i året",
            "controlled_share": "controlled_supplier_count / supplier_count",
        },
    ),
    "mart_strategy_kpi": Lineage(
        f"{_INSIDE} and line.year = $year and {_OF_KPI}",
        formulas={"value": "teller / nevner, eller telleren; description_nb sier hva de er"},
    ),
}
