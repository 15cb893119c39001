"""The guide for those who keep registers, docs/registre.md, from the contracts of the registers.

Columns stand in `pipelines.extracts.contracts.registers`. The words around them, and the examples,
stand in register_guide.yaml; the tests read every example as a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipelines.extracts.contracts.columns import (
    SOURCE_ROW,
    SOURCE_SHA256,
    Column,
    ColumnType,
    Table,
)
from pipelines.extracts.tables import REGISTERS
from pipelines.reporting import markdown

TEXTS = Path(__file__).with_name("register_guide.yaml")

TYPE_WORDS: dict[ColumnType, str] = {
    "text": "tekst",
    "date": "dato",
    "integer": "heltall",
    "boolean": "ja/nei",
    "money": "beløp",
    "quantity": "mengde",
    "price": "pris",
    "rate": "desimaltall",
}
_HEADINGS = ("Kolonne", "Må ha verdi", "Type", "Betydning", "Når tom", "Andre overskrifter")


@dataclass(frozen=True)
class RegisterText:
    """What is said of one register: what it is for, an example as CSV, and what to know besides.

    `purpose` and `notes` are Markdown.
    """

    purpose: str
    example: str
    notes: str = ""


@dataclass(frozen=True)
class GuideTexts:
    """The words of the guide: introduction, a YAML file of several registers, and each register."""

    introduction: str
    yaml_example: str
    registers: Mapping[str, RegisterText]


def load_texts() -> GuideTexts:
    """Return the texts of register_guide.yaml."""
    content = yaml.safe_load(TEXTS.read_text("utf-8"))
    registers = {name: RegisterText(**text) for name, text in content["registers"].items()}
    return GuideTexts(content["introduction"], content["yaml_example"], registers)


def register_guide() -> str:
    """Return the guide as Markdown, the registers in the order of their contracts.

    Raises ValueError where register_guide.yaml lacks a register.
    """
    texts = load_texts()
    lacking = [name for name in REGISTERS if name not in texts.registers]
    if lacking:
        raise ValueError(f"{TEXTS.name} says nothing of the registers {', '.join(lacking)}")
    parts = [
        texts.introduction,
        f"```yaml\n{texts.yaml_example}```\n",
        "## Registrene\n",
        markdown.contents(REGISTERS),
    ]
    parts += [_register(table, texts.registers[name]) for name, table in REGISTERS.items()]
    return "\n".join(parts)


def _register(table: Table, text: RegisterText) -> str:
    columns = written_columns(table)
    key = markdown.code(heading(c) for c in columns if c.name in table.key)
    parts = [
        f"### {table.register}\n",
        text.purpose,
        f"{table.grain}. To rader kan ikke ha samme {key}.\n",
        markdown.table(_HEADINGS, [_row(column) for column in columns]),
        *([text.notes] if text.notes else []),
        f"```\n{text.example}```\n",
    ]
    return "\n".join(parts)


def written_columns(table: Table) -> list[Column]:
    """Return the columns that people write, in the contract's order."""
    return [c for c in table.columns if c not in (SOURCE_SHA256, SOURCE_ROW)]


def heading(column: Column) -> str:
    """Return the heading that we write: the first alias, else the column's own name."""
    return column.aliases[0] if column.aliases else column.name


def _row(column: Column) -> tuple[str, ...]:
    return (
        f"`{heading(column)}`",
        "ja" if column.required else "",
        allowed_values(column) or _type(column),
        column.description,
        f"`{default_value(column)}`" if column.default is not None else "",
        markdown.code(column.aliases[1:]),
    )


def allowed_values(column: Column) -> str:
    """Return the values that may stand in the column, empty where any value of its type may."""
    ways = ([f"`{way}`" for way in written] for written in spellings(column))
    return ", ".join(" eller ".join(written) for written in ways)


def spellings(column: Column) -> list[list[str]]:
    """Return the ways of writing each fixed value of the column, our own way first."""
    ways: dict[str, list[str]] = {}
    for written, meant in column.values.items():
        ways.setdefault(meant, []).append(written)
    return list(ways.values())


def _type(column: Column) -> str:
    if column.is_activity:
        return "dato eller trinn"
    return "organisasjonsnummer" if column.name.endswith("orgnr") else TYPE_WORDS[column.type]


def default_value(column: Column) -> str:
    """Return what an empty cell means, as it would be written; empty where it means nothing."""
    written = (text for text, meant in column.values.items() if meant == column.default)
    return next(written, column.default or "")
