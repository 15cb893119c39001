"""What Python makes between the phases of dbt: the contract of each table, and how it is written.

A derived table has a fixed schema also when it has no rows, and is sorted by its key, so that a
build gives the same bytes every time. What stands in the tables is decided in the modules beside
this one; `pipelines.assets.derived` is where they run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

DERIVED = "derived"
_TEXT, _WHOLE, _SHARE = pl.String(), pl.Int64(), pl.Float64()
_MONEY, _YES_NO, _DATE = pl.Decimal(18, 2), pl.Boolean(), pl.Date()


@dataclass(frozen=True)
class DerivedTable:
    """One derived table: grain in words (Norwegian), key, columns, and the dbt models it is from.

    `inputs` carry the tag `derived_input`, or `learned_input` where they build on linked suppliers,
    or models that do are made of them: that is how dbt's phases find them.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    schema: Mapping[str, pl.DataType]
    inputs: tuple[str, ...]

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=dict(self.schema))

    def checked(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame with the contract's columns and types, sorted by key.

        Raises ValueError for a column too few, a value that its type can't hold, or a key that is
        null or stands twice.
        """
        lacking = [name for name in self.schema if name not in frame.columns]
        if lacking:
            raise ValueError(f"derived.{self.name} lacks {', '.join(lacking)}")
        typed = frame.select(pl.col(name).cast(kind) for name, kind in self.schema.items())
        keys = typed.select(self.key)
        if keys.null_count().sum_horizontal().item() or keys.is_duplicated().any():
            raise ValueError(f"derived.{self.name}: {', '.join(self.key)} is null or not unique")
        return typed.sort(self.key)


SUPPLIER_LINK = DerivedTable(
    "supplier_link",
    "Én rad per leverandør som er slått sammen med en annen, eller som nesten ble det, og hvorfor",
    ("supplier_id_from", "supplier_id_to"),
    {
        "supplier_id_from": _TEXT,
        "supplier_id_to": _TEXT,
        "outcome": _TEXT,
        "decided_by": _TEXT,
        "reason": _TEXT,
        "match_weight": _SHARE,
        "match_probability": _SHARE,
        "evidence": _TEXT,
        "threshold": _SHARE,
    },
    ("int_suppliers__to_link", "int_supplier_decisions__resolved"),
)

CATEGORY_SUGGESTION = DerivedTable(
    "category_suggestion",
    "Én rad per varetekst, leverandør og konto uten kategori, med forslaget og hvor sikkert det er",
    ("category_key",),
    {
        "category_key": _TEXT,
        "category_id": _TEXT,
        "confidence": _SHARE,
        "is_accepted": _YES_NO,
    },
    ("int_category_keys__summed",),
)

CATEGORY_MODEL = DerivedTable(
    "category_model",
    "Én rad per metode: hvor ofte den treffer på linjer som ikke var med i treningen",
    ("method",),
    {
        "method": _TEXT,
        "status": _TEXT,
        "category_count": _WHOLE,
        "labelled_key_count": _WHOLE,
        "training_key_count": _WHOLE,
        "test_key_count": _WHOLE,
        "correct_key_count": _WHOLE,
        "test_nok": _MONEY,
        "correct_nok": _MONEY,
        "mean_confidence": _SHARE,
        "min_confidence": _SHARE,
        "accepted_key_count": _WHOLE,
        "accepted_correct_key_count": _WHOLE,
        "accepted_nok": _MONEY,
        "accepted_correct_nok": _MONEY,
        "is_best_single_rule": _YES_NO,
    },
    ("int_category_keys__summed",),
)

PLAN_INPUTS = (
    "int_licence_snapshots",
    "int_plan_users",
    "int_plan_needs",
    "int_plan_present",
    "int_plan_findings",
    "int_plan_skus",
    "int_plan_prices",
    "int_plan_requirements",
    "int_sku_plans",
)

LICENCE_PLAN_ACCOUNT = DerivedTable(
    "licence_plan_account",
    "Én rad per konto med i planen: behovet, produktene i dag og i planen, og hvorfor de endres",
    ("account_key",),
    {
        "account_key": _TEXT,
        "unit_id": _TEXT,
        "activity_rank": _WHOLE,
        "need_set_id": _TEXT,
        "must_have_standard": _YES_NO,
        "from_sku_ids": _TEXT,
        "to_sku_ids": _TEXT,
        "action": _TEXT,
        "cause": _TEXT,
        "rule_id": _TEXT,
        "change_date": _DATE,
        "uncovered_reason": _TEXT,
    },
    PLAN_INPUTS,
)

LICENCE_PLAN_NEED = DerivedTable(
    "licence_plan_need",
    "Én rad per behov, tjenesteplan i det og grunn; kontoer med samme planer har samme behov",
    ("need_set_id", "plan_id", "need_kind"),
    {"need_set_id": _TEXT, "plan_id": _TEXT, "need_kind": _TEXT},
    PLAN_INPUTS,
)

LICENCE_PLAN_ACTION = DerivedTable(
    "licence_plan_action",
    "Én rad per tiltak i planen: handling, enhet, produkter, årsak, antall, dag og besparelse",
    ("action_number",),
    {
        "action_number": _WHOLE,
        "action": _TEXT,
        "unit_id": _TEXT,
        "from_unit_id": _TEXT,
        "pool_id": _TEXT,
        "from_sku_id": _TEXT,
        "to_sku_id": _TEXT,
        "cause": _TEXT,
        "rule_id": _TEXT,
        "binding_constraint": _TEXT,
        "quantity": _WHOLE,
        "earliest_date": _DATE,
        "horizon_saving_nok": _MONEY,
        "yearly_saving_nok": _MONEY,
    },
    PLAN_INPUTS,
)

LICENCE_PLAN_SEAT = DerivedTable(
    "licence_plan_seat",
    "Én rad per avtalepulje og produkt: plasser i dag og i planen, og det som binder dem",
    ("pool_id", "sku_id"),
    {
        "pool_id": _TEXT,
        "sku_id": _TEXT,
        "requires": _TEXT,
        "held": _WHOLE,
        "assigned": _WHOLE,
        "planned_assigned": _WHOLE,
        "ended": _WHOLE,
        "bought": _WHOLE,
        "planned_seats": _WHOLE,
        "baseline_nok": _MONEY,
        "plan_nok": _MONEY,
    },
    PLAN_INPUTS,
)

LICENCE_PLAN_CAUSE = DerivedTable(
    "licence_plan_cause",
    "Én rad per årsak: brukerne som endres, og besparelsen den alene gir",
    ("cause",),
    {
        "cause": _TEXT,
        "cause_order": _WHOLE,
        "rule_id": _TEXT,
        "changed_count": _WHOLE,
        "horizon_saving_nok": _MONEY,
    },
    PLAN_INPUTS,
)

LICENCE_PLAN_CONSTRAINT = DerivedTable(
    "licence_plan_constraint",
    "Én rad per betingelse og produkt: om den binder, og hva den koster, funnet ved å løse på nytt",
    ("constraint_name", "pool_id", "sku_id"),
    {
        "constraint_name": _TEXT,
        "pool_id": _TEXT,
        "sku_id": _TEXT,
        "is_binding": _YES_NO,
        "cost_nok": _MONEY,
    },
    PLAN_INPUTS,
)

LICENCE_PLAN_SUMMARY = DerivedTable(
    "licence_plan_summary",
    "Én rad: planens kostnad mot dagens, hvor sikkert den er den billigste, og omfanget",
    ("as_of_date",),
    {
        "as_of_date": _DATE,
        "status": _TEXT,
        "horizon_months": _WHOLE,
        "max_changes": _WHOLE,
        "account_count": _WHOLE,
        "group_count": _WHOLE,
        "changed_count": _WHOLE,
        "uncovered_count": _WHOLE,
        "unpriced_sku_count": _WHOLE,
        "baseline_nok": _MONEY,
        "plan_nok": _MONEY,
        "lower_bound_nok": _MONEY,
        "greedy_nok": _MONEY,
        "gap_share": _SHARE,
    },
    PLAN_INPUTS,
)

LICENCE_PLAN_TABLES = (
    LICENCE_PLAN_ACCOUNT,
    LICENCE_PLAN_NEED,
    LICENCE_PLAN_ACTION,
    LICENCE_PLAN_SEAT,
    LICENCE_PLAN_CAUSE,
    LICENCE_PLAN_CONSTRAINT,
    LICENCE_PLAN_SUMMARY,
)

DERIVED_TABLES: dict[str, DerivedTable] = {
    table.name: table
    for table in (SUPPLIER_LINK, CATEGORY_SUGGESTION, CATEGORY_MODEL, *LICENCE_PLAN_TABLES)
}


def write_derived(folder: Path, table: DerivedTable, frame: pl.DataFrame) -> Path:
    """Write `folder`/<table>.parquet, whole or not at all; raises ValueError as `checked` does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table.name}.parquet"
    temporary = folder / f".{table.name}.{os.getpid()}.tmp"
    try:
        table.checked(frame).write_parquet(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def write_empty(folder: Path, *, overwrite: bool = True) -> None:
    """Write every derived table without rows; without `overwrite` only what is missing or has
    other columns than the contract.
    """
    for table in DERIVED_TABLES.values():
        path = folder / f"{table.name}.parquet"
        if overwrite or not path.exists() or pl.read_parquet_schema(path) != dict(table.schema):
            write_derived(folder, table, table.empty())
