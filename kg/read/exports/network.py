"""The walkable links between things as a network: GraphML, GEXF, Cytoscape JSON, and a plain list of links."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from kg.read.exports.statements import Statements
from kg.read.graph import DEFINITION
from kg.read.names import DCTERMS, shorten
from kg.read.walk import walk_of

if TYPE_CHECKING:
    import networkx as nx


def network(said: Statements) -> nx.MultiDiGraph:
    """Things as nodes, each triple between them an edge of its own, with strength and sources where they are known."""
    import networkx as nx

    graph, walk = said.graph, walk_of(said.graph)
    out = nx.MultiDiGraph()
    for node, data in walk.nodes(data=True):
        out.add_node(node, **data, curie=shorten(node), definition=graph.one(node, DEFINITION) or "")
    for _, _, data in walk.edges(data=True):
        for s, p, o in data["links"]:
            says = graph.annotations.get((s, p, o), ())
            sources = dict.fromkeys(shorten(x) for a in says for x in a.sources)
            strengths = dict.fromkeys(shorten(a.strength) for a in says if a.strength)
            more = {"strength": " ".join(strengths), "sources": " ".join(sources)}
            out.add_edge(s, o, key=p, predicate=p, label=graph.label(p), cost=round(data["cost"], 3), **more)
    return out


def graphml(said: Statements, _: bool) -> str:
    """GraphML."""
    import networkx as nx

    return "\n".join(nx.generate_graphml(network(said), named_key_ids=True))


def gexf(said: Statements, _: bool) -> str:
    """GEXF 1.2, as Gephi reads it."""
    import networkx as nx

    made = network(said)
    numbered = nx.MultiDiGraph()
    numbered.add_nodes_from(made.nodes(data=True))
    for number, (s, o, data) in enumerate(made.edges(data=True)):
        numbered.add_edge(s, o, key=number, id=str(number), **data)
    text = "\n".join(nx.generate_gexf(numbered))
    # The library writes the day of the run; the day of the data says more and is always the same.
    return re.sub(r'lastmodifieddate="[^"]*"', f'lastmodifieddate="{said.header(DCTERMS + "modified")}"', text)


def cytoscape(said: Statements, _: bool) -> str:
    """Cytoscape JSON."""
    import networkx as nx

    return json.dumps(nx.cytoscape_data(network(said)), ensure_ascii=False)


def links(said: Statements, _: bool) -> str:
    """One link a line, with labels."""
    made = network(said)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["subject", "predicate", "object", "subject_label", "predicate_label", "object_label", "cost"])
    for s, o, data in made.edges(data=True):
        labels = (made.nodes[s]["label"], data["label"], made.nodes[o]["label"])
        writer.writerow([shorten(s), shorten(data["predicate"]), shorten(o), *labels, data["cost"]])
    return out.getvalue()
