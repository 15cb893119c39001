"""Contracts of the registers that people keep: units, agreements, suppliers and what follows up.

A register is a whole, dated file; `aliases` are the headings under which its columns are known.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.extracts.contracts.columns import SOURCE_ROW, SOURCE_SHA256, Column, Table
from pipelines.extracts.contracts.columns import date_column as _date
from pipelines.extracts.contracts.columns import money_column as _money
from pipelines.extracts.contracts.columns import text_column as _text


def register_table(
    name: str, heading: str, grain: str, key: tuple[str, ...], *columns: Column
) -> Table:
    return Table(name, grain, key, (SOURCE_SHA256, SOURCE_ROW, *columns), register=heading)


def _optional(column: Column, description: str) -> Column:
    """Return a column that may be empty, under the same headings, with what it means here."""
    return replace(column, description=description, required=False)


_VALID_FROM = _date(
    "valid_from",
    "Første dag som teller; tom = ingen startdato",
    aliases=("gyldig_fra", "fra", "fra_dato", "startdato"),
)
_BEGINS = _date(
    "valid_from",
    "Første dag som teller",
    required=True,
    aliases=("gyldig_fra", "fra", "startdato", "fra_dato"),
)
_VALID_TO = _date(
    "valid_to",
    "Siste dag som teller; tom = inntil videre",
    aliases=("gyldig_til", "til", "til_dato", "sluttdato"),
)
_AGREEMENT_ID = _text(
    "agreement_id", "Avtalens ID", required=True, aliases=("avtale_id", "avtale", "avtalenr")
)
_AGREEMENT_ID_OPTIONAL = _optional(_AGREEMENT_ID, "Avtalens ID; tom når det ikke gjelder en avtale")
_LOT = _text(
    "lot",
    "Delkontrakt eller sone: nummer eller navn",
    required=True,
    aliases=("delkontrakt", "sone", "lott"),
)
_UNIT_ID = _text(
    "unit_id", "Enhetens ID", required=True, aliases=("enhet_id", "enhet", "virksomhet_id")
)
_CATEGORY_ID = _text(
    "category_id",
    "Kategoriens ID",
    required=True,
    aliases=("kategori_id", "kategori", "faggruppe_id"),
)
_ORGNR = _text(
    "orgnr",
    "Organisasjonsnummer: ni siffer med gyldig kontrollsiffer",
    aliases=("orgnr", "organisasjonsnummer", "org_nr"),
)
_ORGNR_REQUIRED = replace(_ORGNR, required=True)
_IS_EXERCISED = Column(
    "is_exercised",
    "boolean",
    "Ja når opsjonen er utløst",
    required=True,
    aliases=("utløst", "utlost", "benyttet"),
)
_EXERCISED_DATE = _date(
    "exercised_date", "Dagen opsjonen ble utløst", aliases=("utløst_dato", "utlost_dato")
)
_KPI_ID = _text("kpi_id", "Måltallets ID", required=True, aliases=("måltall_id", "maltall_id"))

REG_UNIT = register_table(
    "reg_unit",
    "enheter",
    "Én rad per enhet (virksomhet) og periode",
    ("unit_id", "valid_from"),
    _UNIT_ID,
    _text("name", "Enhetens navn", required=True, aliases=("navn", "enhetsnavn")),
    _ORGNR,
    _text("sector", "Sektoren enheten hører til", aliases=("sektor", "byrådsavdeling")),
    _text(
        "parent_unit_id",
        "ID-en til samleenheten over den",
        aliases=("overordnet_enhet_id", "overordnet", "overordnet_enhet"),
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_UNIT_IDENTIFIER = register_table(
    "reg_unit_identifier",
    "enhetskjennetegn",
    "Én rad per kjennetegn som en enhet kjennes igjen på i dokumentene, og periode",
    ("unit_id", "identifier_type", "match_type", "value", "valid_from"),
    _UNIT_ID,
    _text(
        "identifier_type",
        "Hva i dokumentet verdien sammenlignes med",
        required=True,
        aliases=("type", "kjennetegn"),
        values={
            "orgnr": "orgnr",
            "endepunkt": "endpoint",
            "gln": "gln",
            "deres_ref": "buyer_reference",
            "kontering": "accounting_cost",
            "kontakt": "contact",
            "bestilling": "order_number",
            "ansvar": "ledger_dimension",
            "avdeling": "directory_department",
            "selskap": "directory_company",
        },
    ),
    _text(
        "match_type",
        "Hvordan verdien sammenlignes",
        aliases=("treff", "sammenligning"),
        default="exact",
        values={"eksakt": "exact", "prefiks": "prefix", "område": "range", "omrade": "range"},
    ),
    _text(
        "value",
        "Verdien, begynnelsen på den (prefiks) eller den første i et område",
        required=True,
        aliases=("verdi",),
    ),
    _text("value_to", "Den siste verdien i et område", aliases=("verdi_til",)),
    Column(
        "priority",
        "integer",
        "Laveste tall går først; ved likhet avgjør rekkefølgen mellom kjennetegnene",
        aliases=("prioritet",),
        default="100",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_CATEGORY = register_table(
    "reg_category",
    "kategorier",
    "Én rad per kategori av varer, tjenester eller arbeider",
    ("category_id",),
    _CATEGORY_ID,
    _text("name", "Kategoriens navn", required=True, aliases=("navn", "kategorinavn")),
    _text("faggruppe", "Faggruppen kategorien hører til", aliases=("faggruppe",)),
    _text(
        "kind",
        "Hvilken tabell med terskelverdier som gjelder",
        aliases=("art", "anskaffelsestype"),
        default="goods_services",
        values={
            "varer_tjenester": "goods_services",
            "bygg_anlegg": "works",
            "helse_sosial": "health_social",
            "særlig": "special",
            "saerlig": "special",
        },
    ),
    Column(
        "is_addressable",
        "boolean",
        "Nei for kategorier som konkurranse ikke kan nå; de holdes utenfor avtaledekningen",
        aliases=("pavirkbar", "påvirkbar", "adresserbar"),
        default="ja",
    ),
    _text(
        "control_risk",
        "Hva leverandører i kategorien kontrolleres for; tom = ingen kjent risiko",
        aliases=("risiko", "kontrollrisiko"),
        values={
            "sosial_dumping": "social_dumping",
            "miljø": "environment",
            "miljo": "environment",
            "hms": "health_and_safety",
        },
    ),
    _text(
        "reuse",
        "Om brukt skal vurderes før kjøp av nytt, eller om kategorien er kjøp av brukt; tom = nei",
        aliases=("ombruk", "gjenbruk"),
        values={"aktuelt": "relevant", "er_ombruk": "reused"},
    ),
)

REG_CATEGORY_CODE = register_table(
    "reg_category_code",
    "kategorikoder",
    "Én rad per varekode, eller begynnelse på en varekode, som betyr en kategori",
    ("code_list", "code"),
    _text(
        "code_list",
        "UNSPSC, CPV eller navnet på et annet kodeverk, slik det står på fakturaene",
        required=True,
        aliases=("kodeverk",),
    ),
    _text(
        "code",
        "Koden eller de første sifrene i den",
        required=True,
        aliases=("kode", "kodeprefiks"),
    ),
    _CATEGORY_ID,
)

REG_ACCOUNT_CATEGORY = register_table(
    "reg_account_category",
    "kontokategorier",
    "Én rad per konto, KOSTRA-art eller varenummer som betyr en kategori, og periode",
    ("code_type", "match_type", "code", "orgnr", "valid_from"),
    _text(
        "code_type",
        "Hva koden er: konto i regnskapet, KOSTRA-art eller et varenummer",
        required=True,
        aliases=("kodetype",),
        values={"konto": "account", "kostra_art": "kostra_art", "varenummer": "item"},
    ),
    _text(
        "match_type",
        "Om koden er hele koden eller begynnelsen på den",
        aliases=("treff", "sammenligning"),
        default="exact",
        values={"eksakt": "exact", "prefiks": "prefix"},
    ),
    _text(
        "code",
        "Koden, eller begynnelsen på den (prefiks)",
        required=True,
        aliases=("kode", "kodeprefiks"),
    ),
    _optional(_ORGNR, "Leverandøren som har varenummeret; tom = hos alle leverandører"),
    _CATEGORY_ID,
    _VALID_FROM,
    _VALID_TO,
)

REG_TEXT_RULE = register_table(
    "reg_text_rule",
    "tekstregler",
    "Én rad per regel om hvilken kategori ord i en varetekst betyr, og periode",
    ("words", "orgnr", "valid_from"),
    _text(
        "words",
        "Ordene som alle skal stå i teksten, skilt med mellomrom; «papir*» er ord som begynner så",
        required=True,
        aliases=("ord", "tekstord"),
    ),
    _optional(_ORGNR, "Leverandøren regelen gjelder; tom = alle leverandører"),
    _CATEGORY_ID,
    Column(
        "priority",
        "integer",
        "Laveste tall går først; ved likhet går den mest bestemte regelen først",
        aliases=("prioritet",),
        default="100",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_SUPPLIER = register_table(
    "reg_supplier",
    "leverandører",
    "Én rad per leverandør som kommunen har beskrevet",
    ("orgnr",),
    _ORGNR_REQUIRED,
    _text(
        "name",
        "Navnet som skal vises; tom = navnet på den nyeste fakturaen",
        aliases=("navn", "leverandørnavn"),
    ),
    _text(
        "organisation_form",
        "Organisasjonsform: AS, ENK, KOMM …",
        aliases=("organisasjonsform", "orgform"),
    ),
    Column(
        "is_public_body",
        "boolean",
        "Ja for stat, fylkeskommune, kommune og foretakene deres",
        aliases=("offentlig", "er_offentlig"),
        default="nei",
    ),
    Column(
        "is_internal",
        "boolean",
        "Ja for kommunens egne foretak",
        aliases=("intern", "er_intern"),
        default="nei",
    ),
)

REG_SUPPLIER_MERGE = register_table(
    "reg_supplier_merge",
    "leverandørsammenslåinger",
    "Én rad per avgjørelse om to leverandører er samme leverandør",
    ("supplier_a", "supplier_b"),
    _text(
        "supplier_a",
        "Den ene: organisasjonsnummer, nøkkelen i tabellen over leverandører, eller navnet",
        required=True,
        aliases=("leverandør_a", "leverandor_a"),
    ),
    _text(
        "supplier_b",
        "Den andre, skrevet på samme måte",
        required=True,
        aliases=("leverandør_b", "leverandor_b"),
    ),
    _text(
        "decision",
        "Om de to er samme leverandør",
        required=True,
        aliases=("avgjørelse", "avgjorelse"),
        values={"samme": "same", "ulike": "different"},
    ),
    _text("reason", "Hvorfor", aliases=("begrunnelse",)),
    _date("decided_date", "Dagen det ble avgjort", aliases=("avgjort_dato", "avgjort")),
)

REG_SUPPLIER_CATEGORY = register_table(
    "reg_supplier_category",
    "leverandørkategorier",
    "Én rad per leverandør, kategori den leverer, og periode",
    ("orgnr", "category_id", "valid_from"),
    _ORGNR_REQUIRED,
    _CATEGORY_ID,
    Column(
        "is_single_category",
        "boolean",
        "Ja når alt leverandøren selger, er i denne kategorien",
        aliases=("en_kategori", "én_kategori", "enkeltkategori"),
        default="nei",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_AGREEMENT = register_table(
    "reg_agreement",
    "avtaler",
    "Én rad per avtale",
    ("agreement_id",),
    _AGREEMENT_ID,
    _text("title", "Avtalens tittel", required=True, aliases=("tittel", "avtalenavn", "navn")),
    Column(
        "is_binding",
        "boolean",
        "Ja når enhetene skal bruke avtalen, nei når de kan",
        required=True,
        aliases=("bindende", "forpliktende"),
    ),
    Column(
        "own_production_allowed",
        "boolean",
        "Ja når enhetene kan gjøre arbeidet selv",
        aliases=("egenregi_tillatt", "egenregi"),
        default="nei",
    ),
    _text(
        "lead_buyer",
        "Den som holdt konkurransen: kommunen selv eller et innkjøpssamarbeid",
        aliases=("oppdragsgiver", "innkjøpssamarbeid", "innkjopssamarbeid"),
    ),
    _BEGINS,
    _date(
        "end_date",
        "Siste dag avtalen gjelder uten opsjoner; tom = inntil videre",
        aliases=("gyldig_til", "til", "sluttdato", "til_dato"),
    ),
    _text(
        "agreement_manager", "Den som forvalter avtalen", aliases=("avtaleforvalter", "forvalter")
    ),
    _money(
        "ceiling_nok",
        "Avtalens høyeste verdi, kroner uten mva",
        aliases=("tak_nok", "tak", "maksverdi"),
    ),
    Column(
        "notice_months",
        "integer",
        "Hvor mange måneder før utløp en opsjon må være utløst",
        aliases=("varslingstid_mnd", "varslingstid"),
    ),
    Column(
        "notice_days",
        "integer",
        "Det samme i dager, når avtalen sier dager; går foran måneder",
        aliases=("varslingstid_dager",),
    ),
    Column(
        "lead_time_months",
        "integer",
        "Hvor mange måneder en ny konkurranse tar",
        aliases=("ledetid_mnd", "ledetid"),
    ),
    _date(
        "competition_started_date",
        "Dagen arbeidet med ny konkurranse begynte; tom = ikke begynt",
        aliases=("konkurranse_startet", "ny_konkurranse_startet"),
    ),
    Column(
        "stated_party_count",
        "integer",
        "Hvor mange parter avtalen oppgis å ha",
        aliases=("oppgitt_antall_parter", "antall_parter"),
    ),
    _text(
        "party_forms",
        "Organisasjonsformene som kan være part, skilt med semikolon; tom = alle",
        aliases=("partsformer", "kan_være_part"),
    ),
    Column(
        "is_ehandel_suitable",
        "boolean",
        "Ja når det som kjøpes på avtalen, egner seg for e-handel",
        aliases=("ehandel_egnet", "egnet_for_ehandel"),
    ),
    _date(
        "ehandel_activated_date",
        "Dagen avtalen ble tatt i bruk i e-handel; tom = ikke tatt i bruk",
        aliases=("ehandel_aktivert", "ehandel_fra"),
    ),
    _text(
        "contract_references",
        "Numrene fakturaer og bestillinger viser til avtalen med, skilt med semikolon",
        aliases=("avtalereferanser", "referanser", "kontraktsnummer"),
    ),
)

REG_AGREEMENT_OPTION = register_table(
    "reg_agreement_option",
    "opsjoner",
    "Én rad per opsjon på å forlenge en avtale",
    ("agreement_id", "option_number"),
    _AGREEMENT_ID,
    Column(
        "option_number",
        "integer",
        "Opsjonens nummer, fra 1",
        required=True,
        aliases=("opsjon_nr", "opsjon"),
    ),
    Column(
        "length_months",
        "integer",
        "Opsjonens lengde i måneder, minst 1",
        required=True,
        aliases=("lengde_mnd", "lengde_måneder"),
    ),
    _IS_EXERCISED,
    _EXERCISED_DATE,
)

REG_AGREEMENT_PARTY = register_table(
    "reg_agreement_party",
    "avtaleparter",
    "Én rad per part som kan kjøpe på en avtale, og periode",
    ("agreement_id", "name", "orgnr", "valid_from"),
    _AGREEMENT_ID,
    _text("name", "Partens navn", required=True, aliases=("navn", "part", "partsnavn")),
    _ORGNR,
    _text(
        "organisation_form",
        "Organisasjonsform: KOMM, FYLK, KF …; tom = som i Enhetsregisteret",
        aliases=("organisasjonsform", "orgform"),
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_SERVICE_OPTION = register_table(
    "reg_service_option",
    "tjenesteopsjoner",
    "Én rad per opsjon på å kjøpe noe mer på en avtale",
    ("agreement_id", "option_id"),
    _AGREEMENT_ID,
    _text("option_id", "Opsjonens ID i avtalen", required=True, aliases=("opsjon_id", "opsjon")),
    _text("title", "Hva opsjonen gjelder", required=True, aliases=("tittel", "opsjonstittel")),
    _optional(
        _CATEGORY_ID,
        "Kategorien det som kjøpes på opsjonen er i; tom = forbruket kan ikke skilles ut",
    ),
    _IS_EXERCISED,
    _EXERCISED_DATE,
)

REG_AGREEMENT_LOT = register_table(
    "reg_agreement_lot",
    "delkontrakter",
    "Én rad per delkontrakt eller sone i en avtale",
    ("agreement_id", "lot"),
    _AGREEMENT_ID,
    _LOT,
    _text("name", "Delkontraktens navn", aliases=("navn", "delkontraktnavn")),
    _text(
        "call_off",
        "Hvordan leverandør velges ved avrop",
        aliases=("avropsform", "rangering"),
        default="parallel",
        values={"parallell": "parallel", "rangert": "ranked", "enkelt": "single"},
    ),
)

REG_LOT_SUPPLIER = register_table(
    "reg_lot_supplier",
    "delkontrakt_leverandører",
    "Én rad per leverandør på en delkontrakt, og periode",
    ("agreement_id", "lot", "orgnr", "valid_from"),
    _AGREEMENT_ID,
    _LOT,
    _ORGNR_REQUIRED,
    _text("name", "Leverandørens navn", aliases=("navn", "leverandør", "leverandørnavn")),
    Column(
        "supplier_rank", "integer", "Rangering: 1 spørres først", aliases=("rang",), default="1"
    ),
    _text(
        "supplier_role",
        "Om den er leverandør på delkontrakten, eller underleverandør til en som er det",
        aliases=("rolle",),
        default="supplier",
        values={"leverandør": "supplier", "underleverandør": "subcontractor"},
    ),
    Column(
        "direct_call_off_allowed",
        "boolean",
        "Om kommunen kan bestille direkte av underleverandøren; av leverandører kan den alltid det",
        aliases=("direkte_bestilling", "kan_bestilles_direkte"),
        default="nei",
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_SUPPLIER_SUCCESSION = register_table(
    "reg_supplier_succession",
    "leverandørskifter",
    "Én rad per leverandør som en annen har trådt inn for, og avtale",
    ("orgnr", "valid_from", "agreement_id"),
    _text(
        "orgnr",
        "Organisasjonsnummeret som leverandøren hadde på avtalen",
        required=True,
        aliases=("fra_orgnr", "orgnr_fra", "gammelt_orgnr"),
    ),
    _text(
        "successor_orgnr",
        "Organisasjonsnummeret til den som har trådt inn",
        required=True,
        aliases=("til_orgnr", "orgnr_til", "nytt_orgnr"),
    ),
    _date(
        "valid_from",
        "Første dag den nye er leverandør",
        required=True,
        aliases=("gyldig_fra", "fra_dato", "skiftedato"),
    ),
    _optional(_AGREEMENT_ID, "Avtalen skiftet gjelder; tom = alle avtaler leverandøren er på"),
    _text(
        "reason",
        "Hvorfor: fusjon, fisjon, nytt organisasjonsnummer, overdragelse",
        required=True,
        aliases=("begrunnelse", "årsak"),
    ),
)

REG_LOT_UNIT = register_table(
    "reg_lot_unit",
    "delkontrakt_enheter",
    "Én rad per enhet som en delkontrakt gjelder for, og periode; «*» er alle enheter",
    ("agreement_id", "lot", "unit_id", "valid_from"),
    _AGREEMENT_ID,
    _LOT,
    _UNIT_ID,
    _VALID_FROM,
    _VALID_TO,
)

REG_LOT_CATEGORY = register_table(
    "reg_lot_category",
    "delkontrakt_kategorier",
    "Én rad per kategori som en delkontrakt omfatter, og periode",
    ("agreement_id", "lot", "category_id", "valid_from"),
    _AGREEMENT_ID,
    _LOT,
    _CATEGORY_ID,
    _VALID_FROM,
    _VALID_TO,
)

REG_EXEMPTION = register_table(
    "reg_exemption",
    "unntak",
    "Én rad per innvilget unntak fra en avtale",
    ("agreement_id", "unit_id", "valid_from"),
    _AGREEMENT_ID,
    _UNIT_ID,
    _BEGINS,
    _VALID_TO,
    _text(
        "reason", "Hvorfor unntaket er innvilget", required=True, aliases=("begrunnelse", "årsak")
    ),
)

REG_DEVIATION = register_table(
    "reg_deviation",
    "avvik",
    "Én rad per avvik eller reklamasjon som en enhet har meldt",
    ("deviation_id",),
    _text(
        "deviation_id",
        "Avvikets nummer",
        required=True,
        aliases=("avvik_id", "avviksnr", "avviksnummer"),
    ),
    _date(
        "reported_date",
        "Dagen avviket ble meldt",
        required=True,
        aliases=("meldt_dato", "avviksdato", "dato"),
    ),
    _AGREEMENT_ID_OPTIONAL,
    _ORGNR,
    _optional(_UNIT_ID, "ID-en til enheten som meldte avviket"),
    _text(
        "deviation_type",
        "Hva som var galt",
        aliases=("avvikstype", "type"),
        default="other",
        values={
            "forsinkelse": "late",
            "feil_vare": "wrong_item",
            "mengde": "quantity",
            "kvalitet": "quality",
            "pris": "price",
            "faktura": "invoice",
            "vilkår": "terms",
            "vilkar": "terms",
            "annet": "other",
        },
    ),
    _text(
        "description",
        "Hva som skjedde; skriv ikke navn på personer",
        aliases=("beskrivelse",),
        classification="personal",
    ),
    _text(
        "severity",
        "Hvor alvorlig det er; tom = ikke vurdert",
        aliases=("alvorlighet", "alvorlighetsgrad"),
        values={"lav": "low", "middels": "medium", "høy": "high", "hoy": "high"},
    ),
    _text(
        "status",
        "Hvor saken står; tom = lukket når den har en dato for det, ellers åpen",
        aliases=("status",),
        values={
            "åpen": "open",
            "apen": "open",
            "under_arbeid": "in_progress",
            "under_behandling": "in_progress",
            "lukket": "closed",
        },
    ),
    _text("order_number", "Bestillingens nummer", aliases=("bestillingsnr", "bestillingsnummer")),
    _text("invoice_number", "Fakturaens nummer", aliases=("fakturanr", "fakturanummer")),
    _money(
        "claim_nok",
        "Det som kreves av leverandøren utenom dagbot, kroner uten mva",
        aliases=("krav_nok", "krav", "kravbeløp"),
    ),
    _money(
        "dagbot_nok",
        "Dagboten som kreves, kroner",
        aliases=("dagbot_nok", "dagbot", "dagmulkt"),
    ),
    _date("closed_date", "Dagen saken ble lukket", aliases=("lukket_dato", "lukket", "avsluttet")),
)

REG_SUPPLIER_CONTROL = register_table(
    "reg_supplier_control",
    "leverandørkontroller",
    "Én rad per kontroll av en leverandør",
    ("orgnr", "agreement_id", "category_id", "control_date", "subject", "method"),
    _ORGNR_REQUIRED,
    _AGREEMENT_ID_OPTIONAL,
    _optional(_CATEGORY_ID, "Kategorien kontrollen gjelder; tom = alt leverandøren leverer"),
    _date("control_date", "Dagen kontrollen ble gjort", required=True, aliases=("kontrolldato",)),
    _text(
        "subject",
        "Hva som ble kontrollert",
        aliases=("tema",),
        default="social_dumping",
        values={
            "sosial_dumping": "social_dumping",
            "miljø": "environment",
            "miljo": "environment",
            "hms": "health_and_safety",
            "annet": "other",
        },
    ),
    _text(
        "method",
        "Hvordan det ble kontrollert; tom = ikke oppgitt",
        aliases=("kontrollform", "kontrolltype"),
        values={
            "egenrapportering": "self_report",
            "dokumentkontroll": "documents",
            "stedlig": "on_site",
        },
    ),
    _text(
        "result",
        "Hva kontrollen viste; tom = ikke avsluttet",
        aliases=("resultat", "funn"),
        values={
            "ingen_avvik": "no_findings",
            "avvik": "findings",
            "vesentlige_avvik": "serious_findings",
        },
    ),
    _date(
        "followup_due_date",
        "Siste frist for å rette det som ble funnet",
        aliases=("oppfølgingsfrist", "oppfolgingsfrist", "frist"),
    ),
    _date(
        "closed_date",
        "Dagen oppfølgingen ble avsluttet",
        aliases=("lukket_dato", "lukket", "avsluttet"),
    ),
)

REG_AUTHORITY_LIMIT = register_table(
    "reg_authority_limit",
    "fullmakter",
    "Én rad per enhet, rolle og slags fullmakt, og periode; «*» er alle enheter",
    ("unit_id", "role", "authority_type", "valid_from"),
    _UNIT_ID,
    _text(
        "role",
        "Rollen eller stillingen som har fullmakten, aldri navnet på en person",
        required=True,
        aliases=("rolle", "stilling"),
    ),
    _text(
        "authority_type",
        "Hva rollen har fullmakt til",
        aliases=("fullmaktstype",),
        default="order",
        values={"bestilling": "order", "avtale": "contract", "anvisning": "payment"},
    ),
    _money(
        "limit_nok",
        "Største beløp i ett kjøp, kroner uten mva",
        required=True,
        aliases=("grense_nok", "beløpsgrense", "belopsgrense", "fullmaktsgrense"),
    ),
    _VALID_FROM,
    _VALID_TO,
)

REG_COURSE = register_table(
    "reg_course",
    "kurs",
    "Én rad per kurs som er holdt",
    ("course_date", "title", "audience"),
    _date(
        "course_date",
        "Dagen kurset ble holdt; den første, når det var flere",
        required=True,
        aliases=("kursdato", "holdt_dato"),
    ),
    _text("title", "Kursets tittel", required=True, aliases=("tittel", "kurstittel", "kursnavn")),
    _text("audience", "Hvem kurset var for", aliases=("målgruppe", "malgruppe")),
    Column(
        "participant_count",
        "integer",
        "Hvor mange som deltok",
        aliases=("deltakere", "antall_deltakere"),
    ),
    Column(
        "duration_hours",
        "quantity",
        "Hvor mange timer kurset varte",
        aliases=("varighet_timer", "timer", "varighet"),
    ),
)

REG_MILESTONE = register_table(
    "reg_milestone",
    "milepæler",
    "Én rad per milepæl i strategien",
    ("milestone_id",),
    _text(
        "milestone_id",
        "Milepælens ID",
        required=True,
        aliases=("milepæl_id", "milepael_id", "milepæl"),
    ),
    _text("title", "Hva som skal være gjort", required=True, aliases=("tittel", "tiltak")),
    _date("due_date", "Siste frist", required=True, aliases=("frist", "fristdato")),
    _date(
        "done_date", "Dagen den ble nådd; tom = ikke nådd", aliases=("nådd_dato", "utført", "nådd")
    ),
    _text(
        "responsible",
        "Den som har ansvaret: helst en rolle eller enhet",
        aliases=("ansvarlig",),
        classification="personal",
    ),
    _text(
        "strategy_reference",
        "Målet eller punktet i strategien den hører til",
        aliases=("mål", "mal", "måltall", "strategipunkt"),
    ),
)

REG_TARGET = register_table(
    "reg_target",
    "mål",
    "Én rad per måltall og tiden et mål for det gjelder",
    ("kpi_id", "from_year"),
    _KPI_ID,
    Column(
        "from_year",
        "integer",
        "Første år målet gjelder",
        required=True,
        aliases=("fra_år", "fra_ar"),
    ),
    Column("to_year", "integer", "Siste år; tom = inntil videre", aliases=("til_år", "til_ar")),
    Column(
        "target_value",
        "quantity",
        "Målet: andeler fra 0 til 1, ellers et tall",
        required=True,
        aliases=("målverdi", "malverdi"),
    ),
    _text("source", "Hvor målet er vedtatt", aliases=("vedtak", "målkilde")),
)

REG_OWN_KPI = register_table(
    "reg_own_kpi",
    "måltall",
    "Én rad per år for et måltall som kommunen regner ut selv",
    ("kpi_id", "year"),
    _KPI_ID,
    _text("name", "Hva det måler", required=True, aliases=("måltallnavn", "navn")),
    Column("year", "integer", "Året", required=True, aliases=("år", "ar")),
    Column("numerator", "quantity", "Teller", required=True, aliases=("teller",)),
    Column(
        "denominator", "quantity", "Nevner; tom når tallet ikke er en andel", aliases=("nevner",)
    ),
    _text(
        "comparison",
        "Om målet skal nås nedenfra eller ovenfra",
        aliases=("retning",),
        default="at_least",
        values={"minst": "at_least", "høyst": "at_most", "hoyst": "at_most"},
    ),
    _text("source", "Hvor tallet kommer fra", aliases=("tallkilde",)),
)

REG_APPROVAL = register_table(
    "reg_approval",
    "godkjenninger",
    "Én rad per godkjenning av et kjøp, slik fakturasystemet har den",
    ("document_number", "orgnr", "role", "approved_date"),
    _text(
        "document_number",
        "Fakturaens nummer",
        required=True,
        aliases=("fakturanummer", "fakturanr"),
    ),
    _ORGNR_REQUIRED,
    _text(
        "role",
        "Rollen eller stillingen til den som godkjente, aldri navnet",
        required=True,
        aliases=("godkjent_av_rolle", "godkjenner_rolle"),
    ),
    _date("approved_date", "Dagen", required=True, aliases=("godkjent_dato",)),
)

REG_CATEGORY_ANSWER = register_table(
    "reg_category_answer",
    "kategorisvar",
    "Én rad per varetekst, leverandør og konto som en person har gitt en kategori",
    ("supplier_id", "item_text", "account"),
    _text(
        "supplier_id",
        "Leverandøren slik den står i dim_supplier",
        required=True,
        aliases=("leverandør_id", "leverandor_id"),
    ),
    _text(
        "item_text",
        "Vareteksten; tom for linjer uten tekst",
        aliases=("varetekst",),
    ),
    _text("account", "Kontoen i regnskapet; tom for fakturaer uten post", aliases=("konto",)),
    _CATEGORY_ID,
    _date("answered_date", "Dagen svaret ble lest inn", aliases=("besvart", "svardato")),
)

REG_SUPPLIER_TURNOVER = register_table(
    "reg_supplier_turnover",
    "leverandøromsetning",
    "Én rad per leverandør og regnskapsår som omsetningen er kjent for",
    ("orgnr", "year"),
    _ORGNR_REQUIRED,
    Column("year", "integer", "Regnskapsåret", required=True, aliases=("år", "regnskapsår")),
    _money(
        "turnover_nok",
        "Leverandørens omsetning i regnskapsåret, kroner uten mva",
        required=True,
        aliases=("omsetning_nok", "omsetning", "driftsinntekter"),
    ),
    _text("source", "Hvor tallet er hentet fra", aliases=("omsetning_kilde", "kilde")),
)

REG_SAVING_PLAN = register_table(
    "reg_saving_plan",
    "gevinstplan",
    "Én rad per avtale, år og vare eller kategori som en gevinst er planlagt for",
    ("agreement_id", "year", "category_id", "item_id"),
    _AGREEMENT_ID,
    Column("year", "integer", "Året planen gjelder", required=True, aliases=("år", "planår")),
    _optional(_CATEGORY_ID, "Kategorien; tom = alle avtalens kategorier"),
    _text(
        "item_id",
        "Varenummeret, slik det står på fakturaen; tom = alle varer",
        aliases=("varenummer", "vare_id", "artikkelnummer"),
    ),
    Column(
        "baseline_price",
        "price",
        "Prisen for én enhet av varen uten avtalen, kroner uten mva",
        aliases=("utgangspris", "førpris"),
    ),
    Column(
        "contracted_price",
        "price",
        "Prisen på avtalen; tom = fra prislisten",
        aliases=("avtalepris", "kontraktspris"),
    ),
    Column(
        "discount_percent",
        "rate",
        "Ventet rabatt mot prisen uten avtalen, prosent: mer enn 0 og mindre enn 100",
        aliases=("ventet_rabatt_prosent", "ventet_rabatt"),
    ),
    Column(
        "planned_quantity",
        "quantity",
        "Planlagt mengde i året, for en vare",
        aliases=("planlagt_mengde", "planlagt_antall"),
    ),
    _money(
        "planned_nok",
        "Planlagte kjøp i året til prisen uten avtalen, kroner uten mva",
        aliases=("planlagt_nok", "planlagte_kjøp", "planlagt_omsetning"),
    ),
)

REG_EXCHANGE_RATE = register_table(
    "reg_exchange_rate",
    "valutakurser",
    "Én rad per valuta og dag",
    ("currency", "rate_date"),
    _text(
        "currency",
        "Valutakode etter ISO 4217, for eksempel EUR",
        required=True,
        aliases=("valuta", "valutakode"),
    ),
    _date("rate_date", "Dagen kursen gjelder", required=True, aliases=("dato", "kursdato")),
    Column(
        "rate", "rate", "Norske kroner for antallet i «antall»", required=True, aliases=("kurs",)
    ),
    Column(
        "units",
        "integer",
        "Hvor mange enheter av valutaen kursen gjelder",
        aliases=("antall", "enheter"),
        default="1",
    ),
)

REGISTER_TABLES = (
    REG_UNIT,
    REG_UNIT_IDENTIFIER,
    REG_CATEGORY,
    REG_CATEGORY_CODE,
    REG_ACCOUNT_CATEGORY,
    REG_TEXT_RULE,
    REG_SUPPLIER,
    REG_SUPPLIER_CATEGORY,
    REG_SUPPLIER_MERGE,
    REG_AGREEMENT,
    REG_AGREEMENT_OPTION,
    REG_AGREEMENT_PARTY,
    REG_SERVICE_OPTION,
    REG_AGREEMENT_LOT,
    REG_LOT_SUPPLIER,
    REG_SUPPLIER_SUCCESSION,
    REG_LOT_UNIT,
    REG_LOT_CATEGORY,
    REG_EXEMPTION,
    REG_DEVIATION,
    REG_SUPPLIER_CONTROL,
    REG_AUTHORITY_LIMIT,
    REG_COURSE,
    REG_MILESTONE,
    REG_TARGET,
    REG_OWN_KPI,
    REG_APPROVAL,
    REG_CATEGORY_ANSWER,
    REG_SUPPLIER_TURNOVER,
    REG_SAVING_PLAN,
    REG_EXCHANGE_RATE,
)
