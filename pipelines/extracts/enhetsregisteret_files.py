"""Files from Enhetsregisteret: which fields they have, and their text as a stream.

`enhetsregisteret_csv` and `enhetsregisteret_json` make frames of one shape from the text, one text
column per field. What a value must look like is judged in `enhetsregisteret_units`.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import lzma
import re
import zipfile
import zlib
from typing import BinaryIO, Literal, NamedTuple

import polars as pl

ROW, IS_SUB, PROBLEM = "row", "is_sub", "problem"
FieldKind = Literal["text", "orgnr", "lines", "date", "boolean", "integer"]
BIRTH_NUMBER = r"^[0-9]{6} ?[0-9]{5}$"
HEAD = 1 << 16

_DELIMITERS = ",;\t|"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_BROKEN_ARCHIVE = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile, zlib.error)


class Unreadable(Exception):
    """A file that can't be read at all: where, and why in Norwegian."""

    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.place, self.reason, self.raw = place, reason, raw


class Field(NamedTuple):
    """A field of the register: its name and kind, in which files it stands, its other spellings.

    `within` is where Brønnøysundregistrene gives it: the file of units (e), of sub-units (u), both
    (eu), or in JSON only (j).
    """

    name: str
    kind: FieldKind = "text"
    within: Literal["e", "u", "eu", "j"] = "eu"
    aliases: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, str]:
        """The object that holds the field in JSON ('': the unit itself), and its key there."""
        holder, _, key = self.name.rpartition(".")
        return holder, key


def _address(holder: str, within: Literal["e", "u", "eu"]) -> tuple[Field, ...]:
    others = ("postnummer", "poststed", "kommunenummer", "landkode", "land")
    lines = Field(f"{holder}.adresse", "lines", within)
    return (lines, *(Field(f"{holder}.{name}", "text", within) for name in others))


REQUIRED = ("organisasjonsnummer", "navn", "organisasjonsform.kode")
FORCED_DATES = {
    "tvangsopplostPgaManglendeDagligLederDato": "mangler daglig leder",
    "tvangsopplostPgaManglendeRevisorDato": "mangler revisor",
    "tvangsopplostPgaManglendeRegnskapDato": "mangler regnskap",
    "tvangsopplostPgaMangelfulltStyreDato": "mangelfullt styre",
    "tvangsavvikletPgaManglendeSlettingDato": "manglende sletting",
}
FIELDS: tuple[Field, ...] = (
    Field("organisasjonsnummer", "orgnr"),
    Field("navn"),
    Field("organisasjonsform.kode"),
    Field("organisasjonsform.beskrivelse"),
    *(Field(f"naeringskode{n}.{key}") for n in (1, 2, 3) for key in ("kode", "beskrivelse")),
    Field("institusjonellSektorkode.kode", within="e"),
    Field("institusjonellSektorkode.beskrivelse", within="e"),
    *_address("forretningsadresse", "e"),
    *_address("beliggenhetsadresse", "u"),
    *_address("postadresse", "eu"),
    Field("overordnetEnhet", "orgnr"),
    Field(
        "registreringsdatoEnhetsregisteret",
        "date",
        aliases=("registreringsdatoIEnhetsregisteret",),
    ),
    Field("stiftelsesdato", "date", "e", ("stiftelsedato",)),
    Field("oppstartsdato", "date", "u"),
    Field("harRegistrertAntallAnsatte", "boolean"),
    Field("antallAnsatte", "integer"),
    Field("registrertIMvaregisteret", "boolean"),
    Field("konkurs", "boolean", "e"),
    Field("konkursdato", "date", "e"),
    Field("underAvvikling", "boolean", "e"),
    Field("underAvviklingDato", "date", "e"),
    Field("underTvangsavviklingEllerTvangsopplosning", "boolean", "e"),
    *(Field(name, "date", "e") for name in FORCED_DATES),
    Field("underRekonstruksjonsforhandlingDato", "date", "e"),
    Field("underUtenlandskInsolvensbehandlingDato", "date", "e"),
    Field("nedleggelsesdato", "date", "u"),
    Field("slettedato", "date", "j"),
)
SCHEMA = {ROW: pl.Int64(), IS_SUB: pl.Boolean(), PROBLEM: pl.String()} | {
    field.name: pl.String() for field in FIELDS
}


def plain(heading: str) -> str:
    """Return a heading as it is compared: letters and digits, lower case.

    The register itself varies the case ('registrertIMvaRegisteret'), and exports of its JSON write
    'organisasjonsform_kode'.
    """
    return re.sub(r"[\W_]+", "", heading).lower()


