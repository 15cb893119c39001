"""The agreements themselves: what runs out, ceilings, gaps, lead buyers and prices (A01, D01, E05).

Whether the agreements are used is in `loyalty` and `adherence`.
"""

from __future__ import annotations

from pipelines.reporting import charts, labels
from pipelines.reporting.charts import Chart
from pipelines.reporting.database import Row
from pipelines.reporting.formats import MISSING, number
from pipelines.reporting.listings import (
    Listing,
    coded,
    count,
    dated,
    flag,
    made,
    money,
    share,
    text,
)


def _days_left(row: Row) -> str:
    days = row["days_left"]
    if days is None:
        return MISSING
    if days == 0:
        return "i dag"
    return f"{number(-days)} siden" if days < 0 else f"om {number(days)}"


CALENDAR = Listing(
    table_id="kalender",
    caption="Frister og utløp, de forfalte først",
    source="mart_agreement_calendar",
    query="""
        select * from mart_agreement_calendar
        where status in ('overdue', 'upcoming') and (is_task or event_type = 'end')
    """,
    order="event_order, agreement_id, event",
    fields=(
        text("Avtale", "agreement_title"),
        text("Hendelse", "event_nb"),
        dated("Dag", "event_date"),
        made("Dager", _days_left, is_number=True),
        coded("Status", "status", labels.EVENT_STATUSES),
        made("Har forvalter", lambda row: "ja" if row["agreement_manager"] else "nei"),
    ),
    empty="Ingen avtale har en frist eller et utløp som kommer eller er forfalt.",
    top=25,
)

OPTIONS = Listing(
    table_id="opsjoner",
    caption="Opsjoner som bør undersøkes, per rapportens dato",
    source="mart_agreement_option",
    query="""
        select * from mart_agreement_option
        where
            state in ('overdue', 'out_of_order')
            or is_exercised_late
            or (not is_exercised and spend_before_nok > 0)
    """,
    order="deadline_date nulls last, agreement_id, option_kind, option_id",
    fields=(
        text("Avtale", "agreement_title"),
        text("Opsjon", "option_title"),
        coded("Slag", "option_kind", labels.OPTION_KINDS),
        coded("Tilstand", "state", labels.OPTION_STATES),
        dated("Frist", "deadline_date"),
        dated("Utløst", "exercised_date"),
        money("Kjøpt på opsjonen", "spend_nok"),
        money("Kjøpt uten at den var utløst", "spend_before_nok"),
    ),
    empty="Ingen opsjoner er forfalt, utløst for sent eller brukt uten å være utløst.",
    top=15,
)


def _ceiling_chart(rows: list[Row]) -> Chart:
    series = (("Brukt", "ceiling_share"), ("Framskrevet til utløp", "projected_ceiling_share"))
    return charts.shares(
        "tak",
        "Hvor mye av taket som er brukt, og framskrevet til avtalen utløper",
        [row["title"] for row in rows],
        [(name, [row[column] for row in rows]) for name, column in series],
    )


def _ceiling_date(row: Row) -> str:
    if row["ceiling_date"] is None:
        method = str(row["projection_method"])
        return "nås ikke" if method == "linear" else labels.PROJECTION_METHODS.get(method, method)
    words = f"{row['ceiling_date']:%d.%m.%Y}"
    return f"{words} (framskrevet)" if row["is_ceiling_date_projected"] else words


CEILINGS = Listing(
    table_id="tak",
    caption="Avtaler med tak, nærmest taket først, kroner uten mva.",
    source="mart_agreement_status",
    query="select * from mart_agreement_status where is_active and ceiling_nok > 0",
    order=(
        "is_ceiling_reached desc, greatest(coalesce(projected_ceiling_share, 0), ceiling_share) "
        "desc, agreement_id"
    ),
    fields=(
        text("Avtale", "title"),
        money("Omsetning", "turnover_nok"),
        money("Tak", "ceiling_nok"),
        share("Brukt", "ceiling_share"),
        money("Framskrevet", "projected_nok"),
        share("Av taket", "projected_ceiling_share"),
        made("Taket nås", _ceiling_date),
        dated("Utløper", "end_date"),
        flag("Hele historikken", "has_full_history"),
    ),
    empty="Ingen avtale som gjelder, har et tak.",
    top=12,
    chart=_ceiling_chart,
)

