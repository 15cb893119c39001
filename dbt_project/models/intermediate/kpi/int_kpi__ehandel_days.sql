{# One row per year, category, decisive day, channel and whether an agreement was used: what E08 and
   E09 add up. Purchases of works are no goods or services. #}
with
    lines as (select * from {{ ref("fct_spend_line") }}),

    categories as (select * from {{ ref("dim_category") }} where kind <> 'works'),

    suitable as (
        select distinct scopes.category_id, scopes.valid_from, scopes.valid_to
        from {{ ref("bridge_agreement_category") }} as scopes
        inner join
            {{ ref("stg_registers__agreements") }} as agreements
            on agreements.agreement_id = scopes.agreement_id
        where agreements.is_ehandel_suitable
    ),

    days as (
        select
            lines.year,
            lines.category_id,
            lines.decisive_date,
            lines.channel = 'ehandel' as is_ehandel,
            lines.loyalty_class in ('on_agreement', 'voluntary') as is_on_agreement,
            sum(lines.amount_nok) as amount_nok
        from lines
        group by
            lines.year,
            lines.category_id,
            lines.decisive_date,
            lines.channel = 'ehandel',
            lines.loyalty_class in ('on_agreement', 'voluntary')
    ),

    potential as (
        select distinct days.category_id, days.decisive_date
        from days
        inner join
            suitable
            on suitable.category_id = days.category_id
            and suitable.valid_from <= days.decisive_date
            and days.decisive_date < suitable.valid_to
    )

select
    days.year,
    days.category_id,
    days.decisive_date,
    days.is_ehandel,
    days.is_on_agreement,
    categories.is_addressable,
    potential.category_id is not null as is_potential,
    days.amount_nok
from days
inner join categories on categories.category_id = days.category_id
left join
    potential
    on potential.category_id = days.category_id
    and potential.decisive_date = days.decisive_date
