select
    months.month,
    rules.rule_row,
    rules.condition_key,
    rules.financing,
    rules.rule_id,
    rules.charge_text,
    rules.legal_basis
from {{ ref("int_charge_months") }} as months
inner join
    {{ ref("charge_rule") }} as rules
    on rules.valid_from <= months.last_date
    and months.last_date <= rules.valid_to
    and (months.has_rules or not rules.follows_rules_from)
