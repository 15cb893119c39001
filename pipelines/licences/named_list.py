"""A list with account keys, as a workbook or CSV: read it, and write a copy with names in it.

The list is any sheet or table with the heading «Konto»; «Navn» and «Pålogging» are filled where
they stand, else added at the end. Other sheets are copied.
"""

from __future__ import annotations

import csv
import errno
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.categories.sheet import FIXED_TIME
from pipelines.errors import UsageError
from pipelines.extracts.detect import decode_text
from pipelines.extracts.xlsx import WorkbookProblem, read_workbook
from pipelines.lake.home import write_private

ACCOUNT, NAME, LOGIN = "Konto", "Navn", "Pålogging"
_HEADER_SEARCH_ROWS = 30
_WIDTH = 24
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([ T]00:00:00(\.0+)?)?")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Names = Mapping[str, tuple[str | None, str | None]]
"""Account key → name and sign-in name."""


@dataclass
class _Sheet:
    """A sheet's cells; `head` is the row of its headings, None where it has no accounts."""

    name: str
    rows: list[list[str | None]]
    head: int | None

    @property
    def account(self) -> int:
        return _plain(self.rows[self.head or 0]).index(ACCOUNT.lower())

    def key_of(self, row: list[str | None]) -> str:
        at = self.account
        return (row[at] or "").strip().lower() if at < len(row) else ""

    def data(self) -> list[list[str | None]]:
        return [] if self.head is None else self.rows[self.head + 1 :]


class NamedList:
    """The sheets of a list; a CSV has one."""

    def __init__(self, file: Path, sheets: list[_Sheet], delimiter: str | None) -> None:
        self._file, self._sheets, self._delimiter = file, sheets, delimiter

    @classmethod
    def read(cls, file: Path, max_cells: int) -> NamedList:
        """Read a list. Raises UsageError where it can't be read or has no column «Konto»."""
        suffix = file.suffix.lower()
        if suffix not in (".xlsx", ".csv"):
            raise UsageError(f"{file}: forventet en .xlsx- eller .csv-fil. Velg en annen fil.")
        try:
            data = file.read_bytes()
            if suffix == ".xlsx":
                found = [(s.name, s.rows) for s in read_workbook(data, max_cells)]
                delimiter = None
            else:
                delimiter, rows = _csv(decode_text(data))
                found = [("liste", rows)]
        except OSError as error:
            raise UsageError(f"{file}: kan ikke leses ({_problem(error)}). Velg en fil.") from error
        except (WorkbookProblem, csv.Error) as error:
            raise UsageError(f"{file}: {error}.") from error
        sheets = [_Sheet(name, rows, _head(rows)) for name, rows in found]
        if all(sheet.head is None for sheet in sheets):
            raise UsageError(
                f"{file}: forventet en overskrift «{ACCOUNT}», fant ingen. Bruk listen som "
                "«samkjop licences list» skriver."
            )
        return cls(file, sheets, delimiter)

    def check_target(self, target: Path) -> None:
        """Raise UsageError for a target of another kind, or one that is there already."""
        if target.suffix.lower() != self._file.suffix.lower():
            raise UsageError(
                f"{target}: forventet et filnavn som slutter på {self._file.suffix.lower()}, som "
                "listen. Rett navnet."
            )
        if target.exists():
            is_input = target.samefile(self._file)
            raise UsageError(
                f"{target}: {'er listen selv' if is_input else 'finnes alt'}. Velg et annet navn."
            )
        if not target.parent.is_dir():
            raise UsageError(f"{target.parent}: fant ingen slik mappe. Lag den, eller velg en.")

    def keys(self) -> set[str]:
        """Return the account keys of the list."""
        return {key for sheet in self._sheets for row in sheet.data() if (key := sheet.key_of(row))}

    @property
    def row_count(self) -> int:
        """Return how many rows have an account."""
        return sum(bool(sheet.key_of(row)) for sheet in self._sheets for row in sheet.data())

    def write(self, target: Path, names: Names) -> None:
        """Write the copy with names; only its owner can read it. Raises UsageError."""
        for sheet in self._sheets:
            _fill(sheet, names)
        data = _workbook(self._sheets) if self._delimiter is None else self._as_csv()
        try:
            write_private(target, data)
        except OSError as error:
            raise UsageError(
                f"{target}: kan ikke skrives ({_problem(error)}). Velg et annet navn."
            ) from error

    def _as_csv(self) -> bytes:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=self._delimiter or ";")
        writer.writerows([[_safe(cell) for cell in row] for row in self._sheets[0].rows])
        return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _problem(error: OSError) -> str:
    """Return what went wrong with a file in Norwegian, as far as it is one of the usual."""
    words = {
        errno.ENOENT: "filen eller mappen finnes ikke",
        errno.EISDIR: "det er en mappe",
        errno.EACCES: "ingen tilgang",
        errno.ENOSPC: "disken er full",
    }
    return words.get(error.errno or 0, error.strerror or "ukjent feil")


