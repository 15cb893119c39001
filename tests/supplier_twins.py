"""Invented municipalities' suppliers: firms with a number, the same firms written by others without
one, and firms that look like them and are not.

Shares nothing with the linkage: what is varied here is what people and systems do to a name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import polars as pl


def _split(*lines: str) -> list[str]:
    return " ".join(lines).split()


_SURNAMES = _split(
    "Hansen Olsen Larsen Haugen Moen Strand Lund Solberg Eide Tangen Fosse Kvamme Brekke Sæther",
    "Bjørnstad Høgset Åsheim Grønli Nærbø Myklebust Tveit Fjeld Skogen Løkken Rød Vågen Aarnes",
)
_FIRST = _split("Per Kari Ola Nina Bjørn Åse Geir Mona")
_HEADS = _split(
    "Alv Brekk Dunder Elv Fjær Glim Hauk Iller Jøkul Kvit Løv Mær Niv Orr Pøls Rav Skjær Tåke",
    "Ulv Vind Ytre Ærlig Østr Åm Bratt Fønn Grå Hval Kråk Lyng Måk Nype Rogn Snø Trost Vier",
    "Balder Drage Ekorn Falke Gjøk Hegre Isbjørn Jerv Klipp Lom Mink Orre Rype Svale",
)
_TAILS = _split(
    "vik dal berg nes heim sund foss mark holt stad bygda fjord vang myr",
    "haug lia tun ås rud vatn elv moen skar",
)
_TRADES = _split(
    "Elektro Rør Bygg Transport Regnskap Renhold Maskin Data Eiendom Catering Maler Betong Anlegg",
    "Rådgivning Entreprenør Kontorrekvisita Ventilasjon Brannsikring Tannlegesenter Trykkeri",
    "Bilverksted Vaktmesterservice Snekkerverksted Bakeri Barnehage Bemanning Gartneri",
)
_GENERIC = _split("Bygg Elektro Service Total Norsk Data Transport Invest Handel Drift")
_TOWNS = (
    ("Bergen", "50"),
    ("Oslo", "05"),
    ("Trondheim", "70"),
    ("Molde", "64"),
    ("Førde", "68"),
    ("Bodø", "80"),
    ("Ålesund", "60"),
    ("Skien", "37"),
)
_SHORT = {
    "Elektro": "Elektr.",
    "Transport": "Transp.",
    "Entreprenør": "Entr.",
    "Rådgivning": "Rådgivn.",
    "Regnskap": "Regnsk.",
    "Ventilasjon": "Vent.",
}


@dataclass(frozen=True)
class Firm:
    """A firm: its words, form and address."""

    number: int
    words: tuple[str, ...]
    form: str
    town: str
    postal: str

    @property
    def text(self) -> str:
        """The name as it is registered."""
        return " ".join((*self.words, self.form)) if self.form else " ".join(self.words)


@dataclass
class Town:
    """The suppliers as they stand, and which firm each really is."""

    rows: list[dict[str, object]] = field(default_factory=list)
    firm_of: dict[str, int] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)

    @property
    def frame(self) -> pl.DataFrame:
        """The rows in the form of int_suppliers__to_link."""
        schema: dict[str, pl.DataType] = dict.fromkeys(self.rows[0], pl.String())
        schema["is_private_person"] = pl.Boolean()
        return pl.DataFrame(self.rows, schema=schema)


def orgnr(number: int) -> str:
    """Return a valid organisation number, another for every number."""
    for start in range(81000000 + 23 * number, 99999999):
        total = sum(int(d) * w for d, w in zip(str(start), (3, 2, 7, 6, 5, 4, 3, 2), strict=True))
        if total % 11 != 1:
            return f"{start}{(11 - total % 11) % 11}"
    raise AssertionError


def town(seed: int, firms: int = 400) -> Town:
    """Return a town of so many firms with a number; about a fourth is written without it too."""
    random = Random(seed)
    made = _with_lookalikes(random, [_firm(random, number) for number in range(firms)])
    result = Town()
    for firm in made:
        _enter(result, firm, firm.text, "NO", random)
    for firm in made:
        if random.random() < 0.25:
            _twin(result, firm, random)
    for stranger in _strangers(random, made):
        _enter(result, stranger, stranger.text, "NAVN", random)
    return result


def _firm(random: Random, number: int) -> Firm:
    trade = random.choice(_TRADES)
    kind = random.random()
    name, postal = random.choice(_TOWNS)
    words: tuple[str, ...] = (random.choice(_HEADS) + random.choice(_TAILS), trade)
    if kind < 0.2:
        words = (random.choice(_FIRST), random.choice(_SURNAMES), trade)
    elif kind < 0.3:
        words = (random.choice(_SURNAMES), "og", random.choice(_SURNAMES), trade)
    elif kind < 0.4:
        words = (random.choice(_HEADS) + random.choice(_TAILS),)
    elif kind < 0.5:
        words = (random.choice(_HEADS) + random.choice(_TAILS), trade, "og", random.choice(_TRADES))
    form = random.choices(("AS", "ASA", "ENK", "SA", "ANS"), (80, 3, 10, 4, 3))[0]
    return Firm(number, words, form, name, postal + f"{random.randrange(100):02}")


def _with_lookalikes(random: Random, firms: list[Firm]) -> list[Firm]:
    """Add firms with a number of their own whose names are much like another's."""
    made = list(firms)
    for firm in firms[::12]:
        elsewhere, postal = random.choice([t for t in _TOWNS if t[0] != firm.town])
        number = len(made)
        same = (number, firm.words, firm.form, elsewhere, f"{postal}11")
        longer = (number, (*firm.words, "og", "Varme"), firm.form, firm.town, f"{postal}12")
        branch = (number, (*firm.words, elsewhere), firm.form, elsewhere, f"{postal}13")
        made.append(Firm(*random.choice((same, longer, branch))))
    for place in ("Nord", "Sør", "Vest"):
        for generic in random.sample(_GENERIC, 3):
            name, postal = random.choice(_TOWNS)
            words = (generic, "Service", place)
            made.append(Firm(len(made), words, "AS", name, f"{postal}21"))
    return made


