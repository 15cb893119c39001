"""The Norwegian words for the codes in the published tables.

A purchase outside an agreement is «kjøp utenfor avtale, ikke forklart»: the figures can't tell
why it was made, so no word here accuses anybody.
"""

from __future__ import annotations

LOYALTY_CLASSES = {
    "on_agreement": "på avtale",
    "wrong_zone": "feil sone",
    "off_agreement": "kjøp utenfor avtale, ikke forklart",
    "outside_period": "utenfor avtaleperioden",
    "voluntary": "frivillig avtale",
    "undetermined": "ikke avgjort",
    "no_agreement": "ingen avtale",
}

LOYALTY_CLASS_MEANINGS = {
    "on_agreement": "Riktig leverandør på en forpliktende avtale som gjelder enheten.",
    "wrong_zone": "Leverandøren er på avtalen, men for en annen sone eller delkontrakt.",
    "off_agreement": "En forpliktende avtale dekker kjøpet; leverandøren er ikke på den.",
    "outside_period": "Avtalen med leverandøren var utløpt eller ennå ikke begynt.",
    "voluntary": "Kjøp på en avtale som enheten kan bruke, men ikke må.",
    "undetermined": "Enhet eller kategori er ukjent, så kjøpet kan ikke plasseres.",
    "no_agreement": "Ingen avtale dekker kjøpet.",
}

STATUSES = {
    "assessed": "vurdert",
    "weak": "svakt grunnlag",
    "net_credit": "netto kreditert",
    "not_assessed": "ikke vurdert",
}

FILE_KINDS = {
    "ehf_invoice": "Faktura og kreditnota (EHF)",
    "ledger_line": "Regnskap eller reskontro (tabell)",
    "saft_financial": "Regnskap (SAF-T)",
    "budget_line": "Budsjett",
    "order_table_line": "Bestillinger (tabell)",
    "receipt_table_line": "Varemottak (tabell)",
    "price_table_item": "Prisliste (tabell)",
    "peppol_order": "Bestilling, endring eller ordresvar (EHF)",
    "peppol_despatch": "Pakkseddel (EHF)",
    "peppol_catalogue": "Katalog (EHF)",
    "code_list": "Kodeliste",
    "brreg_entity": "Utdrag fra Enhetsregisteret",
    "register": "Register",
    "unknown": "Ukjent filtype",
}

LEDGER_KINDS = {
    "saft": "SAF-T",
    "general_ledger": "hovedbok",
    "supplier_ledger": "leverandørreskontro",
    "payments": "betalinger",
}

RULES = {
    "BR-CO-10": "Linjesummen er ikke lik summen av linjene",
    "BR-CO-11": "Sum fradrag er ikke lik fradragene på dokumentet",
    "BR-CO-12": "Sum tillegg er ikke lik tilleggene på dokumentet",
    "BR-CO-13": "Beløp uten mva. stemmer ikke med linjer, fradrag og tillegg",
    "BR-CO-14": "Mva. er ikke lik summen av mva. per sats",
    "BR-CO-15": "Beløp med mva. er ikke beløp uten mva. pluss mva.",
    "BR-CO-16": "Å betale stemmer ikke med beløp, forskudd og avrunding",
    "BR-CO-17": "Mva. for en sats er ikke grunnlag ganger sats",
    "PEPPOL-EN16931-R120": "Linjebeløpet er ikke antall ganger pris med tillegg og fradrag",
}

VERDICTS = {
    "passed": "bestått",
    "failed": "ikke bestått",
    "errored": "kunne ikke gjennomføres",
}


def loyalty_class(code: str) -> str:
    """Return a loyalty class in words, with a capital letter."""
    return LOYALTY_CLASSES.get(code, code).capitalize()


def status(code: str, own_production_allowed: bool | None = None) -> str:
    """Return a loyalty status in words.

    `not_assessed` says why it is no accusation where the agreement allows own production (D06),
    and zero turnover elsewhere; None leaves the reason out (rows over several agreements).
    """
    if code != "not_assessed" or own_production_allowed is None:
        return STATUSES.get(code, code)
    reason = "egenregi tillatt, ingen bebreidelse" if own_production_allowed else "null omsetning"
    return f"{STATUSES[code]} – {reason}"


def file_kind(code: str) -> str:
    """Return the kind of a source file in words; a register's own name where that is the code."""
    if code.startswith("reg_"):
        return f"Register: {code.removeprefix('reg_')}"
    return FILE_KINDS.get(code, code)


UNIT_EVIDENCE: dict[str, str] = {
    "orgnr": "Kjøperens organisasjonsnummer",
    "endpoint": "Kjøperens endepunkt",
    "gln": "GLN",
    "buyer_reference": "«Deres ref.»",
    "accounting_cost": "Kontering",
    "contact": "Kontaktperson",
    "order_number": "Bestillingsnummer",
    "ledger_dimension": "Ansvar i regnskapet",
    "only_unit_of_orgnr": "Eneste enhet med kjøperens organisasjonsnummer",
    "credited_line": "Enheten på linjen som krediteres",
    "conflict": "Ukjent enhet: kjennetegnene peker på flere enheter",
    "none": "Ukjent enhet: ingen kjennetegn passer",
}

CATEGORY_EVIDENCE: dict[str, str] = {
    "item_classification": "Varens klassifisering på fakturalinjen",
    "single_category_supplier": "Leverandøren selger bare én kategori",
    "none": "Ukjent kategori: ikke funnet",
}


def evidence(subject: str, code: str | None) -> str:
    """Return how the `unit` or the `category` of a line was found, in words."""
    words = UNIT_EVIDENCE if subject == "unit" else CATEGORY_EVIDENCE
    return words.get(code or "none", code or "none")
