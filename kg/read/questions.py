"""The competency questions that ship with the graph: one SPARQL file each, found by wildcard.

The first comment lines of a file hold its parts:

    # question: Which conditions can numb the dorsum of the foot, and through what?
    # parameter: area = id:dorsum-of-foot
    # expect: superficial fibular nerve
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from kg.read.files import home


class Question(NamedTuple):
    """A competency question.

    Attributes:
        name: the file's name without its ending.
        expect: texts that some row of the answer must hold.
    """

    name: str
    question: str
    parameters: tuple[str, ...]
    expect: tuple[str, ...]
    text: str


def all_questions() -> tuple[Question, ...]:
    """All questions, in order of name."""
    return tuple(_read(p) for p in sorted((home() / "ontology" / "questions").glob("*.rq")))


def find_question(name: str) -> Question | None:
    """The question of this name, or None."""
    path = home() / "ontology" / "questions" / f"{name}.rq"
    return _read(path) if re.fullmatch(r"[a-z0-9-]+", name) and path.is_file() else None


def _read(path: Path) -> Question:
    text = path.read_text(encoding="utf-8")

    def part(key: str) -> tuple[str, ...]:
        return tuple(m.strip() for m in re.findall(rf"(?m)^# {key}: (.*)$", text))

    return Question(path.stem, " ".join(part("question")), part("parameter"), part("expect"), text)
