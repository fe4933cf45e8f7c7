"""The query engine in a process of its own: jobs come in, results go out, and nothing else can be reached.

The first line on standard input says where the store lies and how much memory may be used. Every further line is a
job; the reply is a line of JSON, followed by as many bytes as it says. Once the store is open, the process gives up
the right to open anything: a query reads no file and reaches no network, whatever it contains.
"""

from __future__ import annotations

import json
import math
import re
import signal
import sys
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.read.names import PREFIXES
from kg.read.results import Mismatch, TooLarge, serialised

BASE = "https://w3id.org/backleg-pain/id/"  # what addresses in a query are relative to


def seal(memory: int | None) -> None:
    """Give up opening files and sockets, and take no more memory than this (bytes), where the system knows how."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def dataset(job: dict[str, Any]) -> dict[str, Any]:
    """The graphs that the request names, as the engine takes them; nothing where it names none."""
    default, named = job.get("default_graphs") or [], job.get("named_graphs") or []
    if not default and not named:
        return {}
    return {
        "default_graph": [ox.NamedNode(g) for g in default],
        "named_graphs": [ox.NamedNode(g) for g in named],
    }


def answer(store: ox.Store, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The head of the reply, and its body."""
    try:
        result = store.query(job["query"], base_iri=BASE, prefixes=PREFIXES, **dataset(job))
        form, body = serialised(result, job["rows_as"], job["triples_as"], job.get("rows"), job.get("bytes"))
    except SyntaxError as e:
        return {"fault": "query", "message": placed(str(e), job["query"])}, b""
    except Mismatch as e:
        return {"fault": "format", "message": str(e)}, b""
    except TooLarge as e:
        return {"fault": "large", "message": str(e)}, b""
    except MemoryError:
        return {"fault": "memory", "message": "out of memory"}, b""
    except OSError as e:
        return {"fault": "damaged", "message": f"The triple store is damaged: {e}"}, b""
    except (ValueError, RuntimeError) as e:
        return {"fault": "query", "message": f"The query cannot be answered: {e}"}, b""
    kind = "triples" if isinstance(result, ox.QueryTriples) else "rows"
    return {"form": form, "kind": kind}, body


def placed(message: str, query: str) -> str:
    """What does not parse, with the place quoted; of the engine's list of what it expected, only sentences are kept.

    >>> placed("error at 1:6: expected [_]", "SELEC ?x")
    'The query is not valid SPARQL: line 1, column 6, at “SELEC”.'
    """
    found = re.match(r"error at (\d+):(\d+): ", message)
    if not found:
        return f"The query is not valid SPARQL: {message}"
    line, column = int(found[1]), int(found[2])
    text = (query.splitlines() or [""])[line - 1 : line]
    before, after = ("", "") if not text else (text[0][: column - 1], text[0][column - 1 :])
    near = (re.split(r"\s", before)[-1][-30:] + re.split(r"\s", after)[0][:30]) or before.strip()[-30:] or "its end"
    why = re.search(r"[A-Z][a-z]+(?: [A-Za-z]+){2,}", message)
    reason = f": {why[0]}" if why else ""
    return f"The query is not valid SPARQL: line {line}, column {column}, at “{near}”{reason}."


def reply(out: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    """Send a reply."""
    out.write(json.dumps({**head, "size": len(body)}).encode() + b"\n" + body)
    out.flush()


def main() -> None:
    """Take jobs until there are no more."""
    jobs, out = sys.stdin.buffer, sys.stdout.buffer
    start = json.loads(jobs.readline())
    try:
        store = ox.Store.read_only(start["store"])
    except OSError as e:
        jobs.readline()
        reply(out, {"fault": "damaged", "message": f"The triple store is damaged: {e}"})
        return
    seal(start.get("memory"))
    for line in jobs:
        job = json.loads(line)
        if hasattr(signal, "alarm"):  # ends this process even where the one that asked was killed first
            signal.alarm(math.ceil(job["seconds"]) + 1)
        head, body = answer(store, job)
        reply(out, head, body)
        if hasattr(signal, "alarm"):
            signal.alarm(0)


if __name__ == "__main__":
    main()
