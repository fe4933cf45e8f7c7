"""Published cases → how good the answers are, beside simpler rankers and beside the model with parts taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kg.model import PublishedCase, Status, Urgency
from kg.reason.baselines import BASELINES
from kg.reason.knowledge import Condition, Knowledge
from kg.reason.lexicon import Lexicon
from kg.reason.rank import score
from kg.reason.urgency import alarms, most_urgent
from kg.reason.words import Grounded, understand

MODEL = "this model"
TOPS = (1, 3, 5)
RESAMPLES = 2000
SEED = 20
ACT_NOW: tuple[Urgency, ...] = ("emergency", "same_day")


class Outcome(NamedTuple):
    """How one case came out.

    Attributes:
        rank: place of the first condition that a fair marker would accept; None where none has such a name.
        known: whether any condition of the graph has such a name.
        level: urgency of the published condition as the graph has it; None where it is not known.
    """

    case: PublishedCase
    rank: int | None
    known: bool
    first: str
    level: Urgency | None
    raised: Urgency
    alarms: tuple[str, ...]
    phrases: int
    unmatched: tuple[str, ...]


class Share(NamedTuple):
    """A share with its 95 % bootstrap interval (percentiles of resampled cases)."""

    hits: int
    of: int
    low: float
    high: float


class Method(NamedTuple):
    """A ranker's results.

    Attributes:
        tops: share of cases whose diagnosis is among the first 1, 3 and 5.
        reciprocal: mean of 1 / rank.
        behind: how much lower its top-3 share is than the model's, with a paired 95 % bootstrap interval.
    """

    name: str
    tops: tuple[Share, ...]
    reciprocal: float
    behind: tuple[float, float, float]


class Evaluation(NamedTuple):
    """Everything about a set of cases."""

    outcomes: tuple[Outcome, ...]
    methods: tuple[Method, ...]
    caught: Share
    false_alarms: Share
    understood: Share


Ranker = Callable[[Sequence[Grounded], PublishedCase], Sequence[Condition]]


def evaluate(
    cases: Sequence[PublishedCase],
    knowledge: Knowledge,
    lexicon: Lexicon,
    tell: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Answer all cases with all methods.

    Args:
        tell: is told what is going on, for a progress line.
    """
    read = []
    for case in cases:
        phrases: list[tuple[str, Status]] = [(p, "present") for p in case.case.present]
        phrases += [(p, "absent") for p in case.case.absent]
        read.append(understand(phrases, lexicon))
    places: dict[str, list[int | None]] = {}
    model: list[Sequence[Condition]] = []
    for name, ranker in rankers(knowledge).items():
        tell(name)
        ranked = [ranker(found, case) for (found, _), case in zip(read, cases, strict=True)]
        model = model or ranked
        places[name] = [place_of(r, case.acceptable, knowledge) for r, case in zip(ranked, cases, strict=True)]
    outcomes = tuple(
        _outcome(case, found, unmatched, ranked, place, knowledge)
        for case, (found, unmatched), ranked, place in zip(cases, read, model, places[MODEL], strict=True)
    )
    draws = np.random.default_rng(SEED).integers(0, max(1, len(cases)), (RESAMPLES, len(cases)))
    urgent = [o.case.needs_same_day_care for o in outcomes]
    acted = [o.raised in ACT_NOW for o in outcomes]
    return Evaluation(
        outcomes,
        tuple(_method(name, p, places[MODEL], draws) for name, p in places.items()),
        _share([a for a, u in zip(acted, urgent, strict=True) if u]),
        _share([a for a, u in zip(acted, urgent, strict=True) if not u]),
        _share([i >= len(o.unmatched) for o in outcomes for i in range(o.phrases)]),
    )


def rankers(knowledge: Knowledge) -> dict[str, Ranker]:
    """The model, the model with a part taken out, and the simple rankers."""

    def model(known: Knowledge, negatives: bool = True) -> Ranker:
        def rank(findings: Sequence[Grounded], case: PublishedCase) -> Sequence[Condition]:
            used = [f for f in findings if negatives or f.status == "present"]
            return [s.condition for s in score(used, case.case, known)]

        return rank

    def simple(baseline: Callable[[Sequence[Grounded], Knowledge], np.ndarray]) -> Ranker:
        def rank(findings: Sequence[Grounded], _: PublishedCase) -> Sequence[Condition]:
            scores = baseline(findings, knowledge)
            return [knowledge.conditions[i] for i in np.argsort(-scores, kind="stable")]

        return rank

    without_anatomy = replace(knowledge, conditions=tuple(replace(c, reaches={}) for c in knowledge.conditions))
    without_statistics = replace(knowledge, conditions=tuple(_estimates_only(c) for c in knowledge.conditions))
    return {
        MODEL: model(knowledge),
        "without anatomy": model(without_anatomy),
        "without statistics": model(without_statistics),
        "without negatives": model(knowledge, negatives=False),
        **{name: simple(baseline) for name, baseline in BASELINES.items()},
    }


def _estimates_only(condition: Condition) -> Condition:
    kept = {
        f: e._replace(likelihood=e.band, basis="estimate", statistics=())
        for f, e in condition.expects.items()
        if e.band is not None
    }
    return replace(condition, expects=kept)


def plain_name(text: str) -> str:
    """A name as it is compared: letters and digits, lower case.

    >>> plain_name("Disc herniation, L4/5")
    'disc herniation l4 5'
    """
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _names(condition: Condition, knowledge: Knowledge) -> set[str]:
    broader = (knowledge.labels.get(b, b) for b in condition.broader)
    return {plain_name(n) for n in (condition.label, *condition.synonyms, *broader)}


def place_of(ranked: Sequence[Condition], acceptable: Sequence[str], knowledge: Knowledge) -> int | None:
    """Place of the first condition with a name that a fair marker would accept; None where none has one."""
    wanted = {plain_name(n) for n in acceptable}
    return next((i for i, c in enumerate(ranked, 1) if wanted & _names(c, knowledge)), None)


def _outcome(
    case: PublishedCase,
    found: Sequence[Grounded],
    unmatched: Sequence[str],
    ranked: Sequence[Condition],
    place: int | None,
    knowledge: Knowledge,
) -> Outcome:
    raised = alarms(found, case.case, knowledge)
    return Outcome(
        case=case,
        rank=place,
        known=place is not None,
        first=ranked[0].label if ranked else "",
        level=ranked[place - 1].urgency if place else None,
        raised=most_urgent(raised),
        alarms=tuple(a.label for a in raised if a.urgency in ACT_NOW),
        phrases=len(case.case.present) + len(case.case.absent),
        unmatched=tuple(unmatched),
    )


def _share(hits: Sequence[bool]) -> Share:
    if not hits:
        return Share(0, 0, 0.0, 0.0)
    values = np.asarray(hits, dtype=float)
    means = np.random.default_rng(SEED).choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Share(int(values.sum()), len(hits), float(low), float(high))


def _method(name: str, places: Sequence[int | None], model: Sequence[int | None], draws: np.ndarray) -> Method:
    hits = {k: np.array([p is not None and p <= k for p in places], dtype=float) for k in TOPS}
    theirs = np.array([p is not None and p <= 3 for p in model], dtype=float)
    gap = theirs - hits[3]
    low, high = np.percentile(gap[draws].mean(axis=1), (2.5, 97.5))
    return Method(
        name,
        tuple(_share([bool(h) for h in hits[k]]) for k in TOPS),
        float(np.mean([0.0 if p is None else 1 / p for p in places])),
        (float(gap.mean()), float(low), float(high)),
    )
