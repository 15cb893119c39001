"""The suite of `fct_outside_population_line`: what is loaded and is no spend, with its reason."""

from __future__ import annotations

from data_quality.checks import Suite, SumsTo, columns, in_set, key, no_orphans, not_null, rows
from data_quality.suites.fct_spend_line import DOCUMENT_KINDS

_TABLE = "fct_outside_population_line"
SELLER_REASONS = ("public_body", "internal")
LEDGER_REASONS = (
    "wages",
    "revenue",
    "balance_sheet",
    "vat",
    "transfers",
    "finance",
    "depreciation_and_losses",
    "internal_account",
    "unknown_account",
    "beside_saft",
    "beside_general_ledger",
    "beside_supplier_ledger",
    "repeated_transaction",
    "stray_year",
    "no_year",
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "spend_line_id": "text",
                "source_sha256": "text",
                "source_row": "integer",
                "document_id": "text",
                "year": "integer",
                "supplier_id": "text",
                "unit_id": "text",
                "category_id": "text",
                "population_reason": "text",
                "document_kind": "text",
                "spend_source": "text",
                "entity_id": "text",
                "account": "text",
                "kostra_art": "text",
                "amount_nok": "money",
            },
        ),
        *key(_TABLE, "spend_line_id"),
        not_null(_TABLE, "amount_nok"),
        rows(
            f"{_TABLE}.year_known",
            "Linjen har ikke noe år, og det er ikke derfor den er utenfor.",
            f"select * from {_TABLE} where (year is null) <> (population_reason = 'no_year')",
        ),
        not_null(_TABLE, "population_reason"),
        in_set(_TABLE, "population_reason", (*SELLER_REASONS, *LEDGER_REASONS)),
        in_set(_TABLE, "document_kind", DOCUMENT_KINDS),
        in_set(_TABLE, "spend_source", ("invoice", "ledger")),
        rows(
            f"{_TABLE}.reason_fits_source",
            "En faktura er utenfor av en grunn som bare gjelder poster i et regnskap.",
            f"select * from {_TABLE} where document_kind not in ('posting', 'residual') "
            f"and population_reason not in {SELLER_REASONS}",
        ),
        rows(
            f"{_TABLE}.unknown_account",
            "Posten er på en konto som verken er KOSTRA-art eller standardkonto, så den er ikke "
            "med i forbruket. Gi kolonnen for KOSTRA-art i mappingen, eller gruppering i SAF-T.",
            f"select account, count(*) as postings, sum(amount_nok) as amount_nok from {_TABLE} "
            "where population_reason = 'unknown_account' group by account",
            severity="warn",
        ),
        rows(
            f"{_TABLE}.no_year",
            "Posten har verken år, periode eller dato, så den kan ikke telle i noe år.",
            f"select * from {_TABLE} where population_reason = 'no_year'",
            severity="warn",
        ),
        rows(
            f"{_TABLE}.stray_year",
            "Regnskapet har så få linjer i dette året at det ikke står for året: fakturaene "
            "teller, og disse postene er utenfor. Last inn regnskapet for året om det finnes.",
            f"select entity_id, year, count(*) as postings, sum(amount_nok) as amount_nok "
            f"from {_TABLE} where population_reason = 'stray_year' group by entity_id, year",
            severity="warn",
        ),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        rows(
            f"{_TABLE}.document_id_exists",
            "Linjen er fra et dokument som ikke finnes i fct_document, så raden faller ut når "
            "tabellene kobles.",
            f"select * from {_TABLE} where document_kind <> 'posting' "
            "and document_id not in (select document_id from fct_document)",
        ),
        no_orphans(_TABLE, "source_sha256", "mart_reconciliation"),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_files",
            "Linjene utenfor populasjonen blir ikke filens beløp i avstemmingen.",
            ("source_sha256",),
            f"select source_sha256, amount_nok as nok from {_TABLE}",
            "select source_sha256, coalesce(outside_population_nok, 0) as nok "
            "from mart_reconciliation",
        ),
    ),
)
