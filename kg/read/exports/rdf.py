"""Turtle, N-Triples, RDF/XML, OWL for Protégé, and N-Quads that say which file each triple comes from."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.read.build import ENTAILED
from kg.read.canonical import order
from kg.read.exports.statements import TYPE, Statements, as_quads
from kg.read.graph import SOURCE
from kg.read.names import DCTERMS, ID, OWL, PREFIXES, RDFS
from kg.read.turtle import Literal, Triple

PROV = "http://www.w3.org/ns/prov#"
GRAPHS = "https://w3id.org/backleg-pain/graph/"
LABELS = GRAPHS + "labels"


def turtle(said: Statements, entailed: bool) -> str:
    """Turtle."""
    return _written(said.all(entailed), ox.RdfFormat.TURTLE)


def ntriples(said: Statements, entailed: bool) -> str:
    """N-Triples."""
    return _written(said.all(entailed), ox.RdfFormat.N_TRIPLES)


def xml(said: Statements, entailed: bool) -> str:
    """RDF/XML."""
    return _written(said.all(entailed), ox.RdfFormat.RDF_XML)


def owl(said: Statements, entailed: bool) -> str:
    """One OWL 2 document in RDF/XML: header, terms and things, each declared, as Protégé and the OWL API want it."""
    things = {s for s, p, _ in said.asserted if p == TYPE and s.startswith(ID)}
    declared = {(s, TYPE, OWL + "NamedIndividual") for s in things}
    return _written(tuple(sorted({*said.all(entailed), *declared}, key=order)), ox.RdfFormat.RDF_XML)


def _written(triples: tuple[Triple, ...], form: ox.RdfFormat) -> str:
    prefixes = None if form == ox.RdfFormat.N_TRIPLES else PREFIXES
    return (ox.serialize((q.triple for q in as_quads(triples)), format=form, prefixes=prefixes) or b"").decode()


def graph_of(file: str) -> str:
    """The address of the named graph that holds what a file says.

    >>> graph_of("data/conditions/renal-colic.ttl")
    'https://w3id.org/backleg-pain/graph/data/conditions/renal-colic'
    """
    return GRAPHS + file.removesuffix(".ttl")


def nquads(said: Statements, entailed: bool) -> str:
    """N-Quads: a named graph for each file, one for labels made from parts, one for what follows.

    The default graph says of each named graph what it is and which sources it cites.
    """
    quads = as_quads(sorted(_about(said, entailed), key=order))
    for file, triples in said.files.items():
        quads += as_quads(sorted(set(triples), key=order), graph_of(file))
    quads += as_quads(said.labels, LABELS)
    if entailed:
        quads += as_quads(said.entailed, ENTAILED)
    return (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()


def _about(said: Statements, entailed: bool) -> Iterator[Triple]:
    license_ = said.header(DCTERMS + "license")
    made = [(LABELS, "Labels and definitions made from the parts of a thing")]
    made += [(ENTAILED, "What follows from the other graphs by the axioms of the ontology")] if entailed else []
    for file, triples in said.files.items():
        name = graph_of(file)
        yield from _header(name, file, license_)
        yield from {(name, SOURCE, o) for _, p, o in triples if p == SOURCE}
        yield from ((other, PROV + "wasDerivedFrom", name) for other, _ in made)
    for other, words in made:
        yield from _header(other, words, license_)


def _header(name: str, words: str, license_: str) -> Iterator[Triple]:
    yield name, TYPE, PROV + "Entity"
    yield name, RDFS + "label", Literal(words, PREFIXES["rdf"] + "langString", "en")
    yield name, DCTERMS + "license", license_
