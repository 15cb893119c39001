with
    months as (select * from {{ ref("int_charge_months") }} where as_of_date is not null),

    terms as (select * from {{ ref("int_charge_terms") }}),

    standards as (select * from {{ ref("int_charge_standards") }}),

    exemptions as (select * from {{ ref("int_charge_exemptions") }}),

    exempt_units as (select distinct month, unit_id from exemptions),

    deactivation_limits as (
        select months.month, min(rules.value) as limit_days
        from months
        inner join
            {{ ref("licence_rule") }} as rules
            on rules.rule = 'deactivated_days'
            and rules.valid_from <= months.last_date
            and months.last_date <= rules.valid_to
        group by months.month
    ),

    assignments as (
        select
            months.month,
            months.last_date,
            months.as_of_date,
            months.is_preliminary,
            assignments.account_key,
            assignments.sku_id,
            coalesce(accounts.unit_id, 'unknown') as unit_id,
            accounts.days_deactivated,
            coalesce(accounts.is_external, false) as is_external,
            coalesce(accounts.is_further_account, false) as is_further_account,
            coalesce(accounts.is_employed and accounts.is_on_platform, false) as is_frame_covered
        from months
        inner join
            {{ ref("int_licence_assignments") }} as assignments
            on assignments.as_of_date = months.as_of_date
        left join
            {{ ref("int_charge_accounts") }} as accounts
            on accounts.month = months.month
            and accounts.account_key = assignments.account_key
    ),

    known as (
        select
            assignments.*,
            exempt_units.unit_id is not null as is_exempt,
            standards.sku_id is not null as is_standard,
            coalesce(terms.is_zero_cost_addon, false) as is_zero_cost_addon,
            coalesce(
                assignments.days_deactivated > deactivation_limits.limit_days, false
            ) as is_deactivated_too_long,
            terms.unit_price_nok,
            terms.management_fee_nok,
            case
                when own_price.unit_id is not null
                then own_price.unit_price_nok
                else unit_price.unit_price_nok
            end as exempt_price_nok
        from assignments
        left join terms on terms.month = assignments.month and terms.sku_id = assignments.sku_id
        left join
            standards
            on standards.month = assignments.month
            and standards.sku_id = assignments.sku_id
        left join
            exempt_units
            on exempt_units.month = assignments.month
            and exempt_units.unit_id = assignments.unit_id
        left join
            exemptions as own_price
            on own_price.month = assignments.month
            and own_price.unit_id = assignments.unit_id
            and own_price.sku_id = assignments.sku_id
        left join
            exemptions as unit_price
            on unit_price.month = assignments.month
            and unit_price.unit_id = assignments.unit_id
            and unit_price.sku_id is null
        left join deactivation_limits on deactivation_limits.month = assignments.month
    )

select
    month,
    last_date,
    as_of_date,
    is_preliminary,
    account_key,
    sku_id,
    unit_id,
    days_deactivated,
    is_frame_covered,
    is_standard,
    is_zero_cost_addon,
    is_exempt as fits_exempt_unit,
    is_external as fits_external_user,
    is_deactivated_too_long as fits_deactivated_too_long,
    is_further_account as fits_further_account,
    is_standard and is_frame_covered as fits_standard_licence,
    is_zero_cost_addon as fits_free_addon,
    not is_standard as fits_beyond_standard,
    true as fits_otherwise,
    case when is_zero_cost_addon then 0 else unit_price_nok end as unit_price_nok,
    case when is_zero_cost_addon then 0 else management_fee_nok end as management_fee_nok,
    exempt_price_nok
from known
