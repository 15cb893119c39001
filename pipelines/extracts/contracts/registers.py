"""Contracts of the registers that people keep: units, agreements, suppliers and what follows up.

A register is a whole, dated file; `aliases` are the headings under which its columns are known.
"""

from __future__ import annotations

from pipelines.extracts.contracts.columns import SOURCE_ROW, SOURCE_SHA256, Column, Table
from pipelines.extracts.contracts.columns import date_column as _date
from pipelines.extracts.contracts.columns import money_column as _money
from pipelines.extracts.contracts.columns import text_column as _text


def _register(name: str, heading: str, grain: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table(name, grain, key, (SOURCE_SHA256, SOURCE_ROW, *columns), register=heading)


_VALID_FROM = _date(
    "valid_from",
    "Første dag som teller; tom = ingen startdato",
    aliases=("gyldig_fra", "fra", "fra_dato", "startdato"),
)
_VALID_TO = _date(
    "valid_to",
    "Siste dag som teller; tom = inntil videre",
    aliases=("gyldig_til", "til", "til_dato", "sluttdato"),
)
_AGREEMENT_ID = _text(
    "agreement_id", "Avtalens ID", required=True, aliases=("avtale_id", "avtale", "avtalenr")
)
_AGREEMENT_ID_OPTIONAL = _text(
    "agreement_id",
    "Avtalens ID; tom når det ikke gjelder en avtale",
    aliases=("avtale_id", "avtale", "avtalenr"),
)
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
_ORGNR_REQUIRED = _text(
    "orgnr",
    "Organisasjonsnummer: ni siffer med gyldig kontrollsiffer",
    required=True,
    aliases=("orgnr", "organisasjonsnummer", "org_nr"),
)

REG_UNIT = _register(
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

REG_UNIT_IDENTIFIER = _register(
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

REG_CATEGORY = _register(
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
)

REG_CATEGORY_CODE = _register(
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

REG_ACCOUNT_CATEGORY = _register(
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
    _text(
        "orgnr",
        "Leverandøren som har varenummeret; tom = hos alle leverandører",
        aliases=("orgnr", "organisasjonsnummer", "org_nr"),
    ),
    _CATEGORY_ID,
    _VALID_FROM,
    _VALID_TO,
)

REG_SUPPLIER = _register(
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

REG_SUPPLIER_CATEGORY = _register(
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

REG_AGREEMENT = _register(
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
    _date(
        "valid_from",
        "Første dag som teller",
        required=True,
        aliases=("gyldig_fra", "fra", "startdato", "fra_dato"),
    ),
    _date(
        "end_date",
        "Siste dag avtalen gjelder uten opsjoner",
        required=True,
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
        "lead_time_months",
        "integer",
        "Hvor mange måneder en ny konkurranse tar",
        aliases=("ledetid_mnd", "ledetid"),
    ),
    _text(
        "contract_references",
        "Numrene fakturaer og bestillinger viser til avtalen med, skilt med semikolon",
        aliases=("avtalereferanser", "referanser", "kontraktsnummer"),
    ),
)

REG_AGREEMENT_OPTION = _register(
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
    Column(
        "is_exercised",
        "boolean",
        "Ja når opsjonen er utløst",
        required=True,
        aliases=("utløst", "utlost", "benyttet"),
    ),
    _date("exercised_date", "Dagen opsjonen ble utløst", aliases=("utløst_dato", "utlost_dato")),
)

REG_AGREEMENT_LOT = _register(
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

REG_LOT_SUPPLIER = _register(
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
    _VALID_FROM,
    _VALID_TO,
)

REG_LOT_UNIT = _register(
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

REG_LOT_CATEGORY = _register(
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

REG_EXEMPTION = _register(
    "reg_exemption",
    "unntak",
    "Én rad per innvilget unntak fra en avtale",
    ("agreement_id", "unit_id", "valid_from"),
    _AGREEMENT_ID,
    _UNIT_ID,
    _date(
        "valid_from",
        "Første dag som teller",
        required=True,
        aliases=("gyldig_fra", "fra", "startdato", "fra_dato"),
    ),
    _VALID_TO,
    _text(
        "reason", "Hvorfor unntaket er innvilget", required=True, aliases=("begrunnelse", "årsak")
    ),
)

REG_DEVIATION = _register(
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
    _text(
        "unit_id",
        "ID-en til enheten som meldte avviket",
        aliases=("enhet_id", "enhet", "virksomhet_id"),
    ),
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

REG_SUPPLIER_CONTROL = _register(
    "reg_supplier_control",
    "leverandørkontroller",
    "Én rad per kontroll av en leverandør",
    ("orgnr", "agreement_id", "category_id", "control_date", "subject", "method"),
    _ORGNR_REQUIRED,
    _AGREEMENT_ID_OPTIONAL,
    _text(
        "category_id",
        "Kategorien kontrollen gjelder; tom = alt leverandøren leverer",
        aliases=("kategori_id", "kategori", "faggruppe_id"),
    ),
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

REG_AUTHORITY_LIMIT = _register(
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

REG_COURSE = _register(
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

REG_MILESTONE = _register(
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

REG_EXCHANGE_RATE = _register(
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
    REG_SUPPLIER,
    REG_SUPPLIER_CATEGORY,
    REG_AGREEMENT,
    REG_AGREEMENT_OPTION,
    REG_AGREEMENT_LOT,
    REG_LOT_SUPPLIER,
    REG_LOT_UNIT,
    REG_LOT_CATEGORY,
    REG_EXEMPTION,
    REG_DEVIATION,
    REG_SUPPLIER_CONTROL,
    REG_AUTHORITY_LIMIT,
    REG_COURSE,
    REG_MILESTONE,
    REG_EXCHANGE_RATE,
)
