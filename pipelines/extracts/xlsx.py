"""Workbooks, read safely: the cells are counted first, then read in a child process.

A legal workbook with one cell in the far corner makes the reader allocate hundreds of gigabytes
and abort the process (calamine issue 693); so it is measured before, and read where an abort and
a memory limit hurt nobody. What the rows mean is not decided here.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import zipfile
from dataclasses import dataclass

MEMORY_LIMIT = 2 * 1024**3
TIMEOUT_SECONDS = 120
_MAX_UNPACKED = 512 * 1024**2
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"')
_CHUNK = 1 << 20


class WorkbookProblem(Exception):
    """A workbook that can't be read; the text is a Norwegian reason."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name and its rows as text, None for an empty cell."""

    name: str
    rows: list[list[str | None]]


def read_workbook(data: bytes, max_cells: int) -> list[Sheet]:
    """Return every sheet's rows. Raises WorkbookProblem."""
    _measure(data, max_cells)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "pipelines.extracts.xlsx"],
            input=data,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookProblem(
            f"arbeidsboken kunne ikke leses på {TIMEOUT_SECONDS} sekunder"
        ) from error
    if child.returncode != 0:
        detail = child.stderr.decode("utf-8", "replace").strip().splitlines()
        raise WorkbookProblem(
            f"arbeidsboken kan ikke leses ({detail[-1] if detail else child.returncode}); "
            "lagre den på nytt som .xlsx"
        )
    return [Sheet(name, rows) for name, rows in json.loads(child.stdout)]


def _measure(data: bytes, max_cells: int) -> None:
    """Refuse a workbook whose sheets would unfold to more than `max_cells`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MAX_UNPACKED:
                raise WorkbookProblem(
                    f"arbeidsboken er over {_MAX_UNPACKED // 1024**2} MiB utpakket"
                )
            for item in archive.infolist():
                if item.filename.startswith("xl/worksheets/"):
                    _measure_sheet(archive, item, max_cells)
    except WorkbookProblem:
        raise
    except Exception as error:  # zlib, lzma and bz2 each raise their own
        raise WorkbookProblem(f"arbeidsboken er ødelagt ({error}); lagre den på nytt") from error


def _measure_sheet(archive: zipfile.ZipFile, item: zipfile.ZipInfo, max_cells: int) -> None:
    rows = columns = 0
    tail = b""
    with archive.open(item) as stream:
        while chunk := stream.read(_CHUNK):
            for letters, number in _CELL.findall(tail + chunk):
                columns = max(columns, _column_number(letters))
                rows = max(rows, int(number))
            tail = chunk[-64:]
    if rows * columns > max_cells:
        raise WorkbookProblem(
            f"arket «{item.filename}» går til rad {rows} og kolonne {columns}, mer enn grensen på "
            f"{max_cells} celler; slett tomme rader og kolonner ytterst"
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _child() -> None:
    """Read a workbook from standard input and write its sheets as JSON: the child's whole life."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    import fastexcel

    workbook = fastexcel.read_excel(sys.stdin.buffer.read())
    sheets = []
    for name in workbook.sheet_names:
        sheet = workbook.load_sheet(name, header_row=None, dtypes="string")
        frame = sheet.to_polars()
        sheets.append((name, [list(row) for row in frame.iter_rows()]))
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    _child()
