with
    audits as (select * from {{ ref("stg_registers__licence_audits") }}),

    rules as (select * from {{ ref("int_charge_rules") }})

select
    coalesce(audits.publisher, 'unknown') as publisher,
    audits.audit_date,
    audits.is_formal,
    rules.month,
    cast(rules.rule_row as integer) as rule_row,
    rules.financing,
    rules.rule_id,
    cast(audits.hours as decimal(18, 6)) as hours,
    cast(audits.hourly_rate_nok as decimal(18, 2)) as hourly_rate_nok,
    case
        when rules.financing = 'invoiced' and audits.hours >= 0
        then
            {{
                convert_rounded(
                    "audits.hourly_rate_nok",
                    whole("audits.hours * 1000000"),
                    "1000000",
                )
            }}
    end as amount_nok,
    case
        when rules.financing <> 'invoiced'
        then 'Ikke sagt'
        when audits.hours is null or audits.hours < 0 or audits.hourly_rate_nok is null
        then 'Timer eller timepris er ikke kjent'
        else 'Faktureres etter timer'
    end as amount_text
from audits
inner join
    rules
    on rules.month = {{ month_of("audits.audit_date") }}
    and rules.condition_key
    = case when audits.is_formal then 'formal_audit' else 'informal_audit' end
