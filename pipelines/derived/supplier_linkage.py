"""Suppliers made one: which entries are the same supplier, why, and which were kept apart.

Pure functions on frames. The pairs and their weights are from `supplier_model`; here it is decided
what follows from them. Bank accounts and payees are not asked: a factoring company is no seller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf, log2
from typing import Any

import polars as pl

from pipelines.derived.contracts import SUPPLIER_LINK
from pipelines.derived.supplier_model import SAME_VAT, scored_pairs
from pipelines.derived.supplier_names import comparable

SUPPLIER_COLUMNS = (
    "supplier_id",
    "id_scheme",
    "id_value",
    "orgnr",
    "vat_id",
    "name",
    "postal_code",
    "city",
    "country",
)


@dataclass(frozen=True)
class _Edge:
    """Two suppliers that may be one: the weight in bits, infinite where the register says so."""

    left: str
    right: str
    weight: float
    probability: float | None
    evidence: str

    @property
    def is_registered(self) -> bool:
        return self.weight == inf

    @property
    def decided_by(self) -> str:
        if self.is_registered:
            return "register"
        return "vat_number" if SAME_VAT in self.evidence else "splink"


@dataclass
class _Cluster:
    """Suppliers that are one so far, and what keeps others out."""

    members: list[str]
    orgnr: str | None
    vat: dict[str, str]
    enemies: set[str]
    is_ambiguous: bool = False

    def refuses(self, other: _Cluster) -> str | None:
        """Return why the two can't be one supplier, None where they can."""
        if not self.enemies.isdisjoint(other.members):
            return "register"
        if self.orgnr and other.orgnr and self.orgnr != other.orgnr:
            return "other_orgnr"
        if any(other.vat.get(country, number) != number for country, number in self.vat.items()):
            return "other_vat"
        return None

    def take(self, other: _Cluster) -> None:
        self.members += other.members
        self.orgnr = self.orgnr or other.orgnr
        self.vat |= other.vat
        self.enemies |= other.enemies
        self.is_ambiguous = self.is_ambiguous or other.is_ambiguous


@dataclass
class _Clusters:
    """The clusters by member, with the edges that made them and those that were refused."""

    of: dict[str, _Cluster]
    accepted: list[_Edge] = field(default_factory=list)
    refused: list[tuple[_Edge, str]] = field(default_factory=list)

    def join(self, edge: _Edge) -> None:
        left, right = self.of[edge.left], self.of[edge.right]
        if left is right:
            self.accepted.append(edge)
            return
        reason = left.refuses(right)
        if reason is None and not edge.is_registered:
            one_has_number = (left.orgnr is None) != (right.orgnr is None)
            if one_has_number and (left.is_ambiguous or right.is_ambiguous):
                reason = "ambiguous"
        if reason is not None:
            self.refused.append((edge, reason))
            return
        small, large = sorted((left, right), key=lambda c: len(c.members))
        large.take(small)
        self.of.update(dict.fromkeys(small.members, large))
        self.accepted.append(edge)


def link_suppliers(
    suppliers: pl.DataFrame, decisions: pl.DataFrame, *, threshold: float, margin: float
) -> pl.DataFrame:
    """Return derived.supplier_link: who is merged with whom, and who nearly was.

    `suppliers`: SUPPLIER_COLUMNS and is_private_person, one row per supplier as it stands and name
    that it goes by. `decisions`: supplier_id_a, supplier_id_b, decision ('same' or 'different').
    `threshold` is the least probability (0..1) of a merge; a supplier that fits two organisation
    numbers with less than `margin` bits between them is given to neither.
    Never merged: two organisation numbers, two VAT numbers of one country, private persons.
    """
    people = suppliers.filter(pl.col("is_private_person")).select("supplier_id").unique()
    known = suppliers.join(people, on="supplier_id", how="anti").filter(
        pl.col("supplier_id") != "unknown"
    )
    rows = comparable(
        known.select(SUPPLIER_COLUMNS).cast(dict.fromkeys(SUPPLIER_COLUMNS, pl.String()))
    )
    least_weight = log2(threshold / (1 - threshold)) if threshold < 1 else inf
    pairs = (
        scored_pairs(rows, least_weight - margin)
        if least_weight < inf
        else scored_pairs(rows.clear(), 0)
    )
    clusters = _clustered(rows, pairs, decisions, least_weight, margin)
    made = _merged(clusters) + _refused(clusters, decisions, pairs)
    return _table(made, threshold)


def _clustered(
    rows: pl.DataFrame,
    pairs: pl.DataFrame,
    decisions: pl.DataFrame,
    least_weight: float,
    margin: float,
) -> _Clusters:
    enemies = _enemies(decisions)
    clusters = _Clusters(_singles(rows, enemies))
    told = [
        _told(pair, "ført i registeret som samme leverandør")
        for pair in _decided(decisions, "same")
        if pair[0] in clusters.of and pair[1] in clusters.of and pair[0] != pair[1]
    ]
    for edge in told:
        clusters.join(edge)
    settled = {name for edge in told for name in (edge.left, edge.right)}
    edges = [_edge(pair) for pair in pairs.iter_rows()]
    allowed = [edge for edge in edges if edge.right not in enemies.get(edge.left, ())]
    for name in _ambiguous(allowed, clusters, margin) - settled:
        clusters.of[name].is_ambiguous = True
    for edge in edges:
        if edge.weight >= least_weight:
            clusters.join(edge)
    return clusters


