"""The shared way through UBL: what to read as a specification, one walk, typed columns at the end.

Nothing here knows a particular document; which elements are read stands in each extractor
(`peppol_order`, `peppol_despatch`, `peppol_catalogue`). No files are written.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

import polars as pl
from lxml import etree

from pipelines.extracts.contracts.columns import POLARS_TYPES, Column, ColumnType, Table
from pipelines.extracts.identifiers import norwegian_orgnr, private_person
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.xml import XmlProblem, parse_xml

_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"


def root_tag(name: str) -> str:
    """Return the qualified name of a UBL 2 document's root element, say 'Order'."""
    return f"{{urn:oasis:names:specification:ubl:schema:xsd:{name}-2}}{name}"


class Leaf(NamedTuple):
    """An element whose text, and some of whose attributes, are columns."""

    column: str
    attributes: tuple[tuple[str, str], ...]


class Only(NamedTuple):
    """An element of which just one child is wanted, which as a rule comes first."""

    tag: str
    column: str
    spec: dict[str, Any]


class Group(NamedTuple):
    """An element that may stand several times; each becomes a row of its own.

    `blank` is the row before anything is read: every column that the spec names, None.
    """

    name: str
    spec: dict[str, Any]
    blank: dict[str, Any] = {}  # noqa: RUF012 - copied, never changed


def leaf(column: str, **attributes: str) -> Leaf:
    """Return a leaf: `leaf('quantity', unitCode='unit_code')` reads text and @unitCode."""
    return Leaf(column, tuple(attributes.items()))


def compile_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """Turn 'cbc:ID' keys into qualified names, all the way down.

    A value is a column's name, a Leaf, a Group, or the specification of the element's children.
    """
    compiled: dict[str, Any] = {}
    for key, value in spec.items():
        prefix, name = key.split(":")
        tag = (_CBC if prefix == "cbc" else _CAC) + name
        if isinstance(value, dict):
            value = compile_spec(value)
            (child, column), *more = value.items()
            if not more and isinstance(column, str):
                value = Only(child, column, value)
        elif isinstance(value, Group):
            below = compile_spec(value.spec)
            value = Group(value.name, below, blank_row(below))
        compiled[tag] = value
    return compiled


