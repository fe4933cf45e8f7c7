"""The query page in a browser: examples, completion, the result in four forms, and nothing from elsewhere."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from viewing import Viewer

import kg
import kg.read.names
from kg.read.questions import all_questions, find_question
from kg.read.sparql import run_query

FILES = Path(kg.__file__).parent / "web" / "static" / "sparql"
TOOK = "/query?example=conditions-per-group"


def rows(page: Page) -> list[list[str]]:
    """The rows of the table as texts."""
    page.wait_for_selector("#panel tbody tr")
    found: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('#panel tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
    )
    return found


def expected(name: str) -> list[list[str]]:
    question = find_question(name)
    assert question is not None
    return list(csv.reader(io.StringIO(run_query(question.text, "csv"), newline="")))[1:]


def write(page: Page, text: str) -> None:
    """Put text into the editor, with the cursor where it says |."""
    at = text.index("|") if "|" in text else len(text)
    page.evaluate(
        """([text, at]) => {
          const editor = document.querySelector('.CodeMirror').CodeMirror;
          editor.setValue(text); editor.focus(); editor.setCursor(0, at);
        }""",
        [text.replace("|", ""), at],
    )


def written(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def test_every_question_is_shown(web: Viewer) -> None:
    page = web.open("/query")
    shown = page.evaluate(
        "[...document.querySelectorAll('[data-example]')].map(a => [a.dataset.example, a.textContent])"
    )
    assert sorted(map(tuple, shown)) == [(q.name, q.question) for q in all_questions()]


def test_an_example_gives_the_rows_of_the_command(web: Viewer) -> None:
    page = web.open(TOOK)
    assert rows(page) == expected("conditions-per-group")


def test_an_example_is_found_and_run_by_hand(web: Viewer) -> None:
    page = web.open("/query", "phone")
    page.fill("#find-question", "reflex run through")
    expect(page.locator("#examples a:visible")).to_have_count(1)
    page.click("#examples a:visible")
    assert rows(page) == expected("reflexes-by-root")
    assert "query=" in page.url
    page.reload()
    assert rows(page) == expected("reflexes-by-root")


def test_the_keyboard_completes_and_runs(web: Viewer) -> None:
    page = web.open("/query")
    page.wait_for_load_state("networkidle")
    write(page, "SELECT ?m { id:l5-nerve-root bl:suppliesM|/skos:prefLabel ?m } ORDER BY ?m")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("supplies muscle")
    page.keyboard.press("Enter")
    assert "bl:suppliesMuscle/skos" in written(page)
    page.keyboard.press("Control+Enter")
    question = "SELECT ?m { id:l5-nerve-root bl:suppliesMuscle/skos:prefLabel ?m } ORDER BY ?m"
    assert rows(page) == list(csv.reader(io.StringIO(run_query(question, "csv"), newline="")))[1:]


def test_words_find_what_they_name(web: Viewer) -> None:
    page = web.open("/query")
    page.wait_for_load_state("networkidle")
    write(page, "ASK { ?x ?y id:ankle-j| }")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("id:ankle-jerk")


def test_a_chart_draws_what_the_rows_say(web: Viewer) -> None:
    page = web.open(TOOK)
    page.wait_for_selector("#panel tbody tr")
    page.click("#tab-chart")
    label = page.locator("#panel svg").get_attribute("aria-label") or ""
    for group, _, conditions, _ in expected("conditions-per-group"):
        assert f"{group}: {conditions}" in label
    page.select_option("#panel label:nth-of-type(2) select", "emergencies")
    widths = page.evaluate("[...document.querySelectorAll('#panel rect')].map(r => +r.getAttribute('width'))")
    assert widths == sorted(widths, reverse=True)


def test_the_csv_is_the_same(web: Viewer) -> None:
    page = web.open(TOOK)
    page.wait_for_selector("#panel tbody tr")
    with page.expect_download() as download:
        page.click("#download")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert list(csv.reader(io.StringIO(text)))[1:] == expected("conditions-per-group")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("SELECT ?g ?under { ?g a bl:ConditionGroup OPTIONAL { ?g skos:broader ?under } }", "rows"),
        ('ASK { id:l5-nerve-root rdfs:label "say \\"L5\\"" }', "truth"),
        ("CONSTRUCT { ?r a bl:NerveRoot } WHERE { ?r a bl:NerveRoot }", "triples"),
    ],
)
def test_the_python_runs_and_gives_the_same(web: Viewer, graph: kg.KnowledgeGraph, query: str, name: str) -> None:
    page = web.open("/query")
    write(page, query)
    page.click("#run")
    page.wait_for_selector("#result:not([hidden])")
    page.click("#tab-python")
    code = page.inner_text("#panel pre")
    ast.parse(code)
    scope: dict[str, Any] = {}
    exec(code.partition("# the same over the network")[0], scope)
    made = scope[name]
    if name == "rows":
        page.click("#tab-table")
        shown = [[kg.read.names.expand(c) for c in row] for row in rows(page)]
        assert [[r.get(c, "") for c in made.columns] for r in made] == shown
        frames = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# rows.to_")]
        assert [len(eval(frame, scope)) for frame in frames] == [len(shown)] * 2
    else:
        assert made is False if name == "truth" else len(made) == len(graph.construct(query)) > 10


def test_a_question_says_what_its_answer_must_hold(web: Viewer) -> None:
    page = web.open("/query?example=muscles-of-a-root")
    question = find_question("muscles-of-a-root")
    assert question is not None
    expect(page.locator("#question h2")).to_have_text(question.question)
    page.click("#question summary")
    marks = page.locator("#question li span")
    expect(marks).to_have_text(["✓ held"] * len(question.expect))
    write(page, question.text.replace("id:l5-nerve-root", "id:t12-nerve-root"))
    page.click("#run")
    expect(marks).to_have_text([""] * len(question.expect))  # of another query nothing is promised


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_parameter_takes_another_value_by_its_name(web: Viewer, graph: kg.KnowledgeGraph, size: str) -> None:
    page = web.open("/query?example=muscles-of-a-root", size)
    field = page.get_by_label("root", exact=True)
    expect(field).to_have_value("L5 nerve root")
    field.fill("s1 nerve root")
    field.press("Enter")
    expect(page.locator("#panel tbody")).to_contain_text("gastrocnemius")
    own = graph.select(graph.question("muscles-of-a-root", root="S1 nerve root"))
    assert rows(page) == [[r.get(c, "") for c in own.columns] for r in own]
    assert "VALUES ?root { id:s1-nerve-root }" in written(page)
    field.fill("the moon")
    field.press("Tab")
    expect(page.locator("#question .fault")).to_contain_text("bl:NerveRoot")
    assert "id:s1-nerve-root" in written(page)


def test_a_number_is_a_parameter_too(web: Viewer) -> None:
    page = web.open("/query?example=conditions-at-an-age")
    page.wait_for_selector("#panel tbody tr")
    page.get_by_label("age", exact=True).fill("old")
    page.keyboard.press("Tab")
    expect(page.locator("#question .fault")).to_contain_text("xsd:integer")
    page.get_by_label("age", exact=True).fill("70")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelector('.CodeMirror').CodeMirror.getValue().includes('{ 70 }')")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ASK { id:l5-nerve-root a bl:NerveRoot }", "Yes."),
        ("ASK { id:l5-nerve-root a bl:Muscle }", "No."),
        ("SELECT ?x { ?x a bl:Nothing }", "No rows"),
        ("CONSTRUCT { id:l5-nerve-root a ?t } WHERE { id:l5-nerve-root a ?t }", "bl:NerveRoot"),
    ],
)
def test_other_kinds_of_answers(web: Viewer, query: str, said: str) -> None:
    page = web.open("/query")
    write(page, query)
    page.click("#run")
    expect(page.locator("#panel")).to_contain_text(said)


def test_what_is_wrong_is_said(web: Viewer) -> None:
    page = web.open("/query")
    write(page, "SELECT ?x { ?x a }")
    page.click("#run")
    expect(page.locator("#status")).to_contain_text("line 1")
    expect(page.locator("#result")).to_be_hidden()


def test_data_is_shown_as_text(web: Viewer) -> None:
    page = web.open("/query")
    write(page, "SELECT ?x { VALUES ?x { '<img src=x onerror=alert(1)>' <javascript:alert(1)> } }")
    page.click("#run")
    assert [r[0] for r in rows(page)] == ["<img src=x onerror=alert(1)>", "javascript:alert(1)"]
    assert page.locator("#panel img, #panel a").count() == 0


def test_the_keyboard_leaves_the_editor_and_walks_the_tabs(web: Viewer) -> None:
    page = web.open(TOOK)
    page.wait_for_selector("#panel tbody tr")
    write(page, "ASK {}|")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"
    page.focus("#tab-table")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-chart"
    assert page.get_attribute("#tab-chart", "aria-selected") == "true"


def test_the_editor_is_what_its_authors_published() -> None:
    sums = dict(reversed(line.split("  ")) for line in (FILES / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {"yasqe.min.js", "yasqe.min.css", "LICENSES-yasqe.txt"}
    assert {n: hashlib.sha256((FILES / n).read_bytes()).hexdigest() for n in sums} == sums
    licences = (FILES / "LICENSES-yasqe.txt").read_text(encoding="utf-8")
    assert licences.count("MIT") >= 3
    assert "Permission is hereby granted" in licences
