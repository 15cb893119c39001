"""Writes the invented municipality's exports into a landing folder, and returns the truth.

Deterministic: the same scale and seed give the same bytes, in any process. Only the order of
work belongs here; running the pipeline on the result does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal

from pipelines.demo import saft
from pipelines.demo.agreements import OCCUPATIONAL_HEALTH_AGREEMENT
from pipelines.demo.documents import Document
from pipelines.demo.ehandel import readiness
from pipelines.demo.enterprise import LEDGER_YEAR, Enterprise, Voucher
from pipelines.demo.gains import gain_documents, gain_truth
from pipelines.demo.landing import Landing
from pipelines.demo.licences import write_licences
from pipelines.demo.planted import Case, Planter
from pipelines.demo.purchases import Purchases, Scale
from pipelines.demo.rates import Rates
from pipelines.demo.registers import AS_OF, REGISTER_ISSUES, write_registers
from pipelines.demo.suppliers import Pool
from pipelines.demo.tables import write_tables
from pipelines.demo.thresholds import APPROVALS, Thresholds
from pipelines.demo.trade import Trade
from pipelines.demo.truth import DemoTruth, Fault, Ledger, kroner
from pipelines.demo.twins import Twins
from pipelines.demo.ubl import Renderer
from pipelines.demo.units import (
    ENTERPRISE,
    MUNICIPALITY,
    WITHOUT_IDENTIFIER,
    WITHOUT_OCCUPATIONAL_HEALTH,
)

SCALES = {
    "small": Scale("small", 1_500, 420, 75, 4, 0.2, 150),
    "municipality": Scale("municipality", 38_000, 2_320, 850, 6, 0.03, 1_000),
    "city": Scale("city", 380_000, 23_200, 8_500, 60, 0.003, 5_000),
}


def write_demo(
    landing: Path, scale: Literal["small", "municipality", "city"], seed: int
) -> DemoTruth:
    """Write a whole demo into an empty landing folder and return what it must lead to."""
    return write_scale(landing, SCALES[scale], seed)


def write_scale(landing: Path, scale: Scale, seed: int) -> DemoTruth:
    """Write a demo of any scale; `write_demo` has the scales that users choose between."""
    pool, rates = Pool(seed, scale.suppliers), Rates(seed)
    ledger, trade = Ledger(pool.plan, rates), Trade(pool, seed)
    purchases = Purchases(pool, scale, seed)
    thresholds, twins = Thresholds(pool), Twins(pool, seed)
    renderer = Renderer(pool.buyer_orgnr)
    with _files(landing, scale, seed, "ehf") as files, _files(landing, scale, seed, "ordre") as own:
        planted = _Planted(files, renderer, ledger, trade, own)
        for case in Planter(pool).cases():
            planted.write(case)
        for document in chain(thresholds.documents(), twins.documents(), gain_documents(pool)):
            ledger.record(document)
            files.add(_month(document), _file_name(document), renderer.render(document), True)
        for document in purchases.documents():
            ledger.record(document)
            files.add(_month(document), _file_name(document), renderer.render(document))
            trade.add(document, own)
        trade.write_catalogues(own)
    write_registers(landing, pool, rates, twins.truth)
    licences = write_licences(landing, scale.name, seed)
    enterprise = Enterprise(pool, purchases, scale, seed, ledger)
    facts = enterprise.post()
    counts = _write_enterprise(landing, scale, seed, pool, enterprise, trade)
    extracts = {
        **trade.counts,
        **trade.export.write(landing),
        **write_tables(landing, pool, seed),
        "saft_financial": _write_ledger(landing, pool, enterprise.vouchers),
        **licences.extracts,
    }
    for name, number in files.counts.items():
        counts[name] += number
    truth = _truth(scale, seed, pool, ledger, planted, counts, facts, extracts)
    return replace(
        truth,
        channels=ledger.channel_rows(trade.export.channels),
        thresholds=thresholds.truth(),
        twins=twins.truth,
        quarantined=[*truth.quarantined, *licences.quarantined],
        licences=licences.truth,
    )


def _files(
    landing: Path, scale: Scale, seed: int, folder: str, prefix: str | None = None
) -> Landing:
    return Landing(
        landing, seed, scale.loose_share, scale.documents_per_zip, folder, prefix or folder
    )


def _write_enterprise(
    landing: Path, scale: Scale, seed: int, pool: Pool, enterprise: Enterprise, trade: Trade
) -> dict[str, int]:
    """Write the invoices to the enterprise and what came before them; return the files' counts."""
    renderer = Renderer(pool.enterprise_orgnr, ENTERPRISE.name)
    with (
        _files(landing, scale, seed, "ehf", "ehf_kf") as files,
        _files(landing, scale, seed, "ordre", "ordre_kf") as orders,
    ):
        for document in enterprise.documents:
            files.add(_month(document), _file_name(document), renderer.render(document))
            trade.add(document, orders)
    return files.counts


def _write_ledger(landing: Path, pool: Pool, vouchers: list[Voucher]) -> dict[str, int]:
    orgnr = pool.enterprise_orgnr
    path = landing / "regnskap" / f"SAF-T_{orgnr}_{LEDGER_YEAR}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(saft.render(orgnr, ENTERPRISE.name, vouchers))
    return {"files": 1, "rows": sum(len(voucher.entries) for voucher in vouchers)}


def _month(document: Document) -> str:
    return f"{document.issue_date:%Y-%m}"


