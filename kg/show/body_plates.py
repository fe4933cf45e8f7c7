"""The body map as numbers: a figure drawn for this project, once, and mirrored.

A half figure is given by its inner and outer outline, x over y, in units of about 1.5 mm; x counts from the midline
outwards. An area is a ring of corners (u, y), where u runs from 0 at the inner to 1 at the outer outline, so that
borders follow the form of the limb and neighbours share them exactly. `Piece` names a stretch of one of `LINES`, from
one of its points to another, backwards where the first is the larger. Round things that lie on top are closed curves
in x and y. Each area is named after a thing of the graph; how it is drawn says nothing of what supplies it.
"""

from __future__ import annotations

from typing import NamedTuple

Point = tuple[float, float]


class Piece(NamedTuple):
    """The stretch of a line between two of its points."""

    line: str
    start: int
    end: int


Ring = tuple[Point | Piece, ...]
P = Piece


class Plate(NamedTuple):
    """One view.

    Attributes:
        place: where its midline and upper end lie on the sheet.
        box: what the view takes of the sheet, as left, top, width, height.
        right_first: whether the person's right is on the viewer's left.
        inner, outer: outlines as points (y, x).
        tiles: area → ring on one side.
        middle: area → half ring that begins and ends on the midline; its mirror closes it.
        round_pairs, round_middle: area → closed curve (x, y), on one side, or the half of one on the midline.
        marks: fine lines (x, y) that help to see the form; mirrored.
    """

    name: str
    title: str
    place: Point
    box: tuple[float, float, float, float]
    right_first: bool
    inner: tuple[Point, ...]
    outer: tuple[Point, ...]
    tiles: dict[str, Ring]
    middle: dict[str, Ring]
    round_pairs: dict[str, tuple[Point, ...]]
    round_middle: dict[str, tuple[Point, ...]]
    marks: tuple[tuple[Point, ...], ...]


INNER: tuple[Point, ...] = (
    (0, 0), (120, 0), (240, 0), (262, 0), (268, 0.4), (285, 4), (315, 7), (370, 12), (420, 19), (452, 24.5),
    (474, 24), (490, 23.5), (510, 27), (532, 27), (562, 20.5), (592, 18.5), (630, 23), (675, 31.5), (715, 36),
    (736, 35), (752, 31), (763, 32), (776, 35),
)  # fmt: skip
OUTER: tuple[Point, ...] = (
    (0, 99), (30, 95.5), (62, 91.5), (88, 91.5), (115, 97), (145, 105.5), (175, 110.5), (205, 115.5), (235, 119.5),
    (265, 120.5), (300, 119), (340, 115.5), (385, 109), (430, 100.5), (455, 96), (478, 94.5), (498, 93.5), (516, 92.5),
    (540, 96), (568, 98.5), (600, 96.5), (640, 89.5), (685, 80.5), (720, 75.5), (742, 76), (760, 80.5), (770, 79.5),
    (778, 77.5),
)  # fmt: skip

