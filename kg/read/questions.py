"""The competency questions that ship with the graph: one Turtle file each, found by wildcard.

They have the form of SIB's collection of SPARQL examples (`sh:SPARQLExecutable`), so that its tools read them too:
the question in words is an `rdfs:comment`, the query stands under `sh:select`, `sh:ask` or `sh:construct`, its prefixes
under `sh:prefixes`. Two things are added: each parameter is an `sh:parameter` with its class and the value that the
query has, and each `schema:acceptedAnswer` names cells, parted by bars, that stand together in some row of the answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from kg.errors import Failure
from kg.read.files import home
from kg.read.names import RDF, RDFS, SCHEMA, shorten
from kg.read.sparql import with_prefixes
from kg.read.turtle import Literal, Term, read_file

SH = "http://www.w3.org/ns/shacl#"
KINDS = {"select": SH + "SPARQLSelectExecutable", "ask": SH + "SPARQLAskExecutable"} | {
    "construct": SH + "SPARQLConstructExecutable"
}
TARGET = "https://w3id.org/backleg-pain/sparql"
PREFIX_FILE = "prefixes.ttl"


class Parameter(NamedTuple):
    """What may be put in place of a value in the query.

    Attributes:
        name: of the variable, without its mark.
        kind: class or datatype of the values that make sense, as a CURIE.
        value: the one that stands in the query's VALUES.
    """

    name: str
    kind: str
    value: str


class Question(NamedTuple):
    """A competency question.

    Attributes:
        name: the file's name without its ending.
        kind: `select`, `ask` or `construct`.
        topic: one word to group by.
        expect: cells that some row of the answer holds, in this order.
        text: the query, complete with its prefixes.
    """

    name: str
    question: str
    kind: str
    topic: str
    parameters: tuple[Parameter, ...]
    expect: tuple[tuple[str, ...], ...]
    text: str


def folder() -> Path:
    """Where the questions lie."""
    return home() / "ontology" / "questions"


def all_questions() -> tuple[Question, ...]:
    """All questions, in order of name."""
    return tuple(_read(p) for p in sorted(folder().glob("*.ttl")) if p.name != PREFIX_FILE)


def find_question(name: str) -> Question | None:
    """The question of this name, or None."""
    path = folder() / f"{name}.ttl"
    found = re.fullmatch(r"[a-z0-9-]+", name) and path.is_file() and path.name != PREFIX_FILE
    return _read(path) if found else None


def _read(path: Path) -> Question:
    said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in read_file(path).triples:
        said[s][p].append(o)

    def text(node: str, name: str) -> str:
        found = said[node][name]
        return "" if not found else found[0].value if isinstance(found[0], Literal) else shorten(found[0])

    node = next((s for s, d in said.items() if SH + "SPARQLExecutable" in d[RDF + "type"]), None)
    kind = next((k for k, c in KINDS.items() if node and c in said[node][RDF + "type"]), None)
    if node is None or kind is None or not said[node][SH + kind]:
        raise Failure(f"{path}: holds no query: one sh:SPARQLExecutable with sh:select, sh:ask or sh:construct.")
    parameters = tuple(
        Parameter(text(p, SH + "name"), text(p, SH + "class") or text(p, SH + "datatype"), text(p, SH + "defaultValue"))
        for p in map(str, said[node][SH + "parameter"])
    )
    expect = tuple(
        tuple(cell.strip() for cell in text(str(a), SCHEMA + "text").split("|"))
        for a in said[node][SCHEMA + "acceptedAnswer"]
    )
    query = with_prefixes(text(node, SH + kind).strip() + "\n")
    return Question(
        path.stem,
        text(node, RDFS + "comment"),
        kind,
        text(node, SCHEMA + "keywords"),
        tuple(sorted(parameters)),
        expect,
        query,
    )


def holds(expected: tuple[str, ...], row: tuple[str, ...]) -> bool:
    """Whether the cells stand in the row in this order, each as a whole cell or as a part of a list.

    >>> holds(("calf", "tibial nerve"), ("calf", "main", "sural nerve, tibial nerve"))
    True
    >>> holds(("calf", "nerve"), ("calf", "main", "sural nerve, tibial nerve"))
    False
    """
    cells = iter(row)
    return all(any(e == c or e in re.split(r", |; | \+ ", c) for c in cells) for e in expected)
