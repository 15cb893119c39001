"""Microsoft 365 exports that others published, against counts by the csv and json modules.

Counts of EXPECTED_other.csv; the samples of cli-microsoft365 stand as code blocks in its pages.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.extracts.m365 import is_m365, read_m365
from pipelines.extracts.m365_files import M365Result
from pipelines.extracts.readers import Reader, ReadOptions
from tests.verdicts import problems_of

KEY = b"en hemmelig nokkel"
TOOL = "Thugney__TenantScope"
LIST = "newtech-sm__product_names_for_licensing/product_name.csv"
CLI = "pnp__cli-microsoft365"
_BLOCK = re.compile(r"^ *``` ?(json|text|txt|csv|md)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_CONCEALED = re.compile(r"[0-9A-F]{32}")


def folder(shared_data: Path) -> Path:
    return shared_data / "m365"


def read(path: Path) -> M365Result:
    data = path.read_bytes()
    assert is_m365(data)
    return read_m365(data, hashlib.sha256(data).hexdigest(), path.name, KEY)


def skus(shared_data: Path) -> M365Result:
    return read(folder(shared_data) / TOOL / "m365-toolkit__data__sample__license-skus.json")


def users(shared_data: Path) -> tuple[M365Result, list[dict[str, Any]]]:
    path = folder(shared_data) / TOOL / "m365-toolkit__data__sample__users.json"
    return read(path), json.loads(path.read_text())


def products(shared_data: Path) -> M365Result:
    return read(folder(shared_data) / LIST)


def test_the_product_list_has_its_known_counts(shared_data: Path) -> None:
    """3276 rows, 413 products, 407 names, 568 plans, 1 duplicate, 2 with a no-break space."""
    result = products(shared_data)
    table = result.tables["m365_product_plan"]
    text = (folder(shared_data) / LIST).read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert (len(rows), len(set(map(tuple, rows)))) == (3276, 3275)
    facts = result.facts
    assert (facts.rows_in, facts.rows_accepted, facts.rows_duplicate) == (3276, 3275, 1)
    columns = ("sku_id", "product_name", "service_plan_id")
    assert [table[name].n_unique() for name in columns] == [413, 407, 568]
    assert result.notes == ["2 rader har harde mellomrom; de er lest som vanlige"]
    found = table.select("product_name", "sku_part_number", "sku_id", "service_plan_id").rows()
    assert set(found) == {(name, code, sku, plan) for name, code, sku, _, plan, _ in rows}


def test_the_tenants_products_and_which_guids_are_others_in_microsofts_list(
    shared_data: Path,
) -> None:
    tables = skus(shared_data).tables
    table = tables["m365_sku"]
    assert table.height == 10
    listed = products(shared_data).tables["m365_product_plan"].select("sku_id", "sku_part_number")
    both = table.join(listed.unique(), on="sku_id", suffix="_listed")
    others = both.filter(pl.col("sku_part_number") != pl.col("sku_part_number_listed"))
    assert others["sku_id"].n_unique() == 5
    assert table["enabled_seats"].sum() == 8935
    assert table["consumed_seats"].sum() == 6775
    assert table["stated_unit_price_nok"].null_count() == 0
    assert tables["m365_sku_plan"].height == 37


def test_the_tenants_users_and_their_oddities(shared_data: Path) -> None:
    """17 users; 1 SKU not in the tenant; 2 disabled and 2 inactive with licence; 8 counts."""
    result, items = users(shared_data)
    accounts, licences = result.tables["m365_user"], result.tables["m365_user_licence"]
    assert accounts.height == len(items) == 17
    assert licences.height == sum(len(item["assignedLicenses"]) for item in items)
    held = skus(shared_data).tables["m365_sku"]["sku_id"]
    assert licences.filter(~pl.col("sku_id").is_in(held.to_list())).height == 1
    licensed = pl.col("licence_count") > 0
    assert accounts.filter(~pl.col("is_enabled") & licensed).height == 2
    assert accounts.filter(pl.col("is_stated_inactive") & licensed).height == 2
    assert result.notes == ["8 kontoer har et annet lisenstall enn listen viser"]
    assert str(result.effective_date) == max(item["lastSignIn"] for item in items)[:10]
    text = "".join(table.write_csv() for table in result.tables.values()).casefold()
    for item in items:
        for name in ("displayName", "userPrincipalName", "mail", "mobilePhone", "employeeId"):
            assert not item[name] or str(item[name]).casefold() not in text


# --- the pages of the command line tool ---------------------------------------------------------


def blocks(shared_data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield page, language and content of each sample of a response."""
    for path in sorted((folder(shared_data) / CLI).iterdir()):
        response = path.read_text().partition("## Response")[2]
        for language, content in _BLOCK.findall(response):
            yield path.name.rpartition("__")[2].removesuffix(".mdx"), language, content


