"""The licence plan as a workbook for those who carry it out: accounts, seats, and how to read it.

It is internal: accounts stand by key. Every text is written as a text, never as a formula or link,
and the file can be read by its owner only.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from pipelines.categories.sheet import FIXED_TIME
from pipelines.errors import UsageError
from pipelines.lake.home import write_private
from pipelines.licences.words import (
    ACTIONS,
    CAUSES,
    CONSTRAINTS,
    INTERNAL,
    POOLS,
    SEAT_ACTIONS,
    STATUSES,
    word,
)
from pipelines.reporting.formats import day, nok, number, percent

ACCOUNTS_SHEET, SEATS_SHEET, ABOUT_SHEET = "tiltak", "plasser", "om"
ACCOUNT_HEADINGS = (
    "Enhet",
    "Konto",
    "Navn",
    "Pålogging",
    "Produkt fra",
    "Produkt til",
    "Handling",
    "Dato",
    "Årsak",
    "Regel",
)
SEAT_HEADINGS = (
    "Handling",
    "Produkt",
    "Enhet",
    "Antall",
    "Dato",
    "Spart i perioden",
    "Spart per år",
    "Årsak",
    "Regel",
    "Det som binder",
)
_MOST_ROWS = 1_048_000  # of a sheet in Excel
_TOP = 2  # rows above the first: a warning and the headings
_MONEY = {"Spart i perioden", "Spart per år"}
_WIDTHS = {"Konto": 20, "Navn": 24, "Pålogging": 28, "Dato": 12, "Antall": 10, "Regel": 8}
_OTHER_WIDTH = 30


@dataclass(frozen=True)
class PlanLists:
    """What the workbook shows: accounts and actions of a plan as in the marts, its summary row.

    `skus` and `units` are ID → name.
    """

    accounts: pl.DataFrame
    actions: pl.DataFrame
    summary: Mapping[str, Any]
    skus: Mapping[str, str]
    units: Mapping[str, str]


def check_file(file: Path) -> None:
    """Raise UsageError for a name that is not .xlsx, or a file that is there already."""
    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file}: forventet et filnavn som slutter på .xlsx. Rett navnet.")
    if file.exists():
        raise UsageError(f"{file}: finnes alt. Velg et annet navn, eller slett den først.")


def write_lists(file: Path, lists: PlanLists) -> tuple[int, int]:
    """Write the workbook; return how many accounts and actions on seats it has.

    Raises UsageError as `check_file` does, and where there are more accounts than Excel takes.
    """
    check_file(file)
    accounts, seats = account_rows(lists), seat_rows(lists)
    if len(accounts) > _MOST_ROWS:
        raise UsageError(
            f"{file}: forventet høyst {number(_MOST_ROWS)} kontoer i et ark, fant "
            f"{number(len(accounts))}. Sett licence_max_changes lavere, og kjør på nytt."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(file, workbook(accounts, seats, lists.summary))
    return len(accounts), len(seats)


def account_rows(lists: PlanLists) -> list[tuple[Any, ...]]:
    """Return one row per account that changes, as ACCOUNT_HEADINGS, by unit and key."""
    changed = lists.accounts.filter(pl.col("from_sku_ids") != pl.col("to_sku_ids"))
    names = [_named({**lists.units, **POOLS}, unit) for unit in changed["unit_id"]]
    shown = changed.with_columns(pl.Series("unit", names, dtype=pl.String)).sort(
        "unit", "unit_id", "account_key"
    )
    return [
        (
            row["unit"],
            row["account_key"],
            None,
            None,
            _difference(lists.skus, row["from_sku_ids"], row["to_sku_ids"]),
            _difference(lists.skus, row["to_sku_ids"], row["from_sku_ids"]),
            word(ACTIONS, row["action"]),
            row["change_date"],
            word(CAUSES, row["cause"]),
            row["rule_id"],
        )
        for row in shown.iter_rows(named=True)
    ]


def seat_rows(lists: PlanLists) -> list[tuple[Any, ...]]:
    """Return one row per kind of action on seats, as SEAT_HEADINGS, by date.

    Actions that only differ in the unit that saves are one row: the seats are ended as one.
    """
    seats = _together(lists.actions.filter(pl.col("action").is_in(SEAT_ACTIONS)))
    return [
        (
            word(ACTIONS, row["action"]),
            _named(lists.skus, row["from_sku_id"] or row["to_sku_id"]),
            _named({**lists.units, **POOLS}, row["pool_id"]),
            row["quantity"],
            row["earliest_date"],
            row["horizon_saving_nok"],
            row["yearly_saving_nok"],
            word(CAUSES, row["cause"]),
            row["rule_id"],
            word(CONSTRAINTS, row["binding_constraint"]),
        )
        for row in seats.iter_rows(named=True)
    ]


def _together(seats: pl.DataFrame) -> pl.DataFrame:
    """Return actions on seats summed over units, by date and then in the plan's order."""
    what = ("action", "from_sku_id", "to_sku_id", "pool_id", "earliest_date")
    why = ("cause", "rule_id", "binding_constraint")
    sums = ("quantity", "horizon_saving_nok", "yearly_saving_nok")
    return (
        seats.group_by(*what, *why)
        .agg(pl.col("action_number").min(), pl.col(*sums).sum())
        .sort("earliest_date", "action_number", nulls_last=True)
    )


