"""What to cite: the graph itself, and the publications that its statements about some things rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kg.errors import InputError
from kg.read.dataset import NAME
from kg.read.names import shorten
from kg.read.void import ONTOLOGY

MOST = 500
GRAPH = f"""SELECT ?author ?year ?version {{
  <{ONTOLOGY}> dcterms:creator ?author ; dcterms:modified ?year ; owl:versionInfo ?version . }}"""
# A figure or a publication is cited by itself; of anything else, whatever speaks of it.
OF_THINGS = """SELECT DISTINCT ?id ?title ?author ?year ?journal ?pmid ?doi ?url ?kind {
  { SELECT DISTINCT ?id {
    VALUES ?thing { %s }
    { ?thing dcterms:source ?id } UNION { ?thing a bl:Source BIND (?thing AS ?id) } UNION
    { ?said bl:aboutCondition ?thing ; dcterms:source ?id } UNION
    { ?said bl:aboutFinding ?thing ; dcterms:source ?id } UNION
    { ?said bl:aboutIntervention ?thing ; dcterms:source ?id } UNION
    { ?said owl:annotatedSource ?thing ; dcterms:source ?id } } }
  ?id dcterms:title ?title .
  OPTIONAL { ?id bl:firstAuthor ?author } OPTIONAL { ?id dcterms:issued ?year } OPTIONAL { ?id bl:journal ?journal }
  OPTIONAL { ?id bibo:pmid ?pmid } OPTIONAL { ?id bibo:doi ?doi } OPTIONAL { ?id schema:url ?url }
  OPTIONAL { ?id bl:hasKind ?kind } } ORDER BY ?id"""


class Reference(NamedTuple):
    """One publication, as far as the graph knows it; what it does not know is empty.

    Attributes:
        id: a short name, such as `pmid-11887107`.
        author: the first one, or the body that published it; of others the graph knows nothing.
        kind: such as `systematicReview` or `guideline`.
    """

    id: str
    title: str
    author: str = ""
    year: str = ""
    journal: str = ""
    pmid: str = ""
    doi: str = ""
    url: str = ""
    kind: str = ""

    def __str__(self) -> str:
        place = f"PMID {self.pmid}" if self.pmid else f"doi:{self.doi}" if self.doi else self.url
        parts = (" ".join(x for x in (self.author, self.year) if x), self.title, self.journal, place)
        return ". ".join(p.rstrip(".") for p in parts if p)


def query_for(things: Iterable[str]) -> str:
    """The query for the publications behind some things.

    Args:
        things: IRIs of things, figures or publications.

    Raises:
        InputError: too many at once.
    """
    wanted = list(dict.fromkeys(things))
    if len(wanted) > MOST:
        raise InputError(f"{len(wanted)} things are too many to cite at once; name at most {MOST}.")
    return OF_THINGS % " ".join(f"<{iri}>" for iri in wanted)


def references(rows: Iterable[Mapping[str, str]]) -> tuple[Reference, ...]:
    """Rows of `query_for` as references, one for each publication; what is said twice is taken once."""
    made: dict[str, Reference] = {}
    for row in rows:
        fields = {k: v for k, v in row.items() if k in Reference._fields}
        fields["id"] = shorten(row["id"]).partition(":")[2]
        fields["kind"] = shorten(row.get("kind", "")).partition(":")[2]
        made.setdefault(fields["id"], Reference(**fields))
    return tuple(made.values())


def of_the_graph(row: Mapping[str, str]) -> Reference:
    """The graph itself, from the row of `GRAPH`.

    >>> print(of_the_graph({"author": "The project", "year": "2026-11-21", "version": "0.1.0"}))
    The project 2026. The Back–Leg Pain Knowledge Graph, version 0.1.0. https://w3id.org/backleg-pain/ontology
    """
    title = f"{NAME}, version {row['version']}"
    return Reference("backleg-kg", title, row["author"], row["year"][:4], url=ONTOLOGY, kind="dataset")
