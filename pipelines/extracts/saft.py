"""SAF-T Financial (Norwegian, 1.10 to 1.30), read as a stream: chunks of rows out, memory flat.

Which elements are read stands in the specification below, what a row looks like in
`pipelines.extracts.contracts.saft`. Whether the file's own control totals hold is known only at
its end, so the caller must throw away what a rejected file yielded. No files are written here.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, NamedTuple
from xml.parsers import expat

import polars as pl

from pipelines.extracts.contracts import saft as contracts
from pipelines.extracts.contracts.columns import POLARS_TYPES, Column, ColumnType, Table
from pipelines.extracts.identifiers import norwegian_orgnr, private_person
from pipelines.extracts.result import FileFacts, Rejection

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"
KIND = "saft_financial"

_BLOCK = 1 << 18
_TEXT_BUFFER = 1 << 16
MAX_TEXT = 1 << 20  # the XSD's longest text is 256 characters
MAX_MARKUP = 4 << 20  # one tag, comment or the like; expat keeps it whole in memory
MAX_DEPTH = 64
MAX_REPEATED = 10_000  # Analysis or TaxInformation in a line, addresses of a party
MAX_KNOWN_TAGS = 1_000
MAX_BAD_LINES = 10_000
_SHOWN = 20
_ZERO = Decimal("0.00")
_TOO_LARGE = Decimal(10) ** 16  # the contract's money is DECIMAL(18,2)
_VERSION = re.compile(r"\s*(\d+)(?:\.(\d+))?")


# --- what is read -------------------------------------------------------------------------------


_Row = dict[str, Any]


class _Record(NamedTuple):
    """An element that is a row; it is numbered and knows the record around it."""

    name: str
    spec: dict[str, Any]


class _Nested(NamedTuple):
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


_BALANCE = {
    "AccountID": "account_id",
    "OpeningDebitBalance": "opening_debit",
    "OpeningCreditBalance": "opening_credit",
    "ClosingDebitBalance": "closing_debit",
    "ClosingCreditBalance": "closing_credit",
}
_TAX_REGISTRATION = {"TaxRegistrationNumber": "vat_number", "TaxNumber": "tax_number"}
_PARTY = {
    "RegistrationNumber": "registration_number",
    "Name": "name",
    "Address": _Nested(
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
    **_BALANCE,
    "BalanceAccount": _Nested("balances", _BALANCE),
    "PartyInfo": {
        "PaymentTerms": {"Days": "payment_days", "Months": "payment_months"},
        "NaceCode": "nace_code",
        "Type": "party_type",
        "Status": "party_status",
    },
}
_HEADER = {
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
_TAX_TABLE_ENTRY = _Record(
    "tax_entry",
    {
        "TaxType": "tax_type",
        "TaxCodeDetails": _Record(
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
                "BaseRate": _Nested("rates", {}),
            },
        ),
    },
)
_ANALYSIS_TYPE_ENTRY = _Record(
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
_LINE = _Record(
    "line",
    {
        "RecordID": "record_id",
        "AccountID": "account_id",
        "Analysis": _Nested(
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
        "TaxInformation": _Nested(
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
_TRANSACTION = _Record(
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
        "Line": _LINE,
    },
)
_AUDIT_FILE: dict[str, Any] = {
    "Header": _Record("header", _HEADER),
    "MasterFiles": {
        "GeneralLedgerAccounts": {
            "Account": _Record(
                "account",
                {
                    **_BALANCE,
                    "AccountDescription": "description",
                    "StandardAccountID": "standard_account_id",
                    "GroupingCategory": "grouping_category",
                    "GroupingCode": "grouping_code",
                    "AccountType": "account_type",
                    "AccountCreationDate": "created_date",
                },
            )
        },
        "Customers": {"Customer": _Record("customer", {"CustomerID": "customer_id", **_PARTY})},
        "Suppliers": {"Supplier": _Record("supplier", {"SupplierID": "supplier_id", **_PARTY})},
        "TaxTable": {"TaxTableEntry": _TAX_TABLE_ENTRY},
        "AnalysisTypeTable": {"AnalysisTypeTableEntry": _ANALYSIS_TYPE_ENTRY},
    },
    "GeneralLedgerEntries": {
        "NumberOfEntries": "number_of_entries",
        "TotalDebit": "total_debit",
        "TotalCredit": "total_credit",
        "Journal": _Record(
            "journal",
            {
                "JournalID": "journal_id",
                "Description": "journal_description",
                "Type": "journal_type",
                "Transaction": _TRANSACTION,
            },
        ),
    },
}


def _elements(spec: dict[str, Any], path: str = "") -> dict[str, str]:
    """Return for each column of one record the element that it is read from."""
    names: dict[str, str] = {}
    for tag, node in spec.items():
        if isinstance(node, str):
            names.setdefault(node, path + tag)
        elif isinstance(node, dict):
            names |= {k: v for k, v in _elements(node, f"{path}{tag}/").items() if k not in names}
    return names


# --- the walk -----------------------------------------------------------------------------------


class _Refused(Exception):
    """The file can't be read further: place, reason in Norwegian, and the text itself."""

    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.place, self.reason, self.raw = place, reason, raw


class _Node:
    """One element of the specification, compiled, with the records of it that wait in memory.

    `leaves` are the columns of its text elements, `children` the elements with more in them.
    `parents` has for each of `rows` the record around it.
    """

    __slots__ = (
        "children",
        "count",
        "is_record",
        "leaves",
        "list_name",
        "parents",
        "rows",
        "taken",
    )

    def __init__(self) -> None:
        self.leaves: dict[str, str] = {}
        self.children: dict[str, _Node] = {}
        self.is_record = False
        self.list_name: str | None = None
        self.rows: list[_Row] | None = None
        self.parents: list[_Row] = []
        self.count = 0
        self.taken = 0


_IGNORED = _Node()
# Their rows are reached through the records inside them.
_KEPT_BY_CHILDREN = ("tax_entry", "journal", "transaction")


def _compile(spec: Any, records: dict[str, _Node]) -> _Node:
    """Return the node of a specification; every record in it is added to `records`.

    Tags are those without a prefix; the walk learns the file's own prefix as it goes.
    """
    node = _Node()
    if isinstance(spec, _Record):
        node.is_record = True
        node.rows = None if spec.name in _KEPT_BY_CHILDREN else []
        records[spec.name] = node
    elif isinstance(spec, _Nested):
        node.list_name = spec.name
    for tag, value in (spec if isinstance(spec, dict) else spec.spec).items():
        if isinstance(value, str):
            node.leaves[tag] = value
        else:
            node.children[tag] = _compile(value, records)
    return node


