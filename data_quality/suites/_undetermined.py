"""Undetermined spend, worked out again from the lines and the bridges for the loyalty marts.

Exemptions (A03) are not published. What the bridges alone say is therefore the most that a row can
hold: an exemption takes lines away from an agreement and never adds any. In the marts' row of the
unit `unknown` no exemption counts, so there the amounts are equal.
"""

from __future__ import annotations

from data_quality.checks import Check, rows

# An exemption is granted to one unit: more missing than this, in more units, is an error.
EXEMPT_SHARE = 0.5
EXEMPT_UNITS = 2
_CLASSES = "('on_agreement', 'wrong_zone', 'off_agreement')"

# Which binding agreements an undetermined line may belong to: positive where the supplier is on a
# lot that may cover it, else by what the supplier is known to sell in the year or the one before.
CONCERNED = """
    keys as (
        select distinct year, unit_id, supplier_id, category_id, decisive_date
        from fct_spend_line where loyalty_class = 'undetermined'
    ),
    sold as (
        select distinct year, supplier_id, category_id
        from fct_spend_line where category_id <> 'unknown'
    ),
    possible as (
        select keys.*, keys.category_id as possible_id from keys where category_id <> 'unknown'
        union
        select keys.*, sold.category_id as possible_id
        from keys
        inner join sold on sold.supplier_id = keys.supplier_id
            and sold.year between keys.year - 1 and keys.year
        where keys.category_id = 'unknown'
    ),
    places as (
        select keys.*, supplier.agreement_id, supplier.lot, true as is_positive
        from keys
        inner join bridge_agreement_supplier as supplier
            on supplier.supplier_id = keys.supplier_id
            and supplier.valid_from <= keys.decisive_date
            and supplier.valid_to > keys.decisive_date
        where keys.category_id = 'unknown' or exists (
            select 1 from bridge_agreement_category as scope
            where scope.agreement_id = supplier.agreement_id and scope.lot = supplier.lot
                and scope.category_id = keys.category_id
                and scope.valid_from <= keys.decisive_date
                and scope.valid_to > keys.decisive_date
        )
        union all
        select possible.* exclude (possible_id), scope.agreement_id, scope.lot,
            false as is_positive
        from possible
        inner join bridge_agreement_category as scope
            on scope.category_id = possible.possible_id
            and scope.valid_from <= possible.decisive_date
            and scope.valid_to > possible.decisive_date
    ),
    concerned as (
        select places.* from places
        inner join dim_agreement as agreement
            on agreement.agreement_id = places.agreement_id and agreement.is_binding
        where places.unit_id = 'unknown' or exists (
            select 1 from bridge_agreement_unit as unit
            where unit.agreement_id = places.agreement_id and unit.lot = places.lot
                and unit.unit_id = places.unit_id
                and unit.valid_from <= places.decisive_date
                and unit.valid_to > places.decisive_date
        )
    )
"""


def undetermined_checks(table: str, groups: tuple[str, ...]) -> tuple[Check, ...]:
    """Return the checks of undetermined amounts and of line counts; `groups` is the mart's key."""
    compared = _compared(table, groups)
    return (
        rows(
            f"{table}.undetermined_within_lines",
            "Det ubestemte beløpet er større enn de ubestemte linjene som kan gjelde raden, eller "
            "et annet enn dem, så lojalitetens grenser er feil.",
            f"""
            {compared}
            where positive_nok not between least(positive_low_nok, 0) and positive_high_nok
                or negative_nok not between least(negative_low_nok, 0) and negative_high_nok
                or positive_nok + negative_nok not between low_nok and high_nok
                or (unit_id = 'unknown' and (positive_nok <> lines_positive_nok
                    or negative_nok <> lines_negative_nok))
            """,
            rule_id="D04",
        ),
        rows(
            f"{table}.undetermined_mostly_there",
            "Mer enn halvparten av årets ubestemte beløp mangler, hos flere enheter enn fritak kan "
            "forklare.",
            f"""
            select * from (
                select year, cast(sum(abs(lines_positive_nok) + abs(lines_negative_nok)) as double)
                        as lines_nok,
                    cast(sum(abs(lines_positive_nok - positive_nok)
                        + abs(lines_negative_nok - negative_nok)) as double) as difference_nok,
                    count(distinct case when lines_positive_nok <> positive_nok
                        or lines_negative_nok <> negative_nok then unit_id end) as units
                from ({compared}) as compared group by year
            ) as years
            where difference_nok > {EXEMPT_SHARE} * lines_nok and units > {EXEMPT_UNITS}
            """,
            rule_id="D04",
        ),
        rows(
            f"{table}.undetermined_less_exempt",
            "Det ubestemte beløpet er ikke summen av de ubestemte linjene som kan gjelde raden. "
            "Det er riktig bare om enheten er fritatt.",
            f"{compared} where positive_nok <> lines_positive_nok "
            "or negative_nok <> lines_negative_nok",
            severity="warn",
            rule_id="A03",
        ),
        _line_count(table, groups),
    )


