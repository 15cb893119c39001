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
    "One row per entry of a published code list, as its publisher gives it",
    ("source_sha256", "source_row"),
    (
        SOURCE_SHA256,
        SOURCE_ROW,
        Column(
            "list_name",
            "text",
            "kostra_art, saft_grouping_code, saft_standard_account, saft_standard_tax_code, cpv, "
            "nuts, unspsc, unspsc_text, kommune or kommune_endring",
            required=True,
        ),
        Column("edition", "text", "Version in the file, else the year in its name"),
        Column(
            "code",
            "text",
            "The code; KOSTRA arts have their leading zero also in the edition that lacks it. In "
            "the editions from 2024 on 010 is an art and 10 a balance chapter (2.10 before)",
            required=True,
        ),
        Column("code_as_written", "text", "The code as the file has it"),
        Column("name", "text", "Name in Norwegian, else in English"),
        Column("name_en", "text", "Name in English"),
        Column(
            "name_key",
            "text",
            "Key of the name in another file (unspsc); its entries are unspsc_text with that code",
        ),
        Column("level", "text", "Level within the list: segment, division, 2, …"),
        Column("parent_code", "text", "The nearest code above it that the list holds"),
        Column("group_code", "text", "GroupingCategory, e.g. KA_K or KA_KS"),
        Column("group_name", "text", "CategoryDescription"),
        Column("successor_code", "text", "kommune_endring: the number that came after it"),
        Column("successor_name", "text", "kommune_endring: the name that came after it"),
        Column("is_split", "boolean", "kommune_endring: True where it was divided between several"),
        Column("tax_rate", "text", "saft_standard_tax_code: TaxRate in words"),
        Column(
            "is_compensation", "boolean", "saft_standard_tax_code: True where VAT can be got back"
        ),
        Column("is_unverified", "boolean", "True where the publisher flags the name as unverified"),
        Column("valid_from", "date", "First day that counts, where the file or its name says"),
        Column("valid_to", "date", "Last day that counts (inclusive), where the file says"),
    ),
)
CODE_TABLES = (CODE_LIST_ENTRY,)
