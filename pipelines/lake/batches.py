"""From `landing/` to committed batches: the one place that writes the lake and the quarantine.

A batch is written beside the lake and renamed into it; that rename is the commit. Originals are
moved after it, and a run that was killed in between is put right by the next one, which meets the
files as known.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Lock
from typing import IO, Any, BinaryIO, cast

import polars as pl

from pipelines.extracts.m365 import KINDS as M365_KINDS
from pipelines.extracts.mapping import own_mappings
from pipelines.extracts.readers import Reader, ReadOptions
from pipelines.extracts.result import Extracted, FileFacts, Rejection
from pipelines.extracts.tables import TABLES
from pipelines.lake.home import flush_folder, remove_tree, replace_file
from pipelines.lake.landing import (
    Container,
    SourceFile,
    read_files,
    settled_files,
)
from pipelines.lake.manifests import MANIFEST, Known, batch_names, load_known
from pipelines.lake.pseudonym_key import pseudonym_key
from pipelines.settings import OSLO, Settings

_SCRATCH = ".scratch-"
_MIB = 1024 * 1024
_MAX_PROCESSES = 8
_WRITERS = 4  # threads: most of writing a small table is waiting for the disk
_SPILLED = Lock()  # of tables that are too large for memory one is written at a time
_DATED = ("register", "enhetsregisteret", *M365_KINDS)
# Files done and in all, bytes done and in all.
Progress = Callable[[int, int, int, int], None]


@dataclass
class ExtractOutcome:
    """What one extraction did. Counts are files; a member of an archive is a file of its own.

    `run` names it in the manifests, `names` has the new files by SHA-256.
    """

    run: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    names: dict[str, str] = field(default_factory=dict)
    batches: list[str] = field(default_factory=list)
    new: int = 0
    known: int = 0
    duplicates: int = 0
    quarantined_files: int = 0
    quarantined_rows: int = 0
    still_being_written: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rejections: list[tuple[str, Rejection]] = field(default_factory=list)


@dataclass
class _Pending:
    """The files of the batch being read; bytes are not kept."""

    files: list[SourceFile] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    size: int = 0

    def add(self, source: SourceFile) -> None:
        """Remember a file that has been read, without its bytes."""
        self.size += source.size
        self.files.append(source._replace(data=b"", stream=None))

    def is_full(self, settings: Settings) -> bool:
        """Return whether it is time to commit."""
        return self.size >= settings.batch_mib * _MIB or len(self.files) >= settings.batch_files


def extract(settings: Settings, progress: Progress | None = None) -> ExtractOutcome:
    """Take everything in landing/ into the lake or the quarantine.

    Must be called with the lock of the home held. Raises MappingError for a mapping in the home
    that can't be used, before anything is read.
    """
    recover(settings)
    whole, writing = settled_files(settings.landing, settings.settle_seconds)
    with Reader(read_options(settings, pseudonym_key(settings))) as reader:
        reader.expect(len(whole))
        run = _Extraction(settings, load_known(settings), whole, progress)
        run.take_in(reader)
    run.outcome.still_being_written = [name[len(str(settings.landing)) + 1 :] for name in writing]
    return run.outcome


def read_options(settings: Settings, key: bytes) -> ReadOptions:
    """Return how to read.

    Raises MappingError for a mapping in the home that can't be used.
    """
    processes = settings.extract_processes or min(len(os.sched_getaffinity(0)), _MAX_PROCESSES)
    return ReadOptions(
        key,
        settings.max_table_cells,
        tuple(own_mappings(settings.config / "mappings")),
        settings.lake.parent / f"{_SCRATCH}spill",
        processes,
        datetime.now(OSLO).date(),
    )


class _Extraction:
    """One pass over landing/: what is known is put away, the rest becomes batches."""

    def __init__(
        self, settings: Settings, known: Known, whole: list[str], progress: Progress | None
    ) -> None:
        self.settings, self.known, self.whole = settings, known, whole
        self.outcome = ExtractOutcome()
        self.pending = _Pending()
        self._progress = _Counted(whole, progress)

    def take_in(self, reader: Reader) -> None:
        """Read every file, and commit a batch as often as enough has been read."""
        settings = self.settings
        files = read_files(self.whole, settings, settings.landing, self.known.containers)
        for source in files:
            self._take(source, reader)
            self._progress.at(source.path)
            if self.pending.is_full(settings):
                self._commit(reader)
        if self.pending.files or _lacks_tables(settings.lake):
            self._commit(reader)
        self._progress.done()

    def _take(self, source: SourceFile | Container, reader: Reader) -> None:
        settings, known = self.settings, self.known
        if isinstance(source, Container):
            if self.pending.files and source.sha256 not in known.containers:
                self.pending.containers.append(source)
            else:  # every member is known
                _move(source.path, f"{settings.archive}/{source.sha256}")
        elif source.sha256 in known.files and not _is_readable_now(source, settings, known):
            self.outcome.known += 1
            if source.container is None:
                _put_away_known(settings, source, known)
        else:
            read_source(source, reader, self._progress)
            known.files[source.sha256] = ("", True)
            self.pending.add(source)

    def _commit(self, reader: Reader) -> None:
        _commit(self.settings, reader, self.pending, self.known, self.outcome)
        self.pending = _Pending()


def _lacks_tables(lake: Path) -> bool:
    """Return whether a lake table has no file yet: a new home, or one from before the table."""
    return any(next(lake.glob(f"*/{name}.parquet"), None) is None for name in TABLES)


def _is_readable_now(source: SourceFile, settings: Settings, known: Known) -> bool:
    """Return whether a file that was refused by an earlier run would be accepted by this one."""
    batch, accepted = known.files[source.sha256]
    if accepted or not batch or source.problem is not None:
        return False
    options = read_options(settings, pseudonym_key(settings))
    with Reader(replace(options, spill=None)) as reader:
        read_source(source, reader)
        return reader.finish().facts[source.sha256].rows_accepted > 0


def read_source(source: SourceFile, reader: Reader, progress: _Counted | None = None) -> None:
    """Hand a source file to the reader, as bytes or as a stream."""
    if source.problem is not None:
        reader.refuse(source.sha256, "filen", source.problem)
    elif source.stream is not None:
        with source.stream() as stream:
            watched = stream if progress is None else _Watched(stream, source.path, progress)
            reader.add_stream(cast(BinaryIO, watched), source.sha256, source.name, source.data)
    else:
        reader.add(source.data, source.sha256, source.name)


class _Counted:
    """Counts files of landing/ and their bytes for whoever wants to know how far it has come."""

    def __init__(self, whole: list[str], progress: Progress | None) -> None:
        self._tell = progress
        self._sizes = {path: _size(path) for path in whole} if progress is not None else {}
        self._total = len(self._sizes), sum(self._sizes.values())
        self._bytes = 0
        self._path = ""

    def at(self, path: str, within: int = 0) -> None:
        """Note that a file has been read, or that `within` bytes of it have."""
        if self._tell is None:
            return
        if not within and path != self._path:
            self._path = path
            self._bytes += self._sizes.pop(path, 0)
        files, size = self._total
        self._tell(files - len(self._sizes), files, self._bytes + within, size)

    def done(self) -> None:
        """Note that everything is read and committed."""
        if self._tell is not None and self._total[0]:
            self._tell(self._total[0], self._total[0], self._total[1], self._total[1])


def _size(path: str) -> int:
    try:
        return os.stat(path, follow_symlinks=False).st_size  # noqa: PTH116 - as in landing
    except OSError:
        return 0


class _Watched:
    """A stream that tells how much of it has been read."""

    def __init__(self, stream: IO[bytes], path: str, progress: _Counted) -> None:
        self._stream, self._path, self._progress = stream, path, progress
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._stream.read(size)
        self._done += len(data)
        self._progress.at(self._path, self._done)
        return data


def recover(settings: Settings) -> None:
    """Clear away what a killed run left: scratch folders, and quarantine of no batch."""
    for folder in settings.lake.parent.glob(f"{_SCRATCH}*"):
        remove_tree(folder)
    committed = set(batch_names(settings.lake))
    for folder in settings.quarantine.iterdir():
        if folder.name not in committed:
            remove_tree(folder)


def _commit(
    settings: Settings, reader: Reader, pending: _Pending, known: Known, outcome: ExtractOutcome
) -> None:
    extracted = reader.finish()
    today = datetime.now(OSLO).date()
    registers = _resolve_registers(extracted, known, today)
    name = _batch_name(pending.files)
    scratch = settings.lake.parent / f"{_SCRATCH}{name}"
    try:
        scratch.mkdir(parents=True)
        with ThreadPoolExecutor(_WRITERS) as pool:
            written = pool.map(partial(_write_table, scratch, extracted), TABLES)
            entries = _entries(pending.files, extracted, registers, today)
            _write_quarantine(settings, name, pending, extracted.rejections)
            rows = dict(zip(TABLES, written, strict=True))
        remove_tree(settings.lake.parent / f"{_SCRATCH}spill")
        _write_manifest(scratch, name, outcome.run, entries, pending, rows)
        flush_folder(scratch)
        scratch.rename(settings.lake / name)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(settings.quarantine / name, ignore_errors=True)
        raise
    flush_folder(settings.lake)
    for entry in entries:
        known.files[entry["sha256"]] = (name, entry["rows_accepted"] > 0)
    _move_originals(settings, pending, known)
    _count(outcome, name, entries, extracted, pending, rows)


def _batch_name(files: list[SourceFile]) -> str:
    digest = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()[:8]
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{digest}"


def _resolve_registers(
    extracted: Extracted, known: Known, today: date
) -> dict[str, dict[str, str]]:
    """Reject a register that contradicts another of the same date; return content hashes.

    Of two in one batch the one with the smaller SHA-256 stays, so that the order of files does not
    matter.
    """
    accepted: dict[str, dict[str, str]] = {}
    for table, frames in extracted.tables.items():
        if TABLES[table].register is None:
            continue
        kept: list[pl.DataFrame] = []
        for frame in sorted(frames, key=lambda f: str(f["source_sha256"][0])):
            sha256 = str(frame["source_sha256"][0])
            day = extracted.effective_dates.setdefault(sha256, today)
            content = _content_hash(frame)
            if extracted.facts[sha256].rows_quarantined:
                kept.append(frame)  # to be corrected: it doesn't keep others of its date out
            elif known.registers.setdefault((table, day), content) == content:
                accepted.setdefault(sha256, {})[table] = content
                kept.append(frame)
            else:
                _reject_register(extracted, table, sha256, day, frame.height)
        extracted.tables[table] = kept
    return accepted


def _content_hash(frame: pl.DataFrame) -> str:
    data = frame.drop("source_sha256", "source_row")
    return hashlib.sha256(data.sort(data.columns).write_csv().encode()).hexdigest()


def _reject_register(extracted: Extracted, table: str, sha256: str, day: date, rows: int) -> None:
    facts = extracted.facts[sha256]
    extracted.facts[sha256] = facts._replace(
        rows_accepted=facts.rows_accepted - rows, rows_quarantined=facts.rows_quarantined + rows
    )
    extracted.rejections.append(
        Rejection(
            sha256,
            f"registeret «{TABLES[table].register}»",
            f"et annet innhold er alt lastet med samme dato ({day:%d.%m.%Y}); gi filen en nyere "
            "gyldig_per, eller trekk tilbake den gamle med «samkjop withdraw»",
            "",
            "register",
        )
    )


def _entries(
    files: list[SourceFile],
    extracted: Extracted,
    registers: dict[str, dict[str, str]],
    today: date,
) -> list[dict[str, Any]]:
    """Return what the manifest says of each file."""
    reasons = {r.source_sha256: f"{r.place}: {r.reason}" for r in reversed(extracted.rejections)}
    return [
        _entry(file, extracted, registers.get(file.sha256, {}), reasons.get(file.sha256), today)
        for file in files
    ]


def _entry(
    file: SourceFile,
    extracted: Extracted,
    registers: dict[str, str],
    reason: str | None,
    today: date,
) -> dict[str, Any]:
    facts = extracted.facts.get(file.sha256) or FileFacts.unreadable(file.sha256)
    kind = extracted.kinds.get(file.sha256, "unknown")
    effective = extracted.effective_dates.get(file.sha256, today) if kind in _DATED else None
    return {
        "sha256": file.sha256,
        "name": file.name,
        "kind": kind,
        "effective_date": effective.isoformat() if effective else None,
        "rows_in": facts.rows_in,
        "rows_accepted": facts.rows_accepted,
        "rows_quarantined": facts.rows_quarantined,
        "currency": facts.currency,
        "amount_in": _text(facts.amount_in),
        "amount_accepted": _text(facts.amount_accepted),
        "amount_quarantined": _text(facts.amount_quarantined),
        "rows_duplicate": facts.rows_duplicate,
        "amount_duplicate": _text(facts.amount_duplicate),
        "rows_left_out": facts.rows_left_out,
        "amount_left_out": _text(facts.amount_left_out),
        "reason": reason,
        "container": file.container,
        "registers": registers,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _write_table(scratch: Path, extracted: Extracted, name: str) -> int:
    """Write a table of the contract, also where it is empty; return its row count."""
    path = scratch / f"{name}.parquet"
    frames = extracted.tables.get(name)
    frame = pl.concat(frames) if frames else TABLES[name].empty()
    rows = frame.height
    if parts := extracted.spilled.get(name):
        lazy = [frame.lazy(), *(pl.scan_parquet(part) for part in parts)]
        with _SPILLED:
            pl.concat(lazy).sink_parquet(path, compression="zstd", statistics=True)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    else:
        frame.write_parquet(path, compression="zstd", statistics=True)
    with path.open("rb") as handle:
        os.fsync(handle.fileno())
    return rows


def _write_quarantine(
    settings: Settings, name: str, pending: _Pending, rejections: list[Rejection]
) -> None:
    if not rejections:
        return
    names = {file.sha256: file.name for file in pending.files}
    folder = settings.quarantine / name
    folder.mkdir(mode=0o700)
    lines = [
        json.dumps(
            {
                "file": names[r.source_sha256],
                "sha256": r.source_sha256,
                "place": r.place,
                "reason": r.reason,
                "raw": r.raw,
                "is_whole_file": r.is_whole_file,
            },
            ensure_ascii=False,
        )
        for r in rejections
    ]
    replace_file(folder / "reasons.jsonl", ("\n".join(lines) + "\n").encode())


def _write_manifest(
    scratch: Path,
    name: str,
    run: str,
    entries: list[dict[str, Any]],
    pending: _Pending,
    rows: dict[str, int],
) -> None:
    manifest = {
        "format": 1,
        "batch": name,
        "run": run,
        "created_at": datetime.now(UTC).isoformat(),
        "tables": rows,
        "containers": [container.sha256 for container in pending.containers],
        "files": entries,
    }
    replace_file(scratch / MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())


def _move_originals(settings: Settings, pending: _Pending, known: Known) -> None:
    archive = str(settings.archive)
    for file in pending.files:
        if file.container is None:
            if known.files[file.sha256][1]:
                _move(file.path, f"{archive}/{file.sha256}")
            else:
                _put_away(settings, file.path, file.sha256, known)
    for container in pending.containers:
        known.containers.add(container.sha256)
        _move(container.path, f"{archive}/{container.sha256}")


def _put_away_known(settings: Settings, source: SourceFile, known: Known) -> None:
    if not known.files[source.sha256][0]:
        Path(source.path).unlink(missing_ok=True)  # the same bytes stand earlier in this batch
        return
    _put_away(settings, source.path, source.sha256, known)


def _put_away(settings: Settings, path: str, sha256: str, known: Known) -> None:
    batch, accepted = known.files[sha256]
    if accepted:
        _move(path, f"{settings.archive}/{sha256}")
        return
    folder = settings.quarantine / batch / "files"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _move(path, f"{folder}/{sha256}")


def _move(source: str, target: str) -> None:
    """Move an original; where the target is there already, its bytes are the same."""
    try:
        os.rename(source, target)  # noqa: PTH104 - per file, and pathlib costs as much as hashing
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        replace_file(Path(target), Path(source).read_bytes())
        Path(source).unlink()


def _count(
    outcome: ExtractOutcome,
    name: str,
    entries: Iterable[dict[str, Any]],
    extracted: Extracted,
    pending: _Pending,
    rows: dict[str, int],
) -> None:
    names = {file.sha256: file.name for file in pending.files}
    outcome.names |= names
    outcome.batches.append(name)
    for entry in entries:
        outcome.new += 1
        outcome.quarantined_files += entry["rows_accepted"] == 0 and entry["reason"] is not None
        outcome.quarantined_rows += entry["rows_quarantined"]
    outcome.rejections += [(names[r.source_sha256], r) for r in extracted.rejections]
    for sha256, notes in extracted.notes.items():
        outcome.notes += [f"{names[sha256]}: {note}" for note in notes]
    for table, count in rows.items():
        outcome.rows[table] = outcome.rows.get(table, 0) + count
