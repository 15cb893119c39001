"""The suite of `mart_supplier_merge`: which suppliers were made one, and why."""

from __future__ import annotations

from data_quality.checks import Suite, between, columns, in_set, key, not_null, rows, share

_TABLE = "mart_supplier_merge"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "supplier_id_from": "text",
                "supplier_id_to": "text",
                "name_from": "text",
                "name_to": "text",
                "outcome": "text",
                "decided_by": "text",
                "reason": "text",
                "match_weight": "share",
                "match_probability": "share",
                "threshold": "share",
                "evidence": "text",
                "decision_reason": "text",
                "decided_date": "date",
                "definition_id": "text",
                "spend_nok": "money",
                "document_count": "integer",
            },
        ),
        *key(_TABLE, "supplier_id_from", "supplier_id_to"),
        not_null(_TABLE, "outcome"),
        not_null(_TABLE, "definition_id"),
        in_set(_TABLE, "outcome", ("merged", "refused")),
        in_set(_TABLE, "decided_by", ("register", "vat_number", "splink")),
        in_set(
            _TABLE,
            "reason",
            ("register", "ambiguous", "other_orgnr", "other_vat", "unknown_supplier"),
        ),
        share(_TABLE, "match_probability"),
        share(_TABLE, "threshold"),
        between(_TABLE, "document_count", 0, None),
        rows(
            f"{_TABLE}.merged_once",
            "En leverandør er slått sammen med to andre, eller med en som selv er slått sammen, så "
            "forbruket står hos feil leverandør.",
            f"select * from {_TABLE} where outcome = 'merged' and (supplier_id_from in "
            f"(select supplier_id_from from {_TABLE} where outcome = 'merged' "
            "group by supplier_id_from having count(*) > 1) or supplier_id_to in "
            f"(select supplier_id_from from {_TABLE} where outcome = 'merged'))",
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.orgnr_never_merged",
            "En leverandør med eget organisasjonsnummer er slått sammen med en annen.",
            f"select * from {_TABLE} where outcome = 'merged' "
            "and regexp_full_match(supplier_id_from, 'NO[0-9]+')",
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.merged_is_gone",
            "En leverandør som er slått sammen med en annen, står fortsatt for seg, eller den "
            "andre finnes ikke, så antall leverandører er feil.",
            f"select * from {_TABLE} where outcome = 'merged' and (supplier_id_from in "
            "(select supplier_id from dim_supplier) or supplier_id_to not in "
            "(select supplier_id from dim_supplier))",
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.people_never_merged",
            "En privatperson er slått sammen med en leverandør.",
            f"select merges.* from {_TABLE} as merges inner join dim_supplier as suppliers "
            "on suppliers.supplier_id = merges.supplier_id_to "
            "where merges.outcome = 'merged' and suppliers.is_private_person",
        ),
        rows(
            f"{_TABLE}.weight_shown",
            "En sammenslåing som programmet har gjort, mangler vekt eller begrunnelse, eller er "
            "mindre sikker enn grensen.",
            f"select * from {_TABLE} where outcome = 'merged' and decided_by <> 'register' "
            "and (match_weight is null or match_probability is null or evidence is null "
            "or match_probability < threshold - 0.000001)",
            rule_id="E02",
        ),
        rows(
            f"{_TABLE}.refused_has_reason",
            "To er holdt fra hverandre uten grunn, eller slått sammen med en, eller har flyttet "
            "forbruk.",
            f"select * from {_TABLE} where (outcome = 'refused') <> (reason is not null) "
            "or (outcome = 'refused' and (spend_nok <> 0 or document_count <> 0))",
        ),
        rows(
            f"{_TABLE}.unknown_supplier",
            "Registeret leverandørsammenslåinger nevner en leverandør som verken fakturaer eller "
            "regnskap har. Er den skrevet riktig? Kopier nøkkelen fra tabellen over leverandører.",
            f"select * from {_TABLE} where reason = 'unknown_supplier'",
            severity="warn",
        ),
    ),
    no_sum="Forbruket er det som er flyttet mellom leverandører, en del av linjene.",
)
