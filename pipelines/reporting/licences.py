"""Licences: what is held and used, what should be looked at, and who pays (A07, A08, B02, B06-B12).

The plan is in `licence_plan`. Aggregates only. Counts of licences are read from `public/`, so that
the page never shows what is hidden there; what is hidden stands as «skjult».
"""

from __future__ import annotations

from pathlib import Path

from pipelines.reporting import charts, labels
from pipelines.reporting.charts import Chart
from pipelines.reporting.database import Reader, Row
from pipelines.reporting.formats import listed, month, nok, number
from pipelines.reporting.listings import (
    HIDDEN,
    SMALL,
    Field,
    Listing,
    coded,
    count,
    dated,
    hideable,
    made,
    text,
)

_VIEWS = {
    "lisensregnskap": "null::varchar as unit_id, null::varchar as sku_id, 0 as assigned, "
    "0 as active, 0 as unused, 0 as unknown_activity",
    "lisensfunn": "null::varchar as unit_id, null::varchar as finding, 0 as accounts",
    "fakturagrunnlag": "null::varchar as unit_id, null::varchar as service, "
    "null::varchar as financing, 0 as quantity, 0 as amount_nok",
}


def open_public(reader: Reader, public: Path) -> None:
    """Let queries read the tables of a build's public folder as `public_…`, empty where missing."""
    for name, columns in _VIEWS.items():
        path = public / f"{name}.parquet"
        quoted = str(path).replace("'", "''")
        source = f"select * from read_parquet('{quoted}')"
        if not path.is_file():
            source = f"select {columns} where false"
        reader.run(f"create temp view public_{name} as {source}")


def _cost(row: Row, column: str = "monthly_cost_nok") -> str:
    if row["is_hidden"]:
        return HIDDEN
    return "pris ikke kjent" if row[column] is None else nok(row[column])


def _counted_cost(row: Row) -> str:
    return HIDDEN if row["is_once_hidden"] else _cost(row, "counted_cost_nok")


def _product_chart(rows: list[Row]) -> Chart | None:
    held = [row for row in rows if row["entitled"] > 0 and row["assigned"] is not None][:12]
    if not held:
        return None
    series = [
        (name, [None if row[part] is None else row[part] / row["entitled"] for row in held])
        for name, part in (("Tildelt", "assigned"), ("Aktive", "active"))
    ]
    title = "Tildelte og aktive lisenser som andel av plassene vi betaler for"
    return charts.shares("lisenser", title, [row["sku_name"] for row in held], series)


_COUNTS = (
    hideable("Tildelt", "assigned"),
    hideable("Aktive", "active"),
    hideable("Ubrukt", "unused"),
    hideable("Ikke kjent", "unknown_activity"),
)
PRODUCTS = Listing(
    table_id="lisenser",
    caption="Beholdning og forbruk per produkt på siste telling",
    source="mart_licence_sku",
    query="""
        select
            s.sku_id,
            coalesce(d.name, s.sku_id) as sku_name,
            s.entitled,
            p.assigned,
            p.active,
            p.unused,
            p.unknown_activity,
            p.assigned is null as is_hidden,
            case when p.assigned is not null then s.shelf_ware end as shelf_ware,
            case when p.assigned is not null then s.monthly_cost_nok end as monthly_cost_nok
        from mart_licence_sku as s
        left join dim_sku as d on s.sku_id = d.sku_id
        left join public_lisensregnskap as p on s.sku_id = p.sku_id and p.unit_id = '*'
        where s.is_latest
    """,
    order="monthly_cost_nok desc nulls last, entitled desc, sku_id",
    fields=(
        text("Produkt", "sku_name"),
        count("Plasser", "entitled"),
        *_COUNTS,
        hideable("Plasser ingen har", "shelf_ware"),
        made("Kostnad per måned", _cost, is_number=True),
    ),
    empty="Ingen eksport av lisenser er lastet inn, så det er ikke noe lisensregnskap.",
    top=30,
    chart=_product_chart,
)

