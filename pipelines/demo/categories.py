"""The demo's catalogue of categories: codes, VAT, price level and the items that are sold.

Which agreement covers a category stands in `agreements`. The codes are beginnings of UNSPSC and
CPV codes; no code list is bundled.
"""
# ruff: noqa: E501 - a table is read row by row

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A category. `typical_nok` is a usual document's amount, `weight` how common it is."""

    category_id: str
    name: str
    faggruppe: str
    kind: str
    is_addressable: bool
    is_service: bool
    vat: int
    unspsc: str
    cpv: str
    weight: float
    typical_nok: int
    unit_code: str
    items: tuple[str, ...]


_GOODS, _WORKS, _CARE, _SPECIAL = "varer_tjenester", "bygg_anlegg", "helse_sosial", "særlig"

# id|name|faggruppe|kind|addressable|service|vat|unspsc|cpv|weight|typical amount|unit|items
_TABLE = """
K101|Bedriftshelsetjeneste|HMS|v|j|j|25|851220|85147|0|18000|HUR|Arbeidshelseundersøkelse/Bistand til arbeidsmiljøutvalg/Yrkeshygienisk måling/Lederveiledning
K102|Verneutstyr og arbeidstøy|HMS|v|j|n|25|461815|18110|1.2|6500|C62|Vernehjelm/Varseljakke/Vernesko/Arbeidsbukse
K103|Førstehjelpsutstyr|HMS|v|j|n|25|421721|33141620|0.4|2800|C62|Førstehjelpskoffert/Øyeskyll/Hjertestarterbatteri
K111|Microsoft-lisenser|Programvare|v|j|j|25|432337|48218|0.5|90000|C62|Kontorstøtte per bruker/Serverlisens/Epostlisens
K112|Fri programvare og Linux-drift|Programvare|v|j|j|25|432330|48620|0.4|35000|C62|Abonnement Linux-tjener/Brukerstøtte fri programvare
K113|Fagsystemer|Programvare|v|j|j|25|432315|48810|1.2|60000|C62|Fagsystem årsavgift/Tilleggsmodul/Brukerlisens fagsystem
K114|Skylagring og drift|Programvare|v|j|j|25|811121|72400|0.8|42000|MON|Driftstjeneste/Lagring per terabyte/Sikkerhetskopi
K121|PC og skjerm|IT-utstyr|v|j|n|25|432115|30213|1.4|28000|C62|Bærbar PC/Skjerm 27 tommer/Dokkingstasjon
K122|Nettbrett og mobiltelefon|IT-utstyr|v|j|n|25|431915|32250|1.0|16000|C62|Mobiltelefon/Nettbrett/Deksel
K123|Nettverksutstyr|IT-utstyr|v|j|n|25|432226|32420|0.6|33000|C62|Svitsj/Trådløst aksesspunkt/Fibermodul
K124|Skrivere og kopi|IT-utstyr|v|j|n|25|432121|30232|0.6|9000|C62|Multifunksjonsskriver/Toner svart/Serviceavtale skriver
K131|IT-konsulenter|Konsulenter|v|j|j|25|811115|72600|1.5|85000|HUR|Utvikler/Arkitekt/Testleder
K132|Lederutvikling og rådgivning|Konsulenter|v|j|j|25|801015|79410|0.9|55000|HUR|Rådgiver/Prosessleder/Kurs for ledere
K133|Rekruttering og vikarbyrå administrasjon|Konsulenter|v|j|j|25|801117|79620|0.7|30000|HUR|Vikar kontor/Rekrutteringsoppdrag
K134|Juridiske tjenester|Konsulenter|s|j|j|25|801216|79110|0.5|48000|HUR|Advokat/Advokatfullmektig
K135|Revisjon og regnskap|Konsulenter|v|j|j|25|841116|79210|0.3|38000|HUR|Attestasjon/Revisjonsbistand
K141|Kontorrekvisita|Kontor|v|j|n|25|441200|30192|1.6|2200|C62|Perm A4/Tusj/Skriveblokk/Konvolutt
K142|Kopipapir|Kontor|v|j|n|25|141115|30197630|0.8|3500|NMP|Kopipapir A4/Kopipapir A3
K143|Porto og budtjenester|Kontor|v|j|j|25|781022|64120|0.7|2600|C62|Budtur/Pakkesending/Frankering
K151|Kontormøbler|Møbler|v|j|n|25|561015|39130|0.9|24000|C62|Hev- og senkbord/Kontorstol/Møtebord
K152|Skolemøbler|Møbler|v|j|n|25|561215|39160|0.7|30000|C62|Elevpult/Elevstol/Oppbevaringsskap
K153|Hjelpemidler og senger|Møbler|h|j|n|25|421921|33192|0.6|36000|C62|Pleieseng/Personløfter/Rullestol
K161|Dagligvarer|Mat og drikke|v|j|n|15|501000|15800|2.4|5200|C62|Tørrvarer/Hermetikk/Pålegg/Kaffe
K162|Frukt og grønt|Mat og drikke|v|j|n|15|503000|15300|1.4|3200|KGM|Epler/Gulrøtter/Poteter/Bananer
K163|Kjøtt og fisk|Mat og drikke|v|j|n|15|501115|15100|1.1|7000|KGM|Torskefilet/Kjøttdeig/Kylling
K164|Meieriprodukter|Mat og drikke|v|j|n|15|501317|15500|1.2|2900|LTR|Lettmelk/Smør/Yoghurt
K165|Catering og kantinedrift|Mat og drikke|v|j|j|15|901016|55520|0.8|9500|C62|Lunsj/Møtemat/Kantinedrift
K171|Medisinsk forbruksmateriell|Medisinsk|h|j|n|25|421321|33140|1.8|6800|C62|Engangshanske/Bandasje/Sprøyte/Kompress
K172|Legemidler|Medisinsk|h|j|n|25|511000|33600|0.9|12000|C62|Smertestillende/Antibiotika/Vaksine
K173|Bleier og inkontinens|Medisinsk|h|j|n|25|531023|33751|0.8|8800|C62|Inkontinensbleie/Engangsunderlag
K174|Laboratorietjenester|Medisinsk|h|j|j|0|851216|85145|0.3|7500|C62|Blodprøveanalyse/Mikrobiologisk analyse
K181|Vikarer helse|Helse- og omsorgstjenester|h|j|j|0|851016|85141|1.3|46000|HUR|Sykepleier/Helsefagarbeider
K182|Institusjonsplasser barnevern|Helse- og omsorgstjenester|h|j|j|0|931415|85311|0.9|160000|DAY|Institusjonsplass/Tilleggsbemanning
K183|Sykehjemsplasser|Helse- og omsorgstjenester|h|j|j|0|851015|85144|0.6|210000|DAY|Langtidsplass/Korttidsplass
K184|Hjemmetjenester|Helse- og omsorgstjenester|h|j|j|0|851000|85312|0.8|70000|HUR|Praktisk bistand/Hjemmesykepleie
K185|Tolketjenester|Helse- og omsorgstjenester|v|j|j|25|821115|79540|0.8|3100|HUR|Fremmøtetolk/Telefontolk
K191|Elektrikertjenester|Håndverk|b|j|j|25|721515|45310|1.6|21000|HUR|Elektrikertime/Kurs ny/Armatur montert
K192|Rørleggertjenester|Håndverk|b|j|j|25|721511|45330|1.3|19000|HUR|Rørleggertime/Lekkasjetetting/Pumpe montert
K193|Malertjenester|Håndverk|b|j|j|25|721513|45442|0.9|16000|HUR|Malertime/Veggmaling/Gulvbelegg
K194|Tømrertjenester|Håndverk|b|j|j|25|721533|45422|1.1|23000|HUR|Tømrertime/Dør montert/Vindu montert
K195|Låsesmed og adgang|Håndverk|b|j|j|25|461715|44521|0.6|7800|C62|Lås/Nøkkel/Adgangskort
K196|Takarbeid|Håndverk|b|j|j|25|721526|45261|0.5|64000|MTK|Taktekking/Takrenne
K201|Nybygg og totalentreprise|Bygg og anlegg|b|j|j|25|721211|45210|0.7|420000|C62|Avdrag totalentreprise/Endringsmelding
K202|Vei og gate|Bygg og anlegg|b|j|j|25|721410|45233|0.8|240000|MTK|Asfaltering/Kantstein/Grøft
K203|Vann- og avløpsanlegg|Bygg og anlegg|b|j|j|25|721512|45231|0.7|260000|MTR|Ledning lagt/Kum/Spyling
K204|Park og idrettsanlegg|Bygg og anlegg|b|j|j|25|701115|77310|0.8|38000|C62|Plenklipp/Beplantning/Lekeapparat
K205|Rådgivende ingeniør|Bygg og anlegg|v|j|j|25|811015|71300|1.0|72000|HUR|Prosjektering/Byggeledelse
K206|Arkitekt|Bygg og anlegg|v|j|j|25|811016|71200|0.6|66000|HUR|Arkitekttime/Skisseprosjekt
K211|Renhold|Eiendomsdrift|v|j|j|25|761115|90910|1.4|27000|HUR|Fast renhold/Hovedrengjøring/Vinduspuss
K212|Renholdsmidler|Eiendomsdrift|v|j|n|25|471318|39830|0.9|3400|C62|Gulvrens/Mopp/Håndsåpe
K213|Vaktmestertjenester|Eiendomsdrift|v|j|j|25|721015|50700|0.8|14000|HUR|Vaktmester/Snømåking/Filterbytte
K214|Vakthold|Eiendomsdrift|v|j|j|25|921215|79710|0.7|26000|HUR|Stasjonær vekter/Alarmutrykning
K215|Avfallshåndtering|Eiendomsdrift|v|j|j|25|761216|90500|0.9|12000|TNE|Restavfall/Papp/Farlig avfall
K216|Heis og tekniske anlegg|Eiendomsdrift|v|j|j|25|721540|50750|0.6|11000|C62|Heisservice/Ventilasjonsservice
K221|Strøm|Energi|v|j|n|25|831018|09310|0.9|52000|KWH|Kraft/Opprinnelsesgaranti
K222|Fyringsolje og drivstoff|Energi|v|j|n|25|151015|09130|0.7|9800|LTR|Diesel avgiftsfri/Biodrivstoff
K223|Fjernvarme|Energi|v|n|n|25|831017|09323|0.5|47000|KWH|Fjernvarme effekt/Fjernvarme energi
K231|Lette kjøretøy|Transport|v|j|n|25|251015|34110|0.4|310000|C62|Elvarebil/Elpersonbil
K232|Verksted og deler|Transport|v|j|j|25|781815|50112|1.0|6400|HUR|Service bil/Dekkskift/Bremseklosser
K233|Persontransport|Transport|v|j|j|12|781118|60120|0.9|4800|C62|Skoleskyss/Drosjetur/Bussleie
K234|Flytting og lagring|Transport|v|j|j|25|781018|63100|0.4|13000|HUR|Flyttelag/Lagerleie
K235|Reise og hotell|Transport|v|j|j|12|901115|63510|0.8|5600|C62|Hotellopphold/Togreise/Flyreise
K241|Lærebøker|Skole og barnehage|v|j|n|0|551015|22112|0.9|15000|C62|Lærebok matematikk/Lærebok norsk/Arbeidsbok
K242|Leker og formingsmateriell|Skole og barnehage|v|j|n|25|601410|37520|1.0|3600|C62|Byggeklosser/Akvarellmaling/Ball
K243|Musikkinstrumenter|Skole og barnehage|v|j|n|25|601310|37310|0.3|17000|C62|Piano/Gitar/Trommesett
K244|Barnehageplasser private|Skole og barnehage|h|n|j|0|861015|80110|0.6|190000|MON|Tilskudd ordinær plass
K251|Kurs og konferanser|Opplæring|v|j|j|25|861016|80530|1.1|7200|C62|Kursdag/Konferansedeltakelse
K252|Norskopplæring|Opplæring|s|j|j|0|861115|80580|0.3|34000|HUR|Norskkurs gruppe/Norskprøve
K261|Trykksaker og grafisk|Kommunikasjon|v|j|j|25|821215|79810|0.8|8400|C62|Brosjyre/Plakat/Visittkort
K262|Reklame og kampanje|Kommunikasjon|v|j|j|25|821015|79340|0.6|29000|C62|Annonse/Kampanjepakke
K263|Telefoni og datalinjer|Kommunikasjon|v|j|j|25|831115|64210|1.0|14000|MON|Mobilabonnement/Fiberlinje/Sentralbord
K264|Oversettelse|Kommunikasjon|v|j|j|25|821117|79530|0.3|4400|C62|Oversettelse/Korrektur
K271|Bøker og medier bibliotek|Kultur|v|j|n|0|551016|22110|0.5|9200|C62|Roman/Barnebok/Lydbok
K272|Scene og arrangement|Kultur|s|j|j|25|901415|79950|0.5|31000|C62|Sceneleie/Lydteknikk
K273|Kunst og konservering|Kultur|s|j|j|0|601210|92312|0.3|40000|C62|Konservering/Kunstoppdrag
K281|Kjemikalier vannrensing|Vann og miljø|v|j|n|25|121615|24960|0.4|58000|KGM|Fellingskjemikalie/Kalk
K282|Måleutstyr og sensorer|Vann og miljø|v|j|n|25|411116|38400|0.4|22000|C62|Vannmåler/Nivåsensor
K291|Uniformer og redningsutstyr|Beredskap|v|j|n|25|461916|35100|0.4|26000|C62|Røykdykkerdrakt/Brannslange
K292|Gaver og profilartikler|Diverse|v|j|n|25|601045|39290|0.4|4100|C62|Blomsterbukett/Krus med trykk
K301|Husleie|Husleie|s|n|j|0|801315|70310|0.8|120000|MON|Husleie lokaler/Felleskostnader
K302|Offentlige gebyrer og avgifter|Gebyrer|s|n|j|0|931515|75100|0.2|15000|C62|Tilsynsgebyr/Saksbehandlingsgebyr
K303|Medlemskap og kontingenter|Gebyrer|s|n|j|0|941015|98130|0.3|18000|C62|Årskontingent
K154|Brukte møbler|Møbler|v|j|n|25|561218|39141|0|40000|C62|Brukt kontorstol
K411|Arrangementstelt|Diverse|v|j|n|25|491215|39522|0|300000|C62|Telthall
K412|Skilt og trafikkutstyr|Diverse|v|j|n|25|551217|34992|0|300000|C62|Skiltplate
K413|Solskjerming|Diverse|v|j|n|25|521316|39515|0|300000|C62|Screen
K414|Lekeplassutstyr|Diverse|v|j|n|25|491615|37535|0|300000|C62|Klatrestativ
K415|Julebelysning|Diverse|v|j|n|25|391116|31522|0|300000|C62|Lyslenke
K416|Pumper|Diverse|v|j|n|25|401515|42122|0|300000|C62|Dykkpumpe
K417|Flagg og flaggstenger|Diverse|v|j|n|25|551219|35821|0|300000|C62|Flaggstang
K418|Garderobeskap|Diverse|v|j|n|25|561017|39122|0|300000|C62|Garderobeskap
""".strip()

_KINDS = {"v": _GOODS, "b": _WORKS, "h": _CARE, "s": _SPECIAL}


def _parse(row: str) -> Category:
    (
        code,
        name,
        group,
        kind,
        addressable,
        service,
        vat,
        unspsc,
        cpv,
        weight,
        typical,
        unit,
        items,
    ) = row.split("|")
    return Category(
        code,
        name,
        group,
        _KINDS[kind],
        addressable == "j",
        service == "j",
        int(vat),
        unspsc,
        cpv,
        float(weight),
        int(typical),
        unit,
        tuple(items.split("/")),
    )


CATEGORIES: tuple[Category, ...] = tuple(_parse(row) for row in _TABLE.splitlines())
CATEGORY_BY_ID: dict[str, Category] = {c.category_id: c for c in CATEGORIES}
# What the register of accounts says that a KOSTRA art means.
ART_CATEGORIES = {
    "100": "K141",
    "110": "K171",
    "114": "K172",
    "115": "K161",
    "140": "K262",
    "150": "K251",
    "180": "K221",
}
OCCUPATIONAL_HEALTH = "K101"
MICROSOFT_LICENCES = "K111"
WITHOUT_AGREEMENT = "K292"
