"""Spend without double counting: a ledger in the place of invoices, on lakes made for the test.

The first lake is worked out by hand, the second is random and held against `ledger_oracle`, the
third is a SAF-T file that Skatteetaten published.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.extracts.saft import read_saft
from tests.compiled import CompiledProject
from tests.dbt.conftest import DbtHome
from tests.dbt.ledger_oracle import Document, Fate, Oracle, Posting

pytestmark = pytest.mark.slow

BUYERS = ("810000001", "810000002")
SELLERS = ("974760673", "923609016", "971035854", "889640782")
PUBLIC = SELLERS[-1]
ZERO = Decimal("0.00")
MARTS = (
    "fct_document",
    "fct_outside_population_line",
    "fct_spend_line",
    "mart_reconciliation",
    "mart_spend_cube",
    "mart_spend_source",
    "mart_supplier_average",
    "mart_supplier_year",
)
SAFT = (
    "saft/Skatteetaten__saf-t/"
    "Example_Files__ExampleFile_SAF-T_Financial_888888888_20180228235959.xml"
)


def _kroner(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)


def _tables(postings: list[Posting], documents: list[Document]) -> dict[str, Any]:
    return {
        "ledger_line": [_ledger_line(posting) for posting in postings],
        "ehf_document": [_document(document) for document in documents],
        "ehf_line": [_line(document) for document in documents],
        "reg_supplier": [
            {
                "source_sha256": "reg",
                "source_row": 1,
                "orgnr": PUBLIC,
                "name": "Staten",
                "is_public_body": True,
                "is_internal": False,
            }
        ],
    }


def _ledger_line(posting: Posting) -> dict[str, object]:
    return {
        "source_sha256": posting.file,
        "source_row": posting.row,
        "ledger_kind": posting.kind,
        "entity_orgnr": None if posting.entity == "*" else posting.entity,
        "year": posting.year,
        "posting_date": posting.date,
        "voucher_number": posting.voucher,
        "invoice_number": posting.number,
        "supplier_orgnr": posting.supplier,
        "supplier_name": f"Selger {posting.supplier}",
        "supplier_is_private_person": False,
        "kostra_art": f"{posting.art:03}",
        "amount": _kroner(posting.ore),
        "amount_basis": "net" if posting.vat_ore is None else "gross",
        "vat_amount": None if posting.vat_ore is None else _kroner(posting.vat_ore),
        "currency": "NOK",
    }


def _document(document: Document) -> dict[str, object]:
    return {
        "source_sha256": document.file,
        "source_row": 1,
        "document_id": document.id,
        "document_kind": "invoice" if document.ore >= 0 else "credit_note",
        "profile": "peppol_bis3",
        "document_number": document.number,
        "issue_date": document.date,
        "currency": "NOK",
        "seller_orgnr": document.supplier,
        "seller_name": f"Selger {document.supplier}",
        "buyer_orgnr": document.buyer or None,
        "tax_exclusive_amount": _kroner(document.ore),
    }


def _line(document: Document) -> dict[str, object]:
    return {
        "source_sha256": document.file,
        "source_row": 1,
        "document_id": document.id,
        "line_kind": "line",
        "amount": _kroner(document.ore),
        "quantity": Decimal(1),
        "price_amount": _kroner(document.ore),
        "item_name": "Vare",
    }


def _files(postings: list[Posting], documents: list[Document]) -> list[dict[str, object]]:
    amounts: dict[tuple[str, str], list[int]] = {}
    for posting in postings:
        amounts.setdefault((posting.file, "ledger_line"), []).append(posting.ore)
    for document in documents:
        amounts.setdefault((document.file, "ehf_invoice"), []).append(document.ore)
    files: list[dict[str, object]] = [
        {
            "source_sha256": name,
            "file_name": name,
            "kind": kind,
            "rows_in": len(found),
            "rows_accepted": len(found),
            "rows_quarantined": 0,
            "currency": "NOK",
            "amount_in": _kroner(sum(found)),
            "amount_accepted": _kroner(sum(found)),
            "amount_quarantined": ZERO,
        }
        for (name, kind), found in amounts.items()
    ]
    register = {"source_sha256": "reg", "file_name": "reg", "kind": "register"}
    counts: dict[str, object] = {"rows_in": 1, "rows_accepted": 1, "rows_quarantined": 0}
    return [*files, register | counts]


def _built(
    folder: Path, project: CompiledProject, postings: list[Posting], documents: list[Document]
) -> DbtHome:
    home = DbtHome(folder)
    home.write(_tables(postings, documents), _files(postings, documents))
    home.build(project, MARTS)
    return home


def _rows(home: DbtHome, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


# --- by hand ---

GENERAL = Posting(
    "general", 1, "general_ledger", BUYERS[0], 2024, dt.date(2024, 3, 4), SELLERS[0], None, None,
    120, 0,
)  # fmt: skip
BILL = Document("D", "D", SELLERS[0], "", BUYERS[0], dt.date(2024, 3, 1), 0)


def _posting(row: int, ore: int, **values: Any) -> Posting:
    return replace(GENERAL, row=row, ore=ore, **values)


def _bill(name: str, number: str, ore: int, **values: Any) -> Document:
    return replace(BILL, id=name, file=name, number=number, ore=ore, **values)


HAND_POSTINGS = [
    # Invoice 00123 of 1 000.00, posted as F-123 on two accounts: 600 + 410 leaves 10.
    _posting(1, 60_000, number="F-123", voucher="1"),
    _posting(2, 41_000, number="F-123", voucher="1", art=195),
    _posting(3, 25_000, number="F-123", voucher="1", art=429),
    _posting(4, -126_000, voucher="1", art=16),
    # No invoice number: amount and date, the last day of the window, then the day after it.
    _posting(5, 77_700, voucher="2", date=dt.date(2024, 4, 30)),
    _posting(6, 88_800, voucher="3", date=dt.date(2024, 5, 1)),
    # A credit note by its number; period 13 of 2024, dated in 2025.
    _posting(7, -5_000, number="K1", voucher="4", year=2024, date=dt.date(2025, 1, 20)),
    # Two postings of the same amount take one invoice each.
    _posting(8, 10_000, voucher="5", date=dt.date(2024, 6, 3), supplier=SELLERS[1]),
    _posting(9, 10_000, voucher="6", date=dt.date(2024, 7, 3), supplier=SELLERS[1]),
    # A wage and an internal purchase are none.
    _posting(10, 300_000, voucher="7", art=10),
    _posting(11, 4_000, voucher="8", art=290),
    # An invoice of 2023, which has no ledger, posted in 2024.
    _posting(12, 20_000, number="2023-9", voucher="9", date=dt.date(2024, 1, 5)),
    # The supplier ledger of the same entity and year says it all once more.
    _posting(1, 100_000, file="supplier", kind="supplier_ledger", number="00123"),
]
HAND_DOCUMENTS = [
    _bill("D1", "00123", 100_000),
    _bill("D2", "A", 77_700),
    _bill("D3", "B", 88_800),
    _bill("D4", "K1", -5_000, date=dt.date(2024, 12, 30)),
    _bill("D5", "C", 10_000, date=dt.date(2024, 6, 1), supplier=SELLERS[1]),
    _bill("D6", "D", 10_000, date=dt.date(2024, 7, 1), supplier=SELLERS[1]),
    _bill("D7", "2023-9", 20_000, date=dt.date(2023, 12, 20)),
    _bill("D8", "E", 999, date=dt.date(2023, 12, 20)),
    _bill("D9", "G", 12_300, buyer=BUYERS[1]),
]


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject) -> DbtHome:
    return _built(tmp_path_factory.mktemp("hand"), compiled_project, HAND_POSTINGS, HAND_DOCUMENTS)


def test_postings_take_the_lines_of_their_invoices_and_a_rest_stays(by_hand: DbtHome) -> None:
    rows = _rows(
        by_hand,
        "select document_id, document_kind, year, amount_nok from fct_spend_line "
        "where spend_source = 'ledger' order by document_id, amount_nok",
    )
    assert rows == [
        ("Bgeneral-6", "posting", 2024, Decimal("888.00")),
        ("D1", "residual", 2024, Decimal("10.00")),
        ("D1", "invoice", 2024, Decimal("1000.00")),
        ("D2", "invoice", 2024, Decimal("777.00")),
        ("D4", "credit_note", 2024, Decimal("-50.00")),
        ("D5", "invoice", 2024, Decimal("100.00")),
        ("D6", "invoice", 2024, Decimal("100.00")),
        ("D7", "invoice", 2024, Decimal("200.00")),
    ]


def test_invoices_count_by_themselves_where_no_ledger_is_loaded(by_hand: DbtHome) -> None:
    rows = _rows(
        by_hand,
        "select document_id, year, entity_id, amount_nok from fct_spend_line "
        "where spend_source = 'invoice' order by document_id",
    )
    assert rows == [
        ("D8", 2023, BUYERS[0], Decimal("9.99")),
        ("D9", 2024, BUYERS[1], Decimal("123.00")),
    ]


def test_an_invoice_that_no_posting_fits_is_reported_not_added(by_hand: DbtHome) -> None:
    rows = _rows(
        by_hand,
        "select source_sha256, spend_nok, replaced_by_ledger_nok from mart_reconciliation "
        "where replaced_by_ledger_nok <> 0",
    )
    assert rows == [("D3", ZERO, Decimal("888.00"))]


def test_every_ore_of_the_ledgers_has_its_place(by_hand: DbtHome) -> None:
    rows = _rows(
        by_hand,
        "select source_sha256, amount_accepted_nok, spend_nok, outside_population_nok, "
        "detailed_by_invoices_nok from mart_reconciliation where kind = 'ledger_line' order by 1",
    )
    # Purchases 3 075 = 888 posting + 10 residual + 2 177 detail lines; 250 VAT, −1 260 balance,
    # 3 000 wages and 40 internal are outside, and all of the supplier ledger.
    assert rows == [
        (
            "general",
            Decimal("5055.00"),
            Decimal("898.00"),
            Decimal("2030.00"),
            Decimal("2127.00"),
        ),
        ("supplier", Decimal("1000.00"), ZERO, Decimal("1000.00"), ZERO),
    ]


def test_what_is_outside_says_why(by_hand: DbtHome) -> None:
    rows = _rows(
        by_hand,
        "select population_reason, sum(amount_nok) from fct_outside_population_line "
        "group by population_reason order by 1",
    )
    assert rows == [
        ("beside_general_ledger", Decimal("1000.00")),
        ("internal_account", Decimal("40.00")),
        ("vat", Decimal("250.00")),
        ("wages", Decimal("1740.00")),
    ]


def test_the_marts_have_the_same_sum_with_a_ledger(by_hand: DbtHome) -> None:
    queries = (
        "select sum(amount_nok) from fct_spend_line",
        "select sum(spend_nok) from mart_reconciliation",
        "select sum(spend_nok) from mart_spend_cube",
        "select sum(spend_nok) from mart_spend_source",
        "select sum(spend_nok) from mart_supplier_year where definition_id = 'STD'",
        "select sum(numerator_nok) from mart_supplier_average where definition_id = 'STD'",
    )
    assert [_rows(by_hand, query) for query in queries] == [[(Decimal("3157.99"),)]] * 6


def test_period_13_is_in_the_last_month_of_its_year(by_hand: DbtHome) -> None:
    rows = _rows(by_hand, "select month, year from mart_spend_cube where spend_nok = -50")
    assert rows == [(dt.date(2024, 12, 1), 2024)]


def test_the_shares_of_the_ledger_are_told(by_hand: DbtHome) -> None:
    rows = _rows(
        by_hand,
        "select spend_source, ledger_kind, posting_nok, matched_nok, residual_nok, "
        "unmatched_posting_nok, unmatched_invoice_count, unmatched_invoice_nok "
        f"from mart_spend_source where year = 2024 and entity_id = '{BUYERS[0]}'",
    )
    assert rows == [
        (
            "ledger",
            "general_ledger",
            Decimal("3025.00"),
            Decimal("2137.00"),
            Decimal("10.00"),
            Decimal("888.00"),
            1,
            Decimal("888.00"),
        )
    ]


# --- at random ---


def _random_lake(seed: int) -> tuple[list[Posting], list[Document]]:
    draw = random.Random(seed)
    documents = [_random_document(draw, index) for index in range(160)]
    postings: list[Posting] = []
    for document in documents:
        if draw.random() < 0.75:
            postings += _posted(draw, document, len(postings))
    for index in range(60):
        stray = _random_document(draw, 1000 + index)
        postings += _posted(draw, stray, len(postings))
    rows: dict[str, int] = {}
    for index, posting in enumerate(postings):
        rows[posting.file] = rows.get(posting.file, 0) + 1
        postings[index] = replace(posting, row=rows[posting.file])
    return postings, documents


def _random_document(draw: random.Random, index: int) -> Document:
    prefix = draw.choice(("", "", "00", "F-", "INV"))
    number = f"{prefix}{draw.randrange(1, 70)}"
    date = dt.date(2023, 1, 1) + dt.timedelta(days=draw.randrange(3 * 365))
    ore = draw.choice((10_000, 25_000, 99_999, -10_000, draw.randrange(1, 500_000)))
    buyer = draw.choice((*BUYERS, ""))
    return Document(f"D{index}", f"D{index}", draw.choice(SELLERS), number, buyer, date, ore)


def _posted(draw: random.Random, document: Document, index: int) -> list[Posting]:
    """Return the postings of a document: perhaps split, a little off, late or without number."""
    date = document.date + dt.timedelta(days=draw.choice((0, 3, 20, 59, 60, 61, -7, -8)))
    year = document.date.year if draw.random() < 0.8 else date.year
    entity = document.buyer if document.buyer == BUYERS[0] else "*"
    if year == 2025 and entity == "*":
        year = 2024  # so that the other buyers have a year without any ledger
    kind = draw.choice(("general_ledger", "general_ledger", "supplier_ledger"))
    number = draw.choice((document.number, document.number.lstrip("INVF-0") or None, None))
    total = document.ore + draw.choice((0, 0, 0, 1, -300))
    first = total if draw.random() < 0.7 else total // 3
    vat = draw.choice((None, None, abs(first) // 5))
    base = Posting(
        f"{kind}-{draw.randrange(2)}", 0, kind, entity, year, date, document.supplier, number,
        draw.choice((None, f"V{index}")), draw.choice((120, 195, 370, 290)), first,
    )  # fmt: skip
    rest = [replace(base, ore=total - first, art=429 if vat else 230)] if total != first else []
    return [replace(base, vat_ore=vat, ore=first + (vat or 0)), *rest]


@pytest.fixture(scope="module")
def at_random(
    tmp_path_factory: pytest.TempPathFactory, compiled_project: CompiledProject
) -> tuple[DbtHome, Oracle]:
    postings, documents = _random_lake(20240311)
    home = _built(tmp_path_factory.mktemp("random"), compiled_project, postings, documents)
    return home, Oracle(postings, documents, frozenset({PUBLIC}))


def test_every_file_comes_to_what_the_oracle_says(at_random: tuple[DbtHome, Oracle]) -> None:
    home, oracle = at_random
    found = {
        row[0]: Fate(*(int(amount.scaleb(2)) for amount in row[1:]))
        for row in _rows(
            home,
            "select source_sha256, spend_nok, outside_population_nok, replaced_by_ledger_nok, "
            "detailed_by_invoices_nok from mart_reconciliation where is_spend_source",
        )
    }
    assert found == dict(oracle.files())


def test_the_same_invoices_detail_the_same_postings(at_random: tuple[DbtHome, Oracle]) -> None:
    home, oracle = at_random
    found = _rows(
        home,
        "select document_id, entity_id, year from fct_document where spend_source = 'ledger'",
    )
    expected = {(d.id, group[0], group[1]) for d, group in oracle.matches.items()}
    assert len(expected) > 30
    assert set(found) == expected


def test_nothing_is_lost_or_counted_twice(at_random: tuple[DbtHome, Oracle]) -> None:
    home, oracle = at_random
    (broken,) = _rows(
        home,
        "select count(*) from mart_reconciliation where amount_accepted_nok <> spend_nok "
        "+ outside_population_nok + replaced_by_ledger_nok + detailed_by_invoices_nok",
    )
    assert broken == (0,)
    counted = sum(p.ore - (p.vat_ore or 0) for p in oracle.postings if oracle.counts(p))
    ((ledger_nok,),) = _rows(
        home,
        "select sum(amount_nok) from (select amount_nok from fct_spend_line "
        "where spend_source = 'ledger' union all select amount_nok "
        "from fct_outside_population_line where spend_source = 'ledger' "
        "and population_reason = 'public_body')",
    )
    assert ledger_nok == _kroner(counted)


# --- a published SAF-T file ---


def test_a_published_saft_file_has_its_purchases_and_every_ore(
    shared_data: Path, tmp_path: Path, compiled_project: CompiledProject
) -> None:
    data = (shared_data / SAFT).read_bytes()
    result = read_saft(data, "saft", b"test key")
    facts = result.facts
    home = DbtHome(tmp_path)
    file: dict[str, object] = {
        "source_sha256": "saft",
        "file_name": "saft.xml",
        "kind": "saft_financial",
        "rows_in": facts.rows_in,
        "rows_accepted": facts.rows_accepted,
        "rows_quarantined": facts.rows_quarantined,
        "currency": facts.currency,
        "amount_in": facts.amount_in,
        "amount_accepted": facts.amount_accepted,
        "amount_quarantined": facts.amount_quarantined,
    }
    home.write({name: table.to_dicts() for name, table in result.tables.items()}, [file])
    home.build(compiled_project)
    lines = result.tables["saft_journal_line"]
    classes = lines["account_id"].str.slice(0, 2).cast(int)
    purchases = lines.filter(classes.is_between(40, 49) | classes.is_between(61, 77))
    rows = _rows(
        home,
        "select amount_loaded, amount_accepted_nok, spend_nok, outside_population_nok "
        "from mart_reconciliation",
    )
    spend = purchases["amount"].sum()
    assert rows == [(facts.amount_accepted, ZERO, spend, -spend)]
