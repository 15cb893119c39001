"""Small municipalities made up by Hypothesis: registers, and a few years of invoices.

Values are drawn from few choices with the simplest first, so that a failing one shrinks to what can
be read. Dates lie mostly on the boundaries of agreements, options, years and leap days, amounts
around the thresholds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.oracle.periods import extended, months_after

Draw = Callable[[st.SearchStrategy[Any]], Any]
Rows = list[dict[str, object]]

AS_OF = dt.date(2024, 12, 31)
MUNICIPALITY = "837454862"
ORGNRS = ("974760673", "923609016", "971035854", "889640782", "974760746")
NEWCOMER = "971526920"
KINDS = ("goods_services", "works", "health_social", "special")
# Codes of the categories K1 to K5, one within another; classes that lines have.
CODES = ("10", "1015", "20", "30", "3015")
CLASSES = ("10200000", "10151500", "20100000", "30200000", "30150000")
WORDS = (None, "Kaffe mørk", "Kontorstol", "Papir A4")
AMOUNTS = tuple(
    Decimal(text)
    for text in (
        "1000.00", "650000.00", "649999.99", "1300000.00", "1299999.99", "650000.00", "649999.99",
        "1300000.00", "1299999.99", "0.01",
        "99999.99",
        "100000.00", "33.33", "2300000.00", "500000.00", "0.00", "-1000.00", "-0.01", "-33.34",
    )
)  # fmt: skip
DAYS = tuple(
    dt.date.fromisoformat(text)
    for text in (
        "2023-06-15", "2024-02-29", "2023-06-15", "2023-09-01", "2023-01-01", "2023-12-31",
        "2024-01-01", "2024-12-31", "2022-03-31", "2022-12-31", "2024-02-28", "2023-02-28",
        "2023-03-01",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Municipality:
    """Rows of the lake's tables by name, and the settings of the build."""

    tables: Mapping[str, Rows]
    settings: Mapping[str, object]

    @property
    def source_files(self) -> Rows:
        """Every file that the rows say that they are of, accepted."""
        names = sorted({str(row["source_sha256"]) for rows in self.tables.values() for row in rows})
        return [
            {"source_sha256": name, "kind": "register", "effective_date": AS_OF} for name in names
        ]


def _number(rows: Sequence[Mapping[str, object]]) -> Rows:
    return [{"source_sha256": "reg", "source_row": n, **row} for n, row in enumerate(rows, 1)]


def _maybe(choices: Sequence[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *choices])


def _one_or_two(choices: Sequence[Any]) -> st.SearchStrategy[list[Any]]:
    one = st.sampled_from(choices).map(lambda chosen: [chosen])
    two = st.lists(st.sampled_from(choices), min_size=1, max_size=2, unique=True)
    return st.one_of(one, one, two)


def _period(draw: Draw) -> dict[str, object]:
    """Return the first and last day of a row; usually open."""
    if not draw(st.sampled_from([False] * 7 + [True])):
        return {}
    first, last = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    return {"valid_from": draw(_maybe([first])), "valid_to": draw(_maybe([last]))}


def _units(draw: Draw) -> tuple[list[str], dict[str, Rows]]:
    names = [f"U{n}" for n in range(1, draw(st.sampled_from([2, 1, 3, 4, 5, 2])) + 1)]
    units, signs = [], []
    for n, name in enumerate(names):
        units.append(
            {
                "unit_id": name,
                "name": name,
                "sector": draw(st.sampled_from(["Helse", "Skole"])),
                "orgnr": draw(st.sampled_from([None, MUNICIPALITY, None, ORGNRS[4]])),
                "parent_unit_id": draw(_maybe(names[:n])),
                **_period(draw),
            }
        )
        priority = draw(_maybe([10]))
        signs.append(
            {"unit_id": name, "identifier_type": "buyer_reference", "match_type": "exact"}
            | {"value": f"REF-{n + 1}", "priority": priority, **_period(draw)}
        )
    for kind, match, value, last in (
        ("buyer_reference", "prefix", "REF", None),
        ("buyer_reference", "prefix", "REF-", None),
        ("accounting_cost", "range", "1000", "1999"),
        ("order_number", "exact", "PO-1", None),
        ("contact", "exact", "Kari", None),
    ):
        if draw(st.booleans()):
            signs.append(
                {"unit_id": draw(st.sampled_from(names)), "identifier_type": kind, "value": value}
                | {"match_type": match, "value_to": last, **_period(draw)}
            )
    return names, {"reg_unit": _number(units), "reg_unit_identifier": _number(signs)}


