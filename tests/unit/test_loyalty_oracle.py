"""The loyalty oracle against the worked cases of the definition, by hand and without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.integration import loyalty_oracle as oracle
from tests.integration.loyalty_oracle import Piece, Registers, Settings

Row = dict[str, Any]

AVONOVA, ARBEIDSMILJOHUSET, THIRD = "avonova", "arbeidsmiljohuset", "third"
FROGNER, ALNA, FORNEBUBANEN, SCHOOLS = "frogner", "alna", "fornebubanen", "utdanningsetaten"
HEALTH, CHAIRS, UNKNOWN = "occupational_health", "office_chairs", "unknown"
ZONES = {
    "1": ([FROGNER], AVONOVA),
    "2": ([ALNA, FORNEBUBANEN], ARBEIDSMILJOHUSET),
    "3": ([SCHOOLS], ARBEIDSMILJOHUSET),
}
START = date(2023, 1, 11)
AFTER_BASE, AFTER_FIRST_OPTION = date(2025, 1, 11), date(2027, 1, 11)
NUMBER = "KA 2022-117"


def occupational_health(end: date = AFTER_BASE, exemptions: list[Row] | None = None) -> Registers:
    """The agreement of the worked cases, in force until the day before `end`."""

    def rows(lot: str, column: str, values: list[str], **more: object) -> list[Row]:
        period = {"valid_from": START, "valid_to": end}
        return [{"agreement_id": "bht", "lot": lot, column: v, **period, **more} for v in values]

    return Registers(
        agreements=[{"agreement_id": "bht", "is_binding": True, "valid_from": START}],
        lot_suppliers=[
            row
            for lot, (_, supplier) in ZONES.items()
            for row in rows(lot, "supplier_id", [supplier], supplier_rank=1)
        ],
        lot_units=[row for lot, (units, _) in ZONES.items() for row in rows(lot, "unit_id", units)],
        lot_categories=[row for lot in ZONES for row in rows(lot, "category_id", [HEALTH])],
        references=[{"agreement_id": "bht", "reference_normalised": "KA2022117"}],
        exemptions=exemptions or [],
    )


def line(
    unit: str,
    supplier: str,
    day: date,
    category: str = HEALTH,
    amount: str = "1000.00",
    document: str = "F1",
    row: int = 1,
    **more: object,
) -> Row:
    """One line of the enriched table."""
    return {
        "spend_line_id": f"{document}-{row}",
        "source_row": row,
        "document_id": document,
        "document_number": document,
        "document_kind": "invoice",
        "line_kind": "line",
        "issue_date": day,
        "decisive_date": day,
        "year": day.year,
        "supplier_id": supplier,
        "unit_id": unit,
        "category_id": category,
        "contract_reference": None,
        "order_reference": None,
        "item_key": None,
        "amount_nok": Decimal(amount),
        **more,
    }


@pytest.mark.parametrize(
    ("unit", "supplier", "day", "end", "expected"),
    [
        (FROGNER, AVONOVA, date(2023, 5, 2), AFTER_BASE, "on_agreement"),
        (FROGNER, ARBEIDSMILJOHUSET, date(2023, 5, 2), AFTER_BASE, "wrong_zone"),
        (SCHOOLS, ARBEIDSMILJOHUSET, date(2023, 5, 2), AFTER_BASE, "on_agreement"),
        (SCHOOLS, AVONOVA, date(2023, 5, 2), AFTER_BASE, "wrong_zone"),
        (ALNA, THIRD, date(2024, 2, 29), AFTER_BASE, "off_agreement"),
        (ALNA, ARBEIDSMILJOHUSET, date(2023, 1, 10), AFTER_BASE, "outside_period"),
        (ALNA, ARBEIDSMILJOHUSET, date(2016, 5, 1), AFTER_BASE, "no_agreement"),
        (ALNA, ARBEIDSMILJOHUSET, date(2025, 1, 10), AFTER_BASE, "on_agreement"),
        (ALNA, ARBEIDSMILJOHUSET, date(2025, 1, 11), AFTER_BASE, "outside_period"),
        (ALNA, ARBEIDSMILJOHUSET, date(2025, 1, 11), AFTER_FIRST_OPTION, "on_agreement"),
        (ALNA, THIRD, date(2025, 1, 11), AFTER_BASE, "no_agreement"),
        # Twelve months before the first day and after the last one, and the days beyond.
        (ALNA, ARBEIDSMILJOHUSET, date(2022, 1, 11), AFTER_BASE, "outside_period"),
        (ALNA, ARBEIDSMILJOHUSET, date(2022, 1, 10), AFTER_BASE, "no_agreement"),
        (ALNA, ARBEIDSMILJOHUSET, date(2026, 1, 10), AFTER_BASE, "outside_period"),
        (ALNA, ARBEIDSMILJOHUSET, date(2026, 1, 11), AFTER_BASE, "no_agreement"),
    ],
)
def test_a_line_of_occupational_health_gets_the_class_of_the_worked_case(
    unit: str, supplier: str, day: date, end: date, expected: str
) -> None:
    judgement = oracle.judge(line(unit, supplier, day), occupational_health(end))
    assert judgement.loyalty_class == expected


def test_the_order_date_decides_not_the_issue_date() -> None:
    ordered = line(
        ALNA, ARBEIDSMILJOHUSET, date(2025, 1, 20), decisive_date=date(2025, 1, 8)
    )  # issued after the end
    assert oracle.judge(ordered, occupational_health()).loyalty_class == "on_agreement"


def test_a_contract_number_does_not_make_office_chairs_loyal() -> None:
    chairs = line(
        ALNA, ARBEIDSMILJOHUSET, date(2024, 3, 1), CHAIRS, contract_reference=NUMBER.lower()
    )
    judgement = oracle.judge(chairs, occupational_health())
    assert (judgement.loyalty_class, judgement.reference_mismatch) == ("no_agreement", True)


def test_a_reference_decides_where_the_category_is_unknown() -> None:
    named = line(ALNA, ARBEIDSMILJOHUSET, date(2024, 3, 1), UNKNOWN, order_reference=NUMBER)
    judgement = oracle.judge(named, occupational_health())
    assert (judgement.loyalty_class, judgement.loyalty_evidence) == ("on_agreement", "reference")
    assert (judgement.lot, judgement.reference_mismatch) == ("2", False)


def test_an_exempt_unit_is_not_covered() -> None:
    granted = {
        "agreement_id": "bht",
        "unit_id": ALNA,
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2025, 1, 1),
    }
    registers = occupational_health(exemptions=[granted])
    within = line(ALNA, THIRD, date(2024, 3, 1))
    after = line(ALNA, THIRD, date(2025, 1, 1))
    assert oracle.judge(within, registers).loyalty_class == "no_agreement"
    assert oracle.judge(after, registers).loyalty_class == "off_agreement"


def brackets(lines: list[Row], registers: Registers) -> dict[tuple[str, str], Row]:
    """mart_loyalty by (unit, agreement) of the year 2024."""
    pieces = oracle.spend_lines(lines, [], registers)
    marts = oracle.mart_loyalty(pieces, registers)
    return {
        (unit, agreement): row for (year, unit, agreement), row in marts.items() if year == 2024
    }


def test_the_lots_own_supplier_is_positive_where_the_category_is_unknown() -> None:
    lines = [line(ALNA, ARBEIDSMILJOHUSET, date(2024, 3, 1), UNKNOWN)]
    row = brackets(lines, occupational_health())[ALNA, "bht"]
    assert row["undetermined_positive_nok"] == 1000
    assert row["undetermined_negative_nok"] == 0


def test_a_known_seller_is_negative_where_the_category_is_unknown() -> None:
    lines = [
        line(ALNA, THIRD, date(2024, 3, 1), UNKNOWN),
        line(FROGNER, THIRD, date(2023, 6, 1), document="F2"),
    ]
    row = brackets(lines, occupational_health())[ALNA, "bht"]
    assert row["undetermined_positive_nok"] == 0
    assert row["undetermined_negative_nok"] == 1000


def test_a_unit_that_bought_nothing_has_a_row_that_is_not_assessed() -> None:
    lines = [line(ALNA, ARBEIDSMILJOHUSET, date(2024, 3, 1))]
    row = brackets(lines, occupational_health())[FORNEBUBANEN, "bht"]
    assert (row["status"], row["loyalty_low"], row["on_agreement_nok"]) == ("not_assessed", None, 0)


def test_a_line_of_unknown_unit_stands_in_the_row_of_the_unknown_unit_only() -> None:
    lines = [line(UNKNOWN, ARBEIDSMILJOHUSET, date(2024, 3, 1))]
    rows = brackets(lines, occupational_health())
    assert rows[UNKNOWN, "bht"]["undetermined_positive_nok"] == 1000
    assert sum(row["undetermined_positive_nok"] for row in rows.values()) == 1000


def loyalty(on: int, wrong: int, off: int, positive: int, negative: int) -> tuple[object, object]:
    """The interval of the sums (thousands), rounded to four decimals."""
    row = {
        "on_agreement_nok": Decimal(on * 1000),
        "wrong_zone_nok": Decimal(wrong * 1000),
        "off_agreement_nok": Decimal(off * 1000),
        "undetermined_positive_nok": Decimal(positive * 1000),
        "undetermined_negative_nok": Decimal(negative * 1000),
        "line_count": 20,
    }
    spend = Decimal(2_000_000)
    found = oracle.interval(row, spend, spend, Settings())
    assert found["status"] == "assessed"
    return round(found["loyalty_low"], 4), round(found["loyalty_high"], 4)


@pytest.mark.parametrize(
    ("positive", "negative", "low", "high"),
    [
        (0, 0, 0.6667, 0.6667),
        (100, 0, 0.6667, 0.7000),
        (0, 100, 0.6000, 0.6667),
        (60, 40, 0.6383, 0.6875),
    ],
)
def test_the_interval_of_the_worked_figures(
    positive: int, negative: int, low: float, high: float
) -> None:
    assert loyalty(600, 100, 200, positive, negative) == (low, high)


def credit_note(amount: str, item_key: str | None = None) -> Row:
    """A credit note to Alna from its own supplier, of unknown category."""
    note = line(ALNA, ARBEIDSMILJOHUSET, date(2024, 5, 1), UNKNOWN, amount, "K1")
    return {**note, "document_kind": "credit_note", "item_key": item_key}


CREDITS_F1 = [{"document_id": "K1", "referenced_number": "F1", "referenced_date": None}]


def split_by_class(pieces: list[Piece], line_id: str) -> dict[str, Decimal]:
    """Amounts of one line's pieces by class."""
    return {
        piece.judgement.loyalty_class: piece.amount
        for piece in pieces
        if piece.line["spend_line_id"] == line_id
    }


