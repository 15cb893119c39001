"""A tiny consistent build, made by hand without dbt, for the tests of gate and publication.

One year, five units of which one is collective, a binding agreement in three zones, a voluntary
one, and twelve documents: one line of nearly every loyalty class, a charge, a credit note, a public
seller, a foreign document with a rate and one without. A second legal entity has a ledger: an
invoice that details a posting, one that no posting fits, a residual, a posting and a wage.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.publication.seal import Seal, seal

KEYS: dict[str, tuple[str, ...]] = {
    "dim_supplier": ("supplier_id",),
    "dim_unit": ("unit_id", "valid_from"),
    "dim_category": ("category_id",),
    "dim_agreement": ("agreement_id",),
    "dim_spend_definition": ("definition_id",),
    "bridge_agreement_supplier": ("agreement_id", "lot", "supplier_id", "valid_from"),
    "bridge_agreement_unit": ("agreement_id", "lot", "unit_id", "valid_from"),
    "bridge_agreement_category": ("agreement_id", "lot", "category_id", "valid_from"),
    "fct_spend_line": ("spend_line_id",),
    "fct_outside_population_line": ("spend_line_id",),
    "fct_document": ("document_id",),
    "mart_supplier_year": ("year", "definition_id", "supplier_id"),
    "mart_supplier_average": ("year", "definition_id"),
    "mart_spend_cube": ("month", "unit_id", "sector", "category_id", "supplier_id", "channel"),
    "mart_loyalty": ("year", "unit_id", "agreement_id"),
    "mart_loyalty_unit": ("year", "unit_id"),
    "mart_coverage": ("year", "category_id"),
    "mart_spend_source": ("year", "entity_id"),
    "mart_supplier_merge": ("supplier_id_from", "supplier_id_to"),
    "mart_register_issue": ("register", "source_sha256", "source_row", "column_name"),
    "mart_reconciliation": ("source_sha256",),
}

_REGISTERS = """
create table dim_supplier as
select supplier_id, nullif(orgnr, '') as orgnr, name, 'AS' as organisation_form,
    is_public_body, false as is_internal, false as is_private_person,
    'none' as register_source, false as is_in_enhetsregisteret,
    cast(null as varchar) as sector_code, cast(null as varchar) as industry_code,
    cast(null as varchar) as parent_orgnr, cast(null as boolean) as is_vat_registered,
    false as is_bankrupt, cast(null as date) as bankruptcy_date, false as is_winding_up,
    false as is_forced_winding_up, cast(null as date) as deleted_date,
    cast(0 as bigint) as merged_count
from (values
    ('NO910000001', '910000001', 'Avonova', false),
    ('NO910000002', '910000002', 'Arbeidsmiljøhuset', false),
    ('NO910000003', '910000003', 'Et tredje selskap', false),
    ('NO910000004', '910000004', 'Fylkeskommunen', true),
    ('unknown', '', 'Ukjent leverandør', false)
) as t(supplier_id, orgnr, name, is_public_body);

create table dim_unit as
select unit_id, name, '810000001' as orgnr, sector, nullif(parent, '') as parent_unit_id,
    date '1900-01-01' as valid_from, date '9999-12-31' as valid_to
from (values
    ('FRO', 'Bydel Frogner', 'Helse', ''),
    ('ALN', 'Bydel Alna', 'Helse', ''),
    ('UDE', 'Utdanningsetaten', 'Oppvekst', ''),
    ('BYR', 'Byrådsavdelingene', 'Stab', ''),
    ('FIN', 'Byrådsavdeling for finans', 'Stab', 'BYR'),
    ('unknown', 'Ukjent enhet', 'Ukjent', '')
) as t(unit_id, name, sector, parent);

create table dim_category as
select * from (values
    ('BHT', 'Bedriftshelsetjeneste', 'Helse', 'health_social', true),
    ('STOL', 'Kontorstoler', 'Møbler', 'goods_services', true),
    ('HUSLEIE', 'Husleie', 'Eiendom', 'goods_services', false),
    ('unknown', 'Ukjent kategori', 'Ukjent', 'goods_services', true)
) as t(category_id, name, faggruppe, kind, is_addressable);

