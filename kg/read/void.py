"""What the graph holds, counted: a VoID description with class and property partitions, and the service description.

Nodes have addresses made from what they describe, so that two runs say the same. Object classes and datatypes stand
under each property, as SIB's SPARQL editor reads them for its completion.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.errors import BadQuery
from kg.read.names import BL, DCTERMS, ID, OWL, PREFIXES, RDF, RDFS, XSD
from kg.read.results import TRIPLES
from kg.read.turtle import Literal, Term, Triple, term_of

VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
DATASET = "https://w3id.org/backleg-pain/dataset"
VOID_GRAPH = "https://w3id.org/backleg-pain/graph/void"
QUESTIONS_GRAPH = "https://w3id.org/backleg-pain/graph/questions"
ONTOLOGY = "https://w3id.org/backleg-pain/ontology"
TYPE = RDF + "type"
RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
GRAPHS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
FOLLOWS = ("title", "description", "license", "creator", "publisher", "created", "modified", "bibliographicCitation")


def number(value: int) -> Literal:
    """A count."""
    return Literal(str(value), XSD + "integer")


def describe(triples: Iterable[Triple]) -> list[Triple]:
    """The VoID description of these triples."""
    said = list(triples)
    types: dict[str, list[str]] = defaultdict(list)
    for s, p, o in said:
        if p == TYPE and isinstance(o, str) and not o.startswith("_:"):
            types[s].append(o)
    out = list(_whole(said, types))
    out += _partitions(said, types)
    return out


def _whole(said: Sequence[Triple], types: dict[str, list[str]]) -> Iterator[Triple]:
    yield DATASET, TYPE, VOID + "Dataset"
    for s, p, o in said:
        if s == ONTOLOGY and p.startswith(DCTERMS) and p.removeprefix(DCTERMS) in FOLLOWS:
            yield DATASET, p, o
        if s == ONTOLOGY and p == OWL + "versionInfo":
            yield DATASET, p, o
    yield DATASET, VOID + "uriSpace", Literal(ID)
    yield DATASET, VOID + "vocabulary", BL
    yield DATASET, VOID + "exampleResource", ID + "l5-nerve-root"
    for form in GRAPHS:
        yield DATASET, VOID + "feature", FORMATS + form
    for name, count in (
        ("triples", len(said)),
        ("entities", len({s for s, _, _ in said if s.startswith(ID)})),
        ("distinctSubjects", len({s for s, _, _ in said})),
        ("distinctObjects", len({o for _, _, o in said})),
        ("properties", len({p for _, p, _ in said})),
        ("classes", len({c for found in types.values() for c in found})),
    ):
        yield DATASET, VOID + name, number(count)
    for prop, count in sorted(Counter(p for _, p, _ in said).items()):
        node = _node("p", prop)
        yield DATASET, VOID + "propertyPartition", node
        yield node, VOID + "property", prop
        yield node, VOID + "triples", number(count)


def _partitions(said: Sequence[Triple], types: dict[str, list[str]]) -> Iterator[Triple]:
    members = Counter(c for found in types.values() for c in found)
    uses: Counter[tuple[str, str]] = Counter()
    ends: Counter[tuple[str, str, str, str]] = Counter()
    for s, p, o in said:
        kinds = [("datatype", o.datatype)] if isinstance(o, Literal) else [("class", c) for c in types.get(o, ())]
        for c in types.get(s, ()):
            uses[c, p] += 1
            for how, end in kinds:
                ends[c, p, how, end] += 1
    for c, count in sorted(members.items()):
        node = _node("c", c)
        yield DATASET, VOID + "classPartition", node
        yield node, VOID + "class", c
        yield node, VOID + "entities", number(count)
    for (c, p), count in sorted(uses.items()):
        node = _node("cp", c, p)
        yield _node("c", c), VOID + "propertyPartition", node
        yield node, VOID + "property", p
        yield node, VOID + "triples", number(count)
    for (c, p, how, end), count in sorted(ends.items()):
        node = _node("end", c, p, end)
        ours, theirs = (VOID, VOID) if how == "class" else (VOID_EXT, VOID_EXT)
        yield _node("cp", c, p), ours + how + "Partition", node
        yield node, theirs + how, end
        yield node, VOID + "triples", number(count)


def _node(*of: str) -> str:
    words = "|".join(of).encode()
    return f"{DATASET}#{zlib.crc32(words):08x}{zlib.adler32(words):08x}"


def service(endpoint: str, limits: str) -> list[Triple]:
    """The service description of an endpoint.

    Args:
        endpoint: its address.
        limits: what it refuses and cuts short, in words.
    """
    node, data, default = endpoint, endpoint + "#dataset", endpoint + "#default-graph"
    out: list[Triple] = [
        (node, TYPE, SD + "Service"),
        (node, SD + "endpoint", endpoint),
        (node, SD + "supportedLanguage", SD + "SPARQL11Query"),
        (node, RDFS + "comment", Literal(limits, RDF + "langString", "en")),
        (node, SD + "defaultEntailmentRegime", "http://www.w3.org/ns/entailment/Simple"),
        (node, SD + "defaultDataset", data),
        (data, TYPE, SD + "Dataset"),
        (data, SD + "defaultGraph", default),
        (default, TYPE, SD + "Graph"),
        (default, RDFS + "seeAlso", DATASET),
    ]
    out += [(node, SD + "resultFormat", FORMATS + f) for f in (*RESULTS, *GRAPHS)]
    for graph in (VOID_GRAPH, QUESTIONS_GRAPH):
        out += [
            (data, SD + "namedGraph", graph + "#named"),
            (graph + "#named", TYPE, SD + "NamedGraph"),
            (graph + "#named", SD + "name", graph),
        ]
    return out


def dataset(endpoint: str, counted: str) -> list[Triple]:
    """The VoID description, with where the graph can be asked.

    Args:
        counted: N-Triples of what `describe` gave.
    """
    found = ox.parse(counted, format=ox.RdfFormat.N_TRIPLES)
    out: list[Triple] = [(str(term_of(q.subject)), q.predicate.value, term_of(q.object)) for q in found]
    return [*out, (DATASET, VOID + "sparqlEndpoint", endpoint)]


def written(triples: Iterable[Triple], form: str) -> str:
    """Triples as text.

    Args:
        form: `turtle`, `ntriples`, `json-ld` or `xml`.

    Raises:
        BadQuery: no such format.
    """
    if form not in TRIPLES:
        raise BadQuery(f"“{form}” is no format for triples. Choose one of: {', '.join(TRIPLES)}.")
    prefixes = PREFIXES | {"void": VOID, "void-ext": VOID_EXT, "sd": SD, "formats": FORMATS}
    quads = [ox.Triple(ox.NamedNode(s), ox.NamedNode(p), _term(o)) for s, p, o in triples]
    return (
        ox.serialize(quads, format=TRIPLES[form], prefixes=None if form == "ntriples" else prefixes) or b""
    ).decode()


def _term(term: Term) -> ox.NamedNode | ox.Literal:
    if not isinstance(term, Literal):
        return ox.NamedNode(term)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
