with
    written as (select * from {{ ref("int_item_codes__written") }}),

    codes as (select * from {{ ref("int_category_codes__normalised") }}),

    aliases as (select * from {{ ref("code_list_alias") }}),

    normalised as (
        select
            written.list_id,
            written.code,
            coalesce(aliases.code_list, upper(trim(written.list_id))) as code_list,
            {{ normalise_code("written.code") }} as code_normalised
        from written
        left join aliases on upper(aliases.list_id) = upper(trim(written.list_id))
    ),

    code_lengths as (select distinct code_list, length(code) as code_length from codes),

    candidates as (
        select
            normalised.list_id,
            normalised.code,
            codes.category_id,
            row_number() over (
                partition by normalised.list_id, normalised.code
                order by length(codes.code) desc nulls last, codes.category_id
            ) as place
        from normalised
        inner join
            code_lengths
            on code_lengths.code_list = normalised.code_list
            and code_lengths.code_length <= length(normalised.code_normalised)
        inner join
            codes
            on codes.code_list = normalised.code_list
            and codes.code = substr(normalised.code_normalised, 1, code_lengths.code_length)
    )

select list_id, code, category_id
from candidates
where place = 1
