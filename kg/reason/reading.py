"""A clause with everything that composing needs to know, and the few steps that every kind of finding shares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from kg.model import How
from kg.reason.clauses import Clause
from kg.reason.grounded import Grounded
from kg.reason.lexicon import Lexicon
from kg.reason.names import Hit
from kg.reason.tokens import Token

PAIN_WORD = re.compile(r"pain(?!less|killer)")


class Measurement(NamedTuple):
    """A finding read off a number: whether it holds, and the number in the unit of its limit."""

    id: str
    holds: bool
    value: float
    unit: str


class Counted(NamedTuple):
    """A phrase whose numbers have been read.

    Attributes:
        text: what is left, in lower case; grades are words, a clause holds at most one of them.
        pain: pain score, 0 to 1.
        days: how long the complaint has lasted.
        ago: days since it happened, where the phrase says "ago" or "before".
        grades: power grades from 0 to 1, in the order of the words that stand for them.
    """

    text: str
    readings: tuple[Measurement, ...] = ()
    pain: float | None = None
    days: float | None = None
    grades: tuple[float, ...] = ()
    ago: float | None = None


class Carried(NamedTuple):
    """What a clause leaves for the next.

    Attributes:
        qualities: those last spoken of.
        mode: worse or better.
        sites: (site, side) still without a quality.
        last: (site, side) last spoken of.
        occasions: circumstances still without worse or better.
    """

    qualities: tuple[str, ...] = ()
    mode: str | None = None
    sites: tuple[tuple[str, str | None], ...] = ()
    last: tuple[tuple[str, str | None], ...] = ()
    occasions: tuple[str, ...] = ()


class Reading(NamedTuple):
    """A clause with everything the composing needs to know.

    Attributes:
        denied: places in the scope of a denial; all of them where the whole phrase is listed as absent.
        sides: place → side.
        normal: whether the clause calls its things normal.
        spread: whether places without a quality are where pain goes to.
    """

    clause: Clause
    words: tuple[Token, ...]
    hits: tuple[Hit, ...]
    denied: frozenset[int]
    sides: Mapping[int, str]
    normal: bool
    spread: bool


def named_how(base: Grounded) -> How:
    """How a named finding was found in a clause."""
    return base.how if base.how == "fuzzy" else "synonym"


def placed(found: Grounded, read: Reading, places: frozenset[int], lexicon: Lexicon) -> Grounded:
    """The finding with the status and side of the place where it stands."""
    side = next((read.sides[p] for p in sorted(places, reverse=True) if p in read.sides), None)
    if any(p in read.denied for p in places):
        found = replace(found, status="absent")
    if found.id is None or lexicon.kinds.get(found.id) not in ("HistoryItem", "LabFinding"):
        found = replace(found, side=side)
    return found


def bare(base: Grounded, quality: str, lexicon: Lexicon) -> Grounded:
    """A quality without a place, by its name if a finding is just that."""
    named = lexicon.composed.get((quality, ""))
    return replace(base, id=named) if named else replace(base, id=None, qualities=(quality,))


def put(base: Grounded, quality: str, site: str, lexicon: Lexicon) -> Grounded:
    """A quality at a site, by its name if a finding is just that."""
    named = lexicon.composed.get((quality, site))
    return replace(base, id=named) if named else replace(base, qualities=(quality,), sites=(site,))


def ruled(found: Grounded) -> Grounded:
    """The same finding, absent."""
    return replace(found, status="absent")


def names_pain(label: str) -> bool:
    """Whether a label speaks of a pain: "painless weakness" and "simple painkiller use" do not.

    >>> names_pain("painful hip movement"), names_pain("opioid painkiller use")
    (True, False)
    """
    return bool(PAIN_WORD.search(label))


def tells_of_pain(g: Grounded, lexicon: Lexicon) -> bool:
    """Whether a finding already says that something hurts."""
    qualities = set(g.qualities or lexicon.parts.get(g.id or "", ((), ()))[0])
    return (
        bool(qualities & lexicon.pains)
        or g.id in lexicon.modal
        or lexicon.kinds.get(g.id or "") == "ClinicalTest"
        or names_pain(lexicon.labels.get(g.id or "", ""))
    )
