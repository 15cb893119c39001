"""What the suites of the three bridges share: key, validity, and staying within the agreement."""

from __future__ import annotations

from data_quality.checks import Check, half_open, key, no_orphans, not_null, rows


def bridge_checks(table: str, column: str, parent: str) -> tuple[Check, ...]:
    """Return the checks of a bridge from a lot of an agreement to `column`."""
    thing = ("agreement_id", "lot", column)
    return (
        *key(table, *thing, "valid_from"),
        not_null(table, "valid_to"),
        *half_open(table, *thing),
        no_orphans(table, "agreement_id", "dim_agreement"),
        no_orphans(table, column, parent),
        rows(
            f"{table}.within_agreement",
            "Raden gjelder utenfor avtalens periode med utløste opsjoner, så kjøp ville bli regnet "
            "på en avtale som ikke gjaldt.",
            f"select bridge.* from {table} as bridge "
            "inner join dim_agreement as agreement "
            "on agreement.agreement_id = bridge.agreement_id "
            "where bridge.valid_from < agreement.valid_from "
            "or bridge.valid_to > agreement.end_date + 1",
            rule_id="A01",
        ),
    )


def lots_without(table: str, what: str) -> Check:
    """Return the warning for a lot that other bridges have and this one lacks."""
    return rows(
        f"{table}.lot_without",
        f"Delkontrakten har ingen {what}, så ingen kjøp kan plasseres på den.",
        "select lots.agreement_id, lots.lot from ("
        "select agreement_id, lot from bridge_agreement_supplier "
        "union select agreement_id, lot from bridge_agreement_unit "
        "union select agreement_id, lot from bridge_agreement_category) as lots "
        f"where not exists (select 1 from {table} as bridge "
        "where bridge.agreement_id = lots.agreement_id and bridge.lot = lots.lot)",
        severity="warn",
    )
