"""What a run in the terminal says while it goes: a line per stage, warnings, nothing else."""

import logging
import sys
from typing import Any

import dagster as dg

from pipelines.runner import STEP_NAMES


class _StageHandler(logging.Handler):
    """Prints a line when a stage starts."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the stage of a STEP_START event."""
        meta: dict[str, Any] = getattr(record, "dagster_meta", None) or {}
        event = meta.get("dagster_event")
        if event is not None and event.event_type_value == "STEP_START":
            text = STEP_NAMES.get(str(event.step_key), str(event.step_key))
            print(f"… {text}", file=sys.stderr, flush=True)


@dg.logger(config_schema={}, description="En linje per steg, for terminalen")
def stages(_context: dg.InitLoggerContext) -> logging.Logger:
    """Return a logger that prints each stage as it starts."""
    logger = logging.Logger("samkjop", logging.DEBUG)
    logger.addHandler(_StageHandler())
    return logger
