"""What the graph says of each area of the body map: roots, nerves, reflexes, muscles, and the words of a finding."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from kg.api import KnowledgeGraph
from kg.errors import UnknownName
from kg.model import BL
from kg.read import catalogue
from kg.read.names import ID
from kg.show.body_map import shapes
from kg.web import answers

SKIN, PART = BL + "suppliesSkinArea", BL + "partOf"
LAYERS = {"root": ("NerveRoot",), "nerve": ("Nerve", "Plexus")}  # a plexus only where no nerve of it is named
STRENGTHS = ("main", "minor", "variable")
QUALITIES = ("pain", "numbness", "tingling", "weakness")
# Areas of the graph that the map does not draw, and why.
NOT_DRAWN = {
    "chest": "lies above the map",
    "testis-area": "lies beneath the skin of the scrotum",
    "pelvis-area": "lies inside the body",
}
# The movement that tests the power of the muscles around an area.
WEAKNESS = {
    "anterior-thigh": "knee-extension", "anteromedial-thigh": "knee-extension", "anterolateral-thigh": "knee-extension",
    "anterior-knee": "knee-extension", "upper-anterior-thigh": "hip-flexion", "groin": "hip-flexion",
    "medial-thigh": "hip-adduction", "upper-medial-thigh": "hip-adduction", "lateral-thigh": "hip-abduction",
    "greater-trochanter-area": "hip-abduction", "iliac-crest-area": "hip-abduction", "buttock": "hip-extension",
    "lower-buttock": "hip-extension", "posterior-thigh": "knee-flexion", "posterolateral-thigh": "knee-flexion",
    "popliteal-fossa": "knee-flexion", "anterior-lower-leg": "ankle-dorsiflexion",
    "dorsum-of-foot": "ankle-dorsiflexion",
    "lateral-lower-leg": "foot-eversion", "lateral-ankle": "foot-eversion", "lateral-border-of-foot": "foot-eversion",
    "medial-lower-leg": "foot-inversion", "medial-ankle": "foot-inversion", "medial-border-of-foot": "foot-inversion",
    "medial-dorsum-of-foot": "great-toe-extension", "first-web-space": "great-toe-extension",
    "great-toe": "great-toe-extension", "middle-toes": "toe-extension", "little-toe": "toe-abduction",
    "calf": "ankle-plantarflexion", "posterolateral-calf": "ankle-plantarflexion", "heel": "ankle-plantarflexion",
    "sole-of-foot": "toe-flexion", "lateral-sole": "toe-flexion", "medial-sole": "great-toe-flexion",
    "perianal-area": "anal-squeeze", "saddle-area": "anal-squeeze", "perineum": "anal-squeeze",
    "upper-abdomen": "trunk-flexion", "lower-abdomen": "trunk-flexion", "umbilical-area": "trunk-flexion",
    "left-lower-quadrant": "trunk-flexion", "right-lower-quadrant": "trunk-flexion",
}  # fmt: skip


@lru_cache(maxsize=2)
def facts(graph: KnowledgeGraph) -> dict[str, Any]:
    """The JSON twin of the body map.

    `areas`, `roots`, `nerves`, `movements` and `reflexes` are keyed by slug; `sources` gives each citation a number,
    by which `says` refers to it; `paint` says for each layer and source which structures colour an area.
    """
    cited: dict[str, int] = {}
    areas = {slug: _area(graph, slug, cited) for slug in dict.fromkeys(s.area for s in shapes())}
    for area in areas.values():
        _inherit(graph, area, cited)
    found: dict[str, Any] = {
        "areas": areas,
        "roots": _structures(graph, areas, "root"),
        "nerves": _structures(graph, areas, "nerve"),
        "movements": _movements(graph),
        "reflexes": _reflexes(graph),
        "sources": list(cited),
        "version": answers.version(graph),
    }
    return found


def _area(graph: KnowledgeGraph, slug: str, cited: dict[str, int]) -> dict[str, Any]:
    record = answers.thing(graph, ID + slug)
    whole = next((x["id"] for x in record["links"] if x["predicate"] == PART and not x.get("entailed")), None)
    area = {
        "id": record["id"],
        "label": record["label"],
        "definition": record["definition"],
        "part_of": whole.rpartition("/")[2] if whole else None,
        "says": _says(graph, record, cited),
        "as": dict.fromkeys(LAYERS),
        "words": {},
    }
    for quality in QUALITIES:
        if words := finding_words(graph, quality, slug, record["label"]):
            area["words"][quality] = words
    return area


def _says(graph: KnowledgeGraph, record: dict[str, Any], cited: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Who supplies the skin of an area, by layer, each statement with its source."""
    out: dict[str, list[dict[str, Any]]] = {layer: [] for layer in LAYERS}
    links = [(x, _kind(graph, x["id"])) for x in record["incoming"] if x["predicate"] == SKIN]
    here = {kind for _, kind in links}
    wanted = {layer: next((k for k in kinds if k in here), "") for layer, kinds in LAYERS.items()}
    for link, kind in links:
        for layer in (name for name, first in wanted.items() if first == kind):
            for said in link.get("said_by", ()):
                for source in said["sources"]:
                    row = {
                        "id": link["id"].rpartition("/")[2],
                        "strength": said["strength"],
                        "source": cited.setdefault(source, len(cited)),
                    }
                    row |= {"measured": said["measured"]} if said.get("measured") is not None else {}
                    row |= {"note": " ".join(said["notes"])} if said["notes"] else {}
                    out[layer].append(row)
    for rows in out.values():
        rows.sort(key=lambda r: (STRENGTHS.index(r["strength"]) if r["strength"] in STRENGTHS else 9, r["id"]))
    return out


