"""Persons planted in the demo's licences are found in nothing that the pipeline makes.

Every file of the home is searched, as raw bytes and with what is packed in it unpacked: Parquet,
DuckDB, archives. Left out are the folders that keep the received files as they came (landing,
archive, quarantine), the key, and the demo's own answers.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from pipelines.demo.licence_canaries import CANARIES
from pipelines.demo.licence_people import DOMAIN

pytestmark = pytest.mark.slow
_AS_RECEIVED = ("landing", "archive", "quarantine")
_KEY = "pseudonym.key"
_PARTS = (
    *("Gulfjærsen", "Vingestrøm", "Karanteneby", "Ansettelsdal", "Burfuglås", "Sangfuglmo"),
    *("Kanarina", "Sitroniel", "privatpost.example", f"@{DOMAIN}"),
)


@cache
def _values() -> tuple[str, ...]:
    """Return the texts to look for: each planted value holds one of them, and most several."""
    phones = {canary.phone.removeprefix("+47 ") for canary in CANARIES if canary.phone}
    digits = {re.sub(r"\D", "", phone) for phone in phones}
    births = {canary.birth_number for canary in CANARIES}
    found = {*_PARTS, *phones, *digits, *births, "KANARI730"}
    whole = [value for canary in CANARIES for value in canary.values()]
    assert all(any(part.lower() in value.lower() for part in found) for value in whole)
    return tuple(sorted(found))


def _forms(value: str) -> set[bytes]:
    """Return how a text may stand in bytes, small letters where ASCII has them."""
    found = set()
    for text in (value, value.lower(), value.upper()):
        escaped = {text, json.dumps(text)[1:-1], quote(text), escape(text)}
        escaped.add(text.encode("ascii", "xmlcharrefreplace").decode())
        found |= {form.encode("utf-8").lower() for form in escaped}
        found |= {text.encode(code).lower() for code in ("utf-16-le", "utf-16-be", "cp1252")}
        found.add(text.encode("utf-8").hex().encode())
    return found


def _base64(value: str) -> set[bytes]:
    """Return the part of the base64 of a text that does not depend on what is beside it."""
    found = set()
    for text in (value, value.lower(), value.upper()):
        for before in range(3):
            data = b"\0" * before + text.encode("utf-8")
            coded = base64.b64encode(data)
            end = len(data) * 8 // 6
            found.add(coded[-(-before * 8 // 6) : end])
    return {form for form in found if len(form) >= 8}


@cache
def _patterns(
    values: tuple[str, ...],
) -> tuple[tuple[str, tuple[bytes, ...], tuple[bytes, ...]], ...]:
    return tuple((v, tuple(_forms(v)), tuple(_base64(v))) for v in values)


def found_in(data: bytes, values: tuple[str, ...]) -> list[str]:
    """Return which of the values stand in the bytes, in any form that we know."""
    small = data.lower()
    return [
        value
        for value, forms, coded in _patterns(values)
        if any(form in small for form in forms) or any(form in data for form in coded)
    ]


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give a file's bytes, and those of what is packed in it."""
    data = path.read_bytes()
    yield "", data
    yield from _unpacked(data)
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            yield "innholdet", _texts(connection, f"read_parquet('{path}')")
    if path.suffix == ".duckdb":
        yield from _tables(path)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                member = archive.read(name)
                yield name, name.encode() + member
                yield from _unpacked(member)
    if data.startswith(b"\x1f\x8b"):
        yield "gzip", gzip.decompress(data)


