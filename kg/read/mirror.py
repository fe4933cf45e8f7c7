"""What a SPARQL endpoint holds of this graph → a folder like the shipped one, from which everything is answered.

Two layouts are read: a named graph for each file, as `kg export nquads` writes them, or everything asserted in the
default graph. Whether the endpoint has changed is asked each time by counts, and by checksums that it computes itself
when the last ones are older than `KG_ENDPOINT_FRESH` seconds.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import BadQuery, Failure, InputError
from kg.read.endpoint import ask, checked
from kg.read.names import BL, OWL
from kg.read.results import parsed
from kg.read.terms import as_terms

GRAPHS = "https://w3id.org/backleg-pain/graph/"
ONTOLOGY = "https://w3id.org/backleg-pain/ontology"
FILE = re.compile(r"(?:ontology|data)/(?:[\w-][\w.-]*/)*[\w-][\w.-]*")
DEFAULT = ""  # stands for the default graph
WHOLE = "data/all"  # where the default graph goes
PAGE = 10_000  # triples a request: many servers cut longer answers off
MOST = 5_000_000  # triples; more is not this graph alone
DIGITS = "0123456789abcdef"
FRESH = 300.0
PATIENCE = 2.0  # seconds without a word
KEPT = 3


class Held(NamedTuple):
    """How much a graph holds.

    Attributes:
        triples: number of them.
        check: sum of digests of its triples; None where it was not asked for.
    """

    triples: int
    check: int | None = None


Contents = Mapping[str, Held]


@lru_cache(maxsize=8)
def mirror_once(address: str) -> Path:
    """The same as `mirror`, asked once in the life of a command."""
    return mirror(address)


def mirror(address: str) -> Path:
    """The folder with what the endpoint holds, read anew where it has changed.

    Raises:
        InputError: the address is not that of an endpoint, or there is no such graph, or credentials are refused.
        QueryTimeout: it did not answer in time.
        Failure: it cannot be reached, cuts answers off, or changes while it is read.
    """
    from kg.read.cache import own_home

    base = own_home() / "endpoints" / f"{zlib.crc32(checked(address).encode()):08x}{len(address):x}"
    counts = contents(address)
    found = _fresh(base, counts)
    if found is not None:
        return found
    sums = contents(address, checks=True)
    target = base / _key(sums)
    if not (target / "ontology" / "backleg.ttl").is_file():
        _fetch(address, sums, target)
    _note(base, sums, target)
    return target


def contents(address: str, checks: bool = False) -> Contents:
    """Graph → how much it holds; the default graph where no graph is named as one of ours.

    Raises:
        InputError: neither holds this graph.
    """
    named = _counted(address, "GRAPH ?g { ?s ?p ?o }", checks)
    files = {g.removeprefix(GRAPHS): held for g, held in named.items() if FILE.fullmatch(g.removeprefix(GRAPHS))}
    if "ontology/backleg" in files:
        return files
    if _rows(address, f"SELECT ?v {{ <{ONTOLOGY}> <{OWL}versionInfo> ?v }}"):
        return {DEFAULT: next(iter(_counted(address, "?s ?p ?o", checks).values()))}
    raise InputError(
        f"{address} does not hold this graph: nothing in it is {ONTOLOGY}. Load what `kg export nquads` writes."
    )


def _counted(address: str, pattern: str, checks: bool) -> dict[str, Held]:
    named = pattern.startswith("GRAPH")
    only = f'FILTER(STRSTARTS(STR(?g), "{GRAPHS}"))' if named else ""
    # The first 32 bits of each triple's digest, as a number that SPARQL can add up; blank nodes have no name to digest.
    said = "IF(isBlank(?s), '', STR(?s)), ' ', STR(?p), ' ', IF(isBlank(?o), '', STR(?o))"
    kind = "COALESCE(LANG(?o), ''), ' ', COALESCE(STR(DATATYPE(?o)), '')"
    value = " + ".join(f"{16**k} * STRLEN(STRBEFORE('{DIGITS}', SUBSTR(?h, {k + 1}, 1)))" for k in range(8))
    bound = f"BIND(MD5(CONCAT({said}, ' ', {kind})) AS ?h) BIND({value} AS ?x)" if checks else ""
    query = (
        f"SELECT {'?g' if named else ''} (COUNT(*) AS ?n) {'(SUM(?x) AS ?sum)' if checks else ''} "
        f"WHERE {{ {pattern} {only} {bound} }} {'GROUP BY ?g' if named else ''}"
    )
    out = {}
    for row in _rows(address, query):
        try:
            number = int(float(row["sum"].value)) if checks else None
            out[row["g"].value if named else DEFAULT] = Held(int(float(row["n"].value)), number)
        except (KeyError, ValueError, AttributeError) as e:
            raise Failure(f"{address} cannot count what it holds. It should be a SPARQL 1.1 endpoint.") from e
    return out


def _rows(address: str, query: str) -> list[ox.QuerySolution]:
    try:
        reply = ask(address, query)
    except BadQuery as e:
        raise Failure(f"{e}. It should be a SPARQL 1.1 endpoint that answers any query.") from e
    try:
        result = parsed(reply.body, reply.media)
        if isinstance(result, ox.QuerySolutions):
            return list(result)
    except (SyntaxError, ValueError, OSError) as e:
        raise Failure(f"{address} gave an answer that cannot be read: {e}. It should be a SPARQL 1.1 endpoint.") from e
    raise Failure(f"{address} answers with {reply.media} where rows were asked for.")


def _fresh(base: Path, counts: Contents) -> Path | None:
    """The mirror of last time, where the counts are the same and the checksums are young enough."""
    try:
        noted = json.loads((base / "noted.json").read_text())
        target = base / noted["mirror"]
        young = 0 <= time.time() - noted["at"] < float(os.environ.get("KG_ENDPOINT_FRESH") or FRESH)
        same = noted["counts"] == {g: held.triples for g, held in counts.items()}
        return target if young and same and noted["mirror"] == _key_of(noted["sums"]) and target.is_dir() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(base: Path, sums: Contents, target: Path) -> None:
    noted = {
        "at": time.time(),
        "mirror": target.name,
        "counts": {g: held.triples for g, held in sums.items()},
        "sums": {g: held.check for g, held in sums.items()},
    }
    aside = base / f"noted.{os.getpid()}"
    aside.write_text(json.dumps(noted))
    aside.replace(base / "noted.json")
    for old in sorted((p for p in base.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        if old != target and not old.name.startswith("."):
            shutil.rmtree(old, ignore_errors=True)


def _key(sums: Contents) -> str:
    return _key_of({g: held.check for g, held in sums.items()})


def _key_of(sums: Mapping[str, int | None]) -> str:
    """What a mirror is called: it hangs on the checksums, and on what of the program's own lies beside the triples."""
    from kg.read.files import beside_triples

    return f"{zlib.crc32(repr(sorted(sums.items())).encode()):08x}{zlib.crc32(repr(beside_triples()).encode()):08x}"


