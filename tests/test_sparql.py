"""SPARQL: every result format, what is entailed, prefixes, and other endpoints."""

from __future__ import annotations

import csv
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
import rdflib
from conftest import KgRun

import kg
from kg.errors import BadQuery, QueryTimeout
from kg.read.names import PREFIXES
from kg.read.sparql import FORMATS, run_query, with_prefixes

ROWS = "SELECT ?nerve ?label { ?nerve a bl:NerveRoot ; skos:prefLabel ?label } ORDER BY ?label"
YES = "ASK { id:l5-nerve-root a bl:NerveRoot }"
NO = "ASK { id:l5-nerve-root a bl:Muscle }"
TRIPLES = "CONSTRUCT { ?nerve skos:prefLabel ?label } WHERE { ?nerve a bl:NerveRoot ; skos:prefLabel ?label }"
OF_ROWS = ("table", "csv", "tsv", "json", "xml")
OF_TRIPLES = {"turtle": "turtle", "ntriples": "nt", "json-ld": "json-ld", "xml": "xml"}
NAMESPACE = "{http://www.w3.org/2005/sparql-results#}"
rdflib_warns = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def roots(graph: kg.KnowledgeGraph) -> list[tuple[str, str]]:
    """The nerve roots, as Python gives them."""
    rows = graph.sparql(ROWS)
    assert isinstance(rows, list)
    assert len(rows) > 10
    return [(row["nerve"], row["label"]) for row in rows]


Roots = list[tuple[str, str]]


# Formats


def test_every_format_is_tested_here() -> None:
    assert set(FORMATS) == {*OF_ROWS, *OF_TRIPLES}


def test_rows_as_csv(roots: Roots) -> None:
    head, *rows = csv.reader(io.StringIO(run_query(ROWS, "csv")))
    assert head == ["nerve", "label"]
    assert [tuple(row) for row in rows] == roots


def test_rows_as_tsv(roots: Roots) -> None:
    head, *rows = run_query(ROWS, "tsv").splitlines()
    assert head.split("\t") == ["?nerve", "?label"]
    assert [tuple(row.split("\t")) for row in rows] == [(f"<{i}>", f'"{label}"@en') for i, label in roots]


def test_rows_as_json(roots: Roots) -> None:
    found = json.loads(run_query(ROWS, "json"))
    assert found["head"]["vars"] == ["nerve", "label"]
    assert [(b["nerve"]["value"], b["label"]["value"]) for b in found["results"]["bindings"]] == roots


def test_rows_as_xml(roots: Roots) -> None:
    found = ElementTree.fromstring(run_query(ROWS, "xml"))
    rows = found.findall(f".//{NAMESPACE}result")
    assert [tuple("".join(b.itertext()).strip() for b in row) for row in rows] == roots


def test_rows_as_table(roots: Roots) -> None:
    head, line, *rows = run_query(ROWS, "table").splitlines()
    assert head.split() == ["nerve", "label"]
    assert set(line) == {"-", " "}
    assert [tuple(row.split(maxsplit=1)) for row in rows] == [
        (i.replace("https://w3id.org/backleg-pain/id/", "id:"), label) for i, label in roots
    ]


def test_a_table_shows_what_is_unbound_as_blank() -> None:
    assert run_query("SELECT ?a ?b { BIND(1 AS ?a) }", "table").splitlines()[2:] == ["1"]


@pytest.mark.parametrize(("query", "truth"), [(YES, True), (NO, False)], ids=["yes", "no"])
def test_a_truth_in_every_format_of_rows(query: str, truth: bool) -> None:
    assert run_query(query, "table") == ("yes\n" if truth else "no\n")
    assert json.loads(run_query(query, "json"))["boolean"] is truth
    assert ElementTree.fromstring(run_query(query, "xml")).findtext(f"{NAMESPACE}boolean") == str(truth).lower()
    assert run_query(query, "csv").strip() == run_query(query, "tsv").strip() == str(truth).lower()


@rdflib_warns
@pytest.mark.parametrize(("form", "parser"), OF_TRIPLES.items(), ids=list(OF_TRIPLES))
def test_triples_in_every_format_of_triples(roots: Roots, form: str, parser: str) -> None:
    found = rdflib.Graph().parse(data=run_query(TRIPLES, form), format=parser)
    assert {(str(s), str(o)) for s, _, o in found} == set(roots)
    assert set(found.predicates()) == {rdflib.SKOS.prefLabel}


