"""The Norwegian words for the codes in the published tables.

A purchase outside an agreement is «kjøp utenfor avtale, ikke forklart»: the figures can't tell
why it was made, so no word here accuses anybody.
"""

from __future__ import annotations

from pipelines.licences.words import CAUSES

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
    "enhetsregisteret": "Utdrag fra Enhetsregisteret",
    "m365_user": "Microsoft 365: brukere med lisenser",
    "m365_sku": "Microsoft 365: abonnementer",
    "m365_usage": "Microsoft 365: bruksrapport",
    "m365_product_plan": "Microsofts liste over produkter og planer",
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
    "price_list": "Varen står i en avtales prisliste",
    "answer": "En person har svart",
    "order_agreement": "Avtalen eller varekoden på bestillingen",
    "item_classification": "Varens klassifisering på fakturalinjen",
    "single_category_supplier": "Leverandøren selger bare én kategori",
    "account": "Konto eller KOSTRA-art",
    "text_rule": "Regel for teksten på linjen",
    "learned": "Forslag fra modellen som er sikkert nok",
    "credited_line": "Kategorien på linjen som krediteres",
    "spread_over_document": "Fordelt som linjene i dokumentet",
    "none": "Ukjent kategori: ikke funnet",
}


def evidence(subject: str, code: str | None) -> str:
    """Return how the `unit` or the `category` of a line was found, in words."""
    words = UNIT_EVIDENCE if subject == "unit" else CATEGORY_EVIDENCE
    return words.get(code or "none", code or "none")


KPI_STATUSES = {
    "reached": "nådd",
    "not_reached": "ikke nådd",
    "no_target": "uten mål",
    "not_measured": "ikke målt",
}

TRENDS = {
    "better": "bedre",
    "worse": "svakere",
    "unchanged": "uendret",
    "unknown": "ikke kjent",
}

COMPARISONS = {"at_least": "minst", "at_most": "høyst"}

MILESTONE_STATUSES = {
    "reached": "nådd",
    "reached_late": "nådd etter fristen",
    "overdue": "forfalt",
    "upcoming": "kommer",
}

CONTROL_RISKS = {
    "social_dumping": "sosial dumping",
    "environment": "miljø",
    "health_and_safety": "helse og sikkerhet",
}

LIMIT_KINDS = {
    "role": "rollen som godkjente",
    "unit": "den høyeste i enheten (godkjenningen er ikke kjent)",
    "none": "rollen har ingen registrert fullmakt",
}

CHANGE_PARTS = {
    "previous": "Forbruk i {before}",
    "new": "Nye leverandører",
    "lost": "Bortfalte leverandører",
    "price": "Pris",
    "quantity": "Mengde",
    "mix": "Miks og resten",
    "current": "Forbruk i {year}",
}

DEFINITION_CHOICES = {
    "active_rule": "når en leverandør er aktiv",
    "vat": "merverdiavgift",
    "investments": "investeringer",
    "public_bodies": "offentlige organer",
    "internal": "internkjøp",
    "transfers": "overføringer",
    "wages": "lønn og sosiale utgifter",
    "merging": "sammenslåing av leverandører",
    "addressable": "bare påvirkbare kjøp",
}

LOYALTY_EVIDENCE = {
    "reference": "Avtalen er navngitt på bestilling eller faktura",
    "price_list": "Varen står i avtalens prisliste",
    "supplier_category_zone_date": "Leverandør, kategori, sone og dato",
    "category_zone_date": "Kategori, sone og dato",
    "credited_line": "Følger linjen som krediteres",
    "spread_over_document": "Følger de andre linjene på dokumentet",
    "no_lot_found": "Ingen delkontrakt dekker kjøpet",
    "unknown_unit": "Enheten er ukjent",
    "unknown_category": "Kategorien er ukjent",
    "unknown_unit_and_category": "Enhet og kategori er ukjent",
}

EVENT_STATUSES = {
    "overdue": "forfalt",
    "upcoming": "kommer",
    "conditional": "dersom opsjonen utløses",
    "passed": "passert",
    "done": "ny konkurranse er i gang",
    "replaced": "en ny avtale har tatt over",
    "lapsed": "bortfalt: avtalen er utløpt",
}

OPTION_KINDS = {"extension": "forlengelse", "service": "kjøp av noe mer"}