def blank_row(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a compiled specification's row before anything is read: None, () for groups."""
    blank: dict[str, Any] = {}
    for node in spec.values():
        if isinstance(node, str):
            blank[node] = None
        elif isinstance(node, dict):
            blank |= blank_row(node)
        elif isinstance(node, Only):
            blank[node.column] = None
        elif isinstance(node, Leaf):
            blank |= dict.fromkeys((node.column, *(column for _, column in node.attributes)))
        else:
            blank[node.name] = ()
    return blank


def walk(element: Any, spec: dict[str, Any], row: dict[str, Any]) -> None:
    """Collect what `spec` names below `element` into `row`; of a repeated leaf the first counts."""
    node_of = spec.get
    for child in element:
        node = node_of(child.tag)
        if node is None:
            continue
        kind = type(node)
        if kind is str:
            if row[node] is None:
                row[node] = child.text
        elif kind is dict:
            walk(child, node, row)
        elif kind is Only:
            if len(child) and child[0].tag == node.tag:
                if row[node.column] is None:
                    row[node.column] = child[0].text
            else:
                walk(child, node.spec, row)
        elif kind is Leaf:
            if row[node.column] is None:
                row[node.column] = child.text if node.column else ""
                for attribute, column in node.attributes:
                    row[column] = child.get(attribute)
        else:
            occurrence = node.blank.copy()
            walk(child, node.spec, occurrence)
            if row[node.name]:
                row[node.name].append(occurrence)
            else:
                row[node.name] = [occurrence]


# Parts of the specification that several documents share ------------------------------------------

PERIOD_DATES = ("cbc:StartDate", "cbc:EndDate")


def period_spec(start: str, end: str) -> dict[str, Any]:
    """Return the specification of a period: the columns of its first and last day."""
    return dict(zip(PERIOD_DATES, (start, end), strict=True))


def party_spec(prefix: str) -> dict[str, Any]:
    """Return the specification of cac:Party with identifiers, names and contact."""
    return {
        "cbc:EndpointID": leaf(f"{prefix}_endpoint_id", schemeID=f"{prefix}_endpoint_scheme"),
        "cac:PartyIdentification": {
            "cbc:ID": leaf(f"{prefix}_party_id", schemeID=f"{prefix}_party_id_scheme")
        },
        "cac:PartyName": {"cbc:Name": f"{prefix}_trading_name"},
        "cac:PartyTaxScheme": Group(
            f"{prefix}_tax_scheme",
            {"cbc:CompanyID": "company_id", "cac:TaxScheme": {"cbc:ID": "tax_scheme"}},
        ),
        "cac:PartyLegalEntity": {
            "cbc:RegistrationName": f"{prefix}_name",
            "cbc:CompanyID": leaf(f"{prefix}_legal_id", schemeID=f"{prefix}_legal_id_scheme"),
        },
        "cac:Contact": {
            "cbc:ID": f"{prefix}_contact_id",
            "cbc:Name": f"{prefix}_contact_name",
        },
    }


CLASSIFICATION = Group(
    "classification",
    {"cbc:ItemClassificationCode": leaf("code", listID="list_id", listVersionID="list_version")},
)
TAX_CATEGORY = {"cbc:ID": "vat_category", "cbc:Percent": "vat_percent"}
ITEM: dict[str, Any] = {
    "cbc:Description": "item_description",
    "cbc:Name": "item_name",
    "cac:BuyersItemIdentification": {"cbc:ID": "buyers_item_id"},
    "cac:SellersItemIdentification": {"cbc:ID": "sellers_item_id"},
    "cac:ManufacturersItemIdentification": {"cbc:ID": "manufacturers_item_id"},
    "cac:StandardItemIdentification": {
        "cbc:ID": leaf("standard_item_id", schemeID="standard_item_scheme")
    },
    "cac:CommodityClassification": CLASSIFICATION,
}
ATTACHMENT = Group(
    "attachment",
    {
        "cac:Attachment": {
            "cbc:EmbeddedDocumentBinaryObject": leaf("", filename="file_name", mimeCode="m")
        }
    },
)


class Party(NamedTuple):
    """The names of a party's columns, put together once."""

    name: str
    trading_name: str
    vat_id: str
    orgnr: str
    tax_scheme: str
    identifiers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, prefix: str) -> Party:
        """Return the names for a prefix such as 'seller'."""
        pairs = (
            (f"{prefix}_legal_id", f"{prefix}_legal_id_scheme"),
            (f"{prefix}_party_id", f"{prefix}_party_id_scheme"),
            (f"{prefix}_endpoint_id", f"{prefix}_endpoint_scheme"),
        )
        return cls(
            f"{prefix}_name",
            f"{prefix}_trading_name",
            f"{prefix}_vat_id",
            f"{prefix}_orgnr",
            f"{prefix}_tax_scheme",
            pairs,
        )


def complete_party(row: dict[str, Any], party: Party) -> None:
    """Add VAT id, organisation number, and the trading name where there is no other."""
    vat_id = None
    for scheme in row[party.tax_scheme]:
        if scheme["company_id"] and (scheme["tax_scheme"] or "VAT").strip() == "VAT":
            vat_id = scheme["company_id"].strip()
            break
    row[party.vat_id] = vat_id
    if not (row[party.name] or "").strip():
        row[party.name] = row[party.trading_name]
    pairs = [(row[value], row[scheme]) for value, scheme in party.identifiers]
    row[party.orgnr] = norwegian_orgnr(*pairs, (vat_id, "VAT"))


_PARTY_PARTS = (
    "endpoint_id",
    "endpoint_scheme",
    "party_id",
    "party_id_scheme",
    "legal_id",
    "legal_id_scheme",
    "name",
    "trading_name",
    "contact_id",
    "contact_name",
    "tax_scheme",
)
_IDENTIFYING = ("endpoint_id", "party_id", "legal_id", "name", "trading_name")


