"""Files → the compiled cache: catalogue, tables for the reasoning, graph for the walks, store for SPARQL."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.read.cache import CATALOGUE, KNOWLEDGE, LEXICON, STORE, WALK
from kg.read.compile import compile_knowledge
from kg.read.compile_names import compile_lexicon
from kg.read.document import write_catalogue
from kg.read.files import home, shipped, turtle_files
from kg.read.graph import Graph, assemble
from kg.read.names import OWL
from kg.read.questions import folder as questions
from kg.read.terms import as_terms
from kg.read.turtle import Triple, read_files
from kg.read.void import QUESTIONS_GRAPH, VOID_GRAPH, describe
from kg.read.walk import walk_of

if TYPE_CHECKING:
    from kg.reason.knowledge import Knowledge
    from kg.reason.lexicon import Lexicon

ENTAILED = "https://w3id.org/backleg-pain/graph/entailed"


def load_graph() -> Graph:
    """The shipped graph, parsed and closed."""
    return assemble(read_files(shipped()))


def build(folder: Path) -> None:
    """Write all parts of the cache into an empty folder."""
    graph = load_graph()
    write_catalogue(graph, str(folder / CATALOGUE))
    version = graph.one("https://w3id.org/backleg-pain/ontology", OWL + "versionInfo") or "unknown"
    for name, table in (
        (KNOWLEDGE, compile_knowledge(graph, version)),
        (LEXICON, compile_lexicon(graph)),
        (WALK, walk_of(graph)),
    ):
        (folder / name).write_bytes(pickle.dumps(table, protocol=5))
    write_store(graph, folder / STORE)


def write_store(graph: Graph, folder: Path) -> None:
    """Write asserted and entailed triples to a store on disk that SPARQL queries.

    What is counted about them, and the competency questions, stand in named graphs, apart from the knowledge.
    """
    store = ox.Store(str(folder))
    said = list(dict.fromkeys(everything(graph)))
    store.bulk_extend(ox.Quad(*as_terms(t)) for t in said)
    store.bulk_extend(ox.Quad(*as_terms(t), ox.NamedNode(VOID_GRAPH)) for t in describe(said))
    asked = (t for file in read_files(sorted(questions().glob("*.ttl"))) for t in file.triples)
    store.bulk_extend(ox.Quad(*as_terms(t), ox.NamedNode(QUESTIONS_GRAPH)) for t in asked)
    store.optimize()  # few files: an engine opens them all before it gives up opening files
    store.flush()


def everything(graph: Graph) -> Iterator[Triple]:
    """All triples that SPARQL sees: as written, entailed, and the labels that follow from parts."""
    yield from asserted(graph)
    yield from ((s, p, o) for s, p, o in graph.closure.strength if (s, p, o) not in graph.asserted)


def asserted(graph: Graph) -> Iterator[Triple]:
    """All triples as written, with the labels that follow from parts."""
    for s, links in graph.objects.items():
        for p, objects in links.items():
            yield from ((s, p, o) for o in objects)


def compile_folder(base: Path) -> tuple[Knowledge, Lexicon]:
    """The tables of another release, from a folder that holds its `ontology/` and `data/`.

    Raises:
        InputError: it does not, or a file in it cannot be read.
    """
    ontology = base / "ontology" / "backleg.ttl"
    if not ontology.is_file() or not (base / "data").is_dir():
        raise InputError(f"{base}: holds no release. Name a folder with the ontology/ and data/ of one.")
    graph = assemble(read_files((ontology, *turtle_files(base / "data"))))
    version = graph.one("https://w3id.org/backleg-pain/ontology", OWL + "versionInfo") or "unknown"
    return compile_knowledge(graph, version), compile_lexicon(graph)


def ontology_only() -> Path:
    """The ontology file."""
    return home() / "ontology" / "backleg.ttl"


def parse_all(paths: Iterable[Path]) -> Graph:
    """Graph of any Turtle files."""
    return assemble(read_files(tuple(paths)))
