"""Contracts of licences: Microsoft 365 exports, generic registers of any publisher, employments.

Account and person identifiers are HMAC keys here (`Column.pseudonym`); activity is a coarse bucket
(`Column.is_activity`). Names, addresses and numbers of persons never reach the lake.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.extracts.contracts.columns import SOURCE_ROW, SOURCE_SHA256, Column, Table
from pipelines.extracts.contracts.columns import date_column as _date
from pipelines.extracts.contracts.columns import money_column as _money
from pipelines.extracts.contracts.columns import text_column as _text
from pipelines.extracts.contracts.registers import register_table

ACTIVITY = ("d30", "d90", "d180", "older", "never", "unknown")
_ACTIVITY_TEXT = (
    "Siste aktivitet, grovt: d30, d90 og d180 (innen så mange dager), older, never (aldri), "
    "unknown (ikke kjent)"
)


def _m365(name: str, grain: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table(name, grain, key, (SOURCE_SHA256, SOURCE_ROW, *columns))


def _seats(name: str, description: str) -> Column:
    return Column(name, "integer", description)


_ACCOUNT_KEY = _text(
    "account_key",
    "Kontoens nøkkel: HMAC av påloggingsnavnet, tom når eksporten skjuler det",
    classification="personal",
)
_SKU_ID = _text("sku_id", "Produktets GUID hos Microsoft, små bokstaver", required=True)

M365_SKU = _m365(
    "m365_sku",
    "Én rad per produkt kommunen abonnerer på, og eksport",
    ("source_sha256", "sku_id"),
    _SKU_ID,
    _text("sku_part_number", "Produktets kode, f.eks. SPE_E3"),
    _text("sku_name", "Produktets navn der eksporten har det"),
    _text("capability_status", "Enabled, Warning, Suspended, Deleted eller LockedOut"),
    _text("applies_to", "User eller Company"),
    _seats("enabled_seats", "Plasser vi betaler for"),
    _seats("warning_seats", "Plasser som er utløpt, men fortsatt virker"),
    _seats("suspended_seats", "Plasser som er stanset"),
    _seats("locked_out_seats", "Plasser som er sperret"),
    _seats("consumed_seats", "Plasser som eksporten sier er tildelt"),
    _money("stated_unit_price_nok", "Pris per plass og måned der eksporten har den, NOK uten mva."),
)

M365_SKU_PLAN = _m365(
    "m365_sku_plan",
    "Én rad per tjenesteplan i et produkt, slik kommunens leietaker har det",
    ("source_sha256", "sku_id", "service_plan_id"),
    _SKU_ID,
    _text("service_plan_id", "Tjenesteplanens GUID, små bokstaver", required=True),
    _text("service_plan_name", "Tjenesteplanens kode, f.eks. EXCHANGE_S_STANDARD"),
    _text("provisioning_status", "Success, Disabled, PendingInput …"),
    _text("applies_to", "User eller Company"),
)

M365_USER = _m365(
    "m365_user",
    "Én rad per konto i eksporten av brukere",
    ("source_sha256", "account_key"),
    _ACCOUNT_KEY,
    _text("person_key", "Personens nøkkel: HMAC av ansattnummeret", classification="personal"),
    Column("is_enabled", "boolean", "Usann når kontoen er sperret; tom = ikke oppgitt"),
    _text("user_type", "member eller guest, små bokstaver"),
    _text("department", "Avdelingen slik katalogen har den; brukes til å finne enheten"),
    _text("company", "Virksomheten slik katalogen har den; brukes til å finne enheten"),
    Column("is_new", "boolean", "Sann når kontoen ble laget de siste 30 dagene før eksporten"),
    _text("sign_in_activity", _ACTIVITY_TEXT, required=True),
    Column("is_stated_inactive", "boolean", "Det eksporten selv sier om kontoen er inaktiv"),
    _seats("stated_licence_count", "Antall lisenser eksporten selv oppgir"),
    _seats("licence_count", "Antall ulike produkter på kontoen i eksporten"),
)

M365_USER_LICENCE = _m365(
    "m365_user_licence",
    "Én rad per konto, produkt og måte det er tildelt på",
    ("source_sha256", "account_key", "sku_id", "assigned_by", "group_id"),
    _ACCOUNT_KEY,
    _SKU_ID,
    _text("assigned_by", "direct, group eller unknown", required=True),
    _text("group_id", "Gruppen produktet kommer fra; tom når det ikke er fra en gruppe"),
    _text("state", "Active, Error … der eksporten har det"),
    _text("disabled_plans", "GUID-ene til tjenesteplanene som er slått av, skilt med semikolon"),
)

M365_USAGE = _m365(
    "m365_usage",
    "Én rad per konto, tjeneste og bruksrapport",
    ("source_sha256", "account_key", "source_row", "service"),
    _ACCOUNT_KEY,
    Column("is_concealed", "boolean", "Sann når rapporten skjuler navnene", required=True),
    _text("report", "Rapporten, f.eks. active_users, teams, activations", required=True),
    _text(
        "service",
        "exchange, onedrive, sharepoint, teams, yammer, skype, office_apps, project, visio …",
        required=True,
    ),
    _date("report_date", "Dagen rapporten er oppdatert (Report Refresh Date)", required=True),
    _seats("report_period_days", "Rapportens periode i dager"),
    Column("is_deleted", "boolean", "Sann når kontoen er slettet"),
    Column("has_licence", "boolean", "Om kontoen har lisens til tjenesten, der rapporten sier det"),
    _text("activity", _ACTIVITY_TEXT, required=True),
    _text(
        "storage", "Lagring, grovt: under_2gb, under_50gb, under_1tb, over_1tb; tom = ikke kjent"
    ),
    _text("assigned_products", "Produktene rapporten oppgir, skilt med semikolon"),
)

M365_USAGE_COUNT = _m365(
    "m365_usage_count",
    "Én rad per tjeneste eller produkt i en rapport med antall, uten personer",
    ("source_sha256", "source_row", "subject"),
    _text("report", "Rapporten: services_user_counts eller activations_user_counts", required=True),
    _text("subject", "Tjenesten eller produktet", required=True),
    _date("report_date", "Dagen rapporten er oppdatert", required=True),
    _seats("report_period_days", "Rapportens periode i dager"),
    _seats("active_count", "Aktive, eller aktivert"),
    _seats("inactive_count", "Ikke aktive; tom når rapporten ikke har det"),
    _seats("assigned_count", "Tildelt; tom når rapporten ikke har det"),
)

M365_PRODUCT_PLAN = _m365(
    "m365_product_plan",
    "Én rad per tjenesteplan i et produkt i Microsofts liste",
    ("source_sha256", "sku_id", "product_name", "service_plan_id", "service_plan_name"),
    _SKU_ID,
    _text("sku_part_number", "Produktets kode (String ID)"),
    _text("product_name", "Produktets navn", required=True),
    _text("service_plan_id", "Tjenesteplanens GUID, små bokstaver"),
    _text("service_plan_name", "Tjenesteplanens kode"),
    _text("service_plan_text", "Tjenesteplanens navn"),
)

M365_TABLES = (
    M365_SKU,
    M365_SKU_PLAN,
    M365_USER,
    M365_USER_LICENCE,
    M365_USAGE,
    M365_USAGE_COUNT,
    M365_PRODUCT_PLAN,
)

# --- registers that people keep -----------------------------------------------------------------

_SKU = _text(
    "sku_id",
    "Produktet: GUID eller kode hos Microsoft, ellers en kode kommunen velger",
    required=True,
    aliases=("produkt_id", "produkt", "sku", "lisens"),
)
_PUBLISHER = _text(
    "publisher",
    "Utgiveren; tom = Microsoft",
    aliases=("utgiver", "programleverandør"),
    default="Microsoft",
)
_ACCOUNT = _text(
    "account_key",
    "Påloggingsnavnet (bruker@kommune.no); blir en nøkkel når filen leses",
    required=True,
    classification="personal",
    aliases=("konto", "brukernavn", "påloggingsnavn", "palogging"),
    pseudonym="account",
)
_PERSON = _text(
    "person_key",
    "Ansattnummeret; blir en nøkkel når filen leses",
    required=True,
    classification="personal",
    aliases=("ansattnr", "ansattnummer", "person"),
    pseudonym="person",
)
_UNIT = _text(
    "unit_id", "Enhetens ID", required=True, aliases=("enhet_id", "enhet", "virksomhet_id")
)
_UNIT_OPTIONAL = _text(
    "unit_id",
    "Enheten det gjelder; tom = hele kommunen",
    aliases=("enhet_id", "enhet", "virksomhet_id"),
)
_FROM = _date(
    "valid_from",
    "Første dag som teller; tom = ingen startdato",
    aliases=("gyldig_fra", "fra", "fra_dato", "startdato"),
)
_TO = _date(
    "valid_to",
    "Siste dag som teller; tom = inntil videre",
    aliases=("gyldig_til", "til", "til_dato", "sluttdato"),
)
# Lists of users out of the publishers' own systems have headings of their own.
_SKU_USED = replace(_SKU, aliases=(*_SKU.aliases, "product", "product_name", "system", "fagsystem"))
_ACCOUNT_USED = replace(
    _ACCOUNT,
    aliases=(*_ACCOUNT.aliases, "bruker", "e_post", "epost", "email", "user", "username"),
)
_ASSIGNED = replace(
    _FROM, aliases=(*_FROM.aliases, "tildelt", "tildelt_dato", "date_assigned", "assigned_date")
)

REG_LICENCE_TERM = register_table(
    "reg_licence_term",
    "lisensvilkår",
    "Én rad per produkt og periode med priser og vilkår",
    ("sku_id", "valid_from"),
    _SKU,
    _PUBLISHER,
    _text("name", "Produktets navn", aliases=("produktnavn", "navn")),
    _FROM,
    _TO,
    _money(
        "unit_price_nok",
        "Pris per plass og måned, NOK uten mva.; tom = ikke kjent, 0 = gratis",
        aliases=("månedspris", "maanedspris", "pris_per_måned"),
    ),
    _money(
        "list_price_nok",
        "Listepris per plass og måned, NOK uten mva.",
        aliases=("listepris_per_måned", "veiledende_månedspris"),
    ),
    _money(
        "management_fee_nok",
        "Forvaltning per plass og måned når lisensen faktureres, NOK uten mva.",
        aliases=("forvaltning_per_måned", "forvaltningspris"),
        default="0",
    ),
    Column(
        "commitment_floor",
        "integer",
        "Plasser vi minst må betale for så lenge bindingen varer",
        aliases=("minste_antall", "forpliktet_antall"),
        default="0",
    ),
    _date(
        "floor_until",
        "Siste dag bindingen på minste antall varer; tom = så lenge vilkårene gjelder",
        aliases=("minste_antall_til", "forpliktet_til"),
    ),
    _date(
        "earliest_reduction_date",
        "Første dag antallet kan reduseres; tom = når som helst",
        aliases=("tidligste_reduksjon", "reduksjonsdato"),
    ),
    _date(
        "true_up_date",
        "Dagen plasser utover beholdningen gjøres opp; tom = de betales fra de tas i bruk",
        aliases=("etteroppgjør", "etteroppgjørsdato", "true_up"),
    ),
    Column(
        "is_transferable",
        "boolean",
        "Ja når en ledig plass kan brukes av en annen; nei når den må sies opp",
        aliases=("kan_overføres", "kan_overfores", "overførbar"),
        default="ja",
    ),
    Column(
        "is_zero_cost_addon",
        "boolean",
        "Ja når tillegget verken utløser lisens- eller forvaltningskostnad",
        aliases=("kostnadsfritt_tillegg", "gratis_tillegg"),
        default="nei",
    ),
    Column(
        "is_free_software",
        "boolean",
        "Ja når det ikke betales lisensvederlag (fri programvare)",
        aliases=("fri_programvare", "åpen_kildekode"),
        default="nei",
    ),
    _text(
        "acquisition_type",
        "Kjøp eller leie",
        aliases=("anskaffelse", "kjøp_eller_leie"),
        default="lease",
        values={"kjøp": "purchase", "kjop": "purchase", "leie": "lease"},
    ),
    Column(
        "reserve",
        "integer",
        "Ledige plasser vi vil ha til ventede nye brukere",
        aliases=("reserve", "ventede_nye"),
        default="0",
    ),
    _text(
        "requires",
        "Produktene det krever ett av, skilt med semikolon; tom = ingen",
        aliases=("krever", "forutsetter"),
    ),
    _text("agreement_id", "Avtalens ID", aliases=("avtale_id", "avtale", "avtalenr")),
)

REG_LICENCE_ENTITLEMENT = register_table(
    "reg_licence_entitlement",
    "lisensbeholdning",
    "Én rad per kjøp av plasser i et produkt, og periode",
    ("sku_id", "unit_id", "valid_from", "reference"),
    _SKU,
    Column("quantity", "integer", "Plasser", required=True, aliases=("antall", "plasser")),
    _UNIT_OPTIONAL,
    _FROM,
    _TO,
    _text("reference", "Ordre- eller avtalenummer", aliases=("referanse", "ordrenr")),
)

REG_LICENCE_ASSIGNMENT = register_table(
    "reg_licence_assignment",
    "lisenstildelinger",
    "Én rad per konto med et produkt, og periode; for andre utgivere enn Microsoft",
    ("sku_id", "account_key", "valid_from"),
    _SKU_USED,
    _ACCOUNT_USED,
    _ASSIGNED,
    _TO,
)

REG_LICENCE_USAGE = register_table(
    "reg_licence_usage",
    "lisensbruk",
    "Én rad per konto og produkt med når det sist ble brukt; for andre utgivere enn Microsoft",
    ("sku_id", "account_key"),
    _SKU_USED,
    _ACCOUNT_USED,
    _text(
        "activity",
        "Dagen det sist ble brukt; tom = aldri. " + _ACTIVITY_TEXT,
        aliases=(
            *("sist_brukt", "siste_aktivitet", "sist_innlogget", "siste_innlogging"),
            *("last_used", "last_activity", "last_login"),
        ),
        is_activity=True,
    ),
)

REG_EMPLOYMENT = register_table(
    "reg_employment",
    "ansettelser",
    "Én rad per ansettelse: person, enhet og periode",
    ("person_key", "unit_id", "valid_from", "employment_type"),
    _PERSON,
    _UNIT,
    _text(
        "employment_type",
        "Hovedstilling eller bistilling",
        aliases=("stillingstype", "hovedstilling"),
        default="main",
        values={
            "hovedstilling": "main",
            "hoved": "main",
            "ja": "main",
            "bistilling": "further",
            "nei": "further",
        },
    ),
    _FROM,
    _TO,
    Column(
        "post_share_percent",
        "quantity",
        "Stillingsprosent",
        aliases=("stillingsprosent", "prosent"),
    ),
)

REG_ACCOUNT = register_table(
    "reg_account",
    "kontoer",
    "Én rad per konto: hvem den tilhører, og når den ble deaktivert",
    ("account_key",),
    _ACCOUNT,
    _text(
        "person_key",
        "Ansattnummeret til den som har kontoen; blir en nøkkel når filen leses; tom = ingen",
        classification="personal",
        aliases=("ansattnr", "ansattnummer", "person"),
        pseudonym="person",
    ),
    _text(
        "unit_id",
        "Enheten kontoen hører til; tom = enheten der personen har hovedstilling",
        aliases=("enhet_id", "enhet", "virksomhet_id"),
    ),
    _date(
        "deactivated_date", "Dagen kontoen ble deaktivert", aliases=("deaktivert", "sperret_dato")
    ),
    Column(
        "is_external", "boolean", "Ja når brukeren er ekstern", aliases=("ekstern",), default="nei"
    ),
    Column(
        "is_on_platform",
        "boolean",
        "Nei når kontoen ikke er på felles plattform",
        aliases=("felles_plattform", "på_fellesplattform"),
        default="ja",
    ),
    _text(
        "account_type",
        "Hva kontoen er: bruker, ressurs (møterom, fellespostkasse) eller tjeneste",
        aliases=("kontotype",),
        default="user",
        values={"bruker": "user", "ressurs": "resource", "tjeneste": "service"},
    ),
)

REG_STANDARD_LICENCE = register_table(
    "reg_standard_licence",
    "standardlisenser",
    "Én rad per produkt i standarden som er rammefinansiert, og periode",
    ("sku_id", "valid_from"),
    _SKU,
    _FROM,
    _TO,
    _text("legal_basis", "Rundskriv og punkt", required=True, aliases=("hjemmel", "grunnlag")),
)

REG_FRAME_EXEMPTION = register_table(
    "reg_frame_exemption",
    "rammefritak",
    "Én rad per enhet som ikke er omfattet av rammefinansieringen, og periode",
    ("unit_id", "sku_id", "valid_from"),
    _UNIT,
    _text(
        "sku_id",
        "Produktet prisen gjelder; tom = alle",
        aliases=("produkt_id", "produkt", "sku", "lisens"),
    ),
    _FROM,
    _TO,
    _money(
        "unit_price_nok",
        "Pris per plass og måned som før; tom = ikke kjent",
        aliases=("månedspris", "maanedspris", "pris_per_måned"),
    ),
    _text("legal_basis", "Rundskriv og punkt", aliases=("hjemmel", "grunnlag")),
)

REG_PLAN_DEMAND = register_table(
    "reg_plan_demand",
    "plankrav",
    "Én rad per tjenesteplan kommunen krever at brukerne har, og periode",
    ("service_plan_name", "unit_id", "valid_from"),
    _text(
        "service_plan_name",
        "Tjenesteplanens kode eller GUID, for andre utgivere produktet",
        required=True,
        aliases=("tjenesteplan", "plan"),
    ),
    _UNIT_OPTIONAL,
    _FROM,
    _TO,
    _text("reason", "Hvorfor den kreves", aliases=("begrunnelse", "årsak")),
)

REG_WORKPLACE_USER = register_table(
    "reg_workplace_user",
    "workplacebrukere",
    "Én rad per enhet og måned med antall aktive brukere av Workplace",
    ("unit_id", "month"),
    _UNIT,
    _date("month", "En dag i måneden", required=True, aliases=("måned", "maned")),
    Column(
        "active_count",
        "integer",
        "Aktive brukere i måneden",
        required=True,
        aliases=("aktive_brukere", "aktive"),
    ),
)

REG_LICENCE_AUDIT = register_table(
    "reg_licence_audit",
    "lisensrevisjoner",
    "Én rad per revisjon av lisenser",
    ("publisher", "audit_date", "is_formal"),
    _PUBLISHER,
    _date("audit_date", "Dagen revisjonen ble avsluttet", required=True, aliases=("dato",)),
    Column(
        "is_formal", "boolean", "Ja for en formell revisjon", required=True, aliases=("formell",)
    ),
    Column("hours", "quantity", "Timer brukt", aliases=("timer",)),
    _money("hourly_rate_nok", "Timepris, NOK uten mva.", aliases=("timepris",)),
)

LICENCE_REGISTERS = (
    REG_LICENCE_TERM,
    REG_LICENCE_ENTITLEMENT,
    REG_LICENCE_ASSIGNMENT,
    REG_LICENCE_USAGE,
    REG_EMPLOYMENT,
    REG_ACCOUNT,
    REG_STANDARD_LICENCE,
    REG_FRAME_EXEMPTION,
    REG_PLAN_DEMAND,
    REG_WORKPLACE_USER,
    REG_LICENCE_AUDIT,
)
