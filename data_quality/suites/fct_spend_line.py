"""The suite of `fct_spend_line`: every line of the STD population, each in one loyalty class."""

from __future__ import annotations

from data_quality.checks import (
    Check,
    Suite,
    SumsTo,
    between,
    columns,
    in_set,
    key,
    no_orphans,
    not_null,
    rows,
)

_TABLE = "fct_spend_line"
UNKNOWN_LIMIT = 0.2
LOYALTY_CLASSES = (
    "on_agreement",
    "wrong_zone",
    "outside_period",
    "off_agreement",
    "voluntary",
    "undetermined",
    "no_agreement",
)
DOCUMENT_KINDS = ("invoice", "credit_note", "difference", "posting", "residual")
LINE_KINDS = ("line", "allowance", "charge", "difference", "posting", "residual")
CHANNELS = ("ehandel", "ordered", "unknown")
_ON_AN_AGREEMENT = "('on_agreement', 'wrong_zone', 'off_agreement', 'outside_period', 'voluntary')"

# Credits, freight and the like take the class of other lines, whose dates may differ.
_JUDGED_ITSELF = "line.loyalty_evidence not in ('credited_line', 'spread_over_document')"


def _on_lot(supplier_lot: str) -> str:
    """Return that the supplier sells the line's category on such a lot of its agreement."""
    return f"""exists (
        select 1 from bridge_agreement_supplier as supplier
        inner join bridge_agreement_category as scope
            on scope.agreement_id = supplier.agreement_id and scope.lot = supplier.lot
            and scope.valid_from <= line.decisive_date and scope.valid_to > line.decisive_date
        where supplier.agreement_id = line.agreement_id and {supplier_lot}
            and supplier.supplier_id = line.supplier_id
            and scope.category_id = line.category_id
            and supplier.valid_from <= line.decisive_date
            and supplier.valid_to > line.decisive_date
    )"""


def _unknown_share(column: str, noun: str) -> Check:
    return rows(
        f"{_TABLE}.unknown_{column.removesuffix('_id')}_share",
        f"Mer enn {UNKNOWN_LIMIT:.0%} av årets beløp er på ukjent {noun}, så tallene per {noun} "
        "hviler på et tynt grunnlag.".replace("%", " %", 1),
        f"""
        select year, unknown_nok, all_nok,
            cast(unknown_nok as double) / cast(all_nok as double) as unknown_share
        from (
            select year, sum(abs(amount_nok)) as all_nok,
                sum(case when {column} = 'unknown' then abs(amount_nok) else 0 end) as unknown_nok
            from {_TABLE} group by year
        ) as years
        where cast(unknown_nok as double) > {UNKNOWN_LIMIT} * cast(all_nok as double)
        """,
        severity="warn",
    )


