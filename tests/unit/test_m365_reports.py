"""Usage reports of Microsoft 365 and Microsoft's product list; expected values by hand."""

from __future__ import annotations

import json
import random
from datetime import date
from typing import Any

import pytest

from pipelines.extracts.m365 import is_m365, read_m365
from pipelines.extracts.m365_files import M365Result
from pipelines.extracts.pseudonyms import account_key
from tests.samples import ACTIVE_USERS, E3, EXCHANGE, KEY, PRODUCT_LIST, TEAMS

SHA = "f" * 64
CONCEALED = "0439A166C614C2E8C7B4075DC4752054"
TEAMS_HEAD = (
    "Report Refresh Date,User Principal Name,Last Activity Date,Is Deleted,Assigned Products,"
    "Team Chat Message Count,Is Licensed,Report Period\n"
)


def read(content: Any, name: str = "fil") -> M365Result:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert is_m365(data)
    result = read_m365(data, SHA, name, KEY)
    facts = result.facts
    parts = facts.rows_accepted + facts.rows_quarantined + facts.rows_duplicate
    assert facts.rows_in == parts + facts.rows_left_out
    return result


def usage(content: Any, *columns: str) -> list[tuple[Any, ...]]:
    return read(content).tables["m365_usage"].select(columns).rows()


def teams(*rows: str) -> bytes:
    return (TEAMS_HEAD + "\n".join(rows)).encode()


# --- activity -----------------------------------------------------------------------------------


def test_each_service_has_its_activity_counted_to_the_refresh_date() -> None:
    """Teams without a licence and without activity is unknown; Exchange 2023-01-01 is older."""
    result = read(ACTIVE_USERS.lstrip().encode())
    columns = ["account_key", "service", "has_licence", "activity", "assigned_products"]
    kari, ola = (
        account_key("kari.kanari@kommune.no", KEY),
        account_key("ola.kanari@kommune.no", KEY),
    )
    products = "PRODUCT A;EXTRA + MORE;PRODUCT B"
    assert result.tables["m365_usage"].select(columns).rows() == [
        (kari, "exchange", True, "d30", products),
        (kari, "teams", True, "never", products),
        (ola, "exchange", True, "older", "PRODUCT A"),
        (ola, "teams", False, "unknown", "PRODUCT A"),
    ]
    assert result.effective_date == date(2024, 6, 10)
    assert set(result.tables["m365_usage"]["report"]) == {"active_users"}


def test_the_day_in_the_name_is_the_files_and_activity_still_counts_to_the_report() -> None:
    result = read(teams("2024-06-30,a@k.no,2024-06-01,False,,1,Yes,30"), "Teams 2024-12-31.csv")
    assert result.effective_date == date(2024, 12, 31)
    assert result.tables["m365_usage"]["activity"].to_list() == ["d30"]


@pytest.mark.parametrize(
    ("day", "bucket"),
    [
        ("2024-05-31", "d30"),
        ("2024-05-30", "d90"),
        ("2024-04-01", "d90"),
        ("2024-03-31", "d180"),
        ("2024-01-02", "d180"),
        ("2024-01-01", "older"),
        ("2024-07-01", "d30"),
        ("", "never"),
    ],
)
def test_the_buckets_have_their_bounds(day: str, bucket: str) -> None:
    rows = usage(teams(f"2024-06-30,a@k.no,{day},False,,1,Yes,30"), "activity", "has_licence")
    assert rows == [(bucket, True)]


def test_a_norwegian_resave_gives_the_same() -> None:
    ours = "2024-06-30,a@k.no,2024-05-31,False,A+B,1,Yes,30"
    norwegian = TEAMS_HEAD.replace(",", ";") + "30.06.2024;a@k.no;31.05.2024;USANN;A+B;1;Ja;30\r\n"
    one = read(teams(ours)).tables["m365_usage"]
    for data in (
        norwegian.encode("cp1252"),
        ("\ufeff" + norwegian).encode(),
        norwegian.encode("utf-16"),
        ("sep=;\r\n" + norwegian).encode(),
        ('"' + TEAMS_HEAD.strip().replace(",", '","') + '"\n' + ours).encode(),
        (ours + "\n" + TEAMS_HEAD).encode(),
    ):
        other = read(data).tables["m365_usage"]
        assert other.drop("source_row").equals(one.drop("source_row"))


