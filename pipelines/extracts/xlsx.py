"""Workbooks, read safely: in a child process with a limit on memory and time.

A legal workbook with one cell in the far corner makes the reader allocate hundreds of gigabytes
and abort the process (calamine issue 693); so it is read where an abort and the limit hurt nobody,
and where the child fails the cells are counted, so that the reason can be told. What the rows mean
is not decided here.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO

import polars as pl

MEMORY_LIMIT = 2 * 1024**3
TIMEOUT_SECONDS = 120
_MAX_UNPACKED = 512 * 1024**2
_LETTERS = re.compile(rb'\sr="([A-Z]{1,3})\d{1,7}"')
_NUMBERS = re.compile(rb'\sr="[A-Z]{1,3}(\d{1,7})"')
_CHUNK = 1 << 20


class WorkbookProblem(Exception):
    """A workbook that can't be read; the text is a Norwegian reason."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name and its cells as text columns, null for an empty cell."""

    name: str
    cells: pl.DataFrame

    @property
    def rows(self) -> list[list[str | None]]:
        """The cells row by row."""
        return [list(row) for row in self.cells.iter_rows()]


def read_workbook(data: bytes, max_cells: int) -> list[Sheet]:
    """Return every sheet's cells. Raises WorkbookProblem."""
    _check_archive(data)
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as errors,
    ):
        given.write(data)
        given.seek(0)
        command = [sys.executable, "-m", "pipelines.extracts.xlsx", str(max_cells)]
        with subprocess.Popen(command, stdin=given, stdout=out, stderr=errors) as child:
            try:
                status = child.wait(TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired as error:
                raise WorkbookProblem(
                    f"arbeidsboken kunne ikke leses på {TIMEOUT_SECONDS} sekunder"
                ) from error
            finally:
                child.kill()
        out.seek(0)
        errors.seek(0)
        if status != 0:
            _measure(data, max_cells)
            detail = errors.read().decode("utf-8", "replace").strip().splitlines()
            raise WorkbookProblem(
                f"arbeidsboken kan ikke leses ({detail[-1] if detail else status}); "
                "lagre den på nytt som .xlsx"
            )
        return _received(out)


def _received(out: IO[bytes]) -> list[Sheet]:
    names = json.loads(out.readline())
    return [Sheet(name, pl.read_ipc(io.BytesIO(out.read(size)))) for name, size in names]


def _check_archive(data: bytes) -> None:
    """Refuse what is no archive or would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except Exception as error:  # zipfile raises several kinds for a broken directory
        raise WorkbookProblem(f"arbeidsboken er ødelagt ({error}); lagre den på nytt") from error
    if size > _MAX_UNPACKED:
        raise WorkbookProblem(f"arbeidsboken er over {_MAX_UNPACKED // 1024**2} MiB utpakket")


def _measure(data: bytes, max_cells: int) -> None:
    """Refuse a workbook whose sheets would unfold to more than `max_cells`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                if item.filename.startswith("xl/worksheets/"):
                    _measure_sheet(archive, item, max_cells)
    except WorkbookProblem:
        raise
    except Exception as error:  # zlib, lzma and bz2 each raise their own
        raise WorkbookProblem(f"arbeidsboken er ødelagt ({error}); lagre den på nytt") from error


def _measure_sheet(archive: zipfile.ZipFile, item: zipfile.ZipInfo, max_cells: int) -> None:
    rows, columns = _extent(archive, item)
    if rows * columns > max_cells:
        raise WorkbookProblem(
            f"arket «{item.filename}» går til rad {rows} og kolonne {columns}, mer enn grensen på "
            f"{max_cells} celler; slett tomme rader og kolonner ytterst"
        )


def _extent(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> tuple[int, int]:
    """Return the last row and the last column of a sheet's cells."""
    letters: set[bytes] = set()
    numbers: set[bytes] = set()
    tail = b""
    with archive.open(item) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            letters.update(_LETTERS.findall(text))
            numbers.update(_NUMBERS.findall(text))
            tail = chunk[-64:]
    rows = max(map(int, numbers), default=0)
    return rows, max(map(_column_number, letters), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _child() -> None:
    """Read a workbook from standard input, write its sheets as Arrow: the child's whole life."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    import fastexcel

    workbook = fastexcel.read_excel(sys.stdin.buffer.read())
    sheets = []
    for name in workbook.sheet_names:
        # Rows are skipped at the top unless told not to, and row numbers would be wrong.
        sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.height * sheet.width > int(sys.argv[1]):
            sys.exit(f"arket «{name}» har over {sys.argv[1]} celler")
        arrow = io.BytesIO()
        sheet.to_polars().write_ipc(arrow)
        sheets.append((name, arrow.getvalue()))
    names = [(name, len(content)) for name, content in sheets]
    sys.stdout.buffer.write(json.dumps(names).encode() + b"\n")
    for _, content in sheets:
        sys.stdout.buffer.write(content)


if __name__ == "__main__":
    _child()
