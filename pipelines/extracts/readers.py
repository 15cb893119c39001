"""From source files to lake tables: chooses the reader by what each file is.

XML documents are read thousands at a time, where there are many in processes of their own; SAF-T as
a stream; the other kinds one by one. What a file is, is found from its content, never its name.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import polars as pl

from pipelines.errors import WorkerError
from pipelines.extracts import saft
from pipelines.extracts.code_lists import KIND as CODE_LIST
from pipelines.extracts.code_lists import is_code_list, read_code_list
from pipelines.extracts.detect import Shape, shape_of
from pipelines.extracts.documents import DocumentReader, Files
from pipelines.extracts.enhetsregisteret import KIND as ENHETSREGISTERET
from pipelines.extracts.enhetsregisteret import (
    EnhetsregisteretReader,
    EnhetsregisteretResult,
    is_enhetsregisteret,
)
from pipelines.extracts.m365 import KINDS as M365_KINDS
from pipelines.extracts.m365 import is_m365, read_m365
from pipelines.extracts.mapped import read_table
from pipelines.extracts.mapping import Mapping, shipped_mappings
from pipelines.extracts.registers import date_in_name, names_register, read_registers
from pipelines.extracts.result import Extracted, FileFacts, Rejection
from pipelines.extracts.tables import TABLES

KIND_NAMES = {
    "ehf_invoice": "faktura eller kreditnota",
    "peppol_order": "ordre, ordreendring eller ordrebekreftelse",
    "peppol_despatch": "pakkseddel",
    "peppol_catalogue": "katalog",
    "saft_financial": "SAF-T Regnskap",
    "code_list": "kodeliste",
    "enhetsregisteret": "utdrag fra Enhetsregisteret",
    **M365_KINDS,
    "ledger_line": "regnskap eller reskontro",
    "budget_line": "budsjett",
    "order_table_line": "bestillinger",
    "receipt_table_line": "varemottak",
    "price_table_item": "prisliste",
    "register": "register",
    "unknown": "ukjent",
}
# What is sent to another process at once: small, so that all are done at the same time.
_BUNDLE_FILES = 100
_BUNDLE_BYTES = 4 * 1024**2
_WAITING = 2  # bundles for each other process: the one it takes in next and one more
_MANY_FILES = 1_000  # reading fewer takes no longer than starting another process
_ENOUGH_FILES = 500  # so many documents read: more will follow, as from an archive
_HEAD = 65_536
_NEAR_TOP = 4_096
_PROBLEMS: dict[Shape, str] = {
    "empty": "filen er tom",
    "lfs_pointer": "filen er en Git LFS-peker, ikke innholdet; hent selve filen",
    "binary": "filen er verken XML, JSON, regneark, CSV, YAML eller zip",
    "zip": "arkivet er ødelagt; pakk på nytt",
    "json": "JSON-filen er ikke fra Enhetsregisteret eller Microsoft 365 (brukere, subscribedSkus, "
    "bruksrapporter), det eneste som leses som JSON",
}


@dataclass(frozen=True)
class ReadOptions:
    """What reading depends on.

    `mappings` are the municipality's own, tried before those that are shipped; `spill` is a folder
    for rows that are too many for memory, None where only the verdict is wanted; `workers` is the
    number of processes for XML documents, this one included; `load_day` is the day of a file that
    has none of its own, None for today.
    """

    pseudonym_key: bytes
    max_cells: int
    mappings: tuple[Mapping, ...] = ()
    spill: Path | None = None
    workers: int = 1
    load_day: date | None = None


def is_streamed(head: bytes) -> bool:
    """Return whether a file that begins so is of a kind that is read as a stream."""
    return saft.is_saft(head) or is_enhetsregisteret(head)


def _may_be_saft(data: bytes) -> bool:
    """Return whether it is worth looking closer: cheap, since every invoice is asked."""
    return data.find(b"AuditFile", 0, _NEAR_TOP) >= 0 or data.find(b"\x00", 0, 200) >= 0


def _drop_rows(parts: dict[str, list[Path]], rows: Sequence[int]) -> None:
    """Take rows out of what was spilled: what is wrong with them showed at the file's end."""
    for path in (path for files in parts.values() for path in files if rows):
        frame = pl.read_parquet(path)
        kept = frame.filter(~pl.col("source_row").is_in(rows))
        if kept.height < frame.height:
            kept.write_parquet(path, compression="zstd", statistics=False)