def _not_on_lot(thing: str, column: str, noun: str) -> Check:
    return rows(
        f"{_TABLE}.on_agreement_{thing}_on_lot",
        f"Linjen er regnet som på avtale, men {noun} sto ikke på delkontrakten den dagen, så "
        "lojaliteten er for høy.",
        f"""
        select line.* from {_TABLE} as line
        where line.loyalty_class = 'on_agreement'
            and {_JUDGED_ITSELF}
            and not exists (
                select 1 from bridge_agreement_{thing} as bridge
                where bridge.agreement_id = line.agreement_id and bridge.lot = line.lot
                    and bridge.{column} = line.{column}
                    and bridge.valid_from <= line.decisive_date
                    and bridge.valid_to > line.decisive_date
            )
        """,
        rule_id="A02",
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
                "divided_line_id": "text",
                "document_id": "text",
                "document_number": "text",
                "document_kind": "text",
                "line_kind": "text",
                "issue_date": "date",
                "posting_date": "date",
                "decisive_date": "date",
                "decisive_date_evidence": "text",
                "year": "integer",
                "supplier_id": "text",
                "unit_id": "text",
                "unit_evidence": "text",
                "category_id": "text",
                "category_evidence": "text",
                "agreement_id": "text",
                "lot": "text",
                "supplier_rank": "integer",
                "loyalty_class": "text",
                "loyalty_evidence": "text",
                "reference_mismatch": "boolean",
                "coverage": "text",
                "order_id": "text",
                "order_date": "date",
                "order_contract_reference": "text",
                "price_list_agreement_id": "text",
                "channel": "text",
                "item_name": "text",
                "currency": "text",
                "spend_source": "text",
                "entity_id": "text",
                "account": "text",
                "kostra_art": "text",
                "amount_nok": "money",
            },
        ),
        *key(_TABLE, "spend_line_id"),
        not_null(_TABLE, "source_sha256"),
        not_null(_TABLE, "source_row"),
        not_null(_TABLE, "document_id"),
        not_null(_TABLE, "decisive_date"),
        not_null(_TABLE, "year"),
        not_null(_TABLE, "entity_id"),
        not_null(_TABLE, "supplier_id"),
        not_null(_TABLE, "unit_id"),
        not_null(_TABLE, "category_id"),
        not_null(_TABLE, "loyalty_class"),
        not_null(_TABLE, "coverage"),
        not_null(_TABLE, "amount_nok"),
        between(_TABLE, "year", 1990, 2100),
        in_set(_TABLE, "loyalty_class", LOYALTY_CLASSES),
        in_set(_TABLE, "channel", CHANNELS),
        in_set(_TABLE, "coverage", ("binding", "voluntary", "none")),
        in_set(_TABLE, "document_kind", DOCUMENT_KINDS),
        in_set(_TABLE, "line_kind", LINE_KINDS),
        in_set(_TABLE, "spend_source", ("invoice", "ledger")),
        in_set(
            _TABLE,
            "decisive_date_evidence",
            (
                "matched_order_date",
                "order_date",
                "delivery_date",
                "period_start",
                "issue_date",
                "posting_date",
                "accounting_year",
            ),
        ),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        no_orphans(_TABLE, "category_id", "dim_category"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        no_orphans(_TABLE, "price_list_agreement_id", "dim_agreement"),
        rows(
            f"{_TABLE}.ehandel_has_order",
            "Kjøpet er regnet som e-handel, men er ikke knyttet til noen bestilling, så andelen "
            "gjennom e-handel er for høy.",
            f"select * from {_TABLE} where channel = 'ehandel' and order_id is null",
            rule_id="E08",
        ),
        rows(
            f"{_TABLE}.order_before_invoice",
            "Bestillingen er nyere enn fakturaen, så den sier ikke hvordan kjøpet ble bestilt.",
            f"select * from {_TABLE} where order_date > coalesce(issue_date, posting_date)",
            rule_id="A11",
        ),
        rows(
            f"{_TABLE}.decisive_date_of_order",
            "Den avgjørende datoen er ikke bestillingens dag, enda linjen er knyttet til den.",
            f"""
            select * from {_TABLE} where (order_date is not null and decisive_date <> order_date)
                or (decisive_date_evidence = 'matched_order_date' and order_date is null)
            """,
            rule_id="D01",
        ),
        rows(
            f"{_TABLE}.price_list_has_agreement",
            "Kategorien skal være fra en prisliste, men linjen er ikke i noen avtales prisliste.",
            f"select line.* from {_TABLE} as line where line.category_evidence = 'price_list' "
            f"and line.price_list_agreement_id is null and {_JUDGED_ITSELF}",
            rule_id="D11",
        ),
        rows(
            f"{_TABLE}.document_id_exists",
            "Linjen er fra et dokument som ikke finnes i fct_document, så raden faller ut når "
            "tabellene kobles.",
            f"select * from {_TABLE} where document_kind <> 'posting' "
            "and document_id not in (select document_id from fct_document)",
        ),
        no_orphans(_TABLE, "source_sha256", "mart_reconciliation"),
        rows(
            f"{_TABLE}.posting_is_of_ledger",
            "Linjen er en post eller en rest i et regnskap, men sies å komme fra en faktura.",
            f"select * from {_TABLE} where spend_source <> 'ledger' "
            "and (document_kind in ('posting', 'residual') "
            "or line_kind in ('posting', 'residual'))",
        ),
        rows(
            f"{_TABLE}.source_of_document",
            "Linjen teller i et annet år enn dokumentet, hos en annen juridisk enhet, eller som "
            "noe annet enn dokumentet sier, så den kan telle dobbelt med regnskapet.",
            f"""
            select line.*, document.spend_source as document_spend_source,
                document.year as document_year
            from {_TABLE} as line
            inner join fct_document as document on document.document_id = line.document_id
            where line.document_kind <> 'posting' and (line.year <> document.year
                or line.spend_source <> document.spend_source
                or line.entity_id <> document.entity_id)
            """,
        ),
        rows(
            f"{_TABLE}.one_source_a_year",
            "Fakturaen teller selv i et år der den juridiske enheten har regnskap, så kjøpet "
            "teller to ganger.",
            f"""
            select line.* from {_TABLE} as line
            inner join mart_spend_source as source
                on source.year = line.year and source.entity_id = line.entity_id
            where source.spend_source <> line.spend_source
            """,
        ),
        rows(
            f"{_TABLE}.year_of_issue",
            "Linjens år er ikke fakturadatoens år, så den teller i feil år.",
            f"select * from {_TABLE} where spend_source = 'invoice' "
            "and year <> extract(year from issue_date)",
        ),
        rows(
            f"{_TABLE}.class_has_agreement",
            "Klassen sier at en avtale gjelder, men linjen har ingen avtale eller delkontrakt, så "
            "den faller ut av tallene per avtale.",
            f"select * from {_TABLE} where loyalty_class in {_ON_AN_AGREEMENT} "
            "and (agreement_id is null or lot is null)",
        ),
        rows(
            f"{_TABLE}.class_without_agreement",
            "Klassen sier at ingen avtale gjelder, men linjen er knyttet til en avtale.",
            f"select * from {_TABLE} where loyalty_class = 'no_agreement' "
            "and agreement_id is not null",
        ),
        rows(
            f"{_TABLE}.class_fits_binding",
            "En frivillig avtale er regnet som forpliktende eller omvendt, så enheter ville bli "
            "målt mot en avtale som de ikke er bundet av.",
            f"""
            select line.*, agreement.is_binding from {_TABLE} as line
            inner join dim_agreement as agreement on agreement.agreement_id = line.agreement_id
            where agreement.is_binding = (line.loyalty_class = 'voluntary')
                and line.loyalty_class in {_ON_AN_AGREEMENT}
            """,
            rule_id="C02",
        ),
        _not_on_lot("supplier", "supplier_id", "leverandøren"),
        _not_on_lot("unit", "unit_id", "enheten"),
        rows(
            f"{_TABLE}.wrong_zone_supplier_elsewhere",
            "Linjen er regnet som feil sone, men leverandøren sto ikke på en annen delkontrakt av "
            "avtalen for kategorien den dagen, eller sto på enhetens egen.",
            f"""
            select line.* from {_TABLE} as line
            where line.loyalty_class = 'wrong_zone' and {_JUDGED_ITSELF}
                and (not {_on_lot("supplier.lot <> line.lot")}
                    or {_on_lot("supplier.lot = line.lot")})
            """,
            rule_id="D04",
        ),
        rows(
            f"{_TABLE}.off_agreement_supplier_nowhere",
            "Linjen er regnet som utenfor avtale, men leverandøren sto på en delkontrakt av "
            "avtalen for kategorien den dagen.",
            f"""
            select line.* from {_TABLE} as line
            where line.loyalty_class = 'off_agreement' and {_JUDGED_ITSELF}
                and {_on_lot("true")}
            """,
            rule_id="D04",
        ),
        rows(
            f"{_TABLE}.class_fits_coverage",
            "Avtaledekningen passer ikke til lojalitetsklassen: en bindende avtale gjelder ved "
            "feil sone og kjøp utenfor avtale, en frivillig ved frivillig, ellers ingen bindende.",
            f"""
            select line.* from {_TABLE} as line
            where {_JUDGED_ITSELF} and (
                (line.loyalty_class in ('wrong_zone', 'off_agreement')
                    and line.coverage <> 'binding')
                or (line.loyalty_class = 'voluntary' and line.coverage <> 'voluntary')
                or (line.loyalty_class = 'no_agreement' and line.coverage = 'binding')
                or (line.loyalty_class in ('outside_period', 'undetermined')
                    and line.coverage <> 'none')
            )
            """,
        ),
        rows(
            f"{_TABLE}.not_also_outside",
            "Linjen er både innenfor og utenfor populasjonen, så den ville telle to ganger.",
            f"select line.* from {_TABLE} as line "
            "where coalesce(line.divided_line_id, line.spend_line_id) in "
            "(select spend_line_id from fct_outside_population_line)",
        ),
        rows(
            f"{_TABLE}.pieces_of_a_line",
            "En delt linje har ikke minst to deler med eget nummer, eller står også udelt, så den "
            "ville telle feil antall ganger.",
            f"""
            select line.* from {_TABLE} as line
            inner join (
                select divided_line_id, count(*) as piece_count
                from {_TABLE} where divided_line_id is not null group by divided_line_id
            ) as divided on divided.divided_line_id = line.divided_line_id
            where divided.piece_count < 2
                or not starts_with(line.spend_line_id, line.divided_line_id || '-')
                or line.divided_line_id in (select spend_line_id from {_TABLE})
            """,
        ),
        rows(
            f"{_TABLE}.not_public_or_internal",
            "Kjøp fra offentlige organer eller kommunens egne foretak er med i forbruket etter "
            "definisjonen STD, som ikke har dem med.",
            f"select line.* from {_TABLE} as line "
            "inner join dim_supplier as supplier on supplier.supplier_id = line.supplier_id "
            "where supplier.is_public_body or supplier.is_internal",
        ),
        _unknown_share("unit_id", "enhet"),
        _unknown_share("category_id", "kategori"),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.sums_to_documents",
            "Linjene på dokumentet blir ikke dokumentets beløp uten mva., så noe er falt bort "
            "eller telt to ganger.",
            ("document_id",),
            f"select document_id, amount_nok as nok from {_TABLE} "
            "where document_kind not in ('posting', 'residual') union all "
            "select document_id, amount_nok as nok from fct_outside_population_line "
            "where document_kind not in ('posting', 'residual')",
            "select document_id, tax_exclusive_nok as nok from fct_document "
            "where tax_exclusive_nok is not null and spend_source <> 'replaced'",
        ),
        SumsTo(
            f"{_TABLE}.sums_to_files",
            "Linjene fra filen blir ikke filens forbruk i avstemmingen.",
            ("source_sha256",),
            f"select source_sha256, amount_nok as nok from {_TABLE}",
            "select source_sha256, coalesce(spend_nok, 0) as nok from mart_reconciliation",
        ),
    ),
)
