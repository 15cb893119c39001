"""Spend by every definition, on one lake with invoices of two years and a ledger of one.

The invoices are random, the ledger has each art at the ends of the ranges that spend.md names. The
figures are held against `spend_oracle`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome
from tests.dbt.spend_oracle import DEFINITIONS, Line, Year, change, rounded

pytestmark = pytest.mark.slow

BUYER, ENTITY = "810000001", "810000002"
UNITS = {"U1": "Oppvekst", "U2": "Helse", "U3": "Helse"}
YEARS = (2023, 2024)
MARTS = (
    "mart_supplier_year",
    "mart_supplier_average",
    "mart_unit_ranking",
    "mart_concentration",
    "mart_definition_sensitivity",
    "mart_definition_choice",
    "mart_spend_change",
)
# art, øre, supplier (index), invoice number, basis
POSTINGS: tuple[tuple[int, int, int | None, str | None, int], ...] = (
    (10, 900_00, None, None, 0),
    (99, 11_00, None, None, 0),
    (100, 1000_00, 1, "F1", 0),
    (429, 250_00, 1, "F1", 0),
    (120, 125_00, 1, "F5", 25_00),
    (160, 10_00, 5, "F6", 0),
    (195, 20_00, 8, "F9", 0),
    (279, 3_00, 2, "F2A", 0),
    (280, 5000_00, 2, "F2", 0),
    (285, 150_000_00, 3, "F3", 0),
    (290, 70_00, 4, "F4", 0),
    (300, 30_00, 5, "F7", 0),
    (380, 40_00, 5, None, 0),
    (381, 50_00, 6, "F8", 0),
    (428, 51_00, 6, "F8", 0),
    (470, 60_00, 7, "F10", 0),
    (429, 5_00, 9, "UTEN", 0),
)


def _orgnr(number: int) -> str:
    for start in range(10_000_000 + 37 * number, 99_999_999):
        digits = [int(digit) for digit in f"9{start:08}"[:8]]
        rest = sum(d * w for d, w in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if rest != 1:
            return "".join(map(str, digits)) + str((11 - rest) % 11)
    raise AssertionError(number)


SELLERS = [_orgnr(100 * number) for number in range(1, 31)]
PUBLIC, OWN, RENT = SELLERS[8], SELLERS[9], SELLERS[7]
CATEGORIES = {seller: f"K{n % 3}" for n, seller in enumerate(SELLERS[:6])} | {RENT: "LEIE"}


def _name(seller: str, day: int) -> str:
    number = SELLERS.index(seller)
    if number in (2, 3):
        return "Felles AS"
    return f"Selger {number} {'Nord' if number == 4 and day % 2 else 'AS'}"


def _part(seller: str) -> str:
    return {PUBLIC: "public_body", OWN: "internal"}.get(seller, "purchase")


def _kroner(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)


def _invoices(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Line]]:
    dice = random.Random(seed)
    documents, rows, lines = [], [], []
    for number in range(160):
        day = dt.date(dice.choice(YEARS), dice.randint(1, 12), dice.randint(1, 28))
        # Some suppliers have one year only, so that they are new or lost.
        pool = SELLERS[:20] if day.year == 2023 else SELLERS[:16] + SELLERS[20:24]
        seller, unit = dice.choice(pool), dice.choice(list(UNITS))
        is_credit = number % 9 == 0
        name, total = _name(seller, day.day), 0
        for row in range(1, dice.randint(2, 4)):
            quantity = dice.randint(1, 9)
            ore = quantity * dice.choice((99, 1000, 1250, 7777, 400_000, 3_000_000))
            ore, quantity = (-ore, -quantity) if is_credit else (ore, quantity)
            percent = dice.choice((25, 15, 0))
            item = "RETUR" if is_credit else dice.choice(("V1", "V2", "V3"))
            measure = dice.choice(("KGM", "LTR", None))
            given = {"sellers_item_id": item, "unit_code": measure, "quantity": Decimal(quantity)}
            amounts = {"amount": _kroner(ore), "vat_percent": Decimal(percent), "item_name": "Vare"}
            keys = {"source_sha256": f"f{number}", "source_row": row, "document_id": f"D{number}"}
            rows.append({**keys, "line_kind": "line", **given, **amounts})
            vat = rounded(ore * percent, 100) or 0
            category = CATEGORIES.get(seller, "unknown")
            lines.append(
                Line(
                    day.year, f"D{number}", "credit_note" if is_credit else "invoice",
                    f"NO{seller}", f"NAVN:{name.upper()}", _part(seller), ore, vat, unit,
                    UNITS[unit], category, category != "LEIE", item, measure, quantity,
                )
            )  # fmt: skip
            total += ore
        documents.append(
            {
                "source_sha256": f"f{number}",
                "source_row": 1,
                "document_id": f"D{number}",
                "document_kind": "credit_note" if is_credit else "invoice",
                "profile": "peppol_bis3",
                "document_number": f"N{number}",
                "issue_date": day,
                "currency": "NOK",
                "seller_orgnr": seller,
                "seller_name": name,
                "buyer_orgnr": BUYER,
                "buyer_reference": unit,
                "tax_exclusive_amount": _kroner(total),
            }
        )
    return documents, rows, lines


def _ledger() -> tuple[list[dict[str, Any]], list[Line]]:
    rows, lines = [], []
    for row, (art, ore, index, number, vat) in enumerate(POSTINGS, 1):
        seller = None if index is None else SELLERS[index]
        rows.append(
            {
                "source_sha256": "ledger",
                "source_row": row,
                "ledger_kind": "general_ledger",
                "entity_orgnr": ENTITY,
                "year": 2024,
                "posting_date": dt.date(2024, 6, 1),
                "voucher_number": f"B{row}",
                "invoice_number": number,
                "supplier_orgnr": seller,
                "supplier_name": None if seller is None else _name(seller, 2),
                "supplier_is_private_person": False,
                "kostra_art": f"{art:03}",
                "amount": _kroner(ore),
                "amount_basis": "gross" if vat else "net",
                "vat_amount": _kroner(vat) if vat else None,
                "currency": "NOK",
            }
        )
        lines.append(_ledger_line(row, art, ore, seller, number, vat))
    return rows, lines


def _ledger_line(
    row: int, art: int, ore: int, seller: str | None, number: str | None, vat: int
) -> Line:
    is_purchase = 100 <= art <= 285 or 300 <= art <= 380
    part = _part(seller or "")
    if art < 100:
        part = "wages"
    elif art == 290:
        part = "internal_account"
    elif not is_purchase and art != 429:
        part = "transfers"
    elif part == "purchase" and art in range(280, 286):
        part = "investment"
    own = is_purchase or (art == 429 and number == "F1")
    category = CATEGORIES.get(seller or "", "unknown")
    return Line(
        2024,
        f"{seller}-{number}" if own and number else f"P{row}",
        "invoice" if number and art != 429 else "posting",
        "unknown" if seller is None else f"NO{seller}",
        "unknown" if seller is None else f"NAVN:{_name(seller, 2).upper()}",
        part,
        0 if art == 429 else ore - vat,
        ore if art == 429 else vat,
        category=category,
        is_addressable=category != "LEIE" and art not in (160, *range(280, 286)),
    )


def _registers() -> dict[str, list[dict[str, Any]]]:
    def rows(*given: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"source_sha256": "reg", "source_row": n, **row} for n, row in enumerate(given, 1)]

    kinds = {"identifier_type": "buyer_reference", "match_type": "exact", "priority": 1}
    return {
        "reg_unit": rows(*({"unit_id": u, "name": u, "sector": s} for u, s in UNITS.items())),
        "reg_unit_identifier": rows(*({"unit_id": u, "value": u, **kinds} for u in UNITS)),
        "reg_category": rows(
            *(
                {"category_id": c, "name": c, "is_addressable": c != "LEIE"}
                for c in sorted(set(CATEGORIES.values()))
            )
        ),
        "reg_supplier_category": rows(
            *(
                {"orgnr": orgnr, "category_id": category, "is_single_category": True}
                for orgnr, category in CATEGORIES.items()
            )
        ),
        "reg_supplier": rows(
            {"orgnr": PUBLIC, "name": "Staten", "is_public_body": True, "is_internal": False},
            {"orgnr": OWN, "name": "Eget", "is_public_body": False, "is_internal": True},
        ),
    }


@pytest.fixture(scope="module")
def spend(
    tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject
) -> tuple[Callable[[str], list[tuple[Any, ...]]], list[Line]]:
    """The built marts as a function of SQL, and the lines they should follow from."""
    documents, rows, lines = _invoices(20240)
    postings, posted = _ledger()
    home = DbtHome(Path(tmp_path_factory.mktemp("spend")))
    files = [
        *({"source_sha256": d["source_sha256"], "kind": "ehf_invoice"} for d in documents),
        {"source_sha256": "ledger", "kind": "ledger_line"},
        {"source_sha256": "reg", "kind": "register"},
    ]
    tables = {"ehf_document": documents, "ehf_line": rows, "ledger_line": postings}
    home.write(tables | _registers(), [{"file_name": f["source_sha256"], **f} for f in files])
    home.build(compiled_project, MARTS)

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(home.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return ask, lines + posted


Spend = tuple[Callable[[str], list[tuple[Any, ...]]], list[Line]]


def _ore(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


@pytest.mark.rule("E01", "E02", "E03")
def test_every_definition_has_the_average_of_its_own_suppliers(spend: Spend) -> None:
    ask, lines = spend
    found = {
        (year, definition): (
            _ore(total), suppliers, _ore(mean), _ore(middle), _ore(kept), count, _ore(trimmed),
        )
        for year, definition, total, suppliers, mean, middle, kept, count, trimmed in ask(
            "select year, definition_id, numerator_nok, denominator_suppliers, mean_nok, "
            "median_nok, trimmed_numerator_nok, trimmed_suppliers, trimmed_mean_nok "
            "from mart_supplier_average"
        )
    }  # fmt: skip
    assert found == {
        (year, name): Year(lines, year, definition).average()
        for year in YEARS
        for name, definition in DEFINITIONS.items()
    }


@pytest.mark.rule("E01")
def test_a_suppliers_year_has_its_documents_and_its_vat(spend: Spend) -> None:
    ask, lines = spend
    expected = set()
    for year in YEARS:
        for name in ("STD", "STD_MVA", "ADRESSERBAR", "STD_INTERN", "ALT"):
            chosen = Year(lines, year, DEFINITIONS[name])
            for supplier, own in chosen.by(chosen.lines, chosen.supplier).items():
                bought = [line for line in own if line.ore]
                invested = sum(line.ore for line in own if line.part == "investment")
                vat = sum(line.vat_ore for line in own)
                # In a definition without VAT, a posting of VAT alone makes no supplier.
                if bought or DEFINITIONS[name].vat:
                    counts = len(chosen.documents(bought)), vat, invested
                    expected.add((year, name, supplier, chosen.ore(own), *counts))
    found = {
        (year, name, supplier, _ore(nok), count, _ore(vat), _ore(invested))
        for year, name, supplier, nok, count, vat, invested in ask(
            "select year, definition_id, supplier_id, spend_nok, document_count, vat_nok, "
            "investment_nok from mart_supplier_year where definition_id in "
            "('STD', 'STD_MVA', 'ADRESSERBAR', 'STD_INTERN', 'ALT')"
        )
    }
    assert found == expected


@pytest.mark.rule("E04")
def test_units_and_sectors_are_ranked_on_both_measures(spend: Spend) -> None:
    ask, lines = spend
    expected = set()
    for year in YEARS:
        for name, definition in DEFINITIONS.items():
            chosen = Year(lines, year, definition)
            for level in ("unit", "sector"):
                groups = chosen.by(chosen.lines, attrgetter(level))
                sums = {group: chosen.ore(own) for group, own in groups.items()}
                counts = {
                    group: len(chosen.documents(line for line in own if line.ore))
                    for group, own in groups.items()
                }
                for group in groups:
                    place = 1 + sum(other > sums[group] for other in sums.values())
                    count_place = 1 + sum(other > counts[group] for other in counts.values())
                    figures = sums[group], place, counts[group], count_place
                    expected.add((year, name, level, group, *figures))
    found = {
        (year, name, level, group, _ore(nok), place, count, count_place)
        for year, name, level, group, nok, place, count, count_place in ask(
            "select year, definition_id, level, group_id, spend_nok, spend_rank, document_count, "
            "document_rank from mart_unit_ranking"
        )
    }
    assert found == expected


@pytest.mark.rule("E02")
def test_concentration_per_category_and_in_all(spend: Spend) -> None:
    ask, lines = spend
    expected = {}
    for year in YEARS:
        for name in ("STD", "STD_OFFENTLIG", "ALLE_NAVN"):
            chosen = Year(lines, year, DEFINITIONS[name])
            groups = chosen.by(chosen.lines, lambda line: line.category) | {"*": chosen.lines}
            for group, own in groups.items():
                bought = [line for line in own if line.ore]
                expected[year, name, group] = chosen.concentration(bought)
    found = {
        (year, name, group): (n, _ore(nok), hhi, pareto, tail, documents, _ore(tail_nok))
        for year, name, group, n, nok, hhi, pareto, tail, documents, tail_nok in ask(
            "select year, definition_id, category_id, supplier_count, positive_nok, hhi, "
            "pareto_supplier_count, tail_supplier_count, tail_document_count, tail_nok "
            "from mart_concentration where definition_id in ('STD', 'STD_OFFENTLIG', 'ALLE_NAVN')"
        )
    }
    assert found.keys() == expected.keys()
    for key, figures in expected.items():
        assert found[key] == pytest.approx(figures), key


@pytest.mark.rule("E01")
def test_the_change_is_explained_to_the_ore(spend: Spend) -> None:
    ask, lines = spend
    found = {
        category: tuple(map(_ore, parts))
        for category, *parts in ask(
            "select category_id, new_suppliers_nok, lost_suppliers_nok, price_nok, quantity_nok, "
            "mix_nok from mart_spend_change where year = 2024 and category_id <> '*'"
        )
    }
    expected = change(lines, 2024)
    assert found == expected
    assert all(any(parts[n] for parts in expected.values()) for n in range(5))
    totals = [Year(lines, year, DEFINITIONS["STD"]).average()[0] or 0 for year in YEARS]
    whole = ask("select change_nok from mart_spend_change where category_id = '*'")
    assert [_ore(nok) for (nok,) in whole] == [totals[1] - totals[0]]


@pytest.mark.rule("E03")
def test_no_definition_of_this_lake_gives_the_published_figures(spend: Spend) -> None:
    ask, _ = spend
    figures = set(ask("select published_id, implied_low, implied_high, is_consistent, could_give "
                      "from mart_definition_sensitivity"))  # fmt: skip
    assert figures == {
        ("E01_SUM", Decimal("519602703.00"), Decimal("519602703.00"), False, False),
        ("E02_ANTALL", Decimal("3274.81"), Decimal("3684.16"), False, False),
        ("E03_SNITT", Decimal("376116.60"), Decimal("423131.17"), False, False),
    }


@pytest.mark.rule("E01")
def test_addressable_leaves_out_rent_and_the_arts_of_the_list(spend: Spend) -> None:
    ask, lines = spend
    gone = sum(
        line.ore
        for line in lines
        if line.part in ("purchase", "investment") and not line.is_addressable
    )
    found = ask(
        "select sum(case when definition_id = 'STD' then numerator_nok else -numerator_nok end) "
        "from mart_supplier_average where definition_id in ('STD', 'ADRESSERBAR')"
    )
    assert gone
    assert _ore(found[0][0]) == gone
