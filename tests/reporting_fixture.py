"""A sealed build made by hand, small enough to add up in the head, for the tests of the report.

It holds only the columns that the report and the notebooks read; the marts of the analysis are in
`reporting_fixture_analysis`, those of licences in `reporting_fixture_licences`. Names of suppliers
and files are as hostile as data can be. 2024 adds up to 2 000 000 kr:

| line | unit | supplier | category | class | kr |
|---|---|---|---|---|---|
| 1 | Bydel Nord | S1 | bedriftshelse | på avtale | 600 000 |
| 2 | Bydel Nord | S2 | bedriftshelse | feil sone | 100 000 |
| 3 | Bydel Nord | S3 | bedriftshelse | utenfor avtale | 200 000 |
| 4 | Bydel Nord | S1 | ukjent | ikke avgjort (kan være lojalt) | 60 000 |
| 5 | Bydel Nord | S3 | ukjent | ikke avgjort (kan ikke være lojalt) | 40 000 |
| 6 | Skoleetaten | S3 | møbler | på avtale | 50 000 |
| 7 | Skoleetaten | S4 | IKT | ingen avtale | 500 000 |
| 8 | ukjent | S5 | ukjent | ikke avgjort | 250 000 |
| 9 | Skoleetaten | S6 | strøm | frivillig | 200 000 |
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from pipelines.publication.public import write_public
from pipelines.publication.verdict import Result, Verdict
from tests.reporting_fixture_analysis import ANALYSIS_TABLES
from tests.reporting_fixture_licences import LICENCE_TABLES

SCRIPT_NAME = "<script>alert('x')</script> Helse AS"
FORMULA_NAME = "=1+1"
MUNICIPALITY = "Prøvevik <b>kommune</b>"
HOSTILE_FILE = "<img src=x onerror=alert(1)>.xml"

TABLES = """
create table dim_supplier as
select 'S1' as supplier_id, '974760673' as orgnr, '<script>alert(''x'')</script> Helse AS' as name
union all select 'S2', '923609016', '=1+1'
union all select 'S3', '971035854', 'Bygg & Bo AS'
union all select 'S4', '982463718', 'Nettverk "Nord" AS'
union all select 'S5', null, 'Ola''s <b>Verksted</b>'
union all select 'S6', '991825827', 'Kraft AS';

create table dim_unit as
select
    'U1' as unit_id, 'Bydel Nord' as name, null as orgnr, 'Helse' as sector,
    date '1900-01-01' as valid_from, date '9999-12-31' as valid_to
union all select 'U2', 'Skolekontoret', null, 'Oppvekst', date '1900-01-01', date '2020-01-01'
union all select 'U2', 'Skoleetaten', null, 'Oppvekst', date '2020-01-01', date '9999-12-31'
union all select 'U3', 'Biblioteket', null, 'Kultur', date '1900-01-01', date '9999-12-31'
union all
select 'unknown', 'Ukjent enhet', null, null, date '1900-01-01', date '9999-12-31';

create table dim_category as
select 'K1' as category_id, 'Bedriftshelse' as name, 'Helse' as faggruppe
union all select 'K2', 'Kontormøbler', 'Møbler'
union all select 'K3', 'IKT-utstyr', 'IKT'
union all select 'K4', 'Strøm', 'Energi'
union all select 'unknown', 'Ukjent kategori', null;

create table dim_agreement as
select
    'A1' as agreement_id, 'Bedriftshelsetjeneste' as title, true as is_binding,
    true as own_production_allowed, date '2023-01-01' as valid_from, date '2025-12-31' as end_date
union all select 'A2', 'Møbler', true, false, date '2024-01-01', date '2025-12-31'
union all select 'A3', 'Strøm', false, false, date '2024-01-01', date '2025-12-31';

create table fct_spend_line as
select
    l.spend_line_id, 'D' || l.spend_line_id as document_id,
    'sha' || l.spend_line_id as source_sha256, 'F' || l.spend_line_id as document_number,
    'Vare ' || l.spend_line_id as item_name, l.issue_date as decisive_date,
    1::bigint as source_row, l.issue_date, year(l.issue_date)::int as year,
    l.supplier_id, l.unit_id,
    case when l.unit_id = 'unknown' then 'none' else 'orgnr' end as unit_evidence,
    l.category_id,
    case when l.category_id = 'unknown' then 'none' else 'item_classification' end
        as category_evidence,
    l.agreement_id, l.loyalty_class, 'category' as loyalty_evidence, 'ehf' as channel,
    l.amount_nok::decimal(18, 2) as amount_nok, false as reference_mismatch
