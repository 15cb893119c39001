with
    bought as (
        select
            year,
            agreement_id,
            lot,
            supplier_id,
            supplier_rank,
            supplier_basis,
            {{ line_count("lines") }} as line_count,
            count(distinct document_id) as document_count,
            sum(amount_nok) as spend_nok
        from {{ ref("fct_spend_line") }} as lines
        where loyalty_class in ('on_agreement', 'voluntary')
        group by year, agreement_id, lot, supplier_id, supplier_rank, supplier_basis
    ),

    placed as (
        select
            years.year,
            suppliers.agreement_id,
            suppliers.lot,
            suppliers.supplier_id,
            suppliers.supplier_rank,
            suppliers.supplier_basis
        from {{ ref("int_loyalty__years") }} as years
        inner join
            {{ ref("bridge_agreement_supplier") }} as suppliers
            on suppliers.valid_from < years.end_date
            and suppliers.valid_to > years.first_date
        union
        select year, agreement_id, lot, supplier_id, supplier_rank, supplier_basis
        from bought
    ),

    summed as (
        select
            placed.*,
            coalesce(bought.line_count, 0) as line_count,
            coalesce(bought.document_count, 0) as document_count,
            {{ nok("bought.spend_nok") }} as spend_nok
        from placed
        left join
            bought
            on bought.year = placed.year
            and bought.agreement_id = placed.agreement_id
            and bought.lot = placed.lot
            and bought.supplier_id = placed.supplier_id
            and bought.supplier_rank = placed.supplier_rank
            and bought.supplier_basis = placed.supplier_basis
    ),

    shared as (
        select
            summed.*,
            sum(spend_nok) over (partition by year, agreement_id, lot) as lot_spend_nok,
            sum(spend_nok) over (
                partition by year, agreement_id, lot, supplier_rank
            ) as rank_spend_nok
        from summed
    )

select
    cast(shared.year as integer) as year,
    shared.agreement_id,
    agreements.title as agreement_title,
    agreements.is_binding,
    shared.lot,
    {{ lot_label("lots.name", "shared.lot") }} as lot_name,
    lots.call_off,
    shared.supplier_id,
    suppliers.name as supplier_name,
    cast(shared.supplier_rank as integer) as supplier_rank,
    shared.supplier_basis,
    shared.line_count,
    shared.document_count,
    shared.spend_nok,
    cast(shared.rank_spend_nok as decimal(18, 2)) as rank_spend_nok,
    cast(shared.lot_spend_nok as decimal(18, 2)) as lot_spend_nok,
    case
        when shared.lot_spend_nok > 0 then {{ share("shared.spend_nok", "shared.lot_spend_nok") }}
    end as lot_share,
    case
        when shared.lot_spend_nok > 0
        then {{ share("shared.rank_spend_nok", "shared.lot_spend_nok") }}
    end as rank_share
from shared
inner join {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = shared.agreement_id
inner join
    {{ ref("int_lots__dated") }} as lots
    on lots.agreement_id = shared.agreement_id
    and lots.lot = shared.lot
left join {{ ref("dim_supplier") }} as suppliers on suppliers.supplier_id = shared.supplier_id
