"""Orders and price lists in fct_spend_line: silent on good rows, awake on each planted defect."""

from __future__ import annotations

import duckdb
import pytest

from data_quality.suites.fct_spend_line import SUITE

pytestmark = pytest.mark.rule("E08", "A11", "D01")

GOOD = """
create table fct_spend_line as
select * from (values
    ('a', 'ehandel', 'O1', date '2024-05-01', date '2024-05-01', cast(null as date),
        date '2024-05-01', 'matched_order_date', 'price_list', 'A', 'price_list'),
    ('b', 'ordered', null, null, null, date '2024-05-02',
        date '2024-05-02', 'posting_date', 'none', null, 'x'),
    ('c', 'unknown', null, null, date '2024-05-03', null,
        date '2024-05-03', 'issue_date', 'price_list', null, 'credited_line')
) as t(spend_line_id, channel, order_id, order_date, issue_date, posting_date, decisive_date,
       decisive_date_evidence, category_evidence, price_list_agreement_id, loyalty_evidence);
"""
DEFECTS = {
    "ehandel_has_order": "update fct_spend_line set order_id = null where spend_line_id = 'a'",
    "order_before_invoice": (
        "update fct_spend_line set issue_date = date '2024-04-30' where spend_line_id = 'a'"
    ),
    "decisive_date_of_order": (
        "update fct_spend_line set decisive_date = date '2024-05-02' where spend_line_id = 'a'"
    ),
    "price_list_has_agreement": (
        "update fct_spend_line set price_list_agreement_id = null where spend_line_id = 'a'"
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_the_check_is_silent_on_good_rows_and_awake_on_the_defect(name: str) -> None:
    query = next(c.bad_rows for c in SUITE.checks if c.id == f"fct_spend_line.{name}")
    with duckdb.connect() as connection:
        connection.execute(GOOD)
        assert not connection.execute(query).fetchall()
        connection.execute(DEFECTS[name])
        assert len(connection.execute(query).fetchall()) == 1
