"""A home with a handful of documents and registers, for whole runs that need no more."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from tests.ubl import invoice, line

UNITS = "enhet_id;navn;orgnr;sektor\nA;Bydel A;;Helse\nB;Bydel B;;Skole\n"
SIGNS = "enhet_id;type;treff;verdi\nA;deres_ref;eksakt;REF-A\nB;deres_ref;prefiks;REF-B\n"
CATEGORIES = "kategori_id;navn;faggruppe\nK1;Kontorstoler;Møbler\n"
CODES = "kodeverk;kode;kategori_id\nUNSPSC;5611;K1\n"


def _reference(text: str) -> str:
    return f"<cbc:BuyerReference>{text}</cbc:BuyerReference>"


def documents() -> dict[str, bytes]:
    """Return name → bytes of invoices: two good ones, a credit note, one in EUR, one broken."""
    code = (
        '<cac:CommodityClassification><cbc:ItemClassificationCode listID="MP">56112100'
        "</cbc:ItemClassificationCode></cac:CommodityClassification>"
    )
    return {
        "a.xml": invoice(
            "250.00", line(1, "250.00", item=code), number="A", extra=_reference("REF-A")
        ),
        "b.xml": invoice("100.00", number="B", extra=_reference("REF-B-7")),
        "c.xml": invoice("40.00", line(1, "40.00"), number="C", root="CreditNote"),
        "d.xml": invoice("10.00", line(1, "10.00"), number="D", currency="EUR"),
        "e.xml": b"<Invoice>",
    }


def fill(landing: Path) -> None:
    """Drop everything into landing/: some files loose, some in an archive."""
    landing.mkdir(parents=True, exist_ok=True)
    files = documents()
    for name in ("a.xml", "e.xml"):
        (landing / name).write_bytes(files[name])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("b.xml", "c.xml", "d.xml"):
            archive.writestr(zipfile.ZipInfo(name), files[name])
    (landing / "resten.zip").write_bytes(stream.getvalue())
    for name, text in (
        ("enheter", UNITS),
        ("kjennetegn", SIGNS),
        ("kategorier", CATEGORIES),
        ("koder", CODES),
    ):
        (landing / f"{name}_2024-01-01.csv").write_text(text, encoding="utf-8")


def table_hashes(home: Path) -> dict[str, str]:
    """Return the SHA-256 of every published table's Parquet file."""
    seal = json.loads((home / "published" / "current" / "seal.json").read_text("utf-8"))
    return {name: table["sha256"] for name, table in seal["tables"].items()}
