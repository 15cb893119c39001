"""Published code lists: bytes in, entries of one table out.

KOSTRA arts and other SAF-T grouping codes, standard accounts and standard tax codes (Skatteetaten's
CSV), CPV and NUTS (YAML), UNSPSC (OpenACS's two files), municipalities and their mergers (CSV).
Lists are known by their headings or keys, never by their names. Which edition is valid for which
year is decided in dbt.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import polars as pl
import yaml

from pipelines.extracts.contracts.codes import CODE_LIST_ENTRY
from pipelines.extracts.contracts.columns import POLARS_TYPES
from pipelines.extracts.detect import decode_text
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.xml import XmlProblem, parse_xml

KIND = "code_list"
_DELIMITERS = ";,\t|"
_MAX_YAML_BYTES = 20_000_000
_MAX_YAML_DEPTH = 20
_YEAR = re.compile(r"(?<!\d)(?:19|20)[0-9]{2}(?!\d)")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CPV_KEY = re.compile(r"\d{8}(-\d)?")
_NUTS_KEY = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")
_YAML_START = re.compile(r"(?:\s|#.*\n|---)*(['\"]?)(?:\d{8}(?:-\d)?|[A-Z]{2}[0-9A-Z]{3})\1:\s*\n")
_UNSPSC_LEVELS = ("segment", "family", "class", "commodity")
_UNSPSC_START = re.compile(r"\d+,\d{8},(?:segment|family|class|commodity),")
_CATALOGUE_START = re.compile(
    r"(?:<\?xml[^>]*\?>\s*)?<message_catalog\b[^>]*\bpackage_key=\"ref-unspsc\""
)
_TRUE, _FALSE = ("true", "1", "ja"), ("false", "0", "nei", "")
_YEAR_HEADING = r"kommuner_(19|20)[0-9]{2}"
_NUMBER_HEADING = r"kommunenummer_(19|20)[0-9]{2}"
_NAME_HEADING = r"kommunenavn_(19|20)[0-9]{2}"
_HEAD = 4_096

_Entry = dict[str, Any]


@dataclass(frozen=True)
class CodeListResult:
    """What a code list became; `facts` count its rows, and no money."""

    tables: dict[str, pl.DataFrame]
    facts: FileFacts
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Unreadable(Exception):
    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.place, self.reason, self.raw = place, reason, raw


class _BadRow(Exception):
    """A row that is no entry of its list; the text is a Norwegian reason."""


class _Row(NamedTuple):
    """A row of a CSV: its number, its cells under their headings, and its cells as they stood."""

    number: int
    cells: dict[str, str]
    raw: list[str]


# --- lists with a heading -----------------------------------------------------------------------

_Reading = Callable[[dict[str, str], str | None], _Entry]


class _Format(NamedTuple):
    """A list that is known by its headings: patterns that must all be met, and its rows' reader.

    `more` are the patterns of headings that are read as well; one that is absent is noted.
    """

    headings: tuple[str, ...]
    read: _Reading
    more: tuple[str, ...] = ()


def _grouping_code(cells: dict[str, str], year: str | None) -> _Entry:
    """KOSTRA arts stand under the categories KA_K (municipalities) and KA_KS (KF, FKF, IKS)."""
    category, written = cells["groupingcategory"], cells["groupingcode"]
    is_kostra = category.upper().startswith("KA_")
    return {
        "list_name": "kostra_art" if is_kostra else "saft_grouping_code",
        "code": written,
        "name": cells.get("codedescriptionnob") or cells.get("codedescriptioneng"),
        "name_en": cells.get("codedescriptioneng"),
        "group_code": category,
        "group_name": cells.get("categorydescriptionnob"),
        "valid_from": date(int(year), 1, 1) if year else None,
    }


def _with_leading_zeros(entries: list[_Entry]) -> None:
    """Give KOSTRA arts their leading zero in an edition that lacks it: 10 is 010, fixed wages.

    Not in the later editions: there 010 is fixed wages and 10 the balance chapter for bank
    deposits. The earlier ones write chapters as 2.10 and 2.5990, the later ones as 10 and 5990.
    """
    arts = [entry for entry in entries if entry["list_name"] == "kostra_art"]
    for category in {entry["group_code"] for entry in arts}:
        own = [entry for entry in arts if entry["group_code"] == category]
        if any(re.fullmatch(r"0\d+|\d{4}", entry["code"], re.ASCII) for entry in own):
            continue
        for entry in own:
            if re.fullmatch(r"\d{1,2}", entry["code"], re.ASCII):
                entry["code"] = entry["code"].zfill(3)


def _standard_account(cells: dict[str, str], _: str | None) -> _Entry:
    code = cells["accountid"]
    norwegian = cells.get("descriptionnob") or cells.get("descriptionnor")
    return {
        "list_name": "saft_standard_account",
        "code": code,
        "name": norwegian or cells.get("descriptioneng"),
        "name_en": cells.get("descriptioneng"),
        "level": str(len(code)),
        "parent_code": code[:2] if len(code) > 2 else None,
    }


def _standard_tax_code(cells: dict[str, str], _: str | None) -> _Entry:
    return {
        "list_name": "saft_standard_tax_code",
        "code": cells["code"],
        "name": cells.get("descriptionnob") or cells.get("descriptioneng"),
        "name_en": cells.get("descriptioneng"),
        "tax_rate": cells.get("taxrate"),
        "is_compensation": _boolean(cells.get("compensation", ""), "Compensation"),
    }


def _municipality(cells: dict[str, str], _: str | None) -> _Entry:
    """A list of SSB's KLASS, classification 131."""
    return {
        "list_name": "kommune",
        "code": _municipality_number(cells["code"]),
        "code_as_written": cells["code"],
        "name": cells["name"],
        "level": cells.get("level"),
        "parent_code": cells.get("parentcode"),
        "valid_from": _date(cells.get("validfrom", ""), "validFrom"),
        "valid_to": _date(cells.get("validto", ""), "validTo"),
    }


