"""JSON of Enhetsregisteret as frames: the bulk array, searches, and units one by one.

A batch of units in which all is of the expected type is turned to columns as it stands; any other
is gone through unit by unit, so that each is told what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import polars as pl

from pipelines.extracts.enhetsregisteret_files import (
    BIRTH_NUMBER,
    FIELDS,
    IS_SUB,
    PROBLEM,
    ROW,
    SCHEMA,
    Field,
    FieldKind,
    Text,
    Unreadable,
)

_JSON_WINDOW = 1 << 22
_MAX_ENTITY = 1_000_000
_MAX_DOCUMENT = 48_000_000  # a search gives at most 10 000 units
_DECODED = 1_000  # units as objects: more of them make Python's collector busy
_FRAMES = 10


class JsonNumber(str):
    """A number of a JSON file as it was written: no size breaks it, and none is rounded."""

    __slots__ = ()


class DoubledKeys(dict[str, Any]):
    """An object in which keys stand twice; json itself would keep the last without a word."""

    twice: frozenset[str] = frozenset()


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = DoubledKeys(found)
    counts = Counter(key for key, _ in pairs)
    doubled.twice = frozenset(key for key, count in counts.items() if count > 1)
    return doubled


class JsonText:
    """A JSON text that is decoded window by window, and read value by value."""

    _decoder = json.JSONDecoder(
        parse_int=JsonNumber,
        parse_float=JsonNumber,
        parse_constant=JsonNumber,
        object_pairs_hook=object_of,
    )
    _space = re.compile(r"[ \t\r\n]*")

    def __init__(self, source: Text) -> None:
        self._source = source
        self._text, self._position = "", 0

    def next_character(self) -> str:
        """Return the next character that is no space, '' at the end."""
        while True:
            match = self._space.match(self._text, self._position)
            self._position = match.end() if match else self._position
            if self._position < len(self._text):
                return self._text[self._position]
            if not self._fill():
                return ""

    def skip(self) -> None:
        """Go past the next character."""
        self._position += 1

    def value(self, place: str, limit: int) -> Any:
        """Return the next value; raises Unreadable where there is none of at most `limit` bytes."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._position)
                if end < len(self._text) or not self._fill():
                    self._position = end
                    return value
            except (json.JSONDecodeError, RecursionError) as error:
                left = len(self._text) - self._position
                if isinstance(error, RecursionError) or left > limit or not self._fill():
                    raise Unreadable(
                        place,
                        "filen er ikke gyldig JSON; den kan være avbrutt eller endret. Last den "
                        "ned på nytt",
                        self._text[self._position :][:200],
                    ) from error

    def _fill(self) -> bool:
        """Read more of the file, as much again as is left undone; False at its end."""
        left = self._text[self._position :]
        more = self._source.read(max(_JSON_WINDOW, len(left)))
        if more:
            self._text, self._position = left + more, 0
        return bool(more)


def json_frames(source: Text, notes: list[str]) -> Iterator[pl.DataFrame]:
    """Yield the units of a JSON text: a bulk array, search results or single units.

    `row` is the unit's number in the file. Adds to `notes` what a search left out. Raises
    Unreadable for what is no JSON, or JSON without units.
    """
    text = JsonText(source)
    is_array = text.next_character() == "["
    units = ((unit, False) for unit in _array(text)) if is_array else _documents(text, notes)
    frames: list[pl.DataFrame] = []
    first = 1
    while batch := list(islice(units, _DECODED)):
        frames.append(_frame(batch, first))
        first += len(batch)
        if len(frames) == _FRAMES:
            yield pl.concat(frames)
            frames = []
    if frames:
        yield pl.concat(frames)


def _documents(text: JsonText, notes: list[str]) -> Iterator[tuple[Any, bool]]:
    """Yield each unit, and whether it stands in a list of sub-units."""
    number = 0
    while text.next_character():
        number += 1
        document = text.value(f"objekt {number}", _MAX_DOCUMENT)
        yield from _units_of(document, f"objekt {number}", notes)


def _array(text: JsonText) -> Iterator[Any]:
    text.skip()
    number = 0
    while (character := text.next_character()) != "]":
        if number and character == ",":
            text.skip()
            text.next_character()
        elif number or not character:
            raise Unreadable(
                f"etter enhet {number}",
                "listen avsluttes ikke; filen er avbrutt. Last den ned på nytt",
            )
        number += 1
        yield text.value(f"enhet {number}", _MAX_ENTITY)
    text.skip()
    if text.next_character():
        raise Unreadable(f"etter enhet {number}", "det står mer etter at listen er avsluttet")


