-- The classes: the first row of the table in domain/loyalty.md that fits, and the lot that decides.
-- The rows stand together in one model, so that each worked case is tested against all of them.
with
    keys as (select * from {{ ref("int_keys__distinct") }}),

    named as (select key_id, agreement_id from {{ ref("int_keys__named") }}),

    -- Row 1 (A02): named; unit and supplier on the lot; the category in scope or unknown.
    named_lots as (
        select
            keys.key_id,
            lots.agreement_id,
            lots.lot,
            min(lots.supplier_rank) as supplier_rank,
            keys.decisive_date as scope_date
        from named
        inner join keys on keys.key_id = named.key_id
        inner join
            {{ ref("int_lots__unit_suppliers") }} as lots
            on lots.agreement_id = named.agreement_id
            and lots.unit_id = keys.unit_id
            and lots.supplier_id = keys.supplier_id
            and lots.valid_from <= keys.decisive_date
            and lots.valid_to > keys.decisive_date
        left join
            {{ ref("bridge_agreement_category") }} as scope
            on scope.agreement_id = lots.agreement_id
            and scope.lot = lots.lot
            and scope.category_id = keys.category_id
            and scope.valid_from <= keys.decisive_date
            and scope.valid_to > keys.decisive_date
        where keys.category_id = 'unknown' or scope.category_id is not null
        group by keys.key_id, lots.agreement_id, lots.lot, keys.decisive_date
    ),

    -- Rows 2-5: the lots that cover the key, and on which lots of the agreement the supplier is.
    covering_lots as (
        select
            keys.key_id,
            lots.agreement_id,
            lots.lot,
            lots.is_binding,
            keys.decisive_date as scope_date,
            max(case when scopes.lot = lots.lot then 1 else 0 end) = 1 as has_supplier,
            count(scopes.lot) > 0 as agreement_has_supplier,
            min(case when scopes.lot = lots.lot then scopes.supplier_rank end) as supplier_rank
        from keys
        inner join
            {{ ref("int_lots__coverings") }} as lots
            on lots.unit_id = keys.unit_id
            and lots.category_id = keys.category_id
            and lots.valid_from <= keys.decisive_date
            and lots.valid_to > keys.decisive_date
        left join
            {{ ref("int_lots__supplier_scopes") }} as scopes
            on scopes.agreement_id = lots.agreement_id
            and scopes.supplier_id = keys.supplier_id
            and scopes.category_id = keys.category_id
            and scopes.valid_from <= keys.decisive_date
            and scopes.valid_to > keys.decisive_date
        group by keys.key_id, lots.agreement_id, lots.lot, lots.is_binding, keys.decisive_date
    ),

    coverages as (
        select key_id, max(case when is_binding then 1 else 0 end) = 1 as is_bound
        from covering_lots
        group by key_id
    ),

    -- Row 6 (A01, D01): nothing covers the key; a lot with all three ended or starts near the day.
    -- A lot that is in force on the day has done neither: the unit is exempt from it.
    near_lots as (
        select
            keys.key_id,
            lots.agreement_id,
            lots.lot,
            min(lots.supplier_rank) as supplier_rank,
            max(
                case
                    when lots.valid_to <= keys.decisive_date
                    then {{ add_days("lots.valid_to", -1) }}
                    else lots.valid_from
                end
            ) as scope_date
        from keys
        inner join
            {{ ref("int_lots__offers") }} as lots
            on lots.unit_id = keys.unit_id
            and lots.supplier_id = keys.supplier_id
            and lots.category_id = keys.category_id
            and lots.near_from <= keys.decisive_date
            and lots.near_to > keys.decisive_date
        left join coverages on coverages.key_id = keys.key_id
        where coverages.key_id is null
        group by keys.key_id, lots.agreement_id, lots.lot
        having
            max(
                case
                    when
                        lots.valid_from <= keys.decisive_date and lots.valid_to > keys.decisive_date
                    then 1
                    else 0
                end
            )
            = 0
    ),

    candidates as (
        select key_id, 1 as rule_row, agreement_id, lot, supplier_rank, scope_date
        from named_lots
        union all
        select
            key_id,
            case
                when is_binding and has_supplier
                then 2
                when is_binding and agreement_has_supplier
                then 3
                when is_binding
                then 4
                else 5
            end as rule_row,
            agreement_id,
            lot,
            supplier_rank,
            scope_date
        from covering_lots
        where is_binding or has_supplier
        union all
        select key_id, 6 as rule_row, agreement_id, lot, supplier_rank, scope_date
        from near_lots
    ),

    ranked as (
        select
            candidates.*,
            row_number() over (
                partition by candidates.key_id
                order by
                    candidates.rule_row nulls last,
                    case when named.key_id is null then 1 else 0 end nulls last,
                    case
                        when candidates.agreement_id = keys.price_listed then 0 else 1
                    end nulls last,
                    scope_periods.category_count nulls last,
                    agreements.valid_from desc nulls last,
                    candidates.agreement_id nulls last,
                    candidates.lot nulls last
            ) as place
        from candidates
        inner join keys on keys.key_id = candidates.key_id
        inner join
            {{ ref("dim_agreement") }} as agreements
            on agreements.agreement_id = candidates.agreement_id
        left join
            named
            on named.key_id = candidates.key_id
            and named.agreement_id = candidates.agreement_id
        left join
            {{ ref("int_lots__scope_periods") }} as scope_periods
            on scope_periods.agreement_id = candidates.agreement_id
            and scope_periods.lot = candidates.lot
            and scope_periods.valid_from <= candidates.scope_date
            and scope_periods.valid_to > candidates.scope_date
    ),

    decided as (
        select
            keys.*,
            coalesce(
                ranked.rule_row,
                case when keys.category_id = 'unknown' or keys.unit_id = 'unknown' then 7 else 8 end
            ) as rule_row,
            ranked.agreement_id,
            ranked.lot,
            ranked.supplier_rank,
            case
                when coverages.is_bound
                then 'binding'
                when coverages.key_id is not null
                then 'voluntary'
                else 'none'
            end as coverage,
            keys.key_id in (select key_id from named) as names_agreement
        from keys
        left join ranked on ranked.key_id = keys.key_id and ranked.place = 1
        left join coverages on coverages.key_id = keys.key_id
    )

select
    key_id,
    unit_id,
    supplier_id,
    category_id,
    decisive_date,
    contract_named,
    order_named,
    order_contract_named,
    price_listed,
    rule_row,
    case
        when rule_row in (1, 2)
        then 'on_agreement'
        when rule_row = 3
        then 'wrong_zone'
        when rule_row = 4
        then 'off_agreement'
        when rule_row = 5
        then 'voluntary'
        when rule_row = 6
        then 'outside_period'
        when rule_row = 7
        then 'undetermined'
        else 'no_agreement'
    end as loyalty_class,
    case
        when rule_row = 1
        then 'reference'
        when rule_row in (2, 5) and agreement_id = price_listed
        then 'price_list'
        when rule_row in (2, 3, 5, 6)
        then 'supplier_category_zone_date'
        when rule_row = 4
        then 'category_zone_date'
        when rule_row = 8
        then 'no_lot_found'
        when category_id <> 'unknown'
        then 'unknown_unit'
        when unit_id <> 'unknown'
        then 'unknown_category'
        else 'unknown_unit_and_category'
    end as loyalty_evidence,
    agreement_id,
    lot,
    supplier_rank,
    coverage,
    names_agreement and rule_row > 1 as reference_mismatch
from decided
