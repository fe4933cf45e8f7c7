"""Positions for a drawing, computed beforehand so that nothing swims: columns from condition to finding.

Within a column, things are ordered by the mean place of their neighbours (the barycentre method of Sugiyama, Tagawa
and Toda 1981, doi:10.1109/TSMC.1981.4308636), and a column too tall is broken into several.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

# Column of each class, from what acts to what is felt.
LAYER = {
    "Treatment": -2,
    "Investigation": -2,
    "Claim": -2,
    "RedFlag": -1,
    "ConditionGroup": -1,
    "Condition": 0,
    "Mechanism": 1,
    "Circumstance": 1,
    "SpinalLevel": 1,
    "Disc": 1,
    "DiscZone": 1,
    "EntrapmentSite": 1,
    "NeuralTissue": 2,
    "NerveRoot": 2,
    "Plexus": 3,
    "Nerve": 3,
    "Organ": 3,
    "Vessel": 3,
    "Joint": 3,
    "Bone": 3,
    "SoftTissue": 3,
    "Muscle": 4,
    "Movement": 5,
    "Reflex": 5,
    "BodyArea": 6,
    "Symptom": 7,
    "Sign": 8,
    "ClinicalTest": 9,
    "LabFinding": 10,
    "HistoryItem": 11,
    "RiskFactor": 11,
}
FINDINGS = 7
COLUMN_WIDTH = 300.0
ROW_HEIGHT = 104.0
GAP = 160.0  # between kinds, where there are many things
TALLEST = 11
MANY = 150
SWEEPS = 6


def layer_of(kind: str) -> int:
    """The column of a class; everything not anatomical or causal is a finding."""
    return LAYER.get(kind, FINDINGS)


def layered(kinds: Mapping[str, str], neighbours: Mapping[str, Collection[str]]) -> dict[str, tuple[float, float]]:
    """Node → (x, y).

    Args:
        kinds: node → class.
        neighbours: node → nodes it is linked to.

    >>> place = layered({"c": "Condition", "f": "Symptom"}, {"c": ["f"], "f": ["c"]})
    >>> place["c"][0] < place["f"][0]
    True
    """
    columns: dict[int, list[str]] = {}
    for node in sorted(kinds):
        columns.setdefault(layer_of(kinds[node]), []).append(node)
    rank = {n: i / max(1, len(column)) for column in columns.values() for i, n in enumerate(column)}
    for sweep in range(SWEEPS):
        for layer in sorted(columns, reverse=bool(sweep % 2)):
            columns[layer].sort(key=lambda n: (_mean(n, neighbours, rank), n))
            rank.update({n: (i + 0.5) / len(columns[layer]) for i, n in enumerate(columns[layer])})
    return _placed(columns)


def _mean(node: str, neighbours: Mapping[str, Collection[str]], rank: Mapping[str, float]) -> float:
    places = [rank[m] for m in neighbours.get(node, ()) if m in rank]
    return sum(places) / len(places) if places else rank[node]


def _placed(columns: Mapping[int, list[str]]) -> dict[str, tuple[float, float]]:
    total = sum(map(len, columns.values()))
    tallest = TALLEST if total <= MANY else round(0.62 * total**0.5)
    out: dict[str, tuple[float, float]] = {}
    x = 0.0
    for layer in sorted(columns):
        column = columns[layer]
        parts = -(-len(column) // tallest)
        height = -(-len(column) // parts)
        for i, node in enumerate(column):
            part, row = divmod(i, height)
            # Neighbouring columns of one kind are set off by half a row, so that long labels pass each other.
            out[node] = (
                x + part * COLUMN_WIDTH,
                (row - (height - 1) / 2) * ROW_HEIGHT + (part % 2) * ROW_HEIGHT / 2,
            )
        x += parts * COLUMN_WIDTH + (GAP if total > MANY else 0)
    return out


def headings(kinds: Mapping[str, str], places: Mapping[str, tuple[float, float]]) -> list[tuple[str, float, float]]:
    """For each column of a large drawing its kinds in words, and where to write them: (words, x, y)."""
    groups: dict[int, list[str]] = {}
    for node in places:
        groups.setdefault(layer_of(kinds[node]), []).append(node)
    out = []
    for nodes in groups.values():
        xs, ys = [places[n][0] for n in nodes], [places[n][1] for n in nodes]
        words = max(sorted({kinds[n] for n in nodes}), key=lambda k: sum(kinds[n] == k for n in nodes))
        out.append((words, (min(xs) + max(xs)) / 2, min(ys)))
    return sorted(out, key=lambda h: h[1])
