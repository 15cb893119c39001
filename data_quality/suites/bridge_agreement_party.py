"""The suite of `bridge_agreement_party`: who may buy on an agreement."""

from __future__ import annotations

from data_quality.checks import Suite, columns, half_open, key, no_orphans, rows

_TABLE = "bridge_agreement_party"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "party_id": "text",
                "party_name": "text",
                "orgnr": "text",
                "organisation_form": "text",
                "is_eligible": "boolean",
                "valid_from": "date",
                "valid_to": "date",
            },
        ),
        *key(_TABLE, "agreement_id", "party_id", "valid_from"),
        *half_open(_TABLE, "agreement_id", "party_id"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        rows(
            f"{_TABLE}.not_eligible",
            "En part har en organisasjonsform som avtalen ikke er åpen for: bør undersøkes.",
            f"select * from {_TABLE} where not is_eligible",
            severity="warn",
            rule_id="C01",
        ),
    ),
    no_sum="Broen sier hvem som kan kjøpe, og har ingen beløp.",
)
