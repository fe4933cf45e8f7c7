"""One thing → Turtle: what is said of it, and what is said about each of its links."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from kg.read.cache import store_path
from kg.read.names import OWL, PREFIXES


@lru_cache(maxsize=1)
def _store() -> ox.Store:
    # Opened once: looking each time whether the files changed would take longer than the answer.
    return ox.Store.read_only(str(store_path()))


def turtle(iri: str) -> str:
    """All triples, asserted and entailed, whose subject is the thing, with the annotated axioms on its links."""
    store = _store()
    node = ox.NamedNode(iri)
    quads = list(store.quads_for_pattern(node, None, None))
    for axiom in store.quads_for_pattern(None, ox.NamedNode(OWL + "annotatedSource"), node):
        if isinstance(axiom.subject, ox.NamedNode | ox.BlankNode):
            quads += store.quads_for_pattern(axiom.subject, None, None)
    triples = sorted({q.triple for q in quads}, key=str)
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()
