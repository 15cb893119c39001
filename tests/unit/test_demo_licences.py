"""The demo's licences: the same bytes for a seed, files that are read but for what is planted, and
a truth that hand-written cases and a second reading of the files confirm.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo.licence_canaries import CANARIES
from pipelines.demo.licence_people import LAST, MONTH_ENDS, People, Planted, make_people
from pipelines.demo.licence_products import (
    LISTED_ONLY,
    PLANS,
    PRODUCTS,
    Product,
    price_at,
)
from pipelines.demo.licence_truth import Line, amount, first_finding, lines, rule_row
from pipelines.demo.licences import Licences, write_licences
from pipelines.extracts.readers import Reader, ReadOptions

SEED = 2024
PEOPLE = make_people("small", SEED)
E1 = "18181a46-0d4e-45cd-891e-60aabd171b4e"


@dataclass(frozen=True)
class Written:
    """A landing folder and what the generator said of it."""

    landing: Path
    licences: Licences

    @property
    def folder(self) -> Path:
        """The folder of the files."""
        return self.landing / "lisenser"

    def bytes_of(self, start: str) -> bytes:
        """Return the files whose names begin so, one after the other."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob(f"{start}*")))

    def users(self, day: date) -> list[dict[str, Any]]:
        """Return the users of all pages of a day."""
        pages = [json.loads(p.read_text("utf-8")) for p in self.folder.glob(f"m365_brukere_{day}*")]
        return [user for page in pages for user in page["value"]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The small demo's licences, written once."""
    landing = tmp_path_factory.mktemp("landing")
    return Written(landing, write_licences(landing, "small", SEED))


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(folder.iterdir())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(
    written: Written, tmp_path: Path
) -> None:
    again = write_licences(tmp_path / "again", "small", SEED)
    other = write_licences(tmp_path / "other", "small", SEED + 1)
    assert _hashes(tmp_path / "again" / "lisenser") == _hashes(written.folder)
    assert again.truth == written.licences.truth
    assert _hashes(tmp_path / "other" / "lisenser") != _hashes(written.folder)
    assert other.truth["planted"] == again.truth["planted"]


def test_every_file_is_read_whole_but_for_the_rows_that_are_planted(written: Written) -> None:
    names = {}
    with Reader(ReadOptions(b"key", 1_000_000)) as reader:
        for path in sorted(written.folder.iterdir()):
            key = hashlib.sha256(path.name.encode()).hexdigest()
            names[key] = f"lisenser/{path.name}"
            reader.add(path.read_bytes(), key, path.name)
        read = reader.finish()
    refused = {names[key]: f.rows_quarantined for key, f in read.facts.items()}
    expected = {row["file_name"]: 1 for row in written.licences.quarantined}
    assert {name: count for name, count in refused.items() if count} == expected
    reasons = {names[r.source_sha256]: r.reason for r in read.rejections}
    for row in written.licences.quarantined:
        assert row["reason_keyword"] in reasons[row["file_name"]]
    found: dict[str, Counter[str]] = {}
    for key, facts in read.facts.items():
        counts = found.setdefault(read.kinds[key], Counter())
        counts.update(files=1, rows=facts.rows_accepted)
    registers = found.pop("register")
    assert found == written.licences.extracts
    assert registers["files"] == 11


def _of(case: Planted, day: date) -> Line:
    alone = lines(People((case.account,), ()), day)
    (line,) = (line for line in alone if line.product.sku_id == case.sku_id)
    return line


@pytest.mark.rule("B09")
@pytest.mark.parametrize("case", PEOPLE.planted, ids=lambda case: case.name)
def test_the_oracle_agrees_with_what_is_written_by_hand_of_each_case(case: Planted) -> None:
    assert tuple(rule_row(_of(case, day)) for day in MONTH_ENDS) == case.rows
    assert first_finding(_of(case, LAST)) == case.finding


@pytest.mark.rule("B09")
def test_day_60_and_61_before_the_end_of_the_year_are_both_planted() -> None:
    ends = {c.name: c.account.deactivated for c in PEOPLE.planted}
    days = {name: (LAST - end).days for name, end in ends.items() if end is not None}
    assert days["deaktivert_60_dager"] == 60
    assert days["deaktivert_61_dager"] == 61


def test_amounts_of_planted_cases() -> None:
    case = {case.name: case for case in PEOPLE.planted}
    december = {name: amount(_of(c, LAST), c.rows[-1]) for name, c in case.items()}
    assert december["hovedkonto"] == 0
    assert december["annen_konto"] == 70_00
    assert december["e3_i_full_bruk"] == 215_00
    assert december["deaktivert_61_dager"] == 70_00
    assert december["ekstern_med_gratis_tillegg"] == 0
    assert december["unntatt_enhet"] is None
    assert december["uten_pris"] is None
    assert december["uten_eier"] is None
    # The price of October is October's.
    assert amount(_of(case["e3_i_full_bruk"], MONTH_ENDS[0]), 7) == 205_00


def test_the_plan_by_hand(written: Written) -> None:
    plan = {row["sku_id"]: row for row in written.licences.truth["plan"]}
    savings = {sku_id: row["horizon_saving_nok"] for sku_id, row in plan.items()}
    assert savings == {
        "ARKIV-KLIENT": Decimal(40 * 9 * 125),
        "KREATIV-SKY": Decimal(6 * 7 * 600),
        "FAGSYSTEM-HELSE": Decimal(10 * 6 * 400 + 30 * 6 * 400),
    }
    assert written.licences.truth["audit_nok"] == Decimal(40 * 1450)


def test_a_second_reading_of_the_files_gives_the_truth_s_seats(written: Written) -> None:
    """Counts of seats and of active users in December, from the JSON alone."""
    assigned: Counter[str] = Counter()
    active: Counter[str] = Counter()
    for user in written.users(LAST):
        last = user["signInActivity"]["lastSignInDateTime"]
        is_active = last is not None and (LAST - date.fromisoformat(last[:10])).days <= 90
        if user.get("userPrincipalName"):
            assigned.update(given["skuId"] for given in user["assignedLicenses"])
            active.update(given["skuId"] for given in user["assignedLicenses"] if is_active)
    rows = {
        row["sku_id"]: row
        for row in written.licences.truth["snapshots"]
        if row["month"] == "2024-12-01"
    }
    for product in PRODUCTS:
        if product.is_microsoft:
            row = rows[product.sku_id]
            found = (assigned[product.sku_id], active[product.sku_id])
            assert found == (row["assigned"], row["active"]), product.name
    skus = json.loads(written.bytes_of(f"m365_abonnementer_{LAST}"))["value"]
    seats = {sku["skuId"]: sku["prepaidUnits"]["enabled"] for sku in skus}
    assert seats == {sku_id: rows[sku_id]["entitled"] for sku_id in seats}
    consumed = {sku["skuId"]: sku["consumedUnits"] - assigned[sku["skuId"]] for sku in skus}
    visio = "c5928f49-12ba-48f7-ada3-0d743a3601d5"
    assert {sku_id for sku_id, more in consumed.items() if more} == {visio}


def test_rows_of_the_truth_add_up(written: Written) -> None:
    truth = written.licences.truth
    for row in truth["snapshots"]:
        assert row["assigned"] == row["active"] + row["unused"] + row["unknown"]
    for day in MONTH_ENDS:
        month = str(day.replace(day=1))
        of_month = [row for row in truth["snapshots"] if row["month"] == month]
        charged = sum(row["count"] for row in truth["charges"] if row["month"] == month)
        assert charged == sum(row["assigned"] for row in of_month)
    last = [row["assigned"] for row in truth["snapshots"] if row["month"] == "2024-12-01"]
    assert sum(last) == sum(row["assigned"] for row in truth["units"])
    found = {row["finding"] for row in truth["findings"]}
    assert len(found) == 12


def test_sign_ins_are_missing_for_all_in_the_first_month_alone(written: Written) -> None:
    for day in MONTH_ENDS:
        has_sign_in = {"signInActivity" in user for user in written.users(day)}
        assert has_sign_in == {day != MONTH_ENDS[0]}
    first = [r for r in written.licences.truth["snapshots"] if r["month"] == "2024-10-01"]
    assert all(row["unknown"] == row["assigned"] for row in first)


def test_no_two_files_are_the_same(written: Written) -> None:
    hashes = list(_hashes(written.folder).values())
    assert len(set(hashes)) == len(hashes)


def test_reports_have_their_traps(written: Written) -> None:
    active = written.bytes_of("m365_aktive_brukere")
    assert active.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(active.decode("utf-8-sig").splitlines()))
    assert any("MOBILITY + SECURITY E3+" in row["Assigned Products"] for row in rows) or any(
        "+ENTERPRISE MOBILITY + SECURITY E3" in row["Assigned Products"] for row in rows
    )
    assert any(row["Exchange Last Activity Date"] == "" for row in rows)
    hidden = written.bytes_of("m365_onedrive_skjult").decode("utf-8-sig")
    names = [row["User Principal Name"] for row in csv.DictReader(hidden.splitlines())]
    assert all(len(name) == 32 and "@" not in name for name in names)
    boxes = csv.DictReader(written.bytes_of("m365_postkasser").decode("utf-8-sig").splitlines())
    sizes = [int(row["Storage Used (Byte)"]) for row in boxes]
    assert sum(size > 50 * 2**30 for size in sizes) == 1


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.number)
def test_every_canary_is_in_the_files_that_it_was_planted_in(written: Written, canary: Any) -> None:
    everything = written.bytes_of("") + written.bytes_of("ansettelser").decode("cp1252").encode()
    for value in canary.values():
        assert value.encode() in everything, value
    others = [v for other in CANARIES if other != canary for v in (other.name, other.number)]
    assert not {canary.name, canary.number} & set(others)
    day, month = int(canary.birth_number[:2]), int(canary.birth_number[2:4])
    assert len(canary.birth_number) == 11
    assert 1 <= day <= 31
    assert 81 <= month <= 92


