"""The licence account from exports and registers to findings, on one small municipality.

Every count and amount here is worked out on paper. Two months, May and June 2024; the build is of
10 July. E1 costs 80, E3 300, E5 450 (as the tenant says) and Adobe 500 a month.
"""

from __future__ import annotations

import datetime as dt
import importlib
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from data_quality.checks import Suite
from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome

pytestmark = pytest.mark.slow

MAY, JUNE = dt.date(2024, 5, 31), dt.date(2024, 6, 30)
E1 = "18181a46-0d4e-45cd-891e-60aabd171b4e"
EMS = "efccb6f7-5641-4e0e-bd10-b4976e1bf68e"
E3, E5, FLOW, MISNAMED, REAL, UNHEARD = (
    f"00000000-0000-0000-0000-0000000000{n}" for n in ("e3", "e5", "f0", "aa", "bb", "cc")
)
ADOBE, FREE = "Adobe-CC", "LibreOffice"
MARTS = {
    "dim_sku", "mart_licence_account", "mart_licence_sku", "mart_sku_issue",
    "mart_licence_account_issue", "mart_licence_finding", "mart_licence_waste",
    "int_licence_accounts", "int_licence_assignments", "int_licence_snapshots",
}  # fmt: skip


def _rows(file: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"source_sha256": file, "source_row": n, **row} for n, row in enumerate(rows, 1)]


def _user(key: str, sign_in: str = "unknown", **values: Any) -> dict[str, Any]:
    return {"account_key": key, "sign_in_activity": sign_in, "is_enabled": True, **values}


def _has(key: str, sku: str, by: str = "direct", group: str | None = None) -> dict[str, Any]:
    return {"account_key": key, "sku_id": sku, "assigned_by": by, "group_id": group}


def _used(
    key: str, service: str, activity: str, *, day: dt.date = JUNE, concealed: bool = False
) -> dict[str, Any]:
    return {
        "account_key": key,
        "is_concealed": concealed,
        "report": "active_users",
        "service": service,
        "report_date": day,
        "activity": activity,
    }


def _gives(sku: str, code: str, *plans: str) -> list[dict[str, Any]]:
    return [
        {
            "sku_id": sku,
            "sku_part_number": code,
            "product_name": code.title(),
            "service_plan_id": f"plan-{plan.lower()}",
            "service_plan_name": plan,
        }
        for plan in plans
    ]


def _post(person: str, unit: str, kind: str = "main", **values: Any) -> dict[str, Any]:
    return {"person_key": person, "unit_id": unit, "employment_type": kind, **values}


def _account(key: str, person: str | None, **values: Any) -> dict[str, Any]:
    return {
        "account_key": key,
        "person_key": person,
        "is_external": False,
        "is_on_platform": True,
        "account_type": "user",
        **values,
    }


def _sku(sku: str, code: str, enabled: int, **values: Any) -> dict[str, Any]:
    return {"sku_id": sku, "sku_part_number": code, "enabled_seats": enabled, **values}


