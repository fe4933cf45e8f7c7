"""Asserted triples → asserted plus entailed, each entailed one with its best derivation.

The rules are those of OWL 2 RL that this ontology uses (W3C, OWL 2 Profiles, section 4.3: prp-spo1, prp-spo2,
prp-inv, prp-symp, prp-trp, prp-dom, prp-rng, cax-sco, scm-sco, scm-spo). Every derivation has a strength: the
product of the strengths of the anatomical links it rests on. Triples are settled in order of falling strength
(as Dijkstra's algorithm settles nodes: no link has a strength above 1), so the derivation kept
for each is its strongest, and loops cost nothing.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kg.read.names import OWL, RDF, RDFS
from kg.read.turtle import Term, Triple

TYPE = RDF + "type"
Edge = tuple[str, str, str]


class Rules(NamedTuple):
    """The ontology's axioms, indexed by the property or class that sets them off."""

    wider_properties: Mapping[str, tuple[str, ...]]
    inverses: Mapping[str, tuple[str, ...]]
    first_of: Mapping[str, tuple[tuple[str, str], ...]]
    second_of: Mapping[str, tuple[tuple[str, str], ...]]
    domains: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, tuple[str, ...]]
    wider_classes: Mapping[str, tuple[str, ...]]


class Closure(NamedTuple):
    """What holds.

    Attributes:
        strength: every triple between nodes that holds, with its strength in (0, 1].
        premises: for an entailed triple, the triples it was derived from, in the order of the chain.
    """

    strength: dict[Edge, float]
    premises: dict[Edge, tuple[Edge, ...]]

    def chain(self, edge: Edge) -> tuple[Edge, ...]:
        """The asserted triples that an edge rests on, in walking order from subject to object."""
        out: list[Edge] = []
        stack = [edge]
        while stack:
            e = stack.pop()
            held = self.premises.get(e)
            if held is None:
                out.append(e)
            else:
                stack.extend(reversed(held))
        return tuple(out)


def rules_of(triples: Iterable[Triple]) -> Rules:
    """Read the rules out of the ontology's triples.

    Raises:
        ValueError: a property chain is not of length two (longer ones are written with a helper property).
    """
    index: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        index[p][s].append(o)

    def table(predicate: str) -> dict[str, tuple[str, ...]]:
        return {
            s: tuple(o for o in objects if isinstance(o, str) and not o.startswith("_:"))
            for s, objects in index[predicate].items()
        }

    inverses: dict[str, list[str]] = defaultdict(list)
    for s, objects in table(OWL + "inverseOf").items():
        for o in objects:
            inverses[s].append(o)
            inverses[o].append(s)
    first: dict[str, list[tuple[str, str]]] = defaultdict(list)
    second: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for p, heads in index[OWL + "propertyChainAxiom"].items():
        for head in heads:
            a, b = _pair(index, head, p)
            first[a].append((b, p))
            second[b].append((a, p))
    for p, kinds in index[TYPE].items():
        if OWL + "SymmetricProperty" in kinds:
            inverses[p].append(p)
        if OWL + "TransitiveProperty" in kinds:
            first[p].append((p, p))
            second[p].append((p, p))
    return Rules(
        table(RDFS + "subPropertyOf"),
        {k: tuple(dict.fromkeys(v)) for k, v in inverses.items()},
        {k: tuple(dict.fromkeys(v)) for k, v in first.items()},
        {k: tuple(dict.fromkeys(v)) for k, v in second.items()},
        table(RDFS + "domain"),
        table(RDFS + "range"),
        table(RDFS + "subClassOf"),
    )


def _pair(index: Mapping[str, Mapping[str, list[Term]]], head: Term, prop: str) -> tuple[str, str]:
    items: list[str] = []
    node: Term = head
    while isinstance(node, str) and node != RDF + "nil":
        items += [str(x) for x in index[RDF + "first"][node]]
        node = index[RDF + "rest"][node][0]
    if len(items) != 2:
        raise ValueError(f"{prop}: a property chain must have two members, this one has {len(items)}.")
    return items[0], items[1]


def entail(facts: Mapping[Edge, float], rules: Rules) -> Closure:
    """All triples that follow from `facts` by `rules`.

    Args:
        facts: asserted triples between nodes, each with its strength in (0, 1].
        rules: from `rules_of`.
    """
    settled: dict[Edge, float] = {}
    premises: dict[Edge, tuple[Edge, ...]] = {}
    best: dict[Edge, float] = dict(facts)
    out: dict[tuple[str, str], list[str]] = defaultdict(list)
    into: dict[tuple[str, str], list[str]] = defaultdict(list)
    queue = [(-s, e) for e, s in facts.items()]
    heapq.heapify(queue)

    def offer(edge: Edge, strength: float, held: tuple[Edge, ...]) -> None:
        if edge not in settled and strength > best.get(edge, 0.0):
            best[edge] = strength
            premises[edge] = held
            heapq.heappush(queue, (-strength, edge))

    while queue:
        negative, edge = heapq.heappop(queue)
        if edge in settled:
            continue
        strength = -negative
        settled[edge] = strength
        s, p, o = edge
        out[s, p].append(o)
        into[o, p].append(s)
        for follows in _simple(edge, rules):
            offer(follows, strength, (edge,))
        for second, whole in rules.first_of.get(p, ()):
            for end in out[o, second]:
                held = (edge, (o, second, end))
                offer((s, whole, end), strength * settled[held[1]], held)
        for earlier, whole in rules.second_of.get(p, ()):
            for start in into[s, earlier]:
                held = ((start, earlier, s), edge)
                offer((start, whole, o), strength * settled[held[0]], held)
    return Closure(settled, premises)


def _simple(edge: Edge, rules: Rules) -> list[Edge]:
    s, p, o = edge
    if p == TYPE:
        return [(s, TYPE, c) for c in rules.wider_classes.get(o, ())]
    found = [(s, q, o) for q in rules.wider_properties.get(p, ())]
    found += [(o, q, s) for q in rules.inverses.get(p, ())]
    found += [(s, TYPE, c) for c in rules.domains.get(p, ())]
    found += [(o, TYPE, c) for c in rules.ranges.get(p, ())]
    return found
