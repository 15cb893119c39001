"""What lies in `landing/`: files and the members of archives, one source file at a time.

Nothing is moved or written here, and nothing is unpacked to disk. What a file holds, the extracts
find out.
"""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.extracts.detect import shape_of
from pipelines.settings import Settings

_IGNORED_ENDINGS = (".tmp", ".part", ".crdownload", ".filepart")
_MIB = 1024 * 1024


@dataclass(frozen=True)
class SourceFile:
    """One file to read: a file in landing/, or a member of an archive there.

    `problem` says why its bytes are not to be read at all; `container` is the archive's SHA-256.
    """

    path: Path
    name: str
    sha256: str
    data: bytes
    problem: str | None = None
    container: str | None = None


@dataclass(frozen=True)
class Container:
    """An archive that has been read to its end: all its members came before it."""

    path: Path
    name: str
    sha256: str


def waiting_files(landing: Path) -> list[Path]:
    """Return the files in landing/, in the order of their names; hidden and temporary ones not."""
    return sorted(
        path
        for path in landing.rglob("*")
        if (path.is_symlink() or path.is_file()) and not _is_ignored(path.relative_to(landing))
    )


def _is_ignored(relative: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in relative.parts)
    return hidden or relative.name.lower().endswith(_IGNORED_ENDINGS)


def settled_files(paths: list[Path], settle_seconds: float) -> tuple[list[Path], list[Path]]:
    """Return the files that are whole, and those still being written.

    A file that changed within the last `settle_seconds` is looked at once more after that time.
    """
    fresh = {path: seen for path in paths if (seen := _stamp(path)) is not None}
    newest = max((stamp[1] for stamp in fresh.values()), default=0.0)
    wait = newest + settle_seconds - time.time()
    if wait > 0:
        time.sleep(min(wait, settle_seconds))
    whole = [path for path, seen in fresh.items() if _stamp(path) == seen]
    return whole, [path for path in paths if path not in set(whole)]


def _stamp(path: Path) -> tuple[int, float] | None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime


def read_files(
    paths: list[Path], settings: Settings, root: Path, known_containers: set[str]
) -> Iterator[SourceFile | Container]:
    """Yield every source file; an archive's members come one by one, then its Container.

    `name` is the path below `root`, with forward slashes, for members followed by the member's own
    name. Of an archive that is known only the Container comes.
    """
    for path in paths:
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            yield _refused(path, name, "symbolske lenker følges ikke; legg selve filen i landing/")
            continue
        size = path.stat().st_size
        if size > settings.max_file_mib * _MIB and not zipfile.is_zipfile(path):
            limit = settings.max_file_mib
            yield _refused(path, name, f"filen er {size // _MIB} MiB, over grensen på {limit} MiB")
            continue
        if size > settings.max_file_mib * _MIB:
            yield from _members(path, name, _hash_of(path), settings, None, known_containers)
            continue
        with path.open("rb") as handle:
            data = handle.read()
        sha256 = hashlib.sha256(data).hexdigest()
        if data.startswith(b"PK") and shape_of(data) == "zip":
            yield from _members(path, name, sha256, settings, data, known_containers)
        else:
            yield SourceFile(path, name, sha256, data)


def _refused(path: Path, name: str, reason: str) -> SourceFile:
    if path.is_symlink():
        mark = hashlib.sha256(f"lenke:{name}:{path.readlink()}".encode()).hexdigest()
        return SourceFile(path, name, mark, b"", reason)
    return SourceFile(path, name, _hash_of(path), b"", reason)


def _hash_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _members(
    path: Path,
    name: str,
    sha256: str,
    settings: Settings,
    data: bytes | None,
    known_containers: set[str],
) -> Iterator[SourceFile | Container]:
    if sha256 in known_containers:
        yield Container(path, name, sha256)
        return
    source = io.BytesIO(data) if data is not None else path
    try:
        with zipfile.ZipFile(source) as archive:
            items = [item for item in archive.infolist() if not item.is_dir()]
            reason = _archive_problem(items, path.stat().st_size, settings)
            if reason is None:
                for item in items:
                    yield _member(archive, item, path, name, sha256, settings)
                yield Container(path, name, sha256)
                return
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        reason = f"arkivet er ødelagt eller av en type som ikke kan leses ({error}); pakk på nytt"
    yield SourceFile(path, name, sha256, data or b"", reason)


def _archive_problem(items: list[zipfile.ZipInfo], size: int, settings: Settings) -> str | None:
    if not items:
        return "arkivet er tomt"
    if len(items) > settings.max_zip_members:
        return f"arkivet har {len(items)} filer, over grensen på {settings.max_zip_members}"
    unpacked = sum(item.file_size for item in items)
    if unpacked > 64 * _MIB and unpacked > size * settings.max_zip_ratio:
        return (
            f"arkivet er {unpacked // max(size, 1)} ganger større utpakket, over grensen på "
            f"{settings.max_zip_ratio}: det kan være en zip-bombe"
        )
    return None


def _member(
    archive: zipfile.ZipFile,
    item: zipfile.ZipInfo,
    path: Path,
    container_name: str,
    container: str,
    settings: Settings,
) -> SourceFile:
    name = f"{container_name}/{item.filename}"
    limit = settings.max_file_mib * _MIB
    reason, data = None, b""
    if item.flag_bits & 1:
        reason = "filen i arkivet er kryptert; pakk den uten passord"
    else:
        try:
            with archive.open(item) as stream:
                data = stream.read(limit + 1)
            if len(data) > limit:
                reason = f"filen i arkivet er over grensen på {settings.max_file_mib} MiB"
            elif data.startswith(b"PK") and shape_of(data) == "zip":
                reason = "arkiv i arkiv leses ikke; pakk ut det innerste"
        except Exception as error:  # zlib, lzma and bz2 each raise their own
            reason = f"filen i arkivet er ødelagt ({error}); pakk på nytt"
    sha256 = hashlib.sha256(data or name.encode() + container.encode()).hexdigest()
    return SourceFile(path, name, sha256, data, reason, container)
