"""Grounded findings → conditions in order, each with its evidence.

Log-likelihoods are added over findings that tell something new: where one finding entails another, only the narrower
counts, and several findings of one quality count with falling weight, because they are not independent (adding
them in full would count one piece of information several times). How fast the weight falls is an estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, log10
from typing import NamedTuple

from kg.model import Case, Effect, Evidence, Link, RankedCondition
from kg.reason.knowledge import Condition, Edge, Knowledge
from kg.reason.likelihood import Likelihood, chance_of, likelihood, parts_of, related
from kg.reason.words import Grounded

NEUTRAL = 0.05  # |log10 LR| below this says nothing
EXPECTED = 0.5  # a finding this likely is worth missing
NONE_OF_THESE = 0.05  # prior that none of the known conditions is the cause; an estimate
TEMPER = 0.85  # overall dependence between findings; an estimate
CAP = 2.0  # no single finding may speak louder than this many log10 units


class Scored(NamedTuple):
    """A condition with its score and per-finding numbers, before it is put into words."""

    condition: Condition
    score: float
    probability: float
    parts: tuple[tuple[Grounded, Likelihood, float], ...]


def independent(findings: Sequence[Grounded], knowledge: Knowledge) -> tuple[tuple[Grounded, float], ...]:
    """Each finding with its weight: 0 where another says more, falling where many are of one kind."""
    seen: dict[tuple[object, ...], float] = {}
    kinds: dict[object, int] = {}
    out = []
    for finding in findings:
        if (finding.status, finding.key) in seen or _covered(finding, findings, knowledge):
            out.append((finding, 0.0))
            continue
        seen[finding.status, finding.key] = 1.0
        kind = _kind(finding, knowledge)
        kinds[kind] = kinds.get(kind, 0) + 1
        out.append((finding, 1.0 / kinds[kind] ** 0.5 if kind is not None else 1.0))
    return tuple(out)


def _covered(finding: Grounded, findings: Sequence[Grounded], knowledge: Knowledge) -> bool:
    """A present finding is covered by a narrower present one; an absent one by a wider absent one."""
    narrower, wider = related(finding, knowledge)
    others = {g.id for g in findings if g.status == finding.status and g.id is not None and g.key != finding.key}
    return bool(others & (set(narrower) if finding.status == "present" else wider))


def _kind(finding: Grounded, knowledge: Knowledge) -> object:
    qualities, sites = parts_of(finding, knowledge)
    return (finding.status, qualities) if qualities and sites else None


def prior(condition: Condition, case: Case) -> float:
    """Prior of a condition, moved by age and sex. All three are estimates unless the graph says otherwise."""
    value = condition.prior
    if case.age is not None and condition.age_from is not None and condition.age_to is not None:
        outside = max(condition.age_from - case.age, case.age - condition.age_to, 0)
        value *= max(0.05, exp(-outside / 8))
    if case.sex is not None and condition.female_share is not None:
        share = condition.female_share if case.sex == "female" else 1 - condition.female_share
        value *= max(0.002, 2 * share)
    return value


def score(findings: Sequence[Grounded], case: Case, knowledge: Knowledge) -> tuple[Scored, ...]:
    """All conditions, likeliest first."""
    weighted = independent(findings, knowledge)
    table = [[likelihood(f, c, knowledge) for f, _ in weighted] for c in knowledge.conditions]
    priors = [prior(c, case) for c in knowledge.conditions]
    total_prior = sum(priors) or 1.0
    average = [
        sum(p * (row[j].value) for p, row in zip(priors, table, strict=True)) / total_prior
        for j in range(len(weighted))
    ]
    average = [0.5 * a + 0.5 * chance_of(f, knowledge) for a, (f, _) in zip(average, weighted, strict=True)]
    rows = []
    for condition, row, weight_prior in zip(knowledge.conditions, table, priors, strict=True):
        parts = tuple(
            (f, held, w * _log_ratio(f, held.value, average[j]))
            for j, ((f, w), held) in enumerate(zip(weighted, row, strict=True))
        )
        rows.append((condition, TEMPER * sum(x for *_, x in parts), weight_prior / total_prior, parts))
    return _normalised(rows)


def _log_ratio(finding: Grounded, value: float, average: float) -> float:
    ratio = value / average if finding.status == "present" else (1 - value) / (1 - average)
    return max(-CAP, min(CAP, log10(ratio)))


def _normalised(
    rows: Sequence[tuple[Condition, float, float, tuple[tuple[Grounded, Likelihood, float], ...]]],
) -> tuple[Scored, ...]:
    logs = [log(p) + s * log(10) for _, s, p, _ in rows] + [log(NONE_OF_THESE)]
    top = max(logs)
    weights = [exp(x - top) for x in logs]
    total = sum(weights)
    scored = [Scored(c, s, w / total, parts) for (c, s, _, parts), w in zip(rows, weights, strict=False)]
    return tuple(sorted(scored, key=lambda s: (-s.probability, s.condition.label)))


def describe(scored: Scored, rank: int, findings: Sequence[Grounded], knowledge: Knowledge) -> RankedCondition:
    """Put one condition's score into the public form, sentences and numbers from the same objects."""
    condition = scored.condition
    evidence = tuple(_evidence(f, held, ratio, knowledge) for f, held, ratio in scored.parts)
    explained = {f.text for f, held, _ in scored.parts if held.known and held.value > chance_of(f, knowledge)}
    return RankedCondition(
        id=condition.id,
        label=condition.label,
        synonyms=condition.synonyms,
        broader=tuple(knowledge.labels.get(b, b) for b in condition.broader),
        rank=rank,
        score=round(scored.score, 2),
        probability=round(scored.probability, 4),
        urgency=condition.urgency,
        evidence=tuple(sorted(evidence, key=lambda e: -abs(e.log10_lr))),
        unexplained=tuple(dict.fromkeys(f.text for f in findings if f.status == "present" and f.text not in explained)),
        expected_missing=_expected_missing(condition, findings, knowledge),
    )