OFFICE = ("TEAMS1", "OFFICESUBSCRIPTION", "EXCHANGE_S_ENTERPRISE", "SHAREPOINTENTERPRISE")
TABLES: dict[str, list[dict[str, Any]]] = {
    "m365_product_plan": _rows(
        "list",
        *_gives(E1, "STANDARDPACK", "TEAMS1", "EXCHANGE_S_STANDARD", "SHAREPOINTSTANDARD"),
        *_gives(EMS, "EMS", "AAD_PREMIUM"),
        *_gives(E3, "SPE_E3", *OFFICE, "NUCLEUS"),
        *_gives(E5, "SPE_E5", *OFFICE, "BI_AZURE_P2"),
        *_gives(FLOW, "FLOW_FREE", "FLOW_P2_VIRAL"),
        *_gives(MISNAMED, "VISIOCLIENT", "VISIO_CLIENT_SUBSCRIPTION"),
        *_gives(REAL, "PROJECTPROFESSIONAL", "PROJECT_PROFESSIONAL"),
    ),
    "m365_sku": [
        *_rows("skus-may", _sku(E1, "STANDARDPACK", 10)),
        *_rows(
            "skus-june",
            _sku(E1, "STANDARDPACK", 10, consumed_seats=6),
            _sku(E3, "SPE_E3", 9),
            _sku(
                E5,
                "SPE_E5",
                5,
                warning_seats=1,
                suspended_seats=2,
                stated_unit_price_nok=Decimal(450),
            ),
            _sku(FLOW, "FLOW_FREE", 100),
            _sku(MISNAMED, "PROJECTPROFESSIONAL", 0, consumed_seats=3),
            _sku(UNHEARD, "UNHEARD_OF", 4),
        ),
        *_rows("skus-july", _sku(E1, "STANDARDPACK", 999)),
    ],
    "m365_user": [
        *_rows("may", _user("a1", "never"), _user("a3", "never")),
        *_rows(
            "june-1",
            _user("a1", "d30"),
            _user("a2", "d30"),
            _user("a3", "d30", is_enabled=False),
            _user("a4", "d180", is_enabled=False),
            _user("a5", "older", user_type="guest"),
            _user("a6", "d30", person_key="P4"),
            _user("a7", "d30", department=" skolen "),
            _user("a9", "never", is_new=True),
        ),
        *_rows("june-2", _user("a8", "never"), _user("a9", "d30")),
        *_rows("july", _user("a99", "d30")),
        *_rows("rejected", _user("a98", "d30")),
    ],
    "m365_user_licence": [
        *_rows("may", _has("a1", E3), _has("a3", E1)),
        *_rows(
            "june-1",
            _has("a1", E3),
            _has("a1", E5),
            _has("a1", E5, "group", "g1"),
            _has("a1", E5, "group", "g2"),
            _has("a2", E1),
            _has("a3", E1),
            _has("a4", E1),
            _has("a5", FLOW),
            _has("a6", E3, "group", "g1"),
            _has("a7", UNHEARD),
            _has("a9", E1),
        ),
        *_rows(
            "june-2",
            *(_has("a8", E1), _has("a8", MISNAMED)),
            *(_has("a9", E1), _has("a9", E3)),
            _has("a10", E1),
        ),
        *_rows("july", _has("a99", E1)),
        *_rows("rejected", _has("a98", E1)),
    ],
    "m365_usage": _rows(
        "usage",
        _used("a1", "exchange", "d30"),
        *(_used("a1", service, "older") for service in ("teams", "sharepoint", "office_apps")),
        _used("a1", "onedrive", "never"),
        _used("a2", "exchange", "d90"),
        _used("a3", "exchange", "never"),
        _used("a6", "exchange", "older"),
        _used("a6", "teams", "unknown"),
        _used("a8", "exchange", "d30", concealed=True),
        _used("a9", "exchange", "d30", day=dt.date(2024, 1, 1)),
    ),
    "reg_licence_term": _rows(
        "reg",
        {
            "sku_id": "standardpack",
            "unit_price_nok": Decimal(80),
            "management_fee_nok": Decimal(5),
            "true_up_date": dt.date(2024, 12, 31),
        },
        {"sku_id": E3.upper(), "unit_price_nok": Decimal(300), "list_price_nok": Decimal(400)},
        {"sku_id": "FLOW_FREE", "is_zero_cost_addon": True, "list_price_nok": Decimal(0)},
        {
            "sku_id": ADOBE,
            "publisher": "Adobe",
            "unit_price_nok": Decimal(500),
            "list_price_nok": Decimal(800),
            "is_transferable": False,
            "acquisition_type": "purchase",
        },
        {
            "sku_id": FREE,
            "publisher": "TDF",
            "is_free_software": True,
            "list_price_nok": Decimal(100),
        },
    ),
    "reg_licence_entitlement": _rows(
        "reg",
        {"sku_id": "STANDARDPACK", "quantity": 3, "valid_from": dt.date(2024, 6, 1)},
        {"sku_id": E3, "quantity": 1, "unit_id": "A"},
        {"sku_id": "ADOBE-CC", "quantity": 2},
        {"sku_id": "Ended", "quantity": 9, "valid_to": MAY},
    ),
    "reg_licence_assignment": _rows(
        "reg",
        {"sku_id": ADOBE, "account_key": "a1"},
        {"sku_id": ADOBE, "account_key": "a6", "valid_to": MAY},
    ),
    "reg_licence_usage": _rows("reg", {"sku_id": ADOBE, "account_key": "a1", "activity": "d180"}),
    "reg_unit": _rows(
        "reg", {"unit_id": "A", "name": "Rådhuset"}, {"unit_id": "B", "name": "Skolen"}
    ),
    "reg_employment": _rows(
        "reg",
        _post("P1", "A"),
        _post("P1", "B", "further"),
        _post("P2", "A", valid_to=dt.date(2024, 4, 30)),
        _post("P3", "B", valid_to=dt.date(2024, 3, 1)),
        _post("P4", "A", post_share_percent=Decimal(60)),
        _post("P4", "B", post_share_percent=Decimal(40)),
        _post("P5", "B"),
        _post("P6", "A"),
    ),
    "reg_account": _rows(
        "reg",
        _account("a1", "P1", unit_id="A"),
        _account("a2", "P1", unit_id="B"),
        _account("a3", "P2", deactivated_date=dt.date(2024, 5, 1)),
        _account("a4", "P3", deactivated_date=dt.date(2024, 4, 30)),
        _account("a5", None, unit_id="A"),
        _account("a8", "P5"),
        _account("a9", "P6"),
    ),
}
FILES = {
    "may": MAY,
    "skus-may": dt.date(2024, 5, 15),
    "july": dt.date(2024, 7, 15),
    "skus-july": dt.date(2024, 7, 15),
}

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def marts(
    tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject
) -> dict[str, Rows]:
    home = DbtHome(tmp_path_factory.mktemp("licences"))
    names = sorted({row["source_sha256"] for rows in TABLES.values() for row in rows})
    files: list[dict[str, object]] = [
        {
            "source_sha256": name,
            "file_name": name,
            "kind": "x",
            "effective_date": FILES.get(name, JUNE),
            "status": "rejected" if name == "rejected" else "accepted",
        }
        for name in names
    ]
    home.write(TABLES, files, {"as_of_date": dt.date(2024, 7, 10)})
    home.build(compiled_project, MARTS)
    found: dict[str, Rows] = {"broken checks": []}
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        for name in sorted(name for name in MARTS if not name.startswith("int_")):
            suite: Suite = importlib.import_module(f"data_quality.suites.{name}").SUITE
            for check in (*suite.checks, *(sums.check() for sums in suite.sums_to)):
                if connection.execute(check.bad_rows).fetchall():
                    found["broken checks"].append({check.id: check.severity})
        for name in MARTS:
            result = connection.execute(f"select * from {name}")
            columns = [column[0] for column in result.description or []]
            found[name] = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return found


