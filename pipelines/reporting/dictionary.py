"""The data dictionary: docs/data-dictionary.md from dbt's manifest and the lake's contracts.

`python -m pipelines.reporting.dictionary [--check] MANIFEST` writes it, or with `--check` says
whether it is up to date. Nothing is described here: the words stand beside each column, in the
models' yml files and in `pipelines.extracts.tables`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.extracts.tables import TABLES, Column, Table

DICTIONARY = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
MARTS = "models/marts/"

INTRODUCTION = """# Dataordbok

Laget av `python -m pipelines.reporting.dictionary`; rett beskrivelsene der de står (modellenes
yml-filer og `pipelines/extracts/tables.py`), ikke her.

Beløp som heter `_nok`, er norske kroner uten mva. Andeler (`_share`) går fra 0 til 1. `valid_to` er
første dag som *ikke* gjelder; en `_date` er siste dag som gjelder.
"""


def data_dictionary(manifest: Mapping[str, Any]) -> str:
    """Return the dictionary as Markdown: published tables by name, then the lake's in order."""
    models = published_models(manifest)
    parts = [INTRODUCTION, "## Publiserte tabeller\n", _contents(model["name"] for model in models)]
    parts += [_published(model) for model in models]
    parts.append("## Innsjøen (`lake/batches/`)\n\nOne Parquet file per table and batch.\n")
    parts.append(_contents(TABLES))
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
    """Write or check the dictionary; return 1 where a check finds it out of date."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.reporting.dictionary")
    parser.add_argument("manifest", metavar="MANIFEST", type=Path, help="dbt's manifest.json")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if out of date")
    options = parser.parse_args(arguments)
    text = data_dictionary(json.loads(options.manifest.read_text("utf-8")))
    if not options.check:
        DICTIONARY.write_text(text, "utf-8")
        return 0
    if DICTIONARY.is_file() and DICTIONARY.read_text("utf-8") == text:
        return 0
    print(
        f"{DICTIONARY.name} is out of date: run python -m pipelines.reporting.dictionary "
        f"{options.manifest}",
        file=sys.stderr,
    )
    return 1


def _contents(names: Iterable[str]) -> str:
    return "\n".join(f"- [`{name}`](#{name})" for name in names) + "\n"


def _published(model: Mapping[str, Any]) -> str:
    key = model["config"].get("meta", {}).get("key", [])
    rows = [
        (f"`{column['name']}`", column.get("data_type") or "", column.get("description") or "")
        for column in model["columns"].values()
    ]
    heading = f"### {model['name']}\n\n{_one_line(model.get('description') or '')}\n\n{_key(key)}"
    return f"{heading}\n{_table(('Kolonne', 'Type', 'Beskrivelse'), rows)}"


def _lake(table: Table) -> str:
    rows = [
        (
            f"`{column.name}`",
            column.type,
            "yes" if column.required else "",
            column.classification,
            _lake_description(column),
        )
        for column in table.columns
    ]
    register = f"Register «{table.register}». " if table.register else ""
    headings = ("Column", "Type", "Required", "Classification", "Description")
    heading = f"### {table.name}\n\n{register}{table.grain}.\n\n{_key(table.key)}"
    return f"{heading}\n{_table(headings, rows)}"


def _lake_description(column: Column) -> str:
    headings = ", ".join(f"`{alias}`" for alias in column.aliases)
    return f"{column.description}. In files: {headings}" if headings else column.description


def _key(columns: Iterable[str]) -> str:
    return f"Nøkkel: {', '.join(f'`{name}`' for name in columns)}\n"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
