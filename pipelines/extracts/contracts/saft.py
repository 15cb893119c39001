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
    Column("opening_balance", "money", "OpeningDebitBalance less OpeningCreditBalance"),
    Column("closing_balance", "money", "ClosingDebitBalance less ClosingCreditBalance"),
)

SAFT_HEADER = Table(
    "saft_header",
    "One row per accepted SAF-T file, with its control totals as declared and as found",
    ("source_sha256",),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("audit_file_version", "text", "AuditFileVersion as written"),
        Column("audit_file_country", "text", "AuditFileCountry"),
        Column("created_date", "date", "AuditFileDateCreated"),
        Column("software_company", "text", "SoftwareCompanyName"),
        Column("software_id", "text", "SoftwareID"),
        Column("software_version", "text", "SoftwareVersion"),
        Column("company_registration_number", "text", "Company/RegistrationNumber as written"),
        Column("company_orgnr", "text", "The same where it is a valid organisation number"),
        Column("company_name", "text", "Company/Name"),
        Column("company_vat_number", "text", "Company/TaxRegistration/TaxRegistrationNumber"),
        Column("currency", "text", "DefaultCurrencyCode: the currency of all amounts"),
        Column("selection_start_date", "date", "SelectionCriteria/SelectionStartDate"),
        Column("selection_end_date", "date", "SelectionCriteria/SelectionEndDate"),
        Column("period_start", "integer", "SelectionCriteria/PeriodStart"),
        Column("period_start_year", "integer", "SelectionCriteria/PeriodStartYear"),
        Column("period_end", "integer", "SelectionCriteria/PeriodEnd"),
        Column("period_end_year", "integer", "SelectionCriteria/PeriodEndYear"),
        Column("tax_accounting_basis", "text", "TaxAccountingBasis"),
        Column("number_of_entries", "integer", "NumberOfEntries as declared; null: no ledger"),
        Column("total_debit", "money", "TotalDebit as declared"),
        Column("total_credit", "money", "TotalCredit as declared"),
        Column("transaction_count", "integer", "Transaction elements found"),
        Column("line_count", "integer", "Line elements found"),
        Column("debit_found", "money", "Sum of DebitAmount/Amount"),
        Column("credit_found", "money", "Sum of CreditAmount/Amount"),
        Column("unbalanced_count", "integer", "Transactions whose lines do not add up to zero"),
    ),
)

SAFT_ACCOUNT = Table(
    "saft_account",
    "One row per account of the general ledger",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("account_id", "text", "AccountID"),
        Column("description", "text", "AccountDescription"),
        Column("standard_account_id", "text", "StandardAccountID (1.10, 1.20)"),
        Column("grouping_category", "text", "GroupingCategory, e.g. KA_K for KOSTRA arts"),
        Column("grouping_code", "text", "GroupingCode, e.g. the KOSTRA art"),
        Column("account_type", "text", "AccountType"),
        Column("created_date", "date", "AccountCreationDate"),
        *_BALANCES,
    ),
)


