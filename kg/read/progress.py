"""Missed questions and when they come back, kept on this machine and nowhere else.

Leitner's boxes: a miss goes into the first box and comes back a day later; each right answer moves it one box on, with
twice the wait; after the last box it is forgotten. The page in the browser keeps the same boxes in its own storage.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from kg.errors import Failure

DAYS = (1, 2, 4, 8, 16)  # days until a question in each box comes back
FILE = "quiz.json"
FORMAT = 1


class Miss(NamedTuple):
    """A missed question: its box, from 1, and the day it comes back."""

    box: int
    due: date


Misses = Mapping[str, Miss]


def data_home() -> Path:
    """The folder of what a person has done: `$KG_DATA`, else the user's data folder."""
    if own := os.environ.get("KG_DATA"):
        return Path(own)
    user = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(user) / "backleg-kg"


def after(misses: Misses, exercise: str, right: bool, today: date) -> dict[str, Miss]:
    """The misses after an answer.

    >>> first = after({}, "recall/x", False, date(2026, 3, 1))
    >>> first["recall/x"].due.isoformat(), after(first, "recall/x", True, date(2026, 3, 2))["recall/x"].box
    ('2026-03-02', 2)
    """
    out = dict(misses)
    held = out.pop(exercise, None)
    box = 1 if not right else 0 if held is None else held.box + 1
    if 1 <= box <= len(DAYS):
        out[exercise] = Miss(box, today + timedelta(days=DAYS[box - 1]))
    return out


def due(misses: Misses, today: date) -> tuple[str, ...]:
    """Questions that have come back, longest waiting first."""
    return tuple(sorted((i for i, m in misses.items() if m.due <= today), key=lambda i: (misses[i].due, i)))


def load(home: Path | None = None) -> dict[str, Miss]:
    """What is kept; nothing where there is no file yet.

    A file that cannot be understood is set aside under another name, and said to be so on standard error.
    """
    path = (home or data_home()) / FILE
    try:
        return _understood(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as e:
        print(f"{path}: cannot be read ({e.strerror}); missed questions of earlier are left out.", file=sys.stderr)
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _set_aside(path)


def _understood(data: bytes) -> dict[str, Miss]:
    held = json.loads(data.decode("utf-8"))
    if held["format"] != FORMAT:
        raise ValueError("another format")
    out = {str(i): Miss(int(m["box"]), date.fromisoformat(m["due"])) for i, m in held["misses"].items()}
    if not all(1 <= m.box <= len(DAYS) for m in out.values()):
        raise ValueError("no such box")
    return out


def _set_aside(path: Path) -> dict[str, Miss]:
    for n in range(1, 1000):
        aside = path.with_name(f"{path.name}.damaged-{n}")
        if not aside.exists():
            break
    try:
        os.replace(path, aside)
    except OSError as e:
        raise Failure(f"{path}: is damaged and cannot be set aside: {e.strerror}. Move it away by hand.") from e
    print(f"{path}: is damaged; set aside as {aside.name}. The list of missed questions begins anew.", file=sys.stderr)
    return {}


def save(misses: Misses, home: Path | None = None) -> None:
    """Write the whole file or nothing.

    Raises:
        Failure: it cannot be written.
    """
    import tempfile

    folder = home or data_home()
    kept = {i: {"box": m.box, "due": m.due.isoformat()} for i, m in sorted(misses.items())}
    text = json.dumps({"format": FORMAT, "misses": kept}, indent=1)
    aside = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, aside = tempfile.mkstemp(dir=folder, prefix=".quiz-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, folder / FILE)
    except OSError as e:
        if aside is not None:
            Path(aside).unlink(missing_ok=True)
        raise Failure(f"{folder}: missed questions cannot be kept there: {e.strerror}. Set KG_DATA to a folder.") from e
