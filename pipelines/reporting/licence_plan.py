"""The cheapest lawful plan of licences: cost, proof, causes, actions, constraints (A07, A08, B09t).

Aggregates of the whole municipality; few accounts stand as «skjult».
"""

from __future__ import annotations

from pipelines.reporting import labels
from pipelines.reporting.database import Row
from pipelines.reporting.formats import MISSING, nok, number
from pipelines.reporting.listings import (
    SMALL,
    Listing,
    coded,
    count,
    dated,
    hideable,
    made,
    money,
    share,
    text,
)


def _gap(row: Row) -> str:
    gap = row["gap_share"]
    return MISSING if gap is None else f"{number(gap * 100, 3)}\u00a0%"


SUMMARY = Listing(
    table_id="lisensplan",
    caption="Kostnaden når ingenting endres, og med den billigste lovlige planen, uten mva.",
    source="mart_licence_plan_summary",
    query="select * from mart_licence_plan_summary where status <> 'no_data'",
    order="as_of_date desc",
    fields=(
        dated("Utgangspunkt", "as_of_date"),
        count("Måneder", "horizon_months"),
        money("Ingenting endres", "baseline_nok"),
        money("Planen", "plan_nok"),
        money("Spart", "saving_nok"),
        share("Andel", "saving_share"),
        money("Enkel plan, én konto om gangen", "greedy_nok"),
        coded("Bevis", "status", labels.PLAN_STATUSES),
        made("Avstand til beviset", _gap, is_number=True),
    ),
    empty="Det er ingen lisenser å planlegge.",
    top=1,
)


CAUSES = Listing(
    table_id="lisensplan-aarsaker",
    caption="Hva planen sparer, etter årsak; summen er hele besparelsen",
    source="mart_licence_plan_cause",
    query=f"""
        select
            cause, cause_order, rule_id, horizon_saving_nok, yearly_saving_nok,
            case when not changed_count {SMALL} then changed_count end as changed_count
        from mart_licence_plan_cause
    """,
    order="cause_order, cause",
    fields=(
        coded("Årsak", "cause", labels.LICENCE_CAUSES),
        text("Regel", "rule_id"),
        hideable("Kontoer som endres", "changed_count"),
        money("Spart i planens måneder", "horizon_saving_nok"),
        money("Per år", "yearly_saving_nok"),
    ),
    totals=("horizon_saving_nok", "yearly_saving_nok"),
    empty="Planen har ingen besparelser.",
)

ACTIONS = Listing(
    table_id="lisenstiltak",
    caption="Tiltakene i planen, hele kommunen samlet, kroner uten mva.",
    source="mart_licence_plan",
    query=f"""
        with summed as (
            select
                action, from_sku_id, to_sku_id, cause, rule_id, binding_constraint, earliest_date,
                sum(quantity) as quantity,
                sum(horizon_saving_nok) as horizon_saving_nok,
                sum(yearly_saving_nok) as yearly_saving_nok
            from mart_licence_plan
            group by
                action, from_sku_id, to_sku_id, cause, rule_id, binding_constraint, earliest_date
        )
        select
            s.* exclude (quantity, yearly_saving_nok, horizon_saving_nok),
            coalesce(f.name, s.from_sku_id) as from_name,
            coalesce(t.name, s.to_sku_id) as to_name,
            case when not s.quantity {SMALL} then s.quantity end as quantity,
            case when not s.quantity {SMALL} then s.yearly_saving_nok end as yearly_saving_nok
        from summed as s
        left join dim_sku as f on s.from_sku_id = f.sku_id
        left join dim_sku as t on s.to_sku_id = t.sku_id
    """,
    order=(
        "yearly_saving_nok desc nulls last, quantity desc nulls last, action, "
        "from_sku_id nulls last, to_sku_id nulls last, cause nulls last, earliest_date nulls last, "
        "binding_constraint nulls last, rule_id nulls last"
    ),
    fields=(
        coded("Tiltak", "action", labels.PLAN_ACTIONS),
        text("Fra", "from_name"),
        text("Til", "to_name"),
        hideable("Antall", "quantity"),
        dated("Tidligst", "earliest_date"),
        coded("Årsak", "cause", labels.LICENCE_CAUSES),
        text("Regel", "rule_id"),
        coded("Bundet av", "binding_constraint", labels.PLAN_CONSTRAINTS),
        hideable("Spart per år", "yearly_saving_nok", nok),
    ),
    empty="Planen har ingen tiltak.",
    top=40,
)

CONSTRAINTS = Listing(
    table_id="lisensplan-betingelser",
    caption="Hva hver betingelse koster: planens kostnad minus kostnaden uten den",
    source="mart_licence_plan_constraint",
    query="""
        select c.*, case when c.sku_id = 'alle' then 'alle' else coalesce(d.name, c.sku_id) end
            as sku_name
        from mart_licence_plan_constraint as c
        left join dim_sku as d on c.sku_id = d.sku_id
    """,
    order="cost_nok desc nulls last, constraint_name, sku_id",
    fields=(
        coded("Betingelse", "constraint_name", labels.PLAN_CONSTRAINTS),
        text("Produkt", "sku_name"),
        money("Kostnad uten den", "without_nok"),
        money("Det den koster", "cost_nok"),
        coded("Bevis", "status", labels.PLAN_STATUSES),
    ),
    empty="Ingen betingelser er regnet for seg.",
    top=30,
)

TRANSFER = Listing(
    table_id="lisensoverforing",
    caption="Om en lisens som blir ledig, kan brukes av en annen",
    source="dim_sku",
    query="""
        select
            is_transferable,
            count(*) as sku_count,
            string_agg(name, ', ' order by name, sku_id) as names
        from dim_sku
        where sku_id in (select sku_id from mart_licence_sku where is_latest)
        group by is_transferable
    """,
    order="is_transferable desc",
    fields=(
        made("Regelen som er brukt", lambda row: labels.TRANSFERABILITY[row["is_transferable"]]),
        count("Produkter", "sku_count"),
        text("Hvilke", "names"),
    ),
    empty="Ingen produkter er registrert.",
)

LISTINGS = {
    "licence_plan": SUMMARY,
    "licence_causes": CAUSES,
    "licence_actions": ACTIONS,
    "licence_constraints": CONSTRAINTS,
    "licence_transfer": TRANSFER,
}
