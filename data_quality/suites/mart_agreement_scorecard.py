"""The suite of `mart_agreement_scorecard`: what follow-up of an agreement needs, side by side."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, no_orphans, not_null, rows

_TABLE = "mart_agreement_scorecard"
_CLASSES = ("on_agreement", "wrong_zone", "off_agreement")

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "agreement_id": "text",
                "title": "text",
                "definition_id": "text",
                "turnover_nok": "money",
                "used_supplier_count": "integer",
                "used_category_count": "integer",
                **{f"{name}_nok": "money" for name in _CLASSES},
                "undetermined_positive_nok": "money",
                "undetermined_negative_nok": "money",
                "loyalty_low": "share",
                "loyalty_high": "share",
                "loyalty_status": "text",
                "price_effect_nok": "money",
                "deviation_count": "integer",
                "open_deviation_count": "integer",
            },
        ),
        *key(_TABLE, "year", "agreement_id"),
        not_null(_TABLE, "definition_id"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        in_set(_TABLE, "loyalty_status", ("assessed", "weak", "net_credit", "not_assessed")),
        rows(
            f"{_TABLE}.interval",
            "Lojaliteten er utenfor 0 til 1, eller den laveste er over den høyeste.",
            f"select * from {_TABLE} where loyalty_low < 0 or loyalty_high > 1 "
            "or loyalty_low > loyalty_high",
            rule_id="D09",
        ),
        rows(
            f"{_TABLE}.low_is_quotient",
            "Den laveste lojaliteten er ikke kjøp på avtale delt på alt den skal deles på.",
            f"select * from {_TABLE} where abs(loyalty_low - cast(on_agreement_nok as double) "
            "/ nullif(cast(on_agreement_nok + wrong_zone_nok + off_agreement_nok "
            "+ undetermined_negative_nok as double), 0)) > 1e-9",
            rule_id="D09",
        ),
        rows(
            f"{_TABLE}.counts_fit",
            "Det er flere åpne avvik enn avvik, eller omsetning uten leverandør.",
            f"select * from {_TABLE} where open_deviation_count > deviation_count "
            "or (turnover_nok <> 0 and used_supplier_count = 0)",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_lines",
            "Omsetningen er ikke summen av linjene på avtalen det året.",
            ("year", "agreement_id"),
            f"select year, agreement_id, turnover_nok as nok from {_TABLE} where turnover_nok <> 0",
            "select year, agreement_id, amount_nok as nok from fct_spend_line "
            "where agreement_id is not null and loyalty_class in ('on_agreement', 'voluntary')",
            rule_id="D09",
        ),
        *(
            SumsTo(
                f"{_TABLE}.{name}_sums_to_loyalty",
                f"«{name}_nok» er ikke summen over enhetene i mart_loyalty.",
                ("year", "agreement_id"),
                f"select year, agreement_id, {name}_nok as nok from {_TABLE}",
                f"select year, agreement_id, {name}_nok as nok from mart_loyalty",
                rule_id="D09",
            )
            for name in _CLASSES
        ),
    ),
)
