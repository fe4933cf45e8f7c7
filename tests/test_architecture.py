"""The house has three rooms, read → reason → show, and this keeps the doors where they are."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "kg").rglob("*.py"))
LONGEST_MODULE = 450
LONGEST_FUNCTION = 60


class Import(NamedTuple):
    """One import: the module it names, and where in the file it stands."""

    module: str
    type_only: bool
    function: str  # "" at the top of the module


class Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Import] = []
        self.type_only = False
        self.functions: list[str] = []

    def visit_If(self, node: ast.If) -> None:
        before = self.type_only
        self.type_only = before or (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
        for child in node.body:
            self.visit(child)
        self.type_only = before
        for child in node.orelse:
            self.visit(child)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  (a name that ast gives)

    def _add(self, module: str) -> None:
        self.found.append(Import(module, self.type_only, self.functions[0] if self.functions else ""))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        assert node.level == 0, "imports here are absolute"
        for alias in node.names:
            # `from kg.read import cache` names a module, `from kg.read.cache import folder` a thing in one.
            whole = f"{node.module}.{alias.name}"
            is_module = (ROOT / (whole.replace(".", "/") + ".py")).is_file()
            self._add(whole if is_module else str(node.module))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> list[Import]:
    finder = Finder()
    finder.visit(ast.parse(path.read_text(encoding="utf-8")))
    return finder.found


IMPORTS = {name_of(path): imports_of(path) for path in FILES}


def users(package: str, type_only: bool = False) -> set[str]:
    """Files that import a package or a module of it, or do so for types alone."""
    return {
        file
        for file, found in IMPORTS.items()
        for i in found
        if i.type_only == type_only and (i.module == package or i.module.startswith(package + "."))
    }


def within(room: str) -> set[str]:
    return {file for file in IMPORTS if file.startswith(f"kg/{room}/")}


EDGE = ("kg.cli", "kg.commands", "kg.terminal", "kg.web")


def test_the_finder_finds() -> None:
    assert len(FILES) > 30
    assert Import("pyoxigraph", False, "") in IMPORTS["kg/read/turtle.py"]
    assert Import("networkx", True, "") in IMPORTS["kg/reason/paths.py"]
    assert Import("networkx", False, "paths") in IMPORTS["kg/reason/paths.py"]
    assert Import("kg.read.cache", False, "show") in IMPORTS["kg/commands/looking.py"]


def test_reasoning_knows_nothing_of_reading_and_showing() -> None:
    for foreign in ("kg.read", "kg.show", "kg.api", *EDGE):
        assert not within("reason") & (users(foreign) | users(foreign, type_only=True)), foreign


def test_reading_knows_nothing_of_showing_and_only_builds_tables_for_reasoning() -> None:
    for foreign in ("kg.show", "kg.api", *EDGE):
        assert not within("read") & (users(foreign) | users(foreign, type_only=True)), foreign
    builders = {"kg/read/compile.py", "kg/read/compile_names.py"}
    assert within("read") & users("kg.reason") == builders
    modules = {i.module for b in builders for i in IMPORTS[b] if i.module.startswith("kg.reason")}
    assert modules == {"kg.reason.knowledge", "kg.reason.lexicon"}


def test_showing_reads_nothing_but_what_is_listed() -> None:
    found = {
        (file, i.module, i.function)
        for file in within("show")
        for i in IMPORTS[file]
        if i.module.startswith("kg.read") and not i.type_only
    }
    assert found == {
        ("kg/show/as_report.py", "kg.read.check", ""),  # the types of the two reports
        ("kg/show/as_report.py", "kg.read.coverage", ""),
        ("kg/show/as_network.py", "kg.read.catalogue", "answer_drawing"),  # the records behind a picture
    }
    # The nouns of a cohort and of an evaluation live beside what makes them.
    assert within("show") & users("kg.reason") == {"kg/show/as_card.py", "kg/show/as_rows.py"}
    assert not within("show") & set().union(*map(users, EDGE))


def test_the_command_and_the_interface_are_imported_by_nobody_below() -> None:
    assert users("kg.cli") == set()
    assert users("kg.commands") == within("commands") - {"kg/commands/__init__.py", "kg/commands/app.py"} | {
        "kg/cli.py"
    }
    assert users("kg.terminal") <= within("commands")
    assert users("kg.api") <= within("commands") | within("web") | {"kg/__init__.py"}


def test_the_web_stands_at_the_edge_and_reasons_only_through_the_interface() -> None:
    doors = {"releasing", "serving", "conforming"}
    assert users("kg.web") - within("web") == {f"kg/commands/{d}.py" for d in doors}
    assert not within("web") & (users("kg.reason") | users("kg.commands") | users("kg.terminal"))


@pytest.mark.parametrize("package", ["rdflib", "pyoxigraph", "pyshacl", "sqlite3"])
def test_only_the_reading_room_touches_the_formats(package: str) -> None:
    assert users(package)
    assert users(package) <= within("read")
    assert users(package, type_only=True) <= within("read") | {"kg/api.py", "kg/parts.py"}


SERVED = {"kg/web/app.py", "kg/web/served.py", "kg/web/sparql_door.py"}


@pytest.mark.parametrize(
    ("package", "where", "types"),
    [
        (
            "networkx",
            {"kg/read/walk.py", "kg/read/exports/network.py", "kg/reason/paths.py", "kg/show/as_network.py"},
            {
                "kg/api.py",
                "kg/parts.py",
                "kg/read/exports/network.py",
                "kg/read/walk.py",
                "kg/reason/paths.py",
                "kg/show/as_network.py",
            },
        ),
        ("pyvis", {"kg/show/as_network.py"}, set()),
        ("typer", within("commands") - {"kg/commands/__init__.py"} | {"kg/terminal.py"}, set()),
        ("starlette", within("web") & users("starlette"), within("web")),
        ("anyio", {"kg/web/sparql_door.py"}, {"kg/web/sparql_door.py"}),
        ("uvicorn", {"kg/commands/serving.py", "kg/web/conformance.py"}, set()),
        ("jinja2", {"kg/web/pages.py"}, {"kg/web/pages.py"}),
        ("snowballstemmer", {"kg/reason/tokens.py"}, set()),
        ("numpy", within("reason") & users("numpy"), set()),
        ("pandas", {"kg/read/rows.py"}, {"kg/read/rows.py"}),
        ("polars", {"kg/read/rows.py"}, {"kg/read/rows.py"}),
        (
            "pyarrow",
            {"kg/read/cohort.py", "kg/read/exports/tables.py", "kg/show/as_rows.py", "kg/spark.py"},
            {"kg/spark.py"},
        ),
        ("pyspark", {"kg/spark.py"}, {"kg/spark.py"}),
    ],
)
def test_each_library_has_its_place(package: str, where: set[str], types: set[str]) -> None:
    assert users(package) == where
    assert users(package, type_only=True) <= types


# Libraries that a command may wait for, each imported inside the function that needs it, and those that are quick.
SLOW = {
    "anyio",
    "jinja2",
    "networkx",
    "pandas",
    "polars",
    "pyarrow",
    "pyshacl",
    "pyspark",
    "pyvis",
    "rdflib",
    "snowballstemmer",
    "starlette",
    "uvicorn",
}
QUICK_OR_LATE = {
    "anyio",  # comes with starlette
    "numpy",  # only where cases are scored
    "pyoxigraph",
    "typer",
}


def test_no_other_library_has_come_in() -> None:
    roots = {i.module.partition(".")[0] for found in IMPORTS.values() for i in found if not i.type_only}
    assert roots - set(sys.stdlib_module_names) == {"kg"} | SLOW | QUICK_OR_LATE


def test_slow_libraries_are_imported_where_they_are_used() -> None:
    early = {(f, i.module) for f, found in IMPORTS.items() for i in found if not i.function and not i.type_only}
    # The door of SPARQL is itself imported only when the app is made.
    early -= {(f, m) for f, m in early if f == "kg/web/sparql_door.py"}
    assert {(f, m) for f, m in early if m.partition(".")[0] in SLOW} == set()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_module_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "no docstring"
    assert len(text.splitlines()) <= LONGEST_MODULE
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    }
    assert long == {}


QUICK = ("networkx", "numpy", "rdflib", "pyvis", "pyoxigraph", "pyshacl", "rich")


@pytest.mark.parametrize(
    ("words", "kept_out"),
    [
        (["show", "L5 root"], QUICK),
        (["search", "foot", "drop"], QUICK),
        (["explain", "numb top of the foot"], ("rdflib", "pyvis", "pyshacl", "rich")),
        (["--help"], QUICK),
    ],
    ids=lambda v: v[0] if isinstance(v, list) else "",
)
@pytest.mark.usefixtures("graph")  # the cache is built
def test_a_command_loads_no_more_than_it_needs(words: list[str], kept_out: tuple[str, ...]) -> None:
    script = (
        "import sys\n"
        "from kg.cli import app, load_commands\n"
        f"load_commands({words[0]!r})\n"
        "try:\n"
        f"    app({words!r}, standalone_mode=True)\n"
        "except SystemExit as e:\n"
        "    assert not e.code, e.code\n"
        "print(*sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=True
    )
    assert done.stdout
    loaded = set(done.stderr.split())
    assert "typer" in loaded
    assert not loaded & set(kept_out)
