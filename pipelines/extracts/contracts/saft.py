"""Contracts of what is read from SAF-T Financial (Norwegian, 1.10 to 1.30).

Element names in the descriptions are the XSD's. Amounts are in the header's DefaultCurrencyCode
and signed: debit positive, credit negative.
"""

from __future__ import annotations

from typing import Literal

from pipelines.extracts.contracts.columns import (
    SOURCE_ROW,
    SOURCE_SHA256,
    Column,
    Table,
)

_KEY = ("source_sha256", "source_row")
_BALANCES = (
    Column(
        "opening_balance",
        "money",
        "OpeningDebitBalance minus OpeningCreditBalance: inngående saldo",
    ),
    Column(
        "closing_balance", "money", "ClosingDebitBalance minus ClosingCreditBalance: utgående saldo"
    ),
)

SAFT_HEADER = Table(
    "saft_header",
    "Én rad per godtatt SAF-T-fil, med kontrollsummene som er oppgitt og som er funnet",
    ("source_sha256",),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("audit_file_version", "text", "AuditFileVersion slik den er skrevet"),
        Column("audit_file_country", "text", "AuditFileCountry, land"),
        Column("created_date", "date", "AuditFileDateCreated, dagen filen ble laget"),
        Column("software_company", "text", "SoftwareCompanyName, systemets leverandør"),
        Column("software_id", "text", "SoftwareID, systemet"),
        Column("software_version", "text", "SoftwareVersion, systemets versjon"),
        Column(
            "company_registration_number", "text", "Company/RegistrationNumber slik det er skrevet"
        ),
        Column(
            "company_orgnr",
            "text",
            "Company/RegistrationNumber, ellers mva-nummeret, når det er et gyldig "
            "organisasjonsnummer",
        ),
        Column("company_name", "text", "Company/Name, regnskapets eier"),
        Column(
            "company_vat_number",
            "text",
            "Company/TaxRegistration/TaxRegistrationNumber, mva-nummer",
        ),
        Column("currency", "text", "DefaultCurrencyCode, valutaen alle beløp er i"),
        Column(
            "selection_start_date",
            "date",
            "SelectionCriteria/SelectionStartDate, første dag i utvalget",
        ),
        Column(
            "selection_end_date",
            "date",
            "SelectionCriteria/SelectionEndDate, siste dag i utvalget (den dagen med)",
        ),
        Column("period_start", "integer", "SelectionCriteria/PeriodStart, første periode"),
        Column(
            "period_start_year",
            "integer",
            "SelectionCriteria/PeriodStartYear, året til første periode",
        ),
        Column("period_end", "integer", "SelectionCriteria/PeriodEnd, siste periode"),
        Column(
            "period_end_year", "integer", "SelectionCriteria/PeriodEndYear, året til siste periode"
        ),
        Column("tax_accounting_basis", "text", "TaxAccountingBasis, regnskapets art"),
        Column(
            "number_of_entries",
            "integer",
            "NumberOfEntries slik det er oppgitt; tom: filen har ingen hovedbok",
        ),
        Column("total_debit", "money", "TotalDebit slik den er oppgitt"),
        Column("total_credit", "money", "TotalCredit slik den er oppgitt"),
        Column("transaction_count", "integer", "Antall Transaction som er funnet"),
        Column("line_count", "integer", "Antall Line som er funnet"),
        Column("debit_found", "money", "Summen av DebitAmount/Amount"),
        Column("credit_found", "money", "Summen av CreditAmount/Amount"),
        Column(
            "unbalanced_count",
            "integer",
            "Antall Transaction med linjer som ikke summerer til null",
        ),
    ),
)