UNITS = Listing(
    table_id="lisenser-enheter",
    caption="Lisenser per enhet på siste telling, alle produkter",
    source="mart_licence_account",
    query="""
        select u.unit_id, coalesce(d.name, u.unit_id) as unit_name, p.* exclude (unit_id)
        from (
            select unit_id
            from mart_licence_account
            where as_of_date = (select max(as_of_date) from mart_licence_account)
            group by unit_id
            having sum(assigned) > 0
        ) as u
        left join public_lisensregnskap as p on u.unit_id = p.unit_id and p.sku_id = '*'
        left join (
            select unit_id, arg_max(name, valid_from) as name from dim_unit group by unit_id
        ) as d on u.unit_id = d.unit_id
    """,
    order="assigned desc nulls last, unit_id",
    fields=(text("Enhet", "unit_name"), *_COUNTS),
    empty="Ingen enhet har lisenser.",
    top=30,
)

WASTE = Listing(
    table_id="lisensfunn",
    caption="Lisenser som bør undersøkes, etter årsak; beløp per måned uten mva.",
    source="mart_licence_waste",
    query=f"""
        with w as (
            select
                finding,
                max(finding_name) as finding_name,
                max(finding_order) as finding_order,
                max(rule_id) as rule_id,
                sum(user_count) as user_count,
                sum(without_price_count) as without_price_count,
                sum(monthly_cost_nok) as monthly_cost_nok,
                sum(counted_cost_nok) as counted_cost_nok
            from mart_licence_waste
            group by finding
        ),
        -- what is counted once differs where an account was found before: those may be few
        once as (
            select
                finding,
                count(distinct user_key) filter (where counted_cost_nok < monthly_cost_nok)
                    as earlier_count,
                count(distinct user_key) filter (where counted_cost_nok > 0) as counted_count
            from mart_licence_finding
            group by finding
        ),
        shown as (
            select
                w.*,
                coalesce(o.earlier_count {SMALL} or o.counted_count {SMALL}, false)
                    as is_once_hidden,
                case
                    when w.finding in ('beyond_standard', 'free_addon')
                    then case when not w.user_count {SMALL} then w.user_count end
                    else p.accounts
                end as accounts
            from w
            left join public_lisensfunn as p on w.finding = p.finding and p.unit_id = '*'
            left join once as o on w.finding = o.finding
        )
        select *, accounts is null as is_hidden from shown
    """,
    order="finding_order, finding",
    fields=(
        text("Årsak", "finding_name"),
        text("Regel", "rule_id"),
        hideable("Kontoer", "accounts"),
        made("Kostnad", _cost, is_number=True),
        made("Talt én gang", _counted_cost, is_number=True),
    ),
    empty="Ingen lisens er funnet som bør undersøkes.",
)


def _charged(row: Row, financing: str) -> str:
    if not row[f"{financing}_rows"]:
        return number(0)
    return HIDDEN if row[financing] is None else number(row[financing])


def _invoiced_amount(row: Row) -> str:
    if not row["invoiced_rows"]:
        return nok(0)
    if row["is_unpriced"]:
        return "som før, pris ikke kjent" if row["is_exempt"] else "pris ikke kjent"
    return HIDDEN if row["amount_nok"] is None else nok(row["amount_nok"])


def _financing(heading: str, financing: str) -> Field:
    return made(heading, lambda row: _charged(row, financing), is_number=True)


INVOICE = Listing(
    table_id="fakturagrunnlag",
    caption="Lisenser per enhet etter hvem som betaler, siste måned, kroner uten mva.",
    source="mart_charge",
    query="""
        with latest as (
            select *
            from mart_charge
            where
                month = (select max(month) from mart_charge)
                and service not in ('workplace', 'licence_audit')
        )
        select
            u.*,
            coalesce(d.name, u.unit_id) as unit_name,
            p.* exclude (unit_id)
        from (
            select
                unit_id,
                max(case when rule_id = 'B02' then 1 else 0 end) = 1 as is_exempt,
                max(case when financing = 'invoiced' and amount_nok is null then 1 else 0 end) = 1
                    as is_unpriced
            from latest
            group by unit_id
        ) as u
        left join (
            select
                unit_id,
                count(*) filter (where financing = 'frame') as frame_rows,
                count(*) filter (where financing = 'invoiced') as invoiced_rows,
                count(*) filter (where financing = 'review') as review_rows,
                max(quantity) filter (where financing = 'frame') as frame,
                max(quantity) filter (where financing = 'invoiced') as invoiced,
                max(quantity) filter (where financing = 'review') as review,
                max(amount_nok) filter (where financing = 'invoiced') as amount_nok
            from public_fakturagrunnlag
            where service = '*'
            group by unit_id
        ) as p on u.unit_id = p.unit_id
        left join (
            select unit_id, arg_max(name, valid_from) as name from dim_unit group by unit_id
        ) as d on u.unit_id = d.unit_id
    """,
    order="amount_nok desc nulls last, unit_id",
    fields=(
        text("Enhet", "unit_name"),
        _financing("Rammefinansiert", "frame"),
        _financing("Faktureres", "invoiced"),
        _financing("Må vurderes", "review"),
        made("Faktureres, beløp", _invoiced_amount, is_number=True),
    ),
    empty="Ingen lisenser kan fordeles på enheter ennå.",
    top=60,
)