def _party(kind: Literal["customer", "supplier"], element: str) -> Table:
    return Table(
        f"saft_{kind}",
        f"One row per {kind}; a private person is a pseudonym",
        _KEY,
        (
            SOURCE_SHA256,
            SOURCE_ROW,
            Column(
                f"{kind}_id", "text", f"{element}ID; a pseudonym where it is a birth number itself"
            ),
            Column("name", "text", "Name", classification="personal"),
            Column("registration_number", "text", "RegistrationNumber as written"),
            Column("vat_number", "text", "First TaxRegistration/TaxRegistrationNumber"),
            Column(
                "orgnr",
                "text",
                "RegistrationNumber, else TaxRegistrationNumber, where it is a valid organisation "
                "number and the address is not foreign",
            ),
            Column(
                "is_private_person", "boolean", "True where name and identifiers are a pseudonym"
            ),
            Column("person_key", "text", "Pseudonym of a private person: 16 hex digits of an HMAC"),
            Column("street", "text", "Address/StreetName", classification="personal"),
            Column("street_number", "text", "Address/Number", classification="personal"),
            Column(
                "address_detail",
                "text",
                "Address/AdditionalAddressDetail",
                classification="personal",
            ),
            Column("postal_code", "text", "Address/PostalCode"),
            Column("city", "text", "Address/City"),
            Column("region", "text", "Address/Region"),
            Column("country", "text", "Address/Country"),
            Column(
                "address_type", "text", "AddressType of the StreetAddress, else the first address"
            ),
            Column("party_type", "text", "PartyInfo/Type: Private, Company or Government"),
            Column("party_status", "text", "PartyInfo/Status"),
            Column("nace_code", "text", "PartyInfo/NaceCode"),
            Column("payment_days", "integer", "PartyInfo/PaymentTerms/Days"),
            Column("payment_months", "integer", "PartyInfo/PaymentTerms/Months"),
            Column("account_id", "text", "AccountID of the first balance account"),
            Column("opening_balance", "money", "Sum over its balance accounts, debit positive"),
            Column("closing_balance", "money", "Sum over its balance accounts, debit positive"),
        ),
    )


SAFT_CUSTOMER = _party("customer", "Customer")
SAFT_SUPPLIER = _party("supplier", "Supplier")

SAFT_PARTY_BALANCE = Table(
    "saft_party_balance",
    "One row per customer or supplier and balance account (BalanceAccount in 1.30; before that "
    "each party has one)",
    ("source_sha256", "party_kind", "source_row", "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("party_kind", "text", "customer or supplier"),
        Column("position", "integer", "Order within the party, from 1"),
        Column("party_id", "text", "CustomerID or SupplierID, as in the party's own table"),
        Column("account_id", "text", "AccountID"),
        *_BALANCES,
    ),
)

SAFT_TAX_CODE = Table(
    "saft_tax_code",
    "One row per TaxCodeDetails; a code may stand several times with other dates",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("tax_type", "text", "TaxTableEntry/TaxType"),
        Column("tax_code", "text", "TaxCode"),
        Column("standard_tax_code", "text", "StandardTaxCode of Skatteetaten's list"),
        Column("description", "text", "Description"),
        Column("tax_percentage", "rate", "TaxPercentage"),
        Column("flat_tax_rate", "money", "FlatTaxRate/Amount"),
        Column("country", "text", "Country"),
        Column("region", "text", "Region"),
        Column("effective_date", "date", "EffectiveDate"),
        Column("expiration_date", "date", "ExpirationDate (last day, inclusive)"),
        Column("is_compensation", "boolean", "Compensation: VAT that municipalities get back"),
        Column("base_rates", "text", "All BaseRate, separated by semicolon"),
    ),
)

SAFT_ANALYSIS_CODE = Table(
    "saft_analysis_code",
    "One row per AnalysisTypeTableEntry: a value of a dimension such as ansvar or prosjekt",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("analysis_type", "text", "AnalysisType: the dimension"),
        Column("analysis_type_description", "text", "AnalysisTypeDescription"),
        Column("analysis_id", "text", "AnalysisID: the value"),
        Column(
            "analysis_id_description",
            "text",
            "AnalysisIDDescription",
            classification="personal",
        ),
        Column("start_date", "date", "StartDate"),
        Column("end_date", "date", "EndDate (last day, inclusive)"),
        Column("status", "text", "Status"),
    ),
)

