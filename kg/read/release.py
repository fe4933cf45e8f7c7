"""All files of a release: every export, the ontology by itself, descriptions and checksums.

Nothing in them hangs on the clock, the machine or the place of the checkout: two runs give the same bytes, as long as
the libraries (of which Parquet files name theirs) are the same.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping

from kg.notice import DISCLAIMER
from kg.read.dataset import Description, Distribution, citation_cff, dcat, description, schema_org
from kg.read.export import FORMATS, export, said_by_shipped
from kg.read.exports.statements import Statements
from kg.read.files import home
from kg.read.void import describe, written

# What is large and read by programs that unpack it, or is unpacked in a moment.
PACKED = {"ntriples", "nquads", "obographs", "graphml", "gexf", "json", "csv", "sqlite"}
MEDIA = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "rdf": "application/rdf+xml",
    "owl": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "json": "application/json",
    "cyjs": "application/json",
    "graphml": "application/xml",
    "gexf": "application/xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "sqlite": "application/vnd.sqlite3",
    "gz": "application/gzip",
    "zip": "application/zip",
}
OWN = {
    "ontology/backleg.ttl": "the ontology by itself",
    "ontology/shapes.ttl": "SHACL shapes: what a record must have",
    "ontology/biolink.sssom.tsv": "terms of the ontology in the Biolink Model",
    "data/mappings.sssom.tsv": "things in other vocabularies (SSSOM)",
}


def release_files(tell: Callable[[str], None] = lambda _: None) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, the checksums last.

    Args:
        tell: is told each format before it is written, for a progress line.

    Raises:
        Failure: pyarrow is not installed, which the Parquet files need.
    """
    said = said_by_shipped()
    about = description(said.graph)
    files: list[Distribution] = []
    sums: dict[str, str] = {}

    def counted(name: str, content: bytes, words: str = "") -> tuple[str, bytes]:
        sums[name] = hashlib.sha256(content).hexdigest()
        if words:
            files.append(Distribution(name, words, MEDIA[name.rpartition(".")[2]], len(content), sums[name]))
        return name, content

    for name, words in OWN.items():
        yield counted(name.rpartition("/")[2], (home() / name).read_bytes(), words)
    for form, what in FORMATS.items():
        tell(form)
        name, content = _packed(form, what.ending, about)
        yield counted(name, content, what.about)
    for name, text in _descriptions(said, about, files).items():
        yield counted(name, text.encode())
    yield "SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()


def _packed(form: str, ending: str, about: Description) -> tuple[str, bytes]:
    made = export(form)
    if isinstance(made, Mapping):
        return f"backleg-{about.version}-{form}.zip", _zipped(made, about.modified)
    data = made.encode() if isinstance(made, str) else made
    name = f"backleg-{about.version}.{ending}"
    return (f"{name}.gz", gzip.compress(data, mtime=0)) if form in PACKED else (name, data)


def _zipped(files: Mapping[str, str | bytes], day: str) -> bytes:
    year, month, date = map(int, day.split("-"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (year, month, date, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _descriptions(said: Statements, about: Description, files: list[Distribution]) -> dict[str, str]:
    counted = describe(said.all(entailed=True))
    told = {(s, p) for s, p, _ in dcat(about, files)}
    # Where both speak, the description of the data set goes before what VoID takes from the ontology's header.
    whole = [*dcat(about, files), *(t for t in counted if t[:2] not in told or t[1].endswith("#type"))]
    return {
        "dataset.ttl": written(whole, "turtle"),
        "dataset.jsonld": json.dumps(schema_org(about, files), ensure_ascii=False, indent=1) + "\n",
        "CITATION.cff": citation_cff(about),
        "README.txt": _readme(about, files),
    }


def _readme(about: Description, files: list[Distribution]) -> str:
    wide = max(len(f.name) for f in files)
    lines = [f"{about.title}, version {about.version} ({about.modified})", "", about.about, "", DISCLAIMER, ""]
    lines += [f"Licence: {about.license}", f"Cite: {about.citation}", "Check the files: sha256sum -c SHA256SUMS", ""]
    lines += [f"{f.name:{wide}}  {f.about}" for f in files]
    return "\n".join(lines) + "\n"