def _categories(draw: Draw) -> tuple[list[str], dict[str, Rows]]:
    names = [f"K{n}" for n in range(1, draw(st.sampled_from([2, 1, 3, 4, 5])) + 1)]
    categories = [
        {
            "category_id": name,
            "name": name,
            "kind": draw(st.sampled_from(KINDS)),
            "is_addressable": draw(st.sampled_from([True, None, False])),
        }
        for name in names
    ]
    codes = [
        {"code_list": "UNSPSC", "code": code, "category_id": name}
        for name, code in zip(names, CODES, strict=False)
    ]
    rules = [
        {
            "words": words,
            "category_id": draw(st.sampled_from(names)),
            "priority": draw(_maybe([1])),
            "orgnr": draw(_maybe(ORGNRS[:2])),
            **_period(draw),
        }
        for words in ("kaffe", "mørk kaffe", "kontor*")
        if draw(st.booleans())
    ]
    tables = {"reg_category": categories, "reg_category_code": codes, "reg_text_rule": rules}
    return names, {name: _number(rows) for name, rows in tables.items()}


def _suppliers(draw: Draw, categories: Sequence[str]) -> tuple[Rows, dict[str, Rows]]:
    """Return what documents say of each seller, and the registers of suppliers."""
    sellers: Rows = [
        {"seller_orgnr": orgnr, "seller_name": draw(st.sampled_from([f"Selger {n}", "Felles AS"]))}
        for n, orgnr in enumerate(ORGNRS[: draw(st.sampled_from([2, 1, 3, 4, 5]))])
    ]
    sellers.append({"seller_orgnr": NEWCOMER, "seller_name": "Ny AS"})
    sellers.append({"seller_name": "Uten nummer"})
    foreign = {"seller_vat_id": "SE556012579001", "seller_name": "Utland AB"}
    sellers += draw(st.sampled_from([[], [foreign], [foreign, {"seller_name": None}]]))
    registered = [
        {
            "orgnr": orgnr,
            "name": orgnr,
            "is_public_body": n == 3,
            "is_internal": draw(st.booleans()),
        }
        for n, orgnr in enumerate(ORGNRS)
        if n == 3 or draw(st.sampled_from([False, False, False, True]))
    ]
    single = [
        {
            "orgnr": draw(st.sampled_from(ORGNRS)),
            "category_id": draw(st.sampled_from(categories)),
            "is_single_category": draw(st.sampled_from([True, False])),
            **_period(draw),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]
    return sellers, {
        "reg_supplier": _number(registered),
        "reg_supplier_category": _number(single),
    }


def _agreement(draw: Draw, name: str) -> tuple[dict[str, object], Rows, list[dt.date]]:
    """Return an agreement, its options, and the days on which it begins or may end."""
    early = [dt.date(2023, 1, 1), dt.date(2022, 1, 1), dt.date(2022, 2, 28), DAYS[0]]
    first = draw(st.sampled_from([*early, *(day for day in DAYS if day.year < 2024)]))
    end = extended(first, draw(st.sampled_from([24, 12, 36, 3]))) - dt.timedelta(days=1)
    if draw(st.sampled_from([False, False, True])):
        end = draw(st.sampled_from([d for d in DAYS if d >= first]))
    row: dict[str, object] = {
        "agreement_id": name,
        "title": name,
        "is_binding": draw(st.sampled_from([True, False, True, True])),
        "valid_from": first,
        "end_date": end,
        "contract_references": draw(_maybe([f"2023/{name}; K-77"])),
    }
    options: Rows = [
        {
            "agreement_id": name,
            "option_number": number,
            "length_months": draw(st.sampled_from([12, 1])),
            "is_exercised": draw(st.booleans()),
        }
        for number in range(1, draw(st.integers(0, 2)) + 1)
    ]
    months = 0
    days = [first, end + dt.timedelta(days=1)]
    for option in options:
        months += int(str(option["length_months"]))
        days.append(extended(end, months) + dt.timedelta(days=1))
    days += [months_after(days[0], -12), months_after(days[1], 12)]
    return row, options, days + [day - dt.timedelta(days=1) for day in days]


def _agreements(
    draw: Draw, units: Sequence[str], categories: Sequence[str]
) -> tuple[list[dt.date], dict[str, Rows]]:
    days: list[dt.date] = []
    names = ("reg_agreement", "reg_agreement_option", "reg_agreement_lot", "reg_lot_supplier")
    tables: dict[str, Rows] = {name: [] for name in (*names, "reg_lot_unit", "reg_lot_category")}
    for number in range(1, draw(st.sampled_from([1, 2, 0, 3, 2, 1, 3])) + 1):
        row, options, own_days = _agreement(draw, f"AV-{number}")
        days += own_days
        tables["reg_agreement"].append(row)
        tables["reg_agreement_option"] += options
        for lot in range(1, draw(st.sampled_from([1, 2, 2, 1, 2])) + 1):
            key = {"agreement_id": row["agreement_id"], "lot": str(lot)}
            for name, rows in _lot(draw, key, units, categories).items():
                tables[name] += rows
    agreements = [row["agreement_id"] for row in tables["reg_agreement"]]
    tables["reg_exemption"] = [
        {
            "agreement_id": draw(st.sampled_from(agreements)),
            "unit_id": draw(st.sampled_from([*units, "*"])),
            "reason": "prøve",
            **_period(draw),
        }
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])) if agreements else 0)
    ]
    tables["reg_supplier_succession"] = [
        {
            "orgnr": orgnr,
            "successor_orgnr": draw(st.sampled_from([NEWCOMER, ORGNRS[1], ORGNRS[2]])),
            "valid_from": draw(st.sampled_from(DAYS)),
            "agreement_id": draw(_maybe(agreements)),
        }
        for orgnr in ORGNRS[: draw(st.sampled_from([0, 1, 0, 2, 0]))]
    ]
    return days, {name: _number(rows) for name, rows in tables.items()}