def _evidence(finding: Grounded, held: Likelihood, ratio: float, knowledge: Knowledge) -> Evidence:
    effect: Effect = "neutral" if abs(ratio) < NEUTRAL else "for" if ratio > 0 else "against"
    return Evidence(
        finding=finding.text,
        meaning=_meaning(finding, knowledge),
        effect=effect,
        log10_lr=round(ratio, 2),
        kind=held.basis,
        likelihood=round(held.value, 3),
        statistics=held.statistics,
        citations=tuple(knowledge.citations[s] for s in held.statistics if s in knowledge.citations),
        paths=tuple(tuple(link(e, knowledge) for e in chain) for chain in held.chains),
    )


def _meaning(finding: Grounded, knowledge: Knowledge) -> str:
    if finding.id is not None:
        return knowledge.labels.get(finding.id, finding.id)
    return " of ".join(knowledge.labels.get(x, x) for x in (*finding.qualities, *finding.sites))


def link(edge: Edge, knowledge: Knowledge) -> Link:
    """A triple with its words."""
    s, p, o = edge
    words = " ".join(knowledge.labels.get(x, x) for x in edge)
    return Link(s, p, o, words)


def _expected_missing(condition: Condition, findings: Sequence[Grounded], knowledge: Knowledge) -> tuple[str, ...]:
    said = {g.id for g in findings if g.id}
    for g in findings:
        narrower, wider = related(g, knowledge)
        said |= set(narrower) | wider
    likely = sorted(
        ((e.likelihood, f) for f, e in condition.expects.items() if e.likelihood >= EXPECTED and f not in said),
        reverse=True,
    )
    return tuple(knowledge.findings[f].label for _, f in likely if f in knowledge.findings)[:5]
