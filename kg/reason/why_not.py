"""Why not this condition, and what would change it: the smallest change of findings that lifts it above another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from kg.model import Case, Change, WhyNot
from kg.reason.knowledge import Condition, Knowledge
from kg.reason.likelihood import related
from kg.reason.rank import describe, score
from kg.reason.score import score as score_batch
from kg.reason.table import people, priors_of, table_of
from kg.reason.words import Grounded

OPTIONS = 14  # changes that are tried in combination
LARGEST = 3  # changes at once


class _Option(NamedTuple):
    """One change: a phrase taken back, or a finding added."""

    change: Change
    drop: str | None
    add: Grounded | None


def why_not(
    findings: Sequence[Grounded], case: Case, knowledge: Knowledge, wanted: str, rival: str | None = None
) -> WhyNot:
    """What speaks between a condition and a rival, and the fewest changes that would turn it round.

    Every combination of up to three of the most telling changes is scored anew, so what is listed does turn it.

    Args:
        wanted: identifier of the condition asked about.
        rival: identifier of the one to compare with; without it the likeliest other one.
    """
    ranked = score(findings, case, knowledge)
    places = {s.condition.id: i for i, s in enumerate(ranked)}
    against = rival or next(s.condition.id for s in ranked if s.condition.id != wanted)
    one, other = ranked[places[wanted]], ranked[places[against]]
    parts = [describe(s, places[s.condition.id] + 1, findings, knowledge) for s in (one, other)]
    ahead = one.probability > other.probability
    changes = () if ahead else _smallest(findings, case, knowledge, one.condition, other.condition)
    return WhyNot(
        wanted=parts[0],
        rival=parts[1],
        ahead=ahead,
        changes=changes,
    )


def _smallest(
    findings: Sequence[Grounded], case: Case, knowledge: Knowledge, wanted: Condition, rival: Condition
) -> tuple[Change, ...]:
    options = _options(findings, knowledge, wanted, rival)
    pair = [knowledge.conditions.index(c) for c in (wanted, rival)]
    sets = [s for n in range(1, LARGEST + 1) for s in combinations(range(len(options)), n)]
    if not sets:
        return ()
    gaps = _gaps(findings, case, knowledge, options, sets, pair)
    for n in range(1, LARGEST + 1):
        turned = [(gaps[i], s) for i, s in enumerate(sets) if len(s) == n and gaps[i] > 0]
        if turned:
            _, best = max(turned)
            return tuple(options[i].change for i in best)
    return ()


def _options(findings: Sequence[Grounded], knowledge: Knowledge, wanted: Condition, rival: Condition) -> list[_Option]:
    """The changes that tell most between the two, one at a time."""
    said = {f.id for f in findings}
    for f in findings:
        narrower, wider = related(f, knowledge)
        said |= {*narrower, *wider}
    named = [f for c in (wanted, rival) for f in c.expects if f not in said and f in knowledge.findings]
    new = [
        Grounded(knowledge.findings[f].label, status, f, (), (), None, "exact", 1.0)
        for f in dict.fromkeys(named)
        for status in ("present", "absent")
    ]
    columns = [knowledge.conditions.index(c) for c in (wanted, rival)]
    ratios = table_of(new, knowledge).ratios[: len(new)][:, columns] if new else np.zeros((0, 2))
    added = [(float(r[0] - r[1]), _Option(Change(f.status, f.text), None, f)) for f, r in zip(new, ratios, strict=True)]
    texts = list(dict.fromkeys(f.text for f in findings))
    own = table_of(findings, knowledge).ratios[:, columns]
    dropped = [
        (
            -sum(float(own[i, 0] - own[i, 1]) for i, f in enumerate(findings) if f.text == t),
            _Option(Change("without", t), t, None),
        )
        for t in texts
    ]
    best = sorted((o for o in added + dropped if o[0] > 0), key=lambda o: (-o[0], o[1].change.finding))
    return [o for _, o in best[:OPTIONS]]


def _gaps(
    findings: Sequence[Grounded],
    case: Case,
    knowledge: Knowledge,
    options: Sequence[_Option],
    sets: Sequence[tuple[int, ...]],
    pair: Sequence[int],
) -> list[float]:
    """(sets,) how far the wanted condition would lie above its rival, each set of changes scored anew."""
    every = list(dict.fromkeys([*findings, *(o.add for o in options if o.add is not None)]))
    keys = {(f.status, f.key): i for i, f in reversed(list(enumerate(every)))}
    table = table_of(every, knowledge)
    rows = np.full((len(sets), len(findings) + LARGEST), -1, dtype=np.int32)
    for r, chosen in enumerate(sets):
        dropped = {options[i].drop for i in chosen}
        kept = [f for f in findings if f.text not in dropped]
        kept += [a for i in chosen if (a := options[i].add) is not None]
        rows[r, : len(kept)] = [keys[f.status, f.key] for f in kept]
    ages, sexes = people([case] * len(sets))
    scores = score_batch(rows, ages, sexes, table, priors_of(knowledge))
    return [float(x) for x in scores[:, pair[0]] - scores[:, pair[1]]]
