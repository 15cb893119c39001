"""The invented municipality's units, the zones of its occupational-health agreement, and the
signs by which a unit is found on a document.

The names of the 49 units and their zones are facts of Rundskriv 17/2023, section 3. Everything
else here, the municipality included, is invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.demo.identifiers import gs1

MUNICIPALITY = "Lindvik kommune"

HEALTH, GROWTH, CITY = "Helse og omsorg", "Oppvekst og kunnskap", "Byutvikling"
CLIMATE, CULTURE, FINANCE = "Miljø og samferdsel", "Kultur og næring", "Finans og administrasjon"
DISTRICT, PARLIAMENT = "Bydelene", "Kommunestyret"


@dataclass(frozen=True)
class Unit:
    """A unit: `zone` is its occupational-health zone, `weight` its share of the documents."""

    unit_id: str
    name: str
    sector: str
    zone: str
    weight: float
    parent: str | None = None


_ZONE_1 = (
    ("BRE", "Brann- og redningsetaten", CLIMATE, 3.0),
    ("BFR", "Bydel Frogner", DISTRICT, 3.2),
    ("BGO", "Bydel Gamle Oslo", DISTRICT, 3.4),
    ("BGR", "Bydel Grünerløkka", DISTRICT, 3.3),
    ("BNA", "Bydel Nordre Aker", DISTRICT, 2.8),
    ("BSA", "Bydel Sagene", DISTRICT, 2.7),
    ("BSH", "Bydel St. Hanshaugen", DISTRICT, 2.5),
    ("BUN", "Bydel Ullern", DISTRICT, 2.3),
    ("BVA", "Bydel Vestre Aker", DISTRICT, 2.5),
    ("BYM", "Bymiljøetaten", CLIMATE, 6.0),
    ("REG", "Renovasjons- og gjenvinningsetaten", CLIMATE, 3.5),
    ("HEL", "Helseetaten", HEALTH, 3.0),
    ("PBE", "Plan- og bygningsetaten", CITY, 1.6),
    ("VAV", "Vann- og avløpsetaten", CLIMATE, 4.5),
    ("VEL", "Velferdsetaten", HEALTH, 3.0),
)
_ZONE_2 = (
    ("BFE", "Barne- og familieetaten", GROWTH, 3.0),
    ("BER", "Beredskapsetaten", FINANCE, 0.6),
    ("BBY", "Boligbygg", CITY, 4.0),
    ("BYA", "Byantikvaren", CITY, 0.4),
    ("BAL", "Bydel Alna", DISTRICT, 3.4),
    ("BBJ", "Bydel Bjerke", DISTRICT, 2.8),
    ("BGD", "Bydel Grorud", DISTRICT, 2.6),
    ("BNO", "Bydel Nordstrand", DISTRICT, 2.9),
    ("BST", "Bydel Stovner", DISTRICT, 2.8),
    ("BSN", "Bydel Søndre Nordstrand", DISTRICT, 2.9),
    ("BOS", "Bydel Østensjø", DISTRICT, 3.1),
    ("BLK", "Byrådslederens kontor", FINANCE, 0.5),
    ("BYR", "Byrådsavdelingene", FINANCE, 0.6),
    ("BYS", "Bystyrets sekretariat", PARLIAMENT, 0.4),
    ("DEI", "Deichmann bibliotek", CULTURE, 1.5),
    ("EBY", "Eiendoms- og byfornyelsesetaten", CITY, 2.0),
    ("FOB", "Fornebubanen", CLIMATE, 1.5),
    ("GRA", "Gravplassetaten", CULTURE, 1.0),
    ("INK", "Innkrevingsetaten", FINANCE, 0.4),
    ("KLI", "Klimaetaten", CLIMATE, 0.5),
    ("KAD", "Kommuneadvokaten", FINANCE, 0.4),
    ("KRV", "Kommunerevisjonen", PARLIAMENT, 0.4),
    ("KUL", "Kulturetaten", CULTURE, 1.5),
    ("MOB", "Mobbeombudet", GROWTH, 0.0),
    ("MUN", "Munchmuseet", CULTURE, 1.5),
    ("NAE", "Næringsetaten", CULTURE, 0.5),
    ("OBY", "Oslobygg", CITY, 9.0),
    ("ORI", "Origo", FINANCE, 2.0),
    ("HAV", "Oslo Havn", CULTURE, 2.2),
    ("PBO", "Pasient- og brukerombudet i Oslo", HEALTH, 0.3),
    ("RFT", "Rådhusets forvaltningstjeneste", FINANCE, 0.8),
    ("SYE", "Sykehjemsetaten", HEALTH, 7.0),
    ("UKE", "Utviklings- og kompetanseetaten", FINANCE, 5.0),
)
_PARTS = (
    ("BYR-FIN", "Byrådsavdeling for finans", FINANCE, 0.3),
    ("BYR-HEL", "Byrådsavdeling for helse", HEALTH, 0.3),
    ("BYR-OPP", "Byrådsavdeling for oppvekst", GROWTH, 0.3),
    ("BYR-MIL", "Byrådsavdeling for miljø", CLIMATE, 0.3),
    ("BYR-KUL", "Byrådsavdeling for kultur", CULTURE, 0.3),
)

UNITS: tuple[Unit, ...] = (
    *(Unit(code, name, sector, "1", weight) for code, name, sector, weight in _ZONE_1),
    *(Unit(code, name, sector, "2", weight) for code, name, sector, weight in _ZONE_2),
    Unit("UDE", "Utdanningsetaten", GROWTH, "3", 14.0),
    *(Unit(code, name, sector, "2", weight, "BYR") for code, name, sector, weight in _PARTS),
)
# A municipal enterprise, invented with its zone: a legal entity with a number and a ledger of its
# own, found on invoices by that number alone. It takes no part in what is drawn for the units.
ENTERPRISE = Unit("LEK", "Lindvik Eiendomsdrift KF", CITY, "2", 0.0)
BOUND_UNITS: tuple[Unit, ...] = (*UNITS, ENTERPRISE)
UNIT_BY_ID: dict[str, Unit] = {unit.unit_id: unit for unit in BOUND_UNITS}

WITHOUT_IDENTIFIER = "MOB"
WITHOUT_OCCUPATIONAL_HEALTH = "FOB"
PLACEHOLDERS = ("NA", "qwerty", "N/A", "-", "0")
ACTIVE_UNITS: tuple[Unit, ...] = tuple(u for u in UNITS if u.unit_id != WITHOUT_IDENTIFIER)


@dataclass(frozen=True)
class Identifier:
    """One row of the register of signs; types and matches in the register's Norwegian words."""

    unit_id: str
    type: str
    match: str
    value: str
    value_to: str
    priority: int


