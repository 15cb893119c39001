"""The suite of `mart_reconciliation`: every source file once, and where its amount went."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, not_null, rows

_TABLE = "mart_reconciliation"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "source_sha256": "text",
                "file_name": "text",
                "kind": "text",
                "rows_in": "integer",
                "rows_accepted": "integer",
                "rows_quarantined": "integer",
                "currency": "text",
                "amount_in": "money",
                "amount_accepted": "money",
                "amount_quarantined": "money",
                "amount_unconverted": "money",
                "amount_accepted_nok": "money",
                "spend_nok": "money",
                "outside_population_nok": "money",
                "replaced_by_ledger_nok": "money",
                "is_withdrawn": "boolean",
                "quarantine_reason": "text",
            },
        ),
        *key(_TABLE, "source_sha256"),
        not_null(_TABLE, "file_name"),
        not_null(_TABLE, "kind"),
        not_null(_TABLE, "is_withdrawn"),
        rows(
            f"{_TABLE}.amount_in_accounted_for",
            "Beløpet i filen er ikke godtatt pluss satt i karantene, så noe er falt bort.",
            f"select * from {_TABLE} where amount_in is not null "
            "and amount_in <> coalesce(amount_accepted, 0) + coalesce(amount_quarantined, 0)",
        ),
        rows(
            f"{_TABLE}.rows_in_accounted_for",
            "Radene i filen er ikke godtatte pluss karantene, så noe er falt bort.",
            f"select * from {_TABLE} where rows_in <> rows_accepted + rows_quarantined",
        ),
        rows(
            f"{_TABLE}.identity",
            "Godtatt beløp i kroner er ikke forbruk + utenfor populasjonen + erstattet av "
            "regnskapet, så forbruket er for høyt eller for lavt.",
            f"""
            select *, coalesce(amount_accepted_nok, 0) - coalesce(spend_nok, 0)
                - coalesce(outside_population_nok, 0) - coalesce(replaced_by_ledger_nok, 0)
                as difference_nok
            from {_TABLE}
            where not is_withdrawn
                and coalesce(amount_accepted_nok, 0) <> coalesce(spend_nok, 0)
                + coalesce(outside_population_nok, 0) + coalesce(replaced_by_ledger_nok, 0)
            """,
        ),
        rows(
            f"{_TABLE}.kroner_are_kroner",
            "Filens godtatte beløp i norske kroner er et annet etter omregning.",
            f"select * from {_TABLE} where currency = 'NOK' and not is_withdrawn and "
            "coalesce(amount_accepted_nok, 0) + coalesce(amount_unconverted, 0) "
            "<> coalesce(amount_accepted, 0)",
        ),
        rows(
            f"{_TABLE}.withdrawn_counts_nothing",
            "Filen er trukket tilbake, men teller fortsatt i forbruket.",
            f"select * from {_TABLE} where is_withdrawn "
            "and (spend_nok <> 0 or outside_population_nok <> 0 or replaced_by_ledger_nok <> 0)",
        ),
        rows(
            f"{_TABLE}.quarantine",
            "Filen, eller rader i den, er satt i karantene og er ikke med i tallene.",
            f"select file_name, kind, rows_quarantined, amount_quarantined, quarantine_reason "
            f"from {_TABLE} where rows_quarantined > 0 or quarantine_reason is not null",
            severity="warn",
        ),
    ),
    no_sum="Tabellen er selv det som de andre avstemmes mot; se summene til faktatabellene.",
)
