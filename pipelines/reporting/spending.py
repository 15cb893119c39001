"""Spend by unit and sector, what changed it since last year, and how concentrated it is (E01-E04).

Spend per year, month and supplier is in `figures`; here also averages under other definitions, and
published figures held against them.
"""

from __future__ import annotations

from pipelines.reporting import charts, labels
from pipelines.reporting.charts import Chart
from pipelines.reporting.database import Row
from pipelines.reporting.formats import MISSING, nok, number, percent
from pipelines.reporting.listings import Listing, coded, count, flag, made, money, share, text

_RANKING = (
    money("Forbruk", "spend_nok"),
    count("Nr.", "spend_rank"),
    share("Andel", "spend_share"),
    count("Anskaffelser", "document_count"),
    count("Nr. etter antall", "document_rank"),
    count("Leverandører", "supplier_count"),
    count("Bestillinger", "order_count"),
)


def _ranking(level: str) -> str:
    return f"""
        select * from mart_unit_ranking
        where year = $year and definition_id = $definition and level = '{level}'
    """


def _ranking_chart(chart_id: str, noun: str) -> charts.RowsChart:
    def draw(rows: list[Row]) -> Chart:
        bars = [(row["group_name"], row["spend_nok"]) for row in rows]
        return charts.bars(chart_id, f"Forbruk per {noun} i {rows[0]['year']}", bars)

    return draw


SECTORS = Listing(
    table_id="sektorer",
    caption="Forbruk og anskaffelser per sektor i {year}, kroner uten mva., definisjon STD",
    source="mart_unit_ranking",
    query=_ranking("sector"),
    order="spend_rank, document_rank, group_id",
    fields=(text("Sektor", "group_name"), *_RANKING),
    totals=("spend_nok",),
    empty="Ingen kjøp i året har en sektor.",
    chart=_ranking_chart("sektorer", "sektor"),
)

UNITS = Listing(
    table_id="enheter",
    caption="Forbruk og anskaffelser per enhet i {year}, kroner uten mva., definisjon STD",
    source="mart_unit_ranking",
    query=_ranking("unit"),
    order="spend_rank, document_rank, group_id",
    fields=(text("Enhet", "group_name"), text("Sektor", "sector"), *_RANKING),
    empty="Ingen kjøp i året har en enhet.",
    top=25,
)


def _part(row: Row) -> str:
    return labels.CHANGE_PARTS[row["part"]].format(before=row["year"] - 1, year=row["year"])


def _waterfall(rows: list[Row]) -> Chart | None:
    if not any(row["part"] == "previous" and (row["amount_nok"] or 0) > 0 for row in rows):
        return None
    steps = [(_part(row), row["amount_nok"]) for row in rows]
    return charts.waterfall("endring", f"Hva som endret forbruket i {rows[0]['year']}", steps)


CHANGE = Listing(
    table_id="endring",
    caption="Endringen i forbruket fra året før til {year}, kroner uten mva., definisjon STD",
    source="mart_spend_change",
    query="""
        select
            year,
            place,
            part,
            case part
                when 'previous' then previous_nok
                when 'new' then new_suppliers_nok
                when 'lost' then lost_suppliers_nok
                when 'price' then price_nok
                when 'quantity' then quantity_nok
                when 'mix' then mix_nok
                else current_nok
            end as amount_nok,
            case part
                when 'new' then new_supplier_count
                when 'lost' then lost_supplier_count
                when 'price' then matched_item_count
                when 'quantity' then matched_item_count
            end as part_count,
            previous_nok
        from mart_spend_change
        cross join (
            values
                (0, 'previous'), (1, 'new'), (2, 'lost'), (3, 'price'), (4, 'quantity'),
                (5, 'mix'), (6, 'current')
        ) as parts(place, part)
        where year = $year and category_id = '*'
    """,
    order="place",
    fields=(
        made("Del", _part),
        money("Beløp", "amount_nok"),
        made(
            "Leverandører eller varer",
            lambda row: MISSING if row["part_count"] is None else number(row["part_count"]),
            is_number=True,
        ),
    ),
    empty="Det er ikke noe år før å sammenligne med.",
    chart=_waterfall,
)

CHANGE_CATEGORIES = Listing(
    table_id="endring-kategorier",
    caption="Kategoriene med størst endring i {year}, kroner uten mva., definisjon STD",
    source="mart_spend_change",
    query="select * from mart_spend_change where year = $year and category_id <> '*'",
    order="abs(change_nok) desc, category_id",
    fields=(
        text("Kategori", "category_name"),
        money("Endring", "change_nok"),
        money("Nye leverandører", "new_suppliers_nok"),
        money("Bortfalte leverandører", "lost_suppliers_nok"),
        money("Pris", "price_nok"),
        money("Mengde", "quantity_nok"),
        money("Miks", "mix_nok"),
        share("Andel der pris og mengde er skilt", "matched_share"),
    ),
    empty="Det er ikke noe år før å sammenligne kategoriene med.",
    top=15,
)


