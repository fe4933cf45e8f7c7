"""Published figures → rows of a forest plot: a point and its interval on a common scale, one plot a measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor, log10
from typing import Any, NamedTuple

RATIOS = ("likelihood ratio", "odds ratio", "risk ratio", "hazard ratio")
DECADES = 3  # a ratio's scale reaches at most this far from 1 on either side


class Row(NamedTuple):
    """One figure; places run from 0 (left) to 100 (right)."""

    about: dict[str, str] | None
    value: float
    lower: float | None
    upper: float | None
    at: float
    start: float
    end: float
    population: str
    note: str
    sources: tuple[str, ...]
    id: str


class Plot(NamedTuple):
    """All figures of one measure.

    Attributes:
        ticks: (place, words) along the scale.
        one: place of "no difference" on the scale of a ratio.
    """

    measure: str
    ticks: tuple[tuple[float, str], ...]
    one: float | None
    rows: tuple[Row, ...]


def plots(statistics: Iterable[dict[str, Any]], own: str) -> tuple[Plot, ...]:
    """One plot for each measure.

    Args:
        statistics: as in the record of a thing.
        own: the thing itself, so that a row names the other one.
    """
    heaps: dict[str, list[dict[str, Any]]] = {}
    for s in statistics:
        if "value" in s:
            heaps.setdefault(s.get("measure", {}).get("label", "figure"), []).append(s)
    return tuple(_plot(m, heaps[m], own) for m in sorted(heaps, key=lambda m: (m.startswith("other"), m)))


def _plot(measure: str, heap: Sequence[dict[str, Any]], own: str) -> Plot:
    numbers = [x for s in heap for x in (s["value"], s.get("lower"), s.get("upper")) if x is not None]
    scale = _Ratio(numbers) if any(r in measure for r in RATIOS) and min(numbers) >= 0 else _Linear(numbers)
    rows = [_row(s, own, scale) for s in sorted(heap, key=lambda s: (-s["value"], s["id"]))]
    one = scale.place(1.0) if isinstance(scale, _Ratio) else None
    return Plot(measure, scale.ticks(), one, tuple(rows))


def _row(s: dict[str, Any], own: str, scale: _Linear | _Ratio) -> Row:
    others = [s[k] for k in ("finding", "condition") if k in s and s[k]["id"] != own]
    low, high = s.get("lower"), s.get("upper")
    return Row(
        about=others[0] if others else None,
        value=s["value"],
        lower=low,
        upper=high,
        at=scale.place(s["value"]),
        start=scale.place(s["value"] if low is None else low),
        end=scale.place(s["value"] if high is None else high),
        population=s.get("population", ""),
        note=s.get("note", ""),
        sources=tuple(s["sources"]),
        id=s["id"],
    )


class _Linear:
    """From 0 to 1 for shares, to the next round number for anything larger.

    >>> _Linear([0.2, 0.7]).place(0.5)
    50.0
    """

    def __init__(self, numbers: Sequence[float]) -> None:
        most, least = max(numbers), min(numbers)
        self.low = 0.0 if least >= 0 else float(floor(least))
        self.high = 1.0 if most <= 1 else float(ceil(most))

    def place(self, x: float) -> float:
        return round(100 * (x - self.low) / (self.high - self.low), 2)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        steps = [self.low + (self.high - self.low) * i / 4 for i in range(5)]
        return tuple((self.place(x), f"{x:g}") for x in steps)


class _Ratio:
    """Powers of ten around 1, so that twice and half lie equally far from it.

    >>> scale = _Ratio([0.1, 10])
    >>> scale.place(0.1), scale.place(1), scale.place(10)
    (0.0, 50.0, 100.0)
    """

    def __init__(self, numbers: Sequence[float]) -> None:
        logs = [log10(max(x, 10.0**-DECADES)) for x in numbers]
        self.low = max(-DECADES, min(floor(min(logs)), 0))
        self.high = min(DECADES, max(ceil(max(logs)), 0)) or 1

    def place(self, x: float) -> float:
        where = log10(max(x, 10.0**self.low))
        return round(max(0.0, min(100.0, 100 * (where - self.low) / (self.high - self.low))), 2)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        return tuple((self.place(10.0**e), f"{10.0**e:g}") for e in range(self.low, self.high + 1))
