"""What the lake holds, read from the batches' manifests: files known, registers loaded, withdrawn.

A manifest is written once, by `pipelines.lake.batches`, and never changed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from pipelines.errors import HomeError, UsageError
from pipelines.lake.home import replace_file
from pipelines.settings import Settings

MANIFEST = "manifest.json"
_MAX_OBJECT = 128 * 1024**2
_FILES = (
    "STRUCT(sha256 VARCHAR, name VARCHAR, kind VARCHAR, effective_date DATE, rows_in BIGINT, "
    "rows_accepted BIGINT, rows_quarantined BIGINT, currency VARCHAR, amount_in DECIMAL(18,2), "
    "amount_accepted DECIMAL(18,2), amount_quarantined DECIMAL(18,2), rows_duplicate BIGINT, "
    "amount_duplicate DECIMAL(18,2), rows_left_out BIGINT, amount_left_out DECIMAL(18,2), "
    "reason VARCHAR, "
    "container VARCHAR, registers MAP(VARCHAR, VARCHAR))[]"
)


@dataclass
class Known:
    """What earlier batches took in.

    `files`: SHA-256 → (batch, whether anything of it was accepted); `names`: SHA-256 → its name.
    `runs`: SHA-256 → the run that read it, as text that sorts by time. `registers`: (register
    table, effective date) → content hash, of files that are not withdrawn.
    """

    files: dict[str, tuple[str, bool]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    containers: set[str] = field(default_factory=set)
    registers: dict[tuple[str, date], str] = field(default_factory=dict)


def _manifests(lake: Path) -> str:
    pattern = str(lake / "*" / MANIFEST).replace("'", "''")
    columns = f"{{batch: 'VARCHAR', run: 'VARCHAR', files: '{_FILES}', containers: 'VARCHAR[]'}}"
    return (
        f"read_json('{pattern}', columns={columns}, format='auto', "
        f"maximum_object_size={_MAX_OBJECT})"
    )


def files(lake: Path) -> str:
    """Return SQL for one row per file and batch: batch, run, and the manifest's entry as f.

    A batch from before runs were written is a run of its own.
    """
    return (
        f"(select batch, coalesce(run, batch) as run, unnest(files) as f from {_manifests(lake)})"
    )


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong when manifests are read into one sentence."""
    try:
        yield
    except (duckdb.Error, ValueError) as error:
        raise HomeError(
            f"{path}: forventet manifester som kan leses, men: {str(error).splitlines()[0]}. "
            "Hent tilbake filen fra sikkerhetskopien."
        ) from error


def batch_names(lake: Path) -> list[str]:
    """Return the committed batches, oldest first."""
    return sorted(path.parent.name for path in lake.glob(f"*/{MANIFEST}"))


def load_known(settings: Settings) -> Known:
    """Return what the lake's manifests say is there."""
    known = Known()
    if not batch_names(settings.lake):
        return known
    withdrawn = set(withdrawn_files(settings))
    with reading(settings.lake), duckdb.connect() as connection:
        source = _manifests(settings.lake)
        rows = connection.execute(
            f"select f.sha256, batch, f.rows_accepted > 0, f.effective_date, f.registers, "
            f"f.name, run from {files(settings.lake)} order by batch"
        )
        for sha256, batch, accepted, effective, registers, name, run in rows.fetchall():
            known.files[sha256] = (batch, accepted)
            known.names[sha256] = name
            known.runs[sha256] = run
            if effective is not None and sha256 not in withdrawn:
                for table, content in (registers or {}).items():
                    known.registers[(table, effective)] = content
        rows = connection.execute(f"select unnest(containers) from {source}")
        known.containers = {row[0] for row in rows.fetchall()}
    return known


def _withdrawn_path(settings: Settings) -> Path:
    return settings.home / "lake" / "withdrawn.json"


def withdrawn_files(settings: Settings) -> dict[str, dict[str, str]]:
    """Return the withdrawn files: SHA-256 → reason and when."""
    path = _withdrawn_path(settings)
    if not path.exists():
        return {}
    with reading(path):
        content: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return content


def withdraw(settings: Settings, prefix: str, reason: str) -> str:
    """Leave a loaded file out of later builds; nothing is deleted. Returns its SHA-256.

    Raises UsageError where no file, or more than one, begins with the given digits.
    """
    if not reason.strip():
        raise UsageError("--reason: forventet en begrunnelse, fant ingenting. Skriv hvorfor.")
    matches = sorted(s for s in load_known(settings).files if s.startswith(prefix.lower()))
    if len(matches) != 1 or not prefix:
        found = "ingen" if not matches else f"{len(matches)}"
        raise UsageError(
            f"«{prefix}»: forventet begynnelsen på SHA-256 til én innlastet fil, fant {found}. "
            "«samkjop status --files» viser dem."
        )
    records = withdrawn_files(settings)
    records[matches[0]] = {"reason": reason.strip(), "at": datetime.now(UTC).isoformat()}
    data = json.dumps(dict(sorted(records.items())), ensure_ascii=False, indent=1)
    replace_file(_withdrawn_path(settings), data.encode())
    return matches[0]


def rejections_of(settings: Settings, batches: list[str]) -> list[dict[str, str]]:
    """Return the quarantined files and rows of some batches: file, sha256, place, reason, raw."""
    found: list[dict[str, str]] = []
    for batch in batches:
        path = settings.quarantine / batch / "reasons.jsonl"
        if path.exists():
            found += [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return found
