"""The suite of `mart_deviation_status` (A14): deviations per agreement and supplier."""

from __future__ import annotations

from data_quality.checks import Suite, columns, key, rows

_TABLE = "mart_deviation_status"

SUITE = Suite(
    _TABLE,
    (
        columns(
            _TABLE,
            {
                "agreement_id": "text",
                "supplier_id": "text",
                "open_count": "integer",
                "in_progress_count": "integer",
                "open_high_count": "integer",
                "closed_count": "integer",
                "oldest_open_days": "integer",
                "dated_closed_count": "integer",
                "closed_days": "integer",
                "mean_days_to_close": "share",
                "open_claim_nok": "money",
                "open_dagbot_nok": "money",
                "claim_nok": "money",
                "dagbot_nok": "money",
            },
        ),
        *key(_TABLE, "agreement_id", "supplier_id"),
        rows(
            f"{_TABLE}.counts_as_listed",
            "Antallene, kravene eller dagene er ikke de som står i mart_deviation.",
            f"""
            select deviation.agreement_id, deviation.supplier_id from (
                select coalesce(agreement_id, 'none') as agreement_id, supplier_id,
                    count(*) as all_count, count(*) filter (where is_open) as open_count,
                    coalesce(sum(claim_nok), 0) as claim_nok,
                    coalesce(sum(dagbot_nok), 0) as dagbot_nok,
                    coalesce(sum(claim_nok) filter (where is_open), 0) as open_claim_nok,
                    max(days_open) filter (where is_open) as oldest_open_days,
                    coalesce(sum(days_open) filter (where not is_open), 0) as closed_days
                from mart_deviation group by coalesce(agreement_id, 'none'), supplier_id
            ) as deviation
            full join {_TABLE} as status on status.agreement_id = deviation.agreement_id
                and status.supplier_id = deviation.supplier_id
            where status.open_count is distinct from deviation.open_count
                or status.open_count + status.closed_count is distinct from deviation.all_count
                or status.claim_nok is distinct from deviation.claim_nok
                or status.dagbot_nok is distinct from deviation.dagbot_nok
                or status.open_claim_nok is distinct from deviation.open_claim_nok
                or status.oldest_open_days is distinct from deviation.oldest_open_days
                or status.closed_days is distinct from deviation.closed_days
            """,
            rule_id="A14",
        ),
        rows(
            f"{_TABLE}.mean_is_quotient",
            "Gjennomsnittet er ikke dagene delt på de lukkede avvikene.",
            f"""
            select * from {_TABLE} where (mean_days_to_close is null) <> (dated_closed_count = 0)
                or abs(mean_days_to_close - cast(closed_days as double) / dated_closed_count) > 1e-9
            """,
            rule_id="A14",
        ),
    ),
    no_sum="Beløpene er krav fra avviksregisteret, ikke forbruk.",
)