def _kind(graph: KnowledgeGraph, iri: str) -> str:
    row = graph.names.execute("SELECT kind FROM thing WHERE id = ?", (iri,)).fetchone()
    return str(row[0]) if row else ""


def _inherit(graph: KnowledgeGraph, area: dict[str, Any], cited: dict[str, int]) -> None:
    """Where no source speaks of an area, what is said of the whole that it is part of."""
    for layer in LAYERS:
        whole, rows = area["part_of"], area["says"][layer]
        while whole and not rows:
            record = answers.thing(graph, ID + whole)
            rows = _says(graph, record, cited)[layer]
            if rows:
                area["says"][layer] = rows
                area["as"][layer] = {"id": whole, "label": record["label"]}
            up = (x["id"] for x in record["links"] if x["predicate"] == PART and not x.get("entailed"))
            whole = next((i.rpartition("/")[2] for i in up), None)


def finding_words(graph: KnowledgeGraph, quality: str, slug: str, label: str) -> str | None:
    """How a finding of a quality at an area is said; None for a weakness that no movement tests.

    >>> import kg
    >>> finding_words(kg.load(), "weakness", "great-toe", "great toe")
    'weakness of great toe extension'
    """
    site = WEAKNESS.get(slug) if quality == "weakness" else slug
    if site is None:
        return None
    named = [
        f.label
        for f in graph.knowledge.findings.values()
        if f.qualities == (ID + quality,) and f.sites == (ID + site,) and not f.circumstances
    ]
    if quality == "weakness":
        named = [n for n in named if n.startswith("weak")]
    return min(named, key=lambda n: (len(n), n), default=f"{quality} of the {label}")


def _structures(graph: KnowledgeGraph, areas: dict[str, Any], layer: str) -> dict[str, dict[str, Any]]:
    """The roots or nerves that colour the map, in the order of the spine or of the map."""
    seen = dict.fromkeys(r["id"] for a in areas.values() for r in a["says"][layer])
    order = sorted(seen, key=along_the_spine) if layer == "root" else list(seen)
    out = {}
    for n, slug in enumerate(order, 1):
        record = answers.thing(graph, ID + slug)
        out[slug] = {
            "id": record["id"],
            "label": record["label"],
            "short": short_root(record["label"]) if layer == "root" else str(n),
            "reflexes": _targets(record, "mediatesReflex"),
            "muscles": _targets(record, "suppliesMuscle"),
        }
    return out


def along_the_spine(slug: str) -> tuple[int, int]:
    """Where a root stands, from above downward; what is none comes last.

    >>> along_the_spine("l5-nerve-root") < along_the_spine("s1-nerve-root")
    True
    """
    region = "tlsc".find(slug[0]) if slug[1:2].isdigit() else 4
    digits = "".join(c for c in slug[1:3] if c.isdigit())
    return region, int(digits or 0)


