"""The site as files: every link leads to a file that is there, and a folder in use is left alone."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import KgRun, command, surroundings

import kg
from kg.errors import InputError
from kg.show.as_json import answer_json
from kg.web import answers, site
from kg.web.examples import EXAMPLES
from kg.web.links import Links, address_of


def local_links(text: str) -> list[str]:
    found = re.findall(r'(?:href|src)="([^"]*)"', text)
    return [unescape(x) for x in found if x and not re.match(r"(https?:|data:|#)", x)]


def test_every_link_of_every_page_leads_somewhere(graph: kg.KnowledgeGraph, site_folder: Path) -> None:
    """Pages of most things are left out of the folder here; whether they would be written is known."""
    things = {f"{address_of(i)}{e}" for (i,) in graph.names.execute("SELECT id FROM thing") for e in (".html", ".json")}
    pairs = {f"{site.pages.pair_address(a, b)}.html" for a, b in answers.look_alikes(graph)}
    missing = set()
    for path in site_folder.rglob("*.html"):
        for link in local_links(path.read_text(encoding="utf-8")):
            target = (path.parent / unquote(urlsplit(link).path)).resolve().relative_to(site_folder.resolve())
            if target.as_posix() not in things | pairs and not (site_folder / target).is_file():
                missing.add((path.relative_to(site_folder).as_posix(), link))
    assert missing == set()


def test_names_of_files_hold_on_every_system(graph: kg.KnowledgeGraph) -> None:
    names = [str(address_of(i)) for (i,) in graph.names.execute("SELECT id FROM thing")]
    assert all(re.fullmatch(r"(id|ontology|ontology/class)/[\w.-]+", n) for n in names)
    assert len({n.lower() for n in names}) == len(names)


def test_twins_on_disk_hold_the_same_answers(graph: kg.KnowledgeGraph, site_folder: Path) -> None:
    for e in EXAMPLES:
        told = json.loads((site_folder / f"explain/{e.name}.json").read_text(encoding="utf-8"))
        assert told == json.loads(json.dumps(answer_json(graph.explain_case(e.case, 10))))
    root = json.loads((site_folder / "id/l5-nerve-root.json").read_text(encoding="utf-8"))
    assert root == graph.show("L5 root")


def test_a_second_run_replaces_its_own_files_and_nothing_else(
    graph: kg.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "site_files", lambda _: iter([("index.html", "old"), ("id/gone.html", "old")]))
    assert site.write_site(graph, str(tmp_path / "out")) == (2, 6)
    (tmp_path / "out" / "mine.txt").write_text("keep")
    monkeypatch.setattr(site, "site_files", lambda _: iter([("index.html", "new")]))
    site.write_site(graph, str(tmp_path / "out"))
    assert (tmp_path / "out" / "index.html").read_text() == "new"
    assert not (tmp_path / "out" / "id" / "gone.html").exists()
    assert (tmp_path / "out" / "mine.txt").read_text() == "keep"


def test_a_folder_in_use_is_refused(graph: kg.KnowledgeGraph, tmp_path: Path, kg_run: KgRun) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        site.write_site(graph, str(tmp_path))
    done = kg_run("site", "-o", str(tmp_path / "thesis.txt"))
    assert (done.returncode, done.stdout) == (2, "")
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("here", "static", "address", "wanted"),
    [
        ("", True, "", "index.html"),
        ("", True, "id/x", "id/x.html"),
        ("id/x", True, "id/y", "../id/y.html"),
        ("explain", False, "", "./"),
        ("id/x", False, "", "../"),
        ("id/x", False, "claims", "../claims"),
    ],
)
def test_links_are_relative(here: str, static: bool, address: str, wanted: str) -> None:
    assert Links(here, static).page(address) == wanted


def test_a_port_in_use_is_said(server: str) -> None:
    words = command("serve", "--port", server.rpartition(":")[2])
    done = subprocess.run(words, capture_output=True, encoding="utf-8", env=surroundings(), timeout=90, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Choose another with --port" in done.stderr
