"""The suite of `mart_exemption`: granted exemptions and what was bought while they held."""

from __future__ import annotations

from data_quality.checks import Suite, columns, half_open, key, no_orphans, rows

_TABLE = "mart_exemption"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "unit_id": "text",
                "valid_from": "date",
                "valid_to": "date",
                "reason": "text",
                "is_in_force": "boolean",
                "affected_nok": "money",
                "on_agreement_nok": "money",
                "elsewhere_nok": "money",
            },
        ),
        *key(_TABLE, "agreement_id", "unit_id", "valid_from"),
        *half_open(_TABLE, "agreement_id", "unit_id"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        rows(
            f"{_TABLE}.parts_add_up",
            "Det som er kjøpt på avtalen og andre steder, blir ikke det unntaket berører.",
            f"select * from {_TABLE} where on_agreement_nok + elsewhere_nok <> affected_nok",
            rule_id="A03",
        ),
        rows(
            f"{_TABLE}.exempt_is_not_disloyal",
            "Et kjøp regnes som utenfor avtale eller feil sone mens enheten var fritatt.",
            f"select line.spend_line_id from {_TABLE} as exemption "
            "inner join fct_spend_line as line on line.unit_id = exemption.unit_id "
            "and line.agreement_id = exemption.agreement_id "
            "where line.decisive_date >= exemption.valid_from "
            "and line.decisive_date < exemption.valid_to "
            "and line.loyalty_class in ('off_agreement', 'wrong_zone') "
            "and line.loyalty_evidence not in ('credited_line', 'spread_over_document')",
            rule_id="A03",
        ),
    ),
    no_sum="Samme linje kan berøres av unntak fra flere avtaler.",
)
