"""How long a million cases of grounded findings take: `python tests/bench_cohort.py`.

Ten findings a case, drawn evenly from all that have a name, each fourth of them absent; one process. Scoring is what
`kg rank` and Spark's workers call; what they add (understanding words, reading and writing) is measured apart.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

import kg
from kg.model import Case
from kg.reason.batch import flag_table, raised_flags
from kg.reason.grounded import Grounded
from kg.reason.order import order_of
from kg.reason.score import SEXES, posterior, score
from kg.reason.table import priors_of, table_of

CASES = 1_000_000
BATCH = 1_000
FINDINGS = 10
TOP = 5
LIMIT = 60  # seconds
WHOLE = 20_000  # cases that are ranked from phrase to answer


def scoring(graph: kg.KnowledgeGraph, rng: np.random.Generator) -> float:
    """Seconds that score, belief, order and red flags of all cases take."""
    knowledge = graph.knowledge
    named = [
        Grounded("", "present" if i % 4 else "absent", f, (), (), None, "exact", 1.0)
        for i, f in enumerate(knowledge.findings)
    ]
    table, flags, priors = table_of(named, knowledge), flag_table(named, knowledge), priors_of(knowledge)
    took, told = 0.0, perf_counter()
    for done in range(0, CASES, BATCH):
        rows = rng.integers(0, len(named), (BATCH, FINDINGS), dtype=np.int32)
        ages = rng.integers(18, 90, BATCH, dtype=np.int32)
        sexes = rng.integers(0, len(SEXES), BATCH, dtype=np.int32)
        start = perf_counter()
        beliefs = posterior(score(rows, ages, sexes, table, priors))
        order_of(beliefs, knowledge)[:, :TOP]
        raised_flags(rows, ages, flags)
        took += perf_counter() - start
        if perf_counter() - told > 2:
            told = perf_counter()
            print(f"{done:>9,} cases", file=sys.stderr)
    return took


def whole(graph: kg.KnowledgeGraph, rng: np.random.Generator) -> tuple[float, float]:
    """Seconds that `kg rank`'s own loop takes for a million cases: reading identifiers, and ranking."""
    names = [f.replace("https://w3id.org/backleg-pain/id/", "id:") for f in graph.knowledge.findings]
    cases = [Case(tuple(names[i] for i in rng.integers(0, len(names), FINDINGS)), age=50) for _ in range(WHOLE)]
    batcher = graph.batcher(TOP)
    batcher(cases)  # every finding is known after this
    read, ranked = batcher.understanding, batcher.scoring
    for start in range(0, WHOLE, 2 * BATCH):
        batcher(cases[start : start + 2 * BATCH])
    return tuple(s * CASES / WHOLE for s in (batcher.understanding - read, batcher.scoring - ranked))  # type: ignore[return-value]


if __name__ == "__main__":
    loaded, draw = kg.load(), np.random.default_rng(1)
    seconds = scoring(loaded, draw)
    print(f"{CASES:,} cases of {FINDINGS} findings, scored, ordered and alarmed: {seconds:.0f} s", end="")
    print(f" ({CASES / seconds:,.0f} a second; limit {LIMIT} s: {'ok' if seconds <= LIMIT else 'over'})")
    grounding, ranking = whole(loaded, draw)
    print(f"the same from identifiers to answers, reckoned from {WHOLE:,}: {grounding:.0f} + {ranking:.0f} s")