create table dim_agreement as
select agreement_id, title, is_binding, own_production_allowed, 'Innkjøp' as lead_buyer,
    cast(valid_from as date) as valid_from, cast(end_date as date) as end_date,
    cast(latest_end_date as date) as latest_end_date, 'Kari Forvalter' as agreement_manager,
    cast(1000000 as decimal(18, 2)) as ceiling_nok
from (values
    ('BHT-23', 'Bedriftshelsetjeneste', true, true, '2023-01-11', '2025-01-10', '2029-01-10'),
    ('STOL-23', 'Kontorstoler', false, false, '2023-01-01', '2026-12-31', '2026-12-31')
) as t(agreement_id, title, is_binding, own_production_allowed, valid_from, end_date,
    latest_end_date);

create table bridge_agreement_supplier as
select agreement_id, lot, supplier_id, cast(1 as integer) as supplier_rank,
    'registered' as supplier_basis, cast(null as varchar) as predecessor_id,
    cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to
from (values
    ('BHT-23', '1', 'NO910000001', '2023-01-11', '2025-01-11'),
    ('BHT-23', '2', 'NO910000002', '2023-01-11', '2025-01-11'),
    ('BHT-23', '3', 'NO910000002', '2023-01-11', '2025-01-11'),
    ('STOL-23', '1', 'NO910000003', '2023-01-01', '2027-01-01')
) as t(agreement_id, lot, supplier_id, valid_from, valid_to);

create table bridge_agreement_unit as
select agreement_id, lot, unit_id, unit_id as via_unit_id,
    cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to
from (values
    ('BHT-23', '1', 'FRO', '2023-01-11', '2025-01-11'),
    ('BHT-23', '2', 'ALN', '2023-01-11', '2025-01-11'),
    ('BHT-23', '2', 'BYR', '2023-01-11', '2025-01-11'),
    ('BHT-23', '2', 'FIN', '2023-01-11', '2025-01-11'),
    ('BHT-23', '3', 'UDE', '2023-01-11', '2025-01-11'),
    ('STOL-23', '1', 'ALN', '2023-01-01', '2027-01-01'),
    ('STOL-23', '1', 'UDE', '2023-01-01', '2027-01-01')
) as t(agreement_id, lot, unit_id, valid_from, valid_to);

create table bridge_agreement_category as
select agreement_id, lot, category_id,
    cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to
from (values
    ('BHT-23', '1', 'BHT', '2023-01-11', '2025-01-11'),
    ('BHT-23', '2', 'BHT', '2023-01-11', '2025-01-11'),
    ('BHT-23', '3', 'BHT', '2023-01-11', '2025-01-11'),
    ('STOL-23', '1', 'STOL', '2023-01-01', '2027-01-01')
) as t(agreement_id, lot, category_id, valid_from, valid_to);

create table dim_spend_definition as
select definition_id, name_nb, name_nb as description_nb, '' as choice,
    'ekskl_mva' as vat_treatment, 'any_posting' as active_rule,
    cast(0 as decimal(18, 2)) as minimum_nok, definition_id = 'STD' as is_default
from (values ('STD', 'Standard'), ('STD_FAKTURA', 'Med faktura'), ('STD_MIN', 'Over grensen'),
    ('ALLE', 'Alle'), ('ALLE_NAVN', 'Alle, etter navn')) as t(definition_id, name_nb);

create table mart_supplier_merge (
    supplier_id_from varchar, supplier_id_to varchar, name_from varchar, name_to varchar,
    outcome varchar, decided_by varchar, reason varchar, match_weight double,
    match_probability double, threshold double, evidence varchar, decision_reason varchar,
    decided_date date, definition_id varchar, spend_nok decimal(18, 2), document_count bigint
);

