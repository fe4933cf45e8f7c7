"""Answers → HTML. Everything that comes from data or from an address is escaped by the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kg.api import KnowledgeGraph
from kg.errors import InputError
from kg.notice import DISCLAIMER
from kg.read import catalogue
from kg.web import answers, forest, parts, recipes
from kg.web.asked import Asked, as_query, basket
from kg.web.links import Links, address_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from kg.show.as_network import Drawing

HERE = Path(__file__).parent
# Address and words of each entry of the navigation; a new page adds its line here. Queries need a server.
NAVIGATION = (
    ("", "Start"),
    ("body", "Body map"),
    ("localize", "Localise"),
    ("compare", "Compare"),
    ("claims", "Claims"),
    ("quiz", "Quiz"),
    ("browse", "Browse"),
    ("graph", "Graph"),
    ("query", "Query"),
    ("about", "About"),
)
URGENCY_WORDS = {
    "emergency": "Emergency: now",
    "same_day": "Same day",
    "soon": "Soon: within days",
    "routine": "Routine",
}
BASIS_WORDS = {"published": "published figure", "derived": "follows from anatomy", "estimate": "estimate"}
VERDICTS: tuple[str | None, ...] = ("refuted", "unsupported", "unclear", "partly supported", "supported")
NEAR = 34  # things in the drawing of a thing's neighbourhood
NEAREST = 13  # of them in the small drawing that comes first


@cache
def environment() -> Environment:
    """The templates, with escaping on and unknown names an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["spoken"] = spoken
    made.filters["query"] = urlencode
    made.filters["short"] = short
    made.filters["times"] = times
    # In the order given: the legend of a drawing follows the order of its kinds.
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    made.filters["source_address"] = recipes.address_of_source
    made.globals |= {
        "navigation": NAVIGATION,
        "disclaimer": DISCLAIMER,
        "urgency_words": URGENCY_WORDS,
        "basis_words": BASIS_WORDS,
        "own_address": address_of,
        "pair_link": pair_link,
    }
    return made


