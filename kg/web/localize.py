"""The page *Localise*: a bedside examination sheet and the body map, and the places that explain what was found."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.api import KnowledgeGraph
from kg.model import Case
from kg.read.sparql import with_prefixes
from kg.show.as_json import answer_json, localization_json
from kg.show.body_map import marks, silhouettes
from kg.show.body_plates import PLATES, SHEET, VIEWS
from kg.web import body, pages, recipes
from kg.web.asked import TOP, Asked, as_query, asked, basket
from kg.web.body_facts import QUALITIES, along_the_spine, facts
from kg.web.links import Links

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

TABLE = "localize-table.js"
SIDES = ("both", "left", "right", "")
# Worked patterns of deficits and of what is spared, for the page to begin with.
PATTERNS: tuple[tuple[str, Case], ...] = (
    (
        "Foot drop, inversion kept",
        Case(
            ("weakness of ankle dorsiflexion, left", "weakness of great toe extension, left",
             "weakness of foot eversion, left", "numbness of the dorsum of the foot, left"),
            ("weakness of foot inversion", "weakness of hip abduction"),
        ),
    ),
    (
        "Foot drop, inversion lost",
        Case(
            ("weakness of ankle dorsiflexion, left", "weakness of foot inversion, left",
             "weakness of hip abduction, left", "numbness of the dorsum of the foot, left"),
            ("reduced ankle jerk", "weakness of ankle plantarflexion"),
        ),
    ),
    (
        "Cannot stand on tiptoe",
        Case(
            ("weakness of ankle plantarflexion, right", "reduced ankle jerk, right",
             "numbness of the lateral border of the foot, right", "straight leg raise test positive, right"),
            ("weakness of great toe extension",),
        ),
    ),
    (
        "Knee gives way",
        Case(
            ("weakness of knee extension, right", "reduced knee jerk, right", "numbness of the anterior thigh, right",
             "numbness of the medial lower leg, right"),
            ("weakness of hip adduction",),
        ),
    ),
    (
        "Numb where one sits",
        Case(("bilateral saddle numbness", "weak anal squeeze", "absent anal reflex"), ("reduced knee jerk",)),
    ),
)  # fmt: skip


def routes() -> list[BaseRoute]:
    """The page and its JSON twin, which is the answer of `kg localize --json`."""
    from starlette.routing import Route

    return [Route("/localize", _page), Route("/localize.json", _json)]


def _page(request: Request) -> Response:
    from kg.web.app import as_json, as_page, wants
    from kg.web.served import links_of

    graph = request.app.state.graph
    question = from_sheet(request.query_params.multi_items())
    wanted = as_json(twin(graph, question)) if wants(request) == "json" else None
    response = wanted or as_page(page(graph, question, links_of(request, "localize")))
    response.headers["Vary"] = "Accept"
    return response


def _json(request: Request) -> Response:
    from kg.web.app import as_json

    return as_json(twin(request.app.state.graph, from_sheet(request.query_params.multi_items())))


def from_sheet(pairs: list[tuple[str, str]]) -> Asked | None:
    """The case in an address; the sheet sends each row as `f`, a plus or a minus before the words.

    >>> from_sheet([("f", "+foot drop, left"), ("f", ""), ("f", "-reduced ankle jerk")]).case.absent
    ('reduced ankle jerk',)
    """
    signs = {"+": "present", "-": "absent"}
    turned = [(signs[v[0]], v[1:]) if k == "f" and v[:1] in signs else (k, v) for k, v in pairs]
    return asked(dict.fromkeys(p for p in turned if p[0] in ("present", "absent", "age", "sex", "top")))


def twin(graph: KnowledgeGraph, question: Asked | None) -> dict[str, Any]:
    """The answer of `kg localize --json`; without findings there is nothing to explain."""
    return localization_json(graph.explain_case(question.case if question else Case(), 1))


@lru_cache(maxsize=2)
def sheet(graph: KnowledgeGraph) -> list[dict[str, Any]]:
    """The examination sheet: groups of rows, each with the words of its deficit."""
    known = facts(graph)
    power, reflexes = _rows(known["movements"]), _rows(known["reflexes"])
    felt = [{"label": a["label"], "words": a["words"]["numbness"]} for _, a in sorted(known["areas"].items())]
    return [
        {"name": "Power", "lost": "weak", "kept": "full", "rows": power},
        {"name": "Reflexes", "lost": "reduced", "kept": "normal", "rows": reflexes},
        {"name": "Tension and nerve tests", "lost": "positive", "kept": "negative", "rows": _tests(graph)},
        {"name": "Sensation", "lost": "numb", "kept": "normal", "rows": felt},
    ]


def _rows(tested: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    """Movements or reflexes from the trunk down to the toes and the anus, as their first roots leave the spine."""
    able = [t for t in tested.values() if t["words"]]
    able.sort(key=lambda t: [along_the_spine(r["id"]) for r in t["roots"]])
    return [{"label": t["label"], "words": t["words"]} for t in able]


def _tests(graph: KnowledgeGraph) -> list[dict[str, str]]:
    """Tests that stress a root or nerve."""
    ids = {
        f
        for place in graph.knowledge.places
        if place.kind in ("NerveRoot", "Nerve")
        for f in place.supplies.get("stressedBy", {})
        if graph.knowledge.findings[f].kind == "ClinicalTest"
    }
    labels = sorted(graph.knowledge.findings[f].label for f in ids)
    return [{"label": t.removesuffix(" positive"), "words": t} for t in labels]


def states(graph: KnowledgeGraph, question: Asked | None) -> dict[str, str]:
    """Words of each row that the case speaks of → left, right, both, said (no side) or kept."""
    out: dict[str, str] = {}
    case = question.case if question else Case()
    rows = {r["words"] for group in sheet(graph) for r in group["rows"]}
    for words in rows:
        found = [side for side in SIDES if body.spoken_on(words, side) in case.present]
        if found:
            out[words] = "both" if {"left", "right"} <= set(found) else found[0] or "said"
        if words in case.absent:
            out[words] = "kept"
    return out


def page(graph: KnowledgeGraph, question: Asked | None, links: Links) -> str:
    """The page; without script, the sheet is a form that a server answers."""
    found = None if question is None else answer_json(graph.explain_case(question.case, 1))
    groups = sheet(graph)
    on_sheet = {body.spoken_on(r["words"], side) for g in groups for r in g["rows"] for side in SIDES}
    pairs = as_query(question) if question else []
    return pages.render(
        "localize.html",
        links,
        known=facts(graph),
        drawn=body.drawing(graph),
        layer="root",
        plates=PLATES,
        sheet=SHEET,
        views=VIEWS,
        qualities=QUALITIES,
        lines=marks(),
        outlines=silhouettes(),
        groups=groups,
        spoken_on=body.spoken_on,
        states=states(graph, question),
        elsewhere=[(k, v) for k, v in pairs if k not in ("present", "absent") or v not in on_sheet],
        patterns=[(title, as_query(Asked(case, TOP))) for title, case in PATTERNS],
        answer=found,
        kinds={p.id: p.kind for p in graph.knowledge.places},
        pairs=pairs,
        basket=basket(question) if question else (),
        data=body.data(graph),
        recipe=recipes.of_supply() if question is None else recipe(question, found or {}),
        twins=() if links.static else ((f"localize.json?{body.address(question)}", "JSON"),),
    )


def recipe(question: Asked, found: dict[str, Any]) -> recipes.Recipe:
    """The recipe of a localisation."""
    import shlex

    case = question.case
    places = [s["label"] for s in found["localization"][:3]]
    said = (
        f"For {' and '.join(case.present) or 'nothing present'}"
        + (f", without {' or '.join(case.absent)}" if case.absent else "")
        + f": the places that explain it best are {', '.join(places) or 'none that the graph knows'}."
        + " Scores are for teaching, not a diagnosis."
    )
    words = ["kg", "localize", *(f"--absent={text}" for text in case.absent)]
    words += (["--"] if any(t.startswith("-") for t in case.present) else []) + list(case.present)
    absent = f", absent={list(case.absent)!r}" if case.absent else ""
    python = f"import kg; kg.load().explain({list(case.present)!r}{absent}).localization"
    ids = " ".join(f"<{s['id']}>" for s in found["localization"])
    query = with_prefixes(
        "SELECT ?place ?relation ?what WHERE {\n"
        f"  VALUES ?p {{ {ids} }}\n"
        "  VALUES ?r { bl:suppliesSkinArea bl:suppliesMuscle bl:mediatesReflex bl:stressedBy }\n"
        "  ?p ?r ?o ; skos:prefLabel ?place . ?r rdfs:label ?relation . ?o skos:prefLabel ?what .\n"
        "} ORDER BY ?place ?relation ?what"
    )
    return recipes.Recipe(said, shlex.join(words), python, query, ())


@lru_cache(maxsize=2)
def table_script(graph: KnowledgeGraph) -> str:
    """What the page adds up where there is no server: all phrases of the sheet and of the map, as a script."""
    text = json.dumps(graph.localization_table(phrases(graph)), ensure_ascii=False, separators=(",", ":"))
    return f"window.KG_LOCALIZE = {text.replace('<', chr(92) + 'u003c')};\n"


def phrases(graph: KnowledgeGraph) -> list[str]:
    """Everything that the sheet and the map can say, without side."""
    on_map = [w for a in facts(graph)["areas"].values() for w in a["words"].values()]
    return list(dict.fromkeys([*(r["words"] for g in sheet(graph) for r in g["rows"]), *on_map]))
