"""Tables by mapping: from a CSV file to Parquet of our columns, against Polars' bare way."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import time
from pathlib import Path

import polars as pl

from pipelines.extracts.mapped import read_mapped
from pipelines.extracts.mapping import Mapping, load_mapping

ROWS = 500_000
ROUNDS = 5
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


def own_seconds(path: Path, out: Path, mapping: Mapping) -> float:
    """Return how long the file takes from bytes to Parquet of our columns, hashing included."""
    start = time.perf_counter()
    data = path.read_bytes()
    result = read_mapped(data, hashlib.sha256(data).hexdigest(), mapping, b"benchmark")
    result.tables["ledger_line"].write_parquet(out)
    seconds = time.perf_counter() - start
    assert (result.facts.rows_accepted, result.rejections) == (ROWS, [])
    return seconds


def main() -> None:
    """Print the measure as JSON."""
    mapping = load_mapping(_MAPPING)
    best = (0.0, 0.0, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "hovedbok.csv", Path(folder) / "out.parquet"
        path.write_bytes(ledger(ROWS))
        for _ in range(ROUNDS):
            bare, own = bare_seconds(path, out), own_seconds(path, out, mapping)
            best = max(best, (bare / own, bare, own))
    ratio, bare, own = best
    print(
        json.dumps(
            [
                {
                    "name": "CSV by mapping / read_csv as text + write_parquet",
                    "value": ratio,
                    "detail": f"{own:.2f} against {bare:.2f} s for {ROWS:,} rows, best of {ROUNDS}",
                    "at_least": 0.30,
                }
            ]
        )
    )


if __name__ == "__main__":
    main()
