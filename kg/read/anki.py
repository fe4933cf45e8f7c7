"""Cards → an Anki package: a zip with a SQLite collection of Anki's schema 11, which every Anki reads.

A note is known by its `guid`. Importing a package again updates notes of the same guid and type whose time of change
is later, and leaves what a learner has learnt of them alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kg.model import Card
from kg.plain import clean

# Chosen once and never changed: Anki knows the type of a note and a deck by these numbers.
TYPE, DECK = 1732171200001, 1732171200002
NAME = "Back–leg pain"
FIELDS = ("Question", "Answer", "Why", "Sources")
FRONT = "{{Question}}"
BACK = "{{FrontSide}}<hr id=answer><p><b>{{Answer}}</b></p>{{Why}}<div class=sources>{{Sources}}</div>"
STYLE = (
    ".card { font: 20px/1.45 sans-serif; text-align: left; max-width: 40em; margin: auto; padding: .5em; }"
    ".sources, .notice { font-size: 14px; color: #555; } .nightMode .sources, .nightMode .notice { color: #bbb; }"
    ".alarm { border-left: 4px solid #a3001c; padding-left: .5em; } svg { max-width: 100%; height: auto; }"
)
SCHEMA = """
CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,
  ivl integer not null, factor integer not null, reps integer not null, lapses integer not null,
  left integer not null, odue integer not null, odid integer not null, flags integer not null, data text not null);
CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
  type integer not null);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn on notes (usn);
CREATE INDEX ix_cards_usn on cards (usn);
CREATE INDEX ix_revlog_usn on revlog (usn);
CREATE INDEX ix_cards_nid on cards (nid);
CREATE INDEX ix_cards_sched on cards (did, queue, due);
CREATE INDEX ix_revlog_cid on revlog (cid);
CREATE INDEX ix_notes_csum on notes (csum);
"""


def package(cards: Sequence[Card], when: int) -> bytes:
    """The bytes of an .apkg file.

    Args:
        when: seconds since 1970 that the cards count as changed at.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        _write(path, cards, when)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in (("collection.anki2", path.read_bytes()), ("media", b"{}")):
                packed.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _write(path: Path, cards: Sequence[Card], when: int) -> None:
    db = sqlite3.connect(path)
    try:
        db.executescript(SCHEMA)
        head = (1, when, 1000 * when, 1000 * when, 11, 0, 0, 0)
        db.execute(f"INSERT INTO col VALUES ({','.join('?' * 13)})", (*head, *_settings(when)))
        for n, card in enumerate(cards):
            note, fields = 1000 * when + n, tuple(map(clean, (card.question, card.answer, card.why, card.sources)))
            tags = f" {' '.join(t.replace(' ', '-') for t in card.tags)} "
            row = (note, card.guid, TYPE, when, -1, tags, "\x1f".join(fields), card.question, _check(card.question))
            db.execute("INSERT INTO notes VALUES (?,?,?,?,?,?,?,?,?,0,'')", row)
            due = (note, note, DECK, 0, when, -1, 0, 0, n + 1)
            db.execute("INSERT INTO cards VALUES (?,?,?,?,?,?,?,?,?,0,0,0,0,0,0,0,0,'')", due)
        db.commit()
    finally:
        db.close()


def _check(field: str) -> int:
    # What Anki finds duplicates by; not for safety.
    return int(hashlib.sha1(field.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def _settings(when: int) -> tuple[str, str, str, str, str]:
    conf = {"activeDecks": [1], "curDeck": 1, "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "estTimes": True,
            "dueCounts": True, "curModel": str(TYPE), "nextPos": 1, "sortType": "noteFld", "sortBackwards": False,
            "addToCur": True}  # fmt: skip
    field = {"sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
    template = {"name": "Question and answer", "ord": 0, "qfmt": FRONT, "afmt": BACK, "bqfmt": "", "bafmt": "",
                "did": None, "bfont": "", "bsize": 0}  # fmt: skip
    model = {"id": str(TYPE), "name": NAME, "type": 0, "mod": when, "usn": -1, "sortf": 0, "did": DECK,
             "tmpls": [template], "flds": [{"name": n, "ord": i, **field} for i, n in enumerate(FIELDS)],
             "css": STYLE, "latexPre": "", "latexPost": "", "latexsvg": False, "tags": [], "vers": [],
             "req": [[0, "all", [0]]]}  # fmt: skip
    decks = {str(i): _deck(i, name, when) for i, name in ((1, "Default"), (DECK, NAME))}
    lapse = {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0}
    new = {"bury": True, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20}
    rev = {"bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "perDay": 100}
    ways = {"1": {"id": 1, "name": "Default", "mod": 0, "usn": 0, "autoplay": True, "maxTaken": 60, "timer": 0,
                  "replayq": True, "lapse": lapse, "new": new, "rev": rev}}  # fmt: skip
    return (json.dumps(conf), json.dumps({str(TYPE): model}), json.dumps(decks), json.dumps(ways), "{}")


def _deck(number: int, name: str, when: int) -> dict[str, Any]:
    today = {f"{k}Today": [0, 0] for k in ("lrn", "new", "rev", "time")}
    said = "For teaching and research only; diagnoses nobody." if number == DECK else ""
    return {"id": number, "name": name, "mod": when, "usn": -1, "conf": 1, "desc": said, "dyn": 0, "collapsed": False,
            "extendNew": 10, "extendRev": 50, **today}  # fmt: skip
