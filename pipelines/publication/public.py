"""`public/`: the licence tables that anybody may see, without a person and without small counts.

Three tables, each as Parquet and as CSV: `lisensregnskap` (latest as-of date × unit × product, `*`
is all of them), `lisensfunn` (unit × finding) and `fakturagrunnlag` (latest month × unit × service
× financing). An empty count is hidden; its amount is hidden with it, since price × count would
tell, and so is the amount of a total with a hidden count in it. Seats we pay for are no persons
and are always shown; seats less licences is not published.

`suppression` decides what is hidden; here are the cells and every relation between them that holds
exactly, or as a limit, also from one table to another. Left out to keep those few: findings that
only say which product a person has, and charges of earlier months (they were published then).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from scipy.sparse import coo_array

from pipelines.publication.suppression import Cells, hidden_cells

TABLES = ("lisensregnskap", "lisensfunn", "fakturagrunnlag")
ABOUT = "les-meg.txt"
_SOURCES = (
    *("mart_licence_account", "mart_licence_finding", "mart_charge", "fct_licence_charge"),
    *("dim_sku", "dim_unit"),
)
_ABOUT = """Lisenser i kommunen, uten personer.

lisensregnskap   plasser og lisenser per enhet og produkt på siste telling; * er alle
lisensfunn       kontoer per enhet og funn; * er alle
fakturagrunnlag  siste måneds lisenser og beløp per enhet, tjeneste og finansiering; * er alle

Et tomt antall er skjult. Antall under {min_cell} er skjult, og så mange andre at de ikke kan regnes
ut av resten. Er antallet skjult, eller et antall i summen, er beløpet det også. Ellers er et tomt
beløp en pris som ikke er kjent.
Beløp er i kroner uten merverdiavgift. CSV-filene har semikolon og desimalkomma.
"""

# Findings that only say which product somebody has are in the account already.
_CELLS = """
create temp table account as
select
    any_value(as_of_date) as as_of_date,
    case when grouping(unit_id) = 1 then '*' else unit_id end as unit_id,
    case when grouping(sku_id) = 1 then '*' else sku_id end as sku_id,
    cast(sum(entitled) as bigint) as entitled,
    cast(sum(assigned) as bigint) as assigned,
    cast(sum(active) as bigint) as active,
    cast(sum(unused) as bigint) as unused,
    cast(sum(unknown_activity) as bigint) as unknown_activity
from sealed.mart_licence_account
where as_of_date = (select max(as_of_date) from sealed.mart_licence_account)
group by cube (unit_id, sku_id);

create temp table finding as
select
    case when grouping(unit_id) = 1 then '*' else unit_id end as unit_id,
    finding,
    count(distinct user_key) as accounts
from sealed.mart_licence_finding
where finding not in ('beyond_standard', 'free_addon')
group by grouping sets ((unit_id, finding), (finding));

create temp table charge as
with latest as (
    select month, unit_id, service, financing, quantity, amount_nok
    from sealed.mart_charge
    where month = (select max(month) from sealed.mart_charge)
)
select
    month,
    case when grouping(unit_id) = 1 then '*' else unit_id end as unit_id,
    case when grouping(service) = 1 then '*' else service end as service,
    financing,
    cast(sum(quantity) as decimal(18, 2)) as quantity,
    case when count(*) = count(amount_nok) then sum(amount_nok) end as amount_nok
from latest
where service not in ('workplace', 'licence_audit')
group by grouping sets (
    (month, financing, unit_id, service), (month, financing, unit_id),
    (month, financing, service), (month, financing)
)
union all
select month, unit_id, service, financing, cast(sum(quantity) as decimal(18, 2)),
    case when count(*) = count(amount_nok) then sum(amount_nok) end
from latest
where service in ('workplace', 'licence_audit')
group by month, unit_id, service, financing;

create temp table same_month as
select
    (select max(month) from charge)
    = (select cast(date_trunc('month', max(as_of_date)) as date) from account) as is_same_month;

create temp table few as
select unit_id
from sealed.fct_licence_charge
where month = (select max(month) from sealed.fct_licence_charge)
group by unit_id
having count(distinct account_key) < $min_cell;

create temp table cell as
with counted as (
    select
        'account' as part, a.unit_id, a.sku_id as item, m.measure,
        case m.measure
            when 'assigned' then a.assigned
            when 'active' then a.active
            when 'unused' then a.unused
            else a.unknown_activity
        end as count,
        a.assigned between 1 and $min_cell - 1 as is_within_small
    from account as a
    cross join (values ('assigned'), ('active'), ('unused'), ('unknown_activity')) as m(measure)
    union all
    select 'finding', unit_id, finding, 'accounts', accounts, false from finding
    union all
    select 'charge', unit_id, service, financing, cast(quantity as bigint), false from charge
    where service <> 'licence_audit' and quantity is not null
)
select
    row_number() over (order by part, item, unit_id, measure) - 1 as cell,
    counted.*,
    count > 0 and (
        count < $min_cell
        or (part <> 'finding' and item <> 'workplace' and unit_id in (select unit_id from few))
    ) as is_small,
    is_within_small and count = 0 as is_extra
