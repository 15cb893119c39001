"""Purchases without an agreement against the threshold values of the regulation (E07).

The windows are made in the mart; nothing here says that a competition should have been held.
"""

from __future__ import annotations

from pipelines.reporting import labels
from pipelines.reporting.database import Row
from pipelines.reporting.formats import day
from pipelines.reporting.listings import Listing, coded, made, money, share, text


def _window(row: Row) -> str:
    return f"{day(row['window_start'])}–{day(row['last_date'])}"


def _subject(row: Row) -> str:
    if row["supplier_name"] is None:
        return str(row["category_name"])
    return f"{row['supplier_name']}: {row['category_name']}"


def _assessment(row: Row) -> str:
    responsible = labels.RESPONSIBLE.get(row["responsible"], row["responsible"])
    return f"{row['assessment']} ({responsible})" if responsible else str(row["assessment"])


WATCH = Listing(
    table_id="terskler",
    caption="Største vindu med kjøp uten avtale, lik eller over terskelverdien først",
    source="mart_threshold_watch",
    query="""
        select
            w.*,
            w.window_end - 1 as last_date,
            coalesce(c.name, w.category_id) as category_name,
            case when w.scope = 'supplier' then coalesce(s.name, w.supplier_id) end
                as supplier_name,
            cast(w.spend_without_agreement_nok as double) / nullif(w.threshold_nok, 0)
                as threshold_share
        from mart_threshold_watch as w
        left join dim_category as c on w.category_id = c.category_id
        left join dim_supplier as s on w.supplier_id = s.supplier_id
        where w.is_peak
    """,
    order=(
        "coalesce(is_at_or_above, false) desc, coalesce(is_at_or_above_eea, false) desc, "
        "threshold_share desc nulls last, spend_without_agreement_nok desc, watch_id"
    ),
    fields=(
        made("Kategori i hele kommunen, eller leverandør: kategori", _subject),
        made("Vindu", _window),
        money("Kjøp uten avtale", "spend_without_agreement_nok"),
        money("Terskelverdi", "threshold_nok"),
        share("Av terskelen", "threshold_share"),
        money("EØS-terskel", "eea_threshold_nok"),
        made("Vurdering", _assessment),
        text("Hvor sikker terskelen er", "threshold_status"),
    ),
    empty="Ingen kjøp uten avtale er funnet i kategorier som er kjent.",
    top=30,
)

UNITS = Listing(
    table_id="terskler-enheter",
    caption="Hvem som kjøpte i vinduene som er lik eller over terskelverdien",
    source="mart_threshold_unit",
    query="""
        select u.*, w.window_end - 1 as last_date, coalesce(c.name, u.category_id) as category_name
        from mart_threshold_unit as u
        inner join mart_threshold_watch as w on u.watch_id = w.watch_id
        left join dim_category as c on u.category_id = c.category_id
        where w.is_peak and w.is_at_or_above and w.scope = 'municipality'
    """,
    order="spend_nok desc, part_id",
    fields=(
        text("Kategori", "category_name"),
        text("Enhet", "unit_name"),
        text("Sektor", "sector"),
        made("Vindu", _window),
        coded("Klasse", "loyalty_class", labels.LOYALTY_CLASSES),
        money("Kjøp", "spend_nok"),
        share("Av vinduet", "window_share"),
        coded("Hører til", "responsible", labels.RESPONSIBLE),
    ),
    empty="Ingen vinduer er lik eller over terskelverdien.",
    top=20,
)

LISTINGS = {"thresholds": WATCH, "threshold_units": UNITS}
