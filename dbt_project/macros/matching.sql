{# How postings of a ledger are matched with invoices: numbers as they are compared, and pairs. #}
{# An invoice number as it is compared: letters and digits only, without zeros in front. Numbers of
   zeros only are none. #}
{% macro invoice_key(expression) %}
    nullif({{ replace_all(normalise_reference(expression), "^0+") }}, '')
{% endmacro %}

{# The same without the letters and zeros in front: «INV000123» and «123» have one core. #}
{% macro invoice_core(key) %} nullif({{ replace_all(key, "^[A-ZÆØÅÄÖ]*0*") }}, '') {% endmacro %}

{# One-to-one pairs, the best first: a pair is taken when no pair that is left is better for either
   side; then the pairs of both sides go. After so many rounds nearly all that can be taken is.
   pairs: a relation with posting_document_id, document_id, match_kind and pair_rank (unique). #}
{% macro best_pairs(pairs, rounds) %}
    {%- for turn in range(1, rounds + 1) %}
        left_{{ turn }} as (
            select pairs.*
            from {{ pairs }} as pairs
            {% if turn > 1 %}
                where
                    pairs.posting_document_id not in (
                        {% for before in range(1, turn) %}
                            select posting_document_id
                            from round_{{ before }}
                            {% if not loop.last %}
                                union all
                            {% endif %}
                        {% endfor %}
                    )
                    and pairs.document_id not in (
                        {% for before in range(1, turn) %}
                            select document_id
                            from round_{{ before }}
                            {% if not loop.last %}
                                union all
                            {% endif %}
                        {% endfor %}
                    )
            {% endif %}
        ),

        round_{{ turn }} as (
            select posting_document_id, document_id, match_kind
            from
                (
                    select
                        left_{{ turn }}.*,
                        min(pair_rank) over (partition by posting_document_id) as best_of_posting,
                        min(pair_rank) over (partition by document_id) as best_of_document
                    from left_{{ turn }}
                ) as ranked
            where pair_rank = best_of_posting and pair_rank = best_of_document
        ),
    {%- endfor %}

    best as (
        {% for turn in range(1, rounds + 1) %}
            select posting_document_id, document_id, match_kind
            from round_{{ turn }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )
{% endmacro %}

{# The month of an accounting year that a date lies in; a date before or after the year (period 13)
   is its first or last month. #}
{% macro accounting_month(day, year) %}
    case
        when extract(year from {{ day }}) < {{ year }}
        then make_date({{ year }}, 1, 1)
        when extract(year from {{ day }}) > {{ year }}
        then make_date({{ year }}, 12, 1)
        else {{ month_of(day) }}
    end
{% endmacro %}

{# The least part of a ledger's lines, of those in its fullest year, that make it stand for a year. #}
{% macro stray_year_share() %} 0.05 {% endmacro %}
