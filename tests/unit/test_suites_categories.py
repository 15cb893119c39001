"""The own checks of the suites of the learned categories: silent on good tables, each one awake."""

from __future__ import annotations

import duckdb
import pytest

from data_quality.checks import BAD_ROWS, Suite
from data_quality.suites.mart_category_model import SUITE as MODEL
from data_quality.suites.mart_category_suggestion import SUITE as SUGGESTION

pytestmark = pytest.mark.rule("E01")

GOOD = """
create table mart_category_suggestion as
select * from (values
    ('k1', 1, 30.00::decimal(18,2), 2, 'a', 'K1', 'Stoler', 0.7::double, true),
    ('k2', 2, -5.00::decimal(18,2), 1, 'c', null, null, null, false)
) as t(category_key, spend_rank, spend_nok, line_count, example_line_id, suggested_category_id,
       suggested_category_name, confidence, is_accepted);
create table fct_spend_line as
select * from (values
    ('a', 'K1', 'learned', 20.00::decimal(18,2)), ('b', 'unknown', 'none', 10.00::decimal(18,2)),
    ('c', 'unknown', 'none', -5.00::decimal(18,2)), ('d', 'K1', 'answer', 99.00::decimal(18,2))
) as t(spend_line_id, category_id, category_evidence, amount_nok);
create table dim_category as select 'K1' as category_id;
create table mart_category_model as
select * from (values
    ('learned', 'measured', null, false, 80, 20, 15, 0.75::double, 100.00::decimal(18,2),
     90.00::decimal(18,2), 0.9::double, 4, 3, 50.00::decimal(18,2), 45.00::decimal(18,2),
     0.2::double, 0.5::double, 0.75::double),
    ('supplier', 'measured', null, true, 80, 20, 15, 0.75, 100.00, 80.00, 0.8, null, null, null,
     null, null, null, null),
    ('text', 'measured', null, false, 80, 20, 12, 0.6, 100.00, 95.00, 0.95, null, null, null,
     null, null, null, null)
) as t(method, status, reason, is_best_single_rule, training_key_count, test_key_count,
       correct_key_count, accuracy_share, test_nok, correct_nok, accuracy_nok_share,
       accepted_key_count, accepted_correct_key_count, accepted_nok, accepted_correct_nok,
       coverage_share, coverage_nok_share, accepted_accuracy_share);
alter table mart_category_model add column labelled_key_count integer;
update mart_category_model set labelled_key_count = 100;
"""

DEFECTS = {
    "mart_category_suggestion.ranked_by_spend": (
        "update mart_category_suggestion set spend_rank = 3 - spend_rank"
    ),
    "mart_category_suggestion.suggestion_is_whole": (
        "update mart_category_suggestion set is_accepted = true"
    ),
    "mart_category_suggestion.sums_to_unplaced_lines": (
        "update fct_spend_line set amount_nok = amount_nok + 0.01 where spend_line_id = 'c'"
    ),
    "mart_category_model.shares_are_quotients": (
        "update mart_category_model set accuracy_share = 0.76 where method = 'learned'"
    ),
    "mart_category_model.parts_fit": (
        "update mart_category_model set training_key_count = 81 where method = 'learned'"
    ),
    "mart_category_model.one_best_rule": (
        "update mart_category_model set is_best_single_rule = (method = 'text')"
    ),
    "mart_category_model.reason_is_given": (
        "update mart_category_model set status = 'too_few_keys' where method = 'text'"
    ),
    "mart_category_model.worse_than_a_rule": (
        "update mart_category_model set correct_key_count = 14 where method = 'learned'"
    ),
}


def _own(suite: Suite) -> dict[str, str]:
    sums = [each.check() for each in suite.sums_to]
    found = [check for check in suite.checks if check.expectation == BAD_ROWS]
    wanted = [check for check in [*found, *sums] if not check.id.endswith((".columns", "_exists"))]
    return {check.id: check.bad_rows for check in wanted}


CHECKS = _own(SUGGESTION) | _own(MODEL)


def test_every_check_of_these_suites_has_a_planted_defect() -> None:
    assert set(CHECKS) == set(DEFECTS)


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_a_check_is_silent_on_good_tables_and_finds_the_planted_defect(check_id: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(GOOD)
        assert connection.execute(CHECKS[check_id]).fetchall() == []
        connection.execute(DEFECTS[check_id])
        assert connection.execute(CHECKS[check_id]).fetchall() != []