create table mart_register_issue (
    register varchar, source_sha256 varchar, file_name varchar, source_row bigint,
    column_name varchar, value varchar, reason varchar
);
"""

_DOCUMENTS = """
create table fct_document as
select document_id, 'sha-' || document_id as source_sha256, document_kind,
    'nr-' || document_id as document_number, 'peppol_bis3' as profile,
    cast(issue_date as date) as issue_date, cast(issue_date as date) + 30 as due_date, currency,
    supplier_id, '810000001' as buyer_orgnr, cast(null as varchar) as payee_name,
    cast(amount as decimal(18, 2)) as tax_exclusive_amount,
    cast(amount * 0.25 as decimal(18, 2)) as tax_amount,
    cast(amount * 1.25 as decimal(18, 2)) as tax_inclusive_amount,
    cast(amount * 1.25 as decimal(18, 2)) as payable_amount,
    cast(nok as decimal(18, 2)) as tax_exclusive_nok, nok is null as is_unconverted,
    cast(null as varchar) as rule_flags, false as has_difference_line,
    false as has_rounded_amounts,
    case when document_id in ('D11', 'D12') then '810000002' else '810000001' end as entity_id,
    case document_id when 'D11' then 'ledger' when 'D12' then 'replaced' else 'invoice' end
        as spend_source,
    cast(2024 as integer) as year,
    case when document_id = 'D11' then 'invoice_number' end as ledger_match
from (values
    ('D1', 'invoice', '2024-05-02', 'NOK', 'NO910000001', 60100.00, 60100.00),
    ('D2', 'invoice', '2024-05-03', 'NOK', 'NO910000002', 10000.00, 10000.00),
    ('D3', 'invoice', '2024-06-01', 'NOK', 'NO910000003', 20000.00, 20000.00),
    ('D4', 'invoice', '2024-06-02', 'NOK', 'NO910000003', 5000.00, 5000.00),
    ('D5', 'credit_note', '2024-06-10', 'NOK', 'NO910000001', -10000.00, -10000.00),
    ('D6', 'invoice', '2024-07-01', 'NOK', 'NO910000004', 7000.00, 7000.00),
    ('D7', 'invoice', '2024-07-02', 'NOK', 'NO910000002', 3000.00, 3000.00),
    ('D8', 'invoice', '2024-12-30', 'NOK', 'NO910000003', 1200.50, 1200.50),
    ('D9', 'invoice', '2024-08-01', 'SEK', 'NO910000003', 500.00, null),
    ('D10', 'invoice', '2024-08-02', 'EUR', 'NO910000003', 100.00, 1150.00),
    ('D11', 'invoice', '2024-09-02', 'NOK', 'NO910000003', 1000.00, 1000.00),
    ('D12', 'invoice', '2024-09-03', 'NOK', 'NO910000003', 200.00, 200.00)
) as t(document_id, document_kind, issue_date, currency, supplier_id, amount, nok);

create table all_lines as
select document_id || '-' || source_row as spend_line_id,
    document.source_sha256, cast(source_row as bigint) as source_row,
    cast(null as varchar) as divided_line_id, document_id, document.document_number,
    document.document_kind, line_kind, document.issue_date, cast(null as date) as posting_date,
    document.issue_date as decisive_date, 'issue_date' as decisive_date_evidence,
    cast(year(document.issue_date) as integer) as year, document.supplier_id, unit_id,
    'buyer_reference' as unit_evidence, category_id, 'classification' as category_evidence,
    nullif(agreement_id, '') as agreement_id, nullif(lot, '') as lot,
    cast(1 as integer) as supplier_rank, loyalty_class, loyalty_evidence,
    false as reference_mismatch,
    case agreement_id when 'BHT-23' then 'binding' when 'STOL-23' then 'voluntary' else 'none' end
        as coverage, cast(null as varchar) as supplier_basis, cast(null as varchar) as order_id,
        cast(null as date) as order_date, cast(null as varchar) as order_contract_reference,
        cast(null as varchar) as price_list_agreement_id, 'unknown' as channel,
        'vare' as item_name, document.currency,
    document.spend_source, document.entity_id, cast(null as varchar) as account,
    cast(null as varchar) as kostra_art, cast(nok as decimal(18, 2)) as amount_nok
