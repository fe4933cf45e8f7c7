"""Conditions as pictures: which findings each leads one to expect, how often, and how much each finding tells."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kg.reason.knowledge import Knowledge
from kg.reason.likelihood import NEARLY_NEVER
from kg.reason.score import Floats


class Pictures(NamedTuple):
    """All conditions over all named findings.

    Attributes:
        names: finding → column.
        entails: (findings, findings) 1 where whoever has the row's finding has the column's, itself included.
        shares: (conditions, findings) P(finding, or one that entails it | condition); 0 where the graph says nothing.
        information: (findings,) information content, -ln of the share of conditions that have it, or of the share of
            people who show it without any of them where that is larger.
    """

    names: dict[str, int]
    entails: Floats
    shares: Floats
    information: Floats


@lru_cache(maxsize=8)
def pictures_of(knowledge: Knowledge) -> Pictures:
    """The pictures as the graph has them."""
    names = {f: i for i, f in enumerate(knowledge.findings)}
    entails = np.eye(len(names), dtype=np.float32)
    for f, record in knowledge.findings.items():
        entails[names[f], [names[w] for w in record.wider if w in names]] = 1
    shares = np.zeros((len(knowledge.conditions), len(names)), np.float32)
    for row, condition in enumerate(knowledge.conditions):
        known = [(names[f], e.likelihood) for f, e in condition.expects.items() if f in names]
        seen = [(column, share) for column, share in known if share >= NEARLY_NEVER]
        if seen:
            columns, values = zip(*seen, strict=True)
            shares[row] = (np.array(values, np.float32)[:, None] * entails[list(columns)]).max(axis=0)
    holders = np.maximum((shares > 0).sum(axis=0), 1) / max(1, len(shares))
    chance = np.array([knowledge.chance.get(f, 0.0) for f in names], dtype=np.float32)
    return Pictures(names, entails, shares, np.asarray(-np.log(np.maximum(holders, chance)), dtype=np.float32))
