"""Names lead to things: synonyms, spellings, identifiers, and what looks alike."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import UnknownName
from kg.read.catalogue import fold, kinds
from kg.read.names import BL, ID

SAME = {
    "common-fibular-nerve": ("common fibular nerve", "common peroneal nerve", "Common-Peroneal  NERVE"),
    "deep-fibular-nerve": ("deep fibular nerve", "deep peroneal nerve"),
    "superficial-fibular-nerve": ("superficial fibular nerve", "superficial peroneal nerve"),
    "meralgia-paraesthetica": ("meralgia paraesthetica", "meralgia paresthetica"),
    "acute-limb-ischaemia": ("acute limb ischaemia", "acute limb ischemia"),
    "spinal-epidural-haematoma": ("spinal epidural haematoma", "spinal epidural hematoma"),
    "diarrhoea": ("diarrhoea", "diarrhea"),
    "abdominal-aortic-aneurysm": ("abdominal aortic aneurysm", "AAA"),
    "cauda-equina-syndrome": ("cauda equina syndrome", "CES"),
    "extensor-hallucis-longus": ("extensor hallucis longus", "EHL"),
    "great-toe": ("great toe", "big toe"),
    "renal-colic": (" renal colic ", "kidney stones"),
    "straight-leg-raise-test": ("Lasegue sign", "Lasègue sign", "Lase\u0300gue sign"),
    "weak-great-toe-extension": ("can't lift the big toe", "can’t lift the big toe", "cant lift the big toe"),
    "l5-nerve-root": (
        "L5 nerve root",
        "L5",
        "l5 root",
        "l5-nerve-root",
        "id:l5-nerve-root",
        "https://w3id.org/backleg-pain/id/l5-nerve-root",
    ),
}


# Names


@pytest.mark.parametrize(("slug", "name"), [(slug, name) for slug, names in SAME.items() for name in names])
def test_a_name_leads_to_its_thing(graph: kg.KnowledgeGraph, slug: str, name: str) -> None:
    assert graph.resolve(name) == ID + slug


@pytest.mark.parametrize("name", ["bl:Condition", "Condition", BL + "Condition"])
def test_a_class_has_a_name_too(graph: kg.KnowledgeGraph, name: str) -> None:
    assert graph.resolve(name) == BL + "Condition"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("comon peroneal nerv", "common fibular nerve"),
        ("piriformis syndrom", "piriformis syndrome"),
        ("merlagia paresthetica", "meralgia paraesthetica"),
        ("renal collic", "renal colic"),
    ],
)
def test_a_mistyped_name_brings_the_one_that_was_meant(graph: kg.KnowledgeGraph, name: str, meant: str) -> None:
    with pytest.raises(UnknownName) as caught:
        graph.resolve(name)
    assert meant in caught.value.suggestions
    assert len(caught.value.suggestions) <= 3
    assert f"“{meant}”" in str(caught.value)


@pytest.mark.parametrize("name", ["", " ", "zzyzxqwerty", "id:", "bl:", "id:nothere", "'; DROP TABLE name; --"])
def test_an_unknown_name_is_said(graph: kg.KnowledgeGraph, name: str) -> None:
    with pytest.raises(UnknownName):
        graph.resolve(name)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_any_name_is_a_thing_or_unknown(graph: kg.KnowledgeGraph, name: str) -> None:
    with suppress(UnknownName):
        assert graph.resolve(name).startswith((ID, BL))


# Records


def test_every_label_leads_to_a_thing_of_that_label(graph: kg.KnowledgeGraph) -> None:
    labels = [row[0] for row in graph.names.execute("SELECT label FROM thing WHERE kind = 'Condition'")]
    assert len(labels) > 50
    assert [label for label in labels if fold(graph.show(label)["label"]) != fold(label)] == []


def test_a_record_names_both_ends_of_its_links(graph: kg.KnowledgeGraph) -> None:
    found = graph.show("L5 nerve root")
    assert found["kind"] == "NerveRoot"
    assert {"NerveRoot", "Structure"} <= set(found["classes"])
    assert ID + "dorsum-of-foot" in {link["id"] for link in found["links"]}
    assert found["incoming"]
    assert all(link["label"] and link["relation"] for link in found["links"] + found["incoming"])


# Search


@pytest.mark.parametrize("text", ["herniat", "disc herni", "DISC HERNIATION", "herniated disc", "slipped disc"])
def test_words_are_found_by_their_beginnings_and_stems(graph: kg.KnowledgeGraph, text: str) -> None:
    assert ID + "lumbar-disc-herniation" in {row["id"] for row in graph.search(text, "Condition")}


@pytest.mark.parametrize(("text", "first"), [("foot drop", "foot drop"), ("renal colic", "renal colic")])
def test_a_whole_label_comes_first(graph: kg.KnowledgeGraph, text: str, first: str) -> None:
    assert graph.search(text)[0]["label"] == first


@pytest.mark.parametrize("kind", ["Nerve", "nerve", "NERVE"])
def test_a_kind_narrows_the_search(graph: kg.KnowledgeGraph, kind: str) -> None:
    found = graph.search("peroneal", kind)
    assert ID + "common-fibular-nerve" in {row["id"] for row in found}
    assert {row["kind"] for row in found} == {"Nerve"}


def test_a_kind_holds_for_its_narrower_classes(graph: kg.KnowledgeGraph) -> None:
    assert len({row["kind"] for row in graph.search("foot", "Finding", 200)}) > 1


def test_some_words_are_enough_where_not_all_are_found(graph: kg.KnowledgeGraph) -> None:
    assert "piriformis" in graph.search("piriformis zzyzxqwerty")[0]["label"]


def test_no_more_are_found_than_asked_for(graph: kg.KnowledgeGraph) -> None:
    assert len(graph.search("pain", top=3)) == 3


def test_kinds_are_classes(graph: kg.KnowledgeGraph) -> None:
    assert {"Condition", "Finding", "Muscle", "Nerve"} <= set(kinds(graph.names))


@given(st.text(max_size=40))
def test_any_words_can_be_searched_for(graph: kg.KnowledgeGraph, text: str) -> None:
    assert len(graph.search(text, top=5)) <= 5


# Folding


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_folding_knows_no_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())


@given(
    st.lists(st.text(alphabet="abcé", min_size=1), min_size=1, max_size=4), st.sampled_from([" ", "-", "–", "_ ", "\t"])
)
def test_folding_makes_blanks_of_dashes(words: list[str], between: str) -> None:
    assert fold(between.join(words)) == fold(" ".join(words))


@given(st.text())
def test_a_folded_text_has_single_blanks_and_no_ends(text: str) -> None:
    assert fold(text).split(" ") == (fold(text).split() or [""])


@pytest.mark.parametrize("text", ["can't", "can’t", "can`t", "CANT"])
def test_folding_drops_apostrophes(text: str) -> None:
    assert fold(text) == "cant"
