"""KGX: nodes and edges as TSV with Biolink categories and predicates, taken from `ontology/biolink.sssom.tsv`.

Figures and advice of publications become edges of their own between what they are about. Columns that begin with
`bl_` hold what Biolink has no column for. Cells are bare: KGX knows no quotes, and a bar parts the items of a list, so
that a bar within a name is written as a stroke.
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from kg.read.exports.statements import Statements
from kg.read.files import home
from kg.read.graph import ALT, DEFINITION, SOURCE
from kg.read.mappings import mappings
from kg.read.names import BIBO, BL, ID, OWN_PREFIX, SKOS, expand

NODES = ("id", "category", "name", "description", "synonym", "xref", "iri", "provided_by", "bl_class")
LISTS = {"synonym", "xref", "publications"}
EDGES = (
    *("id", "subject", "predicate", "object", "category", "original_predicate", "negated", "primary_knowledge_source"),
    *("knowledge_level", "agent_type", "publications", "description", "bl_strength", "bl_measure", "bl_value"),
    *("bl_lower", "bl_upper", "bl_population", "bl_effect", "bl_certainty"),
)
KNOWLEDGE_SOURCE = "infores:backleg-pain"
Row = dict[str, str]


class Biolink:
    """Our terms in Biolink.

    Attributes:
        terms: IRI of a class or a property → Biolink CURIE.
        negated: properties that Biolink can only say negated.
    """

    def __init__(self, text: str) -> None:
        lines = (x for x in text.splitlines() if not x.startswith("#"))
        rows = list(csv.DictReader(lines, delimiter="\t"))
        self.terms = {expand(r["subject_id"]): r["object_id"] for r in rows}
        self.negated = {expand(r["subject_id"]) for r in rows if r["predicate_id"] == "skos:relatedMatch"}


@lru_cache(maxsize=1)
def biolink() -> Biolink:
    """The mapping that ships with the ontology."""
    return Biolink((home() / "ontology" / "biolink.sssom.tsv").read_text(encoding="utf-8"))


def curie(iri: str) -> str:
    """The identifier of a thing as KGX and phenopackets carry it.

    >>> curie("https://w3id.org/backleg-pain/id/renal-colic")
    'backleg:renal-colic'
    """
    return f"{OWN_PREFIX}{iri.removeprefix(ID)}" if iri.startswith(ID) else iri


def kgx(said: Statements, entailed: bool) -> dict[str, str]:
    """`nodes.tsv` and `edges.tsv`."""
    nodes = list(_nodes(said))
    known = {n["id"] for n in nodes}
    edges = {e["id"]: e for e in _edges(said, entailed) if e["subject"] in known and e["object"] in known}
    return {"nodes.tsv": _tsv(NODES, nodes), "edges.tsv": _tsv(EDGES, edges.values())}


def _tsv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(
        out, list(columns), delimiter="\t", lineterminator="\n", restval="", quoting=csv.QUOTE_NONE, quotechar=None
    )
    writer.writeheader()
    writer.writerows({k: _cell(k, v) for k, v in row.items()} for row in rows)
    return out.getvalue()


def _cell(column: str, text: str) -> str:
    r"""A value on one line.

    >>> _cell("name", "Seated Stretch |\tHip"), _cell("synonym", "foot drop|drop foot")
    ('Seated Stretch / Hip', 'foot drop|drop foot')
    """
    plain = " ".join(text.split())
    return plain if column in LISTS else plain.replace("|", "/")


def _nodes(said: Statements) -> Iterator[Row]:
    graph, terms = said.graph, biolink().terms
    for thing in sorted(graph.objects):
        kind = graph.kind(thing)
        category = terms.get(BL + kind)
        if thing.startswith(ID) and category and kind not in ("Statistic", "Recommendation", "Criterion"):
            exact = [m.object for m in mappings().get(thing, ()) if m.relation == "exactMatch"]
            pmid = graph.one(thing, BIBO + "pmid")
            yield {
                "id": curie(thing),
                "category": category,
                "name": graph.label(thing),
                "description": graph.one(thing, DEFINITION) or "",
                "synonym": "|".join(n.replace("|", "/") for n in graph.all(thing, ALT)),
                "xref": "|".join([*exact, *([f"PMID:{pmid}"] if pmid else [])]),
                "iri": thing,
                "provided_by": KNOWLEDGE_SOURCE,
                "bl_class": f"bl:{kind}",
            }


def _edge(s: str, p: str, o: str, level: str, **more: str) -> Row:
    known = biolink()
    made = {
        "subject": curie(s),
        "predicate": known.terms[p],
        "object": curie(o),
        "category": "biolink:Association",
        "original_predicate": p,
        "negated": "true" if p in known.negated else "false",
        "primary_knowledge_source": KNOWLEDGE_SOURCE,
        "knowledge_level": level,
        "agent_type": "automated_agent" if level == "logical_entailment" else "manual_agent",
        **more,
    }
    text = "|".join(made.values()).encode()
    return {"id": f"{OWN_PREFIX}edge-{zlib.crc32(text):08x}{zlib.adler32(text):08x}", **made}


def _edges(said: Statements, entailed: bool) -> Iterator[Row]:
    graph, terms = said.graph, biolink().terms
    links = [t for t in said.asserted if t[1] in terms and isinstance(t[2], str) and t[0].startswith(ID)]
    for s, p, o in links:
        annotations = graph.annotations.get((s, p, str(o)), ())
        if not annotations:
            yield _edge(s, p, str(o), "knowledge_assertion", publications=_publications(said, graph.all(s, SOURCE)))
        for a in annotations:  # sources that disagree stay apart
            strength = (a.strength or "").replace(BL, "bl:")
            words = " ".join(a.notes)
            cited = _publications(said, a.sources)
            more = {"publications": cited, "bl_strength": strength, "description": words}
            yield _edge(s, p, str(o), "knowledge_assertion", **more)
    if entailed:
        for s, p, o in said.entailed:
            if p in terms and p != SKOS + "broader" and isinstance(o, str):
                yield _edge(s, p, o, "logical_entailment")
    yield from _figures(said)
    yield from _advice(said)


def _publications(said: Statements, sources: Iterable[str]) -> str:
    pmids = {s: said.graph.one(s, BIBO + "pmid") for s in sources}
    return "|".join(f"PMID:{pmid}" if pmid else curie(s) for s, pmid in pmids.items())


def _figures(said: Statements) -> Iterator[Row]:
    graph = said.graph
    for node in graph.members.get(BL + "Statistic", ()):
        condition, finding = graph.one(node, BL + "aboutCondition"), graph.one(node, BL + "aboutFinding")
        if condition and finding:
            yield _edge(
                condition,
                BL + "Statistic",
                finding,
                "statistical_association",
                publications=_publications(said, graph.all(node, SOURCE)),
                description=graph.label(node),
                bl_measure=(graph.one(node, BL + "measure") or "").replace(BL, "bl:"),
                bl_value=graph.one(node, BL + "value") or "",
                bl_lower=graph.one(node, BL + "lowerBound") or "",
                bl_upper=graph.one(node, BL + "upperBound") or "",
                bl_population=graph.one(node, BL + "population") or "",
            )


def _advice(said: Statements) -> Iterator[Row]:
    graph = said.graph
    for node in graph.members.get(BL + "Recommendation", ()):
        condition, treatment = graph.one(node, BL + "aboutCondition"), graph.one(node, BL + "aboutIntervention")
        if condition and treatment and graph.kind(treatment) == "Treatment":
            yield _edge(
                treatment,
                BL + "Recommendation",
                condition,
                "knowledge_assertion",
                publications=_publications(said, graph.all(node, SOURCE)),
                description=graph.label(node),
                bl_effect=(graph.one(node, BL + "hasEffect") or "").replace(BL, "bl:"),
                bl_certainty=(graph.one(node, BL + "hasCertainty") or "").replace(BL, "bl:"),
            )
