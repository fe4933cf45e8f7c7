"""One way to write each triple down, whatever store or file it came from.

RDF knows no order of statements and no names of blank nodes, and a store gives numbers back in a form of its own. What
is read is brought into one form, so that a graph gives the same answers from files and from any SPARQL endpoint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from hashlib import blake2b

from kg.errors import InputError
from kg.read.names import XSD
from kg.read.terms import Literal, Term, Triple


def number(text: str, datatype: str) -> str:
    """The shortest form of a decimal or a whole number; any other text as it is.

    >>> number("0.80", XSD + "decimal"), number("007", XSD + "integer"), number("0.80", XSD + "string")
    ('0.8', '7', '0.80')
    """
    with suppress(InvalidOperation, ValueError):
        if datatype == XSD + "decimal":
            short = f"{Decimal(text.strip()):f}"
            whole = short.rstrip("0").rstrip(".") if "." in short else short
            return whole if whole not in ("-0", "") else "0"
        if datatype == XSD + "integer":
            return str(int(text))
    return text


def order(triple: Triple) -> tuple[str, str, bool, tuple[str, ...]]:
    """Where a triple stands among others, the same in every run."""
    s, p, o = triple
    return s, p, isinstance(o, Literal), tuple(o) if isinstance(o, Literal) else (o,)


def canonical(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """The triples of one file in order, each once, blank nodes named after what is said of them.

    Two blank nodes of which the same is said, at the same place, become one: they say the same.

    Raises:
        InputError: blank nodes form a circle.

    >>> link = [("_:x", "p", "b"), ("_:x", "q", "_:y"), ("_:y", "p", Literal("c"))]
    >>> other = [("_:2", "p", Literal("c")), ("_:1", "q", "_:2"), ("_:1", "p", "b")]
    >>> canonical(link) == canonical(other)
    True
    """
    said = list(triples)
    about: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    parents: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for s, p, o in said:
        if _is_blank(s):
            about[s].append((p, o))
        if _is_blank(o):
            parents[str(o)].append((s, p))
    if not about and not parents:
        return tuple(sorted(set(said), key=order))
    names = _Names(about, parents)
    return tuple(sorted({(str(names.of(s)), p, names.of(o)) for s, p, o in said}, key=order))


def _is_blank(term: Term) -> bool:
    return isinstance(term, str) and term.startswith("_:")


class _Names:
    """Blank node → its name: a digest of what is said of it and of the places it stands at."""

    def __init__(
        self, about: Mapping[str, list[tuple[str, Term]]], parents: Mapping[str, list[tuple[str, str]]]
    ) -> None:
        self.about, self.parents = about, parents
        self.named: dict[str, str] = {}
        self.contents: dict[str, str] = {}
        self.open: set[tuple[str, str]] = set()

    def of(self, term: Term) -> Term:
        if not (isinstance(term, str) and _is_blank(term)):
            return term
        if term not in self.named:
            self._enter("place", term)
            places = sorted(f"{self.of(s)}\0{p}" for s, p in self.parents.get(term, ()))
            self.open.discard(("place", term))
            self.named[term] = "_:b" + _digest("\1".join((self._content(term), *places)))
        return self.named[term]

    def _content(self, node: str) -> str:
        if node not in self.contents:
            self._enter("content", node)
            said = sorted(f"{p}\0{self._text(o)}" for p, o in self.about.get(node, ()))
            self.open.discard(("content", node))
            self.contents[node] = _digest("\1".join(said))
        return self.contents[node]

    def _text(self, term: Term) -> str:
        if isinstance(term, Literal):
            return "\2".join(term)
        return self._content(term) if _is_blank(term) else term

    def _enter(self, what: str, node: str) -> None:
        if (what, node) in self.open:
            raise InputError("Blank nodes that point to each other in a circle are not used here; give them names.")
        self.open.add((what, node))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
