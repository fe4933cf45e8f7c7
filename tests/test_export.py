"""Every export is read back by a library that did not write it, and nothing is lost that the format can hold."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import xml.etree.ElementTree as ET
from collections import Counter
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import obographs
import owlready2
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rdflib
from conftest import KgRun
from rdflib.namespace import OWL, RDF, RDFS, SKOS

import kg
from kg.errors import InputError
from kg.read.build import ENTAILED
from kg.read.export import FORMATS, export, export_text
from kg.read.exports.kgx import KNOWLEDGE_SOURCE, biolink
from kg.read.exports.rdf import LABELS, graph_of
from kg.read.files import home, shipped
from kg.read.names import BL, ID, PREFIXES
from kg.read.turtle import read_file

PARSERS = {"turtle": "turtle", "xml": "xml", "json-ld": "json-ld"}
Triples = set[tuple[rdflib.term.Node, ...]]
rdflib_warns = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
exported = cache(export)
text = cache(export_text)
FOLDERS = [name for name, form in FORMATS.items() if not form.ending]


@pytest.fixture(scope="module")
def asserted(graph: kg.KnowledgeGraph) -> rdflib.Graph:
    """What is written, as N-Triples say it."""
    return rdflib.Graph().parse(data=text("ntriples", False), format="nt")


@pytest.fixture(scope="module")
def links(graph: kg.KnowledgeGraph) -> list[dict[str, str]]:
    """The links between things, as CSV says it."""
    return list(csv.DictReader(io.StringIO(text("csv"))))


@cache
def table(name: str) -> list[dict[str, str]]:
    """A table of the folder of CSV files."""
    return list(csv.DictReader(io.StringIO(exported("tables")[f"{name}.csv"])))  # type: ignore[index]


def lines(entailed: bool) -> set[str]:
    """The triples, a line of N-Triples each."""
    return set(text("ntriples", entailed).splitlines())


def whole(graph: rdflib.Graph) -> Counter[tuple[str, ...]]:
    """The triples with, for each blank node, all that hangs on it; two graphs with the same say the same."""
    seen: dict[rdflib.term.Node, str] = {}

    def text_of(node: rdflib.term.Node) -> str:
        if not isinstance(node, rdflib.BNode):
            return node.n3()
        if node not in seen:
            seen[node] = "(a circle of blank nodes)"
            inner = sorted(f"{p.n3()} {text_of(o)}" for p, o in graph.predicate_objects(node))
            seen[node] = f"[{' ; '.join(inner)}]"
        return seen[node]

    return Counter((text_of(s), p.n3(), text_of(o)) for s, p, o in graph)


@pytest.fixture(scope="module")
def everything(asserted: rdflib.Graph) -> Counter[tuple[str, ...]]:
    found = whole(asserted)
    assert not any("a circle" in part for triple in found for part in triple)
    return found


def ground(graph: rdflib.Graph) -> Triples:
    """The triples without blank nodes."""
    return {t for t in graph if not any(isinstance(x, rdflib.BNode) for x in t)}


# RDF


@rdflib_warns
@pytest.mark.parametrize(("form", "parser"), PARSERS.items(), ids=list(PARSERS))
def test_rdf_is_read_back_whole(everything: Counter[tuple[str, ...]], form: str, parser: str) -> None:
    found = rdflib.Graph().parse(data=text(form, False), format=parser)
    assert whole(found) == everything
    assert everything.total() > 10_000


def test_the_comparison_tells_blank_nodes_apart() -> None:
    head = "@prefix : <urn:x:> . "
    one, other, same = (
        rdflib.Graph().parse(data=head + t, format="turtle")
        for t in (":a :b [ :c 1 ], [ :c 2 ] .", ":a :b [ :c 1 ], [ :c 1 ] .", ":a :b [ :c 2 ], [ :c 1 ] .")
    )
    assert whole(one) == whole(same) != whole(other)


def test_the_context_names_properties_and_their_types() -> None:
    document = json.loads(text("json-ld", False))
    context, nodes = document["@context"], {n["@id"]: n for n in document["@graph"]}
    assert context["compresses"] == {"@id": "bl:compresses", "@type": "@id"}
    assert context["prefLabel"] == {"@id": "skos:prefLabel", "@language": "en"}
    assert context["typicalAgeFrom"] == {"@id": "bl:typicalAgeFrom", "@type": "xsd:integer"}
    root = nodes["id:l5-nerve-root"]
    assert (root["@type"], root["prefLabel"]) == ("bl:NerveRoot", "L5 nerve root")


@rdflib_warns
def test_quads_say_which_file_each_triple_comes_from(
    asserted: rdflib.Graph, everything: Counter[tuple[str, ...]]
) -> None:
    found = rdflib.Dataset()
    found.parse(data=text("nquads"), format="nquads")

    def named(name: str) -> Triples:
        return ground(found.graph(rdflib.URIRef(name)))

    files = {p.relative_to(home()).as_posix(): p for p in shipped()}
    for file in ("ontology/backleg.ttl", "data/conditions/meralgia-paraesthetica.ttl"):
        written = {str(s) for s, _, _ in read_file(files[file]).triples if not str(s).startswith("_:")}
        assert {str(s) for s, _, _ in named(graph_of(file))} == written
    union = set().union(*(named(graph_of(file)) for file in files), named(LABELS))
    assert union == ground(asserted)
    assert not named(ENTAILED) & union
    # A blank node lies in one graph, with all that hangs on it.
    parts = sum((whole(found.graph(rdflib.URIRef(graph_of(file)))) for file in files), Counter())
    blank = lambda found: Counter({t: n for t, n in found.items() if "[" in (t[0][0], t[2][0])})  # noqa: E731
    assert blank(parts) == blank(everything) != Counter()
    assert len(named(ENTAILED)) + len(asserted) == len(lines(entailed=True))
    about = found.graph(rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    described = {str(s) for s in about.subjects(RDFS.label)}
    assert described == {graph_of(f) for f in files} | {LABELS, ENTAILED}
    cited = {str(o) for o in about.objects(rdflib.URIRef(graph_of("data/conditions/meralgia-paraesthetica.ttl")))}
    assert any(c.startswith(ID + "pmid-") for c in cited)


@rdflib_warns
def test_owl_opens_as_one_ontology(
    asserted: rdflib.Graph, everything: Counter[tuple[str, ...]], tmp_path: Path
) -> None:
    (tmp_path / "backleg.owl").write_text(text("owl", False), encoding="utf-8")
    world = owlready2.World()
    loaded = world.get_ontology((tmp_path / "backleg.owl").as_uri()).load()
    assert loaded.imported_ontologies == []
    things = {str(s) for s in asserted.subjects(RDF.type) if str(s).startswith(ID)}
    assert {i.iri for i in world.individuals() if i.iri.startswith(ID)} == things
    assert {c.iri for c in world.classes()} == {str(s) for s in asserted.subjects(RDF.type, OWL.Class) if ground_iri(s)}
    found = rdflib.Graph().parse(data=text("owl", False), format="xml")
    assert everything <= whole(found)
    added = whole(found) - everything
    assert {(p, o) for _, p, o in added} == {(RDF.type.n3(), OWL.NamedIndividual.n3())}


def ground_iri(node: rdflib.term.Node) -> bool:
    return isinstance(node, rdflib.URIRef)


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


@pytest.mark.parametrize("form", ["turtle", "xml", "owl"])
def test_known_prefixes_are_declared(form: str) -> None:
    assert PREFIXES["bl"] in text(form, False)[:3000]


# OBO Graphs


@pytest.fixture(scope="module")
def obo(tmp_path_factory: pytest.TempPathFactory, graph: kg.KnowledgeGraph) -> obographs.Graph:
    path = tmp_path_factory.mktemp("obo") / "backleg.json"
    path.write_text(text("obographs", False), encoding="utf-8")
    return obographs.read(path)


def test_obo_graphs_hold_names_definitions_and_kinds(obo: obographs.Graph, asserted: rdflib.Graph) -> None:
    nodes = {n.id: n for n in obo.nodes}
    described = {str(s) for s in asserted.subjects() if str(s).startswith((ID, BL))}
    assert set(nodes) == described
    kinds = Counter((n.type, n.propertyType) for n in obo.nodes)
    of = {
        ("CLASS", None): OWL.Class,
        ("PROPERTY", "OBJECT"): OWL.ObjectProperty,
        ("PROPERTY", "DATA"): OWL.DatatypeProperty,
    }
    for kind, cls in of.items():
        assert kinds[kind] == len([s for s in asserted.subjects(RDF.type, cls) if str(s).startswith(BL)])
    for s in described:
        node, subject = nodes[s], rdflib.URIRef(s)
        assert {x.val for x in node.meta.synonyms or []} == {str(o) for o in asserted.objects(subject, SKOS.altLabel)}
        definitions = {str(o) for o in asserted.objects(subject, SKOS.definition)}
        assert ({node.meta.definition.val} if node.meta.definition else set()) == definitions
    assert obo.version_iri == f"https://w3id.org/backleg-pain/ontology/{kg.__version__}"


def test_obo_graphs_hold_links_with_what_their_sources_say(obo: obographs.Graph, asserted: rdflib.Graph) -> None:
    short = {str(RDF.type): "type", str(RDFS.subClassOf): "is_a", str(RDFS.subPropertyOf): "subPropertyOf"}
    short |= {str(OWL.inverseOf): "inverseOf"}
    elsewhere = {RDFS.domain, RDFS.range, OWL.propertyChainAxiom, rdflib.URIRef(PREFIXES["dcterms"] + "source")}
    expected = {
        (str(s), short.get(str(p), str(p)), str(o))
        for s, p, o in ground(asserted)
        if str(s).startswith((ID, BL)) and isinstance(o, rdflib.URIRef) and p not in elsewhere
    }
    assert {(e.sub, e.pred, e.obj) for e in obo.edges} == expected
    (edge,) = [
        e
        for e in obo.edges
        if (e.sub, e.pred, e.obj) == (ID + "l5-nerve-root", BL + "suppliesSkinArea", ID + "dorsum-of-foot")
    ]
    strengths = {(p.val, tuple(p.xrefs or ())) for p in edge.meta.basicPropertyValues if p.pred == BL + "strength"}
    assert (BL + "main", (ID + "web-isncsci-2019",)) in strengths
    chains = {(c.predicateId, *c.chainPredicateIds) for c in obo.propertyChainAxioms}
    assert (BL + "canWeaken", BL + "impairs", BL + "suppliesMuscle") in chains
    assert len(chains) == len(list(asserted.triples((None, OWL.propertyChainAxiom, None))))
    domains = {d.predicateId: (d.domainClassIds, d.rangeClassIds) for d in obo.domainRangeAxioms}
    assert domains[BL + "compresses"] == ([BL + "Condition"], [BL + "Structure"])


# KGX


@cache
def kgx(name: str) -> list[dict[str, str]]:
    """A table as the KGX library reads it: by pandas, all text, without quotes."""
    frame = pd.read_csv(
        io.StringIO(exported("kgx")[name]),  # type: ignore[index]
        sep="\t",
        dtype=str,
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
    )
    return frame.to_dict("records")


def test_kgx_has_the_columns_and_identifiers_that_its_readers_ask_for() -> None:
    nodes, edges = kgx("nodes.tsv"), kgx("edges.tsv")
    assert len({n["id"] for n in nodes}) == len(nodes) > 2000
    assert len({e["id"] for e in edges}) == len(edges) > 10_000
    ids = {n["id"] for n in nodes}
    assert {e["subject"] for e in edges} | {e["object"] for e in edges} <= ids
    assert all(n["category"].startswith("biolink:") and n["name"] for n in nodes)
    assert {e["primary_knowledge_source"] for e in edges} == {KNOWLEDGE_SOURCE}
    # the permissible values of Biolink's two enumerations that occur here
    assert {e["knowledge_level"] for e in edges} == {
        "knowledge_assertion",
        "logical_entailment",
        "statistical_association",
    }
    assert {e["agent_type"] for e in edges} == {"manual_agent", "automated_agent"}
    assert {e["predicate"] for e in edges} <= set(biolink().terms.values())


def test_kgx_says_what_the_graph_says(asserted: rdflib.Graph) -> None:
    edges = kgx("edges.tsv")
    dorsum = [
        e
        for e in edges
        if (e["subject"], e["object"]) == ("backleg:l5-nerve-root", "backleg:dorsum-of-foot")
        and e["original_predicate"] == BL + "suppliesSkinArea"
    ]
    assert {e["bl_strength"] for e in dorsum} >= {"bl:main"}
    assert all(e["publications"] for e in dorsum)
    against = {
        (e["subject"], e["object"])
        for e in edges
        if e["negated"] == "true" and e["knowledge_level"] == "knowledge_assertion"
    }
    said = {(s, o) for s, o in asserted.subject_objects(rdflib.URIRef(BL + "speaksAgainst"))}
    assert against == {(str(s).replace(ID, "backleg:"), str(o).replace(ID, "backleg:")) for s, o in said}
    figures = [e for e in edges if e["knowledge_level"] == "statistical_association"]
    statistics = set(asserted.subjects(rdflib.URIRef(BL + "aboutFinding")))
    assert len(figures) == len(statistics)
    assert all(e["bl_value"] and e["bl_measure"] and e["publications"] for e in figures)


def test_kgx_names_things_as_the_graph_does(asserted: rdflib.Graph) -> None:
    plain = lambda t: " ".join(t.split()).replace("|", "/")  # noqa: E731  (a bar would part a list)
    for node in kgx("nodes.tsv"):
        thing = rdflib.URIRef(node["iri"])
        assert node["name"] in {plain(str(o)) for o in asserted.objects(thing, SKOS.prefLabel)}
        synonyms = {plain(str(o)) for o in asserted.objects(thing, SKOS.altLabel)}
        assert {x for x in node["synonym"].split("|") if x} == synonyms
        assert node["description"] in {plain(str(o)) for o in asserted.objects(thing, SKOS.definition)} | {""}
        assert "|" not in node["name"] + node["description"]


def test_every_property_between_things_has_a_biolink_predicate(asserted: rdflib.Graph) -> None:
    walked = {e["predicate"] for e in csv.DictReader(io.StringIO(text("csv")))}
    names = {BL + w.removeprefix("bl:") if w.startswith("bl:") else str(SKOS.broader) for w in walked}
    assert names <= set(biolink().terms)


# Networks


def test_csv_has_whole_rows(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    assert len(links) == sum(len(data["links"]) for _, _, data in graph.walk.edges(data=True))
    assert all(None not in row and all(row.values()) for row in links)
    assert all(float(row["cost"]) > 0 for row in links)


def attributes(element: ET.Element, names: dict[str, str], value: str) -> dict[str, str]:
    """Data of a node or an edge of GraphML or GEXF, by name."""
    found = [
        (x.get("key") or x.get("for"), x.get(value) if value else x.text) for x in element.iter() if x is not element
    ]
    return {names[k]: v or "" for k, v in found if k in names}


@pytest.mark.parametrize(("form", "value"), [("graphml", ""), ("gexf", "value")])
def test_network_files_hold_all_links_with_strength_and_sources(
    form: str, value: str, links: list[dict[str, str]], graph: kg.KnowledgeGraph
) -> None:
    root = ET.fromstring(text(form))
    space = root.tag.partition("}")[0] + "}"
    names = {
        str(k.get("id")): str(k.get("attr.name") or k.get("title"))
        for k in root.iter()
        if k.tag in (space + "key", space + "attribute")
    }
    label = {
        str(n.get("id")): attributes(n, names, value).get("label") or str(n.get("label"))
        for n in root.iter(space + "node")
    }
    assert set(label) == set(graph.walk)
    edges = [
        (str(e.get("source")), str(e.get("target")), attributes(e, names, value) | {"own": str(e.get("label"))})
        for e in root.iter(space + "edge")
    ]
    said = sorted((label[a], d.get("label") or d["own"], label[b]) for a, b, d in edges)
    assert said == sorted((r["subject_label"], r["predicate_label"], r["object_label"]) for r in links)
    dorsum = [d for a, b, d in edges if (a, b) == (ID + "l5-nerve-root", ID + "dorsum-of-foot")]
    assert any("bl:main" in d["strength"] and "id:web-isncsci-2019" in d["sources"] for d in dorsum)


def test_cytoscape_json_is_read_back_whole(links: list[dict[str, str]], graph: kg.KnowledgeGraph) -> None:
    elements: dict[str, list[dict[str, Any]]] = json.loads(text("json"))["elements"]
    label = {n["data"]["id"]: n["data"]["label"] for n in elements["nodes"]}
    assert set(label) == set(graph.walk)
    found = Counter(
        (label[e["data"]["source"]], e["data"]["label"], label[e["data"]["target"]]) for e in elements["edges"]
    )
    assert found == Counter((r["subject_label"], r["predicate_label"], r["object_label"]) for r in links)


def test_igraph_reads_graphml(links: list[dict[str, str]], graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "links.graphml").write_text(text("graphml"), encoding="utf-8")
    found = igraph.Graph.Read_GraphML(str(tmp_path / "links.graphml"))
    assert found.is_directed()
    assert set(found.vs["id"]) == set(graph.walk)
    labels, kinds = found.vs["label"], dict(zip(found.vs["id"], found.vs["kind"], strict=True))
    said = Counter((labels[e.source], e["label"], labels[e.target]) for e in found.es)
    assert said == Counter((r["subject_label"], r["predicate_label"], r["object_label"]) for r in links)
    assert kinds[ID + "l5-nerve-root"] == graph.walk.nodes[ID + "l5-nerve-root"]["kind"]
    costs = sorted(found.es["cost"])
    assert costs == sorted(float(r["cost"]) for r in links)


def test_networkx_reads_graphml_and_gexf_as_networks(links: list[dict[str, str]]) -> None:
    whole = nx.parse_graphml(text("graphml"), force_multigraph=True)
    assert whole.is_directed()
    assert whole.number_of_edges() == len(links)
    gephi = nx.read_gexf(io.BytesIO(text("gexf").encode()))
    assert gephi.number_of_nodes() == whole.number_of_nodes()
    assert gephi.number_of_edges() == len(links)


# Tables


def test_two_tables_hold_every_triple(asserted: rdflib.Graph) -> None:
    built = rdflib.Graph()
    node = lambda t: rdflib.BNode(t[2:]) if t.startswith("_:") else rdflib.URIRef(t)  # noqa: E731
    for row in table("link"):
        if row["entailed"] == "0":
            built.add((node(row["subject"]), node(row["predicate"]), node(row["object"])))
    for row in table("value"):
        kind = None if row["language"] else rdflib.URIRef(row["datatype"])
        literal = rdflib.Literal(row["value"], lang=row["language"] or None, datatype=kind, normalize=False)
        built.add((node(row["subject"]), node(row["predicate"]), literal))

    def plain(graph: rdflib.Graph) -> Counter[tuple[str, ...]]:  # each reader names blank nodes its own way
        return Counter(tuple("_" if isinstance(x, rdflib.BNode) else str(x) for x in t) for t in graph)

    assert plain(built) == plain(asserted)
    assert len(built) == len(asserted)
    follows = [r for r in table("link") if r["entailed"] == "1"]
    assert len(follows) + len(asserted) == len(lines(entailed=True))


def test_tables_of_figures_and_names_say_what_the_graph_says(asserted: rdflib.Graph) -> None:
    value = rdflib.URIRef(BL + "value")
    said = {str(s): float(o) for s, o in asserted.subject_objects(value)}
    assert {r["id"]: float(r["value"]) for r in table("statistic")} == said
    assert all(r["source"] and r["population"] for r in table("statistic"))
    names = {(str(s), str(o)) for p in (SKOS.prefLabel, SKOS.altLabel) for s, o in asserted.subject_objects(p)}
    assert {(r["id"], r["text"]) for r in table("name")} == names
    shares = {(r["subject"], r["object"]): r["measured_share"] for r in table("link_source") if r["measured_share"]}
    written = list(asserted.subject_objects(rdflib.URIRef(BL + "measuredShare")))
    assert len(shares) == len(written) > 0


def polars_rows(content: bytes) -> list[tuple[Any, ...]]:
    """A Parquet file as polars reads it, with a reader of its own."""
    return pl.read_parquet(io.BytesIO(content), use_pyarrow=False).rows()


def csv_rows(name: str, schema: pa.Schema) -> list[tuple[Any, ...]]:
    """A CSV table as pandas reads it; an empty cell is what has no value."""
    kinds = {pa.string(): "string", pa.int64(): "Int64", pa.float64(): "Float64"}
    types = {n: kinds[t] for n, t in zip(schema.names, schema.types, strict=True)}
    content = exported("tables")[f"{name}.csv"]  # type: ignore[index]
    frame = pd.read_csv(io.StringIO(content), dtype=types, keep_default_na=False, na_values=[""])
    return [tuple(None if v is pd.NA else v for v in row) for row in frame.itertuples(index=False)]


def test_parquet_and_sqlite_hold_the_same_tables() -> None:
    files: dict[str, bytes] = exported("parquet")  # type: ignore[assignment]
    db = sqlite3.connect(":memory:")
    db.deserialize(exported("sqlite"))  # type: ignore[arg-type]
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    about = dict(db.execute("SELECT name, about FROM table_about"))
    assert {f"{n}.parquet" for n in about} == set(files)
    assert {f"{n}.csv" for n in about} == set(exported("tables"))
    for name in about:
        columns = pq.read_table(pa.BufferReader(files[f"{name}.parquet"]))
        rows = list(zip(*(c.to_pylist() for c in columns.columns), strict=True))
        assert rows == db.execute(f'SELECT * FROM "{name}"').fetchall()
        assert len(rows) == len(table(name))
        assert polars_rows(files[f"{name}.parquet"]) == rows
        assert csv_rows(name, columns.schema) == [tuple(None if v == "" else v for v in row) for row in rows]
    muscles = db.execute(
        "SELECT DISTINCT t.label FROM link l JOIN thing t ON t.id = l.object WHERE l.subject = ? AND l.predicate = ?",
        (ID + "l5-nerve-root", BL + "suppliesMuscle"),
    ).fetchall()
    db.close()
    assert ("extensor hallucis longus",) in muscles


# Always the same


@pytest.mark.parametrize(
    "args",
    [
        *(("export", form) for form in FORMATS if form not in (*FOLDERS, "sqlite")),
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


@pytest.mark.parametrize("form", FOLDERS)
def test_several_files_go_to_a_folder(kg_run: KgRun, tmp_path: Path, form: str) -> None:
    done = kg_run("export", form, "-o", str(tmp_path / "out" / "here"))
    assert done.returncode == 0, done.stderr
    files: dict[str, str | bytes] = exported(form)  # type: ignore[assignment]
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        assert (tmp_path / "out" / "here" / name).read_bytes() == data
    refused = kg_run("export", form)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "-o" in refused.stderr


def test_a_folder_is_not_put_where_a_file_lies(kg_run: KgRun, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    done = kg_run("export", "kgx", "-o", str(tmp_path / "file"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_a_case_belongs_to_phenopackets_only(kg_run: KgRun) -> None:
    done = kg_run("export", "turtle", "--case", "case.json")
    assert done.returncode == 2
    assert "phenopacket" in done.stderr
    done = kg_run("export", "phenopacket")
    assert done.returncode == 2
    assert "--case" in done.stderr


@pytest.mark.parametrize("form", ["", "TURTLE", "sandwich", "table"])
def test_an_unknown_format_is_refused(form: str) -> None:
    with pytest.raises(InputError, match="turtle"):
        export(form)


def test_the_help_names_every_format(kg_run: KgRun) -> None:
    said = kg_run("export", "--help").stdout
    assert [f for f in (*FORMATS, "phenopacket") if f not in said] == []
