"""Look-alikes side by side → text made to be read on a terminal."""

from __future__ import annotations

from kg.model import Cell, Comparison
from kg.notice import DISCLAIMER
from kg.show.as_record import Style, plain_style, wrap
from kg.show.as_text import BASIS_WORDS

SIGN = {"for": "+", "against": "−", "neutral": "·"}
COLOUR = {"for": "green", "against": "red", "neutral": ""}


def comparison_text(found: Comparison, style: Style = plain_style, width: int = 100) -> str:
    """Each telling finding with what every condition says of it, the most telling first."""
    blocks = [style("What tells them apart: ", "bold") + " · ".join(c.label for c in found.conditions)]
    blocks += [
        wrap(f"{a.label} and {b.label} cannot be told apart by any finding the graph knows.", width)
        for a, b in found.alike
    ]
    for row in found.rows:
        lines = [style(row.finding.label, "bold") + f"  ({row.bits:.2f} bits)"]
        for condition, cell in zip(found.conditions, row.cells, strict=True):
            lines += _cell(condition.label, cell, style, width)
        blocks.append("\n".join(lines))
    if not found.rows:
        blocks.append("No finding of the graph separates them.")
    note = "Bits: expected information about which of them it is, each being equally likely beforehand."
    return "\n\n".join([*blocks, wrap(note, width), wrap(DISCLAIMER, width)])


def _cell(label: str, cell: Cell, style: Style, width: int) -> list[str]:
    basis = BASIS_WORDS[cell.kind] if cell.known else "nothing said; chance"
    share = f"{cell.likelihood:.0%}" if cell.likelihood >= 0.01 else "<1%"
    sign = style(SIGN[cell.effect], COLOUR[cell.effect]) if COLOUR[cell.effect] else SIGN[cell.effect]
    why = [*cell.citations[:1], *(" → ".join(link.label for link in path) for path in cell.paths[:1])]
    return [f"  {sign} {label}: {share} ({basis})", *(wrap(w, width, "      ", "        ") for w in why)]