def _units_of(document: Any, place: str, notes: list[str]) -> Iterator[tuple[Any, bool]]:
    if isinstance(document, dict) and "organisasjonsnummer" in document:
        yield document, False
        return
    embedded = document.get("_embedded") if isinstance(document, dict) else None
    lists = embedded if isinstance(embedded, dict) else {}
    known = [name for name in ("enheter", "underenheter") if isinstance(lists.get(name), list)]
    page = document.get("page") if isinstance(document, dict) else None
    if not known and not (embedded is None and isinstance(page, dict)):
        raise Unreadable(
            place,
            "forventet en enhet, et søkeresultat eller en liste av enheter fra Enhetsregisteret",
        )
    for name in known:
        yield from ((unit, name == "underenheter") for unit in lists[name])
    if isinstance(page, dict) and _shown(page.get("totalPages")) not in ("", "0", "1"):
        notes.append(
            f"{place} er én av {_shown(page['totalPages'])} sider i et søk som ga "
            f"{_shown(page.get('totalElements'))} enheter; de andre sidene er ikke med"
        )


def _keys() -> dict[str, dict[str, Field]]:
    """Return which field each key of a JSON object is, by the object's name ('' = the unit)."""
    keys: dict[str, dict[str, Field]] = {}
    for field in FIELDS:
        holder, key = field.path
        keys.setdefault(holder, {}).update(dict.fromkeys((key, *field.aliases), field))
    return keys


_NAMES = tuple(field.name for field in FIELDS)
_KEYS = _keys()
_OWN_KEYS = _KEYS.pop("")


# --- units as columns ---------------------------------------------------------------------------


def _frame(batch: list[tuple[Any, bool]], first: int) -> pl.DataFrame:
    """Return a row for each unit, the first with this number."""
    units = [unit for unit, _ in batch]
    try:
        columns = _columns(units)
    except _Unexpected:
        return _slow_frame(batch, first)
    is_sub = [is_listed or _says_sub_unit(unit) for unit, is_listed in batch]
    return pl.DataFrame(
        {
            ROW: pl.int_range(first, first + len(units), eager=True),
            IS_SUB: pl.Series(is_sub, dtype=pl.Boolean),
            PROBLEM: pl.Series([None], dtype=pl.String).new_from_index(0, len(units)),
            **columns,
        }
    )


class _Unexpected(Exception):
    """Some unit has something that must be looked at by itself."""


_NO_OBJECT: dict[str, Any] = {}


def _columns(units: list[Any]) -> dict[str, pl.Series]:
    """Return the fields as text; raises _Unexpected where a value is of another type."""
    if set(map(type, units)) - {dict}:
        raise _Unexpected
    holders: dict[str, list[dict[str, Any]] | None] = {"": units}
    for name in _KEYS:
        found = [unit.get(name) for unit in units]
        types = set(map(type, found))
        if types - {dict, _NONE}:
            raise _Unexpected
        holders[name] = None if types == {_NONE} else [h or _NO_OBJECT for h in found]
    columns = {}
    for field in FIELDS:
        given = _given(field, holders[field.path[0]])
        columns[field.name] = (
            pl.Series([None], dtype=pl.String).new_from_index(0, len(units))
            if given is None
            else _series(field.kind, given)
        )
    return columns


def _given(field: Field, holders: list[dict[str, Any]] | None) -> list[Any] | None:
    """Return the values of a field under the one name that the units use; None: there are none."""
    if holders is None:
        return None
    names = (field.path[1], *field.aliases)
    columns = [[holder.get(name) for holder in holders] for name in names]
    used = [column for column in columns if set(map(type, column)) != {_NONE}]
    if len(used) > 1:
        raise _Unexpected
    return used[0] if used else None


_NONE = type(None)
_TYPES: dict[FieldKind, set[type]] = {
    "lines": {str, list, _NONE},
    "boolean": {bool, _NONE},
    "integer": {JsonNumber, _NONE},
}


def _series(kind: FieldKind, values: list[Any]) -> pl.Series:
    types = set(map(type, values))
    if types - _TYPES.get(kind, {str, _NONE}):
        raise _Unexpected
    if kind == "boolean":
        return pl.Series(values, dtype=pl.Boolean).cast(pl.String)
    if list in types:
        values = _joined(values)
    try:
        series = pl.Series(values, dtype=pl.String)
    except UnicodeEncodeError as error:
        raise _Unexpected from error
    if series.str.contains("\x00", literal=True).any():
        raise _Unexpected
    return series


