"""Safe parsing of XML from strangers: no DOCTYPE, no entities, no network, bounded memory.

Streaming of very large files (SAF-T) does not belong here.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

# libxml2 refuses a text node over 10 MB unless told otherwise; an attachment may reach 50 MB.
_HUGE_FROM = 9_000_000
_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
    # Between elements only: what is indentation needs no node of its own, a sixth of the time.
    "remove_blank_text": True,
    "collect_ids": False,
}
_PARSER = etree.XMLParser(**_OPTIONS)
_HUGE_PARSER = etree.XMLParser(**_OPTIONS, huge_tree=True)
_DOCTYPE = b"<!DOCTYPE"


class XmlProblem(Exception):
    """XML that can't be taken in: `place`, `reason` in Norwegian, and `raw`, the text itself."""

    def __init__(self, place: str, reason: str, raw: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason, self.raw = place, reason, raw


def parse_xml(data: bytes) -> Any:
    """Return the root element.

    Raises XmlProblem for anything that is not well-formed, for a DOCTYPE (EHF and SAF-T need none,
    and entities hide text) and for an encoding that is not what the file says.
    """
    # NUL bytes: UTF-16 and the like, in which the mark is spelt otherwise.
    suspicious = _DOCTYPE in data or b"\x00" in data[:200]
    huge = len(data) > _HUGE_FROM and not suspicious
    try:
        root = etree.fromstring(data, _HUGE_PARSER if huge else _PARSER)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if suspicious and b"<!ENTITY" in data:
            raise _doctype() from error
        raise _malformed(data, error) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    return root


def _doctype() -> XmlProblem:
    return XmlProblem(
        "toppen av filen",
        "filen har en DOCTYPE, som EHF og Peppol ikke tillater (den kan skjule eller hente "
        "innhold)",
        "<!DOCTYPE",
    )


def _malformed(data: bytes, error: Exception) -> XmlProblem:
    line = getattr(error, "lineno", None) or 1
    if not data.strip():
        return XmlProblem("linje 1", "filen er tom", "")
    lines = data.split(b"\n", line)
    raw = lines[line - 1] if line <= len(lines) else b""
    detail = str(getattr(error, "msg", None) or error).split(", line ")[0]
    return XmlProblem(
        f"linje {line}",
        f"filen er ikke velformet XML ({detail}); be avsenderen om en ny",
        raw[:500].decode("utf-8", "replace"),
    )
