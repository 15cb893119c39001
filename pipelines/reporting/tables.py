"""Tables as the page shows them: formatted text in rows and columns, one function per table.

What is summed and ranked comes from `figures` and `loyalty`; tables of what the figures rest on
are in `basis_tables`. No HTML here: the template makes it and escapes every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.reporting import labels
from pipelines.reporting.database import Row
from pipelines.reporting.figures import Spend
from pipelines.reporting.formats import (
    MISSING,
    MONTHS,
    counted,
    interval,
    listed,
    nok,
    number,
    percent,
)
from pipelines.reporting.loyalty import Loyalty


@dataclass(frozen=True)
class Column:
    """A column's heading, and whether its cells are numbers (set to the right)."""

    heading: str
    is_number: bool = True


@dataclass(frozen=True)
class Table:
    """One table: the first cell of each row is its heading, `total` an optional last row.

    `source` is the published table that the figures are in, for `samkjop explain`.
    """

    table_id: str
    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]
    total: tuple[str, ...] | None = None
    source: str | None = None


def words(*headings: str) -> tuple[Column, ...]:
    """Return columns of text."""
    return tuple(Column(heading, is_number=False) for heading in headings)


def numbers(*headings: str) -> tuple[Column, ...]:
    """Return columns of numbers."""
    return tuple(Column(heading) for heading in headings)


def years(spend: Spend, loyalty: Loyalty) -> Table:
    """Return one row per year: spend, suppliers, averages, loyalty, coverage, known shares."""
    by_year = {row["year"]: row for row in loyalty.years}
    coverage = {row["year"]: row for row in loyalty.coverage_years}
    rows = [
        (
            str(row["year"]),
            nok(row["numerator_nok"]),
            number(row["denominator_suppliers"]),
            nok(row["mean_nok"]),
            nok(row["median_nok"]),
            loyalty_text(by_year.get(row["year"])),
            percent(share_of(coverage.get(row["year"]), "with_agreement_nok", "all_nok")),
            percent(share_of(row, "known_category_nok", "spend_nok")),
            percent(share_of(row, "known_unit_nok", "spend_nok")),
        )
        for row in spend.years
    ]
    headings = (
        "Forbruk",
        "Aktive leverandører",
        "Snitt per leverandør",
        "Median",
        "Avtalelojalitet",
        "Avtaledekning",
        "Kjent kategori",
        "Kjent enhet",
    )
    caption = "Nøkkeltall per år, definisjon STD, kroner uten mva."
    columns = (*words("År"), *numbers(*headings))
    return Table("aar", caption, columns, rows, source="mart_supplier_average")


def months(spend: Spend) -> Table:
    """Return one row per month of the year, the year before beside it."""
    amounts = {(row["month"].year, row["month"].month): row["spend_nok"] for row in spend.months}
    shown = [spend.year, spend.year - 1] if has_year_before(spend) else [spend.year]
    rows = [
        (name.capitalize(), *(nok(amounts.get((year, index))) for year in shown))
        for index, name in enumerate(MONTHS, start=1)
    ]
    total = ("Sum", *(nok(_sum_of(amounts, year)) for year in shown))
    columns = (*words("Måned"), *numbers(*(str(year) for year in shown)))
    caption = "Forbruk per måned, kroner uten mva."
    return Table("maaneder", caption, columns, rows, total, "mart_spend_cube")


def has_year_before(spend: Spend) -> bool:
    """Return whether the year before the report's year has spend to compare with."""
    return any(row["month"].year == spend.year - 1 for row in spend.months)


def suppliers(spend: Spend) -> Table:
    """Return the largest suppliers, the others as one row."""
    rows: list[tuple[str, ...]] = [
        (
            f"{row['spend_rank']}. {row['name']}",
            row["orgnr"] or MISSING,
            nok(row["spend_nok"]),
            percent(row["spend_share"] if spend.has_shares else None),
            percent(row["cumulative_share"] if spend.has_shares else None),
            number(row["document_count"]),
        )
        for row in spend.suppliers
    ]
    rest = spend.other_suppliers
    if rest["supplier_count"]:
        label = counted(rest["supplier_count"], "annen leverandør", "andre leverandører")
        shares = (rest["spend_share"], 1) if spend.has_shares else (None, None)
        documents = number(rest["document_count"])
        rows.append((label, MISSING, nok(rest["spend_nok"]), *map(percent, shares), documents))
    headings = ("Forbruk", "Andel", "Akkumulert andel", "Dokumenter")
    columns = (*words("Leverandør", "Orgnr."), *numbers(*headings))
    caption = f"De største leverandørene i {spend.year}, kroner uten mva."
    return Table("leverandorer", caption, columns, rows, source="mart_supplier_year")


