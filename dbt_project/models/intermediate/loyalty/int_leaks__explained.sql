-- The reason of a leak in words, and whom it should have been bought from.
with
    leaks as (select * from {{ ref("int_leaks__summed") }}),

    right_suppliers as (
        select
            leaks.year,
            leaks.unit_id,
            leaks.agreement_id,
            leaks.lot,
            leaks.supplier_id,
            leaks.loyalty_class,
            {{ names_joined("names.name") }} as right_suppliers
        from leaks
        inner join
            {{ ref("bridge_agreement_supplier") }} as suppliers
            on suppliers.agreement_id = leaks.agreement_id
            and suppliers.lot = leaks.lot
            and suppliers.valid_from <= leaks.last_date
            and suppliers.valid_to > leaks.first_date
        inner join {{ ref("dim_supplier") }} as names on names.supplier_id = suppliers.supplier_id
        where leaks.loyalty_class <> 'outside_period'
        group by
            leaks.year,
            leaks.unit_id,
            leaks.agreement_id,
            leaks.lot,
            leaks.supplier_id,
            leaks.loyalty_class
    )

select
    leaks.*,
    agreements.title as agreement_title,
    {{ lot_label("lots.name", "leaks.lot") }} as lot_name,
    right_suppliers.right_suppliers,
    case
        when leaks.loyalty_class = 'wrong_zone'
        then
            'Leverandøren er på avtalen «'
            || agreements.title
            || '», men i '
            || placed.other_lots
            || '; enheten hører til '
            || {{ lot_label("lots.name", "leaks.lot") }}
            || '.'
        when leaks.loyalty_class = 'outside_period' and leaks.first_date > agreements.end_date
        then
            'Avtalen «'
            || agreements.title
            || '» gjaldt til og med '
            || {{ written_date("agreements.end_date") }}
            || case
                when agreements.end_date < agreements.latest_end_date
                then '; opsjonen som var igjen, er ikke registrert som utløst.'
                else '.'
            end
        when leaks.loyalty_class = 'outside_period' and leaks.last_date < agreements.valid_from
        then
            'Avtalen «'
            || agreements.title
            || '» gjelder først fra '
            || {{ written_date("agreements.valid_from") }}
            || '.'
        when leaks.loyalty_class = 'outside_period'
        then
            'Avtalen «'
            || agreements.title
            || '» gjaldt ikke for enhet, leverandør og kategori samlet på kjøpsdagen.'
        when placed.is_closed_subcontractor
        then
            'Leverandøren er underleverandør på avtalen «'
            || agreements.title
            || '», men det er ikke registrert at kommunen kan bestille direkte av den.'
        when placed.replaced_by is not null
        then
            'Leverandøren sto på avtalen «'
            || agreements.title
            || '», men er avløst av '
            || placed.replaced_by
            || '.'
        when placed.other_times is not null
        then
            'Leverandøren sto på avtalen «'
            || agreements.title
            || '» bare i perioden '
            || placed.other_times
            || '.'
        else
            'Avtalen «'
            || agreements.title
            || '» ('
            || {{ lot_label("lots.name", "leaks.lot") }}
            || ') dekker kjøpet. Leverandøren står ikke på den.'
    end as reason_nb
from leaks
inner join {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = leaks.agreement_id
left join
    {{ ref("int_lots__dated") }} as lots
    on lots.agreement_id = leaks.agreement_id
    and lots.lot = leaks.lot
left join
    {{ ref("int_leaks__placed") }} as placed
    on placed.year = leaks.year
    and placed.unit_id = leaks.unit_id
    and placed.agreement_id = leaks.agreement_id
    and placed.lot = leaks.lot
    and placed.supplier_id = leaks.supplier_id
    and placed.loyalty_class = leaks.loyalty_class
left join
    right_suppliers
    on right_suppliers.year = leaks.year
    and right_suppliers.unit_id = leaks.unit_id
    and right_suppliers.agreement_id = leaks.agreement_id
    and right_suppliers.lot = leaks.lot
    and right_suppliers.supplier_id = leaks.supplier_id
    and right_suppliers.loyalty_class = leaks.loyalty_class
