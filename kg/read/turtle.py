"""Turtle files → triples, each as three plain strings or literals, in the order and form of `kg.read.canonical`.

Annotated axioms (`owl:Axiom`) stand for the triple they annotate: it is added here, so that a curator writes it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import BadTurtle, InputError
from kg.read.canonical import canonical, number
from kg.read.names import OWL, RDF
from kg.read.terms import Literal, Term, Triple

__all__ = ["Literal", "Parsed", "Term", "Triple", "read_file", "read_files", "term_of"]

MAX_BYTES = 64 * 2**20


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
    return Parsed(path, canonical(_with_axioms(_parse(path, data))))


def read_files(paths: Iterable[Path]) -> tuple[Parsed, ...]:
    """Parse several files, in order."""
    return tuple(read_file(p) for p in paths)


def _parse(path: Path, data: bytes) -> list[Triple]:
    try:
        quads = ox.parse(
            data,
            format=ox.RdfFormat.TURTLE,
            base_iri="https://w3id.org/backleg-pain/",
            rename_blank_nodes=False,
        )
        return [(str(term_of(q.subject)), q.predicate.value, term_of(q.object)) for q in quads]
    except SyntaxError as e:
        # Oxigraph repeats line and column in its text; the line stands in front of ours already.
        reason = re.sub(r"^Parser error at line \d+( column \d+)?( between .*?)?:? ?", "", str(e.msg))
        raise BadTurtle(str(path), e.lineno, reason.strip() or "unexpected text.") from e


def term_of(node: object) -> Term:
    """A pyoxigraph term as ours."""
    if isinstance(node, ox.NamedNode):
        return node.value
    if isinstance(node, ox.BlankNode):
        return f"_:{node.value}"
    if isinstance(node, ox.Literal):
        return Literal(number(node.value, node.datatype.value), node.datatype.value, node.language or "")
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
