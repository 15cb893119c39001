"""Drafts a mapping for a table that none fits, from its headings and its values.

Headings are known in Norwegian, Swedish, Danish and English; values decide where a heading could
mean two things (`mapping_evidence`). The draft loads as it is wherever the table has an amount, and
says in Norwegian how sure each choice is and what to look at. Deterministic; no files are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from pipelines.extracts import mapping_evidence as evidence
from pipelines.extracts.contracts.ledger import TARGETS
from pipelines.extracts.mapping_evidence import MUST_BE_DATE, MUST_BE_NUMBER, Values, fold
from pipelines.extracts.mapping_words import WORDS
from pipelines.extracts.tabular import (
    ROW,
    Header,
    Heading,
    RawTable,
    TableProblem,
    find_header,
    plain_heading,
    raw_tables,
    sections,
)

Confidence = Literal["sikker", "trolig", "usikker"]
_PREFERENCE = {"amount": 3.0, "supplier_name": 2.0, "payment_date": 1.0, "posting_date": 1.0}
_MEASURES = {
    "ledger_line": "amount",
    "budget_line": "amount",
    "order_table_line": "amount",
    "receipt_table_line": "quantity",
    "price_table_item": "price",
}
_SIDES = ("debit", "credit")
_IDENTIFIERS = {"supplier_id", "supplier_legal_id", "supplier_orgnr"}
_NO_AMOUNT = re.compile(
    r"\b(nr|nummer|number|no|num|id|kode|kod|code|konto|account|year|ar|periode?|post\w*|zip|tel\w*)\b"
)
_MONEY_WORD = re.compile(
    r"kr\b|kroner|kronor|\bsum|total|utlegg|utgift|kostnad|cost|spend|spent|paid|price|pris|"
    r"nok\b|sek\b|dkk\b|gbp\b|usd\b|eur\b|amount|value|verdi|belop|betalt"
)
_KIND = (
    r"(?:i )?(?P<kind{}>budsjett|budget|(?:rev\w*|just\w*|regulert) ?(?:budsjett|budget)|"
    r"(?:oppr\w*|vedtatt|vedteke|arsbudsjett|forslag til) ?(?:budsjett|budget)?|budsjettforslag|"
    r"rekneskap|regnskap|regnskab|okonomiplan|plan|prognose|actuals?|utfall|bokslut|forbruk)"
)
_YEAR = r"(?P<year{}>(?:19|20)\d{{2}})"
_YEAR_HEADING = re.compile(
    f"^(?:{_KIND.format(1)} ?)?{_YEAR.format(1)}$|^{_YEAR.format(2)} {_KIND.format(2)}$"
)
_BUDGET_KINDS = {
    "rekneskap": "actual", "regnskap": "actual", "regnskab": "actual", "actual": "actual",
    "actuals": "actual", "utfall": "actual", "bokslut": "actual", "forbruk": "actual",
    "okonomiplan": "plan", "plan": "plan", "prognose": "plan",
}  # fmt: skip
_ACTUAL = re.compile(r"\b(regnskap|rekneskap|regnskab|utfall|bokslut|actuals?)\b")
_ANY_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_SWEDISH = re.compile(
    r"belopp|leverantor|bokforing|verifika|forvaltning|benamning|artikel|\bexkl|utfall|bokslut|"
    r"verksamhet|kopare|fakturadatum|\bnamnd"
)
_DANISH = re.compile(r"belob|bogforing|\bcvr\b|\bmoms|\bafdeling|regnskab\b")
_NORWEGIAN = re.compile(
    r"belop|bilag|leverandor|\bmva|ansvar|\bart\b|t[je]+neste|konto|ordre|vare|rekneskap|regnskap|"
    r"budsjett|funksjon|prosjekt|avdeling|kroner"
)
_SIGNS = (("£", "GBP"), ("€", "EUR"), ("$", "USD"))


class SuggestionProblem(Exception):
    """No mapping can be drafted; the text says in Norwegian what was looked for and found."""


@dataclass(frozen=True)
class Guess:
    """One column of the draft: our name, the heading, how sure, and why."""

    target: str
    heading: str
    confidence: Confidence
    reason: str


@dataclass
class Suggestion:
    """A drafted mapping: its YAML text, and what lies behind it."""

    table: str
    text: str
    guesses: list[Guess]
    notes: list[str] = field(default_factory=list)


def suggest(data: bytes, file_name: str = "", max_cells: int = 20_000_000) -> Suggestion:
    """Draft a mapping for a table.

    `file_name` is used only for the mapping's name and a year that nothing else tells. Raises
    SuggestionProblem where the file is no table or no column looks like what a table must have.
    """
    try:
        tables = raw_tables(data, max_cells)
    except TableProblem as problem:
        raise SuggestionProblem(f"{problem.place}: {problem.reason}") from problem
    drafts: list[_Draft] = []
    for raw in tables:
        header = find_header(raw, _familiarity)
        if header is not None:
            drafts.append(_Draft(raw, header, file_name))
    best = max(drafts, key=lambda draft: draft.strength, default=None)
    if best is None or not best.has_measure:
        raise SuggestionProblem(_no_measure(tables, best))
    alike = [d for d in drafts if d is not best and d.has_measure and d.table == best.table]
    return _Text(best, alike).suggestion()


def _no_measure(tables: list[RawTable], best: _Draft | None) -> str:
    headings = [h.display for h in best.headings] if best else []
    found = ", ".join(f"«{name}»" for name in headings[:12]) or "ingen kjente overskrifter"
    return (
        f"{tables[0].place}: fant ingen kolonne med beløp, antall eller pris (fant {found}). "
        "Skriv mappingen for hånd, eller eksporter med beløp."
    )


def _familiarity(cell: str) -> float:
    if _YEAR_HEADING.match(fold(cell)):
        return 0.5
    return max(evidence.meanings(cell).values(), default=0.0)


# --- which column is which ----------------------------------------------------------------------


class _Draft:
    """One table with its header, and the assignment of our columns to its headings."""

    def __init__(self, raw: RawTable, header: Header, file_name: str) -> None:
        piece, named = max(sections(raw, header), key=lambda found: found[0].cells.height)
        self.raw, self.header, self.file_name = raw, named, file_name
        self.headings = named.headings
        rows = piece.cells.drop(ROW)
        self.rows = rows.filter(~pl.all_horizontal(pl.all().is_null()))
        self.values: dict[str, Values] = {
            h.column: evidence.looked_at(self.rows[h.column]) for h in self.headings
        }
        self.above = " ".join(cell for row in raw.head()[: header.start] for cell in row if cell)
        self.years = self._year_columns()
        self.sides: tuple[Heading, Heading] | None = None
        self.table = self._which_table(self._assigned(set(WORDS)))
        known = {column.name for column in TARGETS[self.table].columns}
        self.assigned = self._finished(self._assigned(known | set(_SIDES)))

    @property
    def measure(self) -> str:
        """The column that a row of the table can't be without."""
        return _MEASURES[self.table]

    @property
    def is_product(self) -> bool:
        """Whether the amount must be worked out from quantity and price."""
        return (
            self.measure == "amount"
            and "amount" not in self.assigned
            and {"quantity", "price"} <= set(self.assigned)
        )

    @property
    def has_measure(self) -> bool:
        """Whether the table has what its rows are about: an amount, a quantity or a price."""
        return bool(self.years or self.measure in self.assigned or self.is_product)

    @property
    def strength(self) -> float:
        """How much of the table is understood; of equals the longest table is the best."""
        known = sum(score for _, score in self.assigned.values())
        return known + 3 * self.has_measure + self.rows.height * 1e-6

    def _year_columns(self) -> list[tuple[Heading, int, str]]:
        found = []
        for heading in self.headings:
            match = _YEAR_HEADING.match(fold(heading.display))
            values = self.values[heading.column]
            if match and (values.numbers > 0.8 or (values.dashes and not values.filled)):
                kind = (match["kind1"] or match["kind2"] or "").replace(" ", "")
                revised = re.match(r"rev|just|regulert", kind)
                budget = "revised_budget" if revised else "budget"
                year = int(match["year1"] or match["year2"])
                found.append((heading, year, _BUDGET_KINDS.get(kind, budget)))
        has_kind = any(re.search(r"[a-z]", fold(heading.display)) for heading, _, _ in found)
        return found if len(found) > 1 or has_kind else []

    def _score(self, target: str, heading: Heading) -> float:
        return evidence.score(target, heading, self.values[heading.column])

    def _assigned(self, targets: set[str]) -> dict[str, tuple[Heading, float]]:
        """Give each heading to at most one target and each target its best heading."""
        taken = {heading.column for heading, _, _ in self.years}
        pairs = sorted(
            (-self._score(target, heading) - _PREFERENCE.get(target, 0.0), position, target)
            for target in WORDS
            if target in targets
            for position, heading in enumerate(self.headings)
            if heading.column not in taken and self._score(target, heading) > 0.25
        )
        assigned: dict[str, tuple[Heading, float]] = {}
        used: set[str] = set()
        for _, position, target in pairs:
            heading = self.headings[position]
            if target in assigned or heading.column in used or (target == "amount" and self.years):
                continue
            assigned[target] = heading, self._score(target, heading)
            used.add(heading.column)
        return assigned

    def _finished(
        self, assigned: dict[str, tuple[Heading, float]]
    ) -> dict[str, tuple[Heading, float]]:
        self._pair_sides(assigned)
        if "amount" not in assigned and "gross_amount" in assigned and self.measure == "amount":
            assigned["amount"] = assigned.pop("gross_amount")
        if {"currency_amount", "currency"} <= set(assigned):
            assigned["transaction_currency"] = assigned.pop("currency")
        if self.measure not in assigned and not self.years and "price" not in assigned:
            last = self._last_way({heading.column for heading, _ in assigned.values()})
            if last is not None:
                assigned[self.measure] = last, 0.3
        self._period_of_dates(assigned)
        return assigned

    def _pair_sides(self, assigned: dict[str, tuple[Heading, float]]) -> None:
        """Take debit and credit for the amount, unless a signed amount stands beside them."""
        debit, credit = (assigned.pop(side, None) for side in _SIDES)
        if debit is None or credit is None or self.measure != "amount" or self.years:
            alone = debit or credit
            if alone is not None and "amount" not in assigned and not self.years:
                assigned["amount"] = alone
            return
        amount = assigned.get("amount")
        if amount is not None:
            is_balance = evidence.BALANCE.search(fold(amount[0].display))
            if not is_balance and self.values[amount[0].column].negative > 0:
                return
        assigned["amount"] = debit
        self.sides = debit[0], credit[0]

    def _last_way(self, used: set[str]) -> Heading | None:
        """Return an unknown column that can only be an amount, decimals first."""
        numeric = [
            heading
            for heading in self.headings
            if heading.column not in used
            and self.values[heading.column].numbers > 0.95
            and not _NO_AMOUNT.search(fold(heading.display))
            and not evidence.is_known(heading.display)
        ]
        exact = [h for h in numeric if self.values[h.column].decimals > 0.3]
        named = [h for h in numeric if _MONEY_WORD.search(fold(h.display))]
        return next(iter(named or exact), None)

    def _period_of_dates(self, assigned: dict[str, tuple[Heading, float]]) -> None:
        """A date column of months only ('2016-01') is the period."""
        used = {heading.column for heading, _ in assigned.values()}
        for heading in self.headings:
            if "period" in assigned:
                return
            meant = {target for name in heading.names for target in evidence.meanings(name)}
            cells = self.rows[heading.column].str.strip_chars().drop_nulls()
            months = cells.str.contains(r"^(19|20)\d{2}[-/. ]?\d{2}$").all()
            if heading.column not in used and MUST_BE_DATE & meant and months and len(cells):
                assigned["period"] = heading, 0.8

    def _which_table(self, assigned: dict[str, tuple[Heading, float]]) -> str:
        names = set(assigned)
        headings = " ".join(fold(h.display) for h in self.headings)
        if self.years or re.search(r"budsjett|budget|okonomiplan", headings):
            return "budget_line"
        has_item = bool({"item_id", "item_name", "gtin"} & names)
        is_posted = bool({"voucher_number", "invoice_number", "account", "kostra_art"} & names)
        is_ordered = bool({"order_number", "order_date"} & names)
        if "quantity" in names and not is_posted:
            if {"receipt_number", "receipt_date"} & names:
                return "receipt_table_line"
            if is_ordered and ({"amount", "price"} & names):
                return "order_table_line"
            if "amount" not in names and "price" not in names and (has_item or is_ordered):
                return "receipt_table_line"
            if has_item and {"amount", "price"} <= names:
                return "order_table_line"
        if "amount" not in names and "price" in names and has_item:
            return "price_table_item"
        is_identified = {"supplier_name", "supplier_id", "voucher_number", "invoice_number"} & names
        of_budget = {"responsibility", "kostra_function"} & names
        if is_identified or MUST_BE_DATE & names or not of_budget:
            return "ledger_line"
        is_budget = {"kostra_art", "account"} & names or "budsjett" in fold(self.file_name)
        return "budget_line" if is_budget else "ledger_line"