# --- text ---------------------------------------------------------------------------------------


class Text:
    """The text of a file, piece by piece, every line end as a line feed.

    The encoding is that of the byte order mark, else the first character beyond ASCII tells it:
    UTF-8 or Windows-1252. `head` is the beginning, and the first piece that `read` gives.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._bytes = 0
        self._decoder: codecs.IncrementalDecoder | None = None
        self._line_ends = io.IncrementalNewlineDecoder(None, translate=True)
        first = self._taken(HEAD)
        if first.startswith(_UTF16):
            self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._is_done = len(first) < HEAD
        self.head = self._decoded(first.removeprefix(codecs.BOM_UTF8))
        self._is_head_read = False

    def read(self, size: int) -> str:
        """Return text of about `size` bytes, '' at the end of the file.

        Raises Unreadable where the bytes are no text of the file's encoding, or the archive around
        them is broken.
        """
        if not self._is_head_read:
            self._is_head_read = True
            if self.head:
                return self.head
        text = ""
        while not text and not self._is_done:
            data = self._taken(size)
            self._is_done = len(data) < size
            text = self._decoded(data)
        return text

    def _taken(self, size: int) -> bytes:
        """Return the next bytes, fewer than `size` only at the end."""
        pieces: list[bytes] = []
        try:
            while size and (piece := self._source.read(size)):
                pieces.append(piece)
                size -= len(piece)
        except _BROKEN_ARCHIVE as error:
            raise Unreadable(
                "filen", "arkivet er avbrutt eller skadet; last det ned på nytt", str(error)
            ) from error
        data = b"".join(pieces)
        self._bytes += len(data)
        return data

    def _decoded(self, data: bytes) -> str:
        if self._decoder is None and not data.isascii():
            data += self._taken(4)  # the whole of a character that the piece ends in
            self._decoder = _decoder_of(data)
        try:
            text = (
                self._decoder.decode(data, self._is_done)
                if self._decoder is not None
                else data.decode("ascii")
            )
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"før byte {self._bytes}",
                "filen har byte som ikke er tekst i filens tegnsett; den er skadet, eller satt "
                "sammen av filer med ulike tegnsett. Last den ned på nytt",
                repr(error.object[error.start : error.start + 40]),
            ) from error
        return str(self._line_ends.decode(text, self._is_done))


def _decoder_of(data: bytes) -> codecs.IncrementalDecoder:
    """Return the decoder that the first character beyond ASCII calls for."""
    first = _NOT_ASCII.search(data)
    character = data[first.start() : first.start() + 4] if first else b""
    try:
        character.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start == 0:
            return codecs.getincrementaldecoder("cp1252")("replace")
    return codecs.getincrementaldecoder("utf-8")()


# --- the heading of a CSV -----------------------------------------------------------------------


class Heading(NamedTuple):
    """The heading of a CSV: its delimiter and width, the fields' columns, fields with several."""

    delimiter: str
    width: int
    columns: dict[str, int]
    doubled: list[str]

    @property
    def is_of_sub_units(self) -> bool:
        """Whether the file is the one of underenheter."""
        holders = {name.partition(".")[0] for name in self.columns}
        return "beliggenhetsadresse" in holders and "forretningsadresse" not in holders

    def missing(self) -> list[str]:
        """Return the fields that the file should have and has not, in the register's spelling."""
        within = "u" if self.is_of_sub_units else "e"
        wanted = [field.name for field in FIELDS if within in field.within]
        return [name for name in wanted if name not in self.columns]


def heading_of(head: str) -> Heading | None:
    """Return the heading that a text begins with, None where it is not the register's.

    It is where three of its columns have names that only the register uses ('naeringskode1.kode').
    """
    line = head.lstrip().splitlines()[0] if head.strip() else ""
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        found = _columns([plain(cell) for cell in cells])
        if sum("." in name for name in found) >= 3:
            columns = {name: places[0] for name, places in found.items()}
            doubled = [name for name, places in found.items() if len(places) > 1]
            return Heading(delimiter, len(cells), columns, doubled)
    return None


def _columns(headings: list[str]) -> dict[str, list[int]]:
    """Return the columns of each field that has any."""
    keys = {field.name: {plain(name) for name in (field.name, *field.aliases)} for field in FIELDS}
    places = {
        name: [place for place, heading in enumerate(headings) if heading in known]
        for name, known in keys.items()
    }
    return {name: found for name, found in places.items() if found}
