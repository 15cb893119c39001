-- The lines of exported orders. An order that stands in several exports is taken from the one that
-- has most of it.
with
    lines as (select * from {{ ref("stg_tables__order_lines") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    keyed as (
        select
            lines.*,
            {{ invoice_key("lines.order_number") }} as order_key,
            {{
                supplier_id(
                    "lines.supplier_orgnr",
                    "cast(null as " ~ text_type() ~ ")",
                    "cast(null as " ~ text_type() ~ ")",
                    "lines.supplier_legal_id",
                    "lines.supplier_name",
                )
            }} as supplier_id
        from lines
        left join
            placeholders
            on placeholders.reference_normalised = {{ normalise_reference("lines.order_number") }}
        where
            placeholders.reference_normalised is null
            and not {{ is_filler("trim(lines.order_number)") }}
    ),

    files as (
        select
            order_key,
            supplier_id,
            coalesce(entity_orgnr, '') as buyer_orgnr,
            source_sha256,
            min(source_row) as first_row,
            row_number() over (
                partition by order_key, supplier_id, coalesce(entity_orgnr, '')
                order by count(*) desc, source_sha256
            ) as place
        from keyed
        where order_key is not null
        group by order_key, supplier_id, coalesce(entity_orgnr, ''), source_sha256
    )

select
    'O'
    || substr(files.source_sha256, 1, 20)
    || '-'
    || cast(files.first_row as {{ text_type() }}) as order_id,
    keyed.*
from keyed
inner join
    files
    on files.order_key = keyed.order_key
    and files.supplier_id = keyed.supplier_id
    and files.buyer_orgnr = coalesce(keyed.entity_orgnr, '')
    and files.source_sha256 = keyed.source_sha256
    and files.place = 1
