"""For or against: what a finding says of a condition, by the likelihood ratio that the ranking uses."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from kg.model import BL, Case, Choice, Effect, Evidence, Exercise, Facts, Name, Status
from kg.reason.compare import grounded
from kg.reason.knowledge import Condition, Knowledge
from kg.reason.quiz_common import CITED, Candidate, kin, label, slug, sources_of
from kg.reason.rank import describe, score

USUAL = 0.3  # findings rarer than this are not asked about: that a rare one fits teaches the wrong thing
CLEAR = 0.2  # |log10| of the ratio from which an answer is clearly for or against
UNCLEAR = 0.05  # … and below which it is clearly neither; between the two nothing is asked
WORDS: dict[Effect, str] = {
    "for": "for it: likelier than without the finding",
    "against": "against it: less likely than without the finding",
    "neutral": "neither: it hardly changes anything",
}


def candidates(facts: Facts, knowledge: Knowledge) -> list[Candidate]:
    """All questions of this level: findings usual in a condition or in one of its look-alikes."""
    usual = {
        c.id: {f for f, e in c.expects.items() if e.likelihood >= USUAL and f in knowledge.findings}
        for c in knowledge.conditions
    }
    out = []
    for c in knowledge.conditions:
        family, own = kin(c), usual[c.id]
        others = set().union(*(usual.get(o, set()) for o in look_alikes(c, facts)))
        asked = [("present", f) for f in sorted(own | others)] + [("absent", f) for f in sorted(own)]
        out += [Candidate(f"weigh/{slug(c.id)}/{w}/{slug(f)}", "findings", family | {f}, slug(c.id)) for w, f in asked]
    return out


def look_alikes(condition: Condition, facts: Facts) -> tuple[str, ...]:
    """What a condition is confused with, by its own page or by theirs."""
    return _confused(facts).get(condition.id, ())


@lru_cache(maxsize=4)
def _confused(facts: Facts) -> dict[str, tuple[str, ...]]:
    out: dict[str, dict[str, None]] = {}
    for s, links in facts.of.items():
        for f in links:
            if f.predicate == BL + "confusedWith" and s != f.object:
                out.setdefault(s, {})[f.object] = None
                out.setdefault(f.object, {})[s] = None
    return {s: tuple(os) for s, os in out.items()}


def build(candidate: Candidate, facts: Facts, knowledge: Knowledge) -> Exercise | None:
    """The exercise, or None where the graph says nothing of the pair, or nothing clear."""
    _, condition_slug, way, finding_slug = candidate.id.split("/")
    condition = next(c for c in knowledge.conditions if slug(c.id) == condition_slug)
    finding = next(f for f in candidate.about if slug(f) == finding_slug)
    status: Status = "absent" if way == "absent" else "present"
    said = weighed(condition, finding, status, knowledge)
    if not (said.paths or said.statistics) or UNCLEAR <= abs(said.log10_lr) < CLEAR:
        return None
    if said.effect != "against" and status == "present" and said.likelihood < USUAL:
        return None
    name = label(finding, knowledge)
    chain = [(x.subject, x.predicate, x.object) for p in said.paths for x in p]
    cited = said.citations or sources_of(chain, facts) or facts.sources.get(condition.id, ())[:CITED]
    return Exercise(
        id=candidate.id,
        level="weigh",
        topic="findings",
        text=_text(condition.label, name, status),
        about=(Name(condition.id, condition.label), Name(finding, name)),
        choices=tuple(Choice(e, words, e == said.effect) for e, words in WORDS.items()),
        explanation=_explained(said, condition.label, status),
        paths=said.paths,
        statistics=said.statistics,
        sources=tuple(dict.fromkeys(cited)),
    )


def weighed(condition: Condition, finding: str, status: Status, knowledge: Knowledge) -> Evidence:
    """What one finding alone says of a condition, as `explain` would weigh it."""
    found = (replace(grounded(finding, knowledge), status=status),)
    scored = next(s for s in score(found, Case(), knowledge) if s.condition is condition)
    return describe(scored, 1, found, knowledge).evidence[0]


def _text(condition: str, finding: str, status: Status) -> str:
    seen = "has" if status == "present" else "does not have"
    return f"You think of {condition}. The person {seen}: {finding}. What does that say?"


BASIS = {"published": "a published figure", "derived": "the anatomy", "estimate": "an estimate"}


def _explained(said: Evidence, condition: str, status: Status) -> str:
    share = f"{100 * said.likelihood:.0f} in 100" if said.likelihood >= 0.01 else "fewer than 1 in 100"
    times = float(f"{10 ** abs(said.log10_lr):.2g}")
    without = "; here it is absent" if status == "absent" else ""
    result = {
        "for": f"makes {condition} {times:g} times likelier",
        "against": f"makes {condition} {times:g} times less likely",
        "neutral": f"hardly changes how likely {condition} is",
    }[said.effect]
    return (
        f"By {BASIS[said.kind]}, {share} people with {condition} show it{without}. "
        f"Against how often the other conditions show it, that {result}."
    )
