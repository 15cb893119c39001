"""The enterprise's ledger as SAF-T Financial 1.30: accounts, suppliers, VAT codes, journals.

Only the writing of XML belongs here, as text; what is posted is decided in `enterprise`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from pipelines.demo.enterprise import ACCOUNTS, DEBT, LAST_DAY, LEDGER_YEAR, Entry, Voucher
from pipelines.demo.suppliers import Supplier
from pipelines.demo.ubl import money

GROUPING = "KA_KS"
JOURNALS = {"BA": "Bank", "IF": "Inngående faktura", "LØ": "Lønn"}
_TAX_CODES = {25: "1", 15: "11", 12: "13"}
_NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"


def render(orgnr: str, name: str, vouchers: list[Voucher]) -> bytes:
    """Return the whole file as UTF-8, its control totals those of the vouchers."""
    return "".join(_parts(orgnr, name, vouchers)).encode()


def _parts(orgnr: str, name: str, vouchers: list[Voucher]) -> Iterator[str]:
    entries = [entry for voucher in vouchers for entry in voucher.entries]
    debit = sum(entry.amount for entry in entries if entry.amount > 0)
    credit = -sum(entry.amount for entry in entries if entry.amount < 0)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<AuditFile xmlns="{_NAMESPACE}">\n'
    yield _header(orgnr, name)
    yield f"<MasterFiles>\n<GeneralLedgerAccounts>\n{_accounts(entries)}</GeneralLedgerAccounts>\n"
    yield f"<Suppliers>\n{_suppliers(entries)}</Suppliers>\n{_tax_table()}</MasterFiles>\n"
    yield (
        f"<GeneralLedgerEntries>\n<NumberOfEntries>{len(vouchers)}</NumberOfEntries>\n"
        f"<TotalDebit>{money(debit)}</TotalDebit>\n<TotalCredit>{money(credit)}</TotalCredit>\n"
    )
    yield from _journals(vouchers)
    yield "</GeneralLedgerEntries>\n</AuditFile>\n"


def _header(orgnr: str, name: str) -> str:
    return f"""<Header>
  <AuditFileVersion>1.30</AuditFileVersion>
  <AuditFileCountry>NO</AuditFileCountry>
  <AuditFileDateCreated>{LEDGER_YEAR + 1}-01-20</AuditFileDateCreated>
  <SoftwareCompanyName>Eksempel Programvare</SoftwareCompanyName>
  <SoftwareID>Eksempelregnskap</SoftwareID>
  <SoftwareVersion>1.0</SoftwareVersion>
  <Company>
    <RegistrationNumber>{orgnr}</RegistrationNumber>
    <Name>{escape(name)}</Name>
    <Address><City>Lindvik</City><PostalCode>0099</PostalCode><Country>NO</Country></Address>
    <TaxRegistration><TaxRegistrationNumber>{orgnr}MVA</TaxRegistrationNumber></TaxRegistration>
  </Company>
  <DefaultCurrencyCode>NOK</DefaultCurrencyCode>
  <SelectionCriteria>
    <PeriodStart>1</PeriodStart><PeriodStartYear>{LEDGER_YEAR}</PeriodStartYear>
    <PeriodEnd>12</PeriodEnd><PeriodEndYear>{LEDGER_YEAR}</PeriodEndYear>
  </SelectionCriteria>
  <TaxAccountingBasis>A</TaxAccountingBasis>
</Header>
"""


def _balance(moment: str, amount: int) -> str:
    side = "Debit" if amount >= 0 else "Credit"
    return f"<{moment}{side}Balance>{money(abs(amount))}</{moment}{side}Balance>"


def _accounts(entries: Iterable[Entry]) -> str:
    moved: dict[str, int] = defaultdict(int)
    for entry in entries:
        moved[entry.account] += entry.amount
    return "".join(
        f"  <Account><AccountID>{a.number}</AccountID>"
        f"<AccountDescription>{a.name}</AccountDescription>"
        f"<GroupingCategory>{GROUPING}</GroupingCategory><GroupingCode>{a.code}</GroupingCode>"
        f"<AccountType>GL</AccountType>{_balance('Opening', a.opening)}"
        f"{_balance('Closing', a.opening + moved[a.number])}</Account>\n"
        for a in ACCOUNTS
    )


def _suppliers(entries: Iterable[Entry]) -> str:
    """Return every supplier that is posted on, with what it is owed at the year's end."""
    owed: dict[int, int] = defaultdict(int)
    seen: dict[int, Supplier] = {}
    for entry in entries:
        if entry.supplier is not None:
            seen[entry.supplier.index] = entry.supplier
            owed[entry.supplier.index] += entry.amount if entry.account == DEBT else 0
    return "".join(_supplier(seen[index], owed[index]) for index in sorted(seen))


