"""Layouts as ledgers, budgets, orders, receipts and price lists are exported, drafted and loaded.

Every table is invented; the headings are those of the systems and publishers named. The sums are
worked out by hand. What counts: the draft loads without a hand's edit, takes the right amount and
loses no column that has values.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.extracts.mapped import TabularResult, read_mapped
from pipelines.extracts.mapping import Mapping, load_mapping
from pipelines.extracts.mapping_suggest import suggest


@dataclass(frozen=True)
class Layout:
    """A table, and what must come of it: target, amounts, the first row's values, constants."""

    name: str
    text: str
    amounts: tuple[str, ...]
    first: dict[str, Any] = field(default_factory=dict)
    table: str = "ledger_line"
    measure: str = "amount"
    encoding: str = "utf-8"
    file_name: str = "fil.csv"


LAYOUTS = [
    Layout(
        "Unit4, hovedbok",
        "Klient;Periode;Bilagsdato;Bilagsnr;BA;Konto;Konto(T);Ansvar;Ansvar(T);Funksjon;AK;Resnr;"
        "Resnr(T);Ekst.ref;Tekst;Beløp;V.beløp;Valuta\n"
        "10;202401;31.01.2024;4001;IF;11200;Forbruk;1100;Rådmann;1200;1;50012;Papir AS;F-1;Papir;"
        "1 250,00;1 250,00;NOK\n"
        "10;202402;29.02.2024;4002;IF;12000;Møbler;1100;Rådmann;1200;1;50013;Møbler AS;F-2;Pult;"
        "−250,50;-250,50;NOK\n",
        ("1250.00", "-250.50"),
        {"posting_date": date(2024, 1, 31), "supplier_name": "Papir AS", "supplier_id": "50012",
         "account": "11200", "invoice_number": "F-1", "period": "202401", "currency": "NOK"},
    ),
    Layout(
        "Visma, debet og kredit",
        "Bilagsnr;Bilagsdato;Kontonr;Kontonavn;Avd;Tekst;Debet;Kredit;Saldo\n"
        "1;05.01.2024;6800;Kontorrekvisita;10;Papir;800,00;;800,00\n"
        "2;06.01.2024;6800;Kontorrekvisita;10;Retur;;100,00;700,00\n",
        ("800.00", "-100.00"),
        {"voucher_number": "1", "account": "6800", "posting_date": date(2024, 1, 5)},
    ),
    Layout(
        "Visma, leverandørreskontro med netto, mva og brutto",
        "Lev.nr;Leverandør;Org.nr;Fakturanr;Fakturadato;Forfallsdato;Beløp inkl. mva;Mva;"
        "Beløp eks. mva\n"
        "20001;Papir AS;974760673;77;01.02.2024;01.03.2024;125,00;25,00;100,00\n"
        "20002;Bygg AS;971032081;78;02.02.2024;03.03.2024;250,00;50,00;200,00\n",
        ("100.00", "200.00"),
        {"gross_amount": Decimal("125.00"), "vat_amount": Decimal("25.00"),
         "amount_basis": "net", "supplier_orgnr": "974760673",
         "invoice_date": date(2024, 2, 1), "due_date": date(2024, 3, 1)},
    ),
    Layout(
        "Xledger, en linje over overskriftene",
        "Transaksjoner hovedbok;;;;;;\n"
        "Selskap: Eksempel kommune;;;;;;\n"
        ";;;;;;\n"
        "Bilag;Fakturadato;Konto;Motpart;Tekst;Beløp;XGL\n"
        "9001;03.01.2024;6550;Data AS;Skjerm;3000,00;a1\n"
        "9002;04.01.2024;6550;Data AS;Mus;300,00;a2\n"
        ";;;;Sum;3300,00;\n",
        ("3000.00", "300.00"),
        {"supplier_name": "Data AS", "invoice_date": date(2024, 1, 3)},
    ),
    Layout(
        "Tripletex, hovedbok med komma og anførselstegn",
        '"Konto","Kontonavn","Dato","Bilagsnr.","Beskrivelse","Leverandør","Beløp"\n'
        '"4300","Innkjøp av varer","2024-01-09","12-2024","Kaffe","Kaffe AS","1 000,40"\n'
        '"4300","Innkjøp av varer","2024-01-10","13-2024","Te","Kaffe AS","99,60"\n',
        ("1000.40", "99.60"),
        {"posting_date": date(2024, 1, 9), "voucher_number": "12-2024"},
    ),
    Layout(
        "Business Central, norsk",
        "Bokføringsdato;Bilagstype;Bilagsnr.;Eksternt bilagsnr.;Finanskontonr.;Beskrivelse;"
        "Avdelingskode;Beløp;Beløp (NOK);Løpenr.\n"
        "15.03.2024;Faktura;KF1;F100;6100;Frakt;AVD1;500,00;500,00;1\n"
        "16.03.2024;Kreditnota;KF2;F101;6100;Frakt;AVD1;-50,00;-50,00;2\n",
        ("500.00", "-50.00"),
        {"posting_date": date(2024, 3, 15), "voucher_type": "Faktura", "account": "6100",
         "invoice_number": "F100"},
    ),
    Layout(
        "SAP, engelsk, minus bak",
        "Company Code;Document Number;Posting Date;G/L Account;Cost Center;Vendor;Vendor Name;"
        "Amount in local currency;Local Currency\n"
        "1000;1900000001;31.01.2024;0000400000;1001;100200;Papir AS;1.000,00;NOK\n"
        "1000;1900000002;31.01.2024;0000400000;1001;100200;Papir AS;100,00-;NOK\n",
        ("1000.00", "-100.00"),
        {"voucher_number": "1900000001", "supplier_id": "100200", "currency": "NOK",
         "supplier_name": "Papir AS", "responsibility": "1001"},
    ),
    Layout(
        "Åpent innkjøp, norsk kommune",
        "Leverandørnavn;Organisasjonsnummer;Fakturanummer;Fakturadato;Kontonavn;Virksomhet;"
        "Fakturabeløp eks. mva\n"
        "Papir AS;974 760 673;1;2024-01-05;Forbruk;Skole;1 000,00\n"
        "Bygg AS;971 032 081;2;2024-01-06;Bygg;Skole;2 000,00\n",
        ("1000.00", "2000.00"),
        {"amount_basis": "net", "supplier_orgnr": "974760673", "department": "Skole"},
    ),
    Layout(
        "Nynorsk leverandørreskontro",
        "Leverandørnamn;Orgnr;Bilagsdato;Art;Teneste;Tenestetekst;Beløp utan mva\n"
        "Papir AS;974760673;05.01.2024;11200;2020;Grunnskule;10,00\n"
        "Bygg AS;971032081;06.01.2024;12300;2020;Grunnskule;20,00\n",
        ("10.00", "20.00"),
        {"amount_basis": "net", "supplier_name": "Papir AS", "kostra_function": "2020",
         "kostra_function_name": "Grunnskule"},
    ),
    Layout(
        "Svensk specifikation",
        "kopare_id;kopare;verifikationsnummer;leverantor;leverantor_id;konto_nr;konto_text;"
        "bokforingsdatum;forvaltning;fakturanummer;nettobelopp\r"
        "2321000131;Regionen;1;Konsult AB;5565994307;6550;Konsulter;2024-01-02;IT;77;100.00\r"
        "2321000131;Regionen;2;Papper AB;5560360793;6100;Papper;2024-01-03;IT;78;50.50\r",
        ("100.00", "50.50"),
        {"currency": "SEK", "supplier_name": "Konsult AB", "supplier_legal_id": "5565994307",
         "entity_id": "2321000131", "posting_date": date(2024, 1, 2), "amount_basis": "net"},
    ),
    Layout(
        "Göteborg-lik leverantörsfakturor",
        "Förvaltning;Leverantör;Organisationsnummer;Fakturanummer;Fakturadatum;Konto;Kontotext;"
        "Belopp exkl. moms\n"
        "Grundskola;Papper AB;556036-0793;1;2024-01-05;6100;Papper;1 000,00\n"
        "Grundskola;Papper AB;556036-0793;2;2024-01-06;6100;Papper;-10,00\n",
        ("1000.00", "-10.00"),
        {"currency": "SEK", "department": "Grundskola", "amount_basis": "net",
         "invoice_date": date(2024, 1, 5)},
        encoding="cp1252",
    ),
    Layout(
        "Svensk, belopp i kronor",
        "Verifikatnummer\tBokföringsdatum\tLeverantörsnamn\tBelopp i kronor\tMoms\n"
        "A1\t20240105\tPapper AB\t80,00\t20,00\n"
        "A2\t20240106\tPapper AB\t8,00\t2,00\n",
        ("80.00", "8.00"),
        {"posting_date": date(2024, 1, 5), "vat_amount": Decimal("20.00"), "currency": "SEK"},
    ),
    Layout(
        "Dansk kreditorudtræk",
        "Kreditornr.;Kreditor;CVR-nr.;Bilagsnr.;Bogføringsdato;Fakturanr.;Artskonto;"
        "Beløb ekskl. moms;Momsbeløb\n"
        "100;Papir ApS;12345678;1;05-01-2024;F1;4000;1.000,00;250,00\n"
        "101;Bygg ApS;87654321;2;06-01-2024;F2;4000;200,00;50,00\n",
        ("1000.00", "200.00"),
        {"currency": "DKK", "supplier_name": "Papir ApS", "supplier_legal_id": "12345678",
         "posting_date": date(2024, 1, 5), "amount_basis": "net"},
    ),
    Layout(
        "US checkbook, måned først",
        "Fiscal Year,Department,Vendor Name,Check Number,Check Date,Account Description,"
        "Check Amount\n"
        '2024,Police,Paper Inc,1001,01/31/2024,Supplies,"$1,234.50"\n'
        "2024,Fire,Paper Inc,1002,12/25/2023,Supplies,($34.50)\n",
        ("1234.50", "-34.50"),
        {"currency": "USD", "payment_date": date(2024, 1, 31), "year": 2024,
         "supplier_name": "Paper Inc", "department": "Police"},
    ),
    Layout(
        "Phoenix-lik",
        "Check/Payment Date,Dept. Descrptn,Vendor Name,Commitmt Item Name,Invoice Net Amt\n"
        "4/25/2018,Housing,ONE STOP INC,Supplies,10.25\n"
        '4/2/2018,Housing,ONE STOP INC,Supplies,"1,010.75"\n',
        ("10.25", "1010.75"),
        {"currency": "USD", "payment_date": date(2018, 4, 25), "supplier_name": "ONE STOP INC",
         "department": "Housing", "amount_basis": "net"},
    ),
    Layout(
        "Socrata-export, tidsstempel",
        "payee_name,posting_date,amount,department_title,detailed_item_description\n"
        "PAPER INC,2024-01-05T00:00:00.000,100.10,Parks,Paper\n"
        "PAPER INC,2024-01-06T00:00:00.000,0.90,Parks,Ink\n",
        ("100.10", "0.90"),
        {"posting_date": date(2024, 1, 5), "supplier_name": "PAPER INC"},
    ),
    Layout(
        "USA, voucher",
        "Voucher Number,Amount,Check Date,Department Name,Contract Number,Vendor Name,Cashed\n"
        "PV1,$10.00,01/30/2024,FINANCE,C1,PAPER INC,TRUE\n"
        "PV2,$20.00,02/13/2024,FINANCE,DV,PAPER INC,FALSE\n",
        ("10.00", "20.00"),
        {"currency": "USD", "contract_reference": "C1", "payment_date": date(2024, 1, 30)},
    ),
    Layout(
        "UK, £500, med linjer over",
        "Payments to suppliers over £500,,,,,\n"
        "January 2024,,,,,\n"
        "Body Name,Directorate,Expense Type,Payment Date,Supplier Name,Amount (excl. VAT) £\n"
        "A Council,Place,Waste,31/01/2024,SKIPS LTD,\"£1,500.00\"\n"
        "A Council,Place,Waste,31/01/2024,SKIPS LTD,£600.00\n"
        ",,,,Total,\"£2,100.00\"\n",
        ("1500.00", "600.00"),
        {"currency": "GBP", "entity_name": "A Council", "amount_basis": "net",
         "payment_date": date(2024, 1, 31), "supplier_name": "SKIPS LTD"},
    ),
    Layout(
        "UK, netto og moms som kan gis tilbake",
        "Organisation Name,Effective Date,Supplier Name,Supplier ID,VAT Registration Number,"
        "Payment Date,Transaction Number,Gross Amount,VAT,Net Amount,Purpose\n"
        "A Council,2024-01-31,SKIPS LTD,77,GB123456789,2024-01-15,9,120.00,20.00,100.00,Waste\n"
        "A Council,2024-01-31,BINS LTD,78,GB987654321,2024-01-16,10,12.00,2.00,10.00,Waste\n",
        ("100.00", "10.00"),
        {"gross_amount": Decimal("120.00"), "vat_amount": Decimal("20.00"), "supplier_id": "77",
         "supplier_legal_id": "GB123456789", "amount_basis": "net", "currency": "GBP"},
    ),
    Layout(
        "UK, to blokker med overskriften om igjen",
        "Supplier,Date,Ref,Amount\n"
        "SKIPS LTD,31/01/2024,1,10.00\n"
        ",,,\n"
        "Supplier,Date,Ref,Amount\n"
        "BINS LTD,29/02/2024,2,20.00\n",
        ("10.00", "20.00"),
        {"supplier_name": "SKIPS LTD", "posting_date": date(2024, 1, 31)},
    ),
    Layout(
        "UK, andre blokk har kolonnene i en annen rekkefølge",
        "Supplier,Date,Ref,Amount\n"
        "SKIPS LTD,31/01/2024,1,10.00\n"
        "Ref,Amount,Supplier,Date\n"
        "2,20.00,BINS LTD,29/02/2024\n",
        ("10.00", "20.00"),
        {"supplier_name": "SKIPS LTD", "posting_date": date(2024, 1, 31)},
    ),
    Layout(
        "UK, sortert slik at overskriften havnet midt i",
        "".join(f"REGN,Housing,Grant,{n},Project {n},04/03/2025,{n}.00\n" for n in range(1, 81))
        + "Department Area,Service Area,Description,HBC Ref No.,Name:  ,Payment Date,Amount Paid\n"
        + "REGN,Housing,Grant,81,Project 81,05/03/2025,81.00\n",
        tuple(f"{n}.00" for n in range(1, 82)),
        {"supplier_name": "Project 1", "payment_date": date(2025, 3, 4)},
    ),
    Layout(
        "Flere beløpskolonner, dagtall fra regneark",
        "Supplier Name;Invoice Date;Invoice Number;VAT Amount;Invoice Amount;Line Net\n"
        "SKIPS LTD;45322;A1;2.00;12.00;10.00\n"
        "SKIPS LTD;45323;A2;4.00;24.00;20.00\n",
        ("10.00", "20.00"),
        {"invoice_date": date(2024, 1, 31), "amount_basis": "net"},
    ),
    Layout(
        "KOSTRA-regnskap, ett år",
        "Ansvar;Ansvar(T);Art;Art(T);Funksjon;Funksjon(T);Regnskap 2023\n"
        "1000;Rådmann;100;Kontormateriell;120;Administrasjon;1000\n"
        "1000;Rådmann;729;Mva-komp;120;Administrasjon;-250\n",
        ("1000.00", "-250.00"),
        {"year": 2023, "budget_kind": "actual", "kostra_art": "100",
         "kostra_function": "120", "responsibility": "1000"},
        "budget_line",
    ),
    Layout(
        "Budsjett og regnskap ved siden av hverandre, strek og tomt",
        "Kontonr;Kontonavn;Ansvar;Teneste;Rekneskap 2022;Budsjett 2023;Økonomiplan 2024\n"
        "10100;Fastløn;110;120;1 000;1 100;1 200\n"
        "11500;Mat;110;120;-;200;\n",
        ("1000.00", "1100.00", "1200.00", "0.00", "200.00"),
        {"year": 2022, "budget_kind": "actual", "account": "10100"},
        "budget_line",
    ),
    Layout(
        "Budsjett med «Oppr. budsjett» og «Rev. budsjett»",
        "Art;Ansvar;Funksjon;Oppr. budsjett 2024;Rev. budsjett 2024\n"
        "100;1000;120;500;600\n",
        ("500.00", "600.00"),
        {"year": 2024, "budget_kind": "budget"},
        "budget_line",
    ),
    Layout(
        "Investeringsbudsjett i nok",
        "tiltak;ansvar;ansvar_tekst;funksjonsomrade;funksjonsomrade_tekst;nok\n"
        "Skule;100;Teknisk;222;Skulelokale;5000000\n"
        "Veg;100;Teknisk;332;Vegar;250000\n",
        ("5000000.00", "250000.00"),
        {"responsibility": "100", "kostra_function": "222", "currency": "NOK", "year": 2013},
        "budget_line",
        file_name="investeringsbudsjett-2013.csv",
    ),
    Layout(
        "Svensk budget",
        "Ansvar;Konto;Verksamhet;Budget 2024;Utfall 2023\n"
        "100;5010;440;1 000;900\n",
        ("1000.00", "900.00"),
        {"year": 2024, "budget_kind": "budget"},
        "budget_line",
    ),
    Layout(
        "Bestillinger fra e-handel",
        "Ordrenr;Linjenr;Ordredato;Leverandør;Org.nr;Varenr;Varenavn;Antall;Enhet;Pris;Linjesum;"
        "Bestiller;Avtale\n"
        "PO1;1;05.01.2024;Papir AS;974760673;A4;Kopipapir;10;stk;49,90;499,00;Kari;RA-1\n"
        "PO1;2;05.01.2024;Papir AS;974760673;P1;Penn;4;stk;2,50;10,00;Kari;RA-1\n",
        ("499.00", "10.00"),
        {"order_number": "PO1", "quantity": Decimal(10), "price": Decimal("49.9"),
         "order_date": date(2024, 1, 5), "item_name": "Kopipapir", "unit_code": "stk",
         "requisitioner": "Kari", "contract_reference": "RA-1"},
        "order_table_line",
    ),
    Layout(
        "Bestillinger uten linjesum",
        "Ordrenr;Ordredato;Varenr;Varenavn;Antall;Pris eks. mva\n"
        "100;05.01.2024;A4;Kopipapir;3;49,995\n"
        "101;06.01.2024;P1;Penn;2;10,00\n",
        ("149.99", "20.00"),
        {"quantity": Decimal(3), "price": Decimal("49.995")},
        "order_table_line",
    ),
    Layout(
        "Purchase orders, English",
        "Purchase Order Number,Order Date,Supplier,Item Description,Quantity,Unit Price,"
        "Line Total\n"
        "PO-7,2024-01-05,SKIPS LTD,Skip hire,2,50.00,100.00\n",
        ("100.00",),
        {"order_number": "PO-7", "quantity": Decimal(2), "item_name": "Skip hire"},
        "order_table_line",
    ),
    Layout(
        "Varemottak",
        "Mottaksnr;Ordrenr;Mottaksdato;Leverandør;Varenr;Varenavn;Mottatt antall;Enhet\n"
        "M1;PO1;07.01.2024;Papir AS;A4;Kopipapir;9,5;stk\n"
        "M1;PO1;07.01.2024;Papir AS;P1;Penn;4;stk\n",
        ("9.5", "4"),
        {"receipt_number": "M1", "receipt_date": date(2024, 1, 7), "order_number": "PO1"},
        "receipt_table_line",
        "quantity",
    ),
    Layout(
        "Prisliste",
        "Varenr;EAN;Varenavn;Enhet;Listepris;Rabatt %;Nettopris;Gyldig fra;Gyldig til\n"
        "A4;7038010000010;Kopipapir;PK;100,00;50;50,00;01.01.2024;31.12.2024\n"
        "P1;7038010000027;Penn;STK;10,00;25;7,50;01.01.2024;31.12.2024\n",
        ("50", "7.5"),
        {"item_id": "A4", "gtin": "7038010000010", "list_price": Decimal(100),
         "discount_percent": Decimal(50), "valid_from": date(2024, 1, 1),
         "valid_to": date(2024, 12, 31), "unit_code": "PK"},
        "price_table_item",
        "price",
    ),
    Layout(
        "Prislista, svensk",
        "Artikelnr;Benämning;Enhet;Pris exkl moms\n"
        "A4;Papper;PK;50,00\n"
        "P1;Penna;ST;7,50\n",
        ("50", "7.5"),
        {"item_id": "A4", "item_name": "Papper", "currency": "SEK"},
        "price_table_item",
        "price",
    ),
    Layout(
        "Bare ett ukjent beløp",
        "Butikk;Når;Utlegg i kroner og øre\nKiwi;05.01.2024;10,50\nRema;06.01.2024;20,25\n",
        ("10.50", "20.25"),
    ),
]  # fmt: skip


@functools.cache
def _draft(data: bytes, file_name: str) -> str:
    return suggest(data, file_name).text


def _drafted(layout: Layout) -> Mapping:
    return load_mapping(_draft(layout.text.encode(layout.encoding), layout.file_name))


def _loaded(layout: Layout) -> TabularResult:
    data = layout.text.encode(layout.encoding)
    return read_mapped(data, "a" * 64, _drafted(layout), b"key")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_drafted_mapping_loads_the_layout_exactly(layout: Layout) -> None:
    result = _loaded(layout)
    assert list(result.tables) == [layout.table]
    table = result.tables[layout.table].sort("source_row", maintain_order=True)
    assert result.rejections == []
    assert table[layout.measure].to_list() == [Decimal(a) for a in layout.amounts]
    first = table.row(0, named=True)
    assert {name: first[name] for name in layout.first} == layout.first


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_no_mapped_column_with_values_becomes_empty(layout: Layout) -> None:
    mapping = _drafted(layout)
    table = _loaded(layout).tables[layout.table]
    empty = [name for name in mapping.columns if table[name].null_count() == table.height]
    assert empty == []
