"""Beliefs → the order in which conditions are shown, and which of them are forms of one another."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kg.reason.knowledge import Knowledge
from kg.reason.score import Floats, Ints


def order_of(beliefs: Floats, knowledge: Knowledge) -> Ints:
    """(cases, conditions) conditions, likeliest first; equals in the order of their labels."""
    by_label = _by_label(knowledge)
    return np.asarray(by_label[np.argsort(-beliefs[:, by_label], axis=1, kind="stable")], dtype=np.int32)


@lru_cache(maxsize=8)
def _by_label(knowledge: Knowledge) -> Ints:
    labels = [c.label for c in knowledge.conditions]
    return np.array(sorted(range(len(labels)), key=labels.__getitem__), dtype=np.int32)


@lru_cache(maxsize=8)
def families_of(knowledge: Knowledge) -> Ints:
    """(conditions,) number of the family of each: a condition with all its narrower forms."""
    places = {c.id: i for i, c in enumerate(knowledge.conditions)}

    def widest(i: int) -> int:
        above = [places[b] for b in knowledge.conditions[i].broader if b in places]
        return widest(above[0]) if above else i

    return np.array([widest(i) for i in range(len(places))], dtype=np.int32)
