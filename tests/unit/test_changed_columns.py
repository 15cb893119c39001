"""Registers, code lists and Enhetsregisteret when their columns change: never a silently empty one.

A column that is renamed, missing, added, moved or of another type gives an error or a note that
names it, or the very same rows. (Exports read by a mapping: test_tabular and test_mapping.)
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from pipelines.extracts.code_lists import is_code_list, read_code_list
from pipelines.extracts.contracts.columns import Column, Table
from pipelines.extracts.detect import shape_of
from pipelines.extracts.enhetsregisteret import is_enhetsregisteret, read_enhetsregisteret
from pipelines.extracts.registers import read_registers
from pipelines.extracts.tables import REGISTERS
from tests import samples

SHA = "c" * 64
KEY = b"k" * 32
_BY_TYPE = {
    "date": "02.05.2024",
    "integer": "12",
    "boolean": "ja",
    "money": "1 234,50",
    "quantity": "2,5",
    "price": "3,25",
    "rate": "101,53",
}
_NOT_A_VALUE = "§ ikke en verdi"
# What must be of a form although it is text.
_TEXTS = {
    "orgnr": "811111112",
    "currency": "SEK",
    "value": "811111112",
    "valid_to": "31.12.2024",
    "end_date": "31.12.2024",
    "closed_date": "31.12.2024",
    "value_to": "",
    "code_list": "CPV",
    "successor_orgnr": "923609016",
    "year": "2024",
    "discount_percent": "12,5",
    "activity": "02.05.2024",
}


class Found(NamedTuple):
    """What came of a file: its rows without the place they stood, errors and notes."""

    rows: list[dict[str, Any]]
    words: str
    is_refused: bool


def columns_of(table: Table) -> list[Column]:
    return [c for c in table.columns if c.name not in ("source_sha256", "source_row")]


def heading(column: Column) -> str:
    return column.aliases[0]


def value(column: Column) -> str:
    if column.values:
        return next(iter(column.values))
    return _TEXTS.get(column.name) or _BY_TYPE.get(column.type) or f"{column.name} 1"


def cells(table: Table) -> list[list[str]]:
    """Return the headings of a register and one row with a value in every column."""
    columns = [c for c in columns_of(table) if c.name != "value_to"]
    return [[heading(c) for c in columns], [value(c) for c in columns]]


def as_csv(rows: Iterable[list[str]]) -> bytes:
    return "".join(";".join(row) + "\n" for row in rows).encode()


def register(rows: Iterable[list[str]]) -> Found:
    data = as_csv(rows)
    result = read_registers(data, shape_of(data), SHA, "fil", 100_000, KEY)
    quarantined = sum(not r.is_whole_file for r in result.rejections)
    held = sum(frame.height for frame in result.tables.values())
    assert result.rows_in == held + result.rows_quarantined
    return Found(
        [row for frame in result.tables.values() for row in frame.drop("source_row").to_dicts()],
        "\n".join([*(f"{r.place}: {r.reason}" for r in result.rejections), *result.notes]),
        bool(result.rejections) and not quarantined,
    )


REGISTER_COLUMNS = [
    (name, column.name)
    for name, table in REGISTERS.items()
    for column in columns_of(table)
    if column.name != "value_to"
]
by_column = pytest.mark.parametrize(("name", "column"), REGISTER_COLUMNS)
by_register = pytest.mark.parametrize("name", REGISTERS)


def position(name: str, column: str) -> int:
    names = [c.name for c in columns_of(REGISTERS[name]) if c.name != "value_to"]
    return names.index(column)


@by_register
def test_a_full_row_of_a_register_leaves_no_column_empty(name: str) -> None:
    found = register(cells(REGISTERS[name]))
    assert found.words in ("", "tabellen: står ikke i filen og er tomme: «verdi_til»")
    (row,) = found.rows
    assert [n for n, v in row.items() if v is None and n != "value_to"] == []


@by_column
def test_a_renamed_column_of_a_register_is_named(name: str, column: str) -> None:
    rows = cells(REGISTERS[name])
    rows[0][position(name, column)] = "qxz felt"
    found = register(rows)
    assert "qxz" in found.words


# Shorter ones can't be told from another word.
LONG_HEADINGS = [
    (name, column)
    for name, column in REGISTER_COLUMNS
    if len(cells(REGISTERS[name])[0][position(name, column)]) >= 5
]


@pytest.mark.parametrize(("name", "column"), LONG_HEADINGS)
def test_a_slip_in_a_heading_of_a_register_is_named(name: str, column: str) -> None:
    rows = cells(REGISTERS[name])
    at = position(name, column)
    written = rows[0][at]
    rows[0][at] = written[:-2] + written[-1] + written[-2]
    found = register(rows)
    told = rows[0][at].rstrip("_") in found.words
    assert told or found.rows == register(cells(REGISTERS[name])).rows


@by_column
def test_a_missing_column_of_a_register_is_named_or_has_its_default(name: str, column: str) -> None:
    rows = cells(REGISTERS[name])
    at = position(name, column)
    wanted = next(c for c in columns_of(REGISTERS[name]) if c.name == column)
    shorter = [row[:at] + row[at + 1 :] for row in rows]
    found = register(shorter)
    if wanted.required:
        assert "mangler kolonnen" in found.words or "ikke lest" in found.words
    elif wanted.default is None:
        assert heading(wanted) in found.words
    else:
        assert found.rows[0][column] is not None
    others = ("delkontrakt_kategorier", "category_id")  # without it, it is the register of lots
    assert wanted.required == found.is_refused or (name, column) == others


@by_register
def test_an_added_column_of_a_register_is_named_and_changes_nothing(name: str) -> None:
    rows = cells(REGISTERS[name])
    wider = [["qxz felt", *rows[0]], ["noe", *rows[1]]]
    assert register(wider).rows == register(rows).rows
    assert "kolonnen «qxz_felt» er ikke lest" in register(wider).words


@by_register
def test_the_order_of_a_registers_columns_does_not_matter(name: str) -> None:
    rows = cells(REGISTERS[name])
    order = list(range(len(rows[0])))
    random.Random(name).shuffle(order)
    turned = register([[row[i] for i in order] for row in rows])
    assert turned.rows == register(rows).rows


TYPED = [
    (name, column.name)
    for name, table in REGISTERS.items()
    for column in columns_of(table)
    if column.type != "text" or column.values or column.name == "orgnr"
]


@pytest.mark.parametrize(("name", "column"), TYPED)
def test_a_value_of_another_type_is_quarantined_with_its_column(name: str, column: str) -> None:
    rows = cells(REGISTERS[name])
    rows[1][position(name, column)] = _NOT_A_VALUE
    found = register(rows)
    assert found.rows == []
    assert rows[0][position(name, column)] in found.words
    is_of_persons = any(c.pseudonym for c in REGISTERS[name].columns)
    assert is_of_persons == (_NOT_A_VALUE not in found.words)


@pytest.mark.parametrize("name", [n for n, t in REGISTERS.items() if len(cells(t)[0]) > 2])
def test_rows_above_the_headings_of_a_register_are_not_lost(name: str) -> None:
    headings, row = cells(REGISTERS[name])
    data = as_csv([row, headings, row])
    result = read_registers(data, "csv", SHA, "fil", 100_000)
    assert (result.rows_in, result.rows_quarantined) == (2, 1)
    assert "rad 1: raden står over overskriftene" in "".join(
        f"{r.place}: {r.reason}" for r in result.rejections
    )


def test_a_title_above_the_headings_is_no_row() -> None:
    found = register([["Rapport", "kjørt 2024"], [""], *cells(REGISTERS["enheter"])])
    assert (len(found.rows), found.words) == (1, "")


def test_what_is_wrong_with_one_register_of_a_file_is_no_refusal_of_the_file() -> None:
    text = "enheter:\n- enhet_id: a\n  navn: A\nukjent_register:\n- x: 1\n"
    result = read_registers(text.encode(), "yaml", SHA, "fil", 100_000)
    assert [r.is_whole_file for r in result.rejections] == [False]
    assert (result.rows_in, result.rows_quarantined) == (2, 1)


def test_long_garbage_for_headings_is_quoted_shortly() -> None:
    found = register([["x" * 5_000, "y" * 5_000], ["1", "2"]])
    assert found.is_refused and len(found.words) < 600


# --- code lists ---------------------------------------------------------------------------------

CODE_LISTS = {
    "kostra": samples.table(samples.KOSTRA),
    "accounts": samples.table("AccountID;DescriptionNOB;DescriptionENG\n10;Salg;Sales\n11;X;Y"),
    "tax codes": samples.table(
        "Code;DescriptionNOB;DescriptionENG;TaxRate;Compensation\n1;Inn;In;Regular;TRUE\n2;A;B;0;"
    ),
    "mergers": samples.table(
        "kommuner_2019;kommuner_2020;splittes\n0101 - Halden;3001 - Halden;FALSE\n"
        "0104 - Moss;3002 - Moss;FALSE"
    ),
}
by_list = pytest.mark.parametrize("name", CODE_LISTS)


def code_list(rows: Iterable[list[str]]) -> Found:
    """Read as the landing does: a file that no longer looks like a list is refused by name."""
    data = as_csv(rows)
    if not is_code_list(data):
        found = read_registers(data, "csv", SHA, "fil", 100_000)
        assert found.rejections and not found.tables
        reasons = "\n".join(r.reason for r in found.rejections)
        return Found([], reasons, is_refused=True)
    result = read_code_list(data, SHA, "fil")
    table = result.tables["code_list_entry"].drop("source_row")
    words = [*(f"{r.place}: {r.reason}" for r in result.rejections), *result.notes]
    return Found(table.to_dicts(), "\n".join(words), is_refused=False)


@by_list
def test_a_code_list_is_read(name: str) -> None:
    found = code_list(CODE_LISTS[name])
    assert len(found.rows) == len(CODE_LISTS[name]) - 1
    assert not found.is_refused


@pytest.mark.parametrize(
    ("name", "at"), [(name, at) for name, rows in CODE_LISTS.items() for at in range(len(rows[0]))]
)
@pytest.mark.parametrize("change", ["renamed", "missing"])
def test_a_changed_column_of_a_code_list_leaves_none_silently_empty(
    name: str, at: int, change: str
) -> None:
    rows = [list(row) for row in CODE_LISTS[name]]
    written = rows[0][at]
    if change == "renamed":
        rows[0][at] = "qxz"
    else:
        rows = [row[:at] + row[at + 1 :] for row in rows]
    found = code_list(rows)
    if found.is_refused:
        assert "fant overskriftene" in found.words
        return
    assert found.rows == [] or written.lower() in found.words.lower()
    assert change == "missing" or "ikke lest: «qxz»" in found.words


@by_list
def test_added_and_moved_columns_of_a_code_list_change_nothing(name: str) -> None:
    rows = CODE_LISTS[name]
    wider = [["qxz" if not n else "noe", *row] for n, row in enumerate(rows)]
    turned = [list(reversed(row)) for row in rows]
    assert code_list(wider).rows == code_list(rows).rows
    assert code_list(turned).rows == code_list(rows).rows


# --- Enhetsregisteret ---------------------------------------------------------------------------

ENTITIES = samples.table(
    "organisasjonsnummer;navn;organisasjonsform.kode;antallAnsatte;konkurs;stiftelsesdato;"
    "forretningsadresse.poststed;naeringskode1.kode;postadresse.poststed\n"
    "811111112;ÅSEN BYGG AS;AS;12;false;2010-02-03;OSLO;41.001;OSLO\n"
    "811111120;BØ FRUKT AS;AS;7;true;2011-03-04;BØ;46.310;BØ"
)
ENTITY_COLUMNS = range(len(ENTITIES[0]))


def entities(rows: Iterable[list[str]]) -> Found:
    data = as_csv(rows)
    if not is_enhetsregisteret(data):
        found = read_registers(data, "csv", SHA, "fil", 100_000)
        assert found.rejections and not found.tables
        return Found([], "\n".join(r.reason for r in found.rejections), is_refused=True)
    result = read_enhetsregisteret(data, SHA, b"key")
    table = result.tables["brreg_entity"].drop("source_row")
    words = [*(f"{r.place}: {r.reason}" for r in result.rejections), *result.notes]
    is_refused = any(r.is_whole_file for r in result.rejections)
    return Found(table.to_dicts(), "\n".join(words), is_refused)


@pytest.mark.parametrize("at", ENTITY_COLUMNS)
@pytest.mark.parametrize("change", ["renamed", "missing"])
def test_a_changed_column_of_enhetsregisteret_is_named(at: int, change: str) -> None:
    rows = [list(row) for row in ENTITIES]
    written = rows[0][at]
    if change == "renamed":
        rows[0][at] = "qxz"
    else:
        rows = [row[:at] + row[at + 1 :] for row in rows]
    found = entities(rows)
    assert written.lower() in found.words.lower() or "fant overskriftene" in found.words
    if at < 3:
        assert found.is_refused


def test_added_and_moved_columns_of_enhetsregisteret_change_nothing() -> None:
    wider = [["qxz" if not n else "noe", *row] for n, row in enumerate(ENTITIES)]
    turned = [list(reversed(row)) for row in ENTITIES]
    assert entities(wider).rows == entities(ENTITIES).rows
    assert entities(turned).rows == entities(ENTITIES).rows


@pytest.mark.parametrize("at", [0, 3, 4, 5])
def test_a_value_of_another_type_in_enhetsregisteret_is_rejected_with_its_column(at: int) -> None:
    rows = [list(row) for row in ENTITIES]
    rows[1][at] = _NOT_A_VALUE
    found = entities(rows)
    assert len(found.rows) == 1
    assert ENTITIES[0][at].lower() in found.words.lower()
    assert _NOT_A_VALUE.replace(" ", "") in found.words.replace(" ", "")