LINES: dict[str, tuple[Point, ...]] = {
    # front of the trunk
    "flank": ((0.78, 0), (0.76, 60), (0.79, 110), (0.93, 158)),
    "navel above": ((0, 74), (0.22, 78), (0.37, 92), (0.42, 112)),
    "navel below": ((0.42, 112), (0.38, 134), (0.22, 148), (0, 151)),
    "quadrant": ((0.42, 112), (0.55, 113), (0.68, 112), (0.79, 110)),
    "semilunar": ((0.38, 134), (0.4, 165), (0.385, 200), (0.36, 224)),
    "ligament": ((0.93, 158), (0.72, 186), (0.36, 224), (0.17, 240)),
    "below ligament": ((0.93, 158), (0.88, 180), (0.72, 211), (0.36, 252), (0.19, 264)),
    "trochanter front": ((0.88, 180), (0.82, 206), (0.81, 240), (0.86, 272), (1, 286)),
    # front of the thigh and knee
    "pocket": ((0.72, 211), (0.69, 250), (0.67, 290), (0.68, 345), (0.7, 400), (0.75, 456)),
    "inner front": ((0.36, 252), (0.31, 290), (0.27, 325), (0.23, 380), (0.24, 456)),
    "upper thigh": ((0.31, 290), (0.5, 299), (0.67, 290)),
    "sartorius": ((0.27, 325), (0.38, 352), (0.47, 400), (0.5, 453)),
    "outer front": ((0.86, 272), (0.87, 330), (0.87, 400), (0.88, 459)),
    "knee top": ((0, 462), (0.24, 456), (0.5, 453), (0.75, 456), (0.88, 459), (1, 462)),
    "patella inner": ((0.24, 456), (0.2, 490), (0.24, 525)),
    "patella outer": ((0.75, 456), (0.8, 490), (0.78, 524)),
    "knee low": ((0, 520), (0.24, 525), (0.42, 528), (0.66, 528), (0.78, 524), (1, 517)),
    # front of the lower leg and foot
    "shin inner": ((0.42, 528), (0.37, 570), (0.35, 640), (0.36, 722)),
    "shin outer": ((0.66, 528), (0.62, 575), (0.62, 640), (0.66, 722)),
    "ankle top": ((0, 728), (0.36, 722), (0.5, 721), (0.66, 722), (1, 728)),
    "ankle inner": ((0.36, 722), (0.31, 748), (0.2, 778)),
    "ankle outer": ((0.66, 722), (0.72, 748), (0.82, 778)),
    "border inner": ((0.2, 778), (0.13, 812), (0.12, 852)),
    "border outer": ((0.82, 778), (0.87, 815), (0.88, 851)),
    "mid foot": ((0.5, 721), (0.5, 780), (0.53, 830), (0.55, 858)),
    "toe line": ((0, 846), (0.12, 852), (0.36, 857), (0.55, 858), (0.88, 851), (1, 842)),
    # back of the trunk
    "rib": ((0, 50), (0.15, 48), (0.55, 40), (0.66, 39), (1, 44)),
    "paraspinal": ((0.15, 48), (0.13, 85), (0.14, 120), (0.17, 152)),
    "angle": ((0.55, 40), (0.5, 64), (0.34, 82), (0.13, 85)),
    "loin": ((0.66, 39), (0.62, 75), (0.62, 105), (0.66, 125)),
    "crest": ((0.17, 152), (0.38, 134), (0.66, 125), (0.84, 128), (1, 140)),
    "below crest": ((0.26, 180), (0.42, 164), (0.64, 155), (0.84, 157), (1, 168)),
    "sacrum": ((0.17, 152), (0.26, 180), (0.2, 205), (0.12, 226), (0.07, 240)),
    "cleft": ((0.07, 240), (0.09, 258), (0.1, 275), (0.12, 290)),
    "fold above": ((0.09, 258), (0.25, 258), (0.45, 256), (0.64, 250), (0.79, 240)),
    "fold": ((0.12, 290), (0.3, 305), (0.62, 300), (0.84, 268)),
    "trochanter back": ((1, 168), (0.88, 186), (0.8, 212), (0.79, 240), (0.84, 268), (1, 284)),
    # back of the leg
    "inner back": ((0.3, 305), (0.27, 332), (0.24, 390), (0.22, 452)),
    "outer back": ((0.62, 300), (0.6, 345), (0.61, 400), (0.64, 444)),
    "far back": ((0.84, 268), (0.83, 320), (0.82, 390), (0.8, 452)),
    "hollow above": ((0, 460), (0.22, 452), (0.4, 442), (0.64, 444), (0.8, 452), (1, 460)),
    "knee near": ((0.22, 452), (0.17, 488), (0.2, 524)),
    "knee far": ((0.8, 452), (0.84, 488), (0.82, 524)),
    "hollow below": ((0, 518), (0.2, 524), (0.38, 535), (0.58, 537), (0.82, 524), (1, 516)),
    "inner calf": ((0.2, 524), (0.19, 580), (0.21, 650), (0.3, 724)),
    "outer calf": ((0.58, 537), (0.57, 590), (0.58, 650), (0.62, 724)),
    "far calf": ((0.82, 524), (0.85, 590), (0.85, 650), (0.8, 726)),
    "achilles top": ((0, 728), (0.3, 724), (0.62, 724), (0.8, 726), (1, 728)),
    "heel inner": ((0.3, 724), (0.32, 750), (0.22, 772), (0, 782)),
    "heel outer": ((0.62, 724), (0.66, 750), (0.78, 772), (1, 782)),
    # sole
    "toe root": ((0, 60), (0.35, 52), (0.85, 60), (1, 72)),
    "ball low": ((0, 92), (0.16, 104), (0.5, 112), (0.86, 104), (1, 88)),
    "arch": ((0.16, 104), (0.17, 130), (0.14, 158), (0, 172)),
    "outer sole": ((0.86, 104), (0.86, 130), (0.88, 158), (1, 170)),
    "mid sole": ((0.5, 112), (0.5, 135), (0.5, 160)),
    "heel front": ((0.14, 158), (0.3, 157), (0.5, 160), (0.7, 157), (0.88, 158)),
}

