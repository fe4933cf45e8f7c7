"""Part of the graph → one self-contained HTML page, through pyvis, that asks nothing of any network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import InputError
from kg.model import BL, Answer, Link
from kg.notice import DISCLAIMER
from kg.show.layout import layer_of, layered

if TYPE_CHECKING:
    import networkx as nx

    from kg.api import KnowledgeGraph

Record = Callable[[str], dict[str, Any]]
PAGE = Path(__file__).parent / "page"
VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
MOST = 34  # things in the view of a name
TOP = 3  # conditions in the picture of an answer
# Class → (colour of the Okabe–Ito palette, told apart by colour-blind eyes, the one of conditions darkened for the
# white words on it; shape).
LOOK = {
    "Condition": ("#B44F00", "box"),
    "ConditionGroup": ("#6E2F00", "box"),
    "RedFlag": ("#B00020", "triangle"),
    "NerveRoot": ("#E69F00", "diamond"),
    "Nerve": ("#F0E442", "pill"),
    "Plexus": ("#F0E442", "pill"),
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
STRUCTURES = {
    "Organ",
    "Vessel",
    "Joint",
    "Bone",
    "SoftTissue",
    "Disc",
    "DiscZone",
    "SpinalLevel",
    "EntrapmentSite",
}
DARK = {"#B44F00", "#6E2F00"}
HIDDEN_AT_FIRST = {
    "Treatment", "Investigation", "Mechanism", "Circumstance", "Claim", "RedFlag", "ConditionGroup", "EntrapmentSite",
    "Symptom", "Sign", "ClinicalTest", "LabFinding", "HistoryItem", "RiskFactor", "DiscZone", "Disc", "SpinalLevel",
    "Bone", "Joint", "SoftTissue", "NeuralTissue", "Vessel", "Movement", "Reflex",
}  # fmt: skip
LARGE = 150
# Links that say "occurs in", drawn dashed beside those that say how.
SHOWN_BY = {
    BL + p
    for p in (
        "hasObligateFinding",
        "hasVeryFrequentFinding",
        "hasFrequentFinding",
        "hasOccasionalFinding",
        "hasRareFinding",
    )
}


def view_page(walk: nx.Graph, names: Sequence[str], record: Record, reach: int = 2) -> str:
    """A page of the things around some things, or of the whole graph.

    Args:
        walk: the graph of things.
        names: identifiers in the middle of the view; none shows everything.
        record: identifier → its record.
        reach: how many links around each.

    Raises:
        InputError: one of the names is no thing that links lead to, but a class, a source or a figure.
    """
    return _page(view_drawing(walk, names, record, reach))


def view_drawing(walk: nx.Graph, names: Sequence[str], record: Record, reach: int = 2, most: int = MOST) -> Drawing:
    """What `view_page` draws, as data.

    Raises:
        InputError: as there.
    """
    for name in names:
        if name not in walk:
            raise InputError(f"“{record(name)['label']}” cannot be drawn: it is no thing with links. Try `kg show`.")
    nodes = around(walk, names, reach, most) if names else tuple(walk)
    inside = set(nodes)
    edges = [(a, b) for a, b in walk.edges(nodes) if a in inside and b in inside]
    edges.sort(key=lambda edge: walk.edges[edge]["bare"])  # the strongest first, in the lists and on the stage
    links = [link for a, b in edges for link in _links(walk, a, b)[:1]]
    title = " · ".join(walk.nodes[n]["label"] for n in names) or "The whole graph"
    return _drawn(walk, nodes, links, record, title, frozenset(names))


def answer_page(graph: KnowledgeGraph, answer: Answer) -> str:
    """A page of the chains behind an answer: from its first conditions through the anatomy to the findings."""
    return _page(answer_drawing(graph, answer), " ".join(f"⚠ {a.label}: {a.action}" for a in answer.alarms))


def answer_drawing(graph: KnowledgeGraph, answer: Answer) -> Drawing:
    """What `answer_page` draws, as data."""
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
            if site in nodes and graph.walk.nodes[site]["kind"] in (
                "BodyArea",
                "Movement",
                "Reflex",
                "Muscle",
            ):
                nodes.setdefault(finding)
                link = _links(graph.walk, finding, site)[0]
                links.setdefault((link.subject, link.predicate, link.object), link)
    title = "Why: " + (", ".join(c.label for c in answer.conditions[:TOP]) or "nothing fits")
    return _drawn(
        graph.walk,
        tuple(nodes),
        [x for x in links.values() if x.subject in nodes and x.object in nodes],
        lambda i: catalogue.record(graph.names, i),
        title,
        frozenset(matched) | {c.id for c in answer.conditions[:TOP]},
    )


def around(walk: nx.Graph, names: Sequence[str], reach: int, most: int = MOST) -> tuple[str, ...]:
    """The things nearest to some things, at most `most` for each and `reach` links away, each class in turn.

    Taking turns keeps a root's twenty muscles from crowding out its conditions and its skin.
    """
    chosen: dict[str, None] = dict.fromkeys(names)
    for name in names:
        chosen.update(dict.fromkeys(_rings(walk, name, reach)[:most]))
    return tuple(chosen)


@lru_cache(maxsize=4)  # a page asks for a small and a large drawing of the same thing
def _rings(walk: nx.Graph, name: str, reach: int) -> tuple[str, ...]:
    """All things within so many links of a thing, nearest first, each class in turn."""
    import networkx as nx

    hops = nx.single_source_shortest_path_length(walk, name, cutoff=reach)

    def within(_: str, other: str, link: dict[str, Any]) -> float | None:
        return float(link["bare"]) if other in hops else None

    costs = nx.single_source_dijkstra_path_length(walk, name, weight=within)
    rings: list[str] = []
    for distance in range(1, reach + 1):
        queues: dict[str, list[str]] = {}
        for node in sorted(
            (n for n in hops if hops[n] == distance), key=lambda n: (round(costs[n], 6), -walk.degree[n], n)
        ):
            queues.setdefault(walk.nodes[node]["kind"], []).append(node)
        rings += [node for row in zip_longest(*queues.values()) for node in row if node is not None]
    return tuple(rings)


def _links(walk: nx.Graph, a: str, b: str) -> list[Link]:
    out = []
    for s, p, o in walk.edges[a, b]["links"]:
        words = f"{walk.nodes[s]['label']} {walk.graph['labels'][p]} {walk.nodes[o]['label']}"
        out.append(Link(s, p, o, words))
    return out


class Drawing(NamedTuple):
    """A drawing as data, ready for JSON; a page hands it to vis-network as it is.

    Attributes:
        nodes: things with label, look and place.
        edges: links between them.
        options: settings of vis-network.
        data: what the page's own script needs beside: details, legend, relations in words.
    """

    title: str
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    options: dict[str, Any]
    data: dict[str, Any]


def _drawn(
    walk: nx.Graph,
    nodes: Sequence[str],
    links: Sequence[Link],
    record: Record,
    title: str,
    middle: frozenset[str],
) -> Drawing:
    from pyvis.network import Network

    kinds = {n: walk.nodes[n]["kind"] for n in nodes}
    neighbours: dict[str, set[str]] = {n: set() for n in nodes}
    for x in links:
        neighbours[x.subject].add(x.object)
        neighbours[x.object].add(x.subject)
    large = len(nodes) > LARGE
    looks = {n: _look(walk.nodes[n]["label"], kinds[n], n in middle, large) for n in nodes}
    net = Network(directed=True)
    if large:  # the page itself flows them into as many columns as suit its window
        for n in sorted(nodes, key=lambda n: _in_order(walk.nodes[n]["label"])):
            net.add_node(n, **looks[n])
    else:
        sizes = {n: (look["wide"], look["tall"]) for n, look in looks.items()}
        for n, place in layered(kinds, neighbours, sizes).items():
            net.add_node(n, **looks[n], **_at(place, looks[n]))
    if not large:  # a map shows no links: the page makes those of the thing that takes the stage
        for x in links:
            words = walk.graph["labels"].get(x.predicate, "")
            net.add_edge(x.subject, x.object, words=words, dashes=x.predicate in SHOWN_BY)
    shown = kinds_shown(kinds.values())
    data = {
        "large": large,
        "details": {n: {"name": walk.nodes[n]["label"], **_detail(record(n), large)} for n in kinds},
        "looks": {k: list(_shape(k)) for k in shown},
        "middle": [n for n in sorted(middle) if n in kinds],
        "hidden": sorted(HIDDEN_AT_FIRST & set(shown)) if large else [],
        "words": [] if large else sorted(x.label for x in links),
        **_relations(walk, [n["id"] for n in net.nodes], links),
    }
    return Drawing(title, net.nodes, net.edges, _options(large), data)


def _relations(walk: nx.Graph, ids: Sequence[str], links: Sequence[Link]) -> dict[str, Any]:
    """Links by number, since names would be nine tenths of a large page.

    Returns:
        `verbs`: words of each relation, and whether it is drawn dashed; `relations`: place of the subject among the
        things, of the relation among the verbs, of the object.
    """
    place = {n: i for i, n in enumerate(ids)}
    verbs = list(dict.fromkeys(x.predicate for x in links))
    number = {p: i for i, p in enumerate(verbs)}
    return {
        "verbs": [[walk.graph["labels"].get(p, ""), p in SHOWN_BY] for p in verbs],
        "relations": [[place[x.subject], number[x.predicate], place[x.object]] for x in links],
    }


def _page(drawing: Drawing, notice: str = "") -> str:
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line", heading=drawing.title)
    net.set_options(json.dumps(drawing.options))
    net.set_template_dir(str(PAGE), "network.html")
    net.nodes, net.edges = drawing.nodes, drawing.edges
    return _filled(str(net.generate_html()), drawing.data, drawing.title, notice)


def _wrapped(label: str, width: int, lines: int) -> str:
    """A label broken into lines, also after a dash between words, and cut where it is too long."""
    import textwrap

    broken = re.sub(r"(?<=\w)([–/-])(?=\w{3})", "\\1\x1f ", label)
    out = textwrap.wrap(broken, width, max_lines=lines, placeholder="…")
    return "\n".join(out).replace("\x1f ", "").replace("\x1f", "")


def _in_order(label: str) -> list[tuple[int, str]]:
    """Where a label stands in a list: numbers by size, segments of the spine from above downward."""
    spine = re.match(r"([TLS])\d", label)
    words = label.lower() if spine is None else f"{'TLS'.index(spine[1])} {label[1:]}"
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", words)]


def _shape(kind: str) -> tuple[str, str]:
    return LOOK.get(kind) or (STRUCTURE if kind in STRUCTURES else FINDING)


def _look(label: str, kind: str, middle: bool, large: bool) -> dict[str, Any]:
    colour, shape = _shape(kind)
    inside = shape in ("box", "pill")
    words: dict[str, Any] = {
        "size": 30 if middle else 26,
        "color": "#ffffff" if inside and colour in DARK else "#111111",
    }
    if not inside:  # a white rim keeps words readable where a link passes beneath them
        words |= {"strokeWidth": 6, "strokeColor": "#ffffff", "vadjust": -6 if large else 0}
    look = {
        "label": _wrapped(label, 22, 2) if large else _wrapped(label, 18, 4),
        "group_name": kind,
        "color": {
            "background": colour,
            "border": "#111111" if middle else "#555555",
            "highlight": {"background": colour, "border": "#000000"},
        },
        "shape": "box" if inside else shape,
        "shapeProperties": {"borderRadius": 22 if shape == "pill" else 5},
        "margin": 9,
        "size": 11 if large else 20 if middle else 15,
        "borderWidth": 4 if middle else 1,
        "font": words,
        "hidden": large and kind in HIDDEN_AT_FIRST,
    }
    wide, tall = _size(look)
    return look | {"wide": round(wide), "tall": round(tall)}


def _size(look: Mapping[str, Any]) -> tuple[float, float]:
    """Width and height of a thing with its label, as near as can be told without a screen."""
    lines = look["label"].split("\n")
    wide, high = max(map(len, lines)) * look["font"]["size"] * 0.53, len(lines) * (look["font"]["size"] + 1.0)
    if look["shape"] == "box":
        return wide + 2 * look["margin"], high + 2 * look["margin"]
    return max(wide, 2.0 * look["size"]), high + 2 * look["size"] + 4


def _at(place: tuple[float, float], look: Mapping[str, Any]) -> dict[str, float]:
    """Where to put the shape so that shape and label together stand in their place."""
    below = 0.0 if look["shape"] == "box" else look["tall"] / 2 - look["size"]
    return {"x": round(place[0], 1), "y": round(place[1] - below, 1)}


def _options(large: bool) -> dict[str, Any]:
    edges = {
        "smooth": False if large else {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.4},
        "arrows": {"to": {"enabled": not large, "scaleFactor": 0.5}},
        "color": {"color": "#8a94a0", "highlight": "#111111", "hover": "#333333"},
        "font": {"size": 20, "color": "#222222", "strokeWidth": 5, "align": "horizontal"},
        "width": 1.5,
    }
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "edges": edges,
        "nodes": {"scaling": {"label": {"enabled": True, "drawThreshold": 4 if large else 1}}},
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


def _filled(html: str, data: dict[str, Any], title: str, notice: str) -> str:
    """Put script, details and words in place of the template's marks.

    A mark begins with "<", which neither a label in JSON nor an escaped title can hold here.
    """
    parts = {
        "VIS": vis_script().read_text(encoding="utf-8").replace("</script", "<\\/script"),
        "DATA": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
        "CSS": (PAGE / "network.css").read_text(encoding="utf-8"),
        "JS": (PAGE / "network.js").read_text(encoding="utf-8"),
        "TITLE": _escaped(title),
        "NOTICE": _escaped(notice),
        "DISCLAIMER": _escaped(DISCLAIMER),
    }
    return re.sub("<@([A-Z]+)@>", lambda mark: parts[mark[1]], html)


def vis_script() -> Path:
    """Where the drawing library lies."""
    import pyvis

    return Path(pyvis.__file__).parent / VIS


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _detail(found: dict[str, Any], large: bool) -> dict[str, Any]:
    out = {
        "kind": found["kind"],
        "also": found["synonyms"][: 4 if large else 12],
        "what": found["definition"],
    }
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
    return tuple(sorted(set(kinds), key=lambda k: (layer_of(k), k)))
