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


LOYALTY = NOTEBOOKS / "02_avtalelojalitet.ipynb"
LICENCES = NOTEBOOKS / "03_lisenser.ipynb"
AGREEMENTS = NOTEBOOKS / "04_avtaler_og_terskler.ipynb"

LEAKED = """
import json
print(json.dumps({
    "year": year, "sectors": sectors["sektor"].to_list(), "measured": measured.height,
    "leaks": leaks.height, "leaked": str(leaked or 0), "lines": str(lines["beløp_nok"].sum() or 0),
}))
"""
RUNNING_OUT = """
import json
print(json.dumps({
    "year": year, "overdue": overdue, "nearest": ceilings["avtale"].to_list()[:1],
    "without": str(without or 0), "above": above, "buyers": buyers["enhet"].to_list()[:1],
}))
"""
HELD = """
import json
print(json.dumps({
    "year": skus["produkt"].to_list()[0] if skus.height else None,
    "monthly": str(monthly or 0), "counted": str(counted or 0), "invoiced": str(invoiced or 0),
    "saving": str(saving or 0), "months": history.height, "actions": actions.height,
}))
"""


def test_the_notebook_on_loyalty_adds_up_by_hand(tmp_path: Path) -> None:
    make_build(tmp_path / "published" / "current")
    # Leaks of 200 000 and 100 000; the larger is line 3 alone.
    assert run_notebook(LOYALTY, tmp_path, LEAKED) == {
        "year": 2024,
        "sectors": ["Oppvekst", "Helse"],
        "measured": 2,
        "leaks": 2,
        "leaked": "300000.00",
        "lines": "200000.00",
    }


def test_the_notebook_on_agreements_adds_up_by_hand(tmp_path: Path) -> None:
    make_build(tmp_path / "published" / "current")
    # A3 has used its whole ceiling; one of three windows is at its threshold of 500 000.
    assert run_notebook(AGREEMENTS, tmp_path, RUNNING_OUT) == {
        "year": 2024,
        "overdue": 1,
        "nearest": ["Strøm"],
        "without": "500000.00",
        "above": 1,
        "buyers": ["Skoleetaten"],
    }


def test_the_notebook_on_licences_adds_up_by_hand(tmp_path: Path) -> None:
    make_build(tmp_path / "published" / "current")
    assert run_notebook(LICENCES, tmp_path, HELD) == {
        "year": "Microsoft 365 E3",  # the dearest
        "monthly": "44000.00",  # 100 × 300 + 50 × 80 + 50 × 200
        "counted": "10400.00",  # 1 800 + 1 200 + 600 + 6 800
        "invoiced": "35800.00",  # 9 300 + 8 400 + 10 850 + an audit of 7 250
        "saving": "120000.00",
        "months": 2,
        "actions": 5,
    }


@pytest.mark.parametrize(
    ("path", "cell"), [(LOYALTY, LEAKED), (AGREEMENTS, RUNNING_OUT), (LICENCES, HELD)]
)
def test_the_notebooks_of_the_analysis_run_on_an_empty_snapshot(
    path: Path, cell: str, tmp_path: Path
) -> None:
    make_build(tmp_path / "published" / "current", empty=True)
    assert run_notebook(path, tmp_path, cell)["year"] is None


def test_the_notebooks_of_the_analysis_show_the_figures_of_the_demo(demo_home: Path) -> None:
    leaked = run_notebook(LOYALTY, demo_home, LEAKED)
    running_out = run_notebook(AGREEMENTS, demo_home, RUNNING_OUT)
    held = run_notebook(LICENCES, demo_home, HELD)
    database = demo_home / "published" / "current" / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        off = connection.execute(
            "select sum(amount_nok) from fct_spend_line "
            "where year = ? and loyalty_class in ('off_agreement', 'wrong_zone')",
            [leaked["year"]],
        ).fetchall()[0][0]
        overdue = connection.execute(
            "select count(*) from mart_agreement_calendar where is_overdue and is_task"
        ).fetchall()[0][0]
        monthly = connection.execute(
            "select coalesce(sum(monthly_cost_nok), 0) from mart_licence_sku where is_latest"
        ).fetchall()[0][0]
    assert leaked["leaked"] == str(off)
    assert running_out["overdue"] == overdue > 0
    assert held["monthly"] == str(monthly)


def test_notebooks_are_kept_without_outputs() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            assert not cell.get("outputs"), f"{path.name}: {cell['id']}"
            assert cell.get("execution_count") is None, f"{path.name}: {cell['id']}"
