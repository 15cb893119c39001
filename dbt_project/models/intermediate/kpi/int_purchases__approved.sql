{# One row per purchase (document and unit with a net cost) and the limit that it is held against: that
   of the role that approved it (the highest where several did), else the highest that any role of
   the unit has (E24). limit_kind `none` = the role that approved has no limit on that day. #}
with
    purchases as (
        select
            lines.document_id,
            max(lines.document_number) as document_number,
            lines.unit_id,
            lines.supplier_id,
            cast(min(lines.year) as integer) as year,
            min(coalesce(lines.issue_date, lines.posting_date)) as purchase_date,
            sum(lines.amount_nok) as amount_nok
        from {{ ref("fct_spend_line") }} as lines
        where lines.unit_id <> 'unknown'
        group by lines.document_id, lines.unit_id, lines.supplier_id
        having sum(lines.amount_nok) > 0
    ),

    limits as (select * from {{ ref("int_authority_limits__daily") }}),

    approvals as (
        select 'NO' || orgnr as supplier_id, document_number, role, approved_date
        from {{ ref("stg_registers__approvals") }}
    ),

    of_role as (
        select
            purchases.document_id,
            purchases.unit_id,
            approvals.role,
            approvals.approved_date,
            limits.limit_nok,
            row_number() over (
                partition by purchases.document_id, purchases.unit_id
                order by limits.limit_nok desc nulls last, approvals.role, approvals.approved_date
            ) as place
        from purchases
        inner join
            approvals
            on approvals.supplier_id = purchases.supplier_id
            and approvals.document_number = purchases.document_number
        left join
            limits
            on limits.unit_id = purchases.unit_id
            and limits.role = approvals.role
            and limits.day = approvals.approved_date
    ),

    of_unit as (
        select unit_id, day, max(limit_nok) as highest_limit_nok from limits group by unit_id, day
    )

select
    purchases.document_id,
    purchases.document_number,
    purchases.unit_id,
    purchases.supplier_id,
    purchases.year,
    purchases.purchase_date,
    cast(purchases.amount_nok as decimal(18, 2)) as amount_nok,
    of_role.role,
    of_role.approved_date,
    case
        when of_role.document_id is not null then of_role.limit_nok else of_unit.highest_limit_nok
    end as limit_nok,
    case
        when of_role.document_id is null
        then 'unit'
        when of_role.limit_nok is null
        then 'none'
        else 'role'
    end as limit_kind
from purchases
left join
    of_role
    on of_role.document_id = purchases.document_id
    and of_role.unit_id = purchases.unit_id
    and of_role.place = 1
left join of_unit on of_unit.unit_id = purchases.unit_id and of_unit.day = purchases.purchase_date