def _walk_into(parser: expat.XMLParserType, top: _Node, top_row: _Row) -> list[str]:
    """Let the parser fill the record lists of the nodes from here on; return its text buffer.

    Written as closures over local names, without any call of our own per element: this is the
    inner loop of a gigabyte. Of a repeated leaf the first counts.
    """
    node, row, leaves = top, top_row, top.leaves
    leaf: str | None = None
    stack: list[tuple[_Node, _Row]] = []
    pieces: list[str] = []
    push, pop, clear = stack.append, stack.pop, pieces.clear

    def start(name: str, _: object) -> None:
        nonlocal node, row, leaves, leaf
        if leaf is not None:
            raise _unexpected(parser, name)
        clear()
        leaf = leaves.get(name)
        if leaf is not None:
            return
        found = node.children.get(name)
        if found is None:
            found, leaf = _unknown(node, name)
            if leaf is not None:
                return
        push((node, row))
        node, leaves = found, found.leaves
        if node.is_record:
            node.count += 1
            row = {} if node.rows is not None else {"": row, "source_row": node.count}
        elif node.list_name is not None:
            row = {}
        elif len(stack) > MAX_DEPTH:
            raise _too_deep(parser)

    def end(_: str) -> None:
        nonlocal node, row, leaves, leaf
        if leaf is not None:
            if leaf not in row:
                row[leaf] = pieces[0] if len(pieces) == 1 else "".join(pieces)
            leaf = None
            return
        if not stack:
            return
        done, closed = node, row
        node, row = pop()
        leaves = node.leaves
        if done.rows is not None:
            done.rows.append(closed)
            done.parents.append(row)
        elif done.list_name is not None:
            if not done.leaves:
                closed[""] = "".join(pieces)
            siblings = row.setdefault(done.list_name, [])
            siblings.append(closed)
            if len(siblings) > MAX_REPEATED:
                raise _too_many(parser, done.list_name)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    return pieces


def _unknown(node: _Node, name: str) -> tuple[_Node, str | None]:
    """Return the node or the leaf of an element with a prefix, and remember the prefix.

    The root's namespace has been judged, and the XSD has no room for elements of others. Without
    expat's own namespace processing the walk is a fifth faster. What is no part of the
    specification is walked over.
    """
    local = name.rpartition(":")[2]
    leaf, child = node.leaves.get(local), node.children.get(local)
    if leaf is not None and len(node.leaves) < MAX_KNOWN_TAGS:
        node.leaves[name] = leaf
    if child is not None and len(node.children) < MAX_KNOWN_TAGS:
        node.children[name] = child
    return child or _IGNORED, leaf


def _line_of(parser: expat.XMLParserType) -> str:
    return f"linje {parser.CurrentLineNumber}"


def _local(name: str) -> str:
    return name.rpartition(":")[2][:80]


def _unexpected(parser: expat.XMLParserType, name: str) -> _Refused:
    return _Refused(
        _line_of(parser),
        f"fant elementet «{_local(name)}» der SAF-T har ren tekst; eksporter filen på nytt",
    )


def _too_deep(parser: expat.XMLParserType) -> _Refused:
    return _Refused(
        _line_of(parser), f"elementer i mer enn {MAX_DEPTH} nivåer; dette er ikke SAF-T"
    )


def _too_many(parser: expat.XMLParserType, name: str) -> _Refused:
    what = {"analyses": "Analysis", "taxes": "TaxInformation"}.get(name, name)
    return _Refused(_line_of(parser), f"mer enn {MAX_REPEATED} forekomster av {what} i én post")


def _refuse_doctype(*_: object) -> None:
    raise _Refused(
        "toppen av filen",
        "filen har en DOCTYPE, som ikke er tillatt i SAF-T (den kan skjule eller hente innhold)",
        "<!DOCTYPE",
    )


class _Parser:
    """Feeds a stream to expat block by block, within bounds on text and markup."""

    def __init__(self, source: BinaryIO, top: _Node, row: _Row, notes: list[str]) -> None:
        self._source = source
        self._top, self._row, self._notes = top, row, notes
        self._pieces: list[str] = []
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_size = _TEXT_BUFFER
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._root

    def feed(self) -> bool:
        """Parse one more block; return whether it was the last. Raises _Refused."""
        block = self._source.read(_BLOCK)
        try:
            self._parser.Parse(block, not block)
        except expat.ExpatError as error:
            raise self._malformed(error, block) from error
        except (LookupError, ValueError) as error:
            raise _Refused("linje 1", f"tegnsettet kan ikke leses ({error})") from error
        self._fed += len(block)
        self._check_bounds()
        return not block

    def _check_bounds(self) -> None:
        if self._fed - self._parser.CurrentByteIndex > MAX_MARKUP + _BLOCK:
            raise _Refused(
                _line_of(self._parser), f"ett enkelt merke er over {MAX_MARKUP >> 20} MiB"
            )
        if sum(map(len, self._pieces)) > MAX_TEXT:
            raise _Refused(_line_of(self._parser), f"en tekst er over {MAX_TEXT >> 20} MiB")

    def _root(self, name: str, attributes: list[str]) -> None:
        """Judge the root element (XSD: AuditFile) and go on with the walk."""
        prefix, _, local = name.rpartition(":")
        if local != "AuditFile":
            raise _Refused(
                _line_of(self._parser),
                f"forventet rotelementet AuditFile (SAF-T Financial), fant «{local[:80]}»",
            )
        declared = dict(zip(attributes[::2], attributes[1::2], strict=True))
        uri = declared.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
        if not uri and not prefix and NAMESPACE in " ".join(declared.values()).split():
            self._notes.append(
                f"rotelementet AuditFile er uten navnerom, selv om filen viser til {NAMESPACE}; "
                "elementene er lest etter navn"
            )
        elif uri != NAMESPACE:
            raise _Refused(
                _line_of(self._parser),
                f"navnerommet er «{uri[:200] or 'ingen'}», forventet «{NAMESPACE}» (norsk SAF-T "
                "Financial); eksporter regnskapet i det formatet",
            )
        self._pieces = _walk_into(self._parser, self._top, self._row)

    def _malformed(self, error: expat.ExpatError, block: bytes) -> _Refused:
        detail = expat.ErrorString(error.code)
        if not block:
            reason = (
                f"filen slutter før den er ferdig ({detail}); den er avkortet, hent den på nytt"
            )
        else:
            reason = f"filen er ikke velformet XML ({detail}); eksporter den på nytt"
        at = max(self._parser.ErrorByteIndex - self._fed - 100, 0)
        raw = block[at : at + 300].decode("utf-8", "replace")
        return _Refused(f"linje {error.lineno}", reason, raw)


