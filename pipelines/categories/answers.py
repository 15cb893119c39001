"""A person's answers, from the workbook of questions to a register file that the next run reads.

Answers accumulate: the file has the earlier ones too, since a register is a whole. What an answer
is worth beside the other rungs is decided in dbt.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from pipelines.categories import sheet
from pipelines.errors import UsageError
from pipelines.extracts.detect import shape_of
from pipelines.extracts.registers import date_in_name, read_registers
from pipelines.extracts.tables import TABLES
from pipelines.extracts.xlsx import Sheet, WorkbookProblem, read_workbook
from pipelines.lake.home import replace_file
from pipelines.lake.manifests import batch_names, load_known
from pipelines.lake.source_files import write_source_files
from pipelines.settings import Settings

_TABLE = TABLES["reg_category_answer"]
_NAME = "kategorisvar_{:%Y-%m-%d}.xlsx"
_PENDING = "kategorisvar_*.xlsx"
_KEY = list(_TABLE.key)
_COLUMNS = [*_KEY, "category_id", "answered_date"]


@dataclass(frozen=True)
class Answers:
    """The answers of a workbook: those that can be used, and a sentence for each that can't.

    `accepted` has supplier_id, item_text, account and category_id, one row per question.
    """

    accepted: pl.DataFrame
    problems: list[str]
    unanswered: int


@dataclass(frozen=True)
class Import:
    """What was read and written; `file` is None where there was no answer to write.

    `given` answers could be used: `new` of them to questions without an answer, `changed` to
    questions that had another one, the rest there already. `in_all` stand in the file.
    """

    file: Path | None
    given: int
    new: int
    changed: int
    in_all: int
    problems: list[str]
    unanswered: int


def import_answers(
    settings: Settings, file: Path, known: list[tuple[str, str]], today: date
) -> Import:
    """Check the answers in `file`, and put those that can be used into landing/ with the earlier.

    `known` is ID and name of the categories. The file in landing/ bears today's date, or the day
    after the newest that is loaded or waiting under it: two registers of one date are a conflict.
    Raises UsageError where the file is no workbook of questions.
    """
    answers = read_answers(file, known, settings.max_table_cells)
    if answers.accepted.is_empty():
        return Import(None, 0, 0, 0, 0, answers.problems, answers.unanswered)
    given = answers.accepted.with_columns(pl.lit(today).alias("answered_date")).select(_COLUMNS)
    earlier = _newest(earlier_answers(settings))
    new, changed = _compared(given, earlier)
    kept = _newest(pl.concat([earlier, given])).sort(_KEY, nulls_last=True)
    target = settings.landing / _NAME.format(_effective_date(settings, today))
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_file(target, _register(kept))
    return Import(
        target,
        given.height,
        new,
        changed,
        kept.height,
        answers.problems,
        answers.unanswered,
    )


def _newest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the last answer to each question."""
    return rows.unique(_KEY, keep="last", maintain_order=True)


def _compared(given: pl.DataFrame, earlier: pl.DataFrame) -> tuple[int, int]:
    """Return how many answers are to questions without one, and how many differ from before."""
    before = earlier.select(*_KEY, pl.col("category_id").alias("before"))
    known = given.join(before, on=_KEY, how="inner", nulls_equal=True)
    changed = known.filter(pl.col("category_id") != pl.col("before"))
    return given.height - known.height, changed.height


# --- reading the workbook -----------------------------------------------------------------------


def read_answers(file: Path, known: list[tuple[str, str]], max_cells: int) -> Answers:
    """Return the answers that stand in a workbook of questions.

    Raises UsageError where the file is missing, can't be read or has no such sheet.
    """
    rows, top = _rows(file, max_cells)
    ids = _ids(known)
    accepted: dict[str, tuple[int, tuple[str | None, ...]]] = {}
    problems: list[str] = []
    unanswered = 0
    for number, row in rows:
        cells = {name: row[place] for name, place in top.items()}
        if not any(cells[name] for name in (sheet.KEY, sheet.ITEM_TEXT, sheet.ANSWER)):
            continue
        if not cells[sheet.ANSWER]:
            unanswered += 1
            continue
        problem = _problem(cells, ids) or _contradiction(cells, ids, accepted)
        if problem is not None:
            problems.append(f"rad {number}: {problem}")
            continue
        accepted[str(cells[sheet.KEY])] = number, _answer(cells, ids)
    frame = pl.DataFrame(
        [answer for _, answer in accepted.values()],
        schema=dict.fromkeys([*_KEY, "category_id"], pl.String()),
        orient="row",
    )
    return Answers(frame, problems, unanswered)


_Cells = dict[str, str | None]


def _ids(known: list[tuple[str, str]]) -> dict[str, str]:
    """Return what a person may write → category ID: as the drop-down has it, or the ID alone."""
    ids = {category_id.casefold(): category_id for category_id, _ in known}
    return ids | {sheet.choice(i, name).casefold(): i for i, name in known}


def _answer(cells: _Cells, ids: dict[str, str]) -> tuple[str | None, ...]:
    category_id = ids[str(cells[sheet.ANSWER]).casefold()]
    return cells[sheet.SUPPLIER_ID], cells[sheet.ITEM_TEXT], cells[sheet.ACCOUNT], category_id