def test_concealed_names_give_no_account_and_say_what_to_do() -> None:
    result = read(teams(f"2024-06-30,{CONCEALED},2024-06-01,False,,1,Yes,30"))
    table = result.tables["m365_usage"]
    assert table.select("account_key", "is_concealed").rows() == [(None, True)]
    assert "administrasjonssenteret" in result.notes[0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2024-06-30,kanari@k.no,,False,,1,Yes", "raden har 7 felt under 8 overskrifter"),
        ("2024-06-30,kanari@k.no,,False,,1,Yes,30,x", "raden har 9 felt under 8 overskrifter"),
        (",kanari@k.no,,False,,1,Yes,30", "«Report Refresh Date» mangler"),
        ("6/30/2024,kanari@k.no,,False,,1,Yes,30", "forventet en dato"),
        ("2024-06-30,,,False,,1,Yes,30", "«User Principal Name» mangler"),
        ("2024-06-30,kanari@k.no,i går,False,,1,Yes,30", "«Last Activity Date»: forventet en dato"),
        ("2024-06-30,kanari@k.no,,tja,,1,Yes,30", "forventet ja eller nei"),
    ],
)
def test_a_bad_row_is_quarantined_alone(row: str, words: str) -> None:
    result = read(teams(row, "2024-06-30,b@k.no,,False,,1,Yes,30,"))
    (rejection,) = result.rejections
    assert words in rejection.reason and rejection.place == "linje 2"
    assert "kanari" not in rejection.reason + rejection.raw
    assert result.tables["m365_usage"]["source_row"].to_list() == [3]


def test_repeats_are_counted_and_deleted_accounts_without_a_name_are_left_out() -> None:
    row = "2024-06-30,a@k.no,2024-06-01,False,,1,Yes,30"
    result = read(teams(row, row, "2024-06-30,,,True,,1,Yes,30", "", "2024-06-29,b@k.no,,,,1,,7"))
    facts = result.facts
    assert (facts.rows_in, facts.rows_accepted) == (4, 2)
    assert (facts.rows_duplicate, facts.rows_left_out) == (1, 1)
    assert any("2 ulike datoer" in note for note in result.notes)


# --- which report it is -------------------------------------------------------------------------

_WHO = "Report Refresh Date,User Principal Name,Last Activity Date,"


@pytest.mark.parametrize(
    ("headings", "report", "service"),
    [
        (_WHO + "Send Count,Receive Count,Read Count", "mail", "exchange"),
        (_WHO + "Viewed Or Edited File Count,Synced File Count", "onedrive", "onedrive"),
        (
            _WHO + "Viewed Or Edited File Count,Synced File Count,Visited Page Count",
            "sharepoint",
            "sharepoint",
        ),
        (_WHO + "Private Chat Message Count,Call Count", "teams", "teams"),
        (_WHO + "Storage Used (Byte),Issue Warning Quota (Byte)", "mailbox", "exchange"),
        (
            "Report Refresh Date,Owner Principal Name,Last Activity Date,Site URL,"
            "Storage Used (Byte)",
            "onedrive_usage",
            "onedrive",
        ),
        (_WHO + "Last Activation Date,Windows,Word,Excel", "m365_apps", "office_apps"),
        (_WHO + "Posted Count,Read Count,Liked Count", "yammer", "yammer"),
        (_WHO + "Copilot Chat Last Activity Date", "copilot", "copilot"),
    ],
)
def test_a_report_is_known_by_its_columns(headings: str, report: str, service: str) -> None:
    rest = ",0" * (headings.count(",") - 2)
    if report == "m365_apps":
        rest = ",,0,0,0"
    data = f"{headings}\n2024-06-30,a@k.no,2024-06-29{rest}\n".encode()
    assert usage(data, "report", "service", "activity") == [(report, service, "d30")]


@pytest.mark.parametrize(
    ("size", "bucket"),
    [
        ("0", "under_2gb"),
        ("2147483647", "under_2gb"),
        ("2147483648", "under_50gb"),
        ("53687091200", "under_1tb"),
        ("1099511627776", "over_1tb"),
        ("", None),
    ],
)
def test_storage_is_coarse(size: str, bucket: str | None) -> None:
    text = _WHO + f"Storage Used (Byte),Issue Warning Quota (Byte)\n2024-06-30,a@k.no,,{size},9\n"
    assert usage(text.encode(), "storage") == [(bucket,)]


@pytest.mark.parametrize(
    ("product", "service"),
    [
        ("MICROSOFT 365 APPS FOR ENTERPRISE", "office_apps"),
        ("Project Online Desktop Client", "project"),
        ("VISIO DESKTOP APP", "visio"),
        ("MICROSOFT EXCEL ADVANCED ANALYTICS", "other_apps"),
    ],
)
def test_an_activation_is_of_a_product(product: str, service: str) -> None:
    head = "Report Refresh Date,User Principal Name,Product Type,Last Activated Date,Windows\n"
    data = f"{head}2024-06-30,a@k.no,{product},2024-06-01,1\n".encode()
    assert usage(data, "report", "service", "activity") == [("activations", service, "d30")]


def test_graphs_own_json_has_the_products_in_a_list() -> None:
    item = {
        "reportRefreshDate": "2024-06-30",
        "userPrincipalName": "a@k.no",
        "isDeleted": False,
        "userActivationCounts": [
            {"productType": "OFFICE 365 PROPLUS", "lastActivatedDate": "2024-01-01"},
            {"productType": "MICROSOFT 365 APPS FOR ENTERPRISE", "lastActivatedDate": "2024-06-29"},
            {"productType": "VISIO", "lastActivatedDate": None},
        ],
    }
    rows = usage({"value": [item]}, "source_row", "service", "activity")
    assert rows == [(1, "office_apps", "d30"), (1, "visio", "never")]
    active = {
        "reportRefreshDate": "2024-06-30",
        "userPrincipalName": "a@k.no",
        "hasTeamsLicense": True,
        "teamsLastActivityDate": None,
        "assignedProducts": ["A + B", "C"],
    }
    assert usage([active], "service", "activity", "assigned_products") == [
        ("teams", "never", "A + B;C")
    ]


