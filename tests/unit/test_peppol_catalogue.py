"""What is read out of price lists; expected values are worked out by hand."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.extracts.contracts import peppol
from pipelines.extracts.peppol_catalogue import CatalogueReader
from pipelines.extracts.ubl_reader import UblResult
from tests.ubl import CAC, CBC

BIS3 = "urn:fdc:peppol.eu:poacc:trns:catalogue:3"
PUNCH_OUT = "urn:fdc:peppol.eu:poacc:trns:punch_out:3"


def period(element: str, start: str, end: str) -> str:
    return (
        f"<cac:{element}><cbc:StartDate>{start}</cbc:StartDate><cbc:EndDate>{end}</cbc:EndDate>"
        f"</cac:{element}>"
    )


def price(value: str, before: str = "", inside: str = "", currency: str = "NOK") -> str:
    return (
        f"<cac:RequiredItemLocationQuantity>{before}<cac:Price>"
        f'<cbc:PriceAmount currencyID="{currency}">{value}</cbc:PriceAmount>{inside}</cac:Price>'
        "</cac:RequiredItemLocationQuantity>"
    )


def line(number: str = "1", action: str = "", inside: str = "", item: str = "") -> str:
    code = f"<cbc:ActionCode>{action}</cbc:ActionCode>" if action else ""
    return (
        f"<cac:CatalogueLine><cbc:ID>{number}</cbc:ID>{code}{inside}"
        f"<cac:Item><cbc:Name>Vare {number}</cbc:Name>{item}</cac:Item></cac:CatalogueLine>"
    )


def catalogue(
    *parts: str,
    action: str = "",
    number: str = "K-1",
    customization: str = BIS3,
    root: str = "Catalogue",
) -> bytes:
    code = f"<cbc:ActionCode>{action}</cbc:ActionCode>" if action else ""
    return (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
        f'xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'
        f"<cbc:CustomizationID>{customization}</cbc:CustomizationID><cbc:ID>{number}</cbc:ID>"
        f"{code}<cbc:IssueDate>2024-05-02</cbc:IssueDate>{''.join(parts)}</{root}>"
    ).encode()


def read(*documents: bytes) -> UblResult:
    reader = CatalogueReader(b"test key")
    for data in documents:
        reader.add(data, hashlib.sha256(data).hexdigest())
    return reader.finish()


def rows(data: bytes, table: str) -> list[dict[str, Any]]:
    result = read(data)
    assert result.rejections == []
    return result.tables[table].rows(named=True)


def test_a_line_adds_updates_or_withdraws_an_item() -> None:
    data = catalogue(
        line("1", "Add"), line("2", "Update"), line("3", "Delete"), line("4"), action="Update"
    )
    assert rows(data, "peppol_catalogue")[0]["action"] == "update"
    found = [row["action"] for row in rows(data, "peppol_catalogue_line")]
    assert found == ["add", "update", "delete", "update"]


@pytest.mark.parametrize(
    ("action", "document_action", "line_action"),
    [
        ("", "replace", "add"),
        ("Add", "add", "add"),
        ("Replace", "replace", "add"),
        ("Delete", "delete", "delete"),
    ],
)
def test_a_line_without_a_code_does_what_its_catalogue_does(
    action: str, document_action: str, line_action: str
) -> None:
    data = catalogue(line(), action=action)
    assert rows(data, "peppol_catalogue")[0]["action"] == document_action
    assert rows(data, "peppol_catalogue_line")[0]["action"] == line_action


def test_a_price_is_in_force_by_its_own_dates_else_the_lines_else_the_catalogues() -> None:
    own = price("10", inside=period("ValidityPeriod", "2024-03-01", "2024-03-31"))
    data = catalogue(
        period("ValidityPeriod", "2024-01-01", "2024-12-31"),
        line(
            "1", inside=period("LineValidityPeriod", "2024-02-01", "2024-06-30") + own + price("9")
        ),
        line("2", inside=price("8")),
    )
    found = [
        (row["source_row"], row["position"], row["valid_from"], row["valid_to"])
        for row in rows(data, "peppol_catalogue_price")
    ]
    assert found == [
        (1, 1, date(2024, 3, 1), date(2024, 3, 31)),
        (1, 2, date(2024, 2, 1), date(2024, 6, 30)),
        (2, 1, date(2024, 1, 1), date(2024, 12, 31)),
    ]
    in_force = [row["valid_from"] for row in rows(data, "peppol_catalogue_line")]
    assert in_force == [date(2024, 2, 1), date(2024, 1, 1)]


def test_prices_by_quantity_are_rows_of_their_own() -> None:
    few = price("10.50", '<cbc:MinimumQuantity unitCode="EA">1</cbc:MinimumQuantity>')
    many = price("8.1250", '<cbc:MinimumQuantity unitCode="EA">100</cbc:MinimumQuantity>')
    data = catalogue(line(inside=few + many))
    found = [
        (row["minimum_quantity"], row["price_amount"], row["currency"])
        for row in rows(data, "peppol_catalogue_price")
    ]
    assert found == [
        (Decimal(1), Decimal("10.50"), "NOK"),
        (Decimal(100), Decimal("8.125"), "NOK"),
    ]
    assert rows(data, "peppol_catalogue_line")[0]["price_count"] == 2


def test_a_price_of_zero_is_a_price() -> None:
    found = rows(catalogue(line(inside=price("0"))), "peppol_catalogue_price")
    assert found[0]["price_amount"] == Decimal(0)


def test_what_identifies_and_classifies_an_item_is_read() -> None:
    item = (
        "<cac:SellersItemIdentification><cbc:ID>S-1</cbc:ID></cac:SellersItemIdentification>"
        '<cac:StandardItemIdentification><cbc:ID schemeID="0160">07000</cbc:ID>'
        "</cac:StandardItemIdentification><cac:CommodityClassification>"
        '<cbc:ItemClassificationCode listID="MP" listVersionID="19.0501">44121701'
        "</cbc:ItemClassificationCode></cac:CommodityClassification>"
        "<cac:TransactionConditions><cbc:ActionCode>CT</cbc:ActionCode></cac:TransactionConditions>"
        "<cac:TransactionConditions><cbc:ActionCode>RC</cbc:ActionCode></cac:TransactionConditions>"
    )
    data = catalogue(
        "<cac:ReferencedContract><cbc:ID>A-9</cbc:ID></cac:ReferencedContract>", line(item=item)
    )
    assert rows(data, "peppol_catalogue")[0]["contract_reference"] == "A-9"
    found = rows(data, "peppol_catalogue_line")[0]
    assert (found["sellers_item_id"], found["standard_item_id"]) == ("S-1", "07000")
    assert found["transaction_conditions"] == "CT;RC"
    code = rows(data, "peppol_catalogue_line_classification")[0]
    assert (code["list_id"], code["list_version"], code["code"]) == ("MP", "19.0501", "44121701")


def test_the_provider_is_the_seller_where_no_other_is_named() -> None:
    provider = (
        '<cac:ProviderParty><cbc:EndpointID schemeID="0192">974760673</cbc:EndpointID>'
        "</cac:ProviderParty>"
    )
    assert rows(catalogue(provider, line()), "peppol_catalogue")[0]["seller_orgnr"] == "974760673"


def test_a_punch_out_basket_is_kept_apart_from_price_lists_and_says_so() -> None:
    data = catalogue(line(inside=price("10")), action="false", customization=PUNCH_OUT)
    result = read(data)
    assert result.rejections == []
    head = result.tables["peppol_catalogue"].row(0, named=True)
    assert (head["document_kind"], head["action"]) == ("punch_out", None)
    assert "ikke en prisliste" in result.notes[hashlib.sha256(data).hexdigest()][0]


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (line("2", inside=price("ti")), "linje 2, pris: Price/PriceAmount: forventet en pris"),
        (line("2", inside=price("")), "linje 2, pris: mangler Price/PriceAmount"),
        (
            line("2", inside=price("9", currency="")),
            "linje 2, pris: mangler Price/PriceAmount/@cur",
        ),
        (line("2", "Kanskje"), "linje 2: ActionCode: forventet Add, Update eller Delete"),
        (line("2", "Replace"), "linje 2: ActionCode: forventet Add, Update eller Delete"),
        (line(""), "linje 2: mangler CatalogueLine/ID"),
        (
            line("2", inside=period("LineValidityPeriod", "2024-02-30", "2024-03-01")),
            "linje 2: LineValidityPeriod/StartDate: forventet en dato",
        ),
    ],
)
def test_a_bad_line_is_refused_alone(bad: str, expected: str) -> None:
    result = read(catalogue(line("1", inside=price("10")), bad, line("3", inside=price("11"))))
    rejection = result.rejections[0]
    assert f"{rejection.place}: {rejection.reason}".startswith(expected)
    assert not rejection.is_whole_file
    assert result.tables["peppol_catalogue"].height == 1
    assert result.tables["peppol_catalogue_line"]["line_id"].to_list() == ["1", "3"]
    assert result.tables["peppol_catalogue_price"]["source_row"].to_list() == [1, 3]
    assert result.facts[0][1:8] == (3, 2, 1, None, None, None, None)


def test_a_line_with_two_faults_is_one_row_in_quarantine() -> None:
    result = read(catalogue(line("1", inside=price("x") + price("y")), line("2", "Fjern")))
    assert len(result.rejections) == 3
    assert result.facts[0][1:4] == (2, 0, 2)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (catalogue(line(), line(inside=price("x")), number=""), "dokumentet: mangler cbc:ID"),
        (
            catalogue(line(), line(), action="Kanskje"),
            "dokumentet: cbc:ActionCode: forventet Add, Replace, Update eller Delete",
        ),
    ],
)
def test_a_bad_head_refuses_all_its_lines(data: bytes, expected: str) -> None:
    result = read(data)
    assert all(frame.is_empty() for frame in result.tables.values())
    assert len(result.rejections) == 1
    assert result.rejections[0].is_whole_file
    assert f"{result.rejections[0].place}: {result.rejections[0].reason}".startswith(expected)
    assert result.facts[0][1:4] == (2, 0, 2)


@pytest.mark.parametrize(
    ("customization", "code", "expected"),
    [
        ("urn:fdc:peppol.eu:poacc:trns:catalogue_response:3", "AP", "et katalogsvar"),
        ("urn:x:biitrns058:ver2.0:urn:www.difi.no:ehf:katalogbekreftelse", "RE", "et katalogsvar"),
        ("urn:fdc:peppol.eu:poacc:trns:invoice_response:3", "PD", "et fakturasvar"),
        ("urn:fdc:peppol.eu:poacc:trns:mlr:3", "AB", "en kvittering"),
    ],
)
def test_a_response_is_told_for_what_it_is_and_refused(
    customization: str, code: str, expected: str
) -> None:
    response = (
        "<cac:DocumentResponse><cac:Response>"
        f"<cbc:ResponseCode>{code}</cbc:ResponseCode></cac:Response>"
        "<cac:DocumentReference><cbc:ID>K-7</cbc:ID></cac:DocumentReference></cac:DocumentResponse>"
    )
    data = catalogue(response, customization=customization, root="ApplicationResponse")
    words = {"AP": "godtatt", "RE": "avvist", "PD": "betalt", "AB": "mottatt"}
    reason = read(data).rejections[0].reason
    assert reason.startswith(f"dette er {expected} (ApplicationResponse)")
    assert f"«K-7» er {words[code]}" in reason


def test_tables_have_exactly_their_contracts_even_without_a_document() -> None:
    for result in (read(), read(catalogue(line(inside=price("1"))))):
        assert set(result.tables) == {table.name for table in peppol.CATALOGUE_TABLES}
        for table in peppol.CATALOGUE_TABLES:
            assert result.tables[table.name].schema == table.schema()
