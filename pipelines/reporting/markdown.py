"""Markdown for the generated pages in docs/: tables and lists. What they say stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, a line per row; a bar or a line break in a cell does no harm."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def contents(names: Iterable[str]) -> str:
    """Return a list of links to the headings of these names."""
    return "\n".join(f"- [`{name}`](#{name})" for name in names) + "\n"


def one_line(text: str) -> str:
    """Return the text with every run of blanks and line breaks as one blank."""
    return " ".join(text.split())


def code(names: Iterable[str]) -> str:
    """Return the names as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")