def test_reports_of_numbers_have_no_accounts() -> None:
    services = (
        "Report Refresh Date,Exchange Active,Exchange Inactive,Skype For Business Active,"
        "Skype For Business Inactive,Office 365 Active,Office 365 Inactive,Report Period\n"
        "2022-10-23,1,23,0,24,2,22,7\n"
    )
    table = read(services.encode()).tables["m365_usage_count"]
    columns = ["report", "subject", "active_count", "inactive_count", "report_period_days"]
    assert table.select(columns).rows() == [
        ("services_user_counts", "exchange", 1, 23, 7),
        ("services_user_counts", "office_365", 2, 22, 7),
        ("services_user_counts", "skype", 0, 24, 7),
    ]
    activated = "Report Refresh Date,Product Type,Assigned,Activated\n2022-10-25,APPS,24,5\n"
    table = read(activated.encode()).tables["m365_usage_count"]
    assert table.select("subject", "assigned_count", "active_count").rows() == [("APPS", 24, 5)]


# --- Microsoft's list ---------------------------------------------------------------------------


def test_both_shapes_of_the_product_list_give_the_same() -> None:
    plans = f"EXCHANGE_S_ENTERPRISE ({EXCHANGE}){{0}}TEAMS1 ({TEAMS})"
    texts = f"Exchange Online (Plan 2) ({EXCHANGE}){{0}}Microsoft Teams ({TEAMS})"
    heads = "Product name{0}String ID{0}GUID{0}Service plans included{0}" + (
        "Service plans included (friendly names)"
    )
    cells = f"Microsoft 365 E3{{0}}SPE_E3{{0}}{E3}{{0}}"
    forms = [
        f"{heads.format('|')}\n".replace("Product", "| Product", 1)
        + "| --- | --- | --- | --- | --- |\n| "
        + cells.format("|")
        + f"{plans.format('<br/>')} | {texts.format('<br/>')} |\n\nMer tekst\n",
        f"{heads.format(',')}\n{cells.format(',')}"
        + f'"{plans.format(chr(10))}","{texts.format(chr(10))}"\n',
        f"{heads.format(chr(9))}\n{cells.format(chr(9))}"
        + f"{plans.format('<br>')}\t{texts.format(' ')}\n",
    ]
    expected = read(PRODUCT_LIST.lstrip().encode("cp1252")).tables["m365_product_plan"]
    expected = expected.drop("source_row").sort("service_plan_id")
    for form in forms:
        table = read(form.encode()).tables["m365_product_plan"]
        assert table.drop("source_row").sort("service_plan_id").equals(expected)


def test_a_product_without_readable_plans_stays_visible() -> None:
    text = "Product name,String ID,GUID,Service plans included\n"
    result = read((text + f"Gåte,X,{E3},noe annet\nTom,Y,{TEAMS},\n").encode())
    table = result.tables["m365_product_plan"]
    assert table["service_plan_id"].to_list() == [None, None]
    assert any("1 produkter har ingen tjenesteplan" in note for note in result.notes)


def test_bad_and_repeated_rows_of_the_list() -> None:
    good = f"P,X,{E3},A,{TEAMS},a"
    head = "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,"
    rows = [good, good, f"P,X,{E3[:-1]},A,{TEAMS},a", f",X,{E3},A,{TEAMS},a"]
    text = "\n".join([head + "Service_Plans_Included_Friendly_Names", *rows])
    facts = read(text.encode()).facts
    assert (facts.rows_accepted, facts.rows_duplicate, facts.rows_quarantined) == (1, 1, 2)


# --- damaged files ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [ACTIVE_USERS, PRODUCT_LIST], ids=["usage", "products"])
def test_a_damaged_table_gives_a_verdict_and_no_person(text: str) -> None:
    whole = text.lstrip().encode()
    for seed in range(200):
        rng = random.Random(seed)
        data = bytearray(whole[: rng.randrange(1, len(whole))] if seed % 2 else whole)
        for _ in range(rng.randrange(4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if not is_m365(bytes(data)):
            continue
        result = read_m365(bytes(data), SHA, "fil", KEY)
        facts = result.facts
        rows = facts.rows_accepted + facts.rows_quarantined + facts.rows_duplicate
        assert facts.rows_in == rows + facts.rows_left_out, seed
        said = [*result.notes, *(f"{r.reason} {r.raw}" for r in result.rejections)]
        shown = "".join([*said, *(table.write_csv() for table in result.tables.values())])
        assert "anari" not in shown and "kommune.no" not in shown, seed
