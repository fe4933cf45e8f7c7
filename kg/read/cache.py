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
MANIFEST = "backleg-kg.manifest"
END = "end"  # the last line of a manifest that is whole
# What opening a damaged cache raises; a pickle is only read once its checksum is right.
DAMAGE = (OSError, ValueError, KeyError, EOFError, AttributeError, sqlite3.DatabaseError)
KEPT = 3
NOWHERE = "No folder to keep the compiled graph in; tried {}. Set KG_CACHE to a writable one."


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
    for home in homes:  # strictly in this order: who sets KG_CACHE gets it, whatever lies elsewhere
        try:
            if _is_finished(home / name) and _is_own(home):
                return home / name
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            if _is_own(home):
                return _build(home, name)
        except OSError:
            continue
    raise Failure(NOWHERE.format(", ".join(map(str, homes))))


def own_home() -> Path:
    """The first place for caches that can be written to.

    Raises:
        Failure: there is none.
    """
    for home in cache_homes():
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            if _is_own(home) and os.access(home, os.W_OK):
                return home
        except OSError:
            continue
    raise Failure(NOWHERE.format(", ".join(map(str, cache_homes()))))


def _is_finished(cache: Path) -> bool:
    try:
        return (cache / MANIFEST).is_file()
    except OSError:  # a home we may not enter
        return False


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
        written = [*FILES, *(f"{STORE}/{f.name}" for f in sorted((aside / STORE).iterdir()) if f.stat().st_size)]
        lines = [f"{f} {(aside / f).stat().st_size} {zlib.adler32((aside / f).read_bytes())}" for f in written]
        (aside / MANIFEST).write_text("\n".join([*lines, END]))
        target = home / name
        if not _is_finished(target):  # else somebody else finished first
            shutil.rmtree(target, ignore_errors=True)
            try:
                aside.rename(target)
            except OSError:
                if not _is_finished(target):
                    raise
        _forget_old(home)
        return target
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _forget_old(home: Path) -> None:
    import shutil

    # Only what this program made: whoever points KG_CACHE at a folder in use keeps what is in it.
    made = sorted((p.parent for p in home.glob(f"*/{MANIFEST}")), key=lambda p: p.stat().st_mtime)
    for old in made[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def rebuild() -> None:
    """Throw the cache of the present graph away and make it anew."""
    import shutil

    shutil.rmtree(folder(), ignore_errors=True)
    folder()


def _recorded(cache: Path) -> dict[str, tuple[int, int]]:
    *lines, last = (cache / MANIFEST).read_text().splitlines() or [""]
    if last != END:
        raise ValueError(f"{cache / MANIFEST}: cut off")
    return {n: (int(size), int(check)) for n, size, check in (line.split() for line in lines)}


def _checked(cache: Path, name: str) -> Buffer:
    """The bytes of a file of the cache, mapped into memory.

    Raises:
        ValueError: they are not what was written.
    """
    import mmap

    with (cache / name).open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if _recorded(cache)[name] != (len(data), zlib.adler32(data)):
        raise ValueError(f"{cache / name}: damaged")
    return data


def using(open_it: Callable[[Path], T]) -> T:
    """Open something of the cache; if it turns out damaged, build the cache anew and open that.

    Raises:
        Failure: it cannot be opened even when freshly built.
    """
    try:
        return open_it(folder())
    except DAMAGE:
        rebuild()
    try:
        return open_it(folder())
    except DAMAGE as e:
        raise Failure(f"The compiled graph cannot be read: {e}.") from e


def catalogue() -> sqlite3.Connection:
    """The catalogue, opened for reading."""

    def opened(cache: Path) -> sqlite3.Connection:
        _checked(cache, CATALOGUE)
        # Read only and never written to, so the threads of the web pages may share it.
        address = f"{(cache / CATALOGUE).as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(address, uri=True, check_same_thread=False)
        db.execute("SELECT 1 FROM thing LIMIT 1").fetchone()
        return db

    return using(opened)


def unpickled(name: str) -> Any:
    """One of the compiled tables: `KNOWLEDGE`, `LEXICON` or `WALK`."""
    return using(lambda cache: _loads(_checked(cache, name)))


def _loads(data: Buffer) -> Any:
    # Thousands of small tuples come to life at once; the garbage collector would walk over them all, twice as long.
    import gc
    import pickle

    collecting = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(data)
    finally:
        if collecting:
            gc.enable()


def store_path() -> Path:
    """The folder of the triple store on disk."""

    def opened(cache: Path) -> Path:
        for name in _recorded(cache):
            if name.startswith(STORE):
                _checked(cache, name)
        return cache / STORE

    return using(opened)
