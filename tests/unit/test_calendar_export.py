"""The agreement calendar as a file: read back by the library, and by a parser of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from icalendar import Calendar

from pipelines.errors import UsageError
from pipelines.publication.calendar import AgreementEvent, export_calendar, to_ics
from pipelines.publication.snapshot import CURRENT, SnapshotError

STAMP = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
ODD_TITLE = "Møbler, lek; og \\annet «til skoler»\nlinje to " + "æøå 日本 " * 12
DEADLINE = AgreementEvent(
    "A-1", "option_deadline", "Siste frist for å utløse opsjon 1", date(2025, 2, 28), "upcoming",
    ODD_TITLE, "Kari", 1, 3, None, True, 30,
)  # fmt: skip
REVIEW = AgreementEvent(
    "A-1", "review", "Vurder varigheten", date(2028, 2, 29), "conditional", "Møbler", None, None,
    48, None, True, None,
)  # fmt: skip

COLUMNS = (
    "agreement_id varchar, event varchar, event_type varchar, event_nb varchar, event_date date, "
    "days_left integer, status varchar, agreement_title varchar, agreement_manager varchar, "
    "option_number integer, rule_months integer, rule_days integer, is_default_rule boolean, "
    "alarm_days integer, end_date date, latest_end_date date, as_of_date date"
)


def lines(data: bytes) -> list[str]:
    """Unfold by hand (RFC 5545 3.1): CRLF and a space are nothing."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    return data.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


def unescaped(text: str) -> str:
    parts = text.split("\\\\")
    for mark, plain in (("\\n", "\n"), ("\\N", "\n"), ("\\,", ","), ("\\;", ";")):
        parts = [part.replace(mark, plain) for part in parts]
    return "\\".join(parts)


def parsed(data: bytes) -> list[dict[str, str]]:
    """Read the events: name → value as written, the alarm's names after «VALARM.»."""
    events: list[dict[str, str]] = []
    stack: list[str] = []
    for line in lines(data):
        head, value = line.split(":", 1)
        name = head.split(";")[0]
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert stack.pop() == value
        elif "VEVENT" in stack:
            prefix = "VALARM." if stack[-1] == "VALARM" else ""
            assert prefix + name not in events[-1]
            events[-1][prefix + name] = value
    assert stack == []
    return events


@pytest.mark.rule("E12")
def test_an_event_is_all_day_with_its_reminder_and_its_texts_whole() -> None:
    deadline, review = parsed(to_ics([DEADLINE, REVIEW], STAMP))
    assert deadline["DTSTART"] == "20250228"
    assert deadline["DTEND"] == "20250301"
    assert deadline["DTSTAMP"] == "20250102T030405Z"
    assert unescaped(deadline["SUMMARY"]) == f"{DEADLINE.event_nb}: {ODD_TITLE} (A-1)"
    assert "Forvalter: Kari" in unescaped(deadline["DESCRIPTION"]).split("\n")
    assert deadline["VALARM.TRIGGER"] == "-P30D"
    assert (review["DTSTART"], review["DTEND"]) == ("20280229", "20280301")
    assert "VALARM.TRIGGER" not in review
    text = unescaped(review["DESCRIPTION"])
    assert "Forvalter: ikke oppgitt i registeret" in text
    assert "48 måneder (vanlig for slike avtaler)" in text
    assert "dersom opsjonen utløses" in text


def test_the_library_reads_the_same() -> None:
    calendar = Calendar.from_ical(to_ics([DEADLINE], STAMP))
    (event,) = calendar.walk("VEVENT")
    (alarm,) = event.walk("VALARM")
    assert event.decoded("dtstart") == date(2025, 2, 28)
    assert event.decoded("dtstamp") == STAMP
    assert str(event["summary"]) == DEADLINE.summary
    assert str(event["description"]) == DEADLINE.description
    assert alarm.decoded("trigger") == timedelta(days=-30)
    assert calendar["version"] == "2.0"


def test_a_later_file_updates_an_event_instead_of_doubling_it() -> None:
    first = parsed(to_ics([DEADLINE], STAMP))[0]
    later = parsed(
        to_ics([replace(DEADLINE, event_date=date(2025, 3, 31))], STAMP.replace(year=2026))
    )
    assert later[0]["UID"] == first["UID"]
    assert later[0]["DTSTAMP"] > first["DTSTAMP"]
    assert int(later[0]["SEQUENCE"]) > int(first["SEQUENCE"])


