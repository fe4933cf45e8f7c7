"""The W3C's SPARQL 1.1 tests: manifests → cases, and whether two results say the same.

The tests are not part of this project; see `kg conformance`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from kg.errors import InputError
from kg.read.names import RDF, RDFS, XSD
from kg.read.results import TRIPLES

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
CNT = "http://www.w3.org/2011/content#"
RESULTS = {".srx": "xml", ".srj": "json", ".tsv": "tsv", ".csv": "csv"}
GRAPHS = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML}
NUMBERS = {XSD + n for n in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")}
Node = ox.NamedNode | ox.BlankNode


class Call(NamedTuple):
    """One HTTP request of a protocol test, and what must come back.

    Attributes:
        statuses: acceptable first digits of the status code.
        truth: the answer of an ASK, or None.
        format: `boolean`, `tabular`, `RDF` or empty.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    truth: bool | None
    format: str


class Case(NamedTuple):
    """One test.

    Attributes:
        group: the folder it lies in.
        kind: its class in the manifest, such as `QueryEvaluationTest`.
        default: files that make up the default graph.
        named: files that are named graphs.
        result: the file with the expected result.
    """

    group: str
    name: str
    kind: str
    query: Path | None = None
    default: tuple[Path, ...] = ()
    named: tuple[Path, ...] = ()
    result: Path | None = None
    calls: tuple[Call, ...] = ()


class Suite(NamedTuple):
    """All tests of a folder.

    Attributes:
        graphs: graph name → the file with its triples, for one store that holds the data of all tests.
    """

    cases: tuple[Case, ...]
    graphs: dict[str, Path]


def read_suite(folder: Path) -> Suite:
    """The tests of the folders in a folder, or of the folder itself.

    Raises:
        InputError: it holds no manifest, or one that does not parse.
    """
    manifests = sorted(folder.glob("*/manifest.ttl")) or sorted(folder.glob("manifest.ttl"))
    if not manifests:
        raise InputError(f"{folder}: no manifest.ttl in it. Give a folder of the W3C's SPARQL 1.1 tests.")
    graphs: dict[str, Path] = {}
    cases: list[Case] = []
    for path in manifests:
        try:
            manifest = Manifest(path)
        except SyntaxError as e:
            raise InputError(f"{path}: not valid Turtle: {e}") from e
        cases += manifest.cases()
        graphs |= manifest.graphs
    for case in cases:
        graphs |= {p.as_uri(): p for p in (*case.default, *case.named)}
    return Suite(tuple(cases), graphs)


class Manifest:
    """One manifest file, read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = ox.Store()
        self.store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
        self.graphs: dict[str, Path] = {}

    def all(self, node: Node, name: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Objects of a property."""
        return [q.object for q in self.store.quads_for_pattern(node, ox.NamedNode(name), None)]  # type: ignore[misc]

    def one(self, node: Node | None, name: str) -> Node | None:
        """The node that a property leads to."""
        found = [o for o in self.all(node, name) if not isinstance(o, ox.Literal)] if node is not None else []
        return found[0] if found else None

    def text(self, node: Node, name: str) -> str:
        """The text of a property."""
        return next((o.value for o in self.all(node, name)), "")

    def items(self, node: Node | None) -> Iterator[Node]:
        """Members of an RDF list."""
        while node is not None and node.value != RDF + "nil":
            first = self.one(node, RDF + "first")
            if first is not None:
                yield first
            node = self.one(node, RDF + "rest")

    def cases(self) -> list[Case]:
        """The tests, in order."""
        whole = next((q.subject for q in self.store.quads_for_pattern(None, ox.NamedNode(MF + "entries"), None)), None)
        assert whole is None or isinstance(whole, ox.NamedNode | ox.BlankNode)
        return [self.case(entry) for entry in self.items(self.one(whole, MF + "entries") if whole else None)]

    def case(self, entry: Node) -> Case:
        """One test."""
        kinds = [o.value.removeprefix(MF) for o in self.all(entry, RDF + "type") if o.value.startswith(MF)]
        kind = kinds[0] if kinds else "unknown"
        found = Case(self.path.parent.name, self.text(entry, MF + "name") or entry.value, kind)
        action = self.one(entry, MF + "action")
        if kind == "ProtocolTest":
            return found._replace(calls=tuple(self.calls(entry, action)))
        query = self.one(action, QT + "query") or action
        return found._replace(
            query=_path(query),
            default=tuple(p for p in map(_path, self.nodes(action, QT + "data")) if p),
            named=tuple(p for p in map(_path, self.nodes(action, QT + "graphData")) if p),
            result=_path(self.one(entry, MF + "result")),
        )

    def nodes(self, node: Node | None, name: str) -> list[Node]:
        """All nodes that a property leads to."""
        return [o for o in self.all(node, name) if not isinstance(o, ox.Literal)] if node is not None else []

    def calls(self, entry: Node, action: Node | None) -> Iterator[Call]:
        """The requests of a protocol test; its graphs join the store's."""
        for graph in self.nodes(entry, UT + "graphData"):
            path = _path(self.one(graph, UT + "graph"))
            if path is not None:
                self.graphs[self.text(graph, RDFS + "label")] = path
        for request in self.items(self.one(action, HT + "requests")):
            body = self.one(request, HT + "body")
            encoding = (self.text(body, CNT + "characterEncoding") if body else "") or "utf-8"
            response = self.one(request, HT + "resp")
            assert response is not None
            truth = self.text(response, MF + "expectedBoolean")
            yield Call(
                self.text(request, HT + "methodName"),
                self.text(request, HT + "absolutePath"),
                tuple(
                    (self.text(h, HT + "fieldName"), self.text(h, HT + "fieldValue"))
                    for h in self.items(self.one(request, HT + "headers"))
                ),
                self.text(body, CNT + "chars").encode(encoding) if body else b"",
                tuple(o.value[-3] for o in self.all(response, MF + "expectedStatus")),
                truth == "true" if truth else None,
                self.text(response, MF + "expectedFormat"),
            )


