"""The learned rung: as good as the best simple rule on lines it has not seen, and never random."""

from __future__ import annotations

import hashlib
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipelines.categories.sheet import category_key
from pipelines.derived import learned_categories
from pipelines.derived.contracts import (
    CATEGORY_MODEL,
    CATEGORY_SUGGESTION,
    DERIVED_TABLES,
    write_derived,
    write_empty,
)
from pipelines.derived.learned_categories import split, suggest_categories
from pipelines.settings import Settings

SCHEMA = {
    "category_key": pl.String(),
    "item_text": pl.String(),
    "supplier_id": pl.String(),
    "account": pl.String(),
    "kostra_art": pl.String(),
    "category_id": pl.String(),
    "line_count": pl.Int64(),
    "amount_nok": pl.Decimal(18, 2),
}
WORDS = {
    "MØBEL": ("STOL", "MØTEBORD", "HYLLE", "SKAP"),
    "PAPIR": ("KOPIPAPIR", "KONVOLUTT", "BLOKK", "PERM"),
    "RENHOLD": ("GULVVASK", "SÅPE", "MOPP", "VINDUSVASK"),
    "IT": ("SKJERM", "TASTATUR", "LISENS", "SERVER"),
}


def row(
    text: str | None,
    supplier: str | None = "S1",
    account: str | None = None,
    category: str | None = None,
    lines: int = 1,
    nok: str = "100.00",
) -> dict[str, Any]:
    return {
        "category_key": category_key(text, supplier, account),
        "item_text": text,
        "supplier_id": supplier,
        "account": account,
        "kostra_art": None,
        "category_id": category,
        "line_count": lines,
        "amount_nok": Decimal(nok),
    }


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA)


def settings(**options: Any) -> Settings:
    return Settings(home=Path("/finnes-ikke"), **options)


def municipality(seed: int = 7, size: int = 1500) -> list[dict[str, Any]]:
    """Lines whose category neither supplier, account nor first word tells alone.

    Suppliers sell of two categories, an account has two, one word in five is of any category.
    """
    dice = random.Random(seed)
    names = list(WORDS)
    rows = []
    for number in range(size):
        place = dice.randrange(len(names))
        category = names[place]
        pair = sorted((place, (place + dice.choice((1, 3))) % len(names)))
        supplier = f"NO{pair[0]}{pair[1]}{dice.randrange(3)}"
        any_word = dice.choice(WORDS[dice.choice(names)])
        first = any_word if dice.random() < 0.2 else dice.choice(WORDS[category])
        text = f"{first} {dice.choice(WORDS[category])} {number}"
        account = f"6{place // 2}00" if dice.random() < 0.7 else None
        nok = f"{dice.randrange(-50, 5000)}.50"
        rows.append(row(text, supplier, account, category, dice.randrange(1, 5), nok))
    return rows


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Any]]:
    learned = suggest_categories(frame(municipality()), settings())
    return {each["method"]: each for each in learned.measures.to_dicts()}


def test_the_model_is_right_at_least_as_often_as_the_best_single_rule(
    measured: dict[str, dict[str, Any]],
) -> None:
    best = [each for each in measured.values() if each["is_best_single_rule"]]
    assert len(best) == 1
    assert measured["learned"]["correct_key_count"] >= best[0]["correct_key_count"]
    assert measured["learned"]["correct_nok"] >= best[0]["correct_nok"]
    assert best[0]["correct_key_count"] < best[0]["test_key_count"]
    assert measured["learned"]["test_key_count"] > 200


def test_all_methods_are_measured_on_the_same_keys_and_money(
    measured: dict[str, dict[str, Any]],
) -> None:
    assert set(measured) == {"learned", "supplier", "account", "text"}
    _, test = split(frame(municipality()))
    wanted = (test.height, test["amount_nok"].abs().sum())
    assert {(each["test_key_count"], each["test_nok"]) for each in measured.values()} == {wanted}


def test_a_rule_is_the_commonest_category_of_the_training_part_by_plain_counting(
    measured: dict[str, dict[str, Any]],
) -> None:
    training, test = (part.to_dicts() for part in split(frame(municipality())))
    commonest: dict[str, dict[str, int]] = {}
    for each in training:
        counts = commonest.setdefault(each["supplier_id"], {})
        counts[each["category_id"]] = counts.get(each["category_id"], 0) + 1
    right = 0
    for each in test:
        counts = commonest[each["supplier_id"]]
        right += each["category_id"] == min(counts, key=lambda name: (-counts[name], name))
    assert measured["supplier"]["correct_key_count"] == right


