"""The marts of the analysis for the hand-made build, of the same nine lines of 2024.

Only the columns that the report and the notebooks read. What can be added up from the lines is:
sectors 1 000 000 (Helse), 750 000 (Oppvekst) and 250 000 (unknown); leaks 200 000 and 100 000; on
agreements 600 000, 50 000 and (voluntary) 200 000. The rest is made to be easy to check.
"""

from __future__ import annotations

HOSTILE_AGREEMENT = "<b>Bedriftshelse</b>"

ANALYSIS_TABLES = """
create table mart_strategy_kpi as
select
    y::int as year, k as kpi_id, n as name_nb, 'Slik: ' || n as description_nb,
    vk as value_kind, v::double as value,
    t::double as target, s as status, nu::decimal(18, 2) as numerator,
    de::decimal(18, 2) as denominator, d as definition_id, c as comparison, r as rule_id,
    src as target_source, p::double as previous_value, tr as trend, o::int as sort_order
from (
    values
        (2024, 'EHANDEL', 'E-handel, av alle kjøp', 'share', 0.25, 0.6, 'not_reached', 500000,
            2000000, 'STD', 'at_least', 'E08', 'Strategien, punkt 1', 0.2, 'better', 1),
        (2024, 'KURS', 'Kurs holdt', 'count', 3, 3, 'reached', 3, null, null, 'at_least', 'E17',
            'Strategien, punkt 2', 2, 'better', 2),
        (2024, 'NY', 'Noe nytt', 'share', null, null, 'en_ny_status', null, null, null,
            'at_least', 'E16', null, null, 'unknown', 3)
) as k(y, k, n, vk, v, t, s, nu, de, d, c, r, src, p, tr, o);

create table mart_milestone as
select 'M1' as milestone_id, 'E-handel i bruk' as title, 'Punkt 3' as strategy_reference,
    date '2024-09-30' as due_date, null::date as done_date, 'overdue' as status, 92 as days_late
union all select 'M2', 'Ny strategi', 'Punkt 4', date '2025-06-30', null, 'upcoming', 0;

create table mart_control_coverage as
select 2024 as year, 'K1' as category_id, 'Bedriftshelse' as category_name,
    'social_dumping' as control_risk, 3::bigint as supplier_count,
    2::bigint as controlled_supplier_count, 2.0 / 3 as controlled_share,
    900000::decimal(18, 2) as spend_nok, 700000::decimal(18, 2) as controlled_nok;

create table mart_authority_exceeded as
select 2024 as year, 'D1' as document_id, 'U1' as unit_id, 'S1' as supplier_id, 'Helse' as sector,
    'role' as limit_kind, 600000::decimal(18, 2) as amount_nok,
    100000::decimal(18, 2) as above_limit_nok
union all select 2024, 'D7', 'U2', 'S4', 'Oppvekst', 'unit', 500000, 400000
union all select 2024, 'D3', 'U1', 'S3', 'Helse', 'role', 200000, 50000;

create table mart_unit_ranking as
select
    2024 as year, 'STD' as definition_id, l as level, i as group_id, n as group_name, s as sector,
    a::decimal(18, 2) as spend_nok, a / 2000000.0 as spend_share, r::int as spend_rank,
    c::bigint as document_count, dr::int as document_rank, null::bigint as order_count,
    k::bigint as supplier_count
from (
    values
        ('sector', 'Helse', 'Helse', 'Helse', 1000000, 1, 5, 1, 3),
        ('sector', 'Oppvekst', 'Oppvekst', 'Oppvekst', 750000, 2, 3, 2, 3),
        ('sector', 'Ukjent', 'Ukjent', 'Ukjent', 250000, 3, 1, 3, 1),
        ('unit', 'U1', 'Bydel Nord', 'Helse', 1000000, 1, 5, 1, 3),
        ('unit', 'U2', 'Skoleetaten', 'Oppvekst', 750000, 2, 3, 2, 3),
        ('unit', 'unknown', 'Ukjent enhet', null, 250000, 3, 1, 3, 1)
) as v(l, i, n, s, a, r, c, dr, k);

create table mart_spend_change as
select
    2024 as year, k as category_id, n as category_name, p::decimal(18, 2) as previous_nok,
    c::decimal(18, 2) as current_nok, (c - p)::decimal(18, 2) as change_nok,
    w::decimal(18, 2) as new_suppliers_nok, 0::decimal(18, 2) as lost_suppliers_nok,
    pr::decimal(18, 2) as price_nok, q::decimal(18, 2) as quantity_nok,
    m::decimal(18, 2) as mix_nok, nc::bigint as new_supplier_count,
    0::bigint as lost_supplier_count, 2::bigint as matched_item_count, 0.5 as matched_share
from (
    values
        ('*', 'Alle kategorier', 1000000, 2000000, 840000, 40000, 100000, 20000, 4),
        ('K3', 'IKT-utstyr', 100000, 500000, 0, 100000, 300000, 0, 0),
        ('K1', 'Bedriftshelse', 900000, 900000, 300000, -60000, -200000, -40000, 2)
) as v(k, n, p, c, w, pr, q, m, nc);

create table mart_concentration as
select
    2024 as year, 'STD' as definition_id, '*' as category_id, 'Alle kategorier' as category_name,
    6::bigint as positive_supplier_count, 2000000::decimal(18, 2) as positive_nok, 2205.5 as hhi,
    4::bigint as pareto_supplier_count, 0.8 as pareto_share,
    150000::decimal(18, 2) as tail_limit_nok,
    1::bigint as tail_supplier_count, 0.05 as tail_spend_share, 1.0 / 9 as tail_document_share,
    'S1' as largest_supplier_id, 0.33 as largest_share;

create table mart_definition_choice as
select
    2024 as year, 'ALLE' as definition_id, 'public_bodies' as choice,
    0.0375 as numerator_change_ratio, 1.0 / 6 as denominator_change_ratio,
    296428.57::decimal(18, 2) as mean_nok, -36904.76::decimal(18, 2) as mean_change_nok,
    -0.110714 as mean_change_ratio;

create table mart_definition_sensitivity as
select
    2024 as year, d as definition_id, n as definition_name, p as published_id,
    pn as published_name, 'En strategi' as published_source, 'sett' as figure_set, m as measure,
    il::decimal(18, 2) as implied_low, ih::decimal(18, 2) as implied_high,
    false as is_consistent, v::decimal(18, 2) as value, x::decimal(18, 2) as difference,
    x::double / y as difference_ratio, x = 0 as could_give, false as could_give_all
from (
    values
        ('STD', 'Standard', 'P1', '7 leverandører', 'denominator_suppliers', 5, 5, 6, -1, 7),
        ('ALLE', 'Alle kjøp', 'P1', '7 leverandører', 'denominator_suppliers', 5, 5, 7, 0, 7),
        ('STD', 'Standard', 'P2', '400 000 per leverandør', 'mean_nok', 285714, 300000,
            333333.33, -66666.67, 400000),
        ('ALLE', 'Alle kjøp', 'P2', '400 000 per leverandør', 'mean_nok', 285714, 300000,
            296428.57, -103571.43, 400000)
) as v(d, n, p, pn, m, il, ih, v, x, y);

create table mart_loyalty_level as
select
    2024 as year, 'year' as period, date '2024-01-01' as period_start, l as level, i as level_id,
    n as level_name, a as agreement_id, onn::decimal(18, 2) as on_agreement_nok,
    wr::decimal(18, 2) as wrong_zone_nok, off::decimal(18, 2) as off_agreement_nok,
    pos::decimal(18, 2) as undetermined_positive_nok,
    neg::decimal(18, 2) as undetermined_negative_nok, lo::double as loyalty_low,
    hi::double as loyalty_high, s as status
from (
    values
        ('total', 'total', 'Hele kommunen', null, 650000, 100000, 200000, 60000, 40000,
            0.65656, 0.70297, 'assessed'),
        ('sector', 'Helse', 'Helse', null, 600000, 100000, 200000, 60000, 40000, 0.6383, 0.6875,
            'assessed'),
        ('sector', 'Oppvekst', 'Oppvekst', null, 50000, 0, 0, 0, 0, 1.0, 1.0, 'weak'),
        ('lot', 'A1/1', 'Bedriftshelse, sone 1', 'A1', 600000, 0, 200000, 60000, 40000, 0.7143,
            0.7674, 'assessed'),
        ('lot', 'A1/2', 'Bedriftshelse, sone 2', 'A1', 0, 100000, 0, 0, 0, 0.0, 0.0, 'weak'),
        ('lot', 'A2/1', 'Møbler, sone 1', 'A2', 50000, 0, 0, 0, 0, 1.0, 1.0, 'weak')
) as v(l, i, n, a, onn, wr, off, pos, neg, lo, hi, s);

create table mart_loyalty_leak as
select
    2024 as year, true as is_leak, 1::bigint as leak_rank, 'U1' as unit_id,
    'Bydel Nord' as unit_name, 'Helse' as sector, 'A1' as agreement_id,
    'Bedriftshelsetjeneste' as agreement_title, '1' as lot, 'S3' as supplier_id,
    'Bygg & Bo AS' as supplier_name, 'off_agreement' as loyalty_class,
    'Bedriftshelse' as category_names, 200000::decimal(18, 2) as amount_nok,
    1::bigint as line_count, date '2024-03-15' as first_date, date '2024-03-15' as last_date,
    'Helse AS' as right_suppliers, 'Leverandøren står ikke på avtalen.' as reason_nb,
    2.0 / 3 as cumulative_share
union all
select 2024, true, 2, 'U1', 'Bydel Nord', 'Helse', 'A1', 'Bedriftshelsetjeneste', '1', 'S2',
    '=1+1', 'wrong_zone', 'Bedriftshelse', 100000, 1, date '2024-02-15', date '2024-02-15',
    'Helse AS', 'Enheten hører til en annen sone.', 1.0;

create table mart_loyalty_evidence as
select
    2024 as year, a as agreement_id, c as loyalty_class, r::int as evidence_rung,
    e as loyalty_evidence, 'registered' as supplier_basis, n::decimal(18, 2) as amount_nok,
    1::bigint as line_count
from (
    values
        ('A1', 'on_agreement', 1, 'reference', 400000),
        ('A1', 'on_agreement', 3, 'supplier_category_zone_date', 200000),
        ('A2', 'on_agreement', 3, 'supplier_category_zone_date', 50000),
        ('A3', 'voluntary', 2, 'price_list', 200000)
) as v(a, c, r, e, n);

create table mart_agreement_overlap as
select '' as agreement_id, '' as lot, '' as other_agreement_id, '' as other_lot,
    '' as category_id, '' as agreement_title, '' as other_agreement_title, '' as category_name,
    date '2024-01-01' as first_date, date '2024-01-01' as last_date, 0::bigint as unit_count,
    0::decimal(18, 2) as spend_nok, 0::decimal(18, 2) as on_first_nok,
    0::decimal(18, 2) as on_other_nok, 0::decimal(18, 2) as on_neither_nok
where false;

create table mart_exemption as
select 'A1' as agreement_id, 'Bedriftshelsetjeneste' as agreement_title, 'U3' as unit_id,
    'Biblioteket' as unit_name, date '2024-01-01' as valid_from, date '2024-07-01' as valid_to,
    'Ombygging' as reason, false as is_in_force, 30000::decimal(18, 2) as affected_nok,
    10000::decimal(18, 2) as on_agreement_nok, 20000::decimal(18, 2) as elsewhere_nok;

create table mart_call_off as
select 2024 as year, 'A1' as agreement_id, 'Bedriftshelsetjeneste' as agreement_title,
    3::bigint as call_off_count, 450000::decimal(18, 2) as with_order_nok,
    600000::decimal(18, 2) as spend_nok, 0.75 as with_order_share,
    0::bigint as outside_period_count, 0::decimal(18, 2) as outside_period_nok;

create table mart_agreement_calendar as
select
    a as agreement_id, e as event, et as event_type, en as event_nb, d::date as event_date,
    l::int as days_left, s = 'overdue' as is_overdue, s as status, et <> 'end' as is_task,
    t as agreement_title, m as agreement_manager, o::bigint as event_order
from (
    values
        ('A1', 'competition_start', 'competition_start', 'Siste dag for å starte konkurranse',
            '2024-10-01', -91, 'overdue', '<b>Bedriftshelse</b>', 'Kari Eksempel', 1),
        ('A2', 'end', 'end', 'Avtalen utløper', '2024-12-31', 0, 'upcoming', 'Møbler', null, 2),
        ('A3', 'end', 'end', 'Avtalen utløper', '2025-12-31', 365, 'upcoming', 'Strøm', null, 3),
        ('A3', 'start', 'start', 'Avtalen begynner', '2024-01-01', -365, 'passed', 'Strøm', null,
            4)
) as v(a, e, et, en, d, l, s, t, m, o);

create table mart_agreement_option as
select 'A1' as agreement_id, 'Bedriftshelsetjeneste' as agreement_title,
    'extension' as option_kind, '1' as option_id, 'Ett år' as option_title, 'overdue' as state,
    false as is_exercised, null::date as exercised_date, date '2024-11-30' as deadline_date,
    false as is_exercised_late, 0::decimal(18, 2) as spend_nok,
    null::decimal(18, 2) as spend_before_nok
union all
select 'A2', 'Møbler', 'extension', '1', 'Ett år', 'open', false, null, date '2025-11-30', false, 0,
    null;

create table mart_agreement_status as
select
    i as agreement_id, t as title, true as is_active, f::date as valid_from,
    date '2025-12-31' as end_date, w as is_without_owner, n::decimal(18, 2) as turnover_nok,
    n = 0 as is_without_turnover, f >= '2023-01-01' as has_full_history, 'KS' as lead_buyer,
    c::decimal(18, 2) as ceiling_nok, n::double / c as ceiling_share,
    coalesce(n >= c, false) as is_ceiling_reached, p::decimal(18, 2) as projected_nok,
    p::double / c as projected_ceiling_share, cd::date as ceiling_date,
    cd > '2024-12-31' as is_ceiling_date_projected, 'linear' as projection_method
from (
    values
        ('A1', 'Bedriftshelsetjeneste', '2023-01-01', false, 1500000, 2000000, 2100000,
            '2025-11-01'),
        ('A2', 'Møbler', '2024-01-01', true, 50000, null, 100000, null),
        ('A3', 'Strøm', '2024-01-01', false, 200000, 200000, 400000, '2024-09-15')
) as v(i, t, f, w, n, c, p, cd);

create table mart_category_agreement_gap as
select 2024 as year, 'K3' as category_id, 'IKT-utstyr' as category_name, 'IKT' as faggruppe,
    true as is_addressable, 500000::decimal(18, 2) as spend_nok,
    500000::decimal(18, 2) as without_agreement_nok, 1 as supplier_count,
    true as is_without_agreement, 1 as faggruppe_category_count,
    0 as faggruppe_covered_category_count, 1::bigint as gap_rank;

create table mart_lead_buyer as
select 2024 as year, 'KS' as lead_buyer, 3 as agreement_count, 3 as used_agreement_count,
    3 as supplier_count, 850000::decimal(18, 2) as turnover_nok, 1.0 as turnover_share;

create table mart_price_change as
select 2024 as year, date '2024-04-01' as quarter_start, 'S1' as supplier_id,
    'Helse AS' as supplier_name, 'V1' as item_id, 'Helseundersøkelse' as item_name,
    'HUR' as unit_code, 'NOK' as currency, 125.5::decimal(30, 4) as unit_price_nok,
    100::decimal(30, 4) as previous_price_nok, 0.255 as change_share, true as is_comparable,
    2550::decimal(18, 2) as price_effect_nok, 0.05 as contracted_change_share,
    null::double as above_contract_share;

create table mart_threshold_watch as
select
    w as watch_id, sc as scope, s as supplier_id, k as category_id,
    date '2024-01-01' as window_start, date '2025-01-01' as window_end, p as is_peak,
    n::decimal(18, 2) as spend_without_agreement_nok, t::decimal(18, 2) as threshold_nok,
    t is not null as is_threshold_verified, 'to kilder er enige' as threshold_status,
    n >= t as is_at_or_above, 2200000::decimal(18, 2) as eea_threshold_nok,
    false as is_at_or_above_eea,
    case when n >= t then 'central_purchasing' when n < t then 'sector' end as responsible,
    case
        when t is null then 'ikke vurdert: terskelverdien er ikke kjent'
        when n >= t then 'bør undersøkes'
        else 'under terskelverdien'
    end as assessment
from (
    values
        ('W1', 'municipality', null, 'K3', true, 500000, 500000),
        ('W2', 'supplier', 'S4', 'K3', true, 499999.99, 500000),
        ('W3', 'municipality', null, 'K1', true, 200000, null),
        ('W4', 'municipality', null, 'K3', false, 500000, 500000)
) as v(w, sc, s, k, p, n, t);

create table mart_threshold_unit as
select 'P1' as part_id, 'W1' as watch_id, 'municipality' as scope, null::varchar as supplier_id,
    'K3' as category_id, date '2024-01-01' as window_start, date '2025-01-01' as window_end,
    true as is_at_or_above, 'central_purchasing' as responsible, 'U2' as unit_id,
    'Skoleetaten' as unit_name, 'Oppvekst' as sector, 'no_agreement' as loyalty_class,
    500000::decimal(18, 2) as spend_nok, 1.0 as window_share;

create table mart_saving as
select
    2024 as year, a as agreement_id, t as agreement_title, c::bigint as plan_count,
    p::decimal(18, 2) as planned_saving_nok, r::decimal(18, 2) as realised_saving_nok,
    r::double / p as realised_share, l::decimal(18, 2) as leaked_saving_nok,
    n::decimal(18, 2) as on_agreement_nok, n::decimal(18, 2) as measured_nok,
    300000::decimal(18, 2) as leaked_spend_nok, 100000::decimal(18, 2) as leaked_measured_nok,
    20000::decimal(18, 2) as outside_period_nok,
    n::decimal(18, 2) as price_checked_nok, 500::decimal(18, 2) as price_deviation_nok,
    o::decimal(18, 2) as overcharged_nok, 1::bigint as overcharged_line_count
from (
    values
        ('A1', 'Bedriftshelsetjeneste', 1, 100000, 60000, 15000, 600000, 700),
        ('A2', 'Møbler', 0, null, 5000, 0, 50000, 0),
        ('A3', 'Strøm', 0, null, 0, 0, 200000, 0)
) as v(a, t, c, p, r, l, n, o);

create table mart_saving_item as
select 2024 as year, 'A1' as agreement_id, 'baseline_price' as method,
    600000::decimal(18, 2) as amount_nok, 60000::decimal(18, 2) as realised_saving_nok,
    15000::decimal(18, 2) as leaked_saving_nok, 1::bigint as line_count
union all select 2024, 'A2', 'zero_price', 50000, 5000, 0, 1;

create table mart_supplier_risk as
select
    2024 as year, i as supplier_id, n as supplier_name, a::decimal(18, 2) as spend_nok,
    a / 2000000.0 as spend_share, t::double as turnover_share, 1::bigint as category_count,
    0.5 as largest_category_share, 0::bigint as sole_category_count, b as is_bankrupt,
    bd::date as bankruptcy_date, false as is_winding_up, null::date as winding_up_date,
    false as is_forced_winding_up, null::date as forced_winding_up_date,
    null::date as deletion_date, true as is_in_entity_register, v as is_vat_registered,
    1::bigint as price_item_count, 1000::decimal(18, 2) as price_observed_nok,
    pv::double as price_variation, date '2025-12-31' as next_agreement_end_date,
    od::bigint as open_deviation_count, oh::bigint as open_high_count,
    2500::decimal(18, 2) as open_claim_nok, 0::bigint as open_followup_count,
    0::bigint as overdue_followup_count
from (
    values
        ('S1', 'Helse AS', 660000, 0.33, false, null, true, 0.1, 0, 0),
        ('S3', 'Bygg & Bo AS', 290000, null, true, '2024-11-01', false, null, 2, 1),
        ('unknown', 'Ukjent', 250000, null, null, null, null, null, 0, 0)
) as v(i, n, a, t, b, bd, v, pv, od, oh);

create table mart_category_risk as
select 2024 as year, 'K3' as category_id, 'IKT-utstyr' as category_name,
    1::bigint as supplier_count, 2::bigint as last_year_supplier_count,
    'S4' as largest_supplier_id, 1.0 as largest_supplier_share, 10000.0 as hhi,
    true as has_sole_supplier, true as is_one_left, 500000::decimal(18, 2) as spend_nok;

create table mart_category_model as
select 'learned' as method, 'measured' as status, false as is_best_single_rule,
    200::bigint as test_key_count, 190::bigint as correct_key_count, 0.95 as accuracy_share,
    0.97 as accuracy_nok_share, 0.5 as coverage_share, 0.99 as accepted_accuracy_share
union all select 'text', 'measured', true, 200, 180, 0.9, 0.91, null, null;

create table mart_category_suggestion as
select 'n1' as category_key, 1::bigint as spend_rank, 'REPARASJON' as item_text,
    'S5' as supplier_id, 250000::decimal(18, 2) as spend_nok, 1::bigint as line_count,
    'Bilverksted' as suggested_category_name, 0.8 as confidence, false as is_accepted
union all select 'n2', 2, 'DIVERSE', 'S1', 100000, 2, null, null, false;

create table mart_supplier_merge as
select 'NAVN:A' as supplier_id_from, 'S1' as supplier_id_to, 'Helse A/S' as name_from,
    'Helse AS' as name_to, 'merged' as outcome, 'splink' as decided_by, null as reason,
    9.5 as match_weight, 0.999 as match_probability, 'samme navn' as evidence,
    60000::decimal(18, 2) as spend_nok
union all select 'NAVN:B', 'S3', 'Bo AS', 'Bygg & Bo AS', 'refused', 'register', 'register', null,
    null, null, 0;
"""
