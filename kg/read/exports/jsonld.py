"""JSON-LD with a context: keys are the names of the properties, and each says once what its values are."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from kg.read.exports.statements import TYPE, Statements
from kg.read.names import PREFIXES, XSD, shorten
from kg.read.turtle import Literal, Term, Triple

Key = tuple[str, dict[str, str]]


def jsonld(said: Statements, entailed: bool) -> str:
    """The whole graph as one JSON-LD document."""
    triples = said.all(entailed)
    keys = keys_of(triples)
    nodes: dict[str, dict[str, Any]] = defaultdict(dict)
    for s, p, o in triples:
        node = nodes[s]
        node.setdefault("@id", shorten(s))
        if p == TYPE:
            node.setdefault("@type", []).append(shorten(str(o)))
        else:
            name, how = keys[p]
            node.setdefault(name, []).append(_value(o, how))
    tidy = [{k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in n.items()} for n in nodes.values()]
    return json.dumps({"@context": context(keys), "@graph": tidy}, ensure_ascii=False, indent=1)


def context(keys: dict[str, Key]) -> dict[str, Any]:
    """Prefixes, then each property with the type of its values."""
    terms = {name: {"@id": shorten(p), **how} if how else shorten(p) for p, (name, how) in sorted(keys.items())}
    return {**PREFIXES, **{k: v for k, v in terms.items() if k != v}}


def keys_of(triples: Iterable[Triple]) -> dict[str, Key]:
    """Property → the key it gets, and the type that all its values share, if they do."""
    kinds: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for _, p, o in triples:
        if p != TYPE:
            kinds[p].add((o.datatype, o.language) if isinstance(o, Literal) else ("@id", ""))
    local = {p: shorten(p).partition(":")[2] or p for p in kinds}
    taken = Counter(local.values())
    return {
        p: (local[p] if taken[local[p]] == 1 and local[p] not in PREFIXES else shorten(p), _how(found))
        for p, found in kinds.items()
    }


def _how(kinds: set[tuple[str, str]]) -> dict[str, str]:
    if len(kinds) > 1:
        return {}
    ((datatype, language),) = kinds
    if language:
        return {"@language": language}
    return {} if datatype == XSD + "string" else {"@type": "@id" if datatype == "@id" else shorten(datatype)}


def _value(term: Term, how: dict[str, str]) -> Any:
    if not isinstance(term, Literal):
        return shorten(term) if how else {"@id": shorten(term)}
    if how or (term.datatype == XSD + "string" and not term.language):
        return term.value
    return {"@value": term.value} | (
        {"@language": term.language} if term.language else {"@type": shorten(term.datatype)}
    )
