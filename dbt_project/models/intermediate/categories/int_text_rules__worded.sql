-- The words of every text rule: whole ones, and beginnings of words («papir*»). Words are
-- compared as
-- words, so that nothing in a rule is a pattern.
with
    rules as (
        select text_rules.*
        from {{ ref("stg_registers__text_rules") }} as text_rules
        inner join
            {{ ref("dim_category") }} as categories
            on categories.category_id = text_rules.category_id
            and categories.category_id <> 'unknown'
        where text_rules.valid_from < text_rules.valid_to
    ),

    written as (
        select rules.*, {{ explode_text("replace(words, '*', '* ')", " ") }} as written_word
        from rules
    ),

    split as (
        select written.*, {{ explode_text(as_words("written_word"), " ") }} as word from written
    ),

    worded as (
        select distinct
            source_row as rule_row,
            'NO' || orgnr as supplier_id,
            category_id,
            priority,
            valid_from,
            valid_to,
            word,
            written_word like '%*' as is_beginning
        from split
        where word <> ''
    )

select
    worded.*,
    count(*) over (partition by rule_row) as word_count,
    sum(length(word)) over (partition by rule_row) as letter_count
from worded
