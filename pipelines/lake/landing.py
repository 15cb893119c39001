"""What lies in `landing/`: files and the members of archives, one source file at a time.

Nothing is moved or written here, and nothing is unpacked to disk. What a file holds, the extracts
find out.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, cast

from pipelines.extracts.detect import shape_of
from pipelines.extracts.readers import is_streamed
from pipelines.settings import Settings

_IGNORED_ENDINGS = (".tmp", ".part", ".crdownload", ".filepart")
_MIB = 1024 * 1024
_HEAD = 65_536
_GZIP = b"\x1f\x8b"
_BOMB_FROM = 64 * _MIB
_STREAM_FROM = 32 * _MIB  # from this size on a file that can be streamed is never whole in memory


class SourceFile(NamedTuple):
    """One file to read: a file in landing/, or a member of an archive there.

    `problem` says why its bytes are not to be read at all; `container` is the archive's SHA-256.
    Where `stream` is given, the file is of a kind that is read as a stream, and too large for
    memory: `data` is its beginning, and `stream` opens it.
    """

    path: str
    name: str
    sha256: str
    data: bytes
    problem: str | None = None
    container: str | None = None
    size: int = 0
    stream: Callable[[], AbstractContextManager[IO[bytes]]] | None = None


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
            data, is_whole = _read(descriptor, settings)
        finally:
            os.close(descriptor)
        if data.startswith(_GZIP):
            yield from _unzipped(path, name, settings, known_containers)
        elif is_whole:
            yield from _file(path, name, data, settings, known_containers)
        elif zipfile.is_zipfile(path):
            yield from _members(path, name, _hash_of(path), settings, None, known_containers)
        else:
            yield _large(path, name, data, settings)


def _read(descriptor: int, settings: Settings) -> tuple[bytes, bool]:
    """Return a file's bytes and True, or its beginning and False where it is not for memory."""
    size, limit = os.fstat(descriptor).st_size, settings.max_file_mib * _MIB
    if size <= min(_STREAM_FROM, limit):
        data = os.read(descriptor, size + 1)
        while len(data) != size and len(data) <= limit and (more := os.read(descriptor, _HEAD)):
            data += more  # it grows while it is read
        return data, len(data) <= limit
    head = os.read(descriptor, _HEAD)
    if size > limit or is_streamed(head):
        return head, False
    whole = bytearray(head)
    while len(whole) <= limit and (more := os.read(descriptor, size)):
        whole += more
    return bytes(whole), len(whole) <= limit


def _large(path: str, name: str, head: bytes, settings: Settings) -> SourceFile:
    """Return a file that is not for memory: to be streamed where its kind allows, else refused."""
    size = Path(path).stat().st_size
    reason = _size_problem("filen", size, head, settings)
    opened = None if reason else partial(_binary, path)
    return SourceFile(path, name, _hash_of(path), head, reason, None, size, opened)


def _binary(path: str) -> IO[bytes]:
    return Path(path).open("rb")


def _size_problem(what: str, size: int, head: bytes, settings: Settings) -> str | None:
    may_stream = is_streamed(head)
    limit = settings.max_stream_mib if may_stream else settings.max_file_mib
    if size > limit * _MIB:
        return f"{what} er {size // _MIB} MiB, over grensen på {limit} MiB"
    return None if may_stream else f"{what} vokste mens den ble lest; legg den inn på nytt"


def _file(
    path: str, name: str, data: bytes, settings: Settings, known_containers: set[str]
) -> Iterator[SourceFile | Container]:
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(b"PK") and shape_of(data) == "zip":
        yield from _members(path, name, sha256, settings, data, known_containers)
    else:
        yield SourceFile(path, name, sha256, data, size=len(data))


def _unzipped(
    path: str, name: str, settings: Settings, known_containers: set[str]
) -> Iterator[SourceFile | Container]:
    """Yield the one file in a .gz, then its Container."""
    container = _hash_of(path)
    if container not in known_containers:
        try:
            yield _gzip_member(path, name, container, settings)
        except (EOFError, OSError, zlib.error) as error:
            reason = f"arkivet er ødelagt ({error}); pakk på nytt"
            yield SourceFile(path, name, container, b"", reason)
            return
    yield Container(path, name, container)


