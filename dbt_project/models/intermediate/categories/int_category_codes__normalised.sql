with
    codes as (select * from {{ ref("stg_registers__category_codes") }}),

    categories as (select * from {{ ref("dim_category") }} where category_id <> 'unknown'),

    aliases as (select * from {{ ref("code_list_alias") }}),

    normalised as (
        select
            coalesce(aliases.code_list, upper(trim(codes.code_list))) as code_list,
            {{ normalise_code("codes.code") }} as code,
            categories.category_id,
            codes.source_row
        from codes
        inner join categories on categories.category_id = codes.category_id
        left join aliases on upper(aliases.list_id) = upper(trim(codes.code_list))
    ),

    -- Two spellings of one code: the first row of the register counts.
    ranked as (
        select
            normalised.*,
            row_number() over (
                partition by code_list, code order by source_row nulls last, category_id
            ) as place
        from normalised
        where code is not null
    )

select code_list, code, category_id
from ranked
where place = 1
