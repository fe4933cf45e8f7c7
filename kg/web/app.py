"""The local web app: routes from each door, headers for all."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.api import KnowledgeGraph

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

# Modules that each offer `routes()`, a list of Starlette's routes; a new part of the web adds its line here.
DOORS = ("kg.web.sparql_door", "kg.web.body", "kg.web.localize", "kg.web.quiz", "kg.web.served")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def make_app(graph: KnowledgeGraph | None = None) -> Starlette:
    """The app over a graph, the shipped one unless another is given; routes find it as `request.app.state.graph`."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    routes = [route for door in DOORS for route in import_module(door).routes()]
    app = Starlette(routes=routes, middleware=[Middleware(_Headers)], exception_handlers=_handlers())
    app.state.graph = graph or KnowledgeGraph()
    return app


def warm(app: Starlette) -> None:
    """Read what the first page would have to wait for."""
    from kg.web import answers, assets, pages
    from kg.web.examples import EXAMPLES
    from kg.web.links import Links

    graph: KnowledgeGraph = app.state.graph
    assets.version(graph)
    answers.shown_chain(graph)
    pages.thing(graph, graph.knowledge.conditions[0].id, Links())
    graph.explain_case(EXAMPLES[0].case)


def wants(request: Request) -> str:
    """What a reader asks for: html, json or turtle, by the ending of the address or by its Accept header.

    The first of the three that the reader names wins; who names none gets a page.
    """
    offered = {
        "text/html": "html",
        "application/xhtml+xml": "html",
        "application/json": "json",
        "application/ld+json": "json",
        "text/turtle": "turtle",
    }
    best, chosen = 0.0, "html"
    for part in request.headers.get("accept", "").split(","):
        media, _, rest = part.strip().partition(";")
        quality = _quality(rest)
        if media.strip().lower() in offered and quality > best:
            best, chosen = quality, offered[media.strip().lower()]
    return chosen


def _quality(parameters: str) -> float:
    for p in parameters.split(";"):
        name, _, value = p.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def as_json(value: Any, status: int = 200) -> Response:
    """One JSON document."""
    from starlette.responses import Response

    text = json.dumps(value, ensure_ascii=False, indent=2)
    # What cannot be encoded came from outside and is shown as a question mark, not as an error.
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json")


def as_page(text: str, status: int = 200) -> Response:
    """One HTML page."""
    from starlette.responses import Response

    return Response(text.encode("utf-8", "replace"), status, media_type="text/html; charset=utf-8")


def _handlers() -> dict[Any, Callable[[Request, Exception], Response]]:
    from starlette.exceptions import HTTPException

    from kg.errors import KgError

    return {KgError: _refused, HTTPException: _refused, Exception: _broken}


def _refused(request: Request, error: Exception) -> Response:
    """What the caller asked cannot be done: says why, and what would be right."""
    from starlette.exceptions import HTTPException

    from kg.errors import InputError, QueryTimeout, UnknownName
    from kg.web.links import address_of
    from kg.web.pages import problem

    if isinstance(error, HTTPException):
        status = error.status_code
        message = "There is no page at this address." if status == 404 else str(error.detail)
    else:
        status = 404 if isinstance(error, UnknownName) else 400 if isinstance(error, InputError) else 503
        status = 504 if isinstance(error, QueryTimeout) else status
        message = str(error)
    if request.url.path.endswith((".json", ".ttl")) or wants(request) != "html":
        return as_json({"error": message}, status)
    graph = request.app.state.graph
    names = error.suggestions if isinstance(error, UnknownName) else ()
    rows = [graph.names.execute("SELECT id FROM thing WHERE label = ? LIMIT 1", (n,)).fetchone() for n in names]
    pairs = [(name, address_of(row[0]) or "") for name, row in zip(names, rows, strict=True) if row]
    title = "Not found" if status == 404 else "That cannot be answered"
    return as_page(problem(_links(request), title, message, pairs), status)


def _links(request: Request) -> Any:
    from kg.web.links import Links

    return Links(request.url.path.strip("/")[:2000])


def _broken(request: Request, _error: Exception) -> Response:
    from kg.web.pages import problem

    message = "The program broke at this page. The terminal where `kg serve` runs says more."
    if request.url.path.endswith(".json"):
        return as_json({"error": message}, 500)
    return as_page(problem(_links(request), "Something broke", message), 500)


class _Headers:
    """Puts the same protective headers on every answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                held = {k.lower() for k, _ in message["headers"]}
                more = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.lower().encode() not in held]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)
