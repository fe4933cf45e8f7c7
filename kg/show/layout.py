"""Positions for a drawing, computed beforehand so that nothing swims: columns from condition to finding.

Within a column, things are ordered by the mean place of their neighbours (the barycentre step
of the Sugiyama framework). Tall columns are broken into several, and neighbouring short ones of one
family joined, as makes the whole fill a screen at the largest scale.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from math import fsum

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
# The last layer of each family; layers of one family may share a column, so that cause stays left of effect.
FAMILIES = (-2, 0, 2, 4, 6)
SIZE = (230.0, 90.0)  # of a thing whose size nobody gave
BETWEEN_COLUMNS = 46.0  # room for the links
BETWEEN_ROWS = 22.0
LOOSEST = 3.0  # a short column is spread by up to this
RATIO = 1.5  # width to height of the drawing on a usual screen
SWEEPS = 6


def layer_of(kind: str) -> int:
    """The column of a class; everything not anatomical or causal is a finding."""
    return LAYER.get(kind, FINDINGS)


def family_of(kind: str) -> int:
    """The family of a class: advice, conditions, how and where, nerves and what they move, places, findings.

    >>> family_of("NerveRoot") < family_of("Muscle") < family_of("BodyArea") < family_of("Symptom") == family_of("Sign")
    True
    """
    return bisect_left(FAMILIES, layer_of(kind))


def ordered(
    kinds: Mapping[str, str],
    neighbours: Mapping[str, Collection[str]],
    column_of: Callable[[str], int] = layer_of,
) -> dict[int, list[str]]:
    """Layer → its nodes from top to bottom.

    Args:
        kinds: node → class.
        neighbours: node → nodes it is linked to.
        column_of: class → number of its column.
    """
    columns: dict[int, list[str]] = {}
    for node in sorted(kinds):
        columns.setdefault(column_of(kinds[node]), []).append(node)
    rank = {n: i / max(1, len(column)) for column in columns.values() for i, n in enumerate(column)}
    for sweep in range(SWEEPS):
        for layer in sorted(columns, reverse=bool(sweep % 2)):
            columns[layer].sort(key=lambda n: (_mean(n, neighbours, rank), n))
            rank.update({n: (i + 0.5) / len(columns[layer]) for i, n in enumerate(columns[layer])})
    return {layer: columns[layer] for layer in sorted(columns)}


def _mean(node: str, neighbours: Mapping[str, Collection[str]], rank: Mapping[str, float]) -> float:
    places = [rank[m] for m in neighbours.get(node, ()) if m in rank]
    return fsum(places) / len(places) if places else rank[node]


def layered(
    kinds: Mapping[str, str],
    neighbours: Mapping[str, Collection[str]],
    sizes: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, tuple[float, float]]:
    """Node → (x, y) of its middle.

    Args:
        kinds: node → class.
        neighbours: node → nodes it is linked to.
        sizes: node → (width, height) of its drawing with its label.

    >>> place = layered({"c": "Condition", "f": "Symptom"}, {"c": ["f"], "f": ["c"]})
    >>> place["c"][0] < place["f"][0]
    True
    """
    size = {n: (sizes or {}).get(n, SIZE) for n in kinds}
    tries = (
        _broken(layers, rows)
        for column_of in (layer_of, family_of)
        for layers in [list(ordered(kinds, neighbours, column_of).values())]
        for rows in range(1, max(map(len, layers), default=0) + 1)
    )
    return _placed(min(tries, key=lambda columns: _extent(columns, size), default=[]), size)


def _broken(layers: Sequence[list[str]], rows: int) -> list[list[str]]:
    """Columns of at most so many rows, those of one layer as even as can be."""
    out = []
    for layer in layers:
        height = -(-len(layer) // -(-len(layer) // rows))
        out += [layer[i : i + height] for i in range(0, len(layer), height)]
    return out


def _extent(columns: Sequence[list[str]], size: Mapping[str, tuple[float, float]]) -> float:
    """How much screen the drawing needs: the larger of its height and its width over the screen's ratio."""
    width = sum(max(size[n][0] for n in column) + BETWEEN_COLUMNS for column in columns)
    return max(width / RATIO, *(_height(column, size) for column in columns))


def _height(column: Sequence[str], size: Mapping[str, tuple[float, float]]) -> float:
    return sum(size[n][1] + BETWEEN_ROWS for n in column)


def _placed(columns: Sequence[list[str]], size: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    out: dict[str, tuple[float, float]] = {}
    whole = _extent(columns, size) if columns else 0.0
    x = 0.0
    for column in columns:
        width = max(size[n][0] for n in column) + BETWEEN_COLUMNS
        height = _height(column, size)
        spread = min(LOOSEST, whole / height)
        y = -height * spread / 2
        for node in column:
            slot = (size[node][1] + BETWEEN_ROWS) * spread
            out[node] = (x + width / 2, y + slot / 2)
            y += slot
        x += width
    return out