def _problem(cells: _Cells, ids: dict[str, str]) -> str | None:
    """Return why an answer can't be used: unknown category, or a changed question."""
    answer, key = cells[sheet.ANSWER], cells[sheet.KEY]
    if not key:
        return "nøkkelen mangler, så svaret kan ikke knyttes til noe. Hent arket på nytt"
    parts = cells[sheet.ITEM_TEXT], cells[sheet.SUPPLIER_ID], cells[sheet.ACCOUNT]
    if sheet.category_key(*parts) != key:
        return (
            "leverandør-ID, varetekst, konto eller nøkkel er endret, så svaret kan gjelde noe "
            "annet. Sett tilbake det som sto, eller hent arket på nytt"
        )
    if not cells[sheet.SUPPLIER_ID]:
        return (
            "leverandøren er ukjent, så svaret kan ikke brukes på senere linjer. La raden stå tom"
        )
    if str(answer).casefold() not in ids:
        return f"kategorien «{answer}» finnes ikke i kategoriregisteret. Velg en fra listen"
    return None


def _contradiction(
    cells: _Cells, ids: dict[str, str], accepted: dict[str, tuple[int, tuple[str | None, ...]]]
) -> str | None:
    earlier = accepted.get(str(cells[sheet.KEY]))
    if earlier is None or earlier[1] == _answer(cells, ids):
        return None
    return (
        f"samme spørsmål har et annet svar i rad {earlier[0]}. Svaret der er brukt; slett det ene"
    )


def _rows(file: Path, max_cells: int) -> tuple[list[tuple[int, list[str | None]]], dict[str, int]]:
    """Return the rows under the headings with their numbers, and where the columns stand."""
    if not file.is_file():
        raise UsageError(f"{file}: forventet en fil, fant ingen. Rett stien.")
    try:
        sheets = read_workbook(file.read_bytes(), max_cells)
    except WorkbookProblem as problem:
        raise UsageError(
            f"{file}: forventet arbeidsboken fra «samkjop categories export», men den kan ikke "
            f"leses ({problem}). Lagre den som .xlsx."
        ) from problem
    for each in sheets:
        found = _headed(each)
        if found is not None:
            return found
    names = ", ".join(f"«{name}»" for name in _needed())
    raise UsageError(
        f"{file}: forventet et ark med overskriftene {names}, fant ingen. Bruk arbeidsboken fra "
        "«samkjop categories export»."
    )


def _needed() -> tuple[str, ...]:
    return sheet.ANSWER, sheet.SUPPLIER_ID, sheet.ITEM_TEXT, sheet.ACCOUNT, sheet.KEY


def _headed(
    found: Sheet,
) -> tuple[list[tuple[int, list[str | None]]], dict[str, int]] | None:
    numbered = [(n, [_trimmed(cell) for cell in row]) for n, row in enumerate(found.rows, start=1)]
    for place, (_, row) in enumerate(numbered):
        if all(name in row for name in _needed()):
            return numbered[place + 1 :], {name: row.index(name) for name in _needed()}
    return None


def _trimmed(cell: str | None) -> str | None:
    return (cell or "").strip() or None


# --- the register -------------------------------------------------------------------------------


def earlier_answers(settings: Settings) -> pl.DataFrame:
    """Return the answers in force in the lake, then those that wait in landing/, oldest first."""
    frames = [_in_force(settings)]
    for path in _waiting(settings):
        data = path.read_bytes()
        result = read_registers(data, shape_of(data), "0" * 64, path.name, settings.max_table_cells)
        frames += [frame for name, frame in result.tables.items() if name == _TABLE.name]
    return pl.concat([frame.select(_COLUMNS) for frame in frames])


def _in_force(settings: Settings) -> pl.DataFrame:
    """Return the register that counts, chosen as macro `register_rows` does."""
    files = sorted(settings.lake.glob(f"*/{_TABLE.name}.parquet"))
    if not files or not batch_names(settings.lake):
        return _TABLE.empty()
    rows = pl.concat([pl.read_parquet(path).select(list(_TABLE.schema())) for path in files])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source_file.parquet"
        write_source_files(settings, path)
        judged = pl.read_parquet(path)
    counted = judged.filter(
        (pl.col("status") == "accepted") & pl.col("source_sha256").is_in(rows["source_sha256"])
    ).sort(
        ["effective_date", "rows_quarantined", "source_sha256"],
        descending=[True, False, False],
        nulls_last=True,
    )
    return rows.filter(pl.col("source_sha256").is_in(counted["source_sha256"].head(1)))


def _waiting(settings: Settings) -> list[Path]:
    return sorted(settings.landing.glob(_PENDING))


def _effective_date(settings: Settings, today: date) -> date:
    """Return the date of the new file: never one that a loaded file of this register has."""
    loaded = [day for table, day in load_known(settings).registers if table == _TABLE.name]
    waiting = [day for path in _waiting(settings) if (day := date_in_name(path.name)) is not None]
    after = [day + timedelta(days=1) for day in loaded]
    return max([today, *after, *waiting])


def _register(rows: pl.DataFrame) -> bytes:
    """Return the register as a workbook, every cell a text."""
    headings = [next(c for c in _TABLE.columns if c.name == name).aliases[0] for name in _COLUMNS]
    stream = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": _TABLE.register, "created": sheet.FIXED_TIME})
        page = book.add_worksheet(_TABLE.register)
        for number, row in enumerate([headings, *rows.iter_rows()]):
            for place, value in enumerate(row):
                if value is not None:
                    page.write_string(number, place, str(value))
    return stream.getvalue()
