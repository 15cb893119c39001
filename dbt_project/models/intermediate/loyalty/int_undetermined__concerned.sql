-- Undetermined lines that may be loyal to a binding lot (positive) or can't be (negative), by the
-- categories that they could be of. A line of a known unit concerns the lots that bind the unit on
-- the day; a line of an unknown unit every lot that is in force, in the row of the unit `unknown`.
with
    lines as (
        select distinct unit_id, supplier_id, category_id, decisive_date, year
        from {{ ref("fct_spend_line") }}
        where loyalty_class = 'undetermined'
    ),

    unit_periods as (select * from {{ ref("int_lots__unit_periods") }} where is_binding),

    binding as (select agreement_id from {{ ref("dim_agreement") }} where is_binding),

    -- What the supplier is known to have sold to the municipality, in the year or the one before.
    known as (
        select distinct year, supplier_id, category_id
        from {{ ref("fct_spend_line") }}
        where category_id <> 'unknown'
    ),

    recently_known as (
        select year, supplier_id, category_id
        from known
        union
        select year + 1 as year, supplier_id, category_id
        from known
    ),

    on_lots as (
        select
            lines.*,
            suppliers.agreement_id,
            suppliers.lot,
            scope.category_id as possible_category_id,
            true as is_positive
        from lines
        inner join
            {{ ref("bridge_agreement_supplier") }} as suppliers
            on suppliers.supplier_id = lines.supplier_id
            and suppliers.valid_from <= lines.decisive_date
            and suppliers.valid_to > lines.decisive_date
        left join
            {{ ref("bridge_agreement_category") }} as scope
            on scope.agreement_id = suppliers.agreement_id
            and scope.lot = suppliers.lot
            and (lines.category_id = 'unknown' or scope.category_id = lines.category_id)
            and scope.valid_from <= lines.decisive_date
            and scope.valid_to > lines.decisive_date
        where lines.category_id = 'unknown' or scope.category_id is not null
    ),

    -- The line's own category where it is known, else every category that it could well be.
    possible as (
        select lines.*, lines.category_id as possible_category_id
        from lines
        where lines.category_id <> 'unknown'
        union all
        select lines.*, recently_known.category_id as possible_category_id
        from lines
        inner join
            recently_known
            on recently_known.supplier_id = lines.supplier_id
            and recently_known.year = lines.year
        where lines.category_id = 'unknown'
    ),

    in_scopes as (
        select
            possible.unit_id,
            possible.supplier_id,
            possible.category_id,
            possible.decisive_date,
            possible.year,
            scope.agreement_id,
            scope.lot,
            scope.category_id as possible_category_id,
            false as is_positive
        from possible
        inner join
            {{ ref("bridge_agreement_category") }} as scope
            on scope.category_id = possible.possible_category_id
            and scope.valid_from <= possible.decisive_date
            and scope.valid_to > possible.decisive_date
    ),

    concerned as (
        select *
        from on_lots
        union all
        select *
        from in_scopes
    ),

    bound as (
        select concerned.*
        from concerned
        inner join
            unit_periods
            on unit_periods.unit_id = concerned.unit_id
            and unit_periods.agreement_id = concerned.agreement_id
            and unit_periods.lot = concerned.lot
            and unit_periods.valid_from <= concerned.decisive_date
            and unit_periods.valid_to > concerned.decisive_date
        union all
        select concerned.*
        from concerned
        inner join binding on binding.agreement_id = concerned.agreement_id
        where concerned.unit_id = 'unknown'
    )

select
    unit_id,
    supplier_id,
    category_id,
    decisive_date,
    year,
    agreement_id,
    lot,
    coalesce(possible_category_id, 'unknown') as possible_category_id,
    max(case when is_positive then 1 else 0 end) = 1 as is_positive
from bound
group by
    unit_id,
    supplier_id,
    category_id,
    decisive_date,
    year,
    agreement_id,
    lot,
    coalesce(possible_category_id, 'unknown')
