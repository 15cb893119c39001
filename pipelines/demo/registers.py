"""The demo's registers, in the mixed formats and habits that people send them in.

The headings are those of the lake's contracts; what stands in the rows comes from the other
modules of the demo.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from pipelines.demo import gains
from pipelines.demo.agreements import (
    COOPERATION,
    EXEMPTIONS,
    SUBCONTRACT_AGREEMENT,
    Agreement,
    Lot,
    Member,
    Plan,
)
from pipelines.demo.categories import ART_CATEGORIES, CATEGORIES, OCCUPATIONAL_HEALTH
from pipelines.demo.ehandel import readiness
from pipelines.demo.planted import ANSWER, TEXT_RULE, UNKNOWN_CODE
from pipelines.demo.purchases import YEARS
from pipelines.demo.rates import Rates
from pipelines.demo.suppliers import Pool, Supplier
from pipelines.demo.thresholds import APPROVALS, LIMITS
from pipelines.demo.twins import TRADE_NAME, Twin
from pipelines.demo.units import (
    BOUND_UNITS,
    DEPARTMENTS,
    ENTERPRISE,
    IDENTIFIERS,
    MUNICIPALITY,
    UNITS,
)
from pipelines.extracts.tables import REGISTERS

AS_OF = date(2024, 12, 31)
UNKNOWN_CATEGORY = "K999"
REGISTER_ISSUES = (
    {"register": "kategorikoder", "column": "kategori_id", "value": UNKNOWN_CATEGORY},
    {"register": "delkontrakt_kategorier", "column": "kategori_id", "value": UNKNOWN_CATEGORY},
)
_FIXED_TIME = datetime(2024, 12, 31, 12, 0)  # noqa: DTZ001 - a spreadsheet has no time zone

Row = dict[str, Any]


def headings(register: str) -> dict[str, str]:
    """Return the heading that our own files use for each column of a register."""
    return {c.name: c.aliases[0] for c in REGISTERS[register].columns if c.aliases}


def yes(value: bool) -> str:
    """Return ja or nei."""
    return "ja" if value else "nei"


def norwegian(day: date | None) -> str:
    """Return a date as 31.12.2024, empty where there is none."""
    return f"{day:%d.%m.%Y}" if day else ""


def write_registers(landing: Path, pool: Pool, rates: Rates, twins: list[Twin]) -> None:
    """Write every register into the landing folder's `registre`."""
    folder = landing / "registre"
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder, "enheter", _units(pool.buyer_orgnr, pool.enterprise_orgnr), "utf-8-sig")
    write_xlsx(folder, "enhetskjennetegn", _identifiers())
    write_csv(folder, "kategorier", _categories(), "cp1252")
    write_csv(folder, "kategorikoder", _category_codes(), "utf-8")
    write_csv(folder, "leverandører", _suppliers(pool.suppliers), "utf-8")
    write_xlsx(folder, "leverandørkategorier", _supplier_categories(pool.suppliers))
    write_csv(folder, "unntak", _exemptions(), "utf-8-sig")
    write_csv(folder, "valutakurser", _rates(rates), "utf-8")
    write_csv(folder, "kontokategorier", _account_categories(), "utf-8")
    write_xlsx(folder, "avvik", _deviations(pool.plan))
    write_csv(folder, "leverandørkontroller", _controls(pool.plan), "utf-8-sig")
    write_xlsx(folder, "fullmakter", _authority_limits())
    write_csv(folder, "kurs", _courses(), "utf-8-sig")
    write_csv(folder, "milepæler", _milestones(), "utf-8")
    write_csv(folder, "leverandørskifter", _successions(pool.plan), "utf-8")
    write_csv(folder, "avtaleparter", _parties(pool.plan, pool.buyer_orgnr), "utf-8-sig")
    write_csv(folder, "tjenesteopsjoner", _service_options(), "utf-8")
    write_csv(folder, "leverandøromsetning", _turnovers(pool), "utf-8")
    write_csv(folder, "gevinstplan", _saving_plan(), "utf-8-sig")
    write_csv(folder, "godkjenninger", _approvals(pool), "utf-8")
    write_csv(folder, "måltall", _own_kpis(), "utf-8")
    write_csv(folder, "mål", _targets(), "utf-8-sig")
    write_csv(folder, "tekstregler", _text_rules(), "utf-8")
    write_csv(folder, "leverandørsammenslåinger", _merges(twins), "utf-8-sig")
    write_csv(folder, "kategorisvar", _category_answers(pool), "utf-8")
    _yaml(folder / f"avtaler_{AS_OF}.yaml", pool.plan)


