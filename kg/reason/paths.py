"""How two things are connected: whole chains, best first."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING

from kg.model import Link, Path

if TYPE_CHECKING:
    import networkx as nx

DEARER = 1.6  # chains costing more than this many times the best are not shown
LOOKED_AT = 3  # candidates looked at for each chain wanted: most of the rest are detours of those found


def paths(walk: nx.Graph, start: str, goal: str, top: int = 5) -> tuple[Path, ...]:
    """Up to `top` chains without repeated things, cheapest first.

    By Yen's algorithm (Management Science 17:712-716, 1971), as networkx has it. Chains that only add a detour to one
    already found are left out. Empty where no chain connects the two.
    """
    import networkx as nx

    if start == goal or start not in walk or goal not in walk:
        return ()
    try:
        best, _ = nx.bidirectional_dijkstra(walk, start, goal, weight="cost")
    except nx.NetworkXNoPath:
        return ()
    near = _within_reach(walk, start, goal, DEARER * best)
    found: list[Path] = []
    seen: list[frozenset[str]] = []
    for nodes in islice(nx.shortest_simple_paths(near, start, goal, weight="cost"), LOOKED_AT * top):
        steps = list(pairwise(nodes))
        cost = sum(walk.edges[a, b]["cost"] for a, b in steps)
        if found and cost > DEARER * found[0].cost:
            break
        if any(earlier < frozenset(nodes) for earlier in seen):
            continue
        seen.append(frozenset(nodes))
        found.append(Path(tuple(_link(walk, a, b) for a, b in steps), round(cost, 2)))
        if len(found) == top:
            break
    return tuple(found)


def _within_reach(walk: nx.Graph, start: str, goal: str, cost: float) -> nx.Graph:
    """The part of the graph that chains of at most this cost can pass: each of their nodes is near one end."""
    import networkx as nx

    ends = (nx.single_source_dijkstra_path_length(walk, end, cutoff=cost / 2, weight="cost") for end in (start, goal))
    return nx.Graph(walk.subgraph({n for end in ends for n in end}))


def _link(walk: nx.Graph, a: str, b: str) -> Link:
    s, p, o = walk.edges[a, b]["links"][0]
    words = f"{walk.nodes[s]['label']} {walk.graph['labels'][p]} {walk.nodes[o]['label']}"
    return Link(s, p, o, words)
