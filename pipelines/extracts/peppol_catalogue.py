"""Price lists: Peppol and EHF catalogues with additions, updates and withdrawals, and punch-out.

One catalogue at a time: which price is in force after a row of them is decided in dbt. Catalogue
responses hold no prices and are refused. No files are written.
"""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl

from pipelines.extracts.contracts import peppol
from pipelines.extracts.contracts.columns import Table
from pipelines.extracts.result import FileFacts, Rejection
from pipelines.extracts.ubl_reader import KEY, UblReader
from pipelines.extracts.ubl_tables import NO_PROBLEMS, Rows, without_rejected
from pipelines.extracts.ubl_walk import (
    ITEM,
    TAX_CATEGORY,
    Compiled,
    Group,
    Party,
    compile_spec,
    fall_back,
    leaf,
    party_spec,
    period_spec,
    root_tag,
    shortened,
)

_PRICE = Group(
    "price",
    {
        "cbc:LeadTimeMeasure": leaf("lead_time", unitCode="lead_time_unit"),
        "cbc:MinimumQuantity": leaf("minimum_quantity", unitCode="minimum_quantity_unit"),
        "cbc:MaximumQuantity": "maximum_quantity",
        "cac:ApplicableTerritoryAddress": {
            "cbc:CityName": "territory_city",
            "cbc:PostalZone": "territory_postal_zone",
            "cbc:CountrySubentity": "territory_region",
            "cac:Country": {"cbc:IdentificationCode": "territory_country"},
        },
        "cac:Price": {
            "cbc:PriceAmount": leaf("price_amount", currencyID="currency"),
            "cbc:BaseQuantity": leaf("base_quantity", unitCode="base_quantity_unit"),
            "cbc:PriceType": "price_type",
            "cbc:OrderableUnitFactorRate": "orderable_unit_factor",
            "cac:ValidityPeriod": period_spec("price_valid_from", "price_valid_to"),
        },
        "cac:DeliveryUnit": {
            "cbc:BatchQuantity": leaf("batch_quantity", unitCode="batch_unit_code")
        },
    },
)

_LINE = {
    "cbc:ID": "line_id",
    "cbc:ActionCode": "action_code",
    "cbc:OrderableIndicator": "is_orderable",
    "cbc:OrderableUnit": "orderable_unit",
    "cbc:ContentUnitQuantity": leaf("content_quantity", unitCode="content_unit_code"),
    "cbc:OrderQuantityIncrementNumeric": "order_increment",
    "cbc:MinimumOrderQuantity": leaf("minimum_order_quantity", unitCode="order_quantity_unit"),
    "cbc:MaximumOrderQuantity": "maximum_order_quantity",
    "cbc:PackLevelCode": "pack_level_code",
    "cbc:ContractSubdivision": "contract_subdivision",
    "cac:LineValidityPeriod": period_spec("line_valid_from", "line_valid_to"),
    "cac:ReplacedRelatedItem": {"cbc:ID": "replaced_item_id"},
    "cac:RequiredItemLocationQuantity": _PRICE,
    "cac:Item": {
        **ITEM,
        "cbc:PackQuantity": leaf("pack_quantity", unitCode="pack_unit_code"),
        "cbc:PackSizeNumeric": "pack_size",
        "cbc:BrandName": "brand_name",
        "cac:OriginCountry": {"cbc:IdentificationCode": "origin_country"},
        "cac:TransactionConditions": Group("condition", {"cbc:ActionCode": "code"}),
        "cac:ClassifiedTaxCategory": TAX_CATEGORY,
        "cac:ManufacturerParty": {"cac:PartyName": {"cbc:Name": "manufacturer_name"}},
    },
}

