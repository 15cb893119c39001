-- Whose ledger stands for the invoices that a buyer was sent, in every year with a ledger: its own,
-- else that of the nearest unit above it, else the municipality's (invoices without a buyer's
-- number, and those to units of the register), else the one that says no entity.
with
    ledgers as (
        select distinct entity_id, year
        from {{ ref("int_postings") }}
        where is_purchase and not is_unconverted
    ),

    run_context as (select * from {{ ref("stg_inputs__run_context") }}),

    units as (select * from {{ ref("dim_unit") }} where unit_id <> 'unknown'),

    ancestors as (
        select distinct units.orgnr as buyer_orgnr, above.orgnr as entity_id, unit_ancestors.level
        from {{ ref("int_unit_ancestors") }} as unit_ancestors
        inner join units on units.unit_id = unit_ancestors.unit_id
        inner join units as above on above.unit_id = unit_ancestors.ancestor_unit_id
        where units.orgnr is not null and above.orgnr is not null
    ),

    buyers as (
        select distinct coalesce(buyer_orgnr, '') as buyer_orgnr
        from {{ ref("int_documents__identified") }}
    ),

    candidates as (
        select buyer_orgnr, buyer_orgnr as entity_id, 0 as place
        from buyers
        where buyer_orgnr <> ''
        union all
        select buyers.buyer_orgnr, ancestors.entity_id, ancestors.level as place
        from buyers
        inner join ancestors on ancestors.buyer_orgnr = buyers.buyer_orgnr
        union all
        select buyers.buyer_orgnr, run_context.municipality_orgnr as entity_id, 100 as place
        from buyers
        cross join run_context
        where
            buyers.buyer_orgnr = ''
            or buyers.buyer_orgnr in (select orgnr from units where orgnr is not null)
        union all
        select buyer_orgnr, '*' as entity_id, 101 as place
        from buyers
    ),

    ranked as (
        select
            candidates.buyer_orgnr,
            ledgers.year,
            ledgers.entity_id,
            row_number() over (
                partition by candidates.buyer_orgnr, ledgers.year
                order by candidates.place, ledgers.entity_id
            ) as place
        from candidates
        inner join ledgers on ledgers.entity_id = candidates.entity_id
    )

select buyer_orgnr, year, entity_id
from ranked
where place = 1
