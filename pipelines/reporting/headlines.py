"""What the new parts of the report say in one sentence each, for «Kort fortalt».

Sentences on spend and loyalty are in `keyfigures`. A sentence is left out where there is nothing
to say; none of them accuses anybody.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.reporting.database import Reader, Row
from pipelines.reporting.formats import counted, mnok, percent


def headlines(reader: Reader, year: int) -> list[str]:
    """Return the sentences of the year in the order of the sections they come from."""
    said = [say(*reader.scoped(query, {"year": year})) for query, say in HEADLINES]
    return [sentence for sentence in said if sentence]


def _targets(row: Row) -> str:
    if not row["target_count"]:
        return ""
    reached, all_of_them = row["reached_count"], row["target_count"]
    late = row["overdue_count"]
    milestones = f" {counted(late, 'milepæl', 'milepæler')} er forfalt." if late else ""
    return f"{reached} av {counted(all_of_them, 'mål', 'mål')} i strategien er nådd.{milestones}"


def _deadlines(row: Row) -> str:
    if not row["overdue_count"]:
        return ""
    tasks = counted(row["overdue_count"], "frist", "frister")
    agreements = counted(row["agreement_count"], "avtale", "avtaler")
    return f"{tasks} på {agreements} er forfalt uten at registeret sier at noe er gjort."


def _ceilings(row: Row) -> str:
    if not row["reached_count"] and not row["projected_count"]:
        return ""
    reached = counted(row["reached_count"], "avtale", "avtaler")
    more = counted(row["projected_count"], "avtale", "avtaler")
    return f"{reached} har nådd taket, og {more} til når det før utløp om farten er den samme."


def _thresholds(row: Row) -> str:
    if not row["category_count"] and not row["supplier_count"]:
        return ""
    categories = counted(row["category_count"], "kategori", "kategorier")
    suppliers = counted(row["supplier_count"], "leverandør", "leverandører")
    return (
        f"{categories} og {suppliers} har kjøp uten avtale på eller over terskelverdien i ett av "
        "vinduene de er målt i, og bør undersøkes."
    )


def _gains(row: Row) -> str:
    if row["planned_nok"] is None or row["planned_nok"] <= 0:
        return ""
    return (
        f"Av planlagte gevinster på {mnok(row['planned_nok'])} er {mnok(row['realised_nok'])} målt "
        "som oppnådd på de samme avtalene."
    )


def _licences(row: Row) -> str:
    if row["saving_nok"] is None or row["saving_nok"] <= 0:
        return ""
    proof = ", og ingen lovlig plan er billigere" if row["status"] == "optimal" else ""
    return (
        f"Lisensene kan koste {mnok(row['saving_nok'])} ({percent(row['saving_share'])}) mindre de "
        f"neste {counted(row['horizon_months'], 'månedene', 'månedene')} innenfor avtalene og "
        f"reglene{proof}."
    )


HEADLINES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    (
        """
        select
            count(*) filter (where status in ('reached', 'not_reached')) as target_count,
            count(*) filter (where status = 'reached') as reached_count,
            (select count(*) from mart_milestone where status = 'overdue') as overdue_count
        from mart_strategy_kpi
        where year = $year
        """,
        _targets,
    ),
    (
        """
        select count(*) as overdue_count, count(distinct agreement_id) as agreement_count
        from mart_agreement_calendar
        where is_overdue and is_task
        """,
        _deadlines,
    ),
    (
        """
        select
            count(*) filter (where is_ceiling_reached) as reached_count,
            count(*) filter (where not is_ceiling_reached and projected_ceiling_share >= 1)
                as projected_count
        from mart_agreement_status
        where is_active
        """,
        _ceilings,
    ),
    (
        """
        select
            count(*) filter (where scope = 'municipality') as category_count,
            count(distinct supplier_id) filter (where scope = 'supplier') as supplier_count
        from mart_threshold_watch
        where is_peak and is_at_or_above
        """,
        _thresholds,
    ),
    (
        """
        select sum(planned_saving_nok) as planned_nok, sum(realised_saving_nok) as realised_nok
        from mart_saving
        where year = $year and planned_saving_nok is not null
        """,
        _gains,
    ),
    (
        """
        select
            max(saving_nok) as saving_nok, max(saving_share) as saving_share,
            max(horizon_months) as horizon_months, max(status) as status
        from mart_licence_plan_summary
        """,
        _licences,
    ),
)
