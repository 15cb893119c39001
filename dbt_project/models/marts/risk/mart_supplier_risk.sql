with
    sums as (
        select year, supplier_id, sum(amount_nok) as spend_nok
        from {{ ref("fct_spend_line") }}
        group by year, supplier_id
    ),

    totals as (select year, sum(spend_nok) as total_nok from sums group by year),

    definitions as (select definition_id from {{ ref("dim_spend_definition") }} where is_default),

    suppliers as (select * from {{ ref("dim_supplier") }}),

    entities as (select * from {{ ref("stg_enhetsregisteret__entities") }}),

    -- Whether a file from Enhetsregisteret is loaded at all: without one nothing is missing from
    -- it.
    loaded as (select count(*) as entity_count from entities),

    turnovers as (select * from {{ ref("stg_registers__supplier_turnovers") }}),

    category_suppliers as (select * from {{ ref("int_category_suppliers__yearly") }}),

    categories as (
        select
            year,
            supplier_id,
            count(*) as category_count,
            sum(case when supplier_count = 1 then 1 else 0 end) as sole_category_count,
            sum(case when supplier_count = 1 then spend_nok end) as sole_category_nok,
            sum(
                case when supplier_count = 1 and last_year_supplier_count > 1 then 1 else 0 end
            ) as one_left_category_count
        from category_suppliers
        group by year, supplier_id
    ),

    prices as (
        select
            year,
            supplier_id,
            count(*) as price_item_count,
            sum(spend_nok) as price_observed_nok,
            sum(variation * spend_nok) as weighted_variation
        from {{ ref("int_item_prices__varied") }}
        group by year, supplier_id
    ),

    followups as (select * from {{ ref("int_supplier_followups") }}),

    reported as (
        select year(reported_date) as year, supplier_id, count(*) as reported_deviation_count
        from {{ ref("int_supplier_deviations") }}
        group by year(reported_date), supplier_id
    ),

    controls as (
        select
            year(control_date) as year,
            'NO' || orgnr as supplier_id,
            count(*) as control_count,
            sum(
                case when result in ('findings', 'serious_findings') then 1 else 0 end
            ) as finding_count,
            sum(case when result = 'serious_findings' then 1 else 0 end) as serious_finding_count
        from {{ ref("stg_registers__supplier_controls") }}
        group by year(control_date), orgnr
    )

select
    cast(sums.year as integer) as year,
    sums.supplier_id,
    suppliers.name as supplier_name,
    definitions.definition_id,
    cast(sums.spend_nok as decimal(18, 2)) as spend_nok,
    cast(totals.total_nok as decimal(18, 2)) as total_nok,
    case
        when totals.total_nok > 0 then {{ share("sums.spend_nok", "totals.total_nok") }}
    end as spend_share,
    turnovers.turnover_nok,
    case
        when turnovers.turnover_nok > 0 then {{ share("sums.spend_nok", "turnovers.turnover_nok") }}
    end as turnover_share,
    cast(coalesce(categories.category_count, 0) as bigint) as category_count,
    largest.category_id as largest_share_category_id,
    largest.spend_nok as largest_share_nok,
    largest.category_nok as largest_share_category_nok,
    case
        when largest.category_nok > 0 then {{ share("largest.spend_nok", "largest.category_nok") }}
    end as largest_category_share,
    cast(coalesce(categories.sole_category_count, 0) as bigint) as sole_category_count,
    {{ nok("categories.sole_category_nok") }} as sole_category_nok,
    cast(coalesce(categories.one_left_category_count, 0) as bigint) as one_left_category_count,
    case
        when loaded.entity_count > 0 and suppliers.orgnr is not null then entities.orgnr is not null
    end as is_in_entity_register,
    entities.is_vat_registered,
    entities.is_bankrupt,
    entities.bankruptcy_date,
    entities.is_winding_up,
    entities.winding_up_date,
    entities.is_forced_winding_up,
    entities.forced_winding_up_date,
    entities.deletion_date,
    cast(coalesce(prices.price_item_count, 0) as bigint) as price_item_count,
    {{ nok("prices.price_observed_nok") }} as price_observed_nok,
    {{ share("prices.weighted_variation", "prices.price_observed_nok") }} as price_variation,
    cast(coalesce(followups.ending_agreement_count, 0) as bigint) as ending_agreement_count,
    followups.next_agreement_end_date,
    cast(coalesce(reported.reported_deviation_count, 0) as bigint) as reported_deviation_count,
    cast(coalesce(followups.open_deviation_count, 0) as bigint) as open_deviation_count,
    cast(coalesce(followups.open_high_count, 0) as bigint) as open_high_count,
    cast(coalesce(followups.open_medium_count, 0) as bigint) as open_medium_count,
    cast(coalesce(followups.open_low_count, 0) as bigint) as open_low_count,
    cast(coalesce(followups.open_unrated_count, 0) as bigint) as open_unrated_count,
    {{ nok("followups.open_claim_nok") }} as open_claim_nok,
    cast(coalesce(controls.control_count, 0) as bigint) as control_count,
    cast(coalesce(controls.finding_count, 0) as bigint) as finding_count,
    cast(coalesce(controls.serious_finding_count, 0) as bigint) as serious_finding_count,
    cast(coalesce(followups.open_followup_count, 0) as bigint) as open_followup_count,
    cast(coalesce(followups.overdue_followup_count, 0) as bigint) as overdue_followup_count
from sums
inner join totals on totals.year = sums.year
cross join definitions
cross join loaded
left join suppliers on suppliers.supplier_id = sums.supplier_id
left join entities on entities.orgnr = suppliers.orgnr
left join turnovers on turnovers.orgnr = suppliers.orgnr and turnovers.year = sums.year
left join categories on categories.year = sums.year and categories.supplier_id = sums.supplier_id
left join
    category_suppliers as largest
    on largest.year = sums.year
    and largest.supplier_id = sums.supplier_id
    and largest.place_of_supplier = 1
left join prices on prices.year = sums.year and prices.supplier_id = sums.supplier_id
left join followups on followups.supplier_id = sums.supplier_id
left join reported on reported.year = sums.year and reported.supplier_id = sums.supplier_id
left join controls on controls.year = sums.year and controls.supplier_id = sums.supplier_id