def write_csv(
    folder: Path, register: str, rows: list[Row], encoding: str, extra: tuple[str, ...] = ()
) -> None:
    """Write a register as CSV; `extra` are columns of the rows that no register has."""
    names = headings(register) | {name: name for name in extra}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    columns = [name for name in names if name in rows[0]]
    writer.writerow([names[column] for column in columns])
    for row in rows:
        writer.writerow([row[column] for column in columns])
    (folder / f"{register}_{AS_OF}.csv").write_bytes(buffer.getvalue().encode(encoding))


def write_xlsx(folder: Path, register: str, rows: list[Row]) -> None:
    """Write a register as a workbook, its dates as cells with a date format."""
    names = headings(register)
    columns = [name for name in names if name in rows[0]]
    book = xlsxwriter.Workbook(str(folder / f"{register}_{AS_OF}.xlsx"))
    book.set_properties({"title": register, "created": _FIXED_TIME})
    sheet = book.add_worksheet(register)
    day_format = book.add_format({"num_format": "dd.mm.yyyy"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, names[column])
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            _cell(sheet, number, place, row[column], day_format)
    book.close()


def _cell(sheet: Any, row: int, column: int, value: object, day_format: object) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day_format)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value not in (None, ""):
        sheet.write_string(row, column, str(value))


def _units(orgnr: str, enterprise_orgnr: str) -> list[Row]:
    since = {"FOB": date(2016, 7, 1), "KLI": date(2016, 6, 1)}
    return [
        {
            "unit_id": unit.unit_id,
            "name": unit.name,
            "orgnr": enterprise_orgnr if unit is ENTERPRISE else orgnr,
            "sector": unit.sector,
            "parent_unit_id": unit.parent or "",
            "valid_from": norwegian(since.get(unit.unit_id)),
            "valid_to": "",
        }
        for unit in BOUND_UNITS
    ]


def _identifiers() -> list[Row]:
    return [
        {
            "unit_id": row.unit_id,
            "identifier_type": row.type,
            "match_type": row.match,
            "value": row.value,
            "value_to": row.value_to,
            "priority": row.priority,
            "valid_from": date(2020, 1, 1),
        }
        for row in (*IDENTIFIERS, *DEPARTMENTS)
    ]


def _categories() -> list[Row]:
    return [
        {
            "category_id": category.category_id,
            "name": category.name,
            "faggruppe": category.faggruppe,
            "kind": category.kind,
            "is_addressable": yes(category.is_addressable),
            "control_risk": "sosial_dumping" if category.category_id in _CONTROLLED else "",
            "reuse": _REUSE.get(category.category_id, ""),
        }
        for category in CATEGORIES
    ]


def _category_codes() -> list[Row]:
    rows = [
        {"code_list": code_list, "code": code, "category_id": category.category_id}
        for category in CATEGORIES
        for code_list, code in (("UNSPSC", category.unspsc), ("CPV", category.cpv))
    ]
    unknown = {"code_list": "UNSPSC", "code": UNKNOWN_CODE[:6], "category_id": UNKNOWN_CATEGORY}
    return [*rows, unknown]


def _suppliers(suppliers: list[Supplier]) -> list[Row]:
    return [
        {
            "orgnr": supplier.orgnr,
            "name": supplier.name,
            "organisation_form": supplier.form,
            "is_public_body": yes(supplier.is_public),
            "is_internal": yes(supplier.is_internal),
        }
        for supplier in suppliers
        if supplier.is_registered and supplier.orgnr is not None
    ]


