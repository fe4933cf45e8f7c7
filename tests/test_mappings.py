"""The mappings to public vocabularies: well-formed SSSOM, tied to this graph, and honest about how near a match is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import kg

MAPPINGS = Path(kg.__file__).parent.parent / "data" / "mappings.sssom.tsv"
BASE = "https://w3id.org/backleg-pain/id/"

MANDATORY = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_source",
    "object_source_version",
)
OPTIONAL = ("confidence", "comment")
METADATA = (
    "curie_map",
    "mapping_set_id",
    "mapping_set_title",
    "mapping_set_version",
    "mapping_set_description",
    "license",
    "mapping_date",
    "creator_label",
)
PREDICATES = {"skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"}
JUSTIFICATIONS = {"semapv:ManualMappingCuration", "semapv:LexicalMatching"}
OBJECTS = {
    "MONDO": r"\d{7}",
    "DOID": r"\d+",
    "HP": r"\d{7}",
    "UBERON": r"\d{7}",
    "FMA": r"\d+",
    "MAXO": r"\d{7}",
    "EFO": r"\d{7}",
    "CHEBI": r"\d+",
    "DRUGBANK": r"DB\d{5}",
    "ICD10CM": r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?",
    "ICD10WHO": r"[A-Z]\d\d(\.\d)?",
}

Row = dict[str, str]


def _lines() -> list[str]:
    return MAPPINGS.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module", name="header")
def _header() -> list[str]:
    return [line[1:] for line in _lines() if line.startswith("#")]


@pytest.fixture(scope="module", name="rows")
def _rows() -> list[Row]:
    body = [line for line in _lines() if not line.startswith("#")]
    return list(csv.DictReader(body, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module", name="prefixes")
def _prefixes(header: list[str]) -> dict[str, str]:
    found = (re.fullmatch(r"  (\w+): (https?://\S+)", line) for line in header)
    return {match[1]: match[2] for match in found if match}


def _value(header: list[str], key: str) -> str:
    return next(line.partition(":")[2].strip() for line in header if line.startswith(f"{key}:"))


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]


def test_the_metadata_come_first() -> None:
    marks = [line.startswith("#") for line in _lines()]
    assert marks == sorted(marks, reverse=True)


@pytest.mark.parametrize("key", METADATA)
def test_the_metadata_are_there(header: list[str], key: str) -> None:
    assert any(line.startswith(f"{key}:") for line in header)


def test_what_the_metadata_say(header: list[str]) -> None:
    assert _value(header, "mapping_set_id") == "https://w3id.org/backleg-pain/mappings"
    assert _value(header, "license") == "https://creativecommons.org/licenses/by/4.0/"
    assert date.fromisoformat(_value(header, "mapping_date"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", _value(header, "mapping_set_version"))


@pytest.mark.parametrize(
    "words", ["Human Phenotype Ontology (release 2025-11-24)", "Mondo (CC BY 4.0)", "Uberon (CC BY 3.0)", "MAxO (CC BY"]
)
def test_sources_are_credited(header: list[str], words: str) -> None:
    assert words in " ".join(" ".join(header).split())


def test_every_prefix_is_declared(rows: list[Row], prefixes: dict[str, str]) -> None:
    assert prefixes["id"] == BASE
    columns = ("subject_id", "predicate_id", "object_id", "mapping_justification", "object_source")
    assert {_prefix(row[column]) for row in rows for column in columns} <= prefixes.keys()


@pytest.mark.parametrize("file", ["data/mappings.sssom.tsv", "ontology/biolink.sssom.tsv"])
def test_sources_in_the_metadata_are_short_names(file: str) -> None:
    # SSSOM wants a CURIE there; its own library takes no address.
    lines = (MAPPINGS.parent.parent / file).read_text(encoding="utf-8").splitlines()
    declared = {line.split()[1].rstrip(":") for line in lines if re.match(r"#  \w+: https?://\S+$", line)}
    sources = [line.split()[-1] for line in lines if re.match("#(subject|object)_source:", line)]
    assert sources
    assert {_prefix(source) for source in sources} <= declared


def test_the_columns(rows: list[Row]) -> None:
    assert set(rows[0]) == {*MANDATORY, *OPTIONAL}
    assert not [row for row in rows if None in row or None in row.values()]


@pytest.mark.parametrize("column", MANDATORY)
def test_no_empty_cell(rows: list[Row], column: str) -> None:
    assert [row for row in rows if not row[column] or row[column] != row[column].strip()] == []


def test_subjects_are_things_of_this_graph(rows: list[Row], graph: kg.KnowledgeGraph) -> None:
    found = graph.sparql("SELECT ?thing ?label WHERE { ?thing skos:prefLabel ?label }")
    assert isinstance(found, list)
    known = {(row["thing"], row["label"]) for row in found}
    used = {(row["subject_id"].replace("id:", BASE, 1), row["subject_label"]) for row in rows}
    assert sorted(used - known) == []


def test_predicates(rows: list[Row]) -> None:
    assert {row["predicate_id"] for row in rows} <= PREDICATES


def test_every_row_says_how_it_was_found(rows: list[Row]) -> None:
    assert {row["mapping_justification"] for row in rows} <= JUSTIFICATIONS
    lexical = [row for row in rows if row["mapping_justification"] == "semapv:LexicalMatching"]
    assert all(0 < float(row["confidence"]) <= 1 for row in lexical)


def test_object_identifiers(rows: list[Row]) -> None:
    def fits(curie: str) -> bool:
        prefix, _, local = curie.partition(":")
        return prefix in OBJECTS and re.fullmatch(OBJECTS[prefix], local) is not None

    assert [row["object_id"] for row in rows if not fits(row["object_id"])] == []


def test_an_object_has_one_label(rows: list[Row]) -> None:
    labels = Counter(object_id for object_id, _ in {(row["object_id"], row["object_label"]) for row in rows})
    assert [object_id for object_id, count in labels.items() if count > 1] == []


def test_a_pair_is_mapped_once(rows: list[Row]) -> None:
    pairs = Counter((row["subject_id"], row["object_id"]) for row in rows)
    assert [pair for pair, count in pairs.items() if count > 1] == []


def _exact(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["predicate_id"] == "skos:exactMatch"]


def test_one_exact_match_for_a_subject_in_a_vocabulary(rows: list[Row]) -> None:
    pairs = Counter((row["subject_id"], _prefix(row["object_id"])) for row in _exact(rows))
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_one_exact_match_for_an_object(rows: list[Row]) -> None:
    objects = Counter(row["object_id"] for row in _exact(rows))
    assert [object_id for object_id, count in objects.items() if count > 1] == []


def test_a_class_of_a_classification_is_not_exact_without_a_reason(rows: list[Row]) -> None:
    codes = [row for row in _exact(rows) if _prefix(row["object_id"]).startswith("ICD")]
    assert [row["subject_id"] for row in codes if not row["comment"]] == []


def test_a_vocabulary_has_one_source(rows: list[Row]) -> None:
    sources = {(_prefix(row["object_id"]), row["object_source"]) for row in rows}
    assert len(sources) == len({prefix for prefix, _ in sources})


def _share(rows: list[Row], graph: kg.KnowledgeGraph, kind: str) -> float:
    found = graph.sparql(f"SELECT DISTINCT ?thing WHERE {{ ?thing a bl:{kind} }}")
    assert isinstance(found, list)
    things = {row["thing"] for row in found}
    return len(things & {row["subject_id"].replace("id:", BASE, 1) for row in rows}) / len(things)


@pytest.mark.parametrize(("kind", "least"), [("Condition", 0.9), ("Structure", 0.7), ("Treatment", 0.4)])
def test_most_things_are_mapped(rows: list[Row], graph: kg.KnowledgeGraph, kind: str, least: float) -> None:
    assert _share(rows, graph, kind) >= least