def _singles(rows: pl.DataFrame, enemies: dict[str, set[str]]) -> dict[str, _Cluster]:
    facts = rows.group_by("supplier_id").agg(
        pl.col("orgnr").drop_nulls().min(), pl.col("vat_key").drop_nulls().min()
    )
    return {
        name: _Cluster([name], orgnr, {vat[:2]: vat} if vat else {}, set(enemies.get(name, ())))
        for name, orgnr, vat in facts.sort("supplier_id").iter_rows()
    }


def _told(pair: tuple[str, str], words: str) -> _Edge:
    return _Edge(min(pair), max(pair), inf, None, words)


def _edge(pair: tuple[Any, ...]) -> _Edge:
    return _Edge(*pair)


def _ambiguous(edges: Iterable[_Edge], clusters: _Clusters, margin: float) -> set[str]:
    """Return who fits two organisation numbers about as well; `edges` are heaviest first."""
    best: dict[str, tuple[str, float]] = {}
    found: set[str] = set()
    for edge in edges:
        left, right = clusters.of[edge.left].orgnr, clusters.of[edge.right].orgnr
        if (left is None) == (right is None):
            continue
        name, orgnr = (edge.left, right) if left is None else (edge.right, left)
        first, weight = best.setdefault(name, (str(orgnr), edge.weight))
        if first != orgnr and weight - edge.weight < margin:
            found.add(name)
    return found


def _decided(decisions: pl.DataFrame, decision: str) -> list[tuple[str, str]]:
    chosen = decisions.filter(pl.col("decision") == decision)
    return sorted(chosen.select("supplier_id_a", "supplier_id_b").drop_nulls().unique().rows())


def _enemies(decisions: pl.DataFrame) -> dict[str, set[str]]:
    enemies: dict[str, set[str]] = {}
    for one, other in _decided(decisions, "different"):
        enemies.setdefault(one, set()).add(other)
        enemies.setdefault(other, set()).add(one)
    return enemies


def _standing(supplier_id: str) -> tuple[int, str]:
    """Order by how well a supplier is identified: orgnr, VAT number, another number, name."""
    if supplier_id.startswith("NO") and supplier_id[2:].isdigit():
        return 0, supplier_id
    return {"VAT": 1, "NAVN": 3}.get(supplier_id.split(":", 1)[0], 2), supplier_id


def _merged(clusters: _Clusters) -> list[dict[str, object]]:
    """Every member of a cluster but the best identified one, with the edge that tells the most."""
    incident: dict[str, list[_Edge]] = {}
    for edge in clusters.accepted:
        incident.setdefault(edge.left, []).append(edge)
        incident.setdefault(edge.right, []).append(edge)
    made = []
    for name, edges in sorted(incident.items()):
        target = min(clusters.of[name].members, key=_standing)
        if name == target:
            continue
        direct = [edge for edge in edges if target in (edge.left, edge.right)]
        edge = (direct or edges)[0]
        via = edge.right if edge.left == name else edge.left
        words = edge.evidence if direct else f"{edge.evidence}, via {via}"
        made.append(_row(name, target, edge, "merged", None, words))
    return made


def _refused(
    clusters: _Clusters, decisions: pl.DataFrame, pairs: pl.DataFrame
) -> list[dict[str, object]]:
    """Pairs that were kept apart: by the register, or by what can't be one supplier."""
    weighed = {frozenset(pair[:2]): _edge(pair) for pair in pairs.iter_rows()}
    told = [
        (weighed.get(frozenset(pair), _told(pair, "")), "register")
        for pair in _decided(decisions, "different")
        if pair[0] in clusters.of and pair[1] in clusters.of
    ]
    apart: dict[frozenset[str], tuple[_Edge, str]] = {}
    for edge, reason in told + clusters.refused:
        if clusters.of[edge.left] is not clusters.of[edge.right]:
            apart.setdefault(frozenset((edge.left, edge.right)), (edge, reason))
    made = []
    for edge, reason in apart.values():
        target, name = sorted((edge.left, edge.right), key=_standing)
        made.append(_row(name, target, edge, "refused", reason, edge.evidence))
    return made


def _row(
    name: str, target: str, edge: _Edge, outcome: str, reason: str | None, evidence: str
) -> dict[str, object]:
    return {
        "supplier_id_from": name,
        "supplier_id_to": target,
        "outcome": outcome,
        "decided_by": "register" if reason == "register" else edge.decided_by,
        "reason": reason,
        "match_weight": None if edge.is_registered else edge.weight,
        "match_probability": edge.probability,
        "evidence": evidence or None,
    }


def _table(made: list[dict[str, object]], threshold: float) -> pl.DataFrame:
    schema = {name: kind for name, kind in SUPPLIER_LINK.schema.items() if name != "threshold"}
    frame = pl.DataFrame(made, schema=schema).with_columns(threshold=pl.lit(threshold))
    return frame.select(SUPPLIER_LINK.schema.keys()).sort(SUPPLIER_LINK.key)