from counted;
"""
# One row per relation and cell: the sum of coefficient × count is 0 (`=`) or at most 0 (`<`).
_RELATIONS = """
with account as (select * from cell where part = 'account'),
finding as (select * from cell where part = 'finding'),
charge as (select * from cell where part = 'charge'),
unit_total as (select * from account where item = '*'),
member as (
    select concat_ws('|', 'parts', unit_id, item) as relation, cell, count,
        case when measure = 'assigned' then -1 else 1 end as coefficient
    from account
    union all
    select concat_ws('|', 'units', measure, item), cell, count,
        case when unit_id = '*' then -1 else 1 end
    from account
    union all
    select concat_ws('|', 'products', measure, unit_id), cell, count,
        case when item = '*' then -1 else 1 end
    from account
    union all
    select concat_ws('|', 'findings', item), cell, count,
        case when unit_id = '*' then -1 else 1 end
    from finding
    union all
    select concat_ws('|', 'charged units', measure, item), cell, count,
        case when unit_id = '*' then -1 else 1 end
    from charge where item <> 'workplace'
    union all
    select concat_ws('|', 'charged services', measure, unit_id), cell, count,
        case when item = '*' then -1 else 1 end
    from charge where item <> 'workplace'
    union all
    select concat_ws('|', 'link-charged', unit_id, item), cell, count, 1
    from charge semi join account using (unit_id, item)
    where (select is_same_month from same_month)
    union all
    select concat_ws('|', 'link-charged', a.unit_id, a.item), a.cell, a.count, -1
    from account as a semi join charge as c on a.unit_id = c.unit_id and a.item = c.item
    where a.measure = 'assigned' and (select is_same_month from same_month)
    union all
    select concat_ws('|', 'link-found', f.unit_id, f.item, m.measure), f.cell, f.count, 1
    from finding as f inner join unit_total as m on f.unit_id = m.unit_id
    where m.measure = 'assigned' or (m.measure = 'unused' and f.item in ('never_used', 'inactive'))
    union all
    select concat_ws('|', 'link-found', m.unit_id, f.item, m.measure), m.cell, m.count, -1
    from finding as f inner join unit_total as m on f.unit_id = m.unit_id
    where m.measure = 'assigned' or (m.measure = 'unused' and f.item in ('never_used', 'inactive'))
    union all
    select concat_ws('|', 'link-invoiced', unit_id, item), cell, count, 1
    from finding
    where item in ('disabled_over_60', 'several_accounts', 'external')
        and (select is_same_month from same_month)
    union all
    select concat_ws('|', 'link-invoiced', f.unit_id, f.item), c.cell, c.count, -1
    from finding as f inner join charge as c on f.unit_id = c.unit_id and c.item = '*'
    where f.item in ('disabled_over_60', 'several_accounts', 'external') and c.measure = 'invoiced'
        and (select is_same_month from same_month)
),
judged as (
    select *, sum(coefficient * count) over (partition by relation) as difference,
        relation like 'link-found%' or relation like 'link-invoiced%' as is_limit,
        relation like 'link-%' as is_link
    from member
)
select dense_rank() over (order by relation) - 1 as relation, cell, coefficient,
    not is_limit and not (is_link and difference < 0) as is_equation
from judged
-- A link between tables that does not hold is none.
where not is_link or difference <= 0
order by 1, 2
"""
_NAMES = """
create temp table unit_name as
select unit_id, arg_max(name, valid_from) as name from sealed.dim_unit group by unit_id;