@pytest.mark.parametrize(
    "other", [{"agreement_id": "A-2"}, {"event": "review"}, {"option_number": 2}]
)
def test_another_agreement_event_or_option_is_another_entry(other: dict[str, Any]) -> None:
    assert replace(DEADLINE, **other).uid != DEADLINE.uid


def test_the_same_events_give_the_same_bytes() -> None:
    assert to_ics([DEADLINE, REVIEW], STAMP) == to_ics([DEADLINE, REVIEW], STAMP)


def test_days_are_said_where_the_agreement_says_days() -> None:
    text = replace(DEADLINE, rule_days=45, rule_months=None).description
    assert "Regnet med 45 dager." in text.split("\n")


# --- from a snapshot ---


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Path]:
    snapshot = tmp_path / "published" / "20250102T030405Z-0123456789ab"
    (snapshot / "internal").mkdir(parents=True)
    manifest: dict[str, Any] = {
        "snapshot": snapshot.name, "build": "b", "build_key": None, "as_of_date": "2024-12-31",
        "created_at": "2025-01-02T03:04:05+00:00", "seal_hash": "s", "verdict_status": "passed",
        "suite_version": "v", "warnings": 0, "files": {},
    }  # fmt: skip
    (snapshot / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    rows = [
        ("A", "option_deadline", "option_deadline", "2024-12-30", -1, "overdue"),
        ("A", "end", "end", "2024-12-31", 0, "upcoming"),
        ("A", "latest_end", "latest_end", "2025-01-30", 30, "conditional"),
        ("B", "end", "end", "2025-01-31", 31, "upcoming"),
        ("B", "latest_end", "latest_end", "2025-01-31", 31, "upcoming"),
        ("C", "competition_start", "competition_start", "2025-02-01", 32, "lapsed"),
    ]
    with duckdb.connect(str(snapshot / "internal" / "samkjop.duckdb")) as connection:
        connection.execute(f"create table mart_agreement_calendar ({COLUMNS})")
        for agreement, event, kind, day, left, status in rows:
            ends = ("2024-12-31", "2025-01-30") if agreement == "A" else ("2025-01-31",) * 2
            connection.execute(
                "insert into mart_agreement_calendar values "
                "(?, ?, ?, 'Noe', ?, ?, ?, 'T', null, null, null, null, false, null, ?, ?, "
                "'2024-12-31')",
                [agreement, event, kind, day, left, status, *ends],
            )
    (tmp_path / "published" / CURRENT).symlink_to(snapshot.name)
    yield tmp_path / "published"


def test_only_what_comes_is_exported_and_an_end_is_there_once(
    published: Path, tmp_path: Path
) -> None:
    out = tmp_path / "avtaler.ics"
    assert export_calendar(published, out) == 3
    days = [event["DTSTART"] for event in parsed(out.read_bytes())]
    assert days == ["20241231", "20250130", "20250131"]
    assert parsed(out.read_bytes())[0]["DTSTAMP"] == "20250102T030405Z"
    written = out.read_bytes()
    assert export_calendar(published, out) == 3
    assert out.read_bytes() == written


@pytest.mark.parametrize(("days", "count"), [(0, 1), (29, 1), (30, 2), (31, 3)])
def test_days_are_counted_from_the_snapshots_own_day(
    published: Path, tmp_path: Path, days: int, count: int
) -> None:
    assert export_calendar(published, tmp_path / "a.ics", days) == count


def test_what_cannot_be_exported_is_said_and_nothing_is_written(
    published: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="--days"):
        export_calendar(published, tmp_path / "a.ics", -1)
    with pytest.raises(UsageError, match="Lag den først"):
        export_calendar(published, tmp_path / "ingen" / "a.ics")
    with pytest.raises(SnapshotError, match="samkjop run"):
        export_calendar(tmp_path / "tom", tmp_path / "a.ics")
    assert list(tmp_path.glob("*.ics")) == []


def test_a_snapshot_from_before_the_calendar_says_so(published: Path, tmp_path: Path) -> None:
    database = published / CURRENT / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table mart_agreement_calendar")
    with pytest.raises(SnapshotError, match="mart_agreement_calendar"):
        export_calendar(published, tmp_path / "a.ics")
