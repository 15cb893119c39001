with
    months as (select * from {{ ref("int_charge_months") }} where as_of_date is not null),

    known_units as (select distinct unit_id from {{ ref("dim_unit") }} where unit_id <> 'unknown'),

    employments as (
        select *
        from {{ ref("stg_registers__employments") }}
        where unit_id is not null and valid_from < valid_to
    ),

    grace as (
        select months.month, max(rules.value) as grace_days
        from months
        inner join
            {{ ref("licence_rule") }} as rules
            on rules.rule = 'employment_end_days'
            and rules.valid_from <= months.last_date
            and months.last_date <= rules.valid_to
        group by months.month
    ),

    accounts as (
        select
            months.month,
            months.last_date,
            accounts.account_key,
            -- A meeting room or a service is no person, whoever is named in its account.
            case when accounts.account_type = 'user' then accounts.person_key end as person_key,
            accounts.unit_id,
            accounts.unit_evidence,
            coalesce(accounts.is_external, false) as is_external,
            coalesce(accounts.is_on_platform, true) as is_on_platform,
            accounts.is_enabled,
            coalesce(accounts.is_gone, false) as is_gone,
            case
                when accounts.deactivated_date <= months.last_date then accounts.deactivated_date
            end as deactivated_date
        from months
        inner join
            {{ ref("int_licence_accounts") }} as accounts on accounts.as_of_date = months.as_of_date
    ),

    persons as (
        select distinct month, last_date, person_key from accounts where person_key is not null
    ),

    posts as (
        select
            persons.month,
            persons.person_key,
            employments.unit_id,
            employments.employment_type,
            row_number() over (
                partition by persons.month, persons.person_key
                order by
                    case when employments.employment_type = 'main' then 0 else 1 end,
                    employments.post_share_percent desc nulls last,
                    employments.unit_id,
                    employments.valid_from
            ) as place
        from persons
        inner join
            employments
            on employments.person_key = persons.person_key
            and employments.valid_from <= persons.last_date
            and persons.last_date < employments.valid_to
    ),

    -- One row per person employed on the last day: the main employment, if there is one.
    employed as (
        select
            posts.month,
            posts.person_key,
            posts.employment_type = 'main' as has_main_employment,
            case when posts.employment_type = 'main' then posts.unit_id end as main_unit_id,
            known_units.unit_id as post_unit_id
        from posts
        left join known_units on known_units.unit_id = posts.unit_id
        where posts.place = 1
    ),

    -- Who leaves is often deactivated on the day after the last one.
    employed_at_deactivation as (
        select distinct accounts.month, accounts.account_key
        from accounts
        inner join grace on grace.month = accounts.month
        inner join
            employments
            on employments.person_key = accounts.person_key
            and employments.valid_from <= accounts.deactivated_date
            and {{ days_between("employments.valid_to", "accounts.deactivated_date") }}
            < grace.grace_days
    ),

    judged as (
        select
            accounts.month,
            accounts.account_key,
            accounts.person_key,
            -- What the employment said on the day of the snapshot it says anew on the last day.
            case
                when accounts.unit_evidence = 'employment'
                then coalesce(employed.post_unit_id, accounts.unit_id)
                else coalesce(accounts.unit_id, 'unknown')
            end as unit_id,
            accounts.is_external,
            accounts.is_on_platform,
            accounts.is_enabled,
            {{ days_between("accounts.deactivated_date", "accounts.last_date") }}
            as days_deactivated,
            coalesce(accounts.is_enabled, true)
            and not accounts.is_gone
            and accounts.deactivated_date is null as is_active_account,
            coalesce(employed.has_main_employment, false) as has_main_employment,
            employed.main_unit_id,
            employed.person_key is not null
            or employed_at_deactivation.account_key is not null as is_employed
        from accounts
        left join
            employed
            on employed.month = accounts.month
            and employed.person_key = accounts.person_key
        left join
            employed_at_deactivation
            on employed_at_deactivation.month = accounts.month
            and employed_at_deactivation.account_key = accounts.account_key
    ),

    ranked as (
        select
            judged.*,
            row_number() over (
                partition by month, person_key, is_active_account
                order by
                    case when unit_id = main_unit_id then 0 else 1 end,
                    case when is_enabled then 0 else 1 end,
                    account_key
            ) as account_place
        from judged
    )

select
    month,
    account_key,
    person_key,
    unit_id,
    is_external,
    is_on_platform,
    days_deactivated,
    is_active_account,
    has_main_employment,
    is_employed,
    has_main_employment and is_active_account and account_place = 1 as is_main_account,
    has_main_employment and is_active_account and account_place > 1 as is_further_account
from ranked
