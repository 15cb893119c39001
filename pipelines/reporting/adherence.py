"""Loyalty beyond `loyalty`: sectors, zones, leaks, overlaps, exemptions, call-offs (A02-A04, E06).

Rows on one level are never added to another: a line that is not judged can count on several.
"""

from __future__ import annotations

from pipelines.reporting import charts, labels
from pipelines.reporting.charts import Chart
from pipelines.reporting.database import Row
from pipelines.reporting.formats import day, interval
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

_INTERVAL = (
    coded("Grunnlag", "status", labels.STATUSES),
    made("Lojalitet", lambda row: interval(row["loyalty_low"], row["loyalty_high"])),
    money("På avtale", "on_agreement_nok"),
    money("Feil sone", "wrong_zone_nok"),
    money("Utenfor avtale", "off_agreement_nok"),
    money("Kan være lojalt", "undetermined_positive_nok"),
    money("Kan ikke være lojalt", "undetermined_negative_nok"),
)
_STATUS_ORDER = (
    "case status when 'assessed' then 0 when 'weak' then 1 when 'net_credit' then 2 else 3 end"
)


def _sector_chart(rows: list[Row]) -> Chart | None:
    title = f"Avtalelojalitet per sektor i {rows[0]['year']}: laveste og høyeste mulige andel"
    return charts.intervals("lojalitet-sektorer", title, [(row["level_name"], row) for row in rows])


SECTORS = Listing(
    table_id="lojalitet-sektorer",
    caption="Avtalelojalitet per sektor i {year}, alle forpliktende avtaler, kroner uten mva.",
    source="mart_loyalty_level",
    query="""
        select * from mart_loyalty_level
        where year = $year and level = 'sector' and period = 'year'
    """,
    order=f"{_STATUS_ORDER}, loyalty_low desc nulls last, level_id",
    fields=(text("Sektor", "level_name"), *_INTERVAL),
    empty="Ingen sektor har kjøp som er dekket av en forpliktende avtale.",
    chart=_sector_chart,
)

ZONES = Listing(
    table_id="lojalitet-soner",
    caption="Avtalelojalitet per sone og delkontrakt i {year}, avtaler med flere, uten mva.",
    source="mart_loyalty_level",
    query="""
        with
            lots as (
                select *, count(*) over (partition by agreement_id) as lot_count
                from mart_loyalty_level
                where year = $year and level = 'lot' and period = 'year'
            )
        select * from lots where lot_count > 1
    """,
    order=f"agreement_id, {_STATUS_ORDER}, level_id",
    fields=(text("Avtale og sone", "level_name"), *_INTERVAL),
    empty="Ingen avtale med flere soner eller delkontrakter er i bruk i året.",
    top=30,
)


def _reason(row: Row) -> str:
    return f"{labels.loyalty_class(row['loyalty_class'])}. {row['reason_nb']}"


LEAKS = Listing(
    table_id="lekkasjer",
    caption="Største kjøp utenfor avtale eller i feil sone i {year}, kroner uten mva.",
    source="mart_loyalty_leak",
    query="select * from mart_loyalty_leak where year = $year and is_leak",
    order="leak_rank, unit_id, agreement_id, lot, supplier_id, loyalty_class",
    fields=(
        text("Leverandør", "supplier_name"),
        text("Enhet", "unit_name"),
        text("Kjøpt", "category_names"),
        made("Klasse og årsak, så langt tallene vet", _reason),
        text("Riktig leverandør", "right_suppliers"),
        money("Beløp", "amount_nok"),
        share("Samlet", "cumulative_share"),
        count("Linjer", "line_count"),
    ),
    totals=("amount_nok", "line_count"),
    empty="Ingen slike kjøp er funnet i året.",
    top=20,
)

OUTSIDE_PERIOD = Listing(
    table_id="utenfor-perioden",
    caption="Største kjøp utenfor avtaleperioden i {year}, kroner uten mva.",
    source="mart_loyalty_leak",
    query="select * from mart_loyalty_leak where year = $year and not is_leak",
    order="leak_rank, unit_id, agreement_id, lot, supplier_id, loyalty_class",
    fields=(
        text("Leverandør", "supplier_name"),
        text("Enhet", "unit_name"),
        text("Avtale", "agreement_title"),
        made("Kjøpt", lambda row: f"{day(row['first_date'])}–{day(row['last_date'])}"),
        text("Årsak, så langt tallene vet", "reason_nb"),
        money("Beløp", "amount_nok"),
        count("Linjer", "line_count"),
    ),
    totals=("amount_nok", "line_count"),
    empty="Ingen kjøp utenfor avtaleperioden er funnet i året.",
    top=10,
)