def pareto(spend: Spend) -> Table:
    """Return how few suppliers make up each share of the spend."""
    rows = [
        (
            percent(row["share"], 0),
            number(row["suppliers"]),
            percent(ratio(row["suppliers"], row["supplier_count"])),
        )
        for row in spend.concentration
    ]
    headings = ("Færreste leverandører", "Andel av leverandørene")
    columns = (*words("Andel av forbruket"), *numbers(*headings))
    caption = f"Så få leverandører utgjør en gitt andel av forbruket i {spend.year}"
    return Table("konsentrasjon", caption, columns, rows, source="mart_supplier_year")


def averages(spend: Spend) -> Table:
    """Return the average per supplier under each definition, with numerator and denominator."""
    rows = [
        (
            row["definition_id"],
            f"{row['name']}: {row['description']}" if row["description"] else row["name"],
            nok(row["numerator_nok"]),
            number(row["denominator_suppliers"]),
            nok(row["mean_nok"]),
            nok(row["median_nok"]),
            nok(row["trimmed_mean_nok"]),
        )
        for row in spend.averages
    ]
    headings = (
        "Teller: forbruk",
        "Nevner: leverandører",
        "Gjennomsnitt",
        "Median",
        "Trimmet snitt",
    )
    columns = (*words("ID", "Definisjon"), *numbers(*headings))
    caption = f"Gjennomsnitt per leverandør i {spend.year} under hver definisjon, uten mva."
    return Table("gjennomsnitt", caption, columns, rows, source="mart_supplier_average")


def classes(spend: Spend) -> Table:
    """Return the year's spend by loyalty class, with what each class means."""
    total = sum((row["spend_nok"] for row in spend.classes), Decimal(0))
    rows = [
        (
            labels.loyalty_class(row["loyalty_class"]),
            labels.LOYALTY_CLASS_MEANINGS.get(row["loyalty_class"], MISSING),
            nok(row["spend_nok"]),
            percent(ratio(row["spend_nok"], total)),
            number(row["line_count"]),
        )
        for row in spend.classes
    ]
    columns = (*words("Klasse", "Hva det betyr"), *numbers("Forbruk", "Andel", "Linjer"))
    caption = f"Forbruket i {spend.year} etter avtaleklasse, kroner uten mva."
    lines = number(sum(row["line_count"] for row in spend.classes))
    total_row = ("Sum", "", nok(total), percent(1), lines)
    return Table("klasser", caption, columns, rows, total_row, "fct_spend_line")


LOYALTY_HEADINGS = ("Lojalitet", "På avtale", "Feil sone", "Utenfor avtale", "Kan være lojalt")


def loyalty_units(loyalty: Loyalty, year: int) -> Table:
    """Return one row per unit over all binding agreements, assessed ones first."""
    rows = [
        (row["name"], labels.status(row["status"], row["own_production_allowed"]), *_judged(row))
        for row in loyalty.units
    ]
    headings = (*LOYALTY_HEADINGS, "Kan ikke være lojalt", "Kjent kategori")
    columns = (*words("Enhet", "Grunnlag"), *numbers(*headings))
    caption = f"Avtalelojalitet per enhet i {year}, alle forpliktende avtaler, kroner uten mva."
    return Table("lojalitet-enheter", caption, columns, rows, source="mart_loyalty_unit")


def _judged(row: Row) -> tuple[str, ...]:
    return (
        interval(row["loyalty_low"], row["loyalty_high"]),
        nok(row["on_agreement_nok"]),
        nok(row["wrong_zone_nok"]),
        nok(row["off_agreement_nok"]),
        nok(row["undetermined_positive_nok"]),
        nok(row["undetermined_negative_nok"]),
        percent(row["classified_share"]),
    )


