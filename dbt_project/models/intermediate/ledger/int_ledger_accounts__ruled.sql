-- Which rule of the seed an account falls under: its KOSTRA art where it has one, else its standard
-- account (SAF-T gives two or four digits), judged on the last day of the accounting year.
with
    lines as (select * from {{ ref("int_ledger_lines") }}),

    rules as (select * from {{ ref("ledger_account_rule") }}),

    arts as (
        select
            code,
            name,
            row_number() over (
                partition by code order by edition desc nulls last, source_sha256, source_row
            ) as place
        from {{ ref("stg_codes__kostra_arts") }}
    ),

    accounts as (
        select distinct
            year,
            coalesce(kostra_code, '') as kostra_code,
            coalesce(standard_account, '') as standard_account
        from lines
        where year is not null
    ),

    coded as (
        select
            accounts.*,
            case
                when {{ matches("kostra_code", "^[0-9]{3}$") }}
                then 'kostra_art'
                when {{ matches("kostra_code", "^[0-9]{2}$") }}
                then 'balance_chapter'
                when {{ matches("standard_account", "^[0-9]{2}([0-9]{2})?$") }}
                then 'standard_account'
            end as code_kind,
            case
                when {{ matches("kostra_code", "^[0-9]{2,3}$") }}
                then kostra_code
                else rpad(standard_account, 4, '0')
            end as code
        from accounts
    )

select
    coded.year,
    coded.kostra_code,
    coded.standard_account,
    case when coded.code_kind = 'kostra_art' then coded.code end as kostra_art,
    arts.name as kostra_art_name,
    coalesce(rules.is_purchase, false) as is_purchase,
    case
        when rules.code_kind is null then 'unknown_account' else nullif(rules.population_reason, '')
    end as population_reason
from coded
left join
    rules
    on rules.code_kind = coded.code_kind
    and coded.code between rules.first_code and rules.last_code
    and rules.valid_from <= make_date(coded.year, 12, 31)
    and rules.valid_to >= make_date(coded.year, 12, 31)
left join arts on coded.code_kind = 'kostra_art' and arts.code = coded.code and arts.place = 1