def _csv(text: str) -> tuple[str, list[list[str | None]]]:
    """Return the delimiter under which the heading is found, and the rows."""
    found: tuple[str, list[list[str | None]]] = ";", []
    for delimiter in ";,\t|":
        reader = csv.reader(
            io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter
        )
        rows: list[list[str | None]] = [[cell or None for cell in row] for row in reader]
        if _head(rows) is not None and len(rows[_head(rows) or 0]) >= len(next(iter(found[1]), [])):
            found = delimiter, rows
    return found


def _plain(row: list[str | None]) -> list[str]:
    return [(cell or "").strip().lower() for cell in row]


def _head(rows: list[list[str | None]]) -> int | None:
    tops = (n for n, row in enumerate(rows[:_HEADER_SEARCH_ROWS]) if ACCOUNT.lower() in _plain(row))
    return next(tops, None)


def _fill(sheet: _Sheet, names: Names) -> None:
    """Put names into the rows whose account is known; empty cells elsewhere stay as they are."""
    if sheet.head is None:
        return
    headings = sheet.rows[sheet.head]
    for wanted in (NAME, LOGIN):
        if wanted.lower() not in _plain(headings):
            headings.append(wanted)
    places = [_plain(headings).index(wanted.lower()) for wanted in (NAME, LOGIN)]
    for row in sheet.data():
        found = names.get(sheet.key_of(row))
        row += [None] * (max(places) + 1 - len(row))
        for place, text in zip(places, found or (), strict=False):
            row[place] = text or row[place]


def _safe(cell: str | None) -> str:
    """Return a cell that a spreadsheet takes for text: a directory's names are anyone's."""
    text = cell or ""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _workbook(sheets: list[_Sheet]) -> bytes:
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": FIXED_TIME})
        bold = book.add_format({"bold": True})
        days = book.add_format({"num_format": "dd.mm.yyyy"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.set_column(0, max(map(len, sheet.rows), default=1), _WIDTH)
            for number, row in enumerate(sheet.rows):
                for place, cell in enumerate(row):
                    if cell is not None:
                        _write_cell(page, number, place, cell, sheet, bold, days)
            if sheet.head is not None:
                page.freeze_panes(sheet.head + 1, 0)
    return stream.getvalue()


def _write_cell(
    page: Any, number: int, place: int, cell: str, sheet: _Sheet, bold: Any, days: Any
) -> None:
    """Write a cell as it was; in a sheet of accounts all but dates are text, keys too."""
    date = _DATE.fullmatch(cell)
    if number == sheet.head:
        page.write_string(number, place, cell, bold)
    elif date:
        page.write_datetime(number, place, datetime.fromisoformat(date[1]), days)
    elif sheet.head is None and _NUMBER.fullmatch(cell):
        page.write_number(number, place, float(cell))
    else:
        page.write_string(number, place, cell)