def _pareto(row: Row) -> str:
    if row["pareto_supplier_count"] is None:
        return MISSING
    return f"{number(row['pareto_supplier_count'])} bak {percent(row['pareto_share'], 0)}"


CONCENTRATION = Listing(
    table_id="konsentrasjon-kategorier",
    caption="Konsentrasjon i {year}, alle og de største kategoriene, definisjon STD",
    source="mart_concentration",
    query="""
        select c.*, coalesce(s.name, c.largest_supplier_id) as largest_name
        from mart_concentration as c
        left join dim_supplier as s on c.largest_supplier_id = s.supplier_id
        where c.year = $year and c.definition_id = $definition
    """,
    order="(category_id <> '*'), positive_nok desc, category_id",
    fields=(
        text("Kategori", "category_name"),
        count("Leverandører", "positive_supplier_count"),
        count("HHI", "hhi"),
        made("Færreste bak det meste", _pareto, is_number=True),
        count("I halen", "tail_supplier_count"),
        money("Halen er under", "tail_limit_nok"),
        share("Halens andel av kjøpet", "tail_spend_share"),
        share("Halens andel av dokumentene", "tail_document_share"),
        text("Størst", "largest_name"),
        share("Dens andel", "largest_share"),
    ),
    empty="Ingen leverandør har et kjøp over null i året, så konsentrasjon har ingen mening.",
    top=16,
)

CHOICES = Listing(
    table_id="definisjonsvalg",
    caption="Hvor mye hvert valg alene flytter snittet i {year}, mot definisjonen STD",
    source="mart_definition_choice",
    query="select * from mart_definition_choice where year = $year",
    order="abs(mean_change_ratio) desc nulls last, definition_id",
    fields=(
        coded("Valg", "choice", labels.DEFINITION_CHOICES),
        text("Definisjon", "definition_id"),
        share("Teller endres", "numerator_change_ratio"),
        share("Nevner endres", "denominator_change_ratio"),
        share("Snittet endres", "mean_change_ratio"),
        money("Snittet endres, kroner", "mean_change_nok"),
        money("Snitt", "mean_nok"),
    ),
    empty="Ingen andre definisjoner er regnet ut for året.",
)


def _measured(row: Row, column: str) -> str:
    value = row[column]
    return number(value) if row["measure"] == "denominator_suppliers" else nok(value)


def _implied(row: Row) -> str:
    low, high = _measured(row, "implied_low"), _measured(row, "implied_high")
    return low if low == high else f"{low} – {high}"


PUBLISHED = Listing(
    table_id="publiserte-tall",
    caption="Publiserte tall holdt mot definisjonene i {year}",
    source="mart_definition_sensitivity",
    query="""
        with
            ranked as (
                select
                    *,
                    row_number() over (
                        partition by published_id
                        order by abs(difference) nulls last, definition_id
                    ) as place,
                    count(*) filter (where could_give) over (
                        partition by published_id
                    ) as hit_count,
                    count(*) over (partition by published_id) as definition_count
                from mart_definition_sensitivity
                where year = $year
            )
        select * from ranked where place = 1
    """,
    order="figure_set, published_id",
    fields=(
        text("Publisert tall", "published_name"),
        text("Kilde for tallet", "published_source"),
        flag("Passer med de andre", "is_consistent", "ja", "nei, ikke innbyrdes forenlig"),
        made("De andre tallene gir", _implied, is_number=True),
        made(
            "Definisjoner som kan gi tallet",
            lambda row: f"{number(row['hit_count'])} av {number(row['definition_count'])}",
            is_number=True,
        ),
        text("Nærmeste definisjon", "definition_id"),
        made("Verdien etter den", lambda row: _measured(row, "value"), is_number=True),
        share("Avstand", "difference_ratio"),
    ),
    empty="Ingen publiserte tall er lagt inn å sammenligne med.",
)

SENSITIVITY = Listing(
    table_id="publiserte-tall-definisjoner",
    caption="Hver definisjon i {year} mot hvert publiserte tall",
    source="mart_definition_sensitivity",
    query="select * from mart_definition_sensitivity where year = $year",
    order="published_id, abs(difference) nulls last, definition_id",
    fields=(
        text("Publisert tall", "published_name"),
        text("Definisjon", "definition_id"),
        text("Navn", "definition_name"),
        made("Verdi", lambda row: _measured(row, "value"), is_number=True),
        share("Avstand", "difference_ratio"),
        flag("Kan ha gitt tallet", "could_give"),
    ),
    empty="Ingen publiserte tall er lagt inn å sammenligne med.",
)

LISTINGS = {
    "sectors": SECTORS,
    "units": UNITS,
    "change": CHANGE,
    "change_categories": CHANGE_CATEGORIES,
    "concentration": CONCENTRATION,
    "choices": CHOICES,
    "published": PUBLISHED,
    "sensitivity": SENSITIVITY,
}
