"""Where the demo's files end up: loose in a folder per month, or many in a .zip.

Names, folders and time stamps are decided here; what the files hold is not.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from types import TracebackType
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class Landing:
    """Writes documents into a landing folder; use as a context manager, month by month.

    Archives are called after `prefix`; two landings may share a folder with different ones.
    """

    def __init__(
        self,
        root: Path,
        seed: int,
        loose_share: float,
        documents_per_zip: int,
        folder: str = "ehf",
        prefix: str = "ehf",
    ) -> None:
        self.root = root
        self._folder, self._prefix = folder, prefix
        self.counts = {"loose": 0, "in_zip": 0, "zip": 0}
        self._random = Random(f"landing:{seed}")
        self._loose_share = loose_share
        self._limit = documents_per_zip
        self._zip: ZipFile | None = None
        self._month = ""
        self._name = ""
        self._number = 0
        self._members = 0

    def __enter__(self) -> Landing:
        self.root.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def add(self, month: str, name: str, content: bytes, loose: bool | None = None) -> str:
        """Write a document of a month ('2023-04'); return its name relative to landing.

        A document in a .zip is named 'folder/file.zip/member.xml'. What is put in archives must
        come by month: a month that comes again would begin its first archive anew.
        """
        if loose is None:
            loose = self._random.random() < self._loose_share
        if loose:
            return self._write(f"{self._folder}/{month[:4]}/{month[5:]}/{name}", content)
        if month != self._month or self._members >= self._limit:
            self._open(month)
        assert self._zip is not None
        info = ZipInfo(name, (int(month[:4]), int(month[5:]), 28, 12, 0, 0))
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, content, ZIP_DEFLATED, 3)
        self._members += 1
        self.counts["in_zip"] += 1
        return f"{self._name}/{name}"

    def _write(self, name: str, content: bytes) -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.counts["loose"] += 1
        return name

    def _open(self, month: str) -> None:
        self._close()
        self._number = self._number + 1 if month == self._month else 1
        self._month, self._members = month, 0
        self._name = f"{self._folder}/{self._prefix}_{month}_{self._number:03d}.zip"
        path = self.root / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._zip = ZipFile(path, "w")
        self.counts["zip"] += 1

    def _close(self) -> None:
        if self._zip is not None:
            self._zip.close()
            self._zip = None
