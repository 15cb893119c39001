"""Sealing a build: the published tables as key-sorted Parquet, one DuckDB file, and their hashes.

What anybody may see (`public/`) is written by whom the caller says, and sealed with the rest.

Nothing here judges the tables (`data_quality`) or makes them current (`snapshot`). "The same
tables" means equal Parquet hashes; DuckDB files of identical builds differ, so a DuckDB file's
hash only binds these bytes and is no part of the seal's hash.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import SamkjopError
from pipelines.lake.home import flush_folder, remove_tree, replace_file

SEAL_NAME = "seal.json"
INTERNAL = "internal"
PUBLIC = "public"
DATABASE_NAME = "samkjop.duckdb"
DATABASE = Path(INTERNAL, DATABASE_NAME)  # in a build, and in a snapshot
FORMAT_VERSION = 1
_SCRATCH = ".tmp-internal"
_PUBLIC_SCRATCH = ".tmp-public"
_MARTS = "models/marts/"
_BLOCK = 1 << 20


class SealError(SamkjopError):
    """The build can't be sealed, or is not sealed as it should be."""


class NotSealedError(SealError):
    """There is no seal, or it can't be read."""

    exit_status = 4


class SealBrokenError(SealError):
    """The bytes are no longer those that were sealed."""

    exit_status = 4


@dataclass(frozen=True)
class TableText:
    """The descriptions of a table and of its columns, by column name."""

    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SealedTable:
    """One sealed table: SHA-256 of its Parquet file, number of rows, key columns."""

    sha256: str
    rows: int
    key: tuple[str, ...]


@dataclass(frozen=True)
class Seal:
    """What was sealed.

    `seal_hash` covers the format version, every table's name, key, rows and Parquet hash, and the
    public files where there are any, so two builds with the same tables have the same one. `public`
    is file name in `public/` → SHA-256. `build_key` and `as_of_date` (ISO) are those of the build's
    run_context, None where there is none.
    """

    seal_hash: str
    format_version: int
    tables: Mapping[str, SealedTable]
    database_sha256: str
    build_key: str | None = None
    as_of_date: str | None = None
    public: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, build_dir: Path) -> Seal:
        """Read the seal of a build or a snapshot; raises NotSealedError."""
        path = build_dir / SEAL_NAME
        try:
            raw = json.loads(path.read_bytes())
            tables = {
                name: SealedTable(item["sha256"], int(item["rows"]), tuple(item["key"]))
                for name, item in raw["tables"].items()
            }
            loaded = cls(
                raw["seal_hash"],
                int(raw["format_version"]),
                tables,
                raw["database_sha256"],
                raw.get("build_key"),
                raw.get("as_of_date"),
                dict(raw.get("public", {})),
            )
        except FileNotFoundError as error:
            raise NotSealedError(
                f"{build_dir}: bygget er ikke forseglet ({SEAL_NAME} mangler). Kjør bygget på nytt."
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotSealedError(
                f"{path}: forseglingen kan ikke leses ({error!r}). Kjør bygget på nytt."
            ) from error
        if loaded.format_version != FORMAT_VERSION or loaded.seal_hash != _seal_hash(
            tables, loaded.public
        ):
            raise SealBrokenError(
                f"{path}: forseglingen stemmer ikke med sitt eget innhold. Kjør bygget på nytt."
            )
        return loaded

    def files(self) -> dict[str, str]:
        """Return path below the build directory → SHA-256, for every sealed file."""
        parquet = {
            f"{INTERNAL}/parquet/{name}.parquet": t.sha256 for name, t in self.tables.items()
        }
        public = {f"{PUBLIC}/{name}": sha256 for name, sha256 in self.public.items()}
        return {**parquet, f"{INTERNAL}/{DATABASE_NAME}": self.database_sha256, **public}

    def verify(self, build_dir: Path) -> None:
        """Hash the sealed files again; raises SealBrokenError naming those that are not the same.

        A file that is there and was not sealed breaks the seal as well.
        """
        sealed = self.files()
        found = {
            path.relative_to(build_dir).as_posix()
            for folder in (INTERNAL, PUBLIC)
            for path in (build_dir / folder).rglob("*")
            if path.is_file()
        }
        wrong = sorted(found - set(sealed))
        wrong += [
            name
            for name, sha256 in sealed.items()
            if name not in found or file_sha256(build_dir / name) != sha256
        ]
        if wrong:
            raise SealBrokenError(
                f"{build_dir}: innholdet er endret etter forseglingen: {', '.join(wrong)}. "
                "Kjør bygget på nytt."
            )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, lower-case hex."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def published_tables(manifest: Path) -> tuple[dict[str, tuple[str, ...]], dict[str, TableText]]:
    """Return key columns and descriptions of every published table in a dbt manifest.json.

    Published are the models under models/marts; their key is `config.meta.key`. Raises SealError
    for a published model without a key, or none at all.
    """
    keys: dict[str, tuple[str, ...]] = {}
    texts: dict[str, TableText] = {}
    for node in json.loads(manifest.read_bytes())["nodes"].values():
        path = str(node.get("original_file_path", "")).replace("\\", "/")
        if node.get("resource_type") != "model" or not path.startswith(_MARTS):
            continue
        name = node.get("alias") or node["name"]
        meta = {**node.get("meta", {}), **node.get("config", {}).get("meta", {})}
        if not meta.get("key"):
            raise SealError(f"{path}: the published model has no key in config.meta.key")
        keys[name] = tuple(meta["key"])
        texts[name] = TableText(
            node.get("description", ""),
            {column["name"]: column["description"] for column in node["columns"].values()},
        )
    if not keys:
        raise SealError(f"{manifest}: no model under {_MARTS}")
    return dict(sorted(keys.items())), texts


def seal(
    warehouse: Path,
    build_dir: Path,
    tables: Mapping[str, tuple[str, ...]],
    texts: Mapping[str, TableText] | None = None,
    write_public: Callable[[Path, Path], None] | None = None,
) -> Seal:
    """Write `internal/`, `public/` and then `seal.json`; return the seal.

    `tables` is published table → key columns; `texts` become comments in the DuckDB file.
    `write_public(build, folder)` writes the public files, if any, into a folder of the build. An
    earlier seal of the same build is taken away first, so that one that was killed halfway is no
    seal. Raises SealError for a missing table or key column, or a type that Parquet can't hold.
    """
    if not tables:
        raise SealError(f"{build_dir}: there is no table to seal")
    (build_dir / SEAL_NAME).unlink(missing_ok=True)
    remove_tree(build_dir / INTERNAL)
    remove_tree(build_dir / PUBLIC)
    scratch = build_dir / _SCRATCH
    remove_tree(scratch)
    (scratch / "parquet").mkdir(parents=True)
    rows = _write_parquet(warehouse, scratch / "parquet", tables)
    _write_database(scratch, tables, texts or {})
    sealed = {
        name: SealedTable(file_sha256(scratch / "parquet" / f"{name}.parquet"), rows[name], key)
        for name, key in sorted(tables.items())
    }
    database_sha256 = file_sha256(scratch / DATABASE_NAME)
    _flush_tree(scratch)
    scratch.rename(build_dir / INTERNAL)
    public = _public(build_dir, write_public) if write_public else {}
    flush_folder(build_dir)
    result = Seal(
        _seal_hash(sealed, public),
        FORMAT_VERSION,
        sealed,
        database_sha256,
        *_run_context(build_dir),
        public,
    )
    replace_file(build_dir / SEAL_NAME, as_json(asdict(result)))
    return result


def _public(build_dir: Path, write_public: Callable[[Path, Path], None]) -> dict[str, str]:
    scratch = build_dir / _PUBLIC_SCRATCH
    remove_tree(scratch)
    write_public(build_dir, scratch)
    if not scratch.is_dir():
        return {}
    files = {path.name: file_sha256(path) for path in sorted(scratch.iterdir())}
    _flush_tree(scratch)
    scratch.rename(build_dir / PUBLIC)
    return files


def _seal_hash(tables: Mapping[str, SealedTable], public: Mapping[str, str]) -> str:
    content: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "tables": {name: asdict(table) for name, table in tables.items()},
    }
    if public:
        content["public"] = dict(public)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _write_parquet(
    warehouse: Path, folder: Path, tables: Mapping[str, tuple[str, ...]]
) -> dict[str, int]:
    rows: dict[str, int] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for table, key in tables.items():
            columns = _columns(connection, table)
            _check_columns(table, key, columns)
            order = [*key, *(name for name in columns if name not in key)]
            ordered = ", ".join(f"{_quoted(name)} asc nulls last" for name in order)
            target = str(folder / f"{table}.parquet").replace("'", "''")
            connection.execute(
                f"copy (select * from {_quoted(table)} order by {ordered}) to '{target}' "
                "(format parquet, compression zstd, row_group_size 122880)"
            )
            rows[table] = _count(connection, table)
    return rows


