"""The published demo asked for categories and answered, as a user does it."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl

from pipelines.categories.sheet import HEADINGS, ITEM_TEXT, SUPPLIER_ID
from pipelines.extracts.detect import shape_of
from pipelines.extracts.registers import read_registers
from tests.conftest import samkjop

ANSWERED = (4, 5)  # the rows of the first two questions


def test_answers_to_the_published_questions_become_a_register_in_landing(
    demo_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "hjem"
    shutil.copytree(demo_home, home, symlinks=True, ignore=shutil.ignore_patterns("build"))
    asked = tmp_path / "ut.xlsx"
    made = samkjop("categories", "export", asked, "--limit", "5", "--home", home)
    assert (made.returncode, made.stderr) == (0, "")
    assert f"skrevet: {asked}, 5 av " in made.stdout
    book = openpyxl.load_workbook(asked)
    sheet = book.worksheets[0]
    ids, texts = (HEADINGS.index(name) + 1 for name in (SUPPLIER_ID, ITEM_TEXT))
    asked_of = {(sheet.cell(r, ids).value, sheet.cell(r, texts).value) for r in ANSWERED}
    choice = book["kategorier"]["A1"].value
    for row in ANSWERED:
        sheet.cell(row, 1).value = choice
    book.save(asked)
    told = samkjop("categories", "import", asked, "--home", home)
    assert (told.returncode, told.stderr) == (0, "")
    assert "2 svar er lagt til; " in told.stdout
    (file,) = (home / "landing").glob("kategorisvar_*.xlsx")
    data = file.read_bytes()
    result = read_registers(data, shape_of(data), "f" * 64, file.name, 1_000_000)
    answered = result.tables["reg_category_answer"]
    assert result.rejections == []
    given = answered.filter(category_id=choice.split(" – ")[0])
    assert asked_of <= set(given.select("supplier_id", "item_text").iter_rows())
