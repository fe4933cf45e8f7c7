"""Where ontology and data lie, and a fingerprint that changes when any of them does."""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path

from kg.errors import Failure, InputError
from kg.read.origin import chosen, endpoint

PACKAGE = Path(__file__).parent.parent
CACHE_FORMAT = 1


def home() -> Path:
    """The folder that holds `ontology/` and `data/`: the shipped one, or the mirror of an endpoint.

    Raises:
        KgError: what `kg.read.mirror.mirror` raises, where an endpoint is asked.
    """
    folder, address = chosen(), endpoint()
    if folder is None and address is not None:
        from kg.read.mirror import mirror_once

        return mirror_once(address)
    return folder or shipped_home()


def shipped_home() -> Path:
    """The folder that ships.

    In a checkout that is the checkout; in an installed wheel it lies inside the package.

    Raises:
        Failure: neither place holds an ontology.
    """
    for place in (PACKAGE / "_shipped", PACKAGE.parent):
        if (place / "ontology" / "backleg.ttl").is_file():
            return place
    raise Failure("The ontology is not beside the program: reinstall with `pip install --force-reinstall backleg-kg`.")


def turtle_files(folder: Path) -> tuple[Path, ...]:
    """All Turtle files under a folder (or the file itself), in a fixed order.

    Raises:
        InputError: the path does not exist or holds no Turtle.
    """
    if folder.is_file():
        return (folder,)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such file or folder.")
    found = tuple(sorted(folder.rglob("*.ttl")))
    if not found:
        raise InputError(f"{folder}: holds no .ttl file. Give a folder of Turtle files.")
    return found


def shipped() -> tuple[Path, ...]:
    """The Turtle files that make up the graph: ontology first, then data."""
    return files_of(home())


def files_of(base: Path) -> tuple[Path, ...]:
    """The same of a graph in any folder."""
    return (base / "ontology" / "backleg.ttl", *turtle_files(base / "data"))


def _tree(folder: str, endings: tuple[str, ...]) -> list[tuple[str, int, int]]:
    found = []
    stack = [folder]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    stack.append(entry.path)
                elif entry.name.endswith(endings):
                    stat = entry.stat()
                    found.append((entry.path, stat.st_size, stat.st_mtime_ns))
    return sorted(found)


def beside_triples() -> list[tuple[str, int, int]]:
    """Name, size and time of what ships beside the triples: shapes, rules, questions, mappings, cases."""
    base = str(shipped_home())
    ontology = os.path.join(base, "ontology")
    return _tree(ontology, (".rq", ".ttl", ".tsv")) + _tree(os.path.join(base, "data"), (".tsv", ".json"))


def fingerprint() -> str:
    """A short text that changes when the graph, the program or the interpreter changes.

    Built from names, sizes and modification times, not contents, because every command pays for it.
    """
    base = str(home())
    seen: list[object] = [CACHE_FORMAT, sys.version_info[:2]]
    seen += _tree(os.path.join(base, "ontology"), (".ttl",))
    seen += _tree(os.path.join(base, "data"), (".ttl", ".tsv"))
    seen += _tree(str(PACKAGE / "read"), (".py",))
    seen += _tree(str(PACKAGE / "reason"), (".py",))
    data = repr(seen).encode()
    return f"{zlib.crc32(data):08x}{zlib.adler32(data):08x}{len(data):x}"
