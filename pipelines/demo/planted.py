"""The planted cases: one document for each thing that the warehouse must get right or refuse.

Each case says in words and by rule ID what must come of it. The expected class is written out
by hand here, not asked of the plan; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipelines.demo.agreements import (
    MICROSOFT_AGREEMENT,
    NO_AGREEMENT,
    OCCUPATIONAL_HEALTH_AGREEMENT,
    SUBCONTRACT_AGREEMENT,
    SUCCESSION_AGREEMENT,
    UNDETERMINED,
    Decision,
)
from pipelines.demo.categories import CATEGORY_BY_ID, OCCUPATIONAL_HEALTH, WITHOUT_AGREEMENT
from pipelines.demo.documents import Document, Line, UnitSign
from pipelines.demo.purchases import credit_note
from pipelines.demo.suppliers import (
    ARBEIDSMILJOHUSET,
    ATEA,
    AVONOVA,
    HEIR,
    SUBCONTRACTORS,
    Pool,
    Supplier,
)
from pipelines.demo.units import UNIT_BY_ID, first_reference

UNKNOWN_CODE = "99990011"
OFFICE_AGREEMENT, CLEANING_AGENTS_AGREEMENT = "SA-2021-11", "SA-2021-24"
# A rule for words, and a person's answer about a text: category of lines that have no code.
TEXT_RULE, ANSWER = ("leie* kaffemaskin*", "K165"), ("Bistand etter avtale 17", "K132")
_ON = Decision("on_agreement", OCCUPATIONAL_HEALTH_AGREEMENT)
_WRONG = Decision("wrong_zone", OCCUPATIONAL_HEALTH_AGREEMENT)
_OFF = Decision("off_agreement", OCCUPATIONAL_HEALTH_AGREEMENT)
_OUTSIDE = Decision("outside_period", OCCUPATIONAL_HEALTH_AGREEMENT)


@dataclass(frozen=True)
class Case:
    """A planted document, its expected flags, and what may be wrong with its file.

    `is_duplicated`: the same bytes come again; `is_rewritten`: the same content in other bytes.
    `rival` has the same supplier and number and says something else: it must wait for a decision.
    """

    name: str
    description: str
    document: Document
    flags: tuple[str, ...] = ()
    file_fault: Callable[[bytes], bytes] | None = None
    reason_keyword: str = ""
    is_duplicated: bool = False
    is_rewritten: bool = False
    rival: Document | None = None


def broken_xml(content: bytes) -> bytes:
    """Cut a document off in the middle of an element."""
    return content[: len(content) * 2 // 3]


def with_doctype(content: bytes) -> bytes:
    """Give a document a DOCTYPE with an entity, which EHF has no use for."""
    head, _, rest = content.partition(b"\n")
    return head + b'\n<!DOCTYPE Invoice [<!ENTITY navn "Lindvik">]>\n' + rest


class Planter:
    """Makes the planted documents for one pool of suppliers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._third = pool.market(OCCUPATIONAL_HEALTH)[0]
        self._number = 0

    def cases(self) -> Iterator[Case]:
        """Yield every case, in a fixed order."""
        yield from self._worked_cases()
        yield from self._microsoft()
        yield from self._undetermined()
        yield from self._texts()
        yield from self._credits()
        yield from self._arithmetic()
        yield from self._currencies()
        yield from self._files()
        yield from self._again()
        yield from self._successions()

    def _document(
        self, supplier: Supplier, unit_id: str | None, issued: str, *lines: Line
    ) -> Document:
        self._number += 1
        day = date.fromisoformat(issued)
        return planted_invoice(supplier, unit_id, day, f"PLANTET-{self._number:03d}", *lines)

    def _one(
        self,
        supplier: Supplier,
        unit_id: str | None,
        issued: str,
        amount: int,
        decision: Decision,
        category: str = OCCUPATIONAL_HEALTH,
    ) -> Document:
        return self._document(supplier, unit_id, issued, planted_line(category, amount, decision))

    def _worked_cases(self) -> Iterator[Case]:
        avonova, house = self._pool.named(AVONOVA), self._pool.named(ARBEIDSMILJOHUSET)
        rows = (
            ("riktig_sone_1", avonova, "BFR", "2023-05-02", 3_131_301, _ON),
            ("feil_sone_1", house, "BFR", "2023-05-02", 4_040_404, _WRONG),
            ("riktig_sone_3", house, "UDE", "2023-05-02", 5_151_505, _ON),
            ("feil_sone_3", avonova, "UDE", "2023-05-02", 2_828_208, _WRONG),
            ("utenfor_avtale", self._third, "BAL", "2024-02-29", 6_262_606, _OFF),
            ("før_avtalens_start", house, "BAL", "2023-01-10", 1_717_107, _OUTSIDE),
            ("avtalens_første_dag", house, "BAL", "2023-01-11", 1_818_108, _ON),
        )
        for name, supplier, unit_id, issued, amount, decision in rows:
            text = f"Bedriftshelsetjeneste kjøpt av {unit_id} hos {supplier.name} (D01, D04)"
            document = self._one(supplier, unit_id, issued, amount, decision)
            yield Case(name, text, document, is_duplicated=name == "feil_sone_1")
        mismatch = self._one(
            house,
            "BAL",
            "2024-03-01",
            919_109,
            replace(NO_AGREEMENT, reference_mismatch=True),
            WITHOUT_AGREEMENT,
        )
        agreement = self._pool.plan.by_id[OCCUPATIONAL_HEALTH_AGREEMENT]
        mismatch.contract_reference = agreement.reference
        text = "Avtalens nummer på en faktura for noe avtalen ikke omfatter (A02)"
        yield Case("referanse_passer_ikke", text, mismatch, ("reference_mismatch",))

    def _microsoft(self) -> Iterator[Case]:
        atea = self._pool.named(ATEA)
        outside = Decision("outside_period", MICROSOFT_AGREEMENT)
        late = self._one(atea, "UKE", "2024-06-12", 7_373_707, outside, "K111")
        yield Case("etter_avtalens_slutt", "Bestilt og fakturert etter slutt (A01)", late)
        inside = Decision("on_agreement", MICROSOFT_AGREEMENT)
        ordered = self._one(atea, "UKE", "2024-06-10", 8_484_808, inside, "K111")
        ordered.order_reference, ordered.order_date = "4500000777", date(2024, 5, 16)
        yield Case("sent_avrop", "Bestilt i avtaleperioden, fakturert etter (D01)", ordered)
        rows = (
            ("sent_avrop_datert_i_ordren", "2024-05-20", 8_686_806, inside),
            ("bestilt_etter_slutt", "2024-05-21", 8_787_807, outside),
        )
        for number, (name, day, amount, decision) in enumerate(rows, 778):
            document = self._one(atea, "UKE", "2024-06-11", amount, decision, "K111")
            document.order_reference = f"4500000{number}"
            document.ordered = date.fromisoformat(day)
            yield Case(name, "Bare ordren sier når det ble bestilt (D01)", document)

    def _undetermined(self) -> Iterator[Case]:
        house = self._pool.named(ARBEIDSMILJOHUSET)
        positive = self._one(house, "BAL", "2024-03-01", 2_323_203, UNDETERMINED)
        _forget_code(positive)
        yield Case("ukjent_kategori_avtaleleverandør", "Uten varekode (pos)", positive)
        negative = self._one(self._third, "BAL", "2024-03-01", 2_424_204, UNDETERMINED)
        _forget_code(negative)
        yield Case("ukjent_kategori_tredje_leverandør", "Uten varekode (neg)", negative)
        unmapped = self._one(self._third, "BGR", "2024-04-16", 3_535_305, UNDETERMINED)
        _forget_code(unmapped)
        unmapped.lines[0].code = ("UNSPSC", UNKNOWN_CODE)
        yield Case("ukjent_varekode", "Varekode som registeret gir en ukjent kategori", unmapped)
        nameless = self._one(self._third, None, "2024-04-17", 4_646_406, UNDETERMINED)
        yield Case("ukjent_enhet", "Plassholder i deres ref (NA)", nameless)

    def _texts(self) -> Iterator[Case]:
        rows = (("tekstregel", "Leie av kaffemaskin", TEXT_RULE), ("svar", ANSWER[0], ANSWER))
        for name, text, (_, category_id) in rows:
            document = self._one(self._third, "BGR", "2024-04-18", 555_505, NO_AGREEMENT)
            (line,) = document.lines
            line.item_name, line.item_id, line.code = text, None, None
            line.category_id = line.known_category = category_id
            yield Case(f"kategori_fra_{name}", "Uten varekode", document)
        used = self._one(self._third, "BGR", "2024-05-13", 6_660_606, NO_AGREEMENT, "K154")
        yield Case("brukte_møbler", "Brukt i stedet for nytt (E22)", used)

    def _credits(self) -> Iterator[Case]:
        house = self._pool.named(ARBEIDSMILJOHUSET)
        invoice = self._one(house, "BOS", "2024-05-06", 5_757_507, _ON)
        yield Case("faktura_som_krediteres_helt", "Krediteres linje for linje", invoice)
        credit = self._credit(invoice, "2024-05-21", invoice.lines)
        yield Case("full_kreditnota", "Samme vare: følger linjen den krediterer", credit)
        office = self._pool.plan.by_id[OFFICE_AGREEMENT].lots[0].members[0].supplier_id
        supplier = next(s for s in self._pool.suppliers if s.supplier_id == office)
        on = Decision("on_agreement", OFFICE_AGREEMENT)
        off = Decision("off_agreement", CLEANING_AGENTS_AGREEMENT)
        mixed = self._document(
            supplier,
            "BST",
            "2024-05-07",
            planted_line("K141", 6_000_000, on),
            planted_line("K212", 4_000_000, off),
        )
        yield Case("faktura_med_to_klasser", "60 000 på avtale og 40 000 utenfor", mixed)
        line = planted_line("K141", 10_000_000, on)
        line.item_name, line.item_id, line.code = "Kreditert etter avtale", None, None
        line.known_category = supplier.known_category("K141", False)
        line.split = ((on, 6_000_000), (off, 4_000_000))
        spread = self._credit(mixed, "2024-05-22", [line])
        yield Case("kreditnota_uten_vare", "Fordeles 60/40 på fakturaens linjer", spread)

    def _credit(self, invoice: Document, issued: str, lines: list[Line]) -> Document:
        self._number += 1
        note = credit_note(invoice, date.fromisoformat(issued), lines)
        return replace(note, number=f"PLANTET-{self._number:03d}")

    def _arithmetic(self) -> Iterator[Case]:
        supplier = self._third
        difference = self._one(
            supplier, "DEI", "2024-06-03", 1_212_102, NO_AGREEMENT, WITHOUT_AGREEMENT
        )
        difference.undeclared = 100_000
        text = "Linjene mangler 1 000,00 på oppgitt sum: egen linje for differansen"
        yield Case("linjer_summerer_ikke", text, difference, ("difference", "BR-CO-10"))
        tax = self._one(supplier, "DEI", "2024-06-04", 1_313_103, NO_AGREEMENT, WITHOUT_AGREEMENT)
        tax.tax_fault = 1_000
        yield Case("feil_mva_sum", "Mva er 10,00 mer enn delsummene", tax, ("BR-CO-14",))
        price = self._one(supplier, "DEI", "2024-06-05", 1_414_104, NO_AGREEMENT, WITHOUT_AGREEMENT)
        price.lines[0].price += 55_000
        text = "Linjen er ikke antall ganger pris"
        yield Case("feil_linjebeløp", text, price, ("PEPPOL-EN16931-R120",))

    def _currencies(self) -> Iterator[Case]:
        suppliers = self._pool.suppliers
        for currency, amount in (("EUR", 1_000_001), ("SEK", 2_500_050), ("USD", 777_707)):
            supplier = next(s for s in suppliers if s.currency == currency)
            document = self._one(supplier, "KUL", "2024-03-10", amount, UNDETERMINED, "K292")
            _forget_code(document)
            yield Case(f"valuta_{currency}", "En søndag: fredagens kurs gjelder", document)
        british = next(s for s in suppliers if s.currency == "GBP")
        document = self._one(british, "KUL", "2024-03-11", 888_808, UNDETERMINED, "K292")
        _forget_code(document)
        yield Case("valuta_uten_kurs", "Ikke omregnet", document, ("unconverted",))

    def _files(self) -> Iterator[Case]:
        house = self._pool.named(ARBEIDSMILJOHUSET)
        faults = (
            ("ødelagt_xml", "Filen slutter midt i et element", broken_xml, "XML"),
            ("doctype", "Filen har en DOCTYPE", with_doctype, "DOCTYPE"),
        )
        for name, text, fault, keyword in faults:
            document = self._one(house, "BAL", "2024-07-02", 9_595_905, _ON)
            yield Case(name, text, document, (), fault, keyword)

    def _again(self) -> Iterator[Case]:
        house = self._pool.named(ARBEIDSMILJOHUSET)
        twice = self._one(house, "BAL", "2024-07-03", 1_616_106, _ON)
        text = "Samme faktura to ganger, med ulike linjeskift i filen: telles én gang"
        yield Case("samme_innhold", text, twice, is_rewritten=True)
        first = self._one(house, "BAL", "2024-07-04", 2_020_202, _ON)
        rival = replace(first, lines=[planted_line(OCCUPATIONAL_HEALTH, 2_520_202, _ON)])
        text = "Samme fakturanummer kommer igjen med annet beløp: den andre filen må avgjøres"
        yield Case("samme_nummer", text, first, reason_keyword="annet innhold", rival=rival)

    def _successions(self) -> Iterator[Case]:
        plan = self._pool.plan
        heir = self._pool.named(HEIR)
        member = next(m for m in plan.by_id[SUCCESSION_AGREEMENT].lots[0].members if m.heir_id)
        old = next(s for s in self._pool.suppliers if s.supplier_id == member.supplier_id)
        on = Decision("on_agreement", SUCCESSION_AGREEMENT)
        off = Decision("off_agreement", SUCCESSION_AGREEMENT)
        rows = (
            ("forgjenger_siste_dag", old, "2023-12-31", 2_626_206, on),
            ("forgjenger_etter_skiftet", old, "2024-01-01", 2_727_207, off),
            ("etterfølger_før_skiftet", heir, "2023-12-31", 2_929_209, off),
            ("etterfølger_første_dag", heir, "2024-01-01", 3_030_303, on),
        )
        for name, supplier, issued, amount, decision in rows:
            document = self._one(supplier, "BAL", issued, amount, decision, "K222")
            yield Case(name, "Leverandøren skiftet orgnr 1. januar 2024 (A02)", document)
        for name, decision in zip(
            SUBCONTRACTORS,
            (
                Decision("off_agreement", SUBCONTRACT_AGREEMENT),
                Decision("on_agreement", SUBCONTRACT_AGREEMENT),
            ),
            strict=True,
        ):
            supplier = self._pool.named(name)
            document = self._one(supplier, "BGR", "2024-05-08", 1_111_101, decision, "K212")
            text = "Underleverandør: på avtale bare når den kan bestilles direkte (E13)"
            yield Case(f"underleverandør_{decision.loyalty_class}", text, document)


