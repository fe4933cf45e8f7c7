"""Findings of a batch → the table that the scoring function works on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.model import Case
from kg.reason.knowledge import Condition, Knowledge
from kg.reason.likelihood import UNKNOWN_COMPOSITION, chance_of, likelihood, parts_of, related
from kg.reason.pictures import pictures_of
from kg.reason.score import SEXES, UNKNOWN_AGE, Floats, Ints, Priors, Table
from kg.reason.words import Grounded

FOR = 1.6  # no single finding speaks for a condition louder than this many log10 units; an estimate
AGAINST = 0.2  # nor against it: people have the unexpected, and lack the expected; an estimate
ABSENT = 0.5  # weight of a finding that was looked for and not found: doctors report what surprises; an estimate
YOUNGEST_SHARE = 0.05  # a person of any age may have any condition
FALL_OFF = 8.0  # years outside the typical ages within which a condition becomes e times rarer; an estimate
OTHER_SEX = 0.002
SURE = 0.97  # no finding is surer than this, so that silence about it never decides


def table_of(findings: Sequence[Grounded], knowledge: Knowledge) -> Table:
    """The table of these findings, one row each."""
    kinds: dict[object, int] = {}
    kind = [_kind(f, knowledge) for f in findings]
    for k in kind:
        if k is not None:
            kinds.setdefault(k, len(kinds))
    return Table(
        ratios=np.stack([ratios(f, knowledge) for f in findings])
        if findings
        else np.zeros((1, len(knowledge.conditions)), np.float32),
        covered=_covered(findings, knowledge),
        kind=np.array([-1 if k is None else kinds[k] for k in kind] or [-1], dtype=np.int32),
        mentions=_mentions(findings, knowledge),
        expected=_expected(knowledge),
        follows=_follows(findings, knowledge),
        weighs=pictures_of(knowledge).information ** 2,
        picture=_picture(knowledge),
    )


def ratios(finding: Grounded, knowledge: Knowledge) -> Floats:
    """(conditions,) log10 of P(finding | condition) over P(finding | anybody of the field), or of their complements."""
    values, average = values_of([finding], knowledge)
    return np.asarray(ratio(values, average, np.array([finding.status == "present"]))[0], dtype=np.float32)


def ratio(values: Floats, average: Floats, present: NDArray[np.bool_]) -> Floats:
    """(findings, conditions) bounded log10 likelihood ratios.

    Args:
        values: (findings, conditions) P(finding | condition).
        average: (findings,) P(finding | anybody of the field).
        present: (findings,) False for a finding that was looked for and not found.
    """
    mean, there = average[:, None], present[:, None]
    held = np.where(there, values / mean, (1 - values) / (1 - mean))
    return np.asarray(np.where(there, 1, ABSENT) * np.clip(np.log10(held), -AGAINST, FOR), dtype=np.float32)


def values_of(findings: Sequence[Grounded], knowledge: Knowledge) -> tuple[Floats, Floats]:
    """(findings, conditions) P(finding | condition), and (findings,) the same over anybody of the field."""
    known = [_values(f.id, f.qualities, f.sites, knowledge) for f in findings]
    return np.stack([v for v, _ in known]), np.array([a for _, a in known], dtype=np.float32)


@lru_cache(maxsize=20_000)
def _values(
    name: str | None, qualities: tuple[str, ...], sites: tuple[str, ...], knowledge: Knowledge
) -> tuple[Floats, np.float32]:
    """P(finding | condition) for each condition, and over all of them halved with chance."""
    finding = Grounded("", "present", name, qualities, sites, None, "exact", 1.0)
    values = np.array([likelihood(finding, c, knowledge).value for c in knowledge.conditions], dtype=np.float32)
    prior = np.array([c.prior for c in knowledge.conditions], dtype=np.float32)
    return values, np.float32(0.5 * (values @ prior) / prior.sum() + 0.5 * chance_of(finding, knowledge))


def _mentions(findings: Sequence[Grounded], knowledge: Knowledge) -> NDArray[np.bool_]:
    columns = {f: i for i, f in enumerate(knowledge.findings)}
    out = np.zeros((len(findings) + 1, len(columns)), dtype=np.bool_)
    for row, finding in enumerate(findings):
        narrower, wider = related(finding, knowledge)
        out[row, [columns[f] for f in (finding.id, *narrower, *wider) if f in columns]] = True
    return out


def _follows(findings: Sequence[Grounded], knowledge: Knowledge) -> NDArray[np.bool_]:
    columns = pictures_of(knowledge).names
    out = np.zeros((len(findings) + 1, len(columns)), dtype=np.bool_)
    for row, finding in enumerate(findings):
        if finding.status == "present":
            _, wider = related(finding, knowledge)
            out[row, [columns[f] for f in (finding.id, *wider) if f in columns]] = True
    return out


@lru_cache(maxsize=8)
def _picture(knowledge: Knowledge) -> Floats:
    """(named findings, conditions) shares × information, each condition's made 1 long, times information once more."""
    pictures = pictures_of(knowledge)
    vectors = pictures.shares * pictures.information
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray((vectors / np.maximum(length, 1e-6) * pictures.information).T, dtype=np.float32)


