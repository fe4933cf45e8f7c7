"""The pages in a real browser with its network cut: they open quietly, answer to mouse and keys, and trust no label."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

import kg
from kg.errors import InputError
from kg.notice import DISCLAIMER
from kg.show.as_network import LARGE, MOST, answer_page, view_page

DESK = (1280, 800)
PHONE = (390, 844)
WIDE = (1920, 1080)
PAGES = ("root", "several", "whole", "why", "alarm", "nothing")
READY = "html[data-ready=yes]"
# The page keeps its drawing to itself; this hands the tests the library's own object, to ask what was drawn where.
HOOK = """
window.vis = new Proxy({}, {
  set(library, name, value) {
    library[name] = name !== "Network" ? value : class extends value {
      constructor(...given) { super(...given); window.drawn = this; }
    };
    return true;
  },
});
"""


@dataclass
class Seen:
    """A page, and everything on it that should not have happened."""

    page: Page
    trouble: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@dataclass
class Viewer:
    """Opens the pages, each in a context of its own without network."""

    browser: Browser
    folder: Path
    contexts: list[BrowserContext] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def open(self, name: str, size: tuple[int, int] = DESK) -> Page:
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, accept_downloads=True)
        self.contexts.append(context)
        seen = Seen(context.new_page())
        self.seen.append(seen)

        def gate(route: Route) -> None:
            if re.match(r"(file|data|blob):", route.request.url):
                route.continue_()
            else:
                seen.requests.append(route.request.url)
                route.abort()

        def dismissed(dialog: Any) -> None:
            seen.trouble.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        context.add_init_script(HOOK)
        context.route("**/*", gate)
        context.set_offline(True)
        seen.page.on("console", lambda m: seen.trouble.append(m.text) if m.type in ("error", "warning") else None)
        seen.page.on("pageerror", lambda e: seen.trouble.append(str(e)))
        seen.page.on("dialog", dismissed)
        seen.page.goto((self.folder / f"{name}.html").as_uri())
        seen.page.wait_for_selector(READY, state="attached")
        return seen.page


@pytest.fixture(scope="session")
def folder(graph: kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pages")
    why = graph.explain(["pain down the back of the left leg", "numb top of the foot", "can't lift the big toe"])
    alarm = graph.explain(["saddle numbness", "cannot pass urine", "low back pain"])
    pages = {
        "root": graph.view(["L5 root"]),
        "several": graph.view(["lumbar disc herniation", "piriformis syndrome", "hip osteoarthritis"]),
        "whole": graph.view(),
        "why": answer_page(graph, why),
        "alarm": answer_page(graph, alarm),
        "nothing": answer_page(graph, graph.explain(["zzzz"])),
        "hostile": hostile_page(),
        "hostile-large": hostile_page(LARGE + 10),
    }
    for name, text in pages.items():
        (out / f"{name}.html").write_text(text, encoding="utf-8")
    return out


@pytest.fixture
def viewer(browser: Browser, folder: Path) -> Iterator[Viewer]:
    made = Viewer(browser, folder)
    yield made
    for context in made.contexts:
        context.close()
    for seen in made.seen:
        assert seen.trouble == []
        assert seen.requests == []


def words_of(page: Page, selector: str) -> str:
    return page.locator(selector).inner_text()


def choose(page: Page, name: str) -> None:
    page.fill("#search", name)
    page.press("#search", "Enter")


def data_of(page: Page) -> dict[str, Any]:
    return dict(json.loads(page.locator("#data").text_content() or ""))


def boxes(page: Page) -> dict[str, dict[str, float]]:
    """Where the shown things are on the canvas, with their labels, in the drawing's own measure."""
    return dict(page.evaluate(DRAWN))


DRAWN = """
() => {
  const [position, scale] = [drawn.getViewPosition(), drawn.getScale()];
  drawn.fit({animation: false});  // what is outside the window is not measured
  drawn.redraw();
  const found = drawn.body.nodeIndices.map((id) => {
    const node = drawn.body.nodes[id], {top, bottom, left, right} = node.shape.boundingBox;
    const [w, h] = [node.shape.width / 2, node.shape.height / 2];
    const box = {left: node.x - w, right: node.x + w, top: node.y - h, bottom: node.y + h};
    return [id, node.options.shape === "box" ? box : {top, bottom, left, right}];
  });
  drawn.moveTo({position, scale, animation: false});
  return Object.fromEntries(found);
}
"""

