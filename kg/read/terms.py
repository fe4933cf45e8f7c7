"""A triple as three plain strings or literals: a term is a `str` (an IRI, or a blank node `_:name`) or a `Literal`."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from kg.read.names import XSD


class Literal(NamedTuple):
    """An RDF literal."""

    value: str
    datatype: str = XSD + "string"
    language: str = ""


Term: TypeAlias = str | Literal
Triple: TypeAlias = tuple[str, str, Term]


def as_terms(
    triple: Triple,
) -> tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]:
    """One of our triples in pyoxigraph's terms."""
    s, p, o = triple
    return _node(s), ox.NamedNode(p), _term(o)


def _node(text: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text)


def _term(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(term.value, language=term.language)
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
    return _node(term)