def fall_back(row: dict[str, Any], prefix: str, other: str) -> None:
    """Let the party `prefix` be the party `other` where the document does not name the first."""
    if any(row[f"{prefix}_{part}"] for part in _IDENTIFYING):
        return
    for part in _PARTY_PARTS:
        row[f"{prefix}_{part}"] = row[f"{other}_{part}"]


def hide_private_seller(row: dict[str, Any], key: bytes) -> None:
    """Replace the seller by a pseudonym where it is a private person (spend.md)."""
    row["seller_is_private_person"] = False
    pseudonym = private_person(row, key)
    if pseudonym is not None:
        row.update(pseudonym)


@lru_cache(maxsize=1000)
def profile_of(customization: str) -> str:
    """Return 'ehf2' for the CEN BII generation, else 'peppol_bis3' (EHF 3 extends it)."""
    is_ehf2 = "difi.no:ehf" in customization or "cenbii.eu" in customization
    return "ehf2" if is_ehf2 else "peppol_bis3"


def is_true(text: str | None) -> bool:
    """Return whether the text of an indicator is true (xs:boolean: true or 1)."""
    return text is not None and text.strip() in ("true", "1")


# From raw text to typed columns -------------------------------------------------------------------

SIGN = "_sign"
ROUNDED = "_rounded"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$"
_INTEGER = r"^[+-]?[0-9]+$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$"
_THIRD_DECIMAL = r"\.[0-9]{2}[0-9]*[1-9]"
_NUMERIC: tuple[ColumnType, ...] = ("money", "quantity", "price", "rate")
_SIGNED: tuple[ColumnType, ...] = ("money", "quantity")
_TRUE, _FALSE = ["true", "1"], ["false", "0"]


class Rows:
    """Raw text of one table, row by row, as documents are read.

    `given` are the columns that the caller hands over beside what was read, already typed;
    `native` those that it puts into what was read, already typed; `derived` come later. `_sign`
    among the given ones turns money and quantities round where it is negative.
    """

    def __init__(
        self,
        table: Table,
        given: Sequence[str],
        *,
        native: Sequence[str] = (),
        derived: Sequence[str] = (),
    ) -> None:
        left_out = {*given, *derived}
        taken = [column.name for column in table.columns if column.name not in left_out]
        own = {column.name: column.type for column in table.columns}
        typed = {name: POLARS_TYPES[own[name]] for name in (*given, *native) if name in own}
        self.table = table
        self.names = [*given, *taken]
        self._types: dict[str, Any] = {SIGN: pl.Int8(), **typed}
        self._rows: list[tuple[Any, ...]] = []
        self._take = itemgetter(*taken)

    def append(self, read: dict[str, Any], given: tuple[Any, ...]) -> None:
        """Add one row."""
        self._rows.append(given + self._take(read))

    def frame(self) -> pl.DataFrame:
        """Return what was added; what was read is text still."""
        columns: Iterable[Sequence[Any]]
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self.names)
        return pl.DataFrame(
            [
                pl.Series(name, values, dtype=self._types.get(name, pl.String()))
                for name, values in zip(self.names, columns, strict=True)
            ]
        )


NO_PROBLEMS = pl.DataFrame(
    schema={
        "source_sha256": pl.String,
        "source_row": pl.Int64,
        "table": pl.String,
        "column": pl.String,
        "value": pl.String,
        "reason": pl.String,
    }
)


