"""Building without dbt finds what dbt would call an error: data tests, contracts, nulls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("defect", "named"),
    [
        ("insert into dim_unit from dim_unit", "unique_key_dim_unit_unit_id__valid_from: 1"),
        ("update dim_unit set unit_id = null", "dim_unit.unit_id is null: 1"),
        (
            "alter table dim_unit alter unit_id type integer using 0",
            "dim_unit: [('unit_id', 'INTEGER'), ('unit_id', 'VARCHAR')]",
        ),
        ("alter table dim_unit drop name", "dim_unit: [('name', 'VARCHAR')]"),
    ],
)
def test_a_planted_defect_is_found(
    tmp_path: Path, compiled_project: CompiledProject, defect: str, named: str
) -> None:
    DbtHome(tmp_path).write()
    with compiled_project.build(tmp_path, {"dim_unit"}) as built:
        assert compiled_project.breaks(built, {"dim_unit"}) == []
        built.execute(defect)
        assert compiled_project.breaks(built, {"dim_unit"}) == [named]
