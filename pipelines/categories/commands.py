"""What `samkjop categories` does and says, in Norwegian: the lines to print and the exit status."""

from __future__ import annotations

from pathlib import Path

from pipelines.builds import parse_as_of
from pipelines.categories import answers, questions
from pipelines.categories.sheet import INTERNAL
from pipelines.reporting.formats import number
from pipelines.settings import Settings

REFUSED = 3


def export(settings: Settings, file: Path, limit: int) -> tuple[list[str], int]:
    """Write the questions; raises UsageError as `questions.export_questions` does."""
    made = questions.export_questions(settings, file, limit)
    if not made.questions:
        return [f"skrevet: {file}. Alle linjer har en kategori, så arket er tomt."], 0
    return [
        f"skrevet: {file}, {number(made.questions)} av {number(made.in_all)} spørsmål, "
        f"{number(made.spend_nok, 2)} kroner",
        INTERNAL,
        f"Velg kategorier i arket, og les dem inn med «samkjop categories import {file}».",
    ], 0


def import_(settings: Settings, file: Path) -> tuple[list[str], int]:
    """Take the answers; status 3 where some of them can't be used. Raises UsageError."""
    known = questions.categories(settings)
    taken = answers.import_answers(settings, file, known, parse_as_of(""))
    lines = [f"{file}, {problem}" for problem in taken.problems]
    if taken.unanswered:
        lines.append(f"{taken.unanswered} rader har ikke noe svar og er ikke lest")
    if taken.file is None:
        lines.append("ingen svar å lese inn; ingenting er skrevet")
    else:
        lines.append(
            f"{_taken(taken)}; {taken.file} har {number(taken.in_all)} svar i alt. "
            "Kjør «samkjop run» for å bygge med dem."
        )
    return lines, REFUSED if taken.problems else 0


def _taken(taken: answers.Import) -> str:
    """Return what the answers were: new, other than before, or there already."""
    there = taken.given - taken.new - taken.changed
    parts = (
        (taken.new, "svar er lagt til"),
        (taken.changed, "svar er endret"),
        (there, "svar var der fra før"),
    )
    return ", ".join(f"{number(count)} {words}" for count, words in parts if count)
