"""Whole runs through the command line: what they publish, say and return; and what stops them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.conftest import AS_OF, ROOT, only_once, samkjop
from tests.integration.small_home import fill, table_hashes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def small_home(shared_folder: Path) -> Path:
    """A home with a handful of documents, published once and only read."""
    folder = shared_folder / "small"
    if not folder.exists():
        fill(folder / "landing")
    return only_once(folder, ["run", "--home", folder, "--as-of", AS_OF])


@pytest.fixture
def published(small_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = small_home / "published" / "current" / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def test_units_and_categories_are_found_by_reference_and_classification(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select document_number, unit_id, unit_evidence, category_id, category_evidence, "
        "amount_nok from fct_spend_line order by document_number"
    ).fetchall()
    assert rows == [
        ("A", "A", "buyer_reference", "K1", "item_classification", Decimal("250.00")),
        ("B", "B", "buyer_reference", "unknown", "none", Decimal("100.00")),
        ("C", "unknown", "none", "unknown", "none", Decimal("-40.00")),
    ]


def test_every_source_file_is_accounted_for(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(
        "select file_name, currency, amount_in, amount_accepted, amount_unconverted, spend_nok "
        "from mart_reconciliation where kind <> 'register' order by file_name"
    ).fetchall()
    zero = Decimal("0.00")
    assert [row[0] for row in rows] == [
        "a.xml",
        "e.xml",
        "resten.zip/b.xml",
        "resten.zip/c.xml",
        "resten.zip/d.xml",
    ]
    assert rows[0][1:] == ("NOK", Decimal("250.00"), Decimal("250.00"), zero, Decimal("250.00"))
    assert rows[3][1:] == ("NOK", Decimal("-40.00"), Decimal("-40.00"), zero, Decimal("-40.00"))
    assert rows[4][1:] == ("EUR", Decimal("10.00"), Decimal("10.00"), Decimal("10.00"), zero)
    assert rows[1][2] is None


def test_new_quarantined_input_publishes_with_status_3_and_says_why(small_home: Path) -> None:
    said = small_home.with_suffix(".done").read_text("utf-8")
    assert "karantene: e.xml, linje 1: filen er ikke velformet XML" in said
    assert "publisert: " in said


def test_nothing_new_is_said_and_publishes_nothing(small_home: Path) -> None:
    before = _current(small_home)
    result = samkjop("run", "--home", small_home, "--as-of", AS_OF)
    assert (result.returncode, "uendret" in result.stdout) == (0, True)
    assert _current(small_home) == before


def test_a_published_snapshot_is_complete_and_opens_read_only(small_home: Path) -> None:
    snapshot = small_home / "published" / "current"
    manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    for name in ("internal/samkjop.duckdb", "report/index.html", "quality/index.html"):
        assert name in manifest["files"]


def test_check_says_what_files_are_and_writes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "filer")
    result = samkjop("check", tmp_path / "filer", "--home", tmp_path / "hjem")
    assert result.returncode == 3
    assert "a.xml: faktura eller kreditnota, 1 av 1 rader godtas, 250.00 NOK" in result.stdout
    assert "karantene: linje 1: filen er ikke velformet XML" in result.stdout
    assert not (tmp_path / "hjem").exists()


def test_check_of_good_files_is_0(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "e.xml").unlink()
    assert samkjop("check", tmp_path).returncode == 0


def test_an_empty_landing_folder_says_so(tmp_path: Path) -> None:
    result = samkjop("run", "--home", tmp_path / "nytt")
    assert result.returncode == 0
    assert "landing" in result.stdout
    assert "tom" in result.stdout
    assert not (tmp_path / "nytt" / "published" / "current").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (["run", "--tull"], 2, "ukjent valg eller argument: --tull"),
        (["tull"], 2, "ukjent verdi 'tull'"),
        ([], 2, "mangler: KOMMANDO"),
        (["run", "--as-of", "i går"], 2, "forventet en dato (ÅÅÅÅ-MM-DD), fant «i går»"),
        (["check", "finnes-ikke"], 2, "finnes-ikke: forventet en fil eller mappe"),
        (["run", "--home", "/proc/samkjop"], 1, "forventet en mappe som kan skrives i"),
        (["demo", "--home", "tests"], 1, "demoen overskriver ikke"),
        (["status", "--home", "finnes-ikke"], 1, "forventet en hjemmemappe"),
        (
            ["withdraw", "00", "--home", "finnes-ikke", "--reason", "x"],
            1,
            "forventet en hjemmemappe",
        ),
    ],
)
def test_wrong_use_gets_one_sentence_and_its_status(
    arguments: list[str], status: int, expected: str
) -> None:
    result = samkjop(*arguments)
    assert result.returncode == status
    assert expected in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr


def test_publish_alone_refuses_a_build_that_the_gate_never_saw(
    small_home: Path, tmp_path: Path
) -> None:
    home = _copy(small_home, tmp_path / "kopi")
    (build,) = (home / "build").iterdir()
    (build / "quality" / "verdict.json").unlink()
    before = _current(home)
    result = samkjop("publish", "--home", home)
    assert result.returncode == 4
    assert "ikke kvalitetskontrollert" in result.stderr
    assert _current(home) == before


def test_publish_alone_refuses_bytes_that_were_changed_after_the_verdict(
    small_home: Path, tmp_path: Path
) -> None:
    home = _copy(small_home, tmp_path / "kopi")
    (build,) = (home / "build").iterdir()
    table = build / "internal" / "parquet" / "fct_spend_line.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"\x00")
    assert samkjop("publish", "--home", home).returncode == 4


TWO_ZONES = """
avtaler:
  - {avtale_id: AV1, tittel: Stoler, bindende: ja, gyldig_fra: 2024-01-01, gyldig_til: 2024-12-31}
