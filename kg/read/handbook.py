"""What the documentation tells of the ontology and of the checks, read out of the files that say it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kg.read.entail import TYPE, rules_of
from kg.read.exports.kgx import biolink
from kg.read.exports.statements import Statements
from kg.read.files import PACKAGE, home
from kg.read.graph import DEFINITION, Graph
from kg.read.names import BL, OWL, RDF, RDFS, SKOS, shorten
from kg.read.turtle import read_file

SH = "http://www.w3.org/ns/shacl#"
KINDS = {
    "Class": "class",
    "ObjectProperty": "object property",
    "DatatypeProperty": "datatype property",
    "AnnotationProperty": "annotation property",
    "NamedIndividual": "value of a fixed list",
}
TRAITS = {"TransitiveProperty": "transitive", "SymmetricProperty": "symmetric"}


class Rule(NamedTuple):
    """One rule or one part of a shape, in words."""

    level: str
    name: str
    fault: str
    cure: str


class Constant(NamedTuple):
    """A number of the program that no publication gives."""

    where: str
    name: str
    value: str
    about: str


def ontology_terms(said: Statements) -> list[dict[str, Any]]:
    """All terms of the ontology, ready for their pages, in order of kind and label."""
    graph = said.graph
    chains: dict[str, list[tuple[str, str]]] = {}
    for first, pairs in rules_of(said.asserted).first_of.items():
        for second, whole in pairs:
            if not first == second == whole:
                chains.setdefault(whole, []).append((first, second))
    uses: dict[str, int] = {}
    for _, p, _ in said.asserted:
        uses[p] = uses.get(p, 0) + 1
    found = [_term(graph, s, chains.get(s, []), uses.get(s, 0)) for s in sorted(graph.objects) if s.startswith(BL)]
    order = list(KINDS.values())
    return sorted((t for t in found if t["kind"]), key=lambda t: (order.index(t["kind"]), t["label"].lower()))


def _term(graph: Graph, node: str, chains: list[tuple[str, str]], uses: int) -> dict[str, Any]:
    types = [t.removeprefix(OWL) for t in graph.all(node, TYPE)]
    members = [m for m in graph.members.get(node, ()) if graph.kind(m) == node.removeprefix(BL)]
    members += graph.subjects.get((TYPE, node), ()) if not members else []
    properties = {
        end: sorted(p for p, ps in graph.objects.items() if node in _classes(graph, p, ps.get(RDFS + end, ())))
        for end in ("domain", "range")
    }
    return {
        "iri": node,
        "name": node.removeprefix(BL),
        "label": graph.label(node),
        "kind": next((words for t, words in KINDS.items() if t in types), ""),
        "traits": [words for t, words in TRAITS.items() if t in types],
        "definition": graph.one(node, DEFINITION) or "",
        "example": graph.one(node, SKOS + "example") or "",
        "see": list(graph.all(node, RDFS + "seeAlso")),
        "biolink": biolink().terms.get(node, ""),
        "wider": [w for p in ("subClassOf", "subPropertyOf") for w in graph.all(node, RDFS + p)],
        "narrower": sorted(
            s
            for p in ("subClassOf", "subPropertyOf")
            for s, ps in graph.objects.items()
            if node in ps.get(RDFS + p, ())
        ),
        "of": [t for t in graph.all(node, TYPE) if t.startswith(BL)],
        "inverse": sorted(
            {
                *graph.all(node, OWL + "inverseOf"),
                *(s for s, ps in graph.objects.items() if node in ps.get(OWL + "inverseOf", ())),
            }
        ),
        "domain": _classes(graph, node, graph.objects[node].get(RDFS + "domain", ())),
        "range": _classes(graph, node, graph.objects[node].get(RDFS + "range", ())),
        "chains": sorted(chains),
        "estimate": graph.one(node, BL + "estimatedFrequency"),
        "uses": uses,
        "from": properties["domain"],
        "to": properties["range"],
        "members": sorted(((graph.label(m), shorten(m)) for m in members), key=lambda m: m[0].lower()),
    }


def _classes(graph: Graph, _: str, ends: Any) -> list[str]:
    """Classes of a domain or a range, those of a union one by one."""
    out: list[str] = []
    for end in ends:
        if not str(end).startswith("_:"):
            out.append(str(end))
        for head in graph.objects.get(str(end), {}).get(OWL + "unionOf", ()):
            node = str(head)
            while node in graph.objects and node != RDF + "nil":
                out.append(str(graph.objects[node][RDF + "first"][0]))
                node = str(graph.objects[node][RDF + "rest"][0])
    return out


def rules() -> list[Rule]:
    """The rules of `ontology/rules` and the shapes, in words."""
    return [*_rules(), *_shapes()]


def _rules() -> Iterator[Rule]:
    for level in ("error", "warning"):
        for path in sorted((home() / "ontology" / "rules" / level).glob("*.rq")):
            fault, _, cure = path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").partition(" :: ")
            yield Rule(level, path.stem.replace("-", " "), fault, cure)


def _shapes() -> Iterator[Rule]:
    triples = read_file(home() / "ontology" / "shapes.ttl").triples
    messages = {s: getattr(o, "value", "") for s, p, o in triples if p == SH + "message"}
    targets: dict[str, list[str]] = {}
    for s, p, o in triples:
        if p == SH + "targetClass":
            targets.setdefault(s, []).append(shorten(str(o)).removeprefix("bl:"))
    for s, p, o in triples:
        if s in targets and (p == SH + "property" or p == SH + "sparql") and str(o) in messages:
            yield Rule("shape", shorten(s).removeprefix("bl:"), f"Of each {', '.join(targets[s])}", messages[str(o)])


def constants() -> list[Constant]:
    """Numbers at the head of the reasoning's modules, with the comment that says what each is."""
    out = []
    for path in sorted((PACKAGE / "reason").glob("*.py")):
        out += list(_constants(path))
    return out


def _constants(path: Path) -> Iterator[Constant]:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.targets[0], ast.Name)
        ):
            about = re.search(r"#\s*(.+)$", lines[node.lineno - 1])
            if isinstance(node.value.value, float | int) and about:
                yield Constant(path.stem, node.targets[0].id, repr(node.value.value), about[1])