FRONT = Plate(
    "front", "Front", (140, 40), (8, 8, 264, 952), True,
    (*INNER, (790, 34), (812, 29), (838, 24), (858, 22.5)),
    (*OUTER, (790, 78.5), (812, 83.5), (838, 90), (858, 92)),
    {
        "flank": (P("flank", 0, 3), (1, 166), (1, 0)),
        "lower-quadrant": (P("quadrant", 0, 3), P("flank", 2, 3), P("ligament", 0, 2), P("semilunar", 3, 0),
                           P("navel below", 1, 0)),
        "groin": (P("ligament", 0, 3), P("below ligament", 4, 0)),
        "greater-trochanter-area": (P("below ligament", 0, 1), P("trochanter front", 0, 4), (1, 166)),
        "upper-anterior-thigh": (P("below ligament", 2, 3), P("inner front", 0, 1), P("upper thigh", 0, 2),
                                 P("pocket", 2, 0)),
        "anterior-thigh": (P("upper thigh", 0, 2), P("pocket", 2, 5), P("knee top", 3, 2), P("sartorius", 3, 0),
                           P("inner front", 2, 1)),
        "anteromedial-thigh": (P("sartorius", 0, 3), P("knee top", 2, 1), P("inner front", 4, 2)),
        "anterolateral-thigh": (P("below ligament", 1, 2), P("pocket", 0, 5), P("knee top", 3, 4),
                                P("outer front", 3, 0), P("trochanter front", 3, 0)),
        "lateral-thigh": (P("trochanter front", 3, 4), P("knee top", 5, 4), P("outer front", 3, 0)),
        "upper-medial-thigh": (P("below ligament", 3, 4), (0, 268), (0, 318), (0.27, 325), P("inner front", 2, 0)),
        "medial-thigh": ((0, 318), (0.27, 325), P("inner front", 2, 4), P("knee top", 1, 0)),
        "medial-knee": (P("knee top", 0, 1), P("patella inner", 0, 2), P("knee low", 1, 0)),
        "anterior-knee": (P("knee top", 1, 3), P("patella outer", 0, 2), P("knee low", 4, 1),
                          P("patella inner", 2, 0)),
        "lateral-knee": (P("knee top", 3, 5), P("knee low", 5, 4), P("patella outer", 2, 0)),
        "medial-lower-leg": (P("knee low", 0, 2), P("shin inner", 0, 3), P("ankle top", 1, 0)),
        "anterior-lower-leg": (P("knee low", 2, 3), P("shin outer", 0, 3), P("ankle top", 3, 1), P("shin inner", 3, 0)),
        "lateral-lower-leg": (P("knee low", 3, 5), P("ankle top", 4, 3), P("shin outer", 3, 0)),
        "medial-ankle": (P("ankle top", 0, 1), P("ankle inner", 0, 2), (0, 784)),
        "lateral-ankle": (P("ankle top", 3, 4), (1, 782), P("ankle outer", 2, 0)),
        "medial-border-of-foot": ((0, 784), P("border inner", 0, 2), P("toe line", 1, 0)),
        "medial-dorsum-of-foot": (P("ankle top", 1, 2), P("mid foot", 0, 3), P("toe line", 3, 1),
                                  P("border inner", 2, 0), P("ankle inner", 2, 0)),
        "dorsum-of-foot": (P("ankle top", 2, 3), P("ankle outer", 0, 2), P("border outer", 0, 2), P("toe line", 4, 3),
                           P("mid foot", 3, 0)),
        "lateral-border-of-foot": ((1, 782), P("toe line", 5, 4), P("border outer", 2, 0)),
    },
    {
        "upper-abdomen": (P("navel above", 0, 3), P("quadrant", 0, 3), P("flank", 2, 0), (0, 0)),
        "umbilical-area": (P("navel above", 0, 3), P("navel below", 0, 3)),
        "lower-abdomen": (P("navel below", 3, 1), P("semilunar", 0, 2), (0, 206)),
        "suprapubic-area": ((0, 206), P("semilunar", 2, 3), P("ligament", 2, 3), (0, 242)),
    },
    {
        "great-toe": ((26, 851), (23, 868), (25, 888), (35, 899), (46, 892), (48.5, 872), (47.5, 857), (36, 854)),
        "middle-toes": ((48, 857), (49.5, 880), (55, 890), (60.5, 884), (62, 871), (63.5, 881), (68.5, 884), (72, 877),
                        (73, 866), (75, 873), (79.5, 874), (82.5, 867), (82, 853), (66, 857)),
        "little-toe": ((82.5, 852), (83, 863), (87.5, 868), (92, 861), (92, 846), (87, 849)),
        "first-web-space": ((40.5, 829), (47.5, 822), (55, 829), (55, 846), (48, 866), (41, 846)),
    },
    {"genital-area": ((0, 237), (15, 239), (23.5, 252), (20, 272), (9, 285), (0, 288))},
    (
        ((0, 106), (3, 112), (0, 118)),
        ((0, 12), (0, 66)),
        ((48, 470), (38, 482), (37, 498), (46, 512), (58, 517), (72, 512), (81, 499), (80, 482), (70, 470)),
        ((58, 517), (57, 536)),
        ((104, 152), (96, 163), (92, 172)),
        ((50, 560), (47, 610), (49, 670), (53, 715)),
        ((28, 756), (35, 749), (40, 757)),
        ((84, 762), (77, 756), (73, 764)),
        ((29, 886), (35, 882), (42, 887)),
        ((52, 882), (55, 879), (58, 882)),
        ((65.5, 877), (68.5, 874), (71, 877)),
        ((77, 868), (79.5, 866), (81.5, 868)),
        ((85, 862), (87.5, 860), (90, 862)),
    ),
)  # fmt: skip

