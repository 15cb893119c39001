"""How categories were found, how good the learned suggestions are, and which suppliers are one.

What the figures rest on besides (files, ledger, units) is in `basis`.
"""

from __future__ import annotations

from pipelines.reporting import charts, labels
from pipelines.reporting.charts import Chart
from pipelines.reporting.database import Row
from pipelines.reporting.listings import Listing, coded, count, flag, money, share, text


def _evidence_chart(rows: list[Row]) -> Chart:
    bars = [
        (labels.evidence("category", row["category_evidence"]), row["spend_nok"]) for row in rows
    ]
    return charts.bars("kategoribevis", f"Slik er kategorien funnet i {rows[0]['year']}", bars)


EVIDENCE = Listing(
    table_id="kategoribevis",
    caption="Forbruket i {year} etter hva som avgjorde kategorien, kroner uten mva.",
    source="fct_spend_line",
    query="""
        select
            max(year) as year,
            category_evidence,
            sum(amount_nok) as spend_nok,
            cast(sum(amount_nok) as double) / nullif(sum(sum(amount_nok)) over (), 0)
                as spend_share,
            count(*) as line_count
        from fct_spend_line
        where year = $year
        group by category_evidence
    """,
    order="spend_nok desc, category_evidence",
    fields=(
        coded("Hva som avgjorde", "category_evidence", labels.CATEGORY_EVIDENCE),
        money("Forbruk", "spend_nok"),
        share("Andel", "spend_share"),
        count("Linjer", "line_count"),
    ),
    totals=("spend_nok", "line_count"),
    empty="Ingen kjøp er gjort i året.",
    chart=_evidence_chart,
)

MODEL = Listing(
    table_id="kategorimodell",
    caption="Treffsikkerhet på linjer som er holdt utenfor: modellen og de enkle reglene",
    source="mart_category_model",
    query="select * from mart_category_model",
    order="method <> 'learned', accuracy_share desc nulls last, method",
    fields=(
        coded("Metode", "method", labels.MODEL_METHODS),
        coded("Status", "status", labels.MODEL_STATUSES),
        count("Prøvd på", "test_key_count"),
        count("Riktige", "correct_key_count"),
        share("Treffsikkerhet", "accuracy_share"),
        share("Regnet av beløp", "accuracy_nok_share"),
        flag("Beste enkle regel", "is_best_single_rule"),
        share("Sikre nok til å telle", "coverage_share"),
        share("Av dem riktige", "accepted_accuracy_share"),
    ),
    empty="Modellen er ikke prøvd: for få linjer har en kjent kategori.",
)

UNKNOWN = Listing(
    table_id="ukjente-kategorier",
    caption="De største kjøpene uten kjent kategori, alle år, med forslaget der det er et",
    source="mart_category_suggestion",
    query="""
        select g.*, coalesce(s.name, g.supplier_id) as supplier_name
        from mart_category_suggestion as g
        left join dim_supplier as s on g.supplier_id = s.supplier_id
    """,
    order="spend_rank, category_key",
    fields=(
        text("Vare", "item_text"),
        text("Leverandør", "supplier_name"),
        money("Forbruk", "spend_nok"),
        count("Linjer", "line_count"),
        text("Foreslått kategori", "suggested_category_name"),
        share("Modellens sannsynlighet", "confidence"),
        flag("Teller", "is_accepted"),
    ),
    totals=("spend_nok", "line_count"),
    empty="Alle kjøp har en kjent kategori.",
    top=15,
)

MERGE_COUNTS = Listing(
    table_id="sammenslaainger-antall",
    caption="Leverandører som er slått sammen eller holdt fra hverandre, alle år",
    source="mart_supplier_merge",
    query="""
        select
            outcome,
            decided_by,
            reason,
            count(*) as merge_count,
            sum(spend_nok) as spend_nok
        from mart_supplier_merge
        group by outcome, decided_by, reason
    """,
    order="outcome, merge_count desc, decided_by, reason",
    fields=(
        coded("Utfall", "outcome", labels.MERGE_OUTCOMES),
        coded("Avgjort av", "decided_by", labels.MERGE_DECIDERS),
        coded("Grunn", "reason", labels.MERGE_REASONS),
        count("Antall", "merge_count"),
        money("Forbruk som er flyttet", "spend_nok"),
    ),
    totals=("merge_count", "spend_nok"),
    empty="Ingen leverandører er slått sammen på annet enn organisasjonsnummer.",
)

MERGES = Listing(
    table_id="sammenslaainger",
    caption="Sammenslåinger av leverandører, mest flyttet forbruk først",
    source="mart_supplier_merge",
    query="select * from mart_supplier_merge",
    order="spend_nok desc, supplier_id_from, supplier_id_to",
    fields=(
        text("Slik det står", "name_from"),
        text("Den andre", "name_to"),
        coded("Utfall", "outcome", labels.MERGE_OUTCOMES),
        coded("Avgjort av", "decided_by", labels.MERGE_DECIDERS),
        text("Hva som er likt og ulikt", "evidence"),
        count("Vekt (bit)", "match_weight", 1),
        share("Sannsynlighet", "match_probability"),
        money("Forbruk", "spend_nok"),
    ),
    empty="Ingen leverandører er slått sammen på annet enn organisasjonsnummer.",
    top=25,
)

LISTINGS = {
    "category_evidence": EVIDENCE,
    "category_model": MODEL,
    "unknown_categories": UNKNOWN,
    "merge_counts": MERGE_COUNTS,
    "merges": MERGES,
}