def _gzip_member(path: str, name: str, container: str, settings: Settings) -> SourceFile:
    inner = f"{name}/{Path(name).name.removesuffix('.gz')}"
    limit = settings.max_file_mib * _MIB
    with gzip.open(path) as stream:
        data = stream.read(_HEAD)
        may_stream = is_streamed(data)
        data += stream.read(_STREAM_FROM if may_stream else limit)
        if stream.read(1) == b"":
            is_archive = data.startswith(_GZIP) or (
                data.startswith(b"PK") and shape_of(data) == "zip"
            )
            reason = "arkiv i arkiv leses ikke; pakk ut det innerste" if is_archive else None
            sha256 = hashlib.sha256(data).hexdigest()
            return SourceFile(path, inner, sha256, data, reason, container, len(data))
    if not may_stream:
        reason = f"filen i arkivet er over grensen på {settings.max_file_mib} MiB"
        return SourceFile(path, inner, _mark(inner, container), b"", reason, container)
    sha256, size = _measured(path, settings)
    reason = _archive_problem(1, size, Path(path).stat().st_size, settings)
    reason = reason or _size_problem("filen i arkivet", size, data[:_HEAD], settings)
    opened = None if reason else partial(_gzip, path)
    return SourceFile(path, inner, sha256, data[:_HEAD], reason, container, size, opened)


def _gzip(path: str) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path))


def _measured(path: str, settings: Settings) -> tuple[str, int]:
    """Return the SHA-256 and size of what a .gz holds, of no more than may be streamed."""
    digest, size = hashlib.sha256(), 0
    with gzip.open(path) as stream:
        while size <= settings.max_stream_mib * _MIB and (block := stream.read(_MIB)):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _mark(name: str, container: str) -> str:
    """Return what stands for the SHA-256 of a file whose bytes are not read."""
    return hashlib.sha256(name.encode() + container.encode()).hexdigest()


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
            unpacked = sum(item.file_size for item in items)
            size = Path(path).stat().st_size
            reason = _archive_problem(len(items), unpacked, size, settings)
            if reason is None:
                for item in items:
                    yield _member(archive, item, path, name, sha256, settings)
                yield Container(path, name, sha256)
                return
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        reason = f"arkivet er ødelagt eller av en type som ikke kan leses ({error}); pakk på nytt"
    yield SourceFile(path, name, sha256, data or b"", reason)


def _archive_problem(members: int, unpacked: int, size: int, settings: Settings) -> str | None:
    if not members:
        return "arkivet er tomt"
    if members > settings.max_zip_members:
        return f"arkivet har {members} filer, over grensen på {settings.max_zip_members}"
    if unpacked > _BOMB_FROM and unpacked > size * settings.max_zip_ratio:
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
                data = stream.read(_HEAD)
                if item.file_size > limit or (item.file_size > _STREAM_FROM and is_streamed(data)):
                    return _large_member(archive, item, path, name, container, data, settings)
                data += stream.read(limit)
            if data.startswith(b"PK") and shape_of(data) == "zip":
                reason = "arkiv i arkiv leses ikke; pakk ut det innerste"
        except Exception as error:  # zlib, lzma and bz2 each raise their own
            reason = f"filen i arkivet er ødelagt ({error}); pakk på nytt"
    sha256 = hashlib.sha256(data).hexdigest() if data else _mark(name, container)
    return SourceFile(path, name, sha256, data, reason, container, len(data))


def _large_member(
    archive: zipfile.ZipFile,
    item: zipfile.ZipInfo,
    path: str,
    name: str,
    container: str,
    head: bytes,
    settings: Settings,
) -> SourceFile:
    """Return a member that is not for memory, as `_large` does; it is read from the archive."""
    reason = _size_problem("filen i arkivet", item.file_size, head, settings)
    with archive.open(item) as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    opened = None if reason else partial(archive.open, item)
    return SourceFile(path, name, sha256, head, reason, container, item.file_size, opened)