# --- as YAML ------------------------------------------------------------------------------------


class _Text:
    """A draft as the text of a mapping; `alike` are other sheets of the same kind."""

    def __init__(self, draft: _Draft, alike: list[_Draft]) -> None:
        self._draft, self._alike = draft, alike
        self._guesses: list[Guess] = []
        self._notes: list[str] = []

    def suggestion(self) -> Suggestion:
        """Return the draft with its comments."""
        draft = self._draft
        text = [f"name: {_quoted(self._name())}", f"table: {draft.table}"]
        constants = self._constants()
        if constants:
            text += ["constants:", *(f"  {key}: {value}" for key, value in constants)]
        text += ["columns:", *self._columns()]
        if draft.years:
            text += ["amounts:", *self._amounts()]
        text += self._remarks()
        return Suggestion(draft.table, "\n".join(text) + "\n", self._guesses, self._notes)

    def _name(self) -> str:
        stem = self._draft.file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return f"Utkast for {stem}" if stem else "Utkast"

    def _columns(self) -> list[str]:
        draft, lines = self._draft, []
        for target in [column.name for column in TARGETS[draft.table].columns]:
            if target == "amount" and draft.is_product:
                names = [self._unique_name(draft.assigned[n][0]) for n in ("quantity", "price")]
                listed = ", ".join(map(_quoted, names))
                lines.append(
                    f"  amount: {{product: [{listed}]}}  # usikker: antall ganger pris, fordi "
                    "tabellen ikke har linjesum; rabatt er ikke trukket fra"
                )
            elif target in draft.assigned and not self._is_filler(target):
                guess = self._guess(target)
                self._guesses.append(guess)
                comment = f"# {guess.confidence}: {guess.reason}"
                lines.append(f"  {target}: {self._rule(guess)}  {comment}")
        return lines

    def _amounts(self) -> list[str]:
        lines = []
        for heading, year, kind in self._draft.years:
            name = _quoted(self._unique_name(heading))
            parts = [f"source: {name}", f"year: {year}", f"budget_kind: {kind}"]
            dashes = self._draft.values[heading.column].dashes
            if dashes:
                parts.append(_as_zero(dashes))
            lines.append(f"  - {{{', '.join(parts)}}}")
        return lines

    def _guess(self, target: str) -> Guess:
        heading, score = self._draft.assigned[target]
        return Guess(
            target, self._unique_name(heading), _confidence(score), self._why(target, score)
        )

    def _why(self, target: str, score: float) -> str:
        heading = self._draft.assigned[target][0]
        values = self._draft.values[heading.column]
        words = "overskriften er kjent" if score > 0.7 else "overskriften ligner"
        if target == "amount" and self._draft.sides:
            return "debet minus kredit, kostnad blir positiv"
        if score == 0.3:
            return "eneste mulige tallkolonne; se om det er beløpet"
        if target in MUST_BE_NUMBER:
            return f"{words}, {_percent(values.numbers)} av verdiene er tall"
        if target in MUST_BE_DATE:
            return f"{words}, {_percent(values.dates)} av verdiene er datoer{self._order(heading)}"
        return words

    def _order(self, heading: Heading) -> str:
        values, formats = self._draft.values[heading.column], self._formats(heading)
        if any(f.startswith(("%d/%m", "%m/%d")) for f in formats):
            order = f", lest som {'/'.join(_order(formats))}"
            doubt = "; SJEKK: ingen verdi viser om dag eller måned står først"
            return order + (doubt if values.other_formats else "")
        return ", lest som regnearkets dagtall" if formats == ("excel",) else ""

    def _formats(self, heading: Heading) -> tuple[str, ...]:
        values = self._draft.values[heading.column]
        if values.other_formats and self._currency()[0] == "USD":
            return tuple(sorted(values.other_formats, key=lambda f: f[:2] != "%m"))
        return values.formats

    def _rule(self, guess: Guess) -> str:
        draft, target = self._draft, guess.target
        heading, _ = draft.assigned[target]
        if target == "amount" and draft.sides:
            debit, credit = (_quoted(self._unique_name(side)) for side in draft.sides)
            return f"{{debit: {debit}, credit: {credit}{self._empty_dashes(draft.sides)}}}"
        names, is_everywhere = self._names(target)
        name = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        parts = []
        formats = list(self._formats(heading))
        if target in MUST_BE_DATE and formats:
            for other in self._alike:
                if target in other.assigned:
                    formats += other.values[other.assigned[target][0].column].formats
            listed = ", ".join(_quoted(f) for f in dict.fromkeys(formats))
            parts.append(f"dates: [{listed}]")
        dashes = draft.values[heading.column].dashes
        empty = self._fillers(heading) if target in _IDENTIFIERS else []
        if dashes and target == draft.measure:
            parts.append(_as_zero(dashes))
        elif dashes or empty:
            texts = dict.fromkeys([*empty, *dashes])
            parts.append(f"empty: [{', '.join(map(_quoted, texts))}]")
        if not is_everywhere and target != draft.measure:
            parts.append("optional: true")
        if not parts and len(names) == 1:
            return name
        return f"{{source: {', '.join([name, *parts])}}}"

    def _names(self, target: str) -> tuple[list[str], bool]:
        """Return the quoted names of a column in all sheets, and whether each sheet has one."""
        found = [_quoted(self._unique_name(self._draft.assigned[target][0]))]
        plain = {plain_heading(self._draft.assigned[target][0].display)}
        is_everywhere = True
        for other in self._alike:
            if target not in other.assigned:
                is_everywhere = is_everywhere and any(other.header.find(name) for name in plain)
                continue
            display = other.assigned[target][0].display
            if plain_heading(display) not in plain and len(other.header.find(display)) == 1:
                found.append(_quoted(display))
                plain.add(plain_heading(display))
        return found, is_everywhere

    def _empty_dashes(self, sides: tuple[Heading, Heading]) -> str:
        dashes = {d for side in sides for d in self._draft.values[side.column].dashes}
        return f", empty: [{', '.join(map(_quoted, sorted(dashes)))}]" if dashes else ""

    def _fillers(self, heading: Heading) -> list[str]:
        """Return texts without a digit that fill a column of identifiers, like 'Redacted'."""
        cells = self._draft.rows[heading.column].str.strip_chars()
        words = cells.filter((~cells.str.contains(r"\d") & (cells != "")).fill_null(False))
        often = words.value_counts(sort=True).filter(pl.col("count") * 20 > len(cells))
        return sorted(often[heading.column].to_list())[:5]

    def _is_filler(self, target: str) -> bool:
        """Return whether a column of identifiers has nothing but texts like 'Redacted'."""
        if target not in _IDENTIFIERS:
            return False
        heading, _ = self._draft.assigned[target]
        cells = self._draft.rows[heading.column].str.strip_chars()
        rest = cells.filter((cells != "").fill_null(False))
        return bool(rest.is_in(self._fillers(heading)).all())

    def _unique_name(self, heading: Heading) -> str:
        name = heading.display
        same = self._draft.header.find(name)
        if len(same) > 1:
            return f"{name}#{[h.column for h in same].index(heading.column) + 1}"
        return name

    # --- what no column says --------------------------------------------------------------------

    def _constants(self) -> list[tuple[str, str]]:
        draft = self._draft
        found: list[tuple[str, str]] = []
        names = {column.name for column in TARGETS[draft.table].columns}
        if "currency" not in draft.assigned:
            currency, reason = self._currency()
            found.append(("currency", f"{currency}  # {reason}"))
        if "amount_basis" in names and not draft.years:
            basis, why = self._basis()
            found.append(("amount_basis", f"{basis}  # {why}"))
        if draft.table == "ledger_line":
            suppliers = {"supplier_name", "supplier_id", "supplier_orgnr"} & set(draft.assigned)
            kind = "supplier_ledger" if suppliers else "general_ledger"
            found.append(("ledger_kind", f"{kind}  # trolig: av hvilke kolonner som finnes"))
        if draft.table == "budget_line" and not draft.years:
            found += self._budget_constants()
        return found

    def _budget_constants(self) -> list[tuple[str, str]]:
        draft = self._draft
        headings = " ".join(fold(h.display) for h in draft.headings)
        kind = "actual" if _ACTUAL.search(f"{headings} {fold(draft.file_name)}") else "budget"
        found = [("budget_kind", kind)]
        if "year" not in draft.assigned:
            for source, where in ((draft.above, "teksten over"), (draft.file_name, "filnavnet")):
                years = _ANY_YEAR.findall(source)
                if years:
                    return [*found, ("year", f"{years[-1]}  # usikker: av {where}")]
            self._notes.append(
                "Tabellen sier ikke hvilket år den gjelder; sett year under constants."
            )
        return found

    def _basis(self) -> tuple[str, str]:
        draft = self._draft
        measure = draft.assigned.get("price" if draft.is_product else "amount")
        plain = fold(measure[0].display) if measure else ""
        if evidence.GROSS.search(plain):
            return "gross", "sikker: overskriften sier med mva"
        if evidence.NET.search(plain):
            return "net", "sikker: overskriften sier netto"
        return "unknown", "usikker: overskriften sier ikke om beløpet er uten mva"

    def _currency(self) -> tuple[str, str]:
        draft = self._draft
        written = [h.display for h in draft.headings]
        columns = [draft.assigned[n][0] for n in (draft.measure, "price") if n in draft.assigned]
        columns += [heading for heading, _, _ in draft.years]
        for heading in columns:
            cells = draft.rows[heading.column].head(500).drop_nulls()
            written += cells.filter(cells.str.contains(r"[£€$]")).head(1).to_list()
        for sign, currency in _SIGNS:
            if any(sign in text for text in written):
                return currency, f"sikker: tabellen har {sign}"
        headings = " ".join(fold(h.display) for h in draft.headings)
        code = re.search(r"\b(nok|sek|dkk|eur|gbp|usd)\b", headings)
        if code:
            return code[1].upper(), "sikker: en overskrift sier det"
        languages = ((_SWEDISH, "SEK", "svenske"), (_DANISH, "DKK", "danske"))
        for pattern, currency, language in languages:
            if pattern.search(headings) and not re.search(r"\bmva\b|leverandorn(r|avn)", headings):
                return currency, f"trolig: {language} overskrifter"
        if _NORWEGIAN.search(headings):
            return "NOK", "trolig: norske overskrifter"
        return self._english_currency(headings)

    def _english_currency(self, headings: str) -> tuple[str, str]:
        formats = {f[:5] for values in self._draft.values.values() for f in values.formats}
        american = re.search(r"\bcheck\b|\bvendor|\bfiscal|\bpayee|\bdept\b", headings)
        if "%m/%d" in formats or (american and "%d/%m" not in formats):
            return "USD", "usikker: ser ut som en amerikansk eksport; rett om den ikke er det"
        if re.search(r"\bvat\b|council|supplier|directorate|body name|merchant", headings):
            return "GBP", "usikker: ser ut som en britisk eksport; rett om den ikke er det"
        return "NOK", "usikker: tabellen sier ikke hvilken valuta; rett om den er en annen"

    # --- what to look at ------------------------------------------------------------------------

    def _remarks(self) -> list[str]:
        draft = self._draft
        measured = [heading for heading, _, _ in draft.years]
        if draft.measure in draft.assigned:
            measured.append(draft.assigned[draft.measure][0])
        found = list(self._notes)
        for heading in measured:
            found += self._doubts(heading.display, draft.values[heading.column])
        used = {heading.column for heading, _ in draft.assigned.values()}
        used |= {h.column for h, _, _ in draft.years} | {h.column for h in draft.sides or ()}
        unused = [h.display for h in draft.headings if h.column not in used]
        unused += [
            draft.assigned[t][0].display for t in sorted(draft.assigned) if self._is_filler(t)
        ]
        if unused:
            found.append("Ikke brukt: " + ", ".join(f"«{name}»" for name in unused[:40]))
        return ["# " + " ".join(remark.split()) for remark in found]

    def _doubts(self, name: str, values: Values) -> Iterable[str]:
        if values.fine:
            yield (
                f"SJEKK «{name}»: beløp med mer enn to desimaler går i karantene; "
                "sett «rounding: nearest» om de skal avrundes."
            )
        if values.two_ways:
            yield (
                f"SJEKK «{name}»: noen tall kan leses på to måter; sett «decimal: ','» eller "
                "«decimal: '.'» om filen ikke viser det selv."
            )
        if values.negative > 0.9:
            yield f"SJEKK «{name}»: nesten alt er minus; sett «sign: reversed» om det er kostnad."
        if values.numbers < 1:
            share = _percent(1 - values.numbers)
            yield f"SJEKK «{name}»: {share} av verdiene er ikke tall og går i karantene."


def _as_zero(dashes: Iterable[str]) -> str:
    return f"values: {{{', '.join(f'{_quoted(dash)}: 0' for dash in dashes)}}}"


def _confidence(score: float) -> Confidence:
    if score >= 0.85:
        return "sikker"
    return "trolig" if score >= 0.6 else "usikker"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _order(formats: Iterable[str]) -> list[str]:
    first = next(f for f in formats if f.startswith(("%d/%m", "%m/%d")))
    return ["dag", "måned", "år"] if first.startswith("%d") else ["måned", "dag", "år"]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\t", "\\t") + '"'