from (
    values
        ('1', date '2024-01-15', 'S1', 'U1', 'K1', 'A1', 'on_agreement', 600000),
        ('2', date '2024-02-15', 'S2', 'U1', 'K1', 'A1', 'wrong_zone', 100000),
        ('3', date '2024-03-15', 'S3', 'U1', 'K1', 'A1', 'off_agreement', 200000),
        ('4', date '2024-04-15', 'S1', 'U1', 'unknown', null, 'undetermined', 60000),
        ('5', date '2024-05-15', 'S3', 'U1', 'unknown', null, 'undetermined', 40000),
        ('6', date '2024-06-15', 'S3', 'U2', 'K2', 'A2', 'on_agreement', 50000),
        ('7', date '2024-07-15', 'S4', 'U2', 'K3', null, 'no_agreement', 500000),
        ('8', date '2024-08-15', 'S5', 'unknown', 'unknown', null, 'undetermined', 250000),
        ('9', date '2024-09-15', 'S6', 'U2', 'K4', 'A3', 'voluntary', 200000),
        ('10', date '2023-01-15', 'S1', 'U1', 'K1', 'A1', 'on_agreement', 900000),
        ('11', date '2023-02-15', 'S4', 'U2', 'K3', null, 'no_agreement', 100000)
) as l(
    spend_line_id, issue_date, supplier_id, unit_id, category_id, agreement_id, loyalty_class,
    amount_nok
);

create table mart_spend_cube as
select
    date_trunc('month', l.issue_date)::date as month, l.year, l.unit_id, u.sector, l.category_id,
    l.supplier_id, l.channel, l.amount_nok as spend_nok, 1::bigint as line_count
from fct_spend_line as l
left join
    dim_unit as u
    on u.unit_id = l.unit_id and u.valid_from <= l.issue_date and l.issue_date < u.valid_to;

create table mart_supplier_year as
select
    y as year, d as definition_id, s as supplier_id, n::decimal(18, 2) as spend_nok,
    c::bigint as document_count, n::double / t as spend_share, r::int as spend_rank,
    k::double as cumulative_share
from (
    values
        (2024, 'STD', 'S1', 660000, 2, 1, 0.33, 2000000),
        (2024, 'STD', 'S4', 500000, 1, 2, 0.58, 2000000),
        (2024, 'STD', 'S3', 290000, 3, 3, 0.725, 2000000),
        (2024, 'STD', 'S5', 250000, 1, 4, 0.85, 2000000),
        (2024, 'STD', 'S6', 200000, 1, 5, 0.95, 2000000),
        (2024, 'STD', 'S2', 100000, 1, 6, 1.0, 2000000),
        (2023, 'STD', 'S1', 900000, 1, 1, 0.9, 1000000),
        (2023, 'STD', 'S4', 100000, 1, 2, 1.0, 1000000)
) as v(y, d, s, n, c, r, k, t);

create table dim_spend_definition as
select
    'STD' as definition_id, 'Standard' as name_nb,
    'Alle kjøp uten offentlige og interne selgere, slått sammen på orgnr.' as description_nb
union all select 'ALLE', 'Alle kjøp', 'Også offentlige og interne selgere.';

create table mart_supplier_average as
select
    y as year, d as definition_id, n::decimal(18, 2) as numerator_nok, s::bigint
        as denominator_suppliers, m::decimal(18, 2) as mean_nok, x::decimal(18, 2) as median_nok,
    t::decimal(18, 2) as trimmed_mean_nok,
    'Alle unntatt offentlige' as population
from (
    values
        (2024, 'STD', 2000000, 6, 333333.33, 270000, 310000),
        (2024, 'ALLE', 2075000, 7, 296428.57, 250000, 268000),
        (2023, 'STD', 1000000, 2, 500000, 500000, 500000),
        (2023, 'ALLE', 1000000, 2, 500000, 500000, 500000)
) as v(y, d, n, s, m, x, t);

create table mart_loyalty as
select
    y as year, u as unit_id, a as agreement_id, onn::decimal(18, 2) as on_agreement_nok,
    wr::decimal(18, 2) as wrong_zone_nok, 0::decimal(18, 2) as outside_period_nok,
    off::decimal(18, 2) as off_agreement_nok, pos::decimal(18, 2) as undetermined_positive_nok,
    neg::decimal(18, 2) as undetermined_negative_nok, c::double as classified_share,
    lo::double as loyalty_low, hi::double as loyalty_high, st as status, n::bigint as line_count,
    sp::decimal(18, 2) as spend_unit_nok, (a = 'A1') as own_production_allowed
