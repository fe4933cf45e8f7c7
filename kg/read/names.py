"""Prefixes, and the two directions between an IRI and its short form.

>>> shorten("https://w3id.org/backleg-pain/id/l5-nerve-root")
'id:l5-nerve-root'
>>> expand("bl:Condition")
'https://w3id.org/backleg-pain/ontology#Condition'
"""

from __future__ import annotations

BL = "https://w3id.org/backleg-pain/ontology#"
ID = "https://w3id.org/backleg-pain/id/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
BIBO = "http://purl.org/ontology/bibo/"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

# Of our things where other people's identifiers stand beside them; `id:` would not be understood there.
OWN_PREFIX = "backleg:"

PREFIXES: dict[str, str] = {
    "bl": BL,
    "id": ID,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "bibo": BIBO,
    "schema": SCHEMA,
    "xsd": XSD,
}


def shorten(iri: str) -> str:
    """The CURIE of an IRI, or the IRI itself where no prefix fits."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and len(iri) > len(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


def expand(curie: str) -> str:
    """The IRI of a CURIE with a known prefix; anything else comes back unchanged."""
    prefix, colon, local = curie.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else curie


def sparql_prologue() -> str:
    """`PREFIX` lines for all known prefixes, to put before a query that uses them."""
    return "".join(f"PREFIX {p}: <{i}>\n" for p, i in PREFIXES.items())
