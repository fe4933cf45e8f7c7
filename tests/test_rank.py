"""Ranking: arithmetic by hand on a graph of two conditions, then what must hold on the shipped graph."""

from __future__ import annotations

from dataclasses import replace
from math import log10

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.model import Case
from kg.reason.knowledge import Condition, Expectation, Finding, Knowledge
from kg.reason.order import order_of
from kg.reason.rank import score
from kg.reason.score import (
    NONE_OF_THESE,
    PRIOR_POWER,
    RESEMBLANCE,
    SEXES,
    SILENCE,
    TEMPER,
    UNKNOWN_AGE,
    UNLIKE,
    weights,
)
from kg.reason.score import score as score_batch
from kg.reason.table import ABSENT, AGAINST, YOUNGEST_SHARE, people, priors_of, table_of
from kg.reason.words import Grounded

GRAPH = kg.load()


def condition(name: str, prior: float, **expects: float) -> Condition:
    known = {f: Expectation(p, "published", (f"stat-{f}",), ()) for f, p in expects.items()}
    return Condition(name, name, (), (), prior, 40, 60, 0.25, "routine", known, {})


def two_conditions() -> Knowledge:
    names = ("fever", "rash")
    return Knowledge(
        labels={},
        conditions=(condition("a", 0.3, fever=0.9), condition("b", 0.1, fever=0.1, rash=0.5)),
        findings={f: Finding(f, f, "Symptom", (), (), (), frozenset()) for f in names},
        qualities={},
        through={},
        wider_quality={},
        wider_site={},
        narrower={},
        chance={"fever": 0.1, "rash": 0.1},
        relation_likelihood={},
        citations={},
        red_flags=(),
        places=(),
        data_version="test",
    )


def said(name: str, status: str = "present") -> Grounded:
    return Grounded(name, status, name, (), (), None, "exact", 1.0)  # type: ignore[arg-type]


# What a leads one to expect is fever alone. Of b it is rash alone, because its fever is rarer than the average 0.4.
UNSAID_ALL = -SILENCE


def test_the_posterior_is_bayes_by_hand() -> None:
    """Priors 0.75 and 0.25; P(fever) 0.9 and 0.1; the mean over conditions is 0.7, halved with chance 0.1: 0.4."""
    first, second = score([said("fever")], Case(("fever",)), two_conditions())
    logs = {
        "a": PRIOR_POWER * log10(0.75) + log10(0.9 / 0.4),
        "b": PRIOR_POWER * log10(0.25) - AGAINST + UNSAID_ALL,  # log10(0.1 / 0.4) is below the limit
        "none": PRIOR_POWER * log10(NONE_OF_THESE),
    }
    total = sum(10 ** (TEMPER * x) for x in logs.values())
    assert (first.condition.id, second.condition.id) == ("a", "b")
    assert (first.score, second.score) == (pytest.approx(log10(0.9 / 0.4)), pytest.approx(UNSAID_ALL - AGAINST))
    assert (first.silence, second.silence) == (0, pytest.approx(UNSAID_ALL))
    for scored in (first, second):
        assert scored.probability == pytest.approx(10 ** (TEMPER * logs[scored.condition.id]) / total, rel=1e-5)


def test_an_absent_finding_speaks_with_its_complement() -> None:
    scored = {s.condition.id: s for s in score([said("fever", "absent")], Case(("fever",)), two_conditions())}
    assert scored["a"].score == pytest.approx(ABSENT * max(-AGAINST, log10((1 - 0.9) / (1 - 0.4))))
    assert scored["b"].score == pytest.approx(ABSENT * log10((1 - 0.1) / (1 - 0.4)) + UNSAID_ALL)


def test_resemblance_is_the_cosine_of_case_and_picture_by_hand() -> None:
    """Both conditions show fever, so it tells nothing; rash is all that is left, and b's alone: cosines 0 and 1."""
    scored = {s.condition.id: s for s in score([said("rash")], Case(("rash",)), two_conditions())}
    mean = (UNLIKE + 1 + UNLIKE) / 2
    assert scored["a"].resemblance == pytest.approx(RESEMBLANCE * log10(UNLIKE / mean), rel=1e-5)
    assert scored["b"].resemblance == pytest.approx(RESEMBLANCE * log10((1 + UNLIKE) / mean), rel=1e-5)
    assert [s.resemblance for s in score([said("rash", "absent")], Case(("x",)), two_conditions())] == [0, 0]