BACK = Plate(
    "back", "Back", (410, 40), (278, 8, 264, 952), False,
    (*INNER, (790, 35.5), (802, 38), (813, 44), (819, 54)),
    (*OUTER, (790, 76), (802, 74), (813, 67), (819, 57)),
    {
        "costovertebral-angle": (P("rib", 1, 2), P("angle", 0, 3), P("paraspinal", 1, 0)),
        "low-back": (P("paraspinal", 1, 3), P("crest", 0, 2), P("loin", 3, 0), P("rib", 3, 2), P("angle", 0, 3)),
        "flank": (P("rib", 3, 4), P("crest", 4, 2), P("loin", 3, 0)),
        "iliac-crest-area": (P("crest", 0, 4), P("below crest", 4, 0), P("sacrum", 1, 0)),
        "buttock": (P("below crest", 0, 4), P("trochanter back", 0, 3), P("fold above", 4, 0), P("cleft", 1, 0),
                    P("sacrum", 4, 1)),
        "lower-buttock": (P("fold above", 0, 4), P("trochanter back", 3, 4), P("fold", 3, 0), P("cleft", 3, 1)),
        "greater-trochanter-area": (P("trochanter back", 0, 5),),
        "saddle-area": ((0, 256), P("cleft", 0, 3), (0, 290)),
        "upper-medial-thigh": ((0, 290), P("fold", 0, 1), P("inner back", 0, 1), (0, 326)),
        "medial-thigh": ((0, 326), P("inner back", 1, 3), P("hollow above", 1, 0)),
        "posterior-thigh": (P("fold", 1, 2), P("outer back", 0, 3), P("hollow above", 3, 1), P("inner back", 3, 0)),
        "posterolateral-thigh": (P("fold", 2, 3), P("far back", 0, 3), P("hollow above", 4, 3), P("outer back", 3, 0)),
        "lateral-thigh": (P("trochanter back", 4, 5), P("hollow above", 5, 4), P("far back", 3, 0)),
        "medial-knee": (P("hollow above", 0, 1), P("knee near", 0, 2), P("hollow below", 1, 0)),
        "popliteal-fossa": (P("hollow above", 1, 4), P("knee far", 0, 2), P("hollow below", 4, 1),
                            P("knee near", 2, 0)),
        "lateral-knee": (P("hollow above", 4, 5), P("hollow below", 5, 4), P("knee far", 2, 0)),
        "medial-lower-leg": (P("hollow below", 0, 1), P("inner calf", 0, 3), P("achilles top", 1, 0)),
        "calf": (P("hollow below", 1, 3), P("outer calf", 0, 3), P("achilles top", 2, 1), P("inner calf", 3, 0)),
        "posterolateral-calf": (P("hollow below", 3, 4), P("far calf", 0, 3), P("achilles top", 3, 2),
                                P("outer calf", 3, 0)),
        "lateral-lower-leg": (P("hollow below", 4, 5), P("achilles top", 4, 3), P("far calf", 3, 0)),
        "medial-ankle": (P("achilles top", 0, 1), P("heel inner", 0, 3)),
        "heel": (P("achilles top", 1, 2), P("heel outer", 0, 3), (1, 819), (0, 819), P("heel inner", 3, 0)),
        "lateral-ankle": (P("achilles top", 2, 4), P("heel outer", 3, 0)),
    },
    {
        "thoracic-back": (P("rib", 0, 4), (1, 0), (0, 0)),
        "midline-of-low-back": ((0, 50), P("paraspinal", 0, 3), (0, 156)),
        "sacral-area": ((0, 156), P("sacrum", 0, 3), (0, 228)),
        "coccygeal-area": ((0, 228), P("sacrum", 3, 4), (0, 256)),
    },
    {},
    {},
    (
        ((0, 4), (0, 148)),
        ((24, 158), (27, 161), (25, 165)),
        ((0, 232), (0, 292)),
        ((10, 288), (32, 304), (58, 306), (80, 296)),
        ((57, 445), (52, 478), (56, 530)),
        ((52, 545), (55, 600), (52, 640), (54, 668)),
        ((46, 665), (49, 700), (50, 752)),
        ((64, 665), (61, 700), (61, 752)),
        ((28, 756), (35, 750), (39, 757)),
        ((84, 762), (77, 756), (73, 764)),
    ),
)  # fmt: skip

