"""From one source file to lake tables: chooses the reader by what the file is.

Reading invoices is done for many files at a time (`EhfReader`); the other kinds one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipelines.extracts.detect import shape_of
from pipelines.extracts.ehf_invoice import EhfReader
from pipelines.extracts.registers import read_registers
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.tables import TABLES

_CHUNK = 5000
_PROBLEMS = {
    "empty": "filen er tom",
    "lfs_pointer": "filen er en Git LFS-peker, ikke innholdet; hent selve filen",
    "binary": "filen er verken XML, regneark, CSV, YAML eller zip",
    "zip": "arkivet er ødelagt; pakk på nytt",
}


@dataclass
class Extracted:
    """What a number of source files became, before it is written.

    `kinds`, `effective_dates`, `registers` (their names) and `facts` are per SHA-256.
    """

    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    facts: dict[str, FileFacts] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    effective_dates: dict[str, date] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    registers: dict[str, list[str]] = field(default_factory=dict)

    def add_table(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows of a lake table."""
        if frame.height:
            self.tables.setdefault(name, []).append(frame)


class Reader:
    """Reads source files one after the other; invoices are converted thousands at a time."""

    def __init__(self, pseudonym_key: bytes, max_cells: int) -> None:
        self._key = pseudonym_key
        self._max_cells = max_cells
        self._ehf = EhfReader(pseudonym_key)
        self.extracted = Extracted()

    def add(self, data: bytes, sha256: str, name: str) -> None:
        """Read one file into `extracted`, as tables or as rejections."""
        shape = shape_of(data)
        if shape == "xml":
            self.extracted.kinds[sha256] = "ehf_invoice"
            self._ehf.add(data, sha256)
            if len(self._ehf) >= _CHUNK:
                self._finish_ehf()
        elif shape in _PROBLEMS:
            self.refuse(sha256, "filen", _PROBLEMS[shape])
        else:
            self._add_register(data, shape, sha256, name)

    def refuse(self, sha256: str, place: str, reason: str) -> None:
        """Note a file that can't be read at all."""
        self.extracted.kinds[sha256] = "unknown"
        self.extracted.facts[sha256] = FileFacts.unreadable(sha256)
        self.extracted.rejections.append(Rejection(sha256, place, reason, ""))

    def finish(self) -> Extracted:
        """Return everything read so far and start anew."""
        self._finish_ehf()
        done, self.extracted = self.extracted, Extracted()
        return done

    def _finish_ehf(self) -> None:
        if not len(self._ehf):
            return
        result = self._ehf.finish()
        self._ehf = EhfReader(self._key)
        for name, frame in result.tables.items():
            self.extracted.add_table(name, frame)
        self.extracted.facts.update({facts.source_sha256: facts for facts in result.facts})
        self.extracted.rejections += result.rejections
        for rejection in result.rejections:
            self.extracted.kinds[rejection.source_sha256] = rejection.kind

    def _add_register(self, data: bytes, shape: str, sha256: str, name: str) -> None:
        result = read_registers(data, shape, sha256, name, self._max_cells)  # type: ignore[arg-type]
        out = self.extracted
        out.kinds[sha256] = "register" if result.tables else "unknown"
        out.registers[sha256] = [f"registeret «{TABLES[name].register}»" for name in result.tables]
        for table, frame in result.tables.items():
            out.add_table(table, frame)
        accepted = result.rows_in - result.rows_quarantined
        out.facts[sha256] = FileFacts(sha256, result.rows_in, accepted, result.rows_quarantined)
        out.rejections += result.rejections
        out.notes[sha256] = result.notes
        if result.effective_date is not None:
            out.effective_dates[sha256] = result.effective_date
