"""Where the dbt project is, its manifest made when the project changed, and its environment.

Running models is Dagster's (`pipelines.assets.warehouse`); what they compute is the project's.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from pipelines.errors import SamkjopError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT_ROOT / "dbt_project"
_STAMP = "manifest.stamp"
_SOURCES = (".sql", ".yml", ".yaml", ".csv", ".md")
_GENERATED = ("target", "logs", "dbt_packages")


class DbtError(SamkjopError):
    """dbt could not parse the project."""


def dbt_environment() -> dict[str, str]:
    """Return the environment of every dbt call: this one, with telemetry off."""
    quiet = {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    return {**os.environ, **quiet}


def tree_hash(folders: list[Path], endings: tuple[str, ...]) -> str:
    """Return a hash of the names and bytes of the files with these endings below the folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.suffix in endings and not set(relative.parts[:-1]) & set(_GENERATED):
                digest.update(relative.as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def manifest_path() -> Path:
    """Return the project's manifest.json, parsed anew if any of its files changed.

    Raises DbtError where dbt can't parse the project.
    """
    target = DBT_PROJECT / "target"
    target.mkdir(exist_ok=True)
    manifest, stamp = target / "manifest.json", target / _STAMP
    with (target / "manifest.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        current = tree_hash([DBT_PROJECT], _SOURCES)
        if not manifest.exists() or not stamp.exists() or stamp.read_text() != current:
            _parse()
            stamp.write_text(current)
    return manifest


def _parse() -> None:
    executable = Path(sys.executable).with_name("dbt")
    command = [str(executable), "--quiet", "parse", "--project-dir", str(DBT_PROJECT)]
    result = subprocess.run(
        [*command, "--profiles-dir", str(DBT_PROJECT)],
        cwd=DBT_PROJECT,
        env=dbt_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        detail = (result.stdout + result.stderr).strip()
        raise DbtError(f"dbt_project: dbt kunne ikke tolke prosjektet:\n{detail}")
