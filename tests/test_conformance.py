"""Own cases of the same kinds as the W3C's tests, right ones and wrong ones: what is wrong must be found."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import KgRun

from kg.errors import InputError
from kg.read.suite import read_suite, same_results
from kg.web.conformance import Report, run_suite

HEAD = """@prefix : <urn:test:> .
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .
@prefix ut: <http://www.w3.org/2009/sparql/tests/test-update#> .
@prefix ht: <http://www.w3.org/2011/http#> .
@prefix cnt: <http://www.w3.org/2011/content#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def evaluation(name: str, query: str, result: str, data: str = "", kind: str = "QueryEvaluationTest") -> str:
    action = f"[ qt:query <{query}> {data} ]"
    return f':{name} a mf:{kind} ; mf:name "{name}" ; mf:action {action} ; mf:result <{result}> .\n'


def request(
    name: str, method: str, expected: str, path: str = "", kind: str = "", body: str = "", more: str = ""
) -> str:
    header = f'ht:headers ( [ ht:fieldName "content-type" ; ht:fieldValue "{kind}" ] ) ;' if kind else ""
    sent = f'ht:body [ cnt:characterEncoding "UTF-8" ; cnt:chars "{body}" ] ;' if body else ""
    call = f'ht:methodName "{method}" ; ht:absolutePath "/sparql/{path}" ; {header} {sent} ht:resp [ {expected} ]'
    return f':{name} a mf:ProtocolTest ; mf:name "{name}" ; {more} mf:action [ ht:requests ( [ {call} ] ) ] .\n'


