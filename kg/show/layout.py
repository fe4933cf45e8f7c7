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
    "BodyArea": 5,
}
FINDINGS = 6
COLUMN_WIDTH = 270.0
ROW_HEIGHT = 64.0
TALLEST = 28
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
    tallest = max(TALLEST, round((sum(map(len, columns.values())) / 6) ** 0.75))
    out: dict[str, tuple[float, float]] = {}
    x = 0.0
    for layer in sorted(columns):
        column = columns[layer]
        parts = -(-len(column) // tallest)
        height = -(-len(column) // parts)
        for i, node in enumerate(column):
            # Neighbouring rows are set off sideways a little, so that long labels do not run into each other.
            part, row = divmod(i, height)
            out[node] = (x + part * COLUMN_WIDTH, (row - (height - 1) / 2) * ROW_HEIGHT + (part % 2) * ROW_HEIGHT / 2)
        x += parts * COLUMN_WIDTH
    return out
