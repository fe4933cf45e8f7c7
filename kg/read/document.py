"""Everything the graph says about one thing, as one JSON-ready record; and the catalogue that holds all of them."""

from __future__ import annotations

import json
import sqlite3
import zlib
from typing import Any

from kg.read.catalogue import fold
from kg.read.entail import TYPE, Edge
from kg.read.graph import (
    ALT,
    DEFINITION,
    SOURCE,
    Graph,
    citation,
    recommendation_sentence,
    statistic_sentence,
)
from kg.read.names import BIBO, BL, DCTERMS, ID, RDFS, SCHEMA, SKOS, shorten

# Said elsewhere in the record, or of no use to a reader.
QUIET = {TYPE, SOURCE, BL + "aboutCondition", BL + "aboutFinding", BL + "aboutIntervention"}
# Entailed links worth showing; the other entailed ones are inverses or widenings of links shown already.
TELLING = BL + "can"


def document(graph: Graph, thing: str) -> dict[str, Any]:
    """The record of one thing: identity, words, links both ways, statistics, recommendations, sources."""
    record: dict[str, Any] = {
        "id": thing,
        "curie": shorten(thing),
        "label": graph.label(thing),
        "kind": graph.kind(thing),
        "classes": [c.removeprefix(BL) for c in graph.held.get((thing, TYPE), ()) if c.startswith(BL)],
        "synonyms": list(graph.all(thing, ALT)),
        "definition": graph.one(thing, DEFINITION) or graph.one(thing, RDFS + "comment"),
    }
    record["facts"] = _facts(graph, thing)
    record["links"] = _links(graph, thing)
    record["incoming"] = _incoming(graph, thing)
    record["statistics"] = _evidence(graph, thing, "Statistic", ("aboutCondition", "aboutFinding"))
    record["recommendations"] = _evidence(graph, thing, "Recommendation", ("aboutCondition", "aboutIntervention"))
    record["sources"] = [citation(graph, s) for s in graph.all(thing, SOURCE)]
    return record


def _facts(graph: Graph, thing: str) -> dict[str, Any]:
    """Literal values other than names, keyed by the property's label."""
    quiet = {SKOS + "prefLabel", ALT, DEFINITION, RDFS + "label", RDFS + "comment", SKOS + "example"}
    out: dict[str, Any] = {}
    for p, values in graph.objects.get(thing, {}).items():
        texts = [v if isinstance(v, str) else v.value for v in values if not isinstance(v, str)]
        if texts and p not in quiet:
            out[_word(graph, p)] = texts[0] if len(texts) == 1 else texts
    return out


def _word(graph: Graph, predicate: str) -> str:
    known = {
        BIBO + "pmid": "PMID",
        BIBO + "doi": "DOI",
        DCTERMS + "title": "title",
        DCTERMS + "issued": "year",
        SCHEMA + "url": "URL",
        SKOS + "note": "note",
        SKOS + "scopeNote": "scope note",
        SKOS + "broader": "broader",
    }
    return known.get(predicate) or graph.label(predicate)


def _links(graph: Graph, thing: str) -> list[dict[str, Any]]:
    out = []
    quiet = QUIET - {BL + "aboutCondition"} if graph.kind(thing) == "Claim" else QUIET
    for p, values in graph.objects.get(thing, {}).items():
        out += [
            _link(graph, (thing, p, o), o, False) for o in values if isinstance(o, str) and p not in quiet and _shown(o)
        ]
    for (s, p), entailed in _entailed(graph, thing):
        out += [_link(graph, (s, p, o), o, True) for o in entailed if (s, p, o) not in graph.asserted]
    written = [
        e
        for e in graph.annotations
        if e[0] == thing and not any(x["predicate"] == e[1] and x["id"] == e[2] for x in out)
    ]
    return out + [_link(graph, e, e[2], False) for e in written]


def _entailed(graph: Graph, thing: str) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    predicates = sorted({p for p in graph.by_subject.get(thing, ()) if p.startswith(TELLING)})
    return [((thing, p), graph.held[thing, p]) for p in predicates]


def _shown(target: str) -> bool:
    return not target.startswith("_:") and target.startswith((ID, BL))


