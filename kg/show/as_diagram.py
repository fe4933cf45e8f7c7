"""Diagrams of the model as SVG, drawn with the page's own colours, each with its content in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

LETTER = 7.4  # width of a letter at the size used
ROW = 34
TALL = 24


def _box(x: float, y: float, words: str, wide: float, strong: bool = False) -> str:
    kind = "box strong" if strong else "box"
    return (
        f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{TALL}" rx="5"/>'
        f'<text class="{"on-strong" if strong else ""}" x="{x + wide / 2:.0f}" y="{y + 16.5:.1f}" '
        f'text-anchor="middle">{escape(words)}</text>'
    )


def _wide(words: Sequence[str]) -> float:
    return max((len(w) for w in words), default=4) * LETTER + 18


def _svg(wide: float, tall: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="diagram" role="img" aria-label="{escape(title)}" width="{wide:.0f}" height="{tall:.0f}" '
        f'viewBox="0 0 {wide:.0f} {tall:.0f}" xmlns="http://www.w3.org/2000/svg">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def chain(first: str, steps: Sequence[tuple[str, str]], result: str) -> str:
    """A property chain: what leads from a thing to another, and the link that follows.

    Args:
        steps: property and the class it leads to, one for each link.
        result: the property that follows from first to last.
    """
    names = [first, *(to for _, to in steps)]
    wide, gap = _wide(names), _wide([p for p, _ in steps]) + 12
    parts, y = [], 44.0
    for i, name in enumerate(names):
        x = 4 + i * (wide + gap)
        parts.append(_box(x, y, name, wide, strong=i == 0))
        if i:
            parts.append(f'<path class="line" marker-end="url(#tip)" d="M{x - gap:.0f} {y + 12:.0f}H{x - 2:.0f}"/>')
            parts.append(
                f'<text x="{x - gap / 2:.0f}" y="{y + 4:.0f}" text-anchor="middle">{escape(steps[i - 1][0])}</text>'
            )
    end = 4 + (len(names) - 1) * (wide + gap)
    last = end + wide / 2
    parts.append(
        f'<path class="line follows" marker-end="url(#tip)" '
        f'd="M{4 + wide / 2:.0f} {y:.0f}C{4 + wide / 2:.0f} 8 {last:.0f} 8 {last:.0f} {y - 2:.0f}"/>'
    )
    parts.append(f'<text class="so" x="{(4 + end + wide) / 2:.0f}" y="14" text-anchor="middle">{escape(result)}</text>')
    words = f"{', '.join(f'{p} {to}' for p, to in steps)}; so {first} {result} {names[-1]}"
    return _svg(end + wide + 4, y + TALL + 6, f"{first} {words}", parts)


def _middle(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{escape(words)}</text>'


def star(centre: str, incoming: Sequence[tuple[str, str]], outgoing: Sequence[tuple[str, str]]) -> str:
    """A class with the properties that lead to it (other class, property) and from it (property, other class).

    Each other class stands once on a side, with all properties that lead there.
    """
    left, right = _grouped(incoming), _grouped([(b, p) for p, b in outgoing])
    rows = max(len(left), len(right), 1)
    w_left, w_right = _wide([a for a, _ in left]), _wide([b for b, _ in right])
    g_left, g_right = (_wide([p for _, p in side]) + 40 for side in (left, right))
    middle, x = _wide([centre]), 4 + (w_left + g_left if left else 0)
    y = 18 + (rows - 1) * ROW / 2
    parts = [_box(x, y, centre, middle, strong=True)]
    for i, (other, words) in enumerate(left):
        at = 18 + i * ROW + (rows - len(left)) * ROW / 2
        path = f"M{4 + w_left:.0f} {at + 12:.0f}H{x - 22:.0f}V{y + 12:.0f}H{x - 2:.0f}"
        parts += [_box(4, at, other, w_left), _arm(path, 4 + w_left + 8, at + 8, words)]
    for i, (other, words) in enumerate(right):
        at, end = 18 + i * ROW + (rows - len(right)) * ROW / 2, x + middle + g_right
        path = f"M{x + middle:.0f} {y + 12:.0f}H{x + middle + 20:.0f}V{at + 12:.0f}H{end - 2:.0f}"
        parts += [_box(end, at, other, w_right), _arm(path, x + middle + 28, at + 8, words)]
    said = [f"{a} {p} {centre}" for a, p in incoming] + [f"{centre} {p} {b}" for p, b in outgoing]
    wide = x + middle + (g_right + w_right if right else 0) + 4
    return _svg(wide, 22 + rows * ROW, "; ".join(said), parts)


SHOWN = 2  # properties named on one line of a star; its words name all


def _grouped(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for other, prop in pairs:
        found.setdefault(other, []).append(prop)
    return [
        (o, ", ".join(ps[:SHOWN]) + (f" and {len(ps) - SHOWN} more" if len(ps) > SHOWN else ""))
        for o, ps in found.items()
    ]


def _arm(path: str, x: float, y: float, words: str) -> str:
    return f'<path class="line" marker-end="url(#tip)" d="{path}"/><text x="{x:.0f}" y="{y:.0f}">{escape(words)}</text>'


def tree(root: str, children: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> str:
    """Classes under one another, from left to right."""
    parts: list[str] = []
    columns: dict[int, float] = {}

    def depths(node: str, depth: int) -> None:
        columns[depth] = max(columns.get(depth, 0), _wide([labels[node]]))
        for child in children.get(node, ()):
            depths(child, depth + 1)

    depths(root, 0)
    rows = 0

    def draw(node: str, depth: int) -> float:
        nonlocal rows
        x = 4 + sum(columns[d] + 40 for d in range(depth))
        below = [draw(c, depth + 1) for c in children.get(node, ())]
        if not below:
            y = 4.0 + rows * ROW
            rows += 1
        else:
            y = (below[0] + below[-1]) / 2
        wide = _wide([labels[node]])
        parts.append(_box(x, y, labels[node], wide, strong=depth == 0))
        start, end = x + wide, x + columns[depth] + 40
        for at in below:
            bend = (start + end) / 2
            parts.append(
                f'<path class="line" d="M{start:.0f} {y + 12:.0f}C{bend:.0f} {y + 12:.0f} {bend:.0f} {at + 12:.0f} '
                f'{end:.0f} {at + 12:.0f}"/>'
            )
        return y

    draw(root, 0)
    said = "; ".join(
        f"{labels[n]}: {', '.join(labels[c] for c in cs)}" for n, cs in children.items() if cs and n in labels
    )
    whole = 8 + sum(columns.values()) + 40 * (len(columns) - 1)
    return _svg(whole, 4 + rows * ROW, said or labels[root], parts)
