"""Business documents in XML, thousands at a time: each to the reader of its root element.

Where there are many, this module also runs as a process of its own, beside others: `main` says what
it is sent and what it answers, `pipelines.extracts.readers` starts it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipelines.extracts.ehf_invoice import EhfReader
from pipelines.extracts.peppol_catalogue import CatalogueReader
from pipelines.extracts.peppol_despatch import DespatchReader
from pipelines.extracts.peppol_order import OrderReader
from pipelines.extracts.result import Extracted
from pipelines.extracts.ubl_reader import UblReader
from pipelines.extracts.ubl_walk import document_in, refusal
from pipelines.extracts.xml import XmlProblem, parse_xml

_EXPECTED = (
    "en faktura, kreditnota, ordre, ordrebekreftelse, pakkseddel eller katalog i EHF eller Peppol, "
    "eller SAF-T Regnskap"
)


_KINDS: tuple[type[UblReader], ...] = (EhfReader, OrderReader, DespatchReader, CatalogueReader)
# Turned into tables at the latest then: until it is, each document is some hundred Python objects.
_MOST_FILES = 5_000
_MOST_BYTES = 64 * 1024**2

Files = list[tuple[bytes, str]]


class DocumentReader:
    """Reads files, each (bytes, SHA-256); what can't be read becomes a rejection.

    Rows become tables thousands of files at a time, since the fixed part of that takes as long as
    reading a hundred files.
    """

    def __init__(self, pseudonym_key: bytes) -> None:
        self._key = pseudonym_key
        self._out = Extracted()
        self._start()

    def _start(self) -> None:
        self._readers = [kind(self._key) for kind in _KINDS]
        self._by_root = {root: reader for reader in self._readers for root in reader.roots}
        self._files = self._bytes = 0

    def add(self, files: Files) -> None:
        """Read some files."""
        for data, sha256 in files:
            self._add(data, sha256)
            self._bytes += len(data)
        self._files += len(files)
        if self._files >= _MOST_FILES or self._bytes >= _MOST_BYTES:
            self._make_tables()

    def finish(self) -> Extracted:
        """Return what all files became, and start anew."""
        self._make_tables()
        done, self._out = self._out, Extracted()
        return done

    def _add(self, data: bytes, sha256: str) -> None:
        try:
            root = document_in(parse_xml(data))
            reader = self._by_root.get(root.tag)
            if reader is None:
                raise refusal(root, _EXPECTED)
        except XmlProblem as problem:
            self._out.refuse(sha256, problem.place, problem.reason, problem.raw)
        else:
            self._out.kinds[sha256] = reader.kind
            reader.add_root(root, sha256)

    def _make_tables(self) -> None:
        out = self._out
        for reader in self._readers:
            if not len(reader):
                continue
            result = reader.finish()
            for name, frame in result.tables.items():
                out.add_table(name, frame)
            out.facts.update({facts.source_sha256: facts for facts in result.facts})
            out.rejections += result.rejections
            out.notes.update(result.notes)
        self._start()


def main(questions: BinaryIO, answers: BinaryIO) -> None:
    """Serve another process, which sends pickles: the key, then bundles of files.

    None in place of a bundle asks for what they became, as an Extracted. Ends with the questions,
    and so with the process that asks, however that one ended.
    """
    reader: DocumentReader | None = None
    for question in _questions(questions):
        if reader is None:
            reader = DocumentReader(question)
        elif question is not None:
            reader.add(question)
        else:
            answer = pickle.dumps(reader.finish(), pickle.HIGHEST_PROTOCOL)
            with contextlib.suppress(BrokenPipeError):
                answers.write(answer)
                answers.flush()


def _questions(questions: BinaryIO) -> Iterator[Any]:
    """Yield what is sent until there is no more, or it breaks off with the one that sends."""
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(questions)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what anything else prints is no answer
        main(sys.stdin.buffer, answers)
