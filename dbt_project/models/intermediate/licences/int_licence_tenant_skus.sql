with
    snapshots as (select * from {{ ref("int_licence_snapshots") }}),

    ranked as (
        select
            snapshots.as_of_date,
            skus.*,
            row_number() over (
                partition by snapshots.as_of_date, skus.sku_id
                order by skus.source_sha256, skus.source_row
            ) as place
        from {{ ref("stg_m365__skus") }} as skus
        inner join snapshots on snapshots.skus_date = skus.export_date
    )

select
    as_of_date,
    sku_id,
    source_sha256,
    sku_part_number,
    sku_name,
    coalesce(enabled_seats, 0) as enabled_seats,
    coalesce(warning_seats, 0) as warning_seats,
    coalesce(suspended_seats, 0) as suspended_seats,
    consumed_seats,
    stated_unit_price_nok
from ranked
where place = 1