def test_a_finding_said_twice_counts_once() -> None:
    table = table_of([said("fever")], two_conditions())
    assert weights(np.array([[0, 0, -1]]), table).tolist() == [[1.0, 0.0, 0.0]]
    once, twice = (score([said("fever")] * n, Case(("fever",)), two_conditions()) for n in (1, 2))
    assert [s.score for s in once] == [s.score for s in twice]


def test_age_and_sex_move_the_prior() -> None:
    """Condition a has prior 0.3, typical ages 40 to 60 and a female share of 0.25."""
    priors = priors_of(two_conditions())
    at = [float(x) for x in priors.by_age[:, 0]]
    assert at[50] == at[UNKNOWN_AGE] == pytest.approx(0.3)
    assert at[10] == pytest.approx(0.3 * YOUNGEST_SHARE)
    assert at[20] < at[38] < 0.3
    assert [float(priors.by_sex[SEXES.index(s), 0]) for s in ("male", "female", None)] == pytest.approx([1.5, 0.5, 1])


def test_a_batch_gives_what_each_case_gives_alone() -> None:
    knowledge = two_conditions()
    table = table_of([said("fever"), said("rash", "absent"), said("rash")], knowledge)
    rows = np.array([[0, 1], [2, -1], [0, 2]], dtype=np.int32)
    ages, sexes = people([Case(("x",), age=50), Case(("x",), sex="male"), Case(("x",))])
    together = score_batch(rows, ages, sexes, table, priors_of(knowledge))
    for i in range(3):
        alone = score_batch(rows[i : i + 1], ages[i : i + 1], sexes[i : i + 1], table, priors_of(knowledge))
        assert together[i].tolist() == alone[0].tolist()


def test_equals_come_in_the_order_of_their_labels() -> None:
    known = tuple(condition(n, 0.1) for n in "cab")
    knowledge = replace(two_conditions(), conditions=known)
    beliefs = np.array([[0.2, 0.2, 0.2], [0.3, 0.1, 0.2]], dtype=np.float32)
    assert order_of(beliefs, knowledge).tolist() == [[1, 2, 0], [0, 2, 1]]


def test_a_wider_finding_adds_nothing_to_a_narrower_one() -> None:
    answer = GRAPH.explain(["numb foot", "numb top of the foot"])
    ratios = {e.meaning: e.log10_lr for e in answer.conditions[0].evidence}
    assert ratios["numbness of the foot"] == 0
    assert ratios["numbness of the dorsum of the foot"] != 0


FINDINGS = sorted(f.label for f in GRAPH.knowledge.findings.values())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=8), st.lists(st.sampled_from(FINDINGS), max_size=4))
def test_beliefs_are_shares_that_leave_room_for_none_of_these(present: list[str], absent: list[str]) -> None:
    answer = GRAPH.explain(present, absent, top=200)
    beliefs = [c.probability for c in answer.conditions]
    assert all(0 <= b <= 1 for b in beliefs)
    assert sum(beliefs) <= 1.001
    assert [c.rank for c in answer.conditions] == list(range(1, len(beliefs) + 1))


def test_order_of_findings_does_not_matter() -> None:
    one = GRAPH.explain(["foot drop", "low back pain", "numb top of the foot", "buttock pain", "calf pain"])
    two = GRAPH.explain(["calf pain", "numb top of the foot", "foot drop", "buttock pain", "low back pain"])
    assert [(c.id, c.probability) for c in one.conditions] == [(c.id, c.probability) for c in two.conditions]


@pytest.mark.parametrize(
    ("present", "absent", "wanted"),
    [
        (
            ["burning and numbness of the outer thigh", "worse standing", "tight belt"],
            ["weakness"],
            "meralgia paraesthetica",
        ),
        (["fever", "shaking chills", "loin pain", "stinging when passing urine"], [], "pyelonephritis"),
        (
            ["sudden severe flank pain", "pain goes to the groin", "blood in the urine", "cannot keep still"],
            ["fever"],
            "renal colic",
        ),
        (
            ["leg pain on walking", "eased by sitting", "eased by bending forward", "pain in both legs"],
            [],
            "lumbar spinal stenosis",
        ),
        (
            ["calf pain on walking", "goes off with standing still", "absent foot pulses", "smoker"],
            [],
            "peripheral arterial disease",
        ),
        (
            ["pain over the outer hip", "worse lying on that side", "tender greater trochanter"],
            [],
            "greater trochanteric pain syndrome",
        ),
        (["groin pain", "hip stiffness", "reduced hip internal rotation", "worse walking"], [], "hip osteoarthritis"),
    ],
)
def test_textbook_cases_come_first(present: list[str], absent: list[str], wanted: str) -> None:
    answer = GRAPH.explain(present, absent)
    assert wanted in [c.label for c in answer.conditions[:2]]