SAFT_ACCOUNT = Table(
    "saft_account",
    "Én rad per konto i hovedboken",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("account_id", "text", "AccountID, kontonummer"),
        Column("description", "text", "AccountDescription, kontoens navn"),
        Column("standard_account_id", "text", "StandardAccountID (1.10, 1.20), standardkonto"),
        Column("grouping_category", "text", "GroupingCategory, for eksempel KA_K for KOSTRA-arter"),
        Column("grouping_code", "text", "GroupingCode, for eksempel KOSTRA-arten"),
        Column("account_type", "text", "AccountType, kontotype"),
        Column("created_date", "date", "AccountCreationDate, dagen kontoen ble opprettet"),
        *_BALANCES,
    ),
)


def _party(kind: Literal["customer", "supplier"], element: str, word: str) -> Table:
    return Table(
        f"saft_{kind}",
        f"Én rad per {word}; en privatperson er et pseudonym",
        _KEY,
        (
            SOURCE_SHA256,
            SOURCE_ROW,
            Column(
                f"{kind}_id",
                "text",
                f"{element}ID; et pseudonym når ID-en selv er et fødselsnummer",
            ),
            Column(
                "name",
                "text",
                "Name, navn; et pseudonym når parten er en privatperson",
                classification="personal",
            ),
            Column(
                "registration_number",
                "text",
                "RegistrationNumber slik det er skrevet; tomt når parten er en privatperson",
            ),
            Column("vat_number", "text", "TaxRegistration/TaxRegistrationNumber, det første"),
            Column(
                "orgnr",
                "text",
                "RegistrationNumber, ellers TaxRegistrationNumber, når det er et gyldig "
                "organisasjonsnummer og adressen ikke er utenlandsk",
            ),
            Column(
                "is_private_person",
                "boolean",
                "Ja når parten er en privatperson; navn og ID er da erstattet med et pseudonym",
            ),
            Column(
                "person_key", "text", "Privatpersonens pseudonym: 16 heksadesimale tegn av en HMAC"
            ),
            Column("street", "text", "Address/StreetName, gate", classification="personal"),
            Column("street_number", "text", "Address/Number, husnummer", classification="personal"),
            Column(
                "address_detail",
                "text",
                "Address/AdditionalAddressDetail, mer om adressen",
                classification="personal",
            ),
            Column("postal_code", "text", "Address/PostalCode, postnummer"),
            Column("city", "text", "Address/City, poststed"),
            Column("region", "text", "Address/Region, region"),
            Column("country", "text", "Address/Country, land"),
            Column(
                "address_type",
                "text",
                "Address/AddressType for adressen som er lest: StreetAddress, ellers den første",
            ),
            Column(
                "party_type",
                "text",
                "PartyInfo/Type: Private (privat), Company (selskap) eller Government (offentlig)",
            ),
            Column("party_status", "text", "PartyInfo/Status, status"),
            Column("nace_code", "text", "PartyInfo/NaceCode, næringskode"),
            Column(
                "payment_days", "integer", "PartyInfo/PaymentTerms/Days, betalingsfrist i dager"
            ),
            Column(
                "payment_months",
                "integer",
                "PartyInfo/PaymentTerms/Months, betalingsfrist i måneder",
            ),
            Column("account_id", "text", "AccountID for den første saldokontoen"),
            Column("opening_balance", "money", "Sum over partens saldokontoer, debet positivt"),
            Column("closing_balance", "money", "Sum over partens saldokontoer, debet positivt"),
        ),
    )


SAFT_CUSTOMER = _party("customer", "Customer", "kunde")
SAFT_SUPPLIER = _party("supplier", "Supplier", "leverandør")

SAFT_PARTY_BALANCE = Table(
    "saft_party_balance",
    "Én rad per kunde eller leverandør og saldokonto (BalanceAccount i 1.30; før det har hver part "
    "én)",
    ("source_sha256", "party_kind", "source_row", "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("party_kind", "text", "customer (kunde) eller supplier (leverandør)"),
        Column("position", "integer", "Rekkefølgen hos parten, fra 1"),
        Column("party_id", "text", "CustomerID eller SupplierID, som i partens egen tabell"),
        Column("account_id", "text", "AccountID, kontonummer"),
        *_BALANCES,
    ),
)

