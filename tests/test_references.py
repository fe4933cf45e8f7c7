"""Whoever uses a number can cite it: the graph with its version, and the publications behind things and answers."""

from __future__ import annotations

import json
import re

import pytest
from conftest import KgRun

import kg
from kg.errors import InputError, UnknownName
from kg.read.names import ID
from kg.read.references import MOST, Reference, query_for
from kg.show.as_bibtex import FIRST_ONLY, bibtex

ENTRY = re.compile(r"@(article|misc)\{([^,\s{}]+),\n((?:  [a-z]+ = \{.*\},?\n)+)\}\n")


def entries(text: str) -> dict[str, dict[str, str]]:
    """Entries by their keys; everything in the text must belong to one."""
    assert ENTRY.sub("", text).strip() == ""
    fields = re.compile(r"  ([a-z]+) = \{(.*)\}")
    return {m[2]: dict(fields.findall(m[3])) | {"type": m[1]} for m in ENTRY.finditer(text)}


def test_the_graph_comes_first_with_its_version(graph: kg.KnowledgeGraph) -> None:
    (alone,) = graph.cite()
    assert (alone.id, alone.kind, alone.year) == ("backleg-kg", "dataset", "2026")
    assert alone.title.endswith(f"version {kg.__version__}")
    assert graph.cite("meralgia paraesthetica")[0] == alone


def test_a_figure_is_cited_by_its_own_source(graph: kg.KnowledgeGraph) -> None:
    rows = graph.select("SELECT ?figure ?source { ?figure a bl:Statistic ; dcterms:source ?source } LIMIT 5")
    for row in rows:
        _, *found = graph.cite(row["figure"])
        assert [ID + r.id for r in found] == [row["source"]]
        assert [ID + r.id for r in graph.cite(row["source"])[1:]] == [row["source"]]


def test_a_thing_is_cited_by_all_that_speaks_of_it(graph: kg.KnowledgeGraph) -> None:
    of_it = {ID + r.id for r in graph.cite("lateral femoral cutaneous nerve")[1:]}
    links = graph.select(
        "SELECT ?s { ?link owl:annotatedSource id:lateral-femoral-cutaneous-nerve ; dcterms:source ?s }"
    )
    assert {r["s"] for r in links} <= of_it
    condition = {ID + r.id for r in graph.cite("meralgia paraesthetica")[1:]}
    figures = graph.select("SELECT ?s { ?x bl:aboutCondition id:meralgia-paraesthetica ; dcterms:source ?s }")
    assert {r["s"] for r in figures} <= condition


def test_an_answer_is_cited_by_its_alarms_and_figures(graph: kg.KnowledgeGraph) -> None:
    answer = graph.explain(["positive straight leg raise", "saddle numbness", "cannot pass urine"])
    assert answer.alarms
    said = " ".join(f"<{i}>" for i in answer.rests_on)
    rows = graph.select(f"SELECT DISTINCT ?s {{ VALUES ?x {{ {said} }} ?x dcterms:source ?s }}")
    _, *found = graph.cite(answer)
    assert {ID + r.id for r in found} >= {r["s"] for r in rows}
    assert len(found) == len({r.id for r in found})
    assert any(r.kind for r in found)


def test_bibtex_is_well_formed_and_claims_no_author_it_does_not_know(graph: kg.KnowledgeGraph) -> None:
    names = [r["s"] for r in graph.select("SELECT ?s { ?s a bl:Source } ORDER BY ?s LIMIT 400")]
    found = graph.cite(*names)
    read = entries(bibtex(found))
    assert list(read) == [r.id for r in found]
    assert len(read) == len(names) + 1
    for reference in found[1:]:
        fields = read[reference.id]
        assert fields.get("doi", "") == reference.doi
        assert ("author" in fields) == (FIRST_ONLY in fields.get("note", "")) == bool(reference.author)
        assert (fields["type"] == "article") == bool(reference.journal)
        assert not re.search(r"(?<!\\)[&%$#_]", fields["title"] + fields.get("journal", ""))


def test_the_same_publication_said_twice_is_one_reference() -> None:
    from kg.read.references import references

    row = {"id": ID + "pmid-1", "title": "One"}
    assert references([row, row | {"year": "2020"}]) == (Reference("pmid-1", "One"),)


def test_too_many_and_unknown_things_are_refused(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(InputError, match=f"at most {MOST}"):
        query_for(f"urn:x:{i}" for i in range(MOST + 1))
    with pytest.raises(UnknownName, match="no such thing"):
        graph.cite("no such thing")


def test_the_command_says_it_three_ways(kg_run: KgRun, graph: kg.KnowledgeGraph) -> None:
    found = graph.cite("meralgia paraesthetica")
    assert kg_run("cite", "meralgia paraesthetica").stdout.splitlines() == [str(r) for r in found]
    assert entries(kg_run("cite", "meralgia paraesthetica", "--bibtex").stdout).keys() == {r.id for r in found}
    assert json.loads(kg_run("cite", "--json").stdout) == [graph.cite()[0]._asdict()]
    unknown = kg_run("cite", "no such thing")
    assert (unknown.returncode, unknown.stdout) == (2, "")
