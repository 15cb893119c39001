"""Ten thousand damaged files of every kind: no crash, no missing row, no missing øre.

A failure names the sample, the seed and what was done to it; `mutated` in tests/mutations.py makes
the same file again.
"""

from __future__ import annotations

import hashlib
import re
import resource
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.extracts.readers import Reader, ReadOptions
from pipelines.extracts.result import Extracted, FileFacts
from pipelines.lake import manifests
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.lake.source_files import write_source_files
from pipelines.settings import Settings
from tests.mutations import Mutated, mutated
from tests.samples import KEY, MAX_CELLS, SAMPLES, Sample, mappings, zipped
from tests.verdicts import problems_of

_MAPPINGS = mappings()
_TOGETHER = 20  # files that are read one after the other by one reader
_SECONDS = 30.0  # the longest that one file may take; starting a child process costs up to 2
_MORE_MIB = 600  # the most that reading them all may add to the process
# How many of each kind: about 500 in all in `make test`, over 10 000 at night. Few are workbooks:
# each starts a child process.
_FEW, _FEW_BOOKS = 19, 2
_MANY, _MANY_BOOKS = 375, 45


def read(files: list[Mutated], folder: Path) -> Extracted:
    with Reader(ReadOptions(KEY, MAX_CELLS, _MAPPINGS, folder)) as reader:
        for file in files:
            reader.add(file.data, hashlib.sha256(file.data).hexdigest(), file.sample.name)
        return reader.finish()


def lost_rows(file: Mutated, facts: FileFacts) -> str | None:
    """Return what is wrong with the rows of a table, which are its filled lines but the heading.

    A count of its own, where it is sure: without quotes, titles and headings that come again. A
    line of nothing but delimiters may count or not.
    """
    is_plain = b'"' not in file.data and b"\x00" not in file.data
    is_sure = not any(word in file.how for word in ("row_above", "repeat_", "other_encoding"))
    if file.sample.form != "csv" or not (is_plain and is_sure and facts.rows_accepted):
        return None
    text = file.data.decode(
        "cp1252" if file.sample.name == "visma_ledger_csv" else "utf-8", "ignore"
    )
    lines = [line.strip() for line in re.split("\r\n|\r|\n", text)]
    most = sum(map(bool, lines)) - 1
    least = sum(bool(line.strip("\t ;,|\xa0\u200b")) for line in lines) - 1
    if "sorted_rows" in file.how:  # above the headings, what has few cells is a title
        least -= sum(map(_has_few_cells, lines))
    is_whole = least <= facts.rows_in <= most
    return None if is_whole else f"{least} to {most} lines, {facts.rows_in} rows in"


def _has_few_cells(line: str) -> bool:
    cells = line.split(";")
    filled = sum(bool(cell.strip()) for cell in cells)
    return filled <= max(2, len(cells) // 2)


def failures(files: list[Mutated], folder: Path) -> Iterator[str]:
    """Yield what is wrong; where reading them together fails, each is read alone."""
    by_sha = {hashlib.sha256(file.data).hexdigest(): file for file in files}
    try:
        extracted = read(list(by_sha.values()), folder)
        found = problems_of(extracted, by_sha)
        for sha256, file in by_sha.items():
            lost = lost_rows(file, extracted.facts[sha256])
            found.setdefault(sha256, []).extend([lost] if lost else [])
    except Exception:
        if len(files) == 1:
            yield f"{files[0]}\n{traceback.format_exc(limit=-4)}"
            return
        for file in files:
            yield from failures([file], folder)
        return
    for sha256, problems in found.items():
        if problems:
            yield f"{by_sha.get(sha256, 'several files')}: {'; '.join(problems)}"


def check(sample: Sample, seeds: range, folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrong: list[str] = []
    together = 1 if sample.form == "xlsx" else _TOGETHER
    for first in range(0, len(seeds), together):
        files = [mutated(sample, seed) for seed in seeds[first : first + together]]
        start = time.monotonic()
        wrong += failures(files, folder)
        taken = time.monotonic() - start
        if taken > _SECONDS:
            wrong.append(f"{files[0]} … {files[-1]}: took {taken:.1f} seconds")
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    assert not wrong, f"{len(wrong)} of {len(seeds)}:\n" + "\n".join(wrong[:10])
    assert more < _MORE_MIB, f"{more} MiB more"


def test_the_nightly_files_are_ten_thousand() -> None:
    assert sum(len(seeds(sample, _MANY, _MANY_BOOKS)) for sample in SAMPLES.values()) >= 10_000


def seeds(sample: Sample, few: int, few_books: int) -> range:
    return range(few_books if sample.form == "xlsx" else few)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_file_ends_in_a_verdict(name: str, tmp_path: Path) -> None:
    check(SAMPLES[name], seeds(SAMPLES[name], _FEW, _FEW_BOOKS), tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("name", SAMPLES)
def test_ten_thousand_damaged_files_end_in_a_verdict(name: str, tmp_path: Path) -> None:
    check(SAMPLES[name], seeds(SAMPLES[name], _MANY, _MANY_BOOKS), tmp_path)


_ARCHIVED = ("ehf3_invoice", "saft", "unit4_ledger_csv", "units_csv", "kostra_csv", "order")


def archives(tmp_path: Path, count: int) -> None:
    members = {f"{name}.dat": SAMPLES[name].data for name in _ARCHIVED}
    archive = Sample("archive", zipped(members), "", "xlsx", {}, 0)
    home = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(home)
    for seed in range(count):
        (home.landing / f"{seed}.zip").write_bytes(mutated(archive, seed).data)
    extract(home)
    assert not any(path.is_file() for path in home.landing.rglob("*"))
    target = tmp_path / "kilder.parquet"
    write_source_files(home, target)
    files = pl.read_parquet(target)
    assert set(files["source_sha256"]) == set(manifests.load_known(home).files)
    rows = pl.sum_horizontal("rows_accepted", "rows_quarantined", "rows_duplicate", "rows_left_out")
    assert files.filter(pl.col("rows_in") != rows).is_empty()
    money = pl.sum_horizontal(
        "amount_accepted", "amount_quarantined", "amount_duplicate", "amount_left_out"
    )
    assert files.filter(
        pl.col("amount_in").is_not_null() & (pl.col("amount_in") != money)
    ).is_empty()
    silent = (pl.col("status") != "accepted") & pl.col("quarantine_reason").is_null()
    assert files.filter(silent).is_empty()
    assert files["status"].is_in(["accepted"]).any()


def test_damaged_archives_end_in_a_verdict_for_each_member(tmp_path: Path) -> None:
    archives(tmp_path, 15)


@pytest.mark.nightly
def test_many_damaged_archives_end_in_a_verdict_for_each_member(tmp_path: Path) -> None:
    archives(tmp_path, 500)
