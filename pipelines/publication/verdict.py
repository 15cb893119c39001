"""The verdict: what the gate found, bound to the seal's hashes and to the suites' version.

It is written by `data_quality.gate` and read by `snapshot`; this module knows neither, and needs
no Great Expectations.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pipelines.errors import SamkjopError
from pipelines.lake.home import replace_file
from pipelines.publication.seal import as_json

Status = Literal["passed", "failed", "errored"]
Severity = Literal["error", "warn"]

QUALITY = "quality"
VERDICT_NAME = "verdict.json"
PAGE_NAME = "index.html"
FORMAT_VERSION = 1


class NoVerdictError(SamkjopError):
    """There is no verdict, or it can't be read."""

    exit_status = 4


@dataclass(frozen=True)
class Result:
    """One expectation's result.

    `success` is None where the engine raised, and `error` then says what. `observed` is what was
    measured, as text; `unexpected` the number of rows or values that are wrong (None = not
    counted). `sample` holds at most 20 rows, values as text, None for null.
    """

    suite: str
    expectation_id: str
    rule_id: str | None
    severity: Severity
    description: str
    success: bool | None
    observed: str | None = None
    unexpected: int | None = None
    sample_columns: tuple[str, ...] = ()
    sample: tuple[tuple[str | None, ...], ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The whole verdict; `errors` are faults of the gate itself, not of an expectation."""

    status: Status
    seal_hash: str | None
    database_sha256: str | None
    table_hashes: Mapping[str, str]
    suite_version: str
    results: tuple[Result, ...] = ()
    errors: tuple[str, ...] = ()
    format_version: int = FORMAT_VERSION

    @property
    def errored(self) -> tuple[Result, ...]:
        """Results whose engine raised: neither held nor broken."""
        return tuple(item for item in self.results if item.success is None)

    @property
    def failed(self) -> tuple[Result, ...]:
        """Broken expectations that block."""
        return self._broken("error")

    @property
    def warnings(self) -> tuple[Result, ...]:
        """Broken expectations that are shown and do not block."""
        return self._broken("warn")

    def _broken(self, severity: Severity) -> tuple[Result, ...]:
        return tuple(
            item for item in self.results if item.success is False and item.severity == severity
        )

    def write(self, build_dir: Path) -> Path:
        """Write quality/verdict.json so that it is there whole or not at all; return its path."""
        path = build_dir / QUALITY / VERDICT_NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, as_json(asdict(self)))
        return path

    @classmethod
    def load(cls, build_dir: Path) -> Verdict:
        """Read the verdict of a build or a snapshot; raises NoVerdictError."""
        path = build_dir / QUALITY / VERDICT_NAME
        try:
            raw = json.loads(path.read_bytes())
            if raw["status"] not in ("passed", "failed", "errored"):
                raise ValueError(f"status {raw['status']!r}")
            return cls(**{**raw, "results": _results(raw), "errors": tuple(raw["errors"])})
        except FileNotFoundError as error:
            raise NoVerdictError(
                f"{build_dir}: bygget er ikke kvalitetskontrollert ({VERDICT_NAME} mangler). "
                "Kjør kontrollen først."
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoVerdictError(
                f"{path}: dommen fra kvalitetskontrollen kan ikke leses ({error!r}). "
                "Kjør kontrollen på nytt."
            ) from error


def decide(results: tuple[Result, ...], errors: tuple[str, ...]) -> Status:
    """Return the status: errored before failed before passed; nothing evaluated has errored."""
    if errors or not results or any(item.success is None for item in results):
        return "errored"
    if any(item.success is False and item.severity == "error" for item in results):
        return "failed"
    return "passed"


def _results(raw: Mapping[str, Any]) -> tuple[Result, ...]:
    return tuple(
        Result(
            **{
                **item,
                "sample_columns": tuple(item["sample_columns"]),
                "sample": tuple(tuple(row) for row in item["sample"]),
            }
        )
        for item in raw["results"]
    )
