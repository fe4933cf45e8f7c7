"""Exercises → JSON and text for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from textwrap import fill
from typing import Any
from urllib.parse import quote

from kg.model import Alarm, Basis, Evidence, Exercise, Level, Link
from kg.notice import DISCLAIMER
from kg.show.as_chain import chain_svg

Style = Callable[[str, str], str]
LEVEL_WORDS: Mapping[Level, str] = {
    "recall": "Anatomy recall",
    "hop": "The next link of a chain",
    "weigh": "For or against",
    "case": "A whole case",
}
BASIS_WORDS: Mapping[Basis, str] = {
    "published": "published figure",
    "derived": "follows from anatomy",
    "estimate": "estimate",
}
LETTERS = "abcdefghij"
PATHS, SOURCES = 2, 3  # chains and sources shown with an answer


def exercise_json(exercise: Exercise, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An exercise with its answer.

    Args:
        labels: names of things and relations; with them each chain comes as a picture too, an address of SVG.
    """
    out = asdict(exercise)
    out["level_words"] = LEVEL_WORDS[exercise.level]
    out["right"] = exercise.right.id
    for reasons in out["reasons"]:
        for evidence in reasons:
            evidence["paths"] = evidence["paths"][:1]
    if labels is not None:
        out["pictures"] = [
            "data:image/svg+xml," + quote(chain_svg(p, labels), safe=" /:='") for p in exercise.paths[:PATHS]
        ]
    return out


def quiz_json(
    exercises: Sequence[Exercise], seed: int, version: dict[str, str], labels: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Questions with their answers as one document."""
    return {
        "seed": seed,
        "exercises": [exercise_json(e, labels) for e in exercises],
        "version": version,
        "note": f"Marked by the graph's own links and figures. {DISCLAIMER}",
    }


def question_text(exercise: Exercise, style: Style, width: int) -> str:
    """The question with its lettered answers; of a case only who it is about and what to rank."""
    lines = [style(fill(exercise.text, width), "bold")]
    lines += [fill(f"· {s}", width, subsequent_indent="  ") for s in exercise.shown]
    for letter, choice in zip(LETTERS, exercise.choices, strict=False):
        lines.append(fill(f"{letter}) {choice.label}", width, initial_indent="  ", subsequent_indent="     "))
    return "\n".join(lines)


def alarms_text(alarms: Sequence[Alarm], style: Style, width: int) -> str:
    """Red flags, each with what to do."""
    lines = []
    for a in alarms:
        head = f"ALARM ({a.urgency.replace('_', ' ')}): {a.label}. {a.action}"
        lines.append(style(fill(head, width, subsequent_indent="  "), "red"))
    return "\n".join(lines)


def answer_text(exercise: Exercise, style: Style, width: int) -> str:
    """Why the right answer is right: words, chains, sources."""
    lines = [fill(exercise.explanation, width, initial_indent="  ", subsequent_indent="  ")]
    if exercise.level in ("weigh", "case"):
        lines += [_indented(f"Chain: {chain_words(p)}.", width) for p in exercise.paths[:PATHS]]
    lines += [style(_indented(f"Source: {s}", width), "cyan") for s in exercise.sources[:SOURCES]]
    return "\n".join(lines)


def _indented(words: str, width: int) -> str:
    return fill(words, width, initial_indent="  ", subsequent_indent="    ")


def reasons_text(exercise: Exercise, which: int, style: Style, width: int) -> str:
    """What one of the conditions of a case has for and against it."""
    lines = [style(exercise.choices[which].label, "bold")]
    lines += [_indented(reason_words(e), width) for e in exercise.reasons[which]]
    return "\n".join(lines if len(lines) > 1 else [*lines, "  nothing clear for or against it"])


def reason_words(evidence: Evidence) -> str:
    """One reason in a line.

    >>> reason_words(Evidence("limp", "limp", "against", -0.3, "estimate", 0.01))
    '− limp: 2 times less likely (estimate)'
    """
    times = 10 ** abs(evidence.log10_lr)
    sign, words = ("+", "likelier") if evidence.effect == "for" else ("−", "less likely")
    return f"{sign} {evidence.finding}: {float(f'{times:.2g}'):g} times {words} ({BASIS_WORDS[evidence.kind]})"


def chain_words(chain: Sequence[Link]) -> str:
    """A chain in words."""
    return "; ".join(x.label for x in chain)