from (values
    ('D1', 1, 'line', 'FRO', 'BHT', 'BHT-23', '1', 'on_agreement',
        'supplier_category_zone_date', 60000.00),
    ('D1', 2, 'charge', 'FRO', 'BHT', 'BHT-23', '1', 'on_agreement', 'spread_over_document',
        100.00),
    ('D2', 1, 'line', 'FRO', 'BHT', 'BHT-23', '1', 'wrong_zone', 'other_lot', 10000.00),
    ('D3', 1, 'line', 'ALN', 'BHT', 'BHT-23', '2', 'off_agreement', 'no_lot', 20000.00),
    ('D4', 1, 'line', 'UDE', 'STOL', 'STOL-23', '1', 'voluntary', 'voluntary_lot', 5000.00),
    ('D5', 1, 'line', 'FRO', 'BHT', 'BHT-23', '1', 'on_agreement', 'credited_line', -10000.00),
    ('D6', 1, 'line', 'ALN', 'HUSLEIE', '', '', '', '', 7000.00),
    ('D7', 1, 'line', 'ALN', 'unknown', '', '', 'undetermined', 'category_unknown', 3000.00),
    ('D8', 1, 'line', 'UDE', 'HUSLEIE', '', '', 'no_agreement', 'nothing_covers', 1200.50),
    ('D10', 1, 'line', 'ALN', 'STOL', 'STOL-23', '1', 'voluntary', 'voluntary_lot', 1150.00),
    ('D11', 1, 'line', 'UDE', 'HUSLEIE', '', '', 'no_agreement', 'nothing_covers', 1000.00)
) as t(document_id, source_row, line_kind, unit_id, category_id, agreement_id, lot,
    loyalty_class, loyalty_evidence, nok)
inner join fct_document as document using (document_id);

create table fct_spend_line as select * from all_lines where document_id <> 'D6';
create table fct_outside_population_line as
select spend_line_id, source_sha256, source_row, document_id, year, supplier_id, unit_id,
    category_id, 'public_body' as population_reason, document_kind, spend_source, entity_id,
    account, kostra_art, amount_nok
from all_lines where document_id = 'D6';

-- The ledger of 810000002: 1 050 posted on D11's number, 250 without an invoice, 3 000 in wages.
insert into fct_spend_line
select line.* replace (
    kind.id as spend_line_id, 'sha-bok' as source_sha256,
    cast(kind.place as bigint) as source_row, kind.document_id as document_id,
    kind.name as document_kind, kind.name as line_kind, '190' as account, '190' as kostra_art,
    cast(kind.nok as decimal(18, 2)) as amount_nok
)
from all_lines as line
inner join (values
    ('P-1-R', 1, 'D11', 'residual', 50.00), ('P-2', 2, 'B-2', 'posting', 250.00)
) as kind(id, place, document_id, name, nok) on line.document_id = 'D11';
insert into fct_outside_population_line
select 'P-3', 'sha-bok', 3, 'P-3', 2024, 'unknown', 'UDE', 'unknown', 'wages', 'posting', 'ledger',
    '810000002', '010', '010', 3000.00;
drop table all_lines;
"""

_MARTS = """
create table mart_supplier_year as
select cast(2024 as integer) as year, definition_id, supplier_id,
    cast(nok as decimal(18, 2)) as spend_nok, cast(documents as bigint) as document_count,
    cast(mean as decimal(18, 2)) as mean_document_nok,
    cast(median as decimal(18, 2)) as median_document_nok,
    cast(nok as double) / sum(cast(nok as double)) over (partition by definition_id)
        as spend_share,
    row_number() over (partition by definition_id order by nok desc) as spend_rank,
    sum(cast(nok as double)) over (partition by definition_id order by nok desc)
        / sum(cast(nok as double)) over (partition by definition_id) as cumulative_share,
    cast(0 as decimal(18, 2)) as vat_nok, cast(0 as decimal(18, 2)) as investment_nok
