"""Risk of suppliers and categories: each with the number behind it, and no score (A13)."""

from __future__ import annotations

from pipelines.reporting.database import Row
from pipelines.reporting.formats import MISSING, day, listed
from pipelines.reporting.listings import Listing, count, dated, flag, made, money, share, text

_SUPPLIERS = "select * from mart_supplier_risk where year = $year and supplier_id <> 'unknown'"


def _registrations(row: Row) -> str:
    """Return what the register says, with the day where it is known."""
    found = (
        (row["is_bankrupt"], "konkurs", row["bankruptcy_date"]),
        (row["is_forced_winding_up"], "tvangsavvikling", row["forced_winding_up_date"]),
        (row["is_winding_up"], "avvikling", row["winding_up_date"]),
        (row["deletion_date"] is not None, "slettet", row["deletion_date"]),
        (row["is_in_entity_register"] is False, "står ikke i Enhetsregisteret", None),
        (row["is_vat_registered"] is False, "ikke i Merverdiavgiftsregisteret", None),
    )
    words = [f"{word} {day(on)}" if on else word for is_so, word, on in found if is_so]
    said = listed(words)
    return f"{said[:1].upper()}{said[1:]}" or MISSING


REGISTRATIONS = Listing(
    table_id="registreringer",
    caption="Leverandører i {year} med konkurs, avvikling eller manglende registrering",
    source="mart_supplier_risk",
    query=f"""
        {_SUPPLIERS}
        and (
            is_bankrupt
            or is_winding_up
            or is_forced_winding_up
            or deletion_date is not null
            or is_in_entity_register = false
            or is_vat_registered = false
        )
    """,
    order="coalesce(is_bankrupt, false) desc, spend_nok desc, supplier_id",
    fields=(
        text("Leverandør", "supplier_name"),
        made("Hva registeret sier", _registrations),
        money("Forbruk", "spend_nok"),
        share("Andel av forbruket", "spend_share"),
    ),
    empty="Ingen leverandør vi kjøpte av, er konkurs, under avvikling eller uregistrert, så langt "
    "registeret er lastet inn.",
    top=20,
)

DEPENDENCE = Listing(
    table_id="avhengighet",
    caption="Avhengighet begge veier i {year}, de største leverandørene",
    source="mart_supplier_risk",
    query=_SUPPLIERS,
    order="spend_nok desc, supplier_id",
    fields=(
        text("Leverandør", "supplier_name"),
        money("Forbruk", "spend_nok"),
        share("Av kommunens forbruk", "spend_share"),
        share("Av leverandørens omsetning", "turnover_share"),
        count("Kategorier", "category_count"),
        share("Største andel i en kategori", "largest_category_share"),
        count("Alene i kategorier", "sole_category_count"),
        dated("Neste avtale utløper", "next_agreement_end_date"),
    ),
    empty="Ingen leverandører er kjent i året.",
    top=15,
)

FOLLOW_UP = Listing(
    table_id="avvik",
    caption="Leverandører med åpne avvik eller kontroller som ikke er fulgt opp",
    source="mart_supplier_risk",
    query=f"{_SUPPLIERS} and (open_deviation_count > 0 or open_followup_count > 0)",
    order=(
        "open_high_count desc, overdue_followup_count desc, open_deviation_count desc, "
        "spend_nok desc, supplier_id"
    ),
    fields=(
        text("Leverandør", "supplier_name"),
        count("Åpne avvik", "open_deviation_count"),
        count("Av dem alvorlige", "open_high_count"),
        money("Krav og dagbot", "open_claim_nok"),
        count("Kontroller ikke fulgt opp", "open_followup_count"),
        count("Av dem over fristen", "overdue_followup_count"),
        money("Forbruk i året", "spend_nok"),
    ),
    empty="Ingen leverandør har åpne avvik eller kontroller som ikke er fulgt opp.",
    top=15,
)

VOLATILITY = Listing(
    table_id="prissvingning",
    caption="Leverandørene med størst prissvingning i {year}",
    source="mart_supplier_risk",
    query=f"{_SUPPLIERS} and price_variation > 0",
    order="price_variation desc, supplier_id",
    fields=(
        text("Leverandør", "supplier_name"),
        share("Prissvingning", "price_variation"),
        count("Varer den er regnet av", "price_item_count"),
        money("Forbruk på dem", "price_observed_nok"),
        money("Forbruk i alt", "spend_nok"),
    ),
    empty="Ingen vare er kjøpt ofte nok til at prissvingningen kan regnes ut.",
    top=10,
)

CATEGORIES = Listing(
    table_id="kategoririsiko",
    caption="Kategorier med én leverandør igjen eller sterkest konsentrasjon i {year}",
    source="mart_category_risk",
    query="""
        select r.*, coalesce(s.name, r.largest_supplier_id) as largest_name
        from mart_category_risk as r
        left join dim_supplier as s on r.largest_supplier_id = s.supplier_id
        where r.year = $year
    """,
    order="is_one_left desc, has_sole_supplier desc, hhi desc, spend_nok desc, category_id",
    fields=(
        text("Kategori", "category_name"),
        count("Leverandører", "supplier_count"),
        count("Året før", "last_year_supplier_count"),
        flag("Én igjen", "is_one_left"),
        count("HHI", "hhi"),
        text("Den største", "largest_name"),
        share("Dens andel", "largest_supplier_share"),
        money("Forbruk", "spend_nok"),
    ),
    empty="Ingen kjøp i året har en kjent kategori.",
    top=20,
)

LISTINGS = {
    "registrations": REGISTRATIONS,
    "dependence": DEPENDENCE,
    "follow_up": FOLLOW_UP,
    "volatility": VOLATILITY,
    "category_risks": CATEGORIES,
}
