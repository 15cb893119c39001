-- The category that a text rule gives the lines that no higher rung knows: every word of the rule
-- stands in the item's text. Lowest priority first, then a rule for the supplier, then most words,
-- most letters, and the first in the register.
with
    rules as (select * from {{ ref("int_text_rules__worded") }}),

    lines as (
        select spend_line_id, supplier_id, item_name, decisive_date
        from {{ ref("int_spend_lines__united") }}
        where category_id = 'unknown' and item_name is not null and exists (select 1 from rules)
    ),

    texts as (select distinct item_name from lines),

    tokens as (
        select item_name, {{ explode_text(as_words("item_name"), " ") }} as token from texts
    ),

    lengths as (select distinct length(word) as word_length from rules where is_beginning),

    hits as (
        select tokens.item_name, rules.rule_row, rules.word, rules.is_beginning
        from tokens
        inner join rules on rules.word = tokens.token and not rules.is_beginning
        union
        select tokens.item_name, rules.rule_row, rules.word, rules.is_beginning
        from tokens
        inner join lengths on lengths.word_length <= length(tokens.token)
        inner join
            rules
            on rules.word = substr(tokens.token, 1, lengths.word_length)
            and rules.is_beginning
    ),

    counted as (
        select item_name, rule_row, count(*) as hit_count from hits group by item_name, rule_row
    ),

    whole_rules as (
        select distinct
            rule_row,
            supplier_id,
            category_id,
            priority,
            valid_from,
            valid_to,
            word_count,
            letter_count
        from rules
    ),

    ranked as (
        select
            lines.spend_line_id,
            whole_rules.category_id,
            whole_rules.rule_row,
            row_number() over (
                partition by lines.spend_line_id
                order by
                    whole_rules.priority,
                    case when whole_rules.supplier_id is null then 1 else 0 end,
                    whole_rules.word_count desc,
                    whole_rules.letter_count desc,
                    whole_rules.rule_row
            ) as place
        from lines
        inner join counted on counted.item_name = lines.item_name
        inner join
            whole_rules
            on whole_rules.rule_row = counted.rule_row
            and whole_rules.word_count = counted.hit_count
        where
            (whole_rules.supplier_id is null or whole_rules.supplier_id = lines.supplier_id)
            and whole_rules.valid_from <= lines.decisive_date
            and lines.decisive_date < whole_rules.valid_to
    )

select spend_line_id, category_id, rule_row
from ranked
where place = 1
