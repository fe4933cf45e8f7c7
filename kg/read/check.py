"""Validate ontology and data: syntax, shapes (SHACL), rules (SPARQL); every problem with file, line and cure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from kg.errors import BadTurtle
from kg.read.build import asserted, everything
from kg.read.files import home, shipped, turtle_files
from kg.read.graph import Graph, assemble
from kg.read.names import ID, expand, shorten, sparql_prologue
from kg.read.terms import as_terms
from kg.read.turtle import Parsed, read_file, term_of

Level = Literal["error", "warning"]
STATED = "urn:stated"
SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem.

    Attributes:
        where: file, with line where known.
        what: the fault, and the thing it concerns.
        cure: what would be right.
    """

    level: Level
    where: str
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what was found.

    Attributes:
        checked: how many of each kind of thing were looked at.
    """

    issues: tuple[Issue, ...]
    checked: dict[str, int]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The problems that must be mended."""
        return tuple(i for i in self.issues if i.level == "error")


def check(paths: tuple[Path, ...] = (), progress: Callable[[str], object] = lambda _: None) -> Report:
    """Check the shipped graph, or other Turtle files against it.

    Args:
        paths: files or folders; together with the ontology, and the shipped data that they do not replace.
        progress: told what is being done.

    Raises:
        InputError: a path does not exist or holds no Turtle.
    """
    chosen = tuple(dict.fromkeys(f.resolve() for p in paths for f in turtle_files(p))) if paths else shipped()
    progress(f"Reading {len(chosen)} files …")
    parsed, issues = _parse(chosen)
    if issues:
        return Report(tuple(issues), {"files": len(chosen)})
    context = _context(parsed) if paths else ()
    graph = assemble((*context, *parsed))
    own = None if not paths else {s for file in parsed for s, _, _ in file.triples}
    progress("Applying rules …")
    issues += _rules(graph, own)
    progress("Applying shapes …")
    issues += _shapes(graph, own)
    rules = sum(1 for _ in _rule_files())
    things = Counter(graph.kind(s) for s in graph.objects if s.startswith(ID) and (own is None or s in own))
    counts = {
        "files": len(chosen),
        "triples": sum(len(f.triples) for f in parsed),
        "rules": rules,
        "shapes": _shape_count(),
    }
    return Report(
        tuple(sorted(set(issues), key=lambda i: (i.level, i.where, i.what))),
        counts | dict(things.most_common()),
    )


def _parse(files: Iterable[Path]) -> tuple[list[Parsed], list[Issue]]:
    parsed, issues = [], []
    for path in files:
        try:
            parsed.append(read_file(path))
        except BadTurtle as e:
            where = f"{_short(path)}:{e.line}" if e.line else _short(path)
            issues.append(
                Issue(
                    "error",
                    where,
                    f"Not valid Turtle: {e.reason}",
                    "Correct the line; each statement ends with a dot.",
                )
            )
    return parsed, issues


def _context(parsed: list[Parsed]) -> tuple[Parsed, ...]:
    """Shipped files that the given ones do not replace: not the file, nor another that describes a thing of it."""
    given = {f.path for f in parsed}
    described = {s for f in parsed for s, p, _ in f.triples if p.endswith("#type") and s.startswith(ID)}
    out = []
    for path in shipped():
        if path.resolve() not in given:
            file = read_file(path)
            if not described & {s for s, p, _ in file.triples if p.endswith("#type") and s.startswith(ID)}:
                out.append(file)
    return tuple(out)


def _rule_files() -> Iterable[tuple[Level, Path]]:
    levels: tuple[Level, ...] = ("error", "warning")
    for level in levels:
        for path in sorted((home() / "ontology" / "rules" / level).glob("*.rq")):
            yield level, path


def _rules(graph: Graph, own: set[str] | None) -> list[Issue]:
    store = ox.Store()
    store.bulk_extend(ox.Quad(*as_terms(t)) for t in everything(graph))
    store.bulk_extend(ox.Quad(*as_terms(t), ox.NamedNode(STATED)) for t in asserted(graph))
    issues = []
    for level, path in _rule_files():
        text = path.read_text(encoding="utf-8")
        fault, _, cure = text.splitlines()[0].removeprefix("# ").partition(" :: ")
        rows = store.query(sparql_prologue() + text)
        if not isinstance(rows, ox.QuerySolutions):
            raise TypeError(f"{path}: a rule must be a SELECT.")
        for row in rows:
            thing, detail = term_of(row["thing"]), row["detail"]
            if isinstance(thing, str) and (own is None or thing in own):
                said = shorten(str(getattr(detail, "value", "")))
                what = f"{fault.rstrip('.')}: {_name(graph, thing)} ({said})"
                issues.append(Issue(level, _where(graph, thing), what, cure))
    return issues


def _shapes(graph: Graph, own: set[str] | None) -> list[Issue]:
    import pyshacl
    import rdflib

    data = rdflib.Graph()
    lines = ox.serialize((ox.Triple(*as_terms(t)) for t in asserted(graph)), format=ox.RdfFormat.N_TRIPLES)
    # rdflib renames blank nodes unless told their names, and links are blank nodes.
    data.parse(data=lines, format="nt", bnode_context={s[2:]: s[2:] for s in graph.objects if s.startswith("_:")})
    shapes = rdflib.Graph().parse(home() / "ontology" / "shapes.ttl")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inference="none", allow_warnings=True)
    if not isinstance(results, rdflib.Graph):
        raise TypeError(f"SHACL gave no report: {results}")
    issues = []
    for result in results.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "ValidationResult")):
        focus = results.value(result, rdflib.URIRef(SH + "focusNode"))
        thing = f"_:{focus}" if isinstance(focus, rdflib.BNode) else str(focus)
        value = results.value(result, rdflib.URIRef(SH + "value"))
        message = str(results.value(result, rdflib.URIRef(SH + "resultMessage")))
        if own is None or thing in own:
            shown = f" (found {shorten(str(value))[:80]})" if value is not None else ""
            what = f"Incomplete or wrong: {_name(graph, thing)}{shown}"
            issues.append(Issue("error", _where(graph, thing), what, message))
    return issues


def _name(graph: Graph, node: str) -> str:
    """For an annotated link, its three ends; else the identifier."""
    ends = [graph.one(node, expand(f"owl:annotated{k}")) for k in ("Source", "Property", "Target")]
    return "link " + " ".join(shorten(e or "?") for e in ends) if any(ends) else shorten(node)


def _shape_count() -> int:
    return (home() / "ontology" / "shapes.ttl").read_text(encoding="utf-8").count("a sh:NodeShape")


def _where(graph: Graph, thing: str) -> str:
    path = graph.files.get(thing)
    if path is None:
        return "(described nowhere)"
    line = _lines(path).get(shorten(thing))
    return f"{_short(Path(path))}:{line}" if line else _short(Path(path))


@cache
def _lines(path: str) -> dict[str, int]:
    """First line on which each CURIE stands at the beginning of a line."""
    out: dict[str, int] = {}
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        found = re.match(r"([a-z]+:[\w.-]+)", line)
        if found:
            out.setdefault(found[1].rstrip("."), number)
    return out


def _short(path: Path) -> str:
    for base in (home(), Path.cwd()):
        if path.is_relative_to(base):
            return str(path.relative_to(base))
    return str(path)