from (values
    ('NO910000001', 50100.00, 2, 25050.00, 25050.00, true),
    ('NO910000002', 13000.00, 2, 6500.00, 6500.00, true),
    ('NO910000003', 28650.50, 6, 4775.08, 1175.25, true),
    ('NO910000004', 7000.00, 1, 7000.00, 7000.00, false)
) as t(supplier_id, nok, documents, mean, median, is_std)
inner join (values ('STD'), ('STD_FAKTURA'), ('ALLE'), ('ALLE_NAVN')) as d(definition_id)
    on is_std or definition_id in ('ALLE', 'ALLE_NAVN');

create table mart_supplier_average as
select cast(2024 as integer) as year, definition_id, definition_id as definition_name,
    'alle linjer' as population, cast(numerator as decimal(18, 2)) as numerator_nok,
    cast(denominator as bigint) as denominator_suppliers,
    cast(mean as decimal(18, 2)) as mean_nok, cast(median as decimal(18, 2)) as median_nok,
    cast(0 as double) as trim_share, cast(numerator as decimal(18, 2)) as trimmed_numerator_nok,
    cast(denominator as bigint) as trimmed_suppliers, cast(mean as decimal(18, 2))
        as trimmed_mean_nok, cast(0 as decimal(18, 2)) as vat_nok,
    cast(0 as decimal(18, 2)) as investment_nok
from (values
    ('STD', 91750.50, 3, 30583.50, 28650.50),
    ('STD_FAKTURA', 91750.50, 3, 30583.50, 28650.50),
    ('STD_MIN', 0.00, 0, null, null),
    ('ALLE', 98750.50, 4, 24687.63, 20825.25),
    ('ALLE_NAVN', 98750.50, 4, 24687.63, 20825.25)
) as t(definition_id, numerator, denominator, mean, median);

create table mart_spend_cube as
select cast(date_trunc('month', line.issue_date) as date) as month, line.year, line.unit_id,
    unit.sector, line.category_id, line.supplier_id, line.channel,
    cast(sum(line.amount_nok) as decimal(18, 2)) as spend_nok, count(*) as line_count
from fct_spend_line as line inner join dim_unit as unit using (unit_id)
group by 1, 2, 3, 4, 5, 6, 7;

create table mart_coverage as
select cast(2024 as integer) as year, category_id, cast(covered as decimal(18, 2)) as covered_nok,
    cast(voluntary as decimal(18, 2)) as voluntary_nok,
    cast(uncovered as decimal(18, 2)) as uncovered_nok, cast(share as double) as coverage_share
from (values
    ('BHT', 80100.00, 0, 0, 1.0), ('STOL', 0, 6150.00, 0, 1.0), ('unknown', 0, 0, 3000.00, 0.0)
) as t(category_id, covered, voluntary, uncovered, share);

create table mart_loyalty as
select cast(2024 as integer) as year, unit_id, 'BHT-23' as agreement_id, unit.sector,
    true as own_production_allowed, cast(lines as bigint) as line_count,
    cast(spend as decimal(18, 2)) as spend_unit_nok,
    cast(on_nok as decimal(18, 2)) as on_agreement_nok,
    cast(0 as decimal(18, 2)) as on_by_reference_nok,
    cast(0 as decimal(18, 2)) as on_by_price_list_nok,
    cast(0 as decimal(18, 2)) as on_via_successor_nok,
    cast(0 as decimal(18, 2)) as on_via_subcontractor_nok,
    cast(by_category as decimal(18, 2)) as on_by_category_nok,
    cast(on_nok - by_category as decimal(18, 2)) as on_by_spread_nok,
    cast(wrong as decimal(18, 2)) as wrong_zone_nok,
    cast(0 as decimal(18, 2)) as outside_period_nok,
    cast(off_nok as decimal(18, 2)) as off_agreement_nok,
    cast(positive as decimal(18, 2)) as undetermined_positive_nok,
    cast(0 as decimal(18, 2)) as undetermined_negative_nok,
    cast(classified as double) as classified_share,
    cast(on_nok as double) / nullif(cast(on_nok + wrong + off_nok as double), 0) as loyalty_low,
    cast(on_nok + positive as double)
        / nullif(cast(on_nok + positive + wrong + off_nok as double), 0) as loyalty_high,
    status