def _file_name(document: Document) -> str:
    number = document.number.replace("/", "-")
    return f"{document.supplier.identifier or 'uten-orgnr'}_{number}.xml"


class _Planted:
    """Writes the planted cases, each as a loose file, and notes what must come of them."""

    def __init__(
        self, files: Landing, renderer: Renderer, ledger: Ledger, trade: Trade, orders: Landing
    ) -> None:
        self._files, self._renderer, self._ledger = files, renderer, ledger
        self._trade, self._orders = trade, orders
        self.faults: list[Fault] = []
        self.quarantined: list[dict[str, str]] = []
        self.duplicates: list[dict[str, str]] = []
        self.same_content: list[dict[str, str]] = []

    def write(self, case: Case) -> None:
        content = self._renderer.render(case.document)
        name = _file_name(case.document)
        if case.file_fault is not None:
            content = case.file_fault(content)
            path = self._files.add(_month(case.document), name, content, loose=True)
            row = {"name": case.name, "file_name": path, "reason_keyword": case.reason_keyword}
            self.quarantined.append(row)
            return
        path = self._files.add(_month(case.document), name, content, loose=True)
        if case.is_duplicated:
            copy = name.replace(".xml", "_kopi.xml")
            copy_path = self._files.add(_month(case.document), copy, content, loose=True)
            self.duplicates.append({"file_name": copy_path, "same_as": path})
        if case.is_rewritten:
            again = _after(content, (content + b"\n" * n for n in count(1)))
            copy_path = self._add(case, "_igjen", again)
            self.same_content.append({"file_name": copy_path, "same_as": path})
        if case.rival is not None:
            rivals = (self._renderer.render(_dearer(case.rival, 100 * n)) for n in count())
            rival_path = self._add(case, "_endret", _after(content, rivals))
            row = {"name": case.name, "file_name": rival_path}
            self.quarantined.append({**row, "reason_keyword": case.reason_keyword})
        if case.document.ordered is not None:
            self._trade.write_order(case.document, case.document.ordered, self._orders, True)
        self._ledger.record(case.document)
        self.faults.append(_fault(case, path, self._ledger))

    def _add(self, case: Case, suffix: str, content: bytes) -> str:
        name = _file_name(case.document).replace(".xml", f"{suffix}.xml")
        return self._files.add(_month(case.document), name, content, loose=True)


def _after(first: bytes, others: Iterable[bytes]) -> bytes:
    """Return the first with a larger SHA-256: of two in one run the smaller stands."""
    digest = hashlib.sha256(first).digest()
    return next(other for other in others if hashlib.sha256(other).digest() > digest)


def _dearer(document: Document, amount: int) -> Document:
    (line,) = document.lines
    changed = replace(line, price=line.price + amount, amount=line.amount + amount)
    return replace(document, lines=[changed])


def _fault(case: Case, path: str, ledger: Ledger) -> Fault:
    document = case.document
    decision, nok = document.lines[0].decision, ledger.nok(document)
    return Fault(
        name=case.name,
        description=case.description,
        document_number=document.number,
        file_name=path,
        supplier_id=document.supplier.supplier_id,
        unit_id=document.sign.unit_id,
        issue_date=document.issue_date,
        amount_nok=None if nok is None else kroner(nok),
        loyalty_class=decision.loyalty_class if document.is_uniform and nok is not None else None,
        agreement_id=decision.agreement_id if document.is_uniform else None,
        flags=case.flags,
    )


def _ready_agreements(pool: Pool) -> list[dict[str, Any]]:
    return [
        {
            "agreement_id": agreement.agreement_id,
            "is_suitable": readiness(agreement)[0],
            "activated_date": readiness(agreement)[1],
        }
        for agreement in pool.plan.agreements
    ]


def _truth(
    scale: Scale,
    seed: int,
    pool: Pool,
    ledger: Ledger,
    planted: _Planted,
    counts: dict[str, int],
    facts: dict[str, Any],
    extracts: dict[str, dict[str, int]],
) -> DemoTruth:
    return DemoTruth(
        seed=seed,
        scale=scale.name,
        municipality_name=MUNICIPALITY,
        buyer_orgnr=pool.buyer_orgnr,
        as_of=AS_OF,
        documents=dict(ledger.documents),
        files=counts,
        years=ledger.year_figures(),
        unconverted=ledger.unconverted_rows(),
        loyalty=ledger.loyalty_rows(),
        units=ledger.unit_rows(),
        suppliers=ledger.supplier_rows(),
        faults=planted.faults,
        quarantined=planted.quarantined,
        duplicates=planted.duplicates,
        same_content=planted.same_content,
        leaks=ledger.leak_rows(),
        channels=[],
        gains=gain_truth(),
        approvals=[asdict(approval) for approval in APPROVALS],
        ehandel_agreements=_ready_agreements(pool),
        thresholds=[],
        twins=[],
        register_issues=[dict(row) for row in REGISTER_ISSUES],
        zero_purchase=[
            {"unit_id": unit, "agreement_id": OCCUPATIONAL_HEALTH_AGREEMENT}
            for unit in (WITHOUT_OCCUPATIONAL_HEALTH, WITHOUT_IDENTIFIER, ENTERPRISE.unit_id)
        ],
        units_without_identifier=[WITHOUT_IDENTIFIER],
        ledger=facts,
        extracts=extracts,
        licences={},
    )
