"""The SPARQL endpoint over real HTTP: protocol, formats, limits, and clients that others wrote."""

from __future__ import annotations

import csv
import http.client
import io
import json
import shutil
import socket
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
import rdflib
import uvicorn
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from starlette.applications import Starlette

import kg
from kg.errors import BadQuery, Failure, QueryBusy, QueryTimeout, QueryTooLarge
from kg.read import sparql
from kg.read.questions import all_questions
from kg.read.sparql import FORMATS, refused, run_query
from kg.read.sparql_pool import Job, Pool, Ticket
from kg.read.void import DATASET, VOID_GRAPH
from kg.web import sparql_door
from kg.web.negotiate import ROWS, TRIPLES, best, wants_page
from kg.web.protocol import DIRECT, FORM, MAX_BODY, UPDATE, Fault, asked
from kg.web.sparql_door import routes

SELECT = "SELECT ?root ?label { ?root a bl:NerveRoot ; skos:prefLabel ?label } ORDER BY ?label"
CONSTRUCT = "CONSTRUCT { ?root skos:prefLabel ?label } WHERE { ?root a bl:NerveRoot ; skos:prefLabel ?label }"
# Walks of nine steps in a dense network: there are too many to count, and counting them takes no memory.
NEVER = f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(f'?x{i} bl:confusedWith ?x{i + 1}' for i in range(9))} }}"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c"
SECONDS = 2.0
RESULTS = "{http://www.w3.org/2005/sparql-results#}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
rdflib_warns = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def media(self) -> str:
        return (self.headers["Content-Type"] or "").partition(";")[0]

    @property
    def fault(self) -> dict[str, object]:
        """The one shape that all errors have."""
        found: dict[str, object] = json.loads(self.body)
        assert self.media == "application/problem+json"
        assert set(found) == {"type", "title", "status", "detail"}
        assert found["status"] == self.status
        assert self.headers["Access-Control-Allow-Origin"] == "*"
        return found


