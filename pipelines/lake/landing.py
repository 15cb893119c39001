"""What lies in `landing/`: files and the members of archives, one source file at a time.

Nothing is moved or written here, and nothing is unpacked to disk. What a file holds, the extracts
find out.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.extracts.detect import shape_of
from pipelines.settings import Settings

_IGNORED_ENDINGS = (".tmp", ".part", ".crdownload", ".filepart")
_MIB = 1024 * 1024


class SourceFile(NamedTuple):
    """One file to read: a file in landing/, or a member of an archive there.

    `problem` says why its bytes are not to be read at all; `container` is the archive's SHA-256.
    """

    path: str
    name: str
    sha256: str
    data: bytes
    problem: str | None = None
    container: str | None = None


class Container(NamedTuple):
    """An archive that has been read to its end: all its members came before it."""

    path: str
    name: str
    sha256: str


def waiting_files(landing: Path) -> list[Path]:
    """Return the files in landing/, in the order of their names; hidden and temporary ones not."""
    return [Path(name) for name in sorted(_stamps(landing))]


def _stamps(folder: Path) -> dict[str, tuple[int, float]]:
    """Return size and time of change of every file below a folder; links are not followed."""
    found: dict[str, tuple[int, float]] = {}
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if _is_ignored(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_symlink() or entry.is_file():
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = (status.st_size, status.st_mtime)
    return found


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower().endswith(_IGNORED_ENDINGS)


def settled_files(landing: Path, settle_seconds: float) -> tuple[list[str], list[str]]:
    """Return the paths of landing/ that are whole, and those still being written.

    Where one changed within the last `settle_seconds`, all are looked at once more after that time.
    """
    before = _stamps(landing)
    newest = max((changed for _, changed in before.values()), default=0.0)
    wait = newest + settle_seconds - time.time()
    if wait <= 0:
        return sorted(before), []
    time.sleep(min(wait, settle_seconds))
    after = _stamps(landing)
    writing = {name for name, stamp in after.items() if before.get(name) != stamp}
    return sorted(after.keys() - writing), sorted(writing)


def read_files(
    paths: Iterable[str], settings: Settings, root: Path, known_containers: set[str]
) -> Iterator[SourceFile | Container]:
    """Yield every source file; an archive's members come one by one, then its Container.

    `name` is the path below `root`, with forward slashes, for members followed by the member's own
    name. Of an archive that is known only the Container comes. Paths are text here: there may be
    hundreds of thousands, and a Path costs as much as hashing the file.
    """
    prefix = len(str(root)) + 1
    limit = settings.max_file_mib * _MIB
    for path in paths:
        # a name that is not UTF-8 is read as it is and shown with replacement characters
        name = os.fsencode(path[prefix:]).decode("utf-8", "replace").replace(os.sep, "/")
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError as error:
            if error.errno != errno.ENOENT:  # gone again since it was listed
                yield _unopened(path, name, error)
            continue
        try:
            data = _read_whole(descriptor, limit)
        finally:
            os.close(descriptor)
        if len(data) <= limit:
            yield from _file(path, name, data, settings, known_containers)
        elif zipfile.is_zipfile(path):
            yield from _members(path, name, _hash_of(path), settings, None, known_containers)
        else:
            size = Path(path).stat().st_size // _MIB
            reason = f"filen er {size} MiB, over grensen på {settings.max_file_mib} MiB"
            yield SourceFile(path, name, _hash_of(path), b"", reason)


def _read_whole(descriptor: int, limit: int) -> bytes:
    """Return a file's bytes, or one more than `limit` of them."""
    wanted = min(os.fstat(descriptor).st_size, limit) + 1
    data = os.read(descriptor, wanted)
    while len(data) < wanted and (more := os.read(descriptor, wanted - len(data))):
        data += more
    return data


def _file(
    path: str, name: str, data: bytes, settings: Settings, known_containers: set[str]
) -> Iterator[SourceFile | Container]:
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(b"PK") and shape_of(data) == "zip":
        yield from _members(path, name, sha256, settings, data, known_containers)
    else:
        yield SourceFile(path, name, sha256, data)


def _unopened(path: str, name: str, error: OSError) -> SourceFile:
    reason = f"filen kan ikke åpnes ({error.strerror}); gi lesetilgang og legg den inn på nytt"
    if error.errno == errno.ELOOP:
        reason = "symbolske lenker følges ikke; legg selve filen i landing/"
    mark = hashlib.sha256(f"uåpnet:{name}".encode()).hexdigest()
    return SourceFile(path, name, mark, b"", reason)


def _hash_of(path: str) -> str:
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _members(
    path: str,
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
            reason = _archive_problem(items, Path(path).stat().st_size, settings)
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
    path: str,
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
