"""The log of who looked at what the published snapshots leave out: originals and names.

It is the home's own, and only its owner can read it.
"""

from __future__ import annotations

import getpass
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.settings import Settings

LOG = Path("logg", "innsyn.jsonl")


def log_access(settings: Settings, **what: Any) -> None:
    """Append who did this, and when, to the log."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "user": getpass.getuser(),
        **what,
    }
    path = settings.home / LOG
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
    finally:
        os.close(descriptor)