def test_triples_as_table_are_turtle(roots: Roots) -> None:
    assert len(rdflib.Graph().parse(data=run_query(TRIPLES, "table"), format="turtle")) == len(roots)


def test_describe_gives_what_is_said_of_a_thing() -> None:
    found = rdflib.Graph().parse(data=run_query("DESCRIBE id:l5-nerve-root", "ntriples"), format="nt")
    assert rdflib.Literal("L5 nerve root", lang="en") in set(found.objects())


@pytest.mark.parametrize(
    ("query", "form"),
    [
        *((ROWS, form) for form in OF_TRIPLES if form not in OF_ROWS),
        *((YES, form) for form in OF_TRIPLES if form not in OF_ROWS),
        *((TRIPLES, form) for form in ("csv", "tsv", "json")),
        (ROWS, "sandwich"),
    ],
    ids=lambda value: value.split()[0],
)
def test_a_format_that_does_not_suit_is_refused(query: str, form: str) -> None:
    with pytest.raises(BadQuery, match=form):
        run_query(query, form)


@pytest.mark.parametrize("form", OF_ROWS)
def test_the_command_gives_the_same(kg_run: KgRun, form: str) -> None:
    done = kg_run("sparql", ROWS, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == run_query(ROWS, form).replace("\r\n", "\n").strip()


def test_python_gives_rows_and_truths(graph: kg.KnowledgeGraph) -> None:
    assert graph.sparql(YES) is True
    assert graph.sparql(NO) is False
    assert graph.sparql("SELECT ?s { ?s a bl:NoSuchClass }") == []


def test_an_overlong_query_is_refused() -> None:
    with pytest.raises(BadQuery, match="longer"):
        run_query("#" * 1_000_000, "csv")


def test_a_query_that_takes_too_long_is_ended() -> None:
    with pytest.raises(QueryTimeout, match=r"0\.5 s"):
        run_query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "csv", 0.5)


def test_a_shipped_question_is_run_by_its_name(kg_run: KgRun) -> None:
    done = kg_run("sparql", "conditions-numb-dorsum-of-foot")
    assert done.returncode == 0
    assert "L5" in done.stdout


# What is entailed


@pytest.mark.parametrize(
    "pattern",
    [
        "id:lumbar-disc-herniation-l4-5 bl:canDisturbSensationIn id:dorsum-of-foot",
        "id:l5-nerve-root a bl:Structure",
        "id:l5-nerve-root bl:suppliesSkinArea id:dorsum-of-foot",
        "id:meralgia-paraesthetica a bl:Condition",
        "?statistic a bl:Statistic ; skos:prefLabel ?label",
    ],
)
def test_what_follows_is_seen(pattern: str) -> None:
    assert run_query(f"ASK {{ {pattern} }}", "csv").strip() == "true"


def test_what_does_not_follow_is_not_seen() -> None:
    pattern = "id:meralgia-paraesthetica bl:canDisturbSensationIn id:dorsum-of-foot"
    assert run_query(f"ASK {{ {pattern} }}", "csv").strip() == "false"


# Prefixes


def test_a_missing_prefix_is_added() -> None:
    assert with_prefixes("ASK { ?c a bl:Condition }").startswith(f"PREFIX bl: <{PREFIXES['bl']}>")


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p ?o }",
        "PREFIX bl: <urn:x:> ASK { ?c a bl:Condition }",
        "prefix  bl:<urn:x:>\nASK { ?c a bl:Condition }",
        "ASK { ?c a <https://w3id.org/backleg-pain/ontology#Condition> }",
    ],
)
def test_a_query_that_needs_no_prefix_is_left_alone(query: str) -> None:
    assert with_prefixes(query) == query


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_known_prefix_needs_no_declaration(prefix: str) -> None:
    assert with_prefixes(f"ASK {{ ?s {prefix}:x ?o }}").count("PREFIX") == 1


def test_an_own_prefix_of_a_known_name_holds() -> None:
    assert run_query("PREFIX bl: <urn:x:> ASK { ?c a bl:Condition }", "csv").strip() == "false"


def test_a_prefix_in_a_comment_declares_nothing() -> None:
    assert run_query("# prefix bl: is known\nASK { ?c a bl:Condition }", "csv").strip() == "true"