def invoice_on_and_off() -> tuple[list[Row], Registers]:
    """One invoice: 60 000 on agreement, and 40 000 of chairs that another agreement covers."""
    period = {"agreement_id": "chairs", "lot": "1", "valid_from": START, "valid_to": AFTER_BASE}
    health = occupational_health()
    registers = Registers(
        [*health.agreements, {"agreement_id": "chairs", "is_binding": True, "valid_from": START}],
        [*health.lot_suppliers, {**period, "supplier_id": THIRD, "supplier_rank": 1}],
        [*health.lot_units, {**period, "unit_id": ALNA}],
        [*health.lot_categories, {**period, "category_id": CHAIRS}],
    )
    day = date(2024, 3, 1)
    lines = [
        line(ALNA, ARBEIDSMILJOHUSET, day, HEALTH, "60000.00", row=1, item_key="a"),
        line(ALNA, ARBEIDSMILJOHUSET, day, CHAIRS, "40000.00", row=2, item_key="b"),
    ]
    return lines, registers


def test_a_credit_without_item_match_is_spread_over_the_credited_document() -> None:
    lines, registers = invoice_on_and_off()
    pieces = oracle.spend_lines([*lines, credit_note("-100000.00")], CREDITS_F1, registers)
    assert split_by_class(pieces, "K1-1") == {
        "on_agreement": Decimal("-60000.00"),
        "off_agreement": Decimal("-40000.00"),
    }