DATA, OTHER = "; qt:data <data.ttl>", "; qt:data <other.ttl>"
OK, REFUSED = "mf:expectedStatus <urn:StatusCode2xx>", "mf:expectedStatus <urn:StatusCode4xx>"
QUERIES = (
    "<> a mf:Manifest ; mf:entries "
    "( :rows :wrong :named :empty :csv :tsv :triples :resultset :yes :bad :fine :odd ) .\n"
    + evaluation("rows", "rows.rq", "rows.srx", DATA)
    + evaluation("wrong", "rows.rq", "rows.srx", OTHER)
    + evaluation("named", "named.rq", "named.srj", DATA + " ; qt:graphData <other.ttl>")
    + evaluation("empty", "count.rq", "count.srj")
    + evaluation("csv", "rows.rq", "rows.csv", DATA, "CSVResultFormatTest")
    + evaluation("tsv", "rows.rq", "rows.tsv", DATA)
    + evaluation("triples", "triples.rq", "triples.ttl", DATA)
    + evaluation("resultset", "count.rq", "set.ttl", DATA)
    + evaluation("yes", "ask.rq", "yes.srx", DATA)
    + ':bad a mf:NegativeSyntaxTest11 ; mf:name "bad" ; mf:action <bad.rq> .\n'
    + ':fine a mf:PositiveSyntaxTest11 ; mf:name "fine" ; mf:action <rows.rq> .\n'
    + ':odd a mf:UpdateEvaluationTest ; mf:name "odd" ; mf:action [] .\n'
)
PROTOCOL = (
    "<> a mf:Manifest ; mf:entries ( :get :lies :update :refused ) .\n"
    + request(
        "get",
        "GET",
        f'mf:expectedBoolean true ; mf:expectedFormat "boolean" ; {OK}',
        "?query=ASK%20%7B%3Fs%20%3Fp%20%3Fo%7D&default-graph-uri=urn%3Aknown",
        more='ut:graphData [ ut:graph <../queries/data.ttl> ; rdfs:label "urn:known" ] ;',
    )
    + request("lies", "POST", f"mf:expectedBoolean false ; {OK}", "", "application/sparql-query", "ASK {}")
    + request("update", "POST", OK, "", "application/sparql-update", "CLEAR ALL")
    + request("refused", "GET", REFUSED, "?update=CLEAR%20ALL")
)
DESCRIPTION = """<> a mf:Manifest ; mf:entries ( :says ) . :says a mf:ServiceDescriptionTest ; mf:name "says" .
"""
SRX = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>%s</head>%s</sparql>'
ROWS = "".join(
    f'<result><binding name="s"><{kind}>{s}</{kind}></binding><binding name="v"><literal '
    f'datatype="http://www.w3.org/2001/XMLSchema#decimal">{v}</literal></binding></result>'
    for kind, s, v in (("bnode", "z", "2.50"), ("uri", "urn:a", "1.0"))
)
FILES = {
    "queries/manifest.ttl": HEAD + QUERIES,
    "queries/data.ttl": "<urn:a> <urn:v> 1.0 . _:x <urn:v> 2.5 .",
    "queries/other.ttl": "<urn:a> <urn:v> 1.0 . <urn:b> <urn:v> 2.5 .",
    "queries/rows.rq": "SELECT ?s ?v { ?s <urn:v> ?v }",
    "queries/rows.srx": SRX % ('<variable name="s"/><variable name="v"/>', f"<results>{ROWS}</results>"),
    "queries/rows.csv": "s,v\r\n_:n,2.5\r\nurn:a,1.0\r\n",
    "queries/rows.tsv": "?s\t?v\n<urn:a>\t1.0\n_:q\t2.5\n",
    "queries/named.rq": "SELECT ?s { GRAPH <other.ttl> { ?s <urn:v> 2.5 } }",
    "queries/named.srj": '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:b"}}]}}',
    "queries/count.rq": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "queries/count.srj": '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"0",'
    '"datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}',
    "queries/set.ttl": "@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> . [] a rs:ResultSet ; "
    'rs:resultVariable "n" ; rs:solution [ rs:binding [ rs:variable "n" ; rs:value 2 ] ] .',
    "queries/triples.rq": "CONSTRUCT { ?s <urn:w> ?v } WHERE { ?s <urn:v> ?v }",
    "queries/triples.ttl": "_:other <urn:w> 2.5 . <urn:a> <urn:w> 1.0 .",
    "queries/ask.rq": "ASK { <urn:a> <urn:v> 1.0 }",
    "queries/yes.srx": SRX % ("", "<boolean>true</boolean>"),
    "queries/bad.rq": "SELECT * { ?s ?p }",
    "protocol/manifest.ttl": HEAD + PROTOCOL,
    "description/manifest.ttl": HEAD + DESCRIPTION,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("suite")
    for name, text in FILES.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return run_suite(folder)


def test_every_kind_of_case_is_read(folder: Path) -> None:
    suite = read_suite(folder)
    assert len(suite.cases) == 17
    assert len({c.kind for c in suite.cases}) == 7
    assert "urn:known" in suite.graphs


def test_what_is_right_passes_and_what_is_wrong_does_not(report: Report) -> None:
    failed = {(o.part, o.case.name) for o in report.outcomes if o.fault}
    assert failed == {("engine", "wrong"), ("endpoint", "wrong"), ("endpoint", "lies")}
    passed = {o.case.name for o in report.outcomes if not o.fault}
    assert passed == {
        "rows",
        "named",
        "empty",
        "csv",
        "tsv",
        "triples",
        "resultset",
        "yes",
        "bad",
        "fine",
        "get",
        "refused",
        "says",
    }


def test_what_is_left_out_is_said_with_the_reason(report: Report) -> None:
    assert {c.name: why for c, why in report.left_out} == {
        "odd": "UpdateEvaluationTest is no test of queries",
        "update": "it updates, and this endpoint is read-only",
    }


def test_the_command_names_failures_and_fails_below_the_share(kg_run: KgRun, folder: Path) -> None:
    done = kg_run("conformance", str(folder))
    assert done.returncode == 1
    assert "engine: 10 of 11 passed (90.9 %)" in done.stdout
    assert "failed: queries, wrong: expected 2 rows, found 2 rows" in done.stdout
    assert "failed: protocol, lies: expected False" in done.stdout
    assert kg_run("conformance", str(folder), "--at-least", "80").returncode == 0


@pytest.mark.parametrize("what", ["no-such-folder", "."])
def test_a_folder_without_tests_is_misuse(kg_run: KgRun, tmp_path: Path, what: str) -> None:
    done = kg_run("conformance", what, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.ttl").write_text("this is no Turtle")
    with pytest.raises(InputError, match=r"manifest\.ttl"):
        read_suite(tmp_path)


def test_results_are_compared_by_meaning() -> None:
    def rows(*values: object) -> list[dict[str, object]]:
        return [{"x": v} for v in values]

    one, two = ox.BlankNode(), ox.BlankNode()
    decimal = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert same_results(rows(ox.Literal("1.0", datatype=decimal)), rows(ox.Literal("1", datatype=decimal)))
    assert not same_results(rows(ox.Literal("1", datatype=decimal)), rows(ox.Literal(1)))
    assert not same_results(rows(ox.Literal("a")), rows(ox.Literal("a", language="en")))
    assert same_results(rows(one, two), rows(two, one))
    assert not same_results(rows(one, one), rows(one, two))
    assert not same_results(rows(one), rows(one, one))
    assert same_results(True, True)
    assert not same_results(True, rows())