class Reader:
    """Reads source files one after the other; call `close` when done, or use it in a `with`."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._out = Extracted()
        self._documents = DocumentReader(options.pseudonym_key)
        self._document_count = 0
        self._bundle: Files = []
        self._bundle_bytes = 0
        self._workers: list[Worker] = []

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; what they still read is thrown away."""
        while self._workers:
            self._workers.pop().close()

    def expect(self, files: int) -> None:
        """Start the other processes where so many files are worth it: it takes them a while."""
        if files >= _MANY_FILES:
            self._start_workers()

    def _start_workers(self) -> None:
        while len(self._workers) < self._options.workers - 1:
            self._workers.append(Worker(self._options.pseudonym_key))

    def add(self, data: bytes, sha256: str, name: str) -> None:
        """Read one file, as tables or as rejections."""
        shape = shape_of(data)
        if shape == "xml":
            self._add_xml(data, sha256, name)
        elif shape in ("csv", "json") and is_enhetsregisteret(data):
            self.add_stream(io.BytesIO(data), sha256, name, data[:_HEAD])
        elif shape in ("csv", "json", "yaml") and is_m365(data):
            self._add_m365(data, sha256, name)
        elif shape in ("csv", "yaml", "xlsx"):
            self._add_table(data, shape, sha256, name)
        else:
            self.refuse(sha256, "filen", _PROBLEMS[shape])

    def add_stream(self, stream: BinaryIO, sha256: str, name: str, head: bytes) -> None:
        """Read a file that may be too large for memory; `head` is its beginning (`is_streamed`)."""
        key = self._options.pseudonym_key
        reader: saft.SaftReader | EnhetsregisteretReader
        if saft.is_saft(head):
            kind, reader = saft.KIND, saft.SaftReader(stream, sha256, key)
        else:
            kind, reader = ENHETSREGISTERET, EnhetsregisteretReader(stream, sha256, key)
            self._date(sha256, date_in_name(name))
        parts = self._spilled(reader.chunks(), sha256)
        result = reader.result
        if result.is_rejected:
            self._remove_spilled(sha256)
        else:
            if isinstance(result, EnhetsregisteretResult):
                _drop_rows(parts, result.dropped_rows)
            for table, files in parts.items():
                self._out.spilled.setdefault(table, []).extend(files)
        self._note(sha256, kind, result.facts, result.rejections, result.notes)

    def _spilled(
        self, chunks: Iterator[tuple[str, pl.DataFrame]], sha256: str
    ) -> dict[str, list[Path]]:
        """Write the chunks of a file to Parquet as they come; return the files of each table."""
        parts: dict[str, list[Path]] = {}
        folder = self._options.spill
        for table, frame in chunks:
            if folder is None or not frame.height:
                continue
            (folder / sha256).mkdir(parents=True, exist_ok=True)
            files = parts.setdefault(table, [])
            files.append(folder / sha256 / f"{table}-{len(files):06}.parquet")
            frame.write_parquet(files[-1], compression="zstd", statistics=False)
        return parts

    def _remove_spilled(self, sha256: str) -> None:
        if self._options.spill is not None:
            shutil.rmtree(self._options.spill / sha256, ignore_errors=True)

    def refuse(self, sha256: str, place: str, reason: str) -> None:
        """Note a file that can't be read at all."""
        self._out.refuse(sha256, place, reason)

    def finish(self) -> Extracted:
        """Return everything read so far and start anew."""
        for worker in self._workers:
            worker.send(None)
        self._documents.add(self._bundle)
        self._bundle, self._bundle_bytes = [], 0
        self._out.merge(self._documents.finish())
        for worker in self._workers:
            self._out.merge(worker.answer())
        done, self._out = self._out, Extracted()
        return done

    # --- XML ------------------------------------------------------------------------------------

    def _add_xml(self, data: bytes, sha256: str, name: str) -> None:
        if _may_be_saft(data) and saft.is_saft(data[:_HEAD]):
            self.add_stream(io.BytesIO(data), sha256, name, data[:_HEAD])
        elif data.find(b"ref-unspsc", 0, _NEAR_TOP) >= 0 and is_code_list(data):
            self._add_code_list(data, sha256, name)
        else:
            self._bundle.append((data, sha256))
            self._bundle_bytes += len(data)
            if len(self._bundle) >= _BUNDLE_FILES or self._bundle_bytes >= _BUNDLE_BYTES:
                self._send_bundle()

    def _send_bundle(self) -> None:
        """Give the bundle to another process where one is free, else read it in this one."""
        bundle, self._bundle, self._bundle_bytes = self._bundle, [], 0
        self._document_count += len(bundle)
        if self._document_count >= _ENOUGH_FILES:
            self._start_workers()
        for worker in self._workers:
            if worker.is_free():
                worker.send(bundle)
                return
        self._documents.add(bundle)

    # --- tables and lists -----------------------------------------------------------------------

    def _add_table(self, data: bytes, shape: Shape, sha256: str, name: str) -> None:
        if is_code_list(data):
            self._add_code_list(data, sha256, name)
        elif shape == "yaml" or names_register(data[:_HEAD], shape):
            self._add_register(data, shape, sha256, name)
        else:
            self._add_mapped(data, shape, sha256, name)

    def _add_code_list(self, data: bytes, sha256: str, name: str) -> None:
        result = read_code_list(data, sha256, name)
        self._keep(result.tables)
        self._note(sha256, CODE_LIST, result.facts, result.rejections, result.notes)

    def _add_m365(self, data: bytes, sha256: str, name: str) -> None:
        result = read_m365(data, sha256, name, self._options.pseudonym_key)
        self._keep(result.tables)
        self._note(sha256, result.kind, result.facts, result.rejections, result.notes)
        self._date(sha256, result.effective_date)

    def _add_mapped(self, data: bytes, shape: Shape, sha256: str, name: str) -> None:
        options = self._options
        mapping, result = read_table(
            data, sha256, self._mappings, options.pseudonym_key, options.max_cells
        )
        if mapping is None and shape == "xlsx" and self._add_register(data, shape, sha256, name):
            return
        self._keep(result.tables)
        kind = "unknown" if mapping is None else mapping.table.name
        read = [] if mapping is None else [f"lest med mappingen «{mapping.name}»"]
        self._note(sha256, kind, result.facts, result.rejections, [*read, *result.notes])

    @cached_property
    def _mappings(self) -> list[Mapping]:
        return [*self._options.mappings, *shipped_mappings()]

    def _add_register(self, data: bytes, shape: Shape, sha256: str, name: str) -> bool:
        """Read registers; where a workbook has none, do nothing and return False."""
        options = self._options
        result = read_registers(
            data, shape, sha256, name, options.max_cells, options.pseudonym_key, options.load_day
        )
        if result.is_unknown and shape == "xlsx":
            return False
        self._keep(result.tables)
        kind = "register" if result.tables else "unknown"
        accepted = result.rows_in - result.rows_quarantined
        facts = FileFacts(sha256, result.rows_in, accepted, result.rows_quarantined)
        self._note(sha256, kind, facts, result.rejections, result.notes)
        self._out.registers[sha256] = [
            f"registeret «{TABLES[name].register}»" for name in result.tables
        ]
        self._date(sha256, result.effective_date)
        return True

    def _date(self, sha256: str, day: date | None) -> None:
        if day is not None:
            self._out.effective_dates[sha256] = day

    def _keep(self, tables: dict[str, pl.DataFrame]) -> None:
        for table, frame in tables.items():
            self._out.add_table(table, frame)

    def _note(
        self,
        sha256: str,
        kind: str,
        facts: FileFacts,
        rejections: list[Rejection],
        notes: list[str],
    ) -> None:
        self._out.kinds[sha256] = kind
        self._out.facts[sha256] = facts
        self._out.rejections += rejections
        self._out.notes[sha256] = notes


