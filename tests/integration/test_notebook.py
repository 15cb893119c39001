"""The notebooks run on a published snapshot, and what they show is what the snapshot holds."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

from tests.reporting_fixture import make_build

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NOTEBOOK = NOTEBOOKS / "01_forbruk.ipynb"

pytestmark = pytest.mark.slow


def run_notebook(path: Path, home: Path, last_cell: str) -> Any:
    """Run a notebook on a home with one cell more, and return what that cell prints as JSON."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    cell = nbformat.v4.new_code_cell(last_cell)  # type: ignore[no-untyped-call]
    notebook.cells.append(cell)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(env=os.environ | {"SAMKJOP_HOME": str(home)})
    return json.loads(notebook.cells[-1].outputs[0]["text"])


FIGURES = """
import json
print(json.dumps({
    "year": year, "total": str(total), "chosen": chosen,
    "lines": str(lines["beløp_nok"].sum()), "files": files.height,
}))
"""


def test_the_notebook_shows_the_figures_of_a_snapshot_made_by_hand(tmp_path: Path) -> None:
    make_build(tmp_path / "published" / "current")
    shown = run_notebook(NOTEBOOK, tmp_path, FIGURES)
    # 2024 is the largest year; its largest supplier S1 has lines of 600 000 and 60 000.
    assert shown == {
        "year": 2024,
        "total": "2000000.00",
        "chosen": "S1",
        "lines": "660000.00",
        "files": 1,
    }


def test_the_notebook_runs_on_an_empty_snapshot(tmp_path: Path) -> None:
    make_build(tmp_path / "published" / "current", empty=True)
    assert run_notebook(NOTEBOOK, tmp_path, FIGURES)["year"] is None


def test_the_notebook_shows_the_figures_of_the_demo(demo_home: Path) -> None:
    shown = run_notebook(NOTEBOOK, demo_home, FIGURES)
    database = demo_home / "published" / "current" / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        (total,) = connection.execute(
            "select sum(amount_nok) from fct_spend_line where year = ?", [shown["year"]]
        ).fetchall()[0]
        (largest,) = connection.execute(
            "select supplier_id from mart_supplier_year "
            "where definition_id = 'STD' and year = ? and spend_rank = 1",
            [shown["year"]],
        ).fetchall()[0]
        (lines,) = connection.execute(
            "select sum(amount_nok) from (select amount_nok from fct_spend_line "
            "where year = ? and supplier_id = ? order by amount_nok desc limit 15)",
            [shown["year"], largest],
        ).fetchall()[0]
    assert shown["total"] == str(total)
    assert shown["chosen"] == largest
    assert shown["lines"] == str(lines)
    assert shown["files"] == 1


def test_notebooks_are_kept_without_outputs() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            assert not cell.get("outputs"), f"{path.name}: {cell['id']}"
            assert cell.get("execution_count") is None, f"{path.name}: {cell['id']}"