class Endpoint(NamedTuple):
    """A running server."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def ask(self, method: str = "GET", path: str = "/sparql", body: bytes | str = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = {k.replace("_", "-"): v for k, v in headers.items()}
            connection.request(method, path, body or None, given)
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read())
        finally:
            connection.close()

    def get(self, query: str, accept: str = "*/*", **more: str) -> Answer:
        return self.ask(path="/sparql?" + urlencode({"query": query, **more}), Accept=accept)


@pytest.fixture(scope="module")
def pool(graph: kg.KnowledgeGraph) -> Iterator[Pool]:
    found = Pool(workers=3)
    yield found
    found.close()


@pytest.fixture(scope="module")
def endpoint(pool: Pool) -> Iterator[Endpoint]:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(pool, SECONDS)), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield Endpoint(place.getsockname()[1])
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def labels(graph: kg.KnowledgeGraph) -> list[str]:
    rows = graph.sparql(SELECT)
    assert isinstance(rows, list)
    return [r["label"] for r in rows]


# Ways to ask


def test_three_ways_to_ask_give_the_same(endpoint: Endpoint) -> None:
    form = endpoint.ask("POST", body=urlencode({"query": SELECT}), Content_Type=FORM)
    direct = endpoint.ask("POST", body=SELECT, Content_Type=DIRECT + "; charset=UTF-8")
    got = endpoint.get(SELECT)
    assert (got.status, form.status, direct.status) == (200, 200, 200)
    assert got.body == form.body == direct.body


def test_page_command_and_api_give_the_same_rows(endpoint: Endpoint, graph: kg.KnowledgeGraph) -> None:
    for question in [q for q in all_questions() if q.kind == "select" and "GROUP_CONCAT" not in q.text][:8]:
        over_http = endpoint.get(question.text, "application/sparql-results+json")
        api = graph.sparql(question.text)
        assert over_http.body.decode() == run_query(question.text, "json"), question.name
        rows = json.loads(over_http.body)["results"]["bindings"]
        assert [{k: v["value"] for k, v in r.items()} for r in rows] == api


def test_head_tells_without_the_body(endpoint: Endpoint) -> None:
    found = endpoint.ask("HEAD", "/sparql?query=ASK%7B%7D")
    assert (found.status, found.media, found.body) == (200, "application/sparql-results+json", b"")


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "", "", 400),
        ("GET", "/sparql?qery=ASK%7B%7D", "", "", 400),
        ("GET", "/sparql?query=%FF", "", "", 400),
        ("GET", "/sparql?query=SELEC", "", "", 400),
        ("GET", "/sparql?update=DROP+ALL", "", "", 403),
        ("POST", "/sparql", "query=ASK%7B%7D", "", 415),
        ("POST", "/sparql", "ASK {}", "text/plain", 415),
        ("POST", "/sparql", "ASK {}".encode("utf-16"), DIRECT + "; charset=UTF-16", 415),
        ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", DIRECT, 400),
        ("POST", "/sparql", "DROP ALL", UPDATE, 403),
        ("POST", "/sparql", "update=DROP+ALL", FORM, 403),
        ("POST", "/sparql", "DROP ALL", DIRECT, 400),
        ("POST", "/sparql", "", FORM, 400),
        ("POST", "/sparql", "x" * (MAX_BODY + 1), DIRECT, 413),
        ("PUT", "/sparql", "", "", 405),
        ("DELETE", "/sparql", "", "", 405),
    ],
)
def test_what_breaks_the_rules_is_told_so(
    endpoint: Endpoint, method: str, path: str, body: str | bytes, kind: str, status: int
) -> None:
    found = endpoint.ask(method, path, body, **({"Content_Type": kind} if kind else {}))
    assert found.status == status
    assert str(found.fault["detail"]).endswith(".")


def test_an_error_is_plain_text_for_who_wants_text(endpoint: Endpoint) -> None:
    found = endpoint.get("SELEC", "text/plain")
    assert (found.status, found.media) == (400, "text/plain")
    assert found.body.decode() == "Bad query: The query is not valid SPARQL: line 1, column 6, at “SELEC”.\n"


def test_graphs_that_the_request_names_are_the_dataset(endpoint: Endpoint) -> None:
    query = "ASK { id:l5-nerve-root a bl:NerveRoot }"
    named = f"ASK {{ GRAPH <{VOID_GRAPH}> {{ ?s ?p ?o }} }}"
    truth = {"": True}
    truth["none"] = json.loads(endpoint.get(query, **{"default-graph-uri": "urn:x-none"}).body)["boolean"]
    truth["void"] = json.loads(endpoint.get(f"ASK {{ <{DATASET}> ?p ?o }}", **{"default-graph-uri": VOID_GRAPH}).body)[
        "boolean"
    ]
    truth["hidden"] = json.loads(endpoint.get(named, **{"named-graph-uri": "urn:x-none"}).body)["boolean"]
    truth["shown"] = json.loads(endpoint.get(named, **{"named-graph-uri": VOID_GRAPH}).body)["boolean"]
    assert truth == {"": True, "none": False, "void": True, "hidden": False, "shown": True}


def test_the_protocol_goes_before_from(endpoint: Endpoint) -> None:
    query = f"ASK FROM <urn:x-none> {{ <{DATASET}> ?p ?o }}"
    assert not json.loads(endpoint.get(query).body)["boolean"]
    assert json.loads(endpoint.get(query, **{"default-graph-uri": VOID_GRAPH}).body)["boolean"]


def test_relative_addresses_are_things_of_the_graph(endpoint: Endpoint) -> None:
    assert json.loads(endpoint.get("ASK { <l5-nerve-root> a bl:NerveRoot }").body)["boolean"]


# Formats


def test_rows_in_each_format(endpoint: Endpoint, labels: list[str]) -> None:
    found = {form: endpoint.get(SELECT, media) for form, (media, *_) in ROWS.items()}
    assert {form: a.media for form, a in found.items()} == {form: m[0] for form, m in ROWS.items()}
    assert [r["label"]["value"] for r in json.loads(found["json"].body)["results"]["bindings"]] == labels
    tree = ElementTree.fromstring(found["xml"].body)
    assert [e.text for e in tree.iterfind(f".//{RESULTS}binding[@name='label']/{RESULTS}literal")] == labels
    assert [r[1] for r in csv.reader(io.StringIO(found["csv"].body.decode()))][1:] == labels
    assert [line.split("\t")[1] for line in found["tsv"].body.decode().splitlines()[1:]] == [
        f'"{x}"@en' for x in labels
    ]


@pytest.mark.parametrize("truth", [True, False])
def test_a_truth_in_each_format(endpoint: Endpoint, truth: bool) -> None:
    query = "ASK {}" if truth else "ASK { FILTER(false) }"
    assert json.loads(endpoint.get(query, "application/json").body)["boolean"] is truth
    tree = ElementTree.fromstring(endpoint.get(query, "application/sparql-results+xml").body)
    assert tree.findtext(f"{RESULTS}boolean") == str(truth).lower()
    assert endpoint.get(query, "text/csv").body.decode().strip() == str(truth).lower()


@rdflib_warns
@pytest.mark.parametrize(
    ("form", "reader"), [("turtle", "turtle"), ("ntriples", "nt"), ("json-ld", "json-ld"), ("xml", "xml")]
)
def test_triples_in_each_format(endpoint: Endpoint, labels: list[str], form: str, reader: str) -> None:
    found = endpoint.get(CONSTRUCT, TRIPLES[form][0])
    assert found.media == TRIPLES[form][0]
    graph = rdflib.Graph().parse(data=found.body, format=reader)
    assert sorted(map(str, graph.objects())) == sorted(labels)
    assert endpoint.get("DESCRIBE id:l5-nerve-root", TRIPLES[form][0]).media == TRIPLES[form][0]


def test_every_format_of_the_command_has_a_media_type() -> None:
    assert set(ROWS) | set(TRIPLES) == set(FORMATS) - {"table"}
    media = {
        "text/csv",
        "text/tab-separated-values",
        "application/sparql-results+json",
        "application/sparql-results+xml",
    }
    assert media <= {m[0] for m in (*ROWS.values(), *TRIPLES.values())}


@pytest.mark.parametrize(
    ("accept", "query", "media"),
    [
        ("", SELECT, "application/sparql-results+json"),
        ("*/*", SELECT, "application/sparql-results+json"),
        ("application/*", SELECT, "application/sparql-results+json"),
        ("text/*", SELECT, "text/csv"),
        ("application/json", SELECT, "application/json"),
        ("application/xml", SELECT, "application/xml"),
        ("text/csv;q=0.3, text/tab-separated-values;q=0.7", SELECT, "text/tab-separated-values"),
        ("application/sparql-results+json;q=0, */*;q=0.1", SELECT, "application/sparql-results+xml"),
        ("text/turtle, text/csv;q=0.5", SELECT, "text/csv"),
        ("text/csv, text/turtle;q=0.5", CONSTRUCT, "text/turtle"),
        ("application/rdf+xml, text/turtle", CONSTRUCT, "text/turtle"),
        ("application/json", CONSTRUCT, "application/json"),
        ("text/plain", CONSTRUCT, "text/plain"),
        ("TEXT/CSV ; charset=utf-8", SELECT, "text/csv"),
    ],
)
def test_the_format_wanted_most_is_sent(endpoint: Endpoint, accept: str, query: str, media: str) -> None:
    found = endpoint.ask("POST", body=urlencode({"query": query}), Content_Type=FORM, Accept=accept)
    assert (found.status, found.media) == (200, media)
    assert found.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "query"),
    [("image/png", SELECT), ("text/turtle", SELECT), ("text/csv", CONSTRUCT), ("*/*;q=0", "ASK {}")],
)
def test_what_cannot_be_sent_is_not_acceptable(endpoint: Endpoint, accept: str, query: str) -> None:
    found = endpoint.get(query, accept)
    assert found.status == 406
    assert "/" in str(found.fault["detail"]) or "ask for one of" in str(found.fault["detail"])


def test_a_format_may_stand_in_the_address(endpoint: Endpoint, labels: list[str]) -> None:
    found = endpoint.get(SELECT, BROWSER, format="csv")
    assert (found.status, found.media) == (200, "text/csv")
    assert len(found.body.split(b"\r\n")) == len(labels) + 2


def test_a_header_that_makes_no_sense_takes_nothing() -> None:
    assert best("text/csv;q=often", ROWS) is None
    assert best("application/json;q=5, text/csv", ROWS) == ("json", "application/json")


# Descriptions


def test_without_a_query_the_service_describes_itself(endpoint: Endpoint) -> None:
    found = endpoint.ask(Accept="text/turtle")
    graph = rdflib.Graph().parse(data=found.body, format="turtle")
    node = rdflib.URIRef(endpoint.address)
    assert (node, rdflib.RDF.type, SD.Service) in graph
    assert (node, SD.endpoint, node) in graph
    assert (node, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert len(set(graph.objects(node, SD.resultFormat))) == len(ROWS) + len(TRIPLES)
    named = {str(n) for n in graph.objects(None, SD.name)}
    for name in named:
        assert json.loads(endpoint.get(f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} }}").body)["boolean"]
    said = str(graph.value(node, rdflib.RDFS.comment))
    assert "100,000 rows" in said
    assert "2 seconds" in said
    assert (found.headers["X-Row-Limit"], found.headers["X-Time-Limit"]) == ("100000", "2")


@pytest.mark.parametrize(
    ("media", "reader"),
    [("application/rdf+xml", "xml"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld")],
)
@rdflib_warns
def test_descriptions_in_every_format(endpoint: Endpoint, media: str, reader: str) -> None:
    for path in ("/sparql", "/.well-known/void"):
        found = endpoint.ask(path=path, Accept=media)
        assert found.media == media
        assert len(rdflib.Graph().parse(data=found.body, format=reader)) > 10


def test_void_counts_what_is_there(endpoint: Endpoint, graph: kg.KnowledgeGraph) -> None:
    void = rdflib.Graph().parse(data=endpoint.ask(path="/.well-known/void", Accept="text/turtle").body, format="turtle")
    node = rdflib.URIRef(DATASET)

    def count(query: str) -> int:
        rows = graph.sparql(f"SELECT (COUNT({query} AS ?n) {{ ?s ?p ?o }}")
        assert isinstance(rows, list)
        return int(rows[0]["n"])

    assert int(str(void.value(node, VOID.triples))) == count("*)")
    assert int(str(void.value(node, VOID.properties))) == count("DISTINCT ?p)")
    assert int(str(void.value(node, VOID.distinctSubjects))) == count("DISTINCT ?s)")
    assert str(void.value(node, VOID.sparqlEndpoint)) == endpoint.address
    part = {str(void.value(n, VOID["class"])): n for n in void.objects(node, VOID.classPartition)}
    root = part["https://w3id.org/backleg-pain/ontology#NerveRoot"]
    roots = graph.sparql("SELECT ?r ?m { ?r a bl:NerveRoot OPTIONAL { ?r bl:suppliesMuscle ?m } }")
    assert isinstance(roots, list)
    assert int(str(void.value(root, VOID.entities))) == len({r["r"] for r in roots})
    uses = {str(void.value(n, VOID.property)): n for n in void.objects(root, VOID.propertyPartition)}
    supplies = uses["https://w3id.org/backleg-pain/ontology#suppliesMuscle"]
    assert int(str(void.value(supplies, VOID.triples))) == sum("m" in r for r in roots)
    ends = {str(void.value(n, VOID["class"])) for n in void.objects(supplies, VOID.classPartition)}
    assert "https://w3id.org/backleg-pain/ontology#Muscle" in ends


def test_the_example_queries_are_rdf_at_the_known_place(endpoint: Endpoint) -> None:
    found = rdflib.Graph().parse(data=endpoint.ask(path="/.well-known/sparql-examples").body, format="turtle")
    assert len(set(found.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/shacl#SPARQLExecutable")))) >= 50


def test_a_browser_comes_to_the_page(endpoint: Endpoint) -> None:
    assert wants_page(BROWSER)
    plain, asking = endpoint.ask(Accept=BROWSER), endpoint.get(SELECT, BROWSER)
    assert (plain.status, plain.headers["Location"]) == (303, "/query")
    assert asking.headers["Location"] == "/query?" + urlencode({"query": SELECT})
    page = endpoint.ask(path=asking.headers["Location"], Accept=BROWSER)
    assert (page.status, page.media) == (200, "text/html")
    assert "diagnoses nobody" in page.body.decode()


def test_other_sites_may_read(endpoint: Endpoint) -> None:
    preflight = endpoint.ask("OPTIONS", Origin="https://example.org", Access_Control_Request_Method="POST")
    assert preflight.status == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    for path in ("/sparql", "/sparql?query=ASK%7B%7D", "/.well-known/void", "/.well-known/sparql-examples"):
        assert endpoint.ask(path=path, Origin="https://example.org").headers["Access-Control-Allow-Origin"] == "*"


# Limits


def test_a_query_that_never_ends_is_ended_and_told(endpoint: Endpoint, pool: Pool) -> None:
    began = time.monotonic()
    found = endpoint.get(NEVER)
    assert found.status == 503
    assert found.fault["title"] == "Time limit"
    assert "2 s" in str(found.fault["detail"])
    assert found.headers["Retry-After"]
    assert time.monotonic() - began < 30
    assert endpoint.get("ASK {}").status == 200
    assert all(engine.process.poll() is None for engine in pool._idle)


def test_quick_questions_do_not_wait_for_endless_ones(endpoint: Endpoint) -> None:
    with ThreadPoolExecutor(2) as threads:
        endless = [threads.submit(endpoint.get, NEVER) for _ in range(2)]
        time.sleep(0.3)
        assert endpoint.get("ASK {}").status == 200
        assert endpoint.ask(path="/query").status == 200
        assert not any(e.done() for e in endless)
        assert [e.result().status for e in endless] == [503, 503]


def test_memory_is_bounded(endpoint: Endpoint) -> None:
    found = endpoint.get(GREEDY)
    assert found.status in (422, 503)  # a slow machine is out of time first
    assert found.fault["title"] in ("Too large", "Time limit")
    assert endpoint.get("ASK {}").status == 200


def test_memory_of_one_engine_is_bounded(graph: kg.KnowledgeGraph) -> None:
    small = Pool(workers=1, memory=150_000_000)
    try:
        with pytest.raises(QueryTooLarge, match="150 MB"):
            small.ask(Job(GREEDY, "csv", None, 60.0))
        assert small.ask(Job("ASK {}", "csv", None, 10.0)).body.strip() == b"true"
    finally:
        small.close()


@pytest.mark.parametrize("form", ROWS)
def test_rows_are_counted_in_every_format(pool: Pool, labels: list[str], form: str) -> None:
    exact = Job(SELECT, form, None, 20.0, rows=len(labels))
    assert pool.ask(exact).body
    with pytest.raises(QueryTooLarge, match=f"more than {len(labels) - 2} rows"):
        pool.ask(exact._replace(rows=len(labels) - 2))


def test_what_stands_in_a_value_is_no_row(pool: Pool) -> None:
    tricky = r"""SELECT ?x { VALUES ?x { '"}},{"' "<result>" "a\nb\nc" "}},{" } }"""
    for form in ("json", "xml", "tsv"):
        assert pool.ask(Job(tricky, form, None, 20.0, rows=5)).body


def test_triples_and_bytes_are_counted(pool: Pool, labels: list[str]) -> None:
    with pytest.raises(QueryTooLarge, match="5 triples"):
        pool.ask(Job(CONSTRUCT, None, "turtle", 20.0, rows=5))
    with pytest.raises(QueryTooLarge, match="1 MB"):
        pool.ask(Job("SELECT * { ?s ?p ?o }", "json", None, 20.0, size=1_000_000))
    assert len(pool.ask(Job(CONSTRUCT, None, "ntriples", 20.0, rows=len(labels))).body.splitlines()) == len(labels)


def test_an_answer_too_long_is_refused_and_never_cut(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql_door, "MAX_ROWS", 1000)
    found = endpoint.get("SELECT * { ?s ?p ?o }")
    assert found.status == 422
    assert "1,000 rows" in str(found.fault["detail"])
    assert "LIMIT" in str(found.fault["detail"])


def test_an_engine_that_nobody_waits_for_stops(graph: kg.KnowledgeGraph) -> None:
    one = Pool(workers=1)
    try:
        ticket = Ticket()
        with ThreadPoolExecutor(1) as threads:
            going = threads.submit(one.ask, Job(NEVER, "csv", None, 60.0), 5.0, ticket)
            while ticket.engine is None:
                time.sleep(0.01)
            with pytest.raises(QueryBusy):
                one.ask(Job("ASK {}", "csv", None, 5.0), patience=0.1)
            ticket.cancel()
            with pytest.raises(Failure, match="nobody waits"):
                going.result(20)
        assert one.ask(Job("ASK {}", "csv", None, 10.0)).body.strip() == b"true"
        taken_back = Ticket()
        taken_back.cancel()
        with pytest.raises(Failure, match="nobody waits"):
            one.ask(Job("ASK {}", "csv", None, 10.0), ticket=taken_back)
    finally:
        one.close()


def test_a_client_that_goes_away_frees_its_engine(endpoint: Endpoint, pool: Pool) -> None:
    slow = Pool(workers=1)
    app = Starlette(routes=routes(slow, 60.0))
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        with socket.create_connection(place.getsockname()) as client:
            client.sendall(f"GET /sparql?query={quote(NEVER)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.5)
        # With one engine, held for a minute by nobody, this would wait that long.
        began = time.monotonic()
        assert Endpoint(place.getsockname()[1]).get("ASK {}").status == 200
        assert time.monotonic() - began < 50
        server.should_exit = True
        thread.join(10)
    slow.close()


# Nothing outside can be reached


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9999/> { ?s ?p ?o } }",
        "SELECT * { service silent ?where { ?s ?p ?o } }",
        r"SELECT * { S\u0045RVICE <http://127.0.0.1:9999/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1.SERVICE <http://127.0.0.1:9999/> {} }",
        "SELECT * { FILTER(1<2)SERVICE<http://127.0.0.1:9999/>{ } FILTER(2>1) }",
        "SELECT * { BIND('''\n#''' AS ?x) SERVICE <http://127.0.0.1:9999/> {} }",
    ],
)
def test_no_other_server_is_asked(endpoint: Endpoint, query: str) -> None:
    found = endpoint.get(query)
    assert found.status == 403
    assert "SERVICE" in str(found.fault["detail"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service rdfs:label 'service' }",
        "PREFIX service: <urn:x:> ASK { ?s service:p ?o }",
        "ASK { ?s <urn:x:service> ?o } # SERVICE",
        "PREFIX x: <urn:x:> ASK { ?s x:service ?o }",
    ],
)
def test_the_word_alone_is_no_call(query: str) -> None:
    assert refused(query) == ""
    run_query(query, "csv")


def test_an_engine_cannot_open_a_connection(graph: kg.KnowledgeGraph, pool: Pool) -> None:
    # Past the check of the text, the process itself has given up the right.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        port = listening.getsockname()[1]
        query = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        with suppress(BadQuery, Failure):
            pool.ask(Job(query, "csv", None, 20.0))
        with pytest.raises(TimeoutError):
            listening.accept()


def test_from_reads_no_file(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "secret.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    query = f"SELECT * FROM <{(tmp_path / 'secret.ttl').as_uri()}> {{ ?s ?p ?o }}"
    assert json.loads(endpoint.get(query).body)["results"]["bindings"] == []


# Clients that others wrote


def test_curl(endpoint: Endpoint, labels: list[str]) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl here")
    done = subprocess.run(
        [
            curl,
            "--silent",
            "--fail",
            "--noproxy",
            "*",
            endpoint.address,
            "-H",
            "Accept: text/csv",
            "--data-urlencode",
            f"query={SELECT}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [r[1] for r in csv.reader(io.StringIO(done.stdout))][1:] == labels


def test_sparqlwrapper(endpoint: Endpoint, labels: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TURTLE, XML, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

        client = SPARQLWrapper(endpoint.address)
        client.setQuery(SELECT)
        for form in (JSON, XML, CSV):
            client.setReturnFormat(form)
            for method in ("GET", POST):
                client.setMethod(method)
                found = client.queryAndConvert()
                text = found.toxml() if form == XML else found.decode() if form == CSV else json.dumps(found)
                assert all(label in text for label in labels), form
        client.setQuery(CONSTRUCT)
        for form in (TURTLE, RDFXML, JSONLD):
            client.setReturnFormat(form)
            found = client.queryAndConvert()
            graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
            assert len(graph) == len(labels), form
        client.setQuery("SELEC")
        with pytest.raises(QueryBadFormed, match="not valid SPARQL"):
            client.query()


@rdflib_warns
def test_rdflib_sparqlstore(endpoint: Endpoint, labels: list[str]) -> None:
    for method in ("GET", "POST"):
        graph = rdflib.Graph(SPARQLStore(endpoint.address, method=method))
        assert [str(row.label) for row in graph.query(SELECT)] == labels  # type: ignore[union-attr]
        root = rdflib.URIRef("https://w3id.org/backleg-pain/id/l5-nerve-root")
        assert graph.value(root, rdflib.SKOS.prefLabel) == rdflib.Literal("L5 nerve root", lang="en")


def test_our_own_command(endpoint: Endpoint) -> None:
    assert sparql.run_remote(SELECT, "csv", endpoint.address) == run_query(SELECT, "csv")
    with pytest.raises(BadQuery, match="not valid SPARQL"):
        sparql.run_remote("SELEC", "csv", endpoint.address)
    with pytest.raises(Failure, match=r"503\): Time limit: The query took longer"):
        sparql.run_remote(NEVER, "csv", endpoint.address)


def test_the_protocol_knows_nothing_of_sockets() -> None:
    assert asked("GET", b"") is None
    found = asked("POST", b"default-graph-uri=urn:a", FORM, b"query=ASK%7B%7D&named-graph-uri=urn:b")
    assert found is not None
    assert (found.query, found.default_graphs, found.named_graphs) == ("ASK{}", ("urn:a",), ("urn:b",))
    with pytest.raises(Fault, match="parameters"):
        asked("GET", b"&".join(b"a=1" for _ in range(200)))


def test_the_command_line_keeps_its_time_limit(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(QueryTimeout, match="--timeout"):
        run_query(NEVER, "csv", 0.5)
