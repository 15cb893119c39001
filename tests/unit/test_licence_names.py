"""Names joined back to a list of account keys: from the archive, for one reader, and logged."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from pipelines.errors import SettingsError, UsageError
from pipelines.extracts.pseudonyms import account_key
from pipelines.lake.access_log import LOG
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.licences.commands import names
from pipelines.licences.names import join_names
from pipelines.settings import Settings
from tests import samples

GUID = "18181a46-0d4e-45cd-891e-60aabd171b4e"
KARI, OLA, EVA, NOBODY = (
    f"{name}@nordby.example" for name in ("Kari.Berg", "ola.dahl", "eva.lund", "ingen")
)


def user(login: str, name: str) -> dict[str, Any]:
    return {
        "id": f"id-{login}",
        "userPrincipalName": login,
        "displayName": name,
        "accountEnabled": True,
        "userType": "Member",
        "assignedLicenses": [{"skuId": GUID, "disabledPlans": []}],
    }


def key(login: str) -> str:
    found = account_key(login, samples.KEY)
    assert found is not None
    return found


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(settings)
    samples.write_key(settings.config)
    return settings


def drop(home: Settings, files: dict[str, str]) -> None:
    for name, text in files.items():
        (home.landing / name).write_text(text, "utf-8")
    extract(home)
    assert list(home.landing.iterdir()) == []


@pytest.fixture
def filled(home: Settings) -> Settings:
    users = {"value": [user(KARI, "Kari Berg"), user("annen@nordby.example", "Annen")]}
    drop(
        home,
        {
            "users_2024-12-31.json": json.dumps(users),
            "kontoer_2024-12-31.csv": f"konto;ansattnr;navn\n{OLA};100533;Ola Dahl\n{KARI};1;\n",
            "adobe_2024-12-31.csv": f"Email,Product,Last used\n{EVA},ACROBAT-PRO,2024-12-02\n",
        },
    )
    return home


def list_of(path: Path, keys: list[str]) -> Path:
    """Write a list as `samkjop licences list` does: a warning, then the headings."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("tiltak")
        sheet.write_string(0, 0, "Internt")
        sheet.write_row(1, 0, ["Enhet", "Konto", "Navn", "Pålogging", "Dato"])
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for row, one in enumerate(keys, 2):
            sheet.write_string(row, 0, "Nord skole")
            sheet.write_string(row, 1, one)
            sheet.write_number(row, 4, 45658, day)  # 2025-01-01
        seats = book.add_worksheet("plasser")
        seats.write_row(0, 0, ["Produkt", "Antall", "Spart"])
        seats.write_row(1, 0, ["E3", 12, 1234.5])
    return path