def first_reference(unit: Unit) -> int:
    """Return the first of the hundred buyer references that are the unit's."""
    return 10_000 + 100 * UNITS.index(unit)


def accounting_prefix(unit: Unit) -> str:
    """Return the four digits with which the unit's accounting strings begin."""
    return str(4000 + UNITS.index(unit))


def order_prefix(unit: Unit) -> str:
    """Return the beginning of the unit's own order numbers."""
    return f"BE{UNITS.index(unit):02d}-"


def contact(unit: Unit) -> str:
    """Return the name of the unit's invoice desk."""
    return f"Fakturamottak {unit.unit_id}"


def gln(unit: Unit) -> str:
    """Return the unit's GLN; only the city districts receive invoices on theirs."""
    return gs1(f"7080990{UNITS.index(unit):05d}")


def _identifiers(unit: Unit) -> tuple[Identifier, ...]:
    low = first_reference(unit)
    code = unit.unit_id
    rows = (
        Identifier(code, "deres_ref", "område", str(low), str(low + 99), 10),
        Identifier(code, "bestilling", "prefiks", order_prefix(unit), "", 20),
        Identifier(code, "kontering", "prefiks", accounting_prefix(unit), "", 30),
        Identifier(code, "kontakt", "eksakt", contact(unit), "", 40),
    )
    if unit.sector != DISTRICT:
        return rows
    return (*rows, Identifier(code, "endepunkt", "eksakt", gln(unit), "", 50))


IDENTIFIERS: tuple[Identifier, ...] = tuple(
    row for unit in ACTIVE_UNITS for row in _identifiers(unit)
)


def department(unit: Unit) -> str:
    """Return the department that the directory has on the unit's accounts."""
    return f"{unit.name}, stab og drift"


DEPARTMENTS: tuple[Identifier, ...] = tuple(
    Identifier(unit.unit_id, "avdeling", "eksakt", department(unit), "", 60)
    for unit in ACTIVE_UNITS
)
