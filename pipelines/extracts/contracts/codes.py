"""Contract of published code lists (KOSTRA arts, accounts, tax codes, CPV, UNSPSC, municipalities).

What a code means for the municipality's own categories is a register, not a code list.
"""

from __future__ import annotations

from pipelines.extracts.contracts.columns import (
    SOURCE_ROW,
    SOURCE_SHA256,
    Column,
    Table,
)

CODE_LIST_ENTRY = Table(
    "code_list_entry",
    "Én rad per oppføring i et publisert kodeverk, slik utgiveren har den",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column(
            "list_name",
            "text",
            "Kodeverket: kostra_art, saft_grouping_code, saft_standard_account, "
            "saft_standard_tax_code, cpv, nuts, unspsc, unspsc_text, kommune eller kommune_endring",
            required=True,
        ),
        Column("edition", "text", "Utgaven som filen oppgir, ellers året i filnavnet"),
        Column(
            "code",
            "text",
            "Koden; KOSTRA-arter har sin foranstilte null også i utgaven som mangler den. I "
            "utgavene fra 2024 er 010 en art og 10 et balansekapittel (tidligere 2.10)",
            required=True,
        ),
        Column("code_as_written", "text", "Koden slik den står i filen"),
        Column("name", "text", "Navn på norsk, ellers på engelsk"),
        Column("name_en", "text", "Navn på engelsk"),
        Column(
            "name_key",
            "text",
            "unspsc: nøkkelen til navnet, som står i en annen fil, i unspsc_text med den koden",
        ),
        Column("level", "text", "Nivå i kodeverket: segment, division, 2, …"),
        Column("parent_code", "text", "Den nærmeste overordnede koden i kodeverket"),
        Column("group_code", "text", "GroupingCategory, for eksempel KA_K eller KA_KS"),
        Column("group_name", "text", "CategoryDescription, gruppens navn"),
        Column("successor_code", "text", "kommune_endring: nummeret som kom etter"),
        Column("successor_name", "text", "kommune_endring: navnet som kom etter"),
        Column("is_split", "boolean", "kommune_endring: ja når kommunen ble delt mellom flere"),
        Column("tax_rate", "text", "saft_standard_tax_code: TaxRate, satsen i ord"),
        Column("is_compensation", "boolean", "saft_standard_tax_code: ja når mva-en kompenseres"),
        Column("is_unverified", "boolean", "Ja når utgiveren sier at navnet ikke er kontrollert"),
        Column("valid_from", "date", "Første dag som teller, når filen eller navnet dens sier det"),
        Column("valid_to", "date", "Siste dag som teller (den dagen med), når filen sier det"),
    ),
)
CODE_TABLES = (CODE_LIST_ENTRY,)
