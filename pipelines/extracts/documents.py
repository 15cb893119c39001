"""Business documents in XML, thousands at a time: each to the reader of its root element.

Runs in a process of its own where there are many (see `pipelines.extracts.readers`), so it takes
and returns what can be sent between processes.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.extracts.ehf_invoice import EhfReader
from pipelines.extracts.peppol_catalogue import CatalogueReader
from pipelines.extracts.peppol_despatch import DespatchReader
from pipelines.extracts.peppol_order import OrderReader
from pipelines.extracts.result import Extracted
from pipelines.extracts.ubl_walk import document_in, refusal
from pipelines.extracts.xml import XmlProblem, parse_xml

_EXPECTED = (
    "en faktura, kreditnota, ordre, ordrebekreftelse, pakkseddel eller katalog i EHF eller Peppol, "
    "eller SAF-T Regnskap"
)


def read_documents(files: Iterable[tuple[bytes, str]], pseudonym_key: bytes) -> Extracted:
    """Read files, each (bytes, SHA-256); what can't be read becomes a rejection."""
    out = Extracted()
    readers = [
        kind(pseudonym_key) for kind in (EhfReader, OrderReader, DespatchReader, CatalogueReader)
    ]
    by_root = {root: reader for reader in readers for root in reader.roots}
    for data, sha256 in files:
        try:
            root = document_in(parse_xml(data))
            reader = by_root.get(root.tag)
            if reader is None:
                raise refusal(root, _EXPECTED)
        except XmlProblem as problem:
            out.refuse(sha256, problem.place, problem.reason, problem.raw)
        else:
            out.kinds[sha256] = reader.kind
            reader.add_root(root, sha256)
    for reader in readers:
        if not len(reader):
            continue
        result = reader.finish()
        for name, frame in result.tables.items():
            out.add_table(name, frame)
        out.facts.update({facts.source_sha256: facts for facts in result.facts})
        out.rejections += result.rejections
        out.notes.update(result.notes)
    return out
