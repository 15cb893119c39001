with
    documents as (select * from {{ ref("int_documents__sold") }}),

    merged as (select * from {{ ref("int_suppliers__merged") }})

select
    documents.document_id,
    documents.source_sha256,
    documents.document_kind,
    documents.document_number,
    documents.issue_date,
    documents.currency,
    documents.tax_exclusive_amount,
    coalesce(merged.supplier_id, documents.stated_supplier_id) as supplier_id,
    documents.stated_supplier_id,
    documents.supplier_name_id,
    documents.seller_orgnr,
    documents.seller_name,
    documents.seller_is_private_person,
    documents.buyer_orgnr
from documents
left join merged on merged.stated_supplier_id = documents.stated_supplier_id
