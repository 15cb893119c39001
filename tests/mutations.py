"""Damaged copies of the sample files, the same ones each time for a kind and a seed.

Bytes: flipped, deleted, inserted, cut off, repeated, NUL, another encoding. Structure: elements,
cells, columns, keys and numbers removed, repeated, renamed, moved or made impossible. A workbook
is damaged in the XML inside it.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

from lxml import etree

from tests.samples import Sample, zipped

_NUMBERS = (
    "99999999999999999999999999",
    "9999999999999999.99",
    "-100.00",
    "-0",
    "1e5",
    "1E400",
    "12O.50",
    "1.234",
    "1,234",
    "0.005",
    "NaN",
    "Infinity",
    "٣",
    "−5",
    "(5)",
    "#####",
    "",
    " ",
    "0",
)
_DATES = ("2024-02-30", "31.02.2024", "0000-00-00", "9999-12-31", "1.1.24", "2024-13-01", "i dag")
_TEXTS = ("", " ", "\u200b", "=1+1", "æøå" * 400, "]]>", "'; drop table x; --", "Sum", "\u0001x")
_HEADINGS = ("", "Ukjent", "Beløpp", "navn", "orgnr", "Sum", "#", "År")
_NUMBER = re.compile(r"-?\d[\d  ]*(?:[.,]\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4}")


class Mutated(NamedTuple):
    """A damaged file; `how` and the sample's name and seed are enough to make it again."""

    data: bytes
    sample: Sample
    seed: int
    how: str

    def __str__(self) -> str:
        return f"mutated(SAMPLES[{self.sample.name!r}], {self.seed}) # {self.how}"


def mutated(sample: Sample, seed: int) -> Mutated:
    """Return the sample after one to three changes."""
    rng = random.Random(f"{sample.name}:{seed}")
    data, done = sample.data, []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        changes = _BYTES if rng.random() < 0.35 else _STRUCTURE[sample.form]
        change = rng.choice(changes)
        try:
            data = change(data, rng)
        except (etree.XMLSyntaxError, UnicodeDecodeError, ValueError, zipfile.BadZipFile):
            done.append(f"not {change.__name__}")  # an earlier change left nothing to work on
        else:
            done.append(change.__name__)
    return Mutated(data, sample, seed, " + ".join(done))


_Change = Callable[[bytes, random.Random], bytes]


# --- bytes --------------------------------------------------------------------------------------


def _span(data: bytes, rng: random.Random, longest: int) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.randint(1, longest))


def flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def delete(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng, 80)
    return data[:start] + data[end:]


def insert(data: bytes, rng: random.Random) -> bytes:
    start, _ = _span(data, rng, 1)
    return data[:start] + rng.randbytes(rng.randint(1, 20)) + data[start:]


def truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def repeat_block(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng, 400)
    return data[:end] + data[start:end] * rng.choice((1, 1, 3)) + data[end:]


def nul(data: bytes, rng: random.Random) -> bytes:
    start, _ = _span(data, rng, 1)
    return data[:start] + b"\x00" * rng.randint(1, 3) + data[start:]


def other_encoding(data: bytes, rng: random.Random) -> bytes:
    text = data.decode("utf-8")
    names = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "cp037", "utf-32")
    return text.encode(rng.choice(names), "replace")


_BYTES: tuple[_Change, ...] = (flip, delete, insert, truncate, repeat_block, nul, other_encoding)


# --- text of any form ---------------------------------------------------------------------------


def _in_text(pattern: re.Pattern[str], values: tuple[str, ...]) -> _Change:
    def change(data: bytes, rng: random.Random) -> bytes:
        text = data.decode("utf-8")
        found = list(pattern.finditer(text))
        if not found:
            return data
        match = rng.choice(found)
        return (text[: match.start()] + rng.choice(values) + text[match.end() :]).encode()

    return change


odd_number = _in_text(_NUMBER, _NUMBERS)
odd_number.__name__ = "odd_number"
odd_date = _in_text(_DATE, _DATES)
odd_date.__name__ = "odd_date"


def line_ends(data: bytes, rng: random.Random) -> bytes:
    return data.replace(b"\n", rng.choice((b"\r", b"\r\n", b"\n\n", b"\x0b", "\u2028".encode())))


# --- XML ----------------------------------------------------------------------------------------


def _on_elements(
    change: Callable[[list[Any], random.Random], None],
) -> _Change:
    def whole(data: bytes, rng: random.Random) -> bytes:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(data, parser)
        elements = [e for e in root.iter() if isinstance(e.tag, str) and e is not root]
        if elements:
            change(elements, rng)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    whole.__name__ = change.__name__.lstrip("_")
    return whole


