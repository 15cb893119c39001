"""The home directory: making it, its settings files, and the lock that lets one run in.

What lies in the folders is the business of the modules that write them.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import HomeError, LockedError
from pipelines.settings import Settings

LOCK_NAME = ".samkjop.lock"
_PRIVATE = 0o700

_DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
run_monitoring:
  enabled: true
  max_runtime_seconds: 21600
# Runs start at once, with or without the daemon; the home's lock lets in one at a time.
run_coordinator:
  module: dagster._core.run_coordinator
  class: DefaultRunCoordinator
"""

_SETTINGS_TOML = """\
# Innstillinger for Samkjøp. Fjern # for å endre en verdi; docs/operations.md forklarer dem.
# municipality_name = "Kommunen"
# municipality_orgnr = "987654321"
# outside_period_months = 12
# weak_classified_share = 0.8
# weak_min_lines = 10
# weak_min_nok = 100000
"""


def make_home(settings: Settings) -> None:
    """Create what is missing of the home; does nothing to what is there.

    Raises HomeError where it can't be written.
    """
    try:
        for folder in (
            settings.landing,
            settings.lake,
            settings.builds,
            settings.published,
            settings.config,
            settings.dagster_home,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (settings.archive, settings.quarantine):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
        _write_if_absent(settings.dagster_home / "dagster.yaml", _DAGSTER_YAML)
        _write_if_absent(settings.config / "samkjop.toml", _SETTINGS_TOML)
        _check_writable(settings.home)
    except (PermissionError, NotADirectoryError, FileExistsError, OSError) as error:
        raise HomeError(
            f"{settings.home}: forventet en mappe som kan skrives i, men: {error.strerror}. "
            "Velg en annen med --home, eller gi skrivetilgang."
        ) from error


def _write_if_absent(path: Path, text: str) -> None:
    if not path.exists():
        replace_file(path, text.encode())


def _check_writable(home: Path) -> None:
    probe = home / f".skriveprove-{os.getpid()}"
    probe.write_bytes(b"")
    probe.unlink()


@contextlib.contextmanager
def lock(settings: Settings, purpose: str) -> Iterator[None]:
    """Hold the lock of the home; `purpose` is what others are told.

    Raises LockedError at once, naming the holder, where another process has it.
    """
    path = settings.home / LOCK_NAME
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise LockedError(_held_by(settings.home, handle.read())) from error
        handle.truncate(0)
        holder = {"pid": os.getpid(), "purpose": purpose, "since": datetime.now(UTC).isoformat()}
        handle.write(json.dumps(holder))
        handle.flush()
        yield
        handle.truncate(0)


def _held_by(home: Path, text: str) -> str:
    try:
        holder = json.loads(text)
    except ValueError:
        holder = {}
    return (
        f"{home}: låst av en annen kjøring (prosess {holder.get('pid', 'ukjent')}, "
        f"{holder.get('purpose', 'ukjent formål')}, siden {holder.get('since', 'ukjent tid')}). "
        "Vent til den er ferdig."
    )


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that others see the old content or the new, and never half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that nobody but its owner can read at any moment.

    Raises FileExistsError where it is there already.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def flush_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, so that a rename in it survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(path: Path) -> None:
    """Remove a folder and what is in it; nothing where it is not there."""
    if path.exists():
        shutil.rmtree(path)
