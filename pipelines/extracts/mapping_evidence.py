"""What a heading may mean and what its values look like: the evidence for a drafted mapping.

How columns are chosen by it stands in `mapping_suggest`, the words themselves in `mapping_words`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from pipelines.extracts import cell_values
from pipelines.extracts.identifiers import is_orgnr
from pipelines.extracts.mapping_words import WORDS
from pipelines.extracts.tabular import Heading

MUST_BE_NUMBER = {
    "amount", "gross_amount", "vat_amount", "currency_amount", "quantity", "price", "list_price",
    "discount_percent", "base_quantity", "debit", "credit",
}  # fmt: skip
MUST_BE_DATE = {
    "posting_date", "invoice_date", "due_date", "payment_date", "order_date", "delivery_date",
    "receipt_date", "valid_from", "valid_to",
}  # fmt: skip
_MEASURES = {"amount", "quantity", "price"}
_MUST_BE_WORDS = {
    "supplier_name", "account_name", "responsibility_name", "department_name", "project_name",
    "kostra_function_name", "entity_name",
}  # fmt: skip
NET = re.compile(
    r"\bnett?o?\b|netto|\beks\b|\bekskl|\bexkl|\bexcl|\bex\b|\but[ea]n (mva|avgift|moms)"
)
GROSS = re.compile(r"brutto|\bgross|\binkl|\bincl|\bmed (mva|moms)")
BALANCE = re.compile(r"saldo|balance|hittil|\bytd\b|akkumulert|\brest|valuta|orig")
_DATE_OF_TERM = re.compile(r"\b(end|start|slutt?|stopp?|expiry|utlop|gyldig|valid|giltig)\b")
_DASH = r"^[-\u2010-\u2015\u2212]+$"
_SAMPLE = 2_000


def fold(text: str) -> str:
    """Return a heading as it is looked up: case, accents, camel case and punctuation away."""
    text = re.sub(r"(?<=[a-zæøåäö])(?=[A-ZÆØÅÄÖ])", " ", text)
    text = re.sub(r"\(t\)", " tekst", text, flags=re.IGNORECASE)
    text = text.casefold().replace("ø", "o").replace("æ", "ae").replace("£", " ")
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.replace("oe", "o").replace("aa", "a").replace("ae", "a")
    return re.sub(r"[\W_]+", " ", text).strip()


def _vocabulary() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for target, words in WORDS.items():
        for position, word in enumerate(words):
            score = 1.0 - min(position, 60) * 0.004
            found.setdefault(fold(word), {}).setdefault(target, score)
    return found


_VOCABULARY = _vocabulary()
_COMPACT = {word.replace(" ", ""): targets for word, targets in _VOCABULARY.items()}


def meanings(heading: str) -> dict[str, float]:
    """Return the targets that a heading may mean, with a score in 0..1."""
    plain = fold(heading)
    found = dict(_VOCABULARY.get(plain, {})) or dict(_COMPACT.get(plain.replace(" ", ""), {}))
    if found:
        return found
    for word, targets in _VOCABULARY.items():
        if len(word) >= 4 and f" {word} " in f" {plain} ":
            share = len(word) / max(len(plain), 1)
            for target, score in targets.items():
                found[target] = max(found.get(target, 0.0), score * (0.3 + 0.4 * share))
    return found


def is_known(heading: str) -> bool:
    """Return whether a heading is in the vocabulary as it stands."""
    plain = fold(heading)
    return plain in _VOCABULARY or plain.replace(" ", "") in _COMPACT


@dataclass(frozen=True)
class Values:
    """What a column's values look like: shares of the filled cells, in 0..1.

    A lone dash counts as empty; `dashes` are the dashes that occur. `fine` is how many amounts
    have more than two decimals, `two_ways` how many could be read in two ways.
    """

    filled: float
    numbers: float = 0.0
    dates: float = 0.0
    orgnrs: float = 0.0
    words: float = 0.0
    short: float = 0.0
    decimals: float = 0.0
    negative: float = 0.0
    distinct: int = 0
    fine: int = 0
    two_ways: int = 0
    formats: tuple[str, ...] = ()
    other_formats: tuple[str, ...] = ()
    dashes: tuple[str, ...] = ()


def looked_at(cells: pl.Series) -> Values:
    """Return what the values of a column look like. Dates and doubts are judged on all of them."""
    text = cells.str.strip_chars()
    text = text.filter((text != "").fill_null(False))
    is_dash = text.str.contains(_DASH)
    dashes = tuple(sorted(text.filter(is_dash).unique().to_list()))
    text = text.filter(~is_dash)
    if text.is_empty():
        return Values(0.0, dashes=dashes)
    sample = text.head(_SAMPLE)
    mark = cell_values.proven_mark([text])
    found = cell_values.amounts(sample, pl.Decimal(38, 6), mark, 6)
    two_ways = found.reasons.str.contains("to måter").fill_null(False)
    formats, dates = cell_values.guess_formats(text)
    known = text.head(_SAMPLE).unique().to_list()
    orgnr = [is_orgnr(re.sub(r"(?i)[\s\u00a0.-]|^NO|MVA$", "", value)) for value in known]
    finer = found.values != found.values.round(2)
    return Values(
        filled=len(text) / max(len(cells), 1),
        numbers=_share(found.values.is_not_null() | two_ways),
        dates=dates,
        orgnrs=sum(orgnr) / len(orgnr),
        words=_share(text.str.contains(r"[A-Za-zÆØÅæøåÄÖäö]{2}")),
        short=_share(text.str.len_chars() <= 4),
        decimals=_share(text.str.contains(r"[.,]\d{2}\D*$")),
        negative=_share((found.values < 0).fill_null(False)),
        distinct=text.n_unique(),
        fine=int(finer.sum()),
        two_ways=int(two_ways.sum()),
        formats=formats,
        other_formats=_swapped(text, formats),
        dashes=dashes,
    )


def _swapped(text: pl.Series, formats: tuple[str, ...]) -> tuple[str, ...]:
    """Return the formats with day and month in the other order, where they read all values too."""
    swap = {"%d/%m": "%m/%d", "%m/%d": "%d/%m"}
    other = tuple(swap[f[:5]] + f[5:] for f in formats if f[:5] in swap)
    if not other or len(other) != len(formats):
        return ()
    return other if cell_values.dates(text, other).null_count() == 0 else ()


def _share(mask: pl.Series) -> float:
    return int(mask.sum()) / len(mask) if len(mask) else 0.0


def score(target: str, heading: Heading, values: Values) -> float:
    """Return how well a column suits one of ours: 0 for not at all, about 1 for surely."""
    base = max(meanings(name).get(target, 0.0) for name in heading.names)
    if base == 0.0 or values.filled == 0.0:
        return 0.0
    plain = fold(heading.display)
    if target in MUST_BE_NUMBER:
        least = 0.3 if target in _MEASURES else 0.99
        base = _as_amount(base, plain) if target == "amount" else base
        return base * values.numbers if values.numbers >= least else 0.0
    if target in MUST_BE_DATE:
        is_term = target not in ("valid_from", "valid_to") and _DATE_OF_TERM.search(plain)
        return base if values.dates >= 0.9 and not is_term else 0.0
    return base * _fitness(target, plain, values)


def _as_amount(base: float, plain: str) -> float:
    """Prefer what is without VAT; a balance or another currency is the last way out."""
    if BALANCE.search(plain):
        return base * 0.4
    if NET.search(plain):
        return base + 0.3
    return base * 0.6 if GROSS.search(plain) else base


def _fitness(target: str, plain: str, values: Values) -> float:
    if target == "year":
        return float(values.numbers > 0.9)
    if target in _MUST_BE_WORDS:
        return float(values.words >= 0.5)
    if target in ("supplier_orgnr", "entity_orgnr"):
        return float(values.orgnrs >= 0.3)
    if target in ("supplier_id", "account") and values.words > 0.9 and values.numbers < 0.1:
        return 0.6
    if plain in ("enhet", "enhed"):
        is_unit = values.short > 0.9 and values.words > 0.5
        return 1.2 if is_unit == (target == "unit_code") else 0.2
    return 1.0
