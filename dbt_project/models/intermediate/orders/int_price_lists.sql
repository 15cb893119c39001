-- The price lists of agreements in the order in which they were issued: catalogues (baskets of a
-- web
-- shop are none), and exported lists by supplier and agreement. ended_from is the day from which a
-- later list that is whole (it replaces or withdraws all before it) has taken this one's place; an
-- exported list is whole, a catalogue says.
with
    catalogues as (
        select * from {{ ref("stg_peppol__catalogues") }} where document_kind = 'catalogue'
    ),

    items as (select * from {{ ref("stg_tables__price_items") }}),

    merged as (select * from {{ ref("int_suppliers__merged") }}),

    agreements as (select * from {{ ref("int_agreement_references__single") }}),

    written as (
        select
            source_sha256,
            {{
                supplier_id(
                    "seller_orgnr",
                    "seller_vat_id",
                    "coalesce(seller_legal_id_scheme, seller_party_id_scheme)",
                    "coalesce(seller_legal_id, seller_party_id)",
                    "seller_name",
                )
            }} as stated_supplier_id,
            contract_reference,
            issue_date as issued_date,
            coalesce(version_id, '') as version_id,
            coalesce(valid_from, issue_date) as first_date,
            action in ('replace', 'delete') as is_whole,
            action = 'delete' as is_withdrawal
        from catalogues
        union all
        select
            source_sha256,
            {{
                supplier_id(
                    "supplier_orgnr",
                    "cast(null as " ~ text_type() ~ ")",
                    "cast(null as " ~ text_type() ~ ")",
                    "supplier_legal_id",
                    "supplier_name",
                )
            }} as stated_supplier_id,
            contract_reference,
            coalesce(min(valid_from), {{ first_day() }}) as issued_date,
            '' as version_id,
            coalesce(min(valid_from), {{ first_day() }}) as first_date,
            true as is_whole,
            false as is_withdrawal
        from items
        group by 1, 2, 3
    ),

    ranked as (
        select
            written.*,
            coalesce(merged.supplier_id, written.stated_supplier_id) as supplier_id,
            agreements.agreement_id,
            dense_rank() over (
                partition by
                    coalesce(merged.supplier_id, written.stated_supplier_id),
                    agreements.agreement_id
                order by
                    written.issued_date nulls first, length(written.version_id), written.version_id
            ) as issue_place
        from written
        inner join
            agreements
            on agreements.reference_normalised
            = {{ normalise_reference("written.contract_reference") }}
        left join merged on merged.stated_supplier_id = written.stated_supplier_id
        where written.stated_supplier_id <> 'unknown'
    )

select
    ranked.*,
    min(case when is_whole then first_date end) over (
        partition by supplier_id, agreement_id
        order by issue_place
        range between 1 following and unbounded following
    ) as ended_from
from ranked
