"""The graph → other formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import InputError
from kg.read import cache
from kg.read.build import ENTAILED, as_terms, asserted, load_graph
from kg.read.graph import Graph
from kg.read.names import PREFIXES, shorten

if TYPE_CHECKING:
    import rdflib

RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "xml": ox.RdfFormat.RDF_XML,
    "json-ld": ox.RdfFormat.JSON_LD,
}
FORMATS = (*RDF, "graphml", "json", "csv")


def export(form: str, entailed: bool = True) -> str:
    """The whole graph as text in one of `FORMATS`.

    `nquads` keeps what is entailed in a graph of its own; `graphml` and `json` (Cytoscape) hold the walkable links
    between things; `csv` holds one link a line.

    Raises:
        InputError: no such format.
    """
    if form not in FORMATS:
        raise InputError(f"“{form}” is no export format. Choose one of: {', '.join(FORMATS)}.")
    if form in RDF:
        graph = load_graph()
        quads: list[Any] = sorted(set(_quads(graph, entailed, form == "nquads")), key=str)
        prefixes = PREFIXES if form in ("turtle", "xml", "json-ld") else None
        return (ox.serialize(quads, format=RDF[form], prefixes=prefixes) or b"").decode()
    return _network(form)


def _quads(graph: Graph, entailed: bool, named: bool) -> Iterator[ox.Quad | ox.Triple]:
    kind = ox.Quad if named else ox.Triple
    written = set(asserted(graph))
    yield from (kind(*as_terms(t)) for t in written)
    if entailed:
        where = (ox.NamedNode(ENTAILED),) if named else ()
        for edge in graph.closure.strength:
            if edge not in written:
                yield kind(*as_terms(edge), *where)


def _network(form: str) -> str:
    import networkx as nx

    walk: nx.Graph = cache.unpickled(cache.WALK)
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["subject", "predicate", "object", "subject_label", "predicate_label", "object_label", "cost"])
        for _, _, data in walk.edges(data=True):
            for s, p, o in data["links"]:
                labels = (walk.nodes[s]["label"], walk.graph["labels"][p], walk.nodes[o]["label"])
                writer.writerow([shorten(s), shorten(p), shorten(o), *labels, round(data["cost"], 3)])
        return out.getvalue()
    plain = nx.MultiDiGraph()
    plain.add_nodes_from((n, dict(d)) for n, d in walk.nodes(data=True))
    for _, _, data in walk.edges(data=True):
        for s, p, o in data["links"]:
            plain.add_edge(s, o, key=p, predicate=p, label=walk.graph["labels"][p], cost=round(data["cost"], 3))
    if form == "json":
        return json.dumps(nx.cytoscape_data(plain), ensure_ascii=False)
    return "\n".join(nx.generate_graphml(plain))


def to_rdflib() -> rdflib.Graph:
    """Asserted and entailed triples as an rdflib graph."""
    import rdflib

    out = rdflib.Graph()
    for prefix, iri in PREFIXES.items():
        out.bind(prefix, iri)
    out.parse(data=export("ntriples"), format="nt")
    return out
