"""Questions drawn from the graph, from anatomy recall to whole cases, and their marking.

Drawing is repeatable: the same seed on the same data gives the same questions, with the same answers to choose from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from random import Random
from typing import NamedTuple

from kg.model import Exercise, Facts, Level, PublishedCase
from kg.reason import quiz_case, quiz_hop, quiz_recall, quiz_weigh
from kg.reason.knowledge import Knowledge
from kg.reason.lexicon import Lexicon
from kg.reason.quiz_common import Candidate

# At most one question in so many is of the same kind, or has the same answer, as long as others are left.
SAME_KIND, SAME_ANSWER = 5, 3
TRIES = 60  # candidates looked at for each question wanted


class Bank(NamedTuple):
    """What questions are made from."""

    facts: Facts
    knowledge: Knowledge
    lexicon: Lexicon
    published: tuple[PublishedCase, ...]

    def candidates(self, level: Level) -> list[Candidate]:
        """All questions of a level that could be asked."""
        if level == "recall":
            return quiz_recall.candidates(self.facts)
        if level == "hop":
            return quiz_hop.candidates(self.knowledge)
        if level == "weigh":
            return quiz_weigh.candidates(self.facts, self.knowledge)
        return quiz_case.candidates(self.published, self.knowledge)

    def build(self, candidate: Candidate, seed: int) -> Exercise | None:
        """The exercise of a candidate; None where it would have no answer that is surely the only right one."""
        level = candidate.id.partition("/")[0]
        rng = Random(f"{seed}/{candidate.id}")
        if level == "recall":
            return quiz_recall.build(candidate, rng, self.facts, self.knowledge)
        if level == "hop":
            return quiz_hop.build(candidate, rng, self.facts, self.knowledge)
        if level == "weigh":
            return quiz_weigh.build(candidate, self.facts, self.knowledge)
        return quiz_case.build(candidate, rng, self.facts, self.knowledge, self.lexicon, self.published)


def draw(
    bank: Bank, level: Level, seed: int, count: int, topic: str | None = None, skip: frozenset[str] = frozenset()
) -> tuple[Exercise, ...]:
    """Up to `count` different questions; fewer where the graph has no more.

    Args:
        topic: a word such as “reflexes”, or the identifier of a thing that the questions shall be about.
        skip: identifiers of exercises to leave out.
    """
    pool = [c for c in bank.candidates(level) if topic is None or topic == c.topic or topic in c.about]
    pool = [c for c in pool if c.id not in skip]
    pool.sort(key=lambda c: _place(seed, c.id))
    out: list[Exercise] = []
    spent: dict[str, int] = {}
    later = []
    for candidate in pool[: TRIES * count]:
        if len(out) == count:
            break
        if spent.get(candidate.variety, 0) >= -(-count // SAME_KIND):
            later.append(candidate)
        elif (made := bank.build(candidate, seed)) is not None:
            answer = f"={made.right.id}"
            if spent.get(answer, 0) >= -(-count // SAME_ANSWER):
                later.append(candidate)
                continue
            for key in (candidate.variety, answer):
                spent[key] = spent.get(key, 0) + 1
            out.append(made)
    for candidate in later:
        if len(out) < count and (made := bank.build(candidate, seed)) is not None:
            out.append(made)
    return tuple(out)


def _place(seed: int, exercise: str) -> bytes:
    """Where a question stands in the order of a seed, whatever others there are: a later release keeps the order."""
    return blake2b(f"{seed}/{exercise}".encode(), digest_size=8).digest()


def again(bank: Bank, ids: Sequence[str], seed: int) -> Iterator[Exercise]:
    """Exercises by their identifiers; those that the graph no longer holds are left out."""
    for level in dict.fromkeys(i.partition("/")[0] for i in ids):
        if level in ("recall", "hop", "weigh", "case"):
            known = {c.id: c for c in bank.candidates(level)}  # type: ignore[arg-type]
            for i in ids:
                if i in known and (made := bank.build(known[i], seed)) is not None:
                    yield made


class Mark(NamedTuple):
    """How an answer was marked.

    Attributes:
        right: whether it was right; a ranking is where the right condition stands first.
        share: 1 for a right answer; a ranking gets 1 divided by the place of the right condition.
    """

    right: bool
    share: float


def mark(exercise: Exercise, answer: str) -> Mark:
    """Mark the choice with an identifier."""
    right = answer == exercise.right.id
    return Mark(right, float(right))


def mark_ranking(exercise: Exercise, order: Sequence[str]) -> Mark:
    """Mark conditions in the learner's order; those left out count as last, in no order.

    >>> from kg.model import Choice, Exercise
    >>> made = Exercise("case/x", "case", "cases", "?", (), (Choice("a", "A", False), Choice("b", "B", True)), "")
    >>> mark_ranking(made, ["a", "b"])
    Mark(right=False, share=0.5)
    """
    kept = list(dict.fromkeys(o for o in order if o in {c.id for c in exercise.choices}))
    place = kept.index(exercise.right.id) + 1 if exercise.right.id in kept else len(exercise.choices)
    return Mark(place == 1, 1 / place)