def _supplier_categories(suppliers: list[Supplier]) -> list[Row]:
    return [
        {
            "orgnr": supplier.orgnr,
            "category_id": category_id,
            "is_single_category": yes(supplier.is_single),
            "valid_from": date(2020, 1, 1),
        }
        for supplier in suppliers
        if supplier.is_registered and supplier.orgnr is not None
        for category_id in supplier.categories
    ]


def _exemptions() -> list[Row]:
    return [
        {
            "agreement_id": exemption.agreement_id,
            "unit_id": exemption.unit_id,
            "valid_from": norwegian(exemption.first),
            "valid_to": norwegian(exemption.last),
            "reason": exemption.reason,
        }
        for exemption in EXEMPTIONS
    ]


def _rates(rates: Rates) -> list[Row]:
    return [
        {
            "currency": rate.currency,
            "rate_date": rate.day.isoformat(),
            "rate": f"{rate.ten_thousandths // 10_000},{rate.ten_thousandths % 10_000:04d}",
            "units": rate.units,
        }
        for rate in rates.rows
    ]


# --- what follows up ----------------------------------------------------------------------------

_FAULTS = (
    ("forsinkelse", "middels", "Levert etter avtalt dag", "4 500,00"),
    ("kvalitet", "høy", "Varene hadde feil og måtte byttes", ""),
    ("pris", "lav", "Fakturert over prisen i avtalen", ""),
    ("mengde", "lav", "Levert færre enn bestilt", ""),
    ("vilkår", "middels", "Servicetiden i avtalen er ikke holdt", ""),
)
_CONTROLLED = ("K191", "K192", "K193", "K211", "K214")
_REUSE = {"K151": "aktuelt", "K152": "aktuelt", "K154": "er_ombruk"}
_CONTROL_FORMS = ("dokumentkontroll", "stedlig", "egenrapportering")
_COURSES = (
    (date(2023, 2, 14), "Innkjøp for ledere", "Ledere", 28, "3"),
    (date(2023, 9, 19), "Avrop på samkjøpsavtaler", "Bestillere", 46, "2,5"),
    (date(2024, 1, 30), "Avrop på samkjøpsavtaler", "Bestillere", 39, "2,5"),
    (date(2024, 4, 16), "Kontraktsoppfølging", "Avtaleforvaltere", 17, "6"),
    (date(2024, 10, 8), "Innkjøp for ledere", "Ledere", 31, "3"),
)
_MILESTONES = (
    ("M1", "Verktøy for konkurransegjennomføring i bruk", date(2023, 1, 31), date(2023, 1, 18)),
    ("M2", "Verktøy for kontraktsoppfølging i bruk", date(2023, 6, 30), date(2023, 9, 4)),
    ("M3", "Alle enheter bestiller gjennom e-handel", date(2024, 9, 30), None),
    ("M4", "Ny innkjøpsstrategi vedtatt", date(2025, 6, 30), None),
)


def _account_categories() -> list[Row]:
    return [
        {"code_type": "kostra_art", "match_type": "eksakt", "code": art, "category_id": category_id}
        for art, category_id in ART_CATEGORIES.items()
    ]


def _deviations(plan: Plan) -> list[Row]:
    """Return one deviation for each agreement in force: by a supplier of it, from a unit of it."""
    rows: list[Row] = []
    for number, agreement in enumerate(plan.agreements):
        lot = agreement.lots[0]
        kind, severity, what, dagbot = _FAULTS[number % len(_FAULTS)]
        reported = AS_OF - timedelta(days=9 * number + 3)
        if not agreement.in_period(reported):
            continue
        is_closed = number % 3 > 0 and number > 4
        rows.append(
            {
                "deviation_id": f"A-{number + 1:03}",
                "reported_date": reported,
                "agreement_id": agreement.agreement_id,
                "orgnr": lot.members[0].supplier_id.removeprefix("NO"),
                "unit_id": "UKE" if lot.units[0] == "*" else lot.units[0],
                "deviation_type": kind,
                "description": what,
                "severity": severity,
                "status": "lukket" if is_closed else "åpen",
                "claim_nok": 1_500 * (number % 4) or None,
                "dagbot_nok": dagbot,
                "closed_date": reported + timedelta(days=30) if is_closed else None,
            }
        )
    return rows


