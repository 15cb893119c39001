"""Names joined back to a list of account keys, for those who may see them.

The lake has no names. They are read again from the archived originals, keyed in the same way, and
go into a private copy of the list; the use is logged without them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.explain.originals import Original, originals
from pipelines.extracts.contracts.licences import LICENCE_REGISTERS, M365_USER
from pipelines.extracts.detect import shape_of
from pipelines.extracts.enhetsregisteret_files import Unreadable as UnreadableExport
from pipelines.extracts.m365 import kind_of
from pipelines.extracts.m365_files import csv_frames, is_json
from pipelines.extracts.m365_graph import USER_FIELDS
from pipelines.extracts.m365_json import JsonItems, object_frames, texts_reader
from pipelines.extracts.pseudonyms import pseudonyms
from pipelines.extracts.register_files import RawTable, Unreadable, raw_tables
from pipelines.lake.access_log import log_access
from pipelines.lake.manifests import files, reading, withdrawn_files
from pipelines.lake.pseudonym_key import pseudonym_key
from pipelines.licences.named_list import LOGIN, NAME, NamedList
from pipelines.settings import Settings

_ACCOUNTS = [c for t in LICENCE_REGISTERS for c in t.columns if c.pseudonym == "account"]
_TABLES = (
    M365_USER.name,
    *(t.name for t in LICENCE_REGISTERS if any(c.pseudonym == "account" for c in t.columns)),
)
_EXPORT_FIELDS = {
    LOGIN: USER_FIELDS["userPrincipalName"],
    "id": USER_FIELDS["id"],
    NAME: ("displayname", "name", "visningsnavn", "navn"),
    "given": ("givenname", "firstname", "fornavn"),
    "family": ("surname", "lastname", "etternavn"),
}
_REGISTER_HEADINGS = {
    LOGIN: tuple(dict.fromkeys(h for c in _ACCOUNTS for h in (c.name, *c.aliases))),
    NAME: ("navn", "name", "fullt_navn", "display_name", "displayname", "visningsnavn"),
    "given": ("fornavn", "first_name", "given_name"),
    "family": ("etternavn", "last_name", "surname"),
}
_KEY = "account_key"
_SCHEMA = {_KEY: pl.String, LOGIN: pl.String, NAME: pl.String}


@dataclass(frozen=True)
class Joined:
    """What joining names did: rows with a key, accounts found and not, archived files not read."""

    rows: int
    found: int
    not_found: int
    unread: list[str]


def join_names(settings: Settings, source: Path, target: Path) -> Joined:
    """Write a copy of a list with names and sign-in names; only its owner can read it.

    Its use is logged before anything is written. Raises UsageError for a list without the column
    «Konto», and a target that is there already; SettingsError for a key that is not the lake's.
    """
    key = pseudonym_key(settings)
    content = NamedList.read(source, settings.max_table_cells)
    content.check_target(target)
    wanted = content.keys()
    known, unread = find_names(settings, wanted, key)
    found = known.filter(pl.col(LOGIN).is_not_null() | pl.col(NAME).is_not_null())
    joined = Joined(content.row_count, found.height, len(wanted) - found.height, unread)
    log_access(
        settings,
        command="licences names",
        list=source.name,
        list_sha256=hashlib.sha256(source.read_bytes()).hexdigest(),
        rows=joined.rows,
        accounts=joined.found,
    )
    names = {row[0]: (row[1], row[2]) for row in found.select(_KEY, NAME, LOGIN).iter_rows()}
    content.write(target, names)
    return joined


def find_names(
    settings: Settings, wanted: Iterable[str], key: bytes
) -> tuple[pl.DataFrame, list[str]]:
    """Return account_key, sign-in name and name of the accounts that the archive has.

    The newest file that has one goes first. The list is of files that could not be read.
    """
    keys = pl.Series(_KEY, sorted(set(wanted)), dtype=pl.String)
    order = _files_with(settings, keys)
    frames = [pl.DataFrame(schema={**_SCHEMA, "place": pl.Int64})]
    unread: list[str] = []
    for original in originals(settings, order):
        try:
            accounts = _accounts_in(original, settings.max_table_cells)
        except (Unreadable, UnreadableExport):
            unread.append(original.name)
            continue
        if original.problem is not None:
            unread.append(original.name)
        keyed = accounts.with_columns(pseudonyms(accounts["account"], "account", key).alias(_KEY))
        place = pl.lit(order.index(original.sha256), pl.Int64).alias("place")
        frames.append(keyed.filter(pl.col(_KEY).is_in(keys.implode())).select(*_SCHEMA, place))
    newest = pl.concat(frames).sort("place", LOGIN, NAME, descending=True, nulls_last=True)
    grouped = newest.group_by(_KEY, maintain_order=True)
    return grouped.agg(pl.col(LOGIN, NAME).drop_nulls().first()).sort(_KEY), unread


def _files_with(settings: Settings, keys: pl.Series) -> list[str]:
    """Return the SHA-256 of the files that have these accounts, the oldest first."""
    having: set[str] = set()
    for table in _TABLES:
        paths = list(settings.lake.glob(f"*/{table}.parquet"))
        if paths:
            lazy = pl.scan_parquet(paths).filter(pl.col(_KEY).is_in(keys.implode()))
            having.update(lazy.select("source_sha256").unique().collect().to_series())
    having -= set(withdrawn_files(settings))
    if not having:
        return []
    with reading(settings.lake), duckdb.connect() as connection:
        rows = connection.execute(
            "select f.sha256, min(coalesce(f.effective_date::varchar, batch)) as day "
            f"from {files(settings.lake)} where list_contains($having, f.sha256) "
            "group by f.sha256 order by day, f.sha256",
            {"having": sorted(having)},
        ).fetchall()
    return [row[0] for row in rows]


def _accounts_in(original: Original, max_cells: int) -> pl.DataFrame:
    """Return what a file calls its accounts: account (what the key is of), login and name."""
    with original.open() as stream:
        data = stream.read()
    nothing = pl.DataFrame(schema=dict.fromkeys(_EXPORT_FIELDS, pl.String))
    if original.problem is not None:
        rows = nothing
    elif original.kind == M365_USER.name:
        rows = pl.concat(list(_export_frames(data)), how="diagonal")
    else:
        tables = raw_tables(data, shape_of(data), max_cells)
        frames = [_register_frame(table) for table in tables if isinstance(table, RawTable)]
        rows = pl.concat(frames) if frames else nothing
    lacking = [pl.lit(None, pl.String).alias(n) for n in _EXPORT_FIELDS if n not in rows.columns]
    both = pl.concat_str("given", "family", separator=" ", ignore_nulls=True)
    return rows.with_columns(lacking).select(
        pl.coalesce(LOGIN, "id").alias("account"),
        LOGIN,
        pl.coalesce(NAME, pl.when(both != "").then(both)).alias(NAME),
    )


def _export_frames(data: bytes) -> Iterator[pl.DataFrame]:
    if is_json(data):
        read = texts_reader(_EXPORT_FIELDS)
        return object_frames(iter(JsonItems(data)), read, tuple(_EXPORT_FIELDS))
    return csv_frames(data, lambda names: kind_of(names) is not None, _EXPORT_FIELDS)


def _register_frame(raw: RawTable) -> pl.DataFrame:
    places = {
        field: [raw.headings.index(h) for h in headings if h in raw.headings]
        for field, headings in _REGISTER_HEADINGS.items()
    }
    return pl.DataFrame(
        {field: [_first(row, at) for row in raw.rows] for field, at in places.items()},
        schema=dict.fromkeys(places, pl.String),
    )


def _first(row: Sequence[str | None], places: Sequence[int]) -> str | None:
    return next((row[at] for at in places if at < len(row) and row[at]), None)
