"""The suite of `mart_category_model`: how good the suggested categories are, and beside what."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, rows, share

_TABLE = "mart_category_model"
_QUOTIENTS = (
    ("accuracy_share", "correct_key_count", "test_key_count"),
    ("accuracy_nok_share", "correct_nok", "test_nok"),
    ("coverage_share", "accepted_key_count", "test_key_count"),
    ("coverage_nok_share", "accepted_nok", "test_nok"),
    ("accepted_accuracy_share", "accepted_correct_key_count", "accepted_key_count"),
)


def _wrong_quotients() -> str:
    wrong = " or ".join(
        f"abs({quotient} * {over} - {part}) > 0.005 "
        f"or ({part} is not null and coalesce({over}, 0) > 0) <> ({quotient} is not null)"
        for quotient, part, over in (
            (quotient, f"cast({part} as double)", f"cast({over} as double)")
            for quotient, part, over in _QUOTIENTS
        )
    )
    return f"select * from {_TABLE} where {wrong}"


SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "method": "text",
                "status": "text",
                "reason": "text",
                "is_best_single_rule": "boolean",
                "category_count": "integer",
                "labelled_key_count": "integer",
                "training_key_count": "integer",
                "test_key_count": "integer",
                "correct_key_count": "integer",
                "accuracy_share": "share",
                "test_nok": "money",
                "correct_nok": "money",
                "accuracy_nok_share": "share",
                "mean_confidence": "share",
                "min_confidence": "share",
                "accepted_key_count": "integer",
                "accepted_correct_key_count": "integer",
                "accepted_nok": "money",
                "accepted_correct_nok": "money",
                "coverage_share": "share",
                "coverage_nok_share": "share",
                "accepted_accuracy_share": "share",
            },
        ),
        *key(_TABLE, "method"),
        in_set(_TABLE, "method", ("learned", "supplier", "account", "text")),
        in_set(_TABLE, "status", ("measured", "too_few_keys", "one_category")),
        *(share(_TABLE, quotient) for quotient, _, _ in _QUOTIENTS),
        share(_TABLE, "mean_confidence"),
        rows(
            f"{_TABLE}.shares_are_quotients",
            "En treffsikkerhet er ikke antallet riktige delt på antallet prøvd.",
            _wrong_quotients(),
        ),
        rows(
            f"{_TABLE}.parts_fit",
            "Linjer er både med i treningen og i målingen, eller flere er riktige enn prøvd.",
            f"select * from {_TABLE} "
            "where training_key_count + test_key_count > labelled_key_count "
            "or correct_key_count > test_key_count "
            "or accepted_correct_key_count > accepted_key_count "
            "or accepted_key_count > test_key_count",
        ),
        rows(
            f"{_TABLE}.one_best_rule",
            "Det er ikke pekt ut én beste enkle regel, eller en annen regel treffer oftere.",
            f"""
            select best.* from (
                select max(case when is_best_single_rule then correct_key_count end) as best_count,
                    sum(case when is_best_single_rule then 1 else 0 end) as best_rules,
                    max(case when method <> 'learned' then correct_key_count end) as highest_count,
                    sum(case when is_best_single_rule and method = 'learned' then 1 else 0 end)
                        as learned_rules
                from {_TABLE} where status = 'measured' having count(*) > 0
            ) as best
            where best_rules <> 1 or learned_rules <> 0 or best_count < highest_count
            """,
        ),
        rows(
            f"{_TABLE}.reason_is_given",
            "Det står ikke hvorfor ingenting er foreslått.",
            f"select * from {_TABLE} where (status = 'measured') <> (reason is null)",
        ),
        rows(
            f"{_TABLE}.worse_than_a_rule",
            "Den lærte modellen treffer sjeldnere enn den beste enkle regelen. Bruk forslagene med "
            "forsiktighet, og la ingen av dem telle av seg selv.",
            f"""
            select learned.method, learned.accuracy_share, rules.method as rule_method,
                rules.accuracy_share as rule_accuracy_share
            from {_TABLE} as learned
            inner join {_TABLE} as rules on rules.is_best_single_rule
            where learned.method = 'learned'
                and learned.correct_key_count < rules.correct_key_count
            """,
            severity="warn",
        ),
    ),
    no_sum="Målene er antall og beløp på linjer i en prøve, ikke forbruk.",
)
