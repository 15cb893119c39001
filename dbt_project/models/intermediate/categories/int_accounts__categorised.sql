-- What an account or KOSTRA art means, by stretches of time: the account goes before the art, a
-- whole code before a beginning, a longer beginning before a shorter.
with
    registered as (
        select account_categories.*
        from {{ ref("stg_registers__account_categories") }} as account_categories
        inner join
            {{ ref("dim_category") }} as categories
            on categories.category_id = account_categories.category_id
            and categories.category_id <> 'unknown'
        where
            account_categories.code_type in ('account', 'kostra_art')
            and account_categories.valid_from < account_categories.valid_to
    ),

    accounts as (
        select distinct
            coalesce(nullif(trim(account), ''), '') as account,
            coalesce(nullif(trim(kostra_art), ''), '') as kostra_art
        from {{ ref("int_postings") }}
    ),

    code_lengths as (
        select distinct code_type, match_type, length(code) as code_length from registered
    ),

    codes as (
        select account, kostra_art, 'account' as code_type, account as code
        from accounts
        where account <> ''
        union all
        select account, kostra_art, 'kostra_art' as code_type, kostra_art as code
        from accounts
        where kostra_art <> ''
    ),

    fitting as (
        select
            codes.account,
            codes.kostra_art,
            registered.code_type,
            registered.match_type,
            length(registered.code) as code_length,
            registered.category_id,
            registered.source_row,
            registered.valid_from,
            registered.valid_to
        from codes
        inner join
            code_lengths
            on code_lengths.code_type = codes.code_type
            and code_lengths.code_length <= length(codes.code)
        inner join
            registered
            on registered.code_type = codes.code_type
            and registered.match_type = code_lengths.match_type
            and length(registered.code) = code_lengths.code_length
            and registered.code = substr(codes.code, 1, code_lengths.code_length)
        where registered.match_type = 'prefix' or registered.code = codes.code
    ),

    boundaries as (
        select account, kostra_art, valid_from as boundary
        from fitting
        union
        select account, kostra_art, valid_to
        from fitting
    ),

    segments as (
        select
            account,
            kostra_art,
            boundary as valid_from,
            lead(boundary) over (partition by account, kostra_art order by boundary) as valid_to
        from boundaries
    ),

    ranked as (
        select
            segments.*,
            fitting.code_type,
            fitting.category_id,
            row_number() over (
                partition by segments.account, segments.kostra_art, segments.valid_from
                order by
                    case fitting.code_type when 'account' then 0 else 1 end,
                    case fitting.match_type when 'exact' then 0 else 1 end,
                    fitting.code_length desc,
                    fitting.source_row nulls last,
                    fitting.category_id
            ) as place
        from segments
        inner join
            fitting
            on fitting.account = segments.account
            and fitting.kostra_art = segments.kostra_art
            and fitting.valid_from < segments.valid_to
            and segments.valid_from < fitting.valid_to
    )

select account, kostra_art, category_id, code_type, valid_from, valid_to
from ranked
where place = 1
