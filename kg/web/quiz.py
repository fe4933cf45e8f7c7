"""The quiz: its page, sets of questions as JSON, as script, as GIFT and as a worksheet, served or as files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.api import KnowledgeGraph
from kg.errors import InputError
from kg.model import LEVELS, Exercise
from kg.read.sparql import with_prefixes
from kg.show.as_gift import gift
from kg.show.as_quiz import LEVEL_WORDS, quiz_json
from kg.show.as_worksheet import policy, worksheet
from kg.web.answers import version
from kg.web.links import Links
from kg.web.pages import render
from kg.web.recipes import Recipe

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

SETS = 6  # sets of each level in a folder of files; a server makes any
LARGEST = 9999
COUNT = {"recall": 10, "hop": 10, "weigh": 10, "case": 4}
SAID = {
    "recall": "Which muscle, skin, reflex or movement belongs to which root or nerve?",
    "hop": "From a condition to what it brings about: which link comes next?",
    "weigh": "You think of a condition. Does this finding speak for it, against it, or neither?",
    "case": "Findings come in one by one. Rank the conditions, then see what the graph makes of them.",
}
KEPT = 32


class Set(NamedTuple):
    """Which questions: a level and a seed."""

    level: str
    seed: int

    @property
    def name(self) -> str:
        """Its address below `quiz/`, without ending."""
        return f"{self.level}-{self.seed}"


def named(name: str) -> Set:
    """The set behind an address.

    Raises:
        InputError: there is none.

    >>> named("recall-3")
    Set(level='recall', seed=3)
    """
    found = re.fullmatch(rf"({'|'.join(LEVELS)})-([1-9][0-9]{{0,3}})", name, re.ASCII)
    if not found:
        raise InputError(
            f"There is no set “{name[:40]}”. A set is a level ({', '.join(LEVELS)}) and a number: recall-1."
        )
    return Set(found[1], int(found[2]))


@lru_cache(maxsize=KEPT)
def exercises(graph: KnowledgeGraph, which: Set) -> tuple[Exercise, ...]:
    """The questions of a set."""
    return graph.quiz(which.level, which.seed, COUNT[which.level])


def set_json(graph: KnowledgeGraph, which: Set) -> dict[str, Any]:
    """A set with its answers, as `kg quiz --json` gives it, and pictures of its chains."""
    return {
        "level": which.level,
        **quiz_json(exercises(graph, which), which.seed, version(graph), graph.knowledge.labels),
    }


def set_script(graph: KnowledgeGraph, which: Set) -> str:
    """The same as a script: a page opened from a folder may load a script, but no data file."""
    text = json.dumps(set_json(graph, which), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'(window.KG_QUIZ ??= {{}})["{which.name}"] = {text};\n'


def set_worksheet(graph: KnowledgeGraph, which: Set) -> str:
    """The set to print."""
    return worksheet(
        exercises(graph, which), which.seed, graph.knowledge.data_version, graph.knowledge.labels, which.level
    )


def page(links: Links) -> str:
    """The page of the quiz."""
    sets = SETS if links.static else LARGEST
    levels = [(level, LEVEL_WORDS[level], SAID[level]) for level in LEVELS]
    return render("quiz.html", links, levels=levels, sets=sets, recipe=_recipe(), twins=(("quiz.json", "JSON"),))


def about(graph: KnowledgeGraph) -> dict[str, Any]:
    """What there is to be asked, JSON-ready."""
    levels = [
        {"level": level, "words": LEVEL_WORDS[level], "about": SAID[level], "questions": COUNT[level],
         "first": f"quiz/{level}-1.json"}
        for level in LEVELS
    ]  # fmt: skip
    return {"levels": levels, "version": version(graph)}


def _recipe() -> Recipe:
    query = with_prefixes(
        "SELECT ?root ?relation ?thing WHERE {\n  ?r a bl:NerveRoot ; skos:prefLabel ?root ; ?p ?t .\n"
        "  VALUES ?p { bl:suppliesMuscle bl:suppliesSkinArea bl:mediatesReflex }\n"
        "  ?p rdfs:label ?relation . ?t skos:prefLabel ?thing .\n} ORDER BY ?root ?relation ?thing"
    )
    said = "The same questions on the terminal and from Python; the query lists what the recall of roots asks about."
    shell = f"kg quiz --level recall --seed 1 --count {COUNT['recall']}"
    return Recipe(said, shell, f"import kg; kg.load().quiz('recall', seed=1, count={COUNT['recall']})", query, ())


def site_files(graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    """Name and text of each file of the quiz in a folder of pages."""
    yield "quiz.html", page(Links("quiz", static=True))
    yield "quiz.json", json.dumps(about(graph), ensure_ascii=False, indent=1)
    for which in (Set(level, seed) for level in LEVELS for seed in range(1, SETS + 1)):
        yield f"quiz/{which.name}.js", set_script(graph, which)
        yield f"quiz/{which.name}.json", json.dumps(set_json(graph, which), ensure_ascii=False, indent=1)
        yield f"quiz/{which.name}.html", set_worksheet(graph, which)
        yield f"quiz/{which.name}.gift", gift(exercises(graph, which))


def routes() -> list[BaseRoute]:
    """The page, its twin, and every set in each of its forms."""
    from starlette.routing import Route

    return [Route("/quiz", _page), Route("/quiz.json", _about), Route("/quiz/{name}", _set)]


def _page(request: Request) -> Response:
    from kg.web.app import as_json, as_page, wants
    from kg.web.served import links_of

    graph: KnowledgeGraph = request.app.state.graph
    made = as_json(about(graph)) if wants(request) == "json" else as_page(page(links_of(request, "quiz")))
    made.headers["Vary"] = "Accept"
    return made


def _about(request: Request) -> Response:
    from kg.web.app import as_json

    return as_json(about(request.app.state.graph))


def _set(request: Request) -> Response:
    from starlette.exceptions import HTTPException
    from starlette.responses import Response

    from kg.web.app import as_json, as_page

    graph: KnowledgeGraph = request.app.state.graph
    name, _, form = request.path_params["name"].rpartition(".")
    if form not in ("json", "js", "html", "gift"):
        raise HTTPException(404)
    which = named(name)
    if form == "json":
        return as_json(set_json(graph, which))
    if form == "js":
        return Response(set_script(graph, which), media_type="text/javascript; charset=utf-8")
    if form == "gift":
        kept = {"Content-Disposition": f'attachment; filename="{which.name}.gift"'}
        return Response(gift(exercises(graph, which)), media_type="text/plain; charset=utf-8", headers=kept)
    sheet = as_page(set_worksheet(graph, which))
    sheet.headers["Content-Security-Policy"] = policy()
    return sheet
