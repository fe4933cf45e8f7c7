"""The W3C's SPARQL 1.1 tests, run against the engine and, over HTTP, against the endpoint."""

from __future__ import annotations

import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from kg.errors import BadQuery, Failure, KgError
from kg.read.sparql_pool import Job, Pool
from kg.read.suite import (
    RESULTS,
    Call,
    Case,
    Suite,
    read_suite,
    result_set,
    rows_of,
    same_graphs,
    same_results,
    write_data,
)
from kg.web.negotiate import ROWS, TRIPLES

NO_GRAPH = "urn:x-empty"  # no graph is called so: naming it makes the default graph empty
FORMATS = {"boolean": ("json", "xml"), "tabular": ("json", "xml", "csv", "tsv"), "RDF": tuple(TRIPLES)}
SECONDS = 10.0
INVALID = "is not valid SPARQL"


class Outcome(NamedTuple):
    """What became of one test.

    Attributes:
        part: `engine` or `endpoint`.
        fault: why it failed; empty where it passed.
    """

    part: str
    case: Case
    fault: str


class Report(NamedTuple):
    """What became of all tests.

    Attributes:
        left_out: tests that ask for something this project does not do, with the reason.
    """

    outcomes: tuple[Outcome, ...]
    left_out: tuple[tuple[Case, str], ...]


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    media: str
    body: bytes


def run_suite(folder: Path) -> Report:
    """Run the tests of a folder against the engine and the endpoint.

    Raises:
        InputError: the folder holds no tests.
    """
    suite = read_suite(folder.resolve())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        data = Path(place) / "store"
        write_data(suite, data)
        pool = Pool(lambda: data, workers=2)
        try:
            with serving(pool) as port:
                return _run(suite, pool, port)
        finally:
            pool.close()


def _run(suite: Suite, pool: Pool, port: int) -> Report:
    outcomes: list[Outcome] = []
    left_out: list[tuple[Case, str]] = []
    for case in suite.cases:
        if why := not_for_us(case):
            left_out.append((case, why))
            continue
        if case.query is not None:
            outcomes.append(Outcome("engine", case, by_engine(case, pool)))
        outcomes.append(Outcome("endpoint", case, by_endpoint(case, port)))
    return Report(tuple(outcomes), tuple(left_out))


def not_for_us(case: Case) -> str:
    """Why a test is not run; empty for one that is."""
    known = ("QueryEvaluationTest", "CSVResultFormatTest", "PositiveSyntaxTest11", "NegativeSyntaxTest11")
    if case.kind not in (*known, "ProtocolTest", "ServiceDescriptionTest"):
        return f"{case.kind} is no test of queries"
    updates = any(
        b"update" in c.body[:7] or ("content-type", "application/sparql-update") in c.headers for c in case.calls
    )
    if updates and not all(c.statuses == ("4",) for c in case.calls):
        return "it updates, and this endpoint is read-only"
    return ""