def short_root(label: str) -> str:
    """A root as it is written on the map.

    >>> short_root("L5 nerve root"), short_root("coccygeal nerve root")
    ('L5', 'Co')
    """
    head = label.split()[0]
    return head if head[1:].isdigit() else head[:2].capitalize()


def _targets(record: dict[str, Any], relation: str) -> list[dict[str, Any]]:
    out = []
    for link in record["links"]:
        if link["predicate"] == BL + relation and not link.get("entailed"):
            said = [s["strength"] for s in link.get("said_by", ())]
            strength = next((s for s in STRENGTHS if s in said), "variable")
            out.append({"id": link["id"].rpartition("/")[2], "label": link["label"], "strength": strength})
    return sorted(out, key=lambda t: (STRENGTHS.index(t["strength"]), t["label"]))


def _movements(graph: KnowledgeGraph) -> dict[str, dict[str, Any]]:
    """Movement → muscles, roots and nerves, the strongest first, and the words of its weakness."""
    out = {}
    for iri, label in _of_kind(graph, "Movement"):
        record = answers.thing(graph, iri)
        muscles = [x for x in record["incoming"] if x["predicate"] == BL + "performsMovement"]
        slug = iri.rpartition("/")[2]
        out[slug] = {
            "id": iri,
            "label": label,
            "words": _weak(graph, iri),
            "muscles": [{"id": m["id"].rpartition("/")[2], "label": m["label"]} for m in muscles],
            **_reaching(graph, "testedByMovement", iri),
        }
    return out


def _weak(graph: KnowledgeGraph, movement: str) -> str | None:
    named = [
        f.label
        for f in graph.knowledge.findings.values()
        if f.qualities == (ID + "weakness",) and f.sites == (movement,) and f.label.startswith("weak")
    ]
    return min(named, key=len, default=None)


def _reaching(graph: KnowledgeGraph, relation: str, target: str) -> dict[str, list[dict[str, Any]]]:
    """Roots and nerves that supply something, with the strength of the link, 0 to 1."""
    out: dict[str, list[dict[str, Any]]] = {"roots": [], "nerves": []}
    for place in graph.knowledge.places:
        key = {"NerveRoot": "roots", "Nerve": "nerves"}.get(place.kind)
        reach = place.supplies.get(relation, {}).get(target)
        if key and reach:
            short = short_root(place.label) if key == "roots" else place.label
            row = {"id": place.id.rpartition("/")[2], "label": place.label, "short": short, "strength": reach.strength}
            out[key].append(row | ({"measured": reach.measured} if reach.measured is not None else {}))
    for rows in out.values():
        rows.sort(key=lambda r: (-r["strength"], along_the_spine(r["id"]), r["label"]))
    return out


def _reflexes(graph: KnowledgeGraph) -> dict[str, dict[str, Any]]:
    out = {}
    for iri, label in _of_kind(graph, "Reflex"):
        lost = [
            f.label
            for f in graph.knowledge.findings.values()
            if f.qualities == (ID + "reflex-reduced",) and f.sites == (iri,)
        ]
        words = min(lost, key=len, default=None)
        slug = iri.rpartition("/")[2]
        out[slug] = {"id": iri, "label": label, "words": words, **_reaching(graph, "mediatesReflex", iri)}
    return out


def _of_kind(graph: KnowledgeGraph, kind: str) -> Iterable[tuple[str, str]]:
    return graph.names.execute("SELECT id, label FROM thing WHERE kind = ? ORDER BY label", (kind,)).fetchall()


def known(graph: KnowledgeGraph) -> set[str]:
    """Slugs of all body areas of the graph."""
    return {i.rpartition("/")[2] for i, _ in _of_kind(graph, "BodyArea")}


def slug_of(graph: KnowledgeGraph, name: str) -> str:
    """The slug of an area that is drawn.

    Raises:
        UnknownName: nothing is called so, or it is not on the map.
    """
    slug = catalogue.resolve(graph.names, name).rpartition("/")[2]
    if slug not in facts(graph)["areas"]:
        raise UnknownName(name, ())
    return slug