def _incoming(graph: Graph, thing: str) -> list[dict[str, Any]]:
    return [
        _link(graph, edge, edge[0], False)
        for edge in graph.incoming.get(thing, ())
        if edge[1] not in QUIET and edge[0].startswith(ID)
    ]


def _link(graph: Graph, edge: Edge, other: str, entailed: bool) -> dict[str, Any]:
    said = graph.annotations.get(edge, ())
    out: dict[str, Any] = {
        "predicate": edge[1],
        "relation": _word(graph, edge[1]),
        "id": other,
        "label": graph.label(other),
    }
    if entailed:
        out["entailed"] = True
        out["because"] = [
            " ".join((graph.label(s), _word(graph, p), graph.label(o))) for s, p, o in graph.closure.chain(edge)
        ]
    if said:
        out["said_by"] = [
            {
                "strength": a.strength and a.strength.removeprefix(BL),
                "sources": [citation(graph, s) for s in a.sources],
                "notes": list(a.notes),
                "measured": a.measured,
            }
            for a in said
        ]
    return out


def _evidence(graph: Graph, thing: str, cls: str, about: tuple[str, str]) -> list[dict[str, Any]]:
    out = []
    for predicate in about:
        for node in graph.subjects.get((BL + predicate, thing), ()):
            if BL + cls in graph.all(node, TYPE):
                sentence = (
                    statistic_sentence(graph, node) if cls == "Statistic" else recommendation_sentence(graph, node)
                )
                record = {
                    "id": node,
                    "sentence": sentence,
                    **_parts(graph, node),
                    "sources": [citation(graph, s) for s in graph.all(node, SOURCE)],
                }
                population, note = graph.one(node, BL + "population"), graph.one(node, SKOS + "note")
                out.append(
                    record | ({"population": population} if population else {}) | ({"note": note} if note else {})
                )
    return out


# Property of a figure or a piece of advice → its name in the record.
NAMED = {"measure": "measure", "hasEffect": "effect", "hasCertainty": "certainty"}
ABOUT = {"aboutCondition": "condition", "aboutFinding": "finding", "aboutIntervention": "intervention"}
NUMBERS = {"value": "value", "lowerBound": "lower", "upperBound": "upper"}


def _parts(graph: Graph, node: str) -> dict[str, Any]:
    """What a figure or a piece of advice is made of: what it is about, and its numbers."""
    out: dict[str, Any] = {}
    for predicate, key in ABOUT.items():
        if about := graph.one(node, BL + predicate):
            out[key] = {"id": about, "label": graph.label(about)}
    for predicate, key in NAMED.items():
        if named := graph.one(node, BL + predicate):
            out[key] = {"id": named, "label": graph.label(named)}
    for predicate, key in NUMBERS.items():
        if number := graph.one(node, BL + predicate):
            out[key] = float(number)
    return out


TABLES = """
CREATE TABLE thing (id TEXT PRIMARY KEY, label TEXT, kind TEXT, classes TEXT, doc BLOB) WITHOUT ROWID;
CREATE TABLE name (text TEXT, id TEXT, preferred INTEGER);
CREATE INDEX name_text ON name (text);
CREATE VIRTUAL TABLE words USING fts5 (
    label, synonyms, definition, id UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""


def write_catalogue(graph: Graph, path: str) -> None:
    """Write the catalogue of a graph to a new file."""
    things = sorted(s for s in graph.objects if s.startswith(ID) and graph.kind(s) not in ("Criterion", "Thing"))
    terms = sorted(s for s in graph.objects if s.startswith(BL))
    with sqlite3.connect(path) as db:
        db.executescript(TABLES)
        for thing in (*things, *terms):
            record = document(graph, thing)
            db.execute(
                "INSERT INTO thing VALUES (?, ?, ?, ?, ?)",
                (
                    thing,
                    record["label"],
                    record["kind"],
                    " ".join(record["classes"]),
                    zlib.compress(json.dumps(record, ensure_ascii=False).encode()),
                ),
            )
            names = [(fold(record["label"]), thing, 1), *((fold(a), thing, 0) for a in graph.all(thing, ALT))]
            db.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
            if thing.startswith(ID) and record["kind"] not in ("Statistic", "Recommendation"):
                row = (record["label"], " · ".join(record["synonyms"]), record["definition"] or "", thing)
                db.execute("INSERT INTO words VALUES (?, ?, ?, ?)", row)
    db.close()
