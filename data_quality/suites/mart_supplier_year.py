"""The suite of `mart_supplier_year`: spend per supplier, year and definition.

STD holds every line of `fct_spend_line`, ALLE and ALLE_NAVN also public and internal sellers;
STD_FAKTURA and STD_MIN are some of STD's suppliers, each with the same amount. A definition that
differs from STD in one choice differs by that part of the lines, to the øre.
"""

from __future__ import annotations

from collections.abc import Iterable

from data_quality.checks import (
    Suite,
    SumsTo,
    columns,
    key,
    median_ore,
    no_orphans,
    not_null,
    ore,
    rows,
)

_TABLE = "mart_supplier_year"
_STD_LINES = "select year, supplier_id, amount_nok as nok from fct_spend_line"
_ALL_LINES = (
    f"{_STD_LINES} union all "
    "select year, supplier_id, amount_nok as nok from fct_outside_population_line "
    "where population_reason in ('public_body', 'internal')"
)
# Definitions that count names as they stand, and those with VAT in their amounts.
NAMED = ("ALLE_NAVN", "ALT", "STD_NAVN")
WITH_VAT = ("ALT", "STD_MVA")
# What a definition takes in beside STD, by reason in fct_outside_population_line.
WIDER = {
    "STD_OFFENTLIG": ("public_body",),
    "STD_INTERN": ("internal", "internal_account"),
    "STD_OVERFORING": ("transfers",),
    "STD_LONN": ("wages",),
}
# Shares have a meaning of their own where a supplier is in credit: they may pass 1.
_NO_CREDIT = (
    f"(year, definition_id) not in (select (year, definition_id) from {_TABLE} where spend_nok < 0)"
)
# STD_FAKTURA and STD_MIN have STD's documents. Which documents a name has, or a narrower or wider
# definition takes in, is not published, but one or two documents have their mean as median.
_DOCUMENTS = """(
    select year, supplier_id, document_id, 'STD' as population, sum(amount_nok) as amount_nok
    from fct_spend_line group by all
    union all
    select year, supplier_id, document_id, 'ALLE' as population, sum(amount_nok) as amount_nok
    from (
        select year, supplier_id, document_id, amount_nok from fct_spend_line
        union all
        select year, supplier_id, document_id, amount_nok from fct_outside_population_line
        where population_reason in ('public_body', 'internal')
    ) as both_sides
    group by year, supplier_id, document_id
) as documents"""


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _wider(definition: str) -> SumsTo:
    reasons = _quoted(WIDER[definition])
    return SumsTo(
        f"{_TABLE}.{definition.lower()}_sums_to_lines",
        f"Forbruket etter {definition} er ikke STD og linjene den har i tillegg.",
        ("year", "supplier_id"),
        f"select year, supplier_id, spend_nok as nok from {_TABLE} "
        f"where definition_id = '{definition}'",
        f"select * from ({_STD_LINES} union all "
        "select year, supplier_id, amount_nok as nok from fct_outside_population_line "
        f"where population_reason in ({reasons})) as lines where '{definition}' in "
        "(select definition_id from dim_spend_definition)",
        rule_id="E01",
    )


SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "year": "integer",
                "definition_id": "text",
                "supplier_id": "text",
                "spend_nok": "money",
                "vat_nok": "money",
                "investment_nok": "money",
                "document_count": "integer",
                "mean_document_nok": "money",
                "median_document_nok": "money",
                "spend_share": "share",
                "spend_rank": "integer",
                "cumulative_share": "share",
            },
        ),
        *key(_TABLE, "year", "definition_id", "supplier_id"),
        not_null(_TABLE, "spend_nok"),
        not_null(_TABLE, "spend_rank"),
        no_orphans(_TABLE, "definition_id", "dim_spend_definition"),
        rows(
            f"{_TABLE}.supplier_id_exists",
            "Leverandøren finnes ikke i dim_supplier, så raden faller ut når tabellene kobles.",
            f"select * from {_TABLE} where definition_id not in ({_quoted(NAMED)}) "
            "and supplier_id not in (select supplier_id from dim_supplier)",
        ),
        rows(
            f"{_TABLE}.shares_in_range",
            "Andelen er under 0 eller over 1.",
            f"select * from {_TABLE} where {_NO_CREDIT} and (spend_share < 0 or spend_share > 1 "
            "or cumulative_share < 0 or cumulative_share > 1.000000001)",
        ),
        rows(
            f"{_TABLE}.share_of_total",
            "Leverandørens andel er ikke forbruket delt på årets forbruk etter definisjonen.",
            f"""
            select * from (
                select *, sum(spend_nok) over (partition by year, definition_id) as total_nok
                from {_TABLE}
            ) as totals
            where total_nok > 0 and (
                spend_share is null
                or abs(spend_share - cast(spend_nok as double) / cast(total_nok as double)) > 1e-9
            )
            """,
        ),
        rows(
            f"{_TABLE}.rank_follows_spend",
            "En leverandør med lavere forbruk er rangert foran en med høyere.",
            f"""
            select * from (
                select *, lead(spend_nok) over (
                    partition by year, definition_id order by spend_rank, supplier_id
                ) as next_spend_nok
                from {_TABLE}
            ) as ranked
            where next_spend_nok > spend_nok
            """,
        ),
        rows(
            f"{_TABLE}.cumulative_share_rises",
            "Den kumulative andelen (Pareto-kurven) synker fra en leverandør til den neste.",
            f"""
            select * from (
                select *,
                    sum(spend_nok) over (partition by year, definition_id) as total_nok,
                    lag(cumulative_share) over (
                        partition by year, definition_id order by spend_rank, supplier_id
                    ) as previous_cumulative_share
                from {_TABLE}
            ) as ranked
            where total_nok > 0 and spend_nok >= 0
                and cumulative_share < previous_cumulative_share - 1e-9
            """,
        ),
        rows(
            f"{_TABLE}.mean_document",
            "Snitt per dokument er ikke forbruk delt på antall dokumenter, avrundet til øre.",
            f"""
            select * from {_TABLE}
            where (document_count <= 0 and (definition_id not in ({_quoted(WITH_VAT)})
                    or document_count < 0))
                or (document_count > 0) <> (mean_document_nok is not null)
                or abs({ore("spend_nok")}
                    - {ore("mean_document_nok")}
                        * document_count) * 2
                    > document_count
            """,
        ),
        rows(
            f"{_TABLE}.median_document",
            "Medianen per dokument, eller antall dokumenter, er ikke den som leverandørens "
            "dokumenter gir, avrundet til øre.",
            f"""
            with middle as (
                {median_ore(_DOCUMENTS, ("year", "supplier_id", "population"), "amount_nok")}
            )
            select spent.*, middle.counted, middle.median_ore from {_TABLE} as spent
            left join middle
                on middle.year = spent.year and middle.supplier_id = spent.supplier_id
                and middle.population
                    = case when spent.definition_id = 'ALLE' then 'ALLE' else 'STD' end
            where case
                when spent.definition_id in ('STD', 'STD_FAKTURA', 'STD_MIN', 'ALLE')
                then spent.document_count is distinct from middle.counted
                    or {ore("spent.median_document_nok")} is distinct from middle.median_ore
                when spent.definition_id in ({_quoted(WITH_VAT)})
                then (spent.document_count > 0) <> (spent.median_document_nok is not null)
                else spent.median_document_nok is null or (spent.document_count <= 2
                    and spent.median_document_nok <> spent.mean_document_nok)
            end
            """,
        ),
        rows(
            f"{_TABLE}.narrower_same_amount",
            "En leverandør har et annet beløp etter en smalere definisjon enn etter STD.",
            f"""
            select narrow.*, std.spend_nok as std_spend_nok from {_TABLE} as narrow
            left join {_TABLE} as std
                on std.definition_id = 'STD' and std.year = narrow.year
                and std.supplier_id = narrow.supplier_id
            where narrow.definition_id in ('STD_FAKTURA', 'STD_MIN')
                and std.spend_nok is distinct from narrow.spend_nok
            """,
        ),
        rows(
            f"{_TABLE}.vat_is_added",
            "Forbruket med merverdiavgift er ikke forbruket etter STD pluss avgiften.",
            f"""
            select gross.*, std.spend_nok as std_spend_nok from {_TABLE} as gross
            left join {_TABLE} as std
                on std.definition_id = 'STD' and std.year = gross.year
                and std.supplier_id = gross.supplier_id
            where gross.definition_id = 'STD_MVA'
                and gross.spend_nok <> coalesce(std.spend_nok, 0) + gross.vat_nok
            """,
            rule_id="E01",
        ),
        rows(
            f"{_TABLE}.investments_are_left_out",
            "Forbruket uten investeringer er ikke forbruket etter STD minus investeringene.",
            f"""
            select std.*, narrow.spend_nok as narrow_spend_nok from {_TABLE} as std
            left join {_TABLE} as narrow
                on narrow.definition_id = 'STD_DRIFT' and narrow.year = std.year
                and narrow.supplier_id = std.supplier_id
            where std.definition_id = 'STD'
                and 'STD_DRIFT' in (select definition_id from dim_spend_definition)
                and coalesce(narrow.spend_nok, 0) <> std.spend_nok - std.investment_nok
            """,
            rule_id="E01",
        ),
    ),
    sums_to=(
        SumsTo(
            f"{_TABLE}.std_sums_to_lines",
            "Forbruket etter STD er ikke summen av leverandørens linjer det året.",
            ("year", "supplier_id"),
            f"select year, supplier_id, spend_nok as nok from {_TABLE} where definition_id = 'STD'",
            _STD_LINES,
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.alle_sums_to_lines",
            "Forbruket etter ALLE er ikke summen av alle leverandørens linjer det året, også dem "
            "utenfor populasjonen.",
            ("year", "supplier_id"),
            f"select year, supplier_id, spend_nok as nok from {_TABLE} "
            "where definition_id = 'ALLE'",
            _ALL_LINES,
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.alle_navn_sums_to_lines",
            "Forbruket etter ALLE_NAVN er ikke summen av alle linjer det året.",
            ("year",),
            f"select year, spend_nok as nok from {_TABLE} where definition_id = 'ALLE_NAVN'",
            _ALL_LINES,
            rule_id="E01",
        ),
        SumsTo(
            f"{_TABLE}.std_navn_sums_to_lines",
            "Forbruket etter STD_NAVN er ikke summen av alle linjer det året.",
            ("year",),
            f"select year, spend_nok as nok from {_TABLE} where definition_id = 'STD_NAVN'",
            f"select year, nok from ({_STD_LINES}) as lines "
            "where 'STD_NAVN' in (select definition_id from dim_spend_definition)",
            rule_id="E01",
        ),
        *(_wider(definition) for definition in WIDER),
    ),
)
