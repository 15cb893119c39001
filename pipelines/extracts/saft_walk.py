"""The streaming walk through a SAF-T file: expat's events in, records of text out, memory bounded.

Which elements are read stands in `saft_elements`; what the text means is judged in `saft_tables`
and `saft`.
"""

from __future__ import annotations

import contextlib
from typing import Any, BinaryIO
from xml.parsers import expat

from pipelines.extracts.saft_elements import Nested, Record, Row

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"

_BLOCK = 1 << 18
_TEXT_BUFFER = 1 << 16
MAX_TEXT = 1 << 20  # the XSD's longest text is 256 characters
MAX_MARKUP = 4 << 20  # one tag, comment or the like; expat keeps it whole in memory
MAX_DEPTH = 64
MAX_REPEATED = 10_000  # Analysis or TaxInformation in a line, addresses of a party
MAX_KNOWN_TAGS = 1_000


class Refused(Exception):
    """The file can't be read further: place, reason in Norwegian, and the text itself."""

    def __init__(self, place: str, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.place, self.reason, self.raw = place, reason, raw


class Node:
    """One element of the specification, compiled, with the records of it that wait in memory.

    `leaves` are the columns of its text elements, `children` the elements with more in them.
    `parents` has for each of `rows` the record around it.
    """

    __slots__ = (
        "children",
        "count",
        "is_record",
        "leaves",
        "list_name",
        "parents",
        "rows",
        "taken",
    )

    def __init__(self) -> None:
        self.leaves: dict[str, str] = {}
        self.children: dict[str, Node] = {}
        self.is_record = False
        self.list_name: str | None = None
        self.rows: list[Row] | None = None
        self.parents: list[Row] = []
        self.count = 0
        self.taken = 0


_IGNORED = Node()
# Their rows are reached through the records inside them.
_KEPT_BY_CHILDREN = ("tax_entry", "journal", "transaction")


def compiled(spec: Any, records: dict[str, Node]) -> Node:
    """Return the node of a specification; every record in it is added to `records`.

    Tags are those without a prefix; the walk learns the file's own prefix as it goes.
    """
    node = Node()
    if isinstance(spec, Record):
        node.is_record = True
        node.rows = None if spec.name in _KEPT_BY_CHILDREN else []
        records[spec.name] = node
    elif isinstance(spec, Nested):
        node.list_name = spec.name
    for tag, value in (spec if isinstance(spec, dict) else spec.spec).items():
        if isinstance(value, str):
            node.leaves[tag] = value
        else:
            node.children[tag] = compiled(value, records)
    return node


def _walk_into(parser: expat.XMLParserType, top: Node, top_row: Row) -> list[str]:
    """Let the parser fill the record lists of the nodes from here on; return its text buffer.

    Written as closures over local names, without any call of our own per element: this is the
    inner loop of a gigabyte. Of a repeated leaf the first counts.
    """
    node, row, leaves = top, top_row, top.leaves
    leaf: str | None = None
    stack: list[tuple[Node, Row]] = []
    pieces: list[str] = []
    push, pop, clear = stack.append, stack.pop, pieces.clear

    def start(name: str, _: object) -> None:
        nonlocal node, row, leaves, leaf
        if leaf is not None:
            raise _unexpected(parser, name)
        clear()
        leaf = leaves.get(name)
        if leaf is not None:
            return
        found = node.children.get(name)
        if found is None:
            found, leaf = _unknown(node, name)
            if leaf is not None:
                return
        push((node, row))
        node, leaves = found, found.leaves
        if node.is_record:
            node.count += 1
            row = {} if node.rows is not None else {"": row, "source_row": node.count}
        elif node.list_name is not None:
            row = {}
        elif len(stack) > MAX_DEPTH:
            raise _too_deep(parser)

    def end(_: str) -> None:
        nonlocal node, row, leaves, leaf
        if leaf is not None:
            if leaf not in row:
                row[leaf] = pieces[0] if len(pieces) == 1 else "".join(pieces)
            leaf = None
            return
        if not stack:
            return
        done, closed = node, row
        node, row = pop()
        leaves = node.leaves
        if done.rows is not None:
            done.rows.append(closed)
            done.parents.append(row)
        elif done.list_name is not None:
            if not done.leaves:
                closed[""] = "".join(pieces)
            siblings = row.setdefault(done.list_name, [])
            siblings.append(closed)
            if len(siblings) > MAX_REPEATED:
                raise _too_many(parser, done.list_name)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    return pieces


def _unknown(node: Node, name: str) -> tuple[Node, str | None]:
    """Return the node or the leaf of an element with a prefix, and remember the prefix.

    The root's namespace has been judged, and the XSD has no room for elements of others. Without
    expat's own namespace processing the walk is a fifth faster. What is no part of the
    specification is walked over.
    """
    local = name.rpartition(":")[2]
    leaf, child = node.leaves.get(local), node.children.get(local)
    if leaf is not None and len(node.leaves) < MAX_KNOWN_TAGS:
        node.leaves[name] = leaf
    if child is not None and len(node.children) < MAX_KNOWN_TAGS:
        node.children[name] = child
    return child or _IGNORED, leaf


def _line_of(parser: expat.XMLParserType) -> str:
    return f"linje {parser.CurrentLineNumber}"


def _local(name: str) -> str:
    return name.rpartition(":")[2][:80]


def _unexpected(parser: expat.XMLParserType, name: str) -> Refused:
    return Refused(
        _line_of(parser),
        f"fant elementet «{_local(name)}» der SAF-T har ren tekst; eksporter filen på nytt",
    )


def _too_deep(parser: expat.XMLParserType) -> Refused:
    return Refused(_line_of(parser), f"elementer i mer enn {MAX_DEPTH} nivåer; dette er ikke SAF-T")


def _too_many(parser: expat.XMLParserType, name: str) -> Refused:
    what = {"analyses": "Analysis", "taxes": "TaxInformation"}.get(name, name)
    return Refused(_line_of(parser), f"mer enn {MAX_REPEATED} forekomster av {what} i én post")


def _refuse_doctype(*_: object) -> None:
    raise Refused(
        "toppen av filen",
        "filen har en DOCTYPE, som ikke er tillatt i SAF-T (den kan skjule eller hente innhold)",
        "<!DOCTYPE",
    )


class Parser:
    """Feeds a stream to expat block by block, within bounds on text and markup."""

    def __init__(self, source: BinaryIO, top: Node, row: Row, notes: list[str]) -> None:
        self._source = source
        self._top, self._row, self._notes = top, row, notes
        self._pieces: list[str] = []
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_size = _TEXT_BUFFER
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._root

    def feed(self) -> bool:
        """Parse one more block; return whether it was the last. Raises Refused."""
        block = self._source.read(_BLOCK)
        try:
            self._parser.Parse(block, not block)
        except expat.ExpatError as error:
            raise self._malformed(error, block) from error
        except (LookupError, ValueError) as error:
            raise Refused("linje 1", f"tegnsettet kan ikke leses ({error})") from error
        self._fed += len(block)
        self._check_bounds()
        return not block

    def _check_bounds(self) -> None:
        if self._fed - self._parser.CurrentByteIndex > MAX_MARKUP + _BLOCK:
            raise Refused(
                _line_of(self._parser), f"ett enkelt merke er over {MAX_MARKUP >> 20} MiB"
            )
        if sum(map(len, self._pieces)) > MAX_TEXT:
            raise Refused(_line_of(self._parser), f"en tekst er over {MAX_TEXT >> 20} MiB")

    def _root(self, name: str, attributes: list[str]) -> None:
        """Judge the root element (XSD: AuditFile) and go on with the walk."""
        prefix, _, local = name.rpartition(":")
        if local != "AuditFile":
            raise Refused(
                _line_of(self._parser),
                f"forventet rotelementet AuditFile (SAF-T Financial), fant «{local[:80]}»",
            )
        declared = dict(zip(attributes[::2], attributes[1::2], strict=True))
        uri = declared.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
        if not uri and not prefix and NAMESPACE in " ".join(declared.values()).split():
            self._notes.append(
                f"rotelementet AuditFile er uten navnerom, selv om filen viser til {NAMESPACE}; "
                "elementene er lest etter navn"
            )
        elif uri != NAMESPACE:
            raise Refused(
                _line_of(self._parser),
                f"navnerommet er «{uri[:200] or 'ingen'}», forventet «{NAMESPACE}» (norsk SAF-T "
                "Financial); eksporter regnskapet i det formatet",
            )
        self._pieces = _walk_into(self._parser, self._top, self._row)

    def _malformed(self, error: expat.ExpatError, block: bytes) -> Refused:
        detail = expat.ErrorString(error.code)
        if not block:
            reason = (
                f"filen slutter før den er ferdig ({detail}); den er avkortet, hent den på nytt"
            )
        else:
            reason = f"filen er ikke velformet XML ({detail}); eksporter den på nytt"
        at = max(self._parser.ErrorByteIndex - self._fed - 100, 0)
        raw = block[at : at + 300].decode("utf-8", "replace")
        return Refused(f"linje {error.lineno}", reason, raw)


def is_saft(head: bytes) -> bool:
    """Return whether the beginning of an XML file opens with a root element AuditFile."""
    found: list[str] = []
    parser = expat.ParserCreate()

    def root(name: str, _: object) -> None:
        found.append(_local(name))
        parser.StartElementHandler = None

    parser.StartElementHandler = root
    # What follows the root element is judged when the file is read.
    with contextlib.suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(head, False)
    return found[:1] == ["AuditFile"]
