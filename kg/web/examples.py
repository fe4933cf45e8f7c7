"""Worked example cases, written for this project, that the start page offers."""

from __future__ import annotations

from typing import Any, NamedTuple

from kg.model import Case
from kg.web.asked import TOP, Asked, as_query


class Example(NamedTuple):
    """A case with a name for its address and a title that gives nothing away."""

    name: str
    title: str
    case: Case


EXAMPLES = (
    Example(
        "weak-big-toe",
        "Leg pain after lifting, and a weak big toe",
        Case(("pain down the back of the left leg", "numb top of the foot", "can't lift the big toe"), ("fever",), 45),
    ),
    Example(
        "saddle-numbness",
        "Back pain, and numb where one sits",
        Case(("saddle numbness", "cannot pass urine", "low back pain"), (), 52, "female"),
    ),
    Example(
        "legs-tire-on-walking",
        "Legs that tire on walking and recover on sitting",
        Case(("leg pain when walking", "relieved by sitting", "pain in both legs"), ("weak foot pulses",), 71),
    ),
    Example(
        "burning-outer-thigh",
        "Burning of the outer thigh",
        Case(("burning outer thigh", "numb outer thigh"), ("leg weakness",), 40, "male"),
    ),
    Example(
        "flank-to-groin",
        "Waves of pain from flank to groin",
        Case(("sudden flank pain", "groin pain", "blood in urine"), ("fever",), 38, "male"),
    ),
    Example(
        "foot-drop-after-crossing-legs",
        "Foot drop without back pain",
        Case(("foot drop", "numb top of the foot"), ("low back pain", "weak foot inversion"), 33),
    ),
    Example(
        "buttock-pain-on-sitting",
        "Buttock pain on sitting",
        Case(("buttock pain", "pain worse on sitting", "FAIR test positive"), ("cough makes it worse",), 36, "female"),
    ),
)


def all_examples() -> tuple[dict[str, Any], ...]:
    """The examples as the pages list them."""
    return tuple({"name": e.name, "title": e.title, "pairs": as_query(Asked(e.case, TOP))} for e in EXAMPLES)
