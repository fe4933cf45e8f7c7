"""Turtle files → triples, each as three plain strings or literals.

A term is a `str` (an IRI, or a blank node written `_:name`) or a `Literal`. Annotated axioms
(`owl:Axiom`) stand for the triple they annotate: it is added here, so that a curator writes it once.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from kg.errors import BadTurtle, InputError
from kg.read.names import OWL, RDF, XSD

MAX_BYTES = 64 * 2**20


class Literal(NamedTuple):
    """An RDF literal."""

    value: str
    datatype: str = XSD + "string"
    language: str = ""


Term: TypeAlias = str | Literal
Triple: TypeAlias = tuple[str, str, Term]


class Parsed(NamedTuple):
    """What one file says.

    Attributes:
        path: the file.
        triples: its statements, those of annotated axioms included.
    """

    path: Path
    triples: tuple[Triple, ...]


def read_file(path: Path) -> Parsed:
    """Parse one Turtle file.

    Raises:
        BadTurtle: it does not parse; the message names file and line.
        InputError: it is too large, not text, or cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES // 2**20} MB. Split it: one condition a file.")
        data = path.read_bytes()
        data.decode("utf-8")
    except OSError as e:
        raise InputError(f"{path}: cannot be read: {e.strerror}.") from e
    except UnicodeDecodeError as e:
        line = path.read_bytes()[: e.start].count(b"\n") + 1
        raise BadTurtle(str(path), line, "not UTF-8 text. Save it as UTF-8.") from e
    return Parsed(path, tuple(_with_axioms(_parse(path, data))))


def read_files(paths: Iterable[Path]) -> tuple[Parsed, ...]:
    """Parse several files, in order."""
    return tuple(read_file(p) for p in paths)


def _parse(path: Path, data: bytes) -> list[Triple]:
    # Blank nodes are renamed per file, so that equal names in two files stay apart.
    scope = f"{re.sub(r'[^A-Za-z0-9]', '', path.stem)}{zlib.crc32(str(path).encode()):08x}"
    try:
        quads = ox.parse(
            data,
            format=ox.RdfFormat.TURTLE,
            base_iri="https://w3id.org/backleg-pain/",
            rename_blank_nodes=False,
        )
        names: dict[str, str] = {}
        return [
            (_subject(q.subject, scope, names), q.predicate.value, _numbered(q.object, scope, names)) for q in quads
        ]
    except SyntaxError as e:
        # Oxigraph repeats line and column in its text; the line stands in front of ours already.
        reason = re.sub(r"^Parser error at line \d+( column \d+)?( between .*?)?:? ?", "", str(e.msg))
        raise BadTurtle(str(path), e.lineno, reason.strip() or "unexpected text.") from e


def _numbered(node: object, scope: str, names: dict[str, str]) -> Term:
    """A term; blank nodes, which the parser names at random, are numbered in the order they stand in the file."""
    if isinstance(node, ox.BlankNode):
        return names.setdefault(node.value, f"_:{scope}n{len(names)}")
    return term_of(node)


def _subject(node: object, scope: str, names: dict[str, str]) -> str:
    text = _numbered(node, scope, names)
    assert isinstance(text, str)
    return text


def term_of(node: object) -> Term:
    """A pyoxigraph term as ours."""
    if isinstance(node, ox.NamedNode):
        return node.value
    if isinstance(node, ox.BlankNode):
        return f"_:{node.value}"
    if isinstance(node, ox.Literal):
        return Literal(node.value, node.datatype.value, node.language or "")
    raise InputError(f"Quoted triples are not used here: {node}")


def _with_axioms(triples: list[Triple]) -> list[Triple]:
    axioms = {s for s, p, o in triples if p == RDF + "type" and o == OWL + "Axiom"}
    parts: dict[str, dict[str, Term]] = {}
    for s, p, o in triples:
        if s in axioms and p.startswith(OWL + "annotated"):
            parts.setdefault(s, {})[p] = o
    out = list(triples)
    for part in parts.values():
        start, link, end = (part.get(OWL + k) for k in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
        if isinstance(start, str) and isinstance(link, str) and end is not None:
            out.append((start, link, end))
    return out
