"""The demo's public tables: no small count can be told from them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.public_attack import told

pytestmark = pytest.mark.slow


@pytest.mark.rule("A07")
def test_no_small_count_of_the_demo_can_be_told(demo_home: Path) -> None:
    snapshot = demo_home / "published" / "current"
    public = snapshot / "public"
    shown = pl.read_parquet(public / "lisensregnskap.parquet")
    assert shown["assigned"].null_count() > 0
    assert shown["assigned"].drop_nulls().len() > 0
    assert told(public, snapshot / "internal" / "samkjop.duckdb", min_cell=5) == []