def agreements(loyalty: Loyalty, year: int) -> Table:
    """Return one row per binding agreement, over all its units."""
    rows = [
        (
            row["title"],
            labels.status(row["status"], row["own_production_allowed"]),
            interval(row["loyalty_low"], row["loyalty_high"]),
            nok(row["on_nok"]),
            nok(row["wrong_nok"]),
            nok(row["off_nok"]),
            nok(row["outside_nok"]),
            f"{number(row['unit_count'] - row['not_assessed_count'])} av "
            f"{number(row['unit_count'])}",
        )
        for row in loyalty.agreements
    ]
    headings = (*LOYALTY_HEADINGS[:4], "Utenfor perioden", "Enheter med kjøp")
    columns = (*words("Avtale", "Grunnlag"), *numbers(*headings))
    caption = f"Avtalelojalitet per avtale i {year}, kroner uten mva."
    return Table("lojalitet-avtaler", caption, columns, rows, source="mart_loyalty")


@dataclass(frozen=True)
class AgreementUnits:
    """The units of one agreement: those with purchases as a table, the others in a sentence."""

    title: str
    summary: str
    table: Table | None
    not_assessed: str | None


def agreement_units(loyalty: Loyalty, year: int) -> list[AgreementUnits]:
    """Return, per binding agreement, its units and each one's interval and status."""
    return [
        _one_agreement(place, agreement, loyalty.agreement_units[agreement["agreement_id"]], year)
        for place, agreement in enumerate(loyalty.agreements, start=1)
    ]


def _one_agreement(place: int, agreement: Row, units: list[Row], year: int) -> AgreementUnits:
    bought = [row for row in units if row["status"] != "not_assessed"]
    silent = [row for row in units if row["status"] == "not_assessed"]
    rows = [(row["name"], labels.status(row["status"]), *_judged(row)) for row in bought]
    headings = (*LOYALTY_HEADINGS, "Kan ikke være lojalt", "Kjent kategori")
    columns = (*words("Enhet", "Grunnlag"), *numbers(*headings))
    caption = f"{agreement['title']}: enheter med kjøp i {year}, kroner uten mva."
    reason = labels.status("not_assessed", agreement["own_production_allowed"])
    return AgreementUnits(
        title=agreement["title"],
        summary=f"{loyalty_text(agreement)}, {counted(len(bought), 'enhet', 'enheter')} med kjøp",
        table=Table(f"avtale-{place}", caption, columns, rows, source="mart_loyalty")
        if rows
        else None,
        not_assessed=f"{reason.capitalize()}: {listed(row['name'] for row in silent)}."
        if silent
        else None,
    )


def coverage(loyalty: Loyalty, year: int) -> Table:
    """Return coverage per category, the largest uncovered first, the others as one row."""
    rows = [(row["name"], row["faggruppe"] or MISSING, *_covered(row)) for row in loyalty.coverage]
    rest = loyalty.other_coverage
    if rest["row_count"]:
        name = counted(rest["row_count"], "annen kategori", "andre kategorier")
        rows.append((name, MISSING, *_covered(rest)))
    headings = ("Uten avtale", "Forpliktende avtale", "Frivillig avtale", "Dekning")
    columns = (*words("Kategori", "Faggruppe"), *numbers(*headings))
    caption = f"Avtaledekning per kategori i {year}, kroner uten mva."
    footer = ("Sum", "", *_covered(loyalty.coverage_total))
    return Table("dekning", caption, columns, rows, footer, "mart_coverage")


def _covered(row: Row) -> tuple[str, ...]:
    return (
        nok(row["uncovered_nok"]),
        nok(row["covered_nok"]),
        nok(row["voluntary_nok"]),
        percent(share_of(row, "with_agreement_nok", "all_nok")),
    )


def loyalty_text(row: Row | None) -> str:
    """Return an interval in words: weak ones say so, missing ones say why."""
    if row is None:
        return MISSING
    if row["status"] == "assessed":
        return interval(row["loyalty_low"], row["loyalty_high"])
    if row["status"] == "weak":
        span = interval(row["loyalty_low"], row["loyalty_high"])
        return f"{span} ({labels.STATUSES['weak']})"
    return labels.STATUSES[row["status"]]


def share_of(row: Row | None, part: str, whole: str) -> float | None:
    """Return `part` / `whole` of a row, None where there is no row or the whole is not positive."""
    return None if row is None else ratio(row[part], row[whole])


def ratio(part: Decimal | int, whole: Decimal | int) -> float | None:
    """Return `part` / `whole`, None where the whole is not positive."""
    return float(part / whole) if whole > 0 else None


def _sum_of(amounts: dict[tuple[int, int], Decimal], year: int) -> Decimal:
    return sum((amount for (at, _), amount in amounts.items() if at == year), Decimal(0))
