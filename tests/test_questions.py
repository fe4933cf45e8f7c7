"""The competency questions run on the shipped graph and find what is certain."""

from __future__ import annotations

import csv

import pytest

from kg.read.questions import Question, all_questions, find_question
from kg.read.sparql import run_query

QUESTIONS = all_questions()


def test_there_are_at_least_twenty() -> None:
    assert len(QUESTIONS) >= 20


@pytest.mark.parametrize("name", ["no-such-question", "", "../shapes", "UPPER"])
def test_an_unknown_name_finds_none(name: str) -> None:
    assert find_question(name) is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_question_says_what_it_asks_and_expects(question: Question) -> None:
    assert question.question.endswith("?")
    assert question.expect
    assert all(question.expect)
    assert find_question(question.name) == question


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_parameters_stand_in_the_query(question: Question) -> None:
    body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#"))
    for parameter in question.parameters:
        name, _, value = parameter.partition(" = ")
        assert value, parameter
        assert value in body, f"{name}: {value} does not occur in the query"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_answer_holds_what_is_expected(question: Question) -> None:
    result = run_query(question.text, "csv")
    _, *rows = csv.reader(result.splitlines())
    assert rows
    assert [text for text in question.expect if text not in result] == []
