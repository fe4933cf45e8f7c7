"""Grounded findings → conditions in order, each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kg.model import Case, Effect, Evidence, Link, RankedCondition
from kg.reason.knowledge import Condition, Edge, Knowledge
from kg.reason.likelihood import Likelihood, chance_of, likelihood, related
from kg.reason.order import order_of
from kg.reason.score import posterior, resemblance, silence, weights
from kg.reason.score import score as score_batch
from kg.reason.table import people, priors_of, table_of
from kg.reason.words import Grounded

NEUTRAL = 0.05  # |log10 LR| below this says nothing
EXPECTED = 0.5  # a finding this likely is worth missing


class Scored(NamedTuple):
    """A condition with its numbers, before it is put into words.

    Attributes:
        score: log10 of the likelihood ratio of all findings together, silence and resemblance included, prior left out.
        ratios: what each finding adds to it, in the order of the findings.
        silence: what the expected findings that nobody mentions add to it, 0 or less for most conditions.
        resemblance: what the likeness of case and picture as wholes adds to it.
    """

    condition: Condition
    score: float
    probability: float
    ratios: tuple[float, ...]
    silence: float = 0.0
    resemblance: float = 0.0


def score(findings: Sequence[Grounded], case: Case, knowledge: Knowledge) -> tuple[Scored, ...]:
    """All conditions, likeliest first."""
    distinct = {(f.status, f.key): f for f in reversed(findings)}
    place = {key: row for row, key in enumerate(distinct)}
    table = table_of(tuple(distinct.values()), knowledge)
    rows = np.array([[place[f.status, f.key] for f in findings]], dtype=np.int32)
    scores = score_batch(rows, *people([case]), table, priors_of(knowledge))
    belief = posterior(scores)
    parts = weights(rows, table)[0][:, None] * table.ratios[rows[0]]
    unsaid, alike = silence(rows, table)[0], resemblance(rows, table)[0]
    total = parts.sum(axis=0) + unsaid + alike
    conditions = knowledge.conditions
    order = order_of(belief, knowledge)[0]
    return tuple(
        Scored(
            conditions[i],
            float(total[i]),
            float(belief[0, i]),
            tuple(float(x) for x in parts[:, i]),
            float(unsaid[i]),
            float(alike[i]),
        )
        for i in order
    )


def describe(scored: Scored, rank: int, findings: Sequence[Grounded], knowledge: Knowledge) -> RankedCondition:
    """Put one condition's score into the public form, sentences and numbers from the same objects."""
    condition = scored.condition
    parts = [(f, likelihood(f, condition, knowledge), r) for f, r in zip(findings, scored.ratios, strict=True)]
    evidence = tuple(_evidence(f, held, ratio, knowledge) for f, held, ratio in parts)
    explained = {f.text for f, held, _ in parts if held.known and held.value > chance_of(f, knowledge)}
    return RankedCondition(
        id=condition.id,
        label=condition.label,
        synonyms=condition.synonyms,
        broader=tuple(knowledge.labels.get(b, b) for b in condition.broader),
        rank=rank,
        score=round(scored.score, 2),
        silence=round(scored.silence, 2),
        resemblance=round(scored.resemblance, 2),
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
