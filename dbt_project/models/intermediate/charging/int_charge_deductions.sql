with
    judged as (select * from {{ ref("int_charge_judged") }}),

    replacements as (select * from {{ ref("int_charge_replacements") }}),

    terms as (select * from {{ ref("int_charge_terms") }}),

    -- Two licences that both replace the standard replace it once: the dearest does.
    ranked as (
        select
            judged.month,
            judged.account_key,
            judged.sku_id,
            replacements.standard_sku_id,
            row_number() over (
                partition by judged.month, judged.account_key, replacements.standard_sku_id
                order by judged.unit_price_nok desc nulls last, judged.sku_id
            ) as place
        from judged
        inner join
            replacements
            on replacements.month = judged.month
            and replacements.sku_id = judged.sku_id
        left join
            judged as held
            on held.month = judged.month
            and held.account_key = judged.account_key
            and held.sku_id = replacements.standard_sku_id
        where
            judged.condition_key = 'beyond_standard'
            and judged.is_frame_covered
            and held.sku_id is null
    )

select
    ranked.month,
    ranked.account_key,
    ranked.sku_id,
    count(*) as standard_count,
    case
        when count(*) = count(terms.unit_price_nok)
        then cast(sum(terms.unit_price_nok) as decimal(18, 2))
    end as standard_price_nok
from ranked
left join terms on terms.month = ranked.month and terms.sku_id = ranked.standard_sku_id
where ranked.place = 1
group by ranked.month, ranked.account_key, ranked.sku_id
