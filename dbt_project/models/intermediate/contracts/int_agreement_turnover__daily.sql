-- Turnover is what was bought on the agreement: not what was bought elsewhere, on another lot, or
-- outside the period. Its day is the one that decides (loyalty.md).
select
    agreement_id,
    decisive_date as turnover_date,
    {{ nok("sum(amount_nok)") }} as turnover_nok,
    count(*) as line_count
from {{ ref("fct_spend_line") }}
where agreement_id is not null and loyalty_class in ('on_agreement', 'voluntary')
group by agreement_id, decisive_date