@contextmanager
def serving(pool: Pool) -> Iterator[int]:
    """The endpoint on a free port of this machine, while the block runs."""
    import uvicorn
    from starlette.applications import Starlette

    from kg.web.sparql_door import routes

    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        config = uvicorn.Config(Starlette(routes=routes(pool, SECONDS)), log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                if not thread.is_alive():
                    raise Failure("The endpoint did not start.")
                time.sleep(0.02)
            yield place.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


# The engine


def by_engine(case: Case, pool: Pool) -> str:
    """Run a test on the engine; the fault, or nothing."""
    try:
        reply = pool.ask(Job(text_of(case), _rows_as(case, "xml"), "ntriples", SECONDS, None, None, *dataset(case)))
    except BadQuery as e:
        invalid = INVALID in str(e)
        return "" if case.kind.startswith("Negative" if invalid else "Positive") else str(e)
    except KgError as e:
        return str(e)
    if case.kind.startswith("Negative"):
        return "accepted, though it is not valid"
    return judge(case, reply.body, reply.form)


def text_of(case: Case) -> str:
    """The query of a test; relative addresses in it are meant from its file."""
    assert case.query is not None
    text = case.query.read_text(encoding="utf-8")
    return f"BASE <{case.query.as_uri()}>\n{text}" if case.kind.endswith("EvaluationTest") else text


def dataset(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Graphs that make up the default graph, and named ones; none where the query names its own."""
    assert case.query is not None
    if not case.default and re.search(r"\bFROM\b", case.query.read_text(encoding="utf-8")):
        return (), ()
    return tuple(p.as_uri() for p in case.default) or (NO_GRAPH,), tuple(p.as_uri() for p in case.named)


def _rows_as(case: Case, otherwise: str) -> str:
    wanted = RESULTS.get(case.result.suffix, otherwise) if case.result else otherwise
    return wanted if case.kind == "CSVResultFormatTest" or wanted == "csv" else otherwise


def judge(case: Case, body: bytes, form: str) -> str:
    """Compare a result with the one expected; the fault, or nothing."""
    if case.result is None:
        return ""
    suffix = case.result.suffix
    wanted = rows_of(case.result.read_bytes(), RESULTS[suffix]) if suffix in RESULTS else result_set(case.result)
    if wanted is None:
        return "" if same_graphs(body, form, case.result) else "the triples are not those expected"
    found = rows_of(body, form)
    if same_results(found, wanted):
        return ""
    return f"expected {_size(wanted)}, found {_size(found)}, or not the same values"


def _size(result: object) -> str:
    return f"{len(result)} rows" if isinstance(result, list) else str(result).lower()


# The endpoint


def by_endpoint(case: Case, port: int) -> str:
    """Run a test over HTTP; the fault, or nothing."""
    try:
        if case.kind == "ProtocolTest":
            return next((f for f in (_call(c, port) for c in case.calls) if f), "")
        if case.kind == "ServiceDescriptionTest":
            return _service(port)
        return _query(case, port)
    except (OSError, HTTPException) as e:
        return f"no answer: {e or type(e).__name__}"


def _query(case: Case, port: int) -> str:
    default, named = dataset(case)
    rows = _rows_as(case, "json")
    pairs = [("query", text_of(case)), *(("default-graph-uri", g) for g in default)]
    pairs += [("named-graph-uri", g) for g in named]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": f"{ROWS[rows][0]}, {TRIPLES['turtle'][0]};q=0.9",
    }
    answer = ask(port, "POST", "/sparql", headers, urlencode(pairs).encode())
    said = answer.body.decode("utf-8", "replace")
    if case.kind.startswith("Negative"):
        return "" if answer.status == 400 and INVALID in said else f"answered {answer.status}, though not valid"
    if case.kind.startswith("Positive") and answer.status == 400 and INVALID not in said:
        return ""  # it parses, and then asks for a function that nobody has
    if answer.status != 200:
        return f"answered {answer.status}: {said[:200]}"
    form = next((f for f, medias in {**TRIPLES, **ROWS}.items() if answer.media in medias), "")
    return judge(case, answer.body, form)


def _call(call: Call, port: int) -> str:
    path = call.path.replace("/sparql/", "/sparql", 1)
    answer = ask(port, call.method, path, dict(call.headers), call.body)
    if str(answer.status)[0] not in call.statuses:
        return f"answered {answer.status}, expected {' or '.join(s + 'xx' for s in call.statuses)}"
    if call.format:
        table = TRIPLES if call.format == "RDF" else ROWS
        if not any(answer.media in table[f] for f in FORMATS[call.format]):
            return f"sent {answer.media}, expected {call.format}"
    if call.truth is not None and rows_of(answer.body, "json") is not call.truth:
        return f"expected {call.truth}"
    return ""


def _service(port: int) -> str:
    answer = ask(port, "GET", "/sparql", {"Accept": "application/n-triples"}, b"")
    said = answer.body.decode("utf-8", "replace")
    if answer.status != 200 or answer.media != "application/n-triples":
        return f"answered {answer.status} {answer.media}"
    sd = "http://www.w3.org/ns/sparql-service-description#"
    address = f"<http://127.0.0.1:{port}/sparql>"
    for triple in (
        f"<{sd}endpoint> {address}",
        f"{address} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{sd}Service>",
    ):
        if triple not in said:
            return f"does not say {triple}"
    return ""


def ask(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    """One request. Raises OSError or HTTPException where no answer comes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        media = (response.getheader("Content-Type") or "").partition(";")[0].strip()
        return Answer(response.status, media, response.read())
    finally:
        connection.close()
