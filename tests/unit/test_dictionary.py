"""The generated pages: the data dictionary, and a guide whose every example can be read."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from pipelines.extracts.contracts.columns import POLARS_TYPES, Column
from pipelines.extracts.detect import shape_of
from pipelines.extracts.registers import RegisterResult, read_registers
from pipelines.extracts.tables import REGISTERS, TABLES
from pipelines.reporting import dictionary
from pipelines.reporting.dictionary import data_dictionary, main
from pipelines.reporting.register_guide import (
    TYPE_WORDS,
    allowed_values,
    heading,
    load_texts,
    register_guide,
)

MANIFEST: dict[str, Any] = {
    "nodes": {
        "model.samkjop.mart_b": {
            "name": "mart_b",
            "resource_type": "model",
            "original_file_path": "models/marts/spend/mart_b.sql",
            "description": "Én rad per\når.",
            "config": {"meta": {"key": ["year"]}},
            "columns": {
                "year": {"name": "year", "data_type": "integer", "description": "Året | et tall"}
            },
        },
        "model.samkjop.stg_a": {
            "name": "stg_a",
            "resource_type": "model",
            "original_file_path": "models/staging/stg_a.sql",
            "description": "",
            "config": {},
            "columns": {},
        },
    }
}
KEY = b"k" * 32
TEXTS = load_texts()
DESCRIBED = [name for name in REGISTERS if name in TEXTS.registers]


def read(text: str) -> RegisterResult:
    data = text.encode()
    return read_registers(data, shape_of(data), "f" * 64, "eksempel", 1_000_000, KEY)


def section(page: str, name: str) -> str:
    return page.split(f"\n### {name}\n", 1)[1].split("\n### ", 1)[0]


# --- the data dictionary ------------------------------------------------------------------------


def test_the_dictionary_has_published_tables_and_the_lakes() -> None:
    text = data_dictionary(MANIFEST)
    assert "### mart_b\n\nÉn rad per år.\n\nNøkkel: `year`" in text
    assert "| `year` | integer | Året \\| et tall |" in text
    assert "stg_a" not in text
    assert all(f"\n### {name}\n" in text for name in TABLES)


def test_a_lake_column_has_its_type_class_and_meaning_in_norwegian() -> None:
    document = section(data_dictionary(MANIFEST), "ehf_document")
    assert "| `issue_date` | dato | ja | intern | cbc:IssueDate, fakturadato |" in document
    assert "| `seller_contact_name` | tekst |  | personopplysning |" in document


def test_a_register_in_the_lake_has_the_values_that_stand_there_and_leads_to_the_guide() -> None:
    lot = section(data_dictionary(MANIFEST), "reg_agreement_lot")
    assert "Registeret [delkontrakter](registre.md#delkontrakter)." in lot
    assert "velges ved avrop: `parallel`, `ranked`, `single` |" in lot


def test_every_type_has_its_words_and_says_how_it_is_stored() -> None:
    assert TYPE_WORDS.keys() == POLARS_TYPES.keys()
    assert "| beløp | decimal(18,2) |\n" in data_dictionary(MANIFEST)
    assert "| ja/nei | boolean |\n" in data_dictionary(MANIFEST)


def test_every_grain_says_what_a_row_is() -> None:
    grains = [table.grain for table in TABLES.values() if table.name.startswith(("ehf_", "reg_"))]
    assert [grain for grain in grains if not grain.startswith("Én rad per ")] == []


# --- writing and checking -----------------------------------------------------------------------


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docs/ of its own, and a manifest, as the project's."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST), "utf-8")
    monkeypatch.setattr(dictionary, "DOCS", tmp_path)
    monkeypatch.setattr(dictionary, "manifest_path", lambda: manifest)
    return tmp_path


def test_both_pages_are_written_from_the_projects_manifest_where_none_is_named(docs: Path) -> None:
    assert main([]) == 0
    assert (docs / "data-dictionary.md").read_text("utf-8") == data_dictionary(MANIFEST)
    assert (docs / "registre.md").read_text("utf-8") == register_guide()
    assert main(["--check"]) == 0


@pytest.mark.parametrize(
    ("stale", "sentence"),
    [
        (["data-dictionary.md"], "docs/data-dictionary.md is out of date: run make docs\n"),
        (["rules.md"], "docs/rules.md is out of date: run make docs\n"),
        (["registre.md"], "docs/registre.md is out of date: run make docs\n"),
        (
            ["data-dictionary.md", "registre.md"],
            "docs/data-dictionary.md and docs/registre.md are out of date: run make docs\n",
        ),
    ],
)
def test_a_page_that_is_out_of_date_is_named_and_not_touched(
    docs: Path, stale: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([])
    for name in stale:
        (docs / name).write_text("gammelt", "utf-8")
    assert main(["--check"]) == 1
    assert capsys.readouterr().err == sentence
    assert all((docs / name).read_text("utf-8") == "gammelt" for name in stale)


def test_a_page_that_is_absent_is_out_of_date(docs: Path) -> None:
    assert main(["--check", str(docs / "manifest.json")]) == 1


def test_a_manifest_that_is_not_there_is_wrong_use(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(docs / "nei.json")])
    assert stopped.value.code == 2
    assert "nei.json" in capsys.readouterr().err


# --- the guide to registers ---------------------------------------------------------------------


def test_the_guide_describes_every_register_and_no_other() -> None:
    assert TEXTS.registers.keys() == REGISTERS.keys()


def test_a_register_without_words_stops_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTERS, "nytt_register", REGISTERS["enheter"])
    with pytest.raises(ValueError, match="nytt_register"):
        register_guide()


@pytest.mark.parametrize("name", DESCRIBED)
def test_an_example_is_read_as_its_register_with_every_row(name: str) -> None:
    example = TEXTS.registers[name].example
    result = read(example)
    assert result.rejections == []
    assert all("står ikke i filen og er tomme" in note for note in result.notes)
    assert list(result.tables) == [REGISTERS[name].name]
    assert result.tables[REGISTERS[name].name].height == example.count("\n") - 1


@pytest.mark.parametrize("name", DESCRIBED)
def test_an_example_uses_the_headings_that_the_table_shows_first(name: str) -> None:
    shown = [heading(column) for column in REGISTERS[name].columns]
    written = next(csv.reader(io.StringIO(TEXTS.registers[name].example), delimiter=";"))
    assert [column for column in written if column not in shown] == []


def test_the_yaml_example_is_read_with_every_record_and_its_date() -> None:
    result = read(TEXTS.yaml_example)
    assert result.rejections == []
    assert all("står ikke i filen og er tomme" in note for note in result.notes)
    records = {k: v for k, v in yaml.safe_load(TEXTS.yaml_example).items() if k != "gyldig_per"}
    heights = {REGISTERS[name].name: len(rows) for name, rows in records.items()}
    assert {name: frame.height for name, frame in result.tables.items()} == heights
    assert result.effective_date == date(2024, 12, 31)


EXAMPLES = {
    name: read(TEXTS.registers[name].example).tables[REGISTERS[name].name] for name in DESCRIBED
}
REFERENCES = [
    (name, owner, key)
    for owner, key in (
        ("enheter", ["unit_id"]),
        ("kategorier", ["category_id"]),
        ("avtaler", ["agreement_id"]),
        ("delkontrakter", ["agreement_id", "lot"]),
    )
    for name, frame in EXAMPLES.items()
    if name != owner and set(key) <= set(frame.columns)
]


@pytest.mark.parametrize(("name", "owner", "key"), REFERENCES)
def test_what_an_example_refers_to_stands_in_another(name: str, owner: str, key: list[str]) -> None:
    referring = EXAMPLES[name].filter(pl.col(key[-1]) != "*")
    assert referring.join(EXAMPLES[owner], on=key, how="anti", nulls_equal=True).rows() == []


def test_a_table_of_the_guide_says_all_of_a_column() -> None:
    lots = section(register_guide(), "delkontrakter")
    assert (
        "| `avropsform` |  | `parallell`, `rangert`, `enkelt` "
        "| Hvordan leverandør velges ved avrop | `parallell` | `rangering` |\n" in lots
    )
    assert (
        "| `delkontrakt` | ja | tekst | Delkontrakt eller sone: nummer eller navn |  "
        "| `sone`, `lott` |\n" in lots
    )
    assert "To rader kan ikke ha samme `avtale_id`, `delkontrakt`." in lots
    assert "source_sha256" not in register_guide().split("## Registrene", 1)[1]


def test_two_spellings_of_one_value_stand_together() -> None:
    column = Column("x", "text", "X", values={"eksakt": "e", "område": "r", "omrade": "r"})
    assert allowed_values(column) == "`eksakt`, `område` eller `omrade`"


def test_the_guide_explains_what_all_units_means() -> None:
    assert "`*` i `enhet_id` er alle enheter" in section(register_guide(), "delkontrakt_enheter")


@pytest.mark.parametrize("name", ["identifier_type", "match_type"])
def test_the_guide_explains_every_sign_of_a_unit_and_how_it_is_compared(name: str) -> None:
    notes = TEXTS.registers["enhetskjennetegn"].notes
    values = next(c for c in REGISTERS["enhetskjennetegn"].columns if c.name == name).values
    explained = {meant for written, meant in values.items() if f"\n| `{written}` | " in notes}
    assert explained == set(values.values())


def test_links_within_the_guide_lead_somewhere() -> None:
    guide = register_guide()
    titles = [line.lstrip("# ") for line in guide.splitlines() if line.startswith("#")]
    anchors = {title.lower().replace(" ", "-") for title in titles}
    targets = {part.split(")", 1)[0] for part in guide.split("](#")[1:]}
    assert targets - anchors == set()
