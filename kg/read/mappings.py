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
    """

    object: str
    label: str
    address: str | None
    relation: str


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
        mapping = Mapping(row["object_id"], row.get("object_label") or "", address, relation)
        out.setdefault(row["subject_id"].replace("id:", ID, 1), []).append(mapping)
    return {k: tuple(v) for k, v in out.items()}
