"""What the questions of all levels share: candidates, wrong answers that are near, chains with their sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import NamedTuple

from kg.model import Choice, Facts, Link
from kg.reason.knowledge import Condition, Edge, Knowledge
from kg.reason.likelihood import overlap
from kg.reason.rank import link

WRONG = 3  # wrong answers beside the right one
NEAREST = 6  # the wrong answers are drawn from so many nearest ones
CITED = 3  # sources given for a link that rests on the description of its condition


class Candidate(NamedTuple):
    """A question that could be asked.

    Attributes:
        id: as the exercise's.
        about: identifiers that a topic may name.
        variety: questions of one draw shall differ in this.
    """

    id: str
    topic: str
    about: frozenset[str]
    variety: str


def slug(iri: str) -> str:
    """The readable end of an identifier.

    >>> slug("https://w3id.org/backleg-pain/id/l5-nerve-root")
    'l5-nerve-root'
    """
    return iri.rpartition("/")[2].rpartition("#")[2]


def label(iri: str, knowledge: Knowledge) -> str:
    """Preferred label, or what the identifier says."""
    return knowledge.labels.get(iri) or slug(iri).replace("-", " ")


def touches(thing: str, others: Iterable[str], knowledge: Knowledge) -> bool:
    """Whether a thing is one of the others, a part of one or a whole that holds one."""
    return any(overlap(thing, other, knowledge) for other in others)


def choices(
    right: str, wrong: Sequence[str], near: Callable[[str], float], rng: Random, knowledge: Knowledge
) -> tuple[Choice, ...] | None:
    """The right answer among wrong ones that lie near it, in order of their names; None where there are too few.

    Args:
        near: how near a wrong answer lies to the right one; larger is nearer.
    """
    named: dict[str, str] = {}
    for w in wrong:  # two things of one name would look alike
        if label(w, knowledge) != label(right, knowledge):
            named.setdefault(label(w, knowledge), w)
    pool = sorted(named.values())
    rng.shuffle(pool)
    pool = sorted(pool, key=lambda w: -near(w))[:NEAREST]
    if len(pool) < WRONG:
        return None
    chosen = [right, *rng.sample(pool, WRONG)]
    ordered = sorted(chosen, key=lambda c: (label(c, knowledge).lower(), c))
    return tuple(Choice(c, label(c, knowledge), c == right) for c in ordered)


def chain_links(chain: Iterable[Edge], knowledge: Knowledge) -> tuple[Link, ...]:
    """A chain with its words."""
    return tuple(link(e, knowledge) for e in chain)


def sources_of(chain: Iterable[Edge], facts: Facts) -> tuple[str, ...]:
    """Who says each link of a chain; for links of a condition, what its description rests on."""
    out: list[str] = []
    for s, p, o in chain:
        said = [x for f in facts.of.get(s, ()) if (f.predicate, f.object) == (p, o) for x in f.sources]
        out += said or facts.sources.get(s, ())[:CITED]
    return tuple(dict.fromkeys(out))


def kin(condition: Condition) -> frozenset[str]:
    """A condition with everything it is a kind of."""
    return frozenset({condition.id, *condition.broader})
