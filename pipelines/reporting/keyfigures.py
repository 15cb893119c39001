"""The key figures on top of the report, each with its definition, numerator and denominator.

A figure on a weak basis is never shown as a key figure: its place says that the basis is weak.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.reporting import labels
from pipelines.reporting.database import Row
from pipelines.reporting.figures import DEFAULT_DEFINITION, Context, Spend
from pipelines.reporting.formats import counted, interval, mnok, nok, number, percent
from pipelines.reporting.loyalty import Loyalty
from pipelines.reporting.tables import share_of


@dataclass(frozen=True)
class KeyFigure:
    """One key figure in words: what, how much, by which definition, from which two sums."""

    label: str
    value: str
    definition_id: str
    definition: str
    numerator: str
    denominator: str | None = None


def key_figures(spend: Spend, loyalty: Loyalty) -> list[KeyFigure]:
    """Return the key figures of the report's year in the order in which they are shown."""
    return [
        *_spend_figures(spend),
        *_pareto_figure(spend),
        _loyalty_figure(loyalty.total),
        _coverage_figure(loyalty),
        _known_figure(spend.this_year, "category", "kategori"),
        _known_figure(spend.this_year, "unit", "enhet"),
    ]


def _spend_figures(spend: Spend) -> list[KeyFigure]:
    year = spend.this_year
    total, suppliers = nok(year["numerator_nok"]), number(year["denominator_suppliers"])
    words = _definition(spend)
    return [
        KeyFigure(
            "Samlet forbruk",
            mnok(year["numerator_nok"]),
            DEFAULT_DEFINITION,
            words,
            f"{total} uten mva. på {counted(year['line_count'], 'linje', 'linjer')}",
        ),
        KeyFigure(
            "Aktive leverandører",
            suppliers,
            DEFAULT_DEFINITION,
            "Leverandører med minst én postering i året, slått sammen på organisasjonsnummer",
            f"{suppliers} leverandører",
        ),
        KeyFigure(
            "Snitt per leverandør",
            nok(year["mean_nok"]),
            DEFAULT_DEFINITION,
            "Forbruk delt på aktive leverandører i samme definisjon",
            total,
            f"{suppliers} leverandører",
        ),
        KeyFigure(
            "Median per leverandør",
            nok(year["median_nok"]),
            DEFAULT_DEFINITION,
            "Halvparten av leverandørene ligger under dette beløpet",
            f"Forbruk per leverandør, {suppliers} leverandører",
        ),
    ]


def _definition(spend: Spend) -> str:
    row = next((r for r in spend.averages if r["definition_id"] == DEFAULT_DEFINITION), None)
    return str(row["population"]) if row else "Standarddefinisjonen av forbruk"


def _pareto_figure(spend: Spend) -> list[KeyFigure]:
    if not spend.has_shares:
        return []
    figure = KeyFigure(
        "Leverandører bak 80 % av forbruket",
        number(spend.pareto_count),
        DEFAULT_DEFINITION,
        "Færreste leverandører som til sammen har minst 80 % av forbruket",
        f"{number(spend.pareto_count)} leverandører",
        f"{number(spend.this_year['denominator_suppliers'])} leverandører",
    )
    return [figure]


def _loyalty_figure(total: Row) -> KeyFigure:
    is_assessed = total["status"] == "assessed"
    value = interval(total["loyalty_low"], total["loyalty_high"])
    judged = total["on_nok"] + total["wrong_nok"] + total["off_nok"]
    return KeyFigure(
        "Avtalelojalitet",
        value if is_assessed else labels.STATUSES[total["status"]].capitalize(),
        "A02, D04",
        "Kjøp på riktig forpliktende avtale av alt som skulle vært kjøpt der. Intervallet viser "
        "hvor mye kjøp av ukjent kategori kan flytte tallet",
        f"{nok(total['on_nok'])} på avtale (høyest {nok(total['on_nok'] + total['positive_nok'])})",
        f"{nok(judged + total['negative_nok'])} (høyest: {nok(judged + total['positive_nok'])})",
    )