def is_saft(head: bytes) -> bool:
    """Return whether the beginning of an XML file opens with a root element AuditFile."""
    found: list[str] = []
    parser = expat.ParserCreate()

    def root(name: str, _: object) -> None:
        found.append(_local(name))
        parser.StartElementHandler = None

    parser.StartElementHandler = root
    # What follows the root element is judged when the file is read.
    with contextlib.suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(head, False)
    return found[:1] == ["AuditFile"]


# --- from text to types -------------------------------------------------------------------------

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)$"
_INTEGER = r"^\+?\d{1,18}$"
_DATE = r"^\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2})?$"
_THIRD_DECIMAL = r"\.\d{2}\d*[1-9]"
_EXPECTED: dict[ColumnType, str] = {
    "date": "en dato (åååå-mm-dd)",
    "integer": "et helt tall",
    "boolean": "true eller false",
    "money": "et beløp",
    "quantity": "et tall",
    "price": "et tall",
    "rate": "et tall",
}


class _Bad(NamedTuple):
    """A value that is not of its column's type: row from 0, column, text (None: none)."""

    at: int
    column: Column
    value: str | None


def _converted(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    kind = POLARS_TYPES[column.type]
    if column.type == "date":
        valid = pl.when(value.str.contains(_DATE)).then(value.str.slice(0, 10))
        return valid.str.to_date("%Y-%m-%d", strict=False).alias(column.name)
    if column.type == "boolean":
        known = {"true": True, "1": True, "false": False, "0": False}
        return value.replace_strict(known, default=None, return_dtype=kind)
    if column.type == "text":
        return value
    pattern = _INTEGER if column.type == "integer" else _NUMBER
    valid = pl.when(value.str.contains(pattern)).then(value)
    return valid.cast(kind, strict=False).alias(column.name)


def _text_frame(rows: Sequence[_Row], columns: Sequence[Column]) -> pl.DataFrame:
    """Return the columns' texts, trimmed; nothing is None."""
    present: set[str] = set().union(*rows)
    text = pl.DataFrame(
        [
            pl.Series(column.name, [row.get(column.name) for row in rows], dtype=pl.String)
            if column.name in present
            else pl.repeat(None, len(rows), dtype=pl.String, eager=True).alias(column.name)
            for column in columns
        ]
    )
    trimmed = text.select(pl.all().str.strip_chars())
    return trimmed.select(pl.when(pl.all() != "").then(pl.all()))


def _typed(text: pl.DataFrame, columns: Sequence[Column]) -> tuple[pl.DataFrame, list[_Bad]]:
    """Return the typed columns, and every value that was lost or is missing though required."""
    typed = text.select(_converted(column) for column in columns)
    bad: list[_Bad] = []
    for column in columns:
        gone = typed[column.name].null_count() - text[column.name].null_count()
        if column.required and typed[column.name].null_count():
            where = typed[column.name].is_null()
        elif gone:
            where = typed[column.name].is_null() & text[column.name].is_not_null()
        else:
            continue
        indices = where.arg_true()
        values = text[column.name].gather(indices)
        bad += map(_Bad, indices.to_list(), [column] * len(indices), values.to_list())
    return typed, bad


def _columns(table: Table, *names: str, extra: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    """Return the table's columns but those named, which are worked out, and some more."""
    left_out = {"source_sha256", "source_row", *names}
    return (*(c for c in table.columns if c.name not in left_out), *extra)


def _money(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "money", "") for name in names)


def _sum(amounts: pl.Series) -> Decimal:
    total = amounts.sum()
    assert isinstance(total, Decimal)
    return total


def _difference(debit: str, credit: str) -> pl.Expr:
    """Return debit less credit; null where both are."""
    value = pl.col(debit).fill_null(0) - pl.col(credit).fill_null(0)
    either = pl.col(debit).is_not_null() | pl.col(credit).is_not_null()
    return pl.when(either).then(value).cast(POLARS_TYPES["money"], strict=False)


_SIDES = _money("opening_debit", "opening_credit", "closing_debit", "closing_credit")
_BALANCES = (
    _difference("opening_debit", "opening_credit").alias("opening_balance"),
    _difference("closing_debit", "closing_credit").alias("closing_balance"),
)


# --- private persons ----------------------------------------------------------------------------

_BIRTH_ID = r"^\d{6}\s?\d{5}$"
# Day (+ 40 in a D number), month (+ 40 or + 80 in synthetic numbers), year, five digits.
_BIRTH_NUMBER_IN_TEXT = (
    r"\b(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2]|4[1-9]|5[0-2]|8[1-9]|9[0-2])"
    r"\d{2}\s?\d{5}\b"
)
_HIDDEN_OF_PERSONS = (
    "registration_number",
    "vat_number",
    "street",
    "street_number",
    "address_detail",
    "postal_code",
)


class _Persons:
    """Pseudonyms of the private persons of one file (spend.md, "Private persons")."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._names: dict[str, str] = {}
        self.count = 0

    def token(self, text: str) -> str:
        """Return the pseudonym of a birth number or a name."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:16]

    def party_id(self, value: str | None) -> str | None:
        """Return a customer's or supplier's ID, as a pseudonym where it is a birth number."""
        text = (value or "").strip()
        return self.token(re.sub(r"\s", "", text)) if re.match(_BIRTH_ID, text) else value

    def hide(self, row: _Row, party_id: str) -> None:
        """Replace what identifies a private person in a customer's or supplier's row."""
        key = self._key_of(row, row.get(party_id))
        row[party_id] = self.party_id(row.get(party_id))
        row["is_private_person"] = "false" if key is None else "true"
        if key is None:
            return
        self.count += 1
        row["person_key"] = key
        pseudonym = f"Privatperson {key[:6]}"
        self._remember((row.get("name") or "").strip(), pseudonym)
        row.update(dict.fromkeys(_HIDDEN_OF_PERSONS), name=pseudonym)

    def _key_of(self, row: _Row, party_id: str | None) -> str | None:
        is_number = re.match(_BIRTH_ID, (party_id or "").strip())
        seller = {
            "seller_orgnr": row["orgnr"],
            "seller_legal_id": row.get("registration_number"),
            "seller_vat_id": row.get("vat_number"),
            "seller_party_id": party_id if is_number else None,
            "seller_name": row.get("name"),
        }
        pseudonym = private_person(seller, self._key)
        if pseudonym is not None:
            return str(pseudonym["seller_party_id"])
        is_private = (row.get("party_type") or "").strip() == "Private" and not row["orgnr"]
        name = (row.get("name") or party_id or "").strip()
        return self.token(name.casefold()) if is_private else None

    def _remember(self, name: str, pseudonym: str) -> None:
        words = name.split()
        if len(words) < 2:
            return
        last_first = f"{words[-1]} {' '.join(words[:-1])}"
        for form in (name, last_first, last_first.replace(" ", ", ", 1)):
            self._names[form] = self._names[form.upper()] = pseudonym

    def masked(self, column: str) -> pl.Expr:
        """Return free text without birth numbers and the names of this file's private persons."""
        text = pl.col(column).str.replace_all(_BIRTH_NUMBER_IN_TEXT, "[fødselsnummer]")
        if self._names:
            old, new = list(self._names), list(self._names.values())
            text = text.str.replace_many(old, new, ascii_case_insensitive=True)
        return text

    def masked_ids(self, ids: pl.Series) -> pl.Series:
        """Return party IDs of lines, as pseudonyms where they are birth numbers."""
        found = ids.filter(ids.str.contains(_BIRTH_ID)).unique().to_list()
        return ids.replace({value: self.party_id(value) for value in found}) if found else ids


# --- master files -------------------------------------------------------------------------------


def _with_address(row: _Row) -> _Row:
    """Return the party with its street address, else its first one."""
    addresses = row.get("addresses") or [{}]
    street = (a for a in addresses if (a.get("address_type") or "").strip() == "StreetAddress")
    return {**row, **next(street, addresses[0])}


def _prepared_party(row: _Row, kind: str, persons: _Persons) -> _Row:
    party = _with_address(row)
    party["vat_number"] = party.get("vat_number") or party.get("tax_number")
    country = (party.get("country") or "NO").strip().upper()
    number = (party.get("registration_number"), "NO:ORGNR" if country == "NO" else None)
    party["orgnr"] = norwegian_orgnr(number, (party["vat_number"], "VAT"))
    persons.hide(party, f"{kind}_id")
    return party


def _balances_of(party: _Row, kind: str) -> list[_Row]:
    """Return a party's balance accounts: its own (1.10, 1.20), then BalanceAccount (1.30)."""
    own = {name: party.get(name) for name in _BALANCE.values()}
    found = [own] if any(own.values()) else []
    key = {"source_row": party["source_row"], "party_id": party.get(f"{kind}_id")}
    return [
        {**balance, **key, "position": position}
        for position, balance in enumerate([*found, *party.get("balances", ())], 1)
    ]


_PARTY_DERIVED = ("account_id", "opening_balance", "closing_balance")
_MASTERS: dict[str, tuple[Table, tuple[Column, ...], str, dict[str, str]]] = {
    "account": (
        contracts.SAFT_ACCOUNT,
        _columns(contracts.SAFT_ACCOUNT, "opening_balance", "closing_balance", extra=_SIDES),
        "konto",
        _elements(_AUDIT_FILE["MasterFiles"]["GeneralLedgerAccounts"]["Account"].spec),
    ),
    "tax_code": (
        contracts.SAFT_TAX_CODE,
        _columns(contracts.SAFT_TAX_CODE),
        "avgiftskode",
        _elements(_TAX_TABLE_ENTRY.spec["TaxCodeDetails"].spec),
    ),
    "analysis_code": (
        contracts.SAFT_ANALYSIS_CODE,
        _columns(contracts.SAFT_ANALYSIS_CODE),
        "dimensjon",
        _elements(_ANALYSIS_TYPE_ENTRY.spec),
    ),
}
_PARTIES = {"customer": contracts.SAFT_CUSTOMER, "supplier": contracts.SAFT_SUPPLIER}
_PARTY_WORDS = {"customer": "kunde", "supplier": "leverandør"}


# --- the ledger ---------------------------------------------------------------------------------

_LEDGER = contracts.SAFT_JOURNAL_LINE
_JOURNAL_NAMES = ("journal_id", "journal_description", "journal_type")
_TRANSACTION_NAMES = tuple(_elements(_TRANSACTION.spec))
_JOURNAL_COLUMNS = tuple(c for c in _LEDGER.columns if c.name in _JOURNAL_NAMES)
_TRANSACTION_COLUMNS = tuple(c for c in _LEDGER.columns if c.name in _TRANSACTION_NAMES)
_SIDED = ("debit_currency_amount", "credit_currency_amount")
_LINE_COLUMNS = (
    *_columns(
        _LEDGER,
        *_TRANSACTION_NAMES,
        *_JOURNAL_NAMES,
        "transaction_row",
        "transaction_balance",
        "is_transaction_balanced",
        "amount",
        "is_rounded",
        "currency",
        "currency_amount",
        "exchange_rate",
    ),
    *_money(*_SIDED),
    Column("debit_currency", "text", ""),
    Column("credit_currency", "text", ""),
    Column("debit_rate", "rate", ""),
    Column("credit_rate", "rate", ""),
)
_LINE_ELEMENTS = _elements(_LINE.spec)
_TRANSACTION_ELEMENTS = _elements(_TRANSACTION.spec)
_PARTY_IDS = ("customer_id", "supplier_id", "transaction_customer_id", "transaction_supplier_id")
_FREE_TEXTS = ("description", "transaction_description", "voucher_description")
_NESTED_SIDES = _money("unsigned_amount", "debit_amount", "credit_amount")
_NESTED: dict[str, tuple[Table, tuple[Column, ...], str, dict[str, str]]] = {
    "analyses": (
        contracts.SAFT_LINE_ANALYSIS,
        _columns(contracts.SAFT_LINE_ANALYSIS, "position", "amount", extra=_NESTED_SIDES),
        "amount",
        _elements(_LINE.spec["Analysis"].spec, "Analysis/"),
    ),
    "taxes": (
        contracts.SAFT_LINE_TAX,
        _columns(contracts.SAFT_LINE_TAX, "position", "tax_amount", extra=_NESTED_SIDES),
        "tax_amount",
        _elements(_LINE.spec["TaxInformation"].spec, "TaxInformation/"),
    ),
}


class _Lines(NamedTuple):
    """Lines as read, with the transaction of each; `first` is the number of the first."""

    rows: list[_Row]
    transactions: list[_Row]
    first: int

    def numbers(self) -> pl.Series:
        """Return the lines' positions in the file, which follow on each other."""
        return pl.int_range(
            self.first, self.first + len(self.rows), dtype=pl.Int64, eager=True
        ).alias("source_row")


def _typed_lines(lines: _Lines) -> tuple[pl.DataFrame, list[_Bad]]:
    """Return the lines' own columns, and what in them is not as it should be."""
    text = _text_frame(lines.rows, _LINE_COLUMNS)
    typed, bad = _typed(text, _LINE_COLUMNS)
    rounded = pl.any_horizontal(
        pl.col("debit_amount", "credit_amount", *_SIDED).str.contains(_THIRD_DECIMAL)
    )
    flags = text.select(rounded.fill_null(False).alias("is_rounded"))
    transactions = [transaction["source_row"] for transaction in lines.transactions]
    typed = typed.with_columns(
        flags["is_rounded"],
        lines.numbers(),
        pl.Series("transaction_row", transactions, dtype=pl.Int64),
        _difference("debit_amount", "credit_amount").alias("amount"),
        _difference(*_SIDED).alias("currency_amount"),
        pl.coalesce("debit_currency", "credit_currency").alias("currency"),
        pl.coalesce("debit_rate", "credit_rate").alias("exchange_rate"),
    )
    return typed, bad


def _typed_transactions(lines: _Lines) -> tuple[pl.DataFrame, list[_Bad], list[int]]:
    """Return the transactions of the lines with their journals' fields, one row each."""
    transactions = {row["source_row"]: row for row in lines.transactions}
    rows, numbers = list(transactions.values()), list(transactions)
    own = _text_frame(rows, _TRANSACTION_COLUMNS)
    of_journal = _text_frame([row[""] for row in rows], _JOURNAL_COLUMNS)
    columns = (*_TRANSACTION_COLUMNS, *_JOURNAL_COLUMNS)
    typed, bad = _typed(own.hstack(of_journal), columns)
    return typed.with_columns(pl.Series("transaction_row", numbers, dtype=pl.Int64)), bad, numbers


def _nested_frame(lines: _Lines, name: str) -> tuple[pl.DataFrame, list[_Bad], list[int]]:
    """Return all Analysis or TaxInformation of the lines, and the line number of each."""
    _, columns, amount, _ = _NESTED[name]
    numbers: list[int] = []
    positions: list[int] = []
    items: list[_Row] = []
    for number, row in enumerate(lines.rows, lines.first):
        if name in row:
            own = row[name]
            items += own
            numbers += [number] * len(own)
            positions += range(1, len(own) + 1)
    typed, bad = _typed(_text_frame(items, columns), columns)
    typed = typed.with_columns(
        pl.Series("source_row", numbers, dtype=pl.Int64),
        pl.Series("position", positions, dtype=pl.Int64),
        _difference("debit_amount", "credit_amount").alias(amount),
    )
    return typed, bad, numbers


def _with_sign_of_line(nested: pl.DataFrame, lines: pl.DataFrame, amount: str) -> pl.DataFrame:
    """Give an amount without a side (1.10, 1.20) the sign of its line's side."""
    is_credit = pl.col("debit_side").is_null() & pl.col("credit_side").is_not_null()
    unsigned = pl.col("unsigned_amount")
    sides = lines.select(
        "source_row",
        pl.col("debit_amount").alias("debit_side"),
        pl.col("credit_amount").alias("credit_side"),
    )
    return nested.join(sides, on="source_row", how="inner", maintain_order="left").with_columns(
        pl.coalesce(amount, pl.when(is_credit).then(-unsigned).otherwise(unsigned)).alias(amount)
    )


@dataclass(frozen=True)
class SaftResult:
    """What a SAF-T file became.

    `tables` is empty where the rows were handed over in chunks. `rejections` with
    `is_whole_file` mean that nothing of the file counts.
    """

    tables: dict[str, pl.DataFrame]
    facts: FileFacts
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        """Whether the file as a whole is rejected: what it yielded must be thrown away."""
        return any(rejection.is_whole_file for rejection in self.rejections)


class _Found:
    """Sums over the ledger as it goes by, in the header's currency; exact, with two decimals."""

    def __init__(self) -> None:
        self.lines = self.rejected_lines = 0
        self.debit = self.credit = self.rejected_debit = _ZERO
        self.rounded = 0
        self.unbalanced = 0
        self.unbalanced_ids: list[str] = []

    def add(self, lines: pl.DataFrame, is_bad: pl.Series) -> None:
        self.lines += lines.height
        self.rejected_lines += int(is_bad.sum())
        self.debit += _sum(lines["debit_amount"])
        self.credit += _sum(lines["credit_amount"])
        self.rejected_debit += _sum(lines["debit_amount"].filter(is_bad))
        self.rounded += int(lines["is_rounded"].sum())

    def add_transactions(self, lines: pl.DataFrame) -> None:
        unbalanced = lines.filter(~pl.col("is_transaction_balanced")).unique(
            "transaction_row", keep="first", maintain_order=True
        )
        self.unbalanced += unbalanced.height
        room = _SHOWN - len(self.unbalanced_ids)
        self.unbalanced_ids += [str(name) for name in unbalanced["transaction_id"].head(room)]


class SaftReader:
    """Reads one SAF-T file as a stream.

    Go through `chunks()` to its end, then look at `result`. Amounts are those of the header's
    currency, debit positive; rows of the file are its ledger lines, its amount the sum of debits.
    """

    def __init__(
        self, source: BinaryIO, sha256: str, pseudonym_key: bytes, chunk_lines: int = 25_000
    ) -> None:
        self._sha256 = sha256
        self._chunk_lines = chunk_lines
        self._persons = _Persons(pseudonym_key)
        self._records: dict[str, _Node] = {}
        self._totals: _Row = {}
        self._notes: list[str] = []
        self._rejections: list[Rejection] = []
        self._left_out_notes = 0
        self._found = _Found()
        self._open: list[pl.DataFrame] = []
        top = _compile(_AUDIT_FILE, self._records)
        self._parser = _Parser(source, top, self._totals, self._notes)
        self._result: SaftResult | None = None

    @property
    def result(self) -> SaftResult:
        """The verdict on the file; only after `chunks()` has come to its end."""
        if self._result is None:
            raise RuntimeError("chunks() has not come to its end")
        return self._result

    def chunks(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield (table name, rows with the contract's schema); memory holds one chunk at a time.

        Never raises for what the file contains. Whether the control totals hold is known only at
        the end: where `result.is_rejected`, throw away all that was yielded.
        """
        problem: _Refused | None = None
        is_last = False
        while not is_last and problem is None:
            try:
                is_last = self._parser.feed()
                self._check_version()
                self._check_bad_lines()
            except _Refused as refused:
                problem, is_last = refused, True
            if is_last or self._waiting() >= self._chunk_lines:
                yield from self._flush(is_last)
        problem = problem or self._disproof()
        self._result = self._verdict(problem)
        if problem is None:
            yield "saft_header", self._header_frame()

    def _waiting(self) -> int:
        return sum(len(node.rows) for node in self._records.values() if node.rows)

    def _flush(self, is_last: bool) -> Iterator[tuple[str, pl.DataFrame]]:
        for kind in _PARTIES:
            yield from self._parties(kind, self._masters_read(kind))
        for kind in _MASTERS:
            yield from self._masters(kind, self._masters_read(kind))
        yield from self._ledger(self._lines_read(), is_last)

    def _masters_read(self, record: str) -> list[_Row]:
        """Return the finished master records of a kind with their positions, and forget them."""
        lines = self._lines_read(record)
        for number, row in enumerate(lines.rows, lines.first):
            row["source_row"] = number
        if record == "tax_code":
            for row, entry in zip(lines.rows, lines.transactions, strict=True):
                row["tax_type"] = entry.get("tax_type")
                row["base_rates"] = ";".join(rate[""].strip() for rate in row.get("rates", ()))
        return lines.rows

    def _lines_read(self, record: str = "line") -> _Lines:
        """Return the finished records of a kind with the record around each, and forget them."""
        node = self._records[record]
        assert node.rows is not None
        lines = _Lines(node.rows.copy(), node.parents.copy(), node.taken + 1)
        node.taken += len(lines.rows)
        node.rows.clear()
        node.parents.clear()
        return lines

    # master files

    def _masters(self, kind: str, rows: list[_Row]) -> Iterator[tuple[str, pl.DataFrame]]:
        if not rows:
            return
        table, columns, word, elements = _MASTERS[kind]
        typed, bad = _typed(_text_frame(rows, columns), columns)
        self._note_bad(bad, rows, word, elements)
        if kind == "account":
            typed = typed.with_columns(_BALANCES)
        if kind == "analysis_code":
            typed = typed.with_columns(self._persons.masked("analysis_id_description"))
        yield table.name, self._finished(typed, table, rows)

    def _parties(self, kind: str, rows: list[_Row]) -> Iterator[tuple[str, pl.DataFrame]]:
        if not rows:
            return
        table = _PARTIES[kind]
        word, elements = _PARTY_WORDS[kind], _elements(_PARTY)
        parties = [_prepared_party(row, kind, self._persons) for row in rows]
        columns = _columns(table, *_PARTY_DERIVED)
        typed, bad = _typed(_text_frame(parties, columns), columns)
        self._note_bad(bad, rows, word, elements)
        typed = typed.with_columns(
            pl.Series("source_row", [row["source_row"] for row in rows], dtype=pl.Int64)
        )
        balances = self._party_balances(parties, kind)
        sums = balances.group_by("source_row", maintain_order=True).agg(
            pl.col("account_id").first(),
            pl.col("opening_balance", "closing_balance")
            .sum()
            .cast(POLARS_TYPES["money"], strict=False),
        )
        typed = typed.join(sums, on="source_row", how="left", maintain_order="left")
        yield table.name, self._finished(typed, table, rows)
        yield contracts.SAFT_PARTY_BALANCE.name, balances

    def _party_balances(self, parties: list[_Row], kind: str) -> pl.DataFrame:
        table = contracts.SAFT_PARTY_BALANCE
        rows = [balance for party in parties for balance in _balances_of(party, kind)]
        columns = (Column("account_id", "text", ""), Column("party_id", "text", ""), *_SIDES)
        typed, bad = _typed(_text_frame(rows, columns), columns)
        self._note_bad(bad, rows, _PARTY_WORDS[kind], _elements(_BALANCE))
        typed = typed.with_columns(
            *_BALANCES,
            pl.lit(kind).alias("party_kind"),
            pl.Series("position", [row["position"] for row in rows], dtype=pl.Int64),
        )
        return self._finished(typed, table, rows)

    def _finished(
        self, typed: pl.DataFrame, table: Table, rows: list[_Row] | None = None
    ) -> pl.DataFrame:
        """Return the frame with the contract's columns in its order."""
        if rows is not None:
            numbers = [row["source_row"] for row in rows]
            typed = typed.with_columns(pl.Series("source_row", numbers, dtype=pl.Int64))
        typed = typed.with_columns(pl.lit(self._sha256).alias("source_sha256"))
        return typed.select(pl.col(name).cast(dtype) for name, dtype in table.schema().items())

    def _note_bad(
        self, bad: list[_Bad], rows: list[_Row], word: str, elements: dict[str, str]
    ) -> None:
        """Note values of master files that can't be read: the row stays, the value is empty."""
        for index, column, value in bad:
            if len(self._notes) >= _SHOWN * 5:
                self._left_out_notes += 1
                continue
            self._notes.append(
                f"{word} nr. {rows[index]['source_row']}: {_reason(column, value, elements)}; "
                "feltet er tomt"
            )

    # the ledger

    def _ledger(self, lines: _Lines, is_last: bool) -> Iterator[tuple[str, pl.DataFrame]]:
        if lines.rows and not (is_last and self._is_skeleton(lines)):
            yield from self._line_chunk(lines)
        complete = self._balanced(is_last)
        if complete is not None:
            self._found.add_transactions(complete)
            accepted = complete.filter(~pl.col("is_bad"))
            yield _LEDGER.name, self._finished(accepted, _LEDGER)

    def _line_chunk(self, lines: _Lines) -> Iterator[tuple[str, pl.DataFrame]]:
        """Type the lines, keep them until their transaction is whole, yield what hangs on them."""
        typed, bad = _typed_lines(lines)
        transactions, bad_of_transactions, numbers = _typed_transactions(lines)
        frame = typed.join(transactions, on="transaction_row", how="left", maintain_order="left")
        frame = frame.with_columns(
            *(self._persons.masked(column) for column in _FREE_TEXTS),
            *(self._persons.masked_ids(frame[column]) for column in _PARTY_IDS),
        )
        reasons: dict[int, str] = {}
        self._collect(
            reasons, bad, range(lines.first, lines.first + len(lines.rows)), _LINE_ELEMENTS
        )
        self._collect_of_transactions(reasons, bad_of_transactions, numbers, frame)
        self._collect_missing_amounts(reasons, frame)
        nested = {name: _nested_frame(lines, name) for name in _NESTED}
        for name, (_, bad_nested, rows) in nested.items():
            self._collect(reasons, bad_nested, rows, _NESTED[name][3])
        is_bad = frame["source_row"].is_in(list(reasons)).alias("is_bad")
        self._found.add(frame, is_bad)
        self._reject_lines(reasons, frame.filter(is_bad))
        self._open.append(frame.with_columns(is_bad))
        good = frame.filter(~is_bad)
        for name, (items, _, _) in nested.items():
            table, _, amount, _ = _NESTED[name]
            if items.height:
                signed = _with_sign_of_line(items, good, amount)
                yield table.name, self._finished(signed, table)

    def _balanced(self, is_last: bool) -> pl.DataFrame | None:
        """Return the lines of transactions that are whole, with their balance."""
        if not self._open:
            return None
        last = self._records["transaction"].count
        if not is_last and self._open[-1]["transaction_row"][0] == last:
            return None
        lines = pl.concat(self._open)
        self._open = []
        if not is_last:
            still_open = pl.col("transaction_row") == last
            self._open = [frame for frame in (lines.filter(still_open),) if frame.height]
            lines = lines.filter(~still_open)
        balance = pl.col("amount").sum().over("transaction_row")
        return lines.with_columns(
            balance.cast(POLARS_TYPES["money"], strict=False).alias("transaction_balance"),
            (balance == 0).alias("is_transaction_balanced"),
        )

    @staticmethod
    def _collect(
        reasons: dict[int, str], bad: list[_Bad], rows: Sequence[int], elements: dict[str, str]
    ) -> None:
        for index, column, value in bad:
            reasons.setdefault(rows[index], _reason(column, value, elements))

    @staticmethod
    def _collect_of_transactions(
        reasons: dict[int, str], bad: list[_Bad], numbers: list[int], frame: pl.DataFrame
    ) -> None:
        """A value of the transaction that breaks the contract breaks it for all its lines."""
        for index, column, value in bad:
            reason = _reason(column, value, _TRANSACTION_ELEMENTS)
            lines = frame.filter(pl.col("transaction_row") == numbers[index])["source_row"]
            for row in lines:
                reasons.setdefault(row, reason)

    @staticmethod
    def _collect_missing_amounts(reasons: dict[int, str], frame: pl.DataFrame) -> None:
        for row in frame.filter(pl.col("amount").is_null())["source_row"]:
            reasons.setdefault(row, "mangler DebitAmount/Amount eller CreditAmount/Amount")

    def _reject_lines(self, reasons: dict[int, str], bad: pl.DataFrame) -> None:
        names = ("source_row", "transaction_id", "record_id", "account_id", "amount")
        for row, transaction, record, account, amount in bad.select(names).iter_rows():
            place = f"hovedboken, linje nr. {row} (TransactionID {transaction}, RecordID {record})"
            raw = f"AccountID {account}; {'' if amount is None else amount}"
            self._rejections.append(
                Rejection(self._sha256, place, reasons[row], raw, KIND, is_whole_file=False)
            )

    def _is_skeleton(self, lines: _Lines) -> bool:
        """Whether the file declares an empty ledger and has only placeholders without amounts."""
        declared, _ = self._declared()
        if self._found.lines or declared != (0, _ZERO, _ZERO):
            return False
        typed, bad = _typed_lines(lines)
        if bad or typed["amount"].null_count() or (typed["amount"] != 0).any():
            return False
        self._notes.append(
            f"filen oppgir en tom hovedbok (0 bilag); {len(lines.rows)} linje(r) uten beløp er "
            "eksempler og er utelatt"
        )
        return True

    # the verdict

    def _header(self) -> _Row:
        rows = self._records["header"].rows
        return rows[0] if rows else {}

    def _check_version(self) -> None:
        """Refuse a version that is known not to be this format. Raises _Refused."""
        version = self._header().get("audit_file_version")
        match = _VERSION.match(version or "")
        if match and match.group(1) != "1":
            raise _Refused(
                "Header/AuditFileVersion",
                f"versjonen er «{(version or '')[:40]}», forventet 1.10 til 1.30; eksporter "
                "regnskapet i en av dem",
            )

    def _check_bad_lines(self) -> None:
        if self._found.rejected_lines > MAX_BAD_LINES:
            first = self._rejections[0]
            raise _Refused(
                "hovedboken",
                f"mer enn {MAX_BAD_LINES} linjer bryter formatet. Den første: {first.place}: "
                f"{first.reason}",
            )

    def _declared(self) -> tuple[tuple[int | None, Decimal | None, Decimal | None], list[str]]:
        """Return NumberOfEntries, TotalDebit and TotalCredit, and what is wrong with their text."""
        columns = (Column("number_of_entries", "integer", ""), *_money(*_TOTALS))
        typed, bad = _typed(_text_frame([self._totals], columns), columns)
        names = {"number_of_entries": "NumberOfEntries", **_TOTALS}
        wrong = [_reason(column, value, names) for _, column, value in bad]
        count, debit, credit = typed.row(0)
        return (count, debit, credit), wrong

    def _has_ledger(self) -> bool:
        return bool(self._found.lines or self._records["journal"].count or self._totals)

    def _disproof(self) -> _Refused | None:
        """Return why the file's control totals reject it, with both numbers; None: they hold."""
        header = self._header()
        if not (header.get("currency") or "").strip():
            return _Refused("Header", "mangler DefaultCurrencyCode, så beløpene er uten valuta")
        if not self._has_ledger():
            return None
        if max(abs(self._found.debit), abs(self._found.credit)) >= _TOO_LARGE:
            return _Refused("GeneralLedgerEntries", "summene har mer enn 16 sifre foran komma")
        declared, wrong = self._declared()
        found = (self._records["transaction"].count, self._found.debit, self._found.credit)
        if declared == (0, _ZERO, _ZERO) and not self._found.lines:
            return None
        for name, text, number in zip(
            ("NumberOfEntries", "TotalDebit", "TotalCredit"), declared, found, strict=True
        ):
            if text is None and not any(reason.startswith(name) for reason in wrong):
                wrong.append(f"{name}: mangler, funnet {number}")
            elif text is not None and text != number and not self._counts_lines(name, text):
                wrong.append(f"{name}: oppgitt {text}, funnet {number}")
        if not wrong:
            return None
        reason = "kontrollsummene stemmer ikke: " + "; ".join(wrong)
        return _Refused(
            "GeneralLedgerEntries", reason + ". Eksporter filen på nytt, helt og uendret"
        )

    def _counts_lines(self, name: str, declared: int | Decimal) -> bool:
        """Some systems count lines, not transactions, in NumberOfEntries; the sums prove the file.

        That counts only where there are more lines than transactions and none is lacking.
        """
        return name == "NumberOfEntries" and declared == self._found.lines

    def _verdict(self, problem: _Refused | None) -> SaftResult:
        found, currency = self._found, (self._header().get("currency") or "").strip() or None
        if problem is not None:
            self._notes.append(f"{problem.place}: {problem.reason}")
            rejection = Rejection(self._sha256, problem.place, problem.reason, problem.raw, KIND)
            amount = found.debit if abs(found.debit) < _TOO_LARGE else None
            facts = (
                FileFacts.of_document(self._sha256, found.lines, currency, amount, True)
                if found.lines
                else FileFacts.unreadable(self._sha256)
            )
            return SaftResult({}, facts, [rejection, *self._rejections], self._notes)
        self._add_notes()
        facts = FileFacts(
            self._sha256,
            found.lines,
            found.lines - found.rejected_lines,
            found.rejected_lines,
            currency,
            found.debit,
            found.debit - found.rejected_debit,
            found.rejected_debit,
        )
        return SaftResult({}, facts, self._rejections, self._notes)

    def _add_notes(self) -> None:
        found, notes = self._found, self._notes
        version = (self._header().get("audit_file_version") or "").strip()
        if version not in ("1.10", "1.20", "1.30"):
            notes.append(
                f"AuditFileVersion er «{version[:40]}», ikke 1.10, 1.20 eller 1.30; lest etter "
                "elementenes navn"
            )
        if not found.lines:
            notes.append("filen har ingen hovedboksposteringer (GeneralLedgerEntries)")
        declared, _ = self._declared()
        if found.lines and declared[0] != self._records["transaction"].count:
            notes.append(f"NumberOfEntries ({declared[0]}) teller linjer, ikke bilag")
        if found.unbalanced:
            notes.append(
                f"{found.unbalanced} bilag går ikke i null og er merket: "
                + ", ".join(found.unbalanced_ids)
            )
        if found.rounded:
            notes.append(f"{found.rounded} linjer hadde mer enn to desimaler og er avrundet")
        if self._persons.count:
            notes.append(f"{self._persons.count} privatpersoner er pseudonymisert")
        if self._left_out_notes:
            notes.append(f"{self._left_out_notes} merknader til er ikke vist")

    def _header_frame(self) -> pl.DataFrame:
        header, found = self._header(), self._found
        names = _elements(_HEADER)
        columns = tuple(c for c in contracts.SAFT_HEADER.columns if c.name in names)
        typed, bad = _typed(_text_frame([header], columns), columns)
        self._note_bad(bad, [{"source_row": 1}], "Header", names)
        number = header.get("company_registration_number")
        vat = header.get("company_vat_number")
        declared, _ = self._declared()
        worked_out: dict[str, Any] = {
            "source_row": 1,
            "company_orgnr": norwegian_orgnr((number, "NO:ORGNR"), (vat, "VAT")),
            "number_of_entries": declared[0],
            "total_debit": declared[1],
            "total_credit": declared[2],
            "transaction_count": self._records["transaction"].count,
            "line_count": found.lines,
            "debit_found": found.debit,
            "credit_found": found.credit,
            "unbalanced_count": found.unbalanced,
        }
        schema = contracts.SAFT_HEADER.schema()
        series = [pl.Series(n, [v], dtype=schema[n]) for n, v in worked_out.items()]
        return self._finished(typed.with_columns(series), contracts.SAFT_HEADER)


_TOTALS = {"total_debit": "TotalDebit", "total_credit": "TotalCredit"}


def _reason(column: Column, value: str | None, elements: dict[str, str]) -> str:
    element = elements.get(column.name, column.name)
    if value is None:
        return f"mangler {element}"
    return f"{element}: forventet {_EXPECTED.get(column.type, 'en tekst')}, fant «{value[:80]}»"


def read_saft(data: bytes, sha256: str, pseudonym_key: bytes) -> SaftResult:
    """Read a whole SAF-T file from memory; for large files use `SaftReader`.

    Every table of the contract is there, also the empty ones; all are empty where the file is
    rejected.
    """
    reader = SaftReader(io.BytesIO(data), sha256, pseudonym_key)
    frames: dict[str, list[pl.DataFrame]] = {}
    for name, frame in reader.chunks():
        frames.setdefault(name, []).append(frame)
    result = reader.result
    if result.is_rejected:
        frames = {}
    tables = {
        table.name: pl.concat([table.empty(), *frames.get(table.name, [])])
        for table in contracts.SAFT_TABLES
    }
    return SaftResult(tables, result.facts, result.rejections, result.notes)
