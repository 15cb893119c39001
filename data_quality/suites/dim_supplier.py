"""The suite of `dim_supplier`."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, not_null, rows

_TABLE = "dim_supplier"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "supplier_id": "text",
                "orgnr": "text",
                "name": "text",
                "organisation_form": "text",
                "is_public_body": "boolean",
                "is_internal": "boolean",
                "is_private_person": "boolean",
                "register_source": "text",
                "is_in_enhetsregisteret": "boolean",
                "sector_code": "text",
                "industry_code": "text",
                "parent_orgnr": "text",
                "is_vat_registered": "boolean",
                "is_bankrupt": "boolean",
                "bankruptcy_date": "date",
                "is_winding_up": "boolean",
                "is_forced_winding_up": "boolean",
                "deleted_date": "date",
                "merged_count": "integer",
            },
        ),
        *key(_TABLE, "supplier_id"),
        not_null(_TABLE, "is_public_body"),
        not_null(_TABLE, "is_internal"),
        not_null(_TABLE, "is_private_person"),
        not_null(
            _TABLE,
            "name",
            "Leverandøren har ikke noe navn, så ingen som leser tallene vet hvem den er.",
            severity="warn",
        ),
        in_set(_TABLE, "register_source", ("supplier_register", "enhetsregisteret", "none")),
        not_null(_TABLE, "is_bankrupt"),
        not_null(_TABLE, "is_winding_up"),
        rows(
            f"{_TABLE}.merges_counted",
            "Antallet som er slått sammen med leverandøren, er ikke det tabellen over "
            "sammenslåinger sier.",
            f"select suppliers.supplier_id, suppliers.merged_count from {_TABLE} as suppliers "
            "left join (select supplier_id_to, count(*) as merges from mart_supplier_merge "
            "where outcome = 'merged' group by supplier_id_to) as merged "
            "on merged.supplier_id_to = suppliers.supplier_id "
            "where suppliers.merged_count <> coalesce(merged.merges, 0)",
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.orgnr_nine_digits",
            "Organisasjonsnummeret er ikke ni sifre, så leverandøren kan ikke slås opp.",
            f"select * from {_TABLE} where not regexp_full_match(orgnr, '[0-9]{{9}}')",
        ),
        rows(
            f"{_TABLE}.orgnr_once",
            "To leverandører har samme organisasjonsnummer, så antall leverandører blir for høyt "
            "og snittet for lavt.",
            f"select * from {_TABLE} where orgnr in (select orgnr from {_TABLE} "
            "where orgnr is not null group by orgnr having count(*) > 1)",
            rule_id="E02",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
