"""The suite of `mart_spend_change`: the change from year to year and what drove it."""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    SumsTo,
    between,
    columns,
    key,
    no_orphans,
    not_null,
    rows,
    share,
)

_TABLE = "mart_spend_change"
_PARTS = ("new_suppliers_nok", "lost_suppliers_nok", "price_nok", "quantity_nok", "mix_nok")
_YEARS = f"(select distinct year from {_TABLE})"


def _change(column: str, mart: str) -> str:
    """Return SQL for each year's amounts less those of the year before, in the compared years."""
    return (
        f"select year, {column}, nok from (select year, {column}, nok from ({mart}) as now "
        f"union all select year + 1 as year, {column}, -nok as nok from ({mart}) as before) "
        "as sides "
        f"where year in {_YEARS}"
    )


SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "definition_id": "text",
                "category_id": "text",
                "category_name": "text",
                "previous_nok": "money",
                "current_nok": "money",
                "change_nok": "money",
                **dict.fromkeys(_PARTS, "money"),
                "new_supplier_count": "integer",
                "lost_supplier_count": "integer",
                "matched_item_count": "integer",
                "matched_nok": "money",
                "positive_nok": "money",
                "matched_share": "share",
            },
        ),
        *key(_TABLE, "year", "category_id"),
        not_null(_TABLE, "change_nok"),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        share(_TABLE, "matched_share"),
        between(_TABLE, "matched_item_count", 0, None),
        rows(
            f"{_TABLE}.category_exists",
            "Kategorien finnes ikke i dim_category.",
            f"select * from {_TABLE} where category_id <> '*' "
            "and category_id not in (select category_id from dim_category)",
        ),
        rows(
            f"{_TABLE}.parts_are_the_change",
            "Delene blir ikke endringen, til øret.",
            f"select * from {_TABLE} where change_nok <> {' + '.join(_PARTS)} "
            "or change_nok <> current_nok - previous_nok",
            rule_id="E01",
        ),
        rows(
            f"{_TABLE}.categories_are_the_whole",
            "En del for alle kategorier er ikke summen over kategoriene.",
            f"select year from {_TABLE} group by year having "
            + " or ".join(
                f"sum(case when category_id = '*' then {part} else -{part} end) <> 0"
                for part in (*_PARTS, "matched_item_count", "matched_nok")
            ),
            rule_id="E01",
        ),
        rows(
            f"{_TABLE}.nothing_without_its_reason",
            "Det er pris eller mengde uten varer som er funnet igjen, eller nye eller tapte "
            "leverandører i kroner uten at noen er telt.",
            f"select * from {_TABLE} "
            "where (matched_item_count = 0 and (price_nok <> 0 or quantity_nok <> 0)) "
            "or (new_supplier_count = 0 and new_suppliers_nok <> 0) "
            "or (lost_supplier_count = 0 and lost_suppliers_nok <> 0)",
            rule_id="E01",
        ),
        rows(
            f"{_TABLE}.share_is_quotient",
            "Andelen er ikke delt på nevneren ved siden av.",
            f"select * from {_TABLE} where (positive_nok > 0) <> (matched_share is not null) "
            "or abs(matched_share * cast(positive_nok as double) "
            "- cast(matched_nok as double)) > 0.005",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.categories_sum_to_lines",
            "Endringen i kategorien er ikke årets linjer minus fjorårets.",
            ("year", "category_id"),
            f"select year, category_id, change_nok as nok from {_TABLE} where category_id <> '*'",
            _change(
                "category_id", "select year, category_id, amount_nok as nok from fct_spend_line"
            ),
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.sums_to_suppliers",
            "Endringen i alt er ikke endringen i forbruket etter STD.",
            ("year", "definition_id"),
            f"select year, definition_id, change_nok as nok from {_TABLE} where category_id = '*'",
            _change(
                "definition_id",
                "select year, definition_id, spend_nok as nok from mart_supplier_year "
                "where definition_id = 'STD'",
            ),
            rule_id="E01",
        ),
    ),
)