def test_a_credit_follows_the_line_with_its_item() -> None:
    lines, registers = invoice_on_and_off()
    pieces = oracle.spend_lines([*lines, credit_note("-100000.00", "b")], CREDITS_F1, registers)
    assert split_by_class(pieces, "K1-1") == {"off_agreement": Decimal("-100000.00")}


def test_a_credit_keeps_its_own_unit() -> None:
    lines, registers = invoice_on_and_off()
    note = {**credit_note("-100.00", "a"), "unit_id": SCHOOLS}
    pieces = oracle.spend_lines([*lines, note], CREDITS_F1, registers)
    assert [p.unit_id for p in pieces if p.line["document_id"] == "K1"] == [SCHOOLS]


def test_a_credit_of_an_unknown_unit_takes_the_credited_lines_unit() -> None:
    lines, registers = invoice_on_and_off()
    lines[1]["unit_id"] = SCHOOLS
    note = {**credit_note("-100.00"), "unit_id": UNKNOWN, "unit_evidence": "conflict"}
    pieces = oracle.spend_lines([*lines, note], CREDITS_F1, registers)
    taken = {p.unit_id: p for p in pieces if p.line["document_id"] == "K1"}
    assert {unit: piece.amount for unit, piece in taken.items()} == {
        ALNA: Decimal("-60.00"),
        SCHOOLS: Decimal("-40.00"),
    }
    assert {piece.unit_evidence for piece in taken.values()} == {"credited_line"}


