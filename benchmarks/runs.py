"""Whole runs of the small demo, against the bare import of the three heavy libraries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE_IMPORT = "import dagster, dagster_dbt, great_expectations"
ROUNDS = 3


def seconds(command: list[str]) -> float:
    """Return how long a command takes; it must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print the measures as JSON."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    samkjop = str(Path(sys.executable).with_name("samkjop"))
    bare = min(seconds([sys.executable, "-c", BARE_IMPORT]) for _ in range(ROUNDS))
    with tempfile.TemporaryDirectory() as folder:
        home = ["--home", folder + "/demo"]
        demo = seconds([samkjop, "demo", *home])
        run = [samkjop, "run", *home, "--as-of", "2024-12-31"]
        nothing = min(seconds(run) for _ in range(ROUNDS))
        full = min(seconds([*run, "--rebuild"]) for _ in range(2))
    helping = min(seconds([samkjop, "--help"]) for _ in range(ROUNDS))
    measures = [
        {
            "name": "run with nothing new / bare import",
            "value": nothing / bare,
            "detail": f"{nothing:.1f} s against {bare:.1f} s",
            "at_most": 3.0,
        },
        {
            "name": "full run of small / bare import",
            "value": demo / bare,
            "detail": f"{demo:.1f} s with files made and read; rebuilt {full:.1f} s",
            "at_most": 8.0,
        },
        {
            "name": "samkjop --help, seconds",
            "value": helping,
            "detail": "",
            "at_most": 1.0,
        },
    ]
    print(json.dumps(measures))


if __name__ == "__main__":
    main()
