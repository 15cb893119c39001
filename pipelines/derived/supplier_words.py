"""Words of company names, and what they say: legal forms, abbreviations, common words, places.

Only words; how names are compared stands in `supplier_names`, what agreement weighs in
`supplier_model`. All are written folded, as `supplier_names.folded` leaves them (ø is o, å is a).
"""

from __future__ import annotations


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Spelling of a legal form → the form. AS and ASA differ: a company that is one is not the other.
LEGAL_FORMS = {
    "as": "AS",
    "aksjeselskap": "AS",
    "asa": "ASA",
    "allmennaksjeselskap": "ASA",
    "enk": "ENK",
    "enkeltpersonforetak": "ENK",
    "ans": "ANS",
    "da": "DA",
    "ks": "KS",
    "sa": "SA",
    "samvirkeforetak": "SA",
    "ba": "BA",
    "bl": "BL",
    "nuf": "NUF",
    "iks": "IKS",
    "kf": "KF",
    "fkf": "FKF",
    "sf": "SF",
    "hf": "HF",
    "sti": "STI",
    "ab": "AB",
    "aktiebolag": "AB",
    "hb": "HB",
    "aps": "APS",
    "oy": "OY",
    "oyj": "OYJ",
    "gmbh": "GMBH",
    "mbh": "GMBH",
    "ag": "AG",
    "kg": "KG",
    "bv": "BV",
    "nv": "NV",
    "ltd": "LTD",
    "limited": "LTD",
    "plc": "PLC",
    "llc": "LLC",
    "llp": "LLP",
    "inc": "INC",
    "incorporated": "INC",
    "corp": "INC",
    "sarl": "SARL",
    "sas": "SAS",
    "srl": "SRL",
    "spa": "SPA",
    "sl": "SL",
    "ou": "OU",
    "sia": "SIA",
    "uab": "UAB",
}

# What stands between two words of a name and is left out as often as not.
JOINING = frozenset({"og", "and", "und", "et", "the", "for", "i", "av", "pa", "til"})

# Common ways to shorten a word of a name.
ABBREVIATIONS = {
    "elektr": "elektro",
    "el": "elektro",
    "inst": "installasjon",
    "install": "installasjon",
    "entr": "entreprenor",
    "entrepr": "entreprenor",
    "transp": "transport",
    "mek": "mekanisk",
    "mekaniske": "mekanisk",
    "verkst": "verksted",
    "forr": "forretning",
    "tekn": "teknisk",
    "serv": "service",
    "servise": "service",
    "brdr": "brodrene",
    "br": "brodrene",
    "brodr": "brodrene",
    "int": "international",
    "intl": "international",
    "internasjonal": "international",
    "scand": "scandinavia",
    "skandinavia": "scandinavia",
    "gr": "gruppen",
    "gruppe": "gruppen",
    "group": "gruppen",
    "bygn": "bygning",
    "byggm": "byggmester",
    "malerm": "malermester",
    "rorl": "rorlegger",
    "maskinfor": "maskinforretning",
    "komm": "kommunikasjon",
    "adm": "administrasjon",
    "rengj": "rengjoring",
    "kons": "konsulent",
    "radg": "radgivning",
    "prod": "produksjon",
    "handelsgart": "handelsgartneri",
    "norway": "norge",
}

