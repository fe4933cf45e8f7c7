"""The graph → other formats: which there are, and the door to all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from kg.errors import InputError
from kg.read.files import home
from kg.read.names import PREFIXES

if TYPE_CHECKING:
    import rdflib

    from kg.read.exports.statements import Statements

Folder: TypeAlias = Mapping[str, str | bytes]
Written: TypeAlias = str | bytes | Folder


class Format(NamedTuple):
    """An export format.

    Attributes:
        function: module below `kg.read.exports` and the function in it that writes the format.
        ending: of a file's name; empty where the format is a folder of several files.
        about: what it is for, in a few words.
    """

    function: str
    ending: str
    about: str


FORMATS: dict[str, Format] = {
    "turtle": Format("rdf.turtle", "ttl", "RDF to read"),
    "ntriples": Format("rdf.ntriples", "nt", "RDF, a triple a line"),
    "nquads": Format("rdf.nquads", "nq", "RDF with a graph for each source file, and one for what follows"),
    "xml": Format("rdf.xml", "rdf", "RDF/XML"),
    "owl": Format("rdf.owl", "owl", "OWL 2 in one document, for Protégé"),
    "json-ld": Format("jsonld.jsonld", "jsonld", "JSON-LD with a context"),
    "obographs": Format("obographs.obographs", "obographs.json", "OBO Graphs JSON"),
    "kgx": Format("kgx.kgx", "", "KGX TSV: nodes and edges in Biolink"),
    "graphml": Format("network.graphml", "graphml", "the links as a network: yEd, igraph, networkx"),
    "gexf": Format("network.gexf", "gexf", "the same for Gephi"),
    "json": Format("network.cytoscape", "cyjs", "the same for Cytoscape"),
    "csv": Format("network.links", "csv", "the links, one a line"),
    "tables": Format("tables.csv_folder", "", "everything as CSV tables"),
    "parquet": Format("tables.parquet_folder", "", "the same tables as Parquet"),
    "sqlite": Format("tables.sqlite", "sqlite", "the same tables as one SQLite file"),
}


def said_by_shipped() -> Statements:
    """The statements of the graph that is asked, read once."""
    return _said_in(home())


@lru_cache(maxsize=2)
def _said_in(folder: Path) -> Statements:
    from kg.read.exports.statements import statements

    return statements(folder)


def export(form: str, entailed: bool = True) -> Written:
    """The whole graph in one of `FORMATS`: text, bytes, or name → content where the format has several files.

    Args:
        entailed: with what follows; networks hold what is asserted only.

    Raises:
        InputError: no such format.
        Failure: a library that the format needs is not installed.
    """
    if form not in FORMATS:
        raise InputError(f"“{form}” is no export format. Choose one of: {', '.join(FORMATS)}.")
    module, _, name = FORMATS[form].function.partition(".")
    function: Callable[[Statements, bool], Written] = getattr(import_module(f"kg.read.exports.{module}"), name)
    return function(said_by_shipped(), entailed)


def export_text(form: str, entailed: bool = True) -> str:
    """The same for formats that are one text.

    Raises:
        InputError: no such format, or it is no text.
    """
    written = export(form, entailed)
    if not isinstance(written, str):
        raise InputError(f"“{form}” is not one text.")
    return written


def to_rdflib() -> rdflib.Graph:
    """Asserted and entailed triples as an rdflib graph."""
    return as_rdflib(export_text("ntriples"))


def as_rdflib(ntriples: str) -> rdflib.Graph:
    """N-Triples as an rdflib graph that knows our prefixes."""
    import rdflib

    out = rdflib.Graph()
    for prefix, iri in PREFIXES.items():
        out.bind(prefix, iri)
    return out.parse(data=ntriples, format="nt")
