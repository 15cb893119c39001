"""Reconciliation across the tables, to the øre: what each suite declares that its mart sums to.

A mart's own declaration (`sums_to`) stands in its suite; here they are gathered, and joined by
what belongs to no single table.
"""

from __future__ import annotations

from collections.abc import Iterable

from data_quality.checks import Suite, rows

NAME = "reconciliation"

_ACROSS = (
    rows(
        f"{NAME}.settings_known",
        "Byggets innstillinger (inputs/run_context.parquet) er ikke én rad med grensene for svakt "
        "grunnlag, så statusen i lojaliteten kan ikke kontrolleres.",
        """
        select count(*) as settings_rows from $run_context as context
        having count(*) <> 1 or count(weak_classified_share) <> 1 or count(weak_min_lines) <> 1
            or count(weak_min_nok) <> 1
        """,
    ),
    rows(
        f"{NAME}.accepted_is_spend",
        "Godtatt beløp i alt er ikke forbruk + utenfor populasjonen + erstattet av regnskapet + "
        "det som fakturaer gir detaljene til.",
        """
        select * from (
            select
                (select coalesce(sum(amount_accepted_nok), 0) from mart_reconciliation
                    where status = 'accepted') as accepted_nok,
                (select coalesce(sum(amount_nok), 0) from fct_spend_line) as spend_nok,
                (select coalesce(sum(amount_nok), 0) from fct_outside_population_line)
                    as outside_population_nok,
                (select coalesce(sum(replaced_by_ledger_nok), 0) from mart_reconciliation)
                    as replaced_by_ledger_nok,
                (select coalesce(sum(detailed_by_invoices_nok), 0) from mart_reconciliation)
                    as detailed_by_invoices_nok
        ) as totals
        where accepted_nok <> spend_nok + outside_population_nok + replaced_by_ledger_nok
            + detailed_by_invoices_nok
        """,
    ),
    rows(
        f"{NAME}.accepted_document_in_facts",
        "En faktura er godtatt, men finnes ikke blant dokumentene.",
        """
        select source_sha256, file_name, amount_accepted from mart_reconciliation
        where kind = 'ehf_invoice' and rows_accepted > 0 and status = 'accepted'
            and source_sha256 not in (select source_sha256 from fct_document)
        """,
    ),
    rows(
        f"{NAME}.withdrawn_document_in_facts",
        "Dokumentet er fra en fil som er trukket tilbake eller ikke godtatt.",
        """
        select document.* from fct_document as document
        inner join mart_reconciliation as file on file.source_sha256 = document.source_sha256
        where file.status <> 'accepted'
        """,
    ),
)


def suite(suites: Iterable[Suite]) -> Suite:
    """Return the suite of all declared sums and of those across every table."""
    declared = tuple(sums.check() for each in suites for sums in each.sums_to)
    return Suite("mart_reconciliation", (*declared, *_ACROSS), no_sum="Avstemming på tvers.")
