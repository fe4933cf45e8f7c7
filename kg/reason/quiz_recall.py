"""Anatomy recall: which muscle, area, reflex, movement or root a link of the graph names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from random import Random
from typing import NamedTuple

from kg.model import BL, Exercise, Facts, Name
from kg.reason.knowledge import Edge, Knowledge
from kg.reason.quiz_common import Candidate, chain_links, choices, label, slug, sources_of, touches


class Template(NamedTuple):
    """A relation to ask about, from either end."""

    topic: str
    kind: str
    predicate: str
    forward: str
    backward: str


TEMPLATES = (
    Template(
        *("muscles", "NerveRoot", "suppliesMuscle"),
        *("Which of these muscles is supplied by the {}?", "Which of these roots supplies the {}?"),
    ),
    Template(
        *("skin", "NerveRoot", "suppliesSkinArea"),
        *("Which of these areas of skin is supplied by the {}?", "Which of these roots supplies the skin of the {}?"),
    ),
    Template(
        *("reflexes", "NerveRoot", "mediatesReflex"),
        *("Which of these reflexes runs through the {}?", "Which of these roots carries the {}?"),
    ),
    Template(
        *("movements", "NerveRoot", "testedByMovement"),
        *("Which of these movements tests the {}?", "Which of these roots is tested by {}?"),
    ),
    Template(
        *("muscles", "Nerve", "suppliesMuscle"),
        *("Which of these muscles is supplied by the {}?", "Which of these nerves supplies the {}?"),
    ),
    Template(
        *("skin", "Nerve", "suppliesSkinArea"),
        *("Which of these areas of skin is supplied by the {}?", "Which of these nerves supplies the skin of the {}?"),
    ),
    Template(
        *("roots", "Nerve", "arisesFrom"),
        *("Which of these roots gives rise to the {}?", "Which of these has fibres from the {}?"),
    ),
    Template(
        *("levels", "DiscZone", "abutsRoot"),
        *(
            "Which of these roots does disc material in the {} meet?",
            "In which of these zones does disc material meet the {}?",
        ),
    ),
    Template(
        *("movements", "Muscle", "performsMovement"),
        *("Which of these movements is performed by the {}?", "Which of these muscles performs {}?"),
    ),
    Template(
        *("referred pain", "Organ", "refersPainTo"),
        *(
            "In which of these areas can pain from the {} be felt?",
            "Pain from which of these organs can be felt in the {}?",
        ),
    ),
)
TOPICS = tuple(dict.fromkeys(t.topic for t in TEMPLATES))


@lru_cache(maxsize=4 * len(TEMPLATES))
def _table(index: int, facts: Facts, knowledge: Knowledge) -> Mapping[str, frozenset[str]]:
    """Subject → all things that it is linked to by the template's relation, asserted or entailed."""
    template = TEMPLATES[index]
    reached = {p.id: p.supplies.get(template.predicate, {}) for p in knowledge.places}
    out = {}
    for subject, kind in facts.kinds.items():
        if kind == template.kind:
            direct = {f.object for f in facts.of[subject] if f.predicate == BL + template.predicate}
            if objects := frozenset(direct | set(reached.get(subject, {}))):
                out[subject] = objects
    return out


def _edges(index: int, facts: Facts) -> Iterable[Edge]:
    """Links that a fair question can be about: written down, and called minor by nobody."""
    predicate = BL + TEMPLATES[index].predicate
    for subject, kind in facts.kinds.items():
        if kind == TEMPLATES[index].kind:
            for f in facts.of[subject]:
                if f.predicate == predicate and f.main and not f.entailed:
                    yield subject, predicate, f.object


def candidates(facts: Facts) -> list[Candidate]:
    """All questions of this level."""
    return [
        Candidate(f"recall/{way}/{slug(s)}/{slug(p)}/{slug(o)}", t.topic, frozenset({s, o}), f"{i}{way}")
        for i, t in enumerate(TEMPLATES)
        for s, p, o in _edges(i, facts)
        for way in ("forward", "backward")
    ]


def build(candidate: Candidate, rng: Random, facts: Facts, knowledge: Knowledge) -> Exercise | None:
    """The exercise, or None where too few wrong answers are surely wrong."""
    _, way, subject, predicate, thing = candidate.id.split("/")
    index = int(candidate.variety.removesuffix(way))
    template, table = TEMPLATES[index], _table(index, facts, knowledge)
    named = {slug(x): x for x in candidate.about}
    s, o = named[subject], named[thing]
    if way == "forward":
        right, wrong = o, _unlinked_objects(s, table, knowledge)
        shared = {x: {k for k, v in table.items() if x in v} for x in (right, *wrong)}
    else:
        right, wrong = s, _unlinked_subjects(o, table, knowledge)
        shared = {x: set(table[x]) for x in (right, *wrong)}
    found = choices(right, wrong, lambda w: len(shared[w] & shared[right]), rng, knowledge)
    if found is None:
        return None
    edge: Edge = (s, BL + predicate, o)
    text = template.forward.format(label(s, knowledge)) if way == "forward" else template.backward.format(
        label(o, knowledge)
    )  # fmt: skip
    links = chain_links([edge], knowledge)
    asked = s if way == "forward" else o
    return Exercise(
        id=candidate.id,
        level="recall",
        topic=template.topic,
        text=text,
        about=(Name(asked, label(asked, knowledge)),),
        choices=found,
        explanation=f"The graph says: {links[0].label}. It says so of none of the other answers.",
        paths=(links,),
        sources=sources_of([edge], facts),
    )


def _unlinked_objects(subject: str, table: Mapping[str, frozenset[str]], knowledge: Knowledge) -> list[str]:
    """Objects of the relation that have nothing to do with what the subject is linked to."""
    held = table[subject]
    pool = sorted(set().union(*table.values()) - held)
    return [x for x in pool if not touches(x, held, knowledge)]


def _unlinked_subjects(thing: str, table: Mapping[str, frozenset[str]], knowledge: Knowledge) -> list[str]:
    """Subjects of the relation whose objects have nothing to do with the thing."""
    return [s for s in sorted(table) if not touches(thing, table[s], knowledge)]