def typed(raw: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows with the contract's types, and the values that break it.

    The second frame has the columns of NO_PROBLEMS (value null: missing; reason null: wrong type).
    `_rounded` says whether money had a third decimal that was rounded away.
    """
    present = [column for column in table.columns if column.name in raw.columns]
    text = [column.name for column in present if raw.schema[column.name] == pl.String]
    stripped = raw.with_columns(pl.col(*text).str.strip_chars().replace("", None))
    signed = SIGN in raw.columns
    result = stripped.with_columns(
        _converted(column, signed=signed) for column in present if column.name in text
    )
    money = [column.name for column in present if column.type == "money" and column.name in text]
    rounded = (
        pl.any_horizontal(pl.col(*money).str.contains(_THIRD_DECIMAL)).fill_null(False)
        if money
        else pl.repeat(False, pl.len())
    )
    flags = stripped.select(rounded.alias(ROUNDED))
    return result.with_columns(flags), _problems(stripped, result, present, table)


def _converted(column: Column, *, signed: bool) -> pl.Expr:
    value = pl.col(column.name)
    if column.type == "date":
        valid = pl.when(value.str.contains(_DATE)).then(value.str.slice(0, 10))
        return valid.str.to_date("%Y-%m-%d", strict=False).alias(column.name)
    if column.type in _NUMERIC:
        number = pl.when(value.str.contains(_NUMBER)).then(value)
        amount = number.cast(POLARS_TYPES[column.type], strict=False)
        if signed and column.type in _SIGNED:
            amount = pl.when(pl.col(SIGN) < 0).then(-amount).otherwise(amount)
        return amount.alias(column.name)
    if column.type == "integer":
        whole = pl.when(value.str.contains(_INTEGER)).then(value)
        return whole.cast(pl.Int64, strict=False).alias(column.name)
    if column.type == "boolean":
        yes = pl.when(value.is_in(_TRUE)).then(True)
        return yes.when(value.is_in(_FALSE)).then(False).alias(column.name)
    return value


def _problems(
    raw: pl.DataFrame, result: pl.DataFrame, present: list[Column], table: Table
) -> pl.DataFrame:
    found = [NO_PROBLEMS]
    for column in present:
        lost = raw[column.name].is_not_null() & result[column.name].is_null()
        if column.required:
            lost = lost | result[column.name].is_null()
        if lost.any():
            found.append(problems_at(raw.filter(lost), table, column.name, pl.col(column.name)))
    return pl.concat(found)


def problems_at(
    rows: pl.DataFrame,
    table: Table,
    column: str,
    value: pl.Expr | None = None,
    reason: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return `rows` as problems of one column; without value it is missing."""
    nothing = pl.lit(None, pl.String)
    place = "source_row" if "source_row" in rows.columns else "position"
    return rows.select(
        "source_sha256",
        pl.col(place).alias("source_row"),
        pl.lit(table.name).alias("table"),
        pl.lit(column).alias("column"),
        (nothing if value is None else value.cast(pl.String)).alias("value"),
        (nothing if reason is None else reason).alias("reason"),
    )


_QUOTED = 80
_EXPECTED: dict[ColumnType, str] = {
    "money": "et beløp",
    "quantity": "et tall",
    "price": "en pris",
    "rate": "et tall",
    "date": "en dato (ÅÅÅÅ-MM-DD)",
    "integer": "et heltall",
    "boolean": "true eller false",
}


def rejections_of(
    bad: pl.DataFrame,
    tables: dict[str, Table],
    places: dict[str, str],
    kind: str,
    *,
    is_whole_file: bool = True,
) -> list[Rejection]:
    """Return the problems as rejections, in a stable order.

    `places` says per table in Norwegian where a row stands ('linje {row}').
    """
    order = ("source_sha256", "table", "source_row", "column", "value", "reason")
    ordered = bad.unique(maintain_order=True).sort(order, nulls_last=True)
    return [
        Rejection(
            sha256,
            places[table].format(row=row),
            reason or _reason(tables[table], column, value),
            value or "",
            kind,
            is_whole_file,
        )
        for sha256, row, table, column, value, reason in ordered.iter_rows()
    ]


def _reason(table: Table, column: str, value: str | None) -> str:
    contract = next(item for item in table.columns if item.name == column)
    element = re.split(r"[,;(]|: ", contract.description)[0].strip()
    if value is None:
        return f"mangler {element}"
    return f"{element}: forventet {_EXPECTED[contract.type]}, fant «{shortened(value)}»"


def shortened(text: str) -> str:
    """Return the text as a reason may quote it: 80 characters at most."""
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"


# One document after the other ---------------------------------------------------------------------


@dataclass(frozen=True)
class UblResult:
    """What a number of files became: lake tables, facts per file, rejections, notes per SHA-256."""

    tables: dict[str, pl.DataFrame]
    facts: list[FileFacts] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)


