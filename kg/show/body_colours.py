"""What sources say of an area → its colour: one structure, several by the same source, or sources that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

WORTH = {"main": 3, "minor": 1, "variable": 1}
MOST_BANDS = 4
# Light enough for dark words on them, each far from those of its neighbours on the body.
ROOTS = {
    "t7": "#d8cdb4", "t8": "#c6bda6", "t9": "#e3dcbe", "t10": "#bcd39a", "t11": "#9fc7b5", "t12": "#dcc389",
    "l1": "#f3b79b", "l2": "#f8dc72", "l3": "#9ed39c", "l4": "#8cc5ec", "l5": "#f0907f", "s1": "#bba4ea",
    "s2": "#74cfc3", "s3": "#f3a5cb", "s4": "#c9dc66", "s5": "#d9a066", "co": "#b9c1ca",
}  # fmt: skip
OTHERS = (
    "#dcc389", "#9fc7b5", "#f3b79b", "#bba4ea", "#8cc5ec", "#f8dc72", "#74cfc3", "#f3a5cb", "#f0907f", "#9ed39c",
    "#b9c1ca", "#d9a066", "#c9dc66", "#a8b5f0", "#e7b3e0", "#bcd39a", "#86d6e8", "#e2cfa0", "#f5c2c2", "#a9d8b8",
    "#cfb8a0", "#c8c8f4", "#f1dfa3", "#a3c1d9",
)  # fmt: skip
NOBODY = "#e6e8eb"  # no source of the graph speaks of this area

How = Literal["nobody", "one", "together", "differ"]


class Paint(NamedTuple):
    """Which structures colour an area, the one with most votes first.

    Attributes:
        how: whether nobody speaks of the area, all name one structure, all name the same several, or sources differ.
    """

    how: How
    ids: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """Name of the pattern, or "" where one plain colour does."""
        return "" if len(self.ids) < 2 else f"{self.how}-" + "-".join(i.removesuffix("-nerve-root") for i in self.ids)


def paint(rows: Iterable[Mapping[str, Any]], source: int | None = None, rivals: bool = True) -> Paint:
    """The colour of an area.

    Args:
        rows: statements with `id`, `strength` (main, minor, variable) and `source`.
        source: listen to this one alone.
        rivals: whether each source speaks of all structures, so that naming others first is a disagreement. Maps of
            roots do; what is written of nerves is mostly about one nerve, and several supply an area together.

    >>> said = [{"id": "l4", "strength": "variable", "source": 0}, {"id": "l5", "strength": "main", "source": 1}]
    >>> paint(said), paint(said, 0)
    (Paint(how='differ', ids=('l5', 'l4')), Paint(how='one', ids=('l4',)))
    >>> paint([{"id": "l4", "strength": "main", "source": 0}, said[1]], rivals=False).how
    'together'
    >>> paint([])
    Paint(how='nobody', ids=())
    """
    heard: dict[int, dict[str, int]] = {}
    for row in rows:
        if source is None or row["source"] == source:
            said = heard.setdefault(row["source"], {})
            said[row["id"]] = max(WORTH.get(row["strength"], 1), said.get(row["id"], 0))
    if heard and not rivals:
        heard = {0: {i: w for said in heard.values() for i, w in sorted(said.items(), key=lambda x: x[1])}}
    first = [frozenset(i for i, w in said.items() if w == max(said.values())) for said in heard.values()]
    votes: dict[str, int] = {}
    for said, named in zip(heard.values(), first, strict=True):
        for i in named:
            votes[i] = votes.get(i, 0) + said[i]
    ids = tuple(sorted(votes, key=lambda i: (-votes[i], i)))[:MOST_BANDS]
    how: How = "nobody" if not ids else "one" if len(ids) == 1 else "differ" if len(set(first)) > 1 else "together"
    return Paint(how, ids)


def colours(slugs: Sequence[str]) -> dict[str, str]:
    """A colour for each root or nerve.

    >>> colours(["l5-nerve-root", "sural-nerve"])["l5-nerve-root"]
    '#f0907f'
    """
    rest = iter(OTHERS * (1 + len(slugs) // len(OTHERS)))
    return {s: ROOTS.get(_root(s)) or next(rest) for s in slugs}


def _root(slug: str) -> str:
    return "" if not slug.endswith("-nerve-root") else slug[:2] if slug.startswith("co") else slug.split("-")[0]
