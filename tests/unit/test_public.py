"""public/ holds no small count, nothing it could be told from, and no person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.publication.public import ABOUT, TABLES, public_tables, write_public
from tests.public_attack import told

MIN_CELL = 5
KEY = "k" * 64


def make_database(path: Path, licences: pl.DataFrame) -> Path:
    """Write the marts that public/ is made of, from one row per account and product."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.register("licence", licences)
        connection.execute(
            """
            create table fct_licence_charge as
            select date '2024-12-01' as month, account_key, sku_id, unit_id, financing from licence;
            create table mart_licence_account as
            select date '2024-12-31' as as_of_date, unit_id, sku_id, 0::bigint as entitled,
                count(*) as assigned, count(*) filter (where state = 'active') as active,
                count(*) filter (where state in ('never', 'inactive')) as unused,
                count(*) filter (where state = 'unknown') as unknown_activity
            from licence group by unit_id, sku_id
            union all
            select date '2024-12-31', 'felles', sku_id, count(*) + 3, 0, 0, 0, 0
            from licence group by sku_id
            union all
            select date '2024-11-30', 'U0', 'S0', 1, 1, 1, 0, 0 where exists (from licence);
            create table mart_licence_finding as
            select account_key as user_key, unit_id, sku_id,
                case state when 'never' then 'never_used' else 'inactive' end as finding
            from licence where state in ('never', 'inactive')
            union all
            select account_key, unit_id, sku_id, 'external' from licence where is_external
            union all
            select account_key, unit_id, sku_id, 'beyond_standard' from licence where sku_id > 'S1';
            create table mart_charge as
            select month, unit_id, sku_id as service, financing, 'B07' as rule_id,
                count(*) as quantity, (100 * count(*))::decimal(18, 2) as amount_nok
            from fct_licence_charge group by all
            union all
            select date '2024-12-01', 'felles', 'licence_audit', 'invoiced', 'A09', 7.25, 7250
            union all
            select date '2024-12-01', 'U' || n, 'workplace', 'invoiced', 'B12', n, 10 * n
            from range(3, 7) as r(n)
            union all
            select date '2024-11-01', 'U0', 'S0', 'frame', 'B06', 1, 0;
            create table dim_unit as
            select distinct unit_id, 'Enhet ' || unit_id as name, date '1900-01-01' as valid_from
            from licence;
            create table dim_sku as select distinct sku_id, 'Produkt ' || sku_id as name
            from licence;
            """
        )
    return path


def random_licences(seed: int, units: int = 6, skus: int = 5) -> pl.DataFrame:
    """Return accounts of units of very different sizes, with few and with many products."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice([1, 3, 8, 25, 90], units)
    unit = np.repeat(np.arange(units), sizes)
    is_external = chance.random(unit.size) < 0.05
    share = np.sort(chance.beta(0.5, 1.5, skus))[::-1]
    has = chance.random((unit.size, skus)) < share
    account, sku = np.nonzero(has)
    return pl.DataFrame(
        {
            "account_key": [f"{KEY}{n:05d}" for n in account],
            "unit_id": [f"U{n}" for n in unit[account]],
            "sku_id": [f"S{n}" for n in sku],
            "state": chance.choice(
                ["active", "never", "inactive", "unknown"], account.size, p=[0.8, 0.1, 0.07, 0.03]
            ),
            "financing": np.where(is_external[account] | (sku > 1), "invoiced", "frame"),
            "is_external": is_external[account],
        }
    )


def licences(*rows: tuple[str, str, str, str, int]) -> pl.DataFrame:
    """Return `count` accounts of one product each, per (unit, product, state, financing)."""
    frame = pl.DataFrame(
        rows, ["unit_id", "sku_id", "state", "financing", "count"], orient="row"
    ).select(pl.exclude("count").repeat_by("count").explode(empty_as_null=True))
    return frame.with_row_index("n").with_columns(
        account_key=pl.lit(KEY) + pl.col("n").cast(str), is_external=pl.lit(value=False)
    )


def publish(tmp_path: Path, frame: pl.DataFrame, min_cell: int = MIN_CELL) -> tuple[Path, Path]:
    """Return the public folder made of these licences, and the database behind it."""
    build = tmp_path / "build"
    database = make_database(build / "internal" / "samkjop.duckdb", frame)
    (build / "inputs").mkdir()
    pl.DataFrame({"public_min_cell": [min_cell]}).write_parquet(
        build / "inputs" / "run_context.parquet"
    )
    write_public(build, build / "public")
    return build / "public", database


def account(public: Path, unit: str, sku: str) -> dict[str, int | None]:
    frame = pl.read_parquet(public / "lisensregnskap.parquet")
    return frame.row(
        by_predicate=(pl.col("unit_id") == unit) & (pl.col("sku_id") == sku), named=True
    )


@pytest.mark.rule("A07")
@pytest.mark.parametrize("seed", range(12))
def test_no_small_count_can_be_told_from_all_that_is_public(tmp_path: Path, seed: int) -> None:
    assert told(*publish(tmp_path, random_licences(seed)), MIN_CELL) == []


def test_small_counts_hidden_alone_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack is strong enough to find what is not hidden well."""
    monkeypatch.setattr(
        "pipelines.publication.public.hidden_cells", lambda cells, min_cell: cells.small
    )
    assert len(told(*publish(tmp_path, random_licences(0)), MIN_CELL)) > 5


@pytest.mark.parametrize("min_cell", [1, 2, 3, 10])
def test_the_smallest_cell_is_a_setting(tmp_path: Path, min_cell: int) -> None:
    assert told(*publish(tmp_path, random_licences(99), min_cell), min_cell) == []


