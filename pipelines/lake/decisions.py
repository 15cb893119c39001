"""What people have decided about files in quarantine: accept or reject, with reason and date."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypedDict

from pipelines.errors import HomeError
from pipelines.lake.home import replace_file
from pipelines.settings import Settings

Choice = Literal["accept", "reject", "set_aside"]


class Decision(TypedDict):
    """One decision; `at` is a time in ISO 8601, UTC.

    A file is accepted though it contradicts another, or rejected; what could not be read is set
    aside, which changes nothing in the figures.
    """

    decision: Choice
    reason: str
    at: str


def _path(settings: Settings) -> Path:
    return settings.home / "lake" / "decisions.json"


def decisions(settings: Settings) -> dict[str, list[Decision]]:
    """Return all decisions by SHA-256, oldest first; the last one of a file holds.

    Raises HomeError where the file can't be read.
    """
    path = _path(settings)
    if not path.exists():
        return {}
    try:
        content: dict[str, list[Decision]] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise HomeError(
            f"{path}: forventet avgjørelser som JSON, men: {error}. "
            "Hent tilbake filen fra sikkerhetskopien."
        ) from error
    return content


def decided(settings: Settings, choice: Choice) -> dict[str, str]:
    """Return the files of which the last decision is the given one, with its reason."""
    return {
        sha: made[-1]["reason"]
        for sha, made in decisions(settings).items()
        if made[-1]["decision"] == choice
    }


def decide(settings: Settings, sha256: str, choice: Choice, reason: str) -> None:
    """Record a decision; earlier ones on the same file are kept."""
    records = decisions(settings)
    made = Decision(decision=choice, reason=reason, at=datetime.now(UTC).isoformat())
    records.setdefault(sha256, []).append(made)
    data = json.dumps(dict(sorted(records.items())), ensure_ascii=False, indent=1)
    replace_file(_path(settings), data.encode())
