"""The suites: one module per published table, and `reconciliation` across them.

`SUITES` is table → suite. A published table without a suite can't be published.
"""

from __future__ import annotations

from data_quality.checks import Suite
from data_quality.suites import (
    bridge_agreement_category,
    bridge_agreement_supplier,
    bridge_agreement_unit,
    dim_agreement,
    dim_category,
    dim_spend_definition,
    dim_supplier,
    dim_unit,
    fct_document,
    fct_outside_population_line,
    fct_spend_line,
    mart_coverage,
    mart_loyalty,
    mart_loyalty_unit,
    mart_reconciliation,
    mart_register_issue,
    mart_spend_cube,
    mart_spend_source,
    mart_supplier_average,
    mart_supplier_year,
)

SUITES: dict[str, Suite] = {
    module.SUITE.table: module.SUITE
    for module in (
        dim_supplier,
        dim_unit,
        dim_category,
        dim_agreement,
        dim_spend_definition,
        bridge_agreement_supplier,
        bridge_agreement_unit,
        bridge_agreement_category,
        fct_spend_line,
        fct_outside_population_line,
        fct_document,
        mart_supplier_year,
        mart_supplier_average,
        mart_spend_cube,
        mart_loyalty,
        mart_loyalty_unit,
        mart_coverage,
        mart_register_issue,
        mart_spend_source,
        mart_reconciliation,
    )
}
