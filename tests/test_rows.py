"""Rows for researchers: frames with types, questions with other values, and the same rows whichever door is taken."""

from __future__ import annotations

import builtins
import csv
import io
import json
import math
import re
import sys
from collections.abc import Iterator
from typing import Any

import pandas as pd
import polars as pl
import pytest
import rdflib
from conftest import KgRun
from starlette.applications import Starlette
from starlette.testclient import TestClient

import kg
import kg.read.questions
from kg.errors import BadQuery, Failure, InputError, UnknownName
from kg.read.names import XSD
from kg.read.questions import all_questions, filled, find_question
from kg.read.rows import Rows
from kg.read.sparql_pool import Pool
from kg.web.sparql_door import routes

MIXED = """SELECT ?thing ?whole ?broken ?truth ?word ?day ?mixed {
  VALUES (?thing ?whole ?broken ?truth ?word ?day ?mixed) {
    (id:l5-nerve-root 1 0.25 true "L5"@en "2026-11-21"^^xsd:date 1)
    (id:s1-nerve-root UNDEF 1e3 false "say \\"S1\\", or\\nelse" UNDEF 2.5)
    (id:l4-nerve-root -7 UNDEF UNDEF UNDEF UNDEF UNDEF) } }"""


@pytest.fixture(scope="module")
def mixed(graph: kg.KnowledgeGraph) -> Rows:
    return graph.select(MIXED)


def test_pandas_gets_types_and_what_is_missing(mixed: Rows) -> None:
    frame = mixed.to_pandas()
    assert list(frame.columns) == ["thing", "whole", "broken", "truth", "word", "day", "mixed"]
    assert list(frame.dtypes.astype(str).drop(["thing", "word", "day"])) == ["Int64", "Float64", "boolean", "Float64"]
    assert frame["whole"].tolist() == [1, pd.NA, -7]
    assert frame["broken"].sum() == 1000.25
    assert frame["word"].tolist()[:2] == ["L5", 'say "S1", or\nelse']
    assert frame.isna().sum().tolist() == [0, 1, 1, 1, 1, 2, 1]
    assert frame["thing"].str.startswith("https://w3id.org/backleg-pain/id/").all()


def test_polars_gets_the_same(mixed: Rows) -> None:
    frame = mixed.to_polars()
    assert frame.schema == {
        "thing": pl.String(),
        "whole": pl.Int64(),
        "broken": pl.Float64(),
        "truth": pl.Boolean(),
        "word": pl.String(),
        "day": pl.String(),
        "mixed": pl.Float64(),
    }
    other = mixed.to_pandas()
    assert frame.rows() == [tuple(None if v is pd.NA else v for v in row) for row in other.itertuples(index=False)]


def test_types_and_languages_are_kept_beside_the_text(mixed: Rows) -> None:
    assert mixed.bindings[0]["word"] == {"type": "literal", "value": "L5", "xml:lang": "en"}
    assert mixed.bindings[0]["day"]["datatype"] == XSD + "date"
    assert mixed[2] == {"thing": "https://w3id.org/backleg-pain/id/l4-nerve-root", "whole": "-7"}


@pytest.mark.parametrize(
    ("datatype", "values", "kind"),
    [
        ("integer", ["1", str(2**63)], "number"),  # too large for 64 bits
        ("integer", ["one"], "text"),
        ("double", ["NaN", "INF"], "number"),
        ("boolean", ["0", "1"], "truth"),
        ("boolean", ["yes"], "text"),
        ("unsignedByte", ["255"], "integer"),
        ("gYear", ["2020"], "text"),
    ],
)
def test_literals_at_the_edges(datatype: str, values: list[str], kind: str) -> None:
    rows = Rows(["x"], [{"x": {"type": "literal", "value": v, "datatype": XSD + datatype}} for v in values])
    assert rows.typed()["x"].kind == kind
    assert rows.to_pandas().shape == rows.to_polars().shape == (len(values), 1)
    if "INF" in values:
        assert math.isinf(rows.to_polars()["x"][1])


def test_a_column_of_two_kinds_is_text() -> None:
    number = {"type": "literal", "value": "1", "datatype": XSD + "integer"}
    rows = Rows(["x"], [{"x": number}, {"x": {"type": "literal", "value": "true", "datatype": XSD + "boolean"}}])
    assert rows.to_polars()["x"].to_list() == ["1", "true"]


def test_no_rows_still_have_columns(graph: kg.KnowledgeGraph) -> None:
    rows = graph.select("SELECT ?a ?b { ?a a bl:Nothing ; ?p ?b }")
    assert (list(rows), rows.columns) == ([], ("a", "b"))
    assert list(rows.to_pandas().columns) == rows.to_polars().columns == ["a", "b"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch, mixed: Rows, library: str) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name == library:
            raise ModuleNotFoundError(name)
        return real(name, *args, **more)

    monkeypatch.delitem(sys.modules, library)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Failure, match=rf"needs {library}: pip install 'backleg-kg\[frames\]'"):
        getattr(mixed, f"to_{library}")()


