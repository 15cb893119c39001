"""The agreement calendar as an .ics file, from a published snapshot.

Here is what a calendar program must be told; which events there are, and when, is decided in dbt
(`mart_agreement_calendar`). The same snapshot always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import UsageError
from pipelines.lake.home import replace_file
from pipelines.publication.seal import DATABASE
from pipelines.publication.snapshot import Manifest, SnapshotError, current_snapshot

if TYPE_CHECKING:
    from icalendar import Alarm, Event

PRODUCT = "-//Samkjop//Avtalekalender//NO"
NAME = "Avtalekalender"
_UID_DOMAIN = "samkjop"
_SEQUENCE_START = datetime(2020, 1, 1, tzinfo=UTC)
# A last possible end that is the end anyway would be there twice.
_EVENTS = """
    select agreement_id, event, event_nb, event_date, status, agreement_title, agreement_manager,
        option_number, rule_months, rule_days, is_default_rule, alarm_days
    from mart_agreement_calendar
    where event_date >= as_of_date
        and status in ('upcoming', 'conditional')
        and not (event_type = 'latest_end' and latest_end_date = end_date)
        and (cast(? as integer) is null or days_left <= ?)
    order by event_date, agreement_id, event
"""


@dataclass(frozen=True)
class AgreementEvent:
    """One coming event of one agreement; the fields are columns of `mart_agreement_calendar`."""

    agreement_id: str
    event: str
    event_nb: str
    event_date: date
    status: str
    agreement_title: str
    agreement_manager: str | None
    option_number: int | None
    rule_months: int | None
    rule_days: int | None
    is_default_rule: bool
    alarm_days: int | None

    @property
    def uid(self) -> str:
        """The same for the same event of the same agreement, whatever its date (RFC 5545 3.8.4.7).

        So a calendar that imports a later file moves the event instead of adding another. The next
        option's deadline is another event than that of the option before.
        """
        option = "" if self.option_number is None else str(self.option_number)
        parts = "\n".join((self.agreement_id, self.event, option))
        return f"{hashlib.sha256(parts.encode()).hexdigest()[:32]}@{_UID_DOMAIN}"

    @property
    def summary(self) -> str:
        """The line that a calendar shows."""
        return f"{self.event_nb}: {self.agreement_title} ({self.agreement_id})"

    @property
    def description(self) -> str:
        """What else there is to know, a line each."""
        lines = [f"Avtale: {self.agreement_id} {self.agreement_title}"]
        lines.append(f"Forvalter: {self.agreement_manager or 'ikke oppgitt i registeret'}")
        if self.rule_days is not None:
            lines.append(f"Regnet med {self.rule_days} dager.")
        elif self.rule_months is not None:
            source = "vanlig for slike avtaler" if self.is_default_rule else "sagt i avtalen"
            lines.append(f"Regnet med {self.rule_months} måneder ({source}).")
        if self.status == "conditional":
            lines.append("Gjelder bare dersom opsjonen utløses.")
        return "\n".join(lines)


def export_calendar(published: Path, out: Path, days: int | None = None) -> int:
    """Write the coming events of the published snapshot to an .ics file; return how many.

    `days` leaves out what comes later than so many days after the snapshot's as-of date (E12).
    Raises SnapshotError where nothing is published, UsageError where `days` is negative or the
    file's folder is not there.
    """
    if days is not None and days < 0:
        raise UsageError(f"--days: forventet 0 eller flere dager, fant {days}. Rett tallet.")
    if not out.absolute().parent.is_dir():
        raise UsageError(
            f"{out}: forventet en mappe som finnes, fant ingen «{out.parent}». Lag den først."
        )
    snapshot = current_snapshot(published)
    if snapshot is None:
        raise SnapshotError(
            f"{published}: forventet et publisert øyeblikksbilde, fant ingen. Kjør «samkjop run»."
        )
    events = read_events(snapshot, days)
    stamp = datetime.fromisoformat(Manifest.load(snapshot).created_at).astimezone(UTC)
    replace_file(out.absolute(), to_ics(events, stamp))
    return len(events)


def read_events(snapshot: Path, days: int | None = None) -> tuple[AgreementEvent, ...]:
    """Return the events on or after the snapshot's as-of date, in the order of their dates."""
    import duckdb

    try:
        with duckdb.connect(str(snapshot / DATABASE), read_only=True) as connection:
            rows = connection.execute(_EVENTS, [days, days]).fetchall()
    except duckdb.CatalogException as error:
        raise SnapshotError(
            f"{snapshot.name}: forventet tabellen mart_agreement_calendar, fant den ikke. "
            "Kjør «samkjop run» med denne versjonen."
        ) from error
    return tuple(AgreementEvent(*row) for row in rows)


def to_ics(events: Iterable[AgreementEvent], stamp: datetime) -> bytes:
    """Return the events as an iCalendar object (RFC 5545): all-day, with reminders.

    `stamp` is when the figures were made, in UTC: a later one tells a calendar which is newer.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", NAME)
    for event in events:
        calendar.add_component(_component(event, stamp))
    data: bytes = calendar.to_ical()
    return data


def _component(event: AgreementEvent, stamp: datetime) -> Event:
    from icalendar import Event

    component = Event()
    component.add("uid", event.uid)
    component.add("dtstamp", stamp)
    component.add("last-modified", stamp)
    component.add("sequence", int((stamp - _SEQUENCE_START).total_seconds()) // 60)
    component.add("dtstart", event.event_date)
    component.add("dtend", event.event_date + timedelta(days=1))
    component.add("summary", event.summary)
    component.add("description", event.description)
    component.add("categories", [NAME])
    component.add("transp", "TRANSPARENT")
    if event.alarm_days is not None:
        component.add_component(_alarm(event, event.alarm_days))
    return component


def _alarm(event: AgreementEvent, days: int) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-days))
    alarm.add("description", event.summary)
    return alarm
