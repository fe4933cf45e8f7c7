"""The quiz in a real browser: to the end by keyboard, served and from a folder; what was missed comes back."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from viewing import SIZES, Viewer, problems

import kg
from kg.notice import DISCLAIMER
from kg.show.as_gift import gift
from kg.show.as_quiz import quiz_json
from kg.web import quiz
from kg.web.answers import version


def begin(page: Any, level: str) -> None:
    """Start a set by keyboard alone."""
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    page.locator("input[name=level]:checked").focus()
    for _ in range(["recall", "hop", "weigh", "case"].index(level)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "set"
    page.keyboard.press("Enter")
    page.wait_for_selector("#quiz-run:not([hidden])")


def choose(page: Any, at: int) -> None:
    """Choose an answer and check it, by keys."""
    assert page.evaluate("document.activeElement.name") == "answer"
    page.keyboard.press("Space")
    for _ in range(at):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "quiz-answer"


def press(page: Any, words: str) -> None:
    """Go to a button by Tab and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if re.match(words, page.evaluate("document.activeElement.textContent.trim()")):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no button {words} is reached by Tab")


def questions(page: Any, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(f"window.KG_QUIZ['{name}'].exercises")
    return found


def shot(page: Any, name: str) -> None:
    if shots := os.environ.get("KG_SCREENSHOTS"):
        page.screenshot(path=f"{shots}/{name}.png", full_page=True)


def to_the_end(page: Any, level: str, name: str) -> None:
    """Answer all but the first right, by keyboard."""
    begin(page, level)
    asked = questions(page, name)
    for n, e in enumerate(asked):
        assert page.locator("#quiz-place").inner_text() == f"Question {n + 1} of {len(asked)} · {e['level_words']}"
        at = [c["right"] for c in e["choices"]].index(True)
        choose(page, at if n else (at + 1) % len(e["choices"]))
        verdict = page.locator(".quiz-verdict").inner_text()
        assert verdict == ("Right." if n else f"No: {e['choices'][at]['label']}.")
        assert e["explanation"] in page.locator("#quiz-answer").inner_text()
        for link in (e["paths"] or [[]])[0]:
            assert link["label"] in page.locator("#quiz-answer .chain").first.inner_text()
        if e["paths"]:
            page.wait_for_function("document.querySelector('#quiz-answer img').naturalWidth > 100")
        press(page, "Next question|See how it went")
    assert page.locator("#quiz-end-title").inner_text() == f"{len(asked) - 1} of {len(asked)} right"
    assert page.evaluate("document.activeElement.id") == "quiz-end"


@pytest.mark.parametrize("level", ["recall", "hop", "weigh"])
def test_a_set_is_answered_to_the_end_by_keyboard(web: Viewer, level: str) -> None:
    page = web.open("/quiz")
    to_the_end(page, level, f"{level}-1")
    assert page.url.endswith(f"/quiz?level={level}&set=1")


def test_the_quiz_works_from_a_folder(web: Viewer, site_folder: Path) -> None:
    page = web.open((site_folder / "quiz.html").as_uri())
    to_the_end(page, "recall", "recall-1")
    page = web.open((site_folder / "quiz.html").as_uri() + "?level=hop&set=2")
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    page.locator("#quiz-start button[type=submit]").press("Enter")
    page.wait_for_selector("#quiz-run:not([hidden])")
    assert questions(page, "hop-2")[0]["text"] in page.locator("#quiz-question").inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_a_case_is_ranked_by_keyboard_with_alarms_on_top(web: Viewer, client: TestClient, size: str) -> None:
    sets = {n: client.get(f"/quiz/case-{n}.json").json()["exercises"] for n in range(1, 6)}
    number, first = next((n, es[0]) for n, es in sets.items() if es[0]["steps"][-1]["alarms"])
    page = web.open(f"/quiz?level=case&set={number}", size)
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    page.locator("#quiz-start button[type=submit]").press("Enter")
    page.wait_for_selector("#quiz-run:not([hidden])")
    for n, step in enumerate(first["steps"], 1):
        assert page.locator(".findings li").count() == n
        assert step["finding"] in page.locator(".findings li").nth(n - 1).inner_text()
        shown = page.locator("#quiz-alarms h3").all_inner_texts()
        assert shown == [a["label"] for a in step["alarms"]]
        if n < len(first["steps"]):
            page.keyboard.press("Enter")  # the button keeps the focus
    box, question = page.locator("#quiz-alarms").bounding_box(), page.locator("#quiz-question").bounding_box()
    assert box
    assert question
    assert box["y"] + box["height"] <= question["y"]
    shot(page, f"quiz-case-asked-{size}")
    assert problems(page) == []
    right = next(c["label"] for c in first["choices"] if c["right"])
    place = [c["right"] for c in first["choices"]].index(True)
    if place:
        page.locator(f'button[aria-label="Move {right} up"]').focus()
        for _ in range(place):
            page.keyboard.press("Enter")
        assert page.locator("#quiz-question [role=status]").inner_text().endswith("is now number 1 of 5.")
    assert page.locator(".ranking .what").first.inner_text() == right
    press(page, "Mark my ranking")
    assert page.locator(".quiz-verdict").inner_text() == "Right."
    assert page.locator("#quiz-alarms h3").count() == len(first["steps"][-1]["alarms"])
    assert page.locator(".moved tbody tr").count() == len(first["steps"])
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    shot(page, f"quiz-case-{size}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("level", ["recall", "hop", "weigh"])
def test_question_and_answer_are_accessible_and_fit(web: Viewer, level: str, size: str) -> None:
    page = web.open("/quiz", size)
    begin(page, level)
    assert problems(page) == []
    choose(page, 0)
    assert problems(page) == []
    page.emulate_media(color_scheme="dark")
    assert problems(page) == []
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    shot(page, f"quiz-{level}-{size}")


def test_a_miss_comes_back_and_climbs(web: Viewer) -> None:
    page = web.open("/quiz")
    begin(page, "recall")
    e = questions(page, "recall-1")[0]
    at = [c["right"] for c in e["choices"]].index(True)
    choose(page, (at + 1) % 4)
    kept = page.evaluate("JSON.parse(localStorage.getItem('backleg-kg-quiz'))")
    assert list(kept["misses"]) == [e["id"]]
    assert kept["misses"][e["id"]]["box"] == 1
    page.reload()
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    assert page.locator("#quiz-due").is_hidden()  # it comes back tomorrow
    script = "(i) => { const k = JSON.parse(localStorage.getItem('backleg-kg-quiz')); k.misses[i].due = '2026-01-01';"
    page.evaluate(script + " localStorage.setItem('backleg-kg-quiz', JSON.stringify(k)); }", e["id"])
    page.reload()
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    assert page.locator("#quiz-due").inner_text() == "Ask again what I missed (1)"
    page.locator("#quiz-due").press("Enter")
    choose(page, at)
    kept = page.evaluate("JSON.parse(localStorage.getItem('backleg-kg-quiz'))")
    assert kept["misses"][e["id"]]["box"] == 2


@pytest.mark.parametrize("damage", ["{", "null", "[]", '{"format":1,"misses":{"x":{"box":9}}}', '{"format":7}'])
def test_a_damaged_list_is_told_and_set_aside(web: Viewer, damage: str) -> None:
    page = web.open("/quiz")
    page.evaluate("(d) => localStorage.setItem('backleg-kg-quiz', d)", damage)
    page.reload()
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    assert "damaged" in page.locator("#quiz-problem").inner_text()
    assert page.evaluate("localStorage.getItem('backleg-kg-quiz.damaged')") == damage
    begin(page, "recall")


def test_names_of_things_are_text_on_the_page(web: Viewer) -> None:
    """What a set holds, or what lies in the browser's storage, is shown and never run."""
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page = web.open("/quiz")
    page.evaluate(
        """(evil) => {
          const choices = [0, 1, 2].map((i) => ({ id: `javascript:alert(${i})`, label: evil + i, right: i === 1 }));
          const link = { subject: evil, predicate: evil, object: evil, label: evil };
          const about = [{ id: "javascript:alert(9)", label: evil }];
          const exercise = { id: evil, level: "recall", level_words: evil, text: evil, shown: [evil], choices,
            steps: [], explanation: evil, paths: [[link]], pictures: [], sources: [evil], about };
          const misses = { [evil]: { box: 1, due: "2026-01-01", exercise } };
          localStorage.setItem("backleg-kg-quiz", JSON.stringify({ format: 1, misses }));
        }""",
        evil,
    )
    page.reload()
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    page.locator("#quiz-due").press("Enter")
    choose(page, 0)
    assert page.locator("#quiz-run img").count() == page.locator("#quiz-run script").count() == 0
    assert evil in page.locator("#quiz-answer").inner_text()
    assert page.locator("a[href^=javascript]").count() == 0


def test_a_wanted_set_of_nonsense_is_left_alone(web: Viewer) -> None:
    page = web.open("/quiz?level=%3Cscript%3E&set=1e9")
    page.wait_for_selector("html[data-quiz=ready]", state="attached")
    assert page.evaluate("document.querySelector('input[name=level]:checked').value") == "recall"
    assert page.evaluate("document.querySelector('input[name=set]').value") == "1"


# ---- without a browser ----------------------------------------------------------------------------------------------


def test_all_forms_of_a_set_hold_the_same_questions(client: TestClient, graph: kg.KnowledgeGraph) -> None:
    asked = graph.quiz("hop", 3, quiz.COUNT["hop"])
    told = client.get("/quiz/hop-3.json").json()
    wanted = quiz_json(asked, 3, version(graph), graph.knowledge.labels)
    assert told == json.loads(json.dumps({"level": "hop", **wanted}))
    script = client.get("/quiz/hop-3.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "<" not in script.text
    assert json.loads(script.text.partition("] = ")[2].rstrip().rstrip(";")) == told
    assert client.get("/quiz/hop-3.gift").text == gift(asked)
    sheet = client.get("/quiz/hop-3.html")
    assert DISCLAIMER in sheet.text
    assert all(e.right.label in sheet.text for e in asked)
    assert sheet.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_a_sheet_is_accessible_and_its_styles_are_let_in(web: Viewer, site_folder: Path) -> None:
    sheets = ("/quiz/case-1.html", (site_folder / "quiz/case-1.html").as_uri())
    for size, address in zip(("desk", "phone"), sheets, strict=True):
        page = web.browser.new_context(viewport=dict(zip(("width", "height"), SIZES[size], strict=True))).new_page()
        trouble: list[str] = []
        page.on("console", lambda m, t=trouble: t.append(m.text))
        page.goto(address if address.startswith("file:") else web.home + address)
        assert page.evaluate("getComputedStyle(document.querySelector('ol.choices')).listStyleType") == "none"
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.querySelector('.answers')).breakBefore") == "page"
        page.emulate_media(media="screen")
        assert problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        shot(page, f"quiz-sheet-{size}")
        assert trouble == []
        page.context.close()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/quiz/recall-0.json", 400),
        ("/quiz/recall-10000.json", 400),
        ("/quiz/recall-٣.json", 400),
        ("/quiz/hardest-1.json", 400),
        ("/quiz/recall-1.exe", 404),
        ("/quiz/recall-1", 404),
        ("/quiz/..%2f..%2fapp.py", 404),
        ("/quiz/%3Cscript%3E.json", 400),
    ],
)
def test_a_set_that_is_none_is_refused(client: TestClient, address: str, status: int) -> None:
    got = client.get(address)
    assert got.status_code == status
    assert "<script>alert" not in got.text
    assert "Traceback" not in got.text