create temp table sku_name as select sku_id, any_value(name) as name from sealed.dim_sku
group by sku_id;
"""
_OUTPUT = {
    "lisensregnskap": """
        with shown as (
            select unit_id, item, measure, count
            from cell anti join hidden using (cell)
            where part = 'account'
        )
        select
            a.as_of_date, a.unit_id,
            case when a.unit_id = '*' then 'Alle' else coalesce(u.name, a.unit_id) end
                as unit_name,
            a.sku_id,
            case when a.sku_id = '*' then 'Alle' else coalesce(s.name, a.sku_id) end as sku_name,
            a.entitled, h.assigned, h.active, h.unused, h.unknown_activity
        from account as a
        left join (
            select
                unit_id, item,
                max(count) filter (where measure = 'assigned') as assigned,
                max(count) filter (where measure = 'active') as active,
                max(count) filter (where measure = 'unused') as unused,
                max(count) filter (where measure = 'unknown_activity') as unknown_activity
            from shown
            group by unit_id, item
        ) as h on a.unit_id = h.unit_id and a.sku_id = h.item
        left join unit_name as u on a.unit_id = u.unit_id
        left join sku_name as s on a.sku_id = s.sku_id
        order by a.unit_id, a.sku_id
    """,
    "lisensfunn": """
        select
            a.unit_id,
            case when a.unit_id = '*' then 'Alle' else coalesce(u.name, a.unit_id) end
                as unit_name,
            a.finding,
            case when h.cell is null then a.accounts end as accounts
        from finding as a
        left join unit_name as u on a.unit_id = u.unit_id
        left join hidden as h
            on h.part = 'finding' and h.unit_id = a.unit_id and h.item = a.finding
        order by a.unit_id, a.finding
    """,
    "fakturagrunnlag": """
        with untold as (
            select unit_id, item, measure from hidden
            where part = 'charge' and unit_id <> '*' and item not in ('*', 'workplace')
        )
        select
            a.month, a.unit_id,
            case when a.unit_id = '*' then 'Alle' else coalesce(u.name, a.unit_id) end
                as unit_name,
            a.service,
            case when a.service = '*' then 'Alle produkter' else coalesce(s.name, a.service) end
                as service_name,
            a.financing,
            case when h.cell is null then a.quantity end as quantity,
            case
                when h.cell is null and not exists (
                    select 1 from untold as t
                    where t.measure = a.financing
                        and (a.unit_id = '*' or a.unit_id = t.unit_id)
                        and (a.service = '*' or a.service = t.item)
                        and (a.unit_id = '*' or a.service = '*')
                )
                then a.amount_nok
            end as amount_nok
        from charge as a
        left join unit_name as u on a.unit_id = u.unit_id
        left join sku_name as s on a.service = s.sku_id
        left join hidden as h
            on h.part = 'charge' and h.unit_id = a.unit_id and h.item = a.service
            and h.measure = a.financing
        order by a.unit_id, a.service, a.financing
    """,
}


def write_public(build_dir: Path, folder: Path) -> None:
    """Write the public tables of a build with sealed tables into `folder`, made if it is needed.

    Reads `internal/samkjop.duckdb` and the smallest cell from `inputs/run_context.parquet`. Writes
    nothing where there are no licence tables, or nothing in them. The same tables give the same
    bytes. Raises SuppressionError where a small count can't be kept hidden.
    """
    min_cell = _min_cell(build_dir)
    tables = public_tables(build_dir / "internal" / "samkjop.duckdb", min_cell)
    if not tables:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet", compression="zstd")
        table.write_csv(folder / f"{name}.csv", separator=";", include_bom=True, decimal_comma=True)
    (folder / ABOUT).write_text(_ABOUT.format(min_cell=min_cell), "utf-8")


def public_tables(database: Path, min_cell: int) -> Mapping[str, pl.DataFrame]:
    """Return the public tables of a sealed database, with a hidden count as null.

    None where a licence table is missing or there is no licence. Raises SuppressionError.
    """
    with duckdb.connect() as connection:
        path = str(database).replace("'", "''")
        connection.execute(f"attach '{path}' as sealed (read_only)")
        if not _has_licences(connection):
            return {}
        for statement in filter(str.strip, _CELLS.split(";")):
            given = {"min_cell": min_cell} if "$min_cell" in statement else None
            connection.execute(statement, given)
        connection.execute(_NAMES)
        hidden = _hidden(connection, min_cell)
        connection.register("hidden_number", hidden)
        connection.execute(
            "create temp table hidden as select cell.* from cell semi join hidden_number "
            "using (cell)"
        )
        return {name: connection.execute(query).pl() for name, query in _OUTPUT.items()}


def _has_licences(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'sealed'"
    ).fetchall()
    if not {name for (name,) in found}.issuperset(_SOURCES):
        return False
    return bool(
        connection.execute(
            "select exists (from sealed.mart_licence_account where assigned > 0)"
        ).fetchall()[0][0]
    )


def _hidden(connection: duckdb.DuckDBPyConnection, min_cell: int) -> pl.DataFrame:
    """Return the numbers of the cells to hide."""
    found = connection.execute("select count, is_small, is_extra from cell order by cell").pl()
    member = connection.execute(_RELATIONS).pl()
    is_equation = member.group_by("relation").agg(pl.first("is_equation")).sort("relation")
    place = (member["relation"].to_numpy(), member["cell"].to_numpy())
    relations = coo_array(
        (member["coefficient"].to_numpy().astype(float), place),
        (is_equation.height, found.height),
    )
    cells = Cells(
        values=found["count"].to_numpy().astype(float),
        relations=relations.tocsr(),
        is_equation=is_equation["is_equation"].to_numpy(),
        small=found["is_small"].to_numpy(),
        extra=found["is_extra"].to_numpy(),
    )
    return pl.DataFrame({"cell": np.flatnonzero(hidden_cells(cells, min_cell))})


def _min_cell(build_dir: Path) -> int:
    context = pl.read_parquet(build_dir / "inputs" / "run_context.parquet")
    return int(context["public_min_cell"].item())
