with
    sums as (
        select
            year,
            agreement_id,
            loyalty_class,
            loyalty_evidence,
            supplier_basis,
            {{ line_count("lines") }} as line_count,
            {{ nok("sum(amount_nok)") }} as amount_nok
        from {{ ref("fct_spend_line") }} as lines
        where loyalty_class in ('on_agreement', 'voluntary')
        group by year, agreement_id, loyalty_class, loyalty_evidence, supplier_basis
    ),

    shared as (
        select
            sums.*,
            sum(amount_nok) over (partition by year, agreement_id, loyalty_class) as class_nok
        from sums
    )

select
    cast(shared.year as integer) as year,
    shared.agreement_id,
    agreements.title as agreement_title,
    shared.loyalty_class,
    cast(
        case
            shared.loyalty_evidence
            when 'reference'
            then 1
            when 'price_list'
            then 2
            when 'supplier_category_zone_date'
            then 3
            else 4
        end as integer
    ) as evidence_rung,
    shared.loyalty_evidence,
    shared.supplier_basis,
    shared.line_count,
    shared.amount_nok,
    cast(shared.class_nok as decimal(18, 2)) as class_nok,
    case
        when shared.class_nok > 0 then {{ share("shared.amount_nok", "shared.class_nok") }}
    end as evidence_share
from shared
inner join {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = shared.agreement_id
