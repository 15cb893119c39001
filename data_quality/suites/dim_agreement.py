"""The suite of `dim_agreement`. Its dates are inclusive last days."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, key, not_null, rows

_TABLE = "dim_agreement"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "title": "text",
                "is_binding": "boolean",
                "own_production_allowed": "boolean",
                "lead_buyer": "text",
                "valid_from": "date",
                "end_date": "date",
                "latest_end_date": "date",
                "agreement_manager": "text",
                "ceiling_nok": "money",
            },
        ),
        *key(_TABLE, "agreement_id"),
        not_null(_TABLE, "title"),
        not_null(
            _TABLE,
            "is_binding",
            "Det er ikke sagt om avtalen forplikter, så lojalitet kan ikke regnes.",
            rule_id="C02",
        ),
        not_null(_TABLE, "own_production_allowed", rule_id="D06"),
        not_null(_TABLE, "valid_from"),
        not_null(_TABLE, "end_date"),
        not_null(_TABLE, "latest_end_date"),
        rows(
            f"{_TABLE}.dates_in_order",
            "Avtalen slutter før den begynner, eller senest mulige slutt er før slutten, så "
            "kjøp ville bli plassert i feil periode.",
            f"select * from {_TABLE} where valid_from > end_date or end_date > latest_end_date",
            rule_id="A01",
        ),
        between(_TABLE, "ceiling_nok", 0, None, "Avtalens tak er under null kroner."),
        not_null(
            _TABLE,
            "agreement_manager",
            "Avtalen har ingen avtaleforvalter i registeret, så ingen vet hvem som svarer for den.",
            severity="warn",
            rule_id="A15",
        ),
    ),
    no_sum="Takbeløpet er en opplysning fra registeret, ikke en sum av kjøp.",
)