def _by(rows: Rows, *names: str, where: dict[str, Any] | None = None) -> dict[Any, dict[str, Any]]:
    chosen = [row for row in rows if (where or {}).items() <= row.items()]
    keys = [tuple(row[name] for name in names) for row in chosen]
    assert len(set(keys)) == len(keys)
    return dict(zip((k[0] if len(k) == 1 else k for k in keys), chosen, strict=True))


@pytest.mark.rule("A07")
def test_a_snapshot_is_the_newest_day_of_a_month_and_nothing_later_than_the_build(
    marts: dict[str, Rows],
) -> None:
    found = _by(marts["int_licence_snapshots"], "as_of_date")
    assert {day: row["skus_date"] for day, row in found.items()} == {
        MAY: dt.date(2024, 5, 15),
        JUNE: JUNE,
    }
    assert [day for day, row in found.items() if row["is_latest"]] == [JUNE]


@pytest.mark.rule("A07")
def test_pages_of_a_day_are_one_export_and_no_account_counts_twice(
    marts: dict[str, Rows],
) -> None:
    june = [row for row in marts["int_licence_assignments"] if row["as_of_date"] == JUNE]
    assert sorted((row["account_key"], row["sku_id"]) for row in june) == sorted(
        [
            *(("a1", E3), ("a1", E5), ("a1", ADOBE), ("a2", E1), ("a3", E1), ("a4", E1)),
            *(("a5", FLOW), ("a6", E3), ("a7", UNHEARD), ("a8", E1), ("a8", MISNAMED)),
            *(("a9", E1), ("a10", E1)),
        ]
    )
    both = _by(june, "account_key", "sku_id")["a1", E5]
    assert (both["is_direct"], both["is_group"]) == (True, True)