def test_a_negative_line_of_an_invoice_follows_the_invoice_that_it_names() -> None:
    lines, registers = invoice_on_and_off()
    note = {**credit_note("-100000.00"), "document_kind": "invoice"}
    more = {**note, "spend_line_id": "K1-2", "source_row": 2, "amount_nok": Decimal("50.00")}
    pieces = oracle.spend_lines([*lines, note, more], CREDITS_F1, registers)
    assert split_by_class(pieces, "K1-1") == {
        "on_agreement": Decimal("-60000.00"),
        "off_agreement": Decimal("-40000.00"),
    }
    assert split_by_class(pieces, "K1-2") == {"undetermined": Decimal("50.00")}


def test_an_invoice_does_not_credit_itself() -> None:
    lines, registers = invoice_on_and_off()
    note = {**credit_note("-100.00"), "document_kind": "invoice"}
    itself = [{"document_id": "K1", "referenced_number": "K1", "referenced_date": None}]
    pieces = oracle.spend_lines([*lines, note], itself, registers)
    assert split_by_class(pieces, "K1-1") == {"undetermined": Decimal("-100.00")}


def test_a_year_without_spend_has_no_row() -> None:
    lines = [line(ALNA, THIRD, date(year, 5, 1), document=f"F{year}") for year in (2023, 2025)]
    registers = occupational_health(AFTER_FIRST_OPTION)
    marts = oracle.mart_loyalty(oracle.spend_lines(lines, [], registers), registers)
    assert {year for year, _, _ in marts} == {2023, 2025}


def test_a_credit_without_reference_is_judged_like_any_other_line() -> None:
    lines, registers = invoice_on_and_off()
    pieces = oracle.spend_lines([*lines, credit_note("-100.00")], [], registers)
    assert split_by_class(pieces, "K1-1") == {"undetermined": Decimal("-100.00")}


def test_freight_follows_the_lines_of_its_document() -> None:
    lines, registers = invoice_on_and_off()
    freight = {
        **line(ALNA, ARBEIDSMILJOHUSET, date(2024, 3, 1), UNKNOWN, "100.01", row=3),
        "line_kind": "charge",
    }
    pieces = oracle.spend_lines([*lines, freight], [], registers)
    assert split_by_class(pieces, "F1-3") == {
        "on_agreement": Decimal("60.01"),
        "off_agreement": Decimal("40.00"),
    }


