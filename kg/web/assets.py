"""Files that pages need beside themselves: scripts, the stylesheet, the drawing library, the table of all names."""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from pathlib import Path

from kg.api import KnowledgeGraph
from kg.web import answers

STATIC = Path(__file__).parent / "static"
NAMES = "names.js"
MEDIA = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@lru_cache(maxsize=1)
def files() -> dict[str, Path]:
    """Name → file, of all assets that lie on disk."""
    from kg.show.as_network import PAGE, vis_script

    own = {p.name: p for p in sorted(STATIC.iterdir()) if p.suffix in MEDIA}
    return own | {"network.js": PAGE / "network.js", "vis-network.min.js": vis_script()}


@lru_cache(maxsize=2)
def names_script(graph: KnowledgeGraph) -> str:
    """The table of all names as a script: a page opened from a folder may load a script, but no data file."""
    text = json.dumps(answers.names(graph), ensure_ascii=False, separators=(",", ":"))
    return f"window.KG_NAMES = {text.replace('<', chr(92) + 'u003c')};\n"


def asset(graph: KnowledgeGraph, name: str) -> tuple[str, str]:
    """Text and media type of an asset.

    Raises:
        KeyError: there is none of this name.
    """
    from kg.web.localize import TABLE, table_script

    made = {NAMES: names_script, TABLE: table_script}
    text = made[name](graph) if name in made else files()[name].read_text(encoding="utf-8")
    return text, MEDIA[Path(name).suffix]


@lru_cache(maxsize=2)
def version(graph: KnowledgeGraph) -> str:
    """A short text that changes when an asset or the names do."""
    seen = 0
    for name in sorted(files()):
        seen = zlib.crc32(files()[name].read_bytes(), seen)
    return f"{zlib.crc32(names_script(graph).encode(), seen):08x}"
