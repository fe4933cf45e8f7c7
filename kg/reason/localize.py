"""Deficits and what is spared → the single place that explains them best."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from kg.model import Site
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
    useful = [(f, r, s) for f in findings for r, s in (_relations(f, knowledge),) if r and s]
    scored = [s for place in knowledge.places if (s := _score(place, useful, knowledge)) is not None]
    return tuple(sorted(scored, key=lambda s: (-s.score, s.label))[:top])


def _relations(finding: Grounded, knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    qualities, sites = parts_of(finding, knowledge)
    entailed = (
        r for q in qualities for w in sorted(knowledge.wider_quality.get(q, (q,))) for r in knowledge.through.get(w, ())
    )
    return tuple(dict.fromkeys(x for r in entailed for x in BY_LESION.get(r, ()))), sites


def _score(
    place: Place, useful: Sequence[tuple[Grounded, tuple[str, ...], tuple[str, ...]]], knowledge: Knowledge
) -> Site | None:
    total, explains = 0.0, []
    for finding, relations, sites in useful:
        strength = max((_strength(place, r, s, knowledge) for r in relations for s in sites), default=0.0)
        # Pain alone localises poorly: it spreads and is referred.
        weight = 0.35 if "refersPainTo" in relations else 1.0
        likely = CHANCE + (LOST - CHANCE) * strength
        ratio = likely / CHANCE if finding.status == "present" else (1 - likely) / (1 - CHANCE)
        total += weight * log10(ratio)
        if finding.status == "present":
            if strength > 0.15:
                explains.append(finding.text)
            else:
                total -= weight * 0.3
    if not explains:
        return None
    cost = SILENT * sum(len(t) for t in place.supplies.values()) + RARER.get(place.kind, 0.0)
    if place.kind in ONE_SIDED and _on_both_sides(useful):
        cost += BOTH_SIDES
    return Site(place.id, place.label, round(total - cost, 2), tuple(dict.fromkeys(explains)))


def _on_both_sides(useful: Sequence[tuple[Grounded, tuple[str, ...], tuple[str, ...]]]) -> bool:
    """Whether the deficits need a lesion of both sides: they say so, or two organs fail, which one side spares."""
    present = [(f, relations, sites) for f, relations, sites in useful if f.status == "present"]
    organs = {s for _, relations, sites in present if "suppliesOrgan" in relations for s in sites}
    return len(organs) > 1 or any(f.side == "both" for f, _, _ in present)


def _strength(place: Place, relation: str, site: str, knowledge: Knowledge) -> float:
    return max(
        (
            reach.strength * overlap(site, target, knowledge)
            for target, reach in place.supplies.get(relation, {}).items()
        ),
        default=0.0,
    )
