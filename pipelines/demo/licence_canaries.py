"""Persons who are planted in the exports only to be looked for afterwards: they must be nowhere.

Names and numbers are invented. Birth numbers have their month raised by 80, as synthetic ones have
in the tests of the National Registry, with valid check digits, and can be nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Canary:
    """What the exports tell of one person, each value found nowhere else in the demo."""

    name: str
    login: str
    mail: str
    phone: str
    birth_number: str
    number: str
    manager: str

    def values(self) -> tuple[str, ...]:
        """Return every value that may be in no file of ours, the login's own part apart."""
        values = (self.name, self.login, self.mail, self.phone, self.birth_number, self.number)
        return (*(value for value in values if value), self.manager)


CANARIES: tuple[Canary, ...] = (
    Canary(
        "Kanarina Gulfjærsen",
        "kanarina.gulfjaersen@konto.lindvik.example",
        "kanarina@privatpost.example",
        "+47 999 73 101",
        "05919042348",
        "KANARI730101",
        "Lederine Burfuglås",
    ),
    Canary(
        "Sitroniel Vingestrøm-Buråsen",
        "sitroniel.vingestrom@konto.lindvik.example",
        "sitroniel@privatpost.example",
        "+47 999 73 202",
        "17858834538",
        "KANARI730202",
        "Overhodet Sangfuglmo",
    ),
    Canary(
        "Uvanlige Karanteneby",
        "",
        "karanteneby@privatpost.example",
        "+47 999 73 303",
        "23897756781",
        "KANARI730303",
        "Lederine Burfuglås",
    ),
    Canary(
        "Radløse Ansettelsdal",
        "",
        "",
        "",
        "11826045649",
        "KANARI730404",
        "Overhodet Sangfuglmo",
    ),
)