def _copy(element: Any) -> Any:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _remove_element(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice(elements)
    element.getparent().remove(element)


def _repeat_element(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice(elements)
    for _ in range(rng.choice((1, 1, 2, 50))):
        element.addnext(_copy(element))


def _rename_element(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice(elements)
    names = ("Ukjent", etree.QName(rng.choice(elements)).localname)
    namespace = rng.choice((etree.QName(element).namespace, "urn:annet", None))
    element.tag = str(etree.QName(namespace, rng.choice(names)))


def _move_element(elements: list[Any], rng: random.Random) -> None:
    element, target = rng.choice(elements), rng.choice(elements)
    if element not in (target, *target.iterancestors()):
        target.append(element)


def _empty_element(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice(elements)
    element.text = rng.choice(_TEXTS[:4])


def _odd_text(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice([e for e in elements if not len(e)] or elements)
    element.text = rng.choice((*_NUMBERS, *_DATES, *_TEXTS[:-1]))


def _odd_attribute(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice([e for e in elements if e.attrib] or elements)
    if element.attrib and rng.random() < 0.5:
        del element.attrib[rng.choice(list(element.attrib))]
    else:
        element.set(rng.choice(("currencyID", "schemeID", "ukjent")), rng.choice(("SEK", "", "x")))


def repeat_attribute(data: bytes, rng: random.Random) -> bytes:
    found = list(re.finditer(rb' \w+="[^"]*"', data))
    if not found:
        return data
    match = rng.choice(found)
    return data[: match.end()] + match.group() + data[match.end() :]


def _nest_deeply(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice(elements)
    for _ in range(rng.choice((40, 300))):
        child = etree.SubElement(element, element.tag)
        child.text = element.text
        element = child


_XML: tuple[_Change, ...] = (
    *map(
        _on_elements,
        (
            _remove_element,
            _repeat_element,
            _rename_element,
            _move_element,
            _empty_element,
            _odd_text,
            _odd_attribute,
            _nest_deeply,
        ),
    ),
    repeat_attribute,
    odd_number,
    odd_date,
)


# --- tables as text -----------------------------------------------------------------------------


def _on_cells(change: Callable[[list[list[str]], random.Random], None]) -> _Change:
    def whole(data: bytes, rng: random.Random) -> bytes:
        encoding = "utf-8"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            encoding = "cp1252"
            text = data.decode(encoding)
        rows = [row.split(";") for row in text.split("\n")]
        change(rows, rng)
        return "\n".join(";".join(row) for row in rows).encode(encoding, "replace")

    whole.__name__ = change.__name__.lstrip("_")
    return whole


def _any_row(rows: list[list[str]], rng: random.Random) -> list[str]:
    return rng.choice(rows[1:] or rows)


def _reorder_columns(rows: list[list[str]], rng: random.Random) -> None:
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    for row in rows:
        if len(row) == len(order):
            row[:] = [row[position] for position in order]


def _remove_column(rows: list[list[str]], rng: random.Random) -> None:
    position = rng.randrange(len(rows[0]))
    for row in rows:
        if len(row) > position:
            del row[position]


def _add_column(rows: list[list[str]], rng: random.Random) -> None:
    position = rng.randrange(len(rows[0]) + 1)
    for number, row in enumerate(rows):
        row.insert(position, rng.choice(_HEADINGS) if not number else rng.choice(_NUMBERS))


def _rename_heading(rows: list[list[str]], rng: random.Random) -> None:
    rows[0][rng.randrange(len(rows[0]))] = rng.choice((*_HEADINGS, *rows[0]))


def _other_delimiter(rows: list[list[str]], rng: random.Random) -> None:
    row = rng.choice(rows)
    row[:] = [rng.choice((",", "\t", "|")).join(row)]


def _extra_cell(rows: list[list[str]], rng: random.Random) -> None:
    row = _any_row(rows, rng)
    row.insert(rng.randrange(len(row) + 1), rng.choice((*_NUMBERS, *_TEXTS)))


def _missing_cell(rows: list[list[str]], rng: random.Random) -> None:
    row = _any_row(rows, rng)
    del row[rng.randrange(len(row))]


def _odd_cell(rows: list[list[str]], rng: random.Random) -> None:
    row = _any_row(rows, rng)
    row[rng.randrange(len(row))] = rng.choice((*_NUMBERS, *_DATES, *_TEXTS))


def _open_quote(rows: list[list[str]], rng: random.Random) -> None:
    row = rng.choice(rows)
    position = rng.randrange(len(row))
    row[position] = rng.choice(('"', 'rør 3"', '"a";"b', '"a"b')) + row[position]


def _swap_decimal_mark(rows: list[list[str]], rng: random.Random) -> None:
    row = _any_row(rows, rng)
    row[:] = [cell.translate(str.maketrans(".,", ",.")) for cell in row]


def _wrong_total(rows: list[list[str]], rng: random.Random) -> None:
    last = next((row for row in reversed(rows) if any(row)), [])
    rows.append(["Sum", *[""] * (len(last) - 2), rng.choice(("1 801,00", "1 801,01", "0,00"))])


def _repeat_row(rows: list[list[str]], rng: random.Random) -> None:
    rows.append(list(rng.choice(rows)))


def _remove_row(rows: list[list[str]], rng: random.Random) -> None:
    del rows[rng.randrange(len(rows))]


def _sorted_rows(rows: list[list[str]], rng: random.Random) -> None:
    rng.shuffle(rows)


def _row_above(rows: list[list[str]], rng: random.Random) -> None:
    rows.insert(0, rng.choice(([""], ["Rapport", "kjørt 01.02.2024"], ["sep=;"], ["", "x", "y"])))


_CSV: tuple[_Change, ...] = (
    *map(
        _on_cells,
        (
            _reorder_columns,
            _remove_column,
            _add_column,
            _rename_heading,
            _other_delimiter,
            _extra_cell,
            _missing_cell,
            _odd_cell,
            _open_quote,
            _swap_decimal_mark,
            _wrong_total,
            _repeat_row,
            _remove_row,
            _sorted_rows,
            _row_above,
        ),
    ),
    odd_number,
    odd_date,
    line_ends,
)


# --- YAML and JSON ------------------------------------------------------------------------------


def _on_lines(change: Callable[[list[str], random.Random], None]) -> _Change:
    def whole(data: bytes, rng: random.Random) -> bytes:
        lines = data.decode("utf-8").split("\n")
        change(lines, rng)
        return "\n".join(lines).encode()

    whole.__name__ = change.__name__.lstrip("_")
    return whole


def _remove_line(lines: list[str], rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]


def _repeat_line(lines: list[str], rng: random.Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))


def _indent_line(lines: list[str], rng: random.Random) -> None:
    position = rng.randrange(len(lines))
    lines[position] = (
        rng.choice(("  ", "\t", " - ", "- ", "&a ", "*a ", "!!int ")) + lines[position]
    )


def _odd_value(lines: list[str], rng: random.Random) -> None:
    position = rng.randrange(len(lines))
    name, colon, _ = lines[position].partition(":")
    odd = ("", "[1, {a: b}]", "{}", "|", "1_000", "0o17", "yes", "~", "'", '"', "*a", "<<")
    lines[position] = f"{name}{colon} {rng.choice((*_NUMBERS, *_DATES, *odd))}"


_YAML: tuple[_Change, ...] = (
    *map(_on_lines, (_remove_line, _repeat_line, _indent_line, _odd_value)),
    odd_number,
    odd_date,
    line_ends,
)


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key or position) of a JSON document."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found: list[tuple[Any, Any]] = []
    for key, value in list(items):
        found.append((node, key))
        if isinstance(value, dict | list):
            found += _places(value)
    return found


def _on_json(change: Callable[[Any, Any, random.Random], None]) -> _Change:
    def whole(data: bytes, rng: random.Random) -> bytes:
        content = json.loads(data)
        places = _places(content) if isinstance(content, dict | list) else []
        if places:
            change(*rng.choice(places), rng)
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")

    whole.__name__ = change.__name__.lstrip("_")
    return whole


def _remove_key(node: Any, key: Any, _: random.Random) -> None:
    del node[key]


def _other_type(node: Any, key: Any, rng: random.Random) -> None:
    values: tuple[Any, ...] = (
        None,
        True,
        0,
        -1,
        1e300,
        float("nan"),
        10**40,
        "",
        "x",
        [],
        {},
        [[]],
    )
    node[key] = rng.choice((*values, *_DATES, *_NUMBERS))


def _rename_key(node: Any, key: Any, rng: random.Random) -> None:
    if isinstance(node, dict):
        node[rng.choice(("ukjent", str(key).upper(), f"{key} "))] = node.pop(key)
    else:
        node.append(node[key])


_JSON: tuple[_Change, ...] = (
    *map(_on_json, (_remove_key, _other_type, _rename_key)),
    odd_number,
    odd_date,
)


# --- workbooks ----------------------------------------------------------------------------------


def inside(data: bytes, rng: random.Random) -> bytes:
    """Change one of the XML files inside a workbook, or leave it out."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        members = {name: book.read(name) for name in book.namelist()}
    sheets = [name for name in members if "worksheets/sheet" in name or "sharedStrings" in name]
    name = rng.choice(sheets if rng.random() < 0.7 and sheets else list(members))
    if rng.random() < 0.1:
        del members[name]
    else:
        change = rng.choice((*_XML, *_BYTES, sheet_value))
        members[name] = change(members[name], rng)
    return zipped(members)


def sheet_value(data: bytes, rng: random.Random) -> bytes:
    """Give a cell another type, place or value."""
    found = list(re.finditer(rb'<c r="[A-Z]+\d+"|t="s"|<v>[^<]*</v>|<t>[^<]*</t>', data))
    if not found:
        return data
    match = rng.choice(found)
    odd = {b"<c": b'<c r="XFD1048576"', b"t=": b't="e"', b"<v": b"<v>1e308</v>", b"<t": b"<t></t>"}
    return data[: match.start()] + odd[match.group()[:2]] + data[match.end() :]


_STRUCTURE: dict[str, tuple[_Change, ...]] = {
    "xml": _XML,
    "csv": _CSV,
    "yaml": _YAML,
    "json": _JSON,
    "xlsx": (inside,),
}
