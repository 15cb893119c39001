"""Agreements from the registers to the calendar, turnover and prices, on one lake made by hand.

Every date and amount here is worked out on paper. As of 2024-12-31.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome

pytestmark = pytest.mark.slow

MARTS = (
    "mart_agreement_calendar", "mart_agreement_status", "mart_agreement_turnover",
    "mart_lead_buyer", "mart_category_agreement_gap", "mart_price_change",
    "mart_agreement_option", "mart_agreement_scorecard", "bridge_agreement_party",
)  # fmt: skip
BUYER, HEALTH, CHAIRS, SHOP = "974760673", "923609016", "971035854", "889640782"


def registered(*rows: dict[str, object]) -> list[dict[str, object]]:
    return [{"source_sha256": "reg", "source_row": n, **row} for n, row in enumerate(rows, 1)]


def agreement(
    agreement_id: str, first: date, last: date | None, **values: object
) -> dict[str, object]:
    return {
        "agreement_id": agreement_id,
        "title": agreement_id,
        "is_binding": True,
        "own_production_allowed": False,
        "lead_buyer": "Kommunen",
        "valid_from": first,
        "end_date": last,
        "agreement_manager": "Innkjøp",
        **values,
    }


def options(agreement_id: str, *months: int, exercised: Sequence[date] = ()) -> list[Any]:
    return [
        {
            "agreement_id": agreement_id,
            "option_number": n,
            "length_months": length,
            "is_exercised": n <= len(exercised),
            "exercised_date": exercised[n - 1] if n <= len(exercised) else None,
        }
        for n, length in enumerate(months, 1)
    ]


def invoice(
    number: str, day: date, seller: str, amount: str, quantity: int, item: str | None = "i-1"
) -> tuple[dict[str, object], dict[str, object]]:
    document: dict[str, object] = {
        "source_sha256": number,
        "source_row": 1,
        "document_id": number,
        "document_kind": "invoice",
        "profile": "peppol_bis3",
        "document_number": number,
        "issue_date": day,
        "currency": "NOK",
        "seller_orgnr": seller,
        "seller_name": f"Selger {seller}",
        "buyer_orgnr": BUYER,
        "tax_exclusive_amount": Decimal(amount),
    }
    line: dict[str, object] = {
        "source_sha256": number,
        "source_row": 1,
        "document_id": number,
        "line_kind": "line",
        "amount": Decimal(amount),
        "quantity": Decimal(quantity),
        "unit_code": "EA",
        "price_amount": Decimal(amount) / quantity,
        "item_name": "Helsesjekk",
        "sellers_item_id": item,
    }
    return document, line


INVOICES = (
    invoice("D1", date(2023, 3, 1), HEALTH, "500.00", 10),
    invoice("D2", date(2024, 2, 1), HEALTH, "1000.00", 10),
    invoice("D3", date(2024, 8, 1), HEALTH, "2660.00", 20),
    invoice("D4", date(2024, 8, 1), CHAIRS, "250.00", 1, None),
)
LAKE: dict[str, list[dict[str, object]]] = {
    "ehf_document": [document for document, _ in INVOICES],
    "ehf_line": [line for _, line in INVOICES],
    "reg_unit": registered({"unit_id": "U", "name": "Enhet", "orgnr": BUYER}),
    "reg_category": registered(
        {"category_id": "BHT", "name": "Bedriftshelse", "faggruppe": "HR", "kind": "health_social",
         "is_addressable": True},
        {"category_id": "LEGE", "name": "Legevakt", "faggruppe": "HR", "kind": "health_social",
         "is_addressable": True},
        {"category_id": "STOL", "name": "Stoler", "faggruppe": "Bygg", "kind": "goods_services",
         "is_addressable": True},
    ),
    "reg_supplier_category": registered(
        {"orgnr": HEALTH, "category_id": "BHT", "is_single_category": True},
        {"orgnr": CHAIRS, "category_id": "STOL", "is_single_category": True},
    ),
    "reg_agreement": registered(
        agreement("A01", date(2020, 5, 21), date(2022, 5, 20), lead_time_months=9),
        agreement(
            "D01", date(2023, 1, 11), date(2025, 1, 10), agreement_manager=None,
            lead_buyer="NRI", ceiling_nok=Decimal("10000.00"), party_forms="KOMM;FYLK",
            stated_party_count=3,
        ),
        agreement("FEB", date(2022, 3, 1), date(2024, 2, 29), notice_months=2, lead_time_months=6),
        agreement("GONE", date(2023, 1, 1), date(2024, 12, 30)),
        agreement("LAST", date(2023, 1, 1), date(2024, 12, 31), notice_days=1),
        agreement("LATER", date(2025, 1, 1), date(2026, 12, 31)),
        agreement("OPEN", date(2023, 1, 1), None),
        agreement("TODAY", date(2023, 1, 1), date(2024, 12, 31), ceiling_nok=Decimal(0)),
    ),
    "reg_agreement_option": registered(
        *options("A01", 12, 12),
        *options("D01", 24, 12, 12),
        *options("FEB", 12, 12, exercised=[date(2023, 12, 29)]),
        *options("GONE", 12),
        *options("LAST", 12, exercised=[date(2024, 12, 31)]),
        *options("OPEN", 12),
    ),
    "reg_agreement_lot": registered({"agreement_id": "D01", "lot": "1"}),
    "reg_lot_supplier": registered(
        {"agreement_id": "D01", "lot": "1", "orgnr": HEALTH, "supplier_rank": 1},
    ),
    "reg_lot_unit": registered({"agreement_id": "D01", "lot": "1", "unit_id": "*"}),
    "reg_lot_category": registered({"agreement_id": "D01", "lot": "1", "category_id": "BHT"}),
    "reg_agreement_party": registered(
        {"agreement_id": "D01", "name": "Vik", "orgnr": BUYER, "organisation_form": "KOMM"},
        {"agreement_id": "D01", "name": "Butikk", "orgnr": SHOP, "organisation_form": "AS"},
        {"agreement_id": "D01", "name": "Forlot", "valid_to": date(2023, 12, 31)},
    ),
    "reg_service_option": registered(
        {"agreement_id": "D01", "option_id": "1", "title": "Sjekk", "category_id": "BHT",
         "is_exercised": True, "exercised_date": date(2024, 8, 1)},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject) -> DbtHome:
    home = DbtHome(tmp_path_factory.mktemp("contracts"))
    home.write(LAKE)
    home.build(compiled_project, MARTS)
    return home


def rows(home: DbtHome, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def events(home: DbtHome, agreement_id: str) -> dict[str, tuple[date, str]]:
    found = rows(
        home,
        "select event, event_date, status from mart_agreement_calendar "
        f"where agreement_id = '{agreement_id}'",
    )
    return {event: (day, status) for event, day, status in found}


@pytest.mark.rule("A01")
def test_a01_could_last_until_20_may_2024(lake: DbtHome) -> None:
    assert events(lake, "A01") == {
        "start": (date(2020, 5, 21), "passed"),
        "end": (date(2022, 5, 20), "passed"),
        "ended": (date(2022, 5, 20), "overdue"),
        "option_deadline": (date(2022, 2, 20), "lapsed"),
        "option_start_1": (date(2022, 5, 21), "lapsed"),
        "option_start_2": (date(2023, 5, 21), "lapsed"),
        "latest_end": (date(2024, 5, 20), "lapsed"),
        "competition_start": (date(2023, 8, 20), "overdue"),
    }


@pytest.mark.rule("D01", "E12")
def test_d01_can_last_until_10_january_2029_and_is_shown_for_review(lake: DbtHome) -> None:
    # Health and social: twelve months for a new competition; three months' notice.
    assert events(lake, "D01") == {
        "start": (date(2023, 1, 11), "passed"),
        "end": (date(2025, 1, 10), "upcoming"),
        "option_deadline": (date(2024, 10, 10), "overdue"),
        "option_start_1": (date(2025, 1, 11), "conditional"),
        "option_start_2": (date(2027, 1, 11), "conditional"),
        "option_start_3": (date(2028, 1, 11), "conditional"),
        "review": (date(2027, 1, 11), "conditional"),
        "latest_end": (date(2029, 1, 10), "conditional"),
        "competition_start": (date(2028, 1, 10), "upcoming"),
    }
    assert rows(
        lake,
        "select agreement_id, total_months, is_over_review_limit from mart_agreement_status "
        "where agreement_id in ('A01', 'D01', 'OPEN') order by 1",
    ) == [("A01", 48, False), ("D01", 72, True), ("OPEN", None, True)]


@pytest.mark.rule("A01", "D01")
def test_the_last_of_february_stays_the_last_of_february(lake: DbtHome) -> None:
    found = events(lake, "FEB")
    assert found["end"] == (date(2025, 2, 28), "upcoming")
    assert found["latest_end"] == (date(2026, 2, 28), "conditional")
    assert found["option_deadline"] == (date(2024, 12, 28), "overdue")
    assert found["competition_start"] == (date(2025, 8, 28), "upcoming")


@pytest.mark.rule("A01")
def test_the_first_and_the_last_day_count(lake: DbtHome) -> None:
    assert rows(
        lake,
        "select agreement_id, status, days_left, end_date from mart_agreement_status "
        "where agreement_id in ('GONE', 'LAST', 'LATER', 'OPEN', 'TODAY') order by 1",
    ) == [
        ("GONE", "ended", -1, date(2024, 12, 30)),
        ("LAST", "active", 365, date(2025, 12, 31)),
        ("LATER", "not_started", 730, date(2026, 12, 31)),
        ("OPEN", "active", None, date(9999, 12, 31)),
        ("TODAY", "active", 0, date(2024, 12, 31)),
    ]
    assert set(events(lake, "OPEN")) == {"start", "review"}
    assert events(lake, "TODAY")["end"][1] == "upcoming"
    assert events(lake, "GONE")["ended"] == (date(2024, 12, 30), "overdue")
    assert events(lake, "GONE")["option_deadline"][1] == "lapsed"


@pytest.mark.rule("A10")
def test_an_option_exercised_on_the_last_day_counts_and_is_late(lake: DbtHome) -> None:
    assert rows(
        lake,
        "select agreement_id, option_kind, option_id, state, is_exercised_late, spend_nok, "
        "spend_before_nok from mart_agreement_option "
        "where agreement_id in ('LAST', 'GONE', 'OPEN') or option_kind = 'service' "
        "order by 1, 2, 3",
    ) == [
        ("D01", "service", "1", "exercised", False, Decimal("2660.00"), Decimal("1500.00")),
        ("GONE", "extension", "1", "lapsed", False, Decimal("0.00"), None),
        ("LAST", "extension", "1", "exercised", True, Decimal("0.00"), None),
    ]


@pytest.mark.rule("A13")
def test_turnover_burns_the_ceiling_at_ten_kroner_a_day(lake: DbtHome) -> None:
    # 3 660 in the 366 days of 2024; 10 days to the end; 5 840 left takes 584 days.
    assert rows(
        lake,
        "select turnover_nok, pace_nok, pace_days, projected_nok, ceiling_share, ceiling_date, "
        "is_ceiling_date_projected from mart_agreement_status where agreement_id = 'D01'",
    ) == [
        (
            Decimal("4160.00"), Decimal("3660.00"), 366, Decimal("4260.00"), 0.416,
            date(2026, 8, 7), True,
        )
    ]  # fmt: skip
    assert rows(
        lake,
        "select ceiling_share, ceiling_date, is_without_turnover from mart_agreement_status "
        "where agreement_id = 'TODAY'",
    ) == [(None, None, True)]


@pytest.mark.rule("A15", "E14")
def test_an_agreement_without_an_owner_is_shown(lake: DbtHome) -> None:
    # FEB, LAST, OPEN and TODAY run.
    assert rows(
        lake,
        "select agreement_id, is_without_owner, owner_agreement_count from mart_agreement_status "
        "where agreement_id in ('D01', 'TODAY') order by 1",
    ) == [("D01", True, None), ("TODAY", False, 4)]


@pytest.mark.rule("C01", "C04")
def test_parties_are_counted_and_held_against_the_agreements_terms(lake: DbtHome) -> None:
    assert rows(
        lake,
        "select party_count, stated_party_count, party_count_difference "
        "from mart_agreement_status where agreement_id = 'D01'",
    ) == [(2, 3, -1)]
    assert rows(
        lake, "select party_name, is_eligible from bridge_agreement_party order by party_name"
    ) == [("Butikk", False), ("Forlot", None), ("Vik", True)]


@pytest.mark.rule("E05")
def test_categories_without_agreement_come_first(lake: DbtHome) -> None:
    assert rows(
        lake,
        "select category_id, spend_nok, without_agreement_nok, agreement_count, "
        "is_without_agreement, is_faggruppe_without_agreement from mart_category_agreement_gap "
        "where year = 2024 and category_id <> 'unknown' order by gap_rank",
    ) == [
        ("STOL", Decimal("250.00"), Decimal("250.00"), 0, True, True),
        ("LEGE", Decimal("0.00"), Decimal("0.00"), 0, True, False),
        ("BHT", Decimal("3660.00"), Decimal("0.00"), 1, False, False),
    ]


@pytest.mark.rule("A13", "E20")
def test_turnover_per_quarter_and_lead_buyer(lake: DbtHome) -> None:
    assert rows(
        lake,
        "select year, quarter, agreement_id, category_id, lead_buyer, turnover_nok, line_count "
        "from mart_agreement_turnover order by year, quarter",
    ) == [
        (2023, 1, "D01", "BHT", "NRI", Decimal("500.00"), 1),
        (2024, 1, "D01", "BHT", "NRI", Decimal("1000.00"), 1),
        (2024, 3, "D01", "BHT", "NRI", Decimal("2660.00"), 1),
    ]
    assert rows(
        lake,
        "select lead_buyer, agreement_count, used_agreement_count, turnover_nok, turnover_share "
        "from mart_lead_buyer where year = 2024 order by 1",
    ) == [
        # FEB, GONE, LAST, OPEN and TODAY; A01 ended in 2022.
        ("Kommunen", 5, 0, Decimal("0.00"), 0.0),
        ("NRI", 1, 1, Decimal("3660.00"), 1.0),
    ]


@pytest.mark.rule("A13")
def test_a_price_that_rose_from_100_to_133_costs_660_on_20_pieces(lake: DbtHome) -> None:
    assert rows(
        lake,
        "select quarter_start, item_id, unit_price_nok, price_effect_nok from mart_price_change "
        "order by quarter_start",
    ) == [
        (date(2023, 1, 1), "I-1", Decimal("50.0000"), None),
        (date(2024, 1, 1), "I-1", Decimal("100.0000"), Decimal("500.00")),
        (date(2024, 7, 1), "I-1", Decimal("133.0000"), Decimal("660.00")),
    ]


@pytest.mark.rule("D09")
def test_the_scorecard_of_a_loyal_year(lake: DbtHome) -> None:
    assert rows(
        lake,
        "select turnover_nok, loyalty_low, loyalty_high, used_supplier_count "
        "from mart_agreement_scorecard where agreement_id = 'D01' and year = 2024",
    ) == [(Decimal("3660.00"), 1.0, 1.0, 1)]
