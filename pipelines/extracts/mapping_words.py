"""The headings that our columns go by in exports: Norwegian, Swedish, Danish and English.

Only words stand here, the best first, compared as `mapping_suggest.fold` writes them. `debit` and
`credit` are no columns of ours: together they are an amount.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
    "entity_orgnr": (
        "bestiller orgnr", "kjøper orgnr", "køpare id", "kunde orgnr", "firma orgnr",
        "organisasjonsnummer kjøper",
    ),
    "entity_id": (
        "klient", "firma", "firmanr", "client", "company code", "body", "organisation code",
        "kopare id", "selskapskode", "selskap",
    ),
    "entity_name": (
        "body name", "organisation name", "authority name", "organisation label", "kopare",
        "firmanavn", "kommune", "kommun", "selskapsnavn", "council", "klientnavn", "kopare text",
    ),
    "supplier_name": (
        "leverandørnavn", "leverandør navn", "leverandør", "leverandør(t)", "leverantör",
        "leverantörsnamn", "leverantörens namn", "supplier name", "supplier", "vendor name",
        "vendor", "beneficiary name", "beneficiary", "payee", "payee name", "merchant name",
        "merchant", "creditor name", "kreditor", "kreditornavn", "mottaker", "betalingsmottaker",
        "apar name", "resk navn", "resnr(t)", "reskontronavn", "supplier id(t)", "lev.navn",
        "levnavn", "lev navn", "navn", "namn", "name", "leverandør tekst", "företag",
        "företagsnamn", "apar_id(t)", "motpart", "motpartsnavn", "leverandørnamn",
        "leverandør namn", "kreditor navn", "supplier beneficiary name", "vendor description",
        "supplier company name",
    ),
    "supplier_id": (
        "leverandørnr", "leverandørnummer", "leverandør nr", "leverandør id", "leverandørid",
        "levnr", "lev.nr", "resnr", "res.nr", "reskontronr", "reskontronummer", "reskontro",
        "kreditornr", "supplier id", "supplier no", "supplier number", "vendor id", "vendor no",
        "vendor number", "address book no", "apar id", "leverantörsnr", "leverantörsnummer",
        "leverantör nr", "payee id", "creditor id", "vendor", "supplier", "leverandør", "kreditor",
        "leverantör", "vendor code", "supplier code", "cred no", "kreditor nr", "leverandørkode",
    ),
    "supplier_orgnr": (
        "orgnr", "org.nr", "org nr", "organisasjonsnummer", "organisasjonsnr", "foretaksnummer",
        "foretaksnr", "leverandør orgnr", "leverandørens orgnr", "leverandør organisasjonsnummer",
        "organisationsnummer", "organisationsnr", "leverantör orgnr", "leverantör id",
        "leverantor_id", "leverantörens organisationsnummer",
    ),
    "supplier_legal_id": (
        "company registration", "company number", "company registration number", "company no",
        "vat registration number", "vat number", "vat reg no", "registration number",
        "supplier vat number", "mva-nummer", "momsregistreringsnummer", "charity registration",
        "cvr", "cvr nr", "cvr nummer", "se nr", "orgnr", "org nr", "organisasjonsnummer",
        "organisationsnummer", "organisationsnr", "leverantor_id", "registreringsnummer",
    ),
    "invoice_number": (
        "fakturanr", "fakturanummer", "faktura nr", "faktura nummer", "fakturano", "faktura",
        "invoice number", "invoice no", "invoice no.", "invoice ref", "invoice", "ext inv ref",
        "ekstern ref", "eksternref", "ekst.ref", "faktura id", "leverandørfaktura",
        "supplier invoice", "inv no", "faktura_nr", "eksternt bilagsnr", "eksternt dokumentnr",
        "ekstern bilagsnr", "external document no", "invoice id", "supplier invoice number",
        "fakturanamn",
    ),
    "voucher_number": (
        "bilagsnr", "bilagsnummer", "bilag nr", "bilag", "bilagnr", "transaksjonsnr", "transnr",
        "transaksjonsnummer", "voucher no", "voucher number", "voucher", "transaction number",
        "transaction no", "transaction no.", "transno", "trans no", "transaction id", "document no",
        "document no.", "document number", "sap document number", "verifikationsnummer",
        "verifikationsnr", "verifikat", "vernr", "ver.nr", "verifikation", "internal ref",
        "hbc ref no", "hbc ref no.", "our ref", "payment reference", "journal no", "reference",
        "reference number", "ref no", "ref", "check number", "check no", "cheque number",
        "cheque no", "warrant number", "verifikatnummer", "payment number", "løpenr", "entry no",
        "dok nr", "dokumentnr",
    ),
    "voucher_type": (
        "bilagsart", "bilagstype", "ba", "voucher type", "document type", "tt", "transaksjonstype",
        "doc type", "verifikationstyp", "transaction type",
    ),
    "line_number": (
        "linjenr", "linje", "linjenummer", "line", "line no", "line number", "sequence no",
        "seq no", "radnummer", "radnr", "sekvensnr", "lnr", "seqno", "sekvensnummer", "rad",
    ),
    "order_number": (
        "ordrenr", "ordrenummer", "innkjøpsordre", "bestillingsnr", "bestillingsnummer",
        "rekvisisjon", "order", "order number", "order no", "purchase order",
        "purchase order number", "po number", "po no", "ordernummer", "ordernr", "inköpsorder",
        "ordre", "bestilling", "bestillings nr", "po", "innkjøpsordrenr", "ordre nummer",
        "inköpsordernummer", "purchase order no", "rekvisisjonsnr",
    ),
    "contract_reference": (
        "avtale", "avtalenr", "avtale id", "avtalereferanse", "kontrakt", "kontraktsnr", "contract",
        "contract number", "contract no", "contract ref", "avtal", "avtalsnummer", "avtalsnr",
        "rammeavtale", "avtals id", "contract id", "agreement", "avtale nr", "avtalenavn",
        "kontraktnr", "rammeavtalenr",
    ),
    "posting_date": (
        "bokføringsdato", "posteringsdato", "bilagsdato", "transaksjonsdato", "hovedboksdato",
        "regnskapsdato", "gl date", "invoice gl date", "posting date", "voucher date",
        "transaction date", "date", "dato", "datum", "bokföringsdatum", "bokforingsdatum",
        "verifikationsdatum", "transdato", "updated", "effective date", "accounting date",
        "konteringsdatum", "bogføringsdato", "bokførings dato", "bil dato", "trans dato",
        "valutadato", "gl posting date", "når", "rekneskapsdato",
    ),
    "invoice_date": (
        "fakturadato", "faktura dato", "fakt.dato", "invoice date", "fakturadatum",
        "date of invoice",
    ),
    "due_date": (
        "forfallsdato", "forfall", "due date", "förfallodatum", "forfalldato",
    ),
    "payment_date": (
        "betalingsdato", "betalt dato", "utbetalingsdato", "betaldato", "payment date", "date paid",
        "paid date", "date of payment", "clearing date", "invoice payment date", "betaldatum",
        "utbetalningsdatum", "betalningsdatum", "paymentdate", "payment_date", "paid on",
        "check date", "cheque date", "check payment date", "payment dt", "pay date", "paydate",
        "cleared date", "utbetalt dato", "betalings dato", "warrant date",
    ),
    "year": (
        "år", "regnskapsår", "årstall", "budsjettår", "year", "fiscal year", "financial year",
        "accounting year", "räkenskapsår", "bokføringsår", "rekneskapsår", "regnskaps år", "fy",
        "fiscal yr", "regnskabsår",
    ),
    "period": (
        "periode", "regnskapsperiode", "period", "accounting period", "fiscal period", "per",
        "måned", "month", "bokføringsperiode", "år måned", "reskontroperiode", "månad",
    ),
    "account": (
        "konto", "kontonr", "kontonummer", "konto nr", "hovedbokskonto", "artskonto", "account",
        "account code", "account no", "account number", "gl account", "cost element",
        "expense code", "expenditure code", "detailed expenditure code", "detailed expense code",
        "detailed expenses code", "subjective code", "konto_nr", "nominal code",
        "general ledger code", "nominal", "finanskontonr", "finanskonto", "artskonto nr",
        "g/l account", "gl code", "ledger code", "object code", "konto nummer", "kontokode",
        "object",
    ),
    "account_name": (
        "kontonavn", "konto tekst", "art tekst", "artstekst", "kontotekst", "konto(t)",
        "konto navn", "account name", "account description", "account detail", "accdesc",
        "g/l description", "g/l description.", "expense type", "expenses type",
        "detailed expenses type", "detailed expenditure type", "expense code description",
        "expenditure account code description", "expense description", "kontotext", "konto_text",
        "kontobenämning", "expenditure type", "cost element name", "subjective", "kontobeskrivelse",
        "expenditure category", "sercop detailed expenditure type", "cipfsubs(t)", "detailed type",
        "commitmt item name", "object name", "object description", "account descr",
        "kontobetegnelse", "konto beskrivelse", "finanskontonavn", "artsnavn", "artnamn",
        "expense category", "art beskrivelse",
    ),
    "kostra_art": (
        "art", "kostra art", "artskode", "kostra-art", "art nr", "artsnr",
    ),
    "kostra_function": (
        "funksjon", "kostra funksjon", "tjeneste", "tjenestenr", "tjeneste nr", "tjenestekode",
        "function", "verksamhet", "verksamhet kod", "teneste", "tenestenr", "teneste nr",
        "funksjonsområde", "funksjonskode",
    ),
    "kostra_function_name": (
        "funksjon(t)", "tjeneste tekst", "tjeneste(t)", "funksjonsnavn", "tjenestenavn",
        "verksamhet text", "tenestetekst", "teneste tekst", "tenestenamn", "funksjonstekst",
        "funksjonsområde tekst", "funksjonsomrade tekst",
    ),
    "department": (
        "avdeling", "sektor", "etat", "virksomhet", "enhet", "directorate", "department",
        "department area", "organisational unit", "forvaltning", "förvaltning", "nämnd",
        "service label", "strgrpcc(t)", "kommunalområde", "business unit", "service area",
        "service", "virksomhetsområde", "tjenesteområde", "division", "directotate", "avd",
        "sektion", "bydel", "byrådsavdeling", "dept descrptn", "dept", "department title",
        "dept name", "department description", "agency", "agency name", "portfolio",
        "avdelingskode", "resultatenhet", "eining", "afdeling", "forvaltningsområde",
    ),
    "department_name": (
        "avdeling tekst", "avdelingsnavn", "avdeling(t)", "business unit description", "enhetsnavn",
        "virksomhetsnavn", "department name", "fund description", "sektornavn",
        "service division label", "service area name",
    ),
    "responsibility": (
        "ansvar", "ansvarsnr", "ansvarssted", "kostnadssted", "koststed", "kostnadsställe",
        "ansvar kod", "cost centre", "cost center", "center", "service code", "cost centre code",
        "service cost centre", "k.sted", "koststednr", "koststad", "ansvarskode", "org unit",
        "organisation code", "cost object", "omkostningssted", "kostnadsbærer", "org code",
    ),
    "responsibility_name": (
        "ansvar tekst", "ansvar(t)", "ansvarsnavn", "cost centre name", "centername", "center name",
        "kostnadssted navn", "koststed tekst", "ansvar text", "cost centre description",
        "kostnadssted(t)", "koststedsnavn", "ansvarstekst", "ansvar namn", "org code description",
        "business unit name",
    ),
    "project": (
        "prosjekt", "prosjektnr", "prosjektnummer", "project", "project code", "projekt",
        "projekt kod", "proj",
    ),
    "project_name": (
        "prosjekt tekst", "prosjekt(t)", "prosjektnavn", "project name", "projekt text",
        "prosjekttekst", "prosjektbeskrivelse",
    ),
    "dimension_1": (
        "objekt", "dim1", "dim 1", "fri dim", "dimensjon 1", "anlegg", "anleggsnr", "fund",
        "aktivitet", "objekt kod", "endrgr", "dim5", "dim 5",
    ),
    "dimension_2": (
        "dim2", "dim 2", "dimensjon 2", "dim6", "dim 6", "aktivitet kod", "capital or revenue",
        "capital/revenue", "capital/ revenue", "cap/rev",
    ),
    "dimension_3": (
        "dim3", "dim 3", "dimensjon 3", "dim7", "dim 7", "motpart kod", "kommun_id",
    ),
    "item_class": (
        "proclass", "procurement classification", "category family", "unspsc", "cpv", "varegruppe",
        "proclass details level 1", "classification", "merchant category", "vare gruppe",
        "kategori", "category", "purpose", "category internal name", "cpv-kod",
    ),
    "vat_code": (
        "mva kode", "mvakode", "avgiftskode", "momskode", "tax code", "vat code", "momskod", "ak",
        "mva-kode",
    ),
    "text": (
        "tekst", "bilagstekst", "beskrivelse", "posteringstekst", "linjetekst", "varetekst",
        "merknad", "transaksjonstekst", "description", "item description", "extended description",
        "narrative", "transaction description", "purpose of spend", "details", "comment", "text",
        "beskrivning", "fakturatext", "kommentar", "anmerkning", "purpose of expenditure",
    ),
    "amount": (
        "nettobeløp", "netto beløp", "netto", "beløp eks mva", "beløp eks. mva", "beløp uten mva",
        "beløp ekskl mva", "beløp eksl. mva", "beløp i nok", "beløp nok", "beløp", "beloep",
        "net amount", "net amount (£)", "netamount", "net", "net value", "amount net",
        "amount excl vat", "amount ex vat", "amount excluding vat",
        "invoice line value (net of vat)", "amount", "amount paid", "invoiced value",
        "payment amount", "paymentamount", "paid amount", "value", "spend", "invoice amount",
        "invoice value", "line amount", "transaction amount", "nettobelopp", "belopp exkl moms",
        "belopp exklusive moms", "konterat belopp exklusive moms", "konterat belopp", "belopp",
        "regnskapsbeløp", "hovedboksbeløp", "regnskap", "total", "sum", "saldo", "totalt", "kroner",
        "kr", "amount gbp", "amount (£)", "beløp utan mva", "beløp uten avgift", "beløb ekskl moms",
        "beløb eks moms", "nettobeløb", "beløb", "belopp ex moms", "belopp i kronor", "belopp sek",
        "amount in local currency", "local currency amount", "check amount", "transaction amt",
        "net amt", "invoice net amt", "line net", "line total", "linjesum", "linjebeløp",
        "linjetotal", "sum linje", "linjeverdi", "beløp i kroner", "fakturabeløp eks mva",
        "fakturabeløp", "invoice total", "expenditure", "amount spent", "ordrebeløp", "ordreverdi",
        "ordresum", "sum eks mva", "sum ekskl mva", "total eks mva", "total price",
        "extended price", "nok", "kronar", "amount paid gbp", "debit amount", "paid", "payment",
        "beløp kr", "utbetalt", "cost", "price paid", "line value", "order value", "total cost",
    ),
    "gross_amount": (
        "bruttobeløp", "brutto", "beløp inkl mva", "beløp inkl. mva", "beløp med mva", "gross",
        "gross amount", "amount incl vat", "amount including vat", "total incl vat", "bruttobelopp",
        "belopp inkl moms", "konterat belopp inklusive moms", "beløb inkl moms", "bruttobeløb",
        "gross value", "total including vat", "sum inkl mva", "fakturabeløp inkl mva",
    ),
    "vat_amount": (
        "mva", "mvabeløp", "mva beløp", "mva-beløp", "merverdiavgift", "avgift", "vat",
        "vat amount", "irrecoverable vat", "irrecoverable vat amount", "moms", "momsbelopp", "tax",
        "tax amount", "momsbeløb", "recoverable vat", "mva sum", "sales tax",
    ),
    "currency_amount": (
        "valutabeløp", "beløp i valuta", "beløp valuta", "currency amount", "valutabelopp",
        "cur amount", "v.beløp",
    ),
    "currency": (
        "valuta", "valutakode", "currency", "currency code", "cur", "valutakod", "val",
    ),
    "income_or_expense": (
        "inntekt utgift", "inntekt/utgift", "inntekt-utgift", "intäkt kostnad", "income expense",
    ),
    "receipt_number": (
        "varemottaksnr", "mottaksnr", "følgeseddel", "følgeseddelnr", "pakkseddel",
        "goods receipt no", "goods receipt", "grn", "receipt no", "inleveransnummer", "mottak nr",
        "mottaksnummer", "receipt number", "goods receipt number", "delivery note", "leveringsnr",
    ),
    "receipt_date": (
        "mottaksdato", "mottatt dato", "varemottaksdato", "receipt date", "received date",
        "leveransdatum", "mottatt", "varemottak dato", "dato mottatt", "levert dato",
        "goods receipt date", "delivered date",
    ),
    "order_date": (
        "ordredato", "bestillingsdato", "order date", "orderdatum", "bestilt dato", "dato bestilt",
        "purchase order date", "po date", "bestillings dato",
    ),
    "delivery_date": (
        "leveringsdato", "delivery date", "ønsket levering",
    ),
    "item_id": (
        "varenr", "varenummer", "artikkelnr", "artikkelnummer", "produktnr", "produktnummer",
        "item no", "item number", "item id", "sku", "article number", "artikelnummer", "artikelnr",
        "leverandørs varenr", "vare nr", "artikkel nr", "varenr leverandør", "lev varenr",
        "part number", "material", "materialnr", "item code", "product code", "produktkode",
    ),
    "item_name": (
        "item description", "varenavn", "varebeskrivelse", "produktnavn", "produkt", "vare",
        "artikkel", "item",
        "item name", "product", "product name", "artikelnamn", "benämning", "artikel",
        "varebetegnelse", "varetekst", "description of goods",
        "produktbeskrivelse", "artikkelnavn", "artikelbenämning", "varens navn", "benevnelse",
        "vare navn",
    ),
    "gtin": (
        "gtin", "ean", "ean kode", "strekkode", "epd nr", "barcode", "gtin nr", "ean nr",
        "ean nummer", "epd", "f pak gtin",
    ),
    "quantity": (
        "antall", "mengde", "kvantum", "bestilt antall", "mottatt antall", "quantity", "qty",
        "antal", "kvantitet", "levert antall", "received quantity", "ordered quantity", "ant",
        "antall bestilt", "ordreantall", "mottatt", "levert", "qty ordered", "qty received",
        "delivered quantity", "antal enheter", "mottatt mengde", "bestilt mengde",
    ),
    "unit_code": (
        "enhetskode", "måleenhet", "enh", "unit", "unit of measure", "uom", "salgsenhet",
        "pr enhet", "enhet", "mengdeenhet", "prisenhet", "enhed", "forpakning", "pakning",
        "order unit", "unit name",
    ),
    "price": (
        "pris", "enhetspris", "avtalepris", "nettopris", "pris eks mva", "pris eks. mva",
        "unit price", "price", "net price", "à-pris", "a-pris", "styckpris", "stykkpris",
        "pris per enhet", "pris exkl moms", "pris ekskl mva", "pris uten mva", "nettopris eks mva",
        "avtalepris eks mva", "pris nok", "utpris", "contract price", "innkjøpspris", "pris kr",
        "price ex vat", "unit cost", "pris inkl rabatt",
    ),
    "list_price": (
        "listepris", "veiledende pris", "bruttopris", "list price", "gross price", "listpris",
        "veil pris", "katalogpris", "veiledende utsalgspris", "rrp", "listepris eks mva",
        "grunnpris",
    ),
    "discount_percent": (
        "rabatt", "rabatt %", "rabattprosent", "discount", "discount %", "rabatt prosent",
        "rabattsats", "rabatt i prosent",
    ),
    "base_quantity": (
        "prisenhet antall", "price unit quantity", "pris per antall",
    ),
    "valid_from": (
        "gyldig fra", "pris gjelder fra", "valid from", "giltig från", "fra dato", "gjelder fra",
        "pris fra", "prisdato", "avtale fra", "effective from", "start date",
    ),
    "valid_to": (
        "gyldig til", "valid to", "giltig till", "til dato", "gjelder til", "pris til",
        "avtale til", "effective to", "expiry date",
    ),
    "channel": (
        "kanal", "bestillingskanal", "channel",
    ),
    "requisitioner": (
        "bestiller", "rekvirent", "requisitioner", "innkjøper", "ordered by", "beställare",
        "bestilt av", "innkjøper navn", "requested by", "buyer",
    ),
    "debit": (
        "debet", "debit", "debetbeløp", "debet beløp", "debit amount", "debet nok", "debitbeløp",
        "debitbelopp", "debet belopp", "debet kr", "dr",
    ),
    "credit": (
        "kredit", "credit", "kreditbeløp", "kredit beløp", "credit amount", "kredit nok",
        "kreditbelopp", "kredit belopp", "kredit kr", "cr",
    ),
}  # fmt: skip