from (values
    ('FRO', 4, 60100.00, 50100.00, 60000.00, 10000.00, 0.00, 0.00, 1.0, 'weak'),
    ('ALN', 2, 24150.00, 0.00, 0.00, 0.00, 20000.00, 3000.00, 21150.0 / 24150.0, 'weak'),
    ('UDE', 0, 7500.50, 0.00, 0.00, 0.00, 0.00, 0.00, 1.0, 'not_assessed'),
    ('BYR', 0, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, null, 'not_assessed'),
    ('FIN', 0, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, null, 'not_assessed')
) as t(unit_id, lines, spend, on_nok, by_category, wrong, off_nok, positive, classified, status)
inner join dim_unit as unit using (unit_id);

create table mart_loyalty_unit as
select * exclude (agreement_id, own_production_allowed), cast(1 as bigint) as agreement_count
from mart_loyalty;

create table mart_reconciliation as
select source_sha256, source_sha256 || '.xml' as file_name, 'ehf_invoice' as kind,
    cast(1 as bigint) as rows_in, cast(1 as bigint) as rows_accepted,
    cast(0 as bigint) as rows_quarantined, cast(0 as bigint) as rows_duplicate,
    cast(0 as bigint) as rows_left_out, currency, tax_exclusive_amount as amount_in,
    tax_exclusive_amount as amount_accepted, cast(0 as decimal(18, 2)) as amount_quarantined,
    cast(null as decimal(18, 2)) as amount_duplicate,
    cast(null as decimal(18, 2)) as amount_left_out, tax_exclusive_amount as amount_loaded,
    case when is_unconverted then tax_exclusive_amount else 0 end as amount_unconverted,
    coalesce(tax_exclusive_nok, 0) as amount_accepted_nok,
    case when document_id in ('D6', 'D12') then 0 else coalesce(tax_exclusive_nok, 0) end
        as spend_nok,
    case when document_id = 'D6' then tax_exclusive_nok else 0 end as outside_population_nok,
    case when document_id = 'D12' then tax_exclusive_nok else 0 end as replaced_by_ledger_nok,
    cast(0 as decimal(18, 2)) as detailed_by_invoices_nok,
    cast(null as double) as detailed_share,
    case when tax_exclusive_nok > 0 then if(document_id = 'D12', 1.0::double, 0.0::double) end
        as replaced_share,
    'accepted' as status, true as is_spend_source, false as is_withdrawn,
    cast(null as varchar) as quarantine_reason
from fct_document
union all select 'sha-broken', 'ødelagt.xml', 'unknown', 1, 0, 1, 0, 0, null, null, null, null,
    null, null, 0, 0, 0, 0, 0, 0, 0, null, null, 'rejected', false, false,
    'Filen er ikke gyldig XML'
union all select 'sha-withdrawn', 'trukket.xml', 'ehf_invoice', 1, 1, 0, 0, 0, 'NOK', 900, 900, 0,
    null, null, 0, 0, 0, 0, 0, 0, 0, null, null, 'withdrawn', true, true, null
union all select 'sha-register', 'enheter.csv', 'register', 5, 5, 0, 0, 0, null, null, null, null,
    null, null, 0, 0, 0, 0, 0, 0, 0, null, null, 'accepted', false, false, null
union all select 'sha-bok', 'hovedbok.csv', 'ledger_line', 5, 3, 0, 1, 1, 'NOK', 8650, 4300, 0, 50,
    4300, 4300, 0, 4300, 300, 3000, 0, 1000, 1000.0 / 1300.0, null, 'accepted', true, false, null