_DOCUMENT = compile_spec(
    {
        "cbc:CustomizationID": "customization_id",
        "cbc:ProfileID": "profile_id",
        "cbc:ID": "document_number",
        "cbc:ActionCode": "action_code",
        "cbc:Name": "name",
        "cbc:IssueDate": "issue_date",
        "cbc:VersionID": "version_id",
        "cac:ValidityPeriod": period_spec("valid_from", "valid_to"),
        "cac:ReferencedContract": {"cbc:ID": "contract_reference"},
        "cac:SourceCatalogueReference": {"cbc:ID": "source_catalogue_reference"},
        "cac:ProviderParty": party_spec("provider"),
        "cac:ReceiverParty": party_spec("receiver"),
        "cac:SellerSupplierParty": {"cac:Party": party_spec("seller")},
        "cac:ContractorCustomerParty": {"cac:Party": party_spec("buyer")},
        "cac:CatalogueLine": Group("line", _LINE, own=("transaction_conditions",)),
    }
)

_PUNCH_OUT_MARKS = ("punch_out", "biitrns077")
_DOCUMENT_ACTIONS = ("add", "replace", "update", "delete")
# Within a catalogue that is new or replaces another, a line without a code is an addition.
_LINE_ACTIONS = {"add": "add", "replace": "add", "update": "update", "delete": "delete"}
_LINE_TABLES = (
    "peppol_catalogue_line",
    "peppol_catalogue_line_classification",
    "peppol_catalogue_price",
)
_PUNCH_OUT_NOTE = (
    "handlekurv fra leverandørens nettbutikk (punch-out): prisene er et tilbud for denne kurven, "
    "ikke en prisliste"
)


