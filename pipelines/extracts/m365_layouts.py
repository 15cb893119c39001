"""Which Microsoft 365 usage report a file is, by the names of its columns, and which of them count.

The same names stand in CSV («Last Activity Date») and in Graph's JSON («lastActivityDate»).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pipelines.extracts.enhetsregisteret_files import Unreadable
from pipelines.extracts.m365_json import BadObject, ReadObject, flat, text_of, texts_of

REFRESHED = "reportrefreshdate"
_SERVICE_NAMES = {
    "skypeforbusiness": "skype",
    "onedriveforbusiness": "onedrive",
    "microsoftteams": "teams",
    "yammerenterprise": "yammer",
    "vivaengage": "yammer",
    "office365": "office_365",
}
_HAS = re.compile(r"has(.+)licen[sc]e")
_LAST = re.compile(r"(.+)lastactivitydate")
_COUNT = re.compile(r"(.+?)(in)?active")


class Report(NamedTuple):
    """A report by account: its code, its service, and the names that only it has, all of a set."""

    code: str
    service: str
    names: tuple[frozenset[str], ...]


def _any_of(*names: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(name.split("+")) for name in names)


REPORTS = (
    Report(
        "copilot",
        "copilot",
        _any_of("copilotchatlastactivitydate", "microsoftteamscopilotlastactivitydate"),
    ),
    Report(
        "mailbox",
        "exchange",
        _any_of(
            "storageusedbyte+issuewarningquotabyte", "storageusedinbytes+issuewarningquotainbytes"
        ),
    ),
    Report(
        "onedrive_usage",
        "onedrive",
        _any_of("ownerprincipalname+storageusedbyte", "ownerprincipalname+storageusedinbytes"),
    ),
    Report("m365_apps", "office_apps", _any_of("lastactivationdate", "windows+word+excel")),
    Report(
        "teams",
        "teams",
        _any_of("teamchatmessagecount", "privatechatmessagecount", "usedchromeos"),
    ),
    Report("mail", "exchange", _any_of("sendcount+receivecount", "outlookformobile", "mailformac")),
    Report("sharepoint", "sharepoint", _any_of("visitedpagecount")),
    Report("onedrive", "onedrive", _any_of("vieweroreditedfilecount", "viewedoreditedfilecount")),
    Report("yammer", "yammer", _any_of("postedcount+likedcount", "usedipad")),
    Report("skype", "skype", _any_of("totalpeertopeersessioncount")),
)
_PER_SITE = frozenset({"rootwebtemplate", "pageviewcount"})
_FIELDS = {
    "Report Refresh Date": (REFRESHED,),
    "User Principal Name": ("userprincipalname", "ownerprincipalname"),
    "Is Deleted": ("isdeleted",),
    "Report Period": ("reportperiod",),
    "Assigned Products": ("assignedproducts",),
    "Is Licensed": ("islicensed", "haslicense"),
    "Last Activity Date": ("lastactivitydate",),
    "Last Activation Date": ("lastactivationdate",),
    "Storage Used": ("storageusedbyte", "storageusedinbytes"),
    "Product Type": ("producttype",),
    "Last Activated Date": ("lastactivateddate",),
    "Assigned": ("assigned",),
    "Activated": ("activated",),
}


class Layout(NamedTuple):
    """Which report a file is, and its columns: the text fields and those by service."""

    code: str
    service: str
    fields: dict[str, tuple[str, ...]]
    services: dict[str, tuple[str, str | None]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The text columns that a row has."""
        return tuple(self.fields)


def layout_of(names: frozenset[str]) -> Layout:
    """Return the layout of a report with these names. Raises Unreadable for one we don't read."""
    by_service = _services_in(names)
    if by_service:
        return _service_layout(by_service)
    counts = {
        match.group(0): (match.group(1), bool(match.group(2)))
        for match in map(_COUNT.fullmatch, sorted(names))
        if match
    }
    if {"userprincipalname", "ownerprincipalname"}.isdisjoint(names):
        return _count_layout(names, counts)
    if "lastactivateddate" in names or "useractivationcounts" in names:
        return Layout("activations", "", dict(_FIELDS), {})
    if names >= _PER_SITE or ("siteurl" in names and "visitedpagecount" in names):
        raise _unread("rapporten er per nettsted, ikke per konto")
    for report in REPORTS:
        if any(wanted <= names for wanted in report.names):
            return Layout(report.code, report.service, dict(_FIELDS), {})
    raise _unread("rapporten er ikke en av dem som leses")


def _unread(reason: str) -> Unreadable:
    return Unreadable(
        "overskriften",
        f"{reason}. Ta ut detaljrapporten per bruker for aktive brukere, aktiveringer, e-post, "
        "postbokser, OneDrive, SharePoint, Teams eller Microsoft 365-apper",
    )


def _services_in(names: frozenset[str]) -> dict[str, tuple[str, str | None]]:
    """Return service → its plain names of last activity and of licence, in a report with both."""
    licensed = {m.group(1): m.group(0) for m in map(_HAS.fullmatch, names) if m}
    active = {m.group(1): m.group(0) for m in map(_LAST.fullmatch, names) if m}
    if not licensed.keys() & active.keys():
        return {}
    return {
        _SERVICE_NAMES.get(name, name): (active[name], licensed.get(name))
        for name in sorted(active)
        if name in licensed
    }


def _service_layout(by_service: dict[str, tuple[str, str | None]]) -> Layout:
    fields = dict(_FIELDS)
    services: dict[str, tuple[str, str | None]] = {}
    for service, (active, licensed) in by_service.items():
        services[service] = (f"{service} Last Activity Date", f"Has {service} License")
        fields[services[service][0]] = (active,)
        fields[f"Has {service} License"] = (licensed,) if licensed else ()
    return Layout("active_users", "", fields, services)


def _count_layout(names: frozenset[str], counts: dict[str, tuple[str, bool]]) -> Layout:
    """Return the layout of a report of numbers; a report by day has no inactive."""
    if {"producttype", "assigned", "activated"} <= names:
        return Layout("activations_user_counts", "", dict(_FIELDS), {})
    subjects = [name for name, is_inactive in counts.values() if is_inactive]
    fields, services = dict(_FIELDS), {}
    for subject in subjects:
        if f"{subject}active" in names:
            service = _SERVICE_NAMES.get(subject, subject)
            services[service] = (f"{service} Active", f"{service} Inactive")
            fields[f"{service} Active"] = (f"{subject}active",)
            fields[f"{service} Inactive"] = (f"{subject}inactive",)
    if not services:
        raise _unread("rapporten er ikke en av dem som leses")
    return Layout("services_user_counts", "", fields, dict(services))


def report_object(layout: Layout) -> ReadObject:
    """Return the reader of a report's JSON objects; one with a list inside has several rows."""

    def read(item: Any) -> list[dict[str, str | None]]:
        found = flat(item)
        products = found.get("assignedproducts")
        if isinstance(products, list):
            texts = [text_of(product, "assignedProducts") or "" for product in products]
            found["assignedproducts"] = "+".join(texts)
        inner = found.get("useractivationcounts") or found.get("details") or []
        if not isinstance(inner, list):
            raise BadObject("«userActivationCounts»: forventet en liste")
        if not inner:
            return [texts_of(found, layout.fields)]
        return [texts_of({**found, **flat(part)}, layout.fields) for part in inner]

    return read
