"""The suite of `mart_agreement_option`: options, their state and what was bought on them."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, no_orphans, not_null, rows

_TABLE = "mart_agreement_option"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "option_kind": "text",
                "option_id": "text",
                "option_title": "text",
                "category_id": "text",
                "state": "text",
                "is_exercised": "boolean",
                "exercised_date": "date",
                "deadline_date": "date",
                "is_exercised_late": "boolean",
                "option_start_date": "date",
                "option_end_date": "date",
                "definition_id": "text",
                "spend_nok": "money",
                "spend_before_nok": "money",
                "as_of_date": "date",
            },
        ),
        *key(_TABLE, "agreement_id", "option_kind", "option_id"),
        not_null(_TABLE, "definition_id"),
        in_set(_TABLE, "option_kind", ("extension", "service")),
        in_set(
            _TABLE,
            "state",
            ("exercised", "open", "overdue", "out_of_order", "lapsed"),
            rule_id="A10",
        ),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        rows(
            f"{_TABLE}.state_fits",
            "Opsjonens status stemmer ikke med om den er utløst og med fristen.",
            f"select * from {_TABLE} where is_exercised <> (state = 'exercised') "
            "or (state = 'overdue' and (deadline_date is null or deadline_date >= as_of_date)) "
            "or (is_exercised_late and exercised_date <= deadline_date)",
            rule_id="A10",
        ),
        rows(
            f"{_TABLE}.extensions_in_order",
            "En forlengelse slutter før den begynner, eller fristen er etter at den begynner.",
            f"select * from {_TABLE} where option_start_date > option_end_date "
            "or deadline_date >= option_start_date",
            rule_id="A01",
        ),
        rows(
            f"{_TABLE}.spend_only_where_it_counts",
            "Det er ført kjøp på en forlengelse som ikke er utløst.",
            f"select * from {_TABLE} where option_kind = 'extension' "
            "and not is_exercised and spend_nok <> 0",
            rule_id="A10",
        ),
        rows(
            f"{_TABLE}.exercised_late",
            "En opsjon er registrert som utløst etter fristen: bør undersøkes.",
            f"select * from {_TABLE} where is_exercised_late",
            severity="warn",
        ),
    ),
    no_sum="Bare kjøp i opsjonenes perioder og kategorier er med, så det er ingen sum av alt.",
)
