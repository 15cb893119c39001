"""The suite of `mart_licence_account_issue`: what does not fit about an account with a licence."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, not_null, rows

_TABLE = "mart_licence_account_issue"
_ISSUES = (
    "two_main_units",
    "further_unit",
    "unit_differs",
    "unit_not_in_register",
    "unit_unknown",
    "person_unknown",
    "enabled_but_deactivated",
    "deactivation_day_unknown",
    "not_in_user_list",
    "licence_count_differs",
)

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {"account_key": "text", "issue": "text", "as_of_date": "date", "detail": "text"},
        ),
        *key(_TABLE, "account_key", "issue"),
        in_set(_TABLE, "issue", _ISSUES),
        not_null(_TABLE, "detail"),
        rows(
            f"{_TABLE}.one_state_of_units",
            "Kontoen står både med flere hovedstillinger og med bistilling i en annen enhet.",
            f"select account_key from {_TABLE} "
            "where issue in ('two_main_units', 'further_unit') "
            "group by account_key having count(*) > 1",
        ),
    ),
    no_sum="Tabellen har ingen beløp.",
)
