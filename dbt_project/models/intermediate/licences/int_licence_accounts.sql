with
    snapshots as (select as_of_date, users_date from {{ ref("int_licence_snapshots") }}),

    users as (select * from {{ ref("int_licence_users") }}),

    registered as (
        select * from {{ ref("stg_registers__accounts") }} where account_key is not null
    ),

    has_employments as (select count(*) as row_count from {{ ref("stg_registers__employments") }}),

    persons as (select * from {{ ref("int_licence_persons") }}),

    known_units as (select distinct unit_id from {{ ref("dim_unit") }} where unit_id <> 'unknown'),

    directory as (select * from {{ ref("int_directory_units") }}),

    otherwise_assigned as (
        select distinct as_of_date, account_key
        from {{ ref("int_licence_assignments__stated") }}
        where evidence = 'register'
    ),

    keys as (
        select as_of_date, account_key
        from users
        union
        select snapshots.as_of_date, registered.account_key
        from registered
        cross join snapshots
        union
        select as_of_date, account_key
        from {{ ref("int_licence_assignments__stated") }}
    ),

    joined as (
        select
            keys.as_of_date,
            keys.account_key,
            coalesce(registered.person_key, users.person_key) as person_key,
            users.is_enabled,
            registered.deactivated_date,
            coalesce(registered.is_external, false)
            or coalesce(users.user_type, 'member') = 'guest' as is_external,
            coalesce(registered.is_on_platform, true) as is_on_platform,
            coalesce(registered.account_type, 'user') as account_type,
            registered_units.unit_id as registered_unit_id,
            registered.unit_id as stated_unit_id,
            department_units.unit_id as department_unit_id,
            company_units.unit_id as company_unit_id,
            coalesce(users.sign_in_activity, 'unknown') as sign_in_activity,
            coalesce(users.is_new, false) as is_new,
            -- An account of the platform that its own export does not have is gone.
            users.account_key is null
            and otherwise_assigned.account_key is null
            and coalesce(registered.is_on_platform, true)
            and snapshots.users_date is not null as is_gone
        from keys
        inner join snapshots on snapshots.as_of_date = keys.as_of_date
        left join
            otherwise_assigned
            on otherwise_assigned.as_of_date = keys.as_of_date
            and otherwise_assigned.account_key = keys.account_key
        left join
            users on users.as_of_date = keys.as_of_date and users.account_key = keys.account_key
        left join registered on registered.account_key = keys.account_key
        left join known_units as registered_units on registered_units.unit_id = registered.unit_id
        left join
            directory as department_units
            on department_units.as_of_date = users.as_of_date
            and department_units.identifier_type = 'directory_department'
            and department_units.directory_text = {{ normalise_text("users.department") }}
        left join
            directory as company_units
            on company_units.as_of_date = users.as_of_date
            and company_units.identifier_type = 'directory_company'
            and company_units.directory_text = {{ normalise_text("users.company") }}
    ),

    placed as (
        select
            joined.*,
            persons.main_unit_id,
            coalesce(persons.main_unit_count, 0) as main_unit_count,
            coalesce(persons.present_unit_count, 0) as present_unit_count,
            employment_units.unit_id as employment_unit_id,
            persons.is_employed as has_employment,
            coalesce(persons.has_main_employment, false) as has_main_employment,
            coalesce(joined.is_enabled, true)
            and not joined.is_gone
            and (
                joined.deactivated_date is null or joined.deactivated_date > joined.as_of_date
            ) as is_active_account
        from joined
        left join
            persons
            on persons.as_of_date = joined.as_of_date
            and persons.person_key = joined.person_key
        left join known_units as employment_units on employment_units.unit_id = persons.unit_id
    ),

    valued as (
        select
            placed.*,
            coalesce(
                registered_unit_id,
                employment_unit_id,
                department_unit_id,
                company_unit_id,
                'unknown'
            ) as unit_id,
            case
                when registered_unit_id is not null
                then 'account_register'
                when employment_unit_id is not null
                then 'employment'
                when department_unit_id is not null
                then 'department'
                when company_unit_id is not null
                then 'company'
                else 'none'
            end as unit_evidence
        from placed
    ),

    persons_accounts as (
        select
            as_of_date,
            account_key,
            row_number() over (
                partition by as_of_date, person_key
                order by
                    case when unit_id = main_unit_id then 0 else 1 end,
                    case when is_enabled then 0 else 1 end,
                    account_key
            ) as place
        from valued
        where is_active_account and account_type = 'user' and person_key is not null
    )

select
    valued.as_of_date,
    valued.account_key,
    valued.person_key,
    valued.unit_id,
    valued.unit_evidence,
    valued.stated_unit_id,
    valued.employment_unit_id,
    valued.main_unit_count,
    valued.present_unit_count,
    valued.is_enabled,
    valued.deactivated_date,
    case
        when valued.deactivated_date <= valued.as_of_date
        then cast({{ days_between("valued.deactivated_date", "valued.as_of_date") }} as integer)
    end as deactivated_days,
    valued.is_active_account,
    valued.is_external,
    valued.is_on_platform,
    valued.account_type,
    case
        when has_employments.row_count > 0 then coalesce(valued.has_employment, false)
    end as is_employed,
    valued.has_main_employment,
    valued.has_main_employment and coalesce(persons_accounts.place = 1, false) as is_main_account,
    case
        when persons_accounts.place is not null then cast(persons_accounts.place as integer)
    end as account_place,
    valued.sign_in_activity,
    valued.is_new,
    valued.is_gone
from valued
cross join has_employments
left join
    persons_accounts
    on persons_accounts.as_of_date = valued.as_of_date
    and persons_accounts.account_key = valued.account_key
