"""A chain of links as a small drawing: SVG that needs no script, reads on a phone and prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap

from kg.model import Link

WIDE, BOX, GAP, LINE = 360, 26, 34, 18
LETTERS = 40


def chain_svg(chain: Sequence[Link], labels: Mapping[str, str]) -> str:
    """Boxes from top to bottom with the relation on each arrow; the words of the chain are its text alternative.

    >>> made = chain_svg([Link("a", "p", "b", "L5 root supplies dorsum")], {"a": "L5 <root>", "p": "supplies"})
    >>> "L5 &lt;root&gt;" in made, "supplies" in made
    (True, True)
    """
    things = [chain[0].subject, *(x.object for x in chain)] if chain else []
    parts, y = [], 8
    for i, thing in enumerate(things):
        if i:
            parts += _arrow(y, _named(chain[i - 1].predicate, labels))
            y += GAP
        lines = wrap(_named(thing, labels), LETTERS) or [""]
        tall = BOX + LINE * (len(lines) - 1)
        ends = i in (0, len(things) - 1)
        fill, ink = ("#0b57a4", "#ffffff") if ends else ("#eaf1f8", "#14171b")
        parts.append(f'<rect x="8" y="{y}" width="{WIDE - 16}" height="{tall}" rx="5" fill="{fill}" stroke="#0b57a4"/>')
        parts += [_text(WIDE // 2, y + 18 + LINE * n, line, ink, "middle") for n, line in enumerate(lines)]
        y += tall
    title = escape("; ".join(x.label for x in chain))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" width="{WIDE}" height="{y + 8}" '
        f'viewBox="0 0 {WIDE} {y + 8}" font-family="system-ui, Arial, sans-serif" font-size="14">'
        f'<rect width="{WIDE}" height="{y + 8}" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def _named(iri: str, labels: Mapping[str, str]) -> str:
    return labels.get(iri) or iri.rpartition("/")[2].rpartition("#")[2].replace("-", " ")


def _arrow(y: int, words: str) -> list[str]:
    x = 40
    return [
        f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + GAP - 7}" stroke="#4a525b" stroke-width="2"/>',
        f'<polygon points="{x - 5},{y + GAP - 9} {x + 5},{y + GAP - 9} {x},{y + GAP - 1}" fill="#4a525b"/>',
        _text(x + 16, y + 22, words, "#4a525b", "start"),
    ]


def _text(x: int, y: int, words: str, ink: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" fill="{ink}" text-anchor="{anchor}">{escape(words)}</text>'
