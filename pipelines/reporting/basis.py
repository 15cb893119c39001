"""What the figures rest on: files and amounts that came in, what was left out, and the verdict.

It covers the whole snapshot, not one year: a file is accepted or quarantined as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipelines.publication.verdict import Verdict
from pipelines.reporting.database import Reader, Row

TOP_QUARANTINED = 20
TOP_ISSUES = 20


@dataclass(frozen=True)
class Basis:
    """How the input became figures; money in NOK ex VAT unless a row has its own `currency`."""

    files: list[Row]
    totals: Row
    currencies: list[Row]
    quarantine_reasons: list[Row]
    quarantined: list[Row]
    withdrawn: list[Row]
    evidence: list[Row]
    sources: list[Row]
    issues: list[Row]
    issue_count: int
    documents: Row
    rule_flags: list[Row]
    verdict: Verdict

    @property
    def ledgers(self) -> list[Row]:
        """Return the legal entities and years whose spend builds on a ledger."""
        return [row for row in self.sources if row["spend_source"] == "ledger"]

    @property
    def unmatched_nok(self) -> Decimal:
        """Return the amount of the invoices that no posting of their year's ledger fits."""
        return sum((row["unmatched_invoice_nok"] for row in self.ledgers), Decimal(0))

    @property
    def unmatched_count(self) -> int:
        """Return the number of those invoices."""
        return sum(row["unmatched_invoice_count"] for row in self.ledgers)


def load_basis(reader: Reader, verdict: Verdict) -> Basis:
    """Return what the whole snapshot rests on."""
    return Basis(
        files=reader.rows(FILES),
        totals=reader.one(TOTALS),
        currencies=reader.rows(CURRENCIES),
        quarantine_reasons=reader.rows(QUARANTINE_REASONS),
        quarantined=reader.rows(QUARANTINED, [TOP_QUARANTINED]),
        withdrawn=reader.rows(WITHDRAWN, [TOP_QUARANTINED]),
        evidence=reader.rows(EVIDENCE),
        sources=reader.rows(SOURCES),
        issues=reader.rows(ISSUES, [TOP_ISSUES]),
        issue_count=reader.one("select count(*) as issues from mart_register_issue")["issues"],
        documents=reader.one(DOCUMENTS),
        rule_flags=reader.rows(RULE_FLAGS),
        verdict=verdict,
    )


def unknown_share(totals: Row, column: str) -> Decimal | None:
    """Return the share of the spend whose `unit` or `category` is unknown, None without spend."""
    spend, unknown = totals["spend_nok"], totals[f"unknown_{column}_nok"]
    return unknown / spend if spend > 0 else None


FILES = """
select
    kind,
    count(*) as file_count,
    count(*) filter (where rows_accepted > 0 and status = 'accepted') as accepted_count,
    count(*) filter (where rows_quarantined > 0 or quarantine_reason is not null)
        as quarantined_count,
    count(*) filter (where is_withdrawn) as withdrawn_count,
    cast(coalesce(sum(rows_in), 0) as bigint) as rows_in,
    cast(coalesce(sum(rows_accepted), 0) as bigint) as rows_accepted,
    cast(coalesce(sum(rows_quarantined), 0) as bigint) as rows_quarantined,
    cast(coalesce(sum(rows_duplicate), 0) as bigint) as rows_duplicate,
    cast(coalesce(sum(rows_left_out), 0) as bigint) as rows_left_out
from mart_reconciliation
group by kind
order by file_count desc, kind
"""

