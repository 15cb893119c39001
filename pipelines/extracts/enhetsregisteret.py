"""Enhetsregisteret (Brønnøysundregistrene), read as a stream: chunks of units out, memory flat.

The bulk files (CSV of enheter or underenheter, JSON) and the API's answers are known by their
content. A row with a value that is none is rejected alone; whether a unit is a supplier, and which
of several files counts, is decided in dbt. No files are written here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import polars as pl

from pipelines.extracts.contracts.enhetsregisteret import BRREG_ENTITY
from pipelines.extracts.detect import decode_text
from pipelines.extracts.enhetsregisteret_csv import csv_frames
from pipelines.extracts.enhetsregisteret_files import (
    FIELDS,
    HEAD,
    IS_SUB,
    REQUIRED,
    Heading,
    Text,
    Unreadable,
    heading_of,
)
from pipelines.extracts.enhetsregisteret_json import json_frames
from pipelines.extracts.enhetsregisteret_units import (
    PADDED,
    SUB_UNIT_FORMS,
    units_of,
    without_persons,
)
from pipelines.extracts.result import FileFacts, Rejection

KIND = "enhetsregisteret"
MAX_BAD_ROWS = 1_000
_JSON_START = re.compile(r"\s*[\[{]")
_JSON_NUMBER = re.compile(r'"organisasjonsnummer"\s*:\s*["0-9]')
_JSON_UNIT = re.compile(r'"(?:organisasjonsform|slettedato)"\s*:')
_EMPTY_SEARCH = re.compile(r'"totalElements"\s*:\s*0\b')
_API = "/enhetsregisteret/api/"
_ALWAYS_IN_JSON = ("registreringsdatoEnhetsregisteret", "registrertIMvaregisteret")
_ALWAYS_OF_UNITS = ("konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning")
_CONFLICT = "organisasjonsnummeret {} står flere ganger i filen med ulikt innhold; rett filen"


@dataclass(frozen=True)
class EnhetsregisteretResult:
    """What a file became; `facts` count its units, and no money.

    `tables` is empty where the rows were handed over in chunks. From these the caller must drop
    the rows whose `source_row` is in `dropped_rows` (the same unit again, known only at the end).
    """

    tables: dict[str, pl.DataFrame]
    facts: FileFacts
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dropped_rows: list[int] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        """Whether the file as a whole is rejected: what it yielded must be thrown away."""
        return any(rejection.is_whole_file for rejection in self.rejections)


def is_enhetsregisteret(data: bytes) -> bool:
    """Return whether the bytes begin as a file of the register; looks at the first 64 KiB."""
    head = _head(data)
    if _JSON_START.match(head):
        is_unit = _JSON_NUMBER.search(head) and _JSON_UNIT.search(head)
        return bool(is_unit or (_API in head and _EMPTY_SEARCH.search(head)))
    return heading_of(head) is not None


def _head(data: bytes) -> str:
    return decode_text(data[:HEAD] if len(data) > HEAD else data).removeprefix("\ufeff")


class EnhetsregisteretReader:
    """Reads one file of the register as a stream.

    Go through `chunks()` to its end, then look at `result`. `pseudonym_key` hides private persons
    (form PERS). Of each unit only its number, row and a hash stay in memory.
    """

    def __init__(self, stream: BinaryIO, sha256: str, pseudonym_key: bytes) -> None:
        self._stream = stream
        self._sha256 = sha256
        self._key = pseudonym_key
        self._row_word = "rad"
        self._rows = self._padded = 0
        self._seen: list[pl.DataFrame] = []
        self._rejections: list[Rejection] = []
        self._notes: list[str] = []
        self._result: EnhetsregisteretResult | None = None

    @property
    def result(self) -> EnhetsregisteretResult:
        """The verdict on the file; only after `chunks()` has come to its end."""
        if self._result is None:
            raise RuntimeError("chunks() has not come to its end")
        return self._result

    def chunks(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield (table name, rows with the contract's schema); memory holds one chunk at a time.

        Never raises for what the file contains. A file without the columns of number, name and
        form, that is cut off, or with more than `MAX_BAD_ROWS` rejections is rejected whole, which
        may be known only at the end: where `result.is_rejected`, throw away all that was yielded.
        """
        try:
            for frame in self._frames():
                table = self._accepted(frame)
                if table.height:
                    yield BRREG_ENTITY.name, table
            self._result = self._verdict()
        except Unreadable as problem:
            self._result = self._refusal(problem)

    def _frames(self) -> Iterator[pl.DataFrame]:
        """Return the file's frames of text; raises Unreadable where it lacks what it must have."""
        text = Text(self._stream)
        if not text.head.strip():
            raise Unreadable("filen", "filen er tom")
        if _JSON_START.match(text.head):
            self._row_word = "enhet"
            return _noting_absent(json_frames(text, self._notes), self._notes)
        heading = _checked_heading(text.head)
        missing = heading.missing()
        if missing:
            self._notes.append(
                f"filen mangler disse kolonnene, som da står tomme: {', '.join(missing)}"
            )
        return csv_frames(text, heading)

    def _accepted(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the units of a frame that hold, and note the others and what is kept of each."""
        self._rows += frame.height
        units, bad = units_of(frame)
        self._reject(
            Rejection(
                self._sha256, f"{self._row_word} {row}", reason, raw, KIND, is_whole_file=False
            )
            for row, reason, raw in bad.iter_rows()
        )
        self._padded += int(units[PADDED].sum())
        units = units.drop(PADDED)
        self._seen.append(
            units.select(
                pl.col("orgnr").cast(pl.UInt32),
                pl.col("source_row").cast(pl.UInt32),
                content=units.drop("source_row").hash_rows(),
            )
        )
        return without_persons(units, self._key).select(
            pl.lit(self._sha256).alias("source_sha256"), pl.all()
        )

    def _reject(self, rejections: Iterator[Rejection]) -> None:
        """Note rejected rows. Raises Unreadable where there are too many."""
        for rejection in rejections:
            if len(self._rejections) >= MAX_BAD_ROWS:
                first = self._rejections[0]
                raise Unreadable(
                    "filen",
                    f"mer enn {MAX_BAD_ROWS} rader er feil. Den første: {first.place}: "
                    f"{first.reason}",
                )
            self._rejections.append(rejection)

    # the verdict

    def _refusal(self, problem: Unreadable) -> EnhetsregisteretResult:
        self._notes.append(f"{problem.place}: {problem.reason}")
        rejection = Rejection(self._sha256, problem.place, problem.reason, problem.raw, KIND)
        facts = FileFacts.of_document(self._sha256, self._rows, None, None, True)
        return EnhetsregisteretResult({}, facts, [rejection, *self._rejections], self._notes)

    def _verdict(self) -> EnhetsregisteretResult:
        bad_rows = len(self._rejections)
        again, differing = _repeated(self._seen)
        self._reject(self._conflicts(differing))
        if self._padded:
            self._notes.append(
                f"{self._padded} enheter hadde postnummer eller kommunenummer uten ledende null, "
                "som regneark tar bort; den er satt tilbake"
            )
        if not self._rows:
            self._notes.append("filen har ingen enheter")
        quarantined = bad_rows + differing.height
        accepted = self._rows - quarantined - again.len()
        facts = FileFacts(
            self._sha256, self._rows, accepted, quarantined, rows_duplicate=again.len()
        )
        dropped = sorted([*again, *differing["source_row"]])
        return EnhetsregisteretResult({}, facts, self._rejections, self._notes, dropped)

    def _conflicts(self, differing: pl.DataFrame) -> Iterator[Rejection]:
        """Yield the rejections of rows whose number stands elsewhere with other content."""
        word = self._row_word
        of_number = differing.with_columns(
            pl.col("source_row")
            .cast(pl.String)
            .implode()
            .list.join(", ")
            .over("orgnr")
            .alias("all")
        )
        for row, orgnr, rows in of_number.select("source_row", "orgnr", "all").iter_rows():
            raw = f"organisasjonsnummer={orgnr} | står i {word} {rows}"
            yield Rejection(
                self._sha256,
                f"{word} {row}",
                _CONFLICT.format(orgnr),
                raw,
                KIND,
                is_whole_file=False,
            )


def read_enhetsregisteret(data: bytes, sha256: str, pseudonym_key: bytes) -> EnhetsregisteretResult:
    """Read a whole file of the register from memory; for large files use `EnhetsregisteretReader`.

    Units that the file repeats with the same content are kept once and counted as duplicates; where
    the content differs, all of them are rejected. The table is empty where the file is rejected.
    """
    reader = EnhetsregisteretReader(io.BytesIO(data), sha256, pseudonym_key)
    frames = [frame for _, frame in reader.chunks()]
    result = reader.result
    table = pl.concat([BRREG_ENTITY.empty(), *([] if result.is_rejected else frames)])
    if result.dropped_rows:
        dropped = pl.DataFrame({"source_row": result.dropped_rows})
        table = table.join(dropped, on="source_row", how="anti", maintain_order="left")
    return EnhetsregisteretResult(
        {BRREG_ENTITY.name: table},
        result.facts,
        result.rejections,
        result.notes,
        result.dropped_rows,
    )


def _checked_heading(head: str) -> Heading:
    """Return the heading of a CSV; raises Unreadable where it is none, or not whole."""
    heading = heading_of(head)
    if heading is None:
        raise Unreadable(
            "filen", "forventet en fil fra Enhetsregisteret (CSV eller JSON)", head[:200]
        )
    if heading.doubled:
        raise Unreadable("overskriften", f"disse kolonnene står to ganger: {heading.doubled}")
    lacking = [name for name in REQUIRED if name not in heading.columns]
    if lacking:
        raise Unreadable(
            "overskriften",
            f"filen mangler {', '.join(lacking)}; last ned hele filen fra Enhetsregisteret",
            head.splitlines()[0],
        )
    return heading


def _noting_absent(frames: Iterator[pl.DataFrame], notes: list[str]) -> Iterator[pl.DataFrame]:
    """Pass on the frames of a JSON file; note fields that each unit should have and none has.

    The API leaves out what is empty, but these it always gives, except for deleted units.
    """
    seen: set[str] = set()
    wanted: set[str] = set()
    for frame in frames:
        yield frame
        alive = frame.filter(
            pl.col("slettedato").is_null() & pl.col("organisasjonsnummer").is_not_null()
        )
        is_sub = pl.col(IS_SUB) | pl.col("organisasjonsform.kode").is_in(SUB_UNIT_FORMS)
        wanted.update(_ALWAYS_IN_JSON if alive.height else ())
        wanted.update(_ALWAYS_OF_UNITS if alive.filter(~is_sub).height else ())
        seen.update(name for name in wanted if frame[name].null_count() < frame.height)
    absent = [field.name for field in FIELDS if field.name in wanted - seen]
    if absent:
        notes.append(
            f"ingen enhet i filen har disse feltene, som da står tomme: {', '.join(absent)}"
        )


def _repeated(seen: list[pl.DataFrame]) -> tuple[pl.Series, pl.DataFrame]:
    """Return the rows that only repeat an earlier one, and those whose unit has several contents.

    The second has orgnr and source_row, in the order of the rows.
    """
    schema = {"orgnr": pl.UInt32(), "source_row": pl.UInt32(), "content": pl.UInt64()}
    units = pl.concat([pl.DataFrame(schema=schema), *seen])
    several = units.filter(units["orgnr"].is_duplicated()).sort("source_row")
    contents = pl.col("content").n_unique().over("orgnr")
    differing = several.filter(contents > 1).select("orgnr", "source_row")
    same = several.filter(contents == 1)
    return same.filter(~pl.col("orgnr").is_first_distinct())["source_row"], differing
