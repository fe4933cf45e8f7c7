"""The compiled graph on disk: made once, noticed when stale or damaged, made anew.

A cache is a folder named after the fingerprint of what it was made from. It appears whole (written aside, then
renamed) or not at all, and each file in it is checked against its recorded checksum when it is opened.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import Failure
from kg.read.files import fingerprint

if TYPE_CHECKING:
    from typing_extensions import Buffer

T = TypeVar("T")
CATALOGUE, KNOWLEDGE, LEXICON, WALK, STORE = (
    "catalogue.sqlite",
    "knowledge.pickle",
    "lexicon.pickle",
    "walk.pickle",
    "store",
)
FILES = (CATALOGUE, KNOWLEDGE, LEXICON, WALK)
MANIFEST = "manifest"
# What opening a damaged cache raises; a pickle is only read once its checksum is right.
DAMAGE = (OSError, ValueError, KeyError, EOFError, AttributeError, sqlite3.DatabaseError)
KEPT = 3


def cache_homes() -> tuple[Path, ...]:
    """Where a cache may lie, best first: `$KG_CACHE`, the user's cache folder, the temporary folder."""
    own = os.environ.get("KG_CACHE")
    user = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    shared = os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp"
    temporary = os.path.join(shared, f"backleg-kg-{os.getuid() if hasattr(os, 'getuid') else 'user'}")
    return tuple(Path(p) for p in ([own] if own else []) + [os.path.join(user, "backleg-kg"), temporary])


def folder() -> Path:
    """The cache of the graph as it is now, built if there is none.

    Raises:
        Failure: no folder to write to.
    """
    name = fingerprint()
    homes = cache_homes()
    for home in homes:
        if (home / name / MANIFEST).is_file() and _is_own(home):
            return home / name
    for home in homes:
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            if _is_own(home):
                return _build(home, name)
        except OSError:
            continue
    raise Failure(
        f"No folder to keep the compiled graph in; tried {', '.join(map(str, homes))}. Set KG_CACHE to a writable one."
    )


def _is_own(home: Path) -> bool:
    # A pickle from somebody else's folder would run their code.
    return not hasattr(os, "getuid") or home.stat().st_uid == os.getuid()


def _build(home: Path, name: str) -> Path:
    import shutil
    import tempfile

    from kg.read.build import build

    aside = Path(tempfile.mkdtemp(prefix=".building-", dir=home))
    try:
        if sys.stderr.isatty():
            print("Compiling the graph (once after each change) …", file=sys.stderr)
        build(aside)
        lines = [f"{f} {(aside / f).stat().st_size} {zlib.adler32((aside / f).read_bytes())}" for f in FILES]
        (aside / MANIFEST).write_text("\n".join(lines))
        target = home / name
        shutil.rmtree(target, ignore_errors=True)
        try:
            aside.rename(target)
        except OSError:  # somebody else finished first
            if not (target / MANIFEST).is_file():
                raise
        _forget_old(home)
        return target
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _forget_old(home: Path) -> None:
    import shutil

    made = sorted(
        (p for p in home.iterdir() if p.is_dir() and not p.name.startswith(".")),
        key=lambda p: p.stat().st_mtime,
    )
    for old in made[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _checked(path: Path) -> Buffer:
    """The bytes of a file of the cache, mapped into memory.

    Raises:
        ValueError: they are not what was written.
    """
    import mmap

    lines = (path.parent / MANIFEST).read_text().splitlines()
    recorded = {n: (int(size), int(check)) for n, size, check in (line.split() for line in lines)}
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if recorded[path.name] != (len(data), zlib.adler32(data)):
        raise ValueError(f"{path}: damaged")
    return data


def using(open_it: Callable[[Path], T]) -> T:
    """Open something of the cache; if it turns out damaged, build the cache anew and open that.

    Raises:
        Failure: it cannot be opened even when freshly built.
    """
    try:
        return open_it(folder())
    except DAMAGE:
        import shutil

        shutil.rmtree(folder(), ignore_errors=True)
    try:
        return open_it(folder())
    except DAMAGE as e:
        raise Failure(f"The compiled graph cannot be read: {e}.") from e


def catalogue() -> sqlite3.Connection:
    """The catalogue, opened for reading."""

    def opened(cache: Path) -> sqlite3.Connection:
        _checked(cache / CATALOGUE)
        db = sqlite3.connect(f"{(cache / CATALOGUE).as_uri()}?mode=ro&immutable=1", uri=True)
        db.execute("SELECT 1 FROM thing LIMIT 1").fetchone()
        return db

    return using(opened)


def unpickled(name: str) -> Any:
    """One of the compiled tables: `KNOWLEDGE`, `LEXICON` or `WALK`."""
    import pickle

    return using(lambda cache: pickle.loads(_checked(cache / name)))


def store_path() -> Path:
    """The folder of the triple store on disk."""

    def opened(cache: Path) -> Path:
        if not (cache / STORE / "CURRENT").is_file():
            raise ValueError("store missing")
        return cache / STORE

    return using(opened)
