"""Turtle files → one graph: what is asserted, what follows, and how strongly each link holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from kg.read.canonical import order
from kg.read.entail import TYPE, Closure, Edge, entail, rules_of
from kg.read.names import BL, DCTERMS, ID, OWL, RDF, RDFS, SKOS, shorten
from kg.read.turtle import Literal, Parsed, Term, Triple

PREF = SKOS + "prefLabel"
ALT = SKOS + "altLabel"
DEFINITION = SKOS + "definition"
SOURCE = DCTERMS + "source"
MARKS = (BL + "RiskFactor", BL + "NormalFinding")  # classes that stand beside the one that says what a finding is


class Annotation(NamedTuple):
    """What one source says of one link.

    Attributes:
        strength: of an anatomical link, as the source puts it.
        measured: share of people in whom the source, a study, found the link.
    """

    strength: str | None
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    measured: float | None = None


@dataclass(frozen=True)
class Graph:
    """Everything the files say and what follows from it.

    Attributes:
        objects: subject → predicate → objects, as asserted.
        annotations: link → what each source says of it.
        closure: triples between nodes that hold, asserted or entailed.
        asserted: triples between nodes as written.
        files: subject → the file that describes it.
    """

    objects: Mapping[str, Mapping[str, tuple[Term, ...]]]
    annotations: Mapping[Edge, tuple[Annotation, ...]]
    closure: Closure
    asserted: frozenset[Edge]
    files: Mapping[str, str]

    def measured(self, edge: Edge) -> float | None:
        """The mean of what studies measured of an anatomical link; None where none did."""
        shares = [a.measured for a in self.annotations.get(edge, ()) if a.measured is not None]
        return sum(shares) / len(shares) if shares else None

    def all(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Objects of a predicate as plain strings."""
        return tuple(o if isinstance(o, str) else o.value for o in self.objects.get(subject, {}).get(predicate, ()))

    def one(self, subject: str, predicate: str) -> str | None:
        """The first object of a predicate as a plain string, or None."""
        found = self.all(subject, predicate)
        return found[0] if found else None

    def label(self, node: str) -> str:
        """Preferred label, or `rdfs:label`, or what the identifier says."""
        return (
            self.one(node, PREF) or self.one(node, RDFS + "label") or shorten(node).partition(":")[2].replace("-", " ")
        )

    @cached_property
    def held(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(subject, predicate) → objects, entailed ones included."""
        out: dict[tuple[str, str], list[str]] = defaultdict(list)
        for s, p, o in self.closure.strength:
            out[s, p].append(o)
        return {k: tuple(sorted(v)) for k, v in out.items()}

    @cached_property
    def by_subject(self) -> Mapping[str, frozenset[str]]:
        """Subject → predicates that hold of it."""
        out: dict[str, set[str]] = defaultdict(set)
        for s, p, _ in self.closure.strength:
            out[s].add(p)
        return {k: frozenset(v) for k, v in out.items()}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Edge, ...]]:
        """Object → asserted links that end there."""
        out: dict[str, list[Edge]] = defaultdict(list)
        for edge in sorted(self.asserted):
            out[edge[2]].append(edge)
        return {k: tuple(v) for k, v in out.items()}

    @cached_property
    def subjects(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(predicate, object) → subjects, as asserted."""
        out: dict[tuple[str, str], list[str]] = defaultdict(list)
        for s, p, o in sorted(self.asserted):
            out[p, o].append(s)
        return {k: tuple(v) for k, v in out.items()}

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Class → its members, those of narrower classes included, in order of identifier."""
        out: dict[str, list[str]] = defaultdict(list)
        for s, p, o in self.closure.strength:
            if p == TYPE and s.startswith(ID):
                out[o].append(s)
        return {k: tuple(sorted(v)) for k, v in out.items()}

    def kind(self, node: str) -> str:
        """The local name of the narrowest class of a thing, `Thing` where it has none."""
        kinds = [c for c in self.all(node, TYPE) if c.startswith(BL)]
        if not kinds:
            return "Thing"
        depth = {c: len(self._wider_classes(c)) for c in kinds}
        return max(kinds, key=lambda c: (depth[c], c not in MARKS, c)).removeprefix(BL)

    def _wider_classes(self, cls: str) -> set[str]:
        seen: set[str] = set()
        stack = [cls]
        while stack:
            for wider in self.all(stack.pop(), RDFS + "subClassOf"):
                if wider not in seen:
                    seen.add(wider)
                    stack.append(wider)
        return seen


def assemble(files: Iterable[Parsed]) -> Graph:
    """Put parsed files together and draw all conclusions."""
    triples: list[Triple] = []
    where: dict[str, str] = {}
    for file in files:
        triples += file.triples
        for s, p, _ in file.triples:
            if p == TYPE:
                where.setdefault(s, str(file.path))
    triples.sort(key=order)  # so that nothing hangs on which file says what
    objects = _index(triples)
    annotations = _annotations(objects)
    numbers = {
        n: float(_value(objects, n, BL + "estimatedFrequency") or 1)
        for n in (BL + "main", BL + "minor", BL + "variable")
    }
    facts: dict[Edge, float] = {}
    for s, p, o in triples:
        if (
            isinstance(o, str)
            and not p.startswith((OWL, RDFS))
            and s.startswith(ID)
            and (p == TYPE or not o.startswith("_:"))
        ):
            facts[s, p, o] = _strength(annotations.get((s, p, o), ()), numbers)
    closure = entail(facts, rules_of(triples))
    bare = Graph(objects, annotations, closure, frozenset(facts), where)
    return replace(bare, objects=_index([*triples, *_described(bare)]))


def _index(triples: Iterable[Triple]) -> dict[str, dict[str, tuple[Term, ...]]]:
    index: dict[str, dict[str, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
    for s, p, o in triples:
        index[s][p][o] = None
    return {s: {p: tuple(os) for p, os in ps.items()} for s, ps in index.items()}


def _value(objects: Mapping[str, Mapping[str, tuple[Term, ...]]], s: str, p: str) -> str | None:
    found = objects.get(s, {}).get(p, ())
    return (found[0].value if isinstance(found[0], Literal) else found[0]) if found else None


def _texts(links: Mapping[str, tuple[Term, ...]], predicate: str) -> tuple[str, ...]:
    return tuple(t if isinstance(t, str) else t.value for t in links.get(predicate, ()))


def _annotations(objects: Mapping[str, Mapping[str, tuple[Term, ...]]]) -> dict[Edge, tuple[Annotation, ...]]:
    out: dict[Edge, list[Annotation]] = defaultdict(list)
    for node, links in objects.items():
        if OWL + "Axiom" in links.get(TYPE, ()):
            ends = tuple(
                _value(objects, node, OWL + k) or ""
                for k in ("annotatedSource", "annotatedProperty", "annotatedTarget")
            )
            strength, share = (_value(objects, node, BL + p) for p in ("strength", "measuredShare"))
            measured = float(share) if share else None
            said = Annotation(strength, _texts(links, SOURCE), _texts(links, SKOS + "note"), measured)
            out[ends[0], ends[1], ends[2]].append(said)
    return {edge: tuple(found) for edge, found in out.items()}


def _strength(said: tuple[Annotation, ...], numbers: Mapping[str, float]) -> float:
    # Sources that disagree are all kept and shown; the walk needs one number and takes their mean.
    return sum(numbers.get(a.strength or "", 1.0) for a in said) / len(said) if said else 1.0


def _described(graph: Graph) -> list[Triple]:
    """Labels and definitions that follow from the parts of a thing: of figures, advice, sources and criteria."""
    out: list[Triple] = []
    for cls, sentence in (
        (BL + "Statistic", statistic_sentence),
        (BL + "Recommendation", recommendation_sentence),
        (BL + "Source", citation),
        (BL + "Criterion", criterion_sentence),
    ):
        for node in graph.members.get(cls, ()):
            text = sentence(graph, node)
            language = Literal(text, RDF + "langString", "en")
            out += [(node, PREF, language), (node, DEFINITION, language)]
    return [t for t in out if graph.one(t[0], t[1]) is None]


def citation(graph: Graph, source: str) -> str:
    """One line for a source: author, year, title, journal, identifier."""
    author, year = graph.one(source, BL + "firstAuthor"), graph.one(source, DCTERMS + "issued")
    head = " ".join(x for x in (author, year) if x)
    pmid, doi = (
        graph.one(source, "http://purl.org/ontology/bibo/pmid"),
        graph.one(source, "http://purl.org/ontology/bibo/doi"),
    )
    locator = f"PMID {pmid}" if pmid else f"doi:{doi}" if doi else graph.one(source, "https://schema.org/url") or ""
    parts = (head, graph.one(source, DCTERMS + "title"), graph.one(source, BL + "journal"), locator)
    return ". ".join(p.rstrip(".") for p in parts if p)


def short_citation(graph: Graph, source: str) -> str:
    """Author, year and identifier of a source."""
    head = " ".join(x for x in (graph.one(source, BL + "firstAuthor"), graph.one(source, DCTERMS + "issued")) if x)
    locator = citation(graph, source).rpartition(". ")[2]
    return f"{head or graph.one(source, DCTERMS + 'title')}, {locator}"


def statistic_sentence(graph: Graph, node: str) -> str:
    """What a statistic says, in one line, without its source."""
    condition = graph.label(graph.one(node, BL + "aboutCondition") or "")
    finding = graph.label(graph.one(node, BL + "aboutFinding") or "")
    measure = graph.label(graph.one(node, BL + "measure") or "")
    low, high = graph.one(node, BL + "lowerBound"), graph.one(node, BL + "upperBound")
    interval = f" ({low} to {high})" if low and high else ""
    return f"{measure} of “{finding}” in {condition}: {graph.one(node, BL + 'value')}{interval}"


def recommendation_sentence(graph: Graph, node: str) -> str:
    """What a recommendation says, in one line, without its source."""
    intervention = graph.label(graph.one(node, BL + "aboutIntervention") or "")
    condition = graph.label(graph.one(node, BL + "aboutCondition") or "")
    effect, certainty = (graph.label(graph.one(node, BL + p) or "") for p in ("hasEffect", "hasCertainty"))
    return f"{intervention} in {condition}: {effect} ({certainty})"


def required_sets(graph: Graph, criterion: str) -> tuple[tuple[str, ...], ...]:
    """What a red flag's criterion asks for: sets of findings, one of each of which must be present."""
    must = (*graph.all(criterion, BL + "requires"), *graph.all(criterion, BL + "requiresRecent"))
    sets: list[tuple[str, ...]] = [(f,) for f in dict.fromkeys(must)]
    sets += [graph.all(s, BL + "alternative") for s in graph.all(criterion, BL + "requiresOneOf")]
    return tuple(sets)


def criterion_sentence(graph: Graph, node: str) -> str:
    """What a red flag's criterion asks for, in one line."""
    asked = " and ".join(" or ".join(graph.label(f) for f in s) for s in required_sets(graph, node))
    if new := [graph.label(f) for f in graph.all(node, BL + "requiresRecent")]:
        asked += f" ({' and '.join(new)} not known to have lasted longer than twelve weeks)"
    age = graph.one(node, BL + "fromAge")
    return f"met by {asked}" + (f", from {age} years of age" if age else "")
