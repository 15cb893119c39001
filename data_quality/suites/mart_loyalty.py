"""The suite of `mart_loyalty`: loyalty per year, unit and binding agreement."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, no_orphans, rows
from data_quality.suites._loyalty import FIGURES, loyalty_checks, sums_to_lines

_TABLE = "mart_loyalty"
_KEY = ("year", "unit_id", "agreement_id")

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "unit_id": "text",
                "agreement_id": "text",
                "sector": "text",
                "own_production_allowed": "boolean",
                "on_by_reference_nok": "money",
                "on_by_price_list_nok": "money",
                "on_by_category_nok": "money",
                "on_by_spread_nok": "money",
                "on_via_successor_nok": "money",
                "on_via_subcontractor_nok": "money",
                **FIGURES,
            },
        ),
        *key(_TABLE, *_KEY),
        *loyalty_checks(_TABLE, _KEY),
        no_orphans(_TABLE, "unit_id", "dim_unit"),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        rows(
            f"{_TABLE}.only_binding",
            "En frivillig avtale er med i lojaliteten, som bare gjelder forpliktende avtaler.",
            f"select loyalty.* from {_TABLE} as loyalty "
            "inner join dim_agreement as agreement "
            "on agreement.agreement_id = loyalty.agreement_id where not agreement.is_binding",
            rule_id="C02",
        ),
        rows(
            f"{_TABLE}.evidence_adds_up",
            "Beløpet på avtale er ikke summen av det som hviler på referanse, på prisliste, på "
            "kategori og på andre linjer.",
            f"select * from {_TABLE} where on_by_reference_nok + on_by_price_list_nok "
            "+ on_by_category_nok + on_by_spread_nok <> on_agreement_nok",
            rule_id="A02",
        ),
        rows(
            f"{_TABLE}.every_bound_unit",
            "Enheten har færre rader enn avtaler den er bundet av i året; også de uten kjøp skal "
            "ha en rad.",
            f"""
            select bound.year, bound.unit_id, bound.agreement_count, count(loyalty.unit_id) as found
            from mart_loyalty_unit as bound
            left join {_TABLE} as loyalty
                on loyalty.year = bound.year and loyalty.unit_id = bound.unit_id
            group by bound.year, bound.unit_id, bound.agreement_count
            having count(loyalty.unit_id) < bound.agreement_count
            """,
            rule_id="D05",
        ),
        rows(
            f"{_TABLE}.bound_by_register",
            "Enheten er på en delkontrakt av avtalen i året, men har ingen rad. Det er riktig bare "
            "om den er fritatt.",
            f"""
            select distinct years.year, bridge.unit_id, bridge.agreement_id
            from (select distinct year from fct_spend_line) as years
            inner join bridge_agreement_unit as bridge
                on extract(year from bridge.valid_from) <= years.year
                and extract(year from bridge.valid_to - 1) >= years.year
            inner join dim_agreement as agreement
                on agreement.agreement_id = bridge.agreement_id and agreement.is_binding
            where not exists (
                select 1 from {_TABLE} as loyalty
                where loyalty.year = years.year and loyalty.unit_id = bridge.unit_id
                    and loyalty.agreement_id = bridge.agreement_id
            )
            """,
            severity="warn",
            rule_id="D05",
        ),
    ),
    sums_to=sums_to_lines(_TABLE, _KEY),
)
