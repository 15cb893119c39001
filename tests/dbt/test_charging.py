"""Who pays for licences (B02, B06-B09), Workplace (B12) and audits (A09), on small lakes.

The worked cases of `licences.md` stand as accounts beside a few hundred random ones, which are held
against `tests.licence_charge_oracle`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_quality.checks import RUN_CONTEXT
from data_quality.suites import SUITES
from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome
from tests.licence_charge_cases import (
    AS_OF,
    DEAR,
    E1,
    E3,
    EMS,
    FREE,
    GIVEN,
    MONTHS,
    NIX,
    exports,
    registers,
)
from tests.licence_charge_oracle import Charge, charges

pytestmark = pytest.mark.slow

MARTS = (
    "fct_licence_charge",
    "mart_charge",
    "mart_licence_addon_share",
    "mart_licence_audit",
    "mart_licence_sku",
)
_SUITES = tuple(name for name in MARTS if name != "mart_licence_sku")


@pytest.fixture(scope="module")
def homes(
    tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject
) -> dict[str, Path]:
    """The warehouse of each given municipality."""
    files: list[dict[str, object]] = [
        {"source_sha256": f"users{m}", "file_name": "u", "kind": "x", "effective_date": day}
        for m, day in zip(MONTHS, (m.replace(day=10) for m in MONTHS), strict=True)
    ]
    files.append(
        {"source_sha256": "reg", "file_name": "r", "kind": "x", "effective_date": MONTHS[0]}
    )
    built = {}
    for name, given in GIVEN.items():
        home = DbtHome(tmp_path_factory.mktemp(f"charging_{name}"))
        settings = {
            "as_of_date": AS_OF,
            "licence_charge_basis": given.basis,
            "licence_rules_from": given.rules_from,
        }
        home.write(exports(given) | registers(given), files, settings)
        home.build(compiled_project, MARTS)
        built[name] = home.warehouse
    return built


def _rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def found(homes: dict[str, Path]) -> dict[str, dict[tuple[str, str, dt.date], Charge]]:
    query = (
        "select account_key, sku_id, month, rule_row, unit_id, cast(amount_nok * 100 as bigint), "
        "is_unresolved from fct_licence_charge"
    )
    return {
        name: {(key, sku, month): Charge(*rest) for key, sku, month, *rest in _rows(home, query)}
        for name, home in homes.items()
    }


Found = dict[str, dict[tuple[str, str, dt.date], Charge]]
MARCH, APRIL, MAY, JUNE = MONTHS


@pytest.mark.rule("B02", "B06", "B07", "B07x", "B08", "B08e", "B09")
@pytest.mark.parametrize(
    ("key", "sku", "month", "row", "ore"),
    [
        # the eleven of licences.md
        ("main", E1, MARCH, 5, 0),
        ("second", E1, MARCH, 4, 85_00),
        ("e3", E3, MARCH, 7, 227_10),
        ("vav", E1, MARCH, 1, 60_00),
        ("left", E1, MARCH, 5, 0),
        ("left", E1, APRIL, 5, 0),
        ("left", E1, MAY, 3, 89_50),
        ("april", E1, JUNE, 3, 89_50),
        ("may", E1, JUNE, 5, 0),
        ("ext", FREE, MARCH, 2, 0),
        ("nobody", E1, MARCH, 8, None),
        # an exempt unit: all products, its parts, the price of the product before that of all
        ("vav", E3, MARCH, 1, None),
        ("vav", DEAR, MARCH, 1, 71_00),
        ("vavd", E1, MARCH, 1, 60_00),
        ("vavd", E3, MARCH, 1, None),
        # exempt from 30 April to 30 May: on the last day of April only
        ("reg", E1, MARCH, 5, 0),
        ("reg", E1, APRIL, 1, None),
        ("reg", E1, MAY, 5, 0),
        # moved to the exempt unit after the snapshot of 10 May
        ("mover", E1, APRIL, 5, 0),
        ("mover", E1, MAY, 1, 60_00),
        # standard and more on one account, external with standard, guest
        ("e3e1", E1, MARCH, 5, 0),
        ("e3e1", E3, MARCH, 7, 227_10),
        ("ext", E1, MARCH, 2, 85_00),
        ("guest", E3, MARCH, 2, 227_10),
        # deactivated on the last day of April is day 0; with a free add-on, day 61 is row 3 too
        ("april", FREE, MAY, 6, 0),
        ("april", FREE, JUNE, 3, 0),
        ("late", E1, JUNE, 5, 0),
        # nobody's add-ons follow the product; a room's account is no second account of a person
        ("nobody", E3, MARCH, 7, 227_10),
        ("nobody", FREE, MARCH, 6, 0),
        ("room", E1, MARCH, 8, None),
        ("room", E3, MARCH, 7, 227_10),
        ("off", E1, MARCH, 8, None),
        ("off", E3, MARCH, 7, 227_10),
        ("further", E1, MARCH, 5, 0),
        ("lost", E1, MARCH, 8, None),
        # employed from the last day on; deactivated two days after the last one
        ("begins", E1, MARCH, 5, 0),
        ("before", E1, MARCH, 8, None),
        ("noprice", NIX, MARCH, 7, None),
    ],
)
def test_the_first_row_that_fits_pays(
    found: Found, key: str, sku: str, month: dt.date, row: int, ore: int | None
) -> None:
    charge = found["full"][key, sku, month]
    assert (charge.row, charge.ore) == (row, ore)


@pytest.mark.rule("B07")
@pytest.mark.parametrize(
    ("key", "sku", "month", "ore", "unresolved"),
    [
        ("e3", E3, APRIL, 147_10, True),  # 215.10 − 80 + 12
        ("e3", E3, MAY, 142_60, True),  # E1 is 84.50 on the last day of May
        ("e3e1", E3, APRIL, 227_10, False),  # holds E1 beside it
        ("off", E3, APRIL, 227_10, False),  # would not have had E1 frame-financed
        ("e3", E3, MARCH, None, False),  # before the rules
    ],
)
def test_the_difference_to_the_standard_is_a_setting(
    found: Found, key: str, sku: str, month: dt.date, ore: int | None, unresolved: bool
) -> None:
    charge = found["difference"][key, sku, month]
    assert (charge.ore, charge.unresolved) == (ore, unresolved)
    if unresolved:
        assert found["full"][key, sku, month] == replace(charge, ore=227_10)


@pytest.mark.rule("B02", "B06", "B07", "B07x", "B08", "B08e", "B09")
@pytest.mark.parametrize("name", GIVEN)
def test_every_row_is_that_of_the_independent_computation(found: Found, name: str) -> None:
    expected = {
        (key, sku, month): charge
        for month in MONTHS
        for (key, sku), charge in charges(GIVEN[name], month).items()
    }
    assert {charge.row for charge in expected.values()} == set(range(1, 9))
    assert any(charge.unresolved for charge in expected.values())
    assert found[name] == expected


@pytest.mark.rule("B12", "B02")
def test_workplace_is_charged_per_active_user(homes: dict[str, Path]) -> None:
    rows = _rows(
        homes["difference"],
        "select month, unit_id, rule_row, rule_id, quantity, unit_price_nok, amount_nok "
        "from mart_charge where service = 'workplace' order by 1, 2",
    )
    assert rows == [
        (MARCH, "ALNA", 8, None, 3, Decimal("33.33"), None),
        (APRIL, "REG", 1, "B02", 4, None, None),
        (MAY, "REG", 9, "B12", 5, Decimal("33.33"), Decimal("166.65")),
        (JUNE, "ALNA", 9, "B12", 120, Decimal("33.33"), Decimal("3999.60")),
        (JUNE, "VAVD", 1, "B02", 7, Decimal("20.00"), Decimal("140.00")),
    ]


@pytest.mark.rule("A09")
def test_only_the_formal_audit_has_an_amount(homes: dict[str, Path]) -> None:
    rows = _rows(
        homes["full"],
        "select unit_id, financing, quantity, amount_nok from mart_charge "
        "where service = 'licence_audit' order by 2",
    )
    # 12.25 × 1 450.50 = 17 768.625
    assert rows == [
        ("felles", "invoiced", Decimal("12.25"), Decimal("17768.63")),
        ("felles", "review", Decimal(8), None),
    ]


@pytest.mark.rule("B07")
@pytest.mark.parametrize("name", GIVEN)
def test_what_a_unit_is_charged_is_the_sum_of_its_licences(
    homes: dict[str, Path], found: Found, name: str
) -> None:
    rows = _rows(
        homes[name],
        "select month, unit_id, rule_row, sum(quantity), sum(cast(amount_nok * 100 as bigint)), "
        "sum(case when amount_nok is null then quantity end) from mart_charge "
        "where service not in ('workplace', 'licence_audit') group by all",
    )
    expected: dict[tuple[dt.date, str, int], list[Charge]] = {}
    for (_, _, month), charge in found[name].items():
        expected.setdefault((month, charge.unit, charge.row), []).append(charge)
    unknown = {key: [c.ore for c in group].count(None) for key, group in expected.items()}
    assert {(month, unit, row): tuple(rest) for month, unit, row, *rest in rows} == {
        key: (
            len(group),
            None if unknown[key] == len(group) else sum(c.ore or 0 for c in group),
            unknown[key] or None,
        )
        for key, group in expected.items()
    }


@pytest.mark.rule("B07y")
def test_a_unit_with_many_addons_is_flagged(homes: dict[str, Path], found: Found) -> None:
    rows = _rows(
        homes["full"],
        "select unit_id, standard_count, addon_count, is_reviewable, is_flagged "
        f"from mart_licence_addon_share where month = date '{JUNE}'",
    )
    expected = {}
    for unit in {charge.unit for charge in found["full"].values()}:
        skus = [
            sku
            for (_, sku, month), charge in found["full"].items()
            if month == JUNE and charge.unit == unit
        ]
        standard = sum(sku in (E1, EMS) for sku in skus)
        addons = len(skus) - standard - skus.count(FREE)
        reviewable = unit not in ("VAV", "VAVD")
        expected[unit] = (standard, addons, reviewable, reviewable and addons > standard)
    assert {unit: tuple(rest) for unit, *rest in rows} == expected


@pytest.mark.parametrize("name", GIVEN)
def test_the_suites_pass(homes: dict[str, Path], name: str) -> None:
    context = f"read_parquet('{homes[name].parent}/inputs/run_context.parquet')"
    with duckdb.connect(str(homes[name]), read_only=True) as connection:
        for table in _SUITES:
            suite = SUITES[table]
            checks = [*suite.checks, *(sums.check() for sums in suite.sums_to)]
            broken = [
                check.id
                for check in checks
                if check.severity == "error"
                and connection.execute(check.bad_rows.replace(RUN_CONTEXT, context)).fetchall()
            ]
            assert broken == []


# --- precedence ---

_CONDITIONS = (
    "exempt_unit",
    "external_user",
    "deactivated_too_long",
    "further_account",
    "standard_licence",
    "free_addon",
    "beyond_standard",
    "otherwise",
)


@pytest.fixture
def judged(compiled_project: CompiledProject) -> dict[tuple[bool, ...], int]:
    """Which row counts, for every combination of the conditions, by the model's own SQL."""
    (statement,) = (
        sql for name, sql in compiled_project.statements({"int_charge_judged"})
        if name == "int_charge_judged"
    )  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("use warehouse")
        connection.execute(
            "create table int_charge_conditions as select date '2024-06-01' as month, "
            "date '2024-06-30' as last_date, date '2024-06-10' as as_of_date, "
            "false as is_preliminary, i::varchar as account_key, 's' as sku_id, 'u' as unit_id, "
            "0 as days_deactivated, true as is_frame_covered, true as is_standard, "
            "true as is_zero_cost_addon, 1.00 as unit_price_nok, 1.00 as management_fee_nok, "
            "1.00 as exempt_price_nok, "
            + ", ".join(
                f"(i // {2**n}) % 2 = 0 as fits_{name}" for n, name in enumerate(_CONDITIONS[:7])
            )
            + ", true as fits_otherwise from range(128) as numbers(i)"
        )
        connection.execute(
            "create table int_charge_rules as select date '2024-06-01' as month, rule_row, "
            "condition_key, financing, rule_id from read_csv(?)",
            [str(Path(__file__).parents[2] / "dbt_project" / "seeds" / "charge_rule.csv")],
        )
        connection.execute(statement)
        fits = ", ".join(f"fits_{name}" for name in _CONDITIONS)
        rows = connection.execute(
            f"select {fits}, rule_row from int_charge_judged join int_charge_conditions "
            "using (account_key)"
        ).fetchall()
    return {tuple(row[:-1]): row[-1] for row in rows}


@pytest.mark.rule("B02", "B06", "B07", "B07x", "B08", "B08e", "B09")
def test_of_all_conditions_that_hold_at_once_the_first_counts(
    judged: dict[tuple[bool, ...], int],
) -> None:
    assert len(judged) == 128
    assert all(row == fits.index(True) + 1 for fits, row in judged.items())
