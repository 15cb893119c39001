-- The suppliers of the ledgers' lines, as the lines state them; the same rules as in int_postings.
with
    lines as (
        select
            supplier_orgnr,
            supplier_vat_id,
            supplier_legal_id,
            supplier_number,
            supplier_name,
            max(case when supplier_is_private_person then 1 else 0 end) as is_private_person
        from {{ ref("int_ledger_lines") }}
        group by supplier_orgnr, supplier_vat_id, supplier_legal_id, supplier_number, supplier_name
    ),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    cleaned as (
        select
            lines.*,
            {{ real_reference("lines.supplier_vat_id", "vat_words.text_normalised") }} as vat_id,
            {{ real_reference("lines.supplier_legal_id", "legal_words.text_normalised") }}
            as legal_id,
            {{ real_reference("lines.supplier_name", "name_words.text_normalised") }} as real_name
        from lines
        left join
            placeholders as vat_words
            on vat_words.text_normalised = upper(trim(lines.supplier_vat_id))
        left join
            placeholders as legal_words
            on legal_words.text_normalised = upper(trim(lines.supplier_legal_id))
        left join
            placeholders as name_words
            on name_words.text_normalised = upper(trim(lines.supplier_name))
    )

select
    {{ ledger_supplier_id("cleaned") }} as stated_supplier_id,
    supplier_orgnr,
    vat_id,
    legal_id,
    case when real_name is not null then trim(supplier_name) end as supplier_name,
    is_private_person = 1 as is_private_person
from cleaned