SAFT_TAX_CODE = Table(
    "saft_tax_code",
    "Én rad per TaxCodeDetails; en kode kan stå flere ganger med ulike datoer",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("tax_type", "text", "TaxTableEntry/TaxType, avgiftstype"),
        Column("tax_code", "text", "TaxCode, avgiftskode"),
        Column("standard_tax_code", "text", "StandardTaxCode, koden i Skatteetatens liste"),
        Column("description", "text", "Description, beskrivelse"),
        Column("tax_percentage", "rate", "TaxPercentage, sats i prosent"),
        Column("flat_tax_rate", "money", "FlatTaxRate/Amount, fast avgift"),
        Column("country", "text", "Country, land"),
        Column("region", "text", "Region, region"),
        Column("effective_date", "date", "EffectiveDate, første dag"),
        Column("expiration_date", "date", "ExpirationDate, siste dag (den dagen med)"),
        Column(
            "is_compensation", "boolean", "Compensation: ja for mva som kommuner får kompensert"
        ),
        Column("base_rates", "text", "BaseRate, alle, skilt med semikolon"),
    ),
)

SAFT_ANALYSIS_CODE = Table(
    "saft_analysis_code",
    "Én rad per AnalysisTypeTableEntry: en verdi i en dimensjon, for eksempel ansvar eller "
    "prosjekt",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("analysis_type", "text", "AnalysisType, dimensjonen"),
        Column("analysis_type_description", "text", "AnalysisTypeDescription, dimensjonens navn"),
        Column("analysis_id", "text", "AnalysisID, verdien"),
        Column(
            "analysis_id_description",
            "text",
            "AnalysisIDDescription, verdiens navn",
            classification="personal",
        ),
        Column("start_date", "date", "StartDate, første dag"),
        Column("end_date", "date", "EndDate, siste dag (den dagen med)"),
        Column("status", "text", "Status, status"),
    ),
)

SAFT_JOURNAL_LINE = Table(
    "saft_journal_line",
    "Én rad per Line i hovedboken, med feltene til bilaget (Transaction) og journalen",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("journal_id", "text", "JournalID, journal"),
        Column("journal_description", "text", "Journal/Description, journalens navn"),
        Column("journal_type", "text", "Journal/Type, journaltype"),
        Column("transaction_row", "integer", "Transaction sin plass i filen, fra 1"),
        Column("transaction_id", "text", "TransactionID, bilagsnummer", required=True),
        Column(
            "period",
            "integer",
            "Period, regnskapsperiode; 13 og høyere er justeringsperioder",
            required=True,
        ),
        Column("period_year", "integer", "PeriodYear, regnskapsår", required=True),
        Column("transaction_date", "date", "TransactionDate, bilagsdato", required=True),
        Column("system_entry_date", "date", "SystemEntryDate, dagen bilaget ble registrert"),
        Column("posting_date", "date", "GLPostingDate, dagen bilaget ble bokført"),
        Column(
            "modification_date", "date", "ModificationDate (1.30), dagen bilaget sist ble endret"
        ),
        Column(
            "transaction_description",
            "text",
            "Transaction/Description, bilagstekst; kjente privatpersoner er maskert",
            classification="personal",
        ),
        Column("transaction_type", "text", "TransactionType, transaksjonstype"),
        Column("voucher_type", "text", "VoucherType (1.30), bilagsart"),
        Column(
            "voucher_description",
            "text",
            "VoucherDescription (1.30), bilagsartens tekst; kjente privatpersoner er maskert",
            classification="personal",
        ),
        Column("batch_id", "text", "BatchID, bunt"),
        Column("system_id", "text", "SystemID, systemets eget nummer"),
        Column("transaction_customer_id", "text", "Transaction/CustomerID, kunden"),
        Column("transaction_supplier_id", "text", "Transaction/SupplierID, leverandøren"),
        Column(
            "transaction_balance",
            "money",
            "Summen av alle linjene i bilaget; annet enn 0,00: bilaget balanserer ikke",
        ),
        Column(
            "is_transaction_balanced", "boolean", "Ja når summen av alle linjene i bilaget er null"
        ),
        Column("record_id", "text", "RecordID, linjens nummer"),
        Column("account_id", "text", "AccountID, kontonummer", required=True),
        Column(
            "amount",
            "money",
            "DebitAmount minus CreditAmount: debet positivt, kredit negativt",
            required=True,
        ),
        Column(
            "debit_amount", "money", "DebitAmount/Amount slik det er skrevet, kan være negativt"
        ),
        Column(
            "credit_amount", "money", "CreditAmount/Amount slik det er skrevet, kan være negativt"
        ),
        Column("currency", "text", "CurrencyCode, det opprinnelige beløpets valuta"),
        Column("currency_amount", "money", "CurrencyAmount med fortegn: debet positivt"),
        Column("exchange_rate", "rate", "ExchangeRate, valutakurs"),
        Column(
            "is_rounded",
            "boolean",
            "Ja når et beløp hadde mer enn to desimaler og er rundet av til nærmeste øre",
        ),
        Column(
            "description",
            "text",
            "Description på linjen, tekst; kjente privatpersoner er maskert",
            classification="personal",
        ),
        Column("value_date", "date", "ValueDate, valuteringsdato"),
        Column("due_date", "date", "DueDate, forfallsdato"),
        Column("source_document_id", "text", "SourceDocumentID, kildedokumentets nummer"),
        Column("reference_number", "text", "ReferenceNumber, for eksempel fakturaens nummer"),
        Column("cid", "text", "CID, KID"),
        Column("cross_reference", "text", "CrossReference, kryssreferanse"),
        Column("customer_id", "text", "CustomerID, som i saft_customer"),
        Column("supplier_id", "text", "SupplierID, som i saft_supplier"),
        Column("quantity", "quantity", "Quantity, antall"),
    ),
)

