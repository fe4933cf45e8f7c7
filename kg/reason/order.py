"""Beliefs → the order in which conditions are shown.

The first places go to different conditions: a second form of one already listed waits behind them. A level of disc
herniation, say, comes first where it fits best, and the other levels come after the best of what else it might be;
otherwise the forms of one condition would fill the page and hide the alternatives.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kg.reason.knowledge import Knowledge
from kg.reason.score import Floats, Ints

DIFFERENT = 5  # so many first places go to conditions of different families


class Families(NamedTuple):
    """Which conditions are forms of one another.

    Attributes:
        by_label: (conditions,) conditions in the order of their labels, which decides between equals.
        family: (conditions,) number of the family of each.
    """

    by_label: Ints
    family: Ints


@lru_cache(maxsize=8)
def families_of(knowledge: Knowledge) -> Families:
    """A family is a condition with all its narrower forms."""
    places = {c.id: i for i, c in enumerate(knowledge.conditions)}

    def widest(i: int) -> int:
        above = [places[b] for b in knowledge.conditions[i].broader if b in places]
        return widest(above[0]) if above else i

    roots = [widest(i) for i in range(len(places))]
    numbers = {r: n for n, r in enumerate(dict.fromkeys(roots))}
    by_label = sorted(range(len(places)), key=lambda i: knowledge.conditions[i].label)
    return Families(np.array(by_label, dtype=np.int32), np.array([numbers[r] for r in roots], dtype=np.int32))


def order_of(beliefs: Floats, families: Families) -> Ints:
    """(cases, conditions) conditions in the order in which they are shown.

    Conditions 0 and 1 are forms of one thing, so the less likely of them waits behind the other four:

    >>> families = Families(np.arange(5, dtype=np.int32), np.array([0, 0, 1, 2, 3], dtype=np.int32))
    >>> order_of(np.array([[0.4, 0.3, 0.2, 0.05, 0.04]], dtype=np.float32), families).tolist()
    [[0, 2, 3, 4, 1]]
    """
    by_label, family = families
    order = by_label[np.argsort(-beliefs[:, by_label], axis=1, kind="stable")]
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1], dtype=order.dtype)[None, :], axis=1)
    grouped = np.argsort(family, kind="stable")
    starts = np.flatnonzero(np.diff(family[grouped], prepend=-1))
    best = np.minimum.reduceat(place[:, grouped], starts, axis=1)[:, family]
    first = np.take_along_axis(place == best, order, axis=1)
    first &= np.cumsum(first, axis=1) <= DIFFERENT
    return np.asarray(np.take_along_axis(order, np.argsort(~first, axis=1, kind="stable"), axis=1), dtype=np.int32)