def test_adding_prefixes_twice_changes_nothing() -> None:
    once = with_prefixes(ROWS)
    assert with_prefixes(once) == once


# Other endpoints


ANSWER = """{"head": {"vars": ["label"]}, "results": {"bindings": [
  {"label": {"type": "literal", "value": "L5 nerve root"}}, {"label": {"type": "literal", "value": "Ménière"}}]}}"""


class Endpoint(ThreadingHTTPServer):
    """A SPARQL endpoint of a few lines that remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sparql"


class Handler(BaseHTTPRequestHandler):
    """Answers by the type that is asked for, and wrongly at the addresses that say so."""

    server: Endpoint

    def do_POST(self) -> None:
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0]
        accept = self.headers["Accept"]
        self.server.asked.append((query, accept))
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/refuses":
            self.reply(400, "text/plain", b"\x1b[31mno such prefix\x1b[0m\nmore")
        elif self.path == "/breaks-off":
            self.reply(200, "application/sparql-results+json", b"only this", promised=1000)
        elif self.path == "/not-text":
            self.reply(200, "application/sparql-results+json", b"\xff\xfe\xfd")
        elif self.path == "/silent":
            self.close_connection = True
        else:
            self.reply(200, "application/sparql-results+json", ANSWER.encode())

    def reply(self, code: int, kind: str, body: bytes, promised: int | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(promised or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that answers while the tests of this file run."""
    with Endpoint() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("csv", "label\nL5 nerve root\nMénière\n"),
        ("table", "label\n-------------\nL5 nerve root\nMénière\n"),
        ("tsv", '?label\n"L5 nerve root"\n"Ménière"\n'),
    ],
)
def test_another_endpoint_is_asked(kg_run: KgRun, endpoint: Endpoint, form: str, answer: str) -> None:
    done = kg_run("sparql", YES, "--endpoint", endpoint.address, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.replace("\r", "") == answer
    query, accept = endpoint.asked[-1]
    assert query == with_prefixes(YES)
    assert "application/sparql-results+json" in accept


def test_a_shipped_question_goes_to_another_endpoint(kg_run: KgRun, endpoint: Endpoint) -> None:
    assert kg_run("sparql", "conditions-numb-dorsum-of-foot", "--endpoint", endpoint.address).returncode == 0
    assert "dorsum-of-foot" in endpoint.asked[-1][0]


def told(kg_run: KgRun, address: str, *more: str) -> tuple[int, str]:
    """Exit code and the one line that a failing endpoint brings."""
    done = kg_run("sparql", YES, "--endpoint", address, *more, seconds=30)
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.returncode, done.stderr


def test_an_endpoint_that_refuses_is_quoted(kg_run: KgRun, endpoint: Endpoint) -> None:
    code, line = told(kg_run, endpoint.address.replace("/sparql", "/refuses"))
    assert code == 2
    assert "400" in line
    assert "no such prefix" in line


def test_an_endpoint_that_is_slow_is_left(kg_run: KgRun, endpoint: Endpoint) -> None:
    code, line = told(kg_run, endpoint.address.replace("/sparql", "/slow"), "--timeout", "0.5")
    assert code == 1
    assert "0.5 s" in line


@pytest.mark.parametrize("path", ["/breaks-off", "/not-text", "/silent"])
def test_an_endpoint_that_breaks_is_a_failure(kg_run: KgRun, endpoint: Endpoint, path: str) -> None:
    code, line = told(kg_run, endpoint.address.replace("/sparql", path))
    assert code == 1
    assert path in line


def test_an_endpoint_that_is_not_there_is_a_failure(kg_run: KgRun) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    code, line = told(kg_run, address)
    assert code == 1
    assert address in line


@pytest.mark.parametrize(
    "address", ["ftp://example.org/", "example.org", "file:///etc/passwd", "http://[::1", "http://"]
)
def test_what_is_no_address_is_misuse(kg_run: KgRun, address: str) -> None:
    code, line = told(kg_run, address)
    assert code == 2
    assert address in line


def test_an_unknown_format_is_misuse_there_too(kg_run: KgRun, endpoint: Endpoint) -> None:
    code, line = told(kg_run, endpoint.address, "--format", "sandwich")
    assert code == 2
    assert "csv" in line
