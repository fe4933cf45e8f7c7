"""What every export starts from: the triples, where each is written, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.read.canonical import order
from kg.read.files import files_of
from kg.read.graph import Graph, assemble
from kg.read.names import BL, OWL, PREFIXES
from kg.read.terms import as_terms
from kg.read.turtle import Parsed, Term, Triple, read_files

TYPE = PREFIXES["rdf"] + "type"
ONTOLOGY = BL.rstrip("#")
AXIOM_ENDS = tuple(OWL + "annotated" + end for end in ("Source", "Property", "Target"))


class Link(NamedTuple):
    """What one annotated axiom says of one link: its property → values."""

    subject: str
    predicate: str
    object: str
    said: Mapping[str, tuple[Term, ...]]


class Statements:
    """The triples of a graph, sorted.

    Attributes:
        graph: the same, indexed, with what follows.
        files: path below the graph's home, such as `data/conditions/renal-colic.ttl` → the triples it holds.
    """

    def __init__(self, parsed: Iterable[Parsed], base: Path) -> None:
        held = tuple(parsed)
        self.graph: Graph = assemble(held)
        self.files = {f.path.relative_to(base).as_posix(): f.triples for f in held}

    @cached_property
    def written(self) -> tuple[Triple, ...]:
        """All triples of the files."""
        return tuple(sorted({t for triples in self.files.values() for t in triples}, key=order))

    @cached_property
    def labels(self) -> tuple[Triple, ...]:
        """Labels and definitions that the reader makes from the parts of a thing."""
        held = {(s, p, o) for s, ps in self.graph.objects.items() for p, os in ps.items() for o in os}
        return tuple(sorted(held - set(self.written), key=order))

    @cached_property
    def asserted(self) -> tuple[Triple, ...]:
        """What is written, and the labels."""
        return tuple(sorted({*self.written, *self.labels}, key=order))

    @cached_property
    def entailed(self) -> tuple[Triple, ...]:
        """What follows and is not written."""
        written = set(self.written)
        return tuple(sorted((e for e in self.graph.closure.strength if e not in written), key=order))

    def all(self, entailed: bool) -> tuple[Triple, ...]:
        """What is asserted, and on request what follows."""
        return tuple(sorted((*self.asserted, *self.entailed), key=order)) if entailed else self.asserted

    @cached_property
    def annotated(self) -> tuple[Link, ...]:
        """What the annotated axioms say, one entry each."""
        out = []
        for _, links in sorted(self.graph.objects.items()):
            if OWL + "Axiom" in links.get(TYPE, ()):
                s, p, o = (str(links[end][0]) for end in AXIOM_ENDS)
                said = {k: v for k, v in links.items() if k != TYPE and k not in AXIOM_ENDS}
                out.append(Link(s, p, o, said))
        return tuple(sorted(out, key=lambda a: a[:3]))

    def header(self, predicate: str) -> str:
        """What the ontology's header says by a predicate; empty where nothing."""
        return self.graph.one(ONTOLOGY, predicate) or ""


def statements(folder: Path) -> Statements:
    """Those of the graph in a folder."""
    return Statements(read_files(files_of(folder)), folder)


def as_quads(triples: Iterable[Triple], name: str | None = None) -> list[ox.Quad]:
    """Triples in pyoxigraph's terms, in a named graph or in none."""
    where = (ox.NamedNode(name),) if name else ()
    return [ox.Quad(*as_terms(t), *where) for t in triples]


def text_of(term: Term) -> str:
    """A term as plain text."""
    return term if isinstance(term, str) else term.value