def _forget_code(document: Document) -> None:
    for line in document.lines:
        line.code, line.known_category, line.decision = None, None, UNDETERMINED


def planted_invoice(
    supplier: Supplier, unit_id: str | None, issued: date, number: str, *lines: Line
) -> Document:
    """Return an invoice that names its unit by a buyer reference, and nothing else of it."""
    sign = UnitSign(None, buyer_reference="NA")
    if unit_id is not None:
        sign = UnitSign(unit_id, buyer_reference=str(first_reference(UNIT_BY_ID[unit_id]) + 77))
    return Document(
        kind="invoice",
        number=number,
        issue_date=issued,
        due_date=issued + timedelta(days=30),
        supplier=supplier,
        sign=sign,
        lines=list(lines),
    )


def planted_line(category_id: str, amount: int, decision: Decision) -> Line:
    """Return a line of one thing at so many øre, with its category's code."""
    category = CATEGORY_BY_ID[category_id]
    return Line(
        item_name=f"{category.items[0]} (plantet)",
        item_id=f"P-{category_id[1:]}",
        gtin=None,
        quantity_tenths=10,
        unit_code="C62",
        price=amount,
        base_quantity=1,
        allowance=0,
        amount=amount,
        vat=category.vat,
        code=("UNSPSC", f"{category.unspsc}01"),
        category_id=category_id,
        known_category=category_id,
        decision=decision,
    )
