-- How much an item's unit price varied within a year: standard deviation over mean, from whole
-- numbers (price in 1/10 000 NOK), so that the order of the lines does not matter.
with
    items as (
        select
            year,
            supplier_id,
            item_key,
            unit_code,
            amount_nok,
            {{ whole("round(cast(amount_nok as double) / cast(quantity as double) * 10000)") }}
            as price
        from {{ ref("int_items__purchased") }}
        where amount_nok > 0 and quantity > 0
    ),

    -- A price of NOK 10^9 or more for one unit is no unit price, and its square has too many
    -- digits.
    summed as (
        select
            year,
            supplier_id,
            item_key,
            unit_code,
            cast(count(*) as bigint) as observation_count,
            sum(price) as sum_of_prices,
            sum(price * price) as sum_of_squares,
            sum(amount_nok) as spend_nok
        from items
        where price < 10000000000000
        group by year, supplier_id, item_key, unit_code
    )

select
    summed.year,
    summed.supplier_id,
    summed.item_key,
    summed.unit_code,
    summed.observation_count,
    cast(summed.spend_nok as decimal(18, 2)) as spend_nok,
    cast(
        sqrt(
            cast(observation_count * sum_of_squares - sum_of_prices * sum_of_prices as double)
            / (observation_count * (observation_count - 1))
        )
        * observation_count
        / cast(sum_of_prices as double) as decimal(18, 6)
    ) as variation
from summed
inner join
    {{ ref("analysis_setting") }} as settings
    on settings.setting = 'price_observation_minimum'
    and summed.observation_count >= settings.value
where summed.observation_count > 1 and summed.sum_of_prices > 0