def _write_database(scratch: Path, tables: Iterable[str], texts: Mapping[str, TableText]) -> None:
    with duckdb.connect(str(scratch / DATABASE_NAME)) as connection:
        connection.execute("begin")  # one flush, not one for each comment
        for table in sorted(tables):
            source = str(scratch / "parquet" / f"{table}.parquet").replace("'", "''")
            connection.execute(
                f"create table {_quoted(table)} as select * from read_parquet('{source}')"
            )
            _comment(connection, table, texts.get(table, TableText()))
        connection.execute("commit")
        connection.execute("checkpoint")


def _comment(connection: duckdb.DuckDBPyConnection, table: str, text: TableText) -> None:
    if text.description:
        connection.execute(f"comment on table {_quoted(table)} is {_literal(text.description)}")
    for column in _columns(connection, table):
        if description := text.columns.get(column):
            connection.execute(
                f"comment on column {_quoted(table)}.{_quoted(column)} is {_literal(description)}"
            )


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    found = connection.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_schema = 'main' and table_name = ? order by ordinal_position",
        [table],
    ).fetchall()
    return dict(found)


def _check_columns(table: str, key: tuple[str, ...], columns: Mapping[str, str]) -> None:
    if not columns:
        raise SealError(f"{table}: the warehouse has no such table")
    if missing := [name for name in key if name not in columns]:
        raise SealError(f"{table}: no key column {', '.join(missing)}")
    # sum(bigint) is HUGEINT in DuckDB, and Parquet would make it a float without a word.
    if wide := [name for name, kind in columns.items() if "HUGEINT" in kind]:
        raise SealError(f"{table}: {', '.join(wide)} is HUGEINT, which Parquet can't hold exactly")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {_quoted(table)}").fetchone()
    assert row is not None
    return int(row[0])


def _run_context(build_dir: Path) -> tuple[str | None, str | None]:
    path = build_dir / "inputs" / "run_context.parquet"
    if not path.is_file():
        return None, None
    with duckdb.connect() as connection:
        row = connection.execute(
            "select build_key, cast(as_of_date as varchar) from read_parquet(?)", [str(path)]
        ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def _flush_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_dir():
            flush_folder(path)
            continue
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
    flush_folder(folder)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def as_json(value: Any) -> bytes:
    """Return a value as readable JSON with sorted keys, in UTF-8."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode()