@pytest.mark.rule("A07")
def test_activity_is_unknown_where_nothing_is_said(marts: dict[str, Rows]) -> None:
    june = _by(
        marts["int_licence_assignments"], "account_key", "sku_id", where={"as_of_date": JUNE}
    )
    said = {
        key: (row["activity"], row["activity_evidence"], row["is_active"])
        for key, row in june.items()
    }
    assert said == {
        ("a1", E3): ("d30", "usage", True),
        ("a1", E5): ("d30", "usage", True),
        ("a1", ADOBE): ("d180", "register", False),
        ("a2", E1): ("d90", "usage", True),
        ("a3", E1): ("never", "usage", False),
        ("a4", E1): ("d180", "sign_in", False),
        ("a5", FLOW): ("older", "sign_in", False),
        # the one report says older, the other nothing
        ("a6", E3): ("unknown", "usage", None),
        ("a7", UNHEARD): ("d30", "sign_in", True),
        # the report that names a8 hides names
        ("a8", E1): ("never", "sign_in", False),
        ("a8", MISNAMED): ("never", "sign_in", False),
        # a new account, and a report half a year old
        ("a9", E1): ("unknown", "none", None),
        ("a10", E1): ("unknown", "none", None),
    }
    may = [row for row in marts["int_licence_assignments"] if row["as_of_date"] == MAY]
    tenant = [row["activity"] for row in may if row["sku_id"] != ADOBE]
    assert tenant == ["unknown", "unknown"]  # sign-in is absent for everybody


@pytest.mark.rule("B08", "B08e", "B09", "B06")
def test_accounts_know_unit_person_and_days(marts: dict[str, Rows]) -> None:
    accounts = _by(marts["int_licence_accounts"], "account_key", where={"as_of_date": JUNE})
    units = {key: (row["unit_id"], row["unit_evidence"]) for key, row in accounts.items()}
    assert units == {
        "a1": ("A", "account_register"),
        "a2": ("B", "account_register"),
        "a3": ("A", "employment"),
        "a4": ("B", "employment"),
        "a5": ("A", "account_register"),
        "a6": ("A", "employment"),
        "a7": ("B", "department"),
        "a8": ("B", "employment"),
        "a9": ("A", "employment"),
        "a10": ("unknown", "none"),
    }
    assert {key for key, row in accounts.items() if row["is_main_account"]} == {
        *("a1", "a6", "a8", "a9")
    }
    assert [accounts[key]["account_place"] for key in ("a1", "a2", "a3")] == [1, 2, None]
    # in May the tenant had a1 and a3 only
    may = _by(marts["int_licence_accounts"], "account_key", where={"as_of_date": MAY})
    assert [may[key]["account_place"] for key in ("a1", "a2")] == [1, None]
    assert not may["a2"]["is_active_account"] and may["a1"]["is_main_account"]
    assert [accounts[key]["deactivated_days"] for key in ("a3", "a4", "a1")] == [60, 61, None]
    assert {key for key, row in accounts.items() if row["is_external"]} == {"a5"}
    assert {key for key, row in accounts.items() if row["is_employed"]} == {
        *("a1", "a2", "a6", "a8", "a9")
    }


@pytest.mark.rule("A07")
def test_the_account_of_june(marts: dict[str, Rows]) -> None:
    names = ("entitled", "assigned", "active", "unused", "unknown_activity", "disabled_assigned")
    found = {
        key: (*(row[name] for name in names), row["monthly_cost_nok"])
        for key, row in _by(
            marts["mart_licence_account"], "unit_id", "sku_id", where={"as_of_date": JUNE}
        ).items()
    }
    assert found == {
        ("A", E1): (0, 2, 0, 1, 1, 1, 160),
        ("B", E1): (0, 3, 1, 2, 0, 1, 240),
        ("unknown", E1): (0, 1, 0, 0, 1, 0, 80),
        ("felles", E1): (3, 0, 0, 0, 0, 0, 0),
        ("A", E3): (1, 2, 1, 0, 1, 0, 600),
        ("felles", E3): (0, 0, 0, 0, 0, 0, 0),
        ("A", E5): (0, 1, 1, 0, 0, 0, 450),
        ("felles", E5): (6, 0, 0, 0, 0, 0, 5 * 450),
        ("A", FLOW): (0, 1, 0, 1, 0, 0, 0),
        ("felles", FLOW): (100, 0, 0, 0, 0, 0, 0),
        ("B", MISNAMED): (0, 1, 0, 1, 0, 0, None),
        ("felles", MISNAMED): (0, 0, 0, 0, 0, 0, None),
        ("B", UNHEARD): (0, 1, 1, 0, 0, 0, None),
        ("felles", UNHEARD): (4, 0, 0, 0, 0, 0, None),
        ("A", ADOBE): (0, 1, 0, 1, 0, 0, 500),
        ("felles", ADOBE): (2, 0, 0, 0, 0, 0, 500),
        ("felles", "Ended"): (0, 0, 0, 0, 0, 0, None),
    }


