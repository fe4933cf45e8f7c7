"""OBO Graphs JSON: terms as classes and properties, things as individuals, each link an edge with its sources."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from kg.read.entail import rules_of
from kg.read.exports.statements import ONTOLOGY, TYPE, Link, Statements, text_of
from kg.read.graph import ALT, DEFINITION, PREF, SOURCE
from kg.read.mappings import mappings
from kg.read.names import BL, ID, OWL, RDFS, SKOS
from kg.read.turtle import Literal

NODES = {"Class": ("CLASS", None), "NamedIndividual": ("INDIVIDUAL", None)} | {
    f"{long}Property": ("PROPERTY", short)
    for long, short in (("Object", "OBJECT"), ("Datatype", "DATA"), ("Annotation", "ANNOTATION"))
}
# Predicates that have a place of their own in the format, or a shorter name.
NAMED = {RDFS + "subClassOf": "is_a", RDFS + "subPropertyOf": "subPropertyOf", OWL + "inverseOf": "inverseOf"}
NAMED |= {TYPE: "type"}
OWN_PLACE = {PREF, ALT, DEFINITION, RDFS + "label", RDFS + "comment", SOURCE, TYPE}
APART = {RDFS + "domain", RDFS + "range", OWL + "propertyChainAxiom", SOURCE}


def obographs(said: Statements, entailed: bool) -> str:
    """The whole graph as one OBO Graphs document."""
    ids = [s for s in sorted(said.graph.objects) if s.startswith((ID, BL))]
    graph = {
        "id": ONTOLOGY,
        "meta": _header(said),
        "nodes": [_node(said, s) for s in ids],
        "edges": list(_edges(said, entailed)),
        "equivalentNodesSets": [],
        "logicalDefinitionAxioms": [],
        "domainRangeAxioms": list(_domains(said, ids)),
        "propertyChainAxioms": list(_chains(said)),
    }
    return json.dumps({"graphs": [graph]}, ensure_ascii=False, indent=1)


def _header(said: Statements) -> dict[str, Any]:
    values = said.graph.objects[ONTOLOGY].items()
    properties = [{"pred": p, "val": text_of(v)} for p, vs in sorted(values) for v in vs if p != TYPE]
    return {"version": said.header(OWL + "versionIRI"), "basicPropertyValues": properties}


def _node(said: Statements, node: str) -> dict[str, Any]:
    graph = said.graph
    kinds = [t.removeprefix(OWL) for t in graph.all(node, TYPE)]
    kind, prop = next((NODES[k] for k in NODES if k in kinds), ("INDIVIDUAL", None))
    out: dict[str, Any] = {"id": node, "lbl": graph.label(node), "type": kind}
    if prop:
        out["propertyType"] = prop
    meta: dict[str, Any] = {}
    if text := graph.one(node, DEFINITION):
        meta["definition"] = {"val": text, "xrefs": list(graph.all(node, SOURCE))}
    if names := graph.all(node, ALT):
        meta["synonyms"] = [{"pred": "hasExactSynonym", "val": n, "xrefs": []} for n in names]
    if comments := graph.all(node, RDFS + "comment"):
        meta["comments"] = list(comments)
    mapped = mappings().get(node, ())
    if exact := [m.object for m in mapped if m.relation == "exactMatch"]:
        meta["xrefs"] = [{"val": x} for x in exact]
    values = [
        {"pred": p, "val": v.value}
        for p, vs in sorted(graph.objects[node].items())
        for v in vs
        if isinstance(v, Literal) and p not in OWN_PLACE
    ]
    values += [{"pred": SKOS + m.relation, "val": m.address or m.object} for m in mapped]
    return out | {"meta": meta | ({"basicPropertyValues": values} if values else {})}


def _edges(said: Statements, entailed: bool) -> Iterator[dict[str, Any]]:
    annotated: dict[tuple[str, str, str], list[Link]] = defaultdict(list)
    for link in said.annotated:
        annotated[link[:3]].append(link)
    for s, p, o in said.asserted:
        if s.startswith((ID, BL)) and isinstance(o, str) and not o.startswith("_:") and p not in APART:
            edge: dict[str, Any] = {"sub": s, "pred": NAMED.get(p, p), "obj": o}
            says = annotated.get((s, p, o), ())
            yield edge | ({"meta": {"basicPropertyValues": _said(says)}} if says else {})
    if entailed:
        follows = {"basicPropertyValues": [{"pred": RDFS + "comment", "val": "entailed"}]}
        yield from ({"sub": s, "pred": NAMED.get(p, p), "obj": o, "meta": follows} for s, p, o in said.entailed)


def _said(links: Sequence[Link]) -> list[dict[str, Any]]:
    """What each source says of a link; a source that only says that it holds stands as a value of its own."""
    out: list[dict[str, Any]] = []
    for link in links:
        sources = [text_of(s) for s in link.said.get(SOURCE, ())]
        words = [(p, v) for p, vs in sorted(link.said.items()) for v in vs if p != SOURCE]
        out += [{"pred": p, "val": text_of(v), "xrefs": sources} for p, v in words]
        out += [] if words else [{"pred": SOURCE, "val": s} for s in sources]
    return out


def _domains(said: Statements, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    # Several classes in one list would mean all of them at once; unions of classes have no place in this format.
    for node in ids:
        ends = {
            key: [c for c in said.graph.all(node, RDFS + end) if not c.startswith("_:")]
            for key, end in (("domainClassIds", "domain"), ("rangeClassIds", "range"))
        }
        if any(ends.values()):
            yield {"predicateId": node, **{k: v for k, v in ends.items() if v}}


def _chains(said: Statements) -> Iterator[dict[str, Any]]:
    rules = rules_of(said.asserted)
    for first, pairs in sorted(rules.first_of.items()):
        for second, whole in pairs:
            # A transitive property is a rule of the same shape, but no chain axiom.
            if not first == second == whole:
                yield {"predicateId": whole, "chainPredicateIds": [first, second]}
