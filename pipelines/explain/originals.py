"""The originals behind the lake: a file's bytes by its SHA-256, checked against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from typing import IO

import duckdb

from pipelines.lake.landing import SourceFile, read_files
from pipelines.lake.manifests import files, reading
from pipelines.settings import Settings


@dataclass(frozen=True)
class Original:
    """A file as it was delivered: its name below landing/, its kind, and how to read it again.

    `problem` says in Norwegian why its bytes can't be shown; then `open` gives nothing.
    """

    sha256: str
    name: str
    kind: str
    source: SourceFile | None
    problem: str | None = None

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Return the file's bytes as a stream."""
        if self.source is None:
            return nullcontext(BytesIO())
        if self.source.stream is not None:
            return self.source.stream()
        return nullcontext(BytesIO(self.source.data))


def originals(settings: Settings, wanted: Iterable[str]) -> Iterator[Original]:
    """Yield the originals with these SHA-256, one at a time, so that few are in memory.

    A file that is gone, or whose bytes are no longer those that were read, is one with a problem.
    """
    of_file: dict[str, list[str]] = {}
    of_archive: dict[str, list[str]] = {}
    known = _known(settings, list(wanted))
    for sha256, (_, _, container) in known.items():
        (of_file if container is None else of_archive).setdefault(container or sha256, []).append(
            sha256
        )
    for stored, members in (*of_file.items(), *of_archive.items()):
        yield from _read(settings, stored, members, known)


def _known(settings: Settings, wanted: list[str]) -> dict[str, tuple[str, str, str | None]]:
    """Return SHA-256 → name, kind and the archive's SHA-256, from the manifests."""
    with reading(settings.lake), duckdb.connect() as connection:
        rows = connection.execute(
            "select f.sha256, min(f.name), min(f.kind), min(f.container) "
            f"from {files(settings.lake)} where list_contains($wanted, f.sha256) "
            "group by f.sha256 order by f.sha256",
            {"wanted": wanted},
        ).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _read(
    settings: Settings,
    stored: str,
    members: list[str],
    known: dict[str, tuple[str, str, str | None]],
) -> Iterator[Original]:
    path = settings.archive / stored
    left = dict.fromkeys(members)
    if path.is_file():
        for source in read_files([str(path)], settings, settings.archive, set()):
            if isinstance(source, SourceFile) and source.sha256 in left:
                del left[source.sha256]
                yield _original(source.sha256, known, source)
    for sha256 in left:
        problem = f"originalen er ikke i arkivet, eller er endret der (archive/{stored})"
        yield _original(sha256, known, None, problem)


def _original(
    sha256: str,
    known: dict[str, tuple[str, str, str | None]],
    source: SourceFile | None,
    problem: str | None = None,
) -> Original:
    name, kind, _ = known[sha256]
    return Original(sha256, name, kind, source, problem)