SAFT_JOURNAL_LINE = Table(
    "saft_journal_line",
    "One row per Line of the general ledger, with the fields of its transaction and journal",
    _KEY,
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("journal_id", "text", "JournalID"),
        Column("journal_description", "text", "Journal/Description"),
        Column("journal_type", "text", "Journal/Type"),
        Column("transaction_row", "integer", "Position of the Transaction in the file, from 1"),
        Column("transaction_id", "text", "TransactionID", required=True),
        Column("period", "integer", "Period; 13 and up are periods of adjustment", required=True),
        Column("period_year", "integer", "PeriodYear", required=True),
        Column("transaction_date", "date", "TransactionDate", required=True),
        Column("system_entry_date", "date", "SystemEntryDate"),
        Column("posting_date", "date", "GLPostingDate"),
        Column("modification_date", "date", "ModificationDate (1.30)"),
        Column(
            "transaction_description",
            "text",
            "Transaction/Description; known private persons are masked",
            classification="personal",
        ),
        Column("transaction_type", "text", "TransactionType"),
        Column("voucher_type", "text", "VoucherType (1.30)"),
        Column(
            "voucher_description",
            "text",
            "VoucherDescription (1.30); known private persons are masked",
            classification="personal",
        ),
        Column("batch_id", "text", "BatchID"),
        Column("system_id", "text", "SystemID"),
        Column("transaction_customer_id", "text", "Transaction/CustomerID"),
        Column("transaction_supplier_id", "text", "Transaction/SupplierID"),
        Column(
            "transaction_balance",
            "money",
            "Sum of all lines of the transaction; other than 0.00: it does not balance",
        ),
        Column("is_transaction_balanced", "boolean", "Whether that sum is zero"),
        Column("record_id", "text", "RecordID"),
        Column("account_id", "text", "AccountID", required=True),
        Column("amount", "money", "DebitAmount less CreditAmount", required=True),
        Column("debit_amount", "money", "DebitAmount/Amount as written, may be negative"),
        Column("credit_amount", "money", "CreditAmount/Amount as written, may be negative"),
        Column("currency", "text", "CurrencyCode of the original amount"),
        Column("currency_amount", "money", "CurrencyAmount, signed: debit positive"),
        Column("exchange_rate", "rate", "ExchangeRate"),
        Column(
            "is_rounded",
            "boolean",
            "True where an amount had more than two decimals and was rounded to the nearest øre",
        ),
        Column(
            "description",
            "text",
            "Description of the line; known private persons are masked",
            classification="personal",
        ),
        Column("value_date", "date", "ValueDate"),
        Column("due_date", "date", "DueDate"),
        Column("source_document_id", "text", "SourceDocumentID"),
        Column("reference_number", "text", "ReferenceNumber, such as the invoice's number"),
        Column("cid", "text", "CID: customer identification of the payment (KID)"),
        Column("cross_reference", "text", "CrossReference"),
        Column("customer_id", "text", "CustomerID, as in saft_customer"),
        Column("supplier_id", "text", "SupplierID, as in saft_supplier"),
        Column("quantity", "quantity", "Quantity"),
    ),
)

SAFT_LINE_ANALYSIS = Table(
    "saft_line_analysis",
    "One row per Analysis of a line: its place in one dimension",
    (*_KEY, "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("position", "integer", "Order within the line, from 1"),
        Column("analysis_type", "text", "AnalysisType: the dimension"),
        Column("analysis_id", "text", "AnalysisID: the value"),
        Column(
            "amount",
            "money",
            "DebitAnalysisAmount less CreditAnalysisAmount (1.30), else AnalysisAmount with the "
            "sign of the line; null: the whole line",
        ),
    ),
)

SAFT_LINE_TAX = Table(
    "saft_line_tax",
    "One row per TaxInformation of a line",
    (*_KEY, "position"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column("position", "integer", "Order within the line, from 1"),
        Column("tax_type", "text", "TaxType"),
        Column("tax_code", "text", "TaxCode, as in saft_tax_code"),
        Column("tax_percentage", "rate", "TaxPercentage"),
        Column("country", "text", "Country"),
        Column("tax_base", "quantity", "TaxBase as written: an amount, or a quantity"),
        Column(
            "tax_amount",
            "money",
            "DebitTaxAmount less CreditTaxAmount (1.30), else TaxAmount with the line's sign",
        ),
        Column("exemption_reason", "text", "TaxExemptionReason"),
        Column("declaration_period", "text", "TaxDeclarationPeriod"),
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
