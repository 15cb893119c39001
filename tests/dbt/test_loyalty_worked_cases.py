"""The worked cases of loyalty, end to end in one build: from invoices and registers to the marts.

Each invoice is one line whose number names the case; its class and the figures are worked out by
hand. At the end the whole build is held against the computation in plain Python.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome
from tests.integration import loyalty_oracle as oracle

pytestmark = pytest.mark.slow

AVONOVA, HUSET, THIRD = "974760673", "923609016", "971035854"
OLD, NEW, CLOSED, OPEN = "889640782", "974760746", "971526920", "991825827"
HEALTH, CHAIRS, PAPER, LICENCES = "helse", "stoler", "papir", "lisenser"
FIRST, LAST = dt.date(2023, 1, 11), dt.date(2025, 1, 10)
NUMBER = "KA 2022/117"

# Case: unit, supplier, day, category (None: unknown), class, and what more the invoice says.
CASES: dict[str, tuple[str, str, str, str | None, str, dict[str, object]]] = {
    "01": ("frogner", AVONOVA, "2023-05-02", HEALTH, "on_agreement", {}),
    "02": ("frogner", HUSET, "2023-05-02", HEALTH, "wrong_zone", {}),
    "03": ("skole", HUSET, "2023-05-02", HEALTH, "on_agreement", {}),
    "04": ("skole", AVONOVA, "2023-05-02", HEALTH, "wrong_zone", {}),
    "05": ("alna", THIRD, "2024-02-29", HEALTH, "off_agreement", {}),
    "06": ("alna", HUSET, "2023-01-10", HEALTH, "outside_period", {}),
    "07": ("alna", HUSET, "2016-05-01", HEALTH, "no_agreement", {}),
    "08": ("alna", HUSET, "2025-01-10", HEALTH, "on_agreement", {}),
    "09": ("alna", HUSET, "2025-01-11", HEALTH, "outside_period", {}),
    "10": ("alna", AVONOVA, "2025-01-11", PAPER, "on_agreement", {}),
    "11": ("alna", THIRD, "2025-01-11", HEALTH, "no_agreement", {}),
    "12": (
        "alna",
        HUSET,
        "2025-01-20",
        HEALTH,
        "on_agreement",
        {"order_date": dt.date(2025, 1, 8), "order_reference": "PO-88"},
    ),
    "13": ("alna", HUSET, "2024-03-01", CHAIRS, "no_agreement", {"contract_reference": NUMBER}),
    "14": ("alna", HUSET, "2024-03-01", None, "undetermined", {}),
    "15": ("alna", THIRD, "2024-03-01", None, "undetermined", {}),
    # The agreement's number on goods of unknown category; a rank of two; voluntary.
    "17": ("alna", HUSET, "2024-03-01", None, "on_agreement", {"contract_reference": "ka2022-117"}),
    "18": ("alna", THIRD, "2024-03-01", PAPER, "on_agreement", {}),
    "19": ("alna", AVONOVA, "2024-03-01", LICENCES, "voluntary", {}),
    "20": ("alna", THIRD, "2024-03-01", LICENCES, "no_agreement", {}),
    # One took the other's place on 2024-07-01: the day before and the day, for both of them.
    "21": ("fjell", OLD, "2024-06-30", HEALTH, "on_agreement", {}),
    "22": ("fjell", NEW, "2024-06-30", HEALTH, "off_agreement", {}),
    "23": ("fjell", OLD, "2024-07-01", HEALTH, "off_agreement", {}),
    "24": ("fjell", NEW, "2024-07-01", HEALTH, "on_agreement", {}),
    "25": (
        "fjell",
        OLD,
        "2024-08-15",
        HEALTH,
        "on_agreement",
        {"order_date": dt.date(2024, 6, 30), "order_reference": "PO-89"},
    ),
    # Subcontractors: one that may not be ordered from, one that may.
    "26": ("fjell", CLOSED, "2024-03-01", HEALTH, "off_agreement", {}),
    "27": ("fjell", OPEN, "2024-03-01", HEALTH, "on_agreement", {}),
    # Exempt from 2024-03-01 to 2024-07-31, both days included.
    "28": ("fri", THIRD, "2024-02-29", HEALTH, "off_agreement", {}),
    "29": ("fri", THIRD, "2024-03-01", HEALTH, "no_agreement", {}),
    "30": ("fri", THIRD, "2024-07-31", HEALTH, "no_agreement", {}),
    "31": ("fri", THIRD, "2024-08-01", HEALTH, "off_agreement", {}),
}
AMOUNT = Decimal("1000.00")
UNITS = {
    "frogner": "Bydeler",
    "alna": "Bydeler",
    "skole": "Oppvekst",
    "fornebubanen": "Samferdsel",
    "fjell": "Bydeler",
    "fri": "Bydeler",
    "tall": "Bydeler",
}


def _rows(*rows: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"source_sha256": "reg", "source_row": n, **row} for n, row in enumerate(rows, 1)]


def _agreement(agreement_id: str, title: str, **more: object) -> dict[str, object]:
    common: dict[str, object] = {"is_binding": True, "valid_from": FIRST, "end_date": LAST}
    return common | {"agreement_id": agreement_id, "title": title, **more}


def _registers() -> dict[str, list[dict[str, object]]]:
    health = {"agreement_id": "BHT"}
    zones = {
        "1": ([AVONOVA], ["frogner"]),
        "2": ([HUSET], ["alna", "fornebubanen", "fri", "tall"]),
        "3": ([HUSET], ["skole"]),
        "4": ([OLD], ["fjell"]),
    }
    lots = [health | {"lot": lot, "name": f"Sone {lot}"} for lot in zones]
    papers, licences = {"agreement_id": "PAPIR", "lot": "1"}, {"agreement_id": "KS", "lot": "1"}
    return {
        "reg_unit": _rows(*({"unit_id": u, "name": u, "sector": s} for u, s in UNITS.items())),
        "reg_unit_identifier": _rows(
            *(
                {
                    "unit_id": unit,
                    "identifier_type": "buyer_reference",
                    "match_type": "exact",
                    "value": unit,
                }
                for unit in UNITS
            )
        ),
        "reg_category": _rows(
            *(
                {"category_id": c, "name": c, "is_addressable": True}
                for c in (HEALTH, CHAIRS, PAPER, LICENCES)
            )
        ),
        "reg_category_code": _rows(
            *(
                {"code_list": "UNSPSC", "code": code, "category_id": category}
                for category, code in CODES.items()
            )
        ),
        "reg_agreement": _rows(
            _agreement("BHT", "Bedriftshelse", contract_references=NUMBER),
            _agreement("PAPIR", "Papir"),
            _agreement("KS", "Lisenser", is_binding=False),
        ),
        "reg_agreement_option": _rows(
            {**health, "option_number": 1, "length_months": 24, "is_exercised": False},
            {
                "agreement_id": "PAPIR",
                "option_number": 1,
                "length_months": 24,
                "is_exercised": True,
            },
        ),
        "reg_agreement_lot": _rows(
            *lots, papers | {"name": "Papir", "call_off": "ranked"}, licences | {"name": "KS"}
        ),
        "reg_lot_supplier": _rows(
            *(
                health | {"lot": lot, "orgnr": s}
                for lot, (suppliers, _) in zones.items()
                for s in suppliers
            ),
            papers | {"orgnr": AVONOVA, "supplier_rank": 1},
            papers | {"orgnr": THIRD, "supplier_rank": 2},
            licences | {"orgnr": AVONOVA},
            health | {"lot": "4", "orgnr": CLOSED, "supplier_role": "subcontractor"},
            health
            | {"lot": "4", "orgnr": OPEN, "supplier_role": "subcontractor"}
            | {"direct_call_off_allowed": True},
        ),
        "reg_supplier_succession": _rows(
            {
                "orgnr": OLD,
                "successor_orgnr": NEW,
                "valid_from": dt.date(2024, 7, 1),
                "reason": "Fusjon",
            }
        ),
        "reg_lot_unit": _rows(
            *(
                health | {"lot": lot, "unit_id": u}
                for lot, (_, units) in zones.items()
                for u in units
            ),
            papers | {"unit_id": "*"},
            licences | {"unit_id": "*"},
        ),
        "reg_lot_category": _rows(
            *(health | {"lot": lot, "category_id": HEALTH} for lot in zones),
            papers | {"category_id": PAPER},
            licences | {"category_id": LICENCES},
        ),
        "reg_exemption": _rows(
            {
                **health,
                "unit_id": "fri",
                "valid_from": dt.date(2024, 3, 1),
                "valid_to": dt.date(2024, 7, 31),
                "reason": "Flytter",
            }
        ),
    }


CODES = {HEALTH: "85101600", CHAIRS: "56101500", PAPER: "14111500", LICENCES: "43230000"}
Line = tuple[str, str | None]


def _invoice(
    number: str, unit: str, supplier: str, day: str, lines: Sequence[Line], more: dict[str, object]
) -> dict[str, list[dict[str, object]]]:
    total = sum((Decimal(amount) for amount, _ in lines), Decimal(0))
    key = {"source_sha256": f"sha-{number}", "document_id": number}
    document = {
        **key,
        "source_row": 1,
        "document_kind": "invoice",
        "profile": "peppol_bis3",
        "document_number": number,
        "issue_date": dt.date.fromisoformat(day),
        "currency": "NOK",
        "seller_orgnr": supplier,
        "seller_name": f"Selger {supplier}",
        "buyer_reference": unit,
        "tax_exclusive_amount": total,
        **more,
    }
    rows = [
        {**key, "source_row": n, "line_kind": "line", "line_id": str(n), "item_name": f"Vare {n}"}
        | {"amount": Decimal(amount), "quantity": Decimal(1), "price_amount": Decimal(amount)}
        for n, (amount, _) in enumerate(lines, 1)
    ]
    codes = [
        {**key, "source_row": n, "position": 1, "list_id": "MP", "code": CODES[category]}
        for n, (_, category) in enumerate(lines, 1)
        if category
    ]
    return {"ehf_document": [document], "ehf_line": rows, "ehf_line_classification": codes}


def _invoices() -> list[dict[str, list[dict[str, object]]]]:
    found = [
        _invoice(number, unit, supplier, day, [(str(AMOUNT), category)], more)
        for number, (unit, supplier, day, category, _, more) in CASES.items()
    ]
    # The five figures, for the unit `tall`: ten lines each of what is loyal, and so on.
    loyal = [("60000.00", HEALTH)] * 10
    found.append(_invoice("T1", "tall", HUSET, "2024-05-02", loyal, {}))
    found.append(_invoice("T2", "tall", AVONOVA, "2024-05-02", [("100000.00", HEALTH)], {}))
    found.append(_invoice("T3", "tall", THIRD, "2024-05-02", [("200000.00", HEALTH)], {}))
    found.append(_invoice("T4", "tall", HUSET, "2024-06-03", [("60000.00", None)], {}))
    found.append(_invoice("T5", "tall", THIRD, "2024-06-03", [("40000.00", None)], {}))
    return found


def _file(number: str, total: Decimal) -> dict[str, object]:
    return {
        "source_sha256": f"sha-{number}",
        "file_name": f"{number}.xml",
        "kind": "ehf_invoice",
        "rows_in": 1,
        "rows_accepted": 1,
        "rows_quarantined": 0,
        "currency": "NOK",
        "amount_in": total,
        "amount_accepted": total,
        "amount_quarantined": Decimal(0),
        "is_withdrawn": False,
    }


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject) -> Path:
    home = DbtHome(tmp_path_factory.mktemp("loyalty"))
    invoices = _invoices()
    tables = _registers()
    for name in ("ehf_document", "ehf_line", "ehf_line_classification"):
        tables[name] = [row for invoice in invoices for row in invoice[name]]
    files = [
        _file(str(row["document_id"]), Decimal(str(row["tax_exclusive_amount"])))
        for row in tables["ehf_document"]
    ]
    register = {"source_sha256": "reg", "file_name": "registre.xlsx", "kind": "register"}
    counts: dict[str, object] = {"rows_in": 1, "rows_accepted": 1, "rows_quarantined": 0}
    home.write(tables, [*files, register | counts])
    marts = ["mart_loyalty", "mart_loyalty_unit", "mart_loyalty_level", "mart_loyalty_leak"]
    marts += ["mart_loyalty_rank", "mart_loyalty_evidence", "mart_exemption", "mart_call_off"]
    marts += ["mart_agreement_overlap", "mart_coverage"]
    home.build(compiled_project, marts)
    return home.warehouse


def ask(lake: Path, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(lake), read_only=True) as connection:
        result = connection.execute(query)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.mark.rule("A01")
@pytest.mark.rule("A02")
@pytest.mark.rule("A03")
@pytest.mark.rule("C02")
@pytest.mark.rule("D01")
@pytest.mark.rule("D02")
@pytest.mark.rule("D03")
@pytest.mark.rule("D04")
@pytest.mark.rule("E05")
@pytest.mark.rule("E13")
def test_every_worked_case_has_its_class(lake: Path) -> None:
    shown = ask(lake, "select document_number, loyalty_class from fct_spend_line")
    found = {row["document_number"]: row["loyalty_class"] for row in shown}
    assert {number: found[number] for number in CASES} == {n: c[4] for n, c in CASES.items()}


@pytest.mark.rule("A02")
def test_a_contract_number_on_office_chairs_is_a_mismatch(lake: Path) -> None:
    shown = ask(lake, "select document_number from fct_spend_line where reference_mismatch")
    assert [row["document_number"] for row in shown] == ["13"]


@pytest.mark.rule("A02")
@pytest.mark.rule("D02")
def test_evidence_and_basis_say_what_loyalty_rests_on(lake: Path) -> None:
    query = "select document_number, loyalty_evidence, supplier_basis, supplier_rank"
    shown = {row["document_number"]: row for row in ask(lake, f"{query} from fct_spend_line")}
    assert shown["17"]["loyalty_evidence"] == "reference"
    assert shown["01"]["loyalty_evidence"] == "supplier_category_zone_date"
    assert shown["18"]["supplier_rank"] == 2
    basis = {number: shown[number]["supplier_basis"] for number in ("21", "23", "24", "25", "27")}
    assert basis == {
        "21": "registered",
        "23": None,
        "24": "successor",
        "25": "registered",
        "27": "subcontractor",
    }


@pytest.mark.rule("A02")
@pytest.mark.rule("D04")
def test_the_worked_figures_of_a_unit(lake: Path) -> None:
    """On 600 000, wrong 100 000, off 200 000, pos 60 000, neg 40 000: 600/940 to 660/960."""
    (row,) = ask(
        lake,
        "from mart_loyalty where unit_id = 'tall' and year = 2024 and agreement_id = 'BHT'",
    )
    assert (row["on_agreement_nok"], row["wrong_zone_nok"]) == (600_000, 100_000)
    assert (row["off_agreement_nok"], row["undetermined_positive_nok"]) == (200_000, 60_000)
    assert row["undetermined_negative_nok"] == 40_000
    assert row["loyalty_low"] == pytest.approx(600 / 940)
    assert row["loyalty_high"] == pytest.approx(0.6875)
    assert row["status"] == "assessed"


@pytest.mark.rule("D05")
@pytest.mark.rule("D06")
def test_a_unit_that_bought_nothing_has_a_row_that_is_not_assessed(lake: Path) -> None:
    query = "from mart_loyalty where unit_id = 'fornebubanen' and agreement_id = 'BHT'"
    rows = ask(lake, f"select year, status, loyalty_low {query} order by year")
    assert [row["year"] for row in rows] == [2023, 2024, 2025]
    assert {(row["status"], row["loyalty_low"]) for row in rows} == {("not_assessed", None)}


@pytest.mark.rule("A04")
@pytest.mark.rule("A17")
@pytest.mark.rule("D05")
def test_the_levels_are_added_up_from_lines(lake: Path) -> None:
    query = "from mart_loyalty_level where period = 'year' and year = 2024"
    rows = {(r["level"], r["level_id"]): r for r in ask(lake, f"select * {query}")}
    # By hand; the year is the invoice's.
    zone = rows["lot", "BHT/2"]
    assert zone["on_agreement_nok"] == 601_000  # T1 and 17
    assert zone["off_agreement_nok"] == 203_000  # T3, 05, 28 and 31
    assert zone["undetermined_positive_nok"] == 61_000  # T4 and 14
    assert zone["undetermined_negative_nok"] == 41_000  # T5 and 15
    assert rows["lot", "BHT/3"]["status"] == "not_assessed"
    assert rows["unit", "fornebubanen"]["status"] == "not_assessed"
    assert {name for level, name in rows if level == "unit"} == set(UNITS)
    assert rows["sector", "Oppvekst"]["line_count"] == 0
    total = rows["total", "total"]
    assert total["on_agreement_nok"] == 606_000  # and 18, 21, 24, 25 and 27
    # The third company is on the lot for paper, so counted once its unknown lines are positive.
    assert total["undetermined_positive_nok"] == 102_000
    assert total["undetermined_negative_nok"] == 0
    assert total["off_agreement_nok"] == 206_000  # the zone's, and 22, 23 and 26
    assert (total["low_numerator_nok"], total["low_denominator_nok"]) == (606_000, 912_000)
    assert (total["high_numerator_nok"], total["high_denominator_nok"]) == (708_000, 1_014_000)


@pytest.mark.rule("D04")
@pytest.mark.rule("E13")
def test_the_largest_leak_comes_first_with_its_reason(lake: Path) -> None:
    rows = ask(lake, "select * from mart_loyalty_leak where year = 2024 order by leak_rank")
    leaks = [row for row in rows if row["is_leak"]]
    assert (leaks[0]["unit_id"], leaks[0]["amount_nok"]) == ("tall", 200_000)
    assert leaks[0]["right_suppliers"] == f"Selger {HUSET}"
    assert leaks[1]["reason_nb"] == (
        "Leverandøren er på avtalen «Bedriftshelse», men i Sone 1; enheten hører til Sone 2."
    )
    reasons = {(row["unit_id"], row["supplier_id"]): row["reason_nb"] for row in leaks}
    assert reasons["fjell", f"NO{OLD}"] == (
        f"Leverandøren sto på avtalen «Bedriftshelse», men er avløst av Selger {NEW} "
        "fra 01.07.2024."
    )
    assert "underleverandør" in reasons["fjell", f"NO{CLOSED}"]


@pytest.mark.rule("A03")
def test_an_exemption_is_published_with_what_it_let_through(lake: Path) -> None:
    (row,) = ask(lake, "select * from mart_exemption")
    assert (row["unit_id"], row["reason"]) == ("fri", "Flytter")
    assert (row["affected_nok"], row["on_agreement_nok"]) == (2_000, 0)


@pytest.mark.rule("E06")
def test_call_offs_are_those_with_an_order(lake: Path) -> None:
    query = "from mart_call_off where agreement_id = 'BHT' and year = 2024"
    (row,) = ask(lake, f"select call_off_count, with_order_nok {query}")
    assert row == {"call_off_count": 1, "with_order_nok": AMOUNT}


@pytest.mark.rule("A02")
def test_a_lower_rank_is_on_the_agreement_and_shown(lake: Path) -> None:
    query = "from mart_loyalty_rank where agreement_id = 'PAPIR' and year = 2024 and spend_nok > 0"
    (row,) = ask(lake, f"select supplier_rank, rank_share {query}")
    assert row == {"supplier_rank": 2, "rank_share": 1.0}


@pytest.mark.rule("A02")
@pytest.mark.rule("D02")
def test_plain_python_finds_the_same(lake: Path) -> None:
    suppliers = oracle.suppliers_on_lots(
        ask(lake, "from stg_registers__lot_suppliers"),
        ask(lake, "from int_lots__dated"),
        ask(lake, "from stg_registers__supplier_successions"),
    )
    bridge = ask(lake, "from bridge_agreement_supplier")
    assert _shown(bridge) == _shown(suppliers)
    registers = oracle.Registers(
        ask(lake, "from dim_agreement"),
        suppliers,
        ask(lake, "from bridge_agreement_unit"),
        ask(lake, "from bridge_agreement_category"),
        ask(lake, "from int_agreement_references"),
        ask(lake, "from int_exemptions"),
    )
    pieces = oracle.spend_lines(ask(lake, "from int_spend_lines__enriched"), [], registers)
    sectors = {
        (row["year"], row["unit_id"]): row["sector"] for row in ask(lake, "from int_units__by_year")
    }
    units = ask(lake, "from dim_unit")
    figures = oracle.mart_loyalty_level(pieces, registers, units, sectors)
    shown = {
        (row["level"], row["level_id"], row["period"], row["period_start"]): row
        for row in ask(lake, "from mart_loyalty_level")
    }
    assert shown.keys() == figures.keys()
    for key, row in figures.items():
        assert {name: shown[key][name] for name in row} == pytest.approx(row), key


def _shown(found: list[dict[str, Any]]) -> list[list[str]]:
    return sorted([str(row[name]) for name in sorted(row)] for row in found)