def document_in(root: Any) -> Any:
    """Return the business document: the root, or what a StandardBusinessDocument wraps."""
    if etree.QName(root).localname == "StandardBusinessDocument":
        for child in root:
            if isinstance(child.tag, str) and etree.QName(child).localname != (
                "StandardBusinessDocumentHeader"
            ):
                return child
    return root


_NOT_TAKEN_IN = {
    "TransportationStatus": "en transportstatus: den sier hvor en sending er, men verken hva som "
    "er bestilt, hva som er mottatt, eller hva det koster",
    "TransportationStatusRequest": "en forespørsel om transportstatus, uten varer og beløp",
    "CatalogueRequest": "en forespørsel om en katalog, uten varer og priser",
    "CatalogueDeletion": "en UBL CatalogueDeletion, som EHF og Peppol ikke bruker; be leverandøren "
    "trekke varene tilbake med en Catalogue med ActionCode Delete",
    "CataloguePricingUpdate": "en UBL CataloguePricingUpdate, som EHF og Peppol ikke bruker; be "
    "leverandøren om en Catalogue med ActionCode Update",
    "CatalogueItemSpecificationUpdate": "en UBL CatalogueItemSpecificationUpdate, som EHF og "
    "Peppol ikke bruker; be leverandøren om en Catalogue med ActionCode Update",
    "RequestForQuotation": "en forespørsel om tilbud: ingenting er bestilt",
    "Quotation": "et tilbud: ingenting er bestilt, og prisene er ikke avtalt",
}
_RESPONSES = {
    "catalogue": "et katalogsvar",
    "katalog": "et katalogsvar",
    "biitrns058": "et katalogsvar",
    "invoice_response": "et fakturasvar",
    "biitrns111": "et fakturasvar",
}
_RESPONSE_CODES = {
    "AP": "godtatt",
    "CA": "godtatt på vilkår",
    "RE": "avvist",
    "AB": "mottatt",
    "PD": "betalt",
    "IP": "under behandling",
    "UQ": "til avklaring",
}
_RESPONSE = compile_spec(
    {
        "cbc:CustomizationID": "customization_id",
        "cac:DocumentResponse": {
            "cac:Response": {"cbc:ResponseCode": "code"},
            "cac:DocumentReference": {"cbc:ID": "reference"},
        },
    }
)


def refusal(root: Any, expected: str) -> XmlProblem:
    """Return why a document is not taken in: what it is, if known, else what is expected.

    `expected` is in Norwegian, say «en ordre (UBL Order)».
    """
    name = etree.QName(root).localname
    if root.tag == root_tag("ApplicationResponse"):
        return _response_refusal(root)
    if name in _NOT_TAKEN_IN and root.tag == root_tag(name):
        return XmlProblem(f"linje {root.sourceline}", f"dette er {_NOT_TAKEN_IN[name]}", "")
    return XmlProblem(
        f"linje {root.sourceline}", f"forventet {expected}, fant rotelementet «{name}»", ""
    )


def _response_refusal(root: Any) -> XmlProblem:
    row = blank_row(_RESPONSE)
    walk(root, _RESPONSE, row)
    customization = (row["customization_id"] or "").lower()
    kind = next((text for word, text in _RESPONSES.items() if word in customization), None)
    code = (row["code"] or "").strip()
    answer = _RESPONSE_CODES.get(code, f"besvart med «{shortened(code)}»" if code else "besvart")
    reference = shortened((row["reference"] or "").strip())
    return XmlProblem(
        f"linje {root.sourceline}",
        f"dette er {kind or 'en kvittering'} (ApplicationResponse): det sier bare at dokumentet "
        f"«{reference}» er {answer}, og har verken varer, priser eller "
        "beløp; filen trengs ikke",
        code,
    )


