"""Files that say the same thing as another: duplicates, and conflicts that a person must decide.

Found anew for every build from the whole lake, so that the order in which files came in matters
only between files that contradict each other: there the one of the earliest run stands, and of one
run the one with the smaller SHA-256. Same bytes never come so far (`pipelines.lake.batches`).

- A document (invoice, order, despatch advice, catalogue) is the same as another with the same
  parties and number. With the same content it is a duplicate, with other content a conflict.
- A table (ledger, orders, receipts) whose rows all stand in another is a duplicate; one that shares
  half its rows with another is a conflict. Of budgets and price lists, whose editions resemble each
  other, only the very same rows are a duplicate.
- A SAF-T file is replaced by a later one of the same company that covers its whole period; one that
  overlaps another otherwise is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import duckdb

from pipelines.extracts.tables import TABLES
from pipelines.settings import Settings

Status = Literal["duplicate", "conflict"]
_DECIDE = "avgjør med «samkjop quarantine accept» eller «reject»"
_SHARED = 0.5  # of the smaller table's rows
_FEWEST_SHARED = 5


class Same(NamedTuple):
    """What a file is to another: its status, the other's SHA-256, and why in Norwegian."""

    status: Status
    other: str
    reason: str


@dataclass(frozen=True)
class _Kind:
    """Documents in XML: their head table, the tables below it, and what makes two the same."""

    head: str
    below: tuple[str, ...]
    parties: tuple[str, ...]
    number: tuple[str, ...]
    noun: str


_KINDS = (
    _Kind(
        "ehf_document",
        (
            "ehf_line",
            "ehf_line_classification",
            "ehf_line_allowance",
            "ehf_tax_subtotal",
            "ehf_billing_reference",
        ),
        ("seller",),
        ("document_kind", "document_number"),
        "faktura eller kreditnota",
    ),
    _Kind(
        "peppol_order",
        (
            "peppol_order_line",
            "peppol_order_line_classification",
            "peppol_order_line_allowance",
            "peppol_order_delivery",
        ),
        ("buyer", "seller"),
        ("document_kind", "document_number", "sequence_number"),
        "ordre",
    ),
    _Kind(
        "peppol_despatch",
        ("peppol_despatch_line", "peppol_despatch_line_classification"),
        ("seller",),
        ("document_kind", "document_number"),
        "pakkseddel",
    ),
    _Kind(
        "peppol_catalogue",
        (
            "peppol_catalogue_line",
            "peppol_catalogue_line_classification",
            "peppol_catalogue_price",
        ),
        ("seller", "receiver"),
        ("document_kind", "document_number", "version_id", "issue_date", "action"),
        "katalog",
    ),
)
# How a document is wrapped is not what it says.
_NOT_CONTENT = ("profile", "customization_id", "profile_id", "attachment_count")
_OVERLAPPING = ("ledger_line", "order_table_line", "receipt_table_line")
_EDITIONS = ("budget_line", "price_table_item")


def same_files(
    settings: Settings, runs: dict[str, str], left_out: set[str], accepted: set[str]
) -> dict[str, Same]:
    """Return what is a duplicate of another file or in conflict with one, by SHA-256.

    `runs` has for every file of the lake the run that read it (a text that sorts by time);
    `left_out` are files that no longer count (withdrawn, or decided against), `accepted` those that
    a person decided to count whatever they resemble.
    """
    found: dict[str, Same] = {}
    if not runs:
        return found
    with duckdb.connect() as connection:
        lake = _Lake(connection, settings, left_out)
        connection.execute("create table run (sha varchar, run varchar)")
        connection.execute(
            "insert into run select unnest($shas::varchar[]), unnest($runs::varchar[])",
            {"shas": list(runs), "runs": list(runs.values())},
        )
        for kind in _KINDS:
            found.update(_same_documents(lake, kind, accepted))
        for name in (*_OVERLAPPING, *_EDITIONS):
            found.update(_same_tables(lake, name, runs, accepted))
        found.update(_same_saft(lake, runs, accepted))
    return found


