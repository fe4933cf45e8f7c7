"""How two things are connected."""

from __future__ import annotations

import networkx as nx
import pytest

import kg
from kg.errors import UnknownName
from kg.reason.paths import paths

GRAPH = kg.load()


def words(start: str, goal: str) -> list[list[str]]:
    return [[x.label for x in p.links] for p in GRAPH.paths(start, goal)]


def test_renal_colic_reaches_the_groin_through_the_ureter() -> None:
    chains = words("renal colic", "groin")
    assert any("ureter" in " ".join(chain) for chain in chains)


def test_a_herniation_reaches_the_dorsum_of_the_foot_through_l5() -> None:
    assert "L5 nerve root" in " ".join(words("lumbar disc herniation L4/5", "dorsum of foot")[0])


def test_chains_are_whole_best_first_and_of_asserted_links() -> None:
    found = GRAPH.paths("piriformis syndrome", "numbness of the sole of the foot")
    start, goal = GRAPH.resolve("piriformis syndrome"), GRAPH.resolve("numbness of the sole of the foot")
    assert [p.cost for p in found] == sorted(p.cost for p in found)
    for path in found:
        at = start
        for link in path.links:
            assert at in (link.subject, link.object)
            at = link.object if link.subject == at else link.subject
            assert GRAPH.sparql(f"ASK {{ <{link.subject}> <{link.predicate}> <{link.object}> }}") is True
        assert at == goal


def small() -> nx.Graph:
    """a–hub–b is shorter than a–x–y–b, but everything hangs on the hub."""
    g = nx.Graph()
    for a, b, cost in (
        ("a", "hub", 4.0),
        ("hub", "b", 4.0),
        ("a", "x", 1.0),
        ("x", "y", 1.0),
        ("y", "b", 1.0),
        ("c", "d", 1.0),
    ):
        g.add_edge(a, b, cost=cost, bare=1.0, links=((a, "p", b),))
    for n in g:
        g.nodes[n].update(label=n, kind="Condition")
    g.graph["labels"] = {"p": "goes to"}
    return g


def test_a_longer_chain_goes_before_one_through_a_hub() -> None:
    first = paths(small(), "a", "b")[0]
    assert [x.label for x in first.links] == ["a goes to x", "x goes to y", "y goes to b"]


def test_no_connection_is_an_empty_answer_not_an_error() -> None:
    assert paths(small(), "a", "c") == ()
    assert paths(small(), "a", "a") == ()


def test_hubs_cost_more_in_the_shipped_graph() -> None:
    walk = GRAPH.walk
    hub = max(walk.degree, key=lambda pair: pair[1])[0]
    assert all(walk.edges[hub, n]["cost"] > walk.edges[hub, n]["bare"] for n in walk[hub])


def test_an_unknown_end_gets_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="piriformis"):
        GRAPH.paths("pirifromis syndrome", "groin")
