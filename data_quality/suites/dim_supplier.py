"""The suite of `dim_supplier`."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, not_null, rows

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