def _tables(path: Path) -> Iterator[tuple[str, bytes]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, name in names:
            yield name, _texts(connection, f'"{schema}"."{name}"')


def _texts(connection: duckdb.DuckDBPyConnection, source: str) -> bytes:
    """Return the distinct values of every column as text, one a line."""
    columns = [row[0] for row in connection.execute(f"describe select * from {source}").fetchall()]
    parts = []
    for column in columns:
        name = column.replace('"', '""')
        sql = f'select string_agg(distinct cast("{name}" as varchar), chr(10)) from {source}'
        row = connection.execute(sql).fetchone()
        parts.append((row[0] if row else None) or "")
    return "\n".join((*columns, *parts)).encode("utf-8")


def own_files(home: Path) -> list[Path]:
    """Return the files of a home that the pipeline made, links followed once."""
    return [
        path
        for path in sorted(home.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path.relative_to(home).parts[0] not in _AS_RECEIVED
        and path.name not in (_KEY, "truth.json")
    ]


@pytest.mark.parametrize("value", _values())
def test_the_search_finds_what_it_is_to_find(value: str, tmp_path: Path) -> None:
    """The search itself: each form in which a value could have been left behind."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/sharedStrings.xml", f"<t>{escape(value)}</t>")
    (tmp_path / "a.xlsx").write_bytes(archive.getvalue())
    with duckdb.connect(str(tmp_path / "b.duckdb")) as connection:
        connection.execute("create table t as select 1 as n, ? as name", [f"x {value} y"])
        connection.execute(f"copy t to '{tmp_path / 'c.parquet'}' (compression zstd)")
    for name, data in (
        ("d.log", f"… {value.upper()} …".encode()),
        ("e.db", value.lower().encode("utf-16-le")),
        ("f.json", json.dumps({"a": value}).encode()),
        ("g.html", base64.b64encode(f"12{value}3".encode())),
        ("h.html", base64.b64encode(f"1{value}34".encode())),
        ("i.gz", gzip.compress(value.encode())),
    ):
        (tmp_path / name).write_bytes(data)
    for path in sorted(tmp_path.iterdir()):
        assert any(value in found_in(data, _values()) for _, data in contents(path)), path.name
    assert found_in(b"Bydel Alna, 1 234 kroner, E1", _values()) == []


def test_the_canaries_came_in(demo_home: Path) -> None:
    """They were there to be found: in the files as they were received."""
    users = b"".join(p.read_bytes() for p in (demo_home / "archive").rglob("*") if p.is_file())
    if CANARIES[0].name.encode() not in users:
        names = [n for p in (demo_home / "archive").rglob("*") if p.is_file() for n in contents(p)]
        assert any(CANARIES[0].name.encode() in data for _, data in names)


@pytest.fixture(scope="module")
def found(demo_home: Path) -> list[tuple[str, str, str]]:
    """File, place in it and what was found there, of one search through all our files."""
    key = (demo_home / "config" / _KEY).read_bytes().strip().decode()
    values = (*_values(), key)
    return [
        (str(path.relative_to(demo_home)), place, value)
        for path in own_files(demo_home)
        for place, data in contents(path)
        for value in found_in(data, values)
    ]


def test_no_person_is_in_any_file_that_the_pipeline_made(
    demo_home: Path, found: list[tuple[str, str, str]]
) -> None:
    files = own_files(demo_home)
    folders = {path.relative_to(demo_home).parts[0] for path in files}
    assert {"lake", "build", "published", "config", "dagster"} <= folders
    assert any(path.suffix == ".parquet" for path in files)
    assert [hit for hit in found if hit[2] in _values()] == []


def test_no_person_is_in_what_the_run_printed(demo_home: Path) -> None:
    printed = demo_home.with_suffix(".done").read_bytes()
    assert printed
    assert found_in(printed, _values()) == []


def test_the_key_of_the_pseudonyms_is_nowhere_but_in_its_file(
    demo_home: Path, found: list[tuple[str, str, str]]
) -> None:
    path = demo_home / "config" / _KEY
    assert path.stat().st_mode & 0o077 == 0
    key = path.read_bytes().strip()
    assert [hit[:2] for hit in found if hit[2] == key.decode()] == []
    received = [p for f in _AS_RECEIVED for p in (demo_home / f).rglob("*") if p.is_file()]
    files = [*received, *own_files(demo_home), demo_home / "truth.json"]
    raw = bytes.fromhex(key.decode())
    assert [str(p) for p in files for data in [p.read_bytes()] if raw in data or key in data] == []
