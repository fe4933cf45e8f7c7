"""The next hop: which thing continues a chain from a condition to what it brings about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from random import Random

from kg.model import Exercise, Facts, Name
from kg.reason.knowledge import Condition, Edge, Knowledge
from kg.reason.quiz_common import Candidate, chain_links, choices, kin, label, slug, sources_of, touches


def candidates(knowledge: Knowledge) -> list[Candidate]:
    """All questions of this level: chains of at least two links, each the one that the reasoning uses."""
    return [
        Candidate(
            f"hop/{slug(c.id)}/{slug(relation)}/{slug(target)}",
            "chains",
            kin(c) | {x for e in reach.chain for x in (e[0], e[2])},
            slug(relation) + str(len(reach.chain)),
        )
        for c in knowledge.conditions
        for relation, reaches in c.reaches.items()
        for target, reach in reaches.items()
        if len(reach.chain) > 1 and all(a[2] == b[0] for a, b in pairwise(reach.chain))
    ]


def build(candidate: Candidate, rng: Random, facts: Facts, knowledge: Knowledge) -> Exercise | None:
    """The exercise, or None where too few wrong answers are surely wrong."""
    _, condition_slug, relation_slug, target_slug = candidate.id.split("/")
    condition = next(c for c in knowledge.conditions if slug(c.id) == condition_slug)
    relation = next(r for r in condition.reaches if slug(r) == relation_slug)
    target = next(t for t in condition.reaches[relation] if slug(t) == target_slug)
    chain = condition.reaches[relation][target].chain
    at = rng.randrange(len(chain) - 1)  # the last thing is told: it is where the chain leads
    subject, predicate, right = chain[at]
    # Nothing that the chain could also have gone through: no other link of the thing, no part or whole of one, and
    # nothing further on by the same relation, for a branch of a branch is a branch.
    held = (
        {f.object for f in facts.of.get(subject, ())} | _further(subject, predicate, facts) | {subject, target, right}
    )
    pool = [
        o
        for o in _objects(predicate, knowledge)
        if facts.kinds.get(o) == facts.kinds.get(right) and not touches(o, held, knowledge)
    ]
    onward = _onward(knowledge)
    found = choices(right, pool, lambda w: len(onward.get(w, frozenset()) & onward[right]), rng, knowledge)
    if found is None:
        return None
    links = chain_links(chain, knowledge)
    said = f"{condition.label} {label(relation, knowledge)} {label(target, knowledge)}"
    begun = f"{label(subject, knowledge)} {label(predicate, knowledge)} …"
    return Exercise(
        id=candidate.id,
        level="hop",
        topic="chains",
        text=f"{said[:1].upper()}{said[1:]}. Which thing comes next in the chain: {begun}?",
        about=(Name(condition.id, condition.label), Name(target, label(target, knowledge))),
        choices=found,
        explanation=f"{'; '.join(x.label for x in links)}.",
        shown=tuple(x.label for x in links[:at]),
        paths=(links,),
        sources=sources_of(chain, facts),
    )


def _further(subject: str, predicate: str, facts: Facts) -> set[str]:
    """Everything that a relation leads to in any number of steps."""
    out: set[str] = set()
    waiting = [subject]
    while waiting:
        for f in facts.of.get(waiting.pop(), ()):
            if f.predicate == predicate and f.object not in out:
                out.add(f.object)
                waiting.append(f.object)
    return out


@lru_cache(maxsize=4)
def _chains(knowledge: Knowledge) -> frozenset[Edge]:
    """All links of all chains that the reasoning uses."""

    def edges(condition: Condition) -> set[Edge]:
        return {e for rs in condition.reaches.values() for r in rs.values() for e in r.chain}

    return frozenset(set().union(*map(edges, knowledge.conditions)))


@lru_cache(maxsize=256)
def _objects(predicate: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Objects of a relation, over all chains."""
    return tuple(sorted({o for _, p, o in _chains(knowledge) if p == predicate}))


@lru_cache(maxsize=4)
def _onward(knowledge: Knowledge) -> Mapping[str, frozenset[str]]:
    """Thing → what chains lead to from it; two things that lead to the same lie near each other."""
    out: dict[str, set[str]] = {}
    for s, _, o in _chains(knowledge):
        out.setdefault(s, set()).add(o)
    return {s: frozenset(os) for s, os in out.items()}