def _fetch(address: str, sums: Contents, target: Path) -> None:
    base = target.parent
    base.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".reading-", dir=base))
    try:
        _beside(aside)
        total = sum(held.triples for held in sums.values())
        if total > MOST:
            raise InputError(f"{address} holds {total:,} triples in its default graph, which is not this graph alone.")
        tell = _Progress(address, total)
        for page in _pages(sums):
            for graph, lines in _page(address, page, sums).items():
                path = aside / f"{graph or WHOLE}.ttl"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(lines), encoding="utf-8")
                tell(len(lines))
        if DEFAULT in sums:
            _part(address, aside)
        if contents(address, checks=True) != sums:
            raise Failure(f"{address} changed while it was read. Ask again.")
        if not target.is_dir():  # else somebody else finished first
            aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _beside(folder: Path) -> None:
    """What belongs to the program and stands in no store: shapes, rules, questions, mappings, cases."""
    from kg.read.files import shipped_home

    home = shipped_home()
    shutil.copytree(home / "ontology", folder / "ontology", ignore=shutil.ignore_patterns("backleg.ttl"))
    shutil.copytree(home / "data", folder / "data", ignore=shutil.ignore_patterns("*.ttl"))


def _pages(sums: Contents) -> Iterator[list[str]]:
    """Graphs, as many at a time as make up a page: a blank node means the same within one answer only."""
    page: list[str] = []
    size = 0
    for graph in sorted(sums):
        if page and size + sums[graph].triples > PAGE:
            yield page
            page, size = [], 0
        page.append(graph)
        size += sums[graph].triples
    if page:
        yield page