class UblReader(ABC):
    """Reads files of a kind one by one and turns them into tables all at once.

    The walk over the elements is Python, what is done with the values is Polars over all documents,
    so that many small files cost little more than parsing them. Use: `add` (or `add_root`, where
    the caller has parsed the file to see what it is) many times, then `finish` once.
    """

    kind: ClassVar[str]
    roots: ClassVar[dict[str, str]]
    expected: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]]
    spec: ClassVar[dict[str, Any]]
    blank: ClassVar[dict[str, Any]]

    def __init__(self, pseudonym_key: bytes) -> None:
        self._pseudonym_key = pseudonym_key
        self._rows: dict[str, Rows] = self._new_rows()
        self._findings: list[tuple[Any, ...]] = []
        self._refused: list[Rejection] = []
        self._notes: dict[str, list[str]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, data: bytes, sha256: str) -> None:
        """Read one file; what can't be read is remembered as a rejection."""
        try:
            root = document_in(parse_xml(data))
        except XmlProblem as problem:
            self._count += 1
            self._refuse(problem, sha256)
        else:
            self.add_root(root, sha256)

    def add_root(self, root: Any, sha256: str) -> None:
        """Read one parsed document (see `document_in`)."""
        self._count += 1
        kind = self.roots.get(root.tag)
        if kind is None:
            self._refuse(refusal(root, self.expected), sha256)
            return
        row = self.blank.copy()
        walk(root, self.spec, row)
        row["profile"] = profile_of((row["customization_id"] or "").strip())
        self._add_document(row, (sha256, "D" + sha256[:20]), kind)

    def finish(self) -> UblResult:
        """Return typed tables of what keeps its contract, facts per file, and rejections."""
        frames: dict[str, pl.DataFrame] = {}
        problems = [pl.DataFrame(self._findings, schema=NO_PROBLEMS.schema, orient="row")]
        for name, rows in self._rows.items():
            frames[name], bad = typed(rows.frame(), rows.table)
            problems.append(bad)
        frames, more = self._completed(frames)
        bad = pl.concat([*problems, more])
        kept, facts, rejections = self._judged(frames, bad)
        result = {
            table.name: kept[table.name].select(list(table.schema())) for table in self.tables
        }
        refused = [FileFacts.unreadable(rejection.source_sha256) for rejection in self._refused]
        return UblResult(result, facts + refused, self._refused + rejections, self._notes)

    def _refuse(self, problem: XmlProblem, sha256: str) -> None:
        rejection = Rejection(sha256, problem.place, problem.reason, problem.raw, "unknown")
        self._refused.append(rejection)

    @abstractmethod
    def _new_rows(self) -> dict[str, Rows]:
        """Return the empty rows of each table, by its name."""

    @abstractmethod
    def _add_document(self, row: dict[str, Any], key: tuple[str, str], kind: str) -> None:
        """Add what was read of one document to the rows."""

    @abstractmethod
    def _completed(
        self, frames: dict[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
        """Add the derived columns; return also what is wrong between columns."""

    @abstractmethod
    def _judged(
        self, frames: dict[str, pl.DataFrame], bad: pl.DataFrame
    ) -> tuple[dict[str, pl.DataFrame], list[FileFacts], list[Rejection]]:
        """Leave out what is bad; return what is kept, facts per file, and rejections."""


def without_rejected(frames: dict[str, pl.DataFrame], bad: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the frames without any row of a file that has a problem."""
    rejected = bad["source_sha256"].unique().to_list()
    keep = ~pl.col("source_sha256").is_in(rejected)
    return {name: frame.filter(keep) for name, frame in frames.items()}


def with_rounding_flag(
    documents: pl.DataFrame, *others: pl.DataFrame, name: str = "has_rounded_amounts"
) -> pl.DataFrame:
    """Add whether any amount of the document was rounded to the nearest øre."""
    rounded = pl.concat(
        [frame.filter(pl.col(ROUNDED)).select("document_id") for frame in (documents, *others)]
    )["document_id"].unique()
    return documents.with_columns(pl.col("document_id").is_in(rounded.to_list()).alias(name))


def row_counts(documents: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return `source_sha256, rows`: how many rows of `lines` each document has (none: 0)."""
    counts = lines.group_by("document_id").len("rows")
    joined = documents.join(counts, on="document_id", how="left", maintain_order="left")
    return joined.select("source_sha256", pl.col("rows").fill_null(0).cast(pl.Int64))