from (
    values
        (2024, 'U1', 'A1', 600000, 100000, 200000, 60000, 40000, 0.9, 0.6382978723404255,
            0.6875, 'assessed', 5, 1000000),
        (2024, 'U2', 'A1', 0, 0, 0, 0, 0, 1.0, null, null, 'not_assessed', 0, 750000),
        (2024, 'U3', 'A1', 0, 0, 0, 0, 0, null, null, null, 'not_assessed', 0, 0),
        (2024, 'U1', 'A2', 0, 0, 0, 0, 0, 0.9, null, null, 'not_assessed', 0, 1000000),
        (2024, 'U2', 'A2', 50000, 0, 0, 0, 0, 1.0, 1.0, 1.0, 'weak', 1, 750000),
        (2024, 'U3', 'A2', -500, 0, 0, 0, 0, null, null, null, 'net_credit', 1, 0),
        (2023, 'U1', 'A1', 900000, 0, 0, 0, 0, 1.0, 1.0, 1.0, 'assessed', 1, 900000)
) as v(y, u, a, onn, wr, off, pos, neg, c, lo, hi, st, n, sp);

create table mart_loyalty_unit as
select
    y as year, u as unit_id, s as sector, onn::decimal(18, 2) as on_agreement_nok,
    wr::decimal(18, 2) as wrong_zone_nok, 0::decimal(18, 2) as outside_period_nok,
    off::decimal(18, 2) as off_agreement_nok, pos::decimal(18, 2) as undetermined_positive_nok,
    neg::decimal(18, 2) as undetermined_negative_nok, c::double as classified_share,
    lo::double as loyalty_low, hi::double as loyalty_high, st as status, n::bigint as line_count,
    sp::decimal(18, 2) as spend_unit_nok
from (
    values
        (2024, 'U1', 'Helse', 600000, 100000, 200000, 60000, 40000, 0.9, 0.6382978723404255,
            0.6875, 'assessed', 5, 1000000),
        (2024, 'U2', 'Oppvekst', 50000, 0, 0, 0, 0, 1.0, 1.0, 1.0, 'weak', 1, 750000),
        (2024, 'U3', 'Kultur', 0, 0, 0, 0, 0, null, null, null, 'not_assessed', 0, 0),
        (2023, 'U1', 'Helse', 900000, 0, 0, 0, 0, 1.0, 1.0, 1.0, 'assessed', 1, 900000)
) as v(y, u, s, onn, wr, off, pos, neg, c, lo, hi, st, n, sp);

create table mart_coverage as
select
    y as year, k as category_id, c::decimal(18, 2) as covered_nok, v::decimal(18, 2)
        as voluntary_nok, u::decimal(18, 2) as uncovered_nok, (c + v)::double / (c + v + u)
        as coverage_share
from (
    values
        (2024, 'K1', 900000, 0, 0), (2024, 'K2', 50000, 0, 0), (2024, 'K3', 0, 0, 500000),
        (2024, 'K4', 0, 200000, 0), (2024, 'unknown', 0, 0, 350000), (2023, 'K1', 900000, 0, 0),
        (2023, 'K3', 0, 0, 100000)
) as v(y, k, c, v, u);

create table mart_reconciliation as
select
    'sha' || spend_line_id as source_sha256, spend_line_id || '.xml' as file_name,
    'ehf_invoice' as kind, 2::bigint as rows_in, 2::bigint as rows_accepted,
    0::bigint as rows_quarantined, 0::bigint as rows_duplicate, 0::bigint as rows_left_out,
    'NOK' as currency, amount_nok as amount_in, amount_nok as amount_accepted,
    0::decimal(18, 2) as amount_quarantined, null::decimal(18, 2) as amount_duplicate,
    null::decimal(18, 2) as amount_left_out, 0::decimal(18, 2) as amount_unconverted,
    amount_nok as amount_accepted_nok, amount_nok as spend_nok,
    0::decimal(18, 2) as outside_population_nok, 0::decimal(18, 2) as replaced_by_ledger_nok,
    0::decimal(18, 2) as detailed_by_invoices_nok, 'accepted' as status, true as is_spend_source,
    false as is_withdrawn, null::varchar as quarantine_reason
from fct_spend_line
union all select 'shaP', 'stat.xml', 'ehf_invoice', 2, 2, 0, 0, 0, 'NOK', 75000, 75000, 0, null,
    null, 0, 75000, 0, 75000, 0, 0, 'accepted', true, false, null
