"""Mappings: YAML that says which column of an exported table is which of ours.

The form stands in `mapping.schema.json`; here it is loaded and checked, with errors that point to
the line. How a mapping is drafted stands in `mapping_suggest`, how it is used in `mapped`.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml

from pipelines.errors import SamkjopError
from pipelines.extracts.contracts.columns import Table
from pipelines.extracts.contracts.ledger import TARGETS

Kind = Literal["source", "first", "join", "sum", "product", "debit_credit"]
COMPUTED = ("sum", "product", "debit_credit")
_KINDS = ("source", "first", "join", "sum", "product")
_NOT_MAPPED = {"source_sha256", "source_row", "value_position", "supplier_is_private_person"}
_NUMERIC = ("money", "quantity", "price", "rate")


class MappingError(SamkjopError):
    """A mapping that can't be used: file, line, what was expected and found, what to do."""

    exit_status = 2


@dataclass(frozen=True)
class Rule:
    """How one of our columns comes from the export's.

    `headings` are the source columns in order; of a `source` they are other names of the same one.
    For `debit_credit` the first tuple is debit's names, `credit` those of the credit column.
    """

    kind: Kind
    headings: tuple[str, ...]
    credit: tuple[str, ...] = ()
    separator: str = " "
    extract: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    empty: tuple[str, ...] = ()
    decimal: str | None = None
    dates: tuple[str, ...] = ()
    is_reversed: bool | None = None
    is_optional: bool = False


@dataclass(frozen=True)
class AmountColumn:
    """One of several amount columns of a wide table, and what is constant in its rows."""

    heading: str
    constants: dict[str, str]
    is_optional: bool = False
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LeaveOut:
    """Rows that are no data: where a column has one of the values."""

    heading: str
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Totals:
    """How control totals are found. `tolerance` is in the table's currency."""

    find: bool = True
    heading: str | None = None
    labels: tuple[str, ...] = ()
    tolerance: Decimal = Decimal("0.05")


@dataclass(frozen=True)
class Mapping:
    """A checked mapping to one lake table."""

    name: str
    table: Table
    columns: dict[str, Rule]
    constants: dict[str, str] = field(default_factory=dict)
    amounts: tuple[AmountColumn, ...] = ()
    decimal: str | None = None
    dates: tuple[str, ...] = ()
    is_reversed: bool = False
    is_rounded: bool = False
    totals: Totals = Totals()
    leave_out: tuple[LeaveOut, ...] = ()

    @property
    def headings(self) -> set[str]:
        """Every heading that the mapping names."""
        found: set[str] = {amount.heading for amount in self.amounts}
        for rule in self.columns.values():
            found |= {*rule.headings, *rule.credit}
        return found


def load_mapping(
    text: str,
    name: str = "mappingen",
    targets: dict[str, Table] | None = None,
    *,
    is_shipped: bool = False,
) -> Mapping:
    """Return the mapping in a YAML text.

    `name` is the file's name for messages, `targets` the tables that may be mapped to (default:
    those of `contracts.ledger`). One that is shipped is known to keep the schema: a test of ours
    holds it, and the validator takes a second to start. Raises MappingError.
    """
    document = _Document(text, name)
    document.check_schema(is_known=is_shipped)
    return _Builder(document, TARGETS if targets is None else targets).mapping()


