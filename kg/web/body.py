"""The pages *Body map* and *Localise*: the map painted by root or nerve, and places that explain what was marked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kg.api import KnowledgeGraph
from kg.errors import BadCase
from kg.read.sparql import with_prefixes
from kg.show.body_colours import NOBODY, colours, paint
from kg.show.body_map import Shape, marks, shapes, silhouettes
from kg.show.body_plates import PLATES, SHEET, VIEWS
from kg.web import pages, recipes
from kg.web.asked import Asked, asked, basket
from kg.web.body_facts import LAYERS, QUALITIES, facts
from kg.web.links import Links

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

SIDES = ("left", "right")
SMALLEST_WORDS, LARGEST_WORDS = 4.6, 12.5  # size of the words on the map, in units of the sheet
LETTER = 0.64  # width of a letter, as a share of the size
MOST_LETTERS = 8
FIRST_BAND, BAND = 9.0, 3.6  # widths of the bands where sources differ
KEYS = {"root": "roots", "nerve": "nerves"}


def routes() -> list[BaseRoute]:
    """Both pages and their JSON twins."""
    from starlette.routing import Route

    return [
        Route("/body", _body),
        Route("/body.json", _body_json),
    ]


def _body(request: Request) -> Response:
    from kg.web.app import as_json, as_page, wants
    from kg.web.served import links_of

    graph = request.app.state.graph
    if wants(request) == "json":
        return as_json(facts(graph))
    question = with_added(graph, request.query_params.multi_items())
    layer = request.query_params.get("layer", "root")
    return as_page(page(graph, question, links_of(request, "body"), layer if layer in LAYERS else "root"))


def _body_json(request: Request) -> Response:
    from kg.web.app import as_json

    return as_json(facts(request.app.state.graph))


def with_added(graph: KnowledgeGraph, pairs: list[tuple[str, str]]) -> Asked | None:
    """The basket in an address, and what the form for words adds to it.

    Raises:
        BadCase: the form names an area or a quality that the map does not have.
    """
    last = dict(pairs)
    area, what, side = last.get("area", ""), last.get("what", ""), last.get("side", "")
    if area:
        known = facts(graph)["areas"]
        if area not in known or what not in known[area]["words"] or side not in ("", *SIDES, "both"):
            raise BadCase("Choose an area of the map, pain, numbness, tingling or weakness, and a side.")
        pairs = [*pairs, ("present", spoken_on(known[area]["words"][what], side))]
    return asked(dict.fromkeys(p for p in pairs if p[0] in ("present", "absent", "age", "sex", "top")))


def spoken_on(words: str, side: str) -> str:
    """A finding with its side.

    >>> spoken_on("heel pain", "left"), spoken_on("heel pain", "both"), spoken_on("heel pain", "")
    ('heel pain, left', 'bilateral heel pain', 'heel pain')
    """
    return words if not side else f"bilateral {words}" if side == "both" else f"{words}, {side}"


@lru_cache(maxsize=2)
def drawing(graph: KnowledgeGraph) -> dict[str, Any]:
    """The sheet: shapes with their words, patterns, and how each layer and source paints each area."""
    known = facts(graph)
    tints = {layer: colours(list(known[KEYS[layer]])) for layer in LAYERS}
    paints, patterns = {}, {}
    for layer in LAYERS:
        cited = sorted({r["source"] for a in known["areas"].values() for r in a["says"][layer]})
        for source in (None, *cited):
            painted = {}
            for slug, area in known["areas"].items():
                found = paint(area["says"][layer], source, rivals=layer == "root")
                if found.pattern:
                    patterns[f"{layer}-{found.pattern}"] = (found.how, tuple(tints[layer][i] for i in found.ids))
                plain = tints[layer][found.ids[0]] if found.ids else NOBODY
                painted[slug] = {
                    "fill": f"url(#{layer}-{found.pattern})" if found.pattern else plain,
                    "how": found.how,
                    "ids": list(found.ids),
                    "words": _words([known[KEYS[layer]][i]["short"] for i in known[KEYS[layer]] if i in found.ids]),
                }
            paints[f"{layer}:{'' if source is None else source}"] = painted
    return {"tints": tints, "paints": paints, "patterns": _patterns(patterns), "shapes": _shapes(known)}


def _words(shorts: list[str]) -> str:
    """What stands on an area.

    >>> _words(["L2", "L3"]), _words(["S3", "S4", "S5"]), _words([])
    ('L2 L3', 'S3–S5', '')
    """
    return " ".join(shorts) if len(shorts) < 3 else f"{shorts[0]}–{shorts[-1]}"


def _patterns(found: Mapping[str, tuple[str, tuple[str, ...]]]) -> list[dict[str, Any]]:
    """Slanting, ruled bands where sources differ, the first the widest; a soft passage where they name several."""
    out = []
    for name, (how, tints) in found.items():
        widths = [FIRST_BAND, *([BAND] * (len(tints) - 1))]
        bands = [{"x": sum(widths[:i]), "width": w, "colour": tints[i]} for i, w in enumerate(widths)]
        stops = [(round((i + 0.5) / len(tints), 3), c) for i, c in enumerate(tints)]
        out.append({"name": name, "how": how, "size": sum(widths), "bands": bands, "stops": stops})
    return out


def _shapes(known: dict[str, Any]) -> list[dict[str, Any]]:
    out = []
    for n, s in enumerate(shapes()):
        own = any(s.area.startswith(side) for side in SIDES)
        label = known["areas"][s.area]["label"] + (f", {s.side}" if s.side and not own else "")
        out.append({"n": n, "plate": s.plate, "area": s.area, "side": "" if own else s.side, "path": s.path,
                    "label": label, "x": s.middle[0], "y": s.middle[1], "room": _room(s)})  # fmt: skip
    return out


def _room(shape: Shape) -> dict[int, float]:
    """Size of words of a number of letters on an area; 0 where they do not fit."""
    out = {}
    for letters in range(1, MOST_LETTERS + 1):
        size = min(LARGEST_WORDS, 1.7 * shape.depth, 0.94 * shape.width / (LETTER * letters))
        out[letters] = round(size, 1) if size >= SMALLEST_WORDS else 0.0
    return out


def page(graph: KnowledgeGraph, question: Asked | None, links: Links, layer: str = "root") -> str:
    """The body map."""
    known, drawn = facts(graph), drawing(graph)
    pairs = [] if question is None else [*_pairs(question)]
    return pages.render(
        "body.html",
        links,
        known=known,
        drawn=drawn,
        layer=layer,
        layers=LAYERS,
        plates=PLATES,
        sheet=SHEET,
        views=VIEWS,
        qualities=QUALITIES,
        lines=marks(),
        outlines=silhouettes(),
        pairs=pairs,
        basket=basket(question) if question else (),
        data=data(graph),
        recipe=recipe(graph, layer),
        twins=(("body.json", "JSON"),),
    )


def _pairs(question: Asked) -> list[tuple[str, str]]:
    from kg.web.asked import as_query

    return as_query(question)


@lru_cache(maxsize=2)
def data(graph: KnowledgeGraph) -> dict[str, Any]:
    """What the script of the map needs."""
    known, drawn = facts(graph), drawing(graph)
    return {
        "areas": known["areas"],
        "roots": known["roots"],
        "nerves": known["nerves"],
        "sources": [pages.short(s) for s in known["sources"]],
        "paints": drawn["paints"],
        "views": {v.name: v.box for v in VIEWS},
        "qualities": QUALITIES,
    }


def recipe(graph: KnowledgeGraph, layer: str) -> recipes.Recipe:
    """How to get the map's colours again."""
    kind = "NerveRoot" if layer == "root" else "Nerve"
    query = with_prefixes(
        "SELECT ?area ?supplier ?strength ?share ?source WHERE {\n"
        f"  ?link owl:annotatedSource ?s ; owl:annotatedProperty bl:suppliesSkinArea ; owl:annotatedTarget ?a .\n"
        f"  ?s a bl:{kind} ; skos:prefLabel ?supplier . ?a a bl:BodyArea ; skos:prefLabel ?area .\n"
        "  OPTIONAL { ?link bl:strength ?strength } OPTIONAL { ?link bl:measuredShare ?share }\n"
        "  OPTIONAL { ?link dcterms:source ?source }\n} ORDER BY ?area ?supplier"
    )
    known = facts(graph)
    differ = sum(paint(a["says"]["root"]).how == "differ" for a in known["areas"].values())
    said = (
        f"The body map shows {len(known['areas'])} areas of skin by {layer}; "
        f"in {differ} of them published maps name different roots first."
    )
    cited = tuple((s, recipes.address_of_source(s)) for s in known["sources"])
    return recipes.Recipe(said, f"kg sparql {_quoted(query)}", f"import kg; kg.load().sparql({query!r})", query, cited)


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)


def address(question: Asked | None) -> str:
    """The query of the page that holds a basket."""
    return urlencode(_pairs(question)) if question else ""