SOLES = Plate(
    "soles", "Soles, from below", (672, 478), (548, 426, 248, 300), True,
    ((52, 17), (64, 14), (78, 13), (100, 19), (130, 29), (150, 28.5), (180, 25), (200, 29), (212, 40), (219, 56)),
    ((52, 101), (66, 107), (82, 109.5), (100, 109), (125, 105), (150, 100), (180, 94), (200, 88), (212, 78), (219, 64)),
    {
        "sole-of-foot": (P("toe root", 0, 3), P("ball low", 4, 0)),
        "medial-border-of-foot": (P("ball low", 0, 1), P("arch", 0, 3)),
        "medial-sole": (P("ball low", 1, 2), P("mid sole", 0, 2), P("heel front", 2, 0), P("arch", 2, 0)),
        "lateral-sole": (P("ball low", 2, 3), P("outer sole", 0, 2), P("heel front", 4, 2), P("mid sole", 2, 0)),
        "lateral-border-of-foot": (P("ball low", 3, 4), P("outer sole", 3, 0)),
        "heel": (P("arch", 3, 2), P("heel front", 0, 4), P("outer sole", 2, 3), (1, 219), (0, 219)),
    },
    {},
    {
        "great-toe": ((19, 55), (15, 32), (19, 10), (33, 2), (45, 11), (48, 30), (44.5, 50), (31, 56)),
        "middle-toes": ((48, 53), (49, 30), (52, 17), (58, 14), (63, 22), (64.5, 34), (67, 25), (72.5, 23), (77, 30),
                        (78.5, 43), (81, 35), (86, 35), (90, 43), (91, 58), (70, 55)),
        "little-toe": ((92, 61), (93, 48), (98, 44), (104, 50), (106.5, 66), (99, 67)),
    },
    {},
    (
        ((22, 62), (32, 66), (44, 64)),
        ((40, 176), (55, 168), (75, 170)),
        ((34, 118), (42, 134), (42, 152)),
    ),
)  # fmt: skip

