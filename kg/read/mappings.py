"""Mappings to public vocabularies, from the SSSOM table that ships with the graph."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import NamedTuple

from kg.read.files import home
from kg.read.names import ID


class Mapping(NamedTuple):
    """One mapping of a thing.

    Attributes:
        object: CURIE of the term in the other vocabulary.
        address: IRI of that term, where its prefix is known.
        relation: such as exactMatch.
        version: release of the other vocabulary.
        thing: our own label.
    """

    object: str
    label: str
    address: str | None
    relation: str
    version: str
    thing: str


@lru_cache(maxsize=1)
def mappings() -> dict[str, tuple[Mapping, ...]]:
    """Thing → its mappings, in the order of the table."""
    text = (home() / "data" / "mappings.sssom.tsv").read_text(encoding="utf-8")
    lines = text.splitlines()
    prefixes: dict[str, str] = {}
    for line in lines:
        prefix, colon, iri = line.lstrip("#").strip().partition(": ")
        if line.startswith("#  ") and colon and iri.startswith("http"):
            prefixes[prefix] = iri
    out: dict[str, list[Mapping]] = {}
    for row in csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t"):
        prefix, _, local = row["object_id"].partition(":")
        address = prefixes[prefix] + local if prefix in prefixes else None
        relation = row["predicate_id"].partition(":")[2]
        label, version = row.get("object_label") or "", row.get("object_source_version") or ""
        mapping = Mapping(row["object_id"], label, address, relation, version, row.get("subject_label") or "")
        out.setdefault(row["subject_id"].replace("id:", ID, 1), []).append(mapping)
    return {k: tuple(v) for k, v in out.items()}


@lru_cache(maxsize=1)
def things_of_terms() -> dict[str, tuple[str, str]]:
    """CURIE of another vocabulary's term → its label there and the one thing that means just that, by our label.

    A term that is an exact match of one thing means that one, whatever it is close to besides.
    """
    out: dict[str, tuple[str, str]] = {}
    for relation in ("exactMatch", "closeMatch"):
        found: dict[str, list[tuple[str, str]]] = {}
        for mapped in mappings().values():
            for m in mapped:
                if m.relation == relation:
                    found.setdefault(m.object, []).append((m.label, m.thing))
        out = {term: pairs[0] for term, pairs in found.items() if len(pairs) == 1} | out
    return out
