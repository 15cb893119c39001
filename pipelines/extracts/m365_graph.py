"""Microsoft Graph's products (subscribedSkus) and users with licences, and tools' forms of them.

Users become keys (HMAC) and sign-ins coarse buckets here; names, addresses and telephones are not
read at all. One row per account, product and way that it is assigned: directly, or by each group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl

from pipelines.extracts.contracts.licences import (
    M365_SKU,
    M365_SKU_PLAN,
    M365_USER,
    M365_USER_LICENCE,
)
from pipelines.extracts.m365_files import GUID, PROBLEM, ROW, M365Result
from pipelines.extracts.m365_json import BadObject, flat, shown, text_of, texts_of
from pipelines.extracts.m365_rows import (
    accepted,
    flag,
    marking_repeats,
    typed,
    verdict,
    with_booleans,
    with_days,
    with_guids,
    with_lake_texts,
    with_numbers,
)
from pipelines.extracts.pseudonyms import activity_buckets, pseudonyms

_GUID = re.compile(GUID)
_SKU_IN_TEXT = re.compile(rf"(?i)skuid\W{{1,6}}({GUID})")
_NEW_DAYS = 30
_SEP, _PART = "\x1e", "\x1f"  # between the items of a list, and between an item's parts

# --- products -----------------------------------------------------------------------------------

SKU_FIELDS = {
    "skuId": ("skuid",),
    "sku_part_number": ("skupartnumber", "partnumber", "accountskuid"),
    "sku_name": ("skuname", "productname", "productdisplayname"),
    "capability_status": ("capabilitystatus", "status"),
    "applies_to": ("appliesto",),
    "enabled_seats": ("prepaidunitsenabled", "prepaidenabled", "activeunits", "totalpurchased"),
    "warning_seats": ("prepaidunitswarning", "prepaidwarning", "warningunits"),
    "suspended_seats": ("prepaidunitssuspended", "prepaidsuspended", "suspendedunits"),
    "locked_out_seats": ("prepaidunitslockedout", "prepaidlockedout", "lockedoutunits"),
    "consumed_seats": ("consumedunits", "totalassigned", "consumed"),
    "price": ("monthlycostperlicense", "monthlycostperlicence", "unitprice"),
    "currency": ("currency", "currencycode"),
}
SKU_COLUMNS = (*SKU_FIELDS, "plans")
_SEATS = tuple(name for name in SKU_FIELDS if name.endswith("_seats"))
_PLAN_FIELDS = {
    "service_plan_id": ("serviceplanid",),
    "service_plan_name": ("serviceplanname",),
    "provisioning_status": ("provisioningstatus",),
    "applies_to": ("appliesto",),
}


def sku_of(item: Any) -> list[dict[str, str | None]]:
    """Return a product's fields; its service plans as one text. Raises BadObject."""
    found = flat(item, ("prepaidunits",))
    texts = texts_of(found, SKU_FIELDS)
    plans = []
    for number, plan in enumerate(_list_in(found, "serviceplans"), 1):
        try:
            parts = texts_of(flat(plan), _PLAN_FIELDS)
            _checked_guid(parts["service_plan_id"], "servicePlanId")
        except BadObject as error:
            raise BadObject(f"servicePlans nr. {number}: {error}") from error
        plans.append(_PART.join(_clean(part) for part in parts.values()))
    return [texts | {"plans": _SEP.join(plans) if plans else None}]


def _list_in(found: dict[str, Any], name: str) -> list[Any]:
    if name in found.get("?", ()):
        raise BadObject(f"«{name}» står to ganger")
    value = found.get(name)
    if value is None or isinstance(value, list):
        return value or []
    if isinstance(value, str) and not value.strip():
        return []
    raise BadObject(f"«{name}»: forventet en liste, fant {shown(value)}")


def _checked_guid(text: str | None, name: str) -> str:
    plain = (text or "").strip("{} ").lower()
    if not _GUID.fullmatch(plain):
        raise BadObject(f"«{name}»: forventet en GUID, fant {shown(text or '')}")
    return plain


def _clean(text: str | None) -> str:
    return (text or "").replace(_SEP, " ").replace(_PART, " ").replace(";", ",")


