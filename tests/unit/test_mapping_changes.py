"""Every shipped mapping against an export that has changed: a named error or the same rows.

For each mapping a small table is generated from its own headings; then a column is renamed, taken
away, added, moved, or has another type. Never may a column silently become empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl
import pytest

from pipelines.extracts.mapped import TabularResult, fits, read_mapped, read_table
from pipelines.extracts.mapping import Mapping, Rule, load_mappings

SHA = "e" * 64
# Not those with a heading that stands twice («…#1») or with several amount columns: the generated
# table has neither; the published files themselves are tried in tests/real_files.
SHIPPED = [
    mapping
    for mapping in load_mappings()
    if not mapping.amounts and not any("#" in heading for heading in mapping.headings)
]
# The many of published ledgers are alike: one of them is tried column by column.
BY_COLUMN = [m for m in SHIPPED if "publisert" not in m.name or m.name.startswith("Leeds")]
_SAMPLES = {
    "money": ("1250,50", "-250,50", "99,00"),
    "quantity": ("3", "4", "5"),
    "price": ("10,50", "20,00", "7,25"),
    "rate": ("10", "0", "5"),
    "integer": ("2024", "2024", "2024"),
}


def headings_of(rule: Rule) -> list[str]:
    """Return the headings under which a rule's columns stand in the generated table."""
    if rule.kind == "source":
        return [rule.headings[0]]
    if rule.kind == "debit_credit":
        return [rule.headings[0], rule.credit[0]]
    return list(rule.headings)


@dataclass
class Export:
    """A generated table: headings, and rows of as many cells."""

    headings: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, mapping: Mapping) -> Export:
        """Make a table with every column of a mapping filled in each of three rows."""
        types = {column.name: column.type for column in mapping.table.columns}
        cells: dict[str, list[str]] = {}
        for name, rule in mapping.columns.items():
            for number, heading in enumerate(headings_of(rule)):
                if heading not in cells:
                    cells[heading] = cls._cells(name, types[name], rule, mapping, number)
        return cls(list(cells), [list(row) for row in zip(*cells.values(), strict=True)])

    @staticmethod
    def _cells(name: str, kind: str, rule: Rule, mapping: Mapping, number: int) -> list[str]:
        if rule.kind == "debit_credit":
            return [["100,00", "", "30,00"], ["", "40,00", ""]][number]
        if kind == "date":
            form = (rule.dates or mapping.dates or ("%Y-%m-%d",))[0]
            return [form.replace("%Y", "2024").replace("%m", "03").replace("%d", day)
                    for day in ("05", "06", "07")]  # fmt: skip
        return list(_SAMPLES.get(kind, tuple(f"{name} {n}" for n in "abc")))

    def without(self, heading: str) -> Export:
        """Return the table without a column."""
        at = self.headings.index(heading)
        rows = [row[:at] + row[at + 1 :] for row in self.rows]
        return Export(self.headings[:at] + self.headings[at + 1 :], rows)

    def renamed(self, heading: str, name: str) -> Export:
        """Return the table with a column under another name."""
        return Export([name if h == heading else h for h in self.headings], self.rows)

    def read(self, mapping: Mapping) -> TabularResult:
        """Read the table, and check that rows and money are all accounted for."""
        result = read_mapped(self.bytes(), SHA, mapping, b"key")
        facts = result.facts
        assert facts.rows_in == facts.rows_accepted + facts.rows_quarantined + facts.rows_left_out
        return result

    def bytes(self) -> bytes:
        """Return the table as a semicolon-separated file."""
        return "\n".join(";".join(row) for row in [self.headings, *self.rows]).encode()


COLUMNS = [
    (mapping, name, f"{mapping.table.name}-{number}-{name}")
    for number, mapping in enumerate(BY_COLUMN)
    for name in mapping.columns
]
CASES = [pytest.param(mapping, name, id=label) for mapping, name, label in COLUMNS]
ALIASED = [
    pytest.param(mapping, name, id=label)
    for mapping, name, label in COLUMNS
    if mapping.columns[name].kind == "source" and len(mapping.columns[name].headings) > 1
]
TYPED = [
    pytest.param(mapping, name, id=label)
    for mapping, name, label in COLUMNS
    if mapping.table.schema()[name] != pl.String
]
MAPPINGS = pytest.mark.parametrize("mapping", SHIPPED, ids=lambda mapping: mapping.name)


def table_of(result: TabularResult, mapping: Mapping) -> pl.DataFrame:
    return result.tables[mapping.table.name]


