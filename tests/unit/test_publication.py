"""Publishing is all or nothing, and only of exactly the bytes that passed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_quality.version import suite_version
from pipelines.publication import snapshot
from pipelines.publication.seal import (
    NotSealedError,
    Seal,
    SealBrokenError,
    SealError,
    TableText,
    published_tables,
    seal,
)
from pipelines.publication.snapshot import (
    Manifest,
    NotPassedError,
    NotWrittenError,
    OtherBytesError,
    OtherSuitesError,
    SnapshotError,
    current_snapshot,
    list_snapshots,
    prune,
    publish,
    rollback,
    verify_snapshot,
)
from pipelines.publication.verdict import NoVerdictError, Result, Verdict

KEYS = {"dim_thing": ("thing_id",), "fct_thing": ("thing_id", "place")}


def write_public(build_dir: Path, folder: Path) -> None:
    assert (build_dir / "internal" / "samkjop.duckdb").is_file()
    folder.mkdir()
    (folder / "tall.csv").write_text("enhet;antall\nA;5\n", "utf-8")


def make_sealed(build_dir: Path, amount: str = "10.50", order: str = "asc") -> Seal:
    build_dir.mkdir(parents=True)
    warehouse = build_dir / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table dim_thing as select 'A' as thing_id, 'Æ' as name")
        connection.execute(
            f"create table fct_thing as select 'A' as thing_id, range as place, "
            f"cast({amount} as decimal(18, 2)) as amount_nok from range(5) order by range {order}"
        )
    return seal(warehouse, build_dir, KEYS, write_public=write_public)


def passed(build_dir: Path, sealed: Seal) -> Verdict:
    verdict = Verdict(
        "passed",
        sealed.seal_hash,
        sealed.database_sha256,
        {name: table.sha256 for name, table in sealed.tables.items()},
        suite_version(),
        (Result("dim_thing", "dim_thing.key_unique", None, "error", "Nøkkel", True),),
    )
    verdict.write(build_dir)
    return verdict


def make_passed(build_dir: Path, amount: str = "10.50") -> Path:
    passed(build_dir, make_sealed(build_dir, amount))
    (build_dir / "report").mkdir()
    (build_dir / "report" / "index.html").write_text("<p>rapport</p>", "utf-8")
    return build_dir


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return make_passed(tmp_path / "build" / "run-1")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"


# --- seal ---


def test_the_same_rows_in_another_order_give_the_same_seal(tmp_path: Path) -> None:
    one = make_sealed(tmp_path / "one", order="asc")
    other = make_sealed(tmp_path / "other", order="desc")
    assert one.seal_hash == other.seal_hash
    assert one.tables["fct_thing"].rows == 5


def test_one_ore_gives_another_seal(tmp_path: Path) -> None:
    one = make_sealed(tmp_path / "one", "10.50")
    other = make_sealed(tmp_path / "other", "10.51")
    assert one.seal_hash != other.seal_hash
    assert one.tables["dim_thing"] == other.tables["dim_thing"]


def test_another_public_file_gives_another_seal(tmp_path: Path) -> None:
    one = make_sealed(tmp_path / "one")
    warehouse = tmp_path / "one" / "warehouse.duckdb"
    without = seal(warehouse, tmp_path / "one", KEYS)
    assert without.seal_hash != one.seal_hash
    assert not (tmp_path / "one" / "public").exists()
    assert (without.public, set(one.public)) == ({}, {"tall.csv"})
    Seal.load(tmp_path / "one").verify(tmp_path / "one")


def test_public_files_that_could_not_be_made_leave_no_seal(tmp_path: Path) -> None:
    make_sealed(tmp_path / "b")

    def killed(build_dir: Path, folder: Path) -> None:
        write_public(build_dir, folder)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    warehouse = tmp_path / "b" / "warehouse.duckdb"
    with pytest.raises(OSError, match="No space left"):
        seal(warehouse, tmp_path / "b", KEYS, write_public=killed)
    with pytest.raises(NotSealedError):
        Seal.load(tmp_path / "b")
    assert not (tmp_path / "b" / "public").exists()
    seal(warehouse, tmp_path / "b", KEYS, write_public=write_public)
    Seal.load(tmp_path / "b").verify(tmp_path / "b")


@pytest.mark.slow
def test_the_number_of_threads_changes_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table t as select md5(cast(range as varchar)) as id, range % 97 as n "
            "from range(400000)"
        )
    connect: Any = duckdb.connect
    hashes = set()
    for threads in (1, 2, 7):

        def with_threads(*args: str, threads: int = threads, **options: bool) -> object:
            settings: dict[str, Any] = {"config": {"threads": threads}, **options}
            return connect(*args, **settings)

        monkeypatch.setattr("pipelines.publication.seal.duckdb.connect", with_threads)
        hashes.add(seal(warehouse, tmp_path / f"b{threads}", {"t": ("id",)}).seal_hash)
    assert len(hashes) == 1


def test_the_sealed_database_holds_the_tables_and_their_descriptions(tmp_path: Path) -> None:
    make_sealed(tmp_path / "b")
    texts = {"dim_thing": TableText("Én rad per ting", {"name": "Tingens «navn», o'hoi"})}
    seal(tmp_path / "b" / "warehouse.duckdb", tmp_path / "b", KEYS, texts)
    with duckdb.connect(str(tmp_path / "b/internal/samkjop.duckdb"), read_only=True) as connection:
        comment = connection.execute(
            "select comment from duckdb_columns() where column_name = 'name' "
            "and table_name = 'dim_thing'"
        ).fetchone()
        rows = connection.execute("select place from fct_thing").fetchall()
    assert comment == ("Tingens «navn», o'hoi",)
    assert rows == [(0,), (1,), (2,), (3,), (4,)]


def test_a_seal_carries_the_build_key_and_date_of_its_run(tmp_path: Path) -> None:
    (tmp_path / "b" / "inputs").mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'key-1' as build_key, date '2024-12-31' as as_of_date) "
            f"to '{tmp_path}/b/inputs/run_context.parquet'"
        )
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table t as select 1 as id")
    seal(warehouse, tmp_path / "b", {"t": ("id",)})
    loaded = Seal.load(tmp_path / "b")
    assert (loaded.build_key, loaded.as_of_date) == ("key-1", "2024-12-31")


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"absent": ("id",)}, "no such table"),
        ({"t": ("absent",)}, "no key column absent"),
        ({"t": ("id",)}, "total is HUGEINT"),
        ({}, "no table to seal"),
    ],
)
def test_what_cannot_be_sealed_exactly_is_refused(
    tmp_path: Path, tables: dict[str, tuple[str, ...]], message: str
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table t as select 1 as id, sum(range) as total from range(3)")
    with pytest.raises(SealError, match=message):
        seal(warehouse, tmp_path, tables)
    with pytest.raises(NotSealedError):
        Seal.load(tmp_path)


def test_published_tables_are_the_marts_of_the_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        """{"nodes": {
        "model.s.dim_thing": {"resource_type": "model", "name": "dim_thing", "alias": "dim_thing",
          "original_file_path": "models/marts/core/dim_thing.sql", "description": "One row per x",
          "config": {"meta": {"key": ["thing_id"]}},
          "columns": {"thing_id": {"name": "thing_id", "description": "Nøkkel"}}},
        "model.s.int_x": {"resource_type": "model", "name": "int_x", "columns": {},
          "original_file_path": "models/intermediate/x/int_x.sql", "config": {}},
        "test.s.t": {"resource_type": "test", "name": "t",
          "original_file_path": "models/marts/core/dim_thing.yml"}}}""",
        "utf-8",
    )
    keys, texts = published_tables(manifest)
    assert keys == {"dim_thing": ("thing_id",)}
    assert texts["dim_thing"] == TableText("One row per x", {"thing_id": "Nøkkel"})


# --- what may be published ---


def test_a_passed_build_is_published_whole_and_becomes_current(
    build: Path, published: Path
) -> None:
    target = publish(build, published)
    assert current_snapshot(published) == target
    assert (published / "current").resolve() == target.resolve()
    manifest = verify_snapshot(target)
    assert set(manifest.files) == {
        "internal/parquet/dim_thing.parquet",
        "internal/parquet/fct_thing.parquet",
        "internal/samkjop.duckdb",
        "public/tall.csv",
        "quality/verdict.json",
        "report/index.html",
        "seal.json",
    }
    assert manifest.seal_hash == Seal.load(build).seal_hash
    assert (target / "internal").stat().st_mode & 0o777 == 0o750
    with duckdb.connect(str(target / "internal/samkjop.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from fct_thing").fetchone() == (5,)


def _without_seal(build: Path) -> None:
    (build / "seal.json").unlink()


def _without_verdict(build: Path) -> None:
    (build / "quality" / "verdict.json").unlink()


def _half_a_verdict(build: Path) -> None:
    path = build / "quality" / "verdict.json"
    path.write_bytes(path.read_bytes()[:100])


def _one_byte_of_parquet(build: Path) -> None:
    _flip_a_byte(build / "internal" / "parquet" / "fct_thing.parquet")


def _one_byte_of_duckdb(build: Path) -> None:
    _flip_a_byte(build / "internal" / "samkjop.duckdb")


def _flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def _a_file_that_was_not_sealed(build: Path) -> None:
    (build / "internal" / "parquet" / "extra.parquet").write_bytes(b"x")


def _one_byte_of_what_is_public(build: Path) -> None:
    _flip_a_byte(build / "public" / "tall.csv")


def _a_public_file_that_was_not_sealed(build: Path) -> None:
    (build / "public" / "personer.csv").write_bytes(b"x")


def _a_public_file_that_is_gone(build: Path) -> None:
    (build / "public" / "tall.csv").unlink()


def _a_seal_without_what_is_public(build: Path) -> None:
    path = build / "seal.json"
    path.write_text(path.read_text("utf-8").replace("tall.csv", "annet.csv"), "utf-8")


def _a_seal_that_was_edited(build: Path) -> None:
    path = build / "seal.json"
    path.write_text(path.read_text("utf-8").replace('"rows": 5', '"rows": 6'), "utf-8")


def _an_errored_verdict(build: Path) -> None:
    replace(Verdict.load(build), status="errored", errors=("list index out of range",)).write(build)


def _a_failed_verdict(build: Path) -> None:
    broken = Result("dim_thing", "dim_thing.key_unique", None, "error", "Nøkkel", False)
    replace(Verdict.load(build), status="failed", results=(broken,)).write(build)


def _a_verdict_that_says_passed_over_a_failure(build: Path) -> None:
    broken = Result("dim_thing", "dim_thing.key_unique", None, "error", "Nøkkel", False)
    replace(Verdict.load(build), results=(broken,)).write(build)


def _a_verdict_that_evaluated_nothing(build: Path) -> None:
    replace(Verdict.load(build), results=()).write(build)


def _the_verdict_of_another_build(build: Path) -> None:
    other = make_sealed(build.parent / "other", "99.00")
    passed(build, other)


def _a_verdict_of_other_suites(build: Path) -> None:
    replace(Verdict.load(build), suite_version="0" * 64).write(build)


REFUSED: dict[Callable[[Path], None], type[Exception]] = {
    _without_seal: NotSealedError,
    _without_verdict: NoVerdictError,
    _half_a_verdict: NoVerdictError,
    _one_byte_of_parquet: SealBrokenError,
    _one_byte_of_duckdb: SealBrokenError,
    _a_file_that_was_not_sealed: SealBrokenError,
    _one_byte_of_what_is_public: SealBrokenError,
    _a_public_file_that_was_not_sealed: SealBrokenError,
    _a_public_file_that_is_gone: SealBrokenError,
    _a_seal_without_what_is_public: SealBrokenError,
    _a_seal_that_was_edited: SealBrokenError,
    _an_errored_verdict: NotPassedError,
    _a_failed_verdict: NotPassedError,
    _a_verdict_that_says_passed_over_a_failure: NotPassedError,
    _a_verdict_that_evaluated_nothing: NotPassedError,
    _the_verdict_of_another_build: OtherBytesError,
    _a_verdict_of_other_suites: OtherSuitesError,
}


@pytest.mark.parametrize("tamper", REFUSED, ids=lambda tamper: tamper.__name__.strip("_"))
def test_anything_but_the_bytes_that_passed_is_refused(
    tamper: Callable[[Path], None], build: Path, published: Path
) -> None:
    before = publish(make_passed(build.parent / "before", "1.00"), published)
    tamper(build)
    with pytest.raises(REFUSED[tamper]) as refusal:
        publish(build, published)
    assert getattr(refusal.value, "exit_status", None) == 4
    assert current_snapshot(published) == before
    assert [path.name for path in published.iterdir() if path.name.startswith(".tmp")] == []


def test_bytes_that_change_while_they_are_copied_are_refused(
    build: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seal, "verify", lambda self, folder: _one_byte_of_parquet(folder))
    with pytest.raises(SealBrokenError):
        publish(build, published)
    assert list(published.iterdir()) == []


# --- all or nothing ---


def test_a_full_disk_leaves_current_as_it_was_and_no_leftovers(
    build: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(build, published)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pipelines.publication.snapshot.os.fsync", full)
    with pytest.raises(NotWrittenError, match="No space left"):
        publish(build, published)
    assert current_snapshot(published) == before
    assert sorted(path.name for path in published.iterdir()) == sorted(["current", before.name])


_KILLER = """
import os, sys, signal
from pathlib import Path
from pipelines.publication import snapshot
build, published = Path(sys.argv[1]), Path(sys.argv[2])
EVENTS = ("open", "os.mkdir", "os.rename", "os.symlink", "os.chmod", "os.remove", "os.rmdir")
for number in range(1, 1000):
    child = os.fork()
    if child == 0:
        seen = 0
        def count(event, arguments):
            global seen
            if event in EVENTS and arguments and str(published) in str(arguments):
                seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(count)
        snapshot.publish(build, published)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    current = snapshot.current_snapshot(published)
    snapshot.verify_snapshot(current)
    print(number, os.WIFSIGNALED(status), snapshot.Manifest.load(current).build, flush=True)
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_killed_at_any_step_current_is_the_old_snapshot_or_the_new_one(
    build: Path, published: Path
) -> None:
    """The process is killed before its first, second, third … change below published/."""
    publish(make_passed(build.parent / "before", "1.00"), published)
    done = subprocess.run(
        [sys.executable, "-c", _KILLER, str(build), str(published)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(snapshot.__file__).parents[2],
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    killed = [name for _, was_killed, name in lines if was_killed == "True"]
    assert len(killed) >= 10
    assert killed[0] == "before"
    assert lines[-1][1:] == ["False", "run-1"]
    assert not list(published.glob(".tmp-*"))


def test_names_sort_by_age_even_where_the_clock_goes_back(
    build: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [publish(build, published).name for _ in range(3)]

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2001, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(snapshot, "datetime", Yesterday)
    names.append(publish(build, published).name)
    assert names == sorted(set(names)) == list_snapshots(published)


# --- rollback and retention ---


def test_rollback_without_a_name_goes_to_the_one_before(build: Path, published: Path) -> None:
    first, second, third = (publish(build, published) for _ in range(3))
    assert rollback(published) == second
    assert rollback(published) == first
    with pytest.raises(SnapshotError, match="tidligere"):
        rollback(published)
    assert current_snapshot(published) == first
    assert rollback(published, third.name) == third
    assert current_snapshot(published) == third


def test_rollback_to_a_damaged_snapshot_is_refused(build: Path, published: Path) -> None:
    first, second = (publish(build, published) for _ in range(2))
    path = first / "internal" / "parquet" / "fct_thing.parquet"
    path.chmod(0o644)
    _flip_a_byte(path)
    with pytest.raises(SnapshotError, match=r"fct_thing\.parquet"):
        rollback(published)
    assert current_snapshot(published) == second


@pytest.mark.parametrize("name", ["20010101T000000Z-000000000000", "../build/run-1", ".."])
def test_rollback_to_what_is_no_snapshot_is_refused(
    name: str, build: Path, published: Path
) -> None:
    current = publish(build, published)
    with pytest.raises(SnapshotError, match="finnes ikke"):
        rollback(published, name)
    assert current_snapshot(published) == current


def test_prune_keeps_the_newest_the_current_and_the_one_before_it(
    build: Path, published: Path
) -> None:
    names = [publish(build, published).name for _ in range(5)]
    rollback(published, names[2])
    assert prune(published, 1) == [names[0], names[3]]
    assert list_snapshots(published) == [names[1], names[2], names[4]]
    assert prune(published, 0) == [names[4]]
    assert current_snapshot(published) == published / names[2]
    assert prune(published, 10) == []


def test_nothing_published_is_no_error(published: Path) -> None:
    assert current_snapshot(published) is None
    assert list_snapshots(published) == []
    with pytest.raises(SnapshotError):
        verify_snapshot(published / "x")


def test_the_manifest_names_build_date_and_verdict(build: Path, published: Path) -> None:
    manifest = Manifest.load(publish(build, published))
    assert manifest.build == "run-1"
    assert manifest.verdict_status == "passed"
    assert manifest.suite_version == suite_version()
    assert manifest.created_at.endswith("+00:00")
