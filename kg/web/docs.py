"""The documentation site: pages about the model, made from ontology and data, that open from a folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from kg.api import KnowledgeGraph
from kg.read.dataset import Description, dcat, description, schema_org
from kg.read.describe import turtle
from kg.read.export import FORMATS, said_by_shipped
from kg.read.exports.statements import Statements
from kg.read.fair import ADDRESSES, fair
from kg.read.handbook import constants, ontology_terms, rules
from kg.read.mappings import mappings
from kg.read.names import BL, ID
from kg.read.questions import Question, all_questions
from kg.read.sparql import run_query
from kg.read.void import ONTOLOGY, describe, written
from kg.show.as_changes import headline, shift_words, what_moved
from kg.show.as_diagram import chain, star, tree
from kg.show.as_fair import CAVEAT
from kg.web.assets import STATIC
from kg.web.docs_python import members
from kg.web.links import Links
from kg.web.pages import environment

CHAPTERS = (
    ("", "Start"),
    ("model", "Model"),
    ("terms", "Terms"),
    ("questions", "Questions"),
    ("python", "Python"),
    ("numbers", "Numbers"),
    ("rules", "Rules"),
    ("mappings", "Mappings"),
    ("changes", "Changes"),
    ("fair", "FAIR"),
)
MOST_MEMBERS = 400  # things listed on a class's page
MOST_ROWS = 15  # of an answer
RELATIONS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
STARS = ("Condition", "Finding", "NerveRoot", "RedFlag", "Statistic")
Terms = Mapping[str, dict[str, Any]]


def docs_files(graph: KnowledgeGraph, since: Path | None = None) -> Iterator[tuple[str, str]]:
    """Name and text of each file of the site.

    Args:
        since: folder of an older release to compare with.

    Raises:
        kg.errors.InputError: it holds no release.
    """
    found = None if since is None else graph.changes(since)
    said = said_by_shipped()
    about, terms = description(said.graph), ontology_terms(said)
    known = {t["iri"]: t for t in terms}
    page = partial(_page, about, known)
    yield ".nojekyll", ""
    for name in ("app.css", "docs.css"):
        yield f"static/{name}", (STATIC / name).read_text(encoding="utf-8")
    yield "dataset.ttl", written([*dcat(about), *describe(said.all(entailed=True))], "turtle")
    yield "dataset.jsonld", json.dumps(schema_org(about), ensure_ascii=False, indent=1) + "\n"
    yield page("", "index", "Start", terms=terms, formats=FORMATS.items(), ontology=ONTOLOGY, ids=ID)
    yield page("model", "model", "The model", **_drawings(known))
    yield page("terms", "terms", "Terms", terms=terms)
    for term in terms:
        address = f"ontology/{term['name']}"
        drawings = _of_term(term, known)
        twin = f"{address}.ttl"
        yield page(address, "term", term["label"], term=term, twin=twin, drawings=drawings, most=MOST_MEMBERS)
        yield twin, turtle(term["iri"])
    yield page("questions", "questions", "Questions", questions=[_answered(q) for q in all_questions()], most=MOST_ROWS)
    yield page("python", "python", "From Python", members=members())
    yield page("numbers", "numbers", "Numbers", terms=terms, constants=constants(), measures=_measures(said))
    yield page("rules", "rules", "Rules", rules=rules())
    yield page("mappings", "mappings", "Mappings", **_mapped())
    moved = [] if found is None else [(m, what_moved(m), [shift_words(s) for s in m.shifts]) for m in found.moved]
    said_in_one = "" if found is None else headline(found)
    yield page("changes", "changes", "Changes", found=found, moved=moved, headline=said_in_one)
    yield page("fair", "fair", "Checks", checks=fair(), addresses=ADDRESSES, caveat=CAVEAT)


def _page(about: Description, known: Terms, address: str, template: str, title: str, **more: Any) -> tuple[str, str]:
    said = {"about": about, "known": known, "chapters": CHAPTERS, "twin": None, "title": title, **more}
    text = environment().get_template(f"docs/{template}.html").render(links=Links(address, static=True), **said)
    return f"{address or 'index'}.html", text


def _label(known: Terms, iri: str) -> str:
    return str(known[iri]["label"]) if iri in known else iri.rpartition("#")[2].rpartition("/")[2]


def _chains(term: Mapping[str, Any], known: Terms) -> list[str]:
    """The drawing of each chain that a property follows from."""
    out = []
    for steps in term["chains"]:
        ends = [_end(known[s]["range"], known) if s in known else "thing" for s in steps]
        words = [(_label(known, s), to) for s, to in zip(steps, ends, strict=True)]
        first = _end(known[steps[0]]["domain"], known) if steps[0] in known else "thing"
        out.append(chain(first, words, term["label"]))
    return out


def _end(classes: list[str], known: Terms) -> str:
    """What a property leads from or to: its class, or for a union of neural classes their common word."""
    return (
        _label(known, classes[0]) if len(classes) == 1 else "neural structure" if BL + "Plexus" in classes else "thing"
    )


def _of_term(term: Mapping[str, Any], known: Terms) -> list[str]:
    if term["kind"] == "class" and (term["from"] or term["to"]):
        return [_star(term, known)]
    return _chains(term, known)


def _star(term: Mapping[str, Any], known: Terms) -> str:
    incoming = [(_end(known[p]["domain"], known), _label(known, p)) for p in term["to"] if p in known]
    outgoing = [(_label(known, p), _end(known[p]["range"], known)) for p in term["from"] if p in known]
    return star(term["label"], sorted(incoming), sorted((p, to) for p, to in outgoing))


def _drawings(known: Terms) -> dict[str, Any]:
    following = [t for t in known.values() if t["chains"] and t["name"].startswith("can")]
    children = {iri: [n for n in t["narrower"] if n in known] for iri, t in known.items()}
    labels = {iri: str(t["label"]) for iri, t in known.items()}
    roots = [i for i, t in known.items() if t["kind"] == "class" and t["narrower"]]
    return {
        "chains": [(t, _chains(t, known)) for t in following],
        "stars": [(known[BL + name]["label"], _star(known[BL + name], known)) for name in STARS],
        "trees": [(labels[r], tree(r, children, labels)) for r in roots if not known[r]["wider"]],
    }


def _answered(question: Question) -> dict[str, Any]:
    """A question with the rows of its answer; None for a graph, which is shown as it is."""
    out: dict[str, Any] = {**question._asdict(), "rows": None, "columns": [], "raw": ""}
    if question.kind == "construct":
        return out | {"raw": run_query(question.text, "turtle")}
    answer = json.loads(run_query(question.text, "json"))
    if "boolean" in answer:
        return out | {"raw": "Yes" if answer["boolean"] else "No"}
    columns = answer["head"]["vars"]
    rows = [[_cell(row.get(c)) for c in columns] for row in answer["results"]["bindings"]]
    return out | {"rows": rows, "columns": columns}


def _cell(term: dict[str, str] | None) -> str:
    return "" if term is None else term["value"].replace(ID, "id:").replace(BL, "bl:")


def _measures(said: Statements) -> list[tuple[str, int]]:
    graph = said.graph
    counted = Counter(graph.label(graph.one(s, BL + "measure") or "") for s in graph.members[BL + "Statistic"])
    return sorted(counted.items(), key=lambda c: (-c[1], c[0]))


def _mapped() -> dict[str, Any]:
    found = sorted(mappings().items(), key=lambda m: m[1][0].thing.lower())
    counts: dict[str, Counter[str]] = {}
    versions: dict[str, str] = {}
    for _, mapped in found:
        for m in mapped:
            prefix = m.object.partition(":")[0]
            counts.setdefault(prefix, Counter())[m.relation] += 1
            versions[prefix] = m.version
    return {
        "counted": [(p, c, versions[p]) for p, c in sorted(counts.items())],
        "relations": RELATIONS,
        "mapped": found,
    }