def test_canaries_are_in_users_reports_registers_and_a_refused_row(written: Written) -> None:
    name = CANARIES[0].name.encode()
    for start in ("m365_brukere", "m365_aktive_brukere", "m365_postkasser", "kontoer"):
        assert name in written.bytes_of(start), start
    assert name.decode().encode("cp1252") in written.bytes_of("ansettelser")
    assert CANARIES[2].name.encode() in written.bytes_of(f"m365_brukere_{LAST}_side2")
    assert CANARIES[3].name.encode() in written.bytes_of("kontoer")


def test_prices_are_those_of_the_day() -> None:
    (e3,) = (product for product in PRODUCTS if product.part_number == "ENTERPRISEPACK")
    assert [price_at(e3, day).ore for day in MONTH_ENDS] == [180_00, 180_00, 190_00]


def _listed(path: Path) -> set[tuple[str, str, str]]:
    with path.open(encoding="cp1252", newline="") as file:
        return {
            (row["GUID"], row["Service_Plan_Name"], row["Service_Plan_Id"])
            for row in csv.DictReader(file)
        }


def test_guids_and_codes_are_those_of_microsoft_s_list(shared_data: Path) -> None:
    path = shared_data / "m365" / "newtech-sm__product_names_for_licensing" / "product_name.csv"
    if not path.is_file():
        pytest.skip("Microsofts liste finnes ikke på denne maskinen")
    listed = _listed(path)

    def is_listed(product: Product) -> bool:
        plans = {(product.sku_id, plan, PLANS[plan][0]) for plan in product.plans}
        return plans <= listed

    known = [p for p in (*PRODUCTS, LISTED_ONLY) if p.is_microsoft and p.in_list]
    assert [product.name for product in known if not is_listed(product)] == []
    assert all(guid != "deadbeef-0000-4000-8000-00000000d001" for guid, _, _ in listed)