# ---- labels that mean harm ------------------------------------------------------------------------------------------

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "<b onmouseover=alert(3)>bold</b> & &lt;i&gt;",
    "<!--<script>alert(4)",
    "'\"`${alert(5)}\\u003cscript>",
    "<@JS@> @@JS@@ {{ 7*7 }} {% raw %}",
    "javascript:alert(6)",
    "long " + "word " * 99,
    "x" * 500,
    "ألم أسفل الظهر \u202eمقلوب",
    "line one\nline two\u2028line three",
    "__proto__",
)


def hostile_page(extra: int = 0) -> str:
    walk = nx.Graph()
    labels = [*HOSTILE, *(f"{HOSTILE[i % 4]} {i}" for i in range(extra))]
    kinds = ("Condition", "NerveRoot", "BodyArea", "Nerve", "Muscle")
    for i, label in enumerate(labels):
        walk.add_node(f"id:{i}", label=label, kind=kinds[i % len(kinds)])
    for i in range(1, len(labels)):
        walk.add_edge("id:0", f"id:{i}", bare=1.0, cost=1.0, links=(("id:0", "p", f"id:{i}"),))
    walk.graph["labels"] = {"p": HOSTILE[0]}

    def record(thing: str) -> dict[str, Any]:
        evidence = {"sentence": HOSTILE[0], "population": HOSTILE[1], "sources": [HOSTILE[2]]}
        return {
            "kind": walk.nodes[thing]["kind"],
            "label": walk.nodes[thing]["label"],
            "synonyms": [f"other {HOSTILE[0]}", HOSTILE[1]],
            "definition": " ".join(HOSTILE),
            "statistics": [evidence],
            "recommendations": [evidence],
            "sources": list(HOSTILE),
        }

    return view_page(walk, () if extra else ("id:0", "id:1"), record, 2)


@pytest.mark.parametrize("name", ["hostile", "hostile-large"])
def test_hostile_labels_are_words_and_nothing_else(viewer: Viewer, name: str) -> None:
    page = viewer.open(name)
    elements = "document.querySelectorAll('img, b, i, iframe, script, a, object').length"
    before = page.evaluate(elements)
    assert page.locator("script").count() == 4
    for i, label in list(enumerate(HOSTILE))[:: 4 if name == "hostile-large" else 1]:
        page.evaluate("id => drawn.body.emitter.emit('selectNode', {nodes: [id]})", f"id:{i}")
        assert page.locator("#name").text_content() == label
        panel = page.locator("#panel").text_content() or ""
        assert all(text in panel for text in HOSTILE if text != "__proto__")
        assert page.evaluate(elements) == before
    page.fill("#search", "<img")
    assert HOSTILE[0] in words_of(page, "#results")
    page.press("#search", "Enter")
    assert page.evaluate(elements) == before
    if name == "hostile":
        assert HOSTILE[1] in (page.locator("h1").text_content() or "")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_hostile_notice_is_words(graph: kg.KnowledgeGraph) -> None:
    from dataclasses import replace

    answer = graph.explain(["saddle numbness", "cannot pass urine"])
    assert answer.alarms
    alarm = replace(answer.alarms[0], action="<img src=x onerror=alert(1)> <@JS@>")
    page = answer_page(graph, replace(answer, alarms=(alarm,)))
    assert "&lt;img src=x onerror=alert(1)&gt; &lt;@JS@&gt;" in page
    assert "<img" not in page.partition("<main>")[0]


