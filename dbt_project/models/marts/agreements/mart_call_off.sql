with
    orders as (
        select spend_line_id, coalesce(order_id, upper(trim(order_reference))) as order_key
        from {{ ref("int_spend_lines__enriched") }}
        where order_id is not null or (channel <> 'unknown' and order_reference is not null)
    ),

    lines as (
        select
            lines.year,
            lines.agreement_id,
            {{ source_line_id("lines") }} as source_line_id,
            lines.document_id,
            lines.loyalty_class,
            lines.amount_nok,
            lines.supplier_id || '|' || orders.order_key as call_off_key
        from {{ ref("fct_spend_line") }} as lines
        left join orders on orders.spend_line_id = {{ source_line_id("lines") }}
        where lines.loyalty_class in ('on_agreement', 'voluntary', 'outside_period')
    ),

    summed as (
        select
            year,
            agreement_id,
            count(
                distinct case when loyalty_class <> 'outside_period' then source_line_id end
            ) as line_count,
            count(
                distinct case when loyalty_class <> 'outside_period' then document_id end
            ) as document_count,
            count(
                distinct case when loyalty_class <> 'outside_period' then call_off_key end
            ) as call_off_count,
            sum(
                case
                    when loyalty_class <> 'outside_period' and call_off_key is not null
                    then amount_nok
                end
            ) as with_order_nok,
            sum(
                case
                    when loyalty_class <> 'outside_period' and call_off_key is null then amount_nok
                end
            ) as without_order_nok,
            count(
                distinct case when loyalty_class = 'outside_period' then call_off_key end
            ) as outside_period_count,
            sum(
                case when loyalty_class = 'outside_period' then amount_nok end
            ) as outside_period_nok
        from lines
        group by year, agreement_id
    ),

    places as (
        select years.year, agreements.agreement_id
        from {{ ref("int_loyalty__years") }} as years
        inner join
            {{ ref("dim_agreement") }} as agreements
            on agreements.valid_from < years.end_date
            and agreements.end_date >= years.first_date
        union
        select year, agreement_id
        from summed
    ),

    final as (
        select
            places.year,
            places.agreement_id,
            coalesce(summed.call_off_count, 0) as call_off_count,
            coalesce(summed.line_count, 0) as line_count,
            coalesce(summed.document_count, 0) as document_count,
            {{ nok("summed.with_order_nok") }} as with_order_nok,
            {{ nok("summed.without_order_nok") }} as without_order_nok,
            coalesce(summed.outside_period_count, 0) as outside_period_count,
            {{ nok("summed.outside_period_nok") }} as outside_period_nok
        from places
        left join summed on summed.year = places.year and summed.agreement_id = places.agreement_id
    )

select
    cast(final.year as integer) as year,
    final.agreement_id,
    agreements.title as agreement_title,
    agreements.is_binding,
    final.call_off_count,
    final.line_count,
    final.document_count,
    final.with_order_nok,
    final.without_order_nok,
    cast(final.with_order_nok + final.without_order_nok as decimal(18, 2)) as spend_nok,
    case
        when final.with_order_nok + final.without_order_nok > 0
        then {{ share("final.with_order_nok", "(final.with_order_nok + final.without_order_nok)") }}
    end as with_order_share,
    final.outside_period_count,
    final.outside_period_nok
from final
inner join {{ ref("dim_agreement") }} as agreements on agreements.agreement_id = final.agreement_id
