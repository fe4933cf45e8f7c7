"""A record → the parts of a thing's page: what stands in a place of its own, and the links that remain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.api import KnowledgeGraph
from kg.model import BL
from kg.web import answers

# How often a finding occurs in a condition: property, name, from and to in percent. The bands are those of the Human
# Phenotype Ontology; which finding stands in which is an editor's estimate.
BANDS = (
    ("hasObligateFinding", "always", 100, 100),
    ("hasVeryFrequentFinding", "very frequent", 80, 99),
    ("hasFrequentFinding", "frequent", 30, 79),
    ("hasOccasionalFinding", "occasional", 5, 29),
    ("hasRareFinding", "rare", 1, 4),
    ("speaksAgainst", "speaks against it", 0, 0),
)
MOST_AT_ONCE = 30  # findings of a band that are open at first
NAMES_AT_ONCE = 8  # so with other names
# What a thing's page shows in a place of its own, apart from the outline of relations.
APART = {BL + p for p in ("confusedWith", "contraindicatedIn", *(band[0] for band in BANDS))}
APART_FROM_HERE = {BL + p for p in ("hasRedFlag", "hasUrgency")}
# Links shown first in the outline, best for understanding; the others follow by name.
FIRST = ("broader", "compresses", "inflames", "irritates", "herniates into", "occurs at", "has mechanism")


def bands(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Findings of a condition, or conditions of a finding, by how often: each with its range in percent."""
    out = []
    for name, words, low, high in BANDS:
        found = [x for x in (*record["links"], *record["incoming"]) if x["predicate"] == BL + name]
        if found:
            out.append(
                {
                    "words": words,
                    "low": low,
                    "high": high,
                    "at_once": found[:MOST_AT_ONCE],
                    "more": found[MOST_AT_ONCE:],
                }
            )
    return out


def facts(record: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Facts in the words of a page; what is an estimate says so.

    >>> facts({"facts": {"typical age from": "18", "typical age to": "75", "female share": "0.6"}})
    [('usual age', ['18 to 75 years (estimate)']), ('women among those who have it', ['about 60 % (estimate)'])]
    """
    out: list[tuple[str, list[str]]] = []
    given = dict(record["facts"])
    low, high = given.pop("typical age from", None), given.pop("typical age to", None)
    share = given.pop("female share", None)
    for word, value in given.items():
        out.append((word, [value] if isinstance(value, str) else list(value)))
    if low is not None and high is not None:
        out.append(("usual age", [f"{low} to {high} years (estimate)"]))
    if share is not None:
        out.append(("women among those who have it", [f"about {float(share):.0%} (estimate)".replace("%", " %")]))
    return out


def grouped(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Links by relation and direction, each group once; with `apart` and `bands` all that the drawing shows."""
    groups: dict[tuple[str, str, bool], list[dict[str, Any]]] = {}
    for direction, links in (("out", record["links"]), ("in", record["incoming"])):
        for link in links:
            away = APART | APART_FROM_HERE if direction == "out" else APART
            if link["predicate"] not in away:
                key = (direction, link["relation"], bool(link.get("entailed")))
                groups.setdefault(key, []).append(link)

    def order(key: tuple[str, str, bool]) -> tuple[bool, bool, int, str]:
        direction, relation, entailed = key
        return (direction == "in", entailed, FIRST.index(relation) if relation in FIRST else len(FIRST), relation)

    return [
        {"direction": k[0], "relation": k[1], "entailed": k[2], "links": groups[k]} for k in sorted(groups, key=order)
    ]


def apart(graph: KnowledgeGraph, record: dict[str, Any]) -> dict[str, Any]:
    """What stands in a place of its own: urgency, red flags, contraindications, look-alikes."""
    out: dict[str, Any] = {"urgency": None, "flags": [], "confused": [], "contra": [], "contra_of": []}
    for link in record["links"]:
        if link["predicate"] == BL + "hasUrgency":
            out["urgency"] = link["label"]
        elif link["predicate"] == BL + "contraindicatedIn":
            out["contra"].append(link)
    out["contra_of"] = [x for x in record["incoming"] if x["predicate"] == BL + "contraindicatedIn"]
    both = (*record["links"], *record["incoming"])
    out["confused"] = _once(x for x in both if x["predicate"] == BL + "confusedWith")
    flags = [x["id"] for x in record["links"] if x["predicate"] == BL + "hasRedFlag"]
    flags += [x["id"] for x in record["incoming"] if x["predicate"] == BL + "suggests"]
    out["flags"] = [answers.thing(graph, i) for i in dict.fromkeys(flags)]
    return out


def _once(links: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({x["id"]: x for x in links}.values())
