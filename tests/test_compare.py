"""Look-alikes side by side: the numbers by hand, the order, and what cannot be told apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import log2

import pytest
from conftest import KgRun
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import InputError
from kg.reason.compare import MOST, WORTH, compare

PAIR = ("piriformis syndrome", "hip osteoarthritis")


def entropy(p: float) -> float:
    return -p * log2(p) - (1 - p) * log2(1 - p)


def test_bits_are_the_expected_information(graph: kg.KnowledgeGraph) -> None:
    for row in graph.compare(*PAIR).rows:
        a, b = (c.likelihood for c in row.cells)
        assert row.bits == pytest.approx(entropy((a + b) / 2) - (entropy(a) + entropy(b)) / 2, abs=0.01)


def test_rows_come_in_order_and_say_each_thing_once(graph: kg.KnowledgeGraph) -> None:
    found = graph.compare(*PAIR, "lumbar disc herniation", top=30)
    worth = [r.bits * sum(c.known for c in r.cells) for r in found.rows]
    assert all(a >= b - 0.005 for a, b in pairwise(worth))
    ids = [r.finding.id for r in found.rows]
    wider = {i: graph.knowledge.findings[i].wider for i in ids}
    assert not [(a, b) for a in ids for b in ids if a in wider[b]]


def test_every_link_of_a_cell_is_a_triple_of_the_graph(graph: kg.KnowledgeGraph) -> None:
    cells = [c for r in graph.compare(*PAIR).rows for c in r.cells]
    links = [x for c in cells for path in c.paths for x in path]
    assert links
    values = " ".join(f"(<{x.subject}> <{x.predicate}> <{x.object}>)" for x in set(links))
    missing = graph.sparql(f"SELECT ?s WHERE {{ VALUES (?s ?p ?o) {{ {values} }} FILTER NOT EXISTS {{ ?s ?p ?o }} }}")
    assert missing == []
    assert all(c.citations for c in cells if c.kind == "published" and c.known)


def test_textbook_pairs_are_told_apart_by_what_the_books_say(graph: kg.KnowledgeGraph) -> None:
    rows = {r.finding.label: r for r in graph.compare("L5 radiculopathy", "common fibular neuropathy", top=400).rows}
    for inner in ("weakness of foot inversion", "weakness of hip abduction"):  # L5 beyond the fibular nerve
        assert [c.effect for c in rows[inner].cells] == ["for", "against"]
    assert [c.effect for c in rows["Tinel sign at the fibular neck"].cells] == ["against", "for"]
    sitting = graph.compare("lumbar spinal stenosis", "lumbar disc herniation", top=40).rows
    assert any("sitting" in r.finding.label or "walking" in r.finding.label for r in sitting)


def test_twins_cannot_be_told_apart(graph: kg.KnowledgeGraph) -> None:
    first = next(c for c in graph.knowledge.conditions if c.label == "piriformis syndrome")
    twin = replace(first, id=first.id + "-twin", label="its twin")
    knowledge = replace(graph.knowledge, conditions=(*graph.knowledge.conditions, twin))
    found = compare([first.id, twin.id], knowledge)
    assert found.rows == ()
    assert [(a.label, b.label) for a, b in found.alike] == [("piriformis syndrome", "its twin")]


@settings(max_examples=25)
@given(st.data())
def test_any_choice_gives_a_whole_grid(graph: kg.KnowledgeGraph, data: st.DataObject) -> None:
    ids = [c.id for c in graph.knowledge.conditions]
    chosen = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=MOST, unique=True))
    found = compare(chosen, graph.knowledge)
    assert [c.id for c in found.conditions] == chosen
    for row in found.rows:
        assert len(row.cells) == len(chosen)
        assert WORTH - 0.0005 <= row.bits <= log2(len(chosen))
        assert any(c.known for c in row.cells)


@pytest.mark.parametrize(
    "names", [(), ("hip osteoarthritis",), ("hip osteoarthritis",) * 2, ("hip osteoarthritis", "L5 root")]
)
def test_what_cannot_be_compared_is_said(graph: kg.KnowledgeGraph, names: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        graph.compare(*names)


def test_the_command_prints_the_grid(kg_run: KgRun) -> None:
    done = kg_run("compare", *PAIR, "--top", "3")
    assert done.returncode == 0
    assert done.stdout.count(" bits)") == 3
    assert "hip osteoarthritis" in done.stdout
    refused = kg_run("compare", "hip osteoarthritis")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Compare 2 to 5" in refused.stderr