def _lot(
    draw: Draw, key: Mapping[str, object], units: Sequence[str], categories: Sequence[str]
) -> dict[str, Rows]:
    number = int(str(key["lot"])) - 1
    own = units[number % len(units)]
    suppliers: Rows = [
        {
            **key,
            "orgnr": orgnr,
            "supplier_rank": draw(_maybe([rank])),
            "supplier_role": draw(
                st.sampled_from(["supplier", "supplier", "subcontractor", "supplier", None])
            ),
            "direct_call_off_allowed": draw(st.booleans()),
            **_period(draw),
        }
        for rank, orgnr in enumerate(
            draw(_one_or_two([ORGNRS[number], ORGNRS[number], *ORGNRS[:3]])), start=1
        )
    ]
    return {
        "reg_agreement_lot": [{**key, "name": "Lot", "call_off": "ranked"}],
        "reg_lot_supplier": suppliers,
        "reg_lot_unit": [
            {**key, "unit_id": unit, **_period(draw)}
            for unit in draw(_one_or_two([own, "*", own, *units, own]))
        ],
        "reg_lot_category": [
            {**key, "category_id": category, **_period(draw)}
            for category in draw(_one_or_two([categories[0]] * 4 + [*categories, categories[0]]))
        ],
    }


def _document(
    draw: Draw,
    number: int,
    sellers: Rows,
    days: Sequence[dt.date],
    codes: Sequence[str | None],
    lines: int,
) -> tuple[dict[str, object], Rows, Rows, Rows]:
    """Return an invoice or credit note, its lines, their classes, and what it credits."""
    key: dict[str, object] = {"source_sha256": f"f{number:02}", "document_id": f"D{number:02}"}
    is_credit = draw(st.sampled_from([False, False, False, True]))
    currency = draw(st.sampled_from(["NOK", "NOK", "NOK", "EUR", "SEK"]))
    day = st.sampled_from(list(days))
    rows: Rows = []
    classes: Rows = []
    for place in range(1, lines + 1):
        row: dict[str, Any] = key | {"source_row": place, **_line(draw, day)}
        row["amount"] = -row["amount"] if is_credit else row["amount"]
        rows.append(row)
        code = draw(st.sampled_from(codes))
        if code is not None:
            classes.append(
                key | {"source_row": place, "position": 1, "list_id": "MP", "code": code}
            )
    document = key | {
        "source_row": 1,
        "document_kind": "credit_note" if is_credit else "invoice",
        "profile": "peppol_bis3",
        "document_number": draw(st.sampled_from([f"F{number}", f"F{number}", "F1"])),
        "issue_date": draw(day),
        "currency": currency,
        "buyer_orgnr": draw(st.sampled_from([MUNICIPALITY, ORGNRS[4], None])),
        "buyer_reference": draw(
            st.sampled_from(
                ["REF-1", "REF-2", "REF-3", "REF-2", "REF-1", "REF-4", "REF-5", None, "NA", "REF-2"]
            )
        ),
        "accounting_cost": draw(st.sampled_from([None, "1500", "999"])),
        "buyer_contact_name": draw(_maybe(["kari "])),
        "order_reference": draw(st.sampled_from([None, "PO-1", "2023/AV-1"])),
        "contract_reference": draw(st.sampled_from([None, "AV-1", "k77", "2023/AV-2", "-"])),
        "order_date": draw(st.one_of(st.none(), st.none(), day)),
        "delivery_date": draw(st.one_of(st.none(), day)),
        "period_start": draw(st.one_of(st.none(), day)),
        **draw(st.sampled_from([*sellers[:2], *sellers[:2], *sellers[:2], *sellers])),
    }
    credited = [
        key
        | {
            "position": position,
            "referenced_number": f"F{draw(st.integers(1, number))}",
            "referenced_date": draw(st.one_of(st.none(), day)),
        }
        for position in range(1, draw(st.sampled_from([0, 0, 1, 2])) + 1)
    ]
    return document, rows, classes, credited