class CatalogueReader(UblReader):
    """Reads catalogues line by line: a bad line is rejected alone, a bad head with all its lines.

    Catalogues state no total: the facts have rows (CatalogueLine elements) only.
    """

    kind: ClassVar[str] = "peppol_catalogue"
    roots: ClassVar[dict[str, str]] = {root_tag("Catalogue"): "catalogue"}
    expected: ClassVar[str] = "en katalog (UBL Catalogue)"
    tables: ClassVar[tuple[Table, ...]] = peppol.CATALOGUE_TABLES
    places: ClassVar[dict[str, str]] = {
        "peppol_catalogue": "dokumentet",
        "peppol_catalogue_line": "linje {row}",
        "peppol_catalogue_line_classification": "linje {row}",
        "peppol_catalogue_price": "linje {row}, pris",
    }
    spec: ClassVar[Compiled] = _DOCUMENT
    parties: ClassVar[tuple[Party, ...]] = tuple(
        Party.of(prefix) for prefix in ("seller", "provider", "receiver", "buyer")
    )

    def _new_rows(self) -> tuple[Rows, ...]:
        placed = (*KEY, "source_row", "position")
        return (
            Rows(
                peppol.PEPPOL_CATALOGUE,
                (*KEY, "source_row", "document_kind", "line_count"),
                native=("seller_is_private_person",),
            ),
            Rows(
                peppol.PEPPOL_CATALOGUE_LINE,
                (*KEY, "source_row", "action"),
                native=("price_count",),
                derived=("valid_from", "valid_to"),
            ),
            Rows(peppol.PEPPOL_CATALOGUE_LINE_CLASSIFICATION, placed),
            Rows(peppol.PEPPOL_CATALOGUE_PRICE, placed, derived=("valid_from", "valid_to")),
        )

    def _add_document(self, row: dict[str, Any], key: tuple[str, str], kind: str) -> None:
        customization = row["customization_id"] or ""
        if any(mark in customization for mark in _PUNCH_OUT_MARKS):
            kind = "punch_out"
            self._notes[key[0]] = [_PUNCH_OUT_NOTE]
        fall_back(row, "seller", "provider")
        fall_back(row, "buyer", "receiver")
        self._complete_parties(row)
        row["action"] = None if kind == "punch_out" else self._document_action(row, key[0])
        lines = row["line"]
        self._rows["peppol_catalogue"].append(row, (*key, 1, kind, len(lines)))
        for number, line in enumerate(lines, 1):
            self._add_line(line, (*key, number), row["action"])

    def _document_action(self, row: dict[str, Any], sha256: str) -> str:
        """Return the catalogue's action; 'replace' is the standard's default."""
        code = (row["action_code"] or "").strip()
        if code and code.lower() not in _DOCUMENT_ACTIONS:
            expected = "forventet Add, Replace, Update eller Delete"
            reason = f"cbc:ActionCode: {expected}, fant «{shortened(code)}»"
            finding = (sha256, 1, "peppol_catalogue", "action", code, reason)
            self._findings.append(finding)
        return code.lower() or "replace"

    def _add_line(
        self, line: dict[str, Any], place: tuple[str, str, int], document_action: str | None
    ) -> None:
        prices = [price for price in line["price"] if price["price_amount"] or price["currency"]]
        line["price_count"] = len(prices)
        if line["condition"]:
            codes = (condition["code"] for condition in line["condition"])
            line["transaction_conditions"] = ";".join(code.strip() for code in codes if code)
        action = self._line_action(line, place, document_action)
        self._rows["peppol_catalogue_line"].append(line, (*place, action))
        if line["classification"]:
            self._rows["peppol_catalogue_line_classification"].extend(line["classification"], place)
        if prices:
            self._rows["peppol_catalogue_price"].extend(prices, place)

    def _line_action(
        self, line: dict[str, Any], place: tuple[str, str, int], document_action: str | None
    ) -> str | None:
        """Return what the line does to its item; without a code, what its catalogue's means."""
        if document_action is None:
            return None
        code = (line["action_code"] or "").strip()
        action = code.lower() or _LINE_ACTIONS.get(document_action)
        if action in ("add", "update", "delete") or document_action not in _DOCUMENT_ACTIONS:
            return action
        reason = f"ActionCode: forventet Add, Update eller Delete, fant «{shortened(code)}»"
        sha256, _, number = place
        self._findings.append((sha256, number, "peppol_catalogue_line", "action", code, reason))
        return action

    def _completed(
        self, frames: dict[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
        """Add from when to when each line and price is in force."""
        head = frames["peppol_catalogue"].select("document_id", "valid_from", "valid_to")
        lines = frames["peppol_catalogue_line"].join(
            head, on="document_id", how="left", maintain_order="left"
        )
        lines = _in_force(lines, "line_valid_from", "line_valid_to")
        place = ["document_id", "source_row"]
        prices = frames["peppol_catalogue_price"].join(
            lines.select(*place, "valid_from", "valid_to"),
            on=place,
            how="left",
            maintain_order="left",
        )
        prices = _in_force(prices, "price_valid_from", "price_valid_to")
        completed = {"peppol_catalogue_line": lines, "peppol_catalogue_price": prices}
        return {**frames, **completed}, NO_PROBLEMS

    def _judged(
        self, frames: dict[str, pl.DataFrame], bad: pl.DataFrame
    ) -> tuple[dict[str, pl.DataFrame], list[FileFacts], list[Rejection]]:
        of_head = bad.filter(pl.col("table") == "peppol_catalogue")
        of_lines = bad.filter(pl.col("table") != "peppol_catalogue").join(
            of_head, on="source_sha256", how="anti"
        )
        kept = without_rejected(frames, of_head)
        bad_lines = of_lines.select("source_sha256", "source_row").unique()
        for name in _LINE_TABLES:
            kept[name] = kept[name].join(
                bad_lines, on=["source_sha256", "source_row"], how="anti", maintain_order="left"
            )
        lost = dict(bad_lines.group_by("source_sha256").len().iter_rows())
        facts = [
            fact._replace(
                rows_accepted=fact.rows_accepted - lost.get(fact.source_sha256, 0),
                rows_quarantined=fact.rows_quarantined + lost.get(fact.source_sha256, 0),
            )
            for fact in self._facts(frames, set(of_head["source_sha256"].to_list()))
        ]
        single = self._rejections(of_lines, is_whole_file=False)
        return kept, facts, self._rejections(of_head) + single


def _in_force(rows: pl.DataFrame, first: str, last: str) -> pl.DataFrame:
    """Set valid_from and valid_to: the row's own dates, else those inherited."""
    return rows.with_columns(
        pl.coalesce(first, "valid_from").alias("valid_from"),
        pl.coalesce(last, "valid_to").alias("valid_to"),
    )
