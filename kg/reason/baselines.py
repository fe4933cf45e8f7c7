"""Simple rankers to measure the model against: they know which findings each condition has, and nothing else.

Each takes findings as named in the graph, with everything that follows from them, and returns (conditions,) scores.
Findings known to be absent, frequencies, anatomy, age and sex are not used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from kg.reason.knowledge import Knowledge
from kg.reason.likelihood import NEARLY_NEVER, related
from kg.reason.pictures import pictures_of
from kg.reason.score import Floats
from kg.reason.words import Grounded

Baseline = Callable[[Sequence[Grounded], Knowledge], Floats]


@lru_cache(maxsize=4)
def _has(knowledge: Knowledge) -> Floats:
    """(conditions, findings) 1 where the condition has the finding or one that entails it."""
    return np.asarray(pictures_of(knowledge).shares > 0, dtype=np.float32)


@lru_cache(maxsize=4)
def _common(knowledge: Knowledge) -> Floats:
    """(findings, findings) information content of the most informative finding that both entail."""
    pictures = pictures_of(knowledge)
    common = np.zeros_like(pictures.entails)
    for column in range(len(common)):  # one shared ancestor at a time
        holders = np.flatnonzero(pictures.entails[:, column])
        block = np.ix_(holders, holders)
        common[block] = np.maximum(common[block], pictures.information[column])
    return common


def _said(findings: Sequence[Grounded], knowledge: Knowledge) -> tuple[list[int], Floats]:
    """Columns of the named present findings, and a (findings,) vector of all that follows from them."""
    names = pictures_of(knowledge).names
    own: dict[int, None] = {}
    follows = np.zeros(len(names), np.float32)
    for f in findings:
        if f.status == "present":
            _, wider = related(f, knowledge)
            columns = [names[n] for n in (f.id, *wider) if n is not None and n in names]
            follows[columns] = 1
            own.update(dict.fromkeys(columns[:1] if f.id else columns))
    return list(own), follows


def overlap_count(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """How many of the findings said does the condition have."""
    own, _ = _said(findings, knowledge)
    return np.asarray(_has(knowledge)[:, own].sum(axis=1))


def jaccard(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """Findings in common over findings of either, everything that follows included."""
    has, (_, said) = _has(knowledge), _said(findings, knowledge)
    both = has @ said
    return np.asarray(both / np.maximum(has.sum(axis=1) + said.sum() - both, 1))


def tf_idf_cosine(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """Cosine of the two lists, each finding weighted by how few conditions have it."""
    information, (_, said) = pictures_of(knowledge).information, _said(findings, knowledge)
    theirs, ours = _has(knowledge) * information, said * information
    length = np.linalg.norm(theirs, axis=1) * np.linalg.norm(ours)
    return np.asarray(theirs @ ours / np.maximum(length, 1e-9))


def semantic_similarity(findings: Sequence[Grounded], knowledge: Knowledge) -> Floats:
    """Symmetric mean of best matches by Resnik's information content, as in Phenomizer.

    Source: Köhler and others 2009, Am J Hum Genet 85:457, PMID 19800049 (without its p-values).
    """
    names, common, (own, _) = pictures_of(knowledge).names, _common(knowledge), _said(findings, knowledge)
    if not own:
        return np.zeros(len(knowledge.conditions), np.float32)
    out = []
    for condition in knowledge.conditions:
        theirs = [names[f] for f, e in condition.expects.items() if e.likelihood >= NEARLY_NEVER]
        match = common[np.ix_(own, theirs)]
        out.append((match.max(axis=1).mean() + match.max(axis=0).mean()) / 2 if theirs else 0.0)
    return np.asarray(out, dtype=np.float32)


BASELINES: dict[str, Baseline] = {
    "overlap count": overlap_count,
    "Jaccard": jaccard,
    "TF-IDF cosine": tf_idf_cosine,
    "semantic similarity": semantic_similarity,
}