def test_what_is_far_from_small_is_shown(tmp_path: Path) -> None:
    public, _ = publish(
        tmp_path,
        licences(
            ("U1", "S1", "active", "frame", 40),
            ("U1", "S1", "never", "frame", 10),
            ("U2", "S1", "active", "frame", 20),
            ("U2", "S2", "active", "invoiced", 5),
        ),
    )
    shown = account(public, "U1", "S1")
    assert (shown["assigned"], shown["active"], shown["unused"]) == (50, 40, 10)
    assert account(public, "*", "*")["assigned"] == 75
    assert account(public, "*", "S2")["entitled"] == 8  # the 5 and 3 more, for the municipality
    charge = pl.read_parquet(public / "fakturagrunnlag.parquet")
    licence_rows = charge.filter(pl.col("service") != "workplace")
    assert licence_rows.null_count().sum_horizontal()[0] == 0
    total = {"unit_id": "*", "service": "*", "financing": "frame", "amount_nok": 7000}
    assert total in charge.select(*total).to_dicts()  # 70 × 100


@pytest.mark.parametrize(("count", "is_shown"), [(4, False), (5, True)])
def test_four_is_small_and_five_is_not(tmp_path: Path, count: int, is_shown: bool) -> None:
    public, database = publish(
        tmp_path,
        licences(
            ("U1", "S1", "active", "frame", 50),
            ("U2", "S1", "active", "frame", 60),
            ("U2", "S2", "active", "invoiced", 20),
            ("U1", "S2", "active", "invoiced", count),
        ),
    )
    assert (account(public, "U1", "S2")["assigned"] == count) is is_shown
    assert told(public, database, MIN_CELL) == []


def test_the_complement_and_the_amount_are_hidden_with_the_count(tmp_path: Path) -> None:
    public, _ = publish(
        tmp_path,
        licences(
            ("U1", "S1", "active", "frame", 97),
            ("U1", "S1", "active", "invoiced", 3),
            ("U2", "S1", "active", "frame", 60),
        ),
    )
    charge = pl.read_parquet(public / "fakturagrunnlag.parquet")
    hidden = charge.filter(pl.col("quantity").is_null())
    assert ("U1", "invoiced") in hidden.select("unit_id", "financing").rows()
    assert hidden["amount_nok"].null_count() == hidden.height
    # the total of the invoiced is 3 × 100, so it is not there
    whole = charge.filter(pl.col("financing") == "invoiced", pl.col("unit_id") == "*")
    assert whole["amount_nok"].null_count() == whole.height
    # 100 assigned, 97 in the frame: one of the two must be hidden as well
    assert (
        hidden.filter(pl.col("financing") == "frame").height > 0
        or account(public, "U1", "S1")["assigned"] is None
    )


def test_all_in_a_small_group_doing_the_same_is_not_told_by_a_zero(tmp_path: Path) -> None:
    public, _ = publish(
        tmp_path,
        licences(
            ("U1", "S1", "never", "frame", 3),
            ("U2", "S1", "active", "frame", 30),
            ("U2", "S1", "never", "frame", 9),
        ),
    )
    row = account(public, "U1", "S1")
    assert [row[name] for name in ("assigned", "active", "unused", "unknown_activity")] == [
        None
    ] * 4


def test_few_persons_with_many_products_are_no_large_count(tmp_path: Path) -> None:
    few = pl.DataFrame(
        {
            "account_key": ["a"] * 6,
            "unit_id": ["U1"] * 6,
            "sku_id": [f"S{n}" for n in range(6)],
            "state": ["active"] * 6,
            "financing": ["frame"] * 6,
            "is_external": [False] * 6,
        }
    )
    many = licences(*[("U2", f"S{n}", "active", "frame", 40) for n in range(6)]).select(few.columns)
    public, _ = publish(tmp_path, pl.concat([few, many]))
    assert account(public, "U1", "*")["assigned"] is None
    charged = pl.read_parquet(public / "fakturagrunnlag.parquet").filter(pl.col("unit_id") == "U1")
    assert charged["quantity"].drop_nulls().to_list() == []
    assert charged["amount_nok"].drop_nulls().to_list() == []


def test_public_holds_the_latest_only_and_no_person(tmp_path: Path) -> None:
    public, _ = publish(tmp_path, random_licences(3))
    names = {f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")} | {ABOUT}
    assert {path.name for path in public.iterdir()} == names
    for path in public.iterdir():
        assert KEY.encode() not in path.read_bytes(), path
    charge = pl.read_parquet(public / "fakturagrunnlag.parquet")
    assert charge["month"].unique().to_list() == [date(2024, 12, 1)]
    findings = pl.read_parquet(public / "lisensfunn.parquet")
    assert set(findings["finding"]) <= {"never_used", "inactive", "external"}
    # an audit is no number of persons
    audit = charge.row(by_predicate=pl.col("service") == "licence_audit", named=True)
    assert (audit["quantity"], audit["amount_nok"]) == (Decimal("7.25"), 7250)


def test_the_csv_has_the_same_rows_as_the_parquet(tmp_path: Path) -> None:
    public, _ = publish(tmp_path, random_licences(4))
    for name in TABLES:
        parquet = pl.read_parquet(public / f"{name}.parquet")
        csv = pl.read_csv(
            public / f"{name}.csv",
            separator=";",
            decimal_comma=True,
            schema=parquet.schema,
        )
        assert csv.equals(parquet), name


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    frame = random_licences(5)
    one, _ = publish(tmp_path / "one", frame)
    other, _ = publish(tmp_path / "other", frame.reverse())
    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


def test_without_licences_nothing_is_public(tmp_path: Path) -> None:
    public, database = publish(tmp_path, random_licences(1).clear())
    assert not public.exists()
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table mart_charge")
    assert public_tables(database, MIN_CELL) == {}