def _merger(cells: dict[str, str], _: str | None) -> _Entry:
    """'0101 - Halden;3001 - Halden;0' under kommuner_2019;kommuner_2020;splittes."""
    years = sorted(
        (int(heading[-4:]), value)
        for heading, value in cells.items()
        if re.fullmatch(_YEAR_HEADING, heading)
    )
    if len(years) != 2:
        raise _BadRow("forventet to kolonner kommuner_ÅÅÅÅ, det gamle året og det nye")
    (old_year, old), (new_year, new) = years
    code, name = _number_and_name(old)
    successor_code, successor_name = _number_and_name(new)
    return {
        "list_name": "kommune_endring",
        "edition": str(new_year),
        "code": code,
        "name": name,
        "successor_code": successor_code,
        "successor_name": successor_name,
        "is_split": _boolean(cells["splittes"], "splittes"),
        "valid_to": date(old_year, 12, 31),
    }


def _historical_number(cells: dict[str, str], _: str | None) -> _Entry:
    """A number that a municipality has had, under the year whose numbers it leads to."""
    year = next(h[-4:] for h in cells if re.fullmatch(_NUMBER_HEADING, h))
    code = _municipality_number(cells["historisk_nummer"])
    successor = _municipality_number(cells[f"kommunenummer_{year}"])
    name = cells.get(f"kommunenavn_{year}")
    return {
        "list_name": "kommune_endring",
        "edition": year,
        "code": code,
        "name": name if code == successor else None,
        "successor_code": successor,
        "successor_name": name,
    }


_FORMATS = (
    _Format(
        ("groupingcategory", "groupingcode", "codedescription(nob|eng)"),
        _grouping_code,
        ("codedescriptionnob", "categorydescriptionnob"),
    ),
    _Format(
        ("accountid", "description(nob|nor|eng)"),
        _standard_account,
        ("description(nob|nor)", "descriptioneng"),
    ),
    _Format(
        ("code", "description(nob|eng)", "taxrate"),
        _standard_tax_code,
        ("descriptionnob", "descriptioneng", "compensation"),
    ),
    _Format(("code", "parentcode", "level", "name"), _municipality, ("validfrom", "validto")),
    _Format((_YEAR_HEADING, "splittes"), _merger),
    _Format((_NUMBER_HEADING, "historisk_nummer"), _historical_number, (_NAME_HEADING,)),
)


