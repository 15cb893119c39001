"""The suite of `mart_agreement_overlap`: lots that cover the same at the same time."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, no_orphans, rows

_TABLE = "mart_agreement_overlap"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "lot": "text",
                "other_agreement_id": "text",
                "other_lot": "text",
                "category_id": "text",
                "first_date": "date",
                "last_date": "date",
                "day_count": "integer",
                "unit_count": "integer",
                "spend_nok": "money",
                "on_first_nok": "money",
                "on_other_nok": "money",
                "on_neither_nok": "money",
            },
        ),
        *key(_TABLE, "agreement_id", "lot", "other_agreement_id", "other_lot", "category_id"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        no_orphans(_TABLE, "other_agreement_id", "dim_agreement", "agreement_id"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        rows(
            f"{_TABLE}.parts_add_up",
            "Det som er kjøpt på de to avtalene og utenom dem, blir ikke hele beløpet.",
            f"select * from {_TABLE} "
            "where on_first_nok + on_other_nok + on_neither_nok <> spend_nok",
            rule_id="C03",
        ),
        rows(
            f"{_TABLE}.days_fit",
            "Antall dager passer ikke med første og siste dag, eller paret står to ganger.",
            f"select * from {_TABLE} where day_count < 1 "
            "or day_count > datediff('day', first_date, last_date) + 1 or unit_count < 1 "
            "or (agreement_id, lot) >= (other_agreement_id, other_lot)",
            rule_id="C03",
        ),
    ),
    no_sum="Et kjøp kan ligge i flere overlapp, og de fleste kjøp i ingen.",
)
