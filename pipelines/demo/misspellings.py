"""Names of firms, and how others write them: with slips, abbreviations and letters that a system
lacks. Also names that are much alike and belong to different firms.

Only text belongs here. Who bears the names is in `suppliers`, what is bought from them in `twins`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_HEADS = (
    *(
        "Gneis",
        "Bøver",
        "Alm",
        "Dråp",
        "Egge",
        "Flør",
        "Gran",
        "Hær",
        "Iver",
        "Jette",
        "Kol",
        "Lær",
    ),
    *("Mørk", "Nys", "Opp", "Pors", "Rød", "Sær", "Tømmer", "Uste", "Våg", "Ytter", "Åker"),
    *("Skjær", "Brems"),
)
_TAILS = (
    "vik",
    "åsen",
    "lund",
    "nes",
    "haug",
    "foss",
    "voll",
    "gard",
    "vatn",
    "myr",
    "sand",
    "dal",
)
# Trade, and what a firm of it sells: categories that no agreement covers.
_TRADES = (
    ("Rådgivning", "K132"),
    ("Transport", "K143"),
    ("Eiendomsservice", "K213"),
    ("Måleteknikk", "K282"),
    ("Catering", "K165"),
    ("Prosjektering", "K205"),
    ("Persontrafikk", "K233"),
    ("Musikk", "K243"),
)
_TRANSLITERATED = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe", "Å": "Aa"})
_STRIPPED = str.maketrans({"å": "a", "æ": "a", "ø": "o", "Å": "A"})


@dataclass(frozen=True)
class FirmName:
    """A firm's name by its parts; `text` is how the firm itself writes it."""

    stem: str
    trade: str
    category_id: str
    region: str = ""

    @property
    def text(self) -> str:
        """The name as registered."""
        return " ".join(part for part in (self.stem, self.trade, self.region, "AS") if part)


def firm_name(number: int) -> FirmName:
    """Return the name of the firm of that number; the first 300 are all different."""
    turn, place = divmod(number, len(_HEADS))
    stem = _HEADS[place] + _TAILS[(5 * place + turn) % len(_TAILS)]
    return FirmName(stem, *_TRADES[(place + turn) % len(_TRADES)])


def other_trade(name: FirmName) -> FirmName:
    """Return a firm of the same stem in another trade: a different firm."""
    place = [trade for trade, _ in _TRADES].index(name.trade)
    return FirmName(name.stem, *_TRADES[(place + 3) % len(_TRADES)])


def other_stem(name: FirmName) -> FirmName:
    """Return a firm of the same trade, whose name ends as this one's: a different firm."""
    head = next(head for head in _HEADS if name.stem.startswith(head))
    return FirmName(f"Brunn{name.stem.removeprefix(head)}", name.trade, name.category_id)


def in_region(name: FirmName) -> FirmName:
    """Return a firm of the same name in the north: a different firm, with its own number."""
    return FirmName(name.stem, name.trade, name.category_id, "Nord")


def _slash(name: FirmName) -> str:
    return name.text.upper().removesuffix("AS") + "A/S"


def _swapped(name: FirmName) -> str:
    stem = name.stem
    return name.text.replace(stem, stem[:2] + stem[3] + stem[2] + stem[4:])


def _dropped(name: FirmName) -> str:
    middle = len(name.stem) // 2
    return name.text.replace(name.stem, name.stem[:middle] + name.stem[middle + 1 :])


def _doubled(name: FirmName) -> str:
    trade = name.trade
    return name.text.replace(trade, trade[:4] + trade[3] + trade[4:])


def _abbreviated(name: FirmName) -> str:
    return name.text.replace(name.trade, f"{name.trade[:5]}.")


VARIATIONS: dict[str, Callable[[FirmName], str]] = {
    "store_bokstaver": _slash,
    "translitterert": lambda name: name.text.translate(_TRANSLITERATED),
    "byttede_bokstaver": _swapped,
    "forkortet": _abbreviated,
    "uten_form": lambda name: name.text.upper().removesuffix(" AS"),
    "mangler_bokstav": _dropped,
    "uten_særtegn": lambda name: name.text.translate(_STRIPPED),
    "form_først": lambda name: f"AS {name.text.removesuffix(' AS')}",
    "bindestrek": lambda name: name.text.replace(f"{name.stem} ", f"{name.stem}-"),
    "dobbel_bokstav": _doubled,
    "avdeling": lambda name: f"{name.text} avd. Lindvik",
}


def misspelt(name: FirmName, turn: int) -> tuple[str, str]:
    """Return a variation's name and the text, the first from `turn` on that differs."""
    kinds = list(VARIATIONS)
    for step in range(len(kinds)):
        kind = kinds[(turn + step) % len(kinds)]
        text = VARIATIONS[kind](name)
        if text.upper() != name.text.upper():
            return kind, text
    raise AssertionError(f"no other way to write {name.text}")
