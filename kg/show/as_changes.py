"""What changed between two releases → text and JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kg.notice import DISCLAIMER

if TYPE_CHECKING:
    from kg.reason.changes import CaseMoved, Changes, Shift

Style = Callable[[str, str], str]


def changes_json(found: Changes) -> dict[str, Any]:
    """Everything, JSON-ready."""
    return asdict(found)


def changes_text(found: Changes, style: Style = lambda text, _: text) -> str:
    """The change log in clinical terms."""
    lines = [style(f"{found.before} → {found.after}: {headline(found)}", "bold"), ""]
    lines += [f"{words}: {', '.join(c)}" for words, c in (("New", found.added), ("Gone", found.removed)) if c]
    lines += [f"Published diagnosis among the first {top}: {a} → {b} of {found.cases}" for top, a, b in found.tops]
    for moved in found.moved:
        lines += ["", style(f"{moved.case} ({moved.diagnosis})", "bold"), *(f"  {line}" for line in what_moved(moved))]
        lines += [f"  · {shift_words(s)}" for s in moved.shifts]
    return "\n".join([*lines, "", DISCLAIMER])


def headline(found: Changes) -> str:
    """How many answers moved."""
    return f"{len(found.moved)} of {found.cases} cases are answered otherwise"


def what_moved(moved: CaseMoved) -> list[str]:
    """Place, leader and urgency of a case, where they changed."""
    out = []
    if moved.before != moved.after:
        out.append(f"diagnosis: {_place(moved.before)} → {_place(moved.after)}")
    if moved.first_before != moved.first_after:
        out.append(f"first: {moved.first_before or 'none'} → {moved.first_after or 'none'}")
    if moved.urgency_before != moved.urgency_after:
        out.append(f"urgency: {moved.urgency_before} → {moved.urgency_after}".replace("_", " "))
    out += [f"alarm no longer raised: {a}" for a in moved.alarms_gone] + [f"new alarm: {a}" for a in moved.alarms_new]
    return out


def _place(place: int | None) -> str:
    return "not known" if place is None else f"place {place}"


def shift_words(shift: Shift) -> str:
    """One piece of evidence that moved."""
    if shift.before is None and shift.after is None:
        return f"{shift.condition}: {shift.finding}: {shift.why}"
    numbers = " → ".join("–" if n is None else f"{n:+.2f}" for n in (shift.before, shift.after))
    finding = shift.finding if shift.finding.startswith("(") else f"“{shift.finding}”"
    return f"{shift.condition}: {finding} {numbers}: {shift.why}"
