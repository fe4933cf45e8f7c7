"""The graph behind a SPARQL endpoint: the same answers as from files, a change noticed, every fault told in words.

The endpoint is the Oxigraph server, a program of its own; small servers in the test play the ones that fail.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from conftest import KgRun

import kg
from kg.errors import Failure, InputError, QueryTimeout
from kg.read import mirror, origin
from kg.read.canonical import canonical
from kg.read.export import export_text, said_by_shipped
from kg.read.files import files_of
from kg.read.names import BL, ID, OWL, SKOS
from kg.read.terms import Literal
from kg.read.turtle import read_files

SERVER = Path(sysconfig.get_path("scripts")) / "oxigraph"


class Server:
    """An Oxigraph server on a store of its own."""

    def __init__(self, folder: Path, union: bool = True) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        options = ["--union-default-graph"] if union else []
        self.process = subprocess.Popen(
            [SERVER, "serve", "--location", folder, "--bind", f"127.0.0.1:{self.port}", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise AssertionError("the Oxigraph server did not start")

    @property
    def address(self) -> str:
        return f"{self.base}/query"

    def update(self, text: str) -> None:
        """Change what the server holds."""
        head = {"Content-Type": "application/sparql-update"}
        urllib.request.urlopen(urllib.request.Request(f"{self.base}/update", text.encode(), head), timeout=60).close()

    def load(self, text: str, form: str, where: str = "") -> None:
        """Add triples or quads."""
        request = urllib.request.Request(f"{self.base}/store{where}", text.encode(), {"Content-Type": form})
        urllib.request.urlopen(request, timeout=300).close()

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="module")
def remote(graph: kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that holds what `kg export nquads` writes."""
    server = Server(tmp_path_factory.mktemp("store"))
    try:
        server.load(export_text("nquads"), "application/n-quads")
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def far(remote: Server) -> kg.KnowledgeGraph:
    """The graph as that server has it."""
    return kg.load(remote.address)


# The same answers


def test_the_compiled_tables_are_those_of_the_files(graph: kg.KnowledgeGraph, far: kg.KnowledgeGraph) -> None:
    """Every command answers from these."""
    for there, here in ((far.knowledge, graph.knowledge), (far.lexicon, graph.lexicon)):
        for field in fields(here):
            assert getattr(there, field.name) == getattr(here, field.name), field.name
    assert dict(far.walk.nodes) == dict(graph.walk.nodes)
    assert {(*sorted(e[:2]), repr(e[2])) for e in far.walk.edges(data=True)} == {
        (*sorted(e[:2]), repr(e[2])) for e in graph.walk.edges(data=True)
    }
    for table in ("thing", "name"):
        rows = [list(g.names.execute(f"SELECT * FROM {table} ORDER BY 1, 2")) for g in (graph, far)]
        assert rows[0] == rows[1]


def test_every_triple_comes_back_to_the_file_it_is_from(far: kg.KnowledgeGraph) -> None:
    with origin.asking(far._home):
        there = export_text("nquads")
    assert there == export_text("nquads")


WORDS = ["numb top of the foot", "weak big toe"]
ASKED: dict[str, list[str]] = {
    "explain": ["explain", *WORDS, "--age", "45", "--json"],
    "localize": ["localize", *WORDS, "--json"],
    "compare": ["compare", "piriformis syndrome", "hip osteoarthritis", "--json"],
    "show": ["show", "lumbar disc herniation", "--json"],
    "search": ["search", "foot", "drop"],
    "paths": ["paths", "renal colic", "groin pain"],
    "quiz": ["quiz", "--seed", "3", "--count", "3", "--json"],
    "questions": ["questions"],
}


@pytest.mark.parametrize("words", ASKED.values(), ids=ASKED)
def test_a_command_prints_the_same(kg_run: KgRun, far: kg.KnowledgeGraph, words: list[str]) -> None:
    here, there = kg_run(*words), kg_run(*words, "--endpoint", str(far.endpoint))
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    assert here.returncode == 0
    assert here.stdout


def test_the_environment_names_an_endpoint_too(kg_run: KgRun, far: kg.KnowledgeGraph) -> None:
    done = kg_run("show", "id:l5-nerve-root", env={"KG_ENDPOINT": "http://127.0.0.1:9/no-such"})
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr
    done = kg_run("show", "id:l5-nerve-root", env={"KG_ENDPOINT": str(far.endpoint)})
    assert "L5 nerve root" in done.stdout


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_query_goes_to_the_endpoint_itself(kg_run: KgRun, far: kg.KnowledgeGraph, form: str) -> None:
    query = "SELECT ?m { id:l5-nerve-root bl:suppliesMuscle/skos:prefLabel ?m } ORDER BY ?m"
    here, there = (
        kg_run("sparql", query, "--format", form),
        kg_run("sparql", query, "--format", form, "--endpoint", str(far.endpoint)),
    )
    assert there.stdout == here.stdout
    assert "tibialis" in there.stdout


