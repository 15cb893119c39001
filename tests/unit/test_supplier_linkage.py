"""Which entries are one supplier: planted twins and lookalikes, and what must never be merged."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import pytest

from pipelines.derived.contracts import SUPPLIER_LINK
from pipelines.derived.supplier_linkage import link_suppliers
from tests.supplier_twins import Town, orgnr, town

ONE, TWO = orgnr(1), orgnr(2)
Decision = tuple[str, str, str]


def supplier(key: str, name: str | None, **others: object) -> dict[str, object]:
    """One row of int_suppliers__to_link; NO… is an organisation number."""
    number = key[2:] if key.startswith("NO") else None
    empty = dict.fromkeys(("id_scheme", "id_value", "vat_id", "postal_code", "city", "country"))
    return {
        **empty,
        "supplier_id": key,
        "orgnr": number,
        "name": name,
        "is_private_person": False,
    } | others


def linked(
    *suppliers: dict[str, object], told: Iterable[Decision] = (), threshold: float = 0.85
) -> pl.DataFrame:
    """Link suppliers, with decisions as (a, b, decision)."""
    columns = supplier("NAVN:", None)
    schema = {name: pl.Boolean() if name.startswith("is_") else pl.String() for name in columns}
    decisions = pl.DataFrame(
        list(told),
        schema=dict.fromkeys(("supplier_id_a", "supplier_id_b", "decision"), pl.String()),
        orient="row",
    )
    frame = pl.DataFrame(suppliers, schema=schema)
    return link_suppliers(frame, decisions, threshold=threshold, margin=2.0)


def merged(links: pl.DataFrame) -> dict[str, str]:
    """Who is merged with whom."""
    chosen = links.filter(pl.col("outcome") == "merged")
    return dict(chosen.select("supplier_id_from", "supplier_id_to").iter_rows())


def refused(links: pl.DataFrame) -> set[tuple[str, str, str]]:
    """Who was kept apart, and why."""
    chosen = links.filter(pl.col("outcome") == "refused")
    return set(chosen.select("supplier_id_from", "supplier_id_to", "reason").iter_rows())


def judged(towns: list[Town]) -> tuple[float, float]:
    """Precision of the merges, and recall of the planted twins, over all towns."""
    merges = right = twins = found = 0
    for one in towns:
        links = merged(linked(*one.rows))
        numbers = {firm: key for key, firm in one.firm_of.items() if key.startswith("NO")}
        merges += len(links)
        right += sum(one.firm_of[a] == one.firm_of[b] for a, b in links.items())
        twins += len(one.twins)
        found += sum(links.get(key) == numbers[one.firm_of[key]] for key in one.twins)
    return right / merges, found / twins


@pytest.mark.rule("E02")
def test_planted_twins_are_found_and_lookalikes_are_not() -> None:
    precision, recall = judged([town(seed) for seed in range(200, 208)])

    assert precision >= 0.99
    assert recall >= 0.90


@pytest.mark.rule("E02")
@pytest.mark.parametrize(
    "written",
    [
        "NORDBY ELEKTRO",
        "Nordby Elektro A/S",
        "Elektro Nordby",
        "AS Nordby Elektro",
        "Nordby Elektr. AS",
        "Nordby Elektro AS avd. Bergen",
        "Nordby Elektro v/Kari Nordby",
        "Nordby Elektro (Bergen)",
        "NordbyElektro AS",
        "Norby Elektro AS",
        "  Nordby,  Elektro. ",
    ],
)
def test_another_spelling_is_the_same_supplier(written: str) -> None:
    links = linked(supplier(f"NO{ONE}", "Nordby Elektro AS"), supplier("NAVN:X", written))

    assert merged(links) == {"NAVN:X": f"NO{ONE}"}


@pytest.mark.rule("E02")
@pytest.mark.parametrize("written", ["Sørås Rør", "Soeraas Roer", "Soras Ror", "SÖRÅS RÖR"])
def test_norwegian_letters_are_the_same_however_they_are_written(written: str) -> None:
    links = linked(supplier(f"NO{ONE}", "Sørås Rør AS"), supplier("NAVN:X", written))

    assert merged(links) == {"NAVN:X": f"NO{ONE}"}


@pytest.mark.rule("E02")
@pytest.mark.parametrize(
    ("registered", "written"),
    [
        ("Bygg Service Nord AS", "Bygg Service Sør AS"),
        ("Hansen Rør AS", "Hansen Rør og Varme AS"),
        ("Nordvang Elektro AS", "Nordvang Transport AS"),
        ("Bakke Elektro AS", "Elektro"),
        ("Elektro AS", "Elektro"),
        ("Elektro Service AS", "Elektro Service"),
        ("Nordby Elektro AS", "Nordby Holding AS"),
        ("Nordby Elektro AS", "Nordby Elektro Sør AS"),
        ("AS", "AS"),
        ("...", "---"),
    ],
)
def test_a_lookalike_is_another_supplier(registered: str, written: str) -> None:
    links = linked(supplier(f"NO{ONE}", registered), supplier("NAVN:X", written))

    assert merged(links) == {}


@pytest.mark.rule("E02")
def test_a_common_name_is_told_by_its_address() -> None:
    bergen = {"postal_code": "5003", "city": "Bergen"}
    firm = supplier(f"NO{ONE}", "Bygg Service AS", **bergen)

    assert merged(linked(firm, supplier("NAVN:X", "Bygg Service"))) == {}
    near = supplier("NAVN:X", "Bygg Service AS", **bergen)
    assert merged(linked(firm, near, threshold=0.5)) == {"NAVN:X": f"NO{ONE}"}


@pytest.mark.rule("E02")
def test_two_organisation_numbers_are_never_merged_not_even_by_the_register() -> None:
    first, second = (
        supplier(f"NO{ONE}", "Nordby Elektro AS"),
        supplier(f"NO{TWO}", "Nordby Elektro AS"),
    )
    told = [(f"NO{ONE}", f"NO{TWO}", "same")]

    assert merged(linked(first, second)) == {}
    links = linked(first, second, told=told)
    assert merged(links) == {}
    low, high = sorted((f"NO{ONE}", f"NO{TWO}"))
    assert refused(links) == {(high, low, "other_orgnr")}


@pytest.mark.rule("E02")
def test_who_fits_two_numbers_about_as_well_is_given_to_neither() -> None:
    twins = [supplier(f"NO{number}", "Nordby Elektrofag AS") for number in (ONE, TWO)]
    links = linked(*twins, supplier("NAVN:X", "Nordby Elektrofag"), threshold=0.5)

    assert merged(links) == {}
    assert all(reason == "ambiguous" for *_, reason in refused(links))


@pytest.mark.rule("E02")
def test_the_nearer_of_two_numbers_takes_the_supplier_and_the_other_is_listed() -> None:
    here = supplier(f"NO{ONE}", "Skarvanes Elektro AS", postal_code="5003", city="Bergen")
    there = supplier(f"NO{TWO}", "Skarvanes Elektro AS", postal_code="7010", city="Trondheim")
    written = supplier("NAVN:X", "Skarvanes Elektro", postal_code="5003", city="Bergen")

    assert merged(linked(here, there, written, threshold=0.5)) == {"NAVN:X": f"NO{ONE}"}


@pytest.mark.rule("E02")
def test_two_without_a_number_are_merged_with_the_better_identified_one() -> None:
    foreign = supplier("VAT:SE556677889901", "Nordby Elektro AB", vat_id="SE556677889901")
    links = linked(supplier("NAVN:NORDBY ELEKTRO AB", "Nordby Elektro AB"), foreign)

    assert merged(links) == {"NAVN:NORDBY ELEKTRO AB": "VAT:SE556677889901"}


@pytest.mark.rule("E02")
def test_a_foreign_vat_number_is_the_same_however_it_is_stated() -> None:
    """0007 is Sweden's register: the VAT number is SE, the number and 01. Names don't matter."""
    vat = supplier("VAT:SE556677889901", "Nordby Elektro AB", vat_id="SE556677889901")
    scheme = supplier(
        "0007:556677-8899", "Fakturaavdelingen", id_scheme="0007", id_value="556677-8899"
    )
    links = linked(vat, scheme)

    assert merged(links) == {"0007:556677-8899": "VAT:SE556677889901"}
    assert links.get_column("decided_by").to_list() == ["vat_number"]


@pytest.mark.rule("E02")
def test_two_vat_numbers_of_one_country_are_two_suppliers() -> None:
    first = supplier("VAT:DE123456789", "Nordby Elektro GmbH", vat_id="DE123456789")
    second = supplier("VAT:DE987654321", "Nordby Elektro GmbH", vat_id="DE987654321")

    assert merged(linked(first, second)) == {}
    told = [("VAT:DE123456789", "VAT:DE987654321", "same")]
    assert merged(linked(first, second, told=told)) == {}


@pytest.mark.rule("E02")
def test_nine_digits_without_a_scheme_are_evidence_only_with_the_name() -> None:
    stated = {"id_value": ONE}
    firm = supplier(f"NO{ONE}", "Bygg Service AS")

    same = linked(firm, supplier(f"ID:{ONE}", "Bygg Service", **stated))
    assert merged(same) == {f"ID:{ONE}": f"NO{ONE}"}
    assert merged(linked(firm, supplier(f"ID:{ONE}", "Havbris Shipping", **stated))) == {}
    other = linked(
        supplier(f"NO{TWO}", "Nordby Elektro AS"),
        supplier(f"ID:{ONE}", "Nordby Elektro AS", **stated),
    )
    assert merged(other) == {}


@pytest.mark.rule("E02")
def test_private_persons_are_never_linked() -> None:
    person = supplier("PERSON:abc", "Nordby Elektro AS", is_private_person=True)
    links = linked(
        supplier(f"NO{ONE}", "Nordby Elektro AS"),
        person,
        told=[("PERSON:abc", f"NO{ONE}", "same")],
    )

    assert links.is_empty()


@pytest.mark.rule("E02")
def test_the_register_undoes_a_merge_and_makes_one() -> None:
    firm, written = supplier(f"NO{ONE}", "Nordby Elektro AS"), supplier("NAVN:X", "Nordby Elektro")
    odd = supplier("NAVN:Y", "El-butikken på hjørnet")
    told = [("NAVN:X", f"NO{ONE}", "different"), (f"NO{ONE}", "NAVN:Y", "same")]
    links = linked(firm, written, odd, told=told)

    assert merged(links) == {"NAVN:Y": f"NO{ONE}"}
    assert refused(links) == {("NAVN:X", f"NO{ONE}", "register")}
    assert set(links.get_column("decided_by")) == {"register"}
    assert links.filter(pl.col("outcome") == "refused")["match_weight"].null_count() == 0


@pytest.mark.rule("E02")
def test_a_pair_kept_apart_is_not_merged_through_a_third() -> None:
    firm, one = supplier(f"NO{ONE}", "Nordby Elektro AS"), supplier("NAVN:X", "Nordby Elektro")
    two = supplier("NAVN:Y", "Elektro Nordby AS")
    links = linked(firm, one, two, told=[("NAVN:X", f"NO{ONE}", "different")])

    assert len(set(merged(links))) == 1
    assert merged(links).get("NAVN:X") != f"NO{ONE}"


@pytest.mark.rule("E02")
def test_all_of_a_suppliers_names_are_compared() -> None:
    rows = [
        supplier(f"NO{ONE}", "Nordby Elektro AS"),
        supplier(f"NO{ONE}", "Skarvanes Installasjon AS"),
    ]
    links = linked(*rows, supplier("NAVN:X", "Skarvanes Installasjon"))

    assert merged(links) == {"NAVN:X": f"NO{ONE}"}


@pytest.mark.rule("E02")
def test_every_merge_has_its_weight_and_what_it_builds_on() -> None:
    links = linked(
        supplier(f"NO{ONE}", "Nordby Elektro AS"), supplier("NAVN:X", "NORDBY ELEKTRO A/S")
    )
    row = links.row(0, named=True)

    assert row["match_probability"] >= 0.85
    assert row["match_weight"] > 2.5
    assert row["evidence"] == "samme navn, samme selskapsform"
    assert row["threshold"] == 0.85
    assert SUPPLIER_LINK.checked(links).equals(links)


@pytest.mark.parametrize("names", [(), ("Nordby Elektro AS",), (None, None), ("Alfa", "Beta")])
def test_few_suppliers_are_no_trouble(names: tuple[str | None, ...]) -> None:
    rows = [supplier(f"NAVN:{place}", name) for place, name in enumerate(names)]

    assert linked(*rows).is_empty()


def test_the_result_does_not_depend_on_the_order_of_the_rows() -> None:
    rows = town(7, firms=150).rows
    first = linked(*rows)

    assert first.height > 10
    assert linked(*reversed(rows)).equals(first)
    assert linked(*rows[50:], *rows[:50]).equals(first)


def test_a_threshold_of_one_leaves_only_what_the_register_says() -> None:
    rows = [supplier(f"NO{ONE}", "Nordby Elektro AS"), supplier("NAVN:X", "Nordby Elektro")]

    assert linked(*rows, threshold=1.0).is_empty()
    told = [("NAVN:X", f"NO{ONE}", "same")]
    assert merged(linked(*rows, told=told, threshold=1.0)) == {"NAVN:X": f"NO{ONE}"}
