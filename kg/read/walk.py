"""The graph → a networkx graph to walk: asserted links between things, each with a cost.

A link costs more the weaker it is and the less it explains, and every hub on the way costs extra: a chain through
"low back pain", which nearly every condition shares, explains little.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from kg.read.entail import TYPE
from kg.read.graph import Graph
from kg.read.names import BL, ID, SKOS

if TYPE_CHECKING:
    import networkx as nx

WALKED = (
    "Condition",
    "ConditionGroup",
    "Structure",
    "Movement",
    "Reflex",
    "Finding",
    "RedFlag",
    "Mechanism",
    "Treatment",
    "Investigation",
    "Circumstance",
    "Claim",
)
# What a link explains, as the cost of walking it; anything not listed costs 1.
COST = {
    BL + "partOf": 1.3,
    BL + "hasPart": 1.3,
    SKOS + "broader": 1.4,
    BL + "adjacentTo": 1.4,
    BL + "occursAt": 1.2,
    BL + "leadsTo": 1.3,
    BL + "aggravatedBy": 1.3,
    BL + "relievedBy": 1.3,
    BL + "refersPainTo": 1.15,
    BL + "hasMechanism": 1.6,
    BL + "hasTypicalCourse": 2.0,
    BL + "hasRiskFactor": 2.0,
    BL + "confirmedBy": 2.5,
    BL + "treatedWith": 2.5,
    BL + "suggests": 2.5,
    BL + "hasRedFlag": 2.5,
    # That a finding occurs is no reason why it does: a chain through the anatomy goes before it.
    BL + "hasObligateFinding": 5.0,
    BL + "hasVeryFrequentFinding": 5.0,
    BL + "hasFrequentFinding": 5.3,
    BL + "hasOccasionalFinding": 5.8,
    BL + "hasRareFinding": 6.5,
    BL + "confusedWith": 6.5,
}
HUB = 0.22  # cost of passing a node, times the logarithm of its number of links


def walk_of(graph: Graph) -> nx.Graph:
    """An undirected graph of things.

    Each edge holds `cost`, the same without the hubs as `bare`, and `links`, the triples it stands for, cheapest first.
    """
    import networkx as nx

    # A thing that is only pointed to, and described nowhere, is no place to walk to; `kg check` reports it.
    walked = {n for cls in WALKED for n in graph.members.get(BL + cls, ()) if n in graph.objects and n.startswith(ID)}
    out = nx.Graph()
    out.add_nodes_from((n, {"label": graph.label(n), "kind": graph.kind(n)}) for n in sorted(walked))
    best: dict[tuple[str, str], list[tuple[float, tuple[str, str, str]]]] = {}
    for edge in sorted(graph.asserted):
        s, p, o = edge
        if p not in (TYPE, BL + "speaksAgainst") and s != o and s in walked and o in walked:
            cost = COST.get(p, 1.0) / max(graph.closure.strength[edge], 0.2)
            best.setdefault((min(s, o), max(s, o)), []).append((cost, edge))
    degree: dict[str, int] = {}
    for a, b in best:
        degree[a], degree[b] = degree.get(a, 0) + 1, degree.get(b, 0) + 1
    for (a, b), links in best.items():
        links.sort()
        passing = HUB * (log(degree[a]) + log(degree[b])) / 2
        out.add_edge(a, b, bare=links[0][0], cost=links[0][0] + passing, links=tuple(edge for _, edge in links))
    out.graph["labels"] = {p: graph.label(p) for edges in best.values() for _, (_, p, _) in edges}
    return out
