"""Assembles the report: one HTML page that opens with the network off and asks for nothing.

plotly.js, style and charts stand in the page itself, and its content security policy names the
scripts by hash and forbids every request, so that nothing else can run even if a name in the data
were markup. What the page says is in `figures`, `loyalty`, `basis`, `tables`, `charts`, and in the
listings of each domain (`DOMAINS`).
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from pipelines.publication.seal import DATABASE, PUBLIC
from pipelines.publication.verdict import Verdict
from pipelines.reporting import (
    adherence,
    agreements,
    categories,
    charts,
    formats,
    headlines,
    keyfigures,
    labels,
    licence_plan,
    licences,
    risk,
    savings,
    spending,
    strategy,
    tables,
    thresholds,
)
from pipelines.reporting.basis import Basis, load_basis, unknown_share
from pipelines.reporting.basis_tables import basis_tables
from pipelines.reporting.database import Reader, opened
from pipelines.reporting.figures import (
    DEFAULT_DEFINITION,
    Context,
    Spend,
    load_spend,
    read_context,
    report_year,
    spend_years,
)
from pipelines.reporting.listings import Listed, Scope, load
from pipelines.reporting.loyalty import Loyalty, load_loyalty

RUN_CONTEXT = Path("inputs", "run_context.parquet")
REPORT = Path("report", "index.html")
DOMAINS = (
    strategy.LISTINGS,
    spending.LISTINGS,
    adherence.LISTINGS,
    agreements.LISTINGS,
    thresholds.LISTINGS,
    savings.LISTINGS,
    risk.LISTINGS,
    categories.LISTINGS,
    licences.LISTINGS,
    licence_plan.LISTINGS,
)


def build_report(build_dir: Path, out: Path | None = None) -> Path:
    """Write the report of a sealed and judged build, and return its path.

    Reads `internal/samkjop.duckdb` (read-only), `public/`, `inputs/run_context.parquet` and
    `quality/verdict.json`; writes `report/index.html` in the build, or `out`. Raises
    NoVerdictError where the build has not been judged.
    """
    context = read_context(build_dir / RUN_CONTEXT)
    verdict = Verdict.load(build_dir)
    with opened(build_dir / DATABASE) as reader:
        licences.open_public(reader, build_dir / PUBLIC)
        basis = load_basis(reader, verdict)
        year = report_year(spend_years(reader), context.as_of_date)
        content = _common(context, basis)
        if year is not None:
            spend = load_spend(reader, year, context.as_of_date)
            content |= _figures(spend, load_loyalty(reader, year, context), context)
            content |= _listings(reader, year, context.public_min_cell)
    path = out or build_dir / REPORT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(content), "utf-8")
    return path


def render(content: dict[str, Any]) -> str:
    """Return the page; every value from data is escaped by the template."""
    script = _text("templates/report.js")
    plotly = _plotly() if content["has_spend"] else ""
    scripts = [text for text in (plotly, script) if text]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            content,
            style=Markup(_text("templates/report.css")),
            scripts=[Markup(text) for text in scripts],
            script_hashes=Markup(" ".join(f"'sha256-{_digest(text)}'" for text in scripts)),
        )
    )


def _common(context: Context, basis: Basis) -> dict[str, Any]:
    return {
        "has_spend": False,
        "context": context,
        "basis": basis,
        "verdict_word": labels.VERDICTS[basis.verdict.status],
        "unknown_unit": unknown_share(basis.totals, "unit"),
        "unknown_category": unknown_share(basis.totals, "category"),
        "basis_tables": basis_tables(basis),
    }


def _figures(spend: Spend, loyalty: Loyalty, context: Context) -> dict[str, Any]:
    year = spend.year
    return {
        "has_spend": True,
        "year": year,
        "spend": spend,
        "loyalty": loyalty,
        "summary": keyfigures.summary(spend, loyalty, context),
        "key_figures": keyfigures.key_figures(spend, loyalty),
        "agreement_units": tables.agreement_units(loyalty, year),
        "tables": _tables(spend, loyalty),
        "charts": _charts(spend, loyalty),
    }


def _listings(reader: Reader, year: int, min_cell: int) -> dict[str, Any]:
    scope: Scope = {"year": year, "definition": DEFAULT_DEFINITION, "min_cell": min_cell}
    shown: dict[str, Listed] = {}
    for domain in DOMAINS:
        shown |= load(reader, domain, scope)
    return {
        "shown": shown,
        "headlines": headlines.headlines(reader, year),
        "licence_notes": licences.notes(reader),
    }


def _tables(spend: Spend, loyalty: Loyalty) -> dict[str, tables.Table]:
    year = spend.year
    return {
        "years": tables.years(spend, loyalty),
        "months": tables.months(spend),
        "suppliers": tables.suppliers(spend),
        "pareto": tables.pareto(spend),
        "averages": tables.averages(spend),
        "classes": tables.classes(spend),
        "loyalty_units": tables.loyalty_units(loyalty, year),
        "agreements": tables.agreements(loyalty, year),
        "coverage": tables.coverage(loyalty, year),
    }


def _charts(spend: Spend, loyalty: Loyalty) -> dict[str, charts.Chart | None]:
    year = spend.year
    return {
        "months": charts.months(spend),
        "suppliers": charts.suppliers(spend),
        "pareto": charts.pareto(spend),
        "averages": charts.averages(spend),
        "classes": charts.classes(spend),
        "loyalty_units": charts.loyalty_units(loyalty, year),
        "agreements": charts.loyalty_agreements(loyalty, year),
        "coverage": charts.coverage(loyalty, year),
    }


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipelines.reporting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("number", "nok", "mnok", "percent", "interval", "day", "counted"):
        environment.filters[name] = getattr(formats, name)
    environment.filters["chart_json"] = _chart_json
    return environment


def _chart_json(spec: charts.Spec) -> Markup:
    """Return the chart as JSON that can't end the script element it stands in."""
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _text(name: str) -> str:
    return importlib.resources.files("pipelines.reporting").joinpath(name).read_text("utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