def test_each_kind_of_query_has_its_method(graph: kg.KnowledgeGraph) -> None:
    root = rdflib.URIRef("https://w3id.org/backleg-pain/id/l5-nerve-root")
    triples = graph.construct("DESCRIBE id:l5-nerve-root")
    assert (root, rdflib.SKOS.prefLabel, rdflib.Literal("L5 nerve root", lang="en")) in triples
    assert triples.qname(root) == "id:l5-nerve-root"
    with pytest.raises(BadQuery, match=r"sparql\(\)"):
        graph.select("ASK {}")
    with pytest.raises(BadQuery, match="triples"):
        graph.select("DESCRIBE id:l5-nerve-root")
    with pytest.raises(BadQuery, match="rows"):
        graph.construct("SELECT * { ?s a bl:NerveRoot }")


# One question, four doors


@pytest.fixture(scope="module")
def endpoint(graph: kg.KnowledgeGraph) -> Iterator[TestClient]:
    pool = Pool(workers=1)
    yield TestClient(Starlette(routes=routes(pool)))
    pool.close()


SELECTS = [q for q in all_questions() if q.kind == "select"]
# What these list stands in an order that SPARQL leaves open, and may differ from run to run.
UNORDERED = "GROUP_CONCAT"


def as_csv(rows: Rows) -> list[list[str]]:
    return [[row.get(c, "") for c in rows.columns] for row in rows]


@pytest.mark.parametrize("question", [q for q in SELECTS if UNORDERED not in q.text], ids=lambda q: q.name)
def test_endpoint_and_api_give_the_same_rows(graph: kg.KnowledgeGraph, endpoint: TestClient, question: Any) -> None:
    over_http = endpoint.post("/sparql", data={"query": question.text}, headers={"Accept": "text/csv"})
    assert over_http.status_code == 200
    head, *rows = csv.reader(io.StringIO(over_http.text, newline=""))
    own = graph.select(question.text)
    assert head == list(own.columns)
    assert sorted(rows) == sorted(as_csv(own))
    assert len(own.to_polars()) == len(own.to_pandas()) == len(rows)


@pytest.mark.parametrize("name", ["reflexes-by-root", "conditions-numb-dorsum-of-foot", "figures-for-a-finding"])
def test_the_command_gives_them_too(graph: kg.KnowledgeGraph, kg_run: KgRun, name: str) -> None:
    question = find_question(name)
    assert question is not None
    done = kg_run("sparql", name, "--format", "csv")
    head, *rows = csv.reader(io.StringIO(done.stdout, newline=""))
    own = graph.select(graph.question(name))
    assert rows
    assert (head, sorted(rows)) == (list(own.columns), sorted(as_csv(own)))
    table = kg_run("sparql", name).stdout.splitlines()
    assert len(table) == len(rows) + 2


# Questions with other values


def test_a_question_takes_other_values_by_any_name(graph: kg.KnowledgeGraph, kg_run: KgRun) -> None:
    rows = graph.select(graph.question("muscles-of-a-root", root="S1"))
    assert {"soleus"} <= {r["muscle"] for r in rows}
    done = kg_run("sparql", "muscles-of-a-root", "--set", "root = S1 nerve root", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["bindings"] == list(rows.bindings)


@pytest.mark.parametrize("question", [q for q in all_questions() if q.parameters], ids=lambda q: q.name)
def test_its_own_values_make_no_difference(question: Any) -> None:
    own = {p.name: p.value.strip('"') for p in question.parameters}
    assert filled(question, own) == question.text


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("xsd:string", '20"\\ } 20', '"20\\"\\\\ } 20"'),
        ("xsd:decimal", "0.5", "0.5"),
        ("xsd:integer", "30", "30"),
        ("bl:Nerve", "https://w3id.org/backleg-pain/id/x", "<https://w3id.org/backleg-pain/id/x>"),
    ],
)
def test_values_are_written_as_sparql_reads_them(kind: str, value: str, written: str) -> None:
    question = SELECTS[0]._replace(
        text="SELECT * { VALUES ?x { 0 } }", parameters=(kg.read.questions.Parameter("x", kind, "0"),)
    )
    assert filled(question, {"x": value}) == f"SELECT * {{ VALUES ?x {{ {written} }} }}"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("xsd:integer", "3.5"), ("xsd:decimal", "a lot"), ("bl:Nerve", "the nerve"), ("bl:Nerve", "urn:a> } #")],
)
def test_a_value_of_another_kind_is_refused(kind: str, value: str) -> None:
    question = SELECTS[0]._replace(parameters=(kg.read.questions.Parameter("x", kind, "0"),))
    with pytest.raises(InputError, match="“x” has to be"):
        filled(question, {"x": value})


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("muscles-of-a-root", "--set", "rot=S1"), "It has: root"),
        (("muscles-of-a-root", "--set", "root"), "NAME=VALUE"),
        (("muscles-of-a-root", "--set", "root=no such root"), "no such root"),
        (("muscles-of-a-rot",), "muscles-of-a-root"),
        (("ASK {}", "--set", "root=S1"), "by hand"),
    ],
)
def test_the_command_says_what_is_wrong_with_a_value(kg_run: KgRun, args: tuple[str, ...], said: str) -> None:
    done = kg_run("sparql", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(said, done.stderr)


def test_the_api_names_questions_that_look_alike(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="muscles-of-a-root"):
        graph.question("muscle-of-a-root")
    with pytest.raises(InputError, match="It has: root"):
        graph.question("muscles-of-a-root", name="S1")