PERINEUM = Plate(
    "perineum", "Perineum, from below", (672, 190), (548, 50, 248, 270), True,
    ((0, 0), (1, 0)),
    ((0, 1), (1, 1)),
    {},
    {},
    {
        "upper-medial-thigh": ((26, -84), (62, -92), (100, -66), (116, -22), (112, 8), (82, 6), (52, -22)),
        "lower-buttock": ((60, 12), (86, 5), (113, 8), (110, 48), (84, 88), (44, 110), (12, 108), (30, 74)),
        "saddle-area": ((0.5, -50), (22, -84), (42, -70), (62, -16), (64, 14), (42, 66), (16, 106), (0.5, 112)),
        "scrotum-or-labium": ((2.5, -62), (15, -76), (28, -58), (28, -32), (15, -8), (2.5, -14)),
    },
    {
        "penis-or-clitoris": ((0, -94), (9, -89), (11.5, -74), (8, -60), (0, -56)),
        "perineum": ((0, -12), (9, -7), (14, 8), (11, 20), (0, 24)),
        "perianal-area": ((0, 22), (16, 28), (23, 47), (16, 66), (0, 72)),
        "coccygeal-area": ((0, 74), (9, 80), (10, 94), (0, 104)),
    },
    (
        ((0, 43), (0, 51)),
        ((3, 42), (7, 38)),
        ((4, 47), (9, 47)),
        ((3, 52), (7, 56)),
    ),
)  # fmt: skip

PLATES = (FRONT, BACK, PERINEUM, SOLES)
SHEET = (0.0, 0.0, 804.0, 968.0)
SIDED = {"lower-quadrant": {"left": "left-lower-quadrant", "right": "right-lower-quadrant"}}
# Where words stand when other areas lie on the deepest point: plate and area → x, y on one side, and the width there.
WORDS_AT = {
    ("front", "medial-dorsum-of-foot"): (47.0, 790.0, 17.0),
    ("perineum", "saddle-area"): (43.0, 26.0, 34.0),
    ("perineum", "upper-medial-thigh"): (85.0, -40.0, 50.0),
    ("perineum", "lower-buttock"): (80.0, 50.0, 50.0),
}


class View(NamedTuple):
    """A part of the sheet to look at, as left, top, width, height."""

    name: str
    title: str
    box: tuple[float, float, float, float]


VIEWS = (
    View("", "whole map", SHEET),
    View("front", "front", FRONT.box),
    View("back", "back", BACK.box),
    View("front-above", "front, trunk and thighs", (8, 8, 264, 500)),
    View("front-below", "front, knees and feet", (8, 470, 264, 490)),
    View("back-above", "back, trunk and thighs", (278, 8, 264, 500)),
    View("back-below", "back, knees and heels", (278, 470, 264, 420)),
    View("feet", "feet", (40, 745, 200, 205)),
    View("soles", "soles", SOLES.box),
    View("perineum", "perineum", PERINEUM.box),
)
