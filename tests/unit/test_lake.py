"""Landing, batches, quarantine and archive: what is committed, moved, known and refused."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import HomeError, LockedError, UsageError
from pipelines.extracts.tables import TABLES
from pipelines.lake import manifests
from pipelines.lake.batches import ExtractOutcome, extract
from pipelines.lake.home import lock, make_home
from pipelines.lake.source_files import write_source_files
from pipelines.settings import Settings
from tests.ubl import invoice

UNITS = "enhet_id;navn\nA;Bydel A\n"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(settings)
    return settings


def drop(home: Settings, name: str, data: bytes | str) -> Path:
    path = home.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def documents(home: Settings) -> list[str]:
    frame = pl.read_parquet(home.lake / "*" / "ehf_document.parquet")
    return sorted(frame["document_number"])


def reasons(outcome: ExtractOutcome) -> str:
    return "\n".join(f"{name}: {r.reason}" for name, r in outcome.rejections)


def test_a_new_home_gets_an_empty_batch_with_every_table(home: Settings) -> None:
    outcome = extract(home)
    (batch,) = outcome.batches
    for name in TABLES:
        assert pl.read_parquet(home.lake / batch / f"{name}.parquet").is_empty()
    assert extract(home).batches == []


def test_an_original_lies_in_the_archive_under_its_hash(home: Settings) -> None:
    drop(home, "mappe/faktura.xml", invoice())
    extract(home)
    (original,) = home.archive.iterdir()
    assert original.read_bytes() == invoice()
    assert not any(p.is_file() for p in home.landing.rglob("*"))


def test_the_same_bytes_twice_change_nothing(home: Settings) -> None:
    drop(home, "a.xml", invoice())
    drop(home, "b.xml", invoice())
    first = extract(home)
    drop(home, "c.xml", invoice())
    second = extract(home)
    assert (first.new, first.known, second.new, second.known) == (1, 1, 0, 1)
    assert documents(home) == ["F-1"]
    assert second.batches == []


def test_members_of_an_archive_are_files_of_their_own(home: Settings) -> None:
    drop(home, "p.zip", zipped({"x/a.xml": invoice(number="A"), "b.xml": invoice(number="B")}))
    outcome = extract(home)
    target = home.home / "kilder.parquet"
    write_source_files(home, target)
    assert documents(home) == ["A", "B"]
    assert sorted(pl.read_parquet(target)["file_name"]) == ["p.zip/b.xml", "p.zip/x/a.xml"]
    assert outcome.new == 2
    assert len(list(home.archive.iterdir())) == 1


def test_a_gz_is_an_archive_of_one_file(home: Settings) -> None:
    drop(home, "faktura.xml.gz", gzip.compress(invoice()))
    outcome = extract(home)
    assert documents(home) == ["F-1"]
    assert list(outcome.names.values()) == ["faktura.xml.gz/faktura.xml"]
    assert len(list(home.archive.iterdir())) == 1
    drop(home, "igjen.gz", gzip.compress(invoice(), 1))
    assert extract(home).new == 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(invoice())[:-9], "arkivet er ødelagt"),
        (b"\x1f\x8bikke gzip", "arkivet er ødelagt"),
        (gzip.compress(zipped({"a.xml": invoice()})), "arkiv i arkiv leses ikke"),
        (gzip.compress(b"a;b\n" * 400_000), "over grensen på 1 MiB"),
        (gzip.compress(b"<AuditFile>" + b" " * (80 << 20)), "ganger større utpakket"),
    ],
    ids=["cut off", "no gzip", "zip inside", "too large", "bomb"],
)
def test_a_broken_or_hostile_gz_is_refused(home: Settings, data: bytes, reason: str) -> None:
    settings = replace(home, max_file_mib=1)
    drop(settings, "fil.gz", data)
    outcome = extract(settings)
    assert reason in reasons(outcome)
    assert (outcome.new, outcome.quarantined_files) == (1, 1)
    assert not list(settings.landing.iterdir())


def test_a_known_archive_is_not_read_again(home: Settings) -> None:
    data = zipped({"a.xml": invoice()})
    drop(home, "p.zip", data)
    extract(home)
    drop(home, "q.zip", data)
    outcome = extract(home)
    assert (outcome.new, outcome.batches) == (0, [])
    assert not any(home.landing.iterdir())
    assert documents(home) == ["F-1"]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("tom.xml", b"  \n", "filen er tom"),
        ("peker.csv", b"version https://git-lfs.github.com/spec/v1\noid x\n", "Git LFS-peker"),
        ("bilde.xml", b"\x89PNG\r\n\x1a\n\x00\x00", "filen er verken XML"),
        ("i.zip", zipped({"indre.zip": zipped({"a.xml": invoice()})}), "arkiv i arkiv"),
        ("tomt.zip", zipped({}), "arkivet er tomt"),
        ("odelagt.zip", zipped({"a.xml": invoice()})[:-30], "arkivet er ødelagt"),
        ("bombe.zip", zipped({"a.xml": b"0" * 80_000_000}), "zip-bombe"),
    ],
)
def test_a_file_that_cannot_be_read_is_quarantined_with_a_reason(
    home: Settings, name: str, data: bytes, expected: str
) -> None:
    drop(home, name, data)
    drop(home, "god.xml", invoice())
    outcome = extract(home)
    assert expected in reasons(outcome)
    assert documents(home) == ["F-1"]
    (record,) = manifests.rejections_of(home, outcome.batches)
    assert expected in record["reason"]


def test_a_link_out_of_landing_is_not_followed(home: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "hemmelig.xml"
    secret.write_bytes(invoice())
    (home.landing / "lenke.xml").symlink_to(secret)
    assert "symbolske lenker følges ikke" in reasons(extract(home))
    assert secret.exists()


def test_a_file_over_the_limit_is_quarantined(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0, max_file_mib=1)
    make_home(settings)
    drop(settings, "stor.xml", b"<a>" + b"x" * 2_000_000 + b"</a>")
    assert "over grensen på 1 MiB" in reasons(extract(settings))


def test_hidden_and_half_written_files_are_left_alone(home: Settings) -> None:
    for name in (".skjult.xml", "~$åpen.xlsx", "halv.xml.part"):
        drop(home, name, invoice())
    assert extract(home).new == 0
    assert len(list(home.landing.iterdir())) == 3


def test_a_register_row_that_breaks_its_contract_stops_nothing(home: Settings) -> None:
    drop(home, "enheter.csv", "enhet_id;navn;gyldig_fra\nA;Bydel A;tull\nB;Bydel B;\n")
    outcome = extract(home)
    frame = pl.read_parquet(home.lake / "*" / "reg_unit.parquet")
    assert frame["unit_id"].to_list() == ["B"]
    assert (outcome.quarantined_rows, outcome.quarantined_files) == (1, 0)


def test_two_registers_of_one_date_with_other_content_are_a_conflict(home: Settings) -> None:
    drop(home, "enheter_2024-12-31.csv", UNITS)
    extract(home)
    drop(home, "enheter-ny_2024-12-31.csv", UNITS + "B;Bydel B\n")
    outcome = extract(home)
    assert "et annet innhold er alt lastet med samme dato (31.12.2024)" in reasons(outcome)


def test_a_corrected_register_of_the_same_date_is_no_conflict(home: Settings) -> None:
    drop(home, "enheter_2024-12-31.csv", "enhet_id;navn;gyldig_fra\nA;Bydel A;tull\nB;Bydel B;\n")
    assert extract(home).quarantined_rows == 1
    drop(home, "rettet_2024-12-31.csv", UNITS + "B;Bydel B\n")
    assert extract(home).rejections == []


def test_the_same_register_in_another_format_is_no_conflict(home: Settings) -> None:
    drop(home, "enheter_2024-12-31.csv", UNITS)
    extract(home)
    drop(home, "enheter_2024-12-31.yaml", "enheter:\n  - {enhet_id: A, navn: Bydel A}\n")
    assert extract(home).rejections == []


def test_every_rejected_file_is_accounted_for_in_rows_and_money(home: Settings) -> None:
    drop(home, "a.xml", invoice("100.00"))
    drop(home, "b.xml", invoice("60.00", number=""))
    drop(home, "c.xml", b"junk")
    extract(home)
    target = home.home / "kilder.parquet"
    write_source_files(home, target)
    frame = pl.read_parquet(target)
    assert frame["rows_in"].sum() == (frame["rows_accepted"] + frame["rows_quarantined"]).sum()
    assert str(frame["amount_in"].sum()) == "160.00"
    assert str(frame["amount_quarantined"].sum()) == "60.00"


def test_a_withdrawn_file_is_marked_and_nothing_is_deleted(home: Settings) -> None:
    drop(home, "a.xml", invoice())
    extract(home)
    (sha256,) = manifests.load_known(home).files
    manifests.withdraw(home, sha256[:10], "feil kommune")
    target = home.home / "kilder.parquet"
    write_source_files(home, target)
    assert pl.read_parquet(target)["is_withdrawn"].to_list() == [True]
    assert (home.archive / sha256).exists()


@pytest.mark.parametrize(("prefix", "reason"), [("", "x"), ("zz", "x"), ("", " ")])
def test_withdrawing_what_is_not_there_is_refused(home: Settings, prefix: str, reason: str) -> None:
    drop(home, "a.xml", invoice())
    extract(home)
    with pytest.raises(UsageError):
        manifests.withdraw(home, prefix, reason)


def test_the_second_run_is_told_who_holds_the_lock(home: Settings) -> None:
    with (
        lock(home, "den første"),
        pytest.raises(LockedError, match="den første"),
        lock(home, "den andre"),
    ):
        pass


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")
    with pytest.raises(HomeError, match="forventet en mappe som kan skrives i"):
        make_home(Settings(home=tmp_path / "fil"))


_KILLED = """
import os, signal, sys
from pathlib import Path
from pipelines.settings import Settings
from pipelines.lake import batches
home, nth = Path(sys.argv[1]), int(sys.argv[2])
calls = 0
def dying(function):
    def wrapper(*arguments, **options):
        global calls
        calls += 1
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return wrapper
os.fsync, os.rename = dying(os.fsync), dying(os.rename)
Path.rename, Path.replace = dying(Path.rename), dying(Path.replace)
batches.extract(Settings(home=home, settle_seconds=0))
print("levde", calls)
"""


def lake_content(home: Settings) -> dict[str, list[str]]:
    content: dict[str, list[str]] = {}
    for name in TABLES:
        frame = pl.read_parquet(home.lake / "*" / f"{name}.parquet")
        content[name] = sorted(map(repr, frame.rows()))
    return content


def test_killed_anywhere_the_next_extraction_gives_the_same_lake(tmp_path: Path) -> None:
    def prepared(name: str) -> Settings:
        settings = Settings(home=tmp_path / name, settle_seconds=0)
        make_home(settings)
        drop(settings, "a.xml", invoice(number="A"))
        drop(settings, "p.zip", zipped({"b.xml": invoice(number="B"), "c.xml": b"junk"}))
        drop(settings, "enheter_2024-12-31.csv", UNITS)
        drop(settings, "d.xml", b"<junk>")
        return settings

    whole = prepared("hel")
    extract(whole)
    expected = lake_content(whole)
    points = (1, 2, 3, 8, 14, 20, 22, 24, 25, 26, 27, 28, 29, 30)
    died = 0
    for nth in points:
        settings = prepared(f"drept-{nth}")
        command = [sys.executable, "-c", _KILLED, str(settings.home), str(nth)]
        died += subprocess.run(command, check=False, capture_output=True).returncode == -9
        extract(settings)
        assert lake_content(settings) == expected, f"drept ved {nth}"
        assert not any(p.is_file() for p in settings.landing.rglob("*"))
        reasons = manifests.rejections_of(settings, manifests.batch_names(settings.lake))
        assert len(reasons) == 2
        assert {p.name for p in settings.quarantine.iterdir()} <= set(
            manifests.batch_names(settings.lake)
        )
    assert died >= 10


def test_a_full_disk_leaves_the_lake_as_it_was(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home, "a.xml", invoice())

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", full)
        with pytest.raises(OSError, match="No space left"):
            extract(home)
    assert manifests.batch_names(home.lake) == []
    assert (home.landing / "a.xml").exists()
    extract(home)
    assert documents(home) == ["F-1"]


def test_the_manifest_names_every_file_with_its_sums(home: Settings) -> None:
    drop(home, "a.xml", invoice())
    (batch,) = extract(home).batches
    manifest = json.loads((home.lake / batch / "manifest.json").read_text("utf-8"))
    (entry,) = manifest["files"]
    assert (entry["kind"], entry["rows_in"], entry["amount_in"]) == ("ehf_invoice", 1, "100.00")


def test_raw_identifiers_are_kept_from_others(home: Settings) -> None:
    extract(home)
    assert home.archive.stat().st_mode & 0o077 == 0
    assert home.quarantine.stat().st_mode & 0o077 == 0
    assert (home.config / "pseudonym.key").stat().st_mode & 0o077 == 0
