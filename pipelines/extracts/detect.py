"""Which kind is this file? Found from its content; names and endings say nothing.

Only the outer shape is told here (XML, archive, table, …); which document or register it is, the
reader of that shape finds out.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

Shape = Literal["xml", "xlsx", "zip", "yaml", "csv", "json", "empty", "lfs_pointer", "binary"]

_YAML_TOP = re.compile(r"[^\W\d][\w-]*:(\s[^;|\t]*)?$")
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!A-Za-z_]")
_JSON_START = re.compile(r"\s*(\{\s*[\"}]|\[\s*[\[{\"\]])")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def shape_of(data: bytes) -> Shape:
    """Return the outer shape of a file's bytes."""
    if _XML_START.match(data):
        return "xml"
    head = data[:4096]
    if not data or data.isspace():
        return "empty"
    if head.startswith(b"version https://git-lfs.github.com/spec/"):
        return "lfs_pointer"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _archive_shape(data)
    if _is_wide_xml(head):
        return "xml"
    if b"\x00" in head and not head.startswith(_UTF16):
        return "binary"
    encoding = "utf-16" if head.startswith(_UTF16) else "utf-8-sig"
    text = head.decode(encoding, "ignore")
    if _JSON_START.match(text):
        return "json"
    return "yaml" if _looks_like_yaml(text) else "csv"


def _archive_shape(data: bytes) -> Shape:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return "zip"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _is_wide_xml(head: bytes) -> bool:
    """Return whether this is XML in UTF-16, with or without a byte order mark."""
    if head.startswith(_UTF16):
        return _XML_START.match(head.decode("utf-16", "ignore").encode()) is not None
    return head.startswith((b"<\x00", b"\x00<"))


def _looks_like_yaml(text: str) -> bool:
    first = next((line for line in text.splitlines() if line and not line.startswith("#")), "")
    return first.rstrip() == "---" or _YAML_TOP.match(first) is not None


def decode_text(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, else UTF-8, else Windows-1252.

    Five byte values have no character in Windows-1252; they become U+FFFD.
    """
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
