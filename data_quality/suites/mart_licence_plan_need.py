"""The suite of `mart_licence_plan_need`: what each set of needs holds, and that somebody has it."""

from __future__ import annotations

from data_quality.checks import Suite, columns, in_set, key, no_orphans

_TABLE = "mart_licence_plan_need"

SUITE = Suite(
    _TABLE,
    (
        columns(_TABLE, {"need_set_id": "text", "plan_id": "text", "need_kind": "text"}),
        *key(_TABLE, "need_set_id", "plan_id", "need_kind"),
        in_set(
            _TABLE,
            "need_kind",
            ("used", "unknown_usage", "kept", "standard", "policy"),
            rule_id="A07",
        ),
        no_orphans(_TABLE, "need_set_id", "mart_licence_plan_user"),
        no_orphans(_TABLE, "plan_id", "mart_licence_sku_plan"),
    ),
    no_sum="har ingen beløp",
)
