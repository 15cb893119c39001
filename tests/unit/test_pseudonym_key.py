"""The secret key of the pseudonyms: where it comes from, who can read it, and that it stays."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.lake import pseudonym_key as module
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.lake.pseudonym_key import VARIABLE, pseudonym_key
from pipelines.settings import Settings

LONG = "en nokkel som bare den som skal, vet om"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv(VARIABLE, raising=False)
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(settings)
    return settings


def write_key(home: Settings, text: str, mode: int = 0o600) -> Path:
    path = home.config / "pseudonym.key"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def files_with(home: Settings, secret: bytes) -> list[str]:
    return [p.name for p in home.home.rglob("*") if p.is_file() and secret in p.read_bytes()]


def test_a_key_is_made_once_and_only_its_owner_can_read_it(home: Settings) -> None:
    made = pseudonym_key(home)
    path = home.config / "pseudonym.key"
    assert (len(made), stat.S_IMODE(path.stat().st_mode)) == (64, 0o600)
    assert pseudonym_key(home) == made


def test_the_file_is_closed_to_others_from_the_moment_it_is_there(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    fsync = os.fsync

    def flushed(descriptor: int) -> None:
        modes.append(os.fstat(descriptor).st_mode)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", flushed)
    before = os.umask(0)
    try:
        pseudonym_key(home)
    finally:
        os.umask(before)
    assert stat.S_IMODE(modes[0]) == 0o600  # the key's; then folders and the fingerprint
    assert [p.name for p in home.config.glob("*.tmp")] == []


@pytest.mark.parametrize("has_links", [True, False])
def test_of_two_at_once_in_a_new_home_both_use_the_first_key(
    home: Settings, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    link = os.link

    def late(source: Path, target: Path) -> None:
        if not has_links:
            raise OSError("no links")
        write_key(home, LONG)  # the other process is a moment before
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    made = pseudonym_key(home)
    assert (made == LONG.encode()) is has_links
    assert pseudonym_key(home) == made
    assert [p.name for p in home.config.glob(".*.tmp")] == []


def test_the_environment_goes_before_the_file(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_key(home, "x" * 40, 0o644)
    monkeypatch.setenv(VARIABLE, f" {LONG}\n")
    assert pseudonym_key(home) == LONG.encode()
    assert path.read_text("utf-8") == "x" * 40


def test_a_home_with_a_key_in_the_environment_gets_no_file(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "a" * 32)
    assert pseudonym_key(home) == b"a" * 32
    assert not (home.config / "pseudonym.key").exists()


@pytest.mark.parametrize("text", ["", "   ", "k" * 31, "   " + "k" * 31 + "  "])
def test_a_short_key_in_the_environment_is_refused_without_being_shown(
    home: Settings, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(SettingsError, match=f"{VARIABLE}: forventet .* minst 32 tegn") as raised:
        pseudonym_key(home)
    assert "kkk" not in str(raised.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666, 0o601])
def test_a_key_that_others_can_reach_is_refused_with_what_to_do(home: Settings, mode: int) -> None:
    path = write_key(home, LONG, mode)
    with pytest.raises(SettingsError, match=f"chmod 600 {path}"):
        pseudonym_key(home)


@pytest.mark.parametrize(("text", "found"), [("", "en tom fil"), ("\n", "en tom fil")])
def test_an_empty_key_file_is_refused_and_not_replaced(
    home: Settings, text: str, found: str
) -> None:
    path = write_key(home, text)
    with pytest.raises(SettingsError, match=found):
        pseudonym_key(home)
    assert path.read_text("utf-8") == text


def test_a_short_key_file_is_refused_without_being_shown(home: Settings) -> None:
    write_key(home, "qwerty-123")
    with pytest.raises(SettingsError, match="fant en kortere") as raised:
        pseudonym_key(home)
    assert "qwerty" not in str(raised.value)


def test_another_key_than_the_lakes_stops_the_run_before_anything_is_read(home: Settings) -> None:
    first = write_key(home, LONG).read_bytes()
    extract(home)
    write_key(home, "y" * 32)
    (home.landing / "enheter.csv").write_text("enhet_id;navn\nA;B\n", "utf-8")
    with pytest.raises(SettingsError, match="fant en annen"):
        extract(home)
    assert (home.landing / "enheter.csv").exists()
    write_key(home, first.decode())
    assert extract(home).new == 1


def test_a_key_that_is_gone_is_not_made_anew_over_a_lake(home: Settings) -> None:
    pseudonym_key(home)
    extract(home)
    (home.config / "pseudonym.key").unlink()
    with pytest.raises(SettingsError, match="fant ingen"):
        pseudonym_key(home)
    assert not (home.config / "pseudonym.key").exists()


def test_an_empty_lake_takes_a_new_key(home: Settings) -> None:
    write_key(home, LONG)
    pseudonym_key(home)
    write_key(home, "y" * 32)
    assert pseudonym_key(home) == b"y" * 32


def test_a_lake_from_before_the_fingerprint_gets_one(home: Settings) -> None:
    write_key(home, LONG)
    extract(home)
    mark = home.lake.parent / "pseudonym.fingerprint"
    mark.unlink()
    pseudonym_key(home)
    assert mark.read_text("ascii").strip() == module.fingerprint(LONG.encode())


def test_the_key_is_in_its_own_file_and_nowhere_else(home: Settings) -> None:
    write_key(home, LONG)
    (home.landing / "kontoer.csv").write_text("konto;ansattnr\na@b.example;1\n", "utf-8")
    extract(home)
    assert files_with(home, LONG.encode()) == ["pseudonym.key"]
