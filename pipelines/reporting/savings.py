"""Planned, realised and leaked gains per agreement, with the method behind them (E15, C05, E11)."""

from __future__ import annotations

from pipelines.reporting import labels
from pipelines.reporting.listings import Listing, coded, count, money, share, text

SAVINGS = Listing(
    table_id="gevinster",
    caption="Gevinster per avtale i {year}, kroner uten mva.",
    source="mart_saving",
    query="""
        select * from mart_saving
        where
            year = $year
            and (plan_count > 0 or realised_saving_nok <> 0 or leaked_saving_nok <> 0)
    """,
    order="planned_saving_nok desc nulls last, realised_saving_nok desc, agreement_id",
    fields=(
        text("Avtale", "agreement_title"),
        money("Planlagt", "planned_saving_nok"),
        money("Oppnådd", "realised_saving_nok"),
        share("Av planen", "realised_share"),
        money("Tapt", "leaked_saving_nok"),
        money("Kjøpt på avtalen", "on_agreement_nok"),
        money("Av det målt", "measured_nok"),
        money("Kjøpt utenfor", "leaked_spend_nok"),
        money("Av det målt utenfor", "leaked_measured_nok"),
        money("Utenfor avtaleperioden", "outside_period_nok"),
    ),
    totals=(
        "planned_saving_nok",
        "realised_saving_nok",
        "leaked_saving_nok",
        "on_agreement_nok",
        "measured_nok",
        "leaked_spend_nok",
        "leaked_measured_nok",
        "outside_period_nok",
    ),
    empty="Ingen gevinster er planlagt eller kan regnes ut: det mangler plan og priser.",
    top=20,
)

METHODS = Listing(
    table_id="gevinstmetoder",
    caption="Hvordan gevinstene i {year} er regnet, kroner uten mva.",
    source="mart_saving_item",
    query="""
        select
            max(year) as year,
            method,
            sum(amount_nok) as amount_nok,
            sum(realised_saving_nok) as realised_saving_nok,
            sum(leaked_saving_nok) as leaked_saving_nok,
            cast(sum(line_count) as bigint) as line_count
        from mart_saving_item
        where year = $year
        group by method
    """,
    order="method = 'none', method",
    fields=(
        coded("Metode", "method", labels.SAVING_METHODS),
        money("Betalt", "amount_nok"),
        money("Oppnådd gevinst", "realised_saving_nok"),
        money("Tapt gevinst", "leaked_saving_nok"),
        count("Linjer", "line_count"),
    ),
    totals=("amount_nok", "realised_saving_nok", "leaked_saving_nok", "line_count"),
    empty="Ingen kjøp er gjort på avtaler i året.",
)

DEVIATIONS = Listing(
    table_id="prisavvik",
    caption="Avtaler der det er fakturert mer enn avtaleprisen i {year}, kroner uten mva.",
    source="mart_saving",
    query="select * from mart_saving where year = $year and overcharged_nok > 0",
    order="overcharged_nok desc, agreement_id",
    fields=(
        text("Avtale", "agreement_title"),
        money("Kjøp der avtaleprisen er kjent", "price_checked_nok"),
        money("Fakturert over avtaleprisen", "overcharged_nok"),
        count("Linjer over", "overcharged_line_count"),
        money("Avvik, netto", "price_deviation_nok"),
    ),
    totals=("price_checked_nok", "overcharged_nok", "overcharged_line_count"),
    empty="Ingen linjer er fakturert over avtaleprisen der den er kjent.",
    top=15,
)

LISTINGS = {"savings": SAVINGS, "saving_methods": METHODS, "price_deviations": DEVIATIONS}
