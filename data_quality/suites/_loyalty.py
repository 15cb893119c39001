"""What the suites of `mart_loyalty` and `mart_loyalty_unit` share."""

from __future__ import annotations

from data_quality.checks import Check, Kind, SumsTo, in_set, not_null, rows, share

FIGURES: dict[str, Kind] = {
    "on_agreement_nok": "money",
    "wrong_zone_nok": "money",
    "outside_period_nok": "money",
    "off_agreement_nok": "money",
    "undetermined_positive_nok": "money",
    "undetermined_negative_nok": "money",
    "classified_share": "share",
    "loyalty_low": "share",
    "loyalty_high": "share",
    "status": "text",
}
CLASSES = ("on_agreement", "wrong_zone", "off_agreement")


def loyalty_checks(table: str) -> tuple[Check, ...]:
    """Return the checks of the loyalty figures, their bounds and their status."""
    return (
        *(not_null(table, name) for name, kind in FIGURES.items() if kind == "money"),
        not_null(table, "status"),
        in_set(table, "status", ("assessed", "weak", "net_credit", "not_assessed")),
        rows(
            f"{table}.classified_share_range",
            "Andelen med kjent kategori er under 0 eller over 1.",
            # A credit on an unknown category may take the share of the net sum past 1.
            f"select loyalty.* from {table} as loyalty "
            "where (loyalty.classified_share < 0 or loyalty.classified_share > 1) "
            "and not exists (select 1 from fct_spend_line as line "
            "where line.year = loyalty.year and line.unit_id = loyalty.unit_id "
            "and line.amount_nok < 0)",
        ),
        share(table, "loyalty_low"),
        share(table, "loyalty_high"),
        rows(
            f"{table}.low_not_above_high",
            "Nedre grense for lojaliteten er over den øvre.",
            f"select * from {table} where loyalty_low > loyalty_high + 1e-9",
            rule_id="D04",
        ),
        rows(
            f"{table}.bounds_from_parts",
            "Lojaliteten er ikke regnet av beløpene i raden.",
            f"""
            select * from (
                select *,
                    cast(on_agreement_nok as double) as loyal,
                    cast(on_agreement_nok + wrong_zone_nok + off_agreement_nok as double) as known,
                    cast(undetermined_positive_nok as double) as positive,
                    cast(undetermined_negative_nok as double) as negative
                from {table}
            ) as parts
            where abs(loyalty_low - loyal / nullif(known + negative, 0)) > 1e-9
                or abs(loyalty_high - (loyal + positive) / nullif(known + positive, 0)) > 1e-9
            """,
            rule_id="D04",
        ),
        rows(
            f"{table}.status_fits",
            "En enhet uten kjøp eller med netto kreditt har fått en prosent, eller en vurdert "
            "enhet har ingen.",
            f"""
            select * from {table}
            where (status in ('not_assessed', 'net_credit')
                    and (loyalty_low is not null or loyalty_high is not null))
                or (status = 'assessed' and (loyalty_low is null or loyalty_high is null))
            """,
            rule_id="D06",
        ),
    )


def sums_to_lines(table: str, groups: tuple[str, ...]) -> tuple[SumsTo, ...]:
    """Return, class by class, that the amounts are those of the classified spend lines."""
    by = ", ".join(groups)
    return tuple(
        SumsTo(
            f"{table}.{name}_sums_to_lines",
            f"Beløpet i {name}_nok er ikke summen av linjene i den klassen ({by}).",
            groups,
            f"select {by}, {name}_nok as nok from {table}",
            f"select {by}, amount_nok as nok from fct_spend_line where loyalty_class = '{name}'",
            rule_id="A02" if name == "on_agreement" else "D04",
        )
        for name in CLASSES
    )