def load_mapping_file(path: Path, targets: dict[str, Table] | None = None) -> Mapping:
    """Return the mapping in a file. Raises MappingError."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(
            f"{path}: kan ikke leses som UTF-8-tekst ({error}). Lagre filen på nytt."
        ) from error
    return load_mapping(text, str(path), targets)


def load_mappings(folder: Path | None = None) -> list[Mapping]:
    """Return the mappings of a folder, by file name, then the ones that are shipped.

    Raises MappingError for the first that can't be used.
    """
    return [*own_mappings(folder), *shipped_mappings()]


def own_mappings(folder: Path | None) -> list[Mapping]:
    """Return the mappings of a folder, by file name. Raises MappingError."""
    own = sorted(folder.glob("*.y*ml")) if folder is not None and folder.is_dir() else []
    return [load_mapping_file(path) for path in own]


@cache
def shipped_mappings() -> tuple[Mapping, ...]:
    """Return the mappings that come with Samkjøp."""
    folder = resources.files("pipelines.extracts") / "mappings"
    items = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda i: i.name
    )
    return tuple(
        load_mapping(item.read_text("utf-8"), item.name, is_shipped=True) for item in items
    )


@cache
def _schema() -> dict[str, Any]:
    schema = resources.files("pipelines.extracts") / "mapping.schema.json"
    content: dict[str, Any] = json.loads(schema.read_text("utf-8"))
    return content


Path_ = tuple[str | int, ...]


class _Document:
    """A YAML text with the line of every part."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        try:
            if any(isinstance(e, yaml.AliasEvent) for e in yaml.parse(text, yaml.SafeLoader)):
                raise MappingError(
                    f"{name}: YAML-referanser (*navn) er ikke tillatt. Skriv verdiene ut."
                )
            node = yaml.compose(text, yaml.SafeLoader)
            self.content = yaml.safe_load(text)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f"{name}, linje {mark.line + 1}" if mark else name
            raise MappingError(f"{where}: er ikke gyldig YAML. Se på innrykk og kolon.") from error
        self._lines: dict[Path_, int] = {}
        self._twice: tuple[Path_, int] | None = None
        if node is not None:
            self._note(node, ())

    def _note(self, node: yaml.Node, path: Path_) -> None:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                below = (*path, key.value)
                if below in self._lines and self._twice is None:
                    self._twice = (below, key.start_mark.line + 1)
                self._lines[below] = key.start_mark.line + 1
                self._note(value, below)
        elif isinstance(node, yaml.SequenceNode):
            for position, value in enumerate(node.value):
                self._note(value, (*path, position))

    def error(self, path: Path_, text: str) -> MappingError:
        """Return the error with the line of the nearest part that has one."""
        while path and path not in self._lines:
            path = path[:-1]
        return MappingError(f"{self.name}, linje {self._lines.get(path, 1)}: {text}")

    def check_schema(self, *, is_known: bool) -> None:
        """Raise MappingError for the first thing that breaks the schema."""
        if not isinstance(self.content, dict):
            raise self.error((), "forventet «name:», «table:» og «columns:» på øverste nivå.")
        if self._twice is not None:
            path, line = self._twice
            raise MappingError(
                f"{self.name}, linje {line}: «{path[-1]}» står to ganger. Fjern den ene."
            )
        content = _with_text_keys(self.content)
        if is_known:
            self.content = content
            return
        from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

        errors = sorted(
            Draft202012Validator(_schema()).iter_errors(content),
            key=lambda e: (self._line_of(tuple(e.absolute_path)), str(e.message)),
        )
        if errors:
            raise self._of_schema(errors[0])
        self.content = content

    def _line_of(self, path: Path_) -> int:
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _of_schema(self, error: Any) -> MappingError:
        path: Path_ = tuple(error.absolute_path)
        where = f"«{path[-1]}»" if path and isinstance(path[-1], str) else "verdien"
        if error.validator == "additionalProperties":
            known = sorted(error.schema.get("properties", {}))
            extra = next(key for key in error.instance if key not in known)
            hint = _did_you_mean(str(extra), known)
            return self.error((*path, extra), f"ukjent nøkkel «{extra}»; {hint}.")
        if error.validator == "required":
            missing = next(key for key in error.validator_value if key not in error.instance)
            return self.error(path, f"mangler «{missing}:». Legg den til.")
        if error.validator == "enum":
            options = ", ".join(str(value) for value in error.validator_value)
            return self.error(
                path, f"{where} er «{error.instance}»; forventet en av {options}. Rett verdien."
            )
        if error.validator == "type":
            words = error.validator_value
            expected = " eller ".join(
                _TYPES[word] for word in ([words] if isinstance(words, str) else words)
            )
            return self.error(
                path, f"{where} er {_shown(error.instance)}; forventet {expected}. Rett verdien."
            )
        return self.error(path, f"{where} er {_shown(error.instance)}, som ikke går an. Rett den.")


_TYPES = {
    "string": "tekst",
    "integer": "et helt tall",
    "number": "et tall",
    "boolean": "true eller false",
    "object": "nøkler med verdier",
    "array": "en liste",
}


def _shown(value: Any) -> str:
    text = "tom" if value is None else f"«{value}»"
    return text if len(text) < 60 else text[:58] + "…»"


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_text_keys(item) for item in value]
    return value


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(word, names, 1)
    return f"mente du «{close[0]}»?" if close else f"kjente er {', '.join(names)}"


