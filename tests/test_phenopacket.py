"""A case goes out as a phenopacket that the schema's own library reads, and comes back meaning the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import phenopackets
import pytest
from conftest import KgRun
from google.protobuf.json_format import MessageToDict, ParseDict

import kg
from kg.model import Answer
from kg.read.case import read_case
from kg.read.mappings import mappings
from kg.read.names import ID

CASE = kg.Case(
    ("pain down the back of the left leg", "numb top of the left foot", "weak big toe", "gobbledygook xyz"),
    ("fever", "burning outer knee", "numb saddle"),
    58,
    "male",
    "case-7",
)


@pytest.fixture(scope="module")
def packet(graph: kg.KnowledgeGraph) -> phenopackets.Phenopacket:
    return ParseDict(graph.phenopacket(CASE)[0], phenopackets.Phenopacket())


def test_the_schema_reads_person_and_resources(packet: phenopackets.Phenopacket) -> None:
    assert (packet.id, packet.subject.id) == ("case-7", "case-7")
    assert packet.subject.time_at_last_encounter.age.iso8601duration == "P58Y"
    assert packet.subject.sex == phenopackets.Sex.MALE
    assert packet.meta_data.phenopacket_schema_version == "2.0"
    resources = {r.namespace_prefix: r for r in packet.meta_data.resources}
    assert resources["HP"].version == next(m.version for ms in mappings().values() for m in ms if m.object[:3] == "HP:")
    prefixes = {x.id.partition(":")[0] for f in packet.phenotypic_features for x in (f.type, *f.modifiers)}
    assert prefixes <= set(resources)
    assert resources["backleg"].iri_prefix == ID


def test_a_broader_term_stands_for_what_is_present_and_never_for_what_is_not(
    packet: phenopackets.Phenopacket, graph: kg.KnowledgeGraph
) -> None:
    found = {f.description: f for f in packet.phenotypic_features}
    numb = found["numb top of the left foot"]
    assert (numb.type.id, numb.excluded) == ("HP:0033748", False)  # hypoesthesia, anywhere
    assert {m.id for m in numb.modifiers} == {"backleg:numbness-dorsum-of-foot", "HP:0012835"}
    assert found["fever"].type.id == "HP:0001945"
    assert found["fever"].excluded
    assert found["numb saddle"].excluded
    assert found["numb saddle"].type.id == "backleg:saddle-numbness"
    equal = {m.object for ms in mappings().values() for m in ms if m.relation in ("exactMatch", "closeMatch")}
    excluded = {f.type.id for f in packet.phenotypic_features if f.excluded and f.type.id.startswith("HP:")}
    assert excluded
    assert excluded <= equal


def test_what_has_no_term_is_named(graph: kg.KnowledgeGraph) -> None:
    # "burning" alone would deny too much, and there is no one term for burning of the outer knee.
    assert graph.phenopacket(CASE)[1] == ("gobbledygook xyz", "burning outer knee")


def test_it_comes_back_meaning_the_same(graph: kg.KnowledgeGraph) -> None:
    case = kg.Case(CASE.present[:3], (CASE.absent[0], CASE.absent[2]), 58, "male", "case-7")
    sent, left_out = graph.phenopacket(case)
    assert left_out == ()
    again = MessageToDict(ParseDict(sent, phenopackets.Phenopacket()))
    back = read_case(json.dumps(again), "back")
    assert (back.age, back.sex, back.id) == (58, "male", "case-7")
    one, other = graph.explain_case(case, 20), graph.explain_case(back, 20)

    def meant(answer: Answer) -> set[tuple[str, str, str | None]]:
        return {(n.id, m.status, m.side) for m in answer.findings for n in m.matched}

    assert meant(one) == meant(other)
    assert [c.id for c in one.conditions] == [c.id for c in other.conditions]


@pytest.mark.parametrize("name", ["aortic-dissection-buttock-pain-59", "cauda-equina-distal-s1-s2-diabetic"])
def test_urgency_survives_the_journey(graph: kg.KnowledgeGraph, name: str) -> None:
    from kg.read.files import home

    case = read_case((home() / "data" / "cases" / "development" / f"{name}.json").read_text("utf-8"), name)
    back = read_case(json.dumps(graph.phenopacket(case)[0]), "back")
    assert graph.explain_case(back).urgency == graph.explain_case(case).urgency


@pytest.mark.parametrize(
    ("feature", "phrase"),
    [
        ({"type": {"id": "HP:0001945"}}, "fever"),
        ({"type": {"id": "HP:0001945", "label": "FEVER"}}, "fever"),
        ({"type": {"id": "HP:0001945", "label": "Numb foot"}}, "Numb foot"),  # the label says what was meant
        ({"type": {"id": "HP:9999999"}}, "HP:9999999"),
        ({"type": {"id": "X:1", "label": "Back pain"}, "modifiers": [{"id": "HP:0012834"}]}, "Back pain on the right"),
        ({"type": {"id": "X:1", "label": "Back pain"}, "modifiers": "broken"}, "Back pain"),
        ({"type": {"id": "X:1", "label": "Back pain"}, "modifiers": [{"id": "backleg:x", "label": 3}, 4]}, "Back pain"),
    ],
)
def test_terms_go_through_the_mappings(feature: dict[str, object], phrase: str) -> None:
    assert read_case(json.dumps({"phenotypicFeatures": [feature]}), "here").present == (phrase,)


def test_the_command_writes_it_and_names_what_it_left_out(kg_run: KgRun) -> None:
    case = json.dumps({"present": ["weak big toe", "gobbledygook xyz"]})
    done = kg_run("export", "phenopacket", "--case", "-", stdin=case, env={"SOURCE_DATE_EPOCH": "1700000000"})
    assert done.returncode == 0
    assert "gobbledygook xyz" in done.stderr
    made = json.loads(done.stdout)
    assert made["metaData"]["created"] == datetime.fromtimestamp(1_700_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(made["phenotypicFeatures"]) == 1