def _boolean(text: str, heading: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise _BadRow(f"{heading}: forventet TRUE eller FALSE, fant «{text[:40]}»")


def _date(text: str, heading: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text if _ISO_DATE.fullmatch(text) else "")
    except ValueError:
        raise _BadRow(f"{heading}: forventet en dato (åååå-mm-dd), fant «{text[:40]}»") from None


def _municipality_number(text: str) -> str:
    """Return four digits; spreadsheets take the leading zero away."""
    if not re.fullmatch(r"\d{3,4}", text, re.ASCII):
        raise _BadRow(f"forventet et kommunenummer med fire sifre, fant «{text[:40]}»")
    return text.zfill(4)


def _number_and_name(text: str) -> tuple[str, str]:
    number, *rest = re.split(r"\s+-\s+", text, maxsplit=1)
    if not rest:
        raise _BadRow(f"forventet «nummer - navn», fant «{text[:40]}»")
    return _municipality_number(number), rest[0]


def _heading(cell: str) -> str:
    return re.sub(r"[\s*]", "", cell).lower()


def _format_of(headings: list[str]) -> _Format | None:
    def is_met(pattern: str) -> bool:
        return any(re.fullmatch(pattern, heading) for heading in headings)

    return next((f for f in _FORMATS if all(map(is_met, f.headings))), None)


def _delimiter_and_format(text: str) -> tuple[str, _Format] | None:
    lines = text[:_HEAD].lstrip().splitlines()
    if not lines:
        return None
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([lines[0]], delimiter=delimiter), [])
        except csv.Error:
            continue
        found = _format_of([_heading(cell) for cell in cells])
        if found is not None:
            return delimiter, found
    return None


def _csv_rows(text: str, delimiter: str) -> Iterator[_Row]:
    """Yield the rows below the heading that are not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    headings: list[str] | None = None
    number = 1
    try:
        for raw in reader:
            trimmed = [cell.strip() for cell in raw]
            if headings is None and any(trimmed):
                headings = [_heading(cell) for cell in trimmed]
            elif any(trimmed) and headings is not None:
                yield _Row(number, dict(zip(headings, trimmed, strict=False)), trimmed)
            number = reader.line_num + 1
    except csv.Error as error:
        raise _Unreadable(f"linje {number}", f"kan ikke leses som CSV ({error})") from error


def _read_row(row: _Row, columns: int, form: _Format, year: str | None) -> _Entry:
    if any(row.raw[columns:]):
        raise _BadRow(
            f"raden har flere felt enn overskriften ({len(row.raw)} mot {columns}); et skilletegn "
            "i teksten må stå i anførselstegn"
        )
    try:
        return form.read(row.cells, year)
    except KeyError as missing:
        raise _BadRow(f"raden mangler «{missing.args[0]}»") from None


# --- lists without ------------------------------------------------------------------------------


def _unspsc_entry(cells: list[str]) -> _Entry:
    """'100001,10000000,segment,#ref-unspsc.100001#,,7.0901'"""
    if len(cells) != 6 or cells[2] not in _UNSPSC_LEVELS or not re.fullmatch(r"\d{8}", cells[1]):
        raise _BadRow("forventet id, åttesifret kode, nivå, navn, tekst, versjon")
    level, code = _UNSPSC_LEVELS.index(cells[2]), cells[1]
    key = re.fullmatch(r"#ref-unspsc\.(\d+)#", cells[3])
    return {
        "list_name": "unspsc",
        "edition": cells[5] or None,
        "code": code,
        "name": None if key else cells[3],
        "name_key": key.group(1) if key else None,
        "level": cells[2],
        "parent_code": code[: 2 * level].ljust(8, "0") if level else None,
    }


def _yaml_entry(code: str, node: Any) -> _Entry:
    item = _scalars(node)
    is_cpv = _CPV_KEY.fullmatch(code) is not None
    if not is_cpv and not _NUTS_KEY.fullmatch(code):
        raise _BadRow("koden er verken CPV (åtte sifre) eller NUTS")
    if not (item.get("name") or item.get("nob")):
        raise _BadRow("forventet «name» eller «nob» under koden")
    return {
        "list_name": "cpv" if is_cpv else "nuts",
        "code": code[:8],
        "code_as_written": code,
        "name": item.get("nob") or item.get("name"),
        "name_en": item.get("name") if is_cpv else None,
        "level": _cpv_level(code[:8]) if is_cpv else str(len(code) - 2),
        "is_unverified": item.get("nob_verify") == "true",
    }


def _scalars(node: Any) -> dict[str, str]:
    """Return the plain values of a mapping, as the text that stands there."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        key.value: value.value.strip()
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value).strip() or None


_CPV_LEVELS = {2: "division", 3: "group", 4: "class", 5: "category"}


