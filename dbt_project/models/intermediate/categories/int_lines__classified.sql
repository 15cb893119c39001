with
    classifications as (select * from {{ ref("stg_ehf__line_classifications") }}),

    mapped as (select * from {{ ref("int_classifications__mapped") }}),

    -- Of several classes of a line, the first that means a category.
    ranked as (
        select
            classifications.document_id,
            classifications.source_row,
            mapped.category_id,
            row_number() over (
                partition by classifications.document_id, classifications.source_row
                order by classifications.position nulls last, mapped.category_id
            ) as place
        from classifications
        inner join
            mapped
            on mapped.list_id = classifications.list_id
            and mapped.code = classifications.code
    )

select document_id, source_row, category_id
from ranked
where place = 1
