{{ config(tags=["derived_input"]) }}

select
    findings.user_key as account_key,
    findings.sku_id,
    findings.finding,
    cast(findings.finding_order as bigint) as finding_order,
    findings.rule_id
from {{ ref("mart_licence_finding") }} as findings
inner join {{ ref("int_plan_users") }} as users on users.account_key = findings.user_key
