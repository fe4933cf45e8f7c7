"""Answers → JSON-ready dictionaries, in the shape the contract names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kg.model import Answer, Comparison, Moved, Path, WhyNot


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer of `explain` as the contract gives it."""
    return {
        "case": {"age": answer.case.age, "sex": answer.case.sex, "side": answer.side},
        "findings": [asdict(m) for m in answer.findings],
        "unmatched": list(answer.unmatched),
        "urgency": answer.urgency,
        "alarms": [asdict(a) for a in answer.alarms],
        "conditions": [asdict(c) for c in answer.conditions],
        "localization": [asdict(s) for s in answer.localization],
        "ask_next": [asdict(q) for q in answer.ask_next],
        "together": None if answer.together is None else asdict(answer.together),
        "version": dict(answer.version),
        "note": "probability is this model's own belief over the conditions it knows, not a diagnosis",
    }


def why_not_json(found: WhyNot) -> dict[str, Any]:
    """The answer of `explain --why-not`."""
    return asdict(found)


def moved_json(found: Sequence[Moved]) -> list[dict[str, Any]]:
    """What moved between chart and studies."""
    return [asdict(m) for m in found]


def localization_json(answer: Answer) -> dict[str, Any]:
    """The answer of `localize`."""
    whole = answer_json(answer)
    return {key: whole[key] for key in ("findings", "unmatched", "localization", "version")}


def paths_json(start: str, goal: str, found: tuple[Path, ...]) -> dict[str, Any]:
    """The answer of `paths`."""
    return {
        "from": start,
        "to": goal,
        "paths": [{"cost": p.cost, "links": [asdict(link) for link in p.links]} for p in found],
    }


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The answer of `compare`."""
    return {
        "conditions": [asdict(c) for c in found.conditions],
        "rows": [asdict(r) for r in found.rows],
        "alike": [[asdict(a), asdict(b)] for a, b in found.alike],
        "note": "bits are expected information, each condition being equally likely beforehand; not a diagnosis",
    }