def test_triples_come_from_the_endpoint(graph: kg.KnowledgeGraph, far: kg.KnowledgeGraph) -> None:
    query = "CONSTRUCT WHERE { id:l5-nerve-root skos:prefLabel ?label }"
    assert set(far.construct(query)) == set(graph.construct(query)) != set()
    assert far.sparql("ASK { id:l5-nerve-root a bl:NerveRoot }") is True


# Changes


def test_a_changed_endpoint_is_noticed(remote: Server, far: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter of one label, so that counts stay the same; the graph that was loaded before keeps what it had."""
    monkeypatch.setenv("KG_ENDPOINT_FRESH", "0")
    there = f"GRAPH <{mirror.GRAPHS}data/anatomy/roots>"
    old, new = (f'<{ID}l5-nerve-root> <{SKOS}prefLabel> "{x} nerve root"@en' for x in ("L5", "X5"))
    remote.update(f"DELETE DATA {{ {there} {{ {old} }} }} ; INSERT DATA {{ {there} {{ {new} }} }}")
    try:
        assert kg.load(remote.address).show("id:l5-nerve-root")["label"] == "X5 nerve root"
        assert far.show("id:l5-nerve-root")["label"] == "L5 nerve root"
    finally:
        remote.update(f"DELETE DATA {{ {there} {{ {new} }} }} ; INSERT DATA {{ {there} {{ {old} }} }}")
    assert mirror.mirror(remote.address) == far._home


def test_what_was_read_a_moment_ago_is_not_read_again(
    remote: Server, far: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = mirror.ask

    def ask(address: str, query: str) -> object:
        asked.append(query)
        return plain(address, query)

    monkeypatch.setattr(mirror, "ask", ask)
    monkeypatch.setenv("KG_ENDPOINT_FRESH", "3600")
    mirror.mirror(remote.address)
    asked.clear()
    assert mirror.mirror(remote.address) == far._home
    assert len(asked) == 1
    assert "MD5" not in asked[0]


# Other layouts


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    """A server with nothing in it."""
    server = Server(tmp_path / "store", union=False)
    yield server
    server.stop()


def test_what_is_asserted_may_lie_in_the_default_graph(empty: Server, graph: kg.KnowledgeGraph) -> None:
    empty.load(export_text("turtle", entailed=False), "text/turtle", "?default")
    found = mirror.mirror(empty.address)
    assert {t for file in read_files(files_of(found)) for t in file.triples} == set(said_by_shipped().asserted)
    assert (found / "ontology" / "backleg.ttl").stat().st_size > 10_000


def test_what_follows_mixed_with_what_is_written_is_refused(empty: Server, graph: kg.KnowledgeGraph) -> None:
    empty.load(export_text("ntriples"), "application/n-triples", "?default")
    with pytest.raises(InputError, match="nquads"):
        mirror.mirror(empty.address)


def test_an_endpoint_without_this_graph_says_what_to_load(kg_run: KgRun, empty: Server) -> None:
    done = kg_run("search", "foot", "--endpoint", empty.address)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not hold this graph" in done.stderr
    assert "kg export nquads" in done.stderr


# Faults

Answer = Callable[[BaseHTTPRequestHandler, str], None]


def reply(to: BaseHTTPRequestHandler, code: int, kind: str, body: bytes, **head: str) -> None:
    to.send_response(code)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **head}.items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(body)


def relay(to: BaseHTTPRequestHandler, query: str, address: str, rows: int | None = None) -> None:
    """Pass a query on; with `rows`, cut the answer off as some servers do."""
    from kg.read.endpoint import ask

    answer = json.loads(ask(address, query).body)
    if rows is not None:
        answer["results"]["bindings"] = answer["results"]["bindings"][:rows]
    reply(to, 200, "application/sparql-results+json", json.dumps(answer).encode())


@pytest.fixture
def played() -> Iterator[Callable[[Answer], str]]:
    """Address of a server that answers as a function says."""
    servers = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                answer(self, parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0])

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/sparql"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


FAULTS: dict[str, tuple[Answer, type[Exception], str]] = {
    "page": (lambda to, _: reply(to, 200, "text/html", b"<html>Welcome</html>"), InputError, "no SPARQL endpoint"),
    "none": (lambda to, _: reply(to, 404, "text/plain", b"nothing here"), InputError, "no SPARQL endpoint"),
    "json": (lambda to, _: reply(to, 200, "application/json", b"{}"), Failure, "cannot be read"),
    "half": (lambda to, _: reply(to, 200, "application/sparql-results+json", b'{"head":'), Failure, "cannot be read"),
    "refused": (lambda to, _: reply(to, 401, "text/plain", b"who?"), InputError, "KG_ENDPOINT_USER"),
    "forbidden": (lambda to, _: reply(to, 403, "text/plain", b"no"), InputError, "KG_ENDPOINT_TOKEN"),
    "moved": (lambda to, _: reply(to, 302, "text/plain", b"", Location="http://x.org/"), InputError, "http://x.org/"),
    "broken": (lambda to, _: reply(to, 500, "text/plain", b"out of disk"), Failure, "out of disk"),
    "slow": (lambda to, _: time.sleep(3), QueryTimeout, "0.5 s"),
}


@pytest.mark.parametrize(("answer", "kind", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_never_looks_like_an_empty_answer(
    played: Callable[[Answer], str],
    answer: Answer,
    kind: type[Exception],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KG_ENDPOINT_SECONDS", "0.5")
    address = played(answer)
    with pytest.raises(kind, match=words) as told:
        kg.load(address)
    assert address in str(told.value)
    assert "\n" not in str(told.value)


def test_an_answer_cut_off_is_noticed(
    played: Callable[[Answer], str], remote: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = played(lambda to, query: relay(to, query, remote.address, 5_000))
    with pytest.raises(Failure, match="cuts answers off"):
        kg.load(cut)


def test_a_graph_name_that_leads_out_of_the_folder_is_no_file(
    played: Callable[[Answer], str],
) -> None:
    names = ["ontology/backleg", "data/../../evil", "data/x/../../../evil", "/etc/passwd", "data/good"]
    rows = [{"g": {"type": "uri", "value": mirror.GRAPHS + n}, "n": {"type": "literal", "value": "1"}} for n in names]
    body = json.dumps({"head": {"vars": ["g", "n"]}, "results": {"bindings": rows}}).encode()
    address = played(lambda to, _: reply(to, 200, "application/sparql-results+json", body))
    assert set(mirror.contents(address)) == {"ontology/backleg", "data/good"}


# Credentials


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        (
            {"KG_ENDPOINT_USER": "ann", "KG_ENDPOINT_PASSWORD": "s3: ü"},
            "Basic " + b64encode("ann:s3: ü".encode()).decode(),
        ),
        ({"KG_ENDPOINT_TOKEN": "abc.def"}, "Bearer abc.def"),
        ({}, None),
    ],
    ids=["password", "token", "none"],
)
def test_credentials_come_from_the_environment(
    kg_run: KgRun, played: Callable[[Answer], str], environment: dict[str, str], sent: str | None
) -> None:
    seen: list[str | None] = []

    def answer(to: BaseHTTPRequestHandler, _: str) -> None:
        seen.append(to.headers["Authorization"])
        reply(to, 200, "application/sparql-results+json", b'{"head": {}, "boolean": true}')

    done = kg_run("sparql", "ASK {}", "--endpoint", played(answer), env=environment)
    assert (done.stdout, seen) == ("yes\n", [sent])


def test_a_server_that_wants_digest_gets_digest(
    played: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Virtuoso does at /sparql-auth."""
    monkeypatch.setenv("KG_ENDPOINT_USER", "ann")
    monkeypatch.setenv("KG_ENDPOINT_PASSWORD", "secret")

    def answer(to: BaseHTTPRequestHandler, _: str) -> None:
        if to.headers["Authorization"].startswith("Digest ") and 'username="ann"' in to.headers["Authorization"]:
            reply(to, 200, "application/sparql-results+json", b'{"head": {}, "boolean": true}')
        else:
            reply(to, 401, "text/plain", b"", **{"WWW-Authenticate": 'Digest realm="x", nonce="y", qop="auth"'})

    from kg.read.sparql import run_remote

    assert run_remote("ASK {}", "table", played(answer)) == "yes\n"


def test_credentials_in_an_address_are_misuse(kg_run: KgRun) -> None:
    done = kg_run("show", "L5", "--endpoint", "http://ann:secret@127.0.0.1:9/sparql")
    assert done.returncode == 2
    assert "secret" not in done.stderr
    assert "KG_ENDPOINT_USER" in done.stderr


# One form


def test_names_of_blank_nodes_and_order_mean_nothing() -> None:
    axiom = [
        ("_:a", OWL + "annotatedSource", ID + "x"),
        ("_:a", BL + "requiresOneOf", "_:b"),
        ("_:b", BL + "alternative", ID + "y"),
        ("_:c", OWL + "annotatedSource", ID + "x"),
        (ID + "x", BL + "value", Literal("0.5")),
    ]
    other = {"_:a": "_:c", "_:b": "_:a", "_:c": "_:b"}
    renamed = [tuple(other.get(t, t) if isinstance(t, str) else t for t in triple) for triple in reversed(axiom)]
    assert canonical(axiom) == canonical(renamed)  # type: ignore[arg-type]
    assert len(canonical(axiom)) == 5


def test_blank_nodes_in_a_circle_are_refused() -> None:
    with pytest.raises(InputError, match="circle"):
        canonical([("_:a", "p", "_:b"), ("_:b", "p", "_:a")])


def test_equal_lists_of_two_things_stay_two_lists() -> None:
    """OWL wants lists that nobody shares."""
    made = canonical([("x", "p", "_:a"), ("_:a", "first", "1"), ("y", "p", "_:b"), ("_:b", "first", "1")])
    assert len({o for _, p, o in made if p == "p"}) == 2


def test_the_server_is_there() -> None:
    assert shutil.which(str(SERVER)), f"no Oxigraph server beside {sys.executable}: run make test"
    assert os.access(SERVER, os.X_OK)