NOT_FOLLOWED = Listing(
    table_id="avtaler-uten",
    caption="Avtaler som gjelder, uten forvalter eller uten omsetning",
    source="mart_agreement_status",
    query="""
        select * from mart_agreement_status
        where is_active and (is_without_owner or is_without_turnover)
    """,
    order="valid_from, agreement_id",
    fields=(
        text("Avtale", "title"),
        flag("Har forvalter", "is_without_owner", "nei", "ja"),
        flag("Har omsetning", "is_without_turnover", "nei", "ja"),
        dated("Fra", "valid_from"),
        dated("Utløper", "end_date"),
        text("Holdt konkurransen", "lead_buyer"),
    ),
    empty="Alle avtalene som gjelder, har en forvalter og er brukt.",
    top=15,
)

GAPS = Listing(
    table_id="uten-avtale",
    caption="Kategorier uten avtale i {year}, kroner uten mva.",
    source="mart_category_agreement_gap",
    query="select * from mart_category_agreement_gap where year = $year and is_without_agreement",
    order="gap_rank, category_id",
    fields=(
        text("Kategori", "category_name"),
        text("Faggruppe", "faggruppe"),
        flag("Påvirkbar", "is_addressable"),
        money("Forbruk", "spend_nok"),
        count("Leverandører", "supplier_count"),
        made(
            "Kategorier med avtale i faggruppen",
            lambda row: (
                ""
                if row["faggruppe_category_count"] is None
                else f"{number(row['faggruppe_covered_category_count'])} av "
                f"{number(row['faggruppe_category_count'])}"
            ),
            is_number=True,
        ),
    ),
    totals=("spend_nok",),
    empty="Alle kategorier med kjøp i året hadde en avtale.",
    top=15,
)

LEAD_BUYERS = Listing(
    table_id="oppdragsgivere",
    caption="Omsetning på avtalene i {year} etter hvem som holdt konkurransen, kroner uten mva.",
    source="mart_lead_buyer",
    query="select * from mart_lead_buyer where year = $year",
    order="turnover_nok desc, lead_buyer",
    fields=(
        text("Holdt konkurransen", "lead_buyer"),
        count("Avtaler", "agreement_count"),
        count("Avtaler i bruk", "used_agreement_count"),
        count("Leverandører", "supplier_count"),
        money("Omsetning", "turnover_nok"),
        share("Andel", "turnover_share"),
    ),
    totals=("turnover_nok",),
    empty="Ingen avtaler gjaldt i året.",
)


def _quarter(row: Row) -> str:
    start = row["quarter_start"]
    return f"{(start.month + 2) // 3}. kvartal {start.year}"


def _unit_price(row: Row, column: str) -> str:
    return f"{number(row[column], 2)}\u00a0kr"


PRICES = Listing(
    table_id="priser",
    caption="Prisøkningene i {year} som kostet mest, fra forrige kvartal varen ble kjøpt",
    source="mart_price_change",
    query="""
        select * from mart_price_change
        where year = $year and is_comparable and price_effect_nok > 0
    """,
    order=("price_effect_nok desc, supplier_id, item_id, unit_code, currency, quarter_start"),
    fields=(
        text("Vare", "item_name"),
        text("Leverandør", "supplier_name"),
        made("Kvartal", _quarter),
        made("Pris sist", lambda row: _unit_price(row, "previous_price_nok"), is_number=True),
        made("Pris", lambda row: _unit_price(row, "unit_price_nok"), is_number=True),
        share("Endring", "change_share"),
        money("Det utgjør", "price_effect_nok"),
        share("Avtalt endring", "contracted_change_share"),
        share("Mot prislisten", "above_contract_share"),
    ),
    empty="Ingen vare er kjøpt til en høyere pris enn sist.",
    top=15,
)


LISTINGS = {
    "calendar": CALENDAR,
    "options": OPTIONS,
    "ceilings": CEILINGS,
    "not_followed": NOT_FOLLOWED,
    "gaps": GAPS,
    "lead_buyers": LEAD_BUYERS,
    "prices": PRICES,
}