@lru_cache(maxsize=8)
def _expected(knowledge: Knowledge) -> Floats:
    """(named findings, conditions) share of each finding in a condition's picture.

    A finding weighs as its absence would: -log10 of P(absent | condition) over P(absent | anybody of the field). Shares
    of one condition add up to 1, so that a condition of which much is known does not lose by it.
    """
    chance = np.array([knowledge.chance.get(f, UNKNOWN_COMPOSITION) for f in knowledge.findings], dtype=np.float32)
    values = np.repeat(chance[:, None], len(knowledge.conditions), axis=1)
    told = np.zeros(values.shape, dtype=np.bool_)
    rows = {f: i for i, f in enumerate(knowledge.findings)}
    for column, condition in enumerate(knowledge.conditions):
        known = {rows[f]: e.likelihood for f, e in condition.expects.items() if f in rows}
        told[list(known), column] = True
        values[list(known), column] = np.minimum(list(known.values()), SURE)
    prior = np.array([c.prior for c in knowledge.conditions], dtype=np.float32)
    average = 0.5 * (values @ prior) / prior.sum() + 0.5 * chance
    weight = np.where(told, np.maximum(0, -np.log10((1 - values) / (1 - average)[:, None])), 0)
    return np.asarray(weight / np.maximum(weight.sum(axis=0), 1e-6), dtype=np.float32)


def _covered(findings: Sequence[Grounded], knowledge: Knowledge) -> NDArray[np.bool_]:
    """A present finding is covered by a narrower present one; an absent one by a wider absent one."""
    rows: dict[tuple[str, str | None], list[int]] = {}
    for i, f in enumerate(findings):
        if f.id is not None:
            rows.setdefault((f.status, f.id), []).append(i)
    out = np.zeros((max(1, len(findings)),) * 2, dtype=np.bool_)
    for i, finding in enumerate(findings):
        narrower, wider = related(finding, knowledge)
        for name in narrower if finding.status == "present" else wider:
            out[i, rows.get((finding.status, name), [])] = True
    np.fill_diagonal(out, False)
    return out


def _kind(finding: Grounded, knowledge: Knowledge) -> object:
    qualities, sites = parts_of(finding, knowledge)
    return (finding.status, qualities) if qualities and sites else None


@lru_cache(maxsize=8)
def priors_of(knowledge: Knowledge) -> Priors:
    """Prior weights by age and sex. Prevalence bands, ages and shares of women are estimates."""
    conditions = knowledge.conditions
    ages = np.arange(UNKNOWN_AGE, dtype=np.float32)[:, None]
    youngest = np.array([-np.inf if c.age_from is None else c.age_from for c in conditions], dtype=np.float32)
    oldest = np.array([np.inf if c.age_to is None else c.age_to for c in conditions], dtype=np.float32)
    outside = np.maximum(0, np.maximum(youngest - ages, ages - oldest))
    prior = np.array([c.prior for c in conditions], dtype=np.float32)
    by_age = prior * np.maximum(YOUNGEST_SHARE, np.exp(-outside / FALL_OFF))
    return Priors(
        np.vstack([by_age, prior]).astype(np.float32),
        np.array([[_for_sex(c, s) for c in conditions] for s in SEXES], dtype=np.float32),
    )


def _for_sex(condition: Condition, sex: str | None) -> float:
    if sex is None or condition.female_share is None:
        return 1.0
    share = condition.female_share if sex == "female" else 1 - condition.female_share
    return max(OTHER_SEX, 2 * share)


def people(cases: Sequence[Case]) -> tuple[Ints, Ints]:
    """(cases,) ages and sexes as the scoring function takes them."""
    ages = [UNKNOWN_AGE if c.age is None else min(c.age, UNKNOWN_AGE - 1) for c in cases]
    return np.array(ages, dtype=np.int32), np.array([SEXES.index(c.sex) for c in cases], dtype=np.int32)
