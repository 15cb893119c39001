with
    months as (select * from {{ ref("int_charge_months") }}),

    judged as (
        select
            judged.*,
            coalesce(deductions.standard_count, 0) > 0 as is_unresolved,
            deductions.standard_price_nok,
            -- What of the price the setting leaves out; null where a price is not known.
            case
                when months.charge_basis <> 'difference' or deductions.standard_count is null
                then cast(0 as decimal(18, 2))
                when judged.unit_price_nok is not null and deductions.standard_price_nok is not null
                then least(judged.unit_price_nok, deductions.standard_price_nok)
            end as deducted_nok
        from {{ ref("int_charge_judged") }} as judged
        inner join months on months.month = judged.month
        left join
            {{ ref("int_charge_deductions") }} as deductions
            on deductions.month = judged.month
            and deductions.account_key = judged.account_key
            and deductions.sku_id = judged.sku_id
    )

select
    month,
    last_date,
    as_of_date,
    is_preliminary,
    account_key,
    sku_id,
    unit_id,
    cast(rule_row as integer) as rule_row,
    financing,
    rule_id,
    cast(days_deactivated as bigint) as days_deactivated,
    is_standard,
    is_zero_cost_addon,
    cast(unit_price_nok as decimal(18, 2)) as unit_price_nok,
    cast(management_fee_nok as decimal(18, 2)) as management_fee_nok,
    cast(standard_price_nok as decimal(18, 2)) as standard_price_nok,
    cast(deducted_nok as decimal(18, 2)) as deducted_nok,
    cast(
        case
            when financing = 'frame'
            then 0
            when financing = 'invoiced'
            then unit_price_nok - deducted_nok + management_fee_nok
        end as decimal(18, 2)
    ) as amount_nok,
    is_unresolved
from judged