# ---- opening --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_quietly(viewer: Viewer, name: str) -> None:
    page = viewer.open(name)
    assert DISCLAIMER in words_of(page, "header")
    assert page.locator("h1").count() == 1
    assert page.title().startswith(page.locator("h1").inner_text())
    drawn = boxes(page)
    assert bool(drawn) == (name != "nothing")
    assert words_of(page, "#count").startswith(f"{len(drawn)} things shown")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_one_file(folder: Path, name: str) -> None:
    text = (folder / f"{name}.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["'](?!data:)""", text)
    assert not re.search(r"@import|url\((?!data:)", text.partition("</style>")[0])
    assert not re.search("<@[A-Z]+@>", text)
    assert "default-src 'none'" in text


def test_view_of_a_name_shows_the_things_nearest_to_it(viewer: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = viewer.open("root")
    drawn = boxes(page)
    root = graph.resolve("L5 root")
    assert len(drawn) == MOST + 1
    assert root in drawn
    kinds = {graph.walk.nodes[n]["kind"] for n in drawn}
    assert {"Condition", "NerveRoot", "Nerve", "Muscle", "BodyArea", "Reflex", "ClinicalTest"} <= kinds


def test_alarms_stand_above_the_picture(viewer: Viewer) -> None:
    page = viewer.open("alarm")
    notice = page.locator("#notice")
    assert "cauda equina" in notice.inner_text()
    assert notice.get_attribute("role") == "alert"
    box, canvas = notice.bounding_box(), page.locator("#canvas").bounding_box()
    assert box is not None
    assert canvas is not None
    assert box["y"] + box["height"] < canvas["y"]


def test_first_picture_of_the_whole_graph_is_usable(viewer: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = viewer.open("whole")
    print(f"ready {page.evaluate('performance.now()'):.0f} ms after the page was asked for")
    drawn = boxes(page)
    assert 100 < len(drawn) < len(graph.walk)
    outside = f"{len(graph.walk) - len(drawn)} hidden"
    assert outside in words_of(page, "#count")
    canvas = page.locator("#canvas").bounding_box()
    assert canvas is not None
    used = screen_box(page, list(drawn))
    assert used["left"] >= -1
    assert used["top"] >= -1
    assert used["right"] <= canvas["width"] + 1
    assert used["bottom"] <= canvas["height"] + 1
    assert (used["right"] - used["left"]) * (used["bottom"] - used["top"]) > 0.7 * canvas["width"] * canvas["height"]
    assert overlaps(drawn) == []


def screen_box(page: Page, ids: list[str]) -> dict[str, float]:
    return dict(
        page.evaluate(
            """ids => {
              const all = ids.map((id) => drawn.getBoundingBox(id));
              const least = (side) => Math.min(...all.map((b) => b[side]));
              const most = (side) => Math.max(...all.map((b) => b[side]));
              const a = drawn.canvasToDOM({x: least("left"), y: least("top")});
              const z = drawn.canvasToDOM({x: most("right"), y: most("bottom")});
              return {left: a.x, top: a.y, right: z.x, bottom: z.y};
            }""",
            ids,
        )
    )


def overlaps(drawn: dict[str, dict[str, float]], tolerance: float = 4.0) -> list[tuple[str, str]]:
    names = sorted(drawn)
    return [
        (a, b)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        if min(drawn[a]["right"], drawn[b]["right"]) - max(drawn[a]["left"], drawn[b]["left"]) > tolerance
        and min(drawn[a]["bottom"], drawn[b]["bottom"]) - max(drawn[a]["top"], drawn[b]["top"]) > tolerance
    ]


@pytest.mark.parametrize("size", [PHONE, DESK, WIDE], ids=str)
@pytest.mark.parametrize("name", ["root", "several", "why", "whole"])
def test_fits_every_screen(viewer: Viewer, name: str, size: tuple[int, int]) -> None:
    page = viewer.open(name, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert overlaps(boxes(page)) == []
    choose(page, "disc herniation" if name != "root" else "L5")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if shots := os.environ.get("KG_SCREENSHOTS"):
        page.screenshot(path=f"{shots}/{name}-{size[0]}.png")


@pytest.mark.parametrize(("name", "size", "least"), [("root", DESK, 9.5), ("why", DESK, 12), ("root", PHONE, 12)])
def test_words_are_large_enough_to_read(viewer: Viewer, name: str, size: tuple[int, int], least: float) -> None:
    page = viewer.open(name, size)
    assert page.evaluate("26 * drawn.getScale()") >= least


@pytest.mark.parametrize("name", ["root", "several", "why", "alarm"])
def test_nothing_is_cut_off_at_first(viewer: Viewer, name: str) -> None:
    page = viewer.open(name)
    canvas = page.locator("#canvas").bounding_box()
    assert canvas is not None
    used = screen_box(page, list(boxes(page)))
    assert used["left"] >= 0
    assert used["top"] >= 0
    assert used["right"] <= canvas["width"]
    assert used["bottom"] <= canvas["height"]


@pytest.mark.parametrize("name", ["root", "whole"])
def test_places_are_the_same_in_two_builds(viewer: Viewer, folder: Path, name: str) -> None:
    script = (
        f"import sys, kg\nsys.stdout.buffer.write(kg.load().view({['L5 root'] if name == 'root' else []!r}).encode())\n"
    )
    again = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    ).stdout
    assert again == (folder / f"{name}.html").read_bytes()
    assert boxes(viewer.open(name)) == boxes(viewer.open(name))


# ---- finding and reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sought", "found"),
    [("sciatic nerve", "sciatic nerve"), ("fifth lumbar root", "L5 nerve root"), ("SLR", "straight leg raise")],
)
def test_search_knows_labels_and_synonyms(viewer: Viewer, sought: str, found: str) -> None:
    page = viewer.open("root")
    page.fill("#search", sought)
    assert found in page.locator("#results button").first.inner_text()
    page.press("#search", "Enter")
    assert words_of(page, "#name").startswith(found)
    assert page.locator("#results *").count() == 0


def test_search_prefers_the_thing_that_has_the_name(viewer: Viewer) -> None:
    page = viewer.open("whole")
    for name in ("lumbar disc herniation", "leg pain", "buttock"):
        page.fill("#search", name)
        assert page.locator("#results button").first.inner_text() == name


def test_search_says_when_there_is_nothing_or_too_much(viewer: Viewer) -> None:
    page = viewer.open("whole")
    page.fill("#search", "no such thing at all")
    assert words_of(page, "#results") == "Nothing here has this name."
    page.press("#search", "Enter")
    assert words_of(page, "#name") == "Choose a thing"
    page.fill("#search", "pain")
    assert page.locator("#results button").count() == 12
    assert re.search(r"… and \d+ more", words_of(page, "#results"))
    page.press("#search", "Escape")
    assert page.input_value("#search") == ""
    assert page.locator("#results *").count() == 0


def test_a_result_can_be_clicked(viewer: Viewer) -> None:
    page = viewer.open("root")
    page.fill("#search", "sciatic")
    page.get_by_role("button", name="sciatic nerve", exact=True).click()
    assert words_of(page, "#name") == "sciatic nerve"


def test_panel_holds_definition_figures_and_sources(viewer: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = viewer.open("several")
    choose(page, "piriformis syndrome")
    record = graph.show("piriformis syndrome")
    panel = words_of(page, "#panel")
    assert words_of(page, "#name") == "piriformis syndrome"
    assert record["definition"] in panel
    assert record["statistics"]
    assert record["sources"]
    assert all(s["sentence"] in panel for s in record["statistics"])
    assert all(s in panel for s in record["sources"])
    assert [h.inner_text() for h in page.locator("#detail h3").all()] == [
        "Links",
        "Figures",
        "Treatment and tests",
        "Sources",
    ]


def test_panel_of_the_whole_graph_gives_figures_with_their_sources(viewer: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = viewer.open("whole")
    choose(page, "piriformis syndrome")
    record = graph.show("piriformis syndrome")
    panel = words_of(page, "#panel")
    assert record["definition"] in panel
    first = record["statistics"][0]
    assert first["sentence"] in panel
    assert all(s in panel for s in first["sources"])


def test_a_click_on_the_drawing_opens_the_thing(viewer: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = viewer.open("root")
    root = graph.resolve("L5 root")
    boxes(page)
    at = page.evaluate("id => drawn.canvasToDOM(drawn.getPosition(id))", root)
    page.locator("#canvas").click(position={"x": at["x"], "y": at["y"]})
    page.wait_for_function("document.getElementById('name').textContent === 'L5 nerve root'")


def test_every_link_of_a_hub_can_be_reached(viewer: Viewer) -> None:
    page = viewer.open("whole")
    choose(page, "lumbar disc herniation")
    data = data_of(page)
    hub = next(i for i, detail in data["details"].items() if detail["name"] == "lumbar disc herniation")
    place = page.evaluate("id => NODES.findIndex((n) => n.id === id)", hub)
    expected = sum(place in (s, o) for s, _, o in data["relations"])
    more = page.get_by_role("button", name=f"Show all {expected} links")
    more.focus()
    page.keyboard.press("Enter")
    assert page.locator("#panel .links button").count() == expected
    assert page.evaluate("document.activeElement.closest('.links') !== null")


@pytest.mark.parametrize("name", ["root", "several", "why", "alarm"])
def test_the_words_say_what_the_drawing_shows(viewer: Viewer, graph: kg.KnowledgeGraph, name: str) -> None:
    page = viewer.open(name)
    page.locator("#outline summary").click()
    told = [item.inner_text() for item in page.locator("#words li").all()]
    label = {i: d["name"] for i, d in data_of(page)["details"].items()}
    drawn = page.evaluate("Object.values(drawn.body.edges).map((e) => [e.fromId, e.options.words ?? '', e.toId])")
    ends = page.evaluate("drawn.body.data.edges.get().map((e) => [e.from, e.words, e.to])")
    assert len(drawn) == len(ends) == len(told) == len(set(told))
    assert sorted(told) == sorted(f"{label[s]} {words} {label[o]}" for s, words, o in ends)
    assert f"{len(told)} links" in words_of(page, "#count")


# ---- showing and hiding ---------------------------------------------------------------------------------------------


def test_legend_hides_and_shows_a_kind(viewer: Viewer) -> None:
    page = viewer.open("root")
    before = boxes(page)
    button = page.locator("#legend button", has_text="condition")
    kind = int(button.inner_text().rpartition(" ")[2])
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert len(boxes(page)) == len(before) - kind
    assert f"; {kind} hidden" in words_of(page, "#count")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert boxes(page).keys() == before.keys()
    assert "hidden" not in words_of(page, "#count")


def test_legend_of_the_whole_graph_brings_what_was_hidden(viewer: Viewer) -> None:
    page = viewer.open("whole")
    before = boxes(page)
    button = page.locator("#legend button", has_text="red flag")
    kind = int(button.inner_text().rpartition(" ")[2])
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    after = boxes(page)
    assert len(after) == len(before) + kind
    assert overlaps(after) == []


@pytest.mark.parametrize("back", ["Escape", "Back to the map"])
def test_a_chosen_thing_takes_the_stage_and_leaves_it(viewer: Viewer, graph: kg.KnowledgeGraph, back: str) -> None:
    page = viewer.open("whole")
    before = boxes(page)
    assert not page.locator("#map").is_visible()
    choose(page, "piriformis")
    muscle = graph.resolve("piriformis")
    on_stage = boxes(page)
    assert muscle in on_stage
    assert set(on_stage) - {muscle} <= set(graph.walk.adj[muscle])
    assert len(on_stage) == min(len(graph.walk.adj[muscle]), 44) + 1
    assert overlaps(on_stage) == []
    canvas = page.locator("#canvas").bounding_box()
    assert canvas is not None
    used = screen_box(page, list(on_stage))
    assert min(used["left"], used["top"]) >= 0
    assert used["right"] <= canvas["width"]
    assert used["bottom"] <= canvas["height"]
    if back == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name=back).click()
    assert boxes(page) == before
    assert not page.locator("#map").is_visible()


def test_zoom_and_fit(viewer: Viewer) -> None:
    page = viewer.open("root")
    first = page.evaluate("drawn.getScale()")
    page.get_by_role("button", name="Zoom in").click()
    assert page.evaluate("drawn.getScale()") > first
    page.get_by_role("button", name="Zoom out").click()
    page.get_by_role("button", name="Zoom out").click()
    assert page.evaluate("drawn.getScale()") < first
    page.get_by_role("button", name="Fit", exact=True).click()
    assert page.evaluate("drawn.getScale()") == pytest.approx(first)


def test_picture_can_be_saved(viewer: Viewer, tmp_path: Path) -> None:
    page = viewer.open("root")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save PNG").click()
    assert waiting.value.suggested_filename == "back-leg-pain-graph.png"
    saved = tmp_path / "saved.png"
    waiting.value.save_as(saved)
    data = saved.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[i : i + 4]) for i in (16, 20))
    assert width > 500
    assert height > 300


# ---- keyboard and senses --------------------------------------------------------------------------------------------


def test_keyboard_alone_is_enough(viewer: Viewer) -> None:
    page = viewer.open("root")
    reached = tabbed(page, 40)
    assert reached[:5] == ["search", "fit", "larger", "smaller", "save"]
    kinds = page.locator("#legend button").count()
    assert reached[5 : 5 + kinds] == ["legend"] * kinds
    assert "canvas" not in reached
    assert "panel summary" in reached

    page.focus("#search")
    page.keyboard.type("sciatic nerve")
    page.keyboard.press("Enter")
    assert words_of(page, "#name") == "sciatic nerve"
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    assert page.evaluate("document.activeElement.closest('.links') !== null")
    page.keyboard.press("Enter")
    neighbour = words_of(page, "#name")
    assert neighbour != "sciatic nerve"
    assert focused.endswith(neighbour)
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.links') !== null")

    page.focus("#legend button")
    page.keyboard.press("Space")
    assert page.locator("#legend button").first.get_attribute("aria-pressed") == "false"


def tabbed(page: Page, times: int) -> list[str]:
    out = []
    for _ in range(times):
        page.keyboard.press("Tab")
        out.append(
            page.evaluate(
                """() => {
                  const at = document.activeElement;
                  const part = ["legend", "canvas", "panel"].find((id) => at.closest("#" + id));
                  return part === "panel" ? "panel " + at.tagName.toLowerCase() : part ?? at.id;
                }"""
            )
        )
    return out


@pytest.mark.parametrize("name", ["root", "whole"])
def test_everything_has_a_name(viewer: Viewer, name: str) -> None:
    page = viewer.open(name)
    choose(page, "sciatic nerve")
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("h1").count() == 1
    assert page.locator("h2").count() == 1
    assert page.locator("main").count() == 1
    assert page.get_by_label("Find", exact=True).get_attribute("id") == "search"
    nameless = "nodes => nodes.filter((n) => !(n.getAttribute('aria-label') ?? n.textContent).trim()).length"
    assert page.locator("button, h1, h2, h3, summary").evaluate_all(nameless) == 0
    assert page.locator("#canvas").get_attribute("aria-label")
    identifiers = page.locator("[id]").evaluate_all("nodes => nodes.map((n) => n.id)")
    assert len(identifiers) == len(set(identifiers))
    for attribute in ("aria-controls", "aria-labelledby", "for"):
        for target in page.locator(f"[{attribute}]").evaluate_all(f"n => n.map((x) => x.getAttribute('{attribute}'))"):
            assert target in identifiers


CONTRAST = """
nodes => nodes.filter((n) => n.textContent.trim()).map((n) => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  let ground = n;
  while (ground && parts(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const back = ground ? parts(getComputedStyle(ground).backgroundColor) : [255, 255, 255];
  const two = [light(parts(getComputedStyle(n).color)), light(back)].sort((a, b) => b - a);
  return [n.textContent.trim().slice(0, 40), (two[0] + 0.05) / (two[1] + 0.05)];
})
"""


@pytest.mark.parametrize("name", ["whole", "alarm", "several"])
def test_words_stand_out_from_what_is_behind_them(viewer: Viewer, name: str) -> None:
    page = viewer.open(name)
    choose(page, "disc herniation" if name != "alarm" else "cauda equina")
    page.fill("#search", "pain")
    measured = page.locator("h1, header p, header label, header button, #panel *").evaluate_all(CONTRAST)
    assert len(measured) > 20
    assert [m for m in measured if m[1] < 4.5] == []


@pytest.mark.parametrize("name", ["root", "whole", "several"])
def test_words_on_coloured_things_stand_out(viewer: Viewer, name: str) -> None:
    page = viewer.open(name)
    nodes = page.evaluate("drawn.body.data.nodes.get().map((n) => [n.shape, n.color.background, n.font.color])")
    inside = {(ground, ink) for shape, ground, ink in nodes if shape == "box"}
    assert inside
    for ground, ink in inside:
        assert contrast(ground, ink) >= 4.5, (ground, ink)


def contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


# ---- building -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bl:Condition", "id:pmid-11887107"])
def test_what_has_no_links_cannot_be_drawn(graph: kg.KnowledgeGraph, name: str) -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        graph.view([name])


def test_more_reach_never_shows_less(graph: kg.KnowledgeGraph) -> None:
    from kg.show.as_network import around

    name = graph.resolve("obturator nerve")
    sizes = [len(around(graph.walk, [name], reach)) for reach in (1, 2, 3)]
    assert sizes == sorted(sizes)
    assert sizes[0] > 1


def test_building_warns_of_nothing(graph: kg.KnowledgeGraph) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert graph.view(["S1 root"]).startswith("<!doctype html>")
