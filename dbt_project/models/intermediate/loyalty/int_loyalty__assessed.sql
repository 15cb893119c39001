-- The interval, and how far it can be trusted. Amounts are compared exactly, as decimals.
with
    figures as (
        select
            *,
            on_agreement_nok
            + wrong_zone_nok
            + off_agreement_nok
            + undetermined_negative_nok as low_denominator_nok,
            on_agreement_nok
            + undetermined_positive_nok
            + wrong_zone_nok
            + off_agreement_nok as high_denominator_nok
        from {{ ref("int_loyalty__figures") }}
    ),

    settings as (
        select
            cast(weak_classified_share as decimal(9, 6)) as weak_classified_share,
            weak_min_lines,
            weak_min_nok
        from {{ ref("stg_inputs__run_context") }}
    ),

    judged as (
        select
            figures.*,
            case
                when figures.line_count = 0
                then 'not_assessed'
                when
                    least(
                        figures.on_agreement_nok,
                        figures.wrong_zone_nok,
                        figures.off_agreement_nok,
                        figures.undetermined_positive_nok,
                        figures.undetermined_negative_nok
                    )
                    < 0
                then 'net_credit'
                when
                    figures.spend_unit_nok <= 0
                    or figures.classified_nok
                    < settings.weak_classified_share
                    * cast(figures.spend_unit_nok as decimal(30, 2))
                    or figures.line_count < settings.weak_min_lines
                    or figures.high_denominator_nok + figures.undetermined_negative_nok
                    < settings.weak_min_nok
                    or figures.low_denominator_nok = 0
                    or figures.high_denominator_nok = 0
                then 'weak'
                else 'assessed'
            end as status
        from figures
        cross join settings
    )

select
    level,
    period,
    year,
    period_start,
    {% for dimension in loyalty_dimensions() %} {{ dimension }}, {% endfor %}
    line_count,
    {% for amount in loyalty_amounts() %} {{ amount }}, {% endfor %}
    low_denominator_nok,
    high_denominator_nok,
    spend_unit_nok,
    classified_nok,
    case
        when spend_unit_nok > 0 then {{ share("classified_nok", "spend_unit_nok") }}
    end as classified_share,
    case
        when status in ('weak', 'assessed')
        then {{ share("on_agreement_nok", "low_denominator_nok") }}
    end as loyalty_low,
    case
        when status in ('weak', 'assessed')
        then
            {{
                share(
                    "(on_agreement_nok + undetermined_positive_nok)",
                    "high_denominator_nok",
                )
            }}
    end as loyalty_high,
    status
from judged