def spoken(kind: str) -> str:
    """A class as words.

    >>> spoken("ClinicalTest")
    'clinical test'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()


def short(citation: str) -> str:
    """The head of a citation: who and when.

    >>> short("van der Windt 2010. Physical examination for radiculopathy. PMID 1")
    'van der Windt 2010'
    """
    head = re.match(r".{2,60}?\b(?:1[89]|20)\d\d(?=\. )", citation)
    return head[0] if head else citation if len(citation) <= 60 else citation[:59].rstrip() + "…"


def times(ratio: float) -> str:
    """How many times likelier, in two digits that count and never as a power of ten.

    >>> times(174.2), times(3.14), times(0.052), times(1e-9)
    ('170', '3.1', '0.052', 'under 0.001')
    """
    return "under 0.001" if ratio < 0.001 else f"{float(f'{ratio:.2g}'):,.10g}"


def render(template: str, links: Links, **context: Any) -> str:
    """A page.

    Args:
        links: how this page points to others.
    """
    drawing: Drawing | None = context.pop("drawing", None)
    context.setdefault("recipe", None)
    context.setdefault("twins", ())
    data = None if drawing is None else drawing_data(drawing, links)
    return environment().get_template(template).render(links=links, drawing=data, **context)


def drawing_data(drawing: Drawing, links: Links) -> dict[str, Any]:
    """A drawing for the page's script, with the address of each thing's page."""
    pages = {n["id"]: links.thing(n["id"]) for n in drawing.nodes}
    data = {**drawing.data, "pages": pages}
    return {"nodes": drawing.nodes, "edges": drawing.edges, "options": drawing.options, "data": data}


def start(graph: KnowledgeGraph, links: Links, examples: Iterable[dict[str, Any]]) -> str:
    """The first page, before anything was asked."""
    shown = answers.shown_chain(graph)
    cited = [s for link in shown for s in link["sources"]]
    return render(
        "start.html",
        links,
        examples=tuple(examples),
        question=None,
        answer=None,
        basket=(),
        chain=_steps(graph, shown),
        recipe=recipes.of_chain(shown, answers.SHOWN_CHAIN, cited) if shown else None,
        twins=(("index.json", "JSON"),),
    )


def _steps(graph: KnowledgeGraph, chain: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """A chain as the things it leads through, each with its class, its colour, and the words that lead to it."""
    from kg.show.as_network import LOOK, STRUCTURE

    if not chain or [x["subject"] for x in chain[1:]] != [x["object"] for x in chain[:-1]]:
        return []  # a chain that is walked backwards somewhere would need other words
    verbs, things = graph.walk.graph["labels"], graph.walk.nodes
    steps = [("", chain[0]["subject"]), *((verbs[x["predicate"]], x["object"]) for x in chain)]
    kinds = [things[iri]["kind"] for _, iri in steps]
    return [
        {"words": words, "id": iri, "label": things[iri]["label"], "kind": k, "colour": LOOK.get(k, STRUCTURE)[0]}
        for (words, iri), k in zip(steps, kinds, strict=True)
    ]


def answer(graph: KnowledgeGraph, question: Asked, links: Links, address: str, title: str = "") -> str:
    """The page of an explained case."""
    from kg.show.as_json import answer_json
    from kg.show.as_network import answer_drawing

    found = graph.explain_case(question.case, question.top)
    said = answer_json(found)
    drawing = answer_drawing(graph, found) if found.conditions else None
    return render(
        "start.html",
        links,
        title=title,
        question=question,
        answer=said,
        basket=basket(question),
        examples=(),
        chain=(),
        pairs=as_query(question),
        drawing=drawing if drawing and drawing.nodes else None,
        drawn=_drawn(drawing),
        full=next(x for x in (10, 25, 50, 100) if x >= max([100 * c.probability for c in found.conditions], default=0)),
        recipe=recipes.of_answer(question, said),
        twins=((address, "JSON"),),
    )


def _drawn(drawing: Drawing | None) -> frozenset[tuple[str, str]]:
    """Pairs of things that a drawing links."""
    return frozenset((e["from"], e["to"]) for e in drawing.edges) if drawing else frozenset()


def thing(graph: KnowledgeGraph, iri: str, links: Links, mapped: Iterable[Any] = ()) -> str:
    """The page of a thing.

    Raises:
        kg.errors.UnknownName: there is no such thing.
    """
    record = answers.thing(graph, iri)
    own = address_of(iri) or ""
    return render(
        "thing.html",
        links,
        record=record,
        known=answers.known(graph),
        names=parts.NAMES_AT_ONCE,
        facts=parts.facts(record),
        bands=parts.bands(record),
        groups=parts.grouped(record),
        apart=parts.apart(graph, record),
        plots=forest.plots(record["statistics"], iri),
        mapped=tuple(mapped),
        drawing=neighbourhood(graph, iri),
        recipe=recipes.of_thing(record),
        twins=((f"{own}.json", "JSON"), (f"{own}.ttl", "Turtle")),
    )


def pair_address(a: str, b: str) -> str:
    """Where a static site keeps the comparison of two conditions.

    >>> pair_address("https://w3id.org/backleg-pain/id/b", "https://w3id.org/backleg-pain/id/a")
    'compare/a--b'
    """
    first, second = sorted(x.rpartition("/")[2] for x in (a, b))
    return f"compare/{first}--{second}"


def pair_link(links: Links, a: str, b: str) -> str:
    """Where the comparison of two conditions lies, seen from a page."""
    return links.page(pair_address(a, b)) if links.static else links.page("compare", [("c", a), ("c", b)])


def neighbourhood(graph: KnowledgeGraph, iri: str) -> Drawing | None:
    """The drawing around a thing, or None for what has no links to draw."""
    from kg.show.as_network import view_drawing

    if iri not in graph.walk or not graph.walk.degree[iri]:
        return None

    def record(i: str) -> dict[str, Any]:
        return _bare(catalogue.record(graph.names, i))

    whole = view_drawing(graph.walk, (iri,), record, 2, NEAR)
    first = view_drawing(graph.walk, (iri,), record, 2, NEAREST)
    places = {n["id"]: [n["x"], n["y"]] for n in first.nodes}
    return whole._replace(nodes=[{**n, "first": places.get(n["id"])} for n in whole.nodes])


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what its own page tells."""
    return {**record, "statistics": [], "recommendations": [], "sources": []}


