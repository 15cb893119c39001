"""The generated pages of docs/: the data dictionary, the guide to registers and the rules.

`python -m pipelines.reporting.dictionary [--check] [MANIFEST]` writes them, or with `--check` says
whether they are up to date. Nothing is described here: the words stand beside each column, in the
models' yml files and in `pipelines.extracts`; those of the guide in `register_guide`, the rules'
in `rules.yaml`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.dbt_manifest import manifest_path
from pipelines.errors import SamkjopError
from pipelines.extracts.contracts.columns import POLARS_TYPES, Column, Table
from pipelines.extracts.tables import TABLES
from pipelines.reporting import markdown, rules
from pipelines.reporting.register_guide import TYPE_WORDS, register_guide

DOCS = Path(__file__).parents[2] / "docs"
DICTIONARY = "data-dictionary.md"
GUIDE = "registre.md"
MARTS = "models/marts/"
STORED: dict[pl.DataType, str] = {
    pl.String(): "varchar",
    pl.Date(): "date",
    pl.Int64(): "bigint",
    pl.Boolean(): "boolean",
}
CLASSIFICATIONS = {"public": "åpen", "internal": "intern", "personal": "personopplysning"}

INTRODUCTION = """# Dataordbok

Laget av `make docs`; rett beskrivelsene der de står (modellenes yml-filer og
`pipelines/extracts/`), ikke her.

Beløp som heter `_nok`, er norske kroner uten mva. Andeler (`_share`) går fra 0 til 1.
"""

PUBLISHED = """## Publiserte tabeller

Her er `valid_to` første dag som *ikke* gjelder, mens `end_date`, `base_end_date` og
`latest_end_date` er siste dag som gjelder.
"""

LAKE = """## Lageret (`lake/batches/`)

Det som er lest inn, slik det sto i filene: én Parquet-fil per tabell og leveranse. Beløp på
fakturaene er i dokumentets valuta. I registrene er `valid_to` og `end_date` siste dag som gjelder,
slik folk skriver det. Hvordan et register skal se ut, står i [registre.md](registre.md).

En kolonne i klassen *personopplysning* kan vise til en person. Den er ikke med i forhåndsvisningen
på Dagsters side.
"""


def data_dictionary(manifest: Mapping[str, Any]) -> str:
    """Return the dictionary as Markdown: published tables by name, then the lake's in order."""
    models = published_models(manifest)
    parts = [INTRODUCTION, PUBLISHED, markdown.contents(model["name"] for model in models)]
    parts += [_published(model) for model in models]
    parts += [LAKE, _types(), markdown.contents(TABLES)]
    parts += [_lake(table) for table in TABLES.values()]
    return "\n".join(parts)


def published_models(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the models in models/marts/ from a dbt manifest, by name."""
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["original_file_path"].replace("\\", "/").startswith(MARTS)
    ]
    return sorted(models, key=lambda node: str(node["name"]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the pages; return 1 where a check finds one out of date."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.reporting.dictionary")
    parser.add_argument(
        "manifest",
        metavar="MANIFEST",
        type=Path,
        nargs="?",
        help="dbt's manifest.json (the project's own, parsed anew if it changed)",
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail if out of date")
    options = parser.parse_args(arguments)
    try:
        pages = _pages(options.manifest or manifest_path())
    except (SamkjopError, OSError, json.JSONDecodeError) as error:
        parser.error(str(error))
    return _check(pages) if options.check else _write(pages)


def _pages(manifest: Path) -> dict[str, str]:
    content = json.loads(manifest.read_text("utf-8"))
    return {
        DICTIONARY: data_dictionary(content),
        GUIDE: register_guide(),
        rules.PAGE: rules.rules_page(content),
    }


def _write(pages: Mapping[str, str]) -> int:
    for name, text in pages.items():
        (DOCS / name).write_text(text, "utf-8")
    return 0


def _check(pages: Mapping[str, str]) -> int:
    stale = [
        f"docs/{name}"
        for name, text in pages.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != text
    ]
    if not stale:
        return 0
    verb = "is" if len(stale) == 1 else "are"
    print(f"{' and '.join(stale)} {verb} out of date: run make docs", file=sys.stderr)
    return 1


def _published(model: Mapping[str, Any]) -> str:
    key = model["config"].get("meta", {}).get("key", [])
    rows = [
        (f"`{column['name']}`", column.get("data_type") or "", column.get("description") or "")
        for column in model["columns"].values()
    ]
    description = markdown.one_line(model.get("description") or "")
    table = markdown.table(("Kolonne", "Type", "Beskrivelse"), rows)
    return f"### {model['name']}\n\n{description}\n\n{_key(key)}\n{table}"


def _lake(table: Table) -> str:
    rows = [
        (
            f"`{column.name}`",
            TYPE_WORDS[column.type],
            "ja" if column.required else "",
            CLASSIFICATIONS[column.classification],
            _lake_description(column),
        )
        for column in table.columns
    ]
    register = f"Registeret [{table.register}](registre.md#{table.register}). "
    described = f"{register if table.register else ''}{table.grain}."
    headings = ("Kolonne", "Type", "Må ha verdi", "Klasse", "Beskrivelse")
    rendered = markdown.table(headings, rows)
    return f"### {table.name}\n\n{described}\n\n{_key(table.key)}\n{rendered}"


def _lake_description(column: Column) -> str:
    """Return what the column means, and which values stand in it where these are few."""
    if not column.values:
        return column.description
    return f"{column.description}: {markdown.code(dict.fromkeys(column.values.values()))}"


def _types() -> str:
    rows = [(word, _stored(POLARS_TYPES[name])) for name, word in TYPE_WORDS.items()]
    return markdown.table(("Type", "Lagret som"), rows)


def _stored(type_: pl.DataType) -> str:
    if isinstance(type_, pl.Decimal):
        return f"decimal({type_.precision},{type_.scale})"
    return STORED[type_]


def _key(columns: Sequence[str]) -> str:
    return f"Nøkkel: {markdown.code(columns)}\n"


if __name__ == "__main__":
    sys.exit(main())