class _Builder:
    """Turns a document that keeps the schema into a mapping, or says what does not fit."""

    def __init__(self, document: _Document, targets: dict[str, Table]) -> None:
        self._document = document
        self._content = document.content
        name = self._content["table"]
        if name not in targets:
            raise document.error(
                ("table",), f"ukjent tabell «{name}»; {_did_you_mean(name, targets)}."
            )
        self._table = targets[name]
        self._types = {column.name: column.type for column in self._table.columns}

    def mapping(self) -> Mapping:
        """Return the mapping. Raises MappingError."""
        content = self._content
        columns = {
            name: self._rule(name, rule, ("columns", name))
            for name, rule in content["columns"].items()
        }
        constants = {
            name: self._constant(name, value)
            for name, value in content.get("constants", {}).items()
        }
        amounts = self._amounts()
        self._check_required(columns, constants, bool(amounts))
        return Mapping(
            content["name"],
            self._table,
            columns,
            constants,
            amounts,
            _mark(content.get("decimal")),
            tuple(content.get("dates", ())),
            content.get("sign") == "reversed",
            content.get("rounding") == "nearest",
            self._totals(),
            tuple(
                LeaveOut(item["column"], tuple(map(str, item["values"])), item["reason"])
                for item in content.get("leave_out", ())
            ),
        )

    def _check_name(self, name: str, path: Path_) -> None:
        known = set(self._types) - _NOT_MAPPED
        if name not in known:
            raise self._document.error(
                path,
                f"ukjent kolonne «{name}» i {self._table.name}; {_did_you_mean(name, known)}.",
            )

    def _constant(self, name: str, value: Any) -> str:
        path = ("constants", name)
        self._check_name(name, path)
        if self._types[name] == "integer" and not re.fullmatch(r"-?\d+", str(value)):
            raise self._document.error(
                path, f"«{name}» er «{value}»; forventet et helt tall. Rett verdien."
            )
        return str(value)

    def _rule(self, name: str, rule: Any, path: Path_) -> Rule:
        self._check_name(name, path)
        if not isinstance(rule, dict):
            return Rule("source", (str(rule),))
        kinds = [kind for kind in _KINDS if kind in rule]
        has_sides = "debit" in rule or "credit" in rule
        if len(kinds) + has_sides != 1 or (has_sides and not {"debit", "credit"} <= set(rule)):
            raise self._document.error(
                path,
                f"«{name}» skal ha nøyaktig én av source, first, join, sum, product eller "
                "debit+credit.",
            )
        kind: Kind = "debit_credit" if has_sides else kinds[0]  # type: ignore[assignment]
        if kind in COMPUTED and self._types[name] not in _NUMERIC:
            raise self._document.error(path, f"«{name}» er ikke et tall og kan ikke regnes ut.")
        if kind == "product" and (self._types[name] != "money" or len(_names(rule[kind])) != 2):
            raise self._document.error(
                path, f"«{name}»: product er to kolonner (antall og pris) som blir et beløp."
            )
        self._check_pattern(rule, path)
        sign = rule.get("sign")
        return Rule(
            kind,
            _names(rule["debit" if has_sides else kind]),
            _names(rule.get("credit", ())),
            rule.get("with", " "),
            rule.get("extract"),
            _values(rule),
            tuple(rule.get("empty", ())),
            rule.get("decimal"),
            tuple(rule.get("dates", ())),
            None if sign is None else sign == "reversed",
            bool(rule.get("optional", False)),
        )

    def _check_pattern(self, rule: dict[str, Any], path: Path_) -> None:
        if "extract" not in rule:
            return
        import polars as pl

        try:
            pl.Series([""]).str.extract(rule["extract"])
            groups = re.compile(rule["extract"]).groups
        except (re.error, pl.exceptions.PolarsError) as error:
            raise self._document.error(
                (*path, "extract"), f"er ikke et gyldig regulært uttrykk ({error})."
            ) from error
        if not groups:
            raise self._document.error(
                (*path, "extract"), "mangler en gruppe: sett ( ) rundt det som er verdien."
            )

    def _amounts(self) -> tuple[AmountColumn, ...]:
        found = []
        for position, item in enumerate(self._content.get("amounts", ())):
            if self._table.name != "budget_line":
                raise self._document.error(
                    ("amounts", position), "«amounts» går bare an for budget_line; bruk «columns»."
                )
            constants = {
                key: str(value)
                for key, value in item.items()
                if key in ("year", "period", "budget_kind")
            }
            found.append(
                AmountColumn(
                    str(item["source"]),
                    constants,
                    bool(item.get("optional", False)),
                    _values(item),
                )
            )
        return tuple(found)

    def _check_required(
        self, columns: dict[str, Rule], constants: dict[str, str], is_wide: bool
    ) -> None:
        if is_wide and "amount" in columns:
            raise self._document.error(
                ("columns", "amount"), "«amount» kan ikke stå sammen med «amounts:». Fjern den ene."
            )
        for name in constants.keys() & columns.keys():
            raise self._document.error(
                ("constants", name), f"«{name}» står også under columns. Fjern den ene."
            )
        for column in self._table.columns:
            given = column.name in columns or (is_wide and column.name == "amount")
            if column.required and column.name not in _NOT_MAPPED and not given:
                raise self._document.error(
                    ("columns",), f"mangler «{column.name}», som {self._table.name} må ha."
                )

    def _totals(self) -> Totals:
        content = self._content.get("totals", {})
        return Totals(
            content.get("find", True),
            content.get("column"),
            tuple(content.get("labels", ())),
            Decimal(str(content.get("tolerance", "0.05"))),
        )


def _values(rule: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in rule.get("values", {}).items())


def _names(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _mark(value: str | None) -> str | None:
    return None if value in (None, "auto") else value
