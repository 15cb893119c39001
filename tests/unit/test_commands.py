"""What the commands around reading say: quarantine, mappings, templates, check."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import cli
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.settings import Settings
from tests.ubl import invoice, line

EXPORT = "Bilagsdato;Leverandør;Fakturanr;Beløp eks mva\n02.05.2024;Selger AS;F1;1 234,50\n"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(settings)
    return settings


def samkjop(home: Settings, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([*arguments, "--home", str(home.home)])
    return int(ended.value.code or 0)


def conflict(home: Settings) -> str:
    """Load two invoices of one number and return the SHA-256 of the one that waits."""
    (home.landing / "a.xml").write_bytes(invoice())
    extract(home)
    (home.landing / "b.xml").write_bytes(invoice("250.00", line(amount="250.00")))
    return next(sha for sha, name in extract(home).names.items() if name == "b.xml")


def test_a_conflict_is_listed_shown_and_decided(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    sha = conflict(home)
    assert samkjop(home, "quarantine", "list") == 0
    listed = capsys.readouterr().out
    assert f"{sha[:12]}  konflikt  b.xml" in listed
    assert "1 fil venter" in listed
    assert samkjop(home, "quarantine", "show", sha[:8]) == 0
    shown = capsys.readouterr().out
    assert "tax_exclusive_amount: «100.00» i den andre, «250.00» i denne" in shown
    assert samkjop(home, "quarantine", "accept", sha, "--reason", "nytt år, samme nummer") == 0
    assert "Kjør «samkjop run»" in capsys.readouterr().out
    samkjop(home, "quarantine", "list")
    assert capsys.readouterr().out == "0 filer venter; 1 avgjort («--all» viser dem)\n"
    samkjop(home, "quarantine", "list", "--all")
    assert "[godtatt]" in capsys.readouterr().out


def test_what_cannot_be_read_is_set_aside(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.landing / "rar.xml").write_bytes(b"<rar/>")
    (sha,) = extract(home).names
    assert samkjop(home, "quarantine", "show", sha) == 0
    assert str(home.quarantine) in capsys.readouterr().out
    assert samkjop(home, "quarantine", "accept", sha, "--reason", "x") == 2
    assert "Rett filen" in capsys.readouterr().err
    assert samkjop(home, "quarantine", "reject", sha, "--reason", "ikke vår") == 0
    assert "Tallene er som før" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("categories", "export", "a.xlsx", "--limit", "9" * 20),
            "--limit: forventet et helt tall",
        ),
        (("categories", "export", "a.xlsx", "--limit", "9" * 5000), "fant «" + "9" * 40 + "»"),
        (("categories", "export", "a.xlsx", "--limit", "0"), "fra 1 til 1000000, fant «0»"),
        (("explain", "mart_loyalty", "--limit", "1.5"), "forventet et helt tall"),
        (("calendar", "--out", "a.ics", "--days", "36501"), "fra 0 til 36500, fant «36501»"),
        (("calendar", "--out", "a.ics", "--days", "-1"), "fra 0 til 36500, fant «-1»"),
        (("calendar", "--out", "a.txt"), "slutter på .ics, fant «a.txt»"),
    ],
)
def test_an_option_that_cant_be_meant_is_one_sentence(
    home: Settings, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert samkjop(home, *arguments) == 2
    said = capsys.readouterr().err
    assert told in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("show", "zz"), ("accept", "zz", "--reason", "x")])
def test_an_unknown_file_is_one_sentence(
    home: Settings, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert samkjop(home, "quarantine", *arguments) == 2
    assert "«samkjop quarantine list» viser dem" in capsys.readouterr().err


def test_an_empty_quarantine_says_so(home: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert samkjop(home, "quarantine", "list") == 0
    assert capsys.readouterr().out == "karantenen er tom\n"


def test_a_drafted_mapping_reads_the_file_it_was_drafted_from(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "eksport.csv"
    file.write_text(EXPORT.replace("Beløp", "Sum rart"), "utf-8")
    assert samkjop(home, "check", str(file)) == 3
    assert "samkjop mapping suggest" in capsys.readouterr().out
    draft = home.config / "mappings" / "eksport.yaml"
    assert samkjop(home, "mapping", "suggest", str(file), "--out", str(draft)) == 0
    capsys.readouterr()
    assert samkjop(home, "check", str(file)) == 0
    assert "regnskap eller reskontro, 1 av 1 rader godtas, 1234.50 NOK" in capsys.readouterr().out
    assert samkjop(home, "mapping", "suggest", str(file), "--out", str(draft)) == 2
    assert "finnes alt" in capsys.readouterr().err


def test_a_broken_mapping_stops_before_anything_is_read(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home.config / "mappings"
    folder.mkdir(exist_ok=True)
    (folder / "feil.yaml").write_text("name: x\ntable: ledger_line\nkolonner: {}\n", "utf-8")
    (home.landing / "a.xml").write_bytes(invoice())
    assert samkjop(home, "mapping", "check") == 2
    assert "feil.yaml, linje 1: mangler «columns:»" in capsys.readouterr().err
    assert samkjop(home, "check", str(home.landing)) == 2


def test_templates_are_written_once(
    home: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "registre"
    assert samkjop(home, "templates", str(folder)) == 0
    assert f"skrevet: {folder / 'avtaler.xlsx'}" in capsys.readouterr().out
    assert samkjop(home, "templates", str(folder)) == 2
    assert "ingenting er skrevet" in capsys.readouterr().err
