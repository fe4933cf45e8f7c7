"""The pages in a real browser that reaches nothing but this machine: quiet, accessible, and used by keyboard."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from viewing import SIZES, Viewer, problems, ready

import kg
from kg.show.as_json import answer_json

CASE = urlencode([("present", "numb top of the foot"), ("present", "can't lift the big toe"), ("absent", "fever")])
PAGES = {
    "start": "/",
    "answer": f"/explain?{CASE}",
    "alarm": "/explain?present=saddle+numbness&present=cannot+pass+urine&present=zzzz",
    "condition": "/id/lumbar-disc-herniation",
    "root": "/id/l5-nerve-root",
    "flag": "/id/red-flag-acute-compartment-syndrome",
    "compare": "/compare?c=piriformis-syndrome&c=hip-osteoarthritis&c=lumbar-disc-herniation",
    "choose": "/compare",
    "claims": "/claims",
    "quiz": "/quiz",
    "browse": "/browse",
    "class": "/browse/Nerve",
    "graph": "/graph",
    "about": "/about",
    "query": "/query",
    "rows": "/query?example=conditions-per-group",
    "search": "/search?q=foot+drop",
    "problem": "/id/nothing-of-this-name",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_quiet_fits_and_is_accessible(web: Viewer, name: str, size: str) -> None:
    page = web.open(PAGES[name], size)
    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    print(f"{name} {size}: loaded after {took:.0f} ms")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert problems(page) == []
    if shots := os.environ.get("KG_SCREENSHOTS"):
        page.screenshot(path=f"{shots}/{name}-{size}.png", full_page=True)


@pytest.mark.parametrize("name", ["answer", "alarm", "condition", "compare", "claims"])
def test_page_is_accessible_in_the_dark(web: Viewer, name: str) -> None:
    page = web.open(PAGES[name])
    page.emulate_media(color_scheme="dark")
    assert problems(page) == []


def asked_for(page: Any) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query)


# ---- start ----------------------------------------------------------------------------------------------------------


def test_a_case_is_built_by_keyboard_alone(web: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = web.open("/")
    assert page.evaluate("document.activeElement.id") == "add"  # ready to type at once
    page.keyboard.type("can't feel the top")
    page.wait_for_selector("#add[aria-expanded=true]")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert chosen.get_attribute("id") == page.locator("#add").get_attribute("aria-activedescendant")
    assert "numbness of the dorsum of the foot" in chosen.inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ready(page)
    ((key, first),) = asked_for(page)
    assert key == "present"
    page.focus("#add")
    page.keyboard.type("weak big toe")
    page.wait_for_selector("#add[aria-expanded=true]")
    page.keyboard.press("Escape")
    assert page.locator("#add").get_attribute("aria-expanded") == "false"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ready(page)
    assert asked_for(page) == [("present", first), ("present", "weak big toe")]
    labels = page.locator(".condition h3 a").all_inner_texts()
    assert labels == [c.label for c in graph.explain([first, "weak big toe"]).conditions]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("slipped di", "lumbar disc herniation"),
        ("sit bone", "ischial tuberosity"),
        ("foot drop", "foot drop"),
        ("Guillain Barre", "Guillain-Barré syndrome"),
        ("disk herniation lumbar", "lumbar disc herniation"),
    ],
)
def test_anything_is_found_by_lay_words_and_spellings(web: Viewer, typed: str, meant: str) -> None:
    page = web.open("/about")
    page.fill("#find", typed)
    page.wait_for_selector("#find[aria-expanded=true]")
    offers = page.locator(".find [role=option]").all_inner_texts()
    assert any(meant in o for o in offers[:6]), offers


def test_a_thing_that_is_chosen_opens_its_page(web: Viewer) -> None:
    page = web.open("/claims")
    page.fill("#find", "common peroneal nerve")
    page.wait_for_selector("#find[aria-expanded=true]")
    page.press("#find", "ArrowDown")
    with page.expect_navigation():
        page.press("#find", "Enter")
    ready(page)
    assert page.locator("h1").inner_text() == "common fibular nerve"


def test_the_basket_turns_takes_out_and_restores(web: Viewer) -> None:
    page = web.open(PAGES["answer"])
    page.get_by_label("make it absent").first.click()
    ready(page)
    assert asked_for(page)[0] == ("absent", "numb top of the foot")
    page.get_by_label("Take out: fever").click()
    ready(page)
    assert asked_for(page) == [("present", "can't lift the big toe"), ("absent", "numb top of the foot")]
    page.fill("input[name=age]", "58")
    page.select_option("select[name=sex]", "male")
    page.click("text=Update")
    ready(page)
    assert asked_for(page)[-2:] == [("age", "58"), ("sex", "male")]
    again = web.open(page.url.removeprefix(web.home))
    assert again.locator("main").inner_text() == page.locator("main").inner_text()


def test_absent_and_side_go_into_the_case(web: Viewer) -> None:
    page = web.open("/")
    page.fill("#add", "knee pain")
    page.check("[data-as][value=absent]")
    page.select_option("[data-side]", "left")
    with page.expect_navigation():
        page.click("button.main")
    ready(page)
    assert asked_for(page) == [("absent", "left knee pain")]
    assert page.locator(".understood .tag").inner_text() == "left"


def test_the_start_works_without_scripts(web: Viewer) -> None:
    context = web.browser.new_context(java_script_enabled=False)
    web.contexts.append(context)
    page = context.new_page()
    page.goto(web.home + "/")
    page.fill("#add", "numb top of the foot")
    page.press("#add", "Enter")
    assert ("present", "numb top of the foot") in asked_for(page)
    page.fill("#add", "weak big toe")
    page.press("#add", "Enter")
    assert page.locator(".basket li").count() == 2
    assert page.locator(".condition").count() == 10
    page.get_by_label("Take out: weak big toe").click()
    assert page.locator(".basket li").count() == 1


def test_an_answer_is_the_answer_of_the_interface(web: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = web.open(PAGES["answer"])
    wanted = answer_json(graph.explain(["numb top of the foot", "can't lift the big toe"], ["fever"]))
    shown = page.evaluate(f"fetch('/explain.json?{CASE.replace(chr(39), '%27')}').then((r) => r.json())")
    assert shown == json.loads(json.dumps(wanted))


def test_alarms_stand_above_everything_that_is_ranked(web: Viewer) -> None:
    page = web.open(PAGES["alarm"])
    alarm, ranked = page.locator(".alarms").bounding_box(), page.locator(".ranked").bounding_box()
    assert alarm is not None
    assert ranked is not None
    assert alarm["y"] + alarm["height"] <= ranked["y"]
    assert "zzzz" in page.locator(".unmatched").inner_text()


def test_a_reason_lights_its_chain_up_in_the_picture(web: Viewer) -> None:
    page = web.open(PAGES["answer"])
    page.evaluate("document.addEventListener('kg:light', (e) => { window.lit = e.detail; })")
    before = page.locator("#canvas canvas").screenshot()
    reason = page.locator("details[data-chain]").first
    reason.locator("summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)  # the page's policy lets no test wait for an expression
    chain = reason.locator(".chain").first.locator("li").all_inner_texts()
    assert len(page.evaluate("window.lit")) == len(chain) >= 1
    assert page.locator("#canvas canvas").screenshot() != before
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.evaluate("window.lit") == []


# ---- pictures -------------------------------------------------------------------------------------------------------


def test_a_picture_begins_small_and_is_opened_by_a_click(web: Viewer) -> None:
    page = web.open(PAGES["condition"])
    few = int(re.match(r"\d+", page.locator("#count").inner_text())[0])  # type: ignore[index]
    page.click("#more")
    many = int(re.match(r"\d+", page.locator("#count").inner_text())[0])  # type: ignore[index]
    assert few < 20 < many
    assert not page.locator("#more").is_visible()


def test_words_of_a_picture_say_every_link_of_it(web: Viewer) -> None:
    page = web.open(PAGES["root"])
    drawn = page.evaluate("JSON.parse(document.getElementById('drawing-data').textContent).data.relations.length")
    assert page.locator("#words li").count() == drawn
    words, canvas = page.locator("#outline").bounding_box(), page.locator("#canvas").bounding_box()
    assert words is not None
    assert canvas is not None
    assert words["y"] < canvas["y"]


@pytest.mark.parametrize("name", ["root", "answer"])
def test_a_picture_is_saved_as_svg_and_png(web: Viewer, name: str) -> None:
    from xml.etree import ElementTree

    page = web.open(PAGES[name])
    with page.expect_download() as kept:
        page.click("#save-svg")
    text = Path(kept.value.path()).read_text(encoding="utf-8")
    tree = ElementTree.fromstring(text)
    words = {e.text for e in tree.iter("{http://www.w3.org/2000/svg}text")}
    nodes = page.evaluate("JSON.parse(document.getElementById('drawing-data').textContent).nodes")
    shown = [n for n in nodes if n.get("first", True)]
    assert shown
    assert all(line in words for n in shown for line in n["label"].split("\n"))
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}path"))) > 5
    with page.expect_download() as kept:
        page.click("#save")
    assert Path(kept.value.path()).read_bytes()[:4] == b"\x89PNG"


def test_large_type_and_full_screen(web: Viewer) -> None:
    page = web.open(PAGES["answer"], "hall")
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.click("#big")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > before
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["hall"][0]
    page.click("#full")
    page.wait_for_selector("#full[aria-pressed=true]")
    assert page.evaluate("document.fullscreenElement.id") == "picture"


def test_the_whole_graph_can_be_searched_and_filtered(web: Viewer) -> None:
    page = web.open(PAGES["graph"])
    print(f"whole graph drawn after {page.evaluate('performance.now()'):.0f} ms")
    shown = page.locator("#count").inner_text()
    page.get_by_role("button", name=re.compile(r"^symptom \d")).click()
    assert page.locator("#count").inner_text() != shown
    page.fill("#search", "sciatic nerve")
    page.press("#search", "Enter")
    assert page.locator("#name").inner_text() == "sciatic nerve"
    assert page.locator("#panel a").first.get_attribute("href") == "id/sciatic-nerve"


def test_a_recipe_is_copied(web: Viewer) -> None:
    page = web.open(PAGES["answer"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("button[data-copy=recipe-shell]")
    page.wait_for_selector("button[data-copy=recipe-shell]:has-text('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#recipe-shell").inner_text()


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "\"'><svg onload=alert(3)>",
    "ألم \u202eمقلوب",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_findings_do_nothing(web: Viewer, text: str) -> None:
    page = web.open("/explain?" + urlencode([("present", text), ("present", "leg pain"), ("absent", text)]))
    assert page.locator(".basket .what").first.text_content() == text
    assert page.locator("img, iframe").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["desk"][0]
    page.fill("#add", text)
    page.wait_for_timeout(100)
    with page.expect_navigation():
        page.press("#add", "Enter")
    ready(page)
    assert page.locator("img, iframe").count() == 0


def test_a_very_long_finding_stays_on_the_page(web: Viewer) -> None:
    page = web.open("/explain?" + urlencode([("present", "x" * 3000), ("present", "leg pain")]), "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]


# ---- the site as files ----------------------------------------------------------------------------------------------


FILES = (
    "index", "about", "search", "compare", "claims", "browse", "graph", "browse/Nerve", "explain/weak-big-toe",
    "explain/saddle-numbness", "id/l5-nerve-root", "id/lumbar-disc-herniation", "ontology/class/Condition",
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_static_page_works_from_a_folder(web: Viewer, site_folder: Path, name: str) -> None:
    page = web.open((site_folder / f"{name}.html").as_uri())
    assert "call your local emergency number" in page.locator("header.site").inner_text()
    assert problems(page) == []
    for link in page.locator("a[href], link[href], script[src]").all():
        address = link.get_attribute("href") or link.get_attribute("src") or ""
        assert not address.startswith("/")


def test_static_pages_search_themselves(web: Viewer, site_folder: Path) -> None:
    page = web.open((site_folder / "index.html").as_uri())
    assert "kg serve" in page.locator("main").inner_text()
    page.fill("#static-find", "fifth lumbar root")
    page.wait_for_selector("#static-find[aria-expanded=true]")
    with page.expect_navigation():
        page.press("#static-find", "Enter")
    ready(page)
    assert page.url.endswith("id/l5-nerve-root.html")
    page.fill("#find", "slipped disc")
    with page.expect_navigation():
        page.press("#find", "Enter")
    ready(page)
    assert page.url.endswith("id/lumbar-disc-herniation.html")
