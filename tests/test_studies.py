"""The chart against the studies: measured shares take the place of strengths, and what moves is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import kg
from kg.model import Case
from kg.reason.knowledge import Reach
from kg.reason.studies import by_studies

GRAPH = kg.load()
ID = "https://w3id.org/backleg-pain/id/"
BL = "https://w3id.org/backleg-pain/ontology#"


def reach_of(knowledge: Any, place: str, muscle: str) -> Reach:
    found = next(p for p in knowledge.places if p.id == ID + place)
    reach = found.supplies["suppliesMuscle"][ID + muscle]
    assert isinstance(reach, Reach)
    return reach


def test_a_measured_link_takes_its_measured_share() -> None:
    """Extensor hallucis longus was abnormal in 8 of 11 proven L5 lesions."""
    chart = reach_of(GRAPH.knowledge, "l5-nerve-root", "extensor-hallucis-longus")
    studies = reach_of(by_studies(GRAPH.knowledge), "l5-nerve-root", "extensor-hallucis-longus")
    assert chart.measured == pytest.approx(8 / 11, abs=0.005)
    assert studies.strength == chart.measured
    assert chart.strength == 1


def test_a_link_that_nobody_measured_keeps_the_chart() -> None:
    chart = reach_of(GRAPH.knowledge, "femoral-nerve", "vastus-medialis")
    assert chart.measured is None
    assert reach_of(by_studies(GRAPH.knowledge), "femoral-nerve", "vastus-medialis") == chart


def test_what_moves_is_what_differs_between_the_two_answers() -> None:
    case = Case(("weakness of tensor fasciae latae", "weakness of gluteus maximus", "weakness of tibialis posterior"))
    everything = len(GRAPH.knowledge.conditions)
    one, other = (GRAPH.explain_case(case, everything, links) for links in ("chart", "studies"))  # type: ignore[arg-type]
    beliefs = [{c.id: c.probability for c in a.conditions} for a in (one, other)]
    scores = [{s.id: s.score for s in a.localization} for a in (one, other)]
    found = GRAPH.chart_against_studies(case)
    assert any(m.kind == "place" for m in found)
    for m in found:
        both = beliefs if m.kind == "condition" else scores
        assert (both[0][m.id], both[1][m.id]) == (m.chart, m.studies)
    assert {m.id for m in found if m.kind == "place"} == {
        s for s in scores[0].keys() & scores[1].keys() if abs(scores[0][s] - scores[1][s]) >= 0.005
    }


def test_the_switch_is_on_the_command_line(kg_run: Callable[..., Any]) -> None:
    done = kg_run("explain", "weakness of gluteus maximus", "--links", "studies", "--top", "1")
    assert done.returncode == 0
    assert "Chart against studies" in done.stdout
    wrong = kg_run("explain", "foot drop", "--links", "atlas")
    assert wrong.returncode == 2
    assert "chart or studies" in wrong.stderr


def test_a_share_outside_its_bounds_is_an_error(kg_run: Callable[..., Any], tmp_path: Any) -> None:
    file = tmp_path / "bad.ttl"
    file.write_text(
        f"""@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix bl: <{BL}> . @prefix id: <{ID}> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        [] a owl:Axiom ; owl:annotatedSource id:l5-nerve-root ; owl:annotatedProperty bl:suppliesMuscle ;
          owl:annotatedTarget id:tibialis-anterior ; bl:strength bl:main ; bl:measuredShare 77.0 ;
          dcterms:source id:web-isncsci-2019 .""",
        encoding="utf-8",
    )
    done = kg_run("check", str(file))
    assert done.returncode == 2
    assert "bl:measuredShare is one decimal from 0 to 1" in done.stdout


def test_areas_and_reflexes_have_measured_shares_too() -> None:
    """L4 skin reached the ankle in 17 of 20 legs, the great toe in none; L5 lesions took the knee jerk in 17 of 56."""
    place = {n: next(p for p in GRAPH.knowledge.places if p.id == f"{ID}{n}-nerve-root").supplies for n in ("l4", "l5")}
    assert place["l4"]["suppliesSkinArea"][ID + "medial-ankle"].measured == pytest.approx(17 / 20)
    assert place["l4"]["suppliesSkinArea"][ID + "great-toe"].measured == 0
    assert place["l5"]["mediatesReflex"][ID + "knee-jerk"].measured == pytest.approx(17 / 56, abs=0.005)
    assert place["l5"]["mediatesReflex"][ID + "tibialis-anterior-reflex"].measured == pytest.approx(13 / 18, abs=0.005)


@pytest.mark.parametrize("phrase", ["numb inner ankle", "absent TA reflex", "reduced knee jerk"])
def test_the_switch_moves_roots_by_areas_and_reflexes(phrase: str) -> None:
    assert any(m.kind == "place" for m in GRAPH.chart_against_studies(Case((phrase, "pain below the knee"))))