@pytest.mark.rule("A07")
def test_totals_shelf_ware_true_up_and_history(marts: dict[str, Rows]) -> None:
    skus = _by(marts["mart_licence_sku"], "as_of_date", "sku_id")
    names = ("entitled", "assigned", "shelf_ware", "over_assigned", "monthly_cost_nok", "paid_nok")
    june = {sku: tuple(row[n] for n in names) for (day, sku), row in skus.items() if day == JUNE}
    assert june == {
        E1: (3, 6, 0, 3, 480, 240),
        E3: (1, 2, 0, 1, 600, 300),
        E5: (6, 1, 5, 0, 2700, 2700),
        FLOW: (100, 1, 99, 0, 0, 0),
        MISNAMED: (0, 1, 0, 1, None, None),
        UNHEARD: (4, 1, 3, 0, None, None),
        ADOBE: (2, 1, 1, 0, 1000, 1000),
        "Ended": (0, 0, 0, 0, None, None),
    }
    e1 = skus[JUNE, E1]
    assert (e1["true_up_date"], e1["true_up_nok"]) == (dt.date(2024, 12, 31), 3 * 80 * 12)
    assert skus[JUNE, E5]["suspended"] == 2
    assert (skus[JUNE, E5]["price_evidence"], e1["price_evidence"]) == ("tenant", "register")
    # before the register's first purchase the tenant's own seats count
    assert (skus[MAY, E1]["entitled"], skus[MAY, E1]["entitlement_evidence"]) == (10, "tenant")
    assert (skus[MAY, ADOBE]["assigned"], skus[MAY, E3]["assigned"]) == (2, 1)


FINDINGS = {
    ("a1", E3): {"contained_plan": (300, 300), "beyond_standard": (300, 0)},
    ("a1", E5): {
        "direct_and_group": (0, 0),
        "above_need": (370, 370),
        "beyond_standard": (450, 0),
    },
    ("a1", ADOBE): {"inactive": (500, 500), "beyond_standard": (500, 0)},
    ("a2", E1): {"several_accounts": (80, 80)},
    ("a3", E1): {"disabled": (80, 80), "never_used": (80, 0)},
    ("a4", E1): {"disabled_over_60": (80, 80), "inactive": (80, 0)},
    ("a5", FLOW): {"inactive": (0, 0), "external": (0, 0), "free_addon": (0, 0)},
    ("a6", E3): {"beyond_standard": (300, 300)},
    ("a7", UNHEARD): {"no_employment": (None, None), "beyond_standard": (None, 0)},
    ("a8", MISNAMED): {"never_used": (None, None), "beyond_standard": (None, 0)},
    ("a8", E1): {"never_used": (80, 80)},
    ("a10", E1): {"no_employment": (80, 80)},
}


@pytest.mark.rule("A07", "A08", "B07", "B07x", "B08", "B08e", "B09")
def test_findings_and_the_cost_that_counts_once(marts: dict[str, Rows]) -> None:
    found: dict[tuple[str, str], dict[str, tuple[Any, Any]]] = {}
    for row in marts["mart_licence_finding"]:
        licence = found.setdefault((row["user_key"], row["sku_id"]), {})
        licence[row["finding"]] = (row["monthly_cost_nok"], row["counted_cost_nok"])
    assert found == FINDINGS
    rows = _by(marts["mart_licence_finding"], "user_key", "sku_id", "finding")
    assert rows["a1", E3, "contained_plan"]["other_sku_id"] == E5
    assert rows["a1", E5, "above_need"]["other_sku_id"] == E1
    assert rows["a3", E1, "disabled"]["days"] == 60
    assert rows["a4", E1, "disabled_over_60"]["days"] == 61


