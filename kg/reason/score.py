"""A batch of cases → how well each condition fits each case: the one scoring function, for one case or a million.

Log-likelihood ratios are added over the findings of a case that tell something new. Where one finding entails another,
only the one that says more counts; n findings of one kind (such as pain at n places) weigh n^-1/2 each, because they
are not independent and adding them in full would count one piece of information several times. That fall is an
estimate. What nobody mentions speaks too: a condition loses by the share of its picture that was left out. And the case
is held against each condition's picture as a whole, as texts are compared (cosine of vectors in which a finding weighs
by its information content; Salton and Buckley 1988, Inf Process Manage 24:513): findings that come in company tell more
than their sum, and a long picture is no advantage.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PRIOR_POWER = 0.6  # how much of the (estimated) prevalence bands is believed; an estimate
TEMPER = 0.6  # overall dependence between findings, which turns scores into honest beliefs; an estimate
SILENCE = 3.0  # log10 units between mentioning nothing and everything that a condition leads one to expect; an estimate
RESEMBLANCE = 3.0  # power of how much more a case resembles a picture than the average one; an estimate
UNLIKE = 0.02  # least resemblance, so that a case without a named finding decides nothing; an estimate
NONE_OF_THESE = 0.05  # prior share of causes that the graph does not know; an estimate
UNKNOWN_AGE = 121
SEXES = ("female", "male", None)

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


class Table(NamedTuple):
    """What each distinct finding of a batch says of each condition.

    Attributes:
        ratios: (findings, conditions) log10 likelihood ratios.
        covered: (findings, findings) bool; [i, j] where i tells nothing beside j.
        kind: (findings,) findings of one kind share a number; -1 stands alone.
        mentions: (findings, named findings) bool; saying the one tells something of the other; the last row is empty.
        expected: (named findings, conditions) share of the finding in all that the condition leads one to expect.
        follows: (findings, named findings) bool; having the one means having the other; the last row is empty.
        weighs: (named findings,) square of the information content.
        picture: (named findings, conditions) the conditions' vectors of length 1, times the information content.
    """

    ratios: Floats
    covered: NDArray[np.bool_]
    kind: Ints
    mentions: NDArray[np.bool_]
    expected: Floats
    follows: NDArray[np.bool_]
    weighs: Floats
    picture: Floats


class Priors(NamedTuple):
    """Prior weights of the conditions.

    Attributes:
        by_age: (122, conditions) weight at each age in years, the last row for an unknown age.
        by_sex: (3, conditions) factor for female, male and unknown.
    """

    by_age: Floats
    by_sex: Floats


def weights(rows: Ints, table: Table) -> Floats:
    """(cases, findings) weight of each finding in its case: 0 where another says more.

    Args:
        rows: (cases, findings) row of each finding in the table; -1 fills up short cases.
    """
    one, other = rows[:, :, None], rows[:, None, :]
    both = (one >= 0) & (other >= 0)
    places = np.arange(rows.shape[1])
    repeats = (one == other) & (places[:, None] > places[None, :])
    silent = (both & (repeats | table.covered[one, other])).any(axis=2)
    counts = (rows >= 0) & ~silent
    kind = np.where(counts, table.kind[rows], -1)
    alike = ((kind[:, :, None] == kind[:, None, :]) & (kind >= 0)[:, :, None]).sum(axis=2)
    return np.asarray(counts / np.sqrt(np.maximum(alike, 1)), dtype=np.float32)


def score(rows: Ints, ages: Ints, sexes: Ints, table: Table, priors: Priors) -> Floats:
    """(cases, conditions) log10 of prior × likelihood ratios, before it is made a share.

    Args:
        rows: (cases, findings) row of each finding in the table; -1 fills up short cases.
        ages: (cases,) years; `UNKNOWN_AGE` where nobody said.
        sexes: (cases,) index into `SEXES`.
    """
    total = log_prior(ages, sexes, priors)
    weight = weights(rows, table)
    for place in range(rows.shape[1]):  # one finding of all cases at a time keeps memory at cases × conditions
        total += weight[:, place, None] * table.ratios[rows[:, place]]
    return np.asarray(total + silence(rows, table) + resemblance(rows, table), dtype=np.float32)


def silence(rows: Ints, table: Table) -> Floats:
    """(cases, conditions) what the expected findings that nobody mentions take from each condition, in log10 units."""
    said = any_of(rows, table.mentions)
    return np.asarray(np.float32(-SILENCE) * ((1 - said) @ table.expected), dtype=np.float32)


def resemblance(rows: Ints, table: Table) -> Floats:
    """(cases, conditions) what likeness of case and picture as wholes adds, in log10 units; 0 for the average."""
    said = any_of(rows, table.follows)
    length = np.sqrt(said @ table.weighs)[:, None]
    cosine = (said @ table.picture) / np.maximum(length, np.float32(1e-6)) + np.float32(UNLIKE)
    return np.asarray(RESEMBLANCE * np.log10(cosine / cosine.mean(axis=1, keepdims=True)), dtype=np.float32)


def any_of(rows: Ints, columns: NDArray[np.bool_]) -> Floats:
    """(cases, columns) 1 where one of a case's rows holds; row -1 is the empty last one."""
    out = np.zeros((len(rows), columns.shape[1]), dtype=np.bool_)
    for place in range(rows.shape[1]):  # as truth values, because this is bound by memory
        out |= columns[rows[:, place]]
    return out.astype(np.float32)


def log_prior(ages: Ints, sexes: Ints, priors: Priors) -> Floats:
    """(cases, conditions) log10 of the prior shares, as far as they are believed."""
    prior = priors.by_age[ages] * priors.by_sex[sexes]
    return np.asarray(PRIOR_POWER * np.log10(prior / prior.sum(axis=1, keepdims=True)), dtype=np.float32)


def posterior(scores: Floats) -> Floats:
    """(cases, conditions) shares of belief; what is missing to 1 is "none of these".

    >>> bool(posterior(np.array([[0.0, 0.0]], dtype=np.float32)).sum() < 1)
    True
    """
    none = PRIOR_POWER * np.log10(NONE_OF_THESE)
    top = np.maximum(scores.max(axis=1, keepdims=True), none)
    odds = 10 ** (TEMPER * (scores - top))
    rest = 10 ** (TEMPER * (none - top))
    return np.asarray(odds / (odds.sum(axis=1, keepdims=True) + rest), dtype=np.float32)
