"""Goals of the strategy: key figures against targets, milestones, controls, and authority.

The figures are made in the marts (E08, E09, E16-E24); here they are put in words.
"""

from __future__ import annotations

from pipelines.reporting import labels
from pipelines.reporting.database import Row
from pipelines.reporting.formats import MISSING, number, percent
from pipelines.reporting.listings import Listing, coded, count, dated, made, money, share, text


def measured(row: Row, column: str) -> str:
    """Return a key figure's value as a percentage or as a number, by its kind."""
    if row["value_kind"] == "share":
        return percent(row[column])
    return number(row[column])


def _target(row: Row) -> str:
    if row["target"] is None:
        return MISSING
    side = labels.COMPARISONS.get(row["comparison"], row["comparison"])
    return f"{side} {measured(row, 'target')}"


def _definition(row: Row) -> str:
    return ", ".join(code for code in (row["rule_id"], row["definition_id"]) if code)


KPIS = Listing(
    table_id="maal",
    caption="Måltall i strategien i {year}; teller og nevner er kroner uten mva. eller antall",
    source="mart_strategy_kpi",
    query="select * from mart_strategy_kpi where year = $year",
    order="sort_order, kpi_id",
    fields=(
        text("Måltall", "name_nb"),
        made("Verdi", lambda row: measured(row, "value"), is_number=True),
        made("Mål", _target, is_number=True),
        coded("Status", "status", labels.KPI_STATUSES),
        made("Året før", lambda row: measured(row, "previous_value"), is_number=True),
        coded("Utvikling", "trend", labels.TRENDS),
        count("Teller", "numerator"),
        count("Nevner", "denominator"),
        made("Regel og definisjon", _definition),
    ),
    empty="Ingen måltall er regnet ut for året.",
)

TARGETS = Listing(
    table_id="maal-vedtak",
    caption="Hvordan måltallene er regnet, og hvor målene for {year} er vedtatt",
    source="mart_strategy_kpi",
    query="select * from mart_strategy_kpi where year = $year",
    order="sort_order, kpi_id",
    fields=(
        text("Måltall", "name_nb"),
        text("Slik er det regnet", "description_nb"),
        text("Målet er vedtatt i", "target_source"),
    ),
    empty="Ingen måltall er målt i året.",
)

MILESTONES = Listing(
    table_id="milepaeler",
    caption="Milepæler i strategien",
    source="mart_milestone",
    query="select * from mart_milestone",
    order="due_date, milestone_id",
    fields=(
        text("Milepæl", "title"),
        text("Punkt i strategien", "strategy_reference"),
        dated("Frist", "due_date"),
        dated("Nådd", "done_date"),
        coded("Status", "status", labels.MILESTONE_STATUSES),
        count("Dager over fristen", "days_late"),
    ),
    empty="Ingen milepæler er registrert.",
)

CONTROLS = Listing(
    table_id="kontroller",
    caption="Kontrollerte leverandører i kategorier med risiko i {year}",
    source="mart_control_coverage",
    query="select * from mart_control_coverage where year = $year",
    order="controlled_share, spend_nok desc, category_id",
    fields=(
        text("Kategori", "category_name"),
        coded("Risiko", "control_risk", labels.CONTROL_RISKS),
        count("Leverandører", "supplier_count"),
        count("Kontrollert", "controlled_supplier_count"),
        share("Andel kontrollert", "controlled_share"),
        money("Forbruk", "spend_nok"),
        money("Hos kontrollerte", "controlled_nok"),
    ),
    empty="Ingen kjøp er gjort i kategorier der registeret sier at leverandører skal kontrolleres.",
)

AUTHORITY = Listing(
    table_id="fullmakt",
    caption="Kjøp over fullmaktsgrensen i {year}, kroner uten mva.",
    source="mart_authority_exceeded",
    query="""
        select
            max(year) as year,
            coalesce(sector, 'Ukjent sektor') as sector,
            limit_kind,
            count(*) as purchase_count,
            sum(amount_nok) as amount_nok,
            sum(above_limit_nok) as above_limit_nok
        from mart_authority_exceeded
        where year = $year
        group by coalesce(sector, 'Ukjent sektor'), limit_kind
    """,
    order="purchase_count desc, amount_nok desc, sector, limit_kind",
    fields=(
        text("Sektor", "sector"),
        coded("Grensen kjøpet er holdt mot", "limit_kind", labels.LIMIT_KINDS),
        count("Kjøp over grensen", "purchase_count"),
        money("Beløp", "amount_nok"),
        money("Over grensen", "above_limit_nok"),
    ),
    totals=("purchase_count", "amount_nok", "above_limit_nok"),
    empty="Ingen kjøp i året er funnet over fullmaktsgrensen, eller ingen grenser er registrert.",
)

LISTINGS = {
    "kpis": KPIS,
    "targets": TARGETS,
    "milestones": MILESTONES,
    "controls": CONTROLS,
    "authority": AUTHORITY,
}
