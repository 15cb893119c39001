"""What lies in quarantine, and what people decide about it.

A file in conflict with another waits for a decision: accept (both count) or reject (it never
counts). Files and rows that could not be read can only be set aside; to be loaded they must be
mended and put in landing/ again. Every decision is kept, with reason and time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from pipelines.errors import UsageError
from pipelines.extracts.tables import TABLES
from pipelines.lake import manifests
from pipelines.lake.decisions import Choice, Decision, decide, decisions
from pipelines.lake.source_files import judged_files
from pipelines.settings import Settings

_HEADS = ("ehf_document", "peppol_order", "peppol_despatch", "peppol_catalogue", "saft_header")
_NOT_COMPARED = ("source_sha256", "source_row", "document_id")


@dataclass(frozen=True)
class Item:
    """A file with something in quarantine.

    `what` is conflict, file (nothing of it could be read) or rows; `problems` are pairs of place
    and reason; `raw` the texts themselves; `other` the file that it is in conflict with.
    """

    sha256: str
    name: str
    what: str
    problems: list[tuple[str, str]]
    raw: list[str] = field(default_factory=list)
    batch: str = ""
    other: str | None = None
    other_name: str = ""
    made: tuple[Decision, ...] = ()


def items(settings: Settings) -> list[Item]:
    """Return everything in quarantine by file name, decided or not; withdrawn files not."""
    known = manifests.load_known(settings)
    withdrawn = manifests.withdrawn_files(settings)
    made = decisions(settings)
    found: dict[str, Item] = {}
    for batch in manifests.batch_names(settings.lake):
        for line in manifests.rejections_of(settings, [batch]):
            sha = line["sha256"]
            if known.files.get(sha, ("", False))[0] != batch:
                continue  # read again since, by a later run
            item = found.setdefault(
                sha,
                Item(sha, line["file"], _what(known.files[sha][1]), [], [], batch),
            )
            item.problems.append((line["place"], line["reason"]))
            item.raw.append(line["raw"])
    for sha, same in judged_files(settings).items():
        if same.status == "conflict":
            name, other = known.names[sha], known.names[same.other]
            problems = [("filen", same.reason)]
            found[sha] = Item(sha, name, "conflict", problems, [], "", same.other, other)
    for sha in made:
        if sha not in found and sha in known.names:
            found[sha] = Item(sha, known.names[sha], "conflict", [("filen", "avgjort")])
    result = [
        Item(**{**vars(item), "made": tuple(made.get(item.sha256, ()))})
        for item in found.values()
        if item.sha256 not in withdrawn
    ]
    return sorted(result, key=lambda item: (item.name, item.sha256))


def _what(is_partly_accepted: bool) -> str:
    return "rows" if is_partly_accepted else "file"


def item_of(settings: Settings, prefix: str) -> Item:
    """Return the file whose SHA-256 begins so. Raises UsageError where not exactly one does."""
    matches = [
        item for item in items(settings) if prefix and item.sha256.startswith(prefix.lower())
    ]
    if len(matches) != 1:
        found = "ingen" if not matches else str(len(matches))
        raise UsageError(
            f"«{prefix}»: forventet begynnelsen på SHA-256 til én fil i karantene, fant {found}. "
            "«samkjop quarantine list» viser dem."
        )
    return matches[0]


def settle(settings: Settings, prefix: str, accept: bool, reason: str) -> Item:
    """Record a decision on a file in quarantine; it holds from the next build on.

    Raises UsageError for a missing reason, an unknown file, and for accepting what can't be read.
    """
    if not reason.strip():
        raise UsageError("--reason: forventet en begrunnelse, fant ingenting. Skriv hvorfor.")
    item = item_of(settings, prefix)
    if accept and item.what != "conflict":
        raise UsageError(
            f"{item.name}: forventet en konflikt som kan godtas, men dette kan ikke leses "
            f"({item.problems[0][1]}). Rett filen og legg den i landing/ på nytt."
        )
    choice: Choice = "accept" if accept else "reject"
    decide(
        settings, item.sha256, choice if item.what == "conflict" else "set_aside", reason.strip()
    )
    return item


def differences(settings: Settings, item: Item) -> list[tuple[str, str, str]]:
    """Return (column, in the other file, in this file) where two files in conflict differ.

    What stands once per file is compared; the rows below are counted and summed.
    """
    if item.other is None:
        return []
    found: list[tuple[str, str, str]] = []
    with duckdb.connect() as connection:
        for name, table in TABLES.items():
            if table.register is not None:
                continue
            columns = ["count(*)"]
            if name in _HEADS:
                columns = [c.name for c in table.columns if c.name not in _NOT_COMPARED]
            elif "amount" in table.schema():
                columns.append("sum(amount)")
            one, other = (
                _values(connection, settings, name, columns, sha)
                for sha in (item.other, item.sha256)
            )
            found += [
                (f"{name}.{column}", left, right)
                for column, left, right in zip(columns, one, other, strict=False)
                if left != right
            ]
    return found


def _values(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    table: str,
    columns: list[str],
    sha256: str,
) -> list[str]:
    row = connection.execute(
        f"select {', '.join(f'cast({c} as varchar)' for c in columns)} "
        "from read_parquet($path, union_by_name=true) where source_sha256 = $sha limit 1",
        {"path": str(settings.lake / "*" / f"{table}.parquet"), "sha": sha256},
    ).fetchone()
    return [value or "" for value in row or ()]
