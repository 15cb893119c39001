"""A build directory: its key, its inputs, which one is meant, and clearing away old ones.

What fills it is dbt, `publication` and `reporting`; this module only says where and from what.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path

import polars as pl

from pipelines.dbt_manifest import PROJECT_ROOT, tree_hash
from pipelines.errors import UsageError
from pipelines.extracts.contracts.columns import POLARS_TYPES
from pipelines.lake.decisions import decisions
from pipelines.lake.home import remove_tree, replace_file
from pipelines.lake.manifests import batch_names, withdrawn_files
from pipelines.lake.same_documents import Same
from pipelines.lake.source_files import write_source_files
from pipelines.settings import OSLO, Settings

_CODE = (".py", ".sql", ".yml", ".csv", ".j2")
_OUTCOME = "outcome.json"


def parse_as_of(text: str) -> date:
    """Return the as-of date; empty text is today in Oslo. Raises UsageError."""
    if not text:
        return datetime.now(OSLO).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--as-of: forventet en dato (ÅÅÅÅ-MM-DD), fant «{text}». Skriv f.eks. 2024-12-31."
        ) from error


def code_hash() -> str:
    """Return a hash of everything that decides what a build becomes."""
    names = ("pipelines", "dbt_project", "data_quality")
    return tree_hash([PROJECT_ROOT / name for name in names], _CODE)


def build_key(settings: Settings, as_of: date) -> str:
    """Return the key of a build: batches, what is withdrawn, code, settings and as-of date.

    Two builds with one key have the same tables.
    """
    content = {
        "batches": batch_names(settings.lake),
        "withdrawn": sorted(withdrawn_files(settings)),
        "decided": {sha: made[-1]["decision"] for sha, made in decisions(settings).items()},
        "code": code_hash(),
        "settings": settings.of_a_build(),
        "as_of": as_of.isoformat(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def write_inputs(settings: Settings, build_dir: Path, as_of: date) -> tuple[str, dict[str, Same]]:
    """Write inputs/source_file.parquet and inputs/run_context.parquet.

    Returns the build key, and what is a duplicate of another file or in conflict with one.
    """
    inputs = build_dir / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    key = build_key(settings, as_of)
    same = write_source_files(settings, inputs / "source_file.parquet")
    context = pl.DataFrame(
        {
            "as_of_date": [as_of],
            "outside_period_months": [settings.outside_period_months],
            "weak_classified_share": [settings.weak_classified_share],
            "weak_min_lines": [settings.weak_min_lines],
            "weak_min_nok": [settings.weak_min_nok],
            "exchange_rate_max_age_days": [settings.exchange_rate_max_age_days],
            "licence_activity_days": [settings.licence_activity_days],
            "licence_rules_from": [date.fromisoformat(settings.licence_rules_from)],
            "licence_charge_basis": [settings.licence_charge_basis],
            "licence_addon_share_review": [settings.licence_addon_share_review],
            "licence_horizon_months": [settings.licence_horizon_months],
            "licence_max_changes": [settings.licence_max_changes],
            "public_min_cell": [settings.public_min_cell],
            "municipality_name": [settings.municipality_name],
            "municipality_orgnr": [settings.municipality_orgnr],
            "build_key": [key],
        },
        schema_overrides={"weak_min_nok": POLARS_TYPES["money"]},
    )
    context.write_parquet(inputs / "run_context.parquet")
    return key, same


def published_key(settings: Settings) -> str | None:
    """Return the build key of the current snapshot, None where there is none."""
    path = settings.published / "current" / "manifest.json"
    if not path.exists():
        return None
    try:
        key: str | None = json.loads(path.read_text("utf-8")).get("build_key")
    except ValueError:
        return None  # a damaged manifest: build anew
    return key


def chosen_build(settings: Settings, own: str | None, named: str | None, needs: str) -> Path:
    """Return the build directory that a stage works on.

    The one named in its configuration, else the run's own, else the newest that has the file
    `needs` (a path below the build). Raises UsageError where there is none.
    """
    if named is not None:
        path = settings.builds / named
        if Path(named).name != named or not (path / needs).exists():
            raise UsageError(
                f"--build {named}: forventet et bygg med {needs} i {settings.builds}, fant ikke "
                f"det. Byggene er: {', '.join(build_names(settings)) or 'ingen'}."
            )
        return path
    if own is not None and (settings.builds / own / needs).exists():
        return settings.builds / own
    complete = [name for name in build_names(settings) if (settings.builds / name / needs).exists()]
    if not complete:
        raise UsageError(
            f"{settings.builds}: forventet et bygg med {needs}, fant ingen. "
            "Kjør «samkjop run» først."
        )
    return settings.builds / complete[-1]


def build_names(settings: Settings) -> list[str]:
    """Return the builds, oldest first."""
    folders = [path for path in settings.builds.iterdir() if path.is_dir()]
    return [p.name for p in sorted(folders, key=lambda p: (p.stat().st_mtime_ns, p.name))]


def remove_old_builds(settings: Settings, keep: Path) -> None:
    """Remove all but the newest builds (setting `keep_builds`) and `keep`."""
    for name in build_names(settings)[: -settings.keep_builds or None]:
        if name != keep.name:
            remove_tree(settings.builds / name)


def write_outcome(build_dir: Path, outcome: dict[str, object]) -> None:
    """Remember what the extraction of this run did, for the command line's last words."""
    build_dir.mkdir(parents=True, exist_ok=True)
    replace_file(build_dir / _OUTCOME, json.dumps(outcome, ensure_ascii=False).encode())


def read_outcome(build_dir: Path) -> dict[str, object]:
    """Return what `write_outcome` wrote, empty where it did not come so far."""
    path = build_dir / _OUTCOME
    content: dict[str, object] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return content