class Worker:
    """Another process that reads documents: `pipelines.extracts.documents` with two pipes.

    A process of `multiprocessing` would first import the program that runs in this one, and with
    each 64 KiB of what it answers it would wait for this one's interpreter.
    """

    def __init__(self, pseudonym_key: bytes) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "POLARS_MAX_THREADS": "1",  # the other cores have processes of their own
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", DocumentReader.__module__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._questions, self._answers = self._process.stdin, self._process.stdout
        self._thread = ThreadPoolExecutor(1)  # sending waits until the process has taken it in
        self._sent: list[Future[None]] = []
        self._thread.submit(self._write, pseudonym_key)

    def is_free(self) -> bool:
        """Return whether another bundle would soon be read."""
        self._sent = [sent for sent in self._sent if not _is_done(sent)]
        return len(self._sent) < _WAITING

    def send(self, files: Files | None) -> None:
        """Send a bundle, or None to ask for what all became: `answer`."""
        self._sent.append(self._thread.submit(self._write, files))

    def _write(self, question: object) -> None:
        self._questions.write(pickle.dumps(question, pickle.HIGHEST_PROTOCOL))
        self._questions.flush()

    def answer(self) -> Extracted:
        """Return what the bundles became since last time."""
        with _alive():
            for sent in self._sent:
                sent.result()
            self._sent = []
            answer: Extracted = pickle.load(self._answers)
        return answer

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._answers.close()
        with contextlib.suppress(BrokenPipeError):
            self._questions.close()


def _is_done(sent: Future[None]) -> bool:
    if not sent.done():
        return False
    with _alive():
        sent.result()
    return True


@contextlib.contextmanager
def _alive() -> Iterator[None]:
    """Raise WorkerError where the pipes show that the other process has died."""
    try:
        yield
    except (BrokenPipeError, EOFError, pickle.UnpicklingError) as error:
        raise WorkerError(
            "lesing av dokumenter: en av prosessene ble avbrutt før den var ferdig, ofte fordi "
            "maskinen mangler minne; ingenting av bunken er lagret, filene ligger i landing/. "
            "Kjør på nytt, eller sett extract_processes: 1 i innstillingene"
        ) from error