def _controls(plan: Plan) -> list[Row]:
    """Return a control of every supplier of the trades where social dumping is a risk."""
    found = [
        (agreement, category_id, member)
        for category_id in _CONTROLLED
        for agreement in plan.by_category.get(category_id, [])
        for lot in agreement.lots
        if category_id in lot.categories
        for member in lot.members
    ]
    rows: dict[tuple[str, str, str], Row] = {}
    for number, (agreement, category_id, member) in enumerate(found):
        day = date(2024, 1, 15) + timedelta(days=11 * (number % 30))
        has_findings = number % 4 == 0
        row: Row = {
            "orgnr": member.supplier_id.removeprefix("NO"),
            "agreement_id": agreement.agreement_id,
            "category_id": category_id,
            "control_date": norwegian(day),
            "subject": "sosial_dumping",
            "method": _CONTROL_FORMS[number % len(_CONTROL_FORMS)],
            "result": "avvik" if has_findings else "ingen_avvik",
            "followup_due_date": norwegian(day + timedelta(days=60)) if has_findings else "",
            "closed_date": norwegian(day + timedelta(days=41)) if number % 8 == 0 else "",
        }
        rows.setdefault((row["orgnr"], row["agreement_id"], category_id), row)
    return list(rows.values())


def _authority_limits() -> list[Row]:
    everywhere = {"unit_id": "*", "valid_from": date(2023, 1, 1)}
    rows: list[Row] = [
        {**everywhere, "role": role, "authority_type": kind, "limit_nok": limit}
        for kind in ("bestilling", "anvisning")
        for role, limit in LIMITS.items()
    ]
    large = [unit for unit in UNITS if unit.weight >= 5]
    own = {"role": "Virksomhetsleder", "authority_type": "avtale", "valid_from": date(2023, 1, 1)}
    return [*rows, *({**own, "unit_id": u.unit_id, "limit_nok": 2_000_000} for u in large)]


def _courses() -> list[Row]:
    return [
        {
            "course_date": norwegian(day),
            "title": title,
            "audience": audience,
            "participant_count": participants,
            "duration_hours": hours,
        }
        for day, title, audience, participants, hours in _COURSES
    ]


def _milestones() -> list[Row]:
    return [
        {
            "milestone_id": milestone_id,
            "title": title,
            "due_date": norwegian(due),
            "done_date": norwegian(done),
            "responsible": "Innkjøpsseksjonen",
            "strategy_reference": f"Strategien, punkt {number}",
        }
        for number, (milestone_id, title, due, done) in enumerate(_MILESTONES, 1)
    ]


def _yaml(path: Path, plan: Plan) -> None:
    """Write the agreements and all that hangs on them as one file with a key per register."""
    registers: dict[str, Callable[[Plan], list[Row]]] = {
        "avtaler": lambda p: [_agreement(n, a) for n, a in enumerate(p.agreements, 1)],
        "opsjoner": lambda p: [row for a in p.agreements for row in _option_rows(a)],
        "delkontrakter": lambda p: [_lot(a, lot) for a, lot in _lots(p)],
        "delkontrakt_leverandører": lambda p: [
            _member(a, lot, m) for a, lot in _lots(p) for m in lot.members if not m.is_heir
        ],
        "delkontrakt_enheter": lambda p: [
            {**_lot_key(a, lot), "unit_id": unit} for a, lot in _lots(p) for unit in lot.units
        ],
        "delkontrakt_kategorier": _lot_categories,
    }
    document = {
        register: [
            {headings(register)[column]: value for column, value in row.items()}
            for row in rows(plan)
        ]
        for register, rows in registers.items()
    }
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8")


def _lots(plan: Plan) -> list[tuple[Agreement, Lot]]:
    return [(agreement, lot) for agreement in plan.agreements for lot in agreement.lots]