ISSUES = Listing(
    table_id="lisensavvik",
    caption="Produkter der kildene ikke stemmer med hverandre",
    source="mart_sku_issue",
    query="""
        select i.sku_id, i.issue, coalesce(d.name, i.sku_id) as sku_name
        from mart_sku_issue as i
        left join dim_sku as d on i.sku_id = d.sku_id
    """,
    order="issue, sku_id",
    fields=(
        text("Produkt", "sku_name"),
        coded("Hva som ikke stemmer", "issue", labels.SKU_ISSUES),
        text("Produktets ID", "sku_id"),
    ),
    empty="Kildene er enige om alle produktene.",
    top=30,
)

TRUE_UP = Listing(
    table_id="lisensoppgjor",
    caption="Tildelt ut over beholdningen, som kommer ved neste oppgjør; uten produkter der "
    "antallet er skjult",
    source="mart_licence_sku",
    query="""
        select
            s.sku_id,
            coalesce(d.name, s.sku_id) as sku_name,
            s.true_up_date,
            s.over_assigned,
            coalesce(s.true_up_nok, -1) as true_up_nok
        from mart_licence_sku as s
        left join dim_sku as d on s.sku_id = d.sku_id
        -- a hidden product is not listed: being there or not tells on which side of the seats it is
        inner join public_lisensregnskap as p on s.sku_id = p.sku_id and p.unit_id = '*'
        where s.is_latest and s.over_assigned > 0 and p.assigned is not null
    """,
    order="true_up_date nulls last, true_up_nok desc nulls last, sku_id",
    fields=(
        text("Produkt", "sku_name"),
        hideable("Plasser for lite", "over_assigned"),
        dated("Gjøres opp", "true_up_date"),
        hideable(
            "Kostnad per år fra da",
            "true_up_nok",
            lambda amount: "pris ikke kjent" if amount < 0 else nok(amount),
        ),
    ),
    empty="Ingen produkter som kan vises, er tildelt ut over beholdningen.",
)

LISTINGS = {
    "licences": PRODUCTS,
    "licence_units": UNITS,
    "licence_waste": WASTE,
    "licence_invoice": INVOICE,
    "licence_issues": ISSUES,
    "licence_true_up": TRUE_UP,
}


def notes(reader: Reader) -> list[str]:
    """Return what must be known to read the figures: open questions and months without data."""
    charge = reader.one(
        """
        select
            coalesce(max(case when is_unresolved then 1 else 0 end), 0) = 1 as is_unresolved,
            coalesce(max(case when is_unresolved and deducted_nok > 0 then 1 else 0 end), 0) = 1
                as is_difference,
            coalesce(max(case when is_preliminary then 1 else 0 end), 0) = 1 as is_preliminary,
            max(month) as month
        from mart_charge
        where month = (select max(month) from mart_charge)
        """
    )
    missing = reader.rows(
        """
        with months as (
            select distinct cast(date_trunc('month', as_of_date) as date) as month
            from mart_licence_sku
        )
        select cast(range as date) as month
        from range(
            (select cast(min(month) as timestamp) from months),
            (select cast(max(month) as timestamp) from months),
            interval 1 month
        )
        where cast(range as date) not in (select month from months)
        order by month
        """
    )
    said = []
    if charge["month"] and charge["is_preliminary"]:
        said.append(f"Fakturagrunnlaget for {month(charge['month'])} er foreløpig.")
    if charge["is_unresolved"]:
        used = "bare differansen" if charge["is_difference"] else "hele prisen"
        said.append(
            "Ikke avklart: Rundskrivet sier ikke om hele prisen eller bare differansen skal "
            f"faktureres når et dyrere produkt erstatter et i standarden. Her er {used} regnet."
        )
    if missing:
        said.append(
            f"Uten eksport, og derfor uten tall: {listed(month(r['month']) for r in missing)}."
        )
    return said
