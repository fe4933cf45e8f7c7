"""The documentation site has a page and a twin for every term, asks nobody for anything, and reads well."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import rdflib
from conftest import KgRun
from markupsafe import escape
from playwright.sync_api import Browser
from rdflib.namespace import OWL, RDF
from viewing import SIZES, problems

import kg
from kg.read.files import home
from kg.read.handbook import constants, rules
from kg.read.names import BL
from kg.read.questions import all_questions
from kg.show.as_diagram import chain, star, tree
from kg.web.docs_python import members


@pytest.fixture(scope="module")
def site(kg_run: KgRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "made"
    done = kg_run("docs", "-o", str(folder), "--since", str(home()), seconds=600)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(home() / "ontology" / "backleg.ttl")


def escaped(words: str) -> str:
    """Words as the templates write them."""
    return str(escape(words))


def text(site: Path, name: str) -> str:
    return (site / f"{name}.html").read_text(encoding="utf-8")


def test_every_term_has_a_page_and_a_twin(site: Path, ontology: rdflib.Graph) -> None:
    described = {str(s).removeprefix(BL) for s in ontology.subjects(RDF.type) if str(s).startswith(BL)}
    assert {p.stem for p in (site / "ontology").glob("*.html")} == described
    assert {p.stem for p in (site / "ontology").glob("*.ttl")} == described
    twin = rdflib.Graph().parse(site / "ontology" / "compresses.ttl")
    assert (rdflib.URIRef(BL + "compresses"), RDF.type, OWL.ObjectProperty) in twin
    page = text(site, "ontology/compresses")
    assert "compresses.ttl" in page
    assert "impairs" in page


def test_all_links_lead_somewhere_on_this_machine(site: Path) -> None:
    seen = 0
    for page in site.rglob("*.html"):
        words = page.read_text(encoding="utf-8")
        ids = set(re.findall(r'\bid="([^"]+)"', words))
        for address in re.findall(r'\b(?:href|src)="([^"]+)"', words):
            if address.startswith(("https://creativecommons.org/", "data:")):
                continue
            target, _, place = address.partition("#")
            assert not target.startswith(("http", "//")), (page, address)
            assert (page.parent / target).exists() if target else place in ids, (page, address)
            seen += 1
    assert seen > 2000


def test_pages_hold_what_the_files_say(site: Path) -> None:
    start = text(site, "index")
    assert kg.__version__ in start
    assert "How to cite" in start
    questions = text(site, "questions")
    for q in all_questions():
        assert f'id="{q.name}"' in questions
        assert all(escaped(" · ".join(row)) in questions for row in q.expect)
        assert all(f"<code>{p.kind}</code>" in questions for p in q.parameters)
    assert "meralgia paraesthetica" in questions
    for c in constants():
        assert c.name in text(site, "numbers")
    assert len(rules()) > 40
    for r in rules():
        assert r.name in text(site, "rules")
    assert "are answered otherwise" in text(site, "changes")
    assert all("diagnoses nobody" in p.read_text(encoding="utf-8") for p in site.rglob("*.html"))


def test_the_python_page_holds_every_public_member(site: Path) -> None:
    page = text(site, "python")
    public = [n for n in dir(kg.KnowledgeGraph) if not n.startswith("_")]
    assert sorted(m.name for m in members()) == sorted(public)
    for m in members():
        assert m.first.endswith(".")
        assert f'id="{m.name}"' in page
        assert escaped(m.call) in page
        assert escaped(m.example.splitlines()[0] if m.example else m.first) in page
    assert sum(bool(m.example) for m in members()) > 10


def test_constants_come_with_their_comment() -> None:
    found = {c.name: c for c in constants()}
    assert "estimate" in found["TEMPER"].about
    assert float(found["TEMPER"].value) > 0


PAGES = [
    "index",
    "python",
    "model",
    "terms",
    "ontology/Condition",
    "ontology/canWeaken",
    "numbers",
    "rules",
    "changes",
    "fair",
]


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_pages_are_accessible_and_fit(site: Path, browser: Browser, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    asked: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: trouble.append(m.text))
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert problems(page) == [], name
    context.close()
    assert trouble == []
    assert len(asked) > len(PAGES)
    assert [a for a in asked if not a.startswith(("file:", "data:"))] == []


# Diagrams


def words(svg: str) -> list[str]:
    return [e.text or "" for e in ET.fromstring(svg).iter() if e.tag.endswith("text")]


def test_a_chain_says_its_steps_and_what_follows() -> None:
    svg = chain("condition", [("impairs", "nerve"), ("supplies <muscle>", "muscle")], "can weaken")
    assert set(words(svg)) == {"condition", "impairs", "nerve", "supplies <muscle>", "muscle", "can weaken"}
    label = ET.fromstring(svg).get("aria-label")
    assert label == "condition impairs nerve, supplies <muscle> muscle; so condition can weaken muscle"


def test_a_star_names_each_neighbour_once_and_counts_what_it_leaves_out() -> None:
    out = [(p, "muscle") for p in ("a", "b", "c", "d", "e")] + [("f", "skin")]
    found = words(star("nerve", [("root", "feeds")], out))
    assert sorted(found) == sorted(["nerve", "root", "feeds", "muscle", "a, b and 3 more", "skin", "f"])
    boxes = [e for e in ET.fromstring(star("nerve", [], [])).iter() if e.tag.endswith("rect")]
    assert len(boxes) == 1


def test_a_tree_draws_every_class_once_inside_its_frame() -> None:
    labels = {"a": "root", "b": "one", "c": "two", "d": "deep"}
    svg = tree("a", {"a": ["b", "c"], "b": ["d"]}, labels)
    assert sorted(words(svg)) == sorted(labels.values())
    root = ET.fromstring(svg)
    for box in (e for e in root.iter() if e.tag.endswith("rect")):
        assert float(box.get("x", 0)) + float(box.get("width", 0)) <= float(root.get("width", 0))
        assert float(box.get("y", 0)) + float(box.get("height", 0)) <= float(root.get("height", 0))
