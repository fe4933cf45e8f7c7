"""A release is the same to the byte each time, says what it is, and is held against public lists."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
import rdflib
from conftest import KgRun
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID

import kg
from kg.read.build import load_graph
from kg.read.dataset import citation_cff, description, schema_org
from kg.read.export import FORMATS
from kg.read.fair import ADDRESSES, Check, checks, terms
from kg.read.files import home
from kg.read.graph import Graph, assemble
from kg.read.release import release_files
from kg.read.turtle import read_file

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def files(graph: kg.KnowledgeGraph) -> dict[str, bytes]:
    return dict(release_files())


def test_two_runs_give_the_same_bytes(files: dict[str, bytes], kg_run: KgRun, tmp_path: Path) -> None:
    # In another process, with other hashing, on another day as far as the program can tell.
    env = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "SOURCE_DATE_EPOCH": "1000000000"}
    done = kg_run("release", "-o", str(tmp_path / "out"), env=env, seconds=600)
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} == set(files)
    assert [n for n in files if (tmp_path / "out" / n).read_bytes() != files[n]] == []


def test_checksums_cover_every_file(files: dict[str, bytes]) -> None:
    lines = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(lines) == set(files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for name, digest in lines.items())


def test_every_format_is_in_it_and_opens(files: dict[str, bytes]) -> None:
    stem = f"backleg-{kg.__version__}"
    for form, what in FORMATS.items():
        assert any(n.startswith(f"{stem}.{what.ending}" if what.ending else f"{stem}-{form}") for n in files), form
    with zipfile.ZipFile(io.BytesIO(files[f"{stem}-kgx.zip"])) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["nodes.tsv", "edges.tsv"]
    db = sqlite3.connect(":memory:")
    db.deserialize(gzip.decompress(files[f"{stem}.sqlite.gz"]))
    assert db.execute("SELECT value FROM about WHERE property = 'owl:versionInfo'").fetchone() == (kg.__version__,)
    db.close()


def test_dcat_void_and_schema_org_describe_these_files(files: dict[str, bytes]) -> None:
    found = rdflib.Graph().parse(data=files["dataset.ttl"], format="turtle")
    (dataset,) = found.subjects(RDF.type, DCAT.Dataset)
    assert (dataset, RDF.type, VOID.Dataset) in found
    assert [str(t) for t in found.objects(dataset, DCTERMS.title)] == ["The Back–Leg Pain Knowledge Graph"]
    assert len(list(found.objects(dataset, DCTERMS.license))) == 1
    titles = {str(found.value(d, DCTERMS.title)): d for d in found.objects(dataset, DCAT.distribution)}
    described = set(files) - {"dataset.ttl", "dataset.jsonld", "CITATION.cff", "README.txt", "SHA256SUMS"}
    assert set(titles) == described
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    for name, node in titles.items():
        assert int(found.value(node, DCAT.byteSize)) == len(files[name])  # type: ignore[arg-type]
        digest = found.value(found.value(node, spdx.checksum), spdx.checksumValue)
        assert str(digest) == hashlib.sha256(files[name]).hexdigest()
    said = json.loads(files["dataset.jsonld"])
    assert {d["name"]: d["sha256"] for d in said["distribution"]} == {
        n: hashlib.sha256(files[n]).hexdigest() for n in described
    }
    assert (said["@type"], said["version"]) == ("Dataset", kg.__version__)


def test_the_readme_of_a_release_says_what_it_is_not(files: dict[str, bytes]) -> None:
    assert "diagnoses nobody" in files["README.txt"].decode()


def test_the_citation_file_says_what_the_ontology_says(files: dict[str, bytes]) -> None:
    assert (ROOT / "CITATION.cff").read_text(encoding="utf-8") == citation_cff(description(load_graph()))
    assert files["CITATION.cff"].decode() == citation_cff(description(load_graph()))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_schema_org_is_json_ld_without_the_net() -> None:
    said = schema_org(description(load_graph()))
    said["@context"] = {"@vocab": said["@context"]}  # the published context would be fetched
    found = rdflib.Graph().parse(data=json.dumps(said), format="json-ld")
    assert rdflib.URIRef("https://schema.org/Dataset") in set(found.objects(None, RDF.type))


# FAIR


def failed(found: tuple[Check, ...]) -> set[str]:
    return {c.rule for c in found if c.passed is False}


def test_all_checks_that_can_be_made_pass(kg_run: KgRun) -> None:
    done = kg_run("fair", "--json")
    assert done.returncode == 0, done.stdout
    found = json.loads(done.stdout)
    assert {c["source"] for c in found["checks"]} == set(ADDRESSES)
    assert sum(c["passed"] is True for c in found["checks"]) > 20
    assert all(c["cure"] for c in found["checks"] if c["passed"] is False)
    printed = kg_run("fair")
    assert all(address in printed.stdout for address in ADDRESSES.values())


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;", "Open: a licence that allows reuse"),
        ("owl:versionIRI <https://w3id.org/backleg-pain/ontology/0.1.0> ;", "Versioning: a version address of its own"),
        ('owl:versionInfo "0.1.0" ;', "Recommended metadata"),
        ('vann:preferredNamespacePrefix "bl" ;', "Minimum metadata"),
    ],
)
def test_a_header_without_it_fails(line: str, rule: str, tmp_path: Path) -> None:
    text = (home() / "ontology" / "backleg.ttl").read_text(encoding="utf-8")
    assert line in text
    assert rule in failed(checks(altered(tmp_path, text.replace(line, "")), ROOT))


@pytest.mark.parametrize(
    ("predicate", "rule"),
    [
        ("rdfs:label", "Every term has rdfs:label"),
        ("rdfs:comment", "Every term has rdfs:comment"),
        ("skos:definition", "Textual definitions"),
        ("skos:example", "Entity metadata: an example for each term"),
    ],
)
def test_a_term_without_words_fails_and_is_named(predicate: str, rule: str, tmp_path: Path) -> None:
    text = (home() / "ontology" / "backleg.ttl").read_text(encoding="utf-8")
    head, _, tail = text.partition("bl:Plexus a owl:Class ;")
    lines = tail.splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if line.strip().startswith(predicate))
    del lines[place]
    found = checks(altered(tmp_path, head + "bl:Plexus a owl:Class ;" + "".join(lines)), ROOT)
    (check,) = [c for c in found if c.rule == rule]
    assert check.passed is False
    assert "Plexus" in check.cure


def altered(folder: Path, text: str) -> Graph:
    path = folder / "backleg.ttl"
    path.write_text(text, encoding="utf-8")
    graph = assemble([read_file(path)])
    assert len(terms(graph)) > 100
    return graph


def test_an_installed_package_says_what_it_cannot_check(tmp_path: Path) -> None:
    os.symlink(home() / "ontology", tmp_path / "ontology")
    found = checks(load_graph(), tmp_path)
    assert any(c.passed is None and "checkout" in c.found for c in found)
    assert failed(found) == set()
