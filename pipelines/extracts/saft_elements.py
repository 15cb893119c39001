"""Which elements of SAF-T Financial (Norwegian, 1.10 to 1.30) are read, and as what.

The names are the XSD's. How they are walked stands in `saft_walk`, what becomes of their text in
`saft_tables`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Row = dict[str, Any]


class Record(NamedTuple):
    """An element that is a row; it is numbered and knows the record around it."""

    name: str
    spec: dict[str, Any]


class Nested(NamedTuple):
    """An element that may stand several times in a record and is kept as a list in it.

    One without a specification is a text; it is kept under the empty name.
    """

    name: str
    spec: dict[str, Any]


def _amount(prefix: str) -> dict[str, Any]:
    return {
        "Amount": f"{prefix}_amount",
        "CurrencyCode": f"{prefix}_currency",
        "CurrencyAmount": f"{prefix}_currency_amount",
        "ExchangeRate": f"{prefix}_rate",
    }


BALANCE = {
    "AccountID": "account_id",
    "OpeningDebitBalance": "opening_debit",
    "OpeningCreditBalance": "opening_credit",
    "ClosingDebitBalance": "closing_debit",
    "ClosingCreditBalance": "closing_credit",
}
_TAX_REGISTRATION = {"TaxRegistrationNumber": "vat_number", "TaxNumber": "tax_number"}
PARTY = {
    "RegistrationNumber": "registration_number",
    "Name": "name",
    "Address": Nested(
        "addresses",
        {
            "StreetName": "street",
            "Number": "street_number",
            "AdditionalAddressDetail": "address_detail",
            "City": "city",
            "PostalCode": "postal_code",
            "Region": "region",
            "Country": "country",
            "AddressType": "address_type",
        },
    ),
    "TaxRegistration": _TAX_REGISTRATION,
    **BALANCE,
    "BalanceAccount": Nested("balances", BALANCE),
    "PartyInfo": {
        "PaymentTerms": {"Days": "payment_days", "Months": "payment_months"},
        "NaceCode": "nace_code",
        "Type": "party_type",
        "Status": "party_status",
    },
}
HEADER = {
    "AuditFileVersion": "audit_file_version",
    "AuditFileCountry": "audit_file_country",
    "AuditFileDateCreated": "created_date",
    "SoftwareCompanyName": "software_company",
    "SoftwareID": "software_id",
    "SoftwareVersion": "software_version",
    "Company": {
        "RegistrationNumber": "company_registration_number",
        "Name": "company_name",
        "TaxRegistration": {"TaxRegistrationNumber": "company_vat_number"},
    },
    "DefaultCurrencyCode": "currency",
    "SelectionCriteria": {
        "SelectionStartDate": "selection_start_date",
        "SelectionEndDate": "selection_end_date",
        "PeriodStart": "period_start",
        "PeriodStartYear": "period_start_year",
        "PeriodEnd": "period_end",
        "PeriodEndYear": "period_end_year",
    },
    "TaxAccountingBasis": "tax_accounting_basis",
}
TAX_TABLE_ENTRY = Record(
    "tax_entry",
    {
        "TaxType": "tax_type",
        "TaxCodeDetails": Record(
            "tax_code",
            {
                "TaxCode": "tax_code",
                "EffectiveDate": "effective_date",
                "ExpirationDate": "expiration_date",
                "Description": "description",
                "TaxPercentage": "tax_percentage",
                "FlatTaxRate": {"Amount": "flat_tax_rate"},
                "Country": "country",
                "Region": "region",
                "StandardTaxCode": "standard_tax_code",
                "Compensation": "is_compensation",
                "BaseRate": Nested("rates", {}),
            },
        ),
    },
)
ANALYSIS_TYPE_ENTRY = Record(
    "analysis_code",
    {
        "AnalysisType": "analysis_type",
        "AnalysisTypeDescription": "analysis_type_description",
        "AnalysisID": "analysis_id",
        "AnalysisIDDescription": "analysis_id_description",
        "StartDate": "start_date",
        "EndDate": "end_date",
        "Status": "status",
    },
)
LINE = Record(
    "line",
    {
        "RecordID": "record_id",
        "AccountID": "account_id",
        "Analysis": Nested(
            "analyses",
            {
                "AnalysisType": "analysis_type",
                "AnalysisID": "analysis_id",
                "AnalysisAmount": {"Amount": "unsigned_amount"},
                "DebitAnalysisAmount": {"Amount": "debit_amount"},
                "CreditAnalysisAmount": {"Amount": "credit_amount"},
            },
        ),
        "ValueDate": "value_date",
        "SourceDocumentID": "source_document_id",
        "CustomerID": "customer_id",
        "SupplierID": "supplier_id",
        "Description": "description",
        "DebitAmount": _amount("debit"),
        "CreditAmount": _amount("credit"),
        "TaxInformation": Nested(
            "taxes",
            {
                "TaxType": "tax_type",
                "TaxCode": "tax_code",
                "TaxPercentage": "tax_percentage",
                "Country": "country",
                "TaxBase": "tax_base",
                "TaxAmount": {"Amount": "unsigned_amount"},
                "DebitTaxAmount": {"Amount": "debit_amount"},
                "CreditTaxAmount": {"Amount": "credit_amount"},
                "TaxExemptionReason": "exemption_reason",
                "TaxDeclarationPeriod": "declaration_period",
            },
        ),
        "ReferenceNumber": "reference_number",
        "CID": "cid",
        "DueDate": "due_date",
        "Quantity": "quantity",
        "CrossReference": "cross_reference",
    },
)
TRANSACTION = Record(
    "transaction",
    {
        "TransactionID": "transaction_id",
        "Period": "period",
        "PeriodYear": "period_year",
        "TransactionDate": "transaction_date",
        "VoucherType": "voucher_type",
        "VoucherDescription": "voucher_description",
        "TransactionType": "transaction_type",
        "Description": "transaction_description",
        "BatchID": "batch_id",
        "SystemEntryDate": "system_entry_date",
        "GLPostingDate": "posting_date",
        "ModificationDate": "modification_date",
        "CustomerID": "transaction_customer_id",
        "SupplierID": "transaction_supplier_id",
        "SystemID": "system_id",
        "Line": LINE,
    },
)
AUDIT_FILE: dict[str, Any] = {
    "Header": Record("header", HEADER),
    "MasterFiles": {
        "GeneralLedgerAccounts": {
            "Account": Record(
                "account",
                {
                    **BALANCE,
                    "AccountDescription": "description",
                    "StandardAccountID": "standard_account_id",
                    "GroupingCategory": "grouping_category",
                    "GroupingCode": "grouping_code",
                    "AccountType": "account_type",
                    "AccountCreationDate": "created_date",
                },
            )
        },
        "Customers": {"Customer": Record("customer", {"CustomerID": "customer_id", **PARTY})},
        "Suppliers": {"Supplier": Record("supplier", {"SupplierID": "supplier_id", **PARTY})},
        "TaxTable": {"TaxTableEntry": TAX_TABLE_ENTRY},
        "AnalysisTypeTable": {"AnalysisTypeTableEntry": ANALYSIS_TYPE_ENTRY},
    },
    "GeneralLedgerEntries": {
        "NumberOfEntries": "number_of_entries",
        "TotalDebit": "total_debit",
        "TotalCredit": "total_credit",
        "Journal": Record(
            "journal",
            {
                "JournalID": "journal_id",
                "Description": "journal_description",
                "Type": "journal_type",
                "Transaction": TRANSACTION,
            },
        ),
    },
}


def element_names(spec: dict[str, Any], path: str = "") -> dict[str, str]:
    """Return for each column of one record the element that it is read from."""
    names: dict[str, str] = {}
    for tag, node in spec.items():
        if isinstance(node, str):
            names.setdefault(node, path + tag)
        elif isinstance(node, dict):
            names |= {
                k: v for k, v in element_names(node, f"{path}{tag}/").items() if k not in names
            }
    return names
