"""Pages and their JSON twins without a browser: status, headers, hostile input, the same answers as elsewhere."""

from __future__ import annotations

import json
import re
import shlex
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from conftest import KgRun
from starlette.testclient import TestClient

import kg
from kg.notice import DISCLAIMER
from kg.read.sparql import run_query
from kg.show.as_json import answer_json
from kg.web import app, recipes
from kg.web.asked import Asked, as_query, asked
from kg.web.examples import EXAMPLES
from kg.web.links import address_of

CASE = [("present", "numb top of the foot"), ("present", "weak big toe"), ("absent", "fever"), ("age", "45")]
PAGES = {
    "start": "/",
    "answer": "/explain?" + urlencode(CASE),
    "alarm": "/explain?present=saddle+numbness&present=cannot+pass+urine",
    "nothing": "/explain?present=zzzz+qqqq",
    "condition": "/id/lumbar-disc-herniation",
    "root": "/id/l5-nerve-root",
    "claim": "/id/claim-cold-causes-sciatica",
    "source": "/id/pmid-20556780",
    "flag": "/id/red-flag-acute-compartment-syndrome",
    "class of the model": "/ontology/class/Condition",
    "body map": "/body?present=heel+pain%2C+left",
    "localise": "/localize?present=heel+pain%2C+left",
    "compare": "/compare?c=piriformis-syndrome&c=hip-osteoarthritis",
    "choose": "/compare",
    "claims": "/claims",
    "quiz": "/quiz",
    "browse": "/browse",
    "class": "/browse/Nerve",
    "graph": "/graph",
    "about": "/about",
    "search": "/search?q=foot+drop",
    "no search": "/search",
}
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "{{ 7*7 }} {% raw %} <@JS@>",
    "javascript:alert(4)",
    "ألم أسفل الظهر \u202eمقلوب",
    "腰痛 и боль в ноге 🦵",
    "a\x00b\x1b[31m\u2028c",
    "x" * 5000,
    "' OR 1=1; --",
    "../../etc/passwd",
    "%2e%2e%2f%00",
    "--help",
)


