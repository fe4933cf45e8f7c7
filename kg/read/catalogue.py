"""The catalogue: one SQLite file that answers `show` and `search` without loading the graph."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterable
from typing import Any

from kg.errors import UnknownName
from kg.read.names import BL, ID, expand, shorten

MAX_NAME = 200


def fold(text: str) -> str:
    """A name as it is compared: lower case, one blank between words, accents, dashes and apostrophes gone.

    >>> fold(" Can’t–lift  ")
    'cant lift'
    """
    text = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[-–—_]", " ", re.sub(r"['’`]", "", text)).split())


def resolve(db: sqlite3.Connection, name: str) -> str:
    """The identifier behind a label, synonym, identifier, CURIE or bare slug.

    Raises:
        UnknownName: nothing is called so; carries up to three names that look alike.
    """
    wanted = name.strip()[:MAX_NAME]
    for candidate in (expand(wanted), ID + wanted.lower().replace(" ", "-"), BL + wanted):
        if db.execute("SELECT 1 FROM thing WHERE id = ?", (candidate,)).fetchone():
            return candidate
    row = db.execute(
        "SELECT name.id FROM name JOIN thing ON thing.id = name.id WHERE text = ? "
        "ORDER BY preferred DESC, name.id LIKE ? DESC, kind = 'Condition' DESC, name.id LIMIT 1",
        (fold(wanted), ID + "%"),
    ).fetchone()
    if row:
        return str(row[0])
    raise UnknownName(name, suggest(db, wanted))


def suggest(db: sqlite3.Connection, name: str, most: int = 3) -> tuple[str, ...]:
    """Preferred labels of things whose names look like this one."""
    from difflib import get_close_matches

    wanted = fold(name)
    names = dict(db.execute("SELECT text, id FROM name ORDER BY preferred"))
    near = get_close_matches(wanted, names, n=most * 2, cutoff=0.6)
    ids = [names[n] for n in near] or [row["id"] for row in search(db, name, most=most)]
    labels = [db.execute("SELECT label FROM thing WHERE id = ?", (i,)).fetchone()[0] for i in ids]
    return tuple(dict.fromkeys(labels))[:most]


def record(db: sqlite3.Connection, thing: str) -> dict[str, Any]:
    """The record of a thing by its identifier."""
    row = db.execute("SELECT doc FROM thing WHERE id = ?", (thing,)).fetchone()
    return dict(json.loads(zlib.decompress(row[0])))


def search(db: sqlite3.Connection, text: str, kind: str | None = None, most: int = 20) -> list[dict[str, str]]:
    """Things whose names or definitions hold all the words, whole or as beginnings, best first."""
    words = re.findall(r"\w+", fold(text[:MAX_NAME]))
    if not words:
        return []
    for joined in (" AND ", " OR "):
        query = joined.join(f'("{w}" OR "{w}"*)' for w in words)
        rows = db.execute(
            "SELECT words.id, thing.label, thing.kind, snippet(words, 1, '', '', '…', 8) AS synonyms, thing.classes "
            "FROM words JOIN thing ON thing.id = words.id WHERE words MATCH ? "
            "ORDER BY thing.label = ? DESC, bm25(words, 10.0, 6.0, 1.0), thing.label LIMIT 400",
            (query, fold(text)),
        )
        found = _of_kind(rows, kind)
        if found:
            return found[:most]
    return []


def _of_kind(rows: Iterable[tuple[str, str, str, str, str]], kind: str | None) -> list[dict[str, str]]:
    return [
        {"id": i, "curie": shorten(i), "label": label, "kind": k, "synonyms": synonyms}
        for i, label, k, synonyms, classes in rows
        if kind is None or kind.lower() in (c.lower() for c in classes.split())
    ]


def kinds(db: sqlite3.Connection) -> tuple[str, ...]:
    """All classes that some thing belongs to."""
    return tuple(sorted({c for (cs,) in db.execute("SELECT DISTINCT classes FROM thing") for c in cs.split()}))
