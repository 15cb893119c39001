-- What the dated rules say of a KOSTRA art, judged on the last day of the accounting year.
with
    arts as (
        select distinct year, kostra_art
        from {{ ref("int_ledger_accounts__ruled") }}
        where kostra_art is not null
    ),

    rules as (select * from {{ ref("spend_art_rule") }})

select
    arts.year,
    arts.kostra_art,
    max(case when rules.rule_kind = 'investment' then 1 else 0 end) = 1 as is_investment,
    max(case when rules.rule_kind = 'not_addressable' then 1 else 0 end) = 1 as is_excluded,
    max(case when rules.rule_kind = 'compensated_vat' then 1 else 0 end) = 1 as is_compensated_vat
from arts
left join
    rules
    on arts.kostra_art between rules.first_art and rules.last_art
    and rules.valid_from <= make_date(arts.year, 12, 31)
    and rules.valid_to >= make_date(arts.year, 12, 31)
group by arts.year, arts.kostra_art