@MAPPINGS
def test_the_generated_export_is_read_whole_and_no_mapped_column_is_empty(mapping: Mapping) -> None:
    result = Export.of(mapping).read(mapping)
    assert (result.facts.rows_accepted, result.rejections) == (3, [])
    table = table_of(result, mapping)
    kept = {"entity_orgnr", "supplier_orgnr"}  # what is no such number is kept in another column
    assert [n for n in mapping.columns if table[n].null_count() == 3 and n not in kept] == []
    if "amount" in mapping.columns:
        is_pair = mapping.columns["amount"].kind == "debit_credit"
        expected = Decimal("90.00") if is_pair else Decimal("1099.00")
        assert table["amount"].sum() == expected


@MAPPINGS
def test_added_columns_change_nothing_and_are_told_of(mapping: Mapping) -> None:
    export = Export.of(mapping)
    before = table_of(export.read(mapping), mapping)
    wider = Export(
        ["Nytt felt", *export.headings, "Enda et"],
        [["x", *row, "y"] for row in export.rows],
    )
    result = wider.read(mapping)
    assert table_of(result, mapping).equals(before)
    assert any("«Nytt felt», «Enda et»" in note for note in result.notes)


@MAPPINGS
def test_the_columns_order_changes_nothing(mapping: Mapping) -> None:
    export = Export.of(mapping)
    before = table_of(export.read(mapping), mapping)
    turned = Export(export.headings[::-1], [row[::-1] for row in export.rows])
    assert table_of(turned.read(mapping), mapping).equals(before)


@pytest.mark.parametrize(("mapping", "name"), CASES)
def test_a_missing_or_renamed_column_is_an_error_or_a_note_that_names_it(
    mapping: Mapping, name: str
) -> None:
    rule = mapping.columns[name]
    export = Export.of(mapping)
    before = table_of(export.read(mapping), mapping)
    for heading in headings_of(rule):
        for changed in (export.without(heading), export.renamed(heading, "Qwerty 7")):
            result = changed.read(mapping)
            if not rule.is_optional:
                assert result.tables == {}
                assert f"«{heading}»" in result.rejections[0].reason
                continue
            assert any(
                "står ikke i eksporten" in note and f"«{heading}»" in note for note in result.notes
            )
            others = [c for c in before.columns if c in mapping.columns and c != name]
            others = [c for c in others if heading not in headings_of(mapping.columns[c])]
            assert table_of(result, mapping)["source_row"].to_list() == [2, 3, 4]
            measured = [c for c in others if c in ("amount", "quantity", "price")]
            assert table_of(result, mapping).select(measured).equals(before.select(measured))


@pytest.mark.parametrize(("mapping", "name"), ALIASED)
def test_every_declared_alias_gives_the_same_rows(mapping: Mapping, name: str) -> None:
    rule = mapping.columns[name]
    export = Export.of(mapping)
    before = table_of(export.read(mapping), mapping)
    elsewhere = {h for n, other in mapping.columns.items() if n != name for h in other.headings}
    for alias in rule.headings[1:]:
        if alias not in elsewhere:
            result = export.renamed(rule.headings[0], alias).read(mapping)
            assert table_of(result, mapping).equals(before), alias


@pytest.mark.parametrize(("mapping", "name"), TYPED)
def test_a_changed_type_is_quarantined_row_by_row_under_the_columns_name(
    mapping: Mapping, name: str
) -> None:
    export = Export.of(mapping)
    heading = headings_of(mapping.columns[name])[0]
    at = export.headings.index(heading)
    rows = [[*row[:at], "ikke oppgitt", *row[at + 1 :]] for row in export.rows]
    result = Export(export.headings, rows).read(mapping)
    assert result.tables == {}
    assert len(result.rejections) == result.facts.rows_quarantined == 3
    assert all(f"«{heading}»" in r.reason for r in result.rejections)
    assert all("fant «ikke oppgitt»" in r.reason for r in result.rejections)


@MAPPINGS
def test_one_parse_gives_what_choosing_and_reading_give(mapping: Mapping) -> None:
    data = Export.of(mapping).bytes()
    chosen, result = read_table(data, SHA, SHIPPED, b"key")
    assert chosen is not None and chosen == fits(data, SHIPPED)
    alone = read_mapped(data, SHA, chosen, b"key")
    assert result.facts == alone.facts
    assert table_of(result, chosen).equals(table_of(alone, chosen))


def test_a_table_that_no_mapping_fits_says_what_the_nearest_lacks() -> None:
    data = b"Leverandornr;Navn;Fakturanr;Belop eks. mva\n1;A AS;7;10,00\n"
    chosen, result = read_table(data, SHA, SHIPPED, b"key")
    assert chosen is None and result.tables == {}
    reason = result.rejections[0].reason
    assert "ingen mapping passer" in reason and "mapping suggest" in reason
    assert "mangler kolonnen" in reason and "«Fakturanr»" in reason


def test_a_file_that_is_no_table_says_so_without_a_mapping() -> None:
    chosen, result = read_table(b"", SHA, SHIPPED, b"key")
    assert chosen is None
    assert [r.reason for r in result.rejections] == ["filen er tom"]
