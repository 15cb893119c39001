"""The page about a verdict, in Norwegian: one file that opens with the network off.

Great Expectations' own pages load scripts and a logo from the network, so this one is ours. What
was found is decided in `gate`; here it is only shown.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.lake.home import replace_file
from pipelines.publication.verdict import PAGE_NAME, QUALITY, Verdict
from pipelines.reporting.formats import counted, number
from pipelines.reporting.labels import VERDICTS

_TEMPLATES = Path(__file__).parent / "templates"


def render_page(verdict: Verdict, build: str) -> str:
    """Return the page as HTML; `build` is the build's name. Everything in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    environment.filters["counted"] = counted
    suites = [
        (name, list(results)) for name, results in groupby(verdict.results, lambda r: r.suite)
    ]
    return environment.get_template("quality.html.j2").render(
        verdict=verdict,
        verdict_text=VERDICTS[verdict.status],
        build=build,
        suites=suites,
        held=sum(1 for result in verdict.results if result.success),
    )


def write_page(verdict: Verdict, build_dir: Path) -> Path:
    """Write quality/index.html of a build; return its path."""
    path = build_dir / QUALITY / PAGE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, render_page(verdict, build_dir.name).encode())
    return path