union all select 'shaU', 'usd.xml', 'ehf_invoice', 2, 2, 0, 0, 0, 'USD', 10000, 10000, 0, null,
    null, 10000, 0, 0, 0, 0, 0, 'accepted', true, false, null
union all select 'shaW', 'trukket.xml', 'ehf_invoice', 2, 2, 0, 0, 0, 'NOK', 5000, 5000, 0, null,
    null, 0, 0, 0, 0, 0, 0, 'withdrawn', true, true, null
union all select 'shaQ', '<img src=x onerror=alert(1)>.xml', 'ehf_invoice', 1, 0, 1, 0, 0, null,
    null, null, null, null, null, null, 0, 0, 0, 0, 0, 'rejected', true, false,
    'linje 3: Filen er ikke gyldig XML'
union all select 'shaO', 'bestilling.xml', 'peppol_order', 1, 1, 0, 0, 0, 'NOK', 400, 400, 0, null,
    null, 0, 0, 0, 0, 0, 0, 'accepted', false, false, null
union all select 'shaR', 'enheter.csv', 'register', 4, 4, 0, 0, 0, null, null, null, null, null,
    null, null, 0, 0, 0, 0, 0, 'accepted', false, false, null;

create table mart_spend_source as
select
    year, '810000001' as entity_id, null::varchar as entity_name, 'invoice' as spend_source,
    null::varchar as ledger_kind, sum(amount_nok) as spend_nok,
    0::decimal(18, 2) as posting_nok, 0::decimal(18, 2) as matched_nok,
    0::decimal(18, 2) as residual_nok, 0::bigint as unmatched_posting_count,
    0::decimal(18, 2) as unmatched_posting_nok, 0::bigint as unmatched_invoice_count,
    0::decimal(18, 2) as unmatched_invoice_nok, null::double as matched_share,
    null::double as residual_share
from fct_spend_line
group by year;

create table mart_register_issue as
select
    'delkontrakt_enheter' as register, 'shaX' as source_sha256, 'delkontrakter.xlsx' as file_name,
    7::bigint as source_row, 'unit_id' as column_name, 'U99' as value,
    'Enheten finnes ikke i registeret over enheter' as reason;

create table fct_document as
select
    'D1' as document_id, 'BR-CO-10;BR-CO-15' as rule_flags, true as has_difference_line,
    false as has_rounded_amounts, false as is_unconverted
union all select 'D2', 'BR-CO-10', true, true, false
union all select 'D3', null, false, false, false
union all select 'DU', null, false, false, true;
"""


def make_build(build_dir: Path, *, empty: bool = False) -> Path:
    """Write a sealed and judged build, all its tables without rows where `empty`, and return it."""
    for folder in ("internal", "inputs", "quality"):
        (build_dir / folder).mkdir(parents=True)
    with duckdb.connect(str(build_dir / "internal" / "samkjop.duckdb")) as connection:
        connection.execute(TABLES)
        connection.execute(ANALYSIS_TABLES)
        connection.execute(LICENCE_TABLES)
        if empty:
            names = connection.execute("select table_name from duckdb_tables()").fetchall()
            for (name,) in names:
                connection.execute(f"delete from {name}")
    run_context().write_parquet(build_dir / "inputs" / "run_context.parquet")
    write_public(build_dir, build_dir / "public")
    VERDICT.write(build_dir)
    return build_dir


def run_context() -> pl.DataFrame:
    """Return the settings of the build; five lines are enough for an assessment here."""
    return pl.DataFrame(
        {
            "outside_period_months": [12],
            "weak_classified_share": [0.8],
            "weak_min_lines": [5],
            "weak_min_nok": [100000],
            "exchange_rate_max_age_days": [7],
            "public_min_cell": [5],
            "licence_activity_days": [90],
            "municipality_name": [MUNICIPALITY],
            "build_key": ["nøkkel-1"],
        },
        schema_overrides={"weak_min_nok": pl.Decimal(18, 2)},
    ).select(pl.lit("2024-12-31").str.to_date().alias("as_of_date"), pl.all())


VERDICT = Verdict(
    status="passed",
    seal_hash="0" * 64,
    database_sha256="0" * 64,
    table_hashes={},
    suite_version="1",
    results=(
        Result("fct_spend_line", "key", "R1", "error", "Nøkkelen er entydig", True),
        Result(
            "mart_reconciliation",
            "old",
            None,
            "warn",
            "Ingen fil er eldre enn ti år",
            False,
            observed="1 fil",
            unexpected=1,
        ),
    ),
)
