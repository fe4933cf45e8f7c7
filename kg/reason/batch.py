"""Many cases → ranked conditions and alarms, a batch at a time, by the functions that answer a single case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from time import perf_counter
from typing import NamedTuple

import numpy as np

from kg.model import URGENCIES, Case, Status, Urgency
from kg.reason.knowledge import Knowledge, RedFlag
from kg.reason.lexicon import Lexicon
from kg.reason.order import order_of
from kg.reason.score import Ints, Table, any_of, posterior, score
from kg.reason.table import people, priors_of, table_of
from kg.reason.urgency import is_recent, reports
from kg.reason.words import Grounded, understand

ID = "https://w3id.org/backleg-pain/id/"
REMEMBERED = 200_000  # phrases


class Believed(NamedTuple):
    """A condition with the model's belief in it."""

    id: str
    label: str
    probability: float


class Ranked(NamedTuple):
    """The short answer for one case of many; `kg explain` gives the reasons."""

    id: str | None
    urgency: Urgency
    alarms: tuple[str, ...]
    conditions: tuple[Believed, ...]
    unmatched: tuple[str, ...]


class Batcher:
    """Answers batches of cases, keeping what it has learnt of phrases and findings between them.

    Attributes:
        understanding, scoring: seconds spent so far.
    """

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon, top: int = 5) -> None:
        self.knowledge = knowledge
        self.top = top
        self.understanding = 0.0
        self.scoring = 0.0
        self._rows: dict[object, int] = {}
        self._first: dict[object, int] = {}
        self._same: list[int] = []  # row → the first row that says the same, however long it has lasted
        self._findings: list[Grounded] = []
        self._table: Table | None = None
        self._flags: FlagTable | None = None
        self._understood = lru_cache(maxsize=REMEMBERED)(
            lambda phrase, status: _understand(phrase, status, knowledge, lexicon)
        )

    def __call__(self, cases: Sequence[Case]) -> list[Ranked]:
        """One answer for each case, in order."""
        start = perf_counter()
        read = [self._read(case) for case in cases]
        middle = perf_counter()
        answers = self._rank(cases, read)
        self.understanding += middle - start
        self.scoring += perf_counter() - middle
        return answers

    def _read(self, case: Case) -> tuple[list[int], list[str]]:
        rows, unmatched = [], []
        phrases = [(p, "present") for p in case.present] + [(p, "absent") for p in case.absent]
        for phrase, status in phrases:
            found = self._understood(phrase, status)
            if not found:
                unmatched.append(phrase)
            rows += [self._row(f) for f in found]
        return rows, unmatched

    def _row(self, finding: Grounded) -> int:
        says = (finding.status, finding.key)
        key = (*says, is_recent(finding))
        if key not in self._rows:
            self._rows[key] = len(self._findings)
            self._same.append(self._first.setdefault(says, len(self._findings)))
            self._findings.append(finding)
            self._table = self._flags = None
        return self._rows[key]

    def _rank(self, cases: Sequence[Case], read: Sequence[tuple[list[int], list[str]]]) -> list[Ranked]:
        if self._table is None or self._flags is None:
            self._table = table_of(self._findings, self.knowledge)
            self._flags = flag_table(self._findings, self.knowledge)
        rows = _padded([r for r, _ in read])
        ages, sexes = people(cases)
        same = np.array([*self._same, -1], dtype=np.int32)[rows]  # row -1 stays -1
        beliefs = posterior(score(same, ages, sexes, self._table, priors_of(self.knowledge)))
        raised = raised_flags(rows, ages, self._flags)
        first = order_of(beliefs, self.knowledge)[:, : self.top]
        return [
            self._answer(case, unmatched, [int(c) for c in first[i]] if found else [], beliefs[i], raised[i])
            for i, (case, (found, unmatched)) in enumerate(zip(cases, read, strict=True))
        ]

    def _answer(
        self, case: Case, unmatched: list[str], order: list[int], belief: np.ndarray, raised: np.ndarray
    ) -> Ranked:
        flags = [self.knowledge.red_flags[i] for i in np.flatnonzero(raised)]
        flags.sort(key=lambda f: (-URGENCIES.index(f.urgency), f.label))
        conditions = self.knowledge.conditions
        return Ranked(
            case.id,
            flags[0].urgency if flags else "routine",
            tuple(f.label for f in flags),
            tuple(Believed(conditions[c].id, conditions[c].label, round(float(belief[c]), 4)) for c in order),
            tuple(unmatched),
        )


