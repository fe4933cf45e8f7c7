"""The same pages as files: a folder that opens from a disk or a stick, or that any web server can hand out."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.api import KnowledgeGraph
from kg.errors import InputError
from kg.read.describe import turtle
from kg.read.mappings import mappings
from kg.web import answers, assets, body, body_facts, examples, localize, pages, quiz
from kg.web.asked import TOP, Asked
from kg.web.links import Links, address_of

MANIFEST = "backleg-kg-site.txt"  # names all files written, so that a later run may replace them and nothing else
QUIET_SECONDS = 2.0


def write_site(graph: KnowledgeGraph, output: str) -> tuple[int, int]:
    """Write all pages into a folder.

    Returns:
        How many pages, and how many bytes in all.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    folder = Path(output)
    old = _prepared(folder)
    begun, said, count, size = time.monotonic(), 0.0, 0, 0
    written = []
    _write(folder / MANIFEST, "\n".join(sorted(old)).encode())  # a run that is broken off can be repeated
    for name, text in site_files(graph):
        data = text.encode("utf-8", "replace")
        _write(folder / name, data)
        written.append(name)
        count, size = count + name.endswith(".html"), size + len(data)
        now = time.monotonic()
        if now - begun > QUIET_SECONDS and now - said > 1.0:
            said = now
            print(f"\r{count:,} pages …", end="", file=sys.stderr, flush=True)
    if said:
        print("\r" + " " * 30 + "\r", end="", file=sys.stderr)
    for name in old - set(written):
        (folder / name).unlink(missing_ok=True)
    _write(folder / MANIFEST, "\n".join(sorted(written)).encode())
    return count, size


def _prepared(folder: Path) -> set[str]:
    """Files of an earlier run.

    Raises:
        InputError: as `write_site`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / MANIFEST).is_file():
            names = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
            return {n for n in names if not n.startswith("/") and ".." not in Path(n).parts}
        if any(folder.iterdir()):
            raise InputError(f"{folder}: holds other files. Choose an empty folder, or a new one.")
    except OSError as e:
        raise InputError(f"{folder}: cannot be written: {e.strerror}.") from e
    return set()


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as e:
        raise InputError(f"{path}: cannot be written: {e.strerror}.") from e


def site_files(graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    """Name and text of each file of the site."""
    yield ".nojekyll", ""
    for name in (assets.NAMES, localize.TABLE, *assets.files()):
        yield f"static/{name}", assets.asset(graph, name)[0]
    yield from _single(graph)
    yield from quiz.site_files(graph)
    yield from _cases(graph)
    yield from _comparisons(graph)
    yield from _things(graph)


def wanted(_address: str) -> bool:
    """Whether a thing gets a page: each does."""
    return True


def pairs(graph: KnowledgeGraph) -> list[tuple[str, str]]:
    """Conditions that get a comparison: known look-alikes."""
    return answers.look_alikes(graph)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _links(here: str) -> Links:
    return Links(here, static=True)


def _single(graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    yield "index.html", pages.start(graph, _links(""), examples.all_examples())
    yield "index.json", _json(answers.start(graph))
    yield "body.html", body.page(graph, None, _links("body"))
    yield "body.json", _json(body_facts.facts(graph))
    yield "localize.html", localize.page(graph, None, _links("localize"))
    yield "about.html", pages.about(graph, _links("about"))
    yield "about.json", _json(answers.about(graph))
    yield "search.html", pages.search(graph, "", _links("search"))
    yield "compare.html", pages.compare(graph, (), _links("compare"), "compare.json")
    yield "look-alikes.json", _json(answers.confused(graph))
    yield "claims.html", pages.claims(graph, _links("claims"))
    yield "claims.json", _json(answers.claims(graph))
    yield "graph.html", pages.whole(graph, _links("graph"))
    yield "graph.json", answers.whole(graph)
    tree = answers.browse(graph)
    yield "browse.html", pages.browse(graph, _links("browse"))
    yield "browse.json", _json(tree)
    for c in tree["classes"]:
        address = f"browse/{c['kind']}"
        yield f"{address}.html", pages.of_class(graph, c["kind"], _links(address))
        yield f"{address}.json", _json(answers.of_class(graph, c["kind"]))


def _cases(graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    for e in examples.EXAMPLES:
        address, question = f"explain/{e.name}", Asked(e.case, TOP)
        yield f"{address}.html", pages.answer(graph, question, _links(address), f"{address}.json", e.title)
        yield f"{address}.json", _json(answers.explained(graph, question))


def _comparisons(graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    for pair in pairs(graph):
        address = pages.pair_address(*pair)
        yield f"{address}.html", pages.compare(graph, pair, _links(address), f"{address}.json")
        yield f"{address}.json", _json(answers.compared(graph, pair))


def _things(graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    rows = graph.names.execute("SELECT id FROM thing ORDER BY id").fetchall()
    mapped = mappings()
    for (iri,) in rows:
        address = address_of(iri)
        if address is None or not wanted(address):
            continue
        yield f"{address}.html", pages.thing(graph, iri, _links(address), mapped.get(iri, ()))
        yield f"{address}.json", _json(answers.thing(graph, iri))
        yield f"{address}.ttl", turtle(iri)
