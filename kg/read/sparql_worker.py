"""The query engine in a process of its own: jobs come in, results go out, and nothing else can be reached.

The first line on standard input says where the store lies and how much memory may be used. Every further line is a
job; the reply is a line of JSON, followed by as many bytes as it says. Once the store is open, the process gives up
the right to open anything: a query reads no file and reaches no network, whatever it contains.
"""

from __future__ import annotations

import json
import math
import signal
import sys
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.read.names import PREFIXES
from kg.read.results import Mismatch, TooLarge, serialised


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
        result = store.query(job["query"], prefixes=PREFIXES, **dataset(job))
        form, body = serialised(result, job["rows_as"], job["triples_as"], job.get("rows"), job.get("bytes"))
    except SyntaxError as e:
        return {"fault": "query", "message": f"The query is not valid SPARQL: {e}"}, b""
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
