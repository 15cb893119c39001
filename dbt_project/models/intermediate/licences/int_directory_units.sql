-- Which unit the words of the directory mean: by the register of signs, else by a unit's own name.
with
    users as (select as_of_date, department, company from {{ ref("int_licence_users") }}),

    words as (
        select
            as_of_date,
            'directory_department' as identifier_type,
            {{ normalise_text("department") }} as directory_text
        from users
        union
        select as_of_date, 'directory_company', {{ normalise_text("company") }}
        from users
    ),

    signs as (
        select *, {{ normalise_text("value") }} as sign
        from {{ ref("stg_registers__unit_identifiers") }}
        where identifier_type in ('directory_department', 'directory_company')
    ),

    named as (
        select {{ normalise_text("name") }} as sign, unit_id
        from {{ ref("dim_unit") }}
        where unit_id <> 'unknown'
        union
        select {{ normalise_text("unit_id") }}, unit_id
        from {{ ref("dim_unit") }}
        where unit_id <> 'unknown'
    ),

    found as (
        select
            words.as_of_date,
            words.identifier_type,
            words.directory_text,
            signs.unit_id,
            0 as rung,
            coalesce(signs.priority, 0) as priority
        from words
        inner join
            signs
            on signs.identifier_type = words.identifier_type
            and (
                signs.sign = words.directory_text
                or (
                    signs.match_type = 'prefix'
                    and substr(words.directory_text, 1, length(signs.sign)) = signs.sign
                )
            )
        where words.as_of_date >= signs.valid_from and words.as_of_date < signs.valid_to
        union all
        select
            words.as_of_date,
            words.identifier_type,
            words.directory_text,
            named.unit_id,
            1 as rung,
            0 as priority
        from words
        inner join named on named.sign = words.directory_text
    ),

    placed as (
        select
            found.*,
            dense_rank() over (
                partition by as_of_date, identifier_type, directory_text order by rung, priority
            ) as place
        from found
    )

select as_of_date, identifier_type, directory_text, min(unit_id) as unit_id
from placed
where place = 1
group by as_of_date, identifier_type, directory_text
having count(distinct unit_id) = 1
