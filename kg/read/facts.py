"""Links of structures and conditions as plain facts, for questions about them."""

from __future__ import annotations

import json
import sqlite3
import zlib
from typing import Any

from kg.model import Fact, Facts

ASKED = (
    *("BodyArea", "Bone", "Condition", "Disc", "DiscZone", "EntrapmentSite", "Joint", "Movement", "Muscle", "Nerve"),
    *("NerveRoot", "NeuralTissue", "Organ", "Plexus", "Reflex", "SoftTissue", "SpinalLevel", "Vessel"),
)


def facts(db: sqlite3.Connection) -> Facts:
    """All links between things that questions are asked about."""
    marks = ",".join("?" * len(ASKED))
    rows = db.execute(f"SELECT id, kind, doc FROM thing WHERE kind IN ({marks}) ORDER BY id", ASKED)
    of, kinds, sources = {}, {}, {}
    for iri, kind, doc in rows:
        record = json.loads(zlib.decompress(doc))
        kinds[iri] = kind
        sources[iri] = tuple(record["sources"])
        of[iri] = tuple(_fact(link) for link in record["links"])
    return Facts(of, kinds, sources)


def _fact(link: dict[str, Any]) -> Fact:
    said = link.get("said_by", ())
    return Fact(
        link["predicate"],
        link["id"],
        all(a["strength"] in (None, "main") for a in said),
        bool(link.get("entailed")),
        tuple(dict.fromkeys(s for a in said for s in a["sources"])),
    )