def test_what_is_held_out_is_never_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[pl.DataFrame] = []
    model = learned_categories._Model

    class Spy(model):  # type: ignore[misc, valid-type]
        def __init__(self, training: pl.DataFrame) -> None:
            seen.append(training)
            super().__init__(training)

    monkeypatch.setattr(learned_categories, "_Model", Spy)
    rows = municipality(size=400)
    suggest_categories(frame(rows), settings())
    (training,) = seen
    held_out = {key for key in (r["category_key"] for r in rows) if int(key[:8], 16) % 5 == 0}
    assert held_out
    assert held_out.isdisjoint(training["category_key"])
    assert len(held_out) + training.height == len({r["category_key"] for r in rows})


def test_a_key_is_on_the_same_side_whatever_else_is_there() -> None:
    rows = municipality(size=300)
    _, all_of_them = split(frame(rows))
    _, half = split(frame(rows[::2]))
    kept = set(frame(rows[::2])["category_key"])
    assert set(half["category_key"]) == set(all_of_them["category_key"]) & kept


def test_neither_the_order_of_rows_nor_threads_matter(tmp_path: Path) -> None:
    unknown = [row(f"STOL NR {n}", "NO010") for n in range(50)]
    rows = municipality(size=400) + unknown
    hashes = set()
    for turn, threads in enumerate((1, 4, 2)):
        random.Random(turn).shuffle(rows)
        with threadpool_limits(limits=threads):
            learned = suggest_categories(frame(rows), settings())
        made = [
            write_derived(tmp_path, CATEGORY_SUGGESTION, learned.suggestions),
            write_derived(tmp_path, CATEGORY_MODEL, learned.measures),
        ]
        hashes.add(tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in made))
    assert len(hashes) == 1


def test_every_unknown_key_gets_a_suggestion_and_none_counts_unless_told() -> None:
    rows = [*municipality(size=400), row("Kopipapir A4", "NO991"), row(None, "NO992"), row("🪑")]
    suggestions = suggest_categories(frame(rows), settings()).suggestions
    assert set(suggestions["category_key"]) == {r["category_key"] for r in rows[-3:]}
    assert suggestions["category_id"].null_count() == 0
    assert suggestions["confidence"].is_between(0, 1).all()
    assert not suggestions["is_accepted"].any()
    by_key = dict(suggestions.select("category_key", "category_id").iter_rows())
    assert by_key[rows[-3]["category_key"]] == "PAPIR"


def test_a_suggestion_counts_above_the_confidence_and_not_at_it() -> None:
    rows = [*municipality(size=400), row("Kopipapir A4", "NO991")]
    (confidence,) = suggest_categories(frame(rows), settings()).suggestions["confidence"]
    for limit, expected in ((confidence, False), (confidence - 1e-9, True), (1.0, False)):
        options = settings(learned_category_min_confidence=limit)
        suggestions = suggest_categories(frame(rows), options).suggestions
        assert suggestions["is_accepted"].to_list() == [expected]


def test_what_the_setting_would_let_count_is_measured_on_the_held_out_part() -> None:
    rows = frame(municipality())
    everything = suggest_categories(rows, settings(learned_category_min_confidence=0.0)).measures
    learned = everything.filter(pl.col("method") == "learned").to_dicts()[0]
    assert learned["accepted_key_count"] == learned["test_key_count"]
    assert learned["accepted_correct_nok"] == learned["correct_nok"]
    some = suggest_categories(rows, settings(learned_category_min_confidence=0.9)).measures
    careful = some.filter(pl.col("method") == "learned").to_dicts()[0]
    assert 0 < careful["accepted_key_count"] < learned["accepted_key_count"]
    share = careful["accepted_correct_key_count"] / careful["accepted_key_count"]
    assert share >= learned["correct_key_count"] / learned["test_key_count"]