def _coverage_figure(loyalty: Loyalty) -> KeyFigure:
    total = loyalty.coverage_total
    return KeyFigure(
        "Avtaledekning",
        percent(share_of(total, "with_agreement_nok", "all_nok")),
        "E05",
        "Forbruk der en avtale, forpliktende eller frivillig, gjaldt enheten og kategorien",
        f"{nok(total['with_agreement_nok'])} med avtale",
        f"{nok(total['all_nok'])} påvirkbart forbruk",
    )


def _known_figure(year: Row, column: str, word: str) -> KeyFigure:
    known = f"known_{column}_nok"
    return KeyFigure(
        f"Forbruk med kjent {word}",
        percent(share_of(year, known, "spend_nok")),
        DEFAULT_DEFINITION,
        f"Forbruk på linjer der {word} er funnet",
        nok(year[known]),
        nok(year["spend_nok"]),
    )


def summary(spend: Spend, loyalty: Loyalty, context: Context) -> list[str]:
    """Return the report in a few sentences, without any figure on a weak basis."""
    sentences = [_bought(spend)]
    if spend.has_shares and spend.pareto_count is not None:
        suppliers = counted(spend.pareto_count, "leverandør", "leverandører")
        sentences.append(f"{suppliers} sto for minst 80 % av forbruket.")
    sentences.append(_loyal(loyalty, context))
    uncovered = loyalty.coverage_total["uncovered_nok"]
    if uncovered > 0:
        sentences.append(f"For {mnok(uncovered)} er det ikke funnet noen avtale som gjaldt kjøpet.")
    return sentences


def _bought(spend: Spend) -> str:
    year = spend.this_year
    suppliers = counted(year["denominator_suppliers"], "aktiv leverandør", "aktive leverandører")
    if not spend.has_shares:
        return (
            f"Kreditnotaene oppveier kjøpene i {spend.year}: netto {mnok(year['numerator_nok'])} "
            f"uten mva. hos {suppliers}."
        )
    return (
        f"Kommunen kjøpte for {mnok(year['numerator_nok'])} uten mva. fra {suppliers} i "
        f"{spend.year}.{_change(spend)}"
    )


def _loyal(loyalty: Loyalty, context: Context) -> str:
    total = loyalty.total
    if total["status"] != "assessed":
        return _no_loyalty(total["status"], context)
    return (
        f"{interval(total['loyalty_low'], total['loyalty_high'])} av kjøpene som er dekket av en "
        "forpliktende avtale, gikk til riktig leverandør. "
        f"{mnok(loyalty.leak_total['spend_nok'])} er kjøp utenfor avtale eller i feil sone; "
        "tallene sier ikke hvorfor."
    )


def _change(spend: Spend) -> str:
    before = next((row for row in spend.years if row["year"] == spend.year - 1), None)
    if not spend.is_whole_year:
        return " Året er ikke slutt, så tallet kan ikke sammenlignes med et helt år."
    if before is None or before["spend_nok"] <= 0:
        return ""
    change = float(spend.this_year["spend_nok"] / before["spend_nok"]) - 1
    word = "mer" if change >= 0 else "mindre"
    return f" Det er {percent(abs(change))} {word} enn året før."


def _no_loyalty(status: str, context: Context) -> str:
    if status == "weak":
        return (
            "Grunnlaget for å måle avtalelojalitet er svakt: under "
            f"{percent(context.weak_classified_share, 0)} av forbruket har kjent kategori, eller "
            f"det er færre enn {number(context.weak_min_lines)} linjer eller mindre enn "
            f"{nok(context.weak_min_nok)} på avtalene."
        )
    if status == "net_credit":
        return "Avtalelojaliteten er ikke målt: kreditnotaene er større enn kjøpene."
    return "Avtalelojaliteten er ikke målt: ingen kjøp er dekket av en forpliktende avtale."
