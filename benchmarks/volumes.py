"""Memory of whole extractions: a SAF-T file of 1 GiB, and 200 000 invoices; each in a home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from decimal import Decimal
from pathlib import Path

from benchmarks.ehf import demo_documents
from benchmarks.saft import frame_of_file, transaction
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.settings import Settings

GIB = 2**30
INVOICES = 200_000
LIMIT_MIB = 1024
_SOME = 5_000


def write_saft(path: Path, size: int) -> int:
    """Write a SAF-T file of at least `size` bytes, all transactions different; return its lines."""
    number, total, body = 0, Decimal(0), path.with_suffix(".body")
    with body.open("wb") as out:
        while out.tell() < size:
            made = [transaction(each) for each in range(number + 1, number + _SOME + 1)]
            number += len(made)
            total += sum(debit for _, debit in made)
            out.write("".join(text for text, _ in made).encode())
    head, tail = frame_of_file(number, total)
    with path.open("wb") as out, body.open("rb") as written:
        out.write(head)
        while block := written.read(1 << 24):
            out.write(block)
        out.write(tail)
    body.unlink()
    return number * 3


def write_invoices(folder: Path, count: int) -> None:
    """Write archives with `count` invoices in all, none like another."""
    documents = demo_documents()
    for first in range(0, count, _SOME):
        with zipfile.ZipFile(folder / f"{first:06}.zip", "w") as archive:
            for number in range(first, first + _SOME):
                data = documents[number % len(documents)] + b"<!--%d-->" % number
                archive.writestr(f"{number:06}.xml", data)


class Memory(threading.Thread):
    """Watches the resident memory of this process and all that it started, while it runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0

    def run(self) -> None:
        """Look five times a second."""
        while True:
            self.peak = max(self.peak, _resident(os.getpid()))
            time.sleep(0.2)


def _resident(pid: int) -> int:
    """Return the bytes of a process and its descendants; what they share is counted for each."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_resident(int(child)) for child in children)


def _child(what: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), settle_seconds=0)
        make_home(settings)
        maker = [sys.executable, "-m", "benchmarks.volumes", "write", what, str(settings.landing)]
        subprocess.run(maker, check=True)
        memory = Memory()
        memory.start()
        start = time.perf_counter()
        outcome = extract(settings)
        seconds = time.perf_counter() - start
        assert not outcome.rejections, outcome.rejections[:3]
        rows = outcome.rows["saft_journal_line"] + outcome.rows["ehf_document"]
    print(json.dumps({"mib": memory.peak / 2**20, "seconds": seconds, "rows": rows}))


def _write(what: str, landing: Path) -> None:
    if what == "saft":
        write_saft(landing / "regnskap.xml", GIB)
    else:
        write_invoices(landing, INVOICES)


def _measured(what: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.volumes", what]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    values: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return values


def main() -> None:
    """Print the measures as JSON."""
    measures = []
    for what, name in (("saft", "a SAF-T file of 1 GiB"), ("invoices", "200 000 invoices")):
        found = _measured(what)
        measures.append(
            {
                "name": f"peak memory, {name}, MiB / {LIMIT_MIB}",
                "value": found["mib"] / LIMIT_MIB,
                "detail": f"{found['mib']:,.0f} MiB, {found['rows']:,.0f} rows in "
                f"{found['seconds']:,.0f} s",
                "at_most": 1.0,
            }
        )
    print(json.dumps(measures))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        _write(sys.argv[2], Path(sys.argv[3]))
    elif len(sys.argv) > 1:
        _child(sys.argv[1])
    else:
        main()
