"""The competency questions that ship with the graph: one Turtle file each, found by wildcard.

They have the form of SIB's collection of SPARQL examples (`sh:SPARQLExecutable`), so that its tools read them too:
the question in words is an `rdfs:comment`, the query stands under `sh:select`, `sh:ask` or `sh:construct`, its prefixes
under `sh:prefixes`. Two things are added: each parameter is an `sh:parameter` with its class and the value that the
query has, and each `schema:acceptedAnswer` names cells, parted by bars, that stand together in some row of the answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kg.errors import Failure, InputError, UnknownName
from kg.read.files import shipped_home
from kg.read.names import RDF, RDFS, SCHEMA, expand, shorten
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
    return shipped_home() / "ontology" / "questions"


def all_questions() -> tuple[Question, ...]:
    """All questions, in order of name."""
    return tuple(_read(p) for p in sorted(folder().glob("*.ttl")) if p.name != PREFIX_FILE)


def find_question(name: str) -> Question | None:
    """The question of this name, or None."""
    path = folder() / f"{name}.ttl"
    found = re.fullmatch(r"[a-z0-9-]+", name) and path.is_file() and path.name != PREFIX_FILE
    return _read(path) if found else None


def known_question(name: str) -> Question:
    """The question of this name.

    Raises:
        UnknownName: there is none; carries names that look alike.
    """
    from difflib import get_close_matches

    if (found := find_question(name)) is not None:
        return found
    names = [q.name for q in all_questions()]
    raise UnknownName(name, tuple(get_close_matches(name, names, n=3, cutoff=0.4)))


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


def filled(question: Question, values: Mapping[str, str]) -> str:
    """The query with other values in place of its parameters' own.

    Args:
        values: name of a parameter → a CURIE, an IRI, or for a number or a text the words themselves.

    Raises:
        InputError: the question has no such parameter, or the value is none of its kind.

    >>> asked = filled(find_question("muscles-of-a-root"), {"root": "id:s1-nerve-root"})
    >>> "VALUES ?root { id:s1-nerve-root }" in asked
    True
    """
    known = {p.name: p for p in question.parameters}
    text = question.text
    for name, value in values.items():
        if name not in known:
            has = f"It has: {', '.join(known)}." if known else "It has none."
            raise InputError(f"The question “{question.name}” has no parameter “{name[:60]}”. {has}")
        term = _term(known[name], value)
        text = re.sub(rf"(VALUES \?{name} \{{) [^{{}}]* (\}})", lambda m, t=term: f"{m[1]} {t} {m[2]}", text)  # type: ignore[misc]
    return text


def _term(parameter: Parameter, value: str) -> str:
    """A value as SPARQL writes it."""
    if parameter.kind in ("xsd:integer", "xsd:decimal"):
        if not re.fullmatch(r"[+-]?\d+" if parameter.kind == "xsd:integer" else r"[+-]?\d+(\.\d+)?", value):
            what = "a whole number" if parameter.kind == "xsd:integer" else "a number such as 0.75"
            raise InputError(f"“{value[:60]}” is not {what}, which “{parameter.name}” has to be.")
        return value
    if parameter.kind.startswith("xsd:"):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'
    iri = expand(value)
    if not re.fullmatch(r"[a-z][\w+.-]*:[^\s<>\"{}|^`\\]+", iri):
        raise InputError(f"“{value[:60]}” is no identifier, which “{parameter.name}” has to be: {parameter.kind}.")
    return value if iri != value and re.fullmatch(r"\w+:[\w-]+", value) else f"<{iri}>"


def holds(expected: tuple[str, ...], row: tuple[str, ...]) -> bool:
    """Whether the cells stand in the row in this order, each as a whole cell or as a part of a list.

    >>> holds(("calf", "tibial nerve"), ("calf", "main", "sural nerve, tibial nerve"))
    True
    >>> holds(("calf", "nerve"), ("calf", "main", "sural nerve, tibial nerve"))
    False
    """
    cells = iter(row)
    return all(any(e == c or e in re.split(r", |; | \+ ", c) for c in cells) for e in expected)