def about_rows(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the plan is and how its sheets are read, as heading and text."""
    months = summary["horizon_months"]
    return [
        ("Advarsel", INTERNAL),
        ("Gjelder fra", f"Lisensene slik de var {day(summary['as_of_date'])}"),
        ("Periode", f"{months} hele måneder etter det"),
        ("Planen er", word(STATUSES, summary["status"])),
        ("Avstand til nedre grense", percent(summary["gap_share"], 3)),
        ("Uten endringer", nok(summary["baseline_nok"])),
        ("Med planen", nok(summary["plan_nok"])),
        ("Spart i perioden", nok(summary["baseline_nok"] - summary["plan_nok"])),
        ("Kontoer som endres", number(summary["changed_count"])),
        ("Produkter uten pris", f"{number(summary['unpriced_sku_count'])}; de teller som 0 kr"),
        (
            f"Arket {ACCOUNTS_SHEET}",
            "Én rad per konto som endres. «Produkt fra» tas bort, «Produkt til» gis. Kolonnene "
            "Navn og Pålogging er tomme til «samkjop licences names» fyller dem.",
        ),
        (
            f"Arket {SEATS_SHEET}",
            "Plasser å si opp, ikke fornye eller kjøpe når kontoene er endret. Kronene står bare "
            "her, så de kan summeres. «Bruk ledige plasser om igjen» er ingen bestilling: det "
            "flytter kroner mellom årsakene, og summen av de radene er 0.",
        ),
        ("Rekkefølge", "Endre kontoene før dagen plassene sies opp, ellers mangler noen plass."),
    ]


def workbook(
    accounts: Sequence[tuple[Any, ...]],
    seats: Sequence[tuple[Any, ...]],
    summary: Mapping[str, Any],
) -> bytes:
    """Return the workbook of these rows; the same rows give the same bytes."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": "Lisensplan", "comments": INTERNAL, "created": FIXED_TIME})
        _write_sheet(book, ACCOUNTS_SHEET, ACCOUNT_HEADINGS, accounts)
        _write_sheet(book, SEATS_SHEET, SEAT_HEADINGS, seats)
        about = book.add_worksheet(ABOUT_SHEET)
        about.set_column(0, 0, _OTHER_WIDTH)
        about.set_column(1, 1, 4 * _OTHER_WIDTH)
        for place, (heading, text) in enumerate(about_rows(summary)):
            about.write_string(place, 0, heading, book.add_format({"bold": True}))
            about.write_string(place, 1, text)
    return stream.getvalue()


def _write_sheet(
    book: Any, name: str, headings: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, INTERNAL, book.add_format({"bold": True, "font_color": "#9C2A00"}))
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E4E9EE"})
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, _WIDTHS.get(heading, _OTHER_WIDTH))
        sheet.write_string(_TOP - 1, place, heading, head)
    sheet.freeze_panes(_TOP, 0)
    text = book.add_format({"num_format": "@"})
    dates = book.add_format({"num_format": "dd.mm.yyyy"})
    money = book.add_format({"num_format": "#,##0.00"})
    last = _TOP - 1
    for last, row in enumerate(rows, start=_TOP):
        for place, value in enumerate(row):
            if value is None:
                sheet.write_blank(last, place, None, text)
            elif isinstance(value, date):
                sheet.write_datetime(last, place, value, dates)
            elif isinstance(value, str):
                sheet.write_string(last, place, value, text)
            else:
                style = money if headings[place] in _MONEY else None
                sheet.write_number(last, place, float(value), style)
    sheet.autofilter(_TOP - 1, 0, last, len(headings) - 1)


def _difference(names: Mapping[str, str], those: str, without: str) -> str:
    """Return the names of the products that are in the one list of IDs and not in the other."""
    left = set(those.split(";")) - set(without.split(";")) - {""}
    return "; ".join(sorted(_named(names, sku_id) for sku_id in left))


def _named(names: Mapping[str, str], code: str | None) -> str:
    return "" if code is None else names.get(code) or code