SAFT_LINE_ANALYSIS = Table(
    "saft_line_analysis",
    "Én rad per Analysis på en linje: linjens plass i én dimensjon",
    (*_KEY, "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("position", "integer", "Rekkefølgen på linjen, fra 1"),
        Column("analysis_type", "text", "AnalysisType, dimensjonen"),
        Column("analysis_id", "text", "AnalysisID, verdien"),
        Column(
            "amount",
            "money",
            "DebitAnalysisAmount minus CreditAnalysisAmount (1.30), ellers AnalysisAmount med "
            "linjens fortegn; tomt: hele linjen",
        ),
    ),
)

SAFT_LINE_TAX = Table(
    "saft_line_tax",
    "Én rad per TaxInformation på en linje",
    (*_KEY, "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("position", "integer", "Rekkefølgen på linjen, fra 1"),
        Column("tax_type", "text", "TaxType, avgiftstype"),
        Column("tax_code", "text", "TaxCode, som i saft_tax_code"),
        Column("tax_percentage", "rate", "TaxPercentage, sats i prosent"),
        Column("country", "text", "Country, land"),
        Column("tax_base", "quantity", "TaxBase slik det er skrevet: et beløp eller et antall"),
        Column(
            "tax_amount",
            "money",
            "DebitTaxAmount minus CreditTaxAmount (1.30), ellers TaxAmount med linjens fortegn",
        ),
        Column(
            "exemption_reason", "text", "TaxExemptionReason, hvorfor det ikke er beregnet avgift"
        ),
        Column("declaration_period", "text", "TaxDeclarationPeriod, avgiftsperiode"),
    ),
)

SAFT_TABLES = (
    SAFT_HEADER,
    SAFT_ACCOUNT,
    SAFT_CUSTOMER,
    SAFT_SUPPLIER,
    SAFT_PARTY_BALANCE,
    SAFT_TAX_CODE,
    SAFT_ANALYSIS_CODE,
    SAFT_JOURNAL_LINE,
    SAFT_LINE_ANALYSIS,
    SAFT_LINE_TAX,
)
