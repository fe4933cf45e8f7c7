"""The competency questions run on the shipped graph and find what is certain."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from conftest import KgRun

from kg.errors import Failure
from kg.read import questions
from kg.read.names import PREFIXES, shorten
from kg.read.questions import PREFIX_FILE, SH, TARGET, Question, all_questions, find_question, folder, holds
from kg.read.sparql import run_query
from kg.read.void import QUESTIONS_GRAPH

QUESTIONS = all_questions()
Rows = list[tuple[str, ...]]


def answer(question: Question) -> Rows:
    """All rows of the answer as texts; triples as three CURIEs, a truth as one word."""
    if question.kind == "construct":
        found = ox.parse(run_query(question.text, "ntriples"), format=ox.RdfFormat.N_TRIPLES)
        return [tuple(shorten(str(getattr(t, "value", t))) for t in (q.subject, q.predicate, q.object)) for q in found]
    text = run_query(question.text, "csv")
    rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))]
    return rows if question.kind == "ask" else rows[1:]


def test_there_are_at_least_fifty_of_three_kinds() -> None:
    assert len(QUESTIONS) >= 50
    assert {q.kind for q in QUESTIONS} == {"select", "ask", "construct"}


@pytest.mark.parametrize("name", ["no-such-question", "", "../shapes", "UPPER", "prefixes"])
def test_an_unknown_name_finds_none(name: str) -> None:
    assert find_question(name) is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_question_says_what_it_asks_and_expects(question: Question) -> None:
    assert re.search(r"\?( \(.*\))?$", question.question)
    assert question.topic
    assert question.expect
    assert all(cell for row in question.expect for cell in row)
    assert find_question(question.name) == question


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_parameters_stand_in_the_query_and_are_of_their_kind(question: Question) -> None:
    values = " ".join(re.findall(r"VALUES [^{]*\{[^}]*\}", question.text))
    for parameter in question.parameters:
        assert parameter.value, parameter
        if not parameter.kind.startswith("xsd:"):
            assert re.search(rf"{re.escape(parameter.value)}[\s)]", values), parameter
            assert run_query(f"ASK {{ {parameter.value} a {parameter.kind} }}", "csv").strip() == "true", parameter
        else:
            assert parameter.value in values, parameter


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_answer_holds_what_is_expected(question: Question) -> None:
    rows = answer(question)
    assert rows
    assert [e for e in question.expect if not any(holds(e, row) for row in rows)] == []


def test_cells_are_whole_and_in_order() -> None:
    row = ("calf", "main", "sural nerve, tibial nerve")
    assert holds(("calf", "tibial nerve"), row)
    assert not holds(("calf", "nerve"), row)
    assert not holds(("tibial nerve", "calf"), row)
    assert not holds(("calf", "calf"), row)


# The form, as an independent library sees it


@pytest.fixture(scope="module")
def collected() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in folder().glob("*.ttl"):
        graph.parse(path)
    return graph


def test_the_form_is_that_of_sparql_examples(collected: rdflib.Graph) -> None:
    # The query by which that collection itself is asked for its examples.
    found = collected.query(
        f"""PREFIX sh: <{SH}> PREFIX schema: <https://schema.org/>
        SELECT ?q ?comment ?query ?target WHERE {{
          ?q a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?query ;
             schema:target ?target ; schema:keywords ?word ; sh:prefixes/sh:declare/sh:prefix "bl" }}"""
    )
    assert len({row.q for row in found}) == len(QUESTIONS)  # type: ignore[union-attr]
    assert {str(row.target) for row in found} == {TARGET}  # type: ignore[union-attr]
    assert all(row.comment.language == "en" for row in found)  # type: ignore[union-attr]


def test_declared_prefixes_are_those_that_need_no_declaration(collected: rdflib.Graph) -> None:
    sh = rdflib.Namespace(SH)
    declared = {
        str(collected.value(d, sh.prefix)): str(collected.value(d, sh.namespace))
        for d in collected.objects(None, sh.declare)
    }
    assert declared == PREFIXES


def test_queries_are_complete_with_their_prefixes() -> None:
    for question in QUESTIONS:
        used = {p for p in PREFIXES if re.search(rf"(?<![\w<:/]){p}:[a-zA-Z]", question.text)}
        assert used <= set(re.findall(r"(?m)^PREFIX (\w+):", question.text)), question.name


def test_they_can_be_asked_for_in_the_store() -> None:
    inside = f"GRAPH <{QUESTIONS_GRAPH}> {{ ?q a sh:SPARQLExecutable }}"
    query = f"PREFIX sh: <{SH}> SELECT ?q WHERE {{ {inside} }}"
    assert len(run_query(query, "csv").split()) - 1 == len(QUESTIONS)


@pytest.mark.parametrize(
    "text", ["", "<urn:a> <urn:b> <urn:c> .", "<urn:a> a <http://www.w3.org/ns/shacl#SPARQLExecutable> ."]
)
def test_a_file_without_a_query_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "empty-one.ttl").write_text(text)
    monkeypatch.setattr(questions, "folder", lambda: tmp_path)
    with pytest.raises(Failure, match=r"empty-one\.ttl"):
        all_questions()


def test_the_command_shows_words_parameters_and_what_the_answer_holds(kg_run: KgRun) -> None:
    done = kg_run("questions")
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    for question in QUESTIONS:
        assert question.name in said
        assert question.question in said
        assert all(f"{p.name} = {p.value}" in said for p in question.parameters)
        held = "; ".join(" | ".join(row) for row in question.expect)
        assert f"holds: {held}" in said


def test_the_command_gives_them_as_json(kg_run: KgRun) -> None:
    found = json.loads(kg_run("questions", "--json").stdout)
    assert [q["name"] for q in found] == [q.name for q in QUESTIONS]
    (one,) = [q for q in found if q["name"] == "muscles-of-a-root"]
    assert one["parameters"] == [{"name": "root", "kind": "bl:NerveRoot", "value": "id:l5-nerve-root"}]
    assert ["extensor hallucis longus", "main"] in one["expect"]


def test_prefixes_are_no_question() -> None:
    assert (folder() / PREFIX_FILE).is_file()
    assert PREFIX_FILE.removesuffix(".ttl") not in {q.name for q in QUESTIONS}