class Reader(HTMLParser):
    """Elements and words of a page, as a browser would take them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers_with_its_warning_and_headers(client: TestClient, name: str) -> None:
    got = client.get(PAGES[name])
    assert got.status_code == 200
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-security-policy"] == app.POLICY
    assert got.headers["x-content-type-options"] == "nosniff"
    text = " ".join(" ".join(Reader(got.text).words).split())
    assert DISCLAIMER in text
    assert "call your local emergency number" in text
    assert "diagnoses nobody" in text
    tags = [t for t, _ in Reader(got.text).elements]
    assert tags.count("h1") == tags.count("main") == 1


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_no_other_host_and_hold_no_script_or_style_of_their_own(client: TestClient, name: str) -> None:
    for tag, given in Reader(client.get(PAGES[name]).text).elements:
        for key in ("src", "action", "data", "poster", "srcset"):
            assert "//" not in (given.get(key) or "")
        if tag == "link":
            assert "//" not in (given["href"] or "").replace("data:,", "")
        if tag == "script":
            assert given.get("src") or given.get("type") == "application/json"
        assert tag != "style"
        assert not [k for k in given if k == "style" or k.startswith("on")]


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    assert "default-src 'none'" in app.POLICY
    assert "unsafe" not in app.POLICY
    assert "http" not in app.POLICY


@pytest.mark.parametrize(
    "name",
    [
        "start", "answer", "condition", "root", "localise", "compare", "choose", "claims", "quiz", "browse", "class",
        "graph", "about", "search",
    ],
)  # fmt: skip
def test_page_names_its_json_twin_and_both_ways_lead_to_it(client: TestClient, name: str) -> None:
    page = Reader(client.get(PAGES[name]).text)
    (twin,) = [g["href"] for t, g in page.elements if t == "link" and g.get("type") == "application/json"]
    by_address = client.get(str(client.get(PAGES[name]).url.join(str(twin))))
    by_header = client.get(PAGES[name], headers={"Accept": "application/json"})
    assert by_address.status_code == by_header.status_code == 200
    assert by_address.json() == by_header.json()
    assert by_header.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("text/turtle", "text/turtle"),
        ("text/html;q=0.3, text/turtle;q=0.9", "text/turtle"),
        ("application/json;q=oops, text/turtle", "text/turtle"),
    ],
)
def test_a_thing_comes_in_the_form_that_is_asked_for(client: TestClient, accept: str, media: str) -> None:
    got = client.get("/id/sciatic-nerve", headers={"Accept": accept})
    assert got.headers["content-type"].partition(";")[0] == media


def test_turtle_of_a_thing_holds_its_triples(client: TestClient) -> None:
    import rdflib

    got = rdflib.Graph().parse(data=client.get("/id/l5-nerve-root.ttl").text, format="turtle")
    root = rdflib.URIRef("https://w3id.org/backleg-pain/id/l5-nerve-root")
    model = rdflib.Namespace("https://w3id.org/backleg-pain/ontology#")
    assert (root, rdflib.RDF.type, model.NerveRoot) in got
    axioms = list(got.subjects(rdflib.OWL.annotatedSource, root))
    assert axioms
    assert all((a, model.strength, None) in got for a in axioms)


# ---- the same answer everywhere -------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_page_twin_and_interface_give_the_same_answer(
    client: TestClient, graph: kg.KnowledgeGraph, example: kg.web.examples.Example
) -> None:
    query = urlencode(as_query(Asked(example.case, 10)))
    wanted = json.loads(json.dumps(answer_json(graph.explain_case(example.case, 10))))
    assert client.get(f"/explain.json?{query}").json() == wanted
    assert wanted["unmatched"] == []
    page = client.get(f"/explain?{query}").text
    shown = re.findall(r'(?s)<li class="condition".*?<h3><a href="([^"]+)">.*?<b>(?:&lt;)?(\d+) %</b>', page)
    assert [(a.rpartition("/")[2], int(p)) for a, p in shown] == [
        (c["id"].rpartition("/")[2], int(f"{100 * c['probability']:.0f}") or 1) for c in wanted["conditions"]
    ]
    for alarm in wanted["alarms"]:
        assert 0 < page.index(alarm["id"].rpartition("/")[2]) < page.index("Conditions, ranked")


def test_a_posted_case_is_the_case_in_the_address(client: TestClient) -> None:
    case = {"present": ["numb top of the foot", "weak big toe"], "absent": ["fever"], "age": 45}
    assert client.post("/explain.json", json=case).json() == client.get("/explain.json?" + urlencode(CASE)).json()
    assert client.post("/explain.json", content=b"{").status_code == 400


def test_twin_of_a_thing_and_the_command_say_the_same(client: TestClient, kg_run: KgRun) -> None:
    assert client.get("/id/piriformis-syndrome.json").json() == json.loads(
        kg_run("show", "piriformis syndrome", "--json").stdout
    )


def test_twin_of_a_comparison_and_the_command_say_the_same(client: TestClient, kg_run: KgRun) -> None:
    told = json.loads(kg_run("compare", "piriformis syndrome", "hip osteoarthritis", "--json").stdout)
    assert client.get(PAGES["compare"].replace("/compare", "/compare.json")).json() == told


# ---- recipes --------------------------------------------------------------------------------------------------------


def recipe_of(text: str) -> dict[str, str]:
    import html

    found = re.findall(r'(?s)id="recipe-(sentence|shell|python|sparql)"[^>]*>(.*?)</(?:code|p)>', text)
    return {name: html.unescape(words) for name, words in found}


@pytest.mark.parametrize(
    "name", ["answer", "condition", "root", "compare", "claims", "quiz", "browse", "class", "graph", "search"]
)
def test_a_recipe_can_be_cooked(client: TestClient, name: str) -> None:
    recipe = recipe_of(client.get(PAGES[name]).text)
    assert recipe["sentence"]
    assert shlex.split(recipe["shell"])[0] == "kg"
    compile(recipe["python"], name, "exec")
    rows = json.loads(run_query(recipe["sparql"], "json"))["results"]["bindings"]
    assert rows


@pytest.mark.parametrize("name", ["answer", "alarm"])
def test_lines_of_a_recipe_give_the_answer_of_the_page(
    client: TestClient, kg_run: KgRun, graph: kg.KnowledgeGraph, name: str
) -> None:
    recipe = recipe_of(client.get(PAGES[name]).text)
    wanted = client.get(PAGES[name].replace("/explain?", "/explain.json?")).json()
    told = kg_run(*shlex.split(recipe["shell"])[1:], "--json") if "--" not in shlex.split(recipe["shell"]) else None
    assert told is not None
    assert json.loads(told.stdout) == wanted
    assert json.loads(json.dumps(answer_json(eval(recipe["python"].partition("; ")[2], {"kg": kg})))) == wanted


def test_every_link_of_the_query_of_an_answer_is_in_the_graph(client: TestClient) -> None:
    query = recipe_of(client.get(PAGES["answer"]).text)["sparql"]
    asked_for = query.count("\n    (")
    rows = json.loads(run_query(query, "json"))["results"]["bindings"]
    assert asked_for > 3
    assert len(rows) == asked_for


def test_a_recipe_quotes_what_is_strange() -> None:
    strange = asked([("present", "-x; rm -rf ~ $(id) `id` 'q\""), ("absent", "--help")])
    assert strange is not None
    empty = {"alarms": [], "conditions": []}
    words = shlex.split(recipes.of_answer(strange, empty).shell)
    assert words[-1] == "-x; rm -rf ~ $(id) `id` 'q\""
    assert "--absent=--help" in words


@pytest.mark.parametrize("text", HOSTILE)
def test_a_search_recipe_is_a_query_whatever_was_sought(text: str) -> None:
    run_query(recipes.of_search(text).sparql, "json")


# ---- hostile addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_findings_are_shown_as_text(client: TestClient, text: str) -> None:
    plain_page = Reader(client.get("/explain?present=zzzz&absent=zzzz").text)
    got = client.get("/explain?" + urlencode([("present", text), ("absent", text)]))
    assert got.status_code in (200, 400)
    read = Reader(got.text)
    assert not [t for t, _ in read.elements if t in ("img", "iframe", "object", "embed")]
    scripts = [t for t, _ in read.elements if t == "script"]
    assert len(scripts) <= 1 + len([t for t, _ in plain_page.elements if t == "script"]) + 4
    assert not [g for _, g in read.elements if any(k.startswith("on") for k in g)]
    assert not [g for _, g in read.elements if str(g.get("href", "")).startswith("javascript")]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "address", ["/id/{}", "/ontology/{}", "/browse/{}", "/search?q={}", "/compare?c={}&c=x", "/{}"]
)
def test_hostile_addresses_get_a_page_not_a_failure(client: TestClient, address: str, text: str) -> None:
    from urllib.parse import quote

    got = client.get(address.format(quote(text, safe="")))
    assert got.status_code in (200, 400, 404)
    read = Reader(got.text)
    assert not [t for t, _ in read.elements if t in ("img", "iframe", "object", "embed")]
    assert not [g for _, g in read.elements if any(k.startswith("on") for k in g)]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/id/sciatic-nerv", 404, "sciatic nerve"),
        ("/nowhere", 404, "no page at this address"),
        ("/static/../app.py", 404, "no page"),
        ("/static/nothing.js", 404, "no page"),
        ("/explain?present=leg+pain&age=200", 400, "age must be a whole number from 0 to 120"),
        ("/explain?present=leg+pain&age=old", 400, "age must be"),
        ("/explain?present=leg+pain&sex=cat", 400, "sex must be"),
        ("/explain?present=leg+pain&top=0", 400, "top must be"),
        ("/compare.json?c=piriformis-syndrome", 400, "Compare 2 to 5"),
        ("/compare.json?c=l5-nerve-root&c=hip-osteoarthritis", 400, "is no condition"),
        ("/browse/Unicorn", 404, "Unicorn"),
    ],
)
def test_what_is_wrong_is_said(client: TestClient, address: str, status: int, words: str) -> None:
    got = client.get(address)
    assert got.status_code == status
    assert words in got.text
    assert "Traceback" not in got.text


def test_a_json_address_gets_its_error_as_json(client: TestClient) -> None:
    got = client.get("/id/nothing-of-this-name.json")
    assert got.status_code == 404
    assert "Nothing in the graph" in got.json()["error"]


def test_too_many_findings_are_refused(client: TestClient) -> None:
    got = client.get("/explain.json?" + urlencode([("present", f"finding {i}") for i in range(501)]))
    assert got.status_code == 400
    assert "at most 500" in got.json()["error"]


def test_comparison_page_says_what_is_wrong_and_stays(client: TestClient) -> None:
    got = client.get("/compare?c=piriformis-syndrome&c=piriformis+syndrome")
    assert got.status_code == 200
    assert "Compare 2 to 5 different conditions" in got.text


@pytest.mark.parametrize("name", ["piriformis syndrome", "numbness of the dorsum of the foot", "L5 root"])
def test_a_page_loses_no_link_and_no_name_of_its_record(
    client: TestClient, graph: kg.KnowledgeGraph, name: str
) -> None:
    record = graph.show(name)
    page = Reader(client.get("/" + (address_of(record["id"]) or "")).text)
    reached = {str(g.get("href", "")).rpartition("/")[2] for t, g in page.elements if t == "a"}
    links = [x for x in (*record["links"], *record["incoming"]) if not x["predicate"].endswith("hasUrgency")]  # a tag
    linked = {re.split("[/#]", x["id"])[-1] for x in links if "id" in x}
    told = " ".join(" ".join(page.words).split())
    assert linked - reached == set()
    assert [s for s in record["synonyms"] if s not in told] == []


def test_findings_of_a_condition_stand_in_bands_that_say_they_are_estimates(client: TestClient) -> None:
    text = client.get("/id/piriformis-syndrome").text
    section = text.partition('id="bands-title"')[2].partition("</section>")[0]
    assert "estimates by the editors" in section
    heads = re.findall(r"<dt>([a-z ]+?) <span class=\"small\">([^<]+)</span>", section)
    assert heads == [
        ("very frequent", "80–99 %"), ("frequent", "30–79 %"), ("occasional", "5–29 %"), ("rare", "1–4 %"),
        ("speaks against it", "nearly never seen"),
    ]  # fmt: skip
    assert section.index("pain worse on sitting") < section.index("30–79 %") < section.index("weakness of the leg")


def test_the_first_page_shows_a_chain_of_the_graph(client: TestClient, graph: kg.KnowledgeGraph) -> None:
    chain = client.get("/index.json").json()["chain"]
    assert [x["subject"] for x in chain[1:]] == [x["object"] for x in chain[:-1]]
    assert all(x["sources"] for x in chain)
    for x in chain:
        assert graph.sparql(f"ASK {{ <{x['subject']}> <{x['predicate']}> <{x['object']}> }}") is True
    shown = client.get("/").text.partition('class="chain-shown"')[2].partition("</figure>")[0]
    assert all(graph.walk.nodes[x["object"]]["label"] in shown for x in chain)
