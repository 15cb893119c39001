"""The learned rung of the categories: what a purchase probably is, by how others were placed.

A linear model over item text, supplier, account and KOSTRA art, trained on the municipality's own
lines that a higher rung has placed. It only suggests; whether a suggestion counts is the setting
`learned_category_min_confidence`. One key (item text, supplier, account) is one example however
many lines it has. A fifth of the keys, chosen by the key's own hash, is never trained on: on them
the model is measured beside the simple rules that it must not be worse than.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import scipy.sparse as sp
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

from pipelines.derived.contracts import CATEGORY_MODEL, CATEGORY_SUGGESTION
from pipelines.settings import Settings

LEARNED = "learned"
RULES = {"supplier": "supplier_id", "account": "account", "text": "first_word"}
_TEST_PART = 5  # one key in so many is held out
_TEXT_FEATURES, _CODE_FEATURES = 2**15, 2**14
_EPOCHS, _REGULARISATION, _SEED = 20, 1e-5, 0
_SLICE = 20_000  # keys judged at a time
_FIRST_WORD = r"(\p{L}{3,})"
_BY_KEY = ["category_key", "line_count", "size_nok", "category_id"]
_BEST_FIRST = [False, True, True, False]


@dataclass(frozen=True)
class LearnedCategories:
    """What came of it: rows of derived.category_suggestion and of derived.category_model."""

    suggestions: pl.DataFrame
    measures: pl.DataFrame


def suggest_categories(keys: pl.DataFrame, settings: Settings) -> LearnedCategories:
    """Return suggestions for the keys that no higher rung has placed, and the measures.

    `keys` is int_category_keys__summed: one row per category_key and category_id (null = unknown),
    with item_text, supplier_id, account, kostra_art, line_count and amount_nok. Every unknown key
    has a row; without a model its category is null, and the measures say why.
    """
    labelled = _labelled(keys)
    unknown = _with_first_word(keys.filter(pl.col("category_id").is_null())).sort("category_key")
    training, test = split(labelled)
    training = training.head(settings.max_training_keys)
    status = _status(labelled, training, settings)
    if status != "measured":
        return LearnedCategories(_no_suggestions(unknown), _unmeasured(labelled, status, settings))
    model = _Model(training)
    guesses = {LEARNED: model.judged(test)}
    guesses |= {name: _rule(training, test, column) for name, column in RULES.items()}
    suggestions = model.judged(unknown).select(
        unknown["category_key"],
        "category_id",
        "confidence",
        _is_accepted(settings).alias("is_accepted"),
    )
    measures = _measured(labelled, training, test, guesses, settings)
    return LearnedCategories(CATEGORY_SUGGESTION.checked(suggestions), measures)


def split(labelled: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the keys to train on and those to measure on, by the key's own hash.

    The same key is on the same side in every build.
    """
    part = pl.col("category_key").str.slice(0, 8).str.to_integer(base=16, dtype=pl.Int64)
    held_out = part % _TEST_PART == 0
    return labelled.filter(~held_out), labelled.filter(held_out)


def _labelled(keys: pl.DataFrame) -> pl.DataFrame:
    """Return one row per placed key, ordered by it: the category of most of its lines.

    Of equally many the one with the largest amount, then the first by its ID. `size_nok` is the
    amount without its sign, so that credit notes weigh as what they credit.
    """
    placed = keys.filter(pl.col("category_id").is_not_null())
    sized = placed.with_columns(pl.col("amount_nok").abs().alias("size_nok"))
    ranked = sized.sort(_BY_KEY, descending=_BEST_FIRST)
    return _with_first_word(ranked.unique("category_key", keep="first", maintain_order=True))


def _with_first_word(keys: pl.DataFrame) -> pl.DataFrame:
    return keys.with_columns(pl.col("item_text").str.extract(_FIRST_WORD).alias("first_word"))


def _status(labelled: pl.DataFrame, training: pl.DataFrame, settings: Settings) -> str:
    if labelled.height < settings.learned_category_min_keys or training.is_empty():
        return "too_few_keys"
    return "measured" if training["category_id"].n_unique() > 1 else "one_category"


def _is_accepted(settings: Settings) -> pl.Expr:
    return pl.col("confidence") > settings.learned_category_min_confidence


# --- the model ----------------------------------------------------------------------------------


