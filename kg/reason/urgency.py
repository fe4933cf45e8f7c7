"""Findings → alarms. Rules only ask for what is present, so another finding can add an alarm and never remove one."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import URGENCIES, Alarm, Case, Name, Urgency
from kg.reason.knowledge import LATELY, Criterion, Knowledge, RedFlag
from kg.reason.likelihood import related
from kg.reason.words import CHRONIC, Grounded


def alarms(findings: Sequence[Grounded], case: Case, knowledge: Knowledge) -> tuple[Alarm, ...]:
    """All red flags that the case meets, most urgent first."""
    said: dict[str, str] = {}
    for finding in findings:
        if finding.status == "present":
            for f in reports(finding, knowledge):
                said.setdefault(f, finding.text)
    found = [a for flag in knowledge.red_flags if (a := _alarm(flag, said, case, knowledge)) is not None]
    return tuple(sorted(found, key=lambda a: (-URGENCIES.index(a.urgency), a.label)))


def is_recent(finding: Grounded) -> bool:
    """Whether a finding is not known to have lasted longer than twelve weeks."""
    return finding.days is None or finding.days <= CHRONIC


def reports(finding: Grounded, knowledge: Knowledge) -> tuple[str, ...]:
    """What a present finding says for criteria: itself, what it entails, and the same again as new unless it is old."""
    _, wider = related(finding, knowledge)
    ids = (*([finding.id] if finding.id else []), *wider)
    return (*ids, *(f + LATELY for f in ids)) if is_recent(finding) else ids


def _alarm(flag: RedFlag, said: dict[str, str], case: Case, knowledge: Knowledge) -> Alarm | None:
    met = [c for c in flag.criteria if _met(c, said, case)]
    if not met:
        return None
    because = tuple(dict.fromkeys(said[f] for c in met for s in c.requires for f in s if f in said))
    names = tuple(Name(s, knowledge.labels.get(s, s)) for s in flag.suggests)
    return Alarm(flag.id, flag.label, flag.urgency, because, flag.action, names, flag.sources)


def _met(criterion: Criterion, said: dict[str, str], case: Case) -> bool:
    if criterion.from_age is not None and (case.age is None or case.age < criterion.from_age):
        return False
    return bool(criterion.requires) and all(any(f in said for f in s) for s in criterion.requires)


def most_urgent(found: Sequence[Alarm]) -> Urgency:
    """The highest urgency among alarms; routine where there is none."""
    return max((a.urgency for a in found), key=URGENCIES.index, default="routine")
