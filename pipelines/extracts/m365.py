"""Microsoft 365 exports: which one a file is by its content, and its rows as lake tables.

Read are Graph's products and users, usage reports, and Microsoft's own list of products, in JSON
and as text tables. Accounts and persons become keys while they are read, days of activity coarse
buckets. No files are written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.extracts import m365_graph, m365_layouts, m365_products, m365_reports
from pipelines.extracts.enhetsregisteret_files import Unreadable
from pipelines.extracts.m365_files import (
    Fields,
    M365Result,
    csv_frames,
    is_json,
    names_in,
)
from pipelines.extracts.m365_json import JsonItems, ReadObject, object_frames, texts_reader
from pipelines.extracts.registers import date_in_name
from pipelines.extracts.result import FileFacts, Rejection

KINDS = {
    "m365_sku": "lisensbeholdning fra Microsoft 365",
    "m365_user": "brukere fra Microsoft 365",
    "m365_usage": "bruksrapport fra Microsoft 365",
    "m365_product_plan": "Microsofts produktliste",
}
_SEATS = frozenset(
    {
        "consumedunits",
        "prepaidunits",
        "prepaidenabled",
        "activeunits",
        "totalpurchased",
        "totalassigned",
        "capabilitystatus",
    }
)
_OF_USERS = frozenset({"assignedlicenses", "licenseassignmentstates", "signinactivity"})
_OF_GROUPS = frozenset({"grouptypes", "securityenabled"})  # these have licences to give on
_WITH_USERS = frozenset(
    {
        "accountenabled",
        "assignedskuids",
        "blockcredential",
        "displayname",
        "employeeid",
        "givenname",
        "id",
        "mail",
        "objectid",
        "usertype",
    }
)
_UNREAD = {
    "sign_ins": "filen er loggen over hver enkelt pålogging, som Samkjøp ikke skal ha; ta ut "
    "brukerne med signInActivity i stedet",
    "licence_details": "filen er lisensene til én bruker uten å si hvem; ta ut brukerne med "
    "assignedLicenses, eller abonnementene (subscribedSkus) med antall",
}


def is_m365(data: bytes) -> bool:
    """Return whether the bytes begin as an export of Microsoft 365; looks at the first 64 KiB."""
    return kind_of(names_in(data, _is_known)) is not None


def _is_known(names: frozenset[str]) -> bool:
    return kind_of(names) is not None


def kind_of(names: frozenset[str]) -> str | None:
    """Return the kind of a file with these plain names, None where it is no export we know."""
    is_user = "userprincipalname" in names
    if m365_layouts.REFRESHED in names:
        return "m365_usage"
    if {"appid", "appdisplayname", "createddatetime"} <= names and is_user:
        return "sign_ins"
    has_licences = bool(names & _OF_USERS) and not names & _OF_GROUPS
    if "@users" in names or has_licences or (is_user and names & _WITH_USERS):
        return "m365_user"
    if {"guid", "stringid"} <= names:
        return "m365_product_plan"
    if "@subscribedSkus" in names or ("skuid" in names and names & _SEATS):
        return "m365_sku"
    return "licence_details" if {"skuid", "skupartnumber"} <= names else None


def read_m365(data: bytes, sha256: str, name: str, key: bytes) -> M365Result:
    """Read an export. Never raises for what the file contains.

    `name` is the file's, whose date counts first; `key` makes the pseudonyms. A file that can't be
    read to its end, or has too many bad rows, is rejected whole.
    """
    names = names_in(data, _is_known)
    kind = kind_of(names) or "unknown"
    try:
        if kind not in KINDS:
            reason = _UNREAD.get(kind, "filen er ikke et uttrekk fra Microsoft 365 som leses")
            raise Unreadable("filen", reason)
        return _read(kind, names, data, sha256, date_in_name(name), key)
    except Unreadable as problem:
        kind = kind if kind in KINDS else "unknown"
        rejection = Rejection(sha256, problem.place, problem.reason, "", kind)
        return M365Result(kind, {}, FileFacts.unreadable(sha256), [rejection])


def _read(
    kind: str, names: frozenset[str], data: bytes, sha256: str, named: date | None, key: bytes
) -> M365Result:
    rows, word, has_more = _rows(kind, names, data)
    if kind == "m365_sku":
        result = m365_graph.read_skus(rows, sha256, word, named)
    elif kind == "m365_user":
        result = m365_graph.read_users(rows, sha256, word, named, key)
    elif kind == "m365_usage":
        layout = m365_layouts.layout_of(names)
        result = m365_reports.read_report(rows, layout, sha256, word, named, key)
    else:
        result = m365_products.read_products(rows, sha256, word, named)
    if has_more:
        result.notes.append(
            "filen er ikke den siste siden (@odata.nextLink); legg ved de andre sidene med samme "
            "dato i navnet, ellers mangler resten"
        )
    return result


def _rows(kind: str, names: frozenset[str], data: bytes) -> tuple[pl.DataFrame, str, bool]:
    """Return a file's rows of text, what a row is called, and whether pages are lacking."""
    in_json = is_json(data)
    fields, columns, read = _form(kind, names, in_json=in_json)
    if not in_json:
        frame = _together(csv_frames(data, _is_known, fields))
        if kind == "m365_user":
            frame = m365_graph.licences_in_csv(frame)
        if kind == "m365_sku":
            frame = frame.with_columns(pl.lit(None, pl.String).alias("plans"))
        return frame, "linje", False
    items = JsonItems(data)
    frame = _together(object_frames(iter(items), read, columns))
    return frame, "objekt", items.has_more


def _form(
    kind: str, names: frozenset[str], *, in_json: bool
) -> tuple[Fields, tuple[str, ...], ReadObject]:
    """Return a kind's fields in text tables, its columns in JSON, and how an object is read."""
    if kind == "m365_sku":
        return m365_graph.SKU_FIELDS, m365_graph.SKU_COLUMNS, m365_graph.sku_of
    if kind == "m365_user":
        return m365_graph.CSV_USER_FIELDS, m365_graph.USER_COLUMNS, m365_graph.user_of
    if kind == "m365_usage":
        layout = m365_layouts.layout_of(names)
        return layout.fields, layout.columns, m365_layouts.report_object(layout)
    fields = m365_products.FIELDS
    return fields, m365_products.COLUMNS, texts_reader(fields)


def _together(frames: Iterator[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(list(frames))
