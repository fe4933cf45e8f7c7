"""What to ask next: the finding whose answer is expected to tell most about which condition it is."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from kg.model import Question
from kg.reason.knowledge import Knowledge
from kg.reason.likelihood import related
from kg.reason.rank import Scored
from kg.reason.words import Grounded

AMONG = 8


def ask_next(
    scored: Sequence[Scored], findings: Sequence[Grounded], knowledge: Knowledge, top: int = 3
) -> tuple[Question, ...]:
    """The `top` findings with the greatest expected information (in bits) over the leading conditions."""
    leading = [s for s in scored[:AMONG] if s.probability > 0.005]
    total = sum(s.probability for s in leading)
    if len(leading) < 2 or total <= 0:
        return ()
    beliefs = [s.probability / total for s in leading]
    said = {g.id for g in findings if g.id}
    for g in findings:
        narrower, wider = related(g, knowledge)
        said |= set(narrower) | wider
    asked = {f for s in leading for f in s.condition.expects if f not in said and f in knowledge.findings}
    questions = []
    for f in asked:
        chances = [_chance(s, f, knowledge) for s in leading]
        bits = information(beliefs, chances)
        high, low = (
            max(zip(chances, leading, strict=True), key=lambda x: x[0]),
            min(zip(chances, leading, strict=True), key=lambda x: x[0]),
        )
        questions.append(
            Question(knowledge.findings[f].label, round(bits, 3), (high[1].condition.label, low[1].condition.label))
        )
    return tuple(sorted(questions, key=lambda q: (-q.bits, q.finding))[:top])


def _chance(scored: Scored, finding: str, knowledge: Knowledge) -> float:
    known = scored.condition.expects.get(finding)
    return known.likelihood if known else knowledge.chance.get(finding, 0.03)


def information(beliefs: Sequence[float], chances: Sequence[float]) -> float:
    """Mutual information of condition and answer, in bits.

    >>> round(information([0.5, 0.5], [1.0, 0.0]), 3)
    1.0
    >>> information([0.5, 0.5], [0.3, 0.3])
    0.0
    """
    positive = sum(b * c for b, c in zip(beliefs, chances, strict=True))
    within = sum(b * _entropy(c) for b, c in zip(beliefs, chances, strict=True))
    return max(0.0, _entropy(positive) - within)


def _entropy(p: float) -> float:
    return 0.0 if p <= 0 or p >= 1 else -p * log2(p) - (1 - p) * log2(1 - p)
