with
    latest as (select as_of_date from {{ ref("int_licence_snapshots") }} where is_latest),

    licensed as (
        select distinct assignments.account_key
        from {{ ref("int_licence_assignments") }} as assignments
        inner join latest on latest.as_of_date = assignments.as_of_date
    ),

    accounts as (
        select accounts.*
        from {{ ref("int_licence_accounts") }} as accounts
        inner join latest on latest.as_of_date = accounts.as_of_date
        inner join licensed on licensed.account_key = accounts.account_key
    ),

    users as (
        select users.*
        from {{ ref("int_licence_users") }} as users
        inner join latest on latest.as_of_date = users.as_of_date
    ),

    issues as (
        select
            account_key,
            'two_main_units' as issue,
            'Personen har hovedstilling i flere enheter samme dag; lisensen står på én av dem'
            as detail
        from accounts
        where main_unit_count > 1
        union all
        select
            account_key,
            'further_unit' as issue,
            'Personen har stilling i flere enheter samme dag; lisensen står på enheten der kontoen hører til'
            as detail
        from accounts
        where main_unit_count <= 1 and present_unit_count > 1
        union all
        select
            account_key,
            'unit_differs' as issue,
            'Kontoregisteret har en annen enhet enn ansettelsen; kontoregisteret er brukt' as detail
        from accounts
        where unit_evidence = 'account_register' and employment_unit_id <> unit_id
        union all
        select
            account_key,
            'unit_not_in_register' as issue,
            'Kontoregisteret har en enhet som ikke er i registeret over enheter' as detail
        from accounts
        where stated_unit_id is not null and unit_evidence <> 'account_register'
        union all
        select account_key, 'unit_unknown' as issue, 'Enheten er ikke kjent' as detail
        from accounts
        where unit_id = 'unknown'
        union all
        select
            account_key,
            'person_unknown' as issue,
            'Det er ikke kjent hvem kontoen tilhører' as detail
        from accounts
        where person_key is null and account_type = 'user'
        union all
        select
            account_key,
            'enabled_but_deactivated' as issue,
            'Kontoregisteret sier deaktivert, eksporten sier aktivert; kontoregisteret er brukt'
            as detail
        from accounts
        where is_enabled and deactivated_date <= as_of_date
        union all
        select
            account_key,
            'deactivation_day_unknown' as issue,
            'Kontoen er sperret, men dagen er ikke kjent, så de 60 dagene kan ikke regnes' as detail
        from accounts
        where not is_enabled and deactivated_days is null
        union all
        select
            account_key,
            'not_in_user_list' as issue,
            'Kontoen har lisenser, men er ikke i listen over brukere' as detail
        from users
        where not is_in_user_list
        union all
        select
            users.account_key,
            'licence_count_differs' as issue,
            'Eksporten oppgir et annet antall lisenser enn den viser' as detail
        from users
        inner join licensed on licensed.account_key = users.account_key
        where users.stated_licence_count <> users.licence_count
    )

select issues.account_key, issues.issue, latest.as_of_date, issues.detail
from issues
cross join latest
