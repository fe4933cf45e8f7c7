"""The graph → the lexicon: names of all findings and of the parts that findings are made of."""

from __future__ import annotations

from kg.read.compile import ALT, BROADER, CIRCUMSTANCES
from kg.read.graph import Graph
from kg.read.names import BL, ID
from kg.reason.lexicon import Lexicon, Role, build_lexicon, key_stems

ROLES: tuple[tuple[str, Role], ...] = (
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
)
KINDS = ("Symptom", "Sign", "ClinicalTest", "LabFinding", "HistoryItem")
PAIN = ID + "pain"


def compile_lexicon(graph: Graph) -> Lexicon:
    """Names of all findings and of the parts that findings are made of."""
    named: list[tuple[str, Role, str, bool]] = []
    labels: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for cls, role in ROLES:
        for thing in graph.members.get(BL + cls, ()):
            labels[thing] = graph.label(thing)
            kinds.setdefault(thing, cls)
            named.append((thing, role, labels[thing], True))
            named += [(thing, role, alt, False) for alt in graph.all(thing, ALT)]
    findings = graph.members.get(BL + "Finding", ())
    for kind in KINDS:
        kinds |= dict.fromkeys(graph.members.get(BL + kind, ()), kind)
    measured = [
        (f, names, _number(graph.one(f, BL + "abnormalFrom")), _number(graph.one(f, BL + "abnormalBelow")))
        for f in findings
        if (names := graph.all(f, BL + "measuredAs"))
    ]
    parts = {f: (graph.all(f, BL + "quality"), graph.all(f, BL + "site")) for f in findings}
    pains = {PAIN} | {q for q in graph.members.get(BL + "Quality", ()) if PAIN in graph.all(q, BROADER)}
    return build_lexicon(named, measured, labels, _composed(graph), parts, kinds, frozenset(pains))


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _composed(graph: Graph) -> dict[tuple[str, str], str]:
    """(quality, site) and (report, circumstance) → the named finding that is just that.

    Of several findings with the same parts the one that is nothing narrower comes first, then the one whose label
    adds fewest words: foot drop is more than weak dorsiflexion.
    """
    out: dict[tuple[str, str], str] = {}
    rivals: dict[tuple[str, str], list[tuple[bool, int, str]]] = {}
    for f in graph.members.get(BL + "Finding", ()):
        qualities, sites = graph.all(f, BL + "quality"), graph.all(f, BL + "site")
        around = [(p, c) for p in CIRCUMSTANCES for c in graph.all(f, BL + p)]
        if not sites:
            for report, circumstance in around:
                out.setdefault((report, circumstance), f)
        if len(qualities) == 1 and not around and len(sites) <= 1:
            words = key_stems(graph.label(f))
            parts = key_stems(" ".join(graph.label(x) for x in (*qualities, *sites)))
            added, narrower = len(words - parts), bool(graph.all(f, BROADER))
            if not narrower or not added:
                rivals.setdefault((qualities[0], sites[0] if sites else ""), []).append((narrower, added, f))
    return out | {key: min(found)[2] for key, found in rivals.items()}
