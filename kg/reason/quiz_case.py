"""Whole cases, drawn from the graph or published, revealed finding by finding; the learner ranks conditions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Literal, NamedTuple

from kg.model import Case, Choice, Exercise, Facts, Name, PublishedCase, RankedCondition, Status, Step
from kg.reason.compare import grounded
from kg.reason.evaluate import plain_name
from kg.reason.knowledge import Condition, Knowledge
from kg.reason.lexicon import Lexicon
from kg.reason.likelihood import likelihood, related
from kg.reason.quiz_common import Candidate, kin, slug
from kg.reason.quiz_weigh import look_alikes
from kg.reason.rank import Scored, describe, score
from kg.reason.urgency import alarms
from kg.reason.words import Grounded, ground

RIVALS = 4
SHOWN, SPARED = 6, 2  # findings drawn as present, at most; findings of the look-alikes drawn as absent
USUAL = 0.25  # a finding rarer than this in a condition is not drawn for it
UNUSUAL = 0.1  # a look-alike's finding must be rarer than this to be drawn as absent
LIKELY = 0.2  # a case is only asked where the graph's belief in the right condition is at least this
AHEAD = 1.5  # a case is only asked where the graph believes the right condition so many times more than the next
REASONS = 8  # reasons shown of each condition
PREFIX = "case/published/"


class Told(NamedTuple):
    """A phrase as it is revealed, and what it was understood to report; nothing where it was not understood."""

    text: str
    status: Status
    found: tuple[Grounded, ...]


def candidates(published: Sequence[PublishedCase], knowledge: Knowledge) -> list[Candidate]:
    """All cases: one a condition, and the published ones that the graph has a name for."""
    out = [Candidate(f"case/{slug(c.id)}", "drawn", kin(c), slug(c.id)) for c in knowledge.conditions]
    for case in published:
        if accepted := _accepted(case, knowledge):
            about = frozenset().union(*(kin(c) for c in accepted))
            out.append(Candidate(f"{PREFIX}{case.case.id or slug(case.where)}", "published", about, PREFIX))
    return out


def build(
    candidate: Candidate,
    rng: Random,
    facts: Facts,
    knowledge: Knowledge,
    lexicon: Lexicon,
    published: Sequence[PublishedCase],
) -> Exercise | None:
    """The exercise, or None where the graph itself could not tell the answer."""
    if candidate.id.startswith(PREFIX):
        wanted = candidate.id.removeprefix(PREFIX)
        case = next(c for c in published if (c.case.id or slug(c.where)) == wanted)
        return _published(candidate, case, facts, knowledge, lexicon)
    condition = next(c for c in knowledge.conditions if f"case/{slug(c.id)}" == candidate.id)
    for _ in range(3):  # a draw may be too unclear to ask
        made = _drawn(candidate, condition, rng, facts, knowledge, lexicon)
        if made is not None:
            return made
    return None


def _accepted(case: PublishedCase, knowledge: Knowledge) -> list[Condition]:
    """Conditions that a fair marker would accept, the published diagnosis first."""
    named = _named(knowledge)
    found = {c.id: c for name in case.acceptable for c in named.get(plain_name(name), ())}
    return list(found.values())


@lru_cache(maxsize=4)
def _named(knowledge: Knowledge) -> dict[str, list[Condition]]:
    """Conditions by each of their names."""
    out: dict[str, list[Condition]] = {}
    for c in knowledge.conditions:
        for name in dict.fromkeys(plain_name(n) for n in (c.label, *c.synonyms)):
            out.setdefault(name, []).append(c)
    return out


def rivals(right: Sequence[Condition], ranked: Sequence[Scored], facts: Facts) -> list[Condition]:
    """Wrong answers: look-alikes of the right condition, likeliest first, then what else ranks high.

    Never a kind of a right one, nor what a right one is a kind of.
    """
    family = frozenset().union(*(kin(c) for c in right))
    own = {c.id for c in right}
    confused = {o for c in right for o in look_alikes(c, facts)}
    fit = [s.condition for s in ranked if s.condition.id not in family and not own & kin(s.condition)]
    ordered = [c for c in fit if c.id in confused] + [c for c in fit if c.id not in confused]
    return ordered[:RIVALS]


def _drawn(
    candidate: Candidate, condition: Condition, rng: Random, facts: Facts, knowledge: Knowledge, lexicon: Lexicon
) -> Exercise | None:
    def told_as(finding: str, status: Status) -> Told:
        # Read as a person's words would be, so that `kg explain` says the same of the case.
        words = knowledge.findings[finding].label
        return Told(words, status, ground(words, status, lexicon))

    told = [told_as(f, "present") for f in _present(condition, rng, knowledge)]
    if len(told) < 3:
        return None
    age, sex = _person(condition, rng)
    case = Case(age=age, sex=sex)
    wrong = rivals([condition], score(_found(told), case, knowledge), facts)
    told += [told_as(f, "absent") for f in _spared(condition, wrong, _found(told), rng, knowledge)]
    ranked = {s.condition.id: s for s in score(_found(told), case, knowledge)}
    next_best = max((ranked[w.id].probability for w in wrong), default=0.0)
    if len(wrong) < 2 or ranked[condition.id].probability < max(LIKELY, AHEAD * next_best):
        return None
    return _exercise(candidate.id, condition, wrong, told, case, knowledge)


def _present(condition: Condition, rng: Random, knowledge: Knowledge) -> list[str]:
    """Findings as a person with the condition might have them: each drawn by how often it occurs, none said twice."""
    pool = sorted(f for f, e in condition.expects.items() if e.likelihood >= USUAL and f in knowledge.findings)
    rng.shuffle(pool)
    out: list[str] = []
    for f in pool:
        told = {x for o in out for x in (o, *knowledge.findings[o].wider)}
        repeated = f in told or any(o in knowledge.findings[f].wider for o in out)
        if len(out) < SHOWN and not repeated and rng.random() < condition.expects[f].likelihood:
            out.append(f)
    return out


def _person(condition: Condition, rng: Random) -> tuple[int, Literal["female", "male"]]:
    age = rng.randint(condition.age_from or 18, condition.age_to or 80)
    female = 0.5 if condition.female_share is None else condition.female_share
    return age, "female" if rng.random() < female else "male"


def _spared(
    condition: Condition, wrong: Sequence[Condition], found: Sequence[Grounded], rng: Random, knowledge: Knowledge
) -> list[str]:
    """Findings that the look-alikes would show and the condition hardly ever does."""
    said: set[str] = set()
    for g in found:
        narrower, wider = related(g, knowledge)
        said |= {g.id or "", *narrower, *wider}
    pool = sorted(
        {
            f
            for c in wrong
            for f, e in c.expects.items()
            if e.likelihood >= 0.5
            and f in knowledge.findings
            and f not in said
            and likelihood(grounded(f, knowledge), condition, knowledge).value < UNUSUAL
        }
    )
    return rng.sample(pool, min(SPARED, len(pool)))


def _published(
    candidate: Candidate, case: PublishedCase, facts: Facts, knowledge: Knowledge, lexicon: Lexicon
) -> Exercise | None:
    right = _accepted(case, knowledge)
    phrases: list[tuple[str, Status]] = [(p, "present") for p in case.case.present]
    phrases += [(p, "absent") for p in case.case.absent]
    told = [Told(text, status, ground(text, status, lexicon)) for text, status in phrases]
    found = _found(told)
    if not found:
        return None
    wrong = rivals(right, score(found, case.case, knowledge), facts)
    where = case.published or slug(case.where)
    return _exercise(candidate.id, right[0], wrong, told, case.case, knowledge, where)


def _found(told: Sequence[Told]) -> list[Grounded]:
    return [g for t in told for g in t.found]


def _exercise(
    name: str,
    right: Condition,
    wrong: Sequence[Condition],
    told: Sequence[Told],
    case: Case,
    knowledge: Knowledge,
    published: str = "",
) -> Exercise:
    listed = sorted([right, *wrong], key=lambda c: (c.label.lower(), c.id))
    found = _found(told)
    ranked = {s.condition.id: s for s in score(found, case, knowledge)}
    places = {i: place for place, i in enumerate(ranked, 1)}
    described = [describe(ranked[c.id], places[c.id], found, knowledge) for c in listed]
    chosen = described[listed.index(right)]
    asked = "A published case: which one was it?" if published else "Which one fits best?"
    cited = [c for e in chosen.evidence for c in e.citations]
    return Exercise(
        id=name,
        level="case",
        topic="cases",
        text=f"Rank the conditions as the findings come in. {asked}",
        about=(Name(right.id, right.label),),
        choices=tuple(Choice(c.id, c.label, c is right) for c in listed),
        explanation=_explained(chosen, described, bool(published)),
        shown=_who(case),
        paths=tuple(p for e in chosen.evidence if e.effect == "for" for p in e.paths[:1])[:3],
        statistics=tuple(dict.fromkeys(s for e in chosen.evidence for s in e.statistics)),
        sources=tuple(dict.fromkeys([published, *cited] if published else cited)),
        steps=_steps(told, listed, case, knowledge),
        reasons=tuple(tuple(e for e in d.evidence if e.effect != "neutral")[:REASONS] for d in described),
        published=published,
    )


def _who(case: Case) -> tuple[str, ...]:
    age = f"{case.age} years old" if case.age is not None else "age not said"
    return (f"{case.sex or 'sex not said'}, {age}",)


def _steps(told: Sequence[Told], listed: Sequence[Condition], case: Case, knowledge: Knowledge) -> tuple[Step, ...]:
    """Alarms and beliefs after each phrase; one that was not understood changes nothing."""
    out = []
    for n in range(1, len(told) + 1):
        known = _found(told[:n])
        belief = {s.condition.id: s.probability for s in score(known, case, knowledge)} if known else {}
        raised = alarms(known, case, knowledge)
        beliefs = tuple(round(belief.get(c.id, 0.0), 4) for c in listed)
        out.append(Step(told[n - 1].text, told[n - 1].status, raised, beliefs))
    return tuple(out)


def _explained(chosen: RankedCondition, described: Sequence[RankedCondition], published: bool) -> str:
    first = min(described, key=lambda d: d.rank)
    head = f"Published as: {chosen.label}." if published else f"The findings were drawn for {chosen.label}."
    place = f"Of all conditions the graph puts it in place {chosen.rank}, with a belief of {chosen.probability:.0%}"
    if first is chosen:
        return f"{head} {place}; that is before all other answers here."
    return (
        f"{head} {place}; it believes more in {first.label} ({first.probability:.0%}). "
        "Graph and publication disagree here: weigh the reasons yourself."
    )
