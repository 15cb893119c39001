"""The licence marts of the hand-made build: three units, four products, per 31 December 2024.

| unit | E3 (300 kr) | E1 (80 kr) | Visio (200 kr) | free add-on (no price) |
|---|---|---|---|---|
| Bydel Nord (U1) | 30, of which 6 never used | 50 | 40, of which 6 inactive | 60 |
| Skoleetaten (U2), exempt | 20 | | 3 | |
| Biblioteket (U3) | 35 | | | |
| seats held | 100 | 48 | 50 | 0 |

The 3 are too few to be public. There is an export for October too, and none for November. Only the
columns that public/, the report and the notebooks read.
"""

from __future__ import annotations

LICENCE_TABLES = """
create table dim_sku as
select s as sku_id, n as name, s = 'E1' as is_standard, f as is_transferable
from (
    values
        ('E3', 'Microsoft 365 E3', true), ('E1', 'Office 365 E1', true),
        ('V', 'Visio <i>Plan 2</i>', false), ('F', 'Gratis tillegg', true)
) as v(s, n, f);

create table mart_licence_account as
select
    d::date as as_of_date, u as unit_id, s as sku_id, e::bigint as entitled, a::bigint as assigned,
    (a - n)::bigint as active, n::bigint as unused, 0::bigint as unknown_activity
from (
    values
        ('2024-12-31', 'U1', 'E3', 0, 30, 6), ('2024-12-31', 'U1', 'E1', 0, 50, 0),
        ('2024-12-31', 'U1', 'V', 0, 40, 6), ('2024-12-31', 'U1', 'F', 0, 60, 0),
        ('2024-12-31', 'U2', 'E3', 0, 20, 0), ('2024-12-31', 'U2', 'V', 0, 3, 0),
        ('2024-12-31', 'U3', 'E3', 0, 35, 0),
        ('2024-12-31', 'felles', 'E3', 100, 0, 0), ('2024-12-31', 'felles', 'E1', 48, 0, 0),
        ('2024-12-31', 'felles', 'V', 50, 0, 0),
        ('2024-10-31', 'U1', 'E3', 0, 28, 2), ('2024-10-31', 'felles', 'E3', 100, 0, 0)
) as v(d, u, s, e, a, n);

create table mart_licence_sku as
with sums as (
    select as_of_date, sku_id, sum(entitled)::bigint as entitled, sum(assigned)::bigint as assigned,
        sum(active)::bigint as active, sum(unused)::bigint as unused,
        sum(unknown_activity)::bigint as unknown_activity
    from mart_licence_account
    group by as_of_date, sku_id
)
select
    sums.*, as_of_date = '2024-12-31' as is_latest,
    greatest(entitled - assigned, 0) as shelf_ware,
    greatest(assigned - entitled, 0) as over_assigned,
    p.price::decimal(18, 2) as unit_price_nok,
    (greatest(entitled, assigned) * p.price)::decimal(18, 2) as monthly_cost_nok,
    p.due::date as true_up_date,
    (12 * greatest(assigned - entitled, 0) * p.price)::decimal(18, 2) as true_up_nok
from sums
left join (
    values ('E3', 300, null), ('E1', 80, '2025-06-30'), ('V', 200, null)
) as p(sku_id, price, due) on sums.sku_id = p.sku_id;

create table mart_licence_finding as
select
    date '2024-12-31' as as_of_date, f || r.range as user_key, u as unit_id, s as sku_id,
    f as finding, p::decimal(18, 2) as monthly_cost_nok,
    (case when f = 'beyond_standard' and r.range < 6 then 0 else p end)::decimal(18, 2)
        as counted_cost_nok
from (
    values ('never_used', 'U1', 'E3', 6, 300), ('inactive', 'U1', 'V', 6, 200),
        ('external', 'U2', 'V', 3, 200), ('beyond_standard', 'U1', 'V', 40, 200)
) as v(f, u, s, n, p), range(40) as r
where r.range < n;

create table mart_licence_waste as
select
    date '2024-12-31' as as_of_date, u as unit_id, f as finding, o as finding_order,
    n as finding_name, i as rule_id, c::bigint as user_count, c::bigint as assignment_count,
    0::bigint as without_price_count, m::decimal(18, 2) as monthly_cost_nok,
    k::decimal(18, 2) as counted_cost_nok
from (
    values
        ('U1', 'never_used', 3, 'Aldri brukt', 'A08', 6, 1800, 1800),
        ('U1', 'inactive', 4, 'Ikke brukt i perioden', 'A08', 6, 1200, 1200),
        ('U2', 'external', 8, 'Ekstern bruker', 'B08e', 3, 600, 600),
        ('U1', 'beyond_standard', 11, 'Utenfor standarden', 'B07', 40, 8000, 6800)
) as v(u, f, o, n, i, c, m, k);

create table mart_sku_issue as
select 'V' as sku_id, 'part_number_differs' as issue, date '2024-12-31' as as_of_date,
    'Koden er V hos oss' as detail;

create table mart_charge as
select
    u || s as charge_id, date '2024-12-01' as month, u as unit_id, s as service, f as financing,
    r as rule_id, q::decimal(18, 6) as quantity, a::decimal(18, 2) as amount_nok,
    0::decimal(18, 2) as deducted_nok, s = 'E3' and r = 'B07' as is_unresolved,
    false as is_preliminary
from (
    values
        ('U1', 'E3', 'invoiced', 'B07', 30, 9300), ('U1', 'E1', 'frame', 'B06', 50, 0),
        ('U1', 'V', 'invoiced', 'B07', 40, 8400), ('U1', 'F', 'frame', 'B07x', 60, 0),
        ('U2', 'E3', 'invoiced', 'B02', 20, null), ('U2', 'V', 'invoiced', 'B02', 3, null),
        ('U3', 'E3', 'invoiced', 'B07', 35, 10850),
        ('felles', 'licence_audit', 'invoiced', 'A09', 7.25, 7250)
) as v(u, s, f, r, q, a);

create table fct_licence_charge as
select month, unit_id, service as sku_id, unit_id || service || range as account_key
from mart_charge, range(60)
where range < quantity and service <> 'licence_audit';

create table mart_licence_plan_summary as
select
    date '2024-12-31' as as_of_date, 'optimal' as status, 12::bigint as horizon_months,
    600000::decimal(18, 2) as baseline_nok, 480000::decimal(18, 2) as plan_nok,
    120000::decimal(18, 2) as saving_nok, 0.2 as saving_share,
    500000::decimal(18, 2) as greedy_nok, 0.0 as gap_share;

create table mart_licence_plan_cause as
select 'never_used' as cause, 3::bigint as cause_order, 'A08' as rule_id,
    6::bigint as changed_count, 21600::decimal(18, 2) as horizon_saving_nok,
    21600::decimal(18, 2) as yearly_saving_nok
union all select 'above_need', 10, 'A08', 3, 44400, 44400
union all select 'shelf_ware', 15, 'A07', 0, 54000, 54000;

create table mart_licence_plan as
select
    n::bigint as action_number, a as action, u as unit_id, f as from_sku_id, t as to_sku_id,
    c as cause, 'A08' as rule_id, b as binding_constraint, q::bigint as quantity,
    '2025-06-30'::date as earliest_date, y::decimal(18, 2) as horizon_saving_nok,
    y::decimal(18, 2) as yearly_saving_nok
from (
    values
        (1, 'remove', 'U1', 'E3', null, 'never_used', null, 6, 0),
        (2, 'downgrade', 'U1', 'E3', 'E1', 'above_need', null, 2, 0),
        (3, 'downgrade', 'U2', 'E3', 'E1', 'above_need', null, 1, 0),
        (4, 'terminate', 'U1', 'E3', null, 'never_used', 'reduction_date', 6, 21600),
        (5, 'terminate', 'felles', 'E3', null, 'shelf_ware', 'reduction_date', 15, 54000)
) as v(n, a, u, f, t, c, b, q, y);

create table mart_licence_plan_constraint as
select
    'reduction_date' as constraint_name, 'felles' as pool_id, 'alle' as sku_id,
    'optimal' as status,
    450000::decimal(18, 2) as without_nok, 30000::decimal(18, 2) as cost_nok
union all select 'transferability', 'felles', 'V', 'optimal', 475000, 5000;
"""
