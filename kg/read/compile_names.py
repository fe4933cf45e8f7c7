"""The graph → the lexicon: names of all findings and of the parts that findings are made of."""

from __future__ import annotations

from kg.read.compile import ALT, BROADER, CIRCUMSTANCES
from kg.read.graph import Graph
from kg.read.names import BL
from kg.reason.lexicon import Lexicon, Role, build_lexicon


def compile_lexicon(graph: Graph) -> Lexicon:
    """Names of all findings and of the parts that findings are made of."""
    roles: list[tuple[str, Role]] = [
        ("Finding", "finding"),
        ("Quality", "quality"),
        ("BodyArea", "site"),
        ("Movement", "site"),
        ("Reflex", "site"),
        ("Muscle", "site"),
        ("Joint", "site"),
        ("Organ", "site"),
        ("Bone", "site"),
        ("Circumstance", "circumstance"),
    ]
    named: list[tuple[str, Role, str, bool]] = []
    labels: dict[str, str] = {}
    for cls, role in roles:
        for thing in graph.members.get(BL + cls, ()):
            labels[thing] = graph.label(thing)
            named.append((thing, role, labels[thing], True))
            named += [(thing, role, alt, False) for alt in graph.all(thing, ALT)]
    measured = [
        (f, names, float(graph.one(f, BL + "abnormalFrom") or 0))
        for f in graph.members.get(BL + "Finding", ())
        if (names := graph.all(f, BL + "measuredAs"))
    ]
    parts = {
        f: (graph.all(f, BL + "quality"), graph.all(f, BL + "site")) for f in graph.members.get(BL + "Finding", ())
    }
    return build_lexicon(named, measured, labels, _composed(graph), parts)


def _composed(graph: Graph) -> dict[tuple[str, str], str]:
    out: dict[tuple[str, str], str] = {}
    for f in graph.members.get(BL + "Finding", ()):
        qualities, sites = graph.all(f, BL + "quality"), graph.all(f, BL + "site")
        around = [(p, c) for p in CIRCUMSTANCES for c in graph.all(f, BL + p)]
        if not sites:
            for report, circumstance in around:
                out.setdefault((report, circumstance), f)
        if len(qualities) == 1 and not around and len(sites) <= 1 and not graph.all(f, BROADER):
            out.setdefault((qualities[0], sites[0] if sites else ""), f)
    return out
