"""Microsoft 365 exports in JSON: lists, pages, NDJSON and single objects, as rows of text.

Objects are decoded one by one and only the fields that are asked for are kept. No reason quotes a
value: it may be a person's.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from pipelines.extracts.enhetsregisteret_files import Text, Unreadable
from pipelines.extracts.enhetsregisteret_json import (
    DoubledKeys,
    JsonNumber,
    JsonText,
    is_encodable,
    object_of,
)
from pipelines.extracts.m365_files import BATCH, Fields, plain, text_frame

_MAX_ITEM = 48_000_000  # a page of users may be an item of a list of pages
_MAX_OTHER = 1_000_000
_LISTS = frozenset({"value", "users", "subscribedskus", "skus", "items", "data"})
ReadObject = Callable[[Any], list[dict[str, str | None]]]
_BROKEN = "filen er ikke gyldig JSON; den kan være avbrutt eller endret. Ta den ut på nytt"


class JsonItems:
    """The objects of a JSON file, one by one: a list, pages with a list each, or single objects.

    After the last, `has_more` says that the last page pointed to one that is not in the file.
    """

    def __init__(self, data: bytes) -> None:
        self._text = JsonText(Text(io.BytesIO(data)))
        self._count = 0
        self.has_more = False

    def __iter__(self) -> Iterator[Any]:
        while character := self._text.next_character():
            if character == "[":
                yield from self._list()
            elif character == "{":
                yield from self._document()
            else:
                raise self._broken()

    def _broken(self) -> Unreadable:
        return Unreadable(f"etter objekt {self._count}", _BROKEN)

    def _value(self, limit: int) -> Any:
        try:
            return self._text.value(f"etter objekt {self._count}", limit)
        except Unreadable as problem:  # its excerpt may be of a person
            raise Unreadable(problem.place, _BROKEN) from None

    def _list(self) -> Iterator[Any]:
        self._text.skip()
        is_first = True
        while (character := self._text.next_character()) != "]":
            if not is_first:
                if character != ",":
                    raise self._broken()
                self._text.skip()
                self._text.next_character()
            is_first = False
            item = self._value(_MAX_ITEM)
            page = item.get("value") if isinstance(item, dict) else None
            items = page if isinstance(page, list) else [item]
            if items is page:
                self.has_more = _has_next(item)
            self._count += len(items)
            yield from items
        self._text.skip()

    def _document(self) -> Iterator[Any]:
        """Yield the objects of a page's list, or the document itself where it has no list."""
        self._text.skip()
        own: list[tuple[str, Any]] = []
        is_page = False
        while (character := self._text.next_character()) != "}":
            if own or is_page:
                if character != ",":
                    raise self._broken()
                self._text.skip()
            if self._text.next_character() != '"':
                raise self._broken()
            name = self._value(_MAX_OTHER)
            if self._text.next_character() != ":":
                raise self._broken()
            self._text.skip()
            if self._text.next_character() == "[" and plain(name) in _LISTS:
                is_page = True
                yield from self._list()
            else:
                own.append((name, self._value(_MAX_OTHER)))
        self._text.skip()
        if is_page:
            self.has_more = _has_next(dict(own))
        else:
            self._count += 1
            yield object_of(own)


def _has_next(page: dict[str, Any]) -> bool:
    return any(plain(name) == "odatanextlink" and link for name, link in page.items())


class BadObject(Exception):
    """An object that can't be taken in; the text is a Norwegian reason without any value."""


def flat(item: Any, nested: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return an object under plain names, the fields of `nested` objects beside its own.

    Raises BadObject where it is no object, or a field stands twice with different values.
    """
    if not isinstance(item, dict):
        raise BadObject(f"forventet et objekt, fant {shown(item)}")
    found: dict[str, Any] = {}
    for name, value in item.items():
        key = plain(name)
        if key in nested and isinstance(value, dict):
            for inner, part in flat(value).items():
                _put(found, key + inner, part)
        else:
            _put(found, key, value)
    if isinstance(item, DoubledKeys):
        found["?"] = frozenset(map(plain, item.twice))
    return found


def _put(found: dict[str, Any], name: str, value: Any) -> None:
    if found.get(name) is None:
        found[name] = value
    elif value is not None and found[name] != value:
        found.setdefault("?", frozenset())
        found["?"] |= {name}


def texts_of(found: dict[str, Any], fields: Fields) -> dict[str, str | None]:
    """Return the fields of a flat object as text; raises BadObject for lists and objects."""
    twice = found.get("?", frozenset())
    texts: dict[str, str | None] = {}
    for column, aliases in fields.items():
        texts[column] = None
        for alias in aliases:
            if alias in twice:
                raise BadObject(f"«{alias}» står to ganger")
            if texts[column] is None and alias in found:
                texts[column] = text_of(found[alias], alias)
    return texts


def text_of(value: Any, name: str) -> str | None:
    """Return a scalar as text, null where it is empty; raises BadObject for anything else."""
    if isinstance(value, str):
        text = str(value).strip()
        if not text.isascii() and not is_encodable(text):
            raise BadObject(f"«{name}» har tegn som ikke kan lagres")
        if "\x00" in text:
            raise BadObject(f"«{name}» har NUL-tegn")
        return text or None
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    raise BadObject(f"«{name}»: forventet en verdi, fant {shown(value)}")


def shown(value: Any) -> str:
    """Return what a value is, in words: never the value itself."""
    if isinstance(value, list | dict):
        return "en liste" if isinstance(value, list) else "et objekt"
    if isinstance(value, JsonNumber):
        return "et tall"
    return f"en tekst på {len(value)} tegn" if isinstance(value, str) else "ingen eller ja/nei"


def object_frames(
    items: Iterator[Any],
    read: ReadObject,
    columns: tuple[str, ...],
) -> Iterator[pl.DataFrame]:
    """Yield the objects as text: row (the object's number), problem and the columns.

    `read` gives an object's rows; an object that it refuses is one row with a problem.
    """
    rows: list[int] = []
    problems: list[str | None] = []
    texts: dict[str, list[str | None]] = {column: [] for column in columns}
    for number, item in enumerate(items, 1):
        problem = None
        try:
            found = read(item)
        except BadObject as error:
            problem, found = str(error), [{}]
        for one in found:
            rows.append(number)
            problems.append(problem)
            for column, values in texts.items():
                values.append(one.get(column))
        if len(rows) >= BATCH:
            yield text_frame(rows, problems, texts)
            rows, problems, texts = [], [], {column: [] for column in columns}
    yield text_frame(rows, problems, texts)


def texts_reader(fields: Fields) -> ReadObject:
    """Return the reader of objects whose fields are all text."""
    return lambda item: [texts_of(flat(item), fields)]
