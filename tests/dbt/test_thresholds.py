"""Thresholds, savings and risk on one lake made for the test.

Each case of a threshold has a category of its own; a further few categories have random lines. The
windows are held against `tests.threshold_oracle`, and every check of the suites is run.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from data_quality.checks import RUN_CONTEXT
from data_quality.suites import SUITES
from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome
from tests.threshold_oracle import Limit, Line, Window, watch

pytestmark = pytest.mark.slow

A, B = "974760673", "923609016"
FIRST, LAST = dt.date(1900, 1, 1), dt.date(9999, 12, 30)
MARTS = (
    "mart_threshold_watch",
    "mart_threshold_unit",
    "mart_saving",
    "mart_saving_item",
    "mart_supplier_risk",
    "mart_category_risk",
    "mart_deviation",
    "mart_deviation_status",
)
# As domain/reference/thresholds.csv has them, typed here by hand.
_NATIONAL = [
    Limit(FIRST, dt.date(2016, 12, 31), 500_000_00),
    Limit(dt.date(2017, 1, 1), dt.date(2018, 4, 5), 1_100_000_00),
    Limit(dt.date(2018, 4, 6), LAST, 1_300_000_00),
]
_EEA_GOODS = [
    Limit(dt.date(2017, 1, 1), dt.date(2018, 4, 5), 1_750_000_00),
    Limit(dt.date(2018, 4, 6), dt.date(2020, 2, 11), 2_000_000_00),
    Limit(dt.date(2020, 2, 12), dt.date(2022, 3, 22), 2_050_000_00),
    Limit(dt.date(2022, 3, 23), dt.date(2024, 3, 13), 2_200_000_00),
    Limit(dt.date(2024, 3, 14), LAST, 2_300_000_00),
]
NATIONAL = {"goods_services": _NATIONAL, "works": _NATIONAL}
EEA = {"goods_services": _EEA_GOODS}

# category: (date, supplier, unit, NOK)
Purchase = tuple[str, str, str, str]
CASES: dict[str, list[Purchase]] = {
    "exact": [("2019-01-10", A, "u1", "650000.00"), ("2019-06-10", A, "u1", "650000.00")],
    "under": [("2019-01-10", A, "u1", "650000.00"), ("2019-06-10", A, "u1", "649999.99")],
    "day366": [("2019-03-01", A, "u1", "700000.00"), ("2020-02-29", A, "u1", "600000.00")],
    "day367": [("2019-03-01", A, "u1", "700000.00"), ("2020-03-01", A, "u1", "600000.00")],
    "leap_in": [("2020-02-29", A, "u1", "700000.00"), ("2021-02-27", A, "u1", "600000.00")],
    "leap_out": [("2020-02-29", A, "u1", "700000.00"), ("2021-02-28", A, "u1", "600000.00")],
    "raised": [("2018-04-05", A, "u1", "600000.00"), ("2018-05-01", A, "u1", "500000.00")],
    "credited": [("2019-01-10", A, "u1", "1400000.00"), ("2019-02-10", A, "u1", "-100000.01")],
    "split": [("2019-01-10", A, "u1", "700000.00"), ("2019-02-10", B, "u2", "600000.00")],
    "special": [("2019-01-10", A, "u1", "9000000.00")],
    "eea": [("2024-03-13", A, "u1", "2200000.00")],
    "agreed": [
        ("2024-05-02", A, "u1", "900.00"),
        ("2024-05-03", B, "u1", "200.00"),
        ("2024-05-04", B, "u1", "-50.00"),
    ],
}


def _random() -> dict[str, list[Purchase]]:
    dice = random.Random(7)
    first = dt.date(2017, 9, 1).toordinal()
    return {
        f"random{number}": [
            (
                dt.date.fromordinal(first + dice.randrange(900)).isoformat(),
                dice.choice((A, B)),
                dice.choice(("u1", "u2")),
                str(Decimal(dice.randrange(-20_000_000, 80_000_000)).scaleb(-2)),
            )
            for _ in range(30)
        ]
        for number in range(4)
    }


ALL = CASES | _random()


def _register(*rows: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"source_sha256": "reg", "source_row": n, **row} for n, row in enumerate(rows, 1)]


def _purchases() -> Iterator[tuple[str, str, Purchase]]:
    """Number, category and purchase of each document."""
    number = 0
    for category, purchases in ALL.items():
        for purchase in purchases:
            number += 1
            yield f"F{number:04}", category, purchase


def _code(category: str) -> str:
    return f"{10_000_000 + list(ALL).index(category)}"


def _documents() -> dict[str, list[dict[str, object]]]:
    documents: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    codes: list[dict[str, object]] = []
    for number, category, (date, supplier, unit, nok) in _purchases():
        row = {"source_sha256": number, "source_row": 1, "document_id": number}
        amount = Decimal(nok)
        documents.append(
            row
            | {
                "document_kind": "invoice" if amount > 0 else "credit_note",
                "profile": "peppol_bis3",
                "document_number": number,
                "issue_date": dt.date.fromisoformat(date),
                "currency": "NOK",
                "seller_orgnr": supplier,
                "seller_name": f"Selger {supplier}",
                "buyer_reference": unit,
                "tax_exclusive_amount": amount,
            }
        )
        lines.append(
            row
            | {
                "line_kind": "line",
                "amount": amount,
                "quantity": Decimal(1),
                "price_amount": abs(amount),
                "item_name": category,
            }
        )
        codes.append(row | {"position": 1, "list_id": "UNSPSC", "code": _code(category)})
    return {"ehf_document": documents, "ehf_line": lines, "ehf_line_classification": codes}


def _registers() -> dict[str, list[dict[str, object]]]:
    lot: dict[str, object] = {"agreement_id": "X", "lot": "1"}
    return {
        "reg_unit": _register(
            {"unit_id": "u1", "name": "Skolen", "sector": "Oppvekst"},
            {"unit_id": "u2", "name": "Heimen", "sector": "Helse"},
        ),
        "reg_unit_identifier": _register(
            *(
                {
                    "unit_id": unit,
                    "identifier_type": "buyer_reference",
                    "match_type": "exact",
                    "value": unit,
                    "priority": 10,
                }
                for unit in ("u1", "u2")
            )
        ),
        "reg_category": _register(
            *(
                {
                    "category_id": category,
                    "name": category,
                    "kind": "special" if category == "special" else "goods_services",
                    "is_addressable": True,
                }
                for category in ALL
            )
        ),
        "reg_category_code": _register(
            *(
                {"code_list": "UNSPSC", "code": _code(category), "category_id": category}
                for category in ALL
            )
        ),
        "reg_agreement": _register(
            {
                "agreement_id": "X",
                "title": "Avtalt",
                "is_binding": True,
                "valid_from": dt.date(2024, 1, 1),
                "end_date": dt.date(2025, 12, 31),
                "agreement_manager": "Innkjøp",
            }
        ),
        "reg_agreement_lot": _register(lot),
        "reg_lot_supplier": _register(lot | {"orgnr": A, "supplier_rank": 1}),
        "reg_lot_unit": _register(lot | {"unit_id": "*"}),
        "reg_lot_category": _register(lot | {"category_id": "agreed"}),
        "reg_saving_plan": _register(
            {
                "agreement_id": "X",
                "year": 2024,
                "discount_percent": Decimal(10),
                "planned_nok": Decimal("2000.00"),
            }
        ),
        "reg_supplier_turnover": _register(
            {"orgnr": A, "year": 2024, "turnover_nok": Decimal("8803600.00")}
        ),
        "reg_deviation": _register(
            {
                "deviation_id": "D1",
                "reported_date": dt.date(2024, 12, 1),
                "agreement_id": "X",
                "orgnr": A,
                "deviation_type": "late",
                "severity": "high",
                "claim_nok": Decimal("100.00"),
            }
        ),
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject) -> DbtHome:
    """The lake of all cases, built up to the marts of this topic."""
    home = DbtHome(tmp_path_factory.mktemp("thresholds"))
    files: list[dict[str, object]] = [
        {"source_sha256": number, "file_name": f"{number}.xml", "kind": "ehf_invoice"}
        for number, _, _ in _purchases()
    ]
    register: dict[str, object] = {
        "source_sha256": "reg",
        "file_name": "reg.yaml",
        "kind": "register",
        "effective_date": dt.date(2024, 1, 1),
    }
    home.write(_documents() | _registers(), [*files, register])
    home.build(compiled_project, MARTS)
    return home


def _rows(home: DbtHome, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.rule("E07")
@pytest.mark.parametrize(
    ("category", "expected"),
    [
        # NOK, threshold, at or above, responsible; of the greatest window
        ("exact", ("1300000.00", "1300000.00", True, "central_purchasing")),
        ("under", ("1299999.99", "1300000.00", False, "sector")),
        ("day366", ("1300000.00", "1300000.00", True, "central_purchasing")),
        ("day367", ("700000.00", "1300000.00", False, "sector")),
        ("leap_in", ("1300000.00", "1300000.00", True, "central_purchasing")),
        ("leap_out", ("700000.00", "1300000.00", False, "sector")),
        ("raised", ("1100000.00", "1100000.00", True, "central_purchasing")),
        ("credited", ("1299999.99", "1300000.00", False, "sector")),
        ("split", ("1300000.00", "1300000.00", True, "central_purchasing")),
        ("special", ("9000000.00", None, None, None)),
        ("eea", ("2200000.00", "1300000.00", True, "central_purchasing")),
    ],
)
def test_the_greatest_window_of_a_category_is_judged_by_its_first_purchase(
    home: DbtHome, category: str, expected: tuple[str, str | None, bool | None, str | None]
) -> None:
    nok, limit, above, responsible = expected
    rows = _rows(
        home,
        "select spend_without_agreement_nok, threshold_nok, is_at_or_above, responsible "
        f"from mart_threshold_watch where is_peak and scope = 'municipality' "
        f"and category_id = '{category}'",
    )
    assert rows == [(Decimal(nok), None if limit is None else Decimal(limit), above, responsible)]


@pytest.mark.rule("E07")
def test_splitting_hides_from_the_supplier_but_not_from_the_municipality(home: DbtHome) -> None:
    rows = _rows(
        home,
        "select scope, supplier_id, unit_count, supplier_count, is_at_or_above "
        "from mart_threshold_watch where category_id = 'split' and is_peak order by 1, 2",
    )
    assert rows == [
        ("municipality", None, 2, 2, True),
        ("supplier", f"NO{B}", 1, 1, False),
        ("supplier", f"NO{A}", 1, 1, False),
    ]
    units = _rows(
        home,
        "select unit_id, sector, spend_nok from mart_threshold_unit "
        "where category_id = 'split' and scope = 'municipality' "
        "and window_start = date '2019-01-10' order by 1",
    )
    assert units == [
        ("u1", "Oppvekst", Decimal("700000.00")),
        ("u2", "Helse", Decimal("600000.00")),
    ]


@pytest.mark.rule("E07")
def test_the_latest_threshold_stands_beside_that_of_the_first_purchase(home: DbtHome) -> None:
    rows = _rows(
        home,
        "select threshold_nok, threshold_now_nok, eea_threshold_nok, eea_threshold_now_nok, "
        "is_at_or_above_eea, is_threshold_verified from mart_threshold_watch "
        "where category_id in ('raised', 'eea') and scope = 'municipality' and is_peak "
        "order by window_start",
    )
    assert rows == [
        (*map(Decimal, ("1100000", "1300000", "1750000", "2300000")), False, True),
        (*map(Decimal, ("1300000", "1300000", "2200000", "2300000")), True, True),
    ]


@pytest.mark.rule("E07")
def test_all_windows_are_those_of_the_independent_computation(home: DbtHome) -> None:
    lines = [
        Line(category, f"NO{supplier}", dt.date.fromisoformat(date), int(Decimal(nok) * 100))
        for _, category, (date, supplier, _, nok) in _purchases()
        if category != "agreed"
    ]
    kinds = {name: "special" if name == "special" else "goods_services" for name in ALL}
    expected = watch(lines, NATIONAL, EEA, kinds)
    found = {
        ((scope, supplier, category), start): Window(
            end,
            int(nok * 100),
            None if limit is None else int(limit * 100),
            above,
            peak,
        )
        for scope, supplier, category, start, end, nok, limit, above, peak in _rows(
            home,
            "select scope, supplier_id, category_id, window_start, window_end, "
            "spend_without_agreement_nok, threshold_nok, is_at_or_above, is_peak "
            "from mart_threshold_watch where category_id <> 'agreed'",
        )
    }
    assert found == expected
    assert len(found) > 60


@pytest.mark.rule("E15")
def test_ten_percent_is_saved_on_the_agreement_and_lost_past_it(home: DbtHome) -> None:
    rows = _rows(
        home,
        "select planned_saving_nok, on_agreement_nok, realised_saving_nok, leaked_spend_nok, "
        "leaked_saving_nok, realised_share from mart_saving",
    )
    # 10 % of 2 000; 900 paid after 10 %; 10 % of 200 - 50
    assert rows == [(*map(Decimal, ("200", "900", "100", "150", "15")), 0.5)]


@pytest.mark.rule("A13", "A14")
def test_the_suppliers_dependence_and_open_deviations(home: DbtHome) -> None:
    rows = _rows(
        home,
        "select spend_nok, turnover_share, sole_category_count, ending_agreement_count, "
        f"open_high_count, open_claim_nok from mart_supplier_risk "
        f"where year = 2024 and supplier_id = 'NO{A}'",
    )
    # 2 200 000 + 900 of 8 803 600; alone in «eea»; the agreement's last day is a year ahead
    assert rows == [(Decimal("2200900"), 0.25, 1, 1, 1, Decimal(100))]
    status = _rows(
        home, "select agreement_id, open_count, oldest_open_days from mart_deviation_status"
    )
    assert status == [("X", 1, 30)]


@pytest.mark.parametrize("name", MARTS)
def test_the_suite_of_each_mart_finds_nothing(home: DbtHome, name: str) -> None:
    suite = SUITES[name]
    checks = (*suite.checks, *(declared.check() for declared in suite.sums_to))
    broken = {
        check.id: found
        for check in checks
        if (found := _rows(home, check.bad_rows.replace(RUN_CONTEXT, "stg_inputs__run_context")))
    }
    assert broken == {}
