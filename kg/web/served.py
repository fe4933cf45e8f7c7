"""Routes of the pages, of their JSON twins and of the files they need."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.api import KnowledgeGraph
from kg.read.case import MAX_BYTES, read_case
from kg.read.names import BL, ID
from kg.web import answers, assets, examples, pages
from kg.web.app import as_json, as_page, wants
from kg.web.asked import TOP, Asked, asked
from kg.web.links import Links

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

KEPT = 256  # pages of things kept ready


def routes() -> list[BaseRoute]:
    """All pages."""
    from starlette.routing import Route

    out: list[BaseRoute] = [
        Route("/", _start),
        Route("/index.json", _twin(answers.start)),
        Route("/look-alikes.json", _twin(answers.confused)),
        Route("/explain", _explain),
        Route("/explain.json", _explain_json, methods=["GET", "POST"]),
        Route("/static/{name:path}", _asset),
        Route("/id/{name}", _thing(ID, "id")),
        Route("/ontology/{name}", _thing(BL, "ontology")),
        Route("/ontology/class/{name}", _thing(BL, "ontology/class")),
        Route("/compare", _compare),
        Route("/compare.json", _compare),
        Route("/search", _search),
        Route("/search.json", _search),
        Route("/browse/{kind}", _class),
    ]
    for address, page, twin in (
        ("claims", pages.claims, answers.claims),
        ("browse", pages.browse, answers.browse),
        ("about", pages.about, answers.about),
        ("graph", _whole, _whole_json),
    ):
        out += [Route(f"/{address}", _plain(address, page, twin)), Route(f"/{address}.json", _twin(twin))]
    return out


def _graph(request: Request) -> KnowledgeGraph:
    found: KnowledgeGraph = request.app.state.graph
    return found


def links_of(request: Request, address: str) -> Links:
    """How the page at an address points to others."""
    return Links(address, version=assets.version(_graph(request)))


def _start(request: Request) -> Response:
    if wants(request) == "json":
        return _varying(as_json(answers.start(_graph(request))))
    return _varying(as_page(pages.start(_graph(request), links_of(request, ""), examples.all_examples())))


def _explain(request: Request) -> Response:
    question = asked(request.query_params.multi_items())
    links = links_of(request, "explain")
    if question is None:
        return as_page(pages.start(_graph(request), links, examples.all_examples()))
    if wants(request) == "json":
        return _varying(as_json(answers.explained(_graph(request), question)))
    query = request.url.query
    return _varying(as_page(pages.answer(_graph(request), question, links, f"explain.json?{query}")))


async def _explain_json(request: Request) -> Response:
    """The answer for a case in the address, or for a case posted as JSON."""
    from starlette.concurrency import run_in_threadpool

    from kg.errors import BadCase

    if request.method == "POST":
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BYTES:
                raise BadCase(f"The case is larger than {MAX_BYTES // 1_000_000} MB; a case is a few lines of JSON.")
        text = body.decode("utf-8-sig", "replace")
        question: Asked | None = Asked(read_case(text, "body"), TOP)
    else:
        question = asked(request.query_params.multi_items())
    if question is None:
        raise BadCase("No finding in the address. Give at least one, such as ?present=numb+top+of+the+foot.")
    return as_json(await run_in_threadpool(answers.explained, _graph(request), question))


def _thing(start: str, folder: str) -> Callable[[Request], Response]:
    def answered(request: Request) -> Response:
        name: str = request.path_params["name"]
        graph, form = _graph(request), wants(request)
        for ending, told in ((".json", "json"), (".ttl", "turtle"), (".html", "html")):
            if name.endswith(ending):
                name, form = name.removesuffix(ending), told
        iri = start + name
        if form == "json":
            return _varying(as_json(answers.thing(graph, iri)))
        if form == "turtle":
            return _varying(_turtle(graph, iri))
        return _varying(as_page(_thing_page(graph, iri, links_of(request, f"{folder}/{name}"))))

    return answered


@lru_cache(maxsize=KEPT)
def _thing_page(graph: KnowledgeGraph, iri: str, links: Links) -> str:
    from kg.read.mappings import mappings

    return pages.thing(graph, iri, links, mappings().get(iri, ()))


def _turtle(graph: KnowledgeGraph, iri: str) -> Response:
    from starlette.responses import Response

    from kg.read.describe import turtle

    answers.thing(graph, iri)  # says what looks alike where there is no such thing
    return Response(turtle(iri), media_type="text/turtle; charset=utf-8")


def _varying(response: Response) -> Response:
    response.headers["Vary"] = "Accept"
    return response


def _compare(request: Request) -> Response:
    names = tuple(c for c in request.query_params.getlist("c") if c.strip())
    if not names and not request.url.path.endswith(".json") and wants(request) == "json":
        return _varying(as_json(answers.confused(_graph(request))))
    if request.url.path.endswith(".json") or wants(request) == "json":
        return _varying(as_json(answers.compared(_graph(request), names)))
    address = f"compare.json?{request.url.query}"
    return _varying(as_page(pages.compare(_graph(request), names, links_of(request, "compare"), address)))


def _search(request: Request) -> Response:
    text = request.query_params.get("q", "").strip()
    if request.url.path.endswith(".json") or wants(request) == "json":
        return _varying(as_json(answers.found(_graph(request), text)))
    return _varying(as_page(pages.search(_graph(request), text, links_of(request, "search"))))


def _class(request: Request) -> Response:
    kind: str = request.path_params["kind"]
    if kind.endswith(".json") or wants(request) == "json":
        return _varying(as_json(answers.of_class(_graph(request), kind.removesuffix(".json"))))
    return _varying(as_page(pages.of_class(_graph(request), kind, links_of(request, f"browse/{kind}"))))


def _plain(
    address: str, page: Callable[[KnowledgeGraph, Links], str], twin: Callable[[KnowledgeGraph], Any]
) -> Callable[[Request], Response]:
    def answered(request: Request) -> Response:
        if wants(request) == "json":
            return _varying(as_json(twin(_graph(request))))
        return _varying(as_page(page(_graph(request), links_of(request, address))))

    return answered


def _twin(twin: Callable[[KnowledgeGraph], Any]) -> Callable[[Request], Response]:
    def answered(request: Request) -> Response:
        return as_json(twin(_graph(request)))

    return answered


@lru_cache(maxsize=2)
def _whole(graph: KnowledgeGraph, links: Links) -> str:
    return pages.whole(graph, links)


def _whole_json(graph: KnowledgeGraph) -> Any:
    import json

    return json.loads(answers.whole(graph))


def _asset(request: Request) -> Response:
    from starlette.exceptions import HTTPException
    from starlette.responses import Response

    try:
        text, media = assets.asset(_graph(request), request.path_params["name"])
    except KeyError:
        raise HTTPException(404) from None
    # The address of an asset carries the version of program and data, so it may be kept.
    kept = "public, max-age=31536000, immutable" if request.query_params.get("v") else "no-cache"
    return Response(text, media_type=media, headers={"Cache-Control": kept})