class _Lake:
    """The lake's tables without the files that don't count."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, settings: Settings, left_out: set[str]
    ) -> None:
        self._connection = connection
        self._folder = settings.lake
        connection.execute(
            "create table left_out as select unnest($1::varchar[]) as sha", [sorted(left_out)]
        )

    def rows(self, table: str) -> str:
        """Return SQL for a table's rows."""
        pattern = str(self._folder / "*" / f"{table}.parquet").replace("'", "''")
        return (
            f"(select * from read_parquet('{pattern}', union_by_name=true) "
            "where source_sha256 not in (select sha from left_out))"
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return a query's rows."""
        return self._connection.execute(sql).fetchall()


def _body(table: str, *without: str) -> str:
    """Return SQL for a row's content as one text; NULL and empty text differ."""
    columns = [c.name for c in TABLES[table].columns if c.name not in ("source_sha256", *without)]
    return "concat_ws(chr(31), {})".format(
        ", ".join(f"coalesce(cast({name} as varchar), chr(30))" for name in columns)
    )


# --- documents ----------------------------------------------------------------------------------


def _party(prefix: str) -> str:
    columns = ("orgnr", "vat_id", "legal_id", "party_id", "endpoint_id", "name")
    parts = ", ".join(f"nullif(upper(trim({prefix}_{name})), '')" for name in columns)
    return f"coalesce({parts})"


def _same_documents(lake: _Lake, kind: _Kind, accepted: set[str]) -> Iterator[tuple[str, Same]]:
    parties = [_party(prefix) for prefix in kind.parties]
    number = [f"upper(trim(cast({name} as varchar)))" for name in kind.number]
    lake.query(
        f"create or replace table same_key as select sha, document_id, document_number, key, run "
        f"from (select source_sha256 as sha, document_id, document_number, "
        f"[{', '.join([*parties, *number])}] as key, {' || '.join(parties)} as party "
        f"from {lake.rows(kind.head)}) inner join run using (sha) "
        "where party is not null and document_number is not null "
        "qualify count(*) over (partition by key) > 1"
    )
    if not lake.query("select 1 from same_key limit 1"):
        return
    bodies = " union all ".join(
        f"select document_id, '{name}:' || {_body(name, 'document_id', *_NOT_CONTENT)} as body "
        f"from {lake.rows(name)} where document_id in (select document_id from same_key)"
        for name in (kind.head, *kind.below)
    )
    rows = lake.query(
        "with content as (select document_id, md5(string_agg(body, chr(10) order by body)) as hash "
        f"from ({bodies}) group by document_id) "
        "select sha, document_number, "
        "first_value(sha) over (partition by key order by run, sha), "
        "first_value(hash) over (partition by key order by run, sha) = hash, "
        "first_value(sha) over (partition by key, hash order by run, sha), "
        "list(sha) over (partition by key, hash) "
        "from same_key inner join content using (document_id) order by sha"
    )
    for sha, number_, stands, is_first, first, alike in rows:
        if sha in accepted or sha == stands:
            continue
        if sha != first:
            reason = f"samme innhold som {{other}}: {kind.noun} nr. {number_} er alt lest inn"
            yield sha, Same("duplicate", first, reason)
        elif not is_first and not accepted.intersection(alike):
            reason = (
                f"{kind.noun} nr. {number_} fra samme part er alt lest inn med annet innhold, i "
                f"{{other}}; {_DECIDE}"
            )
            yield sha, Same("conflict", stands, reason)


# --- tables -------------------------------------------------------------------------------------


def _same_tables(
    lake: _Lake, table: str, runs: dict[str, str], accepted: set[str]
) -> Iterator[tuple[str, Same]]:
    sizes = dict(lake.query(f"select source_sha256, count(*) from {lake.rows(table)} group by all"))
    if len(sizes) < 2:
        return
    body = _body(table, "source_row", "value_position")
    pairs = lake.query(
        f"with prints as (select sha, print, row_number() over (partition by sha, print) as nth "
        f"from (select source_sha256 as sha, md5_number({body}) as print from {lake.rows(table)})) "
        "select a.sha, b.sha, count(*) from prints a "
        "inner join prints b on a.print = b.print and a.nth = b.nth and a.sha < b.sha group by all"
    )
    shared = {frozenset((one, other)): count for one, other, count in pairs}
    files = sorted(sizes, key=lambda sha: (runs.get(sha, ""), sha))
    yield from _judged(files, sizes, shared, table in _OVERLAPPING, accepted).items()


def _judged(
    files: list[str],
    sizes: dict[str, int],
    shared: dict[frozenset[str], int],
    may_overlap: bool,
    accepted: set[str],
) -> dict[str, Same]:
    """Return the verdicts on table files, which come in the order of their standing."""
    conflicts: dict[str, Same] = {}
    while True:
        counting = [sha for sha in files if sha not in conflicts]
        duplicates = _contained(counting, sizes, shared, may_overlap, accepted)
        standing = [sha for sha in counting if sha not in duplicates]
        more = _overlapping(standing, sizes, shared, accepted) if may_overlap else {}
        if not more:
            return duplicates | conflicts
        conflicts |= more


def _contained(
    files: list[str],
    sizes: dict[str, int],
    shared: dict[frozenset[str], int],
    may_overlap: bool,
    accepted: set[str],
) -> dict[str, Same]:
    found: dict[str, Same] = {}
    for position, sha in enumerate(files):
        for place, other in enumerate(files):
            if sha == other or sha in accepted:
                continue
            is_whole = shared.get(frozenset((sha, other)), 0) == sizes[sha]
            is_equal = sizes[other] == sizes[sha] and place < position
            is_part = sizes[other] > sizes[sha] >= _FEWEST_SHARED and may_overlap
            if is_whole and (is_equal or is_part):
                found[sha] = Same("duplicate", other, "alle radene står også i {other}")
                break
    return found


def _overlapping(
    files: list[str],
    sizes: dict[str, int],
    shared: dict[frozenset[str], int],
    accepted: set[str],
) -> dict[str, Same]:
    """Return the first file that shares too much with one before it."""
    for position, sha in enumerate(files):
        for other in files[:position]:
            common = shared.get(frozenset((sha, other)), 0)
            few = max(_FEWEST_SHARED, _SHARED * min(sizes[sha], sizes[other]))
            if common >= few and sha not in accepted:
                reason = f"{common} av {sizes[sha]} rader står også i {{other}}; {_DECIDE}"
                return {sha: Same("conflict", other, reason)}
    return {}


# --- SAF-T --------------------------------------------------------------------------------------


class _Audit(NamedTuple):
    sha: str
    company: str
    first: date
    last: date
    created: date


def _same_saft(lake: _Lake, runs: dict[str, str], accepted: set[str]) -> Iterator[tuple[str, Same]]:
    rows = lake.query(
        "select source_sha256, "
        "coalesce(company_orgnr, company_registration_number, upper(trim(company_name)), ''), "
        "coalesce(selection_start_date, "
        "make_date(period_start_year, least(greatest(period_start, 1), 12), 1), first_posted), "
        "coalesce(selection_end_date, last_day("
        "make_date(period_end_year, least(greatest(period_end, 1), 12), 1)), last_posted), "
        "coalesce(created_date, date '1900-01-01') "
        f"from {lake.rows('saft_header')} left join (select source_sha256, "
        "min(coalesce(posting_date, transaction_date)) as first_posted, "
        "max(coalesce(posting_date, transaction_date)) as last_posted "
        f"from {lake.rows('saft_journal_line')} group by all) using (source_sha256)"
    )
    audits = sorted(
        (_Audit(*row) for row in rows if None not in row),
        key=lambda audit: (runs.get(audit.sha, ""), audit.sha),
    )
    found: dict[str, Same] = {}
    for audit in audits:
        later = next((other for other in audits if _replaces(other, audit)), None)
        if later is not None and audit.sha not in accepted:
            period = f"{audit.first:%d.%m.%Y}-{audit.last:%d.%m.%Y}"
            found[audit.sha] = Same(
                "duplicate", later.sha, f"erstattet av {{other}}, som dekker hele {period}"
            )
    standing: list[_Audit] = []
    for audit in audits:
        if audit.sha in found:
            continue
        other = next((o for o in standing if _overlaps(o, audit)), None)
        if other is None or audit.sha in accepted:
            standing.append(audit)
        else:
            reason = f"perioden overlapper med {{other}} for samme selskap; {_DECIDE}"
            found[audit.sha] = Same("conflict", other.sha, reason)
    yield from found.items()


def _replaces(other: _Audit, audit: _Audit) -> bool:
    covers = other.first <= audit.first and audit.last <= other.last
    return other.company == audit.company and covers and other.created > audit.created


def _overlaps(one: _Audit, other: _Audit) -> bool:
    is_apart = one.last < other.first or other.last < one.first
    return one.company == other.company and not is_apart
