with
    months as (select * from {{ ref("int_charge_months") }}),

    rules as (select * from {{ ref("int_charge_rules") }}),

    lines as (
        select
            month,
            unit_id,
            sku_id as service,
            rule_row,
            financing,
            rule_id,
            cast(1 as decimal(18, 6)) as quantity,
            unit_price_nok,
            management_fee_nok,
            deducted_nok,
            amount_nok,
            is_unresolved
        from {{ ref("fct_licence_charge") }}
        union all
        select
            month,
            unit_id,
            'workplace' as service,
            rule_row,
            financing,
            rule_id,
            cast(active_count as decimal(18, 6)) as quantity,
            unit_price_nok,
            cast(0 as decimal(18, 2)) as management_fee_nok,
            cast(0 as decimal(18, 2)) as deducted_nok,
            case
                when financing = 'invoiced'
                then {{ from_ore(to_ore("unit_price_nok") ~ " * " ~ whole("active_count")) }}
            end as amount_nok,
            false as is_unresolved
        from {{ ref("int_charge_workplace") }}
        union all
        select
            month,
            'felles' as unit_id,
            'licence_audit' as service,
            rule_row,
            financing,
            rule_id,
            hours as quantity,
            hourly_rate_nok as unit_price_nok,
            cast(0 as decimal(18, 2)) as management_fee_nok,
            cast(0 as decimal(18, 2)) as deducted_nok,
            amount_nok,
            false as is_unresolved
        from {{ ref("mart_licence_audit") }}
    ),

    keyed as (
        select
            concat_ws(
                chr(31),
                cast(month as {{ text_type() }}),
                unit_id,
                service,
                cast(rule_row as {{ text_type() }}),
                coalesce(cast(unit_price_nok as {{ text_type() }}), '-'),
                coalesce(cast(management_fee_nok as {{ text_type() }}), '-'),
                coalesce(cast(deducted_nok as {{ text_type() }}), '-'),
                cast(is_unresolved as {{ text_type() }}),
                case when amount_nok is null then '-' else '+' end,
                case when quantity is null then '-' else '+' end
            ) as parts,
            lines.*
        from lines
    )

select
    md5(keyed.parts) as charge_id,
    keyed.month,
    keyed.unit_id,
    keyed.service,
    keyed.financing,
    keyed.rule_id,
    cast(keyed.rule_row as integer) as rule_row,
    cast(sum(keyed.quantity) as decimal(18, 6)) as quantity,
    cast(keyed.unit_price_nok as decimal(18, 2)) as unit_price_nok,
    cast(keyed.management_fee_nok as decimal(18, 2)) as management_fee_nok,
    cast(keyed.deducted_nok as decimal(18, 2)) as deducted_nok,
    cast(sum(keyed.amount_nok) as decimal(18, 2)) as amount_nok,
    keyed.is_unresolved,
    rules.charge_text,
    rules.legal_basis,
    months.is_preliminary
from keyed
inner join months on months.month = keyed.month
inner join rules on rules.month = keyed.month and rules.rule_row = keyed.rule_row
group by
    keyed.parts,
    keyed.month,
    keyed.unit_id,
    keyed.service,
    keyed.financing,
    keyed.rule_id,
    keyed.rule_row,
    keyed.unit_price_nok,
    keyed.management_fee_nok,
    keyed.deducted_nok,
    keyed.is_unresolved,
    rules.charge_text,
    rules.legal_basis,
    months.is_preliminary
