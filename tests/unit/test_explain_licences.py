"""A licence figure is explained by its files, never by lines of spend (A07)."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines.explain.answer import Question, explain
from pipelines.explain.licence_files import rests_on_files
from pipelines.explain.show import as_text, write_workbook
from pipelines.publication.seal import DATABASE, _seal_hash
from pipelines.settings import Settings

FILES = {  # name → kind, day, rows accepted
    "brukere_okt.json": ("m365_user", "2024-10-31", 5),
    "brukere_des.json": ("m365_user", "2024-12-31", 5),
    "abonnementer_nov.json": ("m365_sku", "2024-11-30", 2),
    "teams_des.csv": ("m365_usage", "2024-12-31", 2),
    "teams_udatert.csv": ("m365_usage", None, 2),
    "produkter.csv": ("m365_product_plan", "2024-12-01", 2),
    "vilkår.xlsx": ("register", "2024-12-31", 1),
    "kontoer.csv": ("register", "2024-12-31", 1),
    "avtaler.csv": ("register", "2024-12-31", 1),
    "avvist.json": ("m365_user", "2024-12-31", 0),
    "trukket.json": ("m365_user", "2024-12-31", 3),
    "senere.json": ("m365_user", "2024-12-31", 3),
    "faktura.xml": ("ehf_invoice", None, 3),
}
AFTERWARDS = {"senere.json"}  # read after the snapshot was made
ALWAYS = {"produkter.csv", "vilkår.xlsx", "kontoer.csv", "teams_udatert.csv"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = Settings(home=tmp_path)
    database = home.published / "2024" / DATABASE
    database.parent.mkdir(parents=True)
    with duckdb.connect(str(database)) as made:
        made.execute(
            "create table mart_licence_sku as select * from (values (date '2024-10-31', 'A', 7), "
            "(date '2024-12-31', 'A', 8)) as t (as_of_date, sku_id, assigned)"
        )
        made.execute(
            "create table mart_charge as select date '2024-10-01' as month, 'U' as unit_id"
        )
        made.execute("create table dim_sku as select 'A' as sku_id, 'Navn' as name")
        made.execute(
            "create table mart_reconciliation "
            "(source_sha256 varchar, rows_accepted bigint, is_withdrawn boolean)"
        )
        for name, (_, _, accepted) in FILES.items():
            if name not in AFTERWARDS:
                made.execute(
                    "insert into mart_reconciliation values (?, ?, ?)",
                    [name, accepted, name == "trukket.json"],
                )
    (home.published / "2024" / "seal.json").write_text(
        json.dumps(
            {
                "seal_hash": _seal_hash({}, {}),
                "format_version": 1,
                "tables": {},
                "database_sha256": "x",
            }
        ),
        "utf-8",
    )
    (home.published / "current").symlink_to("2024")
    batch = home.lake / "b1"
    batch.mkdir(parents=True)
    entries: list[dict[str, object]] = [
        {"sha256": name, "name": name, "kind": kind, "effective_date": day, "registers": {}}
        for name, (kind, day, _) in FILES.items()
    ]
    manifest = {"batch": "b1", "run": "1", "files": entries, "containers": []}
    (batch / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for table, name in (
        ("reg_licence_term", "vilkår.xlsx"),
        ("reg_account", "kontoer.csv"),
        ("reg_agreement", "avtaler.csv"),
    ):
        pl.DataFrame({"source_sha256": [name]}).write_parquet(batch / f"{table}.parquet")
    return home


@pytest.mark.rule("A07")
@pytest.mark.parametrize(
    ("table", "conditions", "expected"),
    [
        ("mart_licence_sku", {"as_of_date": "2024-10-31"}, {"brukere_okt.json"}),
        (
            "mart_licence_sku",
            {"as_of_date": "2024-12-31"},
            {"brukere_des.json", "abonnementer_nov.json", "teams_des.csv"},
        ),
        ("mart_charge", {"unit_id": "U"}, {"brukere_okt.json"}),
        (
            "dim_sku",
            {"sku_id": "A"},
            {"brukere_okt.json", "brukere_des.json", "abonnementer_nov.json", "teams_des.csv"},
        ),
    ],
)
def test_a_licence_figure_rests_on_the_files_of_its_month(
    settings: Settings, table: str, conditions: dict[str, str], expected: set[str]
) -> None:
    answer = explain(settings, Question(table, None, conditions), None, limit=20)
    assert answer.files is not None
    assert {file.name for file in answer.files} == expected | ALWAYS
    assert (answer.line_count, answer.lines, answer.is_complete) == (0, [], True)
    assert answer.file_count == len(expected | ALWAYS)


def test_the_answer_says_what_each_file_is_and_claims_no_sum(
    settings: Settings, tmp_path: Path
) -> None:
    question = Question("mart_licence_sku", "assigned", {"as_of_date": "2024-10-31"})
    answer = explain(settings, question, None, limit=20)
    said = list(as_text(answer, raw=True))
    assert "assigned: 7" in said
    assert "5 filer" in said
    assert not any("kr" in line.split() for line in said)
    assert (
        "Microsoft 365: brukere med lisenser: brukere_okt.json (SHA-256 brukere_okt.json)" in said
    )
    assert "Register: lisensvilkår: vilkår.xlsx (SHA-256 vilkår.xlsx)" in said
    assert "Register: kontoer: kontoer.csv (SHA-256 kontoer.csv)" in said
    write_workbook(answer, tmp_path / "innsyn.xlsx")
    book = openpyxl.load_workbook(tmp_path / "innsyn.xlsx")
    assert book.sheetnames == ["Tallet", "Filene"]
    assert book["Filene"].max_row == 6
    logged = json.loads((tmp_path / "logg" / "innsyn.jsonl").read_text("utf-8").splitlines()[-1])
    assert (logged["table"], logged["lines"], logged["files"]) == ("mart_licence_sku", 0, 5)


def test_tables_of_spend_keep_their_lines() -> None:
    assert rests_on_files("mart_licence_account")
    assert rests_on_files("fct_licence_charge")
    assert rests_on_files("mart_sku_issue")
    assert not rests_on_files("mart_loyalty")
    assert not rests_on_files("fct_spend_line")
