"""Every export is read back by a library that did not write it, with the same content."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import networkx as nx
import pytest
import rdflib
from conftest import KgRun

import kg
from kg.errors import InputError
from kg.read.build import ENTAILED
from kg.read.export import FORMATS, RDF, export

PARSERS = {"turtle": "turtle", "xml": "xml", "json-ld": "json-ld"}
Ground = set[tuple[rdflib.term.Node, ...]]
rdflib_warns = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")


@pytest.fixture(scope="module")
def asserted() -> rdflib.Graph:
    """What is written, as N-Triples say it."""
    return rdflib.Graph().parse(data=export("ntriples", entailed=False), format="nt")


@pytest.fixture(scope="module")
def lines_entailed() -> set[str]:
    """What is written and what follows, a line of N-Triples each."""
    return set(export("ntriples").splitlines())


@pytest.fixture(scope="module")
def links() -> list[dict[str, str]]:
    """The links between things, as CSV says it."""
    return list(csv.DictReader(io.StringIO(export("csv"))))


def ground(graph: rdflib.Graph) -> Ground:
    """The triples without blank nodes."""
    return {t for t in graph if not any(isinstance(x, rdflib.BNode) for x in t)}


# RDF


def test_every_format_is_tested_here() -> None:
    assert set(FORMATS) == {*PARSERS, "ntriples", "nquads", "graphml", "json", "csv"}
    assert set(RDF) == {*PARSERS, "ntriples", "nquads"}


@rdflib_warns
@pytest.mark.parametrize(("form", "parser"), PARSERS.items(), ids=list(PARSERS))
def test_rdf_is_read_back_whole(asserted: rdflib.Graph, form: str, parser: str) -> None:
    found = rdflib.Graph().parse(data=export(form, entailed=False), format=parser)
    assert len(found) == len(asserted) > 10_000
    assert ground(found) == ground(asserted)


@rdflib_warns
def test_quads_keep_apart_what_is_written_and_what_follows(asserted: rdflib.Graph, lines_entailed: set[str]) -> None:
    found = rdflib.Dataset()
    found.parse(data=export("nquads"), format="nquads")
    follows = found.graph(rdflib.URIRef(ENTAILED))
    written = found.graph(rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    assert len(written) == len(asserted)
    assert ground(written) == ground(asserted)
    assert len(written) + len(follows) == len(lines_entailed)
    assert not ground(written) & ground(follows)


def test_rdflib_gets_all_triples(graph: kg.KnowledgeGraph, lines_entailed: set[str]) -> None:
    found = graph.to_rdflib()
    assert len(found) == len(lines_entailed)
    assert graph.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [{"n": str(len(found))}]


def test_what_is_written_is_part_of_what_follows(asserted: rdflib.Graph, lines_entailed: set[str]) -> None:
    written = set(export("ntriples", entailed=False).splitlines())
    assert len(written) == len(asserted)
    assert written < lines_entailed


def test_the_choice_is_an_option_of_the_command(kg_run: KgRun, lines_entailed: set[str]) -> None:
    lines = {form: kg_run("export", "ntriples", f"--{form}").stdout.count("\n") for form in ("asserted", "entailed")}
    assert lines["asserted"] < lines["entailed"] == len(lines_entailed)


@pytest.mark.parametrize("form", ["turtle", "xml", "json-ld"])
def test_known_prefixes_are_used(form: str) -> None:
    assert "https://w3id.org/backleg-pain/ontology#" in export(form, entailed=False)[:3000]


# Networks


def test_csv_has_whole_rows(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    assert len(links) == sum(len(data["links"]) for _, _, data in graph.walk.edges(data=True))
    assert all(None not in row and all(row.values()) for row in links)
    assert all(float(row["cost"]) > 0 for row in links)


def test_graphml_is_read_back_whole(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    same(nx.parse_graphml(export("graphml"), force_multigraph=True), links, graph)


def test_cytoscape_json_is_read_back_whole(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    same(nx.cytoscape_graph(json.loads(export("json"))), links, graph)


def same(found: nx.MultiDiGraph, links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    """The network holds the nodes of the graph and the links of the CSV."""
    assert found.is_directed()
    assert set(found) == set(graph.walk)
    assert found.number_of_edges() == len(links)
    label = nx.get_node_attributes(found, "label")
    assert {(label[a], d["label"], label[b]) for a, b, d in found.edges(data=True)} == {
        (row["subject_label"], row["predicate_label"], row["object_label"]) for row in links
    }


# Always the same


@pytest.mark.parametrize("form", ["turtle", "nquads", "graphml", "json", "csv"])
def test_two_processes_with_caches_of_their_own_give_the_same(kg_run: KgRun, tmp_path: Path, form: str) -> None:
    texts = []
    for seed in ("1", "2"):
        place = tmp_path / seed
        done = kg_run("export", form, "-o", f"{place}.out", env={"PYTHONHASHSEED": seed, "KG_CACHE": str(place)})
        assert done.returncode == 0, done.stderr
        texts.append(Path(f"{place}.out").read_bytes())
    assert texts[0] == texts[1]


def test_the_same_text_twice() -> None:
    assert export("ntriples", entailed=False) == export("ntriples", entailed=False)


def test_a_file_holds_what_is_printed(kg_run: KgRun, tmp_path: Path) -> None:
    kg_run("export", "csv", "-o", str(tmp_path / "links.csv"))
    assert (tmp_path / "links.csv").read_text(encoding="utf-8").strip() == kg_run("export", "csv").stdout.strip()


@pytest.mark.parametrize("form", ["", "TURTLE", "sandwich", "table"])
def test_an_unknown_format_is_refused(form: str) -> None:
    with pytest.raises(InputError, match="turtle"):
        export(form)