TOTALS = """
with
    files as (
        select
            coalesce(sum(amount_accepted_nok) filter (where status = 'accepted'), 0)
                as accepted_nok,
            coalesce(sum(spend_nok), 0) as spend_nok,
            coalesce(sum(outside_population_nok), 0) as outside_population_nok,
            coalesce(sum(replaced_by_ledger_nok), 0) as replaced_by_ledger_nok,
            coalesce(sum(detailed_by_invoices_nok), 0) as detailed_by_invoices_nok,
            count(*) filter (where amount_unconverted <> 0 and status = 'accepted')
                as unconverted_count
        from mart_reconciliation
    ),
    lines as (
        select
            count(*) as line_count,
            coalesce(sum(amount_nok) filter (where unit_id = 'unknown'), 0) as unknown_unit_nok,
            coalesce(sum(amount_nok) filter (where category_id = 'unknown'), 0)
                as unknown_category_nok
        from fct_spend_line
    )
select files.*, lines.*
from files
cross join lines
"""

CURRENCIES = """
select
    currency,
    count(*) as file_count,
    sum(amount_in) as amount_in,
    coalesce(sum(amount_accepted) filter (where status = 'accepted'), 0) as amount_accepted,
    coalesce(sum(amount_quarantined), 0) as amount_quarantined,
    coalesce(sum(amount_unconverted) filter (where status = 'accepted'), 0)
        as amount_unconverted,
    coalesce(sum(amount_accepted) filter (where is_withdrawn), 0) as amount_withdrawn,
    coalesce(sum(amount_duplicate), 0) as amount_duplicate,
    coalesce(sum(amount_left_out), 0) as amount_left_out
from mart_reconciliation
where currency is not null and amount_in is not null and is_spend_source
group by currency
order by case when currency = 'NOK' then 0 else 1 end, currency
"""

# A reason begins with its place in the file, which is left out where reasons are counted.
QUARANTINE_REASONS = """
select
    coalesce(
        regexp_replace(quarantine_reason, '^(linje|rad|celle|ark) [^:]{1,40}: ', ''),
        'Rader i filen holder ikke kontrakten'
    ) as reason,
    count(*) as file_count,
    cast(coalesce(sum(rows_quarantined), 0) as bigint) as rows_quarantined
from mart_reconciliation
where rows_quarantined > 0 or quarantine_reason is not null
group by 1
order by file_count desc, reason
limit 20
"""

QUARANTINED = """
select
    file_name,
    kind,
    coalesce(quarantine_reason, 'Rader i filen holder ikke kontrakten') as reason,
    currency,
    amount_quarantined,
    rows_quarantined
from mart_reconciliation
where rows_quarantined > 0 or quarantine_reason is not null
order by amount_quarantined desc nulls last, file_name, source_sha256
limit ?
"""

WITHDRAWN = """
select file_name, kind, currency, amount_accepted
from mart_reconciliation
where is_withdrawn
order by amount_accepted desc nulls last, file_name, source_sha256
limit ?
"""

EVIDENCE = """
select 'unit' as subject, unit_evidence as evidence, count(*) as line_count,
    sum(amount_nok) as spend_nok
from fct_spend_line
group by unit_evidence
union all
select 'category', category_evidence, count(*), sum(amount_nok)
from fct_spend_line
group by category_evidence
order by subject desc, spend_nok desc, evidence
"""

SOURCES = """
select
    year, entity_id, entity_name, spend_source, ledger_kind, spend_nok, posting_nok, matched_nok,
    residual_nok, unmatched_posting_count, unmatched_posting_nok, unmatched_invoice_count,
    unmatched_invoice_nok, matched_share, residual_share
from mart_spend_source
order by year desc, entity_id
"""

ISSUES = """
select register, file_name, source_row, column_name, value, reason
from mart_register_issue
order by register, file_name, source_row, column_name
limit ?
"""

DOCUMENTS = """
select
    count(*) as document_count,
    count(*) filter (where rule_flags is not null and rule_flags <> '') as flagged_count,
    count(*) filter (where has_difference_line) as difference_count,
    count(*) filter (where has_rounded_amounts) as rounded_count,
    count(*) filter (where is_unconverted) as unconverted_count
from fct_document
"""

RULE_FLAGS = """
select flag, count(*) as document_count
from (select unnest(string_split(rule_flags, ';')) as flag from fct_document)
where flag <> ''
group by flag
order by document_count desc, flag
"""
