"""Which reader a file goes to, and what comes of it; expected rows and sums: tests/samples.py."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import pytest

from pipelines.errors import WorkerError
from pipelines.extracts import documents, readers, saft
from pipelines.extracts.documents import DocumentReader
from pipelines.extracts.mapping import load_mapping
from pipelines.extracts.readers import KIND_NAMES, Reader, ReadOptions, Worker
from pipelines.extracts.result import Extracted
from pipelines.extracts.tables import TABLES
from pipelines.lake import landing
from pipelines.lake.batches import extract
from pipelines.lake.home import make_home
from pipelines.settings import Settings
from tests import samples
from tests.samples import KEY, MAX_CELLS, SAMPLES, Sample
from tests.ubl import invoice, line
from tests.verdicts import ZERO, Tables, problems_of

MAPPINGS = samples.mappings()


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(
    files: list[bytes], folder: Path | None = None, *, workers: int = 1, name: str = "fil"
) -> Extracted:
    options = ReadOptions(KEY, MAX_CELLS, MAPPINGS, folder, workers)
    with Reader(options) as reader:
        for data in files:
            reader.add(data, sha_of(data), name)
        return reader.finish()


def refused(data: bytes) -> str:
    """Return place and reason of the only rejection of a file of which nothing is read."""
    found = read([data])
    (rejection,) = found.rejections
    facts = found.facts[sha_of(data)]
    assert (facts.rows_accepted, facts.amount_in) == (0, None)
    assert facts.rows_quarantined == facts.rows_in >= 1
    assert not found.tables
    return f"{rejection.place}: {rejection.reason}"


# --- each kind ----------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))
def test_a_file_is_what_its_content_says_and_every_row_and_oere_is_there(
    sample: Sample, tmp_path: Path
) -> None:
    sha256 = sha_of(sample.data)
    found = read([sample.data], tmp_path, name="helt feil navn.pdf")
    assert found.kinds == {sha256: sample.kind}
    assert found.rejections == []
    assert problems_of(found, [sha256]) == {}
    assert Tables(found).heights(sha256) == sample.tables
    facts = found.facts[sha256]
    assert (facts.rows_accepted, facts.rows_quarantined) == (sample.rows, 0)
    assert (facts.rows_in, facts.rows_left_out) == (
        sample.rows + sample.left_out,
        sample.left_out,
    )
    assert facts.amount_accepted == sample.amount
    if sample.amount is not None:
        assert facts.amount_in == sample.amount + sample.left_out_amount
        assert (facts.amount_left_out or ZERO) == sample.left_out_amount


def test_every_kind_has_a_sample_and_a_name_in_norwegian() -> None:
    assert {sample.kind for sample in SAMPLES.values()} == set(KIND_NAMES) - {"unknown"}


def test_files_read_together_give_what_they_give_alone(tmp_path: Path) -> None:
    chosen = [s.data for s in SAMPLES.values() if s.form != "xlsx"]
    together = Tables(read(chosen, tmp_path / "together"))
    for data in chosen:
        alone = Tables(read([data], tmp_path / sha_of(data)))
        for name in alone.heights(sha_of(data)):
            assert together.of(name, sha_of(data)).equals(alone.of(name, sha_of(data)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "filen: filen er tom"),
        (b" \n\t \n", "filen er tom"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "hent selve filen"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "verken XML, JSON, regneark, CSV, YAML eller zip"),
        (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\n", "fant ingen kolonner"),
        (b"PK\x03\x04\x14\x00", "arkivet er ødelagt; pakk på nytt"),
        (b'{"hei": [1, 2]}', "JSON-filen er ikke"),
        (b"<html><body>Innlogging</body></html>", "«html»"),
        (b"<Invoice><ID>1</ID></Invoice>", "forventet en faktura, kreditnota, ordre"),
        (b"<Invoice><ID>1</Invoice>", "linje 1"),
        (
            "Møtereferat\nDet ble bestilt epler.\n".encode("cp1252"),
            "forventet en tabell med semikolon",
        ),
        (b"Farge;Form\nrund;gul\n", "«samkjop mapping suggest»; første rad er «Farge», «Form»"),
        (b"handlinger:\n- navn: A\n", "ukjent register"),
    ],
)
def test_a_file_of_no_kind_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    assert words in refused(data)


# --- SAF-T as a stream --------------------------------------------------------------------------


def test_a_streamed_saft_file_gives_the_rows_of_one_read_from_memory(tmp_path: Path) -> None:
    data = samples.saft(200)
    with Reader(ReadOptions(KEY, MAX_CELLS, (), tmp_path)) as reader:
        reader.add_stream(io.BytesIO(data), sha_of(data), "fil", data[:1000])
        streamed = reader.finish()
    whole = saft.read_saft(data, sha_of(data), KEY)
    tables = Tables(streamed)
    assert streamed.facts[sha_of(data)] == whole.facts
    assert set(whole.tables) >= set(streamed.spilled)
    for name, frame in whole.tables.items():
        assert tables.of(name, sha_of(data)).equals(frame)
    # 100.50 · (1 + 2 + … + 200)
    assert whole.facts.amount_accepted == Decimal("100.50") * 20_100


def test_a_refused_saft_file_leaves_no_row(tmp_path: Path) -> None:
    data = samples.saft(3, total="603.01")
    found = read([data], tmp_path)
    assert (found.tables, found.spilled) == ({}, {})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert "oppgitt 603.01, funnet 603.00" in found.rejections[0].reason
    assert found.facts[sha_of(data)].amount_quarantined == Decimal("603.00")


def test_without_a_folder_only_the_verdict_is_given() -> None:
    data = samples.saft()
    found = read([data], None)
    assert (found.spilled, found.facts[sha_of(data)].rows_accepted) == ({}, 4)


@pytest.fixture
def new_home(tmp_path: Path) -> Callable[[str], Settings]:
    def make(name: str) -> Settings:
        settings = Settings(home=tmp_path / name, settle_seconds=0)
        make_home(settings)
        samples.write_key(settings.config)
        return settings

    return make


def lake(home: Settings) -> dict[str, pl.DataFrame]:
    return {
        name: pl.read_parquet(home.lake / "*" / f"{name}.parquet").sort(pl.all()) for name in TABLES
    }


def assert_same_lake(one: Settings, other: Settings) -> None:
    left, right = lake(one), lake(other)
    assert left["saft_journal_line"].height > 0
    for name, frame in left.items():
        assert frame.equals(right[name]), name


def scratch(home: Settings) -> list[str]:
    return [path.name for path in home.lake.parent.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("is_zipped", [False, True], ids=["a file", "a member of an archive"])
def test_a_large_saft_file_is_streamed_into_the_lake_and_nothing_is_left_behind(
    new_home: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch, *, is_zipped: bool
) -> None:
    data, bad = samples.saft(20), samples.saft(2, total="1.00", first=900)
    members = {"regnskap.xml": data, "feil.xml": bad, "faktura.xml": invoice()}
    streamed, whole = new_home("stream"), new_home("minne")
    for home in (streamed, whole):
        files = {"alt.zip": samples.zipped(members)} if is_zipped else members
        for name, content in files.items():
            (home.landing / name).write_bytes(content)
    extract(whole)
    opened: list[str] = []
    really = Reader.add_stream

    def counted(self: Reader, stream: BinaryIO, *rest: Any) -> None:
        opened.append(type(stream).__name__)
        really(self, stream, *rest)

    monkeypatch.setattr(landing, "_STREAM_FROM", 1_000)
    monkeypatch.setattr(Reader, "add_stream", counted)
    outcome = extract(streamed)
    assert len(opened) == 2 and "BytesIO" not in opened
    assert_same_lake(streamed, whole)
    assert (outcome.new, outcome.quarantined_files) == (3, 1)
    assert scratch(streamed) == []
    assert not any(path.is_file() for path in streamed.landing.rglob("*"))


# --- several processes --------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [2, 3])
def test_several_processes_give_the_very_tables_of_one(
    workers: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = [invoice(f"{n}.50", line(amount=f"{n}.50"), number=f"F-{n}") for n in range(1, 30)]
    files += [s.data for s in SAMPLES.values() if s.form == "xml"]
    files += [b"<a><b></a>", SAMPLES["units_csv"].data, b"<Invoice/>"]
    monkeypatch.setattr(readers, "_BUNDLE_FILES", 4)
    monkeypatch.setattr(readers, "_ENOUGH_FILES", 8)
    sent: dict[int, int] = {}
    really = Worker.send

    def counted(self: Worker, bundle: documents.Files | None) -> None:
        sent[id(self)] = sent.get(id(self), 0) + len(bundle or ())
        really(self, bundle)

    monkeypatch.setattr(Worker, "send", counted)
    alone = read(files, tmp_path / "one")
    assert not sent
    both = read(files, tmp_path / "two", workers=workers)
    assert len(sent) == workers - 1  # beside this one
    assert all(sent.values())
    assert (both.facts, both.kinds, both.notes) == (alone.facts, alone.kinds, alone.notes)
    assert sorted(both.rejections, key=str) == sorted(alone.rejections, key=str)
    assert both.tables.keys() == alone.tables.keys()
    for name, frames in alone.tables.items():
        expected = pl.concat(frames).sort(pl.all())
        assert pl.concat(both.tables[name]).sort(pl.all()).equals(expected), name


def test_one_reader_with_another_process_reads_batch_after_batch() -> None:
    options = ReadOptions(KEY, MAX_CELLS, MAPPINGS, None, 2)
    with Reader(options) as reader:
        reader.expect(1_000_000)
        for name in ("A", "B"):
            numbers = [f"{name}-{n}" for n in range(250)]
            for data in (invoice(number=number) for number in numbers):
                reader.add(data, sha_of(data), "fil")
            (found,) = [pl.concat(reader.finish().tables["ehf_document"])]
            assert sorted(found["document_number"]) == sorted(numbers)


def lake_of(folder: Path, documents: list[bytes], processes: int) -> Settings:
    """Return a home that took in the documents: one twice, half of them in an archive."""
    settings = Settings(home=folder, settle_seconds=0, extract_processes=processes)
    make_home(settings)
    for number, data in enumerate([*documents[::2], documents[0]]):
        (settings.landing / f"{number:03}.xml").write_bytes(data)
    archive = samples.zipped({f"{n}.xml": data for n, data in enumerate(documents[1::2])})
    (settings.landing / "arkiv.zip").write_bytes(archive)
    outcome = extract(settings)
    assert (outcome.new, outcome.known) == (len(documents), 1)
    return settings


def test_the_lake_is_the_same_with_two_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(readers, "_BUNDLE_FILES", 3)
    monkeypatch.setattr(readers, "_MANY_FILES", 10)
    invoices = [invoice(f"{n}.50", line(amount=f"{n}.50"), number=f"F-{n}") for n in range(1, 30)]
    files = [*invoices, b"<a><b></a>", b"<Invoice/>"]
    alone, both = (lake_of(tmp_path / str(n), files, n) for n in (1, 2))
    found, expected = lake(both), lake(alone)
    assert expected["ehf_document"].height == len(invoices)
    for name, frame in expected.items():
        assert frame.equals(found[name]), name


def test_rows_become_tables_when_there_are_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(readers, "_BUNDLE_FILES", 1)
    monkeypatch.setattr(documents, "_MOST_BYTES", 2 * len(invoice(number="F-1")))
    really = DocumentReader._make_tables

    def counted(self: DocumentReader) -> None:
        made.append(self._files)
        really(self)

    monkeypatch.setattr(DocumentReader, "_make_tables", counted)
    found = read([invoice(number=f"F-{n}") for n in range(5)])
    assert made == [2, 2, 1]
    assert len(found.facts) == 5


def test_the_other_process_ends_with_the_one_that_asks() -> None:
    """Killed in the middle of a question or after one, it leaves the pipe at its end."""
    bundle = pickle.dumps([(invoice(), "a" * 64)])
    for asked in (
        b"",
        pickle.dumps(KEY),
        pickle.dumps(KEY) + bundle[:-9],
        pickle.dumps(KEY) + bundle,
    ):
        answers = io.BytesIO()
        documents.main(io.BytesIO(asked), answers)
        assert answers.getvalue() == b""


def test_when_the_other_process_dies_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(readers, "_BUNDLE_FILES", 3)
    monkeypatch.setattr(readers, "_MANY_FILES", 10)
    settings = Settings(home=tmp_path, settle_seconds=0, extract_processes=2)
    make_home(settings)
    for number in range(30):
        (settings.landing / f"{number:03}.xml").write_bytes(invoice(number=f"F-{number}"))
    really = Worker.send

    def killed_when_asked(self: Worker, bundle: documents.Files | None) -> None:
        if bundle is None:
            self._process.kill()
            self._process.wait()
        really(self, bundle)

    with monkeypatch.context() as patched, pytest.raises(WorkerError, match="extract_processes: 1"):
        patched.setattr(Worker, "send", killed_when_asked)
        extract(settings)
    assert len(list(settings.landing.iterdir())) == 30
    assert not list(settings.lake.iterdir())
    assert extract(settings).new == 30
    assert lake(settings)["ehf_document"].height == 30


# --- tables by mapping --------------------------------------------------------------------------


def test_the_decimal_mark_of_a_mapping_is_not_that_of_a_workbooks_own_numbers() -> None:
    """400.125 in a workbook is a number, whatever its text files write; never 400 125."""
    text = samples.MAPPINGS["prisliste.yaml"] + 'decimal: ","\n'
    mapping = load_mapping(text, "prisliste.yaml")
    sample = SAMPLES["price_table_xlsx"]
    with Reader(ReadOptions(KEY, MAX_CELLS, (mapping,))) as reader:
        reader.add(sample.data, "a" * 64, "fil")
        found = reader.finish()
    assert found.tables["price_table_item"][0]["price"].to_list() == [
        Decimal("15"),
        Decimal("19.9"),
        Decimal("400.125"),
    ]


def test_rows_above_the_headings_of_an_export_are_rows_too() -> None:
    """Sorted in a spreadsheet, a table has its heading row anywhere; a title is no row."""
    headings, *rows = SAMPLES["visma_ledger_csv"].data.strip().split(b"\n")
    data = b"\n".join([b"Bilagsjournal;2024", rows[1], rows[2], headings, rows[0]])
    found = read([data])
    assert found.rejections == []
    (table,) = found.tables["ledger_line"]
    assert table["source_row"].to_list() == [2, 3, 5]
    assert found.facts[sha_of(data)].amount_accepted == Decimal("850.50")


def test_a_missing_column_of_an_export_is_named_with_the_mapping_that_comes_closest() -> None:
    data = SAMPLES["visma_suppliers_csv"].data.replace(b"Fakturadato", b"Qxz")
    assert "mangler kolonnen «Fakturadato»" in refused(data)
    assert "Visma, leverandørreskontro" in refused(data)
