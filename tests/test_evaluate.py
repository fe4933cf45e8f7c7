"""Evaluation: shares counted by hand, baselines by hand on a graph of two conditions, bad cases refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kg
from kg.errors import BadCase, InputError
from kg.model import Case, PublishedCase
from kg.read.published import read_folder
from kg.reason.baselines import jaccard, overlap_count, semantic_similarity, tf_idf_cosine
from kg.reason.evaluate import MODEL, evaluate
from kg.reason.knowledge import Condition, Expectation, Finding, Knowledge
from kg.reason.words import Grounded
from kg.show.as_card import evaluation_text, safety_card

GRAPH = kg.load()
CASES = Path(__file__).parent.parent / "data" / "cases"


def condition(name: str, *has: str) -> Condition:
    known = {f: Expectation(0.5, "estimate", (), ()) for f in has}
    return Condition(name, name, (), (), 0.1, None, None, None, "routine", known, {})


def small() -> Knowledge:
    """Fever is wider than high fever; a has high fever and rash, b has fever, c has cough."""
    wider = {"fever": frozenset(), "high fever": frozenset({"fever"}), "rash": frozenset(), "cough": frozenset()}
    return Knowledge(
        labels={},
        conditions=(condition("a", "high fever", "rash"), condition("b", "fever"), condition("c", "cough")),
        findings={f: Finding(f, f, "Symptom", (), (), (), w) for f, w in wider.items()},
        qualities={},
        through={},
        wider_quality={},
        wider_site={},
        narrower={"fever": ("high fever",)},
        chance={},
        relation_likelihood={},
        citations={},
        red_flags=(),
        places=(),
        data_version="test",
    )


def said(*names: str) -> list[Grounded]:
    return [Grounded(n, "present", n, (), (), None, "exact", 1.0) for n in names]


def test_overlap_counts_findings_and_what_entails_them() -> None:
    assert overlap_count(said("fever", "rash"), small()).tolist() == [2, 1, 0]
    assert overlap_count(said("high fever"), small()).tolist() == [1, 0, 0]


def test_jaccard_is_shared_over_either() -> None:
    """High fever and fever are said; a has high fever, fever and rash; b has fever."""
    assert jaccard(said("high fever"), small()).tolist() == pytest.approx([2 / 3, 1 / 2, 0])


def test_tf_idf_weighs_by_rarity() -> None:
    """ln(3/2) for fever that two have, ln 3 for what one has; said: fever and high fever."""
    two, one = np.log(3 / 2), np.log(3)
    ours = np.hypot(two, one)
    theirs = np.sqrt(one**2 + two**2 + one**2)
    wanted = [(one**2 + two**2) / (ours * theirs), two / ours, 0]
    assert tf_idf_cosine(said("high fever"), small()).tolist() == pytest.approx(wanted, rel=1e-5)


def test_semantic_similarity_is_the_mean_of_best_matches_both_ways() -> None:
    """To a: high fever meets itself (ln 3); back: high fever ln 3, rash 0. To b: fever ln 1.5 both ways."""
    wanted = [(np.log(3) + np.log(3) / 2) / 2, np.log(1.5), 0]
    assert semantic_similarity(said("high fever"), small()).tolist() == pytest.approx(wanted, rel=1e-5)


def test_baselines_of_nothing_are_nothing() -> None:
    for baseline in (overlap_count, jaccard, tf_idf_cosine, semantic_similarity):
        assert baseline([], small()).tolist() == [0, 0, 0]


def published(diagnosis: str, urgent: bool, *present: str) -> PublishedCase:
    return PublishedCase(Case(present), diagnosis, (diagnosis,), urgent, "test")


def test_shares_are_counted_and_misses_listed() -> None:
    cases = [
        published("Cauda-equina syndrome", True, "saddle numbness", "cannot pass urine", "xyzzy"),
        published("no such illness", False, "foot drop"),
        published("meralgia paresthetica", True, "burning outer thigh", "numb outer thigh"),
    ]
    found = evaluate(cases, GRAPH.knowledge, GRAPH.lexicon)
    first, second, third = found.outcomes
    assert (first.rank, second.rank, second.known, third.rank) == (1, None, False, 1)
    assert (found.caught.hits, found.caught.of) == (1, 2)
    assert (found.false_alarms.hits, found.false_alarms.of) == (0, 1)
    assert (found.understood.hits, found.understood.of) == (5, 6)
    model = found.methods[0]
    assert model.name == MODEL
    assert [s.hits for s in model.tops] == [2, 2, 2]
    assert model.reciprocal == pytest.approx(2 / 3)
    assert model.behind == (0, 0, 0)
    assert 0 <= model.tops[0].low <= 2 / 3 <= model.tops[0].high <= 1
    card = safety_card(found, "1")
    assert "Under-triaged: 1" in card
    assert "meralgia paresthetica" in card.partition("## Under-triaged")[2].partition("## Over")[0]
    assert "no such illness" in card.partition("not among the first")[2]
    assert "diagnoses nobody" in card
    assert evaluation_text(found).count("top 1") == 1


def test_taking_a_part_out_changes_what_is_used() -> None:
    knowledge = GRAPH.knowledge
    from kg.reason.evaluate import rankers

    ranked = rankers(replace(knowledge))
    case = published("x", False, "x")
    absent = [replace(f, status="absent") for f in said(*sorted(knowledge.findings)[:40])]
    assert [c.id for c in ranked["without negatives"](absent[:0], case)] == [
        c.id for c in ranked["without negatives"](absent, case)
    ]
    assert [c.id for c in ranked[MODEL](absent, case)] != [c.id for c in ranked["without negatives"](absent, case)]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"diagnosis": None}, "lacks “diagnosis”"),
        ({"diagnosis": " "}, "lacks “diagnosis”"),
        ({"also_acceptable": "x"}, "list of names"),
        ({"needs_same_day_care": "yes"}, "true or false"),
        ({"present": []}, "no finding"),
    ],
)
def test_a_case_without_its_answer_is_refused(tmp_path: Path, change: dict[str, Any], wanted: str) -> None:
    good = {"present": ["fever"], "diagnosis": "x", "also_acceptable": [], "needs_same_day_care": False}
    (tmp_path / "a.json").write_text(json.dumps(good | change), encoding="utf-8")
    with pytest.raises(BadCase, match=wanted) as caught:
        read_folder(tmp_path)
    assert "a.json" in str(caught.value)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no \.json"):
        read_folder(tmp_path)
    with pytest.raises(InputError, match="no folder"):
        read_folder(tmp_path / "gone")


@pytest.mark.parametrize("split", ["development", "held-out"])
def test_shipped_cases_name_their_publication(split: str) -> None:
    cases = read_folder(CASES / split)
    assert len(cases) > 20
    for case in cases:
        source = json.loads(Path(case.where).read_text(encoding="utf-8"))["source"]
        assert source["url"].startswith("http")
        assert case.case.id == Path(case.where).stem


def test_the_command_prints_figures_and_writes_the_card(kg_run: Callable[..., Any], tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    done = kg_run("evaluate", str(CASES / "development"), "--json", "--card", str(card))
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["cases"] == len(list((CASES / "development").glob("*.json")))
    names = [m["name"] for m in found["methods"]]
    assert names[0] == MODEL
    assert len(names) == 8
    best = {m["name"]: m["mean_reciprocal_rank"] for m in found["methods"]}
    assert best[MODEL] > best["Jaccard"]
    assert card.read_text(encoding="utf-8").startswith("# Safety card")
