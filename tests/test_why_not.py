"""Why not another condition, and two conditions at once: what is claimed is checked by asking again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import InputError, UnknownName
from kg.model import Case, WhyNot

GRAPH = kg.load()
BOTH = Case(
    (
        "burning and numbness of the outer thigh",
        "pins and needles of the outer thigh",
        "tight belt",
        "worse wearing tight trousers",
        "overweight",
        "calf pain on walking",
        "eased by standing still",
        "absent foot pulses",
        "smoker",
    ),
    ("weakness",),
    66,
)


def changed(case: Case, found: WhyNot) -> Case:
    present, absent = list(case.present), list(case.absent)
    for change in found.changes:
        if change.how == "without":
            present = [p for p in present if p != change.finding]
            absent = [a for a in absent if a != change.finding]
        else:
            (present if change.how == "present" else absent).append(change.finding)
    return Case(tuple(present), tuple(absent), case.age, case.sex)


@pytest.mark.parametrize(
    ("present", "wanted", "rival"),
    [
        (("weak big toe", "numb top of the foot"), "common fibular neuropathy", "L5 radiculopathy"),
        (("weak knee extension", "reduced knee jerk"), "femoral neuropathy", "L4 radiculopathy"),
        (("buttock pain", "worse sitting"), "hip osteoarthritis", "piriformis syndrome"),
    ],
)
def test_the_changes_do_turn_the_order_round(present: tuple[str, ...], wanted: str, rival: str) -> None:
    case = Case(present)
    before = GRAPH.why_not(case, wanted, rival)
    if before.ahead:
        wanted, rival = rival, wanted
        before = GRAPH.why_not(case, wanted, rival)
    assert not before.ahead
    assert 1 <= len(before.changes) <= 3
    assert GRAPH.why_not(changed(case, before), wanted, rival).ahead


NAMES = sorted(c.label for c in GRAPH.knowledge.conditions)
LABELS = sorted(f.label for f in GRAPH.knowledge.findings.values())


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=5),
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True),
)
def test_one_of_two_is_ahead_and_the_other_is_not(present: list[str], pair: list[str]) -> None:
    case = Case(tuple(present))
    one, other = GRAPH.why_not(case, *pair), GRAPH.why_not(case, *reversed(pair))
    assert one.wanted == other.rival
    if one.wanted.probability != one.rival.probability:
        assert one.ahead != other.ahead
    assert not (one.ahead and one.changes)


def test_without_a_rival_the_likeliest_other_one_is_taken() -> None:
    case = Case(("burning outer thigh", "numb outer thigh", "tight belt"))
    assert GRAPH.why_not(case, "L3 radiculopathy").rival.label == "meralgia paraesthetica"
    assert GRAPH.why_not(case, "meralgia paraesthetica").ahead


def test_names_that_cannot_be_compared_are_refused() -> None:
    case = Case(("foot drop",))
    with pytest.raises(InputError, match="no condition"):
        GRAPH.why_not(case, "L5 root")
    with pytest.raises(InputError, match="same condition"):
        GRAPH.why_not(case, "lumbar disc herniation", "lumbar disc herniation")
    with pytest.raises(UnknownName):
        GRAPH.why_not(case, "no such thing at all")
    with pytest.raises(InputError, match="No finding was understood"):
        GRAPH.why_not(Case(("xyzzy",)), "renal colic")


def test_two_conditions_are_offered_where_one_cannot_explain_the_case() -> None:
    answer = GRAPH.explain_case(BOTH)
    assert answer.together is not None
    assert [c.label for c in answer.together.conditions] == ["peripheral arterial disease", "meralgia paraesthetica"]
    vessel, nerve = answer.together.explains
    assert "absent foot pulses" in vessel
    assert "tight belt" in nerve
    assert answer.together.gain >= 1  # log10 units better than the best single condition


def test_one_condition_is_enough_for_a_textbook_picture() -> None:
    assert GRAPH.explain(["burning outer thigh", "numb outer thigh", "tight belt"], ["weakness"]).together is None
    assert GRAPH.explain(["foot drop"]).together is None
