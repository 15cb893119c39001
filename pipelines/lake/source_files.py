"""The files of the lake as a build sees them: what counts, what doesn't, and why.

One row per source file. What was read stands in the manifests; here it is joined with what people
withdrew or decided, and with what is the same as another file.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.lake import manifests
from pipelines.lake.decisions import decided
from pipelines.lake.same_documents import Same, same_files
from pipelines.settings import Settings


def judged_files(settings: Settings) -> dict[str, Same]:
    """Return the duplicates and conflicts among the files that count, with their reasons."""
    known = manifests.load_known(settings)
    left_out = {*decided(settings, "reject"), *manifests.withdrawn_files(settings)}
    found = same_files(settings, known.runs, left_out, set(decided(settings, "accept")))
    return {
        sha: same._replace(reason=same.reason.format(other=f"«{known.names[same.other]}»"))
        for sha, same in found.items()
    }


def write_source_files(settings: Settings, target: Path) -> dict[str, Same]:
    """Write one row per source file, ordered by SHA-256, as the build's input; return what is same.

    A file that was refused once and accepted later stands as it was read last. Columns as
    `source_file` in the dbt project's sources; `status` is accepted, rejected (nothing of it, or by
    a person), withdrawn, duplicate or conflict. Rows and amounts of a duplicate are counted as
    duplicate, those of a conflict as quarantined.
    """
    same = judged_files(settings)
    rejected = decided(settings, "reject")
    path = str(target).replace("'", "''")
    with manifests.reading(settings.lake), duckdb.connect() as connection:
        connection.execute(
            "create table same as select unnest($sha::varchar[]) as source_sha256, "
            "unnest($status::varchar[]) as status, unnest($reason::varchar[]) as reason",
            {
                "sha": [*same, *rejected],
                "status": [*(item.status for item in same.values()), *["rejected"] * len(rejected)],
                "reason": [
                    *(item.reason for item in same.values()),
                    *(f"avvist etter vurdering: {reason}" for reason in rejected.values()),
                ],
            },
        )
        connection.execute(
            _source_files(manifests.files(settings.lake), path),
            {"withdrawn": list(manifests.withdrawn_files(settings))},
        )
    return same


def _source_files(files: str, path: str) -> str:
    """Return the SQL that writes the file.

    What a file's verdict moves out of `accepted` is its whole accepted part.
    """
    moved = "status in ('duplicate', 'conflict', 'rejected')"
    return f"""
        copy (
            with newest as (
                select f.*, row_number() over (partition by f.sha256 order by batch desc) as age
                from {files}
            ),
            judged as (
                select newest.*, same.reason as same_reason,
                    list_contains($withdrawn::varchar[], sha256) as is_withdrawn,
                    case
                        when list_contains($withdrawn::varchar[], sha256) then 'withdrawn'
                        when same.status is not null then same.status
                        when newest.reason is not null and rows_accepted = 0 then 'rejected'
                        else 'accepted'
                    end as status
                from newest left join same on same.source_sha256 = sha256
                where age = 1
            )
            select
                sha256 as source_sha256,
                name as file_name,
                kind,
                effective_date,
                status,
                rows_in,
                case when {moved} then 0 else rows_accepted end as rows_accepted,
                rows_quarantined + case
                    when {moved} and status <> 'duplicate' then rows_accepted else 0
                end as rows_quarantined,
                coalesce(rows_duplicate, 0)
                    + case when status = 'duplicate' then rows_accepted else 0 end
                    as rows_duplicate,
                coalesce(rows_left_out, 0) as rows_left_out,
                currency,
                amount_in,
                case when {moved} then amount_accepted - amount_accepted else amount_accepted end
                    as amount_accepted,
                amount_quarantined + case
                    when {moved} and status <> 'duplicate' then amount_accepted else 0
                end as amount_quarantined,
                coalesce(amount_duplicate, amount_in - amount_in)
                    + case when status = 'duplicate' then amount_accepted else 0 end
                    as amount_duplicate,
                coalesce(amount_left_out, amount_in - amount_in) as amount_left_out,
                coalesce(same_reason, reason) as quarantine_reason,
                is_withdrawn
            from judged
            order by sha256
        ) to '{path}' (format parquet)
    """