# How large a part of companies have the word in their name, roughly: the words of trades, and of
# being a company at all. All other words are taken to be far rarer (`supplier_names`).
COMMON_WORDS: dict[str, float] = {
    word: part
    for part, words in (
        (0.03, "bygg service transport eiendom consulting norge elektro ror maskin invest"),
        (
            0.015,
            "gruppen entreprenor anlegg installasjon vvs bil data system systemer design "
            "regnskap renhold mat butikk senter drift handel holding produksjon utleie "
            "konsulent teknikk teknisk tre betong maler malermester byggmester rorlegger "
            "tomrer hus bolig energi varme kulde miljo marine marin maritim kjop salg engros "
            "import export agentur verksted mekanisk auto buss taxi skole helse lege tannlege "
            "apotek optikk vakt sikkerhet trykk trykkeri media reklame forlag bok kontor "
            "mobler interior glass stal metall sveis plast gummi tak gulv mur park hage "
            "gartneri skog landbruk gard kjott fisk sjomat bakeri catering restaurant kafe "
            "hotell reiser reisebyra kurs akademi utdanning kompetanse bemanning vikar "
            "personal ledelse utvikling prosjekt arkitekt arkitekter ingenior radgivning "
            "advokat revisjon inkasso finans forsikring bank kommunikasjon tele telekom nett "
            "digital software it ikt web losninger solutions nordic norsk norske scandinavia "
            "international partner partners brodrene sonn sonner co company brann alarm las "
            "lager logistikk spedisjon gods renovasjon avfall gjenvinning sand grus pukk "
            "asfalt vei drenering graving kran lift stillas verktoy utstyr rekvisita "
            "forsyning medisin medisinsk klinikk terapi fysioterapi psykolog barnehage omsorg "
            "rehabilitering sport fritid trening kultur musikk teater film foto studio kunst "
            "museum forening lag stiftelsen kirke kommune vann avlop pumpe filter ventilasjon "
            "sanitar blikkenslager solar sol vind lys skilt papir emballasje tekstil vaskeri "
            "rengjoring skadedyr dyrlege dyr hund hest vest ost nord sor midt indre ytre "
            "pluss pro total best super first smart gronn bla rod ny nye stor lille "
            "fellesskap",
        ),
        (
            0.006,
            "hansen johansen olsen larsen andersen pedersen nilsen kristiansen jensen karlsen "
            "johnsen pettersen eriksen berg haugen hagen johannessen andreassen jacobsen dahl "
            "jorgensen henriksen lund halvorsen sorensen jakobsen moen gundersen iversen strand "
            "solberg svendsen eide knutsen martinsen paulsen bakken kristoffersen mathisen lie "
            "amundsen nguyen rasmussen lunde solheim berge moe nygard bakke kristensen fredriksen "
            "holm lien hauge christensen andresen nielsen knudsen evensen sather aas myhre "
            "hanssen haugland thomassen sivertsen simonsen danielsen berntsen sandvik arnesen "
            "ronning antonsen olaussen nass viken wold ali ahmed per ole jan hans kjell arne knut "
            "svein bjorn tor geir anne kari",
        ),
    )
    for word in words.split()
}

# Places by which branches are told apart; the towns of the suppliers' own addresses come on top.
PLACES = _split(
    """
    agder akershus alesund alta arendal asker askim barum bergen bodo buskerud drammen elverum
    europa europe farsund finnmark finnsnes floro follo forde fredrikstad gjovik grimstad halden
    hamar hammerfest harstad haugesund hedmark helgeland honefoss hordaland horten innlandet
    jaren jessheim kirkenes kongsberg kongsvinger kristiansand kristiansund larvik leirvik
    levanger lillehammer lillestrom lofoten mandal molde mosjoen moss namsos narvik norden
    nordfjord nordland nordmore norge notodden oppland orkanger oslo ostfold ostlandet porsgrunn
    rogaland romerike romsdal salten sandefjord sandnes sarpsborg scandinavia ski skien sogndal
    sorlandet stavanger steinkjer stord sunnhordland sunnmore svolvaer telemark tonsberg troms
    tromso trondelag trondheim vadso vesteralen vestfold vestland vestlandet viken voss
    """
)

# Scheme of an identifier → (country, what stands after the number) of the VAT number it makes.
VAT_OF_SCHEME: dict[str, tuple[str, str]] = {
    "0007": ("SE", "01"),
    "0037": ("FI", ""),
    "0096": ("DK", ""),
    "0184": ("DK", ""),
    "0198": ("DK", ""),
    "0208": ("BE", ""),
    "0212": ("FI", ""),
    "0213": ("FI", ""),
    **{
        scheme: (country, "")
        for scheme, country in (
            pair.split(":")
            for pair in [
                "9910:HU",
                "9914:AT",
                "9920:ES",
                "9922:AD",
                "9923:AL",
                "9924:BA",
                "9925:BE",
                "9926:BG",
                "9927:CH",
                "9928:CY",
                "9929:CZ",
                "9930:DE",
                "9931:EE",
                "9932:GB",
                "9933:GR",
                "9934:HR",
                "9935:IE",
                "9936:LI",
                "9937:LT",
                "9938:LU",
                "9939:LV",
                "9940:MC",
                "9941:ME",
                "9942:MK",
                "9943:MT",
                "9944:NL",
                "9945:PL",
                "9946:PT",
                "9947:RO",
                "9948:RS",
                "9949:SI",
                "9950:SK",
                "9951:SM",
                "9952:TR",
                "9953:VA",
                "9955:SE",
                "9957:FR",
            ]
        )
    },
}