def _cpv_level(code: str) -> str:
    return _CPV_LEVELS.get(max(len(code.rstrip("0")), 2), "subcategory")


def _with_cpv_parents(entries: list[_Entry]) -> None:
    """Give each CPV code the nearest code above it: fewer digits, then zeros."""
    codes = {entry["code"] for entry in entries if entry["list_name"] == "cpv"}
    for entry in entries:
        if entry["list_name"] != "cpv":
            continue
        digits = max(len(entry["code"].rstrip("0")), 2)
        above = (entry["code"][:length].ljust(8, "0") for length in range(digits - 1, 1, -1))
        entry["parent_code"] = next((code for code in above if code in codes), None)


def _yaml_items(text: str, size: int) -> Iterator[tuple[int, str, Any]]:
    """Yield line number, code and node of each entry.

    Nodes, not values: an unquoted 03000000 would become an octal number, and of a code that stands
    twice the first would be gone without a trace.
    """
    if size > _MAX_YAML_BYTES:
        raise _Unreadable("filen", f"YAML-filen er over {_MAX_YAML_BYTES // 10**6} MB")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_wild_yaml(text, loader)
        root = yaml.compose(text, loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"linje {mark.line + 1}" if mark else "filen"
        raise _Unreadable(place, "filen er ikke gyldig YAML; se på innrykk og kolon") from error
    if not isinstance(root, yaml.MappingNode):
        raise _Unreadable("filen", "forventet koder som øverste nivå, f.eks. «'03000000':»")
    for key, value in root.value:
        yield key.start_mark.line + 1, str(key.value).strip(), value


def _refuse_wild_yaml(text: str, loader: Any) -> None:
    depth = 0
    for event in yaml.parse(text, loader):
        if isinstance(event, yaml.AliasEvent):
            raise _Unreadable("filen", "YAML-referanser (*navn) er ikke tillatt; skriv verdiene ut")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_YAML_DEPTH:
            raise _Unreadable("filen", f"YAML-filen har mer enn {_MAX_YAML_DEPTH} nivåer")


# --- reading a file -----------------------------------------------------------------------------


class _Collected:
    """Entries and rejected rows of one file as it is read."""

    def __init__(self, sha256: str) -> None:
        self.entries: list[_Entry] = []
        self.rejections: list[Rejection] = []
        self.notes: list[str] = []
        self._sha256 = sha256

    def add(self, number: int, raw: str, read: Callable[..., _Entry], *arguments: Any) -> None:
        """Keep the entry that `read(*arguments)` gives, or the reason why it is none."""
        try:
            entry = read(*arguments)
            if not entry["code"]:
                raise _BadRow("koden mangler")
        except _BadRow as problem:
            place = f"linje {number}"
            self.rejections.append(
                Rejection(self._sha256, place, str(problem), raw, KIND, is_whole_file=False)
            )
            return
        entry.setdefault("code_as_written", entry["code"])
        entry["source_row"] = number
        self.entries.append(entry)


def is_code_list(data: bytes) -> bool:
    """Return whether the bytes begin as one of the lists that `read_code_list` knows."""
    head = decode_text(data[:_HEAD] if len(data) > _HEAD else data)
    return bool(
        _delimiter_and_format(head)
        or _UNSPSC_START.match(head)
        or _CATALOGUE_START.match(head)
        or _YAML_START.match(head)
    )


def read_code_list(data: bytes, sha256: str, file_name: str) -> CodeListResult:
    """Read one published code list.

    The year in `file_name` is the edition where the file itself does not say one; for KOSTRA arts
    it is also the first year of validity. A row that is no entry is rejected alone; a file that is
    no list that we know is rejected whole.
    """
    year = next(iter(_YEAR.findall(file_name.rsplit("/", 1)[-1])), None)
    collected = _Collected(sha256)
    try:
        _collect(data, year, collected)
    except csv.Error as error:
        return _refused(sha256, _Unreadable("filen", f"kan ikke leses som CSV ({error})"))
    except _Unreadable as problem:
        return _refused(sha256, problem)
    accepted, rejected = len(collected.entries), len(collected.rejections)
    facts = FileFacts(sha256, accepted + rejected, accepted, rejected)
    table = _table(collected.entries, sha256, year)
    notes = _notes(collected.entries) + collected.notes
    return CodeListResult({CODE_LIST_ENTRY.name: table}, facts, collected.rejections, notes)


def _refused(sha256: str, problem: _Unreadable) -> CodeListResult:
    rejection = Rejection(sha256, problem.place, problem.reason, problem.raw, KIND)
    empty = {CODE_LIST_ENTRY.name: CODE_LIST_ENTRY.empty()}
    return CodeListResult(empty, FileFacts.unreadable(sha256), [rejection])


def _collect(data: bytes, year: str | None, out: _Collected) -> None:
    text = decode_text(data)
    if "\x00" in text:
        raise _Unreadable("filen", "filen har NUL-tegn og er ikke en tekstfil")
    head = text[:_HEAD]
    known = _delimiter_and_format(head)
    if known is not None:
        _collect_csv(text, *known, year, out)
        _with_leading_zeros(out.entries)
    elif _CATALOGUE_START.match(head):
        _collect_catalogue(data, out)
    elif _UNSPSC_START.match(head):
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
            if cells:
                out.add(number, ",".join(cells), _unspsc_entry, cells)
    elif _YAML_START.match(head):
        for number, code, node in _yaml_items(text, len(data)):
            out.add(number, code, _yaml_entry, code, node)
        _with_cpv_parents(out.entries)
    else:
        raise _Unreadable(
            "filen",
            "filen er ingen kodeliste som Samkjøp kjenner (KOSTRA-arter, standardkontoer, "
            "avgiftskoder, CPV, UNSPSC, kommuner)",
            head[:200],
        )


def _collect_csv(
    text: str, delimiter: str, form: _Format, year: str | None, out: _Collected
) -> None:
    top = next(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter))
    out.notes += _column_notes([_heading(cell) for cell in top], form)
    for row in _csv_rows(text, delimiter):
        out.add(row.number, delimiter.join(row.raw), _read_row, row, len(top), form, year)


