"""Ranking: arithmetic by hand on a graph of two conditions, then what must hold on the shipped graph."""

from __future__ import annotations

from math import log10

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.model import Case
from kg.reason.knowledge import Condition, Expectation, Finding, Knowledge
from kg.reason.rank import NONE_OF_THESE, TEMPER, independent, prior, score
from kg.reason.words import Grounded

GRAPH = kg.load()


def condition(name: str, prior: float, **expects: float) -> Condition:
    known = {f: Expectation(p, "published", (f"stat-{f}",), ()) for f, p in expects.items()}
    return Condition(name, name, (), (), frozenset(), prior, 40, 60, 0.25, "routine", known, {})


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


def test_the_posterior_is_bayes_by_hand() -> None:
    """Priors 0.75 and 0.25; P(fever) 0.9 and 0.1; the mean over conditions is 0.7, halved with chance 0.1: 0.4."""
    first, second = score([said("fever")], Case(("fever",)), two_conditions())
    for scored, share, likelihood in ((first, 0.75, 0.9), (second, 0.25, 0.1)):
        assert scored.score == pytest.approx(TEMPER * log10(likelihood / 0.4))
        weight = share * 10**scored.score
        total = sum(p * 10 ** (TEMPER * log10(v / 0.4)) for p, v in ((0.75, 0.9), (0.25, 0.1))) + NONE_OF_THESE
        assert scored.probability == pytest.approx(weight / total)
    assert (first.condition.id, second.condition.id) == ("a", "b")


def test_an_absent_finding_speaks_with_its_complement() -> None:
    scored = {s.condition.id: s for s in score([said("fever", "absent")], Case(("fever",)), two_conditions())}
    assert scored["a"].score == pytest.approx(TEMPER * log10((1 - 0.9) / (1 - 0.4)))
    assert scored["b"].score > 0 > scored["a"].score


def test_a_finding_said_twice_counts_once() -> None:
    weights = independent([said("fever"), said("fever")], two_conditions())
    assert [w for _, w in weights] == [1.0, 0.0]


def test_age_and_sex_move_the_prior() -> None:
    c = condition("a", 0.1)
    assert prior(c, Case(age=50)) == pytest.approx(0.1)
    assert prior(c, Case(age=20)) < prior(c, Case(age=38)) < 0.1
    assert prior(c, Case(sex="male")) == pytest.approx(0.15)
    assert prior(c, Case(sex="female")) == pytest.approx(0.05)


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
    one = GRAPH.explain(["foot drop", "low back pain", "numb top of the foot"])
    two = GRAPH.explain(["numb top of the foot", "foot drop", "low back pain"])
    assert [c.id for c in one.conditions[:3]] == [c.id for c in two.conditions[:3]]


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
