"""Exports of Microsoft 365: products, users and licences; expected values by hand."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines.extracts import pseudonyms
from pipelines.extracts.m365 import is_m365, read_m365
from pipelines.extracts.m365_files import M365Result
from tests.samples import E3, EXCHANGE, KEY, M365_USERS, SKUS, TEAMS

SHA = "f" * 64
OTHER = "c7df2760-2c81-4ef7-b578-5b5392b571df"
SIGN_IN = "lastSignInDateTime"


def read(content: Any, name: str = "fil") -> M365Result:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert is_m365(data)
    result = read_m365(data, SHA, name, KEY)
    facts = result.facts
    parts = facts.rows_accepted + facts.rows_quarantined + facts.rows_duplicate
    assert facts.rows_in == parts + facts.rows_left_out
    return result


def refused(content: Any) -> str:
    result = read(content)
    (rejection,) = result.rejections
    assert rejection.is_whole_file and not result.tables
    return rejection.reason


def user(name: str, **fields: Any) -> dict[str, Any]:
    return {"userPrincipalName": name, "accountEnabled": True, **fields}


def signed_in(day: str | None) -> dict[str, Any]:
    return {"signInActivity": None if day is None else {SIGN_IN: f"{day}T10:00:00Z"}}


def users_of(*items: dict[str, Any], name: str = "fil") -> pl.DataFrame:
    return read(list(items), name).tables["m365_user"]


def key_of(account: str) -> str | None:
    return pseudonyms.account_key(account, KEY)


# --- products -----------------------------------------------------------------------------------


def test_a_product_has_its_seats_and_its_plans() -> None:
    result = read(SKUS)
    (row,) = result.tables["m365_sku"].to_dicts()
    assert row["sku_id"] == E3 and row["sku_part_number"] == "SPE_E3"
    seats = ("enabled_seats", "warning_seats", "suspended_seats", "consumed_seats")
    assert [row[name] for name in seats] == [5, 1, 0, 3]
    plans = result.tables["m365_sku_plan"]
    assert plans["service_plan_id"].to_list() == [EXCHANGE, TEAMS]
    assert result.effective_date is None


def test_a_page_a_list_ndjson_and_utf_16_give_the_same_products() -> None:
    whole = read(SKUS).tables
    text = json.dumps(SKUS[0])
    page = json.dumps({"@odata.context": "x#subscribedSkus", "value": SKUS})
    forms = [
        page.encode(),
        b"\xef\xbb\xbf" + page.encode(),
        page.encode("utf-16"),
        (text + "\n").encode(),
        json.dumps([{"value": SKUS}]).encode(),
        text.replace("skuId", "SkuID").encode(),
    ]
    for form in forms:
        for name, table in read(form).tables.items():
            assert table.equals(whole[name])


@pytest.mark.parametrize(
    ("currency", "price", "expected"),
    [("NOK", 70, "70.00"), ("nok", "70,5", "70.50"), ("USD", 70, None), (None, 70, None)],
)
def test_only_a_price_in_nok_is_taken(currency: str, price: Any, expected: str | None) -> None:
    tool = {"skuId": E3, "totalPurchased": 5, "monthlyCostPerLicense": price, "currency": currency}
    result = read([tool])
    (found,) = result.tables["m365_sku"]["stated_unit_price_nok"].to_list()
    assert found == (None if expected is None else Decimal(expected))
    assert any("annen valuta" in note for note in result.notes) == (expected is None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"skuId": None}, "«skuId» mangler"),
        ({"skuId": "E3"}, "forventet en GUID"),
        ({"consumedUnits": -1}, "kan ikke være negativt"),
        ({"consumedUnits": 1.5}, "forventet et helt tall"),
        ({"consumedUnits": [1]}, "forventet en verdi, fant en liste"),
        ({"prepaidUnits": {"enabled": "mange"}}, "«enabled_seats»: forventet et helt tall"),
        ({"servicePlans": [{"servicePlanId": "x"}]}, "servicePlans nr. 1: «servicePlanId»"),
        ({"skuPartNumber": "x" * 501}, "lengre enn 500 tegn"),
        ({"skuPartNumber": "\ud800"}, "tegn som ikke kan lagres"),
    ],
)
def test_a_bad_product_is_quarantined_alone(change: dict[str, Any], words: str) -> None:
    result = read([{**SKUS[0], **change}, {**SKUS[0], "skuId": OTHER}])
    (rejection,) = result.rejections
    assert words in rejection.reason and rejection.place == "objekt 1"
    assert result.tables["m365_sku"]["sku_id"].to_list() == [OTHER]
    assert set(result.tables["m365_sku_plan"]["sku_id"]) == {OTHER}
    assert (result.facts.rows_in, result.facts.rows_accepted) == (2, 1)


def test_the_same_product_again_is_a_duplicate_and_with_other_content_both_are_refused() -> None:
    assert read([SKUS[0], SKUS[0]]).facts[2:4] == (1, 0)
    assert read([SKUS[0], SKUS[0]]).facts.rows_duplicate == 1
    other = {**SKUS[0], "consumedUnits": 4}
    result = read([SKUS[0], other])
    assert (result.facts.rows_quarantined, result.facts.rows_accepted) == (2, 0)
    assert "ulikt innhold" in result.rejections[0].reason


def test_a_field_that_stands_twice_is_refused() -> None:
    text = json.dumps(SKUS[0]).replace(
        '"consumedUnits": 3', '"consumedUnits": 3, "consumedUnits": 4'
    )
    result = read(f"[{text}]".encode())
    assert "«consumedunits» står to ganger" in result.rejections[0].reason


# --- users --------------------------------------------------------------------------------------


def test_a_licence_direct_and_by_a_group_is_two_rows_and_one_licence() -> None:
    result = read(M365_USERS)
    licences = result.tables["m365_user_licence"].drop("source_sha256", "source_row").rows()
    key = key_of("kari.kanari@kommune.no")
    assert licences == [
        (key, E3, "direct", None, "Active", TEAMS),
        (key, E3, "group", "gruppe-1", "Active", None),
    ]
    accounts = result.tables["m365_user"]
    assert accounts["account_key"].to_list() == [key, key_of(" OLA.KANARI@kommune.no")]
    assert accounts["person_key"].to_list() == [pseudonyms.person_key("4711", KEY), None]
    assert accounts["licence_count"].to_list() == [1, 0]
    assert accounts["user_type"].to_list() == ["member", "guest"]
    assert accounts["is_enabled"].to_list() == [True, False]
    # the latest sign-in is the file's day; the first account was made 21 days before it
    assert result.effective_date == date(2024, 6, 10)
    assert accounts["sign_in_activity"].to_list() == ["d30", "never"]
    assert accounts["is_new"].to_list() == [True, False]


@pytest.mark.parametrize(
    ("day", "bucket"),
    [
        ("2024-06-30", "d30"),
        ("2024-05-31", "d30"),
        ("2024-05-30", "d90"),
        ("2024-04-01", "d90"),
        ("2024-03-31", "d180"),
        ("2024-01-02", "d180"),
        ("2024-01-01", "older"),
        ("2024-07-15", "d30"),
        ("0001-01-01", "never"),
        (None, "never"),
    ],
)
def test_sign_ins_are_counted_to_the_day_in_the_name(day: str | None, bucket: str) -> None:
    others = user("b@k.no", **signed_in("2024-06-01"))
    table = users_of(user("a@k.no", **signed_in(day)), others, name="brukere-2024-06-30.json")
    assert table["sign_in_activity"].to_list() == [bucket, "d30"]


def test_without_sign_ins_for_anyone_they_are_unknown_and_not_never() -> None:
    result = read([user("a@k.no"), user("b@k.no", signInActivity=None)], "b 2024-06-30.json")
    table = result.tables["m365_user"]
    assert table["sign_in_activity"].to_list() == ["unknown", "unknown"]
    assert any("ukjent, ikke aldri" in note for note in result.notes)


def test_the_latest_of_the_three_sign_ins_counts() -> None:
    activity = {
        SIGN_IN: "2024-01-01T00:00:00Z",
        "lastNonInteractiveSignInDateTime": "2024-05-01T00:00:00Z",
        "lastSuccessfulSignInDateTime": None,
    }
    table = users_of(user("a@k.no", signInActivity=activity), name="2024-06-30.json")
    assert table["sign_in_activity"].to_list() == ["d90"]


@pytest.mark.parametrize(
    ("day", "is_new"), [("2024-05-31", True), ("2024-05-30", False), (None, None)]
)
def test_an_account_is_new_for_thirty_days(day: str | None, is_new: bool | None) -> None:
    table = users_of(user("a@k.no", createdDateTime=day), name="2024-06-30.json")
    assert table["is_new"].to_list() == [is_new]


@pytest.mark.parametrize(
    ("licence", "ways"),
    [
        ({"assignmentSource": "Direct"}, [("direct", None)]),
        ({"assignmentSource": "Group", "assignedViaGroupId": "g"}, [("group", "g")]),
        (
            {"assignmentSource": "Direct, Group", "assignedViaGroupId": "g"},
            [("direct", None), ("group", "g")],
        ),
        ({"assignmentSource": "Both"}, [("direct", None), ("group", None)]),
        ({}, [("unknown", None)]),
    ],
)
def test_a_tool_says_how_a_licence_is_assigned(
    licence: dict[str, Any], ways: list[tuple[str, str | None]]
) -> None:
    result = read([user("a@k.no", assignedLicenses=[{"skuId": E3.upper(), **licence}])])
    table = result.tables["m365_user_licence"]
    assert list(zip(table["assigned_by"], table["group_id"], strict=True)) == ways
    assert set(table["sku_id"]) == {E3}


def test_an_assignment_that_failed_is_no_licence() -> None:
    states = [{"skuId": E3, "assignedByGroup": "g", "state": "Error", "disabledPlans": []}]
    result = read([user("a@k.no", assignedLicenses=[], licenseAssignmentStates=states)])
    assert result.tables["m365_user_licence"]["state"].to_list() == ["Error"]
    assert result.tables["m365_user"]["licence_count"].to_list() == [0]


def test_a_stated_number_of_licences_that_differs_is_noted() -> None:
    result = read([user("a@k.no", assignedLicenses=[{"skuId": E3}], licenseCount=3)])
    assert "1 kontoer har et annet lisenstall enn listen viser" in result.notes


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"userPrincipalName": None}, "verken userPrincipalName eller id"),
        ({"accountEnabled": "kanskje"}, "forventet ja eller nei"),
        ({"assignedLicenses": [{"skuId": "E3"}]}, "assignedLicenses nr. 1: «skuId»"),
        ({"assignedLicenses": {"skuId": E3}}, "forventet en liste, fant et objekt"),
        ({"assignedLicenses": [E3]}, "forventet et objekt, fant en tekst på 36 tegn"),
        ({"signInActivity": {SIGN_IN: "i går"}}, "«lastSignIn»: forventet en dato"),
        ({"licenseCount": -2}, "kan ikke være negativt"),
    ],
)
def test_a_bad_account_is_quarantined_alone(fields: dict[str, Any], words: str) -> None:
    result = read([{**user("kanari@k.no"), **fields}, user("b@k.no")])
    (rejection,) = result.rejections
    assert words in rejection.reason
    assert "kanari" not in f"{rejection.reason} {rejection.raw} {rejection.place}"
    assert result.tables["m365_user"]["account_key"].to_list() == [key_of("b@k.no")]


def test_the_same_account_with_other_content_is_refused() -> None:
    result = read([user("a@k.no"), user("A@K.no", department="Skole"), user("b@k.no")])
    assert (result.facts.rows_quarantined, result.facts.rows_accepted) == (2, 1)
    assert read([user("a@k.no"), user("A@K.no")]).facts.rows_duplicate == 1


def test_an_account_without_a_name_is_known_by_its_id() -> None:
    result = read([{"id": "77", "accountEnabled": True}, user("b@k.no", id="78")])
    keys = result.tables["m365_user"]["account_key"].to_list()
    assert keys == [key_of("77"), key_of("b@k.no")]
    assert any("1 kontoer har ikke påloggingsnavn" in note for note in result.notes)


def test_what_looks_like_a_person_is_left_out_of_texts() -> None:
    table = users_of(user("a@k.no", department="kari@k.no", companyName="Etat 01017012345"))
    assert table.select("department", "company").row(0) == (None, None)


def test_a_page_that_is_not_the_last_is_noted() -> None:
    page = {"value": [user("a@k.no")], "@odata.nextLink": "https://graph/next"}
    last = {"value": [user("b@k.no")]}
    assert any("nextLink" in note for note in read(page).notes)
    both = read(json.dumps(page).encode() + b"\n" + json.dumps(last).encode())
    assert both.facts.rows_accepted == 2
    assert not any("nextLink" in note for note in both.notes)


def test_users_in_csv_have_the_licences_whose_guids_stand_there() -> None:
    text = (
        "UserPrincipalName;AccountEnabled;Department;assignedLicenses\n"
        f"a@k.no;SANN;Skole;{E3},{OTHER}\nb@k.no;USANN;;\n"
    )
    result = read(text.encode("cp1252"))
    licences = result.tables["m365_user_licence"]
    assert set(licences["sku_id"]) == {E3, OTHER}
    assert set(licences["assigned_by"]) == {"unknown"}
    assert result.tables["m365_user"]["is_enabled"].to_list() == [True, False]
    assert result.tables["m365_user"]["licence_count"].to_list() == [2, 0]


def test_users_in_csv_without_guids_of_products_have_an_unknown_number_of_licences() -> None:
    text = "UserPrincipalName,Display name,Block credential,Licenses\na@k.no,A,True,Office 365 E3\n"
    result = read(text.encode())
    assert result.tables["m365_user"].select("is_enabled", "licence_count").row(0) == (False, None)
    assert any("ingen lisenser" in note for note in result.notes)


# --- whole files that are not for us ------------------------------------------------------------

SIGN_INS = [
    {"userPrincipalName": "a@k.no", "appId": "x", "appDisplayName": "y", "createdDateTime": "z"}
]
DETAILS = [{"id": "1", "skuId": E3, "skuPartNumber": "SPE_E3", "servicePlans": []}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SIGN_INS, "loggen over hver enkelt pålogging"),
        (DETAILS, "uten å si hvem"),
        (b'[{"userPrincipalName": "a", "id": ' + b"[" * 100_000, "ikke gyldig JSON"),
        (b'[{"userPrincipalName": "a", "id": "1"}', "ikke gyldig JSON"),
        (b'[{"userPrincipalName": "a", "id": "1"} {}]', "ikke gyldig JSON"),
        (b'{"value": [{"userPrincipalName": "a", "id": "1"}], ', "ikke gyldig JSON"),
        (b'{"userPrincipalName": "a", "id": "1"} hei', "ikke gyldig JSON"),
        (b"Report Refresh Date;User Principal Name\n", "ikke en av dem som leses"),
        (
            b"Report Refresh Date,Owner Principal Name,Root Web Template,Page View Count\n",
            "nettsted",
        ),
        (b'userPrincipalName,id\n"a', "anførselstegn"),
        (b"userPrincipalName,id,id\na,b,c\n", "«id» står to ganger"),
        (b"userPrincipalName,id\na,\x00\n", "NUL-tegn"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_with_a_reason(content: Any, words: str) -> None:
    assert words in refused(content)


@pytest.mark.parametrize(
    "number", [b"9" * 1_000_000, b"NaN", b"-Infinity", b"1e999999", "٣".encode()]
)
def test_a_number_that_is_none_is_a_bad_row(number: bytes) -> None:
    quoted = number if number.isascii() else b'"' + number + b'"'
    data = json.dumps(SKUS).encode().replace(b'"consumedUnits": 3', b'"consumedUnits": ' + quoted)
    (rejection,) = read(data).rejections
    assert not rejection.is_whole_file and len(rejection.reason) < 200


def test_more_bad_rows_than_a_file_may_have_refuse_it() -> None:
    assert "mer enn 1000 rader er feil" in refused(
        [user(f"{n}@k.no", id=[1]) for n in range(1_001)]
    )


def test_an_export_without_users_says_so() -> None:
    empty = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users", "value": []}
    result = read(empty)
    assert (result.kind, result.facts.rows_in) == ("m365_user", 0)
    assert "filen har ingen rader" in result.notes


@pytest.mark.parametrize(
    "data",
    [
        b'{"hei": [1, 2]}',
        b"sku;konto;gyldig_fra\nE3;a@k.no;2024-01-01\n",
        b'[{"name": "x"}]',
        b'[{"id": "1", "displayName": "g", "securityEnabled": true, "assignedLicenses": []}]',
        b"",
        b"ansattnr;enhet\n1;2\n",
    ],
)
def test_other_files_are_none_of_these(data: bytes) -> None:
    assert not is_m365(data)


# --- damaged files ------------------------------------------------------------------------------

CANARIES = ("Kanari", "kanari", "kommune.no", "01017012345")


def _truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _swap(data: bytes, rng: random.Random) -> bytes:
    items = json.loads(data)
    one, other = rng.choice(items), rng.choice(items)
    # a name in the place of a department can't be told from one
    names = [name for name in one if name != "displayName"]
    first, second = rng.choice(names), rng.choice(names)
    one[first], other[second] = other.get(second), one.get(first)
    return json.dumps(items).encode()


@pytest.mark.parametrize("change", [_truncate, _flip, _swap])
def test_a_damaged_file_gives_a_verdict_and_no_person(
    change: Callable[[bytes, random.Random], bytes],
) -> None:
    users = [{**item, "employeeId": "01017012345", "mail": "x@kommune.no"} for item in M365_USERS]
    data = json.dumps(users).encode()
    for seed in range(120):
        damaged = change(data, random.Random(seed))
        if not is_m365(damaged):
            continue
        result = read_m365(damaged, SHA, "fil", KEY)
        facts = result.facts
        rows = facts.rows_accepted + facts.rows_quarantined + facts.rows_duplicate
        assert facts.rows_in == rows + facts.rows_left_out, seed
        said = [*result.notes, *(f"{r.place} {r.reason} {r.raw}" for r in result.rejections)]
        text = "".join([*said, *(table.write_csv() for table in result.tables.values())])
        assert not [word for word in CANARIES if word in text], seed