def compare(graph: KnowledgeGraph, names: tuple[str, ...], links: Links, address: str) -> str:
    """The page that sets look-alikes side by side; an invitation where nothing was chosen."""
    known = [] if links.static else sorted(((c.label, c.id) for c in graph.knowledge.conditions), key=_by_label)
    labels = graph.knowledge.labels
    alike = [] if names else answers.look_alikes(graph)
    pairs = _by_condition(alike, labels)
    if not names:
        return render(
            "compare.html",
            links,
            found=None,
            chosen=(),
            known=known,
            pairs=pairs,
            problem=None,
            recipe=recipes.of_look_alikes(len(alike)),
            twins=(("look-alikes.json", "JSON"),),
        )
    try:
        found = answers.compared(graph, names)
    except InputError as e:
        return render("compare.html", links, found=None, chosen=names, known=known, pairs=pairs, problem=str(e))
    return render(
        "compare.html",
        links,
        found=found,
        chosen=tuple(c["id"] for c in found["conditions"]),
        known=known,
        pairs=pairs,
        problem=None,
        recipe=recipes.of_comparison(found),
        twins=((address, "JSON"),),
    )


def _by_condition(pairs: Iterable[tuple[str, str]], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each condition with those it is confused with, by name."""
    heaps: dict[str, set[str]] = {}
    for a, b in pairs:
        heaps.setdefault(a, set()).add(b)
        heaps.setdefault(b, set()).add(a)
    return [
        {"id": one, "label": labels[one], "others": sorted(((labels[o], o) for o in heaps[one]), key=_by_label)}
        for one in sorted(heaps, key=lambda i: labels[i].lower())
    ]


def _by_label(pair: tuple[str, str]) -> str:
    return pair[0].lower()


def claims(graph: KnowledgeGraph, links: Links) -> str:
    """The page of claims."""
    found = answers.claims(graph)
    heaps = {v: [c for c in found["claims"] if c["verdict"] == v] for v in VERDICTS}
    heaps[None] = [c for c in found["claims"] if c["verdict"] not in VERDICTS]
    groups = [(verdict, heap) for verdict, heap in heaps.items() if heap]
    twins = (("claims.json", "JSON"),)
    return render("claims.html", links, groups=groups, recipe=recipes.of_claims(found), twins=twins)


def browse(graph: KnowledgeGraph, links: Links) -> str:
    """The page of classes and of the tree of conditions."""
    found = answers.browse(graph)
    return render("browse.html", links, found=found, recipe=recipes.of_classes(found), twins=(("browse.json", "JSON"),))


def of_class(graph: KnowledgeGraph, kind: str, links: Links) -> str:
    """The list of all things of a class."""
    found = answers.of_class(graph, kind)
    twins = ((f"browse/{kind}.json", "JSON"),)
    return render("class.html", links, found=found, recipe=recipes.of_class(found), twins=twins)


def whole(graph: KnowledgeGraph, links: Links) -> str:
    """The page of the whole graph."""
    from kg.show.as_network import view_drawing

    drawing = view_drawing(graph.walk, (), lambda i: _bare(catalogue.record(graph.names, i)))
    recipe = recipes.of_graph(len(graph.walk))
    return render("graph.html", links, drawing=drawing, recipe=recipe, twins=(("graph.json", "JSON"),))


def about(graph: KnowledgeGraph, links: Links) -> str:
    """What this is and is not."""
    twins = (("about.json", "JSON"),)
    return render("about.html", links, version=answers.version(graph), recipe=recipes.of_about(DISCLAIMER), twins=twins)


def search(graph: KnowledgeGraph, text: str, links: Links) -> str:
    """Results of a search."""
    found = answers.found(graph, text)
    recipe = recipes.of_search(text) if text else None
    twins = () if links.static else ((f"search.json?{urlencode({'q': text})}", "JSON"),)
    return render("search.html", links, found=found, recipe=recipe, twins=twins)


def problem(links: Links, title: str, message: str, suggestions: Iterable[tuple[str, str]] = ()) -> str:
    """A page that says what is wrong and what would be right."""
    return render("problem.html", links, title=title, message=message, suggestions=tuple(suggestions))
