"""Numbers → shapes: the body map as smooth outlines, each named after a thing of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import hypot
from typing import NamedTuple

from kg.show.body_plates import LINES, PLATES, SIDED, WORDS_AT, Piece, Plate, Point, Ring

STEP = 10.0  # between two points of a straight border, in units of the sheet
COARSE = 60  # points of a border that are enough to find the middle
GRID = 9  # places along each edge at which the middle of an area is sought
FINE = 3  # pieces between two given points of a line; the same for both neighbours, whichever way they run


class Shape(NamedTuple):
    """One area as drawn.

    Attributes:
        area: slug of the thing in the graph.
        side: left, right, or "" on the midline.
        path: the outline, as the `d` of an SVG path.
        middle: a point deep inside, where words fit; of an area across the midline, one on the midline.
        width: of the area at that height.
        depth: how far the point is from the outline.
    """

    plate: str
    area: str
    side: str
    path: str
    middle: Point
    width: float
    depth: float


def smooth(points: Sequence[Point], parts: int = FINE) -> list[Point]:
    """Points along the curve through the given ones (Catmull–Rom).

    >>> smooth([(0, 0), (1, 0)], 2)
    [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0)]
    """
    ends = [points[0], *points, points[-1]]
    out = [(float(points[0][0]), float(points[0][1]))]
    for i in range(1, len(points)):
        a, b, c, d = ends[i - 1 : i + 3]
        for n in range(1, parts + 1):
            t = n / parts
            out.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return out


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def path(runs: Iterable[Sequence[Point]], closed: bool = True) -> str:
    """The `d` of an SVG path: each run a smooth curve of Bézier pieces, with a corner where the next begins."""
    words: list[str] = []
    for run in runs:
        if not words:
            words.append(f"M{_n(run[0][0])} {_n(run[0][1])}")
        ends = [run[0], *run, run[-1]]
        for i in range(1, len(run)):
            a, b, c, d = ends[i - 1 : i + 3]
            one = (b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6)
            two = (c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6)
            words.append("C" + " ".join(_n(v) for v in (*one, *two, *c)))
    return "".join(words) + ("Z" if closed else "")


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0.0", "0")


class _Outline:
    """x of the inner and outer border at a height."""

    def __init__(self, plate: Plate) -> None:
        self.inner, self.outer = smooth(plate.inner), smooth(plate.outer)

    def place(self, u: float, y: float) -> Point:
        inner, outer = _at(self.inner, y), _at(self.outer, y)
        return inner + u * (outer - inner), y


def _at(line: Sequence[Point], y: float) -> float:
    for (y1, x1), (y2, x2) in pairwise(line):
        if y <= y2:
            return x1 + (x2 - x1) * max(0.0, y - y1) / (y2 - y1)
    return line[-1][1]


@cache
def _fine(line: str) -> tuple[Point, ...]:
    return tuple(smooth(LINES[line]))


def _runs(ring: Ring, outline: _Outline, closed: bool) -> Iterator[list[Point]]:
    """The borders of a ring on the sheet, corner to corner."""
    stretches: list[list[Point]] = []
    for item in ring:
        points = _piece(item) if isinstance(item, Piece) else [item]
        if stretches and stretches[-1][-1] != points[0]:
            stretches.append([stretches[-1][-1], points[0]])
        if len(points) > 1 or not stretches:
            stretches.append(points)
    if closed and stretches[-1][-1] != stretches[0][0]:
        stretches.append([stretches[-1][-1], stretches[0][0]])
    for stretch in stretches:
        if len(stretch) > 1:
            yield [outline.place(*p) for p in _dense(stretch)]


def _piece(piece: Piece) -> list[Point]:
    low, high = sorted((piece.start, piece.end))
    points = list(_fine(piece.line)[low * FINE : high * FINE + 1])
    return points if piece.start < piece.end else points[::-1]


def _dense(stretch: list[Point]) -> list[Point]:
    """A straight stretch in (u, y) is none on the sheet: points in between keep to the form of the limb."""
    if len(stretch) > 2:
        return stretch
    (u1, y1), (u2, y2) = stretch
    n = max(2, round(abs(y2 - y1) / STEP), round(abs(u2 - u1) * 8))
    return [(u1 + (u2 - u1) * i / n, y1 + (y2 - y1) * i / n) for i in range(n + 1)]


def _placed(runs: Iterable[Sequence[Point]], plate: Plate, sign: int) -> list[list[Point]]:
    x0, y0 = plate.place
    return [[(x0 + sign * x, y0 + y) for x, y in run] for run in runs]


def _mirrored(runs: list[list[Point]]) -> list[list[Point]]:
    """A half ring and its mirror, as one ring."""
    return [*runs, *([(-x, y) for x, y in reversed(run)] for run in reversed(runs))]


def _closed(points: Sequence[Point]) -> list[Point]:
    """Points along the closed curve through the given ones."""
    around = [*points[-2:], *points, *points[:3]]
    return smooth(around, 4)[8 : 8 + 4 * len(points) + 1]


@cache
def shapes() -> tuple[Shape, ...]:
    """All areas of all views, in the order in which they are drawn."""
    return tuple(shape for plate in PLATES for shape in _of(plate))


def _of(plate: Plate) -> Iterator[Shape]:
    outline = _Outline(plate)
    for area, ring in plate.middle.items():
        yield _single(plate, area, _mirrored(list(_runs(ring, outline, False))))
    pairs = {a: list(_runs(r, outline, True)) for a, r in plate.tiles.items()}
    pairs |= {a: [_closed(r)] for a, r in plate.round_pairs.items()}
    for area, runs in pairs.items():
        (x, y), width, depth = _innermost([p for run in runs for p in run])
        if (plate.name, area) in WORDS_AT:
            x, y, width = WORDS_AT[plate.name, area]
        for side, sign in (("right", -1 if plate.right_first else 1), ("left", 1 if plate.right_first else -1)):
            middle = round(plate.place[0] + sign * x, 1), round(plate.place[1] + y, 1)
            name = SIDED.get(area, {}).get(side, area)
            yield Shape(plate.name, name, side, path(_placed(runs, plate, sign)), middle, width, depth)
    for area, half in plate.round_middle.items():
        whole = [*half, *((-x, y) for x, y in reversed(half[1:-1]))]
        yield _single(plate, area, [_closed(whole)])


def _single(plate: Plate, area: str, runs: list[list[Point]]) -> Shape:
    (x, y), width, depth = _innermost([p for run in runs for p in run], on_midline=True)
    middle = round(plate.place[0] + x, 1), round(plate.place[1] + y, 1)
    return Shape(plate.name, area, "", path(_placed(runs, plate, 1)), middle, width, depth)


def marks() -> tuple[str, ...]:
    """Fine lines that help to see the form, as paths."""
    out = []
    for plate in PLATES:
        for line in plate.marks:
            signs = (1, -1) if any(x for x, _ in line) else (1,)
            out += [path(_placed([line], plate, sign), closed=False) for sign in signs]
    return tuple(out)


def silhouettes() -> tuple[str, ...]:
    """Outlines of trunk and legs, for their shading."""
    out = []
    for plate in PLATES:
        if plate.tiles:
            outline = _Outline(plate)
            low = min(plate.inner[-1][0], 853.0)
            for sign in (1, -1):
                runs = list(_runs(((0, plate.inner[0][0]), (1, plate.inner[0][0]), (1, low), (0, low)), outline, True))
                out.append(path(_placed(runs, plate, sign)))
    return tuple(out)


def _innermost(ring: Sequence[Point], on_midline: bool = False) -> tuple[Point, float, float]:
    """The point of an area that is furthest from its border, the width there, and how far; sought on a grid twice."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    best, depth = (sum(xs) / len(xs), sum(ys) / len(ys)), -1.0
    coarse = ring if len(ring) < COARSE else ring[:: len(ring) // COARSE + 1]
    left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    for _ in range(2):
        for i in (0,) if on_midline else range(GRID + 1):
            for j in range(GRID + 1):
                p = (0.0 if on_midline else left + width * i / GRID, top + height * j / GRID)
                d = _depth(p, coarse)
                if d > depth:
                    best, depth = p, d
        left, top = best[0] - width / GRID, best[1] - height / GRID
        width, height = 2 * width / GRID, 2 * height / GRID
    return best, round(_chord(best, ring), 1), round(depth, 1)


def _chord(p: Point, ring: Sequence[Point]) -> float:
    """How wide an area is at a point of it."""
    cuts = [
        x1 + (x2 - x1) * (p[1] - y1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]])
        if (y1 > p[1]) != (y2 > p[1])
    ]
    before, after = [x for x in cuts if x <= p[0]], [x for x in cuts if x > p[0]]
    return min(after) - max(before) if before and after else 0.0


def _depth(p: Point, ring: Sequence[Point]) -> float:
    """How far a point is from the border of an area; less than 0 outside."""
    inside, nearest = False, float("inf")
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if (y1 > p[1]) != (y2 > p[1]) and p[0] < x1 + (x2 - x1) * (p[1] - y1) / (y2 - y1):
            inside = not inside
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        t = max(0.0, min(1.0, ((p[0] - x1) * (x2 - x1) + (p[1] - y1) * (y2 - y1)) / length)) if length else 0.0
        nearest = min(nearest, hypot(p[0] - x1 - t * (x2 - x1), p[1] - y1 - t * (y2 - y1)))
    return nearest if inside else -nearest
