"""Exercises → Moodle's GIFT text: one multiple-choice question each, with feedback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from kg.model import Exercise
from kg.notice import DISCLAIMER
from kg.show.as_cards import guid, question_html, sources_html
from kg.show.as_quiz import LEVEL_WORDS

SPECIAL = re.compile(r"([\\~=#{}:])")


def gift_escape(text: str) -> str:
    r"""A text in which no character steers the format.

    >>> gift_escape("a{b}: 1=2")
    'a\\{b\\}\\: 1\\=2'
    """
    # A blank line would end the question.
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def gift(exercises: Sequence[Exercise]) -> str:
    """All exercises as one file, sorted into a category for each level."""
    out = [f"// Back–leg pain knowledge graph. {DISCLAIMER}"]
    for level, words in LEVEL_WORDS.items():
        chosen = [e for e in exercises if e.level == level]
        if chosen:
            out.append(f"$CATEGORY: Back–leg pain/{words}")
            out += [_question(e) for e in chosen]
    return "\n\n".join(out) + "\n"


def _question(exercise: Exercise) -> str:
    stem = _stem(exercise)
    answers = "\n".join(
        f"  {'=' if c.right else '~'}{gift_escape(escape(c.label, quote=False))}" for c in exercise.choices
    )
    why = f"<p>{escape(exercise.explanation, quote=False)}</p>{sources_html(exercise)}<p>{escape(DISCLAIMER)}</p>"
    # The comment gives Moodle an ID number, so that a later import can be matched.
    head = f"// [id:{guid(exercise)}] [tag:{exercise.topic}]"
    return f"{head}\n::{gift_escape(exercise.id)}::[html]{gift_escape(stem)}{{\n{answers}\n  ####{gift_escape(why)}\n}}"


def _stem(exercise: Exercise) -> str:
    whole = question_html(exercise)
    return whole.partition("<ol type=a>")[0]  # Moodle lists the answers itself
