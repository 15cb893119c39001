"""What one odd file must never do to the lake, and what the commands say of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.commands import check
from pipelines.lake import manifests
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.settings import Settings
from tests.ubl import invoice

REMINDER = "urn:fdc:anskaffelser.no:2017:ehf:reminder:3.0"
UNITS = "enhet_id;navn;gyldig_per\n1;{};2024-01-01\n"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(settings)
    return settings


def test_a_committed_manifest_can_always_be_read_again(home: Settings) -> None:
    (home.landing / "a.xml").write_bytes(invoice("9" * 20, customization=REMINDER))
    extract(home)
    assert len(manifests.load_known(home).files) == 1


def test_a_file_name_that_is_not_utf8_stops_nothing(home: Settings) -> None:
    name = os.path.join(os.fsencode(home.landing), b"\xd8stensj\xf8.xml")  # noqa: PTH118 - bytes
    with open(name, "wb") as handle:  # noqa: PTH123 - bytes
        handle.write(invoice())
    assert extract(home).new == 1


def test_a_register_in_conflict_can_be_loaded_once_the_other_is_withdrawn(home: Settings) -> None:
    (home.landing / "a.csv").write_text(UNITS.format("A"))
    extract(home)
    (old,) = manifests.load_known(home).files
    (home.landing / "b.csv").write_text(UNITS.format("B"))
    assert "withdraw" in extract(home).rejections[0][1].reason
    manifests.withdraw(home, old, "feil")
    (home.landing / "b.csv").write_text(UNITS.format("B"))
    extract(home)
    assert len(manifests.load_known(home).registers) == 1


def test_an_accepted_document_without_lines_lies_in_the_archive(home: Settings) -> None:
    (home.landing / "a.xml").write_bytes(invoice("75.00", lines=""))
    extract(home)
    assert len(list(home.archive.iterdir())) == 1


def test_check_says_the_whole_name_of_a_file_here(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.landing / "faktura.xml").write_bytes(invoice())
    monkeypatch.chdir(home.landing)
    check(home, [Path("faktura.xml")])
    assert capsys.readouterr().out.startswith("faktura.xml: ")


@pytest.mark.parametrize("error", [PermissionError(13, "nei"), FileNotFoundError(2, "borte")])
def test_a_file_that_cannot_be_opened_stops_no_other(
    home: Settings, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    really_open = os.open

    def opened(path: str | Path, *arguments: int) -> int:
        if str(path).endswith("a.xml"):
            raise error
        return really_open(path, *arguments)

    (home.landing / "a.xml").write_bytes(invoice(number="1"))
    (home.landing / "b.xml").write_bytes(invoice(number="2"))
    monkeypatch.setattr("pipelines.lake.landing.os.open", opened)
    extract(home)
    assert not (home.landing / "b.xml").exists()
