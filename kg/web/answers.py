"""The answers behind the pages, JSON-ready: what a page shows and what its JSON twin says come from here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from kg.api import KnowledgeGraph
from kg.errors import UnknownName
from kg.model import BL
from kg.notice import DISCLAIMER
from kg.read import catalogue
from kg.read.names import ID, SKOS
from kg.show.as_json import answer_json, comparison_json
from kg.web.asked import Asked
from kg.web.examples import EXAMPLES

QUIET_KINDS = ("Thing", "Statistic", "Recommendation", "Source")
URGENCY = BL + "hasUrgency"
MECHANISM = BL + "hasMechanism"
SHOWN_CHAIN = ("L4-L5 disc herniation", "dorsum of the foot")  # why a herniated disc numbs the top of the foot
VERDICT = BL + "hasVerdict"
ABOUT = BL + "aboutCondition"


def explained(graph: KnowledgeGraph, question: Asked) -> dict[str, Any]:
    """The answer of `kg explain --json` for the same case."""
    return answer_json(graph.explain_case(question.case, question.top))


def compared(graph: KnowledgeGraph, names: Sequence[str]) -> dict[str, Any]:
    """The answer of `kg compare --json`.

    Raises:
        kg.errors.InputError: too few, too many, or one of them is no condition.
    """
    return comparison_json(graph.compare(*names))


def thing(graph: KnowledgeGraph, iri: str) -> dict[str, Any]:
    """The record of a thing, as `kg show --json` gives it.

    Raises:
        UnknownName: there is no such thing; carries names that look alike.
    """
    found = graph.names.execute("SELECT 1 FROM thing WHERE id = ?", (iri,)).fetchone()
    if not found:
        name = iri.rpartition("/")[2].replace("-", " ")[: catalogue.MAX_NAME]
        raise UnknownName(name, catalogue.suggest(graph.names, name))
    return catalogue.record(graph.names, iri)


def claims(graph: KnowledgeGraph) -> dict[str, Any]:
    """All claims with their verdicts and the evidence for and against."""
    out = []
    for record in _records(graph, "Claim"):
        facts = record["facts"]
        out.append(
            {
                "id": record["id"],
                "label": record["label"],
                "synonyms": record["synonyms"],
                "definition": record["definition"],
                "verdict": next((x["label"] for x in record["links"] if x["predicate"] == VERDICT), None),
                "about": [
                    {"id": x["id"], "label": x["label"]} for x in record["links"] if x["predicate"].startswith(ABOUT)
                ],
                "for": _several(facts.get("evidence for")),
                "against": _several(facts.get("evidence against")),
                "notes": _several(facts.get("note")),
                "sources": record["sources"],
            }
        )
    return {"claims": out, "version": version(graph)}


def browse(graph: KnowledgeGraph) -> dict[str, Any]:
    """Classes with their sizes, the tree of conditions, and conditions sorted by urgency and by mechanism."""
    counts = graph.names.execute(
        "SELECT kind, count(*) FROM thing WHERE id LIKE ? GROUP BY kind ORDER BY kind", (ID + "%",)
    ).fetchall()
    records = [*_records(graph, "Condition"), *_records(graph, "ConditionGroup")]
    return {
        "classes": [{"kind": k, "count": n} for k, n in counts if k != "Thing"],
        "tree": _tree(records),
        "by_urgency": _sorted_by(records, URGENCY),
        "by_mechanism": _sorted_by(records, MECHANISM),
        "version": version(graph),
    }


def of_class(graph: KnowledgeGraph, kind: str) -> dict[str, Any]:
    """All things of a class, by name.

    Raises:
        UnknownName: there is no such class.
    """
    rows = graph.names.execute(
        "SELECT id, label FROM thing WHERE kind = ? AND id LIKE ? ORDER BY label COLLATE NOCASE", (kind, ID + "%")
    ).fetchall()
    if not rows:
        raise UnknownName(kind, ())
    return {"kind": kind, "things": [{"id": i, "label": label} for i, label in rows], "version": version(graph)}


def found(graph: KnowledgeGraph, text: str) -> dict[str, Any]:
    """What `kg search --json` finds, with the words sought."""
    return {"text": text, "found": graph.search(text, None, 60) if text else []}


@lru_cache(maxsize=1)
def whole(_graph: KnowledgeGraph) -> str:
    """The walkable graph as `kg export json` writes it."""
    from kg.read.export import export_text

    return export_text("json")


@lru_cache(maxsize=2)
def known(graph: KnowledgeGraph) -> frozenset[str]:
    """All things that have a page."""
    return frozenset(i for (i,) in graph.names.execute("SELECT id FROM thing"))


def names(graph: KnowledgeGraph) -> list[list[Any]]:
    """All names for the type-ahead: label, class, address, other names; figures and sources left out."""
    quiet = ",".join("?" * len(QUIET_KINDS))
    rows = graph.names.execute(
        f"SELECT id, kind FROM thing WHERE id LIKE ? AND kind NOT IN ({quiet}) ORDER BY id", (ID + "%", *QUIET_KINDS)
    ).fetchall()
    out = []
    for iri, kind in rows:
        record = catalogue.record(graph.names, iri)
        out.append([record["label"], kind, iri.removeprefix(ID), record["synonyms"]])
    return out


def look_alikes(graph: KnowledgeGraph) -> list[tuple[str, str]]:
    """Pairs of conditions that are confused with each other, each once, in order."""
    known = {c.id for c in graph.knowledge.conditions}
    pairs = {
        tuple(sorted((record["id"], x["id"])))
        for record in _records(graph, "Condition")
        for x in record["links"]
        if x["predicate"] == BL + "confusedWith" and x["id"] in known and record["id"] in known
    }
    return sorted((a, b) for a, b in pairs if a != b)


def confused(graph: KnowledgeGraph) -> dict[str, Any]:
    """All pairs of conditions that are confused with each other."""
    labels = graph.knowledge.labels
    pairs = [[{"id": i, "label": labels[i]} for i in pair] for pair in look_alikes(graph)]
    return {"look_alikes": pairs, "version": version(graph)}


@lru_cache(maxsize=2)
def shown_chain(graph: KnowledgeGraph) -> tuple[dict[str, Any], ...]:
    """The links of the chain that the first page shows as an example, each with its sources."""
    found = graph.paths(*SHOWN_CHAIN)
    out = []
    for x in found[0].links if found else ():
        record = catalogue.record(graph.names, x.subject)
        same = [y for y in record["links"] if (y["predicate"], y["id"]) == (x.predicate, x.object)]
        sources = [s for y in same for a in y.get("said_by", ()) for s in a["sources"]] or record["sources"]
        row = {"subject": x.subject, "predicate": x.predicate, "object": x.object, "label": x.label}
        out.append(row | {"sources": list(dict.fromkeys(sources))})
    return tuple(out)


def start(graph: KnowledgeGraph) -> dict[str, Any]:
    """What the first page offers: the example of a chain, and the worked cases as they are asked."""
    cases = [
        {"title": e.title, "present": e.case.present, "absent": e.case.absent, "age": e.case.age, "sex": e.case.sex}
        for e in EXAMPLES
    ]
    return {"chain": list(shown_chain(graph)), "cases": cases, "version": version(graph)}


def about(graph: KnowledgeGraph) -> dict[str, Any]:
    """What this is and is not, in a sentence."""
    return {"notice": DISCLAIMER, "version": version(graph)}


def version(graph: KnowledgeGraph) -> dict[str, str]:
    """Versions of program and data."""
    from kg import __version__

    return {"package": __version__, "data": graph.knowledge.data_version}


def _records(graph: KnowledgeGraph, kind: str) -> list[dict[str, Any]]:
    rows = graph.names.execute("SELECT id FROM thing WHERE kind = ? ORDER BY label", (kind,)).fetchall()
    return [catalogue.record(graph.names, i) for (i,) in rows]


def _several(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _tree(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Conditions and their groups as a tree; what has two parents stands under both."""
    known = {r["id"]: r for r in records}
    below: dict[str, list[str]] = {}
    tops = []
    for r in records:
        parents = [x["id"] for x in r["links"] if x["predicate"] == SKOS + "broader" and x["id"] in known]
        for p in parents:
            below.setdefault(p, []).append(r["id"])
        if not parents:
            tops.append(r["id"])

    def branch(iri: str, above: frozenset[str]) -> dict[str, Any]:
        inner = [branch(x, above | {iri}) for x in below.get(iri, ()) if x not in above | {iri}]
        return {"id": iri, "label": known[iri]["label"], "kind": known[iri]["kind"], "narrower": inner}

    return [branch(t, frozenset()) for t in tops]


def _sorted_by(records: Sequence[dict[str, Any]], predicate: str) -> list[dict[str, Any]]:
    heaps: dict[tuple[str, str], list[dict[str, str]]] = {}
    for r in records:
        if r["kind"] == "Condition":
            for x in r["links"]:
                if x["predicate"] == predicate:
                    heaps.setdefault((x["label"], x["id"]), []).append({"id": r["id"], "label": r["label"]})
    return [{"id": i, "label": label, "conditions": heap} for (label, i), heap in sorted(heaps.items())]
