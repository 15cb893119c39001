"""The cheapest lawful plan of licences: cost, proof, causes, actions, constraints (A07, A08, B09t).

Aggregates of the whole municipality; few accounts stand as «skjult». Prices are known, so an amount
tells a count: causes of few accounts are one row, together with as many others as it takes, and
their actions have neither count nor amount. Seats of a product whose licences are hidden in
`public/` are hidden too, since seats held less seats nobody has are licences.
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


# The actions summed over units, the products that public/ hides, and the causes that are one row:
# of few accounts, or with a few in one of so few kinds of change that the sums would tell; of seats
# where hidden products are one, or cost more than five seats of the dearest would.
_MERGED = f"""
    with summed as (
        select
            p.action, p.from_sku_id, p.to_sku_id, p.cause, p.rule_id, p.binding_constraint,
            p.earliest_date, h.assigned is null as is_secret,
            p.action in ('remove', 'downgrade', 'upgrade', 'assign') as is_of_accounts,
            sum(p.quantity) as quantity,
            sum(p.horizon_saving_nok) as horizon_saving_nok,
            sum(p.yearly_saving_nok) as yearly_saving_nok
        from mart_licence_plan as p
        left join public_lisensregnskap as h
            on h.unit_id = '*' and h.sku_id = coalesce(p.from_sku_id, p.to_sku_id)
        group by all
    ),
    kinds as (
        select
            cause,
            count(*) filter (where is_of_accounts) as kind_count,
            count(*) filter (where quantity {SMALL}) as small_count,
            count(distinct coalesce(from_sku_id, to_sku_id))
                filter (where is_secret and horizon_saving_nok <> 0) as secret_count,
            coalesce(sum(abs(horizon_saving_nok)) filter (where is_secret), 0) as secret_nok,
            $min_cell * max(abs(horizon_saving_nok) / quantity) filter (where quantity > 0)
                as seats_nok,
            $min_cell * max(abs(horizon_saving_nok) / quantity)
                filter (where is_secret and quantity > 0) as secret_seats_nok
        from summed
        group by cause
    ),
    judged as (
        select
            c.cause, c.changed_count, c.horizon_saving_nok, k.seats_nok,
            case
                when c.changed_count > 0
                then
                    c.changed_count {SMALL}
                    or coalesce(k.small_count > 0 and k.kind_count < 4, false)
                else
                    coalesce(
                        k.secret_count = 1
                        or (k.secret_count > 1 and k.secret_nok < k.secret_seats_nok),
                        false
                    )
            end as is_few
        from mart_licence_plan_cause as c
        left join kinds as k on c.cause = k.cause
    ),
    few as (
        select
            count(*) as cause_count,
            sum(abs(horizon_saving_nok)) as saving_nok,
            max(seats_nok) as needed_nok
        from judged
        where is_few
    ),
    cover as (
        select
            j.cause,
            row_number() over cheapest as place,
            coalesce(
                sum(abs(j.horizon_saving_nok)) over (
                    cheapest rows between unbounded preceding and 1 preceding
                ),
                0
            ) as before_nok
        from judged as j
        where not j.is_few and j.horizon_saving_nok <> 0
        window cheapest as (
            order by j.changed_count > 0 desc, abs(j.horizon_saving_nok), j.cause
        )
    ),
    merged as (
        select cause from judged where is_few
        union all
        select o.cause
        from cover as o
        cross join few as f
        where
            f.cause_count > 0
            and ((o.place = 1 and f.cause_count = 1)
                or f.saving_nok + o.before_nok < f.needed_nok)
    ),
    closed as (
        select cause from merged
        union
        select cause from kinds where small_count > 0 and kind_count > 0
    )
"""

CAUSES = Listing(
    table_id="lisensplan-aarsaker",
    caption="Hva planen sparer, etter årsak; summen er hele besparelsen",
    source="mart_licence_plan_cause",
    query=f"""
        {_MERGED}
        select
            case when m.cause is null then c.cause else 'merged' end as cause,
            min(c.cause_order) as cause_order,
            string_agg(distinct c.rule_id, ', ' order by c.rule_id) as rule_id,
            sum(c.horizon_saving_nok) as horizon_saving_nok,
            sum(c.yearly_saving_nok) as yearly_saving_nok,
            case when count(m.cause) = 0 then sum(c.changed_count) end as changed_count
        from mart_licence_plan_cause as c
        left join merged as m on c.cause = m.cause
        group by case when m.cause is null then c.cause else 'merged' end
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
        {_MERGED},
        shown as (
            select
                s.*,
                coalesce(
                    s.quantity {SMALL}
                    or s.cause in (select cause from closed)
                    or (s.is_secret and s.cause in ('shelf_ware', 'true_up', 'reserve')),
                    false
                ) as is_hidden
            from summed as s
        )
        select
            s.* exclude (quantity, yearly_saving_nok, horizon_saving_nok),
            coalesce(f.name, s.from_sku_id) as from_name,
            coalesce(t.name, s.to_sku_id) as to_name,
            case when not s.is_hidden then s.quantity end as quantity,
            case when not s.is_hidden then s.yearly_saving_nok end as yearly_saving_nok
        from shown as s
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
    query=f"""
        {_MERGED},
        -- what seats cost to keep tells how many a closed cause would have freed; a reserve doesn't
        freed as (
            select distinct from_sku_id as sku_id
            from summed
            where cause in (select cause from closed)
        ),
        shown as (
            select
                c.*,
                c.sku_id <> 'alle'
                and (
                    p.assigned is null
                    or (c.constraint_name <> 'reserve'
                        and c.sku_id in (select sku_id from freed where sku_id is not null))
                ) as is_hidden
            from mart_licence_plan_constraint as c
            left join public_lisensregnskap as p
                on c.sku_id = p.sku_id
                and p.unit_id = case when c.pool_id = 'felles' then '*' else c.pool_id end
        )
        select
            c.* exclude (without_nok, cost_nok),
            case when c.sku_id = 'alle' then 'alle' else coalesce(d.name, c.sku_id) end
                as sku_name,
            case when not c.is_hidden then c.without_nok end as without_nok,
            case when not c.is_hidden then c.cost_nok end as cost_nok
        from shown as c
        left join dim_sku as d on c.sku_id = d.sku_id
    """,
    order="cost_nok desc nulls last, constraint_name, sku_id",
    fields=(
        coded("Betingelse", "constraint_name", labels.PLAN_CONSTRAINTS),
        text("Produkt", "sku_name"),
        hideable("Kostnad uten den", "without_nok", nok),
        hideable("Det den koster", "cost_nok", nok),
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