OPTION_STATES = {
    "exercised": "utløst",
    "open": "kan utløses",
    "overdue": "fristen er passert, ikke registrert som utløst",
    "out_of_order": "registrert som utløst før en tidligere opsjon",
    "lapsed": "bortfalt: avtalen er utløpt",
}

PROJECTION_METHODS = {
    "linear": "samme fart som til nå",
    "no_pace": "ingen omsetning å framskrive",
    "no_end": "gjelder inntil videre",
    "not_started": "ikke begynt",
    "ended": "utløpt",
}

RESPONSIBLE = {"central_purchasing": "innkjøpsseksjonen", "sector": "sektoren"}

SAVING_METHODS = {
    "baseline_price": "Mot utgangsprisen i gevinstplanen",
    "list_price": "Mot listeprisen",
    "contracted_price": "Mot avtaleprisen (tapt gevinst)",
    "discount_share": "Ventet rabatt",
    "zero_price": "Prisen uten avtalen er 0: ingen gevinst",
    "none": "Ikke noe å regne med: ingen gevinst",
}

MODEL_METHODS = {
    "learned": "Den lærte modellen",
    "supplier": "Leverandørens vanligste kategori",
    "account": "Kontoens vanligste kategori",
    "text": "Vanligste kategori for første ord",
}

MODEL_STATUSES = {
    "measured": "målt",
    "too_few_keys": "for få linjer med kjent kategori",
    "one_category": "alle har den samme kategorien",
}

MERGE_OUTCOMES = {"merged": "slått sammen", "refused": "holdt fra hverandre"}

MERGE_DECIDERS = {
    "register": "registeret",
    "vat_number": "samme utenlandske mva-nummer",
    "splink": "likhet i navn og adresse",
}

MERGE_REASONS = {
    "register": "registeret sier at de er ulike",
    "ambiguous": "passer like godt med to organisasjonsnumre",
    "other_orgnr": "ville gitt to organisasjonsnumre",
    "other_vat": "ville gitt to mva-numre",
    "unknown_supplier": "registeret nevner en leverandør som ikke finnes",
}

SKU_ISSUES = {
    "guid_is_other_product": "GUID-en er et annet produkt i Microsofts liste",
    "guid_not_in_list": "GUID-en er ikke i Microsofts liste",
    "part_number_differs": "Koden er en annen i Microsofts liste",
    "not_in_tenant": "Er ikke i leietakerens liste over abonnementer",
    "no_price": "Prisen er ikke kjent, så kostnaden er ikke regnet ut",
    "no_terms": "Har ingen vilkår som gjelder på datoen",
    "without_entitlement": "Er tildelt, men vi har ingen plasser",
    "consumed_differs": "Eksportene har ulikt antall tildelte",
    "free_with_price": "Ført som kostnadsfritt, men har en pris",
    "entitlement_unit_unknown": "Plasser står på en enhet som ikke er i registeret",
}

LICENCE_CAUSES = CAUSES | {"merged": "Årsaker med få kontoer, og andre samlet med dem"}

PLAN_ACTIONS = {
    "remove": "fjern fra kontoer",
    "downgrade": "bytt til et billigere produkt",
    "upgrade": "bytt til et dyrere produkt",
    "assign": "gi til kontoer",
    "move": "flytt ledige plasser",
    "terminate": "si opp plasser",
    "do_not_renew": "ikke forny plasser",
    "buy": "kjøp plasser",
    "reuse": "bruk ledige plasser om igjen",
}

PLAN_CONSTRAINTS = {
    "standard": "standarden",
    "policy": "vedtatte krav",
    "floor": "minste antall i avtalen",
    "reduction_date": "oppsigelsesdag",
    "transfer": "kan ikke overføres",
    "reserve": "reserve til nye",
    "max_changes": "høyst så mange endringer",
    "true_up_date": "oppgjørsdag",
    "transferability": "kan ikke overføres",
    "true_up": "oppgjørsdag",
    "unknown_usage": "ukjent bruk beholdes",
}

PLAN_STATUSES = {
    "optimal": "bevist billigst",
    "feasible": "lovlig, ikke bevist billigst",
    "no_data": "ingen lisenser",
    "not_proven": "ikke bevist billigst",
}

TRANSFERABILITY = {
    True: "A08: ubrukte lisenser omfordeles",
    False: "B09t: kan ikke flyttes, bare sies opp",
}