def _path(node: Node | None) -> Path | None:
    return Path(unquote(urlsplit(node.value).path)) if node is not None and node.value.startswith("file:") else None


def write_data(suite: Suite, folder: Path) -> None:
    """A store that holds the data of all tests, each file as a graph of its own."""
    store = ox.Store(str(folder))
    store.bulk_extend(
        ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(name))
        for name, path in suite.graphs.items()
        for q in ox.parse(path=str(path), format=GRAPHS[path.suffix], base_iri=path.as_uri())
    )
    for name in suite.graphs:  # an empty file is a graph too
        store.add_graph(ox.NamedNode(name))
    store.optimize()  # few files: an engine opens them all before it gives up opening files
    store.flush()


# Comparing


def rows_of(body: bytes, form: str) -> list[dict[str, object]] | bool:
    """Rows or a truth from text in a format of results; CSV gives plain texts."""
    if form == "csv":
        head, *rows = csv.reader(io.StringIO(body.decode("utf-8"), newline=""))
        return [dict(zip(head, map(_of_csv, row), strict=True)) for row in rows]
    kinds = {
        "xml": ox.QueryResultsFormat.XML,
        "json": ox.QueryResultsFormat.JSON,
        "tsv": ox.QueryResultsFormat.TSV,
    }
    found = ox.parse_query_results(body, format=kinds[form])
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    assert isinstance(found, ox.QuerySolutions)
    names = [v.value for v in found.variables]
    return [{n: row[n] for n in names if row[n] is not None} for row in found]


def _of_csv(cell: str) -> object:
    """A cell of CSV, which says nothing of datatypes: a blank node, a number by its value, or text."""
    if cell.startswith("_:"):
        return ox.BlankNode(cell[2:])
    try:
        return str(Decimal(cell).normalize())
    except InvalidOperation:
        return cell


def result_set(path: Path) -> list[dict[str, object]] | None:
    """Rows that a Turtle file describes as a result set; None where it holds a graph and nothing more."""
    store = ox.Store()
    store.bulk_load(path=str(path), format=GRAPHS[path.suffix], base_iri=path.as_uri())

    def ends(node: object, name: str) -> list[object]:
        return [q.object for q in store.quads_for_pattern(node, ox.NamedNode(RS + name), None)]  # type: ignore[arg-type]

    whole = [
        q.subject for q in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(RS + "ResultSet"))
    ]
    if not whole:
        return None
    return [
        {str(getattr(ends(b, "variable")[0], "value", "")): ends(b, "value")[0] for b in ends(row, "binding")}
        for row in ends(whole[0], "solution")
    ]


def same_results(one: list[dict[str, object]] | bool, two: list[dict[str, object]] | bool) -> bool:
    """Whether two results hold the same rows, in any order, whatever their blank nodes are called."""
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    return len(one) == len(two) and _canonical(one) == _canonical(two)


def _canonical(rows: list[dict[str, object]]) -> Counter[tuple[tuple[str, str], ...]]:
    """Rows as a multiset, with blank nodes named by the canonical form of the graph that the rows make."""
    graph = ox.Dataset()
    for i, row in enumerate(rows):
        for name, term in row.items():
            end = term if isinstance(term, ox.BlankNode | ox.NamedNode) else ox.Literal(_plain(term))
            graph.add(ox.Quad(ox.BlankNode(f"row{i}"), ox.NamedNode(f"urn:v:{name}"), end))
    if not any(isinstance(t, ox.BlankNode) for row in rows for t in row.values()):
        return Counter(tuple(sorted((n, _plain(t)) for n, t in row.items())) for row in rows)
    graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return Counter((("", str(quad)),) for quad in graph)


def _plain(term: object) -> str:
    """A term as text; numbers of one datatype, and booleans, by their value."""
    if isinstance(term, ox.Literal) and term.datatype.value == XSD + "boolean":
        return {"0": "false", "1": "true"}.get(term.value, term.value)
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        try:
            value: object = Decimal(term.value).normalize()
        except InvalidOperation:  # INF and NaN
            value = term.value
        return f"{value}^^{term.datatype.value}"
    return str(term)


def same_graphs(body: bytes, form: str, expected: Path) -> bool:
    """Whether triples in a format are those of a file, whatever their blank nodes are called."""
    found = ox.Dataset(_in_default(ox.parse(body, format=TRIPLES[form])))
    wanted = ox.Dataset(
        _in_default(ox.parse(path=str(expected), format=GRAPHS[expected.suffix], base_iri=expected.as_uri()))
    )
    for graph in (found, wanted):
        graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found == wanted


def _in_default(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    for q in quads:
        end = ox.Literal(_plain(q.object)) if isinstance(q.object, ox.Literal) else q.object
        yield ox.Quad(q.subject, q.predicate, end)
