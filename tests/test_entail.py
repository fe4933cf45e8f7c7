"""What follows: chains by hand, against an independent reasoner, and properties that must always hold."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read.build import load_graph, ontology_only
from kg.read.entail import Rules, entail, rules_of
from kg.read.graph import Graph
from kg.read.names import BL, ID, OWL, SKOS
from kg.read.turtle import read_file

Edge = tuple[str, str, str]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rules_of(read_file(ontology_only()).triples)


@pytest.fixture(scope="module")
def loaded() -> Graph:
    return load_graph()


def edges(*links: str) -> dict[Edge, float]:
    out = {}
    for text in links:
        s, p, o, *strength = text.split()
        out[ID + s, (SKOS if p == "broader" else BL) + p, ID + o] = float(strength[0]) if strength else 1.0
    return out


def test_a_herniation_reaches_the_skin_through_zone_and_root(rules: Rules) -> None:
    facts = edges("herniation herniatesInto zone", "zone abutsRoot l5 0.5", "l5 suppliesSkinArea dorsum 0.5")
    closure = entail(facts, rules)
    felt = (ID + "herniation", BL + "canDisturbSensationIn", ID + "dorsum")
    assert closure.strength[felt] == 0.25
    assert closure.chain(felt) == tuple(facts)


def test_harm_to_a_nerve_reaches_its_branches_but_not_its_trunk(rules: Rules) -> None:
    facts = edges(
        "x compresses fibular", "sciatic hasBranch fibular", "fibular hasBranch deep", "deep suppliesSkinArea web"
    )
    facts |= edges("sciatic suppliesSkinArea sole")
    closure = entail(facts, rules).strength
    assert (ID + "x", BL + "canDisturbSensationIn", ID + "web") in closure
    assert (ID + "x", BL + "canDisturbSensationIn", ID + "sole") not in closure


def test_irritation_hurts_but_takes_nothing_away(rules: Rules) -> None:
    closure = entail(
        edges("x irritates nerve", "nerve suppliesSkinArea sole", "nerve suppliesMuscle soleus"), rules
    ).strength
    assert (ID + "x", BL + "canCausePainIn", ID + "sole") in closure
    assert (ID + "x", BL + "canDisturbSensationIn", ID + "sole") not in closure
    assert (ID + "x", BL + "canWeaken", ID + "soleus") not in closure


def test_the_stronger_of_two_derivations_is_kept(rules: Rules) -> None:
    facts = edges("x compresses a", "x compresses b", "a suppliesSkinArea skin 0.35", "b suppliesSkinArea skin 0.9")
    closure = entail(facts, rules)
    felt = (ID + "x", BL + "canDisturbSensationIn", ID + "skin")
    assert closure.strength[felt] == 0.9
    assert closure.chain(felt)[-1][0] == ID + "b"


def test_a_narrower_condition_has_the_findings_of_the_wider(rules: Rules) -> None:
    facts = edges("l45 broader herniation", "herniation hasFrequentFinding legpain", "herniation aggravatedBy sitting")
    facts |= edges("worse-sitting worseWith sitting")
    closure = entail(facts, rules).strength
    assert (ID + "l45", BL + "hasFrequentFinding", ID + "legpain") in closure
    assert (ID + "l45", BL + "hasFinding", ID + "worse-sitting") in closure


def test_a_loop_in_the_physiology_ends(rules: Rules) -> None:
    closure = entail(edges("a hasBranch b", "b hasBranch c", "c hasBranch a", "x compresses a"), rules)
    assert (ID + "x", BL + "impairs", ID + "c") in closure.strength


NODES = st.sampled_from("abcdef")
LINKS = st.sampled_from(
    ["compresses", "irritates", "hasBranch", "suppliesSkinArea", "suppliesMuscle", "partOf", "adjacentTo"]
)
GRAPHS = st.lists(st.tuples(NODES, LINKS, NODES, st.floats(0.1, 1.0)), max_size=14)


def facts_of(drawn: Iterable[tuple[str, str, str, float]]) -> dict[Edge, float]:
    return {(ID + s, BL + p, ID + o): w for s, p, o, w in drawn}


@given(GRAPHS)
def test_closing_twice_changes_nothing_and_facts_stay(drawn: list[tuple[str, str, str, float]]) -> None:
    facts = facts_of(drawn)
    rules = rules_of(read_file(ontology_only()).triples)
    once = entail(facts, rules)
    assert all(once.strength[f] >= w for f, w in facts.items())
    assert set(entail(once.strength, rules).strength) == set(once.strength)


@given(GRAPHS)
def test_every_chain_is_made_of_facts_and_its_product_is_the_strength(drawn: list[tuple[str, str, str, float]]) -> None:
    facts = facts_of(drawn)
    closure = entail(facts, rules_of(read_file(ontology_only()).triples))
    for edge, strength in closure.strength.items():
        chain = closure.chain(edge)
        product = 1.0
        for link in chain:
            assert link in facts
            product *= facts[link]
        assert product == pytest.approx(strength)


def test_an_independent_reasoner_draws_the_same_conclusions(loaded: Graph) -> None:
    """owlrl, a complete OWL 2 RL reasoner, on the ontology with one condition and the anatomy of its root."""
    import owlrl
    import rdflib

    about = {
        ID + n for n in ("lumbar-disc-herniation-l4-5", "disc-zone-l4-5-paracentral", "l5-nerve-root", "slump-test")
    }
    ends = {
        ID + n
        for n in ("extensor-hallucis-longus", "great-toe-extension", "dorsum-of-foot", "l5-nerve-root", "slump-test")
    }
    ends |= {ID + "disc-zone-l4-5-paracentral", ID + "lumbar-disc-herniation-l4-5"}
    more = {ID + "extensor-hallucis-longus"}
    facts = {e for e in loaded.asserted if e[0] in about | more and e[2] in ends and e[1].startswith(BL)}
    data = rdflib.Graph().parse(ontology_only())
    for s, p, o in facts:
        data.add((rdflib.URIRef(s), rdflib.URIRef(p), rdflib.URIRef(o)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(data)
    theirs = {tuple(map(str, t)) for t in data if str(t[0]).startswith(ID) and str(t[1]).startswith(BL)}
    ours = {
        e
        for e in entail(dict.fromkeys(facts, 1.0), rules_of(read_file(ontology_only()).triples)).strength
        if e[1] != OWL
    }
    ours = {e for e in ours if e[1].startswith(BL)}
    assert ours == theirs
    assert (ID + "lumbar-disc-herniation-l4-5", BL + "canWeakenMovement", ID + "great-toe-extension") in ours


def test_the_shipped_graph_gives_the_textbook_conclusions(loaded: Graph) -> None:
    held = loaded.closure.strength
    for subject, predicate, target in (
        ("lumbar-disc-herniation-l4-5", "compresses", "l5-nerve-root"),
        ("lumbar-disc-herniation-l4-5", "canDisturbSensationIn", "dorsum-of-foot"),
        ("lumbar-disc-herniation-l5-s1", "canReduceReflex", "ankle-jerk"),
        ("far-lateral-disc-herniation-l4-5", "compresses", "l4-nerve-root"),
        ("common-fibular-neuropathy", "canWeakenMovement", "ankle-dorsiflexion"),
        ("renal-colic", "canCausePainIn", "groin"),
        ("retrocaecal-appendicitis", "canIrritate", "psoas-major"),
        ("retrocaecal-appendicitis", "canMakePositive", "psoas-sign"),
    ):
        assert (ID + subject, BL + predicate, ID + target) in held, (subject, predicate, target)
    for subject, predicate, target in (
        ("common-fibular-neuropathy", "canWeakenMovement", "foot-inversion"),
        ("common-fibular-neuropathy", "canWeakenMovement", "hip-abduction"),
        ("meralgia-paraesthetica", "canWeakenMovement", "knee-extension"),
        ("renal-colic", "canWeakenMovement", "ankle-dorsiflexion"),
    ):
        assert (ID + subject, BL + predicate, ID + target) not in held, (subject, predicate, target)
