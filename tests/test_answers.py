"""Whole answers: every link shown is a triple of the graph; alarms only grow; places come out as in the textbook."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.model import URGENCIES, Answer
from kg.read.cache import store_path
from kg.reason.knowledge import LATELY

GRAPH = kg.load()
HERE = Path(__file__).parent
FINDINGS = sorted(f.label for f in GRAPH.knowledge.findings.values())
PICTURES: list[dict[str, Any]] = json.loads((HERE / "golden" / "urgency.json").read_text(encoding="utf-8"))
CRITERIA = [c for f in GRAPH.knowledge.red_flags for c in f.criteria]
PATTERNS: list[dict[str, Any]] = json.loads((HERE / "golden" / "localization.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return ox.Store.read_only(str(store_path()))


def links(answer: Answer) -> set[tuple[str, str, str]]:
    return {
        (x.subject, x.predicate, x.object)
        for c in answer.conditions
        for e in c.evidence
        for path in e.paths
        for x in path
    }


def holds(store: ox.Store, edge: tuple[str, str, str]) -> bool:
    return ox.Quad(*(ox.NamedNode(n) for n in edge)) in store


def test_every_link_of_every_reason_is_a_triple(store: ox.Store) -> None:
    for start in range(0, len(FINDINGS), 7):
        answer = GRAPH.explain(FINDINGS[start : start + 7], top=200)
        missing = [e for e in links(answer) if not holds(store, e)]
        assert missing == []


def test_chains_run_on_without_a_gap() -> None:
    answer = GRAPH.explain(["numb top of the foot", "absent ankle jerk", "groin pain"], top=200)
    for c in answer.conditions:
        for e in c.evidence:
            for path in e.paths:
                assert c.id in (path[0].subject, path[0].object)
                for one, two in pairwise(path):
                    assert {one.subject, one.object} & {two.subject, two.object}


def test_a_published_reason_names_its_statistics_and_their_source(store: ox.Store) -> None:
    answer = GRAPH.explain(["straight leg raise positive", "crossed straight leg raise positive"], top=200)
    published = [e for c in answer.conditions for e in c.evidence if e.kind == "published"]
    assert published
    for e in published:
        assert e.statistics
        assert len(e.citations) == len(e.statistics)
        source = ox.NamedNode("http://purl.org/dc/terms/source")
        assert all(list(store.quads_for_pattern(ox.NamedNode(s), source, None)) for s in e.statistics)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=6), st.sampled_from(FINDINGS), st.integers(0, 100))
def test_adding_a_finding_never_removes_an_alarm(present: list[str], one_more: str, age: int) -> None:
    before = GRAPH.explain(present, age=age)
    after = GRAPH.explain([*present, one_more], age=age)
    assert {a.id for a in before.alarms} <= {a.id for a in after.alarms}
    assert URGENCIES.index(after.urgency) >= URGENCIES.index(before.urgency)


@st.composite
def alarming(draw: st.DrawFn) -> tuple[list[str], int]:
    """Findings that meet a criterion of some red flag, and an age that it asks for."""
    criterion = draw(st.sampled_from(CRITERIA))
    chosen = [draw(st.sampled_from(s)).removesuffix(LATELY) for s in criterion.requires]
    return [GRAPH.knowledge.findings[f].label for f in chosen], criterion.from_age or draw(st.integers(0, 100))


@settings(max_examples=100, deadline=None)
@given(
    alarming(),
    st.lists(st.sampled_from(FINDINGS), max_size=4),
    st.lists(st.sampled_from(FINDINGS), max_size=3),
    st.sampled_from(["", " for 3 days", " for 5 years", " on the left"]),
)
def test_what_is_added_to_an_alarming_case_never_removes_the_alarm(
    case: tuple[list[str], int], more: list[str], absent: list[str], how: str
) -> None:
    present, age = case
    before = GRAPH.explain(present, age=age)
    assert before.alarms
    after = GRAPH.explain([*present, *(m + how for m in more)], absent, age=age)
    assert {a.id for a in before.alarms} <= {a.id for a in after.alarms}


@pytest.mark.parametrize("picture", PICTURES, ids=[p["name"] for p in PICTURES])
def test_a_picture_is_as_urgent_as_clinicians_take_it(picture: dict[str, Any]) -> None:
    answer = GRAPH.explain(picture["present"], picture["absent"], age=picture["age"], sex=picture["sex"])
    got = URGENCIES.index(answer.urgency)
    assert got >= URGENCIES.index(picture.get("at_least", "routine"))
    assert got <= URGENCIES.index(picture.get("at_most", "emergency")), [(a.label, a.because) for a in answer.alarms]


@pytest.mark.parametrize(
    ("new", "old", "rest"),
    [
        ("right foot drop for 3 days", "right foot drop for 9 months", "low back pain"),
        ("low back pain", "low back pain for 6 months", "started after falling off a roof"),
        ("rash on the leg", "rash on the leg 4 months ago", "leg pain and leg weakness"),
    ],
)
def test_what_must_be_new_is_not_asked_of_what_is_old(new: str, old: str, rest: str) -> None:
    raised, other = (GRAPH.explain([phrase, rest]).alarms for phrase in (new, old))
    assert {a.id for a in other} < {a.id for a in raised}


@pytest.mark.parametrize(
    ("present", "age", "urgency"),
    [
        (["low back pain", "saddle numbness"], None, "emergency"),
        (["sciatica in both legs", "cannot pass urine"], None, "emergency"),
        (["back pain", "fever", "injecting drugs"], None, "emergency"),
        (["calf swelling", "calf pain", "recent surgery"], None, "same_day"),
        (["flank pain", "fever", "chills"], None, "same_day"),
        (["low back pain", "pulsatile mass in the abdomen"], 72, "emergency"),
    ],
)
def test_red_flags_are_raised(present: list[str], age: int | None, urgency: str) -> None:
    answer = GRAPH.explain(present, age=age)
    assert URGENCIES.index(answer.urgency) >= URGENCIES.index(urgency)  # type: ignore[arg-type]
    assert all(a.action and a.because and a.sources for a in answer.alarms)


@pytest.mark.parametrize(
    "present",
    [
        ["low back pain", "pain down the back of the left leg", "numb little toe"],
        ["burning outer thigh"],
        ["low back pain after lifting", "worse bending forward"],
        ["pain over the outer hip", "worse lying on that side"],
    ],
)
def test_ordinary_complaints_raise_no_alarm(present: list[str]) -> None:
    assert GRAPH.explain(present, age=45).alarms == ()


@pytest.mark.parametrize("pattern", PATTERNS, ids=[p["name"] for p in PATTERNS])
def test_the_place_of_a_lesion_comes_out_as_in_the_textbook(pattern: dict[str, Any]) -> None:
    answer = GRAPH.explain(pattern["present"], pattern["absent"], top=1)
    assert not answer.unmatched
    assert answer.localization[0].label == pattern["best"], [(s.label, s.score) for s in answer.localization[:4]]


def test_what_to_ask_next_is_new_and_tells_something() -> None:
    answer = GRAPH.explain(["foot drop", "low back pain"])
    assert answer.ask_next
    assert all(q.bits > 0 and q.finding not in ("foot drop", "low back pain") for q in answer.ask_next)


def test_an_answer_shows_itself() -> None:
    answer = GRAPH.explain(["low back pain", "<script>alert(1)</script> numb foot"])
    assert repr(answer).startswith("<Answer ")
    assert "<script>alert" not in answer._repr_html_()
    assert "diagnoses nobody" in answer._repr_html_()
    assert "diagnoses nobody" in str(answer)
