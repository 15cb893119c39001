-- When each option begins, ends, and must be exercised, if all before it are. The notice is
-- counted back from the last day before it, to the same day of the month or the last one before.
with
    options as (select * from {{ ref("int_agreement_options__chained") }}),

    agreements as (select * from {{ ref("dim_agreement") }} where has_end_date),

    terms as (select * from {{ ref("int_agreements__termed") }}),

    counted as (
        select
            options.*,
            sum(length_months) over (
                partition by agreement_id
                order by option_number
                rows between unbounded preceding and current row
            ) as months_so_far
        from options
    ),

    chained as (
        select
            counted.agreement_id,
            counted.option_number,
            counted.length_months,
            counted.exercised_date,
            counted.is_in_force,
            counted.is_out_of_order,
            agreements.base_end_date,
            counted.months_so_far,
            counted.months_so_far - counted.length_months as months_before
        from counted
        inner join agreements on agreements.agreement_id = counted.agreement_id
    ),

    dated as (
        select
            chained.*,
            {{ extend_end("base_end_date", "months_before") }} as previous_end_date,
            {{ extend_end("base_end_date", "months_so_far") }} as option_end_date
        from chained
    ),

    final as (
        select
            dated.*,
            case
                when terms.notice_days is not null
                then {{ add_days("dated.previous_end_date", "-terms.notice_days") }}
                else {{ add_months("dated.previous_end_date", "-terms.notice_months") }}
            end as deadline_date,
            terms.notice_months,
            terms.notice_days,
            terms.has_own_notice
        from dated
        inner join terms on terms.agreement_id = dated.agreement_id
    )

select
    agreement_id,
    cast(option_number as integer) as option_number,
    cast(length_months as integer) as length_months,
    exercised_date,
    is_in_force,
    is_out_of_order,
    not is_in_force
    and row_number() over (partition by agreement_id order by is_in_force, option_number)
    = 1 as is_next,
    previous_end_date,
    {{ add_days("previous_end_date", 1) }} as option_start_date,
    option_end_date,
    deadline_date,
    notice_months,
    notice_days,
    has_own_notice
from final
