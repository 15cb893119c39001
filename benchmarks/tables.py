"""Tables: CSV by mapping against Polars' bare way, and workbooks against a bare read.

Every measure is the best of a few rounds on each side, in one run, and printed as their ratio.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from pipelines.extracts.mapped import read_mapped
from pipelines.extracts.mapping import Mapping, load_mapping
from pipelines.extracts.xlsx import read_workbook

ROWS = 500_000
WIDE_ROWS = 200_000
UNREAD = 27  # columns of the wide table that no mapping reads: it has 40
SHEET_ROWS = 60_000
ROUNDS = 5
MAX_CELLS = 50_000_000
_BARE_READ = """
import sys, fastexcel
workbook = fastexcel.read_excel(sys.stdin.buffer.read())
for name in workbook.sheet_names:
    workbook.load_sheet(name, header_row=None, dtypes="string").to_polars()
"""
_MAPPING = """
name: Hovedbok
table: ledger_line
dates: ["%d.%m.%Y"]
constants: {currency: NOK}
columns:
  voucher_number: Bilagsnr
  posting_date: Bilagsdato
  period: Periode
  invoice_number: Fakturanr
  supplier_id: Levnr
  supplier_orgnr: Orgnr
  supplier_name: Leverandør
  account: Konto
  responsibility: Ansvar
  kostra_function: Tjeneste
  project: Prosjekt
  text: Tekst
  amount: Beløp
"""


def ledger(rows: int, seed: int = 7) -> bytes:
    """Return a ledger as Norwegian systems export it: ';', '1 234,50', '31.12.2024'."""
    chance = random.Random(seed)
    suppliers = [
        (str(50_000 + n), str(910_000_000 + 7 * n), f"Leverandør {n} AS") for n in range(2_000)
    ]
    lines = [
        "Bilagsnr;Bilagsdato;Periode;Fakturanr;Levnr;Orgnr;Leverandør;Konto;Ansvar;Tjeneste;"
        "Prosjekt;Tekst;Beløp"
    ]
    for number in range(rows):
        month = chance.randint(1, 12)
        supplier = ";".join(chance.choice(suppliers))
        amount = f"{chance.randint(-2_000_000, 20_000_000) / 100:,.2f}"
        amount = amount.replace(",", " ").replace(".", ",")
        lines.append(
            f"{1_000_000 + number};{chance.randint(1, 28):02}.{month:02}.2024;2024{month:02};"
            f"F{chance.randint(1, 999_999)};{supplier};{chance.randint(11000, 14999)};"
            f"{chance.randint(100, 999)};{chance.randint(20000, 39999)};;"
            f"Innkjøp av varer og tjenester {chance.randint(1, 99_999)};{amount}"
        )
    return ("\r\n".join(lines) + "\r\n").encode()


def bare_seconds(path: Path, out: Path) -> float:
    """Return how long reading all columns as text and writing them as Parquet takes."""
    start = time.perf_counter()
    pl.read_csv(path, separator=";", infer_schema=False).write_parquet(out)
    return time.perf_counter() - start


def own_seconds(path: Path, out: Path, mapping: Mapping, rows: int) -> float:
    """Return how long the file takes from bytes to Parquet of our columns, hashing included."""
    start = time.perf_counter()
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    result = read_mapped(data, sha256, mapping, b"benchmark", MAX_CELLS)
    result.tables["ledger_line"].write_parquet(out)
    seconds = time.perf_counter() - start
    assert (result.facts.rows_accepted, result.rejections) == (rows, [])
    return seconds


def widened(table: bytes) -> bytes:
    """Return a ledger with columns that the mapping does not read after those that it does."""
    heading, *rows = table.decode().splitlines()
    names = ";".join(f"Fritt felt {number}" for number in range(UNREAD))
    fill = ";".join(f"verdi {number}" for number in range(UNREAD))
    return "\r\n".join([f"{heading};{names}", *(f"{row};{fill}" for row in rows)]).encode()


def bare_workbook_seconds(data: bytes) -> float:
    """Return how long a child takes that only reads every sheet as text."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _BARE_READ], input=data, check=True)
    return time.perf_counter() - start


def own_workbook_seconds(data: bytes) -> float:
    """Return how long measuring, reading in a child and taking over the cells takes."""
    start = time.perf_counter()
    sheets = read_workbook(data, MAX_CELLS)
    seconds = time.perf_counter() - start
    assert [sheet.cells.height for sheet in sheets] == [SHEET_ROWS + 1]
    return seconds


def csv_measure(name: str, content: bytes, rows: int, folder: Path) -> dict[str, object]:
    """Return the ratio of the bare way's best time to our best time."""
    mapping = load_mapping(_MAPPING)
    path, out = folder / "hovedbok.csv", folder / "out.parquet"
    path.write_bytes(content)
    bare, own = [], []
    for _ in range(ROUNDS):
        bare.append(bare_seconds(path, out))
        own.append(own_seconds(path, out, mapping, rows))
    return _measure(name, bare, own, rows, 0.30)


def workbook_measure(folder: Path) -> dict[str, object]:
    """Return the ratio of a bare read's best time to our best time."""
    path = folder / "hovedbok.xlsx"
    table = pl.read_csv(ledger(SHEET_ROWS), separator=";", infer_schema=False)
    amount = pl.col("Beløp").str.replace_all(" ", "").str.replace(",", ".").cast(pl.Float64)
    table.with_columns(amount).write_excel(path)
    data = path.read_bytes()
    bare, own = [], []
    for _ in range(ROUNDS):
        bare.append(bare_workbook_seconds(data))
        own.append(own_workbook_seconds(data))
    name = "XLSX / bare read in the same kind of child process"
    return _measure(name, bare, own, SHEET_ROWS, 0.60)


def _measure(
    name: str, bare: list[float], own: list[float], rows: int, at_least: float
) -> dict[str, object]:
    best = f"{min(own):.2f} against {min(bare):.2f} s for {rows:,} rows, best of {ROUNDS}"
    return {
        "name": name,
        "value": min(bare) / min(own),
        "detail": best,
        "at_least": at_least,
    }


def main() -> None:
    """Print the measures as JSON."""
    name = "CSV by mapping / read_csv as text + write_parquet"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        measures = [
            csv_measure(name, ledger(ROWS), ROWS, place),
            csv_measure(f"{name}, wide", widened(ledger(WIDE_ROWS)), WIDE_ROWS, place),
            workbook_measure(place),
        ]
    print(json.dumps(measures))


if __name__ == "__main__":
    main()
