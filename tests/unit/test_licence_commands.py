"""`samkjop licences plan` and `list` on a small published snapshot made by hand.

P is given by A (10 kroner a month) and by B (4 kroner); a has A and b has B, one seat of each is
held. Twelve months: 168 today, 96 with the plan (a goes to B).
"""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines import cli
from pipelines.errors import UsageError
from pipelines.lake.home import make_home
from pipelines.licences import commands
from pipelines.licences.lists import ACCOUNT_HEADINGS, SEAT_HEADINGS, PlanLists, seat_rows
from pipelines.licences.published import published_input
from pipelines.licences.scenario import ScenarioError
from pipelines.licences.tables import next_month, planned
from pipelines.settings import Settings

AS_OF = dt.date(2024, 12, 31)
HOSTILE = '=HYPERLINK("http://x")'
KEY = "4e07408562bedb8b"
TABLES: dict[str, str] = {
    "mart_licence_plan_user": f"""
        select * from (values
            ('{KEY}', 'U', 'A', 'B', true, 'downgrade', 'above_need', 'A08', date '2025-01-01', 1),
            ('b', 'U', 'B', 'B', false, 'keep', null, null, null, 4)
        ) as t(account_key, unit_id, from_sku_ids, to_sku_ids, is_changed, action, cause, rule_id,
            change_date, activity_rank),
        (values ('N', true)) as n(need_set_id, must_have_standard)
    """,
    "mart_licence_plan_need": "select 'N' as need_set_id, 'P' as plan_id, 'used' as need_kind",
    "mart_licence_plan": """
        select *, 'U' as unit_id, 'felles' as pool_id, 1::bigint as quantity,
            'above_need' as cause, 'A08' as rule_id, date '2025-01-01' as earliest_date
        from (values
            (1, 'downgrade', 'A', 'B', 0.00, 0.00, null),
            (2, 'terminate', 'A', null, 120.00, 120.00, 'floor'),
            (3, 'buy', null, 'B', -48.00, -48.00, null)
        ) as t(action_number, action, from_sku_id, to_sku_id, horizon_saving_nok,
            yearly_saving_nok, binding_constraint)
    """,
    "mart_licence_plan_summary": """
        select date '2024-12-31' as as_of_date, 'optimal' as status, 12 as horizon_months,
            0 as max_changes, 2 as account_count, 1 as changed_count, 0 as uncovered_count,
            0 as unpriced_sku_count, 168.00 as baseline_nok, 96.00 as plan_nok,
            100.00 as greedy_nok, 0.0::double as gap_share
    """,
    "mart_licence_plan_cause": """
        select * from (values ('shelf_ware', 0, 0, 0.00), ('above_need', 10, 1, 72.00))
        as t(cause, cause_order, changed_count, horizon_saving_nok)
    """,
    "mart_licence_plan_seat": """
        select 'felles' as pool_id, sku_id, 1::bigint as held, 0::bigint as reserve,
            0::bigint as commitment_floor, null::date as floor_until, null::date as reduction_date,
            null::date as true_up_date, true as is_transferable, null::varchar as requires,
            false as is_standard
        from (values ('A'), ('B')) as t(sku_id)
    """,
    "mart_licence_plan_price": """
        select sku_id, month::date as month, price::decimal(18, 2) as unit_price_nok
        from (values ('A', 10), ('B', 4)) as t(sku_id, price),
            range(date '2025-01-01', date '2026-01-01', interval 1 month) as m(month)
    """,
    "mart_licence_sku_plan": """
        select sku_id, 'P' as plan_id from (values ('A'), ('B')) as t(sku_id)
    """,
    "mart_licence_finding": f"""
        select '{KEY}' as user_key, 'A' as sku_id, 'above_need' as finding,
            10 as finding_order, 'A08' as rule_id
    """,
    "dim_sku": f"""
        select * from (values ('A', 'CODE_A', '{HOSTILE.replace("'", "''")}'), ('B', null, 'Bee'))
        as t(sku_id, sku_part_number, name)
    """,
    "dim_unit": """
        select * from (values ('U', 'Gammel', date '1900-01-01'), ('U', 'Næring', '2020-01-01'))
        as t(unit_id, name, valid_from)
    """,
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with a published snapshot that has a licence plan."""
    made = Settings(home=tmp_path / "hjem")
    make_home(made)
    publish(made, TABLES)
    return made


def publish(settings: Settings, tables: dict[str, str]) -> None:
    folder = settings.published / "current" / "internal"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "samkjop.duckdb")) as connection:
        for name, sql in tables.items():
            connection.execute(f"create table {name} as {sql}")


def figures(lines: list[str]) -> dict[str, list[str]]:
    """Return each line's cells by its first one, no-break spaces as spaces."""
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    return {row[0]: [cell.replace("\u00a0", " ") for cell in row[1:]] for row in cells if row}


def scenario(folder: Path, text: str) -> Path:
    path = folder / "hva-om.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.rule("A07")
def test_the_current_plan_is_shown(settings: Settings) -> None:
    lines, status = commands.plan(settings, None, None)
    shown = figures(lines)
    assert status == 0
    assert lines[0] == "Lisensplan for lisensene 31.12.2024"
    assert shown["Uten endringer"] == ["168 kr"]
    assert (shown["Med planen"], shown["Spart"]) == (["96 kr"], ["72 kr"])
    assert shown["Enkel plan uten optimering"] == ["100 kr"]
    assert shown["Planen er"] == ["bevist billigst"]
    assert shown["Større produkt enn bruken krever"] == ["1", "72 kr"]
    assert "Plasser ingen hadde" not in shown


@pytest.mark.rule("A07")
def test_what_if_is_solved_from_the_snapshot_and_shown_beside_the_plan(
    settings: Settings, tmp_path: Path
) -> None:
    # With B at 20 kroner both end with A: 2 x 10 x 12 = 240 where today's would cost 30 x 12.
    text = "max_changes = 1\n[sku.b]\nunit_price_nok = 20\n"
    out = tmp_path / "ut.xlsx"
    lines, status = commands.plan(settings, scenario(tmp_path, text), out)
    shown = figures(lines)
    assert status == 0
    assert shown["Uten endringer"] == ["168 kr", "360 kr"]
    assert shown["Med planen"] == ["96 kr", "240 kr"]
    assert shown["Spart"] == ["72 kr", "120 kr"]
    sheet = openpyxl.load_workbook(out)["tiltak"]
    assert [sheet.cell(3, column).value for column in (2, 5, 6)] == ["b", "Bee", HOSTILE]


def test_a_product_can_be_named_by_its_code(settings: Settings, tmp_path: Path) -> None:
    # A free: both end with A, which costs nothing.
    path = scenario(tmp_path, "[sku.code_a]\nunit_price_nok = 0\n")
    shown = figures(commands.plan(settings, path, None)[0])
    assert shown["Med planen"] == ["96 kr", "0 kr"]


def test_the_published_tables_are_the_plans_own_input(settings: Settings) -> None:
    tables = planned(published_input(settings))
    users = tables["licence_plan_account"].select("account_key", "from_sku_ids", "to_sku_ids")
    assert users.rows() == [(KEY, "A", "B"), ("b", "B", "B")]
    (row,) = tables["licence_plan_summary"].rows(named=True)
    assert (row["baseline_nok"], row["plan_nok"], row["status"]) == (168, 96, "optimal")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("horizon_months = 0\n", "horizon_months"),
        ("[sku.A]\nprice = 1\n", "sku.A.price"),
        ("[sku.Z]\nheld = 1\n", "sku.Z"),
        ("horizon_months = \n", "linje 1"),
        ("horizon_months = 12.5\n", "men er 12.5"),
        ("[sku.A]\nunit_price_nok = 1.005\n", "men er 1.005"),
        ("standard = ['Z']\n", "standard"),
    ],
)
def test_a_bad_scenario_is_one_sentence_and_status_2(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, names: str
) -> None:
    path = scenario(tmp_path, text)
    with pytest.raises(ScenarioError, match="hva-om"):
        commands.plan(settings, path, None)
    with pytest.raises(SystemExit) as ended:
        cli.main(["licences", "plan", "--home", str(settings.home), "--scenario", str(path)])
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert names in said.err
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.rule("A07")
def test_the_lists_are_for_those_who_carry_the_plan_out(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "mappe" / "liste.xlsx"
    lines, status = commands.list_(settings, out)
    assert (status, lines[0]) == (0, f"skrevet: {out}, 1 kontoer og 2 tiltak på plasser")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["tiltak", "plasser", "om"]
    accounts, seats = _cells(book["tiltak"]), _cells(book["plasser"])
    day = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - a spreadsheet has no time zone
    assert accounts[1] == list(ACCOUNT_HEADINGS)
    changed = ["Næring", KEY, None, None, HOSTILE, "Bee", "Bytt til billigere", day]
    assert accounts[2:] == [[*changed, "Større produkt enn bruken krever", "A08"]]
    assert seats[1] == list(SEAT_HEADINGS)
    assert [row[:7] for row in seats[2:]] == [
        ["Si opp plasser", HOSTILE, "Hele kommunen", 1, day, 120, 120],
        ["Kjøp plasser", "Bee", "Hele kommunen", 1, day, -48, -48],
    ]
    assert "Internt" in str(accounts[0][0])
    assert "Internt" in str(book["om"]["B1"].value)
    assert book["tiltak"]["E3"].data_type == "s"


def test_the_same_plan_gives_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    commands.list_(settings, first)
    commands.list_(settings, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_list_never_replaces_a_file(settings: Settings, tmp_path: Path) -> None:
    there = tmp_path / "der.xlsx"
    there.write_text("noe", "utf-8")
    with pytest.raises(UsageError, match="finnes alt"):
        commands.list_(settings, there)
    with pytest.raises(UsageError, match=r"\.xlsx"):
        commands.plan(settings, None, tmp_path / "liste.csv")
    assert there.read_text("utf-8") == "noe"


def test_without_a_plan_it_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(UsageError, match="samkjop run"):
        commands.plan(settings, None, None)
    publish(settings, {"dim_unit": TABLES["dim_unit"]})
    with pytest.raises(UsageError, match="samkjop run --rebuild"):
        commands.list_(settings, tmp_path / "ut.xlsx")


def test_the_horizon_begins_with_the_next_whole_month() -> None:
    assert next_month(dt.date(2024, 12, 31)) == dt.date(2025, 1, 1)
    assert next_month(dt.date(2024, 12, 1)) == dt.date(2025, 1, 1)
    assert next_month(dt.date(2024, 2, 29)) == dt.date(2024, 3, 1)


def _cells(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.rule("A07")
def test_seats_that_are_ended_as_one_are_one_row_by_date() -> None:
    later, sooner = dt.date(2025, 6, 1), dt.date(2025, 1, 1)
    columns = (
        *("action_number", "action", "from_sku_id", "to_sku_id", "pool_id", "earliest_date"),
        *("quantity", "horizon_saving_nok", "yearly_saving_nok"),
        *("cause", "rule_id", "binding_constraint", "unit_id"),
    )
    rows = [
        (1, "terminate", "A", None, "felles", later, 1, 10, 20, "never_used", "B09t", None, "U1"),
        (2, "terminate", "A", None, "felles", later, 2, 20, 40, "never_used", "B09t", None, "U2"),
        (3, "terminate", "A", None, "felles", later, 4, 40, 80, "shelf_ware", "B09t", None, None),
        (4, "buy", None, "B", "felles", sooner, 1, -5, -9, "reserve", "A07", None, None),
        (5, "remove", "A", None, "felles", sooner, 3, 0, 0, "never_used", "A08", None, "U1"),
    ]
    actions = pl.DataFrame(rows, schema=columns, orient="row")
    lists = PlanLists(pl.DataFrame(), actions, {}, {"A": "Aa", "B": "Bee"}, {})
    assert [row[:7] for row in seat_rows(lists)] == [
        ("Kjøp plasser", "Bee", "Hele kommunen", 1, sooner, -5, -9),
        ("Si opp plasser", "Aa", "Hele kommunen", 3, later, 30, 60),
        ("Si opp plasser", "Aa", "Hele kommunen", 4, later, 40, 80),
    ]
