"""Understanding: golden phrases, denials, sides, spelling, and properties for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.api import KnowledgeGraph
from kg.reason.words import Grounded, ground

GRAPH = kg.load()


def meant(text: str, status: str = "present") -> list[tuple[str, str]]:
    """(label or parts, status) of each finding in a phrase."""
    lexicon = GRAPH.lexicon
    found = ground(text, status, lexicon)  # type: ignore[arg-type]
    return [
        (lexicon.labels[g.id] if g.id else " + ".join(lexicon.labels[x] for x in (*g.qualities, *g.sites)), g.status)
        for g in found
    ]


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("numb top of the foot", "numbness of the dorsum of the foot"),
        ("top of the foot feels numb", "numbness of the dorsum of the foot"),
        ("my left foot is numb on top", "numbness of the dorsum of the foot"),
        ("hypoaesthesia of the dorsum of the foot", "numbness of the dorsum of the foot"),
        ("hypoesthesia of the dorsum of the foot", "numbness of the dorsum of the foot"),
        ("extensor hallucis longus 2/5", "weakness of great toe extension"),
        ("EHL 4-/5", "weakness of great toe extension"),
        ("weak big toe", "weakness of great toe extension"),
        ("left knee extension 4/5", "weakness of knee extension"),
        ("absent ankle jerk", "reduced ankle jerk"),
        ("ankle reflex diminished on the right", "reduced ankle jerk"),
        ("SLR positive", "straight leg raise test positive"),
        ("positive Lasègue", "straight leg raise test positive"),
        ("foot drop", "foot drop"),
        ("cannot pass urine", "urinary retention"),
        ("numb around the back passage", "numbness of the perianal area"),
        ("pain in my bum", "buttock pain"),
        ("loin pain", "flank pain"),
        ("pins and needles in the big toe", "tingling of the great toe"),
        ("worse when coughing", "pain worse on coughing, sneezing or straining"),
        ("better sitting", "pain eased by sitting"),
        ("on steroids for years", "prolonged corticosteroid use"),
    ],
)
def test_plain_phrases_mean_what_people_mean(phrase: str, label: str) -> None:
    assert label in [name for name, _ in meant(phrase)]


@pytest.mark.parametrize("phrase", ["no fever", "denies fever", "without fever", "never had a fever"])
def test_denials_turn_a_finding_absent(phrase: str) -> None:
    assert ("fever", "absent") in meant(phrase)


def test_a_denial_covers_both_parts_of_a_pair() -> None:
    assert dict(meant("no fever or chills")) == {"fever": "absent", "chills or rigors": "absent"}


def test_one_phrase_may_hold_several_findings() -> None:
    names = [n for n, _ in meant("pain and tingling in the left buttock and calf")]
    assert {"buttock pain", "tingling of the buttock", "calf pain", "tingling of the calf"} <= set(names)


@pytest.mark.parametrize(
    ("phrase", "side"),
    [("left leg pain", "left"), ("rt calf swelling", "right"), ("pain in both legs", "both"), ("leg pain", None)],
)
def test_sides_are_read(phrase: str, side: str | None) -> None:
    assert ground(phrase, "present", GRAPH.lexicon)[0].side == side


def test_a_misspelt_word_is_mended_and_said_to_be() -> None:
    found = ground("numbnes of the calf", "present", GRAPH.lexicon)
    assert found
    assert found[0].how == "fuzzy"


@pytest.mark.parametrize("phrase", ["zqx blorp", "the patient is an accountant named Bob", "🦵", "ألم في الساق"])
def test_what_is_not_understood_is_listed_never_guessed(phrase: str) -> None:
    answer = GRAPH.explain([phrase])
    assert answer.unmatched == (phrase,)
    assert answer.conditions == ()


def one(phrase: str) -> Grounded:
    """The only finding of a phrase."""
    (found,) = ground(phrase, "present", GRAPH.lexicon)
    return found


def test_numbers_come_in_the_unit_of_their_limit() -> None:
    assert one("creatinine 310 µmol/l").value == pytest.approx(310 / 88.4, abs=0.01)
    assert one("temp 101.2 F").value == pytest.approx(38.44, abs=0.01)
    assert one("CRP 16.5 mg/dL").value == pytest.approx(165)
    assert one("white cells 14,500").value == pytest.approx(14.5)


def test_degree_duration_and_doubt_are_kept() -> None:
    assert one("left knee extension 4/5").degree == pytest.approx(0.8)
    assert {g.days for g in ground("low back pain for 3 weeks", "present", GRAPH.lexicon)} == {21}
    assert one("?foot drop on the right").hedged


@pytest.mark.parametrize(
    ("quantity", "below", "from_"), [("ABPI", 0.89, 0.9), ("Hb", 11.9, 12.0), ("platelets", 149, 150)]
)
def test_low_values_are_findings_below_their_limit_only(quantity: str, below: float, from_: float) -> None:
    assert one(f"{quantity} {below}").status == "present"
    assert one(f"{quantity} {from_}").status == "absent"
    assert one(f"{quantity} was under {from_}").status == "present"


@given(st.integers(min_value=0, max_value=400))
def test_a_higher_crp_never_turns_a_finding_absent(value: int) -> None:
    assert one(f"CRP {value}").status == ("present" if value >= 10 else "absent")


@given(st.text(max_size=200))
def test_any_text_is_either_understood_or_listed(text: str) -> None:
    found = ground(text, "present", GRAPH.lexicon)
    assert all(isinstance(g, Grounded) and 0 <= g.score <= 1 and g.text == text for g in found)


@given(
    st.lists(
        st.sampled_from(["pain", "numb", "left", "calf", "no", "back", "of", "foot", "4/5", "worse", ","]), max_size=12
    )
)
def test_word_salads_of_known_words_never_break(words: list[str]) -> None:
    ground(" ".join(words), "absent", GRAPH.lexicon)


def test_every_preferred_label_of_a_finding_means_that_finding() -> None:
    graph: KnowledgeGraph = GRAPH
    wrong = []
    for finding in graph.knowledge.findings.values():
        found = ground(finding.label, "present", graph.lexicon)
        if not any(g.id == finding.id for g in found):
            wrong.append(finding.label)
    assert wrong == []
