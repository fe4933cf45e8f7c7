"""Checks of public lists for ontologies, as far as they can be made without the net: each with its cure.

The lists are the principles of the OBO Foundry, MIRO (minimum information for reporting an ontology) and the tests of
FOOPS!. A rule that asks whether an address answers cannot be checked here and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.read.build import load_graph
from kg.read.entail import TYPE
from kg.read.files import home
from kg.read.graph import DEFINITION, Graph
from kg.read.mappings import mappings
from kg.read.names import BL, DCTERMS, ID, OWL, PREFIXES, RDFS, SKOS
from kg.read.void import ONTOLOGY

OBO = "OBO Foundry principles"
MIRO = "MIRO"
FOOPS = "FOOPS!"
ADDRESSES = {
    OBO: "https://obofoundry.org/principles/fp-000-summary.html",
    MIRO: "https://github.com/owlcs/miro/blob/master/miro.md",
    FOOPS: "https://w3id.org/foops",
}
VANN = "http://purl.org/vocab/vann/"
NET = "needs the net"
TERMS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")


class Check(NamedTuple):
    """One rule and how it stands.

    Attributes:
        source: the list that the rule comes from.
        passed: None where it cannot be checked here.
        found: what was seen.
        cure: what would make it pass; empty where it does.
    """

    source: str
    rule: str
    passed: bool | None
    found: str
    cure: str = ""


def fair() -> tuple[Check, ...]:
    """All checks of what ships."""
    return checks(load_graph(), home())


def checks(graph: Graph, base: Path) -> tuple[Check, ...]:
    """All checks of a graph.

    Args:
        base: folder that holds `ontology/`, `data/` and, in a checkout, the documents.
    """
    return (*_obo(graph, base), *_miro(graph, base), *_foops(graph))


def terms(graph: Graph) -> list[str]:
    """Classes and properties of the ontology."""
    kinds = {OWL + kind for kind in TERMS}
    return sorted(s for s, ps in graph.objects.items() if s.startswith(BL) and kinds & {str(k) for k in ps[TYPE]})


def _beginning(text: str) -> str:
    """The first words of a text.

    >>> _beginning("a " * 60)[-5:]
    'a a …'
    """
    return text if len(text) <= 70 else text[:70].rpartition(" ")[0] + " …"


def _header(graph: Graph, predicate: str) -> str:
    return graph.one(ONTOLOGY, predicate) or ""


def _each(source: str, rule: str, lacking: Iterable[str], of: int, cure: str) -> Check:
    """A rule that every one of many must keep."""
    bad = sorted(lacking)
    first = ", ".join(b.rpartition("/")[2].rpartition("#")[2] for b in bad[:5])
    return Check(source, rule, not bad, f"{of - len(bad):,} of {of:,}", f"{cure}: {first}" if bad else "")


def _has(source: str, rule: str, found: str, cure: str) -> Check:
    return Check(source, rule, bool(found), found or "nothing", "" if found else cure)


def _document(source: str, rule: str, base: Path, name: str, words: str) -> Check:
    """A rule that a document of the checkout keeps; an installed package does not carry it."""
    path = base / name
    if not path.is_file():
        return Check(source, rule, None, f"{name} is only in a checkout")
    there = words.lower() in path.read_text(encoding="utf-8").lower()
    return Check(
        source, rule, there, f"{name}: “{words}”" if there else "nothing", "" if there else f"Add it to {name}"
    )


def _obo(graph: Graph, base: Path) -> Iterator[Check]:
    own = terms(graph)
    things = [s for s in graph.objects if s.startswith(ID)]
    named = {s for s in things if graph.one(s, SKOS + "prefLabel")}
    license_ = _header(graph, DCTERMS + "license")
    free = "creativecommons.org/licenses/by/" in license_ or "creativecommons.org/publicdomain/" in license_
    yield Check(OBO, "Open: a licence that allows reuse", free, license_ or "nothing", "" if free else "CC BY or CC0")
    declared = OWL + "Ontology" in graph.all(ONTOLOGY, TYPE)
    yield Check(OBO, "Common format: OWL", declared, "an owl:Ontology in RDF" if declared else "nothing")
    foreign = [s for s in graph.objects if not s.startswith((ID, BL, "_:")) and s != ONTOLOGY and _described(graph, s)]
    yield _each(OBO, "One identifier space", foreign, len(graph.objects), "Describe only what is ours")
    version = _header(graph, OWL + "versionIRI")
    dated = version.endswith(_header(graph, OWL + "versionInfo")) and version != ONTOLOGY
    yield Check(
        OBO, "Versioning: a version address of its own", dated, version or "nothing", "" if dated else "owl:versionIRI"
    )
    yield _has(
        OBO, "Scope: said in the header", _beginning(_header(graph, DCTERMS + "description")), "dcterms:description"
    )
    lacking = [s for s in (*own, *named) if not graph.one(s, DEFINITION)]
    yield _each(OBO, "Textual definitions", lacking, len(own) + len(named), "Add skos:definition")
    related = [s for s in own if any(BFO_RO in str(o) for o in graph.objects[s].get(RDFS + "seeAlso", ()))]
    yield Check(OBO, "Relations: those of RO named where one fits", bool(related), f"{len(related)} named")
    yield _document(OBO, "Documentation", base, "README.md", "kg docs")
    yield Check(OBO, "Documented plurality of users", None, "asks for users elsewhere")
    yield _document(OBO, "Commitment to collaboration", base, "CONTRIBUTING.md", "Add a condition")
    yield _has(OBO, "Locus of authority: who is responsible", _header(graph, DCTERMS + "creator"), "dcterms:creator")
    labels: dict[str, list[str]] = {}
    for s in own:
        labels.setdefault(graph.label(s).lower(), []).append(s)
    double = [s for same in labels.values() if len(same) > 1 for s in same]
    yield _each(OBO, "Naming: one label a term, none twice", double, len(own), "Change one of two equal labels")
    yield _has(OBO, "Maintenance: day of the last change", _header(graph, DCTERMS + "modified"), "dcterms:modified")


BFO_RO = "purl.obolibrary.org/obo/"


def _described(graph: Graph, node: str) -> bool:
    """Whether a node of another vocabulary gets more than its type and a label here."""
    return any(p not in (TYPE, RDFS + "label") for p in graph.objects[node])


def _miro(graph: Graph, base: Path) -> Iterator[Check]:
    version = _header(graph, OWL + "versionInfo")
    name = f"{_header(graph, DCTERMS + 'title')} {version}".strip()
    yield _has(MIRO, "Ontology name and version", name, "dcterms:title, owl:versionInfo")
    yield _has(MIRO, "Ontology owner", _header(graph, DCTERMS + "publisher"), "dcterms:publisher")
    yield _has(MIRO, "Ontology licence", _header(graph, DCTERMS + "license"), "dcterms:license")
    uri = _header(graph, VANN + "preferredNamespaceUri")
    yield Check(MIRO, "Ontology URL", uri == BL, uri or "nothing", "" if uri == BL else "vann:preferredNamespaceUri")
    yield Check(MIRO, "Ontology repository", None, "is said where the project is published")
    yield _has(MIRO, "Need and scope", _beginning(_header(graph, DCTERMS + "description")), "dcterms:description")
    yield _document(MIRO, "Target audience", base, "README.md", "For teaching and research")
    yield _document(MIRO, "Knowledge acquisition and source of knowledge", base, "CONTRIBUTING.md", "## Sources")
    unsourced = [c for c in graph.members.get(BL + "Statistic", ()) if not graph.one(c, DCTERMS + "source")]
    figures = len(graph.members.get(BL + "Statistic", ()))
    yield _each(MIRO, "Content selection: every figure has its source", unsourced, figures, "Add dcterms:source")
    yield Check(MIRO, "Ontology metrics", True, f"{len(terms(graph))} terms, {len(graph.objects):,} subjects")
    yield _has(
        MIRO, "Incorporation of other ontologies", f"{len(mappings()):,} things mapped", "data/mappings.sssom.tsv"
    )
    yield _document(MIRO, "Entity naming and identifiers", base, "CONTRIBUTING.md", "named after its identifier")
    lacking = [s for s in terms(graph) if not graph.one(s, SKOS + "example")]
    yield _each(MIRO, "Entity metadata: an example for each term", lacking, len(terms(graph)), "Add skos:example")
    yield _document(MIRO, "Versioning and change", base, "CHANGELOG.md", version)
    questions = len(list((base / "ontology" / "questions").glob("*.ttl"))) - 1
    yield Check(MIRO, "Testing: competency questions", questions > 0, f"{questions} with answers")
    rules = len(list((base / "ontology" / "rules").glob("*/*.rq")))
    yield Check(MIRO, "Testing: rules and shapes", rules > 0, f"{rules} rules, and shapes.ttl")


def _foops(graph: Graph) -> Iterator[Check]:
    own = terms(graph)
    persistent = ONTOLOGY.startswith(("https://w3id.org/", "http://purl.", "https://doi.org/"))
    yield Check(FOOPS, "Persistent URL", persistent, ONTOLOGY, "" if persistent else "w3id.org, purl or a DOI")
    yield Check(FOOPS, "The ontology's URL answers, in RDF and HTML, by content negotiation", None, NET)
    version = _header(graph, OWL + "versionIRI")
    yield _has(FOOPS, "Version IRI", version, "owl:versionIRI")
    yield Check(FOOPS, "The version IRI answers", None, NET)
    yield Check(FOOPS, "Consistent ontology identifier", BL.startswith(ONTOLOGY), f"{ONTOLOGY} and {BL}")
    for rule, wanted in METADATA.items():
        missing = [shown for shown, predicate in wanted.items() if not _header(graph, predicate)]
        said = f"{len(wanted) - len(missing)} of {len(wanted)}"
        yield Check(FOOPS, rule, not missing, said, f"Add {', '.join(missing)}" if missing else "")
    yield Check(FOOPS, "Prefix and vocabulary in a public registry", None, NET)
    used = {p for s in graph.objects if s.startswith((BL, ONTOLOGY)) for p in graph.objects[s]}
    reused = sorted(
        n
        for n, iri in PREFIXES.items()
        if n not in ("bl", "id", "rdf", "rdfs", "owl", "xsd") and any(p.startswith(iri) for p in used)
    )
    yield _has(FOOPS, "Vocabularies reused for metadata", ", ".join(reused), "Use Dublin Core, SKOS …")
    matched = [s for s in own if any(p.endswith(("seeAlso", "Match")) for p in graph.objects[s])]
    yield _has(FOOPS, "Terms of other vocabularies named", f"{len(matched)} terms" if matched else "", "rdfs:seeAlso")
    plain: tuple[tuple[str, Callable[[str], str | None], str], ...] = (
        ("Every term has rdfs:label", lambda s: graph.one(s, RDFS + "label"), "Add rdfs:label"),
        ("Every term has rdfs:comment", lambda s: graph.one(s, RDFS + "comment"), "Add rdfs:comment"),
    )
    for rule, get, cure in plain:
        yield _each(FOOPS, rule, [s for s in own if not get(s)], len(own), cure)


METADATA = {
    "Minimum metadata": {
        "dcterms:title": DCTERMS + "title",
        "dcterms:description": DCTERMS + "description",
        "dcterms:license": DCTERMS + "license",
        "owl:versionIRI": OWL + "versionIRI",
        "dcterms:creator": DCTERMS + "creator",
        "vann:preferredNamespacePrefix": VANN + "preferredNamespacePrefix",
        "vann:preferredNamespaceUri": VANN + "preferredNamespaceUri",
    },
    "Recommended metadata": {
        "dcterms:created": DCTERMS + "created",
        "dcterms:modified": DCTERMS + "modified",
        "owl:versionInfo": OWL + "versionInfo",
        "owl:priorVersion": OWL + "priorVersion",
        "dcterms:bibliographicCitation": DCTERMS + "bibliographicCitation",
    },
    "Provenance": {"dcterms:publisher": DCTERMS + "publisher", "dcterms:created": DCTERMS + "created"},
}
