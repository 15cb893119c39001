"""The suite of `mart_agreement_calendar`: what is to be done about each agreement, and when."""

from __future__ import annotations

from data_quality.checks import (
    RUN_CONTEXT,
    Suite,
    columns,
    in_set,
    key,
    no_orphans,
    not_null,
    rows,
)

_TABLE = "mart_agreement_calendar"
STATUSES = ("overdue", "upcoming", "conditional", "passed", "done", "replaced", "lapsed")
TYPES = (
    "start",
    "option_deadline",
    "option_start",
    "end",
    "ended",
    "latest_end",
    "competition_start",
    "review",
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "event": "text",
                "event_type": "text",
                "event_nb": "text",
                "event_date": "date",
                "days_left": "integer",
                "is_overdue": "boolean",
                "status": "text",
                "is_task": "boolean",
                "agreement_title": "text",
                "agreement_manager": "text",
                "option_number": "integer",
                "rule_months": "integer",
                "rule_days": "integer",
                "is_default_rule": "boolean",
                "valid_from": "date",
                "end_date": "date",
                "latest_end_date": "date",
                "total_months": "integer",
                "is_over_review_limit": "boolean",
                "is_ended": "boolean",
                "successor_agreement_id": "text",
                "alarm_days": "integer",
                "as_of_date": "date",
                "event_order": "integer",
            },
        ),
        *key(_TABLE, "agreement_id", "event"),
        not_null(_TABLE, "event_date", rule_id="A01"),
        not_null(_TABLE, "event_nb"),
        in_set(_TABLE, "status", STATUSES),
        in_set(_TABLE, "event_type", TYPES),
        no_orphans(_TABLE, "agreement_id", "dim_agreement"),
        no_orphans(_TABLE, "successor_agreement_id", "dim_agreement", "agreement_id"),
        rows(
            f"{_TABLE}.as_of_is_the_builds",
            "Kalenderen er ikke regnet for byggets dag.",
            f"select calendar.* from {_TABLE} as calendar cross join {RUN_CONTEXT} as context "
            "where calendar.as_of_date <> context.as_of_date",
        ),
        rows(
            f"{_TABLE}.days_left_is_the_difference",
            "Dagene som er igjen, er ikke avstanden fra dagen tabellen er regnet for.",
            f"select * from {_TABLE} where days_left <> event_date - as_of_date",
        ),
        rows(
            f"{_TABLE}.overdue_is_past_and_undone",
            "Noe er sagt å være forfalt før dagen er passert, eller uten at noen skulle gjort noe.",
            f"select * from {_TABLE} where is_overdue <> (status = 'overdue') "
            "or (is_overdue and (days_left >= 0 or not is_task))",
            rule_id="E12",
        ),
        rows(
            f"{_TABLE}.overdue_first",
            "Det som er forfalt, står ikke først i kalenderen.",
            f"select late.* from {_TABLE} as late where late.is_overdue and late.event_order > "
            f"(select count(*) from {_TABLE} as other where other.is_overdue)",
            rule_id="E12",
        ),
        rows(
            f"{_TABLE}.dates_are_the_agreements",
            "Begynnelsen, utløpet eller siste mulige dag er ikke avtalens.",
            f"select calendar.* from {_TABLE} as calendar inner join dim_agreement as agreement "
            "on agreement.agreement_id = calendar.agreement_id where calendar.event_date <> "
            "case calendar.event_type when 'start' then agreement.valid_from "
            "when 'end' then agreement.end_date when 'ended' then agreement.end_date "
            "when 'latest_end' then agreement.latest_end_date else calendar.event_date end",
            rule_id="A01",
        ),
        rows(
            f"{_TABLE}.every_agreement_begins_and_ends",
            "En avtale mangler begynnelse, utløp, siste mulige dag eller siste dag for å starte "
            "en ny konkurranse.",
            f"""
            select agreement.agreement_id, wanted.event from dim_agreement as agreement
            cross join (values ('start'), ('end'), ('latest_end'), ('competition_start'))
                as wanted(event)
            where (agreement.end_date < date '9999-12-31' or wanted.event = 'start')
                and not exists (select 1 from {_TABLE} as calendar
                    where calendar.agreement_id = agreement.agreement_id
                        and calendar.event = wanted.event)
            """,
            rule_id="E12",
        ),
        rows(
            f"{_TABLE}.competition_before_the_latest_end",
            "Siste dag for å starte en ny konkurranse er etter siste mulige dag i avtalen.",
            f"select * from {_TABLE} where event_type = 'competition_start' "
            "and event_date > latest_end_date",
            rule_id="E12",
        ),
    ),
    no_sum="Kalenderen har datoer, ingen beløp.",
)
