{# Credits and freight are spread over other lines: what each target weighs, and how an amount is
   divided so that the parts are whole øre and add up to it exactly. #}
{# A line that gives money back (A02): any of a credit note, and a negative one of an invoice. It takes
   over what it credits where its document names an invoice that we have. #}
{% macro is_credit_line(document_kind, amount_nok) %}
    ({{ document_kind }} = 'credit_note' or {{ amount_nok }} < 0)
{% endmacro %}

{# A target weighs its amount where that has the sign of all the targets' sum, else nothing; where
   the sum is 0 none has its sign, and all weigh the same. #}
{% macro spread_weight(amount, sum_of_amounts) %}
    case
        when {{ sum_of_amounts }} = 0
        then cast(1 as decimal(18, 2))
        when sign({{ amount }}) = sign({{ sum_of_amounts }})
        then abs({{ amount }})
        else cast(0 as decimal(18, 2))
    end
{% endmacro %}

{# Largest remainder: each share of `amount_nok` gets its whole øre, and those that are left go one
   by one to the shares that lost most (then the heaviest, then the first).
   shares: a relation with one row per line and target: spend_line_id, amount_nok, weight (> 0),
   first_row and first_line_id (unique per line), and whatever is to be carried along.
   Adds piece_number (from 1), piece_count and piece_nok. #}
{% macro divided_by_weight(shares) %}
    with
        weighed as (
            select
                shares.*,
                {{ to_ore("abs(shares.amount_nok)") }} as line_ore,
                {{ to_ore("shares.weight") }} as share_weight,
                sum({{ to_ore("shares.weight") }}) over (
                    partition by shares.spend_line_id
                ) as line_weight
            from {{ shares }} as shares
        ),

        floored as (
            select
                weighed.*,
                {{ whole_division("line_ore * share_weight", "line_weight") }} as floor_ore
            from weighed
        ),

        ranked as (
            select
                floored.*,
                line_ore - sum(floor_ore) over (partition by spend_line_id) as lacking_ore,
                row_number() over (
                    partition by spend_line_id
                    order by
                        line_ore * share_weight - floor_ore * line_weight desc nulls last,
                        share_weight desc nulls last,
                        first_row nulls last,
                        first_line_id nulls last
                ) as turn,
                row_number() over (
                    partition by spend_line_id
                    order by first_row nulls last, first_line_id nulls last
                ) as piece_number,
                count(*) over (partition by spend_line_id) as piece_count
            from floored
        )

    select
        ranked.*,
        {{
            from_ore(
                "sign(amount_nok) * (floor_ore + case when turn <= lacking_ore then 1 else 0 end)"
            )
        }} as piece_nok
    from ranked
{% endmacro %}

{# A sum of money that is 0 where there was nothing to add. #}
{% macro nok(expression) %} cast(coalesce({{ expression }}, 0) as decimal(18, 2)) {% endmacro %}