def _page(address: str, graphs: Iterable[str], sums: Contents) -> dict[str, list[str]]:
    wanted = list(graphs)
    if wanted == [DEFAULT]:
        query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    else:
        names = " ".join(f"<{GRAPHS}{g}>" for g in wanted)
        query = f"SELECT ?g ?s ?p ?o {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    out: dict[str, list[str]] = {g: [] for g in wanted}
    for row in _rows(address, query):
        graph = DEFAULT if wanted == [DEFAULT] else row["g"].value.removeprefix(GRAPHS)
        out[graph].append(f"{row['s']} {row['p']} {row['o']} .\n")
    for graph, lines in out.items():
        if len(lines) != sums[graph].triples:
            where = f"its graph {graph}" if graph else "its default graph"
            raise Failure(
                f"{address} gave {len(lines):,} of the {sums[graph].triples:,} triples in {where}: "
                "it cuts answers off. Raise its limit of rows, or load what `kg export nquads` writes."
            )
    return out


def _part(address: str, folder: Path) -> None:
    """Put what a default graph says of the ontology into a file of its own, as every other part expects it.

    Raises:
        InputError: the graph states what follows as well, so that nobody could tell which links somebody wrote.
    """
    from kg.read.turtle import read_file

    whole = folder / f"{WHOLE}.ttl"
    said = read_file(whole).triples
    links = {(s, p, o) for s, p, o in said if isinstance(o, str)}
    pairs = [(s, o) for s, p, o in links if p == OWL + "inverseOf"]
    other = dict(pairs) | {b: a for a, b in pairs}
    turned = [(o, other[p], s) for s, p, o in links if p in other]
    if turned and sum(t in links for t in turned) > 0.9 * len(turned):
        raise InputError(
            f"{address} holds what is written and what follows in one graph, and they cannot be told apart. "
            "Load what `kg export nquads` writes, or `kg export turtle --asserted`."
        )
    terms = {s for s, _, _ in said if s.startswith((BL, ONTOLOGY))}
    inner = {o for s, _, o in links if s in terms and o.startswith("_:")}
    while more := {o for s, _, o in links if s in inner and o.startswith("_:")} - inner:
        inner |= more
    for path, own in ((folder / "ontology" / "backleg.ttl", True), (whole, False)):
        triples = [t for t in said if (t[0] in terms or t[0] in inner) == own]
        path.write_bytes(ox.serialize((ox.Triple(*as_terms(t)) for t in triples), format=ox.RdfFormat.N_TRIPLES) or b"")


class _Progress:
    """A line on standard error for whoever waits longer than two seconds."""

    def __init__(self, address: str, total: int) -> None:
        self.address, self.total, self.read = address, total, 0
        self.told = time.monotonic()

    def __call__(self, more: int) -> None:
        self.read += more
        if time.monotonic() - self.told > PATIENCE:
            self.told = time.monotonic()
            print(f"reading {self.address}: {self.read:,} of {self.total:,} triples …", file=sys.stderr)
