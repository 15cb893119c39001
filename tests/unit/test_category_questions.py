"""Questions in Excel and the answers back: what a person sees and may get wrong."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines.categories import answers, commands, questions
from pipelines.categories.sheet import HEADINGS, INTERNAL, category_key
from pipelines.errors import UsageError
from pipelines.extracts.detect import shape_of
from pipelines.extracts.registers import date_in_name, read_registers
from pipelines.extracts.tables import TABLES
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.settings import Settings

KNOWN = [("K1", "Stoler"), ("K2", "Bord"), ("K3", '=HYPERLINK("http://x")')]
DAY = dt.date(2025, 1, 15)
FIRST = 4  # the sheet's first question
HOSTILE = ("=1+1", "+A1", "-2", "@SUM(A1)", "http://x.no", "  BLÅ STOL Ø  ", "12")
Row = tuple[Any, ...]


def question(text: str | None, supplier: str = "NO1", account: str | None = None) -> Row:
    key = category_key(text, supplier, account)
    money = Decimal("1234.50")
    day = dt.date(2024, 5, 2)
    return ("K2", "Bord", 0.7, "Seljer", text, account, None, money, 3, "F1", day, supplier, key)


def written(path: Path, rows: list[Row], given: dict[int, str]) -> Path:
    """Write a workbook of questions, answered in these places (from 0)."""
    path.write_bytes(questions.workbook(rows, KNOWN))
    book = openpyxl.load_workbook(path)
    for place, answer in given.items():
        book.worksheets[0].cell(FIRST + place, 1).value = answer
        book.worksheets[0].cell(FIRST + place, 1).data_type = "s"
    book.save(path)
    return path


def changed(path: Path, place: int, heading: str, value: str | None) -> Path:
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(FIRST + place, HEADINGS.index(heading) + 1).value = value
    book.save(path)
    return path


def read(path: Path) -> answers.Answers:
    return answers.read_answers(path, KNOWN, 1_000_000)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "hjem", settle_seconds=0)
    make_home(settings)
    return settings


@pytest.fixture
def published(home: Settings) -> Settings:
    """A home whose snapshot has three questions, one of them with a suggestion that counts."""
    folder = home.published / "S1" / "internal"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "samkjop.duckdb")) as connection:
        connection.execute("""
            create table dim_category as select * from (values
                ('unknown', 'Ukjent'), ('K1', 'Stoler'), ('K2', 'Bord')) as t(category_id, name);
            create table dim_supplier as select 'NO1' as supplier_id, 'Seljer' as name;
            create table fct_spend_line as select 'a' as spend_line_id, 'F1' as document_number,
                date '2024-05-02' as issue_date, null::date as posting_date,
                'NO1' as supplier_id, '=1+1' as item_text, '6540' as account,
                '120' as kostra_art, 'K2' as category_id, 900.00::decimal(18,2) as spend_nok;
            create table mart_category_suggestion as
            select
                md5(coalesce(item_text, '') || chr(10) || supplier_id || chr(10)) as category_key,
                null::varchar as account, null::varchar as kostra_art, *
            from (values
                (1, '=1+1', 'NO1', 900.00::decimal(18,2), 2, 'a', 'K2', 'Bord', 0.7::double, false),
                (2, 'TELLER', 'NO1', 800.00, 1, 'a', 'K2', 'Bord', 0.99, true),
                (3, null, 'NO2', 0.10, 1, 'b', null, null, null, false)
            ) as t(spend_rank, item_text, supplier_id, spend_nok, line_count, example_line_id,
                suggested_category_id, suggested_category_name, confidence, is_accepted)
        """)
    (home.published / "current").symlink_to("S1")
    return home


# --- the questions ------------------------------------------------------------------------------


def test_the_largest_come_first_with_suggestion_and_example(
    published: Settings, tmp_path: Path
) -> None:
    made = questions.export_questions(published, tmp_path / "ut.xlsx", 10)
    assert made == questions.Export(2, Decimal("900.10"), 2)
    sheet = openpyxl.load_workbook(tmp_path / "ut.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0] == HEADINGS
    key = category_key("=1+1", "NO1", None)
    assert rows[1] == (
        *(None, "K2 – Bord", 0.7, "Seljer", "=1+1", None, None, 900, 2, "F1", "2024-05-02"),
        *("NO1", key),
    )
    assert rows[2][:5] == (None, None, None, None, None)
    assert rows[2][-2:] == ("NO2", category_key(None, "NO2", None))


def test_the_sheet_and_the_command_say_that_it_is_internal(
    published: Settings, tmp_path: Path
) -> None:
    lines, status = commands.export(published, tmp_path / "ut.xlsx", 1)
    assert (status, INTERNAL in lines) == (0, True)
    assert lines[0].endswith("1 av 2 spørsmål, 900,00 kroner")
    assert openpyxl.load_workbook(tmp_path / "ut.xlsx").worksheets[0]["A1"].value == INTERNAL


def test_no_cell_is_a_formula_or_a_link_whatever_the_invoice_says(tmp_path: Path) -> None:
    rows = [question(text) for text in HOSTILE] + [question("STOL", supplier="=cmd()")]
    data = questions.workbook(rows, KNOWN)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            text = archive.read(name)
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in text
                assert b"hyperlink" not in text.lower()
    (tmp_path / "a.xlsx").write_bytes(data)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    place = HEADINGS.index("Varetekst") + 1
    found = [sheet.cell(FIRST + n, place) for n in range(len(HOSTILE))]
    assert [cell.value for cell in found] == list(HOSTILE)
    assert {cell.data_type for cell in found} == {"s"}


def test_the_drop_down_offers_every_category_and_covers_every_question(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(questions.workbook([question("A"), question("B")], KNOWN))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    (rule,) = book.worksheets[0].data_validations.dataValidation
    assert (str(rule.sqref), rule.type) == ("A4:A5", "list")
    assert rule.formula1 == "'kategorier'!$A$1:$A$3"
    assert [c.value for c in book["kategorier"]["A"]][:2] == ["K1 – Stoler", "K2 – Bord"]


@pytest.mark.parametrize(
    ("name", "limit", "expected"),
    [("ut.csv", 5, "slutter på .xlsx"), ("ut.xlsx", 0, "minst 1"), ("der.xlsx", 5, "finnes alt")],
)
def test_a_file_that_cant_be_written_is_refused(
    published: Settings, tmp_path: Path, name: str, limit: int, expected: str
) -> None:
    (tmp_path / "der.xlsx").write_text("mitt")
    with pytest.raises(UsageError, match=expected):
        questions.export_questions(published, tmp_path / name, limit)
    assert (tmp_path / "der.xlsx").read_text() == "mitt"


def test_without_a_snapshot_or_categories_it_is_said_what_to_do(
    home: Settings, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="Kjør «samkjop run» først"):
        questions.export_questions(home, tmp_path / "ut.xlsx", 5)


def test_a_home_without_categories_says_so(published: Settings, tmp_path: Path) -> None:
    with duckdb.connect(str(questions.current_database(published))) as connection:
        connection.execute("delete from dim_category where category_id <> 'unknown'")
    with pytest.raises(UsageError, match="ingen kategorier"):
        questions.export_questions(published, tmp_path / "ut.xlsx", 5)


# --- the answers --------------------------------------------------------------------------------


def test_answers_are_read_as_the_list_has_them_or_by_id_and_blanks_are_counted(
    tmp_path: Path,
) -> None:
    rows = [question(t, account="6540") for t in ("A", "B", "C")] + [question(None)]
    path = written(tmp_path / "a.xlsx", rows, {0: "K1 – Stoler", 1: " k2 ", 3: "K2 – bord"})
    found = read(path)
    assert found.accepted.rows() == [
        ("NO1", "A", "6540", "K1"),
        ("NO1", "B", "6540", "K2"),
        ("NO1", None, None, "K2"),
    ]
    assert (found.problems, found.unanswered) == ([], 1)


def test_texts_that_look_like_formulas_or_numbers_come_back_as_they_went(tmp_path: Path) -> None:
    texts = [text.strip() for text in HOSTILE]
    rows = [question(text, account="0012") for text in texts]
    (tmp_path / "a.xlsx").write_bytes(_answered(rows, "K1 – Stoler"))
    found = read(tmp_path / "a.xlsx")
    assert found.problems == []
    assert found.accepted["item_text"].to_list() == texts
    assert set(found.accepted["account"]) == {"0012"}


def _answered(rows: list[Row], answer: str) -> bytes:
    """Return the workbook with one answer to all, the other cells untouched."""
    suggested = questions.workbook([(None, None, *row[2:]) for row in rows], KNOWN)
    source, target = io.BytesIO(suggested), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.namelist():
            text = old.read(item).decode()
            if item == "xl/worksheets/sheet1.xml":
                for place in range(FIRST, FIRST + len(rows)):
                    start = text.index(f'<c r="A{place}"')
                    end = text.index("/>", start) + 2
                    cell = f'<c r="A{place}" t="inlineStr"><is><t>{answer}</t></is></c>'
                    text = text[:start] + cell + text[end:]
            new.writestr(item, text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("heading", "value", "expected"),
    [
        ("Kategori", "K9", "kategorien «K9» finnes ikke i kategoriregisteret"),
        ("Kategori", "unknown", "kategorien «unknown» finnes ikke"),
        ("Varetekst", "STOLER", "leverandør-ID, varetekst, konto eller nøkkel er endret"),
        ("Leverandør-ID", "NO2", "leverandør-ID, varetekst, konto eller nøkkel er endret"),
        ("Konto", "6540", "leverandør-ID, varetekst, konto eller nøkkel er endret"),
        ("Nøkkel", "f" * 32, "leverandør-ID, varetekst, konto eller nøkkel er endret"),
        ("Nøkkel", None, "nøkkelen mangler"),
    ],
)
def test_an_answer_that_cant_be_used_is_told_with_its_row_and_the_others_are_kept(
    tmp_path: Path, heading: str, value: str | None, expected: str
) -> None:
    rows = [question("STOL"), question("BORD")]
    path = written(tmp_path / "a.xlsx", rows, {0: "K1", 1: "K2"})
    found = read(changed(path, 0, heading, value))
    assert [problem.startswith("rad 4: ") for problem in found.problems] == [True]
    assert expected in found.problems[0]
    assert len(found.problems[0].splitlines()) == 1
    assert found.accepted["item_text"].to_list() == ["BORD"]


def test_one_question_answered_twice_counts_once_and_a_contradiction_is_told(
    tmp_path: Path,
) -> None:
    rows = [question("STOL"), question("STOL"), question("STOL")]
    found = read(written(tmp_path / "a.xlsx", rows, {0: "K1", 1: "K1 – Stoler", 2: "K2"}))
    assert found.accepted["category_id"].to_list() == ["K1"]
    assert len(found.problems) == 1
    assert "samme spørsmål har et annet svar i rad" in found.problems[0]


def test_a_file_that_is_no_sheet_of_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="forventet en fil, fant ingen"):
        read(tmp_path / "borte.xlsx")
    (tmp_path / "a.xlsx").write_text("Kategori;Nøkkel")
    with pytest.raises(UsageError, match=r"Lagre den som \.xlsx"):
        read(tmp_path / "a.xlsx")
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    with pytest.raises(UsageError, match="forventet et ark med overskriftene «Kategori»"):
        read(tmp_path / "b.xlsx")


# --- the register -------------------------------------------------------------------------------


def taken(home: Settings, path: Path, given: dict[str, str], day: dt.date = DAY) -> answers.Import:
    rows = [question(text) for text in given]
    file = written(path, rows, dict(enumerate(given.values())))
    return answers.import_answers(home, file, KNOWN, day)


def register(path: Path | None) -> dict[str, str]:
    """Return text → category of a register file, read as the next run reads it."""
    assert path is not None
    data = path.read_bytes()
    result = read_registers(data, shape_of(data), "f" * 64, path.name, 1_000_000)
    assert result.rejections == []
    frame = result.tables["reg_category_answer"]
    return dict(frame.select("item_text", "category_id").iter_rows())


def test_answers_become_a_dated_register_that_a_run_can_read(
    home: Settings, tmp_path: Path
) -> None:
    made = taken(home, tmp_path / "a.xlsx", {"STOL": "K1", "=BORD": "K2"})
    assert (made.new, made.in_all) == (2, 2)
    assert register(made.file) == {"STOL": "K1", "=BORD": "K2"}
    assert made.file is not None
    assert (made.file.parent, date_in_name(made.file.name)) == (home.landing, DAY)
    assert b"<f>" not in b"".join(
        zipfile.ZipFile(made.file).read(n) for n in zipfile.ZipFile(made.file).namelist()
    )


def test_nothing_is_written_without_an_answer(home: Settings, tmp_path: Path) -> None:
    made = answers.import_answers(home, written(tmp_path / "a.xlsx", [], {}), KNOWN, DAY)
    assert (made.file, list(home.landing.iterdir())) == (None, [])


def test_a_second_import_before_the_run_holds_the_first(home: Settings, tmp_path: Path) -> None:
    taken(home, tmp_path / "a.xlsx", {"STOL": "K1", "BORD": "K2"})
    made = taken(home, tmp_path / "b.xlsx", {"BORD": "K1", "PULT": "K2"})
    assert register(made.file) == {"STOL": "K1", "BORD": "K1", "PULT": "K2"}
    assert (made.given, made.new, made.changed, made.in_all) == (2, 1, 1, 3)
    assert len(list(home.landing.iterdir())) == 1


def test_answers_accumulate_over_runs_and_two_of_one_day_are_no_conflict(
    home: Settings, tmp_path: Path
) -> None:
    taken(home, tmp_path / "a.xlsx", {"STOL": "K1"})
    assert not extract(home).rejections
    made = taken(home, tmp_path / "b.xlsx", {"BORD": "K2"})
    assert made.file is not None
    assert date_in_name(made.file.name) == dt.date(2025, 1, 16)
    assert register(made.file) == {"STOL": "K1", "BORD": "K2"}
    assert not extract(home).rejections
    kept = answers.earlier_answers(home)
    assert dict(kept.select("item_text", "category_id").iter_rows()) == {"STOL": "K1", "BORD": "K2"}
    assert set(kept["answered_date"]) == {DAY}


def test_the_command_says_what_was_taken_and_what_could_not_be(
    published: Settings, tmp_path: Path
) -> None:
    rows = [question("STOL"), question("BORD"), question("PULT")]
    path = written(tmp_path / "a.xlsx", rows, {0: "K1", 1: "K9"})
    lines, status = commands.import_(published, path)
    assert status == commands.REFUSED == 3
    assert lines[0].startswith(f"{path}, rad 5: kategorien «K9»")
    assert lines[1] == "1 rader har ikke noe svar og er ikke lest"
    assert lines[2].startswith("1 svar er lagt til")
    empty, status = commands.import_(published, written(tmp_path / "b.xlsx", rows, {}))
    assert (empty[-1], status) == ("ingen svar å lese inn; ingenting er skrevet", 0)


def test_what_was_there_already_is_not_said_to_be_added(
    published: Settings, tmp_path: Path
) -> None:
    rows = [question("STOL"), question(None), question("PULT")]
    commands.import_(published, written(tmp_path / "a.xlsx", rows, {0: "K1", 1: "K2"}))
    lines, _ = commands.import_(published, written(tmp_path / "b.xlsx", rows, {0: "K1", 1: "K2"}))
    assert lines[-1].startswith("2 svar var der fra før; ")
    given = {0: "K1", 1: "K1", 2: "K1"}
    lines, _ = commands.import_(published, written(tmp_path / "c.xlsx", rows, given))
    assert lines[-1].startswith("1 svar er lagt til, 1 svar er endret, 1 svar var der fra før; ")


def test_the_register_has_the_columns_that_are_written() -> None:
    assert {c.name for c in TABLES["reg_category_answer"].columns} >= set(answers._COLUMNS)
    assert isinstance(TABLES["reg_category_answer"].empty(), pl.DataFrame)
