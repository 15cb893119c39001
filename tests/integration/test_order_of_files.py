"""The same files in any order, under any name, in one run or several, packed or not: one lake."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.extracts.tables import TABLES
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.lake.source_files import write_source_files
from pipelines.settings import Settings
from tests import samples
from tests.mutations import truncate
from tests.samples import SAMPLES
from tests.ubl import invoice, line

# Of the workbooks one: each costs two child processes, and they are read as any other file.
_CHOSEN = [s for s in SAMPLES.values() if s.form != "xlsx" or s.name == "order_table_xlsx"]
_BAD_ROW = b"kategori_id;navn;gyldig_per\nK1;Mat;31.12.2024\n;Uten ID;31.12.2024\n"


def _files() -> dict[str, bytes]:
    files = {f"mappe/{sample.name}.{sample.form}": sample.data for sample in _CHOSEN}
    files["halv.xml"] = truncate(SAMPLES["order"].data, random.Random(1))
    files["kategorier.csv"] = _BAD_ROW
    files["regnskap_feil.xml"] = samples.saft(2, total="5.00", first=500)
    files["bilde"] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    return files


FILES = _files()
Runs = list[dict[str, bytes]]


def _shuffled(seed: int) -> list[tuple[str, bytes]]:
    """Return the files in another order under names that say nothing of them."""
    contents = list(FILES.values())
    random.Random(seed).shuffle(contents)
    return [(f"{n:03}-fil.dat", data) for n, data in enumerate(contents)]


def one_run() -> Runs:
    return [FILES]


def renamed() -> Runs:
    return [dict(_shuffled(1))]


def three_runs() -> Runs:
    files = _shuffled(2)
    return [dict(files[start::3]) for start in range(3)]


def small_batches() -> Runs:
    return [dict(_shuffled(3))]


def packed() -> Runs:
    return [{"alt.zip": samples.zipped(dict(_shuffled(4)))}]


def partly_packed() -> Runs:
    files = _shuffled(5)
    again = samples.zipped(dict(files[10:]))  # some of it known, some new
    return [dict(files[:20]), {"resten.zip": again}, {"resten-igjen.zip": again}]


def load(home: Path, runs: Runs, *, batch_files: int = 20_000) -> Settings:
    settings = Settings(home=home, settle_seconds=0, batch_files=batch_files)
    make_home(settings)
    samples.write_key(settings.config)
    samples.write_mappings(settings.config / "mappings")
    for files in runs:
        for name, data in files.items():
            path = settings.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        extract(settings)
        assert not any(path.is_file() for path in settings.landing.rglob("*"))
    return settings


def lake(settings: Settings) -> dict[str, pl.DataFrame]:
    """Return all rows of every table, in an order of their own."""
    return {
        name: pl.read_parquet(settings.lake / "*" / f"{name}.parquet").sort(pl.all())
        for name in TABLES
    }


def source_files(settings: Settings) -> list[dict[str, object]]:
    """Return what the build is told of each file, without the names of files."""
    target = settings.home / "kilder.parquet"
    write_source_files(settings, target)
    rows = pl.read_parquet(target).drop("file_name").to_dicts()
    for row in rows:
        if row["quarantine_reason"] is not None:
            row["quarantine_reason"] = re.sub("«[^»]*»", "«…»", row["quarantine_reason"])
    return rows


@pytest.fixture(scope="module")
def expected(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, pl.DataFrame], list[dict[str, object]]]:
    settings = load(tmp_path_factory.mktemp("en") / "hjem", one_run())
    return lake(settings), source_files(settings)


def test_the_lake_holds_what_the_samples_say(
    expected: tuple[dict[str, pl.DataFrame], list[dict[str, object]]],
) -> None:
    tables, files = expected
    rows: dict[str, int] = {"reg_category": 1}  # the good row of the file with a bad one
    for sample in _CHOSEN:
        for name, count in sample.tables.items():
            rows[name] = rows.get(name, 0) + count
    assert {name: frame.height for name, frame in tables.items() if frame.height} == rows
    statuses = [str(row["status"]) for row in files]
    assert (statuses.count("accepted"), statuses.count("rejected")) == (len(_CHOSEN) + 1, 3)
    for row in files:
        parts = ("rows_accepted", "rows_quarantined", "rows_duplicate", "rows_left_out")
        assert row["rows_in"] == sum(int(str(row[part])) for part in parts)


@pytest.mark.parametrize(
    "runs", [renamed, three_runs, packed, partly_packed], ids=lambda runs: runs.__name__
)
def test_order_names_runs_and_archives_change_nothing(
    runs: Callable[[], Runs],
    expected: tuple[dict[str, pl.DataFrame], list[dict[str, object]]],
    tmp_path: Path,
) -> None:
    settings = load(tmp_path / "hjem", runs())
    tables, files = expected
    found = lake(settings)
    for name, frame in tables.items():
        assert found[name].equals(frame), name
    assert source_files(settings) == files


def test_small_batches_change_nothing(
    expected: tuple[dict[str, pl.DataFrame], list[dict[str, object]]], tmp_path: Path
) -> None:
    settings = load(tmp_path / "hjem", small_batches(), batch_files=5)
    assert len(list(settings.lake.iterdir())) > 3
    tables, files = expected
    found = lake(settings)
    for name, frame in tables.items():
        assert found[name].equals(frame), name
    assert source_files(settings) == files


def _copies() -> dict[str, bytes]:
    """Return documents and tables, each with one that says the same or contradicts it."""
    ledger = SAMPLES["visma_ledger_csv"].data
    return {
        "a": invoice(),
        "b": invoice().replace(b"><cbc:ID>", b">\n<cbc:ID>"),
        "c": invoice("200.00", line(amount="200.00")),
        "d": ledger,
        "e": ledger.replace(b"\n", b"\r\n"),
        "f": samples.saft(created="2025-01-15"),
        "g": samples.saft(created="2025-02-15"),
    }


def test_what_is_the_same_or_in_conflict_does_not_depend_on_the_order(tmp_path: Path) -> None:
    files = list(_copies().items())
    first = source_files(load(tmp_path / "a", [dict(files)]))
    turned = {f"{n}": data for n, (_, data) in enumerate(reversed(files))}
    assert source_files(load(tmp_path / "b", [turned])) == first
    assert sorted(str(row["status"]) for row in first) == [
        *["accepted"] * 3,
        "conflict",
        *["duplicate"] * 3,
    ]
