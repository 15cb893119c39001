"""EHF: from files on disk to committed Parquet, against bare lxml on the same files; and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from pipelines.demo.generate import write_demo
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.settings import Settings

FILES = 12_000
ROUNDS = 3


def demo_documents() -> list[bytes]:
    """Return the well-formed documents of the small demo municipality."""
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder)
        write_demo(landing, "small", 7)
        documents = [path.read_bytes() for path in sorted(landing.rglob("*.xml"))]
        for path in sorted(landing.rglob("*.zip")):
            with zipfile.ZipFile(path) as archive:
                documents += [archive.read(name) for name in archive.namelist()]
    return [data for data in documents if _parses(data)]


def _parses(data: bytes) -> bool:
    try:
        return b"<!DOCTYPE" not in data and etree.fromstring(data) is not None
    except etree.XMLSyntaxError:
        return False


def filled_home(folder: Path, documents: list[bytes], count: int) -> Settings:
    """Return a home with `count` files in landing/, all different."""
    settings = Settings(home=folder, settle_seconds=0)
    make_home(settings)
    for number in range(count):
        data = documents[number % len(documents)]
        (settings.landing / f"{number:06}.xml").write_bytes(data + b"<!--%d-->" % number)
    return settings


def bare_seconds(settings: Settings) -> tuple[float, float]:
    """Return how long a bare `etree.fromstring` of each file takes: with reading it, without."""
    start = time.perf_counter()
    for path in settings.landing.iterdir():
        with open(path, "rb") as handle:  # noqa: PTH123 - the barest way there is
            etree.fromstring(handle.read())
    seconds = time.perf_counter() - start
    contents = [path.read_bytes() for path in settings.landing.iterdir()]
    start = time.perf_counter()
    for data in contents:
        etree.fromstring(data)
    return seconds, time.perf_counter() - start


def own_seconds(settings: Settings, count: int) -> float:
    """Return how long the files take from landing/ to a committed batch."""
    start = time.perf_counter()
    outcome = extract(settings)
    seconds = time.perf_counter() - start
    assert (outcome.new, outcome.quarantined_rows) == (count, 0)
    return seconds


def ratios(
    name: str, documents: list[bytes], count: int, in_memory_limit: float | None = None
) -> list[dict[str, Any]]:
    """Return the measures of one kind of document: the best of some rounds, in one process."""
    best, strict, rates = 0.0, 0.0, (0.0, 0.0)
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            settings = replace(filled_home(Path(folder), documents, count), extract_processes=1)
            bare, in_memory = bare_seconds(settings)
            own = own_seconds(settings, count)
        if bare / own > best:
            best, rates = bare / own, (count / own, count / bare)
        strict = max(strict, in_memory / own)
    return [
        {
            "name": f"{name}: extract / open, read, etree.fromstring",
            "value": best,
            "detail": f"{rates[0]:,.0f} against {rates[1]:,.0f} files/s, best of {ROUNDS}",
            "at_least": 0.30,
        },
        {
            "name": f"{name}: extract / etree.fromstring alone",
            "value": strict,
            "detail": f"bytes already in memory, best of {ROUNDS}",
            "at_least": in_memory_limit,
        },
    ]


def speed_up(documents: list[bytes], count: int) -> tuple[float, float]:
    """Return how many times as fast as one process two are, and two runs of half the files each.

    Of each the best time of some rounds. The two runs share nothing but the machine, so no division
    of the work can give more.
    """
    alone: list[float] = []
    both: list[float] = []
    apart: list[float] = []
    for _ in range(ROUNDS):
        for times, processes in ((alone, 1), (both, 2)):
            with tempfile.TemporaryDirectory() as folder:
                settings = filled_home(Path(folder), documents, count)
                times.append(own_seconds(replace(settings, extract_processes=processes), count))
        apart.append(_side_by_side(documents, count // 2))
    return min(alone) / min(both), min(alone) / min(apart)


def _side_by_side(documents: list[bytes], count: int) -> float:
    """Return how long two extractions of so many files each take at the same time."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [filled_home(Path(folder) / str(n), documents, count).home for n in range(2)]
        children = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.ehf", "half", str(home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for home in homes
        ]
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()  # everything is imported
        start = time.perf_counter()
        for child in children:
            assert child.stdin is not None
            child.stdin.close()
        for child in children:
            assert child.wait() == 0
        return time.perf_counter() - start


def _half(home: Path) -> None:
    """Extract a home when the one that started this process says so."""
    print(flush=True)
    sys.stdin.read()
    extract(Settings(home=home, settle_seconds=0, extract_processes=1))
    os._exit(0)  # the interpreter's own ending is no part of it


def peak_mib(count: int) -> float:
    """Return the peak memory of a process that extracts `count` files in batches of 3 000."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ehf", str(count)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def _child(count: int) -> None:
    documents = demo_documents()
    with tempfile.TemporaryDirectory() as folder:
        settings = filled_home(Path(folder), documents, count)
        settings = Settings(home=settings.home, settle_seconds=0, batch_files=3_000)
        extract(settings)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print the measures as JSON."""
    documents = demo_documents()
    few, many = peak_mib(6_000), peak_mib(30_000)
    faster, most = speed_up(documents, FILES)
    measures = [
        *ratios("EHF", documents, FILES, in_memory_limit=0.30),
        {
            "name": "EHF: two processes / one",
            "value": faster,
            "detail": f"{FILES:,} files, best of {ROUNDS}",
            "at_least": 1.7,
        },
        {
            "name": "EHF: two runs side by side / one",
            "value": most,
            "detail": "what the machine's cores give to processes that share nothing",
        },
        {
            "name": "peak memory, 30 000 files / 6 000 files",
            "value": many / few,
            "detail": f"{many:,.0f} against {few:,.0f} MiB",
            "at_most": 1.25,
        },
    ]
    print(json.dumps(measures))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _half(Path(sys.argv[2]))
    elif len(sys.argv) > 1:
        _child(int(sys.argv[1]))
    else:
        main()