_REPORTS = {
    "docs__docs__cmd__onedrive__report": ("onedrive", "onedrive"),
    "docs__docs__cmd__outlook__report": ("mail", "exchange"),
    "docs__docs__cmd__spo__report": ("sharepoint", "sharepoint"),
    "docs__docs__cmd__teams__report": ("teams", "teams"),
}


@pytest.mark.parametrize("page", _REPORTS)
def test_the_reports_by_user_in_both_forms(shared_data: Path, page: str) -> None:
    (path,) = (folder(shared_data) / CLI).glob(f"{page}__*")
    found = _BLOCK.findall(path.read_text().partition("## Response")[2])
    assert len(found) == 4
    for _, content in found:
        result = read_m365(content.encode(), "f" * 64, page, KEY)
        (row,) = result.tables["m365_usage"].to_dicts()
        assert (row["report"], row["service"]) == _REPORTS[page]
        assert row["is_concealed"] == (_CONCEALED.search(content) is not None)
        assert (row["account_key"] is None) == row["is_concealed"]
        assert row["report_period_days"] == 7
        (stated,) = re.findall(r"MICROSOFT .*?(?=[\",\n])|OFFICE .*?(?=[\",\n])", content)[:1]
        assert row["assigned_products"].split(";") == stated.split("+")


def test_every_sample_of_a_response_has_a_verdict(shared_data: Path) -> None:
    """Only tables drawn for the eye (text and Markdown) are no files that we know."""
    kinds: dict[tuple[str, str], str | None] = {}
    refused = []
    for page, language, content in blocks(shared_data):
        data = content.encode()
        sha256 = hashlib.sha256(data).hexdigest()
        with Reader(ReadOptions(KEY, 10_000)) as reader:
            reader.add(data, sha256, "fil")
            found = reader.finish()
        assert problems_of(found, [sha256]) == {}
        if language in ("json", "csv"):
            kinds[page, language] = found.kinds[sha256]
            refused += [(page, r.reason[:30]) for r in found.rejections]
    for language in ("json", "csv"):
        assert kinds["license-list", language] == "m365_sku"
        assert kinds["user-list", language] == "m365_user"
        # one user's licences without the user, and the log of each sign-in
        assert kinds["user-license-list", language] == "unknown"
        assert kinds["user-signin-list", language] == "unknown"
        assert kinds["report-servicesusercounts", language] == "m365_usage"
    others = {page for page, _ in refused} - {"user-license-list", "user-signin-list"}
    assert others == {"report-activeuserdetail"}
    assert ("report-activeuserdetail", "raden har 26 felt under 24 ove") in refused


def test_the_counts_of_the_page_are_the_tables(shared_data: Path) -> None:
    for page, language, content in blocks(shared_data):
        if page == "report-servicesusercounts" and language == "json":
            (item,) = json.loads(content)
            table = read_m365(content.encode(), "f" * 64, "fil", KEY).tables["m365_usage_count"]
            found = dict(table.select("subject", "active_count").rows())
            assert found["exchange"] == int(item["Exchange Active"])
            assert found["skype"] == int(item["Skype For Business Active"])
            assert found["office_365"] == int(item["Office 365 Active"])
            assert len(found) == 7