def cells(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_a_copy_has_names_and_sign_in_names_and_all_else_as_it_was(
    filled: Settings, tmp_path: Path
) -> None:
    source = list_of(tmp_path / "liste.xlsx", [key(KARI), key(OLA), key(EVA), key(NOBODY)])
    before = source.read_bytes()
    joined = join_names(filled, source, tmp_path / "navn.xlsx")
    assert (joined.rows, joined.found, joined.not_found, joined.unread) == (4, 3, 1, [])
    rows = cells(tmp_path / "navn.xlsx", "tiltak")
    assert rows[0][0] == "Internt"
    assert [row[1:4] for row in rows[2:]] == [
        (key(KARI), "Kari Berg", KARI),
        (key(OLA), "Ola Dahl", OLA),
        (key(EVA), None, EVA),
        (key(NOBODY), None, None),
    ]
    assert {row[4].isoformat() for row in rows[2:]} == {"2025-01-01T00:00:00"}
    assert cells(tmp_path / "navn.xlsx", "plasser") == [
        ("Produkt", "Antall", "Spart"),
        ("E3", 12, 1234.5),
    ]
    assert source.read_bytes() == before


def test_only_its_owner_can_read_the_copy(filled: Settings, tmp_path: Path) -> None:
    source = list_of(tmp_path / "liste.xlsx", [key(KARI)])
    join_names(filled, source, tmp_path / "navn.xlsx")
    assert stat.S_IMODE((tmp_path / "navn.xlsx").stat().st_mode) == 0o600


def test_the_use_is_logged_without_names(filled: Settings, tmp_path: Path) -> None:
    source = list_of(tmp_path / "liste.xlsx", [key(KARI), key(KARI), key(NOBODY)])
    join_names(filled, source, tmp_path / "navn.xlsx")
    text = (filled.home / LOG).read_text("utf-8")
    entry = json.loads(text)
    assert {n: entry[n] for n in ("command", "list", "rows", "accounts")} == {
        "command": "licences names",
        "list": "liste.xlsx",
        "rows": 3,
        "accounts": 1,
    }
    assert {"at", "user", "list_sha256"} <= entry.keys()
    assert "berg" not in text.lower()
    assert stat.S_IMODE((filled.home / LOG).stat().st_mode) == 0o600


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_gets_its_missing_columns_at_the_end(
    filled: Settings, tmp_path: Path, delimiter: str
) -> None:
    source = tmp_path / "liste.csv"
    lines = ["Enhet|Konto|Antall", f"Nord|{key(OLA).upper()}|-3", "Sør||1", f"Sør|{key(NOBODY)}"]
    source.write_text("\n".join(lines).replace("|", delimiter) + "\n", "utf-8")
    join_names(filled, source, tmp_path / "navn.csv")
    text = (tmp_path / "navn.csv").read_text("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=delimiter)) == [
        ["Enhet", "Konto", "Antall", "Navn", "Pålogging"],
        ["Nord", key(OLA).upper(), "-3", "Ola Dahl", OLA],
        ["Sør", "", "1", "", ""],
        ["Sør", key(NOBODY), "", "", ""],
    ]


def test_a_name_that_is_a_formula_stays_text(home: Settings, tmp_path: Path) -> None:
    drop(home, {"kontoer_2024-12-31.csv": f"konto;kontotype;navn\n{OLA};bruker;=1+1\n"})
    source = list_of(tmp_path / "liste.xlsx", [key(OLA)])
    join_names(home, source, tmp_path / "navn.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "navn.xlsx")["tiltak"]["C3"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")
    (tmp_path / "l.csv").write_text(f"Konto\n{key(OLA)}\n", "utf-8")
    join_names(home, tmp_path / "l.csv", tmp_path / "n.csv")
    assert "'=1+1" in (tmp_path / "n.csv").read_text("utf-8-sig")


def test_the_newest_file_has_the_name_that_counts(home: Settings, tmp_path: Path) -> None:
    head = "konto;kontotype;navn\n"
    drop(home, {"kontoer_2024-12-31.csv": f"{head}{OLA};;Ola Ny\n{KARI};;\n"})
    drop(home, {"kontoer_2024-01-31.csv": f"{head}{OLA};;Ola Gammel\n{KARI};;Kari Berg\n"})
    source = list_of(tmp_path / "liste.xlsx", [key(OLA), key(KARI)])
    join_names(home, source, tmp_path / "navn.xlsx")
    found = [row[2] for row in cells(tmp_path / "navn.xlsx", "tiltak")[2:]]
    assert found == ["Ola Ny", "Kari Berg"]


def test_an_original_that_is_gone_is_told_and_the_rest_is_joined(
    filled: Settings, tmp_path: Path
) -> None:
    for path in filled.archive.iterdir():
        if b"Kari Berg" in path.read_bytes():
            path.unlink()
    source = list_of(tmp_path / "liste.xlsx", [key(KARI), key(OLA)])
    lines, status = names(filled, source, tmp_path / "navn.xlsx")
    assert status == 0
    assert "users_2024-12-31.json: kan ikke leses fra arkivet" in lines[0]
    assert "2 rader. Fant 2 kontoer, fant ikke 0" in lines[1]
    assert [row[2:4] for row in cells(tmp_path / "navn.xlsx", "tiltak")[2:]] == [
        (None, KARI),  # the register has the sign-in name
        ("Ola Dahl", OLA),
    ]


def test_the_list_itself_and_other_files_are_never_overwritten(
    filled: Settings, tmp_path: Path
) -> None:
    source = list_of(tmp_path / "liste.xlsx", [key(KARI)])
    before = source.read_bytes()
    (tmp_path / "lenke.xlsx").hardlink_to(source)
    for target in (source, tmp_path / "lenke.xlsx"):
        with pytest.raises(UsageError, match="er listen selv"):
            join_names(filled, source, target)
    (tmp_path / "annen.xlsx").write_bytes(b"x")
    with pytest.raises(UsageError, match="finnes alt"):
        join_names(filled, source, tmp_path / "annen.xlsx")
    assert (source.read_bytes(), (tmp_path / "annen.xlsx").read_bytes()) == (before, b"x")
    assert not (filled.home / LOG).exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("l.csv", b"Enhet;Bruker\nA;B\n", "forventet en overskrift «Konto»"),
        ("l.txt", b"Konto\n", "forventet en .xlsx- eller .csv-fil"),
        ("l.xlsx", b"ikke et regneark", "arbeidsboken er ødelagt"),
    ],
)
def test_a_list_that_is_none_is_told(
    filled: Settings, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=words):
        join_names(filled, tmp_path / name, tmp_path / f"ut{Path(name).suffix}")
    with pytest.raises(UsageError, match="kan ikke leses"):
        join_names(filled, tmp_path / "mangler.csv", tmp_path / "ut.csv")


def test_another_key_finds_nothing_and_is_refused(filled: Settings, tmp_path: Path) -> None:
    source = list_of(tmp_path / "liste.xlsx", [key(KARI)])
    (filled.config / "pseudonym.key").write_bytes(b"z" * 40)
    with pytest.raises(SettingsError, match="fant en annen"):
        join_names(filled, source, tmp_path / "navn.xlsx")
    assert not (tmp_path / "navn.xlsx").exists()


def test_a_withdrawn_file_gives_no_names(filled: Settings, tmp_path: Path) -> None:
    from pipelines.lake.manifests import load_known, withdraw

    for sha256, name in load_known(filled).names.items():
        if not name.startswith("adobe"):
            withdraw(filled, sha256, "feil")
    source = list_of(tmp_path / "liste.xlsx", [key(KARI), key(EVA)])
    assert join_names(filled, source, tmp_path / "navn.xlsx").found == 1
