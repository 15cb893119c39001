"""What the suites of `mart_loyalty` and `mart_loyalty_unit` share."""

from __future__ import annotations

from data_quality.checks import Check, Kind, SumsTo, in_set, not_null, rows, share
from data_quality.suites._undetermined import undetermined_checks

FIGURES: dict[str, Kind] = {
    "line_count": "integer",
    "spend_unit_nok": "money",
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
CLASSES = ("on_agreement", "wrong_zone", "outside_period", "off_agreement")

# What the status follows from, and the status that it gives (D06). The limits are the build's own.
_JUDGED = """
    with known as (
        select year, unit_id, sum(amount_nok) as spend_nok,
            sum(if(category_id <> 'unknown', amount_nok, 0)) as known_nok
        from fct_spend_line group by year, unit_id
    ),
    parts as (
        select loyalty.*, coalesce(known.spend_nok, 0) as spend_nok,
            coalesce(known.known_nok, 0) as known_nok,
            on_agreement_nok + wrong_zone_nok + off_agreement_nok as determined_nok,
            least(on_agreement_nok, wrong_zone_nok, off_agreement_nok,
                undetermined_positive_nok, undetermined_negative_nok) as least_nok
        from {table} as loyalty left join known using (year, unit_id)
    ),
    judged as (
        select parts.*, case
            when line_count = 0 then 'not_assessed'
            when least_nok < 0 then 'net_credit'
            when spend_nok <= 0 or line_count < context.weak_min_lines
                or known_nok < cast(context.weak_classified_share as decimal(9, 6))
                    * cast(spend_nok as decimal(28, 2))
                or determined_nok + undetermined_positive_nok + undetermined_negative_nok
                    < context.weak_min_nok
                or determined_nok + undetermined_negative_nok = 0
                or determined_nok + undetermined_positive_nok = 0 then 'weak'
            else 'assessed' end as expected_status
        from parts cross join $run_context as context
    )
    select * exclude (determined_nok, least_nok) from judged
"""


def loyalty_checks(table: str, groups: tuple[str, ...]) -> tuple[Check, ...]:
    """Return the checks of the figures, bounds and status of a mart whose key is `groups`."""
    return (
        *_figure_checks(table),
        *undetermined_checks(table, groups),
        _bounds_from_parts(table),
        *_status_checks(table),
    )


def _figure_checks(table: str) -> tuple[Check, ...]:
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
    )


def _bounds_from_parts(table: str) -> Check:
    return rows(
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
            or (status in ('weak', 'assessed') and (
                (loyalty_low is null) <> (known + negative = 0)
                or (loyalty_high is null) <> (known + positive = 0)))
        """,
        rule_id="D04",
    )


def _status_checks(table: str) -> tuple[Check, ...]:
    judged = _JUDGED.format(table=table)
    return (
        rows(
            f"{table}.classified_share_from_lines",
            "Andelen med kjent kategori, eller enhetens forbruk, er ikke regnet av enhetens linjer "
            "det året.",
            f"""
            {judged}
            where spend_unit_nok <> spend_nok
                or (classified_share is null) <> (spend_nok <= 0)
                or abs(classified_share
                    - cast(known_nok as double) / nullif(cast(spend_nok as double), 0)) > 1e-9
            """,
        ),
        rows(
            f"{table}.status_fits",
            "Statusen er ikke den som linjer, beløp og byggets grenser gir, eller en enhet uten "
            "kjøp eller med netto kreditt har fått en prosent.",
            f"""
            {judged}
            where status <> expected_status
                or (status in ('not_assessed', 'net_credit')
                    and (loyalty_low is not null or loyalty_high is not null))
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
