-- Where the supplier of a leak stands on the agreement on the days of the purchases, as the reason
-- needs it: on which other lots, as a closed subcontractor, as one whose place was taken, or on the
-- lot at another time.
with
    leaks as (
        select distinct
            year, unit_id, agreement_id, lot, supplier_id, loyalty_class, category_id, decisive_date
        from {{ ref("fct_spend_line") }}
        where loyalty_class in ('wrong_zone', 'off_agreement')
    ),

    other_lots as (
        select
            leaks.year,
            leaks.unit_id,
            leaks.agreement_id,
            leaks.lot,
            leaks.supplier_id,
            leaks.loyalty_class,
            'other_lot' as fact,
            {{ lot_label("lots.name", "scopes.lot") }} as fact_text
        from leaks
        inner join
            {{ ref("int_lots__supplier_scopes") }} as scopes
            on scopes.agreement_id = leaks.agreement_id
            and scopes.supplier_id = leaks.supplier_id
            and scopes.category_id = leaks.category_id
            and scopes.lot <> leaks.lot
            and scopes.valid_from <= leaks.decisive_date
            and scopes.valid_to > leaks.decisive_date
        inner join
            {{ ref("int_lots__dated") }} as lots
            on lots.agreement_id = scopes.agreement_id
            and lots.lot = scopes.lot
    ),

    named as (
        select
            leaks.year,
            leaks.unit_id,
            leaks.agreement_id,
            leaks.lot,
            leaks.supplier_id,
            leaks.loyalty_class,
            case
                when not suppliers.is_open and suppliers.valid_to > leaks.decisive_date
                then 'closed_subcontractor'
                when suppliers.lot = leaks.lot and suppliers.is_open
                then 'other_time'
            end as fact,
            {{ written_date("suppliers.valid_from") }}
            || '–'
            || {{ written_date(add_days("suppliers.valid_to", -1)) }} as fact_text
        from leaks
        inner join
            {{ ref("int_lot_suppliers__succeeded") }} as suppliers
            on suppliers.agreement_id = leaks.agreement_id
            and suppliers.supplier_id = leaks.supplier_id
    ),

    replaced as (
        select
            leaks.year,
            leaks.unit_id,
            leaks.agreement_id,
            leaks.lot,
            leaks.supplier_id,
            leaks.loyalty_class,
            'replaced' as fact,
            names.name || ' fra ' || {{ written_date("successors.valid_from") }} as fact_text
        from leaks
        inner join
            {{ ref("int_lot_suppliers__succeeded") }} as successors
            on successors.agreement_id = leaks.agreement_id
            and successors.predecessor_id = leaks.supplier_id
            and successors.valid_from <= leaks.decisive_date
        inner join {{ ref("dim_supplier") }} as names on names.supplier_id = successors.supplier_id
    ),

    facts as (
        select *
        from other_lots
        union all
        select *
        from named
        where fact is not null
        union all
        select *
        from replaced
    )

select
    year,
    unit_id,
    agreement_id,
    lot,
    supplier_id,
    loyalty_class,
    {{ names_joined("case when fact = 'other_lot' then fact_text end") }} as other_lots,
    {{ names_joined("case when fact = 'replaced' then fact_text end") }} as replaced_by,
    {{ names_joined("case when fact = 'other_time' then fact_text end") }} as other_times,
    max(case when fact = 'closed_subcontractor' then 1 else 0 end) = 1 as is_closed_subcontractor
from facts
group by year, unit_id, agreement_id, lot, supplier_id, loyalty_class
