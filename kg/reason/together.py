"""Two conditions at once, where they fit a case better than any one alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.model import Case, Name, Together
from kg.reason.knowledge import Knowledge
from kg.reason.order import families_of
from kg.reason.score import PRIOR_POWER, Floats, log_prior, weights
from kg.reason.table import people, priors_of, ratio, table_of, values_of
from kg.reason.words import Grounded

FIRST = 5  # the leading conditions that are tried as one of the two
NEEDS = 2  # so many phrases must need the second condition
LEAST_GAIN = 1.0  # and it must be so much better than the best single condition, in log10 units; an estimate
HELPED = 0.3  # a phrase needs it where it becomes so much likelier, in log10 units


def together(findings: Sequence[Grounded], case: Case, knowledge: Knowledge) -> Together | None:
    """The pair that fits better than every single condition, or None.

    A finding is missing from a person with two conditions only if both fail to show it (noisy-or). Each condition
    pays its own prior, so a pair is offered only if what it explains outweighs that it is two things at once.
    """
    findings = tuple({(f.status, f.key): f for f in reversed(findings)}.values())
    if len(findings) < 2 * NEEDS:
        return None
    values, average = values_of(findings, knowledge)
    present = np.array([f.status == "present" for f in findings])
    rows = np.arange(len(findings), dtype=np.int32)[None, :]
    weight = weights(rows, table_of(findings, knowledge))[0][:, None]
    prior = log_prior(*people([case]), priors_of(knowledge))[0]
    share = prior / PRIOR_POWER  # a second condition at the same time pays in full
    single = (weight * ratio(values, average, present)).sum(axis=0) + prior
    family = families_of(knowledge)
    best: tuple[float, int, int] | None = None
    for one in np.argsort(-single, kind="stable")[:FIRST]:
        both = 1 - (1 - values[:, [one]]) * (1 - values)
        scores = (weight * ratio(both, average, present)).sum(axis=0) + prior + share[one]
        scores[family == family[one]] = -np.inf
        other = int(scores.argmax())
        if best is None or scores[other] > best[0]:
            best = (float(scores[other]), int(one), other)
    assert best is not None
    gain = best[0] - float(single.max())
    if gain < LEAST_GAIN:
        return None
    one, other = best[1], best[2]
    alone = ratio(values[:, [one, other]], average, present)
    explains = tuple(
        tuple(dict.fromkeys(f.text for f, a in zip(findings, alone, strict=True) if _needs(f, a, mine)))
        for mine in (0, 1)
    )
    if min(map(len, explains)) < NEEDS:
        return None
    names = tuple(Name(knowledge.conditions[i].id, knowledge.conditions[i].label) for i in (one, other))
    return Together(names, explains, round(gain, 2))


def _needs(finding: Grounded, alone: Floats, mine: int) -> bool:
    """Whether the phrase speaks for one of the two much more than for the other."""
    return finding.status == "present" and bool(alone[mine] > 0 and alone[mine] - alone[1 - mine] > HELPED)
