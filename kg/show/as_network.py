"""Part of the graph → one self-contained HTML page, through pyvis, that asks nothing of any network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.model import DISCLAIMER, Answer, Link
from kg.show.layout import layered

if TYPE_CHECKING:
    import networkx as nx

    from kg.api import KnowledgeGraph

Record = Callable[[str], dict[str, Any]]
PAGE = Path(__file__).parent / "page"
VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
MOST = 70  # things in the view of a name
NAMED = 60  # up to this many links the drawing names each
TOP = 3  # conditions in the picture of an answer
# Class → (colour after Okabe and Ito 2008, told apart by colour-blind eyes; shape).
LOOK = {
    "Condition": ("#D55E00", "box"),
    "ConditionGroup": ("#8A3B00", "box"),
    "RedFlag": ("#B00020", "triangle"),
    "NerveRoot": ("#E69F00", "diamond"),
    "Nerve": ("#F0E442", "ellipse"),
    "Plexus": ("#F0E442", "ellipse"),
    "NeuralTissue": ("#E69F00", "diamond"),
    "Muscle": ("#CC79A7", "square"),
    "Movement": ("#CC79A7", "triangleDown"),
    "Reflex": ("#CC79A7", "star"),
    "BodyArea": ("#56B4E9", "dot"),
    "Treatment": ("#009E73", "square"),
    "Investigation": ("#009E73", "hexagon"),
    "Mechanism": ("#999999", "hexagon"),
    "Circumstance": ("#999999", "dot"),
    "Claim": ("#999999", "star"),
}
STRUCTURE = ("#C8A27A", "square")
FINDING = ("#0072B2", "triangle")
STRUCTURES = {"Organ", "Vessel", "Joint", "Bone", "SoftTissue", "Disc", "DiscZone", "SpinalLevel", "EntrapmentSite"}
DARK = {"#D55E00", "#8A3B00", "#B00020", "#0072B2", "#009E73"}
HIDDEN_AT_FIRST = {"Treatment", "Investigation", "Mechanism", "Circumstance", "Claim", "RedFlag", "ConditionGroup"}
LARGE = 150


def view_page(walk: nx.Graph, names: Sequence[str], record: Record, reach: int = 2) -> str:
    """A page of the things around some things, or of the whole graph.

    Args:
        walk: the graph of things.
        names: identifiers in the middle of the view; none shows everything.
        record: identifier → its record.
        reach: how many links around each.
    """
    nodes = around(walk, names, reach) if names else tuple(walk)
    inside = set(nodes)
    links = [link for a, b in walk.edges(inside) if a in inside and b in inside for link in _links(walk, a, b)[:1]]
    title = " · ".join(walk.nodes[n]["label"] for n in names) or "The whole graph"
    return _page(walk, nodes, links, record, title, frozenset(names), "")


def answer_page(graph: KnowledgeGraph, answer: Answer) -> str:
    """A page of the chains behind an answer: from its first conditions through the anatomy to the findings."""
    from kg.read import catalogue

    links: dict[tuple[str, str, str], Link] = {}
    for condition in answer.conditions[:TOP]:
        for evidence in condition.evidence:
            if evidence.effect == "for":
                for path in evidence.paths:
                    links.update({(x.subject, x.predicate, x.object): x for x in path})
    matched = [n.id for m in answer.findings if m.status == "present" for n in m.matched]
    nodes = dict.fromkeys(n for x in links.values() for n in (x.subject, x.object) if n in graph.walk)
    for finding in matched:
        for site in graph.walk.adj.get(finding, {}):
            if site in nodes and graph.walk.nodes[site]["kind"] in ("BodyArea", "Movement", "Reflex", "Muscle"):
                nodes.setdefault(finding)
                links.setdefault((finding, "", site), _links(graph.walk, finding, site)[0])
    title = "Why: " + ", ".join(c.label for c in answer.conditions[:TOP])
    alarms = " ".join(f"⚠ {a.label}: {a.action}" for a in answer.alarms)
    return _page(
        graph.walk,
        tuple(nodes),
        [x for x in links.values() if x.subject in nodes and x.object in nodes],
        lambda i: catalogue.record(graph.names, i),
        title,
        frozenset(matched) | {c.id for c in answer.conditions[:TOP]},
        alarms,
    )


def around(walk: nx.Graph, names: Sequence[str], reach: int) -> tuple[str, ...]:
    """The things nearest to some things, by cost of the links, at most `MOST` and at most `reach` links away."""
    import networkx as nx

    near: dict[str, float] = {}
    for name in names:
        hops = nx.single_source_shortest_path_length(walk, name, cutoff=reach)
        costs = nx.single_source_dijkstra_path_length(walk.subgraph(hops), name, weight="cost")
        for node, cost in costs.items():
            near[node] = min(cost, near.get(node, cost))
    return tuple(sorted(near, key=lambda n: (near[n], n))[: MOST * max(1, len(names))])


def _links(walk: nx.Graph, a: str, b: str) -> list[Link]:
    label = lambda n: walk.nodes[n]["label"]  # noqa: E731
    return [Link(s, p, o, f"{label(s)} {walk.graph['labels'][p]} {label(o)}") for s, p, o in walk.edges[a, b]["links"]]


def _page(
    walk: nx.Graph, nodes: Sequence[str], links: Sequence[Link], record: Record, title: str, middle: frozenset[str], notice: str
) -> str:
    from pyvis.network import Network

    kinds = {n: walk.nodes[n]["kind"] for n in nodes}
    neighbours: dict[str, set[str]] = {n: set() for n in nodes}
    for x in links:
        neighbours[x.subject].add(x.object)
        neighbours[x.object].add(x.subject)
    places = layered(kinds, neighbours)
    large = len(nodes) > LARGE
    net = Network(directed=True, cdn_resources="in_line", heading=title)
    for n in nodes:
        net.add_node(n, label=_wrapped(walk.nodes[n]["label"]), **_look(kinds[n], n in middle, large), **_at(places[n]))
    for x in links:
        words = walk.graph["labels"].get(x.predicate, "")
        net.add_edge(x.subject, x.object, label=words if len(links) <= NAMED else "", title=words)
    net.set_options(json.dumps(_options(large)))
    net.set_template_dir(str(PAGE), "network.html")
    return _filled(str(net.generate_html()), kinds, links, walk, record, title, notice, large)


def _at(place: tuple[float, float]) -> dict[str, float]:
    return {"x": round(place[0], 1), "y": round(place[1], 1)}


def _wrapped(label: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(label, 24)[:4])


def _look(kind: str, middle: bool, large: bool) -> dict[str, Any]:
    colour, shape = LOOK.get(kind) or (STRUCTURE if kind in STRUCTURES else FINDING)
    inside = shape in ("box", "ellipse")
    return {
        "group_name": kind,
        "color": {"background": colour, "border": "#111111" if middle else "#555555", "highlight": {"background": colour, "border": "#000000"}},
        "shape": shape,
        "size": 16 if middle else 11,
        "borderWidth": 4 if middle else 1,
        "font": {"size": 17 if middle else 14, "color": "#ffffff" if inside and colour in DARK else "#111111"},
        "hidden": large and kind in HIDDEN_AT_FIRST,
    }


def _options(large: bool) -> dict[str, Any]:
    edges = {
        "smooth": False if large else {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.4},
        "arrows": {"to": {"enabled": not large, "scaleFactor": 0.5}},
        "color": {"color": "#9aa3ad" if not large else "rgba(120,130,140,0.25)", "highlight": "#111111", "hover": "#333333"},
        "font": {"size": 11, "color": "#333333", "strokeWidth": 4, "align": "middle"},
        "width": 1,
    }
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "edges": edges,
        "nodes": {"scaling": {"label": {"enabled": True, "drawThreshold": 7}}},
        "interaction": {
            "hover": not large,
            "hideEdgesOnDrag": large,
            "hideEdgesOnZoom": large,
            "dragNodes": not large,
            "tooltipDelay": 10_000_000,
            "keyboard": False,
            "navigationButtons": False,
        },
    }


def _filled(
    html: str,
    kinds: dict[str, str],
    links: Sequence[Link],
    walk: nx.Graph,
    record: Record,
    title: str,
    notice: str,
    large: bool,
) -> str:
    """Put script, details and words in place of the template's marks."""
    import pyvis

    data = {
        "details": {n: _detail(record(n), large) for n in kinds},
        "looks": {k: list(LOOK.get(k) or (STRUCTURE if k in STRUCTURES else FINDING)) for k in dict.fromkeys(kinds.values())},
        "hidden": sorted(HIDDEN_AT_FIRST & set(kinds.values())) if large else [],
        "words": [] if large else [x.label for x in links],
        "relations": [[x.subject, walk.graph["labels"].get(x.predicate, ""), x.object] for x in links],
    }
    parts = {
        "@@VIS@@": (Path(pyvis.__file__).parent / VIS).read_text(encoding="utf-8").replace("</script", "<\\/script"),
        "@@DATA@@": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
        "@@CSS@@": (PAGE / "network.css").read_text(encoding="utf-8"),
        "@@JS@@": (PAGE / "network.js").read_text(encoding="utf-8"),
        "@@TITLE@@": _escaped(title),
        "@@NOTICE@@": _escaped(notice),
        "@@DISCLAIMER@@": _escaped(DISCLAIMER),
    }
    for mark, text in parts.items():
        html = html.replace(mark, text)
    return html


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _detail(found: dict[str, Any], large: bool) -> dict[str, Any]:
    out = {"kind": found["kind"], "also": found["synonyms"][: 4 if large else 12], "what": found["definition"]}
    figures = [_figure(s) for s in found["statistics"]]
    if large:
        return out | ({"figures": figures[:6]} if figures else {})
    advice = [_figure(r) for r in found["recommendations"]]
    return out | {"figures": figures[:40], "advice": advice[:30], "sources": found["sources"]}


def _figure(evidence: dict[str, Any]) -> str:
    population = f" In: {evidence['population']}." if evidence.get("population") else ""
    return f"{evidence['sentence']}.{population} [{'; '.join(evidence['sources'])}]"


def kinds_shown(kinds: Iterable[str]) -> tuple[str, ...]:
    """Classes in the order of the legend: from what acts to what is felt."""
    from kg.show.layout import layer_of

    return tuple(sorted(set(kinds), key=lambda k: (layer_of(k), k)))
