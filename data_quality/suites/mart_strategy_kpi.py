"""The suite of `mart_strategy_kpi`: values are quotients, and a status follows from its target."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, not_null, rows

_TABLE = "mart_strategy_kpi"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "kpi_id": "text",
                "name_nb": "text",
                "value": "share",
                "target": "share",
                "status": "text",
                "numerator": "money",
                "denominator": "money",
                "definition_id": "text",
                "comparison": "text",
                "rule_id": "text",
                "trend": "text",
            },
        ),
        *key(_TABLE, "year", "kpi_id"),
        not_null(_TABLE, "status"),
        in_set(_TABLE, "value_kind", ("share", "count")),
        in_set(_TABLE, "status", ("reached", "not_reached", "no_target", "not_measured")),
        in_set(_TABLE, "trend", ("better", "worse", "unchanged", "unknown")),
        rows(
            f"{_TABLE}.value_is_numerator_over_denominator",
            "Et måltall er ikke telleren delt på nevneren.",
            f"select * from {_TABLE} where value_kind = 'share' and ("
            "(value is not null) <> coalesce(denominator > 0, false) or abs(value "
            "- cast(numerator as double) / nullif(cast(denominator as double), 0)) > 1e-9)",
            rule_id="E16",
        ),
        rows(
            f"{_TABLE}.count_is_its_numerator",
            "Et antall er ikke sin egen teller.",
            f"select * from {_TABLE} where value_kind = 'count' and ((value is null) <> "
            "(numerator is null) or abs(value - cast(numerator as double)) > 1e-9)",
            rule_id="E16",
        ),
        rows(
            f"{_TABLE}.status_follows_from_the_target",
            "Statusen er en annen enn verdien og målet gir.",
            f"""
            select * from {_TABLE} where status <> case
                when value is null then 'not_measured'
                when target is null then 'no_target'
                when (comparison = 'at_least' and value >= target)
                    or (comparison = 'at_most' and value <= target) then 'reached'
                else 'not_reached' end
            """,
            rule_id="E16",
        ),
        rows(
            f"{_TABLE}.ehandel_is_of_the_lines",
            "E-handelens teller er ikke linjene som svarer til en bestilling i e-handel.",
            f"""
            select kpi.year, kpi.numerator, lines.nok from {_TABLE} as kpi
            left join (
                select line.year, sum(line.amount_nok) as nok from fct_spend_line as line
                inner join dim_category as category
                    on category.category_id = line.category_id and category.kind <> 'works'
                where line.channel = 'ehandel' group by line.year
            ) as lines on lines.year = kpi.year
            where kpi.kpi_id = 'EHANDEL_ALT'
                and coalesce(kpi.numerator, 0) <> coalesce(lines.nok, 0)
            """,
            rule_id="E08",
        ),
    ),
    no_sum="teller og nevner er av hver sin del av forbruket, eller antall",
)