def read_skus(rows: pl.DataFrame, sha256: str, word: str, named: date | None) -> M365Result:
    """Return the products of an export and their service plans.

    `rows` are its rows of text; `named` is the day in its name. Raises Unreadable.
    """
    notes: list[str] = []
    frame = with_guids(rows, ("skuId",), required=True)
    frame = with_numbers(frame, _SEATS)
    texts = ("sku_part_number", "sku_name", "capability_status", "applies_to")
    frame = with_lake_texts(frame, texts, notes)
    frame = _priced(frame, notes)
    frame = marking_repeats(
        frame, ("skuId",), "produktet (skuId) står flere ganger i filen med ulikt innhold"
    )
    good = accepted(frame).rename({"skuId": "sku_id"})
    if good.height and good["enabled_seats"].null_count() == good.height:
        notes.append("eksporten sier ikke hvor mange plasser vi betaler for (prepaidUnits)")
    tables = {
        M365_SKU.name: typed(good, M365_SKU, sha256),
        M365_SKU_PLAN.name: _sku_plans(good, sha256, notes),
    }
    return verdict("m365_sku", sha256, word, frame, tables, notes, named)


def _priced(frame: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Take prices in NOK; one in another currency, or in none, is noted and not taken."""
    text = pl.col("price").str.replace_all(r"\s", "").str.replace(",", ".", literal=True)
    is_price = text.str.contains(r"^[0-9]{1,9}(\.[0-9]+)?$")
    frame = flag(frame, text.str.contains(r"^-"), "«price»: prisen kan ikke være negativ")
    frame = flag(frame, ~is_price, "«price»: forventet et beløp")
    is_nok = pl.col("currency").str.to_uppercase().is_in(["NOK", "KR"]).fill_null(False)
    price = pl.when(is_price & is_nok).then(text).cast(pl.Decimal(18, 2), strict=False)
    frame = frame.with_columns(price.alias("stated_unit_price_nok"))
    others = frame.filter(is_price & ~is_nok & pl.col(PROBLEM).is_null()).height
    if others:
        notes.append(f"{others} produkter har pris i annen valuta enn NOK; den er ikke tatt med")
    return frame


def _sku_plans(good: pl.DataFrame, sha256: str, notes: list[str]) -> pl.DataFrame:
    plans = _exploded(good.select(ROW, "sku_id", "plans"), "plans", tuple(_PLAN_FIELDS))
    plans = plans.with_columns(pl.col("service_plan_id").str.strip_chars("{} ").str.to_lowercase())
    unique = plans.unique(
        ["sku_id", "service_plan_id"], keep="first", maintain_order=True
    ).with_columns(pl.lit(None, pl.String).alias(PROBLEM))
    if unique.height < plans.height:
        again = plans.height - unique.height
        notes.append(f"{again} tjenesteplaner står to ganger i samme produkt og telles én gang")
    texts = ("service_plan_name", "provisioning_status", "applies_to")
    return typed(with_lake_texts(unique, texts, notes), M365_SKU_PLAN, sha256)


def _exploded(frame: pl.DataFrame, column: str, names: tuple[str, ...]) -> pl.DataFrame:
    """Return one row per item of a column made by joining with `_SEP` and `_PART`."""
    items = frame.filter(pl.col(column).is_not_null()).with_columns(pl.col(column).str.split(_SEP))
    parts = pl.col(column).str.splitn(_PART, len(names))
    return items.explode(column).with_columns(
        pl.when(parts.struct.field(f"field_{i}") != "")
        .then(parts.struct.field(f"field_{i}"))
        .alias(name)
        for i, name in enumerate(names)
    )


# --- users --------------------------------------------------------------------------------------

_SIGN_INS = ("lastSignIn", "lastNonInteractiveSignIn", "lastSuccessfulSignIn")
USER_FIELDS = {
    "userPrincipalName": ("userprincipalname", "upn", "brukerhovednavn"),
    "id": ("id", "objectid", "userid"),
    "accountEnabled": ("accountenabled",),
    "blockCredential": ("blockcredential",),
    "userType": ("usertype",),
    "employeeId": ("employeeid", "employeenumber", "ansattnr", "ansattnummer"),
    "department": ("department", "avdeling"),
    "company": ("companyname", "company", "virksomhet"),
    "createdDateTime": ("createddatetime", "whencreated"),
    "lastSignIn": (
        "signinactivitylastsignindatetime",
        "lastsignindatetime",
        "lastsignin",
        "lastsignindate",
    ),
    "lastNonInteractiveSignIn": (
        "signinactivitylastnoninteractivesignindatetime",
        "lastnoninteractivesignindatetime",
        "lastnoninteractivesignin",
    ),
    "lastSuccessfulSignIn": (
        "signinactivitylastsuccessfulsignindatetime",
        "lastsuccessfulsignindatetime",
        "lastsuccessfulsignin",
    ),
    "lastSync": ("onpremiseslastsyncdatetime", "onpremlastsync", "lastdirsynctime"),
    "isInactive": ("isinactive",),
    "licenseCount": ("licensecount", "licencecount"),
}
LICENCES = "licences"
HAS_LICENCES = "has_licences"
USER_COLUMNS = (*USER_FIELDS, LICENCES, HAS_LICENCES)
CSV_USER_FIELDS = {**USER_FIELDS, LICENCES: ("assignedlicenses", "assignedskuids")}
_LICENCE_PARTS = ("sku_id", "assigned_by", "group_id", "state", "disabled_plans")
_LICENCE_LISTS = ("assignedlicenses", "licenseassignmentstates", "assignedskuids")
_ASSIGNED_FIELDS = {
    "skuId": ("skuid",),
    "source": ("assignmentsource",),
    "group": ("assignedviagroupid", "assignedbygroup"),
    "state": ("state",),
}
_Assigned = dict[tuple[str, str, str], tuple[str, str]]


def user_of(item: Any) -> list[dict[str, str | None]]:
    """Return a user's fields; the assigned licences as one text. Raises BadObject."""
    found = flat(item, ("signinactivity",))
    texts = texts_of(found, USER_FIELDS)
    rows: _Assigned = {}
    for name, is_state in (("licenseAssignmentStates", True), ("assignedLicenses", False)):
        _add_assigned(rows, _list_in(found, name.lower()), name, is_state=is_state)
    for number, sku in enumerate(_list_in(found, "assignedskuids"), 1):
        name = f"assignedSkuIds nr. {number}"
        _add_missing(rows, _checked_guid(text_of(sku, name), name), "", "")
    licences = [_PART.join((*key, *rest)) for key, rest in rows.items()]
    has_lists = any(found.get(name) is not None for name in _LICENCE_LISTS)
    return [
        texts | {LICENCES: _SEP.join(licences) or None, HAS_LICENCES: "true" if has_lists else None}
    ]


def _add_assigned(rows: _Assigned, items: list[Any], name: str, *, is_state: bool) -> None:
    """Add the rows of a list of assignments; product and way is the key."""
    for number, item in enumerate(items, 1):
        try:
            found = flat(item)
            texts = texts_of(found, _ASSIGNED_FIELDS)
            sku = _checked_guid(texts["skuId"], "skuId")
            plans = _guids(_list_in(found, "disabledplans"))
        except BadObject as error:
            raise BadObject(f"{name} nr. {number}: {error}") from error
        state, group = _clean(texts["state"]), _clean(texts["group"])
        ways = _ways(texts["source"], group) if texts["source"] or not is_state else ()
        if is_state and not texts["source"]:
            ways = ("group" if group else "direct",)
        for way in ways:
            rows.setdefault((sku, way, group if way == "group" else ""), (state, plans))
        if not ways:
            _add_missing(rows, sku, state, plans)


def _ways(source: str | None, group: str) -> tuple[str, ...]:
    """Return how a tool says that a licence is assigned; empty where it doesn't."""
    plain = (source or "").casefold()
    is_both = "both" in plain
    is_group = is_both or "group" in plain or "inherited" in plain or "gruppe" in plain
    is_direct = is_both or "direct" in plain or "direkte" in plain
    return ("direct",) * is_direct + ("group",) * (is_group or (bool(group) and not is_direct))


def _add_missing(rows: _Assigned, sku: str, state: str, plans: str) -> None:
    """Add a product of which the way is not told, unless it stands there already."""
    if not any(key[0] == sku for key in rows):
        rows[(sku, "unknown", "")] = (state, plans)


def _guids(items: list[Any]) -> str:
    found = {str(item).strip("{} ").lower() for item in items if isinstance(item, str)}
    return ";".join(sorted(guid for guid in found if _GUID.fullmatch(guid)))


def licences_in_csv(rows: pl.DataFrame) -> pl.DataFrame:
    """Turn a cell's GUIDs of products to assigned licences of an unknown way."""
    cells = rows[LICENCES].drop_nulls().unique()
    found = {cell: _licences_in(cell) for cell in cells}
    licences = rows[LICENCES].replace_strict(found, default=None, return_dtype=pl.String)
    has_column = "true" if any(found.values()) else None
    return rows.with_columns(licences.alias(LICENCES), pl.lit(has_column).alias(HAS_LICENCES))


def _licences_in(cell: str) -> str | None:
    skus = _SKU_IN_TEXT.findall(cell)
    skus = skus or ([] if "skuid" in cell.casefold() else _GUID.findall(cell))
    unique = dict.fromkeys(sku.lower() for sku in skus)
    return _SEP.join(_PART.join((sku, "unknown", "", "", "")) for sku in unique) or None


def read_users(
    rows: pl.DataFrame, sha256: str, word: str, named: date | None, key: bytes
) -> M365Result:
    """Return the accounts of an export and their licences.

    `rows` are its rows of text; `named` is the day in its name. Raises Unreadable.
    """
    notes: list[str] = []
    frame = _users_typed(rows, notes)
    latest = frame.filter(pl.col(PROBLEM).is_null()).select(
        pl.max_horizontal(*_SIGN_INS, "lastSync").max()
    )
    effective = named or latest.item()
    frame = _with_keys(frame, key, notes)
    frame = _with_activity(frame, effective, notes)
    frame = marking_repeats(
        frame, ("account_key",), "kontoen står flere ganger i filen med ulikt innhold"
    )
    good = accepted(frame)
    licences = _licence_rows(good)
    counted = licences.filter(pl.col("state").fill_null("").str.to_lowercase() != "error")
    counts = counted.group_by(ROW).agg(pl.col("sku_id").n_unique().alias("licence_count"))
    good = good.join(counts, on=ROW, how="left", maintain_order="left").with_columns(
        pl.when(pl.col(HAS_LICENCES).is_not_null()).then(pl.col("licence_count").fill_null(0))
    )
    notes += _licence_notes(good)
    texts = with_lake_texts(
        licences.with_columns(pl.lit(None, pl.String).alias(PROBLEM)), ("group_id", "state"), notes
    )
    tables = {
        M365_USER.name: typed(good, M365_USER, sha256),
        M365_USER_LICENCE.name: typed(texts, M365_USER_LICENCE, sha256),
    }
    return verdict("m365_user", sha256, word, frame, tables, notes, effective)


def _users_typed(rows: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    frame = with_days(rows, (*_SIGN_INS, "createdDateTime", "lastSync"))
    frame = with_booleans(frame, ("accountEnabled", "blockCredential", "isInactive"))
    frame = with_numbers(frame, ("licenseCount",))
    frame = with_lake_texts(frame, ("department", "company"), notes)
    user_type = pl.col("userType").str.to_lowercase()
    return frame.with_columns(
        pl.coalesce("accountEnabled", ~pl.col("blockCredential")).alias("is_enabled"),
        pl.when(user_type.is_in(["member", "guest"])).then(user_type).alias("user_type"),
        pl.col("isInactive").alias("is_stated_inactive"),
        pl.col("licenseCount").alias("stated_licence_count"),
    )


def _with_keys(frame: pl.DataFrame, key: bytes, notes: list[str]) -> pl.DataFrame:
    """Replace names and numbers by their keys; an account without a name is known by its id."""
    frame = flag(
        frame,
        pl.col("userPrincipalName").is_null() & pl.col("id").is_null(),
        "kontoen har verken userPrincipalName eller id",
    )
    name = pl.coalesce("userPrincipalName", "id")
    by_id = frame.filter(pl.col("userPrincipalName").is_null() & pl.col("id").is_not_null()).height
    if by_id:
        notes.append(
            f"{by_id} kontoer har ikke påloggingsnavn (userPrincipalName); de kan ikke kobles til "
            "bruksrapporter og registre"
        )
    return frame.with_columns(
        pseudonyms(frame.select(name).to_series(), "account", key).alias("account_key"),
        pseudonyms(frame["employeeId"], "person", key).alias("person_key"),
    ).drop("userPrincipalName", "id", "employeeId")


def _with_activity(frame: pl.DataFrame, as_of: date | None, notes: list[str]) -> pl.DataFrame:
    """Replace the days of sign-ins and of creation by a bucket and whether the account is new."""
    frame = frame.with_columns(pl.max_horizontal(*_SIGN_INS).alias("_last"))
    is_known = as_of is not None and frame["_last"].null_count() < frame.height
    if frame.height and not is_known:
        notes.append(
            "eksporten har ingen påloggingsdata (signInActivity) for noen; siste pålogging er "
            "ukjent, ikke aldri"
        )
    activity = activity_buckets(pl.col("_last"), as_of) if as_of and is_known else pl.lit("unknown")
    last_old = None if as_of is None else as_of - timedelta(_NEW_DAYS)
    return frame.with_columns(
        activity.alias("sign_in_activity"),
        (pl.col("createdDateTime") >= pl.lit(last_old, pl.Date)).alias("is_new"),
    ).drop("_last", *_SIGN_INS, "createdDateTime", "lastSync", "userType")


def _licence_rows(good: pl.DataFrame) -> pl.DataFrame:
    rows = _exploded(good.select(ROW, "account_key", LICENCES), LICENCES, _LICENCE_PARTS)
    key = ("account_key", "sku_id", "assigned_by", "group_id")
    return rows.unique(key, keep="first", maintain_order=True)


def _licence_notes(good: pl.DataFrame) -> Iterator[str]:
    if good.height and good[HAS_LICENCES].null_count() == good.height:
        yield "eksporten har ingen lisenser (assignedLicenses); ta den ut med dette feltet"
    stated, found = pl.col("stated_licence_count"), pl.col("licence_count")
    differing = good.filter(stated != found).height
    if differing:
        yield f"{differing} kontoer har et annet lisenstall enn listen viser"
