with
    lines as (select * from {{ ref("fct_spend_line") }}),

    units as (select * from {{ ref("dim_unit") }}),

    placed as (
        select
            case
                when lines.spend_source = 'ledger'
                then
                    {{
                        accounting_month(
                            "coalesce(lines.posting_date, lines.issue_date, lines.decisive_date)",
                            "lines.year",
                        )
                    }}
                else {{ month_of("lines.issue_date") }}
            end as month,
            lines.year,
            lines.unit_id,
            coalesce(units.sector, 'Ukjent') as sector,
            lines.category_id,
            lines.supplier_id,
            lines.channel,
            lines.amount_nok
        from lines
        left join
            units
            on units.unit_id = lines.unit_id
            and units.valid_from <= lines.decisive_date
            and lines.decisive_date < units.valid_to
    )

select
    month,
    year,
    unit_id,
    sector,
    category_id,
    supplier_id,
    channel,
    cast(sum(amount_nok) as decimal(18, 2)) as spend_nok,
    count(*) as line_count
from placed
group by month, year, unit_id, sector, category_id, supplier_id, channel
