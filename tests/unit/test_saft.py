"""What is read out of SAF-T Financial, and what is refused; expected values worked out by hand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines.extracts import saft_walk
from pipelines.extracts.contracts.saft import SAFT_TABLES
from pipelines.extracts.saft import NAMESPACE, SaftReader, SaftResult, is_saft, read_saft

SHA = "a" * 64
SUPPLIER = (
    "<Supplier>{number}<Name>{name}</Name><Address><StreetName>Postboks 1</StreetName>"
    "<AddressType>PostalAddress</AddressType></Address><Address><StreetName>Storgata</StreetName>"
    "<Number>2</Number><PostalCode>0155</PostalCode><City>Oslo</City><Country>NO</Country>"
    "<AddressType>StreetAddress</AddressType></Address><SupplierID>{id}</SupplierID>{rest}"
    "</Supplier>"
)


def line(
    record: int = 1,
    debit: str | None = None,
    credit: str | None = None,
    inside: str = "",
    account: str = "<AccountID>4000</AccountID>",
) -> str:
    sides = "".join(
        f"<{side}Amount><Amount>{amount}</Amount></{side}Amount>"
        for side, amount in (("Debit", debit), ("Credit", credit))
        if amount is not None
    )
    return (
        f"<Line><RecordID>{record}</RecordID>{account}{inside}"
        f"<Description>Linje {record}</Description>{sides}</Line>"
    )


def transaction(*lines: str, number: int = 1, inside: str = "", day: str = "2024-05-02") -> str:
    return (
        f"<Transaction><TransactionID>{number}</TransactionID><Period>05</Period>"
        f"<PeriodYear>2024</PeriodYear><TransactionDate>{day}</TransactionDate>"
        f"<Description>Bilag {number}</Description>{inside}{''.join(lines)}</Transaction>"
    )


PAIR = transaction(line(1, debit="100.00"), line(2, credit="100.00"))


def audit_file(
    *transactions: str,
    totals: tuple[str, str, str] | None = ("1", "100.00", "100.00"),
    master: str = "",
    version: str = "1.30",
    prefix: str = "",
    namespace: str = NAMESPACE,
    currency: str = "<DefaultCurrencyCode>NOK</DefaultCurrencyCode>",
    after: str = "",
) -> bytes:
    names = ("NumberOfEntries", "TotalDebit", "TotalCredit")
    declared = "".join(f"<{n}>{v}</{n}>" for n, v in zip(names, totals or (), strict=False))
    ledger = (
        f"<GeneralLedgerEntries>{declared}<Journal><JournalID>J1</JournalID><Description>Inngående"
        f"</Description><Type>AP</Type>{''.join(transactions)}</Journal></GeneralLedgerEntries>"
    )
    body = (
        f"<Header><AuditFileVersion>{version}</AuditFileVersion><Company><RegistrationNumber>"
        f"974760673</RegistrationNumber><Name>Kommunen</Name></Company>{currency}</Header>"
        f"<MasterFiles>{master}</MasterFiles>{ledger if totals else ''}{after}</AuditFile>"
    )
    if prefix:
        body = body.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
    colon = f":{prefix}" if prefix else ""
    root = f"{prefix}:AuditFile" if prefix else "AuditFile"
    return f'<?xml version="1.0"?>\n<{root} xmlns{colon}="{namespace}">{body}'.encode()


def read(data: bytes) -> SaftResult:
    return read_saft(data, SHA, b"test key")


def accepted(data: bytes) -> SaftResult:
    result = read(data)
    assert result.rejections == []
    for table in SAFT_TABLES:
        assert dict(result.tables[table.name].schema) == table.schema()
    return result


def rows(result: SaftResult, table: str) -> list[dict[str, Any]]:
    return result.tables[table].rows(named=True)


def reason(data: bytes) -> str:
    result = read(data)
    assert result.is_rejected
    assert all(frame.is_empty() for frame in result.tables.values())
    facts = result.facts
    assert (facts.rows_accepted, facts.rows_quarantined) == (0, facts.rows_in)
    return f"{result.rejections[0].place}: {result.rejections[0].reason}"


def test_debit_counts_positive_and_credit_negative() -> None:
    found = rows(accepted(audit_file(PAIR)), "saft_journal_line")
    assert [row["amount"] for row in found] == [Decimal("100.00"), Decimal("-100.00")]
    assert [row["source_row"] for row in found] == [1, 2]


def test_a_line_has_the_fields_of_its_transaction_and_journal() -> None:
    row = rows(accepted(audit_file(PAIR)), "saft_journal_line")[0]
    expected = {
        "journal_id": "J1",
        "journal_type": "AP",
        "transaction_id": "1",
        "transaction_description": "Bilag 1",
        "description": "Linje 1",
        "period": 5,
        "period_year": 2024,
        "transaction_date": date(2024, 5, 2),
        "account_id": "4000",
        "transaction_balance": Decimal("0.00"),
        "is_transaction_balanced": True,
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize("prefix", ["", "n1", "saf"])
def test_any_prefix_of_the_namespace_is_read_alike(prefix: str) -> None:
    plain = accepted(audit_file(PAIR)).tables
    found = accepted(audit_file(PAIR, prefix=prefix)).tables
    assert all(frame.equals(plain[name]) for name, frame in found.items())


def test_a_root_with_a_prefix_over_elements_without_one_is_read() -> None:
    data = audit_file(PAIR).replace(b"<AuditFile xmlns=", b"<n1:AuditFile xmlns:n1=")
    assert accepted(data.replace(b"</AuditFile>", b"</n1:AuditFile>")).facts.rows_in == 2


def test_the_amount_of_a_file_is_its_debits_and_its_rows_are_lines() -> None:
    facts = accepted(audit_file(PAIR)).facts
    assert (facts.rows_in, facts.rows_accepted, facts.rows_quarantined) == (2, 2, 0)
    assert (facts.currency, facts.amount_in, facts.amount_accepted) == (
        "NOK",
        Decimal("100.00"),
        Decimal("100.00"),
    )


def test_a_negative_debit_stays_a_debit() -> None:
    lines = (line(1, debit="-30"), line(2, debit="130"), line(3, credit="100"))
    found = rows(accepted(audit_file(transaction(*lines))), "saft_journal_line")
    assert [row["amount"] for row in found] == [Decimal(-30), Decimal(130), Decimal(-100)]


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        (("2", "100.00", "100.00"), "kontrollsummene stemmer ikke: NumberOfEntries: oppgitt 2"),
        (("1", "100.01", "100.00"), "TotalDebit: oppgitt 100.01, funnet 100.00"),
        (("1", "100.00", "99"), "TotalCredit: oppgitt 99.00, funnet 100.00"),
        (("0", "0", "0"), "NumberOfEntries: oppgitt 0, funnet 1"),
        (("en", "100", "100"), "NumberOfEntries: forventet et helt tall, fant «en»"),
        (("1", "100", ""), "TotalCredit: mangler, funnet 100.00"),
    ],
)
def test_control_totals_that_do_not_hold_reject_the_file_with_both_numbers(
    totals: tuple[str, str, str], expected: str
) -> None:
    data = audit_file(PAIR, totals=totals)
    if totals == ("2", "100.00", "100.00"):
        # Two entries are also the number of lines; a third line makes it neither.
        third = transaction(line(1, debit="0"), line(2, credit="100"), line(3, debit="100"))
        data = audit_file(third, totals=totals)
    assert expected in reason(data)
    result = read(data)
    assert any("GeneralLedgerEntries" in note for note in result.notes)
    assert result.facts.amount_quarantined == Decimal("100.00")


def test_a_number_of_entries_that_counts_lines_is_noted_and_accepted() -> None:
    result = accepted(audit_file(PAIR, totals=("2", "100", "100")))
    assert "NumberOfEntries (2) teller linjer, ikke bilag" in result.notes


def test_an_unbalanced_transaction_is_flagged_and_kept() -> None:
    odd = transaction(line(1, debit="10"), line(2, credit="7"), number=2)
    result = accepted(audit_file(PAIR, odd, totals=("2", "110", "107")))
    found = rows(result, "saft_journal_line")
    assert [row["is_transaction_balanced"] for row in found] == [True, True, False, False]
    assert {row["transaction_balance"] for row in found[2:]} == {Decimal("3.00")}
    assert "1 bilag går ikke i null og er merket: 2" in result.notes
    assert rows(result, "saft_header")[0]["unbalanced_count"] == 1


def test_a_file_without_ledger_is_accepted_with_a_note() -> None:
    result = accepted(audit_file(totals=None))
    assert result.facts[1:4] == (1, 1, 0)
    assert any("ingen hovedboksposteringer" in note for note in result.notes)


def test_placeholder_lines_of_a_ledger_declared_empty_are_left_out_and_noted() -> None:
    zero = transaction(line(1, debit="0"))
    result = accepted(audit_file(zero, totals=("0", "0", "0")))
    assert result.tables["saft_journal_line"].is_empty()
    assert any("1 linje(r) uten beløp" in note for note in result.notes)


def test_dimensions_of_1_30_have_their_own_side() -> None:
    inside = "".join(
        f"<Analysis><AnalysisType>{kind}</AnalysisType><AnalysisID>{value}</AnalysisID>{amount}"
        "</Analysis>"
        for kind, value, amount in (
            ("ANSVAR", "1100", ""),
            ("PROSJEKT", "9", "<DebitAnalysisAmount><Amount>60</Amount></DebitAnalysisAmount>"),
            ("PROSJEKT", "8", "<CreditAnalysisAmount><Amount>5</Amount></CreditAnalysisAmount>"),
        )
    )
    entry = transaction(line(1, debit="100", inside=inside), line(2, credit="100"))
    table = accepted(audit_file(entry)).tables["saft_line_analysis"]
    assert table.select(
        "source_row", "position", "analysis_type", "analysis_id", "amount"
    ).rows() == [
        (1, 1, "ANSVAR", "1100", None),
        (1, 2, "PROSJEKT", "9", Decimal("60.00")),
        (1, 3, "PROSJEKT", "8", Decimal("-5.00")),
    ]


def test_dimension_and_tax_amounts_before_1_30_take_the_side_of_their_line() -> None:
    inside = (
        "<Analysis><AnalysisType>P</AnalysisType><AnalysisID>1</AnalysisID>"
        "<AnalysisAmount><Amount>100</Amount></AnalysisAmount></Analysis>"
        "<TaxInformation><TaxType>MVA</TaxType><TaxCode>3</TaxCode><TaxPercentage>25</TaxPercentage>"
        "<TaxBase>100</TaxBase><TaxAmount><Amount>25</Amount></TaxAmount></TaxInformation>"
    )
    entry = transaction(line(1, debit="100"), line(2, credit="100", inside=inside))
    result = accepted(audit_file(entry, version="1.10"))
    assert rows(result, "saft_line_analysis")[0]["amount"] == Decimal("-100.00")
    tax = rows(result, "saft_line_tax")[0]
    assert (tax["source_row"], tax["tax_code"], tax["tax_amount"]) == (2, "3", Decimal("-25.00"))
    assert tax["tax_base"] == Decimal("100.000000")


def test_the_original_currency_is_kept_and_signed() -> None:
    amount = (
        "<CreditAmount><Amount>100</Amount><CurrencyCode>EUR</CurrencyCode>"
        "<CurrencyAmount>8.70</CurrencyAmount><ExchangeRate>11.49425287</ExchangeRate></CreditAmount>"
    )
    entry = transaction(line(1, debit="100"), line(2, inside=amount))
    row = rows(accepted(audit_file(entry)), "saft_journal_line")[1]
    assert (row["amount"], row["currency"]) == (Decimal("-100.00"), "EUR")
    assert row["currency_amount"] == Decimal("-8.70")
    assert row["exchange_rate"] == Decimal("11.49425287")


def test_a_third_decimal_is_rounded_flagged_and_held_against_the_totals() -> None:
    lines = (line(1, debit="99.996"), line(2, credit="100.000"))
    result = accepted(audit_file(transaction(*lines)))
    found = rows(result, "saft_journal_line")
    assert [row["is_rounded"] for row in found] == [True, False]
    assert found[0]["amount"] == Decimal("100.00")


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (line(3, debit="0", account=""), "mangler AccountID"),
        (line(3), "mangler DebitAmount/Amount eller CreditAmount/Amount"),
        (line(3, debit="0", inside="<DueDate>31.12.2024</DueDate>"), "DueDate: forventet en dato"),
        (line(3, debit="0", inside="<Quantity>ti</Quantity>"), "Quantity: forventet et tall"),
        (
            line(
                3,
                debit="0",
                inside="<Analysis><AnalysisAmount><Amount>x</Amount></AnalysisAmount></Analysis>",
            ),
            "Analysis/AnalysisAmount/Amount: forventet et beløp, fant «x»",
        ),
    ],
)
def test_a_line_that_breaks_its_contract_is_quarantined_alone(bad: str, expected: str) -> None:
    entry = transaction(line(1, debit="100"), line(2, credit="100"), bad)
    result = read(audit_file(entry))
    assert not result.is_rejected
    assert [r.is_whole_file for r in result.rejections] == [False]
    assert expected in result.rejections[0].reason
    assert "linje nr. 3 (TransactionID 1, RecordID 3)" in result.rejections[0].place
    assert result.tables["saft_journal_line"].height == 2
    assert (result.facts.rows_in, result.facts.rows_quarantined) == (3, 1)


def test_a_transaction_without_a_readable_date_is_quarantined_with_its_money() -> None:
    other = transaction(line(1, debit="40"), line(2, credit="40"), number=2, day="2024-02-30")
    result = read(audit_file(PAIR, other, totals=("2", "140", "140")))
    assert len(result.rejections) == 2
    assert "TransactionDate: forventet en dato" in result.rejections[0].reason
    assert result.facts.amount_in == Decimal("140.00")
    assert result.facts.amount_accepted == Decimal("100.00")
    assert result.facts.amount_quarantined == Decimal("40.00")


def test_an_amount_that_is_none_rejects_the_file_because_the_totals_cannot_hold() -> None:
    entry = transaction(line(1, debit="1,5"), line(2, credit="100"))
    assert "TotalDebit: oppgitt 100.00, funnet 0.00" in reason(audit_file(entry))


def test_master_files_are_read() -> None:
    master = (
        "<GeneralLedgerAccounts><Account><AccountID>11200</AccountID><AccountDescription>Kontor"
        "</AccountDescription><GroupingCategory>KA_K</GroupingCategory><GroupingCode>100"
        "</GroupingCode><AccountType>GL</AccountType><OpeningCreditBalance>5</OpeningCreditBalance>"
        "<ClosingDebitBalance>7.5</ClosingDebitBalance></Account></GeneralLedgerAccounts>"
        "<TaxTable><TaxTableEntry><TaxType>MVA</TaxType><Description>Merverdiavgift</Description>"
        "<TaxCodeDetails><TaxCode>1</TaxCode><EffectiveDate>2024-01-01</EffectiveDate>"
        "<TaxPercentage>25</TaxPercentage><StandardTaxCode>1</StandardTaxCode>"
        "<Compensation>true</Compensation><BaseRate>100</BaseRate><BaseRate>70</BaseRate>"
        "</TaxCodeDetails></TaxTableEntry></TaxTable><AnalysisTypeTable><AnalysisTypeTableEntry>"
        "<AnalysisType>ANSVAR</AnalysisType><AnalysisTypeDescription>Ansvar"
        "</AnalysisTypeDescription><AnalysisID>1100</AnalysisID><AnalysisIDDescription>Rådhuset"
        "</AnalysisIDDescription></AnalysisTypeTableEntry></AnalysisTypeTable>"
    )
    result = accepted(audit_file(PAIR, master=master))
    account = rows(result, "saft_account")[0]
    assert (account["grouping_category"], account["grouping_code"]) == ("KA_K", "100")
    assert account["opening_balance"] == Decimal("-5.00")
    assert account["closing_balance"] == Decimal("7.50")
    code = rows(result, "saft_tax_code")[0]
    assert (code["tax_type"], code["tax_code"], code["base_rates"]) == ("MVA", "1", "100;70")
    assert (code["is_compensation"], code["effective_date"]) == (True, date(2024, 1, 1))
    dimension = rows(result, "saft_analysis_code")[0]
    assert (dimension["analysis_id"], dimension["analysis_id_description"]) == ("1100", "Rådhuset")
    header = rows(result, "saft_header")[0]
    assert (header["company_orgnr"], header["currency"]) == ("974760673", "NOK")


def supplier(number: str = "", name: str = "Selger AS", ident: str = "7", rest: str = "") -> str:
    registration = f"<RegistrationNumber>{number}</RegistrationNumber>" if number else ""
    filled = SUPPLIER.format(number=registration, name=name, id=ident, rest=rest)
    return f"<Suppliers>{filled}</Suppliers>"


def test_a_supplier_has_its_orgnr_its_street_address_and_its_balances() -> None:
    balances = "".join(
        f"<BalanceAccount><AccountID>{account}</AccountID><OpeningCreditBalance>{opening}"
        f"</OpeningCreditBalance><ClosingDebitBalance>1</ClosingDebitBalance></BalanceAccount>"
        for account, opening in (("2400", "10"), ("2401", "20.5"))
    )
    result = accepted(audit_file(PAIR, master=supplier("974 760 673", rest=balances)))
    row = rows(result, "saft_supplier")[0]
    assert (row["supplier_id"], row["orgnr"], row["is_private_person"]) == ("7", "974760673", False)
    assert (row["street"], row["street_number"], row["city"]) == ("Storgata", "2", "Oslo")
    assert (row["account_id"], row["opening_balance"]) == ("2400", Decimal("-30.50"))
    accounts = rows(result, "saft_party_balance")
    assert [(r["position"], r["account_id"], r["party_kind"]) for r in accounts] == [
        (1, "2400", "supplier"),
        (2, "2401", "supplier"),
    ]


def test_a_party_of_1_10_has_one_balance_account_of_its_own() -> None:
    rest = "<AccountID>2400</AccountID><ClosingCreditBalance>99</ClosingCreditBalance>"
    row = rows(accepted(audit_file(PAIR, master=supplier(rest=rest))), "saft_supplier")[0]
    assert (row["account_id"], row["closing_balance"]) == ("2400", Decimal("-99.00"))


def test_nine_digits_of_a_foreign_supplier_are_no_orgnr() -> None:
    foreign = supplier("974760673").replace("<Country>NO", "<Country>DE")
    assert rows(accepted(audit_file(PAIR, master=foreign)), "saft_supplier")[0]["orgnr"] is None


@pytest.mark.parametrize(
    "person",
    [
        supplier("01017012345", "Fosterhjem Hansen"),
        supplier("", "Kari Nordmann"),
        supplier("", "kari nordmann", rest="<PartyInfo><Type>Private</Type></PartyInfo>"),
    ],
)
def test_a_private_person_among_the_suppliers_is_a_pseudonym_everywhere(person: str) -> None:
    name = "Kari Nordmann" if "Nordmann" in person or "nordmann" in person else "Fosterhjem Hansen"
    entry = transaction(
        line(1, debit="100", inside=f"<CID>1</CID><CrossReference>{1}</CrossReference>"),
        line(2, credit="100", inside="<SupplierID>7</SupplierID>"),
        inside=f"<VoucherDescription>Honorar {name.upper()} 010170 12345</VoucherDescription>",
    )
    result = accepted(audit_file(entry, master=person))
    row = rows(result, "saft_supplier")[0]
    assert row["is_private_person"] is True
    assert row["name"].startswith("Privatperson ")
    assert len(row["person_key"]) == 16
    everything = str([rows(result, table) for table in result.tables]).lower()
    assert "hansen" not in everything
    assert "nordmann" not in everything
    assert "12345" not in everything
    assert "storgata" not in everything
    assert rows(result, "saft_journal_line")[1]["supplier_id"] == row["supplier_id"] == "7"


def test_a_supplier_id_that_is_a_birth_number_is_the_same_pseudonym_in_the_ledger() -> None:
    entry = transaction(
        line(1, debit="100"), line(2, credit="100", inside="<SupplierID>010170 12345</SupplierID>")
    )
    result = accepted(audit_file(entry, master=supplier(ident="01017012345")))
    party = rows(result, "saft_supplier")[0]
    assert party["supplier_id"] == party["person_key"]
    assert rows(result, "saft_journal_line")[1]["supplier_id"] == party["supplier_id"]
    assert "12345" not in str([frame.rows() for frame in result.tables.values()])


def test_a_sole_trader_with_an_orgnr_keeps_its_name() -> None:
    master = supplier(
        "974760673", "Kari Nordmann", rest="<PartyInfo><Type>Private</Type></PartyInfo>"
    )
    row = rows(accepted(audit_file(PAIR, master=master)), "saft_supplier")[0]
    assert (row["name"], row["is_private_person"]) == ("Kari Nordmann", False)


def test_an_unreadable_balance_of_a_supplier_is_empty_and_noted() -> None:
    rest = "<AccountID>2400</AccountID><OpeningDebitBalance>mye</OpeningDebitBalance>"
    result = accepted(audit_file(PAIR, master=supplier(rest=rest)))
    assert "leverandør nr. 1: OpeningDebitBalance: forventet et beløp, fant «mye»" in str(
        result.notes
    )


def test_lines_of_source_documents_are_not_the_ledgers() -> None:
    payment = f"<Payments><Payment>{line(1, debit='5')}</Payment></Payments>"
    payment = f"<SourceDocuments>{payment}</SourceDocuments>"
    assert accepted(audit_file(PAIR, after=payment)).facts.rows_in == 2


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (audit_file(PAIR, namespace="urn:OECD:SAF-T"), "navnerommet er «urn:OECD:SAF-T»"),
        (b"<AuditFile/>", "navnerommet er «ingen»"),
        (b"<Invoice/>", "fant «Invoice»"),
        (audit_file(PAIR, version="2.0"), "versjonen er «2.0», forventet 1.10 til 1.30"),
        (audit_file(PAIR, currency=""), "mangler DefaultCurrencyCode"),
        (audit_file(PAIR)[:-40], "linje 2: filen slutter før den er ferdig"),
        (b"", "filen slutter før den er ferdig"),
        (b"<AuditFile", "filen slutter før den er ferdig"),
        (
            audit_file(PAIR).replace(b"</Line>", b"</Lin>", 1),
            "linje 2: filen er ikke velformet XML",
        ),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><AuditFile>&b;</AuditFile>', "DOCTYPE"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "DOCTYPE"),
        (b'<?xml version="1.0" encoding="tull"?><a/>', "tegnsettet kan ikke leses"),
        (audit_file(PAIR).replace(b"<Amount>", b"<Amount><b/>", 1), "der SAF-T har ren tekst"),
        (audit_file(PAIR, after="<a>" * 100 + "</a>" * 100), "mer enn 64 nivåer"),
    ],
)
def test_what_is_no_saft_is_refused_with_its_place(data: bytes, expected: str) -> None:
    assert expected in reason(data)


def test_the_rows_and_money_seen_before_a_file_breaks_off_are_counted() -> None:
    facts = read(audit_file(PAIR)[:-40]).facts
    assert (facts.rows_in, facts.amount_in, facts.amount_accepted) == (
        2,
        Decimal("100.00"),
        Decimal("0.00"),
    )


def test_a_text_of_a_megabyte_is_refused() -> None:
    entry = transaction(line(1, debit="100", inside=f"<CID>{'9' * (2 * saft_walk.MAX_TEXT)}</CID>"))
    assert "en tekst er over 1 MiB" in reason(audit_file(entry))


def test_sums_beyond_all_money_are_refused_and_not_a_crash() -> None:
    huge = "9" * 16
    lines = (line(1, debit=huge), line(2, debit=huge), line(3, credit="-" + huge))
    assert "mer enn 16 sifre" in reason(audit_file(transaction(*lines)))


def test_a_tag_of_several_megabytes_is_refused() -> None:
    huge = f"<Line x='{'9' * (saft_walk.MAX_MARKUP + 1_000_000)}'>"
    data = audit_file(PAIR.replace("<Line>", huge, 1))
    assert "ett enkelt merke er over 4 MiB" in reason(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_declared_encoding_is_followed(encoding: str) -> None:
    entry = PAIR.replace("Linje 1", "Kjøp av blåbær")
    text = audit_file(entry).decode()
    declared = text.replace('"1.0"', f'"1.0" encoding="{encoding.removesuffix("-sig")}"', 1)
    found = rows(accepted(declared.encode(encoding)), "saft_journal_line")
    assert found[0]["description"] == "Kjøp av blåbær"


def many(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        inside = "<Analysis><AnalysisType>A</AnalysisType><AnalysisID>1</AnalysisID></Analysis>"
        yield transaction(
            *(line(record, debit="1.25", inside=inside) for record in range(1, 5)),
            line(5, credit="5.00"),
            number=number,
        )


@pytest.mark.parametrize("chunk", [1, 7, 1_000])
def test_chunks_put_together_are_the_whole_file_whatever_their_size(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = audit_file(*many(50), totals=("50", "250", "250"), master=supplier("974760673"))
    whole = accepted(data).tables
    monkeypatch.setattr(saft_walk, "_BLOCK", 997)
    reader = SaftReader(io.BytesIO(data), SHA, b"test key", chunk)
    parts: dict[str, list[pl.DataFrame]] = {}
    for name, frame in reader.chunks():
        parts.setdefault(name, []).append(frame)
    assert reader.result.rejections == []
    assert len(parts["saft_journal_line"]) > 1 or chunk > 250
    for name, frames in parts.items():
        assert pl.concat(frames).equals(whole[name]), name
    balanced = pl.concat(parts["saft_journal_line"])["is_transaction_balanced"]
    assert balanced.all()


def test_the_verdict_is_not_there_before_the_end() -> None:
    reader = SaftReader(io.BytesIO(audit_file(PAIR)), SHA, b"k")
    with pytest.raises(RuntimeError):
        _ = reader.result


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (audit_file(PAIR)[:200], True),
        (audit_file(PAIR, prefix="n1")[:200], True),
        (b"<Invoice xmlns='urn:x'>", False),
        (b"plain text", False),
    ],
)
def test_a_saft_file_is_known_by_its_root(head: bytes, expected: bool) -> None:
    assert is_saft(head) is expected