EVIDENCE = Listing(
    table_id="lojalitet-bevis",
    caption="Hva det som er kjøpt på avtaler i {year}, bygger på, kroner uten mva.",
    source="mart_loyalty_evidence",
    query="""
        select
            max(year) as year,
            loyalty_class,
            loyalty_evidence,
            min(evidence_rung) as evidence_rung,
            sum(amount_nok) as amount_nok,
            cast(sum(line_count) as bigint) as line_count
        from mart_loyalty_evidence
        where year = $year
        group by loyalty_class, loyalty_evidence
    """,
    order="loyalty_class, evidence_rung, loyalty_evidence",
    fields=(
        coded("Bevis", "loyalty_evidence", labels.LOYALTY_EVIDENCE),
        coded("Klasse", "loyalty_class", labels.LOYALTY_CLASSES),
        money("Beløp", "amount_nok"),
        count("Linjer", "line_count"),
    ),
    totals=("amount_nok", "line_count"),
    empty="Ingenting er kjøpt på en avtale i året.",
)

OVERLAPS = Listing(
    table_id="overlapp",
    caption="Avtaler som dekker den samme kategorien for de samme enhetene, kroner uten mva.",
    source="mart_agreement_overlap",
    query="select * from mart_agreement_overlap",
    order="spend_nok desc, agreement_id, lot, other_agreement_id, other_lot, category_id",
    fields=(
        text("Kategori", "category_name"),
        text("Den ene avtalen", "agreement_title"),
        text("Den andre avtalen", "other_agreement_title"),
        dated("Fra", "first_date"),
        dated("Til og med", "last_date"),
        count("Enheter", "unit_count"),
        money("Kjøp imens", "spend_nok"),
        money("På den ene", "on_first_nok"),
        money("På den andre", "on_other_nok"),
        money("På ingen", "on_neither_nok"),
    ),
    empty="Ingen avtaler overlapper: ingen kategori er dekket to ganger for den samme enheten.",
    top=15,
)

EXEMPTIONS = Listing(
    table_id="unntak",
    caption="Innvilgede unntak fra avtaler, kroner uten mva.",
    source="mart_exemption",
    query="""
        select *, case when valid_to < date '9999-12-31' then valid_to - 1 else valid_to end
            as last_date
        from mart_exemption
    """,
    order="affected_nok desc, agreement_id, unit_id, valid_from",
    fields=(
        text("Avtale", "agreement_title"),
        text("Enhet", "unit_name"),
        text("Grunn", "reason"),
        dated("Fra", "valid_from"),
        dated("Til og med", "last_date"),
        flag("Gjelder", "is_in_force"),
        money("Kjøp i omfanget", "affected_nok"),
        money("Likevel på avtalen", "on_agreement_nok"),
        money("Et annet sted", "elsewhere_nok"),
    ),
    empty="Ingen unntak er registrert.",
    top=15,
)

CALL_OFFS = Listing(
    table_id="avrop",
    caption="Avrop på avtalene i {year}, kroner uten mva.",
    source="mart_call_off",
    query="select * from mart_call_off where year = $year",
    order="spend_nok desc, agreement_id",
    fields=(
        text("Avtale", "agreement_title"),
        count("Bestillinger", "call_off_count"),
        money("Kjøpt på avtalen", "spend_nok"),
        money("Med bestilling", "with_order_nok"),
        share("Andel med bestilling", "with_order_share"),
        count("Bestillinger utenfor perioden", "outside_period_count"),
        money("Kjøpt utenfor perioden", "outside_period_nok"),
    ),
    totals=(
        "call_off_count",
        "spend_nok",
        "with_order_nok",
        "outside_period_count",
        "outside_period_nok",
    ),
    empty="Ingen avtaler gjaldt i året.",
    top=15,
)

LISTINGS = {
    "loyalty_sectors": SECTORS,
    "loyalty_zones": ZONES,
    "leaks": LEAKS,
    "outside_period": OUTSIDE_PERIOD,
    "loyalty_evidence": EVIDENCE,
    "overlaps": OVERLAPS,
    "exemptions": EXEMPTIONS,
    "call_offs": CALL_OFFS,
}
