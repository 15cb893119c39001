"""Hostile XML of every kind that is read: a verdict each time, nothing lost, memory bounded.

Each case is a document that is accepted as it stands, with one thing done to it. What is wrong
with values stands in the tests of each kind.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from pipelines.extracts.readers import Reader, ReadOptions
from pipelines.extracts.result import Extracted, FileFacts, Rejection
from tests.ubl import invoice
from tests.unit.test_peppol_catalogue import catalogue, price
from tests.unit.test_peppol_catalogue import line as catalogue_line
from tests.unit.test_peppol_despatch import advice
from tests.unit.test_peppol_despatch import line as despatch_line
from tests.unit.test_peppol_order import line as order_line
from tests.unit.test_peppol_order import order
from tests.unit.test_saft import PAIR, audit_file

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
DOCUMENTS = {
    "ehf_invoice": invoice(),
    "peppol_order": DECLARATION + order(order_line()),
    "peppol_despatch": DECLARATION + advice(despatch_line("")),
    "peppol_catalogue": DECLARATION + catalogue(catalogue_line(inside=price("10"))),
    "saft_financial": DECLARATION + audit_file(PAIR).partition(b"?>")[2],
}
UBL = [kind for kind in DOCUMENTS if kind != "saft_financial"]
LARGE = 10_500_000  # above libxml2's own limit for a text


def read(data: bytes) -> tuple[Extracted, FileFacts, list[Rejection]]:
    """Return what became of a file, after checking that nothing of it was lost."""
    sha256 = hashlib.sha256(data).hexdigest()
    with Reader(ReadOptions(b"key", 1_000_000)) as reader:
        reader.add(data, sha256, "fil")
        result = reader.finish()
    facts = result.facts[sha256]
    parts = (facts.rows_accepted, facts.rows_quarantined, facts.rows_duplicate, facts.rows_left_out)
    assert facts.rows_in == sum(parts) > 0
    assert bool(facts.rows_quarantined) == bool(result.rejections)
    assert all(rejection.place and rejection.reason for rejection in result.rejections)
    assert all(len(rejection.raw) <= 2_001 for rejection in result.rejections)
    return result, facts, result.rejections


def accepted_rows(data: bytes) -> dict[str, int]:
    """Return the rows per table of a file that is accepted as a whole."""
    result, facts, rejections = read(data)
    assert (facts.rows_quarantined, rejections) == (0, [])
    return {name: sum(frame.height for frame in frames) for name, frames in result.tables.items()}


def reason(data: bytes) -> str:
    """Return why a file is refused as a whole."""
    result, facts, rejections = read(data)
    assert facts.rows_accepted == 0
    assert not any(frame.height for frames in result.tables.values() for frame in frames)
    return rejections[0].reason


def before_the_end(data: bytes, inserted: bytes) -> bytes:
    """Return the document with something put in as the last child of its root."""
    at = data.rindex(b"</")
    return data[:at] + inserted + data[at:]


def inside_first(data: bytes, pattern: bytes, inserted: bytes) -> bytes:
    """Return the document with something put in behind the first match of `pattern`."""
    match = re.search(pattern, data)
    assert match is not None
    return data[: match.end()] + inserted + data[match.end() :]


NUMBER = rb"<(cbc:ID|(n1:)?TransactionID)>"


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_document_itself_is_accepted_as_what_it_is(kind: str) -> None:
    data = DOCUMENTS[kind]
    result, facts, rejections = read(data)
    assert result.kinds == {hashlib.sha256(data).hexdigest(): kind}
    assert (facts.rows_accepted > 0, rejections) == (True, [])


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize(
    "harmless",
    [
        lambda data: before_the_end(data, b"<?some instruction?><!-- comment -->"),
        lambda data: inside_first(data, NUMBER, b"<!-- x --><?pi?>"),
        lambda data: before_the_end(data, b'<x:ID xmlns:x="urn:another">9</x:ID>'),
        lambda data: data.replace(b">1</cbc:ID>", b"><![CDATA[1]]></cbc:ID>"),
        lambda data: data + b"\n<!-- after the end -->\n",
        lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
        lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16-be"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        lambda data: re.sub(rb">(?=<)", b">\r\n\t ", data),
    ],
)
def test_what_says_the_same_gives_the_same_rows(
    kind: str, harmless: Callable[[bytes], bytes]
) -> None:
    data = DOCUMENTS[kind]
    assert accepted_rows(harmless(data)) == accepted_rows(data)


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize(
    ("hostile", "expected"),
    [
        (lambda data: data.replace(b"?>", b"?><!DOCTYPE a>", 1), "DOCTYPE"),
        (
            lambda data: data.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1),
            "DOCTYPE",
        ),
        (
            lambda data: data.replace(
                b"?>", b'?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', 1
            ),
            "DOCTYPE",
        ),
        (lambda data: before_the_end(data, b"<x>&undefined;</x>"), "velformet"),
        (lambda data: before_the_end(data, b"<x>\x00</x>"), "velformet"),
        (lambda data: before_the_end(data, b"<x>\xff\xfe</x>"), "velformet"),
        (lambda data: before_the_end(data, b"<x a='1' a='2'/>"), "velformet"),
        (lambda data: before_the_end(data, b"<x>"), "velformet"),
        (lambda data: data + data, "velformet"),
        (lambda data: data.replace(b"UTF-8", b"no-such", 1), ""),
        (lambda data: before_the_end(data, b"<x>" * 100_000 + b"</x>" * 100_000), ""),
        (lambda data: data + b"\x00" * 1000, "velformet"),
    ],
)
def test_what_is_no_xml_or_hides_something_is_refused(
    kind: str, hostile: Callable[[bytes], bytes], expected: str
) -> None:
    assert expected in reason(hostile(DOCUMENTS[kind]))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_file_cut_off_anywhere_is_refused(kind: str) -> None:
    data = before_the_end(DOCUMENTS[kind], b"<!--" + b"x" * 20_000 + b"-->")
    for length in range(1_000, len(data), 1_000):
        assert reason(data[:length])
    assert reason(data[:-1])


@pytest.mark.parametrize("kind", UBL)
def test_of_a_repeated_element_the_first_counts(kind: str) -> None:
    data = inside_first(DOCUMENTS[kind], rb"<cbc:ID>[^<]*</cbc:ID>", b"<cbc:ID>second</cbc:ID>")
    result, _, _ = read(data)
    assert "second" not in str([frame.rows() for frame in result.tables[kind_table(kind)]])
    assert accepted_rows(data) == accepted_rows(DOCUMENTS[kind])


def kind_table(kind: str) -> str:
    return "ehf_document" if kind == "ehf_invoice" else kind


@pytest.mark.parametrize("kind", UBL)
def test_an_element_of_another_namespace_is_not_taken_for_ours(kind: str) -> None:
    data = DOCUMENTS[kind].replace(b"CommonBasicComponents-2", b"CommonBasicComponents-9")
    assert "mangler" in reason(data)


@pytest.mark.parametrize("kind", UBL)
def test_a_text_too_long_to_be_one_is_refused_with_the_limit(kind: str) -> None:
    data = inside_first(DOCUMENTS[kind], NUMBER, b"9" * LARGE)
    assert "100 000 tegn" in reason(data)


def test_a_saft_text_too_long_is_refused_with_the_limit() -> None:
    data = inside_first(DOCUMENTS["saft_financial"], NUMBER, b"9" * LARGE)
    assert "en tekst er over 1 MiB" in reason(data)


@pytest.mark.parametrize("kind", UBL)
def test_fifty_megabytes_that_no_column_is_read_from_are_let_pass(kind: str) -> None:
    attachment = (
        b"<cac:AdditionalDocumentReference><cac:Attachment>"
        b'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">'
        + b"QUJD" * 12_500_000
        + b"</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    data = before_the_end(DOCUMENTS[kind], attachment)
    assert accepted_rows(data) == accepted_rows(DOCUMENTS[kind])


PEAK = """
import resource, sys
from tests.unit.test_hostile_xml import DOCUMENTS, before_the_end, read
kind = sys.argv[1]
many = b"<x " + b" ".join(b'a%d=""' % number for number in range(1_000_000)) + b"/>"
for inserted in (many, b"<x>" + b"y" * 50_000_000 + b"</x>", b"<x>" * 200_000):
    read(before_the_end(DOCUMENTS[kind], inserted))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("kind", ["ehf_invoice", "saft_financial"])
def test_a_million_attributes_and_other_monsters_stay_under_a_gibibyte(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PEAK, kind], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 1 << 20  # KiB
