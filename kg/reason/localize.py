"""Deficits and what is spared → the single place that explains them best."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import log10

from kg.model import Site, Status
from kg.reason.knowledge import Knowledge, Place
from kg.reason.likelihood import overlap, parts_of
from kg.reason.words import Grounded

BL = "https://w3id.org/backleg-pain/ontology#"
# The relation by which a lesion of a place brings about what the entailed property of a quality names.
BY_LESION = {
    BL + "canDisturbSensationIn": ("suppliesSkinArea",),
    BL + "canWeaken": ("suppliesMuscle",),
    BL + "canWeakenMovement": ("testedByMovement",),
    BL + "canReduceReflex": ("mediatesReflex",),
    BL + "canDisturbFunctionOf": ("suppliesOrgan",),
    BL + "canCausePainIn": ("refersPainTo", "liesIn", "suppliesSkinArea"),
    BL + "canStarveOfBlood": ("suppliesBloodTo",),
}
TESTED = "stressedBy"
SHOWN = "lesionShownBy"
Useful = tuple[Grounded, tuple[str, ...], tuple[str, ...]]
LOST = 0.75  # P(deficit | lesion, link of strength 1); an estimate
CHANCE = 0.06  # P(deficit | lesion elsewhere); an estimate
# How much rarer a lesion of this kind of place is than one of a root or nerve, in log10 units; an estimate.
RARER = {"Plexus": 0.95, "NeuralTissue": 0.95}
ONE_SIDED = frozenset({"NerveRoot", "Nerve", "Plexus"})
BOTH_SIDES = 1.2  # cost of a one-sided place where deficits are on both sides, in log10 units; an estimate
SILENT = 0.002  # cost of each thing the place supplies, because nobody reports it lost


def localize(findings: Sequence[Grounded], knowledge: Knowledge, top: int = 8) -> tuple[Site, ...]:
    """Places in order of how well a lesion there explains the findings; places that explain nothing are left out.

    Score is the log10 likelihood ratio of the pattern, absent deficits included, against chance. A place that loses
    much that nobody reports pays for it a little: silence is weak evidence of sparing.
    """
    useful = [(f, r, s) for f in findings for r, s in (relations_of(f, knowledge),) if r and s]
    scored = [s for place in knowledge.places if (s := _score(place, useful, knowledge)) is not None]
    return tuple(sorted(scored, key=lambda s: (-s.score, s.label))[:top])


def relations_of(finding: Grounded, knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Relations by which a lesion would bring about a finding, and the sites they must reach; empty if by none."""
    qualities, sites = parts_of(finding, knowledge)
    entailed = (
        r for q in qualities for w in sorted(knowledge.wider_quality.get(q, (q,))) for r in knowledge.through.get(w, ())
    )
    relations = tuple(dict.fromkeys(x for r in entailed for x in BY_LESION.get(r, ())))
    named = knowledge.findings.get(finding.id or "")
    if named and named.kind == "ClinicalTest" and not (relations and sites):
        return (TESTED,), (named.id,)
    if named and named.id in _signs(knowledge):
        return (*relations, SHOWN), (*sites, named.id)
    return relations, sites


@lru_cache(maxsize=4)
def _signs(knowledge: Knowledge) -> frozenset[str]:
    """Findings by which a lesion of some place shows itself, such as clonus."""
    return frozenset(f for place in knowledge.places for f in place.supplies.get(SHOWN, ()))


def contribution(status: Status, relations: Sequence[str], strength: float) -> tuple[float, bool]:
    """What one finding adds to the score of a place, in log10 units, and whether the place explains it.

    Args:
        strength: of the link from the place to the finding's site, 0 to 1.

    >>> contribution("present", ("suppliesSkinArea",), 0.0)
    (-0.3, False)
    """
    # Pain alone localises poorly: it spreads and is referred. So do tests that stretch or press several structures.
    weight = 0.35 if "refersPainTo" in relations or TESTED in relations else 1.0
    likely = CHANCE + (LOST - CHANCE) * strength
    ratio = likely / CHANCE if status == "present" else (1 - likely) / (1 - CHANCE)
    explained = status == "present" and strength > 0.15
    return weight * log10(ratio) - (weight * 0.3 if status == "present" and not explained else 0.0), explained


def cost(place: Place) -> float:
    """What a place pays before any finding: for the silence of all it supplies, and for being a rare site."""
    supplied = sum(len(targets) for relation, targets in place.supplies.items() if relation != TESTED)
    return SILENT * supplied + RARER.get(place.kind, 0.0)


def _score(place: Place, useful: Sequence[Useful], knowledge: Knowledge) -> Site | None:
    total, explains = 0.0, []
    for finding, relations, sites in useful:
        points, explained = contribution(finding.status, relations, reach(place, relations, sites, knowledge))
        total += points
        if explained:
            explains.append(finding.text)
    if not explains:
        return None
    charged = cost(place) + (BOTH_SIDES if place.kind in ONE_SIDED and _on_both_sides(useful) else 0.0)
    return Site(place.id, place.label, round(total - charged, 2), tuple(dict.fromkeys(explains)))


def _on_both_sides(useful: Sequence[Useful]) -> bool:
    """Whether the deficits need a lesion of both sides: they say so, or two organs fail, which one side spares."""
    present = [(f, relations, sites) for f, relations, sites in useful if f.status == "present"]
    organs = {s for _, relations, sites in present if "suppliesOrgan" in relations for s in sites}
    return len(organs) > 1 or any(f.side == "both" for f, _, _ in present)


def reach(place: Place, relations: Sequence[str], sites: Sequence[str], knowledge: Knowledge) -> float:
    """Strength of the best link by which a lesion of the place would bring about a finding, 0 where there is none."""
    return max(
        (
            found.strength * overlap(site, target, knowledge)
            for relation in relations
            for site in sites
            for target, found in place.supplies.get(relation, {}).items()
        ),
        default=0.0,
    )
