"""The shared way through UBL: what to read as a specification, one walk, the parts all share.

Nothing here knows a particular document; which elements are read stands in each extractor
(`ehf_invoice`, `peppol_order`, `peppol_despatch`, `peppol_catalogue`). What becomes of the text
stands in `ubl_tables`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from pipelines.extracts.identifiers import norwegian_orgnr
from pipelines.extracts.xml import XmlProblem

_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"


def root_tag(name: str) -> str:
    """Return the qualified name of a UBL 2 document's root element, say 'Order'."""
    return f"{{urn:oasis:names:specification:ubl:schema:xsd:{name}-2}}{name}"


class Leaf(NamedTuple):
    """An element whose text, and some of whose attributes, are columns."""

    column: str
    attributes: tuple[tuple[str, str], ...]


class Group(NamedTuple):
    """An element that may stand several times; each becomes a row of its own.

    `own` are columns that are not read but set later.
    """

    name: str
    spec: dict[str, Any]
    own: tuple[str, ...] = ()


def leaf(column: str, **attributes: str) -> Leaf:
    """Return a leaf: `leaf('quantity', unitCode='unit_code')` reads text and @unitCode."""
    return Leaf(column, tuple(attributes.items()))


# What the walk does with an element. Plain numbers beside plain tuples: the walk takes more time
# than all the rest of reading, and names cost it a tenth.
_TEXT, _LEAF, _ONLY, _BELOW, _GROUP = range(5)
Compiled = dict[str, tuple[int, Any]]


def compile_spec(spec: dict[str, Any]) -> Compiled:
    """Turn a specification into what `walk` goes by.

    Its keys are names like 'cbc:ID'; a value is a column's name, a Leaf, a Group, or the
    specification of the element's children.
    """
    compiled: Compiled = {}
    for key, value in spec.items():
        prefix, name = key.split(":")
        compiled[(_CBC if prefix == "cbc" else _CAC) + name] = _compiled(value)
    return compiled


def _compiled(value: Any) -> tuple[int, Any]:
    if isinstance(value, str):
        return _TEXT, value
    if isinstance(value, Leaf):
        return _LEAF, tuple(value)
    if isinstance(value, Group):
        below = compile_spec(value.spec)
        return _GROUP, (value.name, below, blank_row(below) | dict.fromkeys(value.own))
    below = compile_spec(value)
    (tag, (kind, column)), *more = below.items()
    if not more and kind == _TEXT:  # as a rule the first child, so no walk is needed
        return _ONLY, (tag, column, below)
    return _BELOW, below


def blank_row(spec: Compiled) -> dict[str, Any]:
    """Return a compiled specification's row before anything is read: None, () for groups."""
    blank: dict[str, Any] = {}
    for kind, node in spec.values():
        if kind == _TEXT:
            blank[node] = None
        elif kind == _LEAF:
            column, attributes = node
            blank |= dict.fromkeys((column, *(name for _, name in attributes)))
        elif kind == _ONLY:
            blank[node[1]] = None
        elif kind == _BELOW:
            blank |= blank_row(node)
        else:
            blank[node[0]] = ()
    return blank


def walk(element: Any, spec: Compiled, row: dict[str, Any]) -> None:
    """Collect what `spec` names below `element` into `row`; of a repeated leaf the first counts.

    Children are taken as lists: lxml's iterators cost a tenth of the walk.
    """
    for child in element[:]:
        tag = child.tag
        if tag not in spec:
            continue
        kind, node = spec[tag]
        if kind == _TEXT:
            if row[node] is None:
                row[node] = child.text
        elif kind == _LEAF:
            column, attributes = node
            if row[column] is None:
                row[column] = child.text if column else ""
                for attribute, name in attributes:
                    row[name] = child.get(attribute)
        elif kind == _ONLY:
            tag, column, below = node
            for first in child[:1]:
                if first.tag != tag:
                    walk(child, below, row)
                elif row[column] is None:
                    row[column] = first.text
        elif kind == _BELOW:
            walk(child, node, row)
        else:
            name, below, blank = node
            occurrence = blank.copy()
            walk(child, below, occurrence)
            if row[name]:
                row[name].append(occurrence)
            else:
                row[name] = [occurrence]


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


@lru_cache(maxsize=1000)
def profile_of(customization: str) -> str:
    """Return 'ehf2' for the CEN BII generation, else 'peppol_bis3' (EHF 3 extends it)."""
    is_ehf2 = "difi.no:ehf" in customization or "cenbii.eu" in customization
    return "ehf2" if is_ehf2 else "peppol_bis3"


def is_true(text: str | None) -> bool:
    """Return whether the text of an indicator is true (xs:boolean: true or 1)."""
    return text is not None and text.strip() in ("true", "1")


_QUOTED = 80


def shortened(text: str) -> str:
    """Return the text as a reason may quote it: 80 characters at most."""
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"


# Which document it is ---------------------------------------------------------------------------


def document_in(root: Any) -> Any:
    """Return the business document: the root, or what a StandardBusinessDocument wraps."""
    if root.tag.rpartition("}")[2] == "StandardBusinessDocument":
        for child in root:
            if child.tag.rpartition("}")[2] != "StandardBusinessDocumentHeader":
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
