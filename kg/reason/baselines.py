"""Simple rankers to measure the model against: they know which findings each condition has, and nothing else.

Each takes findings as named in the graph, with everything that follows from them, and returns (conditions,) scores.
Findings known to be absent, frequencies, anatomy, age and sex are not used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kg.reason.knowledge import Knowledge
from kg.reason.likelihood import NEARLY_NEVER, related
from kg.reason.score import Floats
from kg.reason.words import Grounded


class Lists(NamedTuple):
    """Conditions as plain lists of findings.

    Attributes:
        names: finding → column.
        has: (conditions, findings) 1 where the condition has the finding or one that entails it.
        information: (findings,) information content, -ln of the share of conditions that have it.
        common: (findings, findings) information content of the most informative finding that both entail.
    """

    names: dict[str, int]
    has: Floats
    information: Floats
    common: Floats


Baseline = Callable[[Sequence[Grounded], Knowledge], Floats]


@lru_cache(maxsize=4)
def _lists(knowledge: Knowledge) -> Lists:
    names = {f: i for i, f in enumerate(knowledge.findings)}
    entails = np.eye(len(names), dtype=np.float32)
    for f, record in knowledge.findings.items():
        entails[names[f], [names[w] for w in record.wider if w in names]] = 1
    has = np.zeros((len(knowledge.conditions), len(names)), np.float32)
    for row, condition in enumerate(knowledge.conditions):
        for f, known in condition.expects.items():
            if f in names and known.likelihood >= NEARLY_NEVER:
                has[row] = np.maximum(has[row], entails[names[f]])
    share = np.maximum(has.sum(axis=0), 1) / max(1, len(has))
    information = np.asarray(-np.log(share), dtype=np.float32)
    common = np.zeros((len(names), len(names)), np.float32)
    for column in range(len(names)):  # one shared ancestor at a time
        holders = np.flatnonzero(entails[:, column])
        block = np.ix_(holders, holders)
        common[block] = np.maximum(common[block], information[column])
    return Lists(names, has, information, common)


def _said(findings: Sequence[Grounded], knowledge: Knowledge) -> tuple[list[int], Floats]:
    """Columns of the named present findings, and a (findings,) vector of all that follows from them."""
    lists = _lists(knowledge)
    own: dict[int, None] = {}
    follows = np.zeros(len(lists.names), np.float32)
    for f in findings:
        if f.status == "present":
            _, wider = related(f, knowledge)
            columns = [lists.names[n] for n in (f.id, *wider) if n is not None and n in lists.names]
            follows[columns] = 1
            own.update(dict.fromkeys(columns[:1] if f.id else columns))
    return list(own), follows


def overlap_count(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """How many of the findings said does the condition have."""
    own, _ = _said(findings, knowledge)
    return np.asarray(_lists(knowledge).has[:, own].sum(axis=1))


def jaccard(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """Findings in common over findings of either, everything that follows included."""
    has, (_, said) = _lists(knowledge).has, _said(findings, knowledge)
    both = has @ said
    return np.asarray(both / np.maximum(has.sum(axis=1) + said.sum() - both, 1))


def tf_idf_cosine(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """Cosine of the two lists, each finding weighted by how few conditions have it."""
    lists, (_, said) = _lists(knowledge), _said(findings, knowledge)
    theirs, ours = lists.has * lists.information, said * lists.information
    length = np.linalg.norm(theirs, axis=1) * np.linalg.norm(ours)
    return np.asarray(theirs @ ours / np.maximum(length, 1e-9))


def semantic_similarity(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """Symmetric mean of best matches by Resnik's information content, as in Phenomizer.

    Source: Köhler and others 2009, Am J Hum Genet 85:457, PMID 19800049 (without its p-values).
    """
    lists, (own, _) = _lists(knowledge), _said(findings, knowledge)
    if not own:
        return np.zeros(len(knowledge.conditions), np.float32)
    out = []
    for condition in knowledge.conditions:
        theirs = [lists.names[f] for f, e in condition.expects.items() if e.likelihood >= NEARLY_NEVER]
        match = lists.common[np.ix_(own, theirs)]
        out.append((match.max(axis=1).mean() + match.max(axis=0).mean()) / 2 if theirs else 0.0)
    return np.asarray(out, dtype=np.float32)


BASELINES: dict[str, Baseline] = {
    "overlap count": overlap_count,
    "Jaccard": jaccard,
    "TF-IDF cosine": tf_idf_cosine,
    "semantic similarity": semantic_similarity,
}
