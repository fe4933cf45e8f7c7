"""How much of the field the graph covers, and how well it stands: counted from the graph itself."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kg.read.build import load_graph
from kg.read.catalogue import fold
from kg.read.files import home
from kg.read.graph import ALT, PREF, SOURCE, Graph
from kg.read.names import BL, DCTERMS, ID, SKOS

BANDS = ("hasObligateFinding", "hasVeryFrequentFinding", "hasFrequentFinding", "hasOccasionalFinding", "hasRareFinding")
# What makes a condition complete, each part its own or a wider condition's.
PARTS = {
    "acts on a structure": ("actsOn",),
    "findings": BANDS,
    "mechanism": ("hasMechanism",),
    "urgency": ("hasUrgency",),
    "confirming test": ("confirmedBy",),
    "treatment": ("treatedWith",),
    "look-alikes": ("confusedWith",),
}


class Measure(NamedTuple):
    """One line of the report: so many of so many, and the query that lists the rest."""

    what: str
    have: int
    of: int
    query: str = ""


@dataclass(frozen=True)
class Coverage:
    """What is there.

    Attributes:
        missing: concepts of `data/concepts.tsv` that no thing of the right class answers to, one line each.
    """

    measures: tuple[Measure, ...]
    counts: dict[str, int]
    missing: tuple[str, ...]


def coverage() -> Coverage:
    """Measure the shipped graph."""
    graph = load_graph()
    rows, missing = _concepts(graph)
    conditions = graph.members.get(BL + "Condition", ())
    links = [e for e in graph.asserted if e in graph.annotations or _is_anatomical(e)]
    sourced = sum(any(a.sources for a in graph.annotations.get(e, ())) for e in links)
    bands = sum(len(graph.all(c, BL + band)) for c in conditions for band in BANDS)
    statistics = graph.members.get(BL + "Statistic", ())
    weak = [e for e in links if _on_teaching_pages_alone(graph, e)]
    figured = {c for c in conditions if _has_figure(graph, c)}
    measures = (
        Measure("concepts of the source articles present", rows - len(missing), rows),
        Measure("conditions complete", sum(not _lacks(graph, c) for c in conditions), len(conditions)),
        Measure(
            "conditions with published figures", len(figured), len(conditions), "conditions-without-published-figures"
        ),
        Measure(
            "conditions checked against a second source",
            sum(bool(graph.all(c, BL + "checkedAgainst")) for c in conditions),
            len(conditions),
            "conditions-by-second-reading",
        ),
        Measure("anatomical links with a source", sourced, len(links)),
        Measure(
            "links that rest on more than teaching pages",
            len(links) - len(weak),
            len(links),
            "links-resting-on-one-teaching-page",
        ),
        Measure("numbers that are published, not estimated", len(statistics), len(statistics) + bands),
        Measure("statistics with source and population", sum(_is_whole(graph, s) for s in statistics), len(statistics)),
    )
    classes = (
        "Condition",
        "Finding",
        "Statistic",
        "Source",
        "Treatment",
        "Investigation",
        "Recommendation",
        "RedFlag",
        "Claim",
        "Structure",
    )
    return Coverage(measures, {c: len(graph.members.get(BL + c, ())) for c in classes}, missing)


def _concepts(graph: Graph) -> tuple[int, tuple[str, ...]]:
    names: dict[str, set[str]] = {}
    for thing in graph.objects:
        if thing.startswith(ID):
            for name in (*graph.all(thing, PREF), *graph.all(thing, ALT)):
                names.setdefault(fold(name), set()).add(thing)
    with (home() / "data" / "concepts.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    missing = [
        f"{row['id']} {row['class']}: {row['name']}"
        for row in rows
        if not names.get(fold(row["name"]), set()) & set(graph.members.get(BL + row["class"], ()))
    ]
    return len(rows), tuple(missing)


def _lacks(graph: Graph, condition: str) -> list[str]:
    wider = (condition, *_wider(graph, condition))
    missing = [
        part
        for part, predicates in PARTS.items()
        if not any(graph.held.get((c, BL + p)) for c in wider for p in predicates)
    ]
    return missing + ([] if any(graph.all(c, SOURCE) for c in wider) else ["source"])


def _wider(graph: Graph, condition: str) -> Iterable[str]:
    stack, seen = list(graph.all(condition, SKOS + "broader")), set()
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += graph.all(node, SKOS + "broader")
            yield node


def _has_figure(graph: Graph, condition: str) -> bool:
    about = BL + "aboutCondition"
    return any(
        BL + "Statistic" in graph.all(s, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        for c in (condition, *_wider(graph, condition))
        for s in graph.subjects.get((about, c), ())
    )


def _is_anatomical(edge: tuple[str, str, str]) -> bool:
    supplied = (
        "suppliesMuscle",
        "suppliesSkinArea",
        "mediatesReflex",
        "testedByMovement",
        "arisesFrom",
        "abutsRoot",
        "refersPainTo",
    )
    return edge[1] in {BL + p for p in supplied}


def _on_teaching_pages_alone(graph: Graph, edge: tuple[str, str, str]) -> bool:
    sources = [s for a in graph.annotations.get(edge, ()) for s in a.sources]
    return bool(sources) and all(graph.all(s, BL + "hasKind") == (BL + "teachingPage",) for s in sources)


def _is_whole(graph: Graph, statistic: str) -> bool:
    return bool(graph.all(statistic, DCTERMS + "source")) and bool(graph.all(statistic, BL + "population"))
