"""The body map and the page that localises: drawn things, mouse, keys, touch, and the same numbers everywhere."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from conftest import KgRun
from playwright.sync_api import Page
from starlette.testclient import TestClient
from viewing import SIZES, Viewer, problems

import kg
from kg.read.sparql import run_query
from kg.show.as_json import localization_json
from kg.show.body_colours import OTHERS, ROOTS, paint
from kg.show.body_map import _depth, shapes
from kg.show.body_plates import PLATES, SHEET, VIEWS
from kg.web import body, body_facts, localize

ID = "https://w3id.org/backleg-pain/id/"
PATTERNS = json.loads((Path(__file__).parent.parent / "golden" / "localization.json").read_text(encoding="utf-8"))
HOSTILE = ("<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "ألم", "x" * 3000, '"><b>')
FOOT = "numbness of the dorsum of the foot, left"
MARKED = urlencode([("present", FOOT)])


# ---- the drawing ----------------------------------------------------------------------------------------------------


def parts_of(graph: kg.KnowledgeGraph) -> dict[str, set[str]]:
    rows = graph.sparql("SELECT ?part ?whole WHERE { ?part bl:partOf ?whole ; a bl:BodyArea . ?whole a bl:BodyArea }")
    assert isinstance(rows, list)
    out: dict[str, set[str]] = {}
    for r in rows:
        out.setdefault(r["whole"].removeprefix(ID), set()).add(r["part"].removeprefix(ID))
    return out


def test_every_drawn_area_is_a_body_area_of_the_graph(graph: kg.KnowledgeGraph) -> None:
    assert {s.area for s in shapes()} <= body_facts.known(graph)


def test_every_area_of_skin_is_drawn_or_made_up_of_drawn_parts(graph: kg.KnowledgeGraph) -> None:
    drawn, parts = {s.area for s in shapes()}, parts_of(graph)
    missing = body_facts.known(graph) - drawn - set(body_facts.NOT_DRAWN)
    assert {m for m in missing if not parts.get(m, set()) & drawn} == set()
    assert not drawn & set(body_facts.NOT_DRAWN)
    assert set(body_facts.NOT_DRAWN) <= body_facts.known(graph)


def test_left_and_right_are_mirror_images() -> None:
    middles = {p.name: p.place[0] for p in PLATES}
    by_side = {(s.plate, s.area.replace("left", "x").replace("right", "x"), s.side): s for s in shapes()}
    pairs = 0
    for (plate, area, side), s in by_side.items():
        if side == "left":
            other = by_side[plate, area, "right"]
            assert s.middle[0] - middles[plate] == pytest.approx(middles[plate] - other.middle[0], abs=0.11)
            assert (s.middle[1], s.width, s.depth) == (other.middle[1], other.width, other.depth)
            pairs += 1
    assert pairs > 50


def corners(path: str) -> list[tuple[float, float]]:
    """Ends of the pieces of a path, close enough to its outline."""
    pieces = re.findall(r"[MC]([^MCZ]+)", path)
    return [(n[-2], n[-1]) for n in ([float(x) for x in p.split()] for p in pieces)]


@pytest.mark.parametrize("plate", ["front", "back"])
def test_areas_of_a_figure_leave_no_gap_and_do_not_overlap(plate: str) -> None:
    """Each point inside the figure, away from borders, lies in exactly one area (toes and such lie on top)."""
    drawn = next(p for p in PLATES if p.name == plate)
    over, box, middle = {*drawn.round_pairs, *drawn.round_middle}, drawn.box, drawn.place[0]
    rings = [corners(s.path) for s in shapes() if s.plate == plate and s.area not in over]
    held = 0
    for y in range(int(box[1]) + 50, int(box[1]) + 760, 13):
        for x in range(int(box[0]), int(box[0] + box[2]), 5):
            depths = sorted((_depth((x + 0.5, y + 0.5), r) for r in rings), reverse=True)
            if depths[0] > 1.5:
                held += 1
                assert depths[1] < 1.0, (x, y)
            elif 20 < abs(x - middle) < 80 and y < 300:
                assert depths[0] > -1.5, (x, y)
    assert held > 1000


def test_shapes_and_views_lie_on_the_sheet() -> None:
    for s in shapes():
        assert s.depth > 0, (s.plate, s.area)
        for x, y in corners(s.path):
            assert SHEET[0] <= x <= SHEET[2], (s.area, x)
            assert SHEET[1] <= y <= SHEET[3], (s.area, y)
    assert len({v.name for v in VIEWS}) == len(VIEWS)


def light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_dark_words_stand_out_from_every_colour() -> None:
    for colour in (*ROOTS.values(), *OTHERS):
        assert (light(colour) + 0.05) / (light("#14171b") + 0.05) > 7, colour
    assert len(set(ROOTS.values())) == len(ROOTS)


# ---- what the colours say -------------------------------------------------------------------------------------------


def said(*rows: tuple[str, str, int]) -> list[dict[str, Any]]:
    return [{"id": i, "strength": s, "source": n} for i, s, n in rows]


def test_sources_that_name_others_first_differ() -> None:
    assert paint(said(("l5", "main", 0), ("l4", "minor", 0))).how == "one"
    assert paint(said(("l5", "main", 0), ("l4", "main", 0))).how == "together"
    assert paint(said(("l5", "main", 0), ("l4", "main", 1))).how == "differ"
    assert paint(said(("l5", "main", 0), ("l4", "main", 0), ("l5", "main", 1))).how == "differ"
    # What a single source names as variable is still what it names first.
    assert paint(said(("l5", "main", 0), ("l4", "variable", 1))) == ("differ", ("l5", "l4"))
    assert paint(said(("l5", "main", 0), ("l4", "variable", 1)), source=1) == ("one", ("l4",))
    assert paint(said(("l5", "main", 0)), source=7).how == "nobody"


def test_colours_come_from_links_of_the_graph(graph: kg.KnowledgeGraph) -> None:
    """Everything the map says of an area is an annotated link to it, or to a whole that it is part of."""
    for slug, area in body_facts.facts(graph)["areas"].items():
        for layer, rows in area["says"].items():
            target = (area["as"][layer] or {"id": slug})["id"]
            for row in rows:
                assert graph.sparql(f"ASK {{ id:{row['id']} bl:suppliesSkinArea id:{target} }}"), (slug, row)


def test_each_statement_of_the_graph_is_on_the_map(graph: kg.KnowledgeGraph) -> None:
    rows = graph.sparql(
        "SELECT ?s ?a ?strength ?source WHERE { ?x owl:annotatedSource ?s ; owl:annotatedProperty bl:suppliesSkinArea ;"
        " owl:annotatedTarget ?a ; bl:strength ?strength ; dcterms:source ?source . ?s a bl:NerveRoot }"
    )
    assert isinstance(rows, list)
    areas = body_facts.facts(graph)["areas"]
    counted: dict[str, set[tuple[str, str, str]]] = {}
    for r in rows:
        slug = r["a"].removeprefix(ID)
        if slug in areas:
            row = (r["s"].removeprefix(ID), r["strength"].rpartition("#")[2], r["source"])
            counted.setdefault(slug, set()).add(row)
    assert len(counted) > 40
    for slug, found in counted.items():
        shown = {(x["id"], x["strength"], x["source"]) for x in areas[slug]["says"]["root"]}
        assert len(shown) == len(found), slug
        assert {x[:2] for x in shown} == {x[:2] for x in found}


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_words_of_the_map_and_of_the_sheet_are_understood_as_meant(graph: kg.KnowledgeGraph, side: str) -> None:
    areas = body_facts.facts(graph)["areas"]
    meant = {
        w: (q, body_facts.WEAKNESS[slug] if q == "weakness" else slug)
        for slug, a in areas.items()
        for q, w in a["words"].items()
        if slug.partition("-")[0] not in ("left", "right")
    }
    on_sheet = [r["words"] for group in localize.sheet(graph) for r in group["rows"]]
    spoken = {w: body.spoken_on(w, side) for w in [*meant, *on_sheet]}
    answer = graph.explain(list(spoken.values()), top=1)
    assert answer.unmatched == ()
    found = {m.text: m for m in answer.findings}
    findings = graph.knowledge.findings
    for words, text in spoken.items():
        if "quadrant" in words or text == "bilateral buttock pain":  # a side of its own; a finding of its own
            continue
        assert found[text].side == side, text
        if words in meant:
            quality, site = meant[words]
            ids = {n.id for n in found[text].matched}
            parts = {x for i in ids for x in ((*findings[i].qualities, *findings[i].sites) if i in findings else (i,))}
            assert {ID + quality, ID + site} <= parts, text


# ---- pages and twins ------------------------------------------------------------------------------------------------


def test_twin_and_header_give_the_same(client: TestClient) -> None:
    assert client.get("/body.json").json() == client.get("/body", headers={"Accept": "application/json"}).json()
    query = urlencode([("present", FOOT), ("absent", "weakness of foot inversion")])
    twin = client.get(f"/localize.json?{query}").json()
    assert twin == client.get(f"/localize?{query}", headers={"Accept": "application/json"}).json()


def test_localisation_is_the_same_on_page_twin_command_and_interface(
    client: TestClient, kg_run: KgRun, graph: kg.KnowledgeGraph
) -> None:
    present, absent = ["weakness of ankle dorsiflexion, left", FOOT], ["weakness of foot inversion"]
    query = urlencode([("present", p) for p in present] + [("absent", a) for a in absent])
    twin = client.get(f"/localize.json?{query}").json()
    assert twin == json.loads(json.dumps(localization_json(graph.explain(present, absent))))
    assert twin == json.loads(kg_run("localize", *present, "--absent", absent[0], "--json").stdout)
    page = client.get(f"/localize?{query}").text
    shown = re.findall(r'(?s)<li data-id="([^"]+)">.*?class="number">([+-][\d.]+)<', page)
    assert shown == [(s["id"], f"{s['score']:+.2f}") for s in twin["localization"]]
    assert shown[0][0] in (ID + "common-fibular-nerve", ID + "deep-fibular-nerve")


def test_the_sheet_works_as_a_plain_form(client: TestClient) -> None:
    by_form = client.get("/localize?" + urlencode([("f", ""), ("f", f"+{FOOT}"), ("f", "-reduced ankle jerk")])).text
    by_link = client.get("/localize?" + urlencode([("present", FOOT), ("absent", "reduced ankle jerk")])).text
    assert by_form == by_link
    assert "L5 nerve root" in by_form
    assert f'value="+{FOOT}" selected' in by_form
    assert 'value="-reduced ankle jerk" selected' in by_form


def test_words_add_a_finding_without_script(client: TestClient) -> None:
    form = [("present", "low back pain"), ("area", "dorsum-of-foot"), ("what", "numbness"), ("side", "left")]
    got = client.get("/body?" + urlencode(form))
    assert got.status_code == 200
    link = re.search(r'data-go="explain" href="([^"]+)"', got.text)
    assert link
    pairs = parse_qsl(urlsplit(link[1].replace("&amp;", "&")).query)
    assert pairs == [("present", "low back pain"), ("present", FOOT)]
    for wrong in (
        {"area": "nose"},
        {"area": "heel", "what": "itching"},
        {"area": "heel", "what": "pain", "side": "up"},
    ):
        assert client.get("/body?" + urlencode(wrong)).status_code == 400


def test_alarms_stand_above_the_bars(client: TestClient) -> None:
    page = client.get("/localize?present=bilateral+saddle+numbness&present=cannot+pass+urine").text
    assert 0 < page.index("cauda equina") < page.index("places-now")
    assert "Emergency: now" in page


@pytest.mark.parametrize("address", ["/body", f"/localize?{MARKED}"])
def test_recipes_can_be_cooked(client: TestClient, address: str) -> None:
    import html

    text = client.get(address).text
    found = re.findall(r'(?s)id="recipe-(sentence|shell|python|sparql)"[^>]*>(.*?)</(?:code|p)>', text)
    recipe = {name: html.unescape(words) for name, words in found}
    assert shlex.split(recipe["shell"])[0] == "kg"
    compile(recipe["python"], address, "exec")
    assert json.loads(run_query(recipe["sparql"], "json"))["results"]["bindings"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("page", ["/body", "/localize"])
def test_hostile_words_stay_words(client: TestClient, page: str, text: str) -> None:
    got = client.get(page + "?" + urlencode([("present", text), ("absent", text), ("layer", text), ("f", "+" + text)]))
    assert got.status_code in (200, 400)
    assert "<img src=x" not in got.text
    assert "alert(2)</script>" not in got.text


# ---- a browser ------------------------------------------------------------------------------------------------------


def ready(page: Page) -> None:
    page.wait_for_selector("#body-map[data-ready=yes]", state="attached")


def shape(page: Page, area: str, side: str = "left", plate: str = "front") -> Any:
    return page.locator(f'g[data-plate={plate}] .area[data-area="{area}"][data-side="{side}"]')


def marked(page: Page) -> list[str]:
    return [t.strip() for t in page.locator("#map-basket .what").all_text_contents()]


def in_address(page: Page) -> list[str]:
    return [v for k, v in parse_qsl(urlsplit(page.url).query) if k == "present"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ["/body", f"/body?layer=nerve&{MARKED}", f"/localize?{MARKED}"])
def test_pages_fit_and_are_accessible(web: Viewer, address: str, size: str) -> None:
    page = web.open(address, size)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert problems(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_words_on_the_map_can_be_read_or_wait_for_a_closer_view(web: Viewer, size: str) -> None:
    page = web.open("/body", size)
    sizes = """() => [...document.querySelectorAll(".names text")].filter((t) => t.getAttribute("display") !== "none"
      && t.textContent).map((t) => t.getAttribute("font-size") * t.ownerSVGElement.getScreenCTM().a)"""
    whole = page.evaluate(sizes)
    assert len(whole) > 20
    assert min(whole) >= 6.5
    page.select_option("#map-view", "soles")
    closer = page.evaluate(sizes)
    assert min(closer) >= 6.5
    assert max(closer) > max(whole)


def test_marking_by_mouse_leads_to_the_answer(web: Viewer) -> None:
    page = web.open("/body")
    ready(page)
    shape(page, "dorsum-of-foot").hover()
    assert "L5 nerve root" in (page.text_content("#map-about") or "")
    assert "superficial fibular nerve" in (page.text_content("#map-said") or "")
    page.check("input[name=map-mark][value=numbness]")
    shape(page, "dorsum-of-foot").click()
    page.check("input[name=map-mark][value=pain]")
    shape(page, "posterior-thigh", plate="back").click()
    assert marked(page) == [FOOT, "posterior thigh pain, left"] == in_address(page)
    assert shape(page, "dorsum-of-foot").get_attribute("aria-pressed") == "true"
    assert page.locator("#marks path").count() >= 4
    page.reload()
    ready(page)
    assert marked(page) == [FOOT, "posterior thigh pain, left"]
    shape(page, "posterior-thigh", plate="back").click()
    page.check("input[name=map-mark][value=pain]")
    shape(page, "posterior-thigh", plate="back").click()
    shape(page, "posterior-thigh", plate="back").click()
    page.click("#map-go [data-go=explain]")
    page.wait_for_selector("h1:has-text('Which conditions fit')")
    assert FOOT in (page.text_content("main") or "")


def test_marking_by_keys_goes_round(web: Viewer) -> None:
    page = web.open("/body")
    ready(page)
    shape(page, "lateral-lower-leg").focus()
    turns = []
    for _ in range(5):
        page.keyboard.press("Enter")
        turns.append(marked(page))
    area = "lateral lower leg, left"
    wanted = ["lateral lower leg pain, left", f"numbness of the {area}", f"tingling of the {area}"]
    assert turns == [*([w] for w in wanted), ["weakness of foot eversion, left"], []]
    page.keyboard.press("n")
    assert marked(page) == ["numbness of the lateral lower leg, left"]
    assert "Marked: numbness" in (page.text_content("#map-said") or "")
    page.keyboard.press("Delete")
    assert marked(page) == []
    assert page.url.endswith("/body")


def test_arrows_reach_every_area_and_tab_every_figure(web: Viewer) -> None:
    page = web.open("/body")
    ready(page)
    reached = page.evaluate(
        """() => {
          const out = {};
          for (const plate of document.querySelectorAll("#body-map .plate")) {
            const all = [...plate.querySelectorAll(".area")], seen = new Set(), queue = [all[0]];
            while (queue.length) {
              const at = queue.pop();
              if (seen.has(at)) continue;
              seen.add(at);
              for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
                at.focus();
                at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
                queue.push(document.activeElement);
              }
            }
            out[plate.dataset.plate] = [seen.size, all.length, plate.querySelectorAll('[tabindex="0"]').length];
          }
          return out;
        }"""
    )
    assert set(reached) == {"front", "back", "perineum", "soles"}
    for seen, all_, stops in reached.values():
        assert (seen, stops) == (all_, 1)


def test_layer_and_source_repaint_the_map(web: Viewer, graph: kg.KnowledgeGraph) -> None:
    page = web.open("/body")
    ready(page)
    toe = shape(page, "great-toe")
    assert (toe.get_attribute("fill") or "").startswith("url(#root-differ")
    assert "maps disagree" in (toe.get_attribute("aria-label") or "")
    offered = page.locator("#map-source option").all_text_contents()
    page.select_option("#map-source", label=next(o for o in offered if "AccessNeurology" in o))
    assert toe.get_attribute("fill") == ROOTS["l5"]
    page.check("input[name=map-layer][value=nerve]")
    assert page.input_value("#map-source") == ""
    assert "saphenous nerve" in (shape(page, "medial-lower-leg").get_attribute("aria-label") or "")
    assert page.locator(".legend[data-layer=nerve]").is_visible()
    assert not page.locator(".legend[data-layer=root]").is_visible()


def test_rows_and_areas_light_one_another(web: Viewer) -> None:
    page = web.open("/body")
    ready(page)
    shape(page, "heel", plate="back").focus()
    assert "ankle jerk" in (page.text_content(".power tr.lit:has-text('ankle jerk')") or "")
    page.hover(".power tr:has-text('knee jerk')")
    assert "dim" in (shape(page, "heel", plate="back").get_attribute("class") or "")
    assert "dim" not in (shape(page, "medial-lower-leg").get_attribute("class") or "")


def test_a_phone_shows_a_part_and_takes_a_tap(web: Viewer) -> None:
    page = web.open("/body", "phone")
    ready(page)
    assert page.input_value("#map-view") == "front-above"
    page.select_option("#map-view", "feet")
    toe = shape(page, "great-toe", "right")
    toe.scroll_into_view_if_needed()
    box = toe.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert marked(page) == ["great toe pain, right"]


def test_sheet_and_map_move_the_places(web: Viewer) -> None:
    page = web.open("/localize")
    ready(page)

    def best(turns: int) -> str:
        page.wait_for_selector(f'#places[data-done="{turns}"]', state="attached")
        return page.locator(".places-now a").first.text_content() or ""

    select = 'select[data-words="weakness of ankle dorsiflexion"]'
    page.select_option(select, label="weak left")
    best(1)
    page.select_option('select[data-words="weakness of great toe extension"]', label="weak left")
    best(2)
    page.select_option('select[data-words="weakness of foot inversion"]', label="weak left")
    best(3)
    page.select_option('select[data-words="weakness of hip abduction"]', label="weak left")
    assert best(4) == "L5 nerve root"
    shape(page, "dorsum-of-foot").focus()
    page.keyboard.press("n")
    assert best(5) == "L5 nerve root"
    assert page.input_value('select[data-words="numbness of the dorsum of the foot"]') == f"+{FOOT}"
    page.reload()
    ready(page)
    assert page.input_value(select) == "+weakness of ankle dorsiflexion, left"
    assert page.locator(".places-now a").first.text_content() == "L5 nerve root"


# ---- without a server -----------------------------------------------------------------------------------------------


def test_the_map_and_the_sheet_work_from_a_folder(web: Viewer, site_folder: Path) -> None:
    page = web.open((site_folder / "body.html").as_uri())
    ready(page)
    shape(page, "saddle-area", "left", "back").focus()
    page.keyboard.press("n")
    assert marked(page) == ["saddle numbness, left"]
    page.click("[data-go=localize]")
    page.wait_for_selector("#places[data-done]", state="attached")
    ready(page)
    assert marked(page) == ["saddle numbness, left"]
    assert "emergency" in (page.text_content("#places .alarms") or "").lower()
    page.click(".patterns a:has-text('inversion lost')")
    page.wait_for_selector("#places[data-done] .places-now", state="attached")
    assert page.locator(".places-now a").first.text_content() == "L5 nerve root"
    assert problems(page) == []


def test_the_table_adds_up_to_the_same_scores(web: Viewer, graph: kg.KnowledgeGraph) -> None:
    """On every textbook pattern: the same places, scores and explanations as the program's, to the last digit."""
    page = web.open("/localize")
    ready(page)
    assert len(PATTERNS) > 40
    table = graph.localization_table(p for pattern in PATTERNS for p in (*pattern["present"], *pattern["absent"]))
    cases = [[("present", p) for p in x["present"]] + [("absent", p) for p in x["absent"]] for x in PATTERNS]
    cases += [[(k, f"bilateral {p}" if k == "present" else p) for k, p in c] for c in cases[:8]]
    found = page.evaluate("([table, cases]) => cases.map((c) => window.kgLocalize(table, c))", [table, cases])
    for case, got in zip(cases, found, strict=True):
        wanted = graph.explain([p for k, p in case if k == "present"], [p for k, p in case if k == "absent"], top=1)
        if {m.side for m in wanted.findings} <= {None, "both"}:
            assert [(s["id"], s["score"], s["explains"]) for s in got["localization"]] == [
                (s.id, s.score, list(s.explains)) for s in wanted.localization
            ], case
        ages = {f.id for f in graph.knowledge.red_flags if all(c.from_age is not None for c in f.criteria)}
        assert {a["id"] for a in got["alarms"]} == {a.id for a in wanted.alarms} - ages
    assert got["unmatched"] == []
    assert any(a["alarms"] for a in found)


def test_worked_patterns_of_the_page_come_out_as_named(graph: kg.KnowledgeGraph) -> None:
    best = [graph.explain_case(case, 1).localization[0].label for _, case in localize.PATTERNS]
    assert best[1:4] == ["L5 nerve root", "S1 nerve root", "femoral nerve"]
    assert best[0] in ("common fibular nerve", "deep fibular nerve")
    assert all(a != b for a, b in pairwise(best))