class _Model:
    """One linear classifier per category against the others, their probabilities made to add to 1.

    The order of the rows, the seed and the number of passes are fixed, and nothing in it runs in
    more than one thread: the same keys give the same bytes.
    """

    def __init__(self, training: pl.DataFrame) -> None:
        features = _features(training)
        self._columns = np.flatnonzero(features.getnnz(axis=0))
        self._classifier = SGDClassifier(
            loss="log_loss",
            alpha=_REGULARISATION,
            max_iter=_EPOCHS,
            tol=None,
            average=True,
            random_state=_SEED,
        )
        self._classifier.fit(features[:, self._columns], training["category_id"].to_numpy())

    def judged(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Return category_id and confidence (0..1) of each row, in the rows' order."""
        schema = {"category_id": pl.String(), "confidence": pl.Float64()}
        slices = [self._judged(part) for part in keys.iter_slices(_SLICE) if part.height]
        return pl.concat(slices) if slices else pl.DataFrame(schema=schema)

    def _judged(self, keys: pl.DataFrame) -> pl.DataFrame:
        chances = self._classifier.predict_proba(_features(keys)[:, self._columns])
        best = chances.argmax(axis=1)
        names = [str(name) for name in self._classifier.classes_[best]]
        return pl.DataFrame({"category_id": names, "confidence": chances.max(axis=1)})


def _features(keys: pl.DataFrame) -> Any:
    """Return the keys as a sparse matrix: words and parts of words, supplier, account, art, one."""
    texts = keys["item_text"].fill_null("").to_list()
    plain: dict[str, Any] = {"alternate_sign": False, "dtype": np.float64}
    words = HashingVectorizer(n_features=_TEXT_FEATURES, token_pattern=r"(?u)\b\w+\b", **plain)
    parts = HashingVectorizer(
        n_features=_TEXT_FEATURES, analyzer="char_wb", ngram_range=(3, 5), **plain
    )
    codes = HashingVectorizer(n_features=_CODE_FEATURES, analyzer=_whole, **plain)
    columns = ("supplier_id", "account", "kostra_art")
    blocks = [codes.transform(keys[name].fill_null("").to_list()) for name in columns]
    constant = sp.csr_matrix(np.ones((keys.height, 1)))
    return sp.hstack([words.transform(texts), parts.transform(texts), *blocks, constant]).tocsr()


def _whole(value: str) -> list[str]:
    return [value] if value else []


def _rule(training: pl.DataFrame, test: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return what the simple rule says: the commonest category of the training keys that are alike.

    Where none is, the commonest of all.
    """
    overall = _commonest(training, []).item(0, "category_id")
    known = _commonest(training.filter(pl.col(column).is_not_null()), [column])
    found = test.select(column).join(
        known.select(column, "category_id"), on=column, how="left", maintain_order="left"
    )
    return found.select(pl.col("category_id").fill_null(overall))


def _commonest(training: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    counted = training.group_by([*by, "category_id"]).agg(pl.len().alias("times"))
    ranked = counted.sort(
        [*by, "times", "category_id"], descending=[*([False] * len(by)), True, False]
    )
    return ranked.unique(by, keep="first", maintain_order=True) if by else ranked.head(1)


# --- the measures -------------------------------------------------------------------------------


def _no_suggestions(unknown: pl.DataFrame) -> pl.DataFrame:
    return CATEGORY_SUGGESTION.checked(
        unknown.select(
            "category_key",
            pl.lit(None, pl.String).alias("category_id"),
            pl.lit(None, pl.Float64).alias("confidence"),
            pl.lit(False).alias("is_accepted"),
        )
    )


def _unmeasured(labelled: pl.DataFrame, status: str, settings: Settings) -> pl.DataFrame:
    """Return a row per method that says how much there was to learn from, and that it was not."""
    empty = labelled.head(0)
    no_guesses = empty.select("category_id", pl.lit(None, pl.Float64).alias("confidence"))
    guesses = dict.fromkeys((LEARNED, *RULES), no_guesses)
    rows = _measured(labelled, empty, empty, guesses, settings)
    return rows.with_columns(
        pl.lit(status).alias("status"), pl.lit(False).alias("is_best_single_rule")
    )


def _measured(
    labelled: pl.DataFrame,
    training: pl.DataFrame,
    test: pl.DataFrame,
    guesses: dict[str, pl.DataFrame],
    settings: Settings,
) -> pl.DataFrame:
    """Return one row per method: keys and NOK of the held-out part, and how many it was right on.

    The best single rule is the one that is right on most keys, then NOK, then the first by name.
    """
    common = {
        "status": "measured",
        "category_count": labelled["category_id"].n_unique(),
        "labelled_key_count": labelled.height,
        "training_key_count": training.height,
    }
    rows = []
    for method, guess in guesses.items():
        is_learned = method == LEARNED
        judged = test.select("size_nok", pl.col("category_id").alias("true_id"))
        judged = pl.concat([judged, guess], how="horizontal")
        rows.append(
            {"method": method, **common, **_counts(judged)}
            | (_accepted(judged, settings) if is_learned else {})
        )
    rules = sorted(
        (row for row in rows if row["method"] != LEARNED),
        key=lambda row: (-row["correct_key_count"], -row["correct_nok"], row["method"]),
    )
    for row in rows:
        row["is_best_single_rule"] = row is rules[0]
    return CATEGORY_MODEL.checked(pl.DataFrame(rows, schema_overrides=dict(CATEGORY_MODEL.schema)))


def _counts(judged: pl.DataFrame) -> dict[str, Any]:
    right = judged.filter(pl.col("true_id") == pl.col("category_id"))
    return {
        "test_key_count": judged.height,
        "correct_key_count": right.height,
        "test_nok": judged["size_nok"].sum(),
        "correct_nok": right["size_nok"].sum(),
    }


def _accepted(judged: pl.DataFrame, settings: Settings) -> dict[str, Any]:
    """Return what the setting would let count of the held-out part, and how much of it is right."""
    counts = _counts(judged.filter(_is_accepted(settings)))
    return {
        "min_confidence": settings.learned_category_min_confidence,
        "accepted_key_count": counts["test_key_count"],
        "accepted_correct_key_count": counts["correct_key_count"],
        "accepted_nok": counts["test_nok"],
        "accepted_correct_nok": counts["correct_nok"],
        "mean_confidence": judged["confidence"].mean(),
    }
