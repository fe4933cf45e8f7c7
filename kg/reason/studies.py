"""The chart against the studies: what moves when measured shares take the place of the textbook's strengths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from kg.model import Answer, Moved
from kg.reason.knowledge import Knowledge, Reach

LEAST_MOVE = 0.005  # of belief, or a place in the list


@lru_cache(maxsize=4)
def by_studies(knowledge: Knowledge) -> Knowledge:
    """The same knowledge with each measured anatomical link at its measured share; the others keep the chart's."""
    return replace(
        knowledge,
        conditions=tuple(replace(c, reaches=_measured(c.reaches)) for c in knowledge.conditions),
        places=tuple(p._replace(supplies=_measured(p.supplies)) for p in knowledge.places),
    )


def _measured(reaches: Mapping[str, Mapping[str, Reach]]) -> dict[str, dict[str, Reach]]:
    return {
        relation: {t: r if r.measured is None else r._replace(strength=r.measured) for t, r in targets.items()}
        for relation, targets in reaches.items()
    }


def moved(chart: Answer, studies: Answer) -> tuple[Moved, ...]:
    """What stands elsewhere by the studies, largest move first: conditions by belief, places by score."""
    found = [
        Moved(c.id, c.label, "condition", one, c.probability)
        for c in studies.conditions
        if (one := {x.id: x.probability for x in chart.conditions}.get(c.id)) is not None
        and abs(one - c.probability) >= LEAST_MOVE
    ]
    found += [
        Moved(s.id, s.label, "place", one, s.score)
        for s in studies.localization
        if (one := {x.id: x.score for x in chart.localization}.get(s.id)) is not None
        and abs(one - s.score) >= LEAST_MOVE
    ]
    return tuple(sorted(found, key=lambda m: (m.kind, -abs(m.chart - m.studies), m.label)))