@pytest.mark.parametrize(
    ("rows", "status", "labelled"),
    [
        ([], "too_few_keys", 0),
        ([row("STOL")], "too_few_keys", 0),
        ([row("STOL", category="MØBEL")], "too_few_keys", 1),
        ([row("STOL", category="MØBEL"), row("BORD")], "too_few_keys", 1),
        ([row(f"STOL {n}", category="MØBEL") for n in range(60)], "one_category", 60),
    ],
)
def test_where_there_is_nothing_to_learn_from_nothing_is_suggested_and_the_measures_say_why(
    rows: list[dict[str, Any]], status: str, labelled: int
) -> None:
    learned = suggest_categories(frame(rows), settings())
    assert learned.suggestions.height == sum(r["category_id"] is None for r in rows)
    assert learned.suggestions["category_id"].null_count() == learned.suggestions.height
    assert learned.measures["status"].to_list() == [status] * 4
    assert learned.measures["labelled_key_count"].to_list() == [labelled] * 4
    assert learned.measures["test_key_count"].sum() == 0
    assert not learned.measures["is_best_single_rule"].any()


def test_the_least_number_of_keys_is_itself_enough() -> None:
    rows = [row(f"{w} {n}", category=c) for c, ws in WORDS.items() for n in range(5) for w in ws]
    for least, status in ((80, "measured"), (81, "too_few_keys")):
        measures = suggest_categories(frame(rows), settings(learned_category_min_keys=least))
        assert measures.measures["status"].to_list() == [status] * 4


def test_the_cap_limits_what_is_trained_on_and_not_what_is_measured() -> None:
    rows = frame(municipality(size=400))
    measures = suggest_categories(rows, settings(max_training_keys=60)).measures
    assert set(measures["training_key_count"]) == {60}
    assert set(measures["test_key_count"]) == {split(rows)[1].height}


def test_a_key_with_two_categories_has_that_of_most_lines_then_most_money_then_the_first() -> None:
    rows = [
        row("A", category="K1", lines=2, nok="1.00"),
        row("A", category="K2", lines=1, nok="9.00"),
        row("B", category="K1", lines=1, nok="1.00"),
        row("B", category="K2", lines=1, nok="-9.00"),
        row("C", category="K2", lines=1, nok="1.00"),
        row("C", category="K1", lines=1, nok="1.00"),
    ]
    labelled = learned_categories._labelled(frame(rows))
    chosen = dict(labelled.select("item_text", "category_id").iter_rows())
    assert chosen == {"A": "K1", "B": "K2", "C": "K1"}


def test_the_key_is_what_dbts_macro_makes_of_the_same_text() -> None:
    written = hashlib.md5(b"STOL BL\xc3\x85\ns1\n6540", usedforsecurity=False).hexdigest()
    assert category_key("STOL BLÅ", "s1", "6540") == written
    assert category_key(None, "s1", None) == hashlib.md5(b"\ns1\n").hexdigest()


# --- how derived tables are written -------------------------------------------------------------


def test_empty_derived_tables_have_the_schema_of_the_contract(tmp_path: Path) -> None:
    write_empty(tmp_path)
    for table in DERIVED_TABLES.values():
        read = pl.read_parquet(tmp_path / f"{table.name}.parquet")
        assert (read.schema, read.height) == (dict(table.schema), 0)
    assert not list(tmp_path.glob("*.tmp"))


def test_a_derived_table_is_sorted_by_its_key_and_refuses_a_key_that_is_no_key(
    tmp_path: Path,
) -> None:
    rows = {"category_id": "K1", "confidence": 0.5, "is_accepted": False}
    keys = pl.DataFrame({"category_key": ["b", "a"]}).with_columns(
        pl.lit(value).alias(name) for name, value in rows.items()
    )
    path = write_derived(tmp_path, CATEGORY_SUGGESTION, keys)
    assert pl.read_parquet(path)["category_key"].to_list() == ["a", "b"]
    for bad in (pl.concat([keys, keys]), keys.with_columns(category_key=pl.lit(None))):
        with pytest.raises(ValueError, match="null or not unique"):
            write_derived(tmp_path, CATEGORY_SUGGESTION, bad)
    with pytest.raises(ValueError, match="lacks is_accepted"):
        write_derived(tmp_path, CATEGORY_SUGGESTION, keys.drop("is_accepted"))
    assert pl.read_parquet(path).height == 2
