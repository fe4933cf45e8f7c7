"""What the whole is, said once, out of the ontology's header: as DCAT with VoID, as schema.org, as a citation file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kg.read.graph import Graph
from kg.read.names import DCTERMS, OWL, PREFIXES, SCHEMA, XSD
from kg.read.turtle import Literal, Triple
from kg.read.void import DATASET, ONTOLOGY

DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"
NAME = "The Back–Leg Pain Knowledge Graph"
KEYWORDS = ("knowledge graph", "ontology", "back pain", "sciatica", "neuroanatomy")
TYPE = PREFIXES["rdf"] + "type"


class Description(NamedTuple):
    """The header of the ontology.

    Attributes:
        created: day of the first release, such as 2026-11-21.
        modified: day of this one.
        license: its address.
    """

    title: str
    about: str
    version: str
    license: str
    creator: str
    created: str
    modified: str
    citation: str


class Distribution(NamedTuple):
    """One file of a release.

    Attributes:
        media: its media type.
        size: in bytes.
        sha256: in hexadecimal digits.
    """

    name: str
    about: str
    media: str
    size: int
    sha256: str


def description(graph: Graph) -> Description:
    """What the header says."""

    def said(predicate: str) -> str:
        return graph.one(ONTOLOGY, predicate) or ""

    return Description(
        NAME,
        said(DCTERMS + "description"),
        said(OWL + "versionInfo"),
        said(DCTERMS + "license"),
        said(DCTERMS + "creator"),
        said(DCTERMS + "created"),
        said(DCTERMS + "modified"),
        said(DCTERMS + "bibliographicCitation"),
    )


def citation_cff(said: Description) -> str:
    """`CITATION.cff`, as GitHub, Zenodo and Zotero read it."""
    lines = [
        "cff-version: 1.2.0",
        f"title: {said.title}",
        "message: If you use this graph, please cite it as below, and cite the sources of the statements you use.",
        "type: dataset",
        "authors:",
        f"  - name: {said.creator}",
        f"version: {said.version}",
        f'date-released: "{said.modified}"',
        "license: CC-BY-4.0",
        f"url: {ONTOLOGY}",
        "keywords:",
        *(f"  - {word}" for word in KEYWORDS[:1] + KEYWORDS[2:]),
    ]
    return "\n".join(lines) + "\n"


def schema_org(said: Description, files: Sequence[Distribution] = ()) -> dict[str, Any]:
    """A schema.org Dataset, JSON-ready, as dataset search engines read it."""
    who = {"@type": "Organization", "name": said.creator}
    out: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": DATASET,
        "name": said.title,
        "description": said.about,
        "url": ONTOLOGY,
        "version": said.version,
        "license": said.license,
        "creator": who,
        "publisher": who,
        "dateCreated": said.created,
        "dateModified": said.modified,
        "datePublished": said.modified,
        "citation": said.citation,
        "keywords": list(KEYWORDS),
        "isAccessibleForFree": True,
        "inLanguage": "en",
    }
    if files:
        out["distribution"] = [
            {
                "@type": "DataDownload",
                "name": f.name,
                "description": f.about,
                "encodingFormat": f.media,
                "contentSize": f"{f.size} B",
                "sha256": f.sha256,
                "contentUrl": f.name,
            }
            for f in files
        ]
    return out


def dcat(said: Description, files: Sequence[Distribution] = ()) -> list[Triple]:
    """The same in DCAT; `kg.read.void.describe` adds what is counted about the same node."""
    return list(_dcat(said, files))


def _dcat(said: Description, files: Sequence[Distribution]) -> Iterator[Triple]:
    yield DATASET, TYPE, DCAT + "Dataset"
    for predicate, text in (("title", said.title), ("description", said.about)):
        yield DATASET, DCTERMS + predicate, Literal(text, PREFIXES["rdf"] + "langString", "en")
    yield DATASET, DCTERMS + "license", said.license
    yield DATASET, DCTERMS + "issued", Literal(said.created, XSD + "date")
    yield DATASET, DCTERMS + "modified", Literal(said.modified, XSD + "date")
    yield DATASET, DCTERMS + "creator", Literal(said.creator)
    yield DATASET, DCTERMS + "publisher", Literal(said.creator)
    yield DATASET, DCTERMS + "bibliographicCitation", Literal(said.citation)
    yield DATASET, DCTERMS + "conformsTo", ONTOLOGY
    yield DATASET, DCAT + "version", Literal(said.version)
    yield DATASET, DCAT + "landingPage", ONTOLOGY
    for word in KEYWORDS:
        yield DATASET, DCAT + "keyword", Literal(word, PREFIXES["rdf"] + "langString", "en")
    for f in files:
        node = f"{DATASET}/{said.version}/{f.name}"
        yield DATASET, DCAT + "distribution", node
        yield node, TYPE, DCAT + "Distribution"
        yield node, DCTERMS + "title", Literal(f.name)
        yield node, DCTERMS + "description", Literal(f.about, PREFIXES["rdf"] + "langString", "en")
        yield node, DCTERMS + "license", said.license
        yield node, DCAT + "mediaType", f"https://www.iana.org/assignments/media-types/{f.media}"
        yield node, DCAT + "byteSize", Literal(str(f.size), XSD + "nonNegativeInteger")
        yield node, SPDX + "checksum", node + "#sha256"
        yield node + "#sha256", TYPE, SPDX + "Checksum"
        yield node + "#sha256", SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256"
        yield node + "#sha256", SPDX + "checksumValue", Literal(f.sha256, XSD + "hexBinary")
