"""The suite of `mart_threshold_watch` (E07): spend without an agreement against the thresholds."""

from __future__ import annotations

from data_quality.checks import (
    Suite,
    between,
    columns,
    in_set,
    key,
    no_orphans,
    not_null,
    rows,
)

_TABLE = "mart_threshold_watch"
_GRAIN = "scope, kind, category_id, supplier_id, window_start"
_WITHOUT_AGREEMENT = "('no_agreement', 'outside_period', 'off_agreement')"
_ASSESSMENT = (
    "case when is_at_or_above or is_at_or_above_eea then 'bør undersøkes' "
    "when threshold_nok is null then 'ikke vurdert: terskelverdien er ikke kjent' "
    "else 'under terskelverdien' end"
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "watch_id": "text",
                "scope": "text",
                "supplier_id": "text",
                "kind": "text",
                "category_id": "text",
                "window_start": "date",
                "window_end": "date",
                "is_complete": "boolean",
                "is_peak": "boolean",
                "definition_id": "text",
                "spend_without_agreement_nok": "money",
                "no_agreement_nok": "money",
                "outside_period_nok": "money",
                "off_agreement_nok": "money",
                "line_count": "integer",
                "unit_count": "integer",
                "supplier_count": "integer",
                "threshold_type": "text",
                "threshold_nok": "money",
                "threshold_now_nok": "money",
                "threshold_status": "text",
                "is_threshold_verified": "boolean",
                "is_at_or_above": "boolean",
                "eea_threshold_nok": "money",
                "eea_threshold_now_nok": "money",
                "eea_threshold_status": "text",
                "is_at_or_above_eea": "boolean",
                "responsible": "text",
                "assessment": "text",
            },
        ),
        *key(_TABLE, "watch_id"),
        in_set(_TABLE, "scope", ("municipality", "supplier")),
        in_set(_TABLE, "kind", ("goods_services", "works", "health_social", "special")),
        in_set(_TABLE, "responsible", ("central_purchasing", "sector"), rule_id="E07"),
        not_null(_TABLE, "spend_without_agreement_nok"),
        between(_TABLE, "line_count", 1, None),
        between(_TABLE, "unit_count", 1, None),
        no_orphans(_TABLE, "category_id", "dim_category"),
        no_orphans(_TABLE, "supplier_id", "dim_supplier"),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        rows(
            f"{_TABLE}.grain_unique",
            "To rader gjelder samme omfang, art, kategori, leverandør og vindu.",
            f"select {_GRAIN}, count(*) as row_count from {_TABLE} "
            f"group by {_GRAIN} having count(*) > 1",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.scope_has_its_supplier",
            "Hele kommunen har en leverandør, eller en leverandør mangler.",
            f"select * from {_TABLE} where (scope = 'supplier') <> (supplier_id is not null)",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.window_of_twelve_months",
            "Vinduet slutter ikke 12 måneder etter det begynte.",
            f"select * from {_TABLE} "
            "where window_end <> cast(window_start + interval 12 month as date)",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.one_peak",
            "En kategori eller leverandør har ikke ett største vindu, eller et annet er større.",
            f"""
            select * from (
                select scope, kind, category_id, supplier_id,
                    sum(case when is_peak then 1 else 0 end) as peaks,
                    max(spend_without_agreement_nok) as greatest_nok,
                    max(case when is_peak then spend_without_agreement_nok end) as peak_nok
                from {_TABLE} group by scope, kind, category_id, supplier_id
            ) as watched where peaks <> 1 or peak_nok <> greatest_nok
            """,
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.parts_add_up",
            "Klassene blir ikke summen av kjøp uten avtale.",
            f"select * from {_TABLE} where spend_without_agreement_nok "
            "<> no_agreement_nok + outside_period_nok + off_agreement_nok",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.sums_to_lines",
            "Vinduet er ikke summen av linjene uten avtale i kategorien (og hos leverandøren) "
            "fra og med den første dagen til 12 måneder etter.",
            f"""
            with days as (
                select category_id, supplier_id, decisive_date, sum(amount_nok) as nok
                from fct_spend_line where loyalty_class in {_WITHOUT_AGREEMENT}
                group by category_id, supplier_id, decisive_date
            )
            select watched.watch_id, watched.spend_without_agreement_nok, sum(days.nok) as lines_nok
            from {_TABLE} as watched
            left join days on days.category_id = watched.category_id
                and (watched.supplier_id is null or days.supplier_id = watched.supplier_id)
                and days.decisive_date >= watched.window_start
                and days.decisive_date < watched.window_end
            group by watched.watch_id, watched.spend_without_agreement_nok
            having coalesce(sum(days.nok), 0) <> watched.spend_without_agreement_nok
            """,
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.equal_is_above",
            "«Lik eller over» stemmer ikke med beløpet og terskelverdien, eller er sagt uten en.",
            f"select * from {_TABLE} where "
            "is_at_or_above is distinct from (spend_without_agreement_nok >= threshold_nok) or "
            "is_at_or_above_eea is distinct from "
            "(spend_without_agreement_nok >= eea_threshold_nok)",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.one_threshold_a_day",
            "Samme art har to terskelverdier samme dag, eller to på beregningsdatoen.",
            f"select kind, window_start from {_TABLE} group by kind, window_start "
            "having count(distinct coalesce(threshold_nok, -1)) > 1 "
            "or count(distinct coalesce(eea_threshold_nok, -1)) > 1 "
            "or count(distinct coalesce(threshold_now_nok, -1)) > 1",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.responsible_follows_the_limit",
            "Den ansvarlige er ikke innkjøpsseksjonen fra kunngjøringsgrensen og sektoren under.",
            f"select * from {_TABLE} where responsible is distinct from "
            "case when is_at_or_above then 'central_purchasing' "
            "when not is_at_or_above then 'sector' end",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.assessment_follows",
            "Vurderingen i ord stemmer ikke med tallene.",
            f"select * from {_TABLE} where assessment <> {_ASSESSMENT}",
            rule_id="E07",
        ),
        rows(
            f"{_TABLE}.every_key_watched",
            "En kategori med kjøp uten avtale følges ikke.",
            f"""
            select category_id from fct_spend_line
            where loyalty_class in {_WITHOUT_AGREEMENT} and category_id <> 'unknown'
                and amount_nok > 0
                and category_id not in (
                    select category_id from {_TABLE} where scope = 'municipality'
                )
            """,
            rule_id="E07",
        ),
    ),
    no_sum="Vinduer overlapper; hvert av dem holdes mot linjene sine av sums_to_lines.",
)
