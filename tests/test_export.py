"""Every export is read back by a library that did not write it, with the same content."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from itertools import zip_longest
from pathlib import Path

import networkx as nx
import pytest
import rdflib
from conftest import KgRun

import kg
from kg.errors import InputError
from kg.read.build import ENTAILED
from kg.read.export import FORMATS, RDF, export
from kg.read.names import PREFIXES

PARSERS = {"turtle": "turtle", "xml": "xml", "json-ld": "json-ld"}
Ground = set[tuple[rdflib.term.Node, ...]]
rdflib_warns = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
exported = cache(export)


@pytest.fixture(scope="module")
def asserted(graph: kg.KnowledgeGraph) -> rdflib.Graph:
    """What is written, as N-Triples say it."""
    return rdflib.Graph().parse(data=exported("ntriples", False), format="nt")


@pytest.fixture(scope="module")
def links(graph: kg.KnowledgeGraph) -> list[dict[str, str]]:
    """The links between things, as CSV says it."""
    return list(csv.DictReader(io.StringIO(exported("csv"))))


def lines(entailed: bool) -> set[str]:
    """The triples, a line of N-Triples each."""
    return set(exported("ntriples", entailed).splitlines())


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
    found = rdflib.Graph().parse(data=exported(form, False), format=parser)
    assert len(found) == len(asserted) > 10_000
    assert ground(found) == ground(asserted)


@rdflib_warns
def test_quads_keep_apart_what_is_written_and_what_follows(asserted: rdflib.Graph) -> None:
    found = rdflib.Dataset()
    found.parse(data=exported("nquads"), format="nquads")
    written = found.graph(rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    follows = found.graph(rdflib.URIRef(ENTAILED))
    assert ground(written) == ground(asserted)
    assert not ground(written) & ground(follows)
    assert len(written) == len(asserted)
    assert len(written) + len(follows) == len(lines(entailed=True))


def test_rdflib_gets_all_triples(graph: kg.KnowledgeGraph) -> None:
    found = graph.to_rdflib()
    assert len(found) == len(lines(entailed=True))
    assert graph.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [{"n": str(len(found))}]


def test_what_is_written_is_part_of_what_follows() -> None:
    assert lines(entailed=False) < lines(entailed=True)


@pytest.mark.parametrize("option", ["asserted", "entailed"])
def test_the_choice_is_an_option_of_the_command(kg_run: KgRun, option: str) -> None:
    done = kg_run("export", "ntriples", f"--{option}")
    assert done.stdout.count("\n") == len(lines(option == "entailed"))


@pytest.mark.parametrize("form", ["turtle", "xml"])
def test_known_prefixes_are_declared(form: str) -> None:
    assert PREFIXES["bl"] in exported(form, False)[:3000]


# Networks


def test_csv_has_whole_rows(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    assert len(links) == sum(len(data["links"]) for _, _, data in graph.walk.edges(data=True))
    assert all(None not in row and all(row.values()) for row in links)
    assert all(float(row["cost"]) > 0 for row in links)


def test_graphml_is_read_back_whole(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    same(nx.parse_graphml(exported("graphml"), force_multigraph=True), links, graph)


def test_cytoscape_json_is_read_back_whole(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    same(nx.cytoscape_graph(json.loads(exported("json"))), links, graph)


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


@pytest.mark.parametrize(
    "args",
    [
        *(("export", form) for form in ("turtle", "nquads", "graphml", "json", "csv")),
        ("explain", "numb top of the foot", "weak big toe", "leg pain", "--top", "50", "--json"),
        ("paths", "L5", "foot drop", "--json"),
        ("show", "L5", "--json"),
        ("search", "pain", "--json"),
        ("view", "L5", "-o", "-"),
    ],
    ids=lambda args: " ".join(args[:2]),
)
def test_two_makings_give_the_same_to_the_letter(
    kg_run: KgRun, tmp_path_factory: pytest.TempPathFactory, args: tuple[str, ...]
) -> None:
    place = tmp_path_factory.getbasetemp()  # the two caches serve all these tests
    one, other = (
        kg_run(*args, env={"PYTHONHASHSEED": seed, "KG_CACHE": str(place / f"made-{seed}")}) for seed in ("1", "2")
    )
    assert (one.returncode, other.returncode) == (0, 0)
    pairs = zip_longest(one.stdout.splitlines(), other.stdout.splitlines(), fillvalue="")
    assert [(a[:200], b[:200]) for a, b in pairs if a != b][:3] == []


def test_a_file_holds_what_is_printed(kg_run: KgRun, tmp_path: Path) -> None:
    kg_run("export", "csv", "-o", str(tmp_path / "links.csv"))
    assert (tmp_path / "links.csv").read_text(encoding="utf-8").strip() == kg_run("export", "csv").stdout.strip()


@pytest.mark.parametrize("form", ["", "TURTLE", "sandwich", "table"])
def test_an_unknown_format_is_refused(form: str) -> None:
    with pytest.raises(InputError, match="turtle"):
        export(form)
