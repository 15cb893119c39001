"""The suite of `mart_licence_audit` (A09): audits, and what a formal one costs."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, not_null, rows

_TABLE = "mart_licence_audit"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "publisher": "text",
                "audit_date": "date",
                "is_formal": "boolean",
                "month": "date",
                "rule_row": "integer",
                "financing": "text",
                "rule_id": "text",
                "hours": "any",
                "hourly_rate_nok": "money",
                "amount_nok": "money",
                "amount_text": "text",
            },
        ),
        *key(_TABLE, "publisher", "audit_date", "is_formal"),
        not_null(_TABLE, "amount_text"),
        in_set(_TABLE, "rule_id", ("A09",)),
        rows(
            f"{_TABLE}.only_formal_is_invoiced",
            "En uformell revisjon er fakturert, eller en formell ikke.",
            f"select * from {_TABLE} where (financing = 'invoiced') <> is_formal "
            "or financing not in ('invoiced', 'review') "
            "or (not is_formal and amount_nok is not null)",
            rule_id="A09",
        ),
        rows(
            f"{_TABLE}.amount_is_hours_times_rate",
            "Beløpet er ikke timer ganger timepris.",
            f"select * from {_TABLE} where is_formal and (amount_nok is null) <> "
            "(hours is null or hours < 0 or hourly_rate_nok is null) "
            "or abs(amount_nok - cast(cast(hours as decimal(18, 6)) "
            "* cast(hourly_rate_nok as decimal(14, 2)) as decimal(18, 2))) > 0",
            rule_id="A09",
        ),
        rows(
            f"{_TABLE}.month_is_the_days",
            "Måneden er ikke den revisjonen ble avsluttet i.",
            f"select * from {_TABLE} where month <> date_trunc('month', audit_date)",
        ),
    ),
    no_sum="Revisjoner er ikke spendlinjer; beløpene er med i mart_charge.",
)
