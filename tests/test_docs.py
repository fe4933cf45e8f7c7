"""What the documents promise: every command in them runs, every version agrees, every example parses."""

from __future__ import annotations

import ast
import fnmatch
import io
import os
import re
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pyoxigraph as ox
import pytest
import typer.main

import kg
from kg.cli import app, load_commands
from kg.read.names import BL, OWL, PREFIXES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CASE = ROOT / "tests" / "cases" / "weak-big-toe-after-garden-work.json"
load_commands()
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def lines_of(text: str) -> list[list[str]]:
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("kg ")]


# Nobody answers at example.org; tests/test_remote.py asks a real endpoint.
README_LINES = [line for line in lines_of(README) if not any("example.org" in word for word in line)]


def test_readme_shows_every_command() -> None:
    assert len(COMMANDS) >= 10
    assert {line[1] for line in README_LINES} == set(COMMANDS)


@pytest.mark.parametrize("line", README_LINES, ids=shlex.join)
def test_readme_line_runs(kg_run: Callable[..., object], tmp_path: Path, line: list[str]) -> None:
    shutil.copy(CASE, tmp_path / "case.json")
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "previous-release").symlink_to(ROOT)
    done = kg_run(*line[1:], cwd=tmp_path, seconds=600)
    assert done.returncode == 0, done.stderr  # type: ignore[attr-defined]
    if "-o" in line:
        written = tmp_path / line[line.index("-o") + 1]
        assert written.stat().st_size > 1000
    else:
        assert done.stdout.strip()  # type: ignore[attr-defined]
        if "phenopacket" not in line:  # which says there what no term fits
            assert not done.stderr  # type: ignore[attr-defined]


@pytest.mark.usefixtures("graph")
def test_python_of_the_readme_runs() -> None:
    (block,) = blocks(README, "python")
    scope: dict[str, object] = {}
    values = []
    with redirect_stdout(io.StringIO()):
        for statement in ast.parse(block).body:
            if isinstance(statement, ast.Expr):
                values.append(eval(compile(ast.Expression(statement.value), "README.md", "eval"), scope))
            else:
                exec(compile(ast.Module([statement], []), "README.md", "exec"), scope)
    assert len(values) >= 4
    assert all(values)


def test_make_targets_of_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set(re.findall(r"^(?:.*`)?make ([a-z]+)", README + CONTRIBUTING, re.MULTILINE))
    assert asked
    assert asked <= targets


def test_links_and_places_of_the_documents_exist() -> None:
    for text in (README, CONTRIBUTING):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (ROOT / target).exists(), target
        for target in re.findall(r"`((?:kg|data|ontology|tests)/[\w./-]*)`", text):
            assert (ROOT / target).exists(), target


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## (\S+) – (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    cited = re.search(r'^version: "?([^"\s]+)"?$', citation, re.MULTILINE)
    released = re.search(r'^date-released: "?([^"\s]+)"?$', citation, re.MULTILINE)
    store = ox.Store()
    store.bulk_load(path=str(ROOT / "ontology" / "backleg.ttl"), format=ox.RdfFormat.TURTLE)
    said = [q.object.value for q in store.quads_for_pattern(None, ox.NamedNode(OWL + "versionInfo"), None)]
    assert newest is not None
    assert cited is not None
    assert released is not None
    assert [project["version"], newest[1], cited[1], *said] == [kg.__version__] * 4
    assert newest[2] == released[1]


def test_changelog_names_every_command() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [c for c in COMMANDS if f"`{c}`" not in changelog and f"`kg {c}`" not in changelog] == []


TURTLE = blocks(CONTRIBUTING, "turtle")
HEADER = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())


def parsed(text: str) -> list[ox.Quad]:
    # An ellipsis stands where the reader is to write; as an identifier it needs a letter.
    return list(ox.parse(HEADER + text.replace("id:…", "id:something"), format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("block", TURTLE, ids=lambda b: re.sub(r"\W+", "-", b)[:30])
def test_turtle_of_the_guide_parses(block: str) -> None:
    assert parsed(block)


def test_turtle_of_the_guide_uses_only_words_of_the_ontology() -> None:
    known = {
        q.subject.value
        for q in ox.parse(path=str(ROOT / "ontology" / "backleg.ttl"), format=ox.RdfFormat.TURTLE)
        if isinstance(q.subject, ox.NamedNode)
    }
    used = {t.value for q in parsed("\n".join(TURTLE)) for t in (q.predicate, q.object) if isinstance(t, ox.NamedNode)}
    assert len({u for u in used if u.startswith(BL)}) > 30
    assert {u for u in used if u.startswith(BL)} - known == set()


def test_choices_in_the_comments_of_the_guide_exist() -> None:
    ontology = (ROOT / "ontology" / "backleg.ttl").read_text(encoding="utf-8")
    comments = re.findall(
        r"# (?:estimate: )?((?:[a-z]+[A-Za-z]* ){2,}[a-z]+[A-Za-z]*)$", "\n".join(TURTLE), re.MULTILINE
    )
    camel = [c for c in comments if re.search("[a-z][A-Z]", c)]
    assert camel
    for comment in camel:
        assert [w for w in comment.split() if f"bl:{w} " not in ontology] == []


def kept() -> Iterator[Path]:
    """Files of the project, without what is built or ignored."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()]
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if f != ".git" and not any(fnmatch.fnmatch(f, i) for i in ignored)]
        yield from (Path(folder) / f for f in files if not any(fnmatch.fnmatch(f, i) for i in ignored))


def test_no_file_names_a_package_index() -> None:
    address = re.compile(r"--(?:extra-)?index-url|--trusted-host|--find-links|index-url\s*=|/simple/?\s")
    seen = 0
    for path in kept():
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        seen += 1
        assert not address.search(text), (path, address.search(text))
    assert seen > 100


def test_the_lock_has_hashes_and_no_addresses() -> None:
    for name in ("constraints.txt", "constraints-test.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(r"^([a-z0-9][\w.-]*)==\S+ \\$", text, re.MULTILINE)
        assert len(pinned) > 5
        assert len(re.findall(r"^[a-z0-9][\w.-]*(?:\[.*\])?==", text, re.MULTILINE)) == len(pinned)
        assert "://" not in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    for needed in project["dependencies"]:
        name = re.split(r"[^\w-]", needed)[0]
        assert re.search(rf"^{name}==", locked, re.MULTILINE), needed


def test_disclaimer_stands_where_people_begin() -> None:
    assert "diagnoses nobody" in README.partition("## Start")[0]
    assert "local emergency number" in README.partition("## Start")[0]
