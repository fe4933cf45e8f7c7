"""Localisation as a table: what each phrase adds to each place, so that a page without a server can add up.

The numbers are those of `localize`, taken apart; adding them up in the order of the phrases gives its scores.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.reason.knowledge import Knowledge
from kg.reason.lexicon import Lexicon
from kg.reason.localize import BOTH_SIDES, ONE_SIDED, contribution, cost, reach, relations_of
from kg.reason.urgency import reports
from kg.reason.words import Grounded, ground


def localization_table(phrases: Iterable[str], knowledge: Knowledge, lexicon: Lexicon) -> dict[str, Any]:
    """Places, and for each phrase the findings it reports.

    A finding has `organs` (two of them need a lesion of both sides), `both` where its phrase says both sides, and,
    for `present` and `absent`, what it adds: `else` to a place that does not reach it, and `at` the number of a
    place a pair of points and whether the place explains it. `means` lists the findings that a present phrase
    entails, as far as some red flag asks for them.
    `flags` are the red flags that need no age; of each criterion, one finding of every set must be there.
    """
    flags = [
        (flag, criteria)
        for flag in knowledge.red_flags
        if (criteria := [c.requires for c in flag.criteria if c.requires and c.from_age is None])
    ]
    asked = {f for _, criteria in flags for requires in criteria for alternatives in requires for f in alternatives}
    return {
        "places": [
            {"id": p.id, "label": p.label, "kind": p.kind, "cost": cost(p), "one_sided": p.kind in ONE_SIDED}
            for p in knowledge.places
        ],
        "both_sides": BOTH_SIDES,
        "phrases": {text: _phrase(text, asked, knowledge, lexicon) for text in dict.fromkeys(phrases)},
        "flags": [
            {"id": f.id, "label": f.label, "urgency": f.urgency, "action": f.action, "criteria": criteria}
            for f, criteria in flags
        ],
    }


def _phrase(text: str, asked: set[str], knowledge: Knowledge, lexicon: Lexicon) -> dict[str, Any]:
    found = ground(text, "present", lexicon)
    means = {f for g in found for f in reports(g, knowledge)}
    return {
        "findings": [row for g in found if (row := _finding(g, knowledge)) is not None],
        "means": sorted(means & asked),
    }


def _finding(finding: Grounded, knowledge: Knowledge) -> dict[str, Any] | None:
    relations, sites = relations_of(finding, knowledge)
    if not (relations and sites):
        return None
    strengths = {i: s for i, p in enumerate(knowledge.places) if (s := reach(p, relations, sites, knowledge))}
    organs = list(sites) if "suppliesOrgan" in relations else []
    row: dict[str, Any] = {"organs": organs, "both": finding.side == "both"}
    for status in ("present", "absent"):
        row[status] = {
            "else": contribution(status, relations, 0.0)[0],
            "at": {i: contribution(status, relations, s) for i, s in strengths.items()},
        }
    return row