@pytest.mark.rule("A08", "B09t")
def test_only_a_transferable_licence_can_go_to_somebody_else(marts: dict[str, Rows]) -> None:
    rows = _by(marts["mart_licence_finding"], "user_key", "sku_id", "finding")
    assert rows["a8", E1, "never_used"]["is_reallocation_candidate"]
    assert not rows["a1", ADOBE, "inactive"]["is_transferable"]
    assert not rows["a1", ADOBE, "inactive"]["is_reallocation_candidate"]
    assert not rows["a2", E1, "several_accounts"]["is_reallocation_candidate"]


def test_waste_by_unit_and_cause(marts: dict[str, Rows]) -> None:
    waste = {
        key: tuple(
            row[name]
            for name in (
                *("user_count", "assignment_count", "without_price_count"),
                *("monthly_cost_nok", "counted_cost_nok"),
            )
        )
        for key, row in _by(marts["mart_licence_waste"], "unit_id", "finding").items()
    }
    assert waste["A", "beyond_standard"] == (2, 4, 0, 300 + 450 + 500 + 300, 300)
    assert waste["A", "inactive"] == (2, 2, 0, 500, 500)
    assert waste["B", "never_used"] == (1, 2, 1, 80, 80)
    assert waste["B", "no_employment"] == (1, 1, 1, 0, 0)
    assert sum(row[4] for row in waste.values()) == 300 + 370 + 500 + 80 * 5 + 300


@pytest.mark.rule("A07")
def test_what_does_not_fit_is_listed(marts: dict[str, Rows]) -> None:
    products = {(row["sku_id"], row["issue"]) for row in marts["mart_sku_issue"]}
    assert products == {
        *((MISNAMED, "guid_is_other_product"), (MISNAMED, "no_price"), (MISNAMED, "no_terms")),
        *((MISNAMED, "without_entitlement"), (MISNAMED, "consumed_differs")),
        *((UNHEARD, "guid_not_in_list"), (UNHEARD, "no_price"), (UNHEARD, "no_terms")),
        *((E5, "no_terms"), ("Ended", "no_terms")),
    }
    accounts = {(row["account_key"], row["issue"]) for row in marts["mart_licence_account_issue"]}
    assert accounts == {
        *(("a6", "two_main_units"), ("a1", "further_unit"), ("a2", "further_unit")),
        *(("a2", "unit_differs"), ("a5", "person_unknown"), ("a7", "person_unknown")),
        *(("a10", "person_unknown"), ("a10", "unit_unknown"), ("a10", "not_in_user_list")),
    }


def test_the_gate_lets_it_through_and_warns(marts: dict[str, Rows]) -> None:
    assert marts["broken checks"] == [
        {"mart_licence_sku.over_assigned": "warn"},
        {"mart_licence_sku.without_price": "warn"},
    ]


@pytest.mark.rule("A05", "A06", "B06", "C05", "C06")
def test_products_with_scope_standard_and_discount(marts: dict[str, Rows]) -> None:
    skus = _by(marts["dim_sku"], "sku_id")
    assert {sku for sku, row in skus.items() if not row["is_in_scope"]} == {ADOBE, FREE, "Ended"}
    assert {sku for sku, row in skus.items() if row["is_standard"]} == {E1, EMS}
    assert {row["acquisition_type"] for row in skus.values()} == {"lease", "purchase"}
    assert (skus[ADOBE]["acquisition_type"], skus[ADOBE]["is_transferable"]) == ("purchase", False)
    discounts = {sku: skus[sku]["discount_share"] for sku in (E1, E3, FLOW, ADOBE, FREE)}
    assert discounts == {E1: None, E3: 0.25, FLOW: None, ADOBE: 0.375, FREE: None}
    assert [skus[sku]["unit_price_nok"] for sku in (FLOW, FREE, UNHEARD)] == [0, 0, None]
