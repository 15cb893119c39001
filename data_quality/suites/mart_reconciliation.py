"""The suite of `mart_reconciliation`: every source file once, and where its amount went."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, not_null, rows

_TABLE = "mart_reconciliation"
_COUNTED = (
    "spend_nok <> 0 or outside_population_nok <> 0 or replaced_by_ledger_nok <> 0 "
    "or detailed_by_invoices_nok <> 0"
)

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
                "rows_duplicate": "integer",
                "rows_left_out": "integer",
                "currency": "text",
                "amount_in": "money",
                "amount_accepted": "money",
                "amount_quarantined": "money",
                "amount_duplicate": "money",
                "amount_left_out": "money",
                "amount_loaded": "money",
                "amount_unconverted": "money",
                "amount_accepted_nok": "money",
                "spend_nok": "money",
                "outside_population_nok": "money",
                "replaced_by_ledger_nok": "money",
                "detailed_by_invoices_nok": "money",
                "detailed_share": "share",
                "replaced_share": "share",
                "status": "text",
                "is_spend_source": "boolean",
                "is_withdrawn": "boolean",
                "quarantine_reason": "text",
            },
        ),
        *key(_TABLE, "source_sha256"),
        not_null(_TABLE, "file_name"),
        not_null(_TABLE, "kind"),
        not_null(_TABLE, "is_withdrawn"),
        not_null(_TABLE, "is_spend_source"),
        not_null(_TABLE, "status"),
        in_set(_TABLE, "status", ("accepted", "rejected", "withdrawn", "duplicate", "conflict")),
        rows(
            f"{_TABLE}.status_fits",
            "Filens status passer ikke med om den er trukket tilbake.",
            f"select * from {_TABLE} where is_withdrawn <> (status = 'withdrawn')",
        ),
        rows(
            f"{_TABLE}.amount_in_accounted_for",
            "Beløpet i filen er ikke godtatt + karantene + duplikat + utelatt, så noe er borte.",
            f"select * from {_TABLE} where amount_in is not null "
            "and amount_in <> coalesce(amount_accepted, 0) + coalesce(amount_quarantined, 0) "
            "+ coalesce(amount_duplicate, 0) + coalesce(amount_left_out, 0)",
        ),
        rows(
            f"{_TABLE}.rows_in_accounted_for",
            "Radene i filen er ikke godtatt + karantene + duplikat + utelatt, så noe er borte.",
            f"select * from {_TABLE} where rows_in <> rows_accepted + rows_quarantined "
            "+ rows_duplicate + rows_left_out",
        ),
        rows(
            f"{_TABLE}.identity",
            "Godtatt beløp i kroner er ikke forbruk + utenfor populasjonen + erstattet av "
            "regnskapet + det fakturaer gir detaljene til, så forbruket er feil.",
            f"""
            select *, coalesce(amount_accepted_nok, 0) - coalesce(spend_nok, 0)
                - coalesce(outside_population_nok, 0) - coalesce(replaced_by_ledger_nok, 0)
                - coalesce(detailed_by_invoices_nok, 0) as difference_nok
            from {_TABLE}
            where status = 'accepted'
                and coalesce(amount_accepted_nok, 0) <> coalesce(spend_nok, 0)
                + coalesce(outside_population_nok, 0) + coalesce(replaced_by_ledger_nok, 0)
                + coalesce(detailed_by_invoices_nok, 0)
            """,
        ),
        rows(
            f"{_TABLE}.kroner_are_kroner",
            "Filens godtatte beløp i norske kroner er et annet etter omregning.",
            f"select * from {_TABLE} where currency = 'NOK' and status = 'accepted' "
            "and is_spend_source and kind <> 'saft_financial' and "
            "coalesce(amount_accepted_nok, 0) + coalesce(amount_unconverted, 0) "
            "<> coalesce(amount_accepted, 0)",
        ),
        rows(
            f"{_TABLE}.loaded_is_accepted",
            "Radene i datasjøen blir ikke beløpet som ble godtatt da filen ble lest.",
            f"select * from {_TABLE} where is_spend_source and status = 'accepted' "
            "and amount_accepted is not null and coalesce(amount_loaded, 0) <> amount_accepted",
        ),
        rows(
            f"{_TABLE}.only_accepted_counts",
            "Filen er ikke godtatt, eller trukket tilbake, men teller likevel i forbruket.",
            f"select * from {_TABLE} where status <> 'accepted' and ({_COUNTED})",
        ),
        rows(
            f"{_TABLE}.only_spend_sources_count",
            "Bestillinger, mottak, priser og budsjetter er ikke forbruk, men filen teller i det.",
            f"select * from {_TABLE} where not is_spend_source "
            f"and (coalesce(amount_accepted_nok, 0) <> 0 or {_COUNTED})",
        ),
        rows(
            f"{_TABLE}.replaced_is_invoices",
            "Bare fakturaer kan erstattes av regnskapet, og bare et regnskap kan ha fakturaer som "
            "detaljer.",
            f"select * from {_TABLE} where (kind <> 'ehf_invoice' and replaced_by_ledger_nok <> 0) "
            "or (kind = 'ehf_invoice' and detailed_by_invoices_nok <> 0)",
        ),
        rows(
            f"{_TABLE}.shares_are_quotients",
            "En andel er ikke delt på det den skal være en andel av.",
            f"""
            select * from {_TABLE} where abs(detailed_share * cast(
                    spend_nok + detailed_by_invoices_nok as double)
                    - cast(detailed_by_invoices_nok as double)) > 0.005
                or abs(replaced_share * cast(amount_accepted_nok as double)
                    - cast(replaced_by_ledger_nok as double)) > 0.005
                or (kind = 'ehf_invoice' and replaced_by_ledger_nok > 0 and replaced_share is null)
            """,
        ),
        rows(
            f"{_TABLE}.quarantine",
            "Filen, eller rader i den, er satt i karantene og er ikke med i tallene.",
            f"select file_name, kind, rows_quarantined, amount_quarantined, quarantine_reason "
            f"from {_TABLE} where rows_quarantined > 0 or quarantine_reason is not null",
            severity="warn",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.replaced_sums_to_documents",
            "Det som er erstattet av regnskapet, er ikke fakturaene i filen som ingen post passer "
            "til.",
            ("source_sha256",),
            "select source_sha256, coalesce(replaced_by_ledger_nok, 0) as nok "
            f"from {_TABLE} where status = 'accepted'",
            "select source_sha256, coalesce(tax_exclusive_nok, 0) as nok from fct_document "
            "where spend_source = 'replaced'",
        ),
        SumsTo(
            f"{_TABLE}.detailed_sums_to_documents",
            "Det som fakturaer gir detaljene til i regnskapene, er ikke beløpet på disse "
            "fakturaene, så kjøp er falt bort eller teller to ganger.",
            (),
            f"select coalesce(detailed_by_invoices_nok, 0) as nok from {_TABLE}",
            "select tax_exclusive_nok as nok from fct_document where spend_source = 'ledger'",
        ),
    ),
)