def _joined(values: list[Any]) -> list[Any]:
    """Return the lines of addresses as texts of several lines."""
    lists = [value for value in values if type(value) is list]
    if set(map(type, chain.from_iterable(lists))) - {str, _NONE}:
        raise _Unexpected
    return [
        "\n".join(line for line in value if line is not None) if type(value) is list else value
        for value in values
    ]


# --- units one by one ---------------------------------------------------------------------------


def _slow_frame(batch: list[tuple[Any, bool]], first: int) -> pl.DataFrame:
    rows: dict[str, list[Any]] = {name: [] for name in SCHEMA}
    for number, (unit, is_sub) in enumerate(batch, first):
        _add_unit(rows, number, unit, is_sub=is_sub)
    return pl.DataFrame(rows, schema=SCHEMA)


def _add_unit(rows: dict[str, list[Any]], number: int, unit: Any, *, is_sub: bool) -> None:
    problems: list[str] = []
    texts: dict[str, str] = {}
    if isinstance(unit, dict):
        texts = _texts(unit, problems)
        is_sub = is_sub or _says_sub_unit(unit)
    else:
        problems.append(f"forventet et objekt, fant {_shown(unit)}")
    rows[ROW].append(number)
    rows[IS_SUB].append(is_sub)
    rows[PROBLEM].append("; ".join(problems) or None)
    for name in _NAMES:
        rows[name].append(texts.get(name))


def _texts(unit: dict[str, Any], problems: list[str]) -> dict[str, str]:
    """Return the unit's fields as text; values of another type become problems."""
    texts: dict[str, str] = {}
    _take(unit, _OWN_KEYS, texts, problems)
    if isinstance(unit, DoubledKeys):
        problems += [f"{name} står to ganger" for name in _KEYS if name in unit.twice]
    for name, keys in _KEYS.items():
        holder = unit.get(name)
        if isinstance(holder, dict):
            _take(holder, keys, texts, problems)
        elif holder is not None:
            problems.append(f"{name}: forventet et objekt, fant {_shown(holder)}")
    return texts


def _take(
    holder: dict[str, Any], keys: dict[str, Field], texts: dict[str, str], problems: list[str]
) -> None:
    if isinstance(holder, DoubledKeys):
        problems += [f"{f.name} står to ganger" for key, f in keys.items() if key in holder.twice]
    for key, value in holder.items():
        field = keys.get(key)
        if field is None or value is None:
            continue
        text = _converted(field.kind, value)
        if text is None:
            expected = _EXPECTED[field.kind]
            problems.append(f"{field.name}: forventet {expected}, fant {_shown(value)}")
        elif (not text.isascii() and not is_encodable(text)) or "\x00" in text:
            problems.append(f"{field.name} har tegn som ikke kan lagres")
        elif texts.setdefault(field.name, text) != text:
            problems.append(f"{field.name} står to ganger")


_EXPECTED: dict[FieldKind, str] = {
    "text": "en tekst",
    "orgnr": "et organisasjonsnummer som tekst",
    "lines": "en liste av adresselinjer",
    "date": "en dato (åååå-mm-dd) som tekst",
    "boolean": "true eller false",
    "integer": "et helt tall",
}


def _converted(kind: FieldKind, value: Any) -> str | None:
    if kind == "boolean":
        return str(value).lower() if isinstance(value, bool) else None
    if kind == "integer":
        return str(value) if isinstance(value, JsonNumber) else None
    if kind == "lines" and isinstance(value, list):
        lines = [line for line in value if line is not None]
        return "\n".join(lines) if all(type(line) is str for line in lines) else None
    return value if type(value) is str else None


def is_encodable(text: str) -> bool:
    """A lone half of a surrogate pair (\\ud800) is JSON, but no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: Any) -> str:
    """Return a value as a reason may show it: short, and never a birth number."""
    if isinstance(value, list | dict):
        return "en liste" if isinstance(value, list) else "et objekt"
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    text = str(value)[:40].encode("utf-8", "replace").decode()
    if re.search(BIRTH_NUMBER, text):
        return "elleve sifre"
    return text if isinstance(value, JsonNumber) else f"«{text}»"


def _says_sub_unit(unit: dict[str, Any]) -> bool:
    """Return whether the unit's class, address or own link says that it is an underenhet."""
    links = unit.get("_links")
    own = links.get("self") if isinstance(links, dict) else None
    href = own.get("href") if isinstance(own, dict) else None
    kind = unit.get("respons_klasse")
    return (
        (isinstance(kind, str) and "underenhet" in kind.lower())
        or unit.get("beliggenhetsadresse") is not None
        or (isinstance(href, str) and "/underenheter/" in href)
    )