def _lot_key(agreement: Agreement, lot: Lot) -> Row:
    return {"agreement_id": agreement.agreement_id, "lot": lot.lot}


def _agreement(number: int, agreement: Agreement) -> Row:
    row: Row = {
        "agreement_id": agreement.agreement_id,
        "title": agreement.title,
        "is_binding": yes(agreement.is_binding),
        "own_production_allowed": yes(agreement.own_production),
        "lead_buyer": agreement.lead_buyer,
        "valid_from": agreement.first,
        "end_date": agreement.last,
        "agreement_manager": f"Eksempel Forvalter {number % 6 + 1}",
        "notice_months": agreement.notice_months,
        "lead_time_months": agreement.lead_time_months,
        "contract_references": agreement.reference,
    }
    is_suitable, activated = readiness(agreement)
    row["is_ehandel_suitable"] = yes(is_suitable)
    if activated is not None:
        row["ehandel_activated_date"] = norwegian(activated)
    if agreement.lead_buyer == COOPERATION:
        row["stated_party_count"], row["party_forms"] = 3, "KOMM;FYLK;KF"
    if agreement.ceiling_mnok is not None:
        row["ceiling_nok"] = agreement.ceiling_mnok * 1_000_000
    return row


def _option_rows(agreement: Agreement) -> list[Row]:
    rows: list[Row] = []
    for number, option in enumerate(agreement.options, 1):
        row: Row = {
            "agreement_id": agreement.agreement_id,
            "option_number": number,
            "length_months": option.months,
            "is_exercised": yes(option.exercised is not None),
        }
        if option.exercised is not None:
            row["exercised_date"] = option.exercised
        rows.append(row)
    return rows


def _lot(agreement: Agreement, lot: Lot) -> Row:
    return {**_lot_key(agreement, lot), "name": lot.name, "call_off": lot.call_off}


def _member(agreement: Agreement, lot: Lot, member: Member) -> Row:
    row = {
        **_lot_key(agreement, lot),
        "orgnr": member.supplier_id.removeprefix("NO"),
        "name": member.name,
        "supplier_rank": member.rank,
    }
    if member.has_left:
        row["valid_to"] = norwegian(member.valid_to)
    if member.is_subcontractor:
        row["supplier_role"] = "underleverandør"
        row["direct_call_off_allowed"] = yes(member.is_direct)
    return row


def _successions(plan: Plan) -> list[Row]:
    return [
        {
            "orgnr": member.supplier_id.removeprefix("NO"),
            "successor_orgnr": member.heir_id.removeprefix("NO"),
            "valid_from": norwegian(member.valid_to + timedelta(days=1)),
            "agreement_id": agreement.agreement_id,
            "reason": "Nytt organisasjonsnummer etter fusjon",
        }
        for agreement, lot in _lots(plan)
        for member in lot.members
        if member.heir_id is not None
    ]


def _parties(plan: Plan, buyer_orgnr: str) -> list[Row]:
    """Return who may buy on the agreements of the cooperation, the municipality first."""
    others = (("Kleivdal kommune", "KOMM"), ("Storhylla og Myrtangen IKS", "IKS"))
    return [
        {
            "agreement_id": agreement.agreement_id,
            "name": name,
            "orgnr": orgnr,
            "organisation_form": form,
        }
        for agreement in plan.agreements
        if agreement.lead_buyer == COOPERATION
        for name, orgnr, form in (
            (MUNICIPALITY, buyer_orgnr, "KOMM"),
            *((name, "", form) for name, form in others),
        )
    ]


def _turnovers(pool: Pool) -> list[Row]:
    """Return what the suppliers on the agreements turn over, each year a little more."""
    sellers = [s for s in pool.suppliers if s.role == "agreement" and s.orgnr is not None]
    return [
        {
            "orgnr": supplier.orgnr,
            "year": year,
            "turnover_nok": (supplier.index % 9 + 2) * 4_000_000 + 250_000 * (year - 2020),
            "source": "Årsregnskapet",
        }
        for supplier in sellers[::2]
        for year in YEARS
    ]