@pytest.mark.parametrize(
    ("amount", "weights", "expected"),
    [
        ("1.00", ["1", "1", "1"], ["0.34", "0.33", "0.33"]),
        ("-1.00", ["1", "1", "1"], ["-0.34", "-0.33", "-0.33"]),
        ("100.01", ["100", "300"], ["25.00", "75.01"]),
        ("0.00", ["1", "2"], ["0.00", "0.00"]),
    ],
)
def test_an_amount_is_divided_to_the_last_ore(
    amount: str, weights: list[str], expected: list[str]
) -> None:
    parts = oracle.divided(Decimal(amount), [Decimal(weight) for weight in weights])
    assert parts == [Decimal(part) for part in expected]
    assert sum(parts) == Decimal(amount)


def test_voluntary_and_binding_cover_stand_apart_in_coverage() -> None:
    lines = [
        line(ALNA, THIRD, date(2024, 3, 1), amount="600.00", row=1),
        line(ALNA, THIRD, date(2024, 3, 1), CHAIRS, "400.00", row=2),
    ]
    registers = occupational_health()
    categories = [
        {"category_id": HEALTH, "is_addressable": True},
        {"category_id": CHAIRS, "is_addressable": True},
    ]
    coverage = oracle.mart_coverage(oracle.spend_lines(lines, [], registers), categories)
    assert coverage[2024, HEALTH]["covered_nok"] == 600
    assert coverage[2024, HEALTH]["coverage_share"] == 1
    assert coverage[2024, CHAIRS]["uncovered_nok"] == 400
    assert coverage[2024, CHAIRS]["coverage_share"] == 0


LOT = {"agreement_id": "bht", "lot": "1", "valid_from": START, "valid_to": AFTER_BASE}


def registered(orgnr: str, **more: object) -> Row:
    """One row of the register of suppliers on lots."""
    return {
        "agreement_id": "bht",
        "lot": "1",
        "orgnr": orgnr,
        "supplier_rank": None,
        "supplier_role": "supplier",
        "direct_call_off_allowed": False,
        "valid_from": oracle.FIRST_DAY,
        "valid_to": oracle.OPEN_END,
        **more,
    }


@pytest.mark.rule("D02")
def test_a_successor_stands_on_the_lot_from_the_day_and_the_one_before_until_it() -> None:
    day = date(2024, 7, 1)
    handover = {"orgnr": "1", "successor_orgnr": "2", "valid_from": day, "agreement_id": "*"}
    rows = oracle.suppliers_on_lots([registered("1", supplier_rank=3)], [LOT], [handover])
    found = {r["supplier_id"]: (r["valid_from"], r["valid_to"], r["supplier_basis"]) for r in rows}
    assert found == {
        "NO1": (START, day, "registered"),
        "NO2": (day, AFTER_BASE, "successor"),
    }
    assert {row["supplier_rank"] for row in rows} == {3}


@pytest.mark.rule("D02")
def test_a_handover_of_another_agreement_changes_nothing() -> None:
    handover = {"orgnr": "1", "successor_orgnr": "2", "valid_from": START, "agreement_id": "ks"}
    (row,) = oracle.suppliers_on_lots([registered("1")], [LOT], [handover])
    assert row["supplier_id"] == "NO1"


@pytest.mark.rule("E13")
def test_a_subcontractor_is_on_the_lot_only_with_leave() -> None:
    closed = registered("1", supplier_role="subcontractor")
    opened = registered("2", supplier_role="subcontractor", direct_call_off_allowed=True)
    (row,) = oracle.suppliers_on_lots([closed, opened], [LOT], [])
    assert (row["supplier_id"], row["supplier_basis"]) == ("NO2", "subcontractor")


@pytest.mark.rule("A02")
def test_the_contract_that_the_order_names_is_a_reference() -> None:
    bought = line(ALNA, ARBEIDSMILJOHUSET, date(2024, 3, 1), order_contract_reference=NUMBER)
    assert oracle.judge(bought, occupational_health()).loyalty_evidence == "reference"


@pytest.mark.rule("A02")
@pytest.mark.parametrize(
    ("agreement", "evidence"), [("bht", "price_list"), ("ks", "supplier_category_zone_date")]
)
def test_the_agreements_own_price_list_is_evidence(agreement: str, evidence: str) -> None:
    bought = line(ALNA, ARBEIDSMILJOHUSET, date(2024, 3, 1), price_list_agreement_id=agreement)
    assert oracle.judge(bought, occupational_health()).loyalty_evidence == evidence
