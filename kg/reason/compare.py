"""Look-alikes side by side: which findings tell most about which of a few conditions it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import fsum, log10

from kg.errors import InputError
from kg.model import Cell, Comparison, Effect, Name, Telling
from kg.reason.ask import information
from kg.reason.knowledge import Condition, Knowledge
from kg.reason.likelihood import Likelihood, likelihood
from kg.reason.rank import link
from kg.reason.words import Grounded

FEWEST, MOST = 2, 5
WORTH = 0.02  # bits below which a finding tells nothing worth a row
NEUTRAL = 0.1  # |log10| of the ratio to the others below which a cell leans to neither side


def compare(ids: Sequence[str], knowledge: Knowledge, top: int = 12) -> Comparison:
    """The findings that best tell a few conditions apart, each condition being as likely as the others beforehand.

    They come in the order of expected information times the share of the conditions of which the graph says
    something about the finding.

    Args:
        ids: two to five identifiers of conditions.
        top: how many findings.

    Raises:
        InputError: fewer than two or more than five, or one of them is no condition.
    """
    chosen = _chosen(ids, knowledge)
    table = {f: tuple(likelihood(grounded(f, knowledge), c, knowledge) for c in chosen) for f in knowledge.findings}
    # Where nothing is known of a finding in any of them, chance speaks for all alike.
    table = {f: row for f, row in table.items() if any(cell.known for cell in row)}
    names = [Name(c.id, c.label) for c in chosen]
    bits = {f: _bits([cell.value for cell in row]) for f, row in table.items()}
    # Silence is no evidence: a finding that nobody wrote down for a condition counts as far as it is known.
    worth = {f: bits[f] * sum(cell.known for cell in table[f]) / len(chosen) for f in table}
    order = sorted((f for f in table if bits[f] >= WORTH), key=lambda f: (-worth[f], knowledge.findings[f].label))
    rows: list[str] = []
    for f in order:
        if len(rows) < top and not any(_kin(f, r, knowledge) for r in rows):
            rows.append(f)
    alike = tuple(
        (names[i], names[j])
        for i, j in combinations(range(len(names)), 2)
        if all(_bits([row[i].value, row[j].value]) < WORTH for row in table.values())
    )
    telling = tuple(
        Telling(Name(f, knowledge.findings[f].label), round(bits[f], 3), _cells(table[f], knowledge)) for f in rows
    )
    return Comparison(tuple(names), telling, alike)


def _chosen(ids: Sequence[str], knowledge: Knowledge) -> list[Condition]:
    ids = list(dict.fromkeys(ids))
    if not FEWEST <= len(ids) <= MOST:
        raise InputError(f"Compare {FEWEST} to {MOST} different conditions, not {len(ids)}.")
    known = {c.id: c for c in knowledge.conditions}
    for i in ids:
        if i not in known:
            name = knowledge.labels.get(i, i.rpartition("/")[2])
            raise InputError(f"“{name}” is no condition with findings of its own. Try `kg search --kind Condition`.")
    return [known[i] for i in ids]


def grounded(finding: str, knowledge: Knowledge) -> Grounded:
    """A named finding as if somebody had reported it by its label."""
    return Grounded(knowledge.findings[finding].label, "present", finding, (), (), None, "exact", 1.0)


def _bits(chances: Sequence[float]) -> float:
    return information([1 / len(chances)] * len(chances), chances)


def _kin(a: str, b: str, knowledge: Knowledge) -> bool:
    """Whether one of two findings entails the other, so that a second row would say the same again."""
    return a in knowledge.findings[b].wider or b in knowledge.findings[a].wider


def _cells(row: Sequence[Likelihood], knowledge: Knowledge) -> tuple[Cell, ...]:
    out = []
    for i, cell in enumerate(row):
        others = [c.value for j, c in enumerate(row) if j != i]
        ratio = log10(cell.value * len(others) / fsum(others))
        effect: Effect = "neutral" if abs(ratio) < NEUTRAL else "for" if ratio > 0 else "against"
        out.append(
            Cell(
                likelihood=round(cell.value, 3),
                log10_lr=round(ratio, 2),
                effect=effect,
                kind=cell.basis,
                known=cell.known,
                statistics=cell.statistics,
                citations=tuple(knowledge.citations[s] for s in cell.statistics if s in knowledge.citations),
                paths=tuple(tuple(link(e, knowledge) for e in chain) for chain in cell.chains),
            )
        )
    return tuple(out)