def _understand(phrase: str, status: Status, knowledge: Knowledge, lexicon: Lexicon) -> tuple[Grounded, ...]:
    """Words are understood; an identifier, such as id:foot-drop, is taken as it is."""
    if phrase.startswith(("id:", ID)):
        name = ID + phrase.removeprefix(ID).removeprefix("id:")
        known = name in knowledge.findings
        return (Grounded(phrase, status, name, (), (), None, "exact", 1.0),) if known else ()
    return tuple(understand([(phrase, status)], lexicon)[0])


def _padded(rows: Sequence[Sequence[int]]) -> Ints:
    """(cases, most findings) rows, short ones filled up with -1."""
    out = np.full((len(rows), max((len(r) for r in rows), default=0) or 1), -1, dtype=np.int32)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out


class FlagTable(NamedTuple):
    """Criteria of red flags over the findings of a batch.

    Attributes:
        meets: (findings, sets) bool; the finding says that one of the set is there; the last row is empty.
        requires: (criteria, sets) which sets each criterion asks for.
        from_age: (criteria,) years.
        flag: (criteria,) the red flag that each belongs to, in order.
        flags: number of red flags.
    """

    meets: np.ndarray
    requires: np.ndarray
    from_age: Ints
    flag: Ints
    flags: int


def flag_table(findings: Sequence[Grounded], knowledge: Knowledge) -> FlagTable:
    """The table of these findings, one row each, and an empty one at the end."""
    flags: Sequence[RedFlag] = knowledge.red_flags
    criteria = [(i, c) for i, flag in enumerate(flags) for c in flag.criteria if c.requires]
    sets = {s: j for j, s in enumerate(sorted({s for _, c in criteria for s in c.requires}))}
    holders: dict[str, list[int]] = {}
    for members, column in sets.items():
        for f in members:
            holders.setdefault(f, []).append(column)
    meets = np.zeros((len(findings) + 1, len(sets)), dtype=np.bool_)
    for i, finding in enumerate(findings):
        if finding.status == "present":
            meets[i, [j for f in reports(finding, knowledge) for j in holders.get(f, ())]] = True
    requires = np.zeros((len(criteria), len(sets)), dtype=np.float32)
    for row, (_, criterion) in enumerate(criteria):
        requires[row, [sets[s] for s in criterion.requires]] = 1
    return FlagTable(
        meets,
        requires,
        np.array([c.from_age or 0 for _, c in criteria], dtype=np.int32),
        np.array([i for i, _ in criteria], dtype=np.int32),
        len(flags),
    )


def raised_flags(rows: Ints, ages: Ints, table: FlagTable) -> np.ndarray:
    """(cases, red flags) whether each is raised; as `kg.reason.urgency.alarms` decides for one case."""
    lacking = (1 - any_of(rows, table.meets)) @ table.requires.T
    known = np.where(ages > 120, -1, ages)
    met = (lacking < 0.5) & ((table.from_age == 0) | (known[:, None] >= table.from_age))
    out = np.zeros((len(rows), table.flags), dtype=np.bool_)
    edges = [*np.flatnonzero(np.diff(table.flag, prepend=-1)), len(table.flag)]
    for start, end in pairwise(edges):
        out[:, table.flag[start]] = met[:, start:end].any(axis=1)
    return out
