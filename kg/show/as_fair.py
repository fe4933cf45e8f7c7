"""The FAIR checks → text and JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.read.fair import Check

Style = Callable[[str, str], str]
MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "bold")}
CAVEAT = (
    "The rules go by the names of the public lists; compare with the list itself before you quote one. "
    "A rule marked · cannot be checked without the net or outside a checkout."
)


def fair_text(found: Sequence[Check], addresses: dict[str, str], style: Style = lambda text, _: text) -> str:
    """One line a rule, under the list it comes from."""
    lines: list[str] = []
    for source, address in addresses.items():
        own = [c for c in found if c.source == source]
        passed, checked = sum(c.passed is True for c in own), sum(c.passed is not None for c in own)
        lines += ["", style(f"{source}: {passed} of {checked} passed, {len(own) - checked} not checked", "bold")]
        lines += [f"  {address}"]
        for c in own:
            mark, colour = MARKS[c.passed]
            lines.append(f"  {style(mark, colour)} {c.rule}: {c.found}" + (f". Cure: {c.cure}" if c.cure else ""))
    return "\n".join([*lines[1:], "", CAVEAT])


def fair_json(found: Sequence[Check], addresses: dict[str, str]) -> dict[str, Any]:
    """The same, JSON-ready."""
    return {"checks": [c._asdict() for c in found], "lists": addresses, "note": CAVEAT}
