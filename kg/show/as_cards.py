"""Exercises → flash cards whose identity comes from the identifiers of the things asked about."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from html import escape

from kg.model import Card, Exercise
from kg.notice import DISCLAIMER
from kg.show.as_chain import chain_svg
from kg.show.as_quiz import LEVEL_WORDS, SOURCES

BASE = "https://w3id.org/backleg-pain/id/quiz/"  # before an exercise's own identifier: what a card is known by


def guid(exercise: Exercise) -> str:
    """The same for the same question in every release, whatever its words and its wrong answers are.

    >>> from kg.model import Choice
    >>> make = lambda text: Exercise("recall/x", "recall", "skin", text, (), (Choice("a", "A", True),), "")
    >>> guid(make("one")) == guid(make("other"))
    True
    """
    return hashlib.sha256((BASE + exercise.id).encode()).hexdigest()[:24]


def cards(exercises: Sequence[Exercise], labels: Mapping[str, str]) -> tuple[Card, ...]:
    """One card for each exercise."""
    return tuple(
        Card(
            guid(e),
            question_html(e),
            escape(e.right.label, quote=False),
            _why(e, labels),
            sources_html(e),
            ("backleg-kg", LEVEL_WORDS[e.level].lower(), e.topic),
        )
        for e in exercises
    )


def question_html(exercise: Exercise) -> str:
    """Alarms, then the question with all that is told, then the answers to choose from."""
    told = [escape(s, quote=False) for s in exercise.shown]
    told += [
        f"{'' if s.status == 'present' else 'not found: '}{escape(s.finding, quote=False)}" for s in exercise.steps
    ]
    facts = f"<ul>{''.join(f'<li>{t}</li>' for t in told)}</ul>" if told else ""
    options = "".join(f"<li>{escape(c.label, quote=False)}</li>" for c in exercise.choices)
    return f"{alarms_html(exercise)}<p>{escape(exercise.text, quote=False)}</p>{facts}<ol type=a>{options}</ol>"


def alarms_html(exercise: Exercise) -> str:
    """The red flags that a case meets; empty where there are none."""
    raised = exercise.steps[-1].alarms if exercise.steps else ()
    return "".join(
        f"<p class=alarm><b>{escape(a.label, quote=False)}</b>: {escape(a.action, quote=False)}</p>" for a in raised
    )


def sources_html(exercise: Exercise) -> str:
    """Where the answer comes from."""
    return "".join(f"<p>{escape(s, quote=False)}</p>" for s in exercise.sources[:SOURCES])


def _why(exercise: Exercise, labels: Mapping[str, str]) -> str:
    pictures = "".join(chain_svg(p, labels) for p in exercise.paths[:1])
    words = escape(exercise.explanation, quote=False)
    return f"<p>{words}</p>{pictures}<p class=notice>{escape(DISCLAIMER, quote=False)}</p>"