delkontrakter:
  - {avtale_id: AV1, delkontrakt: "1"}
  - {avtale_id: AV1, delkontrakt: "2"}
delkontrakt_leverandører:
  - {avtale_id: AV1, delkontrakt: "1", orgnr: 974760673}
  - {avtale_id: AV1, delkontrakt: "2", orgnr: 974760673}
delkontrakt_kategorier:
  - {avtale_id: AV1, delkontrakt: "1", kategori_id: K1}
  - {avtale_id: AV1, delkontrakt: "2", kategori_id: K1}
delkontrakt_enheter:
  - {avtale_id: AV1, delkontrakt: "1", enhet_id: A}
  - {avtale_id: AV1, delkontrakt: "2", enhet_id: A}
  - {avtale_id: AV1, delkontrakt: "2", enhet_id: B}
"""


def test_d03_a_unit_in_two_zones_stops_publication_with_status_4_and_its_rows(
    small_home: Path, tmp_path: Path
) -> None:
    """Also where the run before was killed while it built: the next one takes over."""
    home = _copy(small_home, tmp_path / "kopi")
    before = _current(home)
    (home / "landing" / "avtaler_2024-01-01.yaml").write_text(TWO_ZONES, encoding="utf-8")
    assert _kill_after(_started(home), "bygger grunnlaget", 4.0)
    assert _current(home) == before
    result = samkjop("run", "--home", home, "--as-of", AS_OF)
    assert result.returncode == 4, result.stdout + result.stderr
    assert "kvalitetsporten stanset publiseringen" in result.stderr
    assert _current(home) == before
    page = Path(result.stderr.strip().rsplit("Se ", 1)[1])
    text = page.read_text("utf-8")
    assert "AV1" in text
    assert "ikke godkjent" in text.lower() or "ikke bestått" in text.lower()
    assert samkjop("publish", "--home", home).returncode == 4


def test_publish_and_rollback_move_the_pointer(small_home: Path, tmp_path: Path) -> None:
    home = _copy(small_home, tmp_path / "kopi")
    first = _current(home)
    assert samkjop("publish", "--home", home).returncode == 0
    second = _current(home)
    assert second != first
    assert samkjop("rollback", "--home", home).returncode == 0
    assert _current(home) == first
    status = samkjop("status", "--home", home)
    assert status.returncode == 0
    assert first in status.stdout


def _current(home: Path) -> str:
    return (home / "published" / "current").readlink().name


def _copy(home: Path, target: Path) -> Path:
    subprocess.run(["cp", "-a", str(home), str(target)], check=True)
    return target


def _started(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            str(Path(sys.executable).with_name("samkjop")),
            "run",
            "--home",
            str(home),
            "--as-of",
            AS_OF,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )


def _killed(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def _kill_after(process: subprocess.Popen[str], stage: str, delay: float) -> bool:
    """Kill the run and its children some time after a stage began; whether it came so far."""
    assert process.stderr is not None
    for text in process.stderr:
        if stage in text:
            time.sleep(delay)
            _killed(process)
            return True
    process.stderr.close()
    process.wait()
    return False


KILL_POINTS = [
    ("leser inn", 0.0),
    ("leser inn", 0.3),
    ("bygger grunnlaget", 4.0),
    ("kobler leverandører", 0.1),
    ("bygger linjene", 4.0),
    ("foreslår kategorier", 0.1),
    ("bygger tabellene", 8.0),
    ("forsegler", 0.1),
    ("kontrollerer", 1.0),
    ("lager rapporten", 0.1),
    ("publiserer", 0.0),
    ("publiserer", 0.05),
]


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(KILL_POINTS[1:3], id="two", marks=pytest.mark.nightly),
        pytest.param(KILL_POINTS, id="all", marks=pytest.mark.nightly),
    ],
)
def test_killed_at_one_point_after_another_the_next_run_gives_the_same_tables(
    small_home: Path, tmp_path: Path, points: list[tuple[str, float]]
) -> None:
    """Each run takes over from one that was killed at the point before."""
    home = tmp_path / "drept"
    fill(home / "landing")
    died = 0
    for stage, delay in points:
        died += _kill_after(_started(home), stage, delay)
        pointer = home / "published" / "current"
        if pointer.is_symlink():
            assert table_hashes(home) == table_hashes(small_home)
    # A run that was killed after publishing leaves the later ones unchanged.
    assert died >= len(points) * 8 // 10
    assert samkjop("run", "--home", home, "--as-of", AS_OF).returncode in (0, 3)
    assert table_hashes(home) == table_hashes(small_home)


@pytest.mark.nightly
@pytest.mark.parametrize(("stage", "delay"), KILL_POINTS)
def test_killed_once_the_next_run_gives_the_same_tables(
    small_home: Path, tmp_path: Path, stage: str, delay: float
) -> None:
    home = tmp_path / "drept"
    fill(home / "landing")
    assert _kill_after(_started(home), stage, delay)
    assert samkjop("run", "--home", home, "--as-of", AS_OF).returncode in (0, 3)
    assert table_hashes(home) == table_hashes(small_home)


def test_of_two_runs_at_once_the_second_says_who_holds_the_lock(tmp_path: Path) -> None:
    home = tmp_path / "to"
    fill(home / "landing")
    first = _started(home)
    assert first.stderr is not None
    while "leser inn" not in first.stderr.readline():
        assert first.poll() is None
    second = samkjop("run", "--home", home, "--as-of", AS_OF)
    _killed(first)
    assert second.returncode == 1
    assert f"låst av en annen kjøring (prosess {first.pid}" in second.stderr


@pytest.mark.nightly
def test_shuffled_renamed_and_split_files_give_the_same_tables(
    small_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "delt"
    fill(tmp_path / "alt")
    files = sorted((tmp_path / "alt").iterdir(), reverse=True)
    (home / "landing").mkdir(parents=True)
    for number, part in enumerate((files[:2], files[2:])):
        for path in part:
            path.rename(home / "landing" / f"{number}-{path.name}")
        samkjop("run", "--home", home, "--as-of", AS_OF)
    named = {"mart_reconciliation", "mart_register_issue"}  # they show the files' names
    ours, theirs = table_hashes(home), table_hashes(small_home)
    assert {k: v for k, v in ours.items() if k not in named} == {
        k: v for k, v in theirs.items() if k not in named
    }
