"""What an address asks for → a checked case. The basket of findings lives in the address and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.errors import BadCase
from kg.model import Case
from kg.read.case import make_case

MOST = 50
TOP = 10
Pairs = Sequence[tuple[str, str]]


class Asked(NamedTuple):
    """A case, and how many conditions to describe."""

    case: Case
    top: int


def asked(pairs: Iterable[tuple[str, str]]) -> Asked | None:
    """The case in a query string; None where it holds no finding.

    Raises:
        BadCase: an age, a sex or a number of conditions out of bounds, or too many findings.

    >>> asked([("present", "numb foot"), ("age", "40")]).case.age
    40
    """
    given = [(k, v.strip()) for k, v in pairs if v.strip()]
    present = tuple(v for k, v in given if k == "present")
    absent = tuple(v for k, v in given if k == "absent")
    if not present and not absent:
        return None
    last = dict(given)
    top = _whole(last.get("top"), "top", 1, MOST) or TOP
    return Asked(make_case(present, absent, _whole(last.get("age"), "age", 0, 120), last.get("sex"), "address"), top)


def _whole(text: str | None, name: str, least: int, most: int) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not least <= int(text) <= most:
        raise BadCase(f"{name} must be a whole number from {least} to {most}, not “{text[:40]}”.")
    return int(text)


def as_query(question: Asked) -> list[tuple[str, str]]:
    """The pairs of the address that asks the same again.

    >>> as_query(Asked(Case(("numb foot",), ("fever",), 40), 10))
    [('present', 'numb foot'), ('absent', 'fever'), ('age', '40')]
    """
    case = question.case
    out = [("present", t) for t in case.present] + [("absent", t) for t in case.absent]
    out += [("age", str(case.age))] if case.age is not None else []
    out += [("sex", case.sex)] if case.sex is not None else []
    return out + ([("top", str(question.top))] if question.top != TOP else [])


def basket(question: Asked) -> list[dict[str, object]]:
    """Each finding with the addresses that turn it round or take it out."""
    pairs = as_query(question)
    out: list[dict[str, object]] = []
    for i, (kind, text) in enumerate(pairs):
        if kind in ("present", "absent"):
            other = "absent" if kind == "present" else "present"
            out.append(
                {
                    "status": kind,
                    "text": text,
                    "turned": [*pairs[:i], (other, text), *pairs[i + 1 :]],
                    "without": [*pairs[:i], *pairs[i + 1 :]],
                }
            )
    return out