def _saving_plan() -> list[Row]:
    rows: list[Row] = [
        {
            "agreement_id": gains.AGREEMENT,
            "year": gains.YEAR,
            "category_id": gains.CATEGORY,
            "item_id": planned.item_id,
            "baseline_price": kroner_text(planned.baseline),
            "contracted_price": kroner_text(planned.contracted),
            "discount_percent": "",
            "planned_quantity": planned.quantity,
            "planned_nok": "",
        }
        for planned in gains.PLAN
    ]
    whole = {**dict.fromkeys(rows[0], ""), "agreement_id": SUBCONTRACT_AGREEMENT}
    return [*rows, {**whole, "year": 2024, "discount_percent": 10, "planned_nok": "500 000,00"}]


def _approvals(pool: Pool) -> list[Row]:
    return [
        {
            "document_number": approval.document_number,
            "orgnr": pool.threshold_sellers[approval.seller].orgnr,
            "role": approval.role,
            "approved_date": norwegian(approval.day),
        }
        for approval in APPROVALS
    ]


def _own_kpis() -> list[Row]:
    head = {"kpi_id": "LINDVIK-1", "name": "Avtaler med miljøkrav"}
    source = "Innkjøpsseksjonens oversikt"
    return [
        {**head, "year": year, "numerator": found, "denominator": 41, "source": source}
        for year, found in ((2023, 19), (2024, 27))
    ]


def _targets() -> list[Row]:
    row = {"kpi_id": "LINDVIK-1", "from_year": 2023, "target_value": "0,6"}
    return [{**row, "source": "Innkjøpsstrategien, punkt 5"}]


def _text_rules() -> list[Row]:
    words, category_id = TEXT_RULE
    return [{"words": words, "orgnr": "", "category_id": category_id, "priority": 10}]


def _category_answers(pool: Pool) -> list[Row]:
    text, category_id = ANSWER
    seller = pool.market(OCCUPATIONAL_HEALTH)[0]
    row = {"supplier_id": seller.supplier_id, "item_text": text.upper(), "account": ""}
    return [{**row, "category_id": category_id, "answered_date": norwegian(AS_OF)}]


def _merges(twins: list[Twin]) -> list[Row]:
    """Return what people decided: a trade name is the firm's, and one namesake is another."""
    alike = next(twin for twin in twins if twin.same_as is None)
    named = next(twin for twin in twins if twin.variation == TRADE_NAME)
    return [
        {
            "supplier_a": twin.supplier_id,
            "supplier_b": twin.like,
            "decision": decision,
            "reason": "Avklart med leverandøren",
            "decided_date": norwegian(AS_OF),
        }
        for twin, decision in ((named, "samme"), (alike, "ulike"))
    ]


def kroner_text(amount: int) -> str:
    """Return whole øre as people write kroner: 49,00."""
    return f"{amount // 100},{amount % 100:02d}"


def _service_options() -> list[Row]:
    rows = (
        ("SA-2022-12", "1", "Montering av møbler", "", date(2023, 3, 1)),
        ("SA-2022-12", "2", "Kjøp av brukte møbler", "", None),
        ("SA-2023-13", "1", "Levering av meieriprodukter", "K164", date(2023, 6, 1)),
    )
    return [
        {
            "agreement_id": agreement_id,
            "option_id": option_id,
            "title": title,
            "category_id": category_id,
            "is_exercised": yes(day is not None),
            "exercised_date": norwegian(day),
        }
        for agreement_id, option_id, title, category_id, day in rows
    ]


def _lot_categories(plan: Plan) -> list[Row]:
    rows: list[Row] = [
        {**_lot_key(agreement, lot), "category_id": category_id}
        for agreement, lot in _lots(plan)
        for category_id in lot.categories
    ]
    food = plan.by_id["SA-2023-13"]
    return [*rows, {**_lot_key(food, food.lots[0]), "category_id": UNKNOWN_CATEGORY}]
