"""The SPARQL door of the web app: endpoint, service description, VoID, example queries and the page to write queries.

Queries run in the engines of a pool, so that none holds up another or a page; see `kg.read.sparql_pool`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kg.errors import BadQuery, KgError, QueryBusy, QueryTimeout, QueryTooLarge, UnsuitableFormat
from kg.read.questions import all_questions
from kg.read.sparql_pool import MEMORY, Job, Pool, Reply, Ticket
from kg.read.turtle import Triple
from kg.read.void import QUESTIONS_GRAPH, VOID_GRAPH, dataset, service, written
from kg.web.negotiate import ROWS, TRIPLES, best, wants_page
from kg.web.protocol import MAX_BODY, READ_ONLY, Asked, Fault, asked
from kg.web.query_page import query_page

if TYPE_CHECKING:
    import anyio
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

SECONDS = 10.0
PATIENCE = 60.0  # seconds that a query waits for a free engine
MAX_ROWS = 100_000
MAX_BYTES = 32_000_000
FILES = Path(__file__).parent / "static" / "sparql"
STATUS = {
    UnsuitableFormat: (406, "Not acceptable"),
    BadQuery: (400, "Bad query"),
    QueryTooLarge: (422, "Too large"),
    QueryTimeout: (503, "Time limit"),
    QueryBusy: (503, "Busy"),
    KgError: (500, "Failure"),
}
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "X-Row-Limit, X-Time-Limit, Retry-After",
}
PREFLIGHT = OPEN | {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
REFUSED = ["PUT", "DELETE", "PATCH"]  # routed too, so that their refusal has the same shape as every other


def limits(seconds: float) -> str:
    """What the endpoint refuses and where it stops, in words."""
    return (
        f"Read-only. A query is ended after {seconds:g} seconds; an answer of more than {MAX_ROWS:,} rows or triples, "
        f"or {MAX_BYTES // 1_000_000} MB, is refused and never cut; a query may use {MEMORY // 1_000_000} MB. "
        "No SERVICE, and FROM fetches nothing: a graph that is not in the store is empty."
    )


class Door:
    """The endpoint over one pool of engines.

    Args:
        seconds: time limit of a query.
    """

    def __init__(self, pool: Pool | None = None, seconds: float = SECONDS) -> None:
        self.pool, self.seconds = pool or Pool(), seconds
        self.counted = ""

    @cached_property
    def places(self) -> anyio.CapacityLimiter:
        """Threads of its own, so that pages keep theirs."""
        from anyio import CapacityLimiter

        return CapacityLimiter(4 * self.pool.workers)

    async def sparql(self, request: Request) -> Response:
        """`/sparql`: a query, or without one the description of the service."""
        if request.method == "OPTIONS":
            return sent(b"", "", 204, PREFLIGHT)
        accept = request.headers.get("accept", "")
        try:
            if request.method not in METHODS:
                raise Fault(405, "Method not allowed", f"Ask by GET or POST, not by {request.method}. {READ_ONLY}")
            body = await _body(request)
            question = asked(
                request.method, request.scope["query_string"], request.headers.get("content-type", ""), body
            )
            if request.method == "GET" and wants_page(accept) and not (question and question.form):
                return _to_the_page(request, question)
            if question is None:
                return self.describe(request)
            return await self.answer(request, question, accept)
        except Fault as e:
            return fault(e, accept)

    async def answer(self, request: Request, question: Asked, accept: str) -> Response:
        """Run a query and send its result."""
        rows, triples = _formats(question.form, accept)
        if rows is None and triples is None:
            raise Fault(406, "Not acceptable", f"Choose one of: {', '.join(_offered())}.")
        job = Job(
            question.query,
            rows and rows[0],
            triples and triples[0],
            self.seconds,
            MAX_ROWS,
            MAX_BYTES,
            question.default_graphs,
            question.named_graphs,
        )
        try:
            reply = await self.run(job, request)
        except KgError as e:
            status, title = next(v for k, v in STATUS.items() if isinstance(e, k))
            raise Fault(status, title, str(e).replace(", or give it longer with --timeout", "")) from e
        chosen = rows if reply.kind == "rows" else triples
        assert chosen is not None
        return sent(reply.body, chosen[1], 200, OPEN | self.stated() | {"Vary": "Accept"})

    async def run(self, job: Job, request: Request) -> Reply:
        """Run a job in a thread; end its engine when whoever asked has gone away."""
        import anyio

        ticket = Ticket()
        found: list[Reply | KgError] = []

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            ticket.cancel()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch)
            try:
                found.append(await anyio.to_thread.run_sync(self.pool.ask, job, PATIENCE, ticket, limiter=self.places))
            except KgError as e:
                found.append(e)
            tasks.cancel_scope.cancel()
        if isinstance(found[0], KgError):
            raise found[0]
        return found[0]

    def stated(self) -> dict[str, str]:
        """Headers that say where answers end."""
        return {"X-Row-Limit": str(MAX_ROWS), "X-Time-Limit": f"{self.seconds:g}"}

    def describe(self, request: Request) -> Response:
        """The service description, in the RDF format asked for."""
        return _rdf(service(str(request.url.replace(query="")), limits(self.seconds)), request, self.stated())

    async def void(self, request: Request) -> Response:
        """`/.well-known/void`: what the graph holds, counted by class and property."""
        if not self.counted:
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{VOID_GRAPH}> {{ ?s ?p ?o }} }}"
            self.counted = (await self.own(Job(query, None, "ntriples", 60.0))).decode()
        endpoint = str(request.url_for("sparql"))
        try:
            return _rdf(dataset(endpoint, self.counted), request, {})
        except Fault as e:
            return fault(e, request.headers.get("accept", ""))

    async def examples(self, request: Request) -> Response:
        """`/.well-known/sparql-examples`: the competency questions as RDF."""
        question = Asked(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{QUESTIONS_GRAPH}> {{ ?s ?p ?o }} }}")
        accept = request.headers.get("accept", "")
        try:
            return await self.answer(request, question, "text/turtle" if wants_page(accept) else accept)
        except Fault as e:
            return fault(e, accept)

    async def page(self, _request: Request) -> Response:
        """`/query`: the page to write queries on."""
        return sent(query_page(all_questions(), limits(self.seconds)).encode(), "text/html")

    async def words(self, _request: Request) -> Response:
        """`/query/words.json`: what the editor completes: classes, properties, things with their labels."""
        query = (
            "SELECT ?iri ?label ?kind { { ?iri a owl:Class ; rdfs:label ?label BIND ('class' AS ?kind) } UNION "
            "{ ?iri a ?type ; rdfs:label ?label BIND ('property' AS ?kind) "
            "FILTER (?type IN (owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty)) } UNION "
            "{ ?iri skos:prefLabel ?label FILTER (STRSTARTS(STR(?iri), STR(id:))) BIND ('thing' AS ?kind) "
            "FILTER NOT EXISTS { ?iri a bl:Statistic } FILTER NOT EXISTS { ?iri a bl:Recommendation } } }"
        )
        rows = json.loads(await self.own(Job(query, "json", None, 60.0)))["results"]["bindings"]
        found = [[r["iri"]["value"], r["label"]["value"], r["kind"]["value"]] for r in rows]
        return sent(json.dumps(found).encode(), "application/json", 200, {"Cache-Control": "max-age=3600"})

    async def own(self, job: Job) -> bytes:
        """Run a query of our own."""
        from anyio import to_thread

        return (await to_thread.run_sync(self.pool.ask, job, limiter=self.places)).body


def routes(pool: Pool | None = None, seconds: float = SECONDS) -> list[BaseRoute]:
    """The routes of the door.

    Args:
        pool: engines to ask; by default a new pool over the shipped graph.
        seconds: time limit of a query.
    """
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    door = Door(pool, seconds)
    return [
        Route("/sparql", door.sparql, methods=METHODS + REFUSED, name="sparql"),
        Route("/sparql/", door.sparql, methods=METHODS + REFUSED),
        Route("/.well-known/void", door.void, methods=["GET"]),
        Route("/.well-known/sparql-examples", door.examples, methods=["GET"]),
        Route("/query", door.page, methods=["GET"], name="query"),
        Route("/query/words.json", door.words, methods=["GET"]),
        Mount("/query/files", StaticFiles(directory=FILES)),
    ]


async def _body(request: Request) -> bytes:
    """The body of a request, and never more of it than allowed."""
    if request.method != "POST":
        return b""
    got = b""
    async for chunk in request.stream():
        got += chunk
        if len(got) > MAX_BODY:
            raise Fault(413, "Too much text", f"The request is longer than {MAX_BODY:,} bytes.")
    return got


def _formats(name: str, accept: str) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Format and media type for rows and for triples: by name, where the address gives a known one, else by header."""
    if name in ROWS or name in TRIPLES:
        rows = (name, ROWS[name][0]) if name in ROWS else None
        return rows, (name, TRIPLES[name][0]) if name in TRIPLES else None
    return best(accept, ROWS), best(accept, TRIPLES)


