"""SAF-T: the streaming reader against a pyexpat pass with three empty handlers; and memory."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
from decimal import Decimal
from typing import BinaryIO, cast
from xml.parsers import expat

from pipelines.extracts.saft import NAMESPACE, SaftReader

TRANSACTIONS = 20_000
ROUNDS = 5
GIB = 1 << 30
_LEAVES = {
    "transaction": "<n1:TransactionID>{n}</n1:TransactionID><n1:Period>{m}</n1:Period>"
    "<n1:PeriodYear>2024</n1:PeriodYear><n1:TransactionDate>2024-{m:02}-15</n1:TransactionDate>"
    "<n1:VoucherType>IF</n1:VoucherType><n1:TransactionType>Normal</n1:TransactionType>"
    "<n1:Description>Inngående faktura {n}</n1:Description>"
    "<n1:SystemEntryDate>2024-{m:02}-16</n1:SystemEntryDate>"
    "<n1:GLPostingDate>2024-{m:02}-16</n1:GLPostingDate>",
    "dimension": "<n1:Analysis><n1:AnalysisType>{kind}</n1:AnalysisType>"
    "<n1:AnalysisID>{value}</n1:AnalysisID></n1:Analysis>",
    "tax": "<n1:TaxInformation><n1:TaxType>MVA</n1:TaxType><n1:TaxCode>1</n1:TaxCode>"
    "<n1:TaxPercentage>25</n1:TaxPercentage><n1:TaxBase>{amount}</n1:TaxBase>"
    "<n1:DebitTaxAmount><n1:Amount>{amount}</n1:Amount></n1:DebitTaxAmount></n1:TaxInformation>",
}


def _line(number: int, record: int, side: str, amount: Decimal) -> str:
    account = 2400 if side == "Credit" else 11200 + record
    dimensions = (
        ""
        if side == "Credit"
        else "".join(
            _LEAVES["dimension"].format(kind=kind, value=1000 + number % 900)
            for kind in ("ANSVAR", "TJENESTE")
        )
    )
    party = f"<n1:SupplierID>{50_000 + number % 2_000}</n1:SupplierID>" if side == "Credit" else ""
    tax = "" if side == "Credit" else _LEAVES["tax"].format(amount=amount)
    return (
        f"<n1:Line><n1:RecordID>{record}</n1:RecordID><n1:AccountID>{account}</n1:AccountID>"
        f"{dimensions}<n1:ValueDate>2024-05-02</n1:ValueDate>"
        f"<n1:SourceDocumentID>{700_000 + number}</n1:SourceDocumentID>{party}"
        f"<n1:Description>Faktura {number} fra leverandør</n1:Description>"
        f"<n1:{side}Amount><n1:Amount>{amount}</n1:Amount></n1:{side}Amount>{tax}"
        f"<n1:ReferenceNumber>F-{number}</n1:ReferenceNumber></n1:Line>"
    )


def transaction(number: int) -> tuple[str, Decimal]:
    """Return a balanced transaction of three lines, indented as systems do, and its debit."""
    first, second = Decimal(number % 9_973) + Decimal("0.37"), Decimal(number % 89) + 1
    body = (
        "<n1:Transaction>"
        + _LEAVES["transaction"].format(n=number, m=number % 12 + 1)
        + _line(number, 1, "Debit", first)
        + _line(number, 2, "Debit", second)
        + _line(number, 3, "Credit", first + second)
        + "</n1:Transaction>"
    )
    return body.replace("><n1:", ">\n\t\t\t\t<n1:"), first + second


def frame_of_file(count: int, total: Decimal) -> tuple[bytes, bytes]:
    """Return what comes before and after the transactions of a file."""
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<n1:AuditFile xmlns:n1="{NAMESPACE}"><n1:Header>'
        "<n1:AuditFileVersion>1.30</n1:AuditFileVersion>"
        "<n1:DefaultCurrencyCode>NOK</n1:DefaultCurrencyCode></n1:Header>"
        f"<n1:GeneralLedgerEntries><n1:NumberOfEntries>{count}</n1:NumberOfEntries>"
        f"<n1:TotalDebit>{total}</n1:TotalDebit><n1:TotalCredit>{total}</n1:TotalCredit>"
        "<n1:Journal><n1:JournalID>1</n1:JournalID><n1:Type>GL</n1:Type>"
    )
    return head.encode(), b"</n1:Journal></n1:GeneralLedgerEntries></n1:AuditFile>"


def saft_file(count: int) -> bytes:
    """Return a file of `count` transactions."""
    made = [transaction(number) for number in range(1, count + 1)]
    head, tail = frame_of_file(count, sum((debit for _, debit in made), Decimal(0)))
    return head + "".join(text for text, _ in made).encode() + tail


class Endless(io.RawIOBase):
    """A file of at least `size` bytes that never exists as a whole: one block again and again."""

    def __init__(self, size: int) -> None:
        made = [transaction(number) for number in range(1, 2_001)]
        block = "".join(text for text, _ in made).encode()
        times = size // len(block) + 1
        total = sum((debit for _, debit in made), Decimal(0)) * times
        head, tail = frame_of_file(len(made) * times, total)
        self._parts = iter([head, *[block] * times, tail])
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next."""
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def bare_seconds(data: bytes) -> float:
    """Return how long a pyexpat pass with empty start, end and text handlers takes."""

    def start(name: str, attributes: dict[str, str]) -> None: ...

    def end(name: str) -> None: ...

    def text(data: str) -> None: ...

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    begun = time.perf_counter()
    parser.ParseFile(io.BytesIO(data))
    return time.perf_counter() - begun


def own_seconds(source: BinaryIO) -> float:
    """Return how long the reader takes to give typed frames of the whole file."""
    begun = time.perf_counter()
    reader = SaftReader(source, "0" * 64, b"benchmark")
    for _, frame in reader.chunks():
        assert frame.width
    assert not reader.result.rejections, reader.result.rejections
    return time.perf_counter() - begun


def peak_mib(size: int) -> float:
    """Return the peak memory of a process that reads a file of `size` bytes."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.saft", str(size)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def main() -> None:
    """Print the measures as JSON."""
    data = saft_file(TRANSACTIONS)
    pairs = [(bare_seconds(data), own_seconds(io.BytesIO(data))) for _ in range(ROUNDS)]
    bare, own = (min(seconds) for seconds in zip(*pairs, strict=True))
    small, large = peak_mib(GIB // 16), peak_mib(GIB)
    mega = len(data) / 1e6
    measures = [
        {
            "name": "SAF-T reader / pyexpat, three empty handlers",
            "value": bare / own,
            "detail": f"{mega / own:,.0f} against {mega / bare:,.0f} MB/s, best of {ROUNDS}",
            "at_least": 0.50,
        },
        {
            "name": "peak memory of a 1 GiB SAF-T file, MiB",
            "value": large,
            "detail": f"a file of 64 MiB: {small:,.0f} MiB",
            "at_most": 1024.0,
        },
    ]
    print(json.dumps(measures))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        own_seconds(cast(BinaryIO, io.BufferedReader(Endless(int(sys.argv[1])))))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        main()