def _line(draw: Draw, day: st.SearchStrategy[dt.date]) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["line", "line", "charge", "allowance", "difference", *["line"] * 7])
    )
    return {
        "line_kind": kind,
        "amount": draw(
            st.one_of(
                st.sampled_from(AMOUNTS),
                st.sampled_from(AMOUNTS),
                st.integers(1, 2_000_000_00).map(lambda ore: Decimal(ore).scaleb(-2)),
            )
        ),
        "item_name": draw(st.sampled_from(WORDS)),
        "sellers_item_id": draw(_maybe(["V1", "V2"])),
        "vat_percent": draw(st.sampled_from([Decimal(25), Decimal(15), Decimal(0), None])),
        "order_reference": draw(st.sampled_from([None, None, "PO-1"])),
        "delivery_date": draw(st.one_of(st.none(), st.none(), day)),
    }


def _documents(
    draw: Draw, sellers: Rows, days: Sequence[dt.date], categories: int
) -> dict[str, Rows]:
    tables: dict[str, Rows] = {
        name: []
        for name in ("ehf_document", "ehf_line", "ehf_line_classification", "ehf_billing_reference")
    }
    known = CLASSES[:categories]
    codes = [*known, *known, *known, None, "99000000"]
    for number in range(1, draw(st.integers(1, 10)) + 1):
        size = draw(st.sampled_from([1, 2, 3, 4]))
        document, lines, classes, credited = _document(draw, number, sellers, days, codes, size)
        tables["ehf_document"].append(document)
        tables["ehf_line"] += lines
        tables["ehf_line_classification"] += classes
        tables["ehf_billing_reference"] += credited
    return tables


def _rates(days: Sequence[dt.date]) -> Rows:
    """Return rates of EUR on every day; none of SEK, whose documents can't be expressed in NOK."""
    return _number(
        [
            {"currency": "EUR", "rate_date": day, "rate": Decimal("11.3333"), "units": 1}
            for day in sorted(set(days))
        ]
    )


@st.composite
def municipalities(draw: Draw) -> Municipality:
    """Return a municipality with its registers and invoices."""
    units, tables = _units(draw)
    categories, more = _categories(draw)
    tables |= more
    agreement_days, more = _agreements(draw, units, categories)
    tables |= more
    sellers, more = _suppliers(draw, categories)
    tables |= more
    days = [*DAYS, *DAYS, *agreement_days]
    tables |= _documents(draw, sellers, days, len(categories))
    tables["reg_exchange_rate"] = _rates(days)
    settings = {
        "as_of_date": AS_OF,
        "municipality_orgnr": draw(st.sampled_from(["", MUNICIPALITY])),
        "weak_min_lines": 3,
    }
    return Municipality(tables, settings)