def _offered() -> list[str]:
    return [medias[0] for group in (ROWS, TRIPLES) for medias in group.values()]


def _rdf(triples: Iterable[Triple], request: Request, headers: dict[str, str]) -> Response:
    accept = request.headers.get("accept", "")
    chosen = best("text/turtle" if wants_page(accept) else accept, TRIPLES)
    if chosen is None:
        raise Fault(406, "Not acceptable", f"Choose one of: {', '.join(m[0] for m in TRIPLES.values())}.")
    return sent(written(triples, chosen[0]).encode(), chosen[1], 200, OPEN | headers | {"Vary": "Accept"})


def _to_the_page(request: Request, question: Asked | None) -> Response:
    query = f"?{urlencode({'query': question.query})}" if question else ""
    return sent(b"", "", 303, {"Location": request.url_for("query").path + query, "Vary": "Accept"})


def fault(e: Fault, accept: str) -> Response:
    """An error in one shape: RFC 9457 JSON, or its sentence as plain text for who asks for text."""
    headers = OPEN | {"Vary": "Accept"} | ({"Retry-After": "5"} if e.status == 503 else {})
    headers |= {"Allow": ", ".join(METHODS)} if e.status == 405 else {}
    if "text/plain" in accept and "json" not in accept:
        return sent(f"{e.title}: {e.detail}\n".encode(), "text/plain", e.status, headers)
    shape = {"type": "about:blank", "title": e.title, "status": e.status, "detail": e.detail}
    return sent(json.dumps(shape, ensure_ascii=False).encode(), "application/problem+json", e.status, headers)


def sent(body: bytes, media: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A response; text says that it is UTF-8, other media types mean it anyway."""
    from starlette.responses import Response

    kind = f"{media}; charset=utf-8" if media.startswith("text/") else media or None
    return Response(body, status, headers, kind)
