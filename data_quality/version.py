"""The suites' version: a hash of this package's source. It needs no Great Expectations."""

from __future__ import annotations

import hashlib
from pathlib import Path

_ROOT = Path(__file__).parent
_SOURCES = (".py", ".j2")


def suite_version() -> str:
    """Return the SHA-256 over names and bytes of every source file of `data_quality`.

    A verdict carries it, and publishing refuses one that other suites gave.
    """
    digest = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*")):
        if path.is_file() and path.suffix in _SOURCES:
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