def _supplier(supplier: Supplier, owed: int) -> str:
    return (
        f"  <Supplier><RegistrationNumber>{supplier.orgnr}</RegistrationNumber>"
        f"<Name>{escape(supplier.name)}</Name><Address><City>{supplier.town}</City>"
        "<Country>NO</Country></Address>"
        f"<TaxRegistration><TaxRegistrationNumber>{supplier.orgnr}MVA</TaxRegistrationNumber>"
        f"</TaxRegistration><SupplierID>{_number(supplier)}</SupplierID>"
        f"<BalanceAccount><AccountID>{DEBT}</AccountID>{_balance('Opening', 0)}"
        f"{_balance('Closing', owed)}</BalanceAccount></Supplier>\n"
    )


def _number(supplier: Supplier) -> str:
    return str(500_000 + supplier.index)


def _tax_table() -> str:
    codes = "".join(
        f"<TaxCodeDetails><TaxCode>{code}</TaxCode><Description>Inngående {rate} %</Description>"
        f"<TaxPercentage>{rate}</TaxPercentage><Country>NO</Country>"
        f"<StandardTaxCode>{code}</StandardTaxCode><BaseRate>100</BaseRate></TaxCodeDetails>\n"
        for rate, code in _TAX_CODES.items()
    )
    return (
        "<TaxTable>\n<TaxTableEntry><TaxType>MVA</TaxType>"
        f"<Description>Merverdiavgift</Description>\n{codes}</TaxTableEntry>\n</TaxTable>\n"
    )


def _journals(vouchers: list[Voucher]) -> Iterator[str]:
    """Yield the journals with their vouchers, numbered as they come."""
    numbered = list(enumerate(vouchers, 1))
    for journal, name in JOURNALS.items():
        yield (
            f"<Journal>\n<JournalID>{journal}</JournalID><Description>{name}</Description>"
            f"<Type>{journal}</Type>\n"
        )
        for number, voucher in numbered:
            if voucher.journal == journal:
                yield _transaction(number, voucher)
        yield "</Journal>\n"


def _transaction(number: int, voucher: Voucher) -> str:
    day = voucher.day
    lines = "".join(_line(place, entry) for place, entry in enumerate(voucher.entries, 1))
    return (
        f"<Transaction><TransactionID>{number}</TransactionID><Period>{day.month}</Period>"
        f"<PeriodYear>{day.year}</PeriodYear><TransactionDate>{day}</TransactionDate>"
        f"<TransactionType>Normal</TransactionType><Description>{escape(voucher.text)}"
        f"</Description><SystemEntryDate>{min(day, LAST_DAY)}</SystemEntryDate>"
        f"<GLPostingDate>{day}</GLPostingDate>\n{lines}</Transaction>\n"
    )


def _line(place: int, entry: Entry) -> str:
    side, amount = ("Debit" if entry.amount > 0 else "Credit"), money(abs(entry.amount))
    supplier = number = tax = ""
    if entry.supplier is not None:
        supplier = f"<SupplierID>{_number(entry.supplier)}</SupplierID>"
    if entry.number is not None:
        number = f"<ReferenceNumber>{escape(entry.number)}</ReferenceNumber>"
    if entry.rate in _TAX_CODES:
        vat = money((abs(entry.amount) * entry.rate + 50) // 100)
        tax = (
            f"<TaxInformation><TaxType>MVA</TaxType><TaxCode>{_TAX_CODES[entry.rate]}</TaxCode>"
            f"<TaxPercentage>{entry.rate}</TaxPercentage><Country>NO</Country>"
            f"<TaxBase>{amount}</TaxBase><{side}TaxAmount><Amount>{vat}</Amount>"
            f"</{side}TaxAmount></TaxInformation>"
        )
    return (
        f"  <Line><RecordID>{place}</RecordID><AccountID>{entry.account}</AccountID>{supplier}"
        f"<Description>{escape(entry.text)}</Description>"
        f"<{side}Amount><Amount>{amount}</Amount></{side}Amount>{tax}{number}</Line>\n"
    )
