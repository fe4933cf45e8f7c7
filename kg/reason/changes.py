"""Two releases, the same cases → which answers moved, and which link or figure moved them most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.model import URGENCIES, Evidence, Link, PublishedCase, RankedCondition, Status, Urgency
from kg.reason.evaluate import place_of
from kg.reason.knowledge import Knowledge
from kg.reason.lexicon import Lexicon
from kg.reason.rank import Scored, describe, score
from kg.reason.urgency import alarms, most_urgent
from kg.reason.words import Grounded, understand

LEAST = 0.05  # of log10 of a likelihood ratio: less is of no consequence to a reader
SHOWN = 3  # shifts a condition


@dataclass(frozen=True, slots=True)
class Shift:
    """How much one phrase says of one condition, before and after.

    Attributes:
        before: log10 of the likelihood ratio; None where the phrase was not understood.
        why: which figure, link or estimate it was and is.
    """

    condition: str
    finding: str
    before: float | None
    after: float | None
    why: str

    @property
    def size(self) -> float:
        """How much it moved."""
        return abs((self.after or 0.0) - (self.before or 0.0))


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A case whose answer is another than before.

    Attributes:
        before: place of the published diagnosis; None where the graph has no such condition.
        first_before: the condition that led.
        urgency_before: of the alarms that were raised.
        alarms_gone: red flags that were met before and are not now.
        shifts: what moved most, of the published diagnosis and of what leads now.
    """

    case: str
    diagnosis: str
    before: int | None
    after: int | None
    first_before: str
    first_after: str
    urgency_before: Urgency
    urgency_after: Urgency
    alarms_gone: tuple[str, ...]
    alarms_new: tuple[str, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two releases, as cases see it.

    Attributes:
        cases: how many were answered.
        added: conditions that are new.
        removed: conditions that are gone.
        tops: of 1, 3 and 5 → how many cases had and have the published diagnosis among so many.
    """

    before: str
    after: str
    cases: int
    moved: tuple[CaseMoved, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    tops: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Tables of one release."""

    knowledge: Knowledge
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class _Answer:
    findings: Sequence[Grounded]
    scored: Sequence[Scored]
    place: int | None
    alarms: tuple[str, ...]
    urgency: Urgency


def changes(
    cases: Sequence[PublishedCase], old: Release, new: Release, tell: Callable[[str], None] = lambda _: None
) -> Changes:
    """Answer all cases by both releases and say what moved.

    Args:
        tell: is told which release is being asked, for a progress line.
    """
    tell("the old release")
    before = [_answer(c, old) for c in cases]
    tell("the new release")
    after = [_answer(c, new) for c in cases]
    moved = [_moved(c, a, b, old, new) for c, a, b in zip(cases, before, after, strict=True)]
    names = [{c.id: c.label for c in r.knowledge.conditions} for r in (old, new)]
    return Changes(
        old.knowledge.data_version,
        new.knowledge.data_version,
        len(cases),
        tuple(sorted((m for m in moved if m), key=_order)),
        tuple(sorted(names[1][i] for i in names[1].keys() - names[0].keys())),
        tuple(sorted(names[0][i] for i in names[0].keys() - names[1].keys())),
        tuple((top, _among(before, top), _among(after, top)) for top in (1, 3, 5)),
    )


def _order(moved: CaseMoved) -> tuple[bool, int, str]:
    """Less urgent than before comes first: that is what nobody may overlook."""
    calmer = URGENCIES.index(moved.urgency_after) < URGENCIES.index(moved.urgency_before)
    return not calmer, -abs((moved.after or 999) - (moved.before or 999)), moved.case


def _among(answers: Sequence[_Answer], top: int) -> int:
    return sum(a.place is not None and a.place <= top for a in answers)


def _answer(case: PublishedCase, by: Release) -> _Answer:
    phrases: list[tuple[str, Status]] = [(p, "present") for p in case.case.present]
    phrases += [(p, "absent") for p in case.case.absent]
    found, _ = understand(phrases, by.lexicon)
    scored = score(found, case.case, by.knowledge) if found else ()
    place = place_of([s.condition for s in scored], case.acceptable, by.knowledge)
    raised = alarms(found, case.case, by.knowledge)
    return _Answer(found, scored, place, tuple(a.label for a in raised), most_urgent(raised))


def _moved(case: PublishedCase, old: _Answer, new: _Answer, by_old: Release, by_new: Release) -> CaseMoved | None:
    first = [a.scored[0].condition.label if a.scored else "" for a in (old, new)]
    gone, come = set(old.alarms) - set(new.alarms), set(new.alarms) - set(old.alarms)
    if (old.place, first[0], old.urgency) == (new.place, first[1], new.urgency) and not gone | come:
        return None
    concerned = [a.scored[p - 1].condition.id for a in (new, old) if (p := a.place) is not None]
    concerned += [a.scored[0].condition.id for a in (new, old) if a.scored]
    shifts = [s for i in dict.fromkeys(concerned) for s in _shifts(i, old, new, by_old, by_new)]
    return CaseMoved(
        case.case.id or case.where,
        case.diagnosis,
        old.place,
        new.place,
        first[0],
        first[1],
        old.urgency,
        new.urgency,
        tuple(sorted(gone)),
        tuple(sorted(come)),
        tuple(shifts),
    )


def _shifts(condition: str, old: _Answer, new: _Answer, by_old: Release, by_new: Release) -> Sequence[Shift]:
    before, after = _described(condition, old, by_old), _described(condition, new, by_new)
    if before is None or after is None:
        return ()
    said = [{(e.finding, e.meaning): e for e in r.evidence} for r in (before, after)]
    found = []
    for key in dict.fromkeys((*said[0], *said[1])):
        one, other = said[0].get(key), said[1].get(key)
        numbers = [None if e is None else e.log10_lr for e in (one, other)]
        found.append(Shift(after.label, key[0], numbers[0], numbers[1], _why(one, other)))
    words = "what the condition leads one to expect and nobody mentioned"
    found.append(Shift(after.label, "(not mentioned)", before.silence, after.silence, words))
    words = "how much the case resembles the condition's whole picture"
    found.append(Shift(after.label, "(resemblance)", before.resemblance, after.resemblance, words))
    prior = [_prior(condition, r.knowledge) for r in (by_old, by_new)]
    if prior[0] != prior[1]:
        found.append(Shift(after.label, "(age, sex and how common it is)", None, None, f"{prior[0]} → {prior[1]}"))
    large = [s for s in found if s.size >= LEAST or s.before is None is s.after]
    return sorted(large, key=lambda s: -s.size)[:SHOWN]


def _described(condition: str, answer: _Answer, by: Release) -> RankedCondition | None:
    scored = next((s for s in answer.scored if s.condition.id == condition), None)
    return None if scored is None else describe(scored, 0, answer.findings, by.knowledge)


def _prior(condition: str, knowledge: Knowledge) -> str:
    found = next(c for c in knowledge.conditions if c.id == condition)
    ages = f"{found.age_from or 0}–{found.age_to or 120} years"
    share = "" if found.female_share is None else f", {found.female_share:.0%} women"
    return f"share {found.prior:g}, {ages}{share}"


def _why(before: Evidence | None, after: Evidence | None) -> str:
    """What changed between two pieces of evidence, in words."""
    if before is None:
        return f"now understood as {after.meaning}" if after else ""
    if after is None:
        return f"no longer understood as {before.meaning}"
    words = [f"new figure: {c}" for c in after.citations if c not in before.citations]
    words += [f"figure gone: {c}" for c in before.citations if c not in after.citations]
    chains = [{_chain(p) for p in e.paths} for e in (before, after)]
    words += [f"new chain: {c}" for c in sorted(chains[1] - chains[0])]
    words += [f"chain gone: {c}" for c in sorted(chains[0] - chains[1])]
    if before.likelihood != after.likelihood:
        kinds = "" if before.kind == after.kind else f" ({before.kind} → {after.kind})"
        words.append(f"expected in {before.likelihood:.1%} → {after.likelihood:.1%}{kinds}")
    return "; ".join(words) or "the same of this condition; the others changed"


def _chain(links: Sequence[Link]) -> str:
    return ", ".join(link.label for link in links)