def _strangers(random: Random, firms: list[Firm]) -> list[Firm]:
    """Firms that are nobody else, without a number, named much like somebody."""
    made: list[Firm] = []
    for firm in firms[5::9]:
        other = random.choice([t for t in _TRADES if t not in firm.words])
        elsewhere, postal = random.choice([t for t in _TOWNS if t[0] != firm.town])
        changed = (
            (*firm.words[:-1], other) if len(firm.words) > 1 else (*firm.words, other),
            (*firm.words, "og", "Varme"),
            (*firm.words, random.choice(("Nordre", "Søndre", "Øst"))),
            (*firm.words, elsewhere),
            (firm.words[-1],),
            (f"{random.choice(_HEADS)}{random.choice(_TAILS)}", *firm.words[1:]),
        )
        words = random.choice(changed)
        made.append(Firm(len(firms) + len(made), words, "AS", elsewhere, f"{postal}31"))
    known = {frozenset(firm.words) for firm in firms}
    return [firm for firm in made if _is_another(firm, known)]


def _is_another(firm: Firm, known: set[frozenset[str]]) -> bool:
    towns = [word for word in firm.words if word in dict(_TOWNS)]
    is_plain = len(set(firm.words) - {"og"}) == len([w for w in firm.words if w != "og"])
    return is_plain and len(towns) < 2 and frozenset(firm.words) not in known


def _enter(result: Town, firm: Firm, text: str, scheme: str, random: Random) -> str:
    number = orgnr(firm.number) if scheme == "NO" else None
    key = f"NO{number}" if number else f"NAVN:{' '.join(text.upper().split())}"
    if key in result.firm_of:
        return key
    has_address = random.random() < (0.9 if number else 0.6)
    result.firm_of[key] = firm.number
    result.rows.append(
        {
            "supplier_id": key,
            "id_scheme": None,
            "id_value": None,
            "orgnr": number,
            "vat_id": None,
            "name": text,
            "postal_code": firm.postal if has_address else None,
            "city": firm.town if has_address else None,
            "country": "NO" if has_address else None,
            "is_private_person": False,
        }
    )
    return key


def _twin(result: Town, firm: Firm, random: Random) -> None:
    kind = random.choice(sorted(VARIATIONS))
    text = VARIATIONS[kind](firm, random)
    if random.random() < 0.3:
        text = text.upper()
    key = _enter(result, firm, text, "NAVN", random)
    if result.firm_of[key] == firm.number:
        result.twins[key] = kind


def _in_one(firm: Firm) -> str:
    words = [word for word in firm.words if word != "og"]
    return " ".join(("".join(words[:2]), *words[2:], firm.form))


def _ascii(firm: Firm, random: Random) -> str:
    letters = random.choice(
        ({"ø": "oe", "å": "aa", "æ": "ae"}, {"ø": "o", "å": "a", "æ": "ae"}, {"ø": "ö", "æ": "ä"})
    )
    text = firm.text
    for one, other in letters.items():
        text = text.replace(one, other).replace(one.upper(), other.capitalize())
    return text


def _slip(firm: Firm, random: Random) -> str:
    word = max(firm.words, key=len)
    place = random.randrange(1, len(word) - 2)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    doubled = word[:place] + word[place] + word[place:]
    dropped = word[:place] + word[place + 1 :]
    return firm.text.replace(word, random.choice((swapped, doubled, dropped)))


def _shortened(firm: Firm, random: Random) -> str:
    short = [word for word in firm.words if word in _SHORT]
    if short:
        return firm.text.replace(short[-1], _SHORT[short[-1]])
    if firm.words[0] in _FIRST:
        return firm.text.replace(firm.words[0], firm.words[0][0] + ".", 1)
    return firm.text.removesuffix(firm.form)


VARIATIONS: dict[str, Callable[[Firm, Random], str]] = {
    "upper": lambda firm, _: firm.text.upper(),
    "no_form": lambda firm, _: " ".join(firm.words),
    "slash": lambda firm, _: " ".join(firm.words) + (" A/S" if firm.form == "AS" else ""),
    "form_first": lambda firm, _: " ".join((firm.form, *firm.words)),
    "ascii": _ascii,
    "slip": _slip,
    "shortened": _shortened,
    "ampersand": lambda firm, _: firm.text.replace(" og ", " & "),
    "hyphen": lambda firm, _: "-".join(firm.words[:2]) + " " + " ".join(firm.words[2:]),
    "turned": lambda firm, _: " ".join((*firm.words[1:], firm.words[0], firm.form)),
    "in_one": lambda firm, _: _in_one(firm),
    "branch": lambda firm, _: f"{firm.text} avd. {firm.town}",
    "place": lambda firm, _: f"{' '.join(firm.words)} {firm.town} {firm.form}",
    "brackets": lambda firm, _: f"{firm.text} ({firm.town})",
    "punctuation": lambda firm, _: f"{', '.join(firm.words)}. {firm.form}",
    "cut": lambda firm, _: firm.text[:22],
}