def _compared(table: str, groups: tuple[str, ...]) -> str:
    by = ", ".join(groups)
    # Counted once per unit, a line moves from positive to negative with the exemption from the
    # one agreement that it was positive for.
    may_be_negative = "not is_positive" if "agreement_id" in groups else "true"
    return f"""
    with {CONCERNED},
    marked as (
        select {by}, supplier_id, category_id, decisive_date, bool_or(is_positive) as is_positive
        from concerned group by all
    ),
    amounts as (
        select {", ".join(f"marked.{name}" for name in groups)}, marked.is_positive, line.amount_nok
        from marked
        inner join fct_spend_line as line
            on line.year = marked.year and line.unit_id = marked.unit_id
            and line.supplier_id = marked.supplier_id and line.category_id = marked.category_id
            and line.decisive_date = marked.decisive_date
        where line.loyalty_class = 'undetermined'
    ),
    sides as (
        select {by},
            undetermined_positive_nok as positive_nok, undetermined_negative_nok as negative_nok,
            0 as amount_nok, false as is_positive, false as is_negative, false as may_be_negative
        from {table}
        union all
        select {by}, 0, 0, amount_nok, is_positive, not is_positive, {may_be_negative}
        from amounts
    )
    select * from (
        select {by},
            sum(positive_nok) as positive_nok, sum(negative_nok) as negative_nok,
            sum(if(is_positive, amount_nok, 0)) as lines_positive_nok,
            sum(if(is_negative, amount_nok, 0)) as lines_negative_nok,
            sum(if(is_positive, least(amount_nok, 0), 0)) as positive_low_nok,
            sum(if(is_positive, greatest(amount_nok, 0), 0)) as positive_high_nok,
            sum(if(may_be_negative, least(amount_nok, 0), 0)) as negative_low_nok,
            sum(if(may_be_negative, greatest(amount_nok, 0), 0)) as negative_high_nok,
            sum(least(amount_nok, 0)) as low_nok, sum(greatest(amount_nok, 0)) as high_nok
        from sides group by {by}
    ) as summed
    """


def _line_count(table: str, groups: tuple[str, ...]) -> Check:
    by = ", ".join(groups)
    of_concerned = ", ".join(f"concerned.{name}" for name in groups)
    return rows(
        f"{table}.line_count_fits",
        "Antall linjer er ikke linjene som er med i raden, så statusen hviler på feil grunnlag.",
        f"""
        with {CONCERNED},
        members as (
            select {by}, coalesce(divided_line_id, spend_line_id) as source_line_id,
                true as is_certain
            from fct_spend_line where loyalty_class in {_CLASSES}
            union all
            select {of_concerned}, coalesce(line.divided_line_id, line.spend_line_id),
                false as is_certain
            from concerned
            inner join fct_spend_line as line
                on line.year = concerned.year and line.unit_id = concerned.unit_id
                and line.supplier_id = concerned.supplier_id
                and line.category_id = concerned.category_id
                and line.decisive_date = concerned.decisive_date
            where line.loyalty_class = 'undetermined'
        ),
        counted as (
            select {by}, count(distinct source_line_id) as most_lines,
                count(distinct case when is_certain then source_line_id end) as least_lines
            from members group by {by}
        )
        select loyalty.*, counted.least_lines, counted.most_lines
        from {table} as loyalty
        left join counted using ({by})
        where loyalty.line_count is null
            or loyalty.line_count not between coalesce(counted.least_lines, 0)
                and coalesce(counted.most_lines, 0)
        """,
        rule_id="D06",
    )
