"""One typed `Settings` object for everything that can be set; no I/O when imported.

Settings come from `config/samkjop.toml` in the home, and only from there. The home itself comes
from `--home`, else the environment variable SAMKJOP_HOME, else `./data`.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.errors import SettingsError
from pipelines.extracts.identifiers import is_orgnr

OSLO = ZoneInfo("Europe/Oslo")
HOME_VARIABLE = "SAMKJOP_HOME"
DEFAULT_HOME = "data"
_AT_LEAST_ONE = ("max_", "batch_", "keep_", "licence_horizon_", "public_min_")
_ALLOWED: dict[str, tuple[object, ...]] = {
    "licence_activity_days": (30, 90, 180),
    "licence_charge_basis": ("full", "difference"),
}


@dataclass(frozen=True)
class Settings:
    """The home directory and every limit and choice of a run.

    Sizes are in MiB, shares in 0..1, money in NOK without VAT.
    """

    home: Path
    municipality_name: str = "Kommunen"
    municipality_orgnr: str = ""
    outside_period_months: int = 12
    weak_classified_share: float = 0.8
    weak_min_lines: int = 10
    weak_min_nok: Decimal = Decimal("100000.00")
    exchange_rate_max_age_days: int = 7
    supplier_link_threshold: float = 0.85  # least probability of a merge; at 1 only the register's
    supplier_link_margin: float = 2.0  # bits between the best and the next best organisation number
    learned_category_min_confidence: float = 1.0  # counts above this only: at 1, never
    learned_category_min_keys: int = 50
    max_training_keys: int = 30_000
    licence_activity_days: int = 90  # 30, 90 or 180: no finer activity is kept
    licence_rules_from: str = (
        "1900-01-01"  # first day of the financing rules; the circular has none
    )
    licence_charge_basis: str = "full"  # or difference: a licence that replaces a standard one
    licence_addon_share_review: float = 0.5  # a unit's share of licences beyond the standard (B07y)
    licence_horizon_months: int = 12
    licence_max_changes: int = 0  # accounts that a plan may change; 0 is no limit
    public_min_cell: int = 5  # smaller counts are not in public/
    max_file_mib: int = 256
    max_stream_mib: int = 8192
    max_zip_members: int = 200_000
    max_zip_ratio: int = 200
    max_table_cells: int = 20_000_000
    batch_files: int = 20_000
    batch_mib: int = 1024
    extract_processes: int = 0
    keep_snapshots: int = 20
    keep_builds: int = 3
    settle_seconds: float = 2.0

    @property
    def landing(self) -> Path:
        """Where people drop files."""
        return self.home / "landing"

    @property
    def archive(self) -> Path:
        """Originals, named by SHA-256."""
        return self.home / "archive"

    @property
    def quarantine(self) -> Path:
        """Rejected files and rows, a folder per batch."""
        return self.home / "quarantine"

    @property
    def lake(self) -> Path:
        """Committed batches."""
        return self.home / "lake" / "batches"

    @property
    def builds(self) -> Path:
        """Builds, a folder per run."""
        return self.home / "build"

    @property
    def published(self) -> Path:
        """Published snapshots and the pointer `current`."""
        return self.home / "published"

    @property
    def config(self) -> Path:
        """Settings and mappings."""
        return self.home / "config"

    @property
    def dagster_home(self) -> Path:
        """DAGSTER_HOME."""
        return self.home / "dagster"

    @classmethod
    def load(cls, home: Path | None = None) -> Settings:
        """Return the settings of a home, defaults where nothing is set.

        Raises SettingsError for a file that is not TOML, an unknown name or a value of the wrong
        type.
        """
        root = (home or home_from_environment()).absolute()
        path = root / "config" / "samkjop.toml"
        if not path.is_file():
            return cls(home=root)
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{path}: forventet TOML, men filen kan ikke leses ({error}). Rett filen."
            ) from error
        return cls(home=root, **_checked(path, values))

    def of_a_build(self) -> dict[str, str]:
        """Return the settings that change what a build computes, as text, for the build key."""
        names = (
            "municipality_name",
            "municipality_orgnr",
            "outside_period_months",
            "weak_classified_share",
            "weak_min_lines",
            "weak_min_nok",
            "exchange_rate_max_age_days",
            "supplier_link_threshold",
            "supplier_link_margin",
            "learned_category_min_confidence",
            "learned_category_min_keys",
            "max_training_keys",
            "licence_activity_days",
            "licence_rules_from",
            "licence_charge_basis",
            "licence_addon_share_review",
            "licence_horizon_months",
            "licence_max_changes",
            "public_min_cell",
        )
        return {name: str(getattr(self, name)) for name in names}


def home_from_environment() -> Path:
    """Return SAMKJOP_HOME, else ./data."""
    return Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)


def _checked(path: Path, values: dict[str, Any]) -> dict[str, Any]:
    known = {item.name: item for item in fields(Settings) if item.name != "home"}
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(
                f"{path}: ukjent innstilling «{name}». Gyldige er {', '.join(sorted(known))}."
            )
        checked[name] = _converted(path, name, value, type(known[name].default))
    return checked


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _converted(path: Path, name: str, value: Any, wanted: type) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if name.startswith(_AT_LEAST_ONE) and number and value < 1:
        raise SettingsError(f"{path}: «{name}» skal være minst 1, men er {value!r}. Rett verdien.")
    if name == "supplier_link_threshold" and number and not 0.5 <= value <= 1:
        raise SettingsError(
            f"{path}: «{name}» skal være fra 0,5 til 1, men er {value!r}. Rett verdien."
        )
    allowed = _ALLOWED.get(name)
    if allowed is not None and value not in allowed:
        raise SettingsError(
            f"{path}: «{name}» skal være {' eller '.join(map(str, allowed))}, men er {value!r}. "
            "Rett verdien."
        )
    if name == "licence_rules_from" and not _is_day(value):
        raise SettingsError(
            f'{path}: «{name}» skal være en dato som tekst ("2024-01-01"), men er {value!r}. '
            "Rett verdien."
        )
    if name == "municipality_orgnr" and value != "" and not is_orgnr(str(value)):
        raise SettingsError(
            f"{path}: «{name}» skal være et organisasjonsnummer (ni siffer med gyldig "
            f"kontrollsiffer), men er {value!r}. Rett verdien."
        )
    if wanted is str and isinstance(value, str):
        return value
    if wanted is int and number and value == int(value) and value >= 0:
        return int(value)
    if wanted is float and number and value >= 0:
        return float(value)
    if wanted is Decimal and number and value >= 0:
        return Decimal(str(value)).quantize(Decimal("0.01"))
    expected = "tekst" if wanted is str else "et tall som ikke er negativt"
    raise SettingsError(f"{path}: «{name}» skal være {expected}, men er {value!r}. Rett verdien.")