def _column_notes(headings: list[str], form: _Format) -> list[str]:
    """Return which columns are not read, and which others are absent."""
    known = (*form.headings, *form.more)
    unread = [h for h in headings if h and not any(re.fullmatch(p, h) for p in known)]
    absent = [p for p in form.more if not any(re.fullmatch(p, h) for h in headings)]
    words = [p.replace("(nob|nor)", "nob").replace("(19|20)[0-9]{2}", "åååå") for p in absent]
    return [
        f"{what}: " + ", ".join(f"«{name[:40]}»" for name in names)
        for what, names in (("ikke lest", unread), ("står ikke i filen", words))
        if names
    ]


def _collect_catalogue(data: bytes, out: _Collected) -> None:
    """OpenACS's message catalogue: <msg key="100001">Live Plant …</msg>."""
    try:
        root = parse_xml(data)
    except XmlProblem as problem:
        raise _Unreadable(problem.place, problem.reason, problem.raw) from problem
    edition = root.get("package_version")
    for number, message in enumerate(root.iterchildren("msg"), 1):
        out.add(number, str(message.text), _catalogue_entry, message, edition)


def _catalogue_entry(message: Any, edition: str | None) -> _Entry:
    name = _text(message.text)
    code = (message.get("key") or "").strip()
    return {
        "list_name": "unspsc_text",
        "edition": edition,
        "code": code,
        "name": name,
        "name_en": name,
    }


def _table(entries: list[_Entry], sha256: str, year: str | None) -> pl.DataFrame:
    columns = []
    for column in CODE_LIST_ENTRY.columns:
        values = [entry.get(column.name) for entry in entries]
        if column.type == "text":
            values = [value or None for value in values]
        columns.append(pl.Series(column.name, values, dtype=POLARS_TYPES[column.type]))
    return pl.DataFrame(columns).with_columns(
        pl.lit(sha256).alias("source_sha256"),
        pl.col("edition").fill_null(pl.lit(year, dtype=pl.String)),
    )


def _notes(entries: list[_Entry]) -> list[str]:
    """Return what a reader should know: how much of which list, and codes that stand twice."""
    lists = Counter(entry["list_name"] for entry in entries)
    notes = [f"{count} koder i listen {name}" for name, count in lists.items()]
    keys = Counter((e["list_name"], e.get("group_code"), e["code"]) for e in entries)
    twice = [code for (name, _, code), n in keys.items() if n > 1 and name != "kommune_endring"]
    if twice:
        notes.append(f"{len(twice)} koder står mer enn én gang: {', '.join(twice[:20])}")
    return notes
