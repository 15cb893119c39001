"""Publishing: an immutable, checksummed copy of a build that passed, and the pointer to it.

Publishing judges by itself whether it may: seal, verdict and bytes must belong together. Who
starts it, and under which lock, is not decided here; callers hold the lock of the home.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data_quality.version import suite_version
from pipelines.errors import SamkjopError
from pipelines.lake.home import flush_folder, remove_tree
from pipelines.publication.seal import (
    INTERNAL,
    PUBLIC,
    SEAL_NAME,
    Seal,
    SealBrokenError,
    as_json,
    file_sha256,
)
from pipelines.publication.verdict import QUALITY, Verdict, decide

CURRENT = "current"
MANIFEST_NAME = "manifest.json"
REPORT = "report"
FORMAT_VERSION = 1
_SCRATCH_PREFIX = ".tmp-"
_TIME_FORMAT = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")
_BLOCK = 1 << 20


class PublishError(SamkjopError):
    """Nothing was published, and `current` is as it was."""


class NotPassedError(PublishError):
    """The verdict is failed or errored."""

    exit_status = 4


class OtherBytesError(PublishError):
    """The verdict was given for other bytes."""

    exit_status = 4


class OtherSuitesError(PublishError):
    """The verdict was given by other suites than the installed ones."""

    exit_status = 4


class NotWrittenError(PublishError):
    """The snapshot could not be written."""


class SnapshotError(SamkjopError):
    """A snapshot is not there, or is not what its manifest says."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds.

    `created_at` is UTC in ISO format, `as_of_date` ISO; `files` is path below the snapshot →
    SHA-256, of everything but the manifest itself.
    """

    snapshot: str
    build: str
    build_key: str | None
    as_of_date: str | None
    created_at: str
    seal_hash: str
    verdict_status: str
    suite_version: str
    warnings: int
    files: Mapping[str, str]
    format_version: int = FORMAT_VERSION

    @classmethod
    def load(cls, snapshot: Path) -> Manifest:
        """Read a snapshot's manifest; raises SnapshotError."""
        try:
            return cls(**json.loads((snapshot / MANIFEST_NAME).read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise SnapshotError(
                f"{snapshot}: manifestet kan ikke leses ({error}). Velg et annet øyeblikksbilde."
            ) from error


def publish(build_dir: Path, published_dir: Path) -> Path:
    """Publish a sealed build whose verdict passed; return the snapshot's folder.

    Raises NotSealedError, SealBrokenError, NoVerdictError, NotPassedError, OtherBytesError or
    OtherSuitesError (exit status 4) where it may not, NotWrittenError where it could not. In all
    of these cases `current` is as it was.
    """
    seal = Seal.load(build_dir)
    verdict = Verdict.load(build_dir)
    _refuse_unless_passed(build_dir, seal, verdict)
    seal.verify(build_dir)
    with _undone_where_it_fails(published_dir):
        published_dir.mkdir(parents=True, exist_ok=True)
        remove_leftovers(published_dir)
        created = _next_moment(published_dir)
        name = f"{created.strftime(_TIME_FORMAT)}-{seal.seal_hash[:12]}"
        scratch = published_dir / f"{_SCRATCH_PREFIX}{name}"
        files = _copy(build_dir, scratch)
        _refuse_changed_bytes(build_dir, seal, files)
        manifest = _manifest(name, created, build_dir, seal, verdict, files)
        _write(scratch / MANIFEST_NAME, as_json(asdict(manifest)))
        _flush_folders(scratch)
        scratch.rename(published_dir / name)
        flush_folder(published_dir)
        _point(published_dir, name)
    return published_dir / name


def current_snapshot(published_dir: Path) -> Path | None:
    """Return the folder of the snapshot that `current` points to, None where nothing is."""
    try:
        name = (published_dir / CURRENT).readlink().name
    except FileNotFoundError:
        return None
    return published_dir / name


def list_snapshots(published_dir: Path) -> list[str]:
    """Return the names of the snapshots, oldest first."""
    if not published_dir.is_dir():
        return []
    return sorted(path.name for path in published_dir.iterdir() if _NAME.fullmatch(path.name))


def verify_snapshot(snapshot: Path) -> Manifest:
    """Hash every file of a snapshot again; return its manifest.

    Raises SnapshotError naming files that are missing, changed or not in the manifest.
    """
    if not snapshot.is_dir():
        raise SnapshotError(f"{snapshot}: finnes ikke. Se hvilke som finnes med «samkjop status».")
    manifest = Manifest.load(snapshot)
    found = {
        path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*") if path.is_file()
    } - {MANIFEST_NAME}
    wrong = sorted(found.symmetric_difference(manifest.files))
    wrong += [
        name
        for name in sorted(found & set(manifest.files))
        if file_sha256(snapshot / name) != manifest.files[name]
    ]
    if wrong:
        raise SnapshotError(
            f"{snapshot}: innholdet stemmer ikke med manifestet: {', '.join(wrong)}. "
            "Velg et annet øyeblikksbilde."
        )
    return manifest


def rollback(published_dir: Path, name: str | None = None) -> Path:
    """Move `current` to a snapshot, the one before the current one where no name is given.

    It is verified before the pointer moves. Raises SnapshotError.
    """
    target = name or _before_current(published_dir)
    if target is None:
        raise SnapshotError(
            f"{published_dir}: det finnes ikke noe tidligere øyeblikksbilde å gå tilbake til."
        )
    if target not in list_snapshots(published_dir):
        raise SnapshotError(
            f"{published_dir}: øyeblikksbildet «{target}» finnes ikke. "
            "Se hvilke som finnes med «samkjop status»."
        )
    verify_snapshot(published_dir / target)
    _point(published_dir, target)
    return published_dir / target


def prune(published_dir: Path, keep: int) -> list[str]:
    """Remove the oldest snapshots down to `keep`; return the names of those removed.

    The current one and the one before it stay whatever `keep` says.
    """
    names = list_snapshots(published_dir)
    current = current_snapshot(published_dir)
    kept = set(names[len(names) - max(keep, 0) :])
    kept |= {name for name in (current and current.name, _before_current(published_dir)) if name}
    removed = [name for name in names if name not in kept] if current else []
    for name in removed:
        # Renamed first: a removal that is killed halfway leaves no half snapshot in the list.
        doomed = published_dir / f"{_SCRATCH_PREFIX}{name}"
        (published_dir / name).rename(doomed)
        remove_tree(doomed)
    return removed


def remove_leftovers(published_dir: Path) -> None:
    """Remove what a killed or failed publication left: everything named `.tmp-…`."""
    for path in published_dir.glob(f"{_SCRATCH_PREFIX}*"):
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            remove_tree(path)


def _refuse_unless_passed(build_dir: Path, seal: Seal, verdict: Verdict) -> None:
    if verdict.status == "errored":
        raise NotPassedError(
            f"{build_dir}: kvalitetskontrollen kunne ikke gjennomføres; ingenting er publisert. "
            f"Se {build_dir / QUALITY / 'index.html'}."
        )
    if verdict.status != "passed" or decide(verdict.results, verdict.errors) != "passed":
        raise NotPassedError(
            f"{build_dir}: kvalitetskontrollen er ikke bestått; ingenting er publisert. "
            f"Se {build_dir / QUALITY / 'index.html'}."
        )
    hashes = {name: table.sha256 for name, table in seal.tables.items()}
    if (verdict.seal_hash, verdict.database_sha256, dict(verdict.table_hashes)) != (
        seal.seal_hash,
        seal.database_sha256,
        hashes,
    ):
        raise OtherBytesError(
            f"{build_dir}: dommen gjelder et annet innhold enn det forseglede. "
            "Kjør kvalitetskontrollen på nytt."
        )
    if verdict.suite_version != suite_version():
        raise OtherSuitesError(
            f"{build_dir}: dommen er gitt av en annen versjon av kontrollene enn den installerte. "
            "Kjør kvalitetskontrollen på nytt."
        )


def _refuse_changed_bytes(build_dir: Path, seal: Seal, copied: Mapping[str, str]) -> None:
    # The bytes that were copied are judged, not those that were there a moment before.
    if any(copied.get(name) != sha256 for name, sha256 in seal.files().items()):
        raise SealBrokenError(
            f"{build_dir}: innholdet ble endret mens det ble kopiert. Kjør bygget på nytt."
        )


@contextlib.contextmanager
def _undone_where_it_fails(published_dir: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        with contextlib.suppress(OSError):
            remove_leftovers(published_dir)
        if not isinstance(error, OSError):
            raise
        raise NotWrittenError(
            f"{published_dir}: øyeblikksbildet kunne ikke skrives ({error.strerror or error}). "
            "Det som var publisert, står urørt; rett feilen og publiser på nytt."
        ) from error


def _next_moment(published_dir: Path) -> datetime:
    """Return now, but later than every snapshot: names never repeat and sort by age."""
    now = datetime.now(UTC).replace(microsecond=0)
    names = list_snapshots(published_dir)
    if not names:
        return now
    newest = datetime.strptime(names[-1].split("-")[0], _TIME_FORMAT).replace(tzinfo=UTC)
    return max(now, newest + timedelta(seconds=1))


def _copy(build_dir: Path, scratch: Path) -> dict[str, str]:
    """Copy what is published, flushed; return path → SHA-256 of the bytes written."""
    scratch.mkdir(mode=0o755)
    hashes = {SEAL_NAME: _copy_file(build_dir / SEAL_NAME, scratch / SEAL_NAME)}
    for folder in (INTERNAL, PUBLIC, QUALITY, REPORT):
        if not (build_dir / folder).is_dir():
            continue
        (scratch / folder).mkdir()
        for path in sorted((build_dir / folder).rglob("*")):
            name = path.relative_to(build_dir)
            if path.is_dir():
                (scratch / name).mkdir()
            else:
                hashes[name.as_posix()] = _copy_file(path, scratch / name)
    (scratch / INTERNAL).chmod(0o750)
    return hashes


def _copy_file(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("xb") as writer:
        while block := reader.read(_BLOCK):
            digest.update(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    target.chmod(0o444)
    return digest.hexdigest()


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    path.chmod(0o444)


def _flush_folders(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_dir():
            flush_folder(path)
    flush_folder(folder)


def _manifest(
    name: str,
    created: datetime,
    build_dir: Path,
    seal: Seal,
    verdict: Verdict,
    files: Mapping[str, str],
) -> Manifest:
    return Manifest(
        snapshot=name,
        build=build_dir.name,
        build_key=seal.build_key,
        as_of_date=seal.as_of_date,
        created_at=created.isoformat(),
        seal_hash=seal.seal_hash,
        verdict_status=verdict.status,
        suite_version=verdict.suite_version,
        warnings=len(verdict.warnings),
        files=dict(sorted(files.items())),
    )


def _point(published_dir: Path, name: str) -> None:
    temporary = published_dir / f"{_SCRATCH_PREFIX}{CURRENT}-{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(name)
    temporary.replace(published_dir / CURRENT)
    flush_folder(published_dir)


def _before_current(published_dir: Path) -> str | None:
    current = current_snapshot(published_dir)
    older = [name for name in list_snapshots(published_dir) if current and name < current.name]
    return older[-1] if older else None