union all select 'sha-bestilling', 'bestilling.xml', 'peppol_order', 1, 1, 0, 0, 0, 'NOK', 500,
    500, 0, null, null, 0, 0, 0, 0, 0, 0, 0, null, null, 'accepted', false, false, null;

create table mart_spend_source as
select cast(2024 as integer) as year, entity_id, cast(null as varchar) as entity_name, spend_source,
    nullif(ledger_kind, '') as ledger_kind, cast(spend as decimal(18, 2)) as spend_nok,
    cast(postings as bigint) as posting_count, cast(posted as decimal(18, 2)) as posting_nok,
    cast(matched as decimal(18, 2)) as matched_nok, cast(detail as decimal(18, 2)) as detail_nok,
    cast(matched - detail as decimal(18, 2)) as residual_nok,
    cast(unposted as bigint) as unmatched_posting_count,
    cast(posted - matched as decimal(18, 2)) as unmatched_posting_nok,
    cast(0 as decimal(18, 2)) as vat_unknown_nok, cast(details as bigint) as matched_invoice_count,
    cast(details as bigint) as matched_by_number_count,
    cast(details as bigint) as unmatched_invoice_count,
    cast(unmatched as decimal(18, 2)) as unmatched_invoice_nok,
    cast(invoices as bigint) as invoice_count, cast(invoiced as decimal(18, 2)) as invoice_nok,
    cast(matched as double) / nullif(cast(posted as double), 0) as matched_share,
    cast(matched - detail as double) / nullif(cast(posted as double), 0) as residual_share
from (values
    ('810000001', 'invoice', '', 90450.50, 0, 0, 0.00, 0.00, 0.00, 0, 0.00, 10, 97450.50),
    ('810000002', 'ledger', 'general_ledger', 1300.00, 2, 1, 1300.00, 1050.00, 1000.00, 1, 200.00,
        0, 0.00)
) as t(entity_id, spend_source, ledger_kind, spend, postings, unposted, posted, matched, detail,
    details, unmatched, invoices, invoiced);
"""

MONEY_IN_RECONCILIATION = (
    "amount_in",
    "amount_accepted",
    "amount_quarantined",
    "amount_duplicate",
    "amount_left_out",
    "amount_loaded",
    "amount_unconverted",
    "amount_accepted_nok",
    "spend_nok",
    "outside_population_nok",
    "replaced_by_ledger_nok",
    "detailed_by_invoices_nok",
)


def make_warehouse(path: Path, defects: Iterable[str] = ()) -> Path:
    """Make the warehouse with all published tables, then run the statements of `defects`."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(_REGISTERS + _DOCUMENTS + _MARTS)
        for column in MONEY_IN_RECONCILIATION:
            connection.execute(
                f"alter table mart_reconciliation alter {column} type decimal(18, 2)"
            )
        for statement in defects:
            connection.execute(statement)
    return path


def write_run_context(
    build_dir: Path, weak_min_lines: int = 10, weak_min_nok: int = 100_000
) -> Path:
    """Write the settings of the build, of which the gate reads the limits of a weak basis."""
    path = build_dir / "inputs" / "run_context.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(
        f"select date '2024-12-31' as as_of_date, 'made by hand' as build_key, "
        f"cast(0.8 as double) as weak_classified_share, {weak_min_lines} as weak_min_lines, "
        f"cast({weak_min_nok} as decimal(18, 2)) as weak_min_nok"
    ).write_parquet(str(path))
    return path


def make_sealed_build(build_dir: Path, defects: Iterable[str] = ()) -> Seal:
    """Make and seal a build; every one of `defects` is an SQL statement run before sealing."""
    build_dir.mkdir(parents=True, exist_ok=True)
    write_run_context(build_dir)
    return seal(make_warehouse(build_dir / "warehouse.duckdb", defects), build_dir, KEYS)
