"""The SPARQL endpoint under load, beside rdflib-endpoint under the same load: `python tests/load.py`.

Sixteen clients ask one question after another for two minutes; one in twenty never ends by itself. Answers are
compared with those of the engine asked alone. A page is fetched beside it all the while. Linux only: memory is read
from /proc and counts the server with all its processes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
# Walks of nine steps in a dense network: there are too many to count, and counting them takes no memory.
STEP = "?x{} <https://w3id.org/backleg-pain/ontology#confusedWith> ?x{}"
NEVER = f"SELECT (COUNT(*) AS ?n) WHERE {{ {' . '.join(STEP.format(i, i + 1) for i in range(9))} }}"
ONE_IN = 20
GIVE_UP = 60.0  # seconds after which a client counts an answer as missing
PAGE_EVERY = 0.25
OURS = """
from starlette.applications import Starlette
from kg.web.sparql_door import routes
app = Starlette(routes=routes())
"""


class Seen(NamedTuple):
    """What became of one request."""

    what: str
    seconds: float


class Server(NamedTuple):
    """An endpoint to be loaded."""

    name: str
    command: list[str]
    port: int
    sparql: str
    page: str


def rows(body: bytes) -> Counter[tuple[tuple[str, str], ...]]:
    """Rows as a multiset; numbers by their value."""
    found = json.loads(body)["results"]["bindings"]
    return Counter(tuple(sorted((k, plain(v["value"])) for k, v in row.items())) for row in found)


def plain(text: str) -> str:
    """A number by its value, anything else as it is."""
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text


def questions() -> dict[str, Counter[tuple[tuple[str, str], ...]]]:
    """Query → its right answer: the competency questions whose rows do not depend on an order left open."""
    from kg.read.questions import all_questions
    from kg.read.sparql import run_query

    chosen = [q.text for q in all_questions() if q.kind == "select" and "GROUP_CONCAT" not in q.text]
    return {text: rows(run_query(text, "json").encode()) for text in chosen}


def ask(server: Server, query: str) -> tuple[int, bytes]:
    """One request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=GIVE_UP)
    try:
        body = urlencode({"query": query})
        head = {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", server.sparql, body, head)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def judge(status: int, body: bytes, right: Counter[tuple[tuple[str, str], ...]] | None) -> str:
    """One word for an answer; None is the answer of the query that never ends."""
    if right is None:
        ended = (503, b"Time limit"), (422, b"more memory than")
        return "ended, and said why" if any(status == s and w in body for s, w in ended) else f"never-ending: {status}"
    if status == 503:
        return "time limit" if b"Time limit" in body else "told to wait"
    if status != 200:
        return f"answered {status}"
    return "right" if rows(body) == right else "wrong"


def client(
    number: int, server: Server, asked: dict[str, Counter[tuple[tuple[str, str], ...]]], end: float
) -> list[Seen]:
    """Ask until the end."""
    chance = random.Random(number)
    seen = []
    while time.monotonic() < end:
        never = chance.randrange(ONE_IN) == 0
        query = NEVER if never else chance.choice(list(asked))
        began = time.monotonic()
        try:
            what = judge(*ask(server, query), None if never else asked[query])
        except TimeoutError:
            what = "never-ending: no answer" if never else "no answer"
        except (OSError, HTTPException):
            what = "never-ending: dropped" if never else "dropped"
        seen.append(Seen(what, time.monotonic() - began))
    return seen


def pages(server: Server, end: float) -> list[Seen]:
    """Fetch a page now and then."""
    seen = []
    while time.monotonic() < end:
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", server.port, timeout=GIVE_UP)
        try:
            connection.request("GET", server.page, headers={"Accept": "text/html"})
            what = str(connection.getresponse().status)
        except (OSError, HTTPException):
            what = "no answer"
        finally:
            connection.close()
        seen.append(Seen(what, time.monotonic() - began))
        time.sleep(PAGE_EVERY)
    return seen


def memory(root: int) -> int:
    """Bytes held by a process and all that descend from it: resident, with shared pages counted once for each."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parents[int(entry)] = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    family = {root}
    while more := {p for p, parent in parents.items() if parent in family} - family:
        family |= more
    total = 0
    for process in family:
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


def load(server: Server, asked: dict[str, Counter[tuple[tuple[str, str], ...]]], clients: int, seconds: float) -> None:
    """Start a server, load it, print what was seen."""
    process = subprocess.Popen(
        server.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for(server, process)
        end = time.monotonic() + seconds
        lists: list[list[Seen]] = [[] for _ in range(clients + 1)]

        def work(i: int) -> None:
            lists[i] = client(i, server, asked, end) if i < clients else pages(server, end)

        threads = [threading.Thread(target=work, args=(i,)) for i in range(clients + 1)]
        for thread in threads:
            thread.start()
        peak = 0
        while any(t.is_alive() for t in threads):
            peak = max(peak, memory(process.pid))
            time.sleep(0.2)
        report(server.name, [s for seen in lists[:-1] for s in seen], lists[-1], peak, clients, seconds)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Until it answers.

    Raises:
        SystemExit: it does not.
    """
    for _ in range(600):
        try:
            if ask(server, "ASK {}")[0] == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
        if process.poll() is not None:
            break
    raise SystemExit(f"{server.name} did not start: {' '.join(server.command)}")


def report(name: str, seen: list[Seen], page: list[Seen], peak: int, clients: int, seconds: float) -> None:
    """Print a table."""
    print(f"\n{name}: {clients} clients, {seconds:g} s, one query in {ONE_IN} never ends")
    for what, count in Counter(s.what for s in seen).most_common():
        print(f"  {count:>7}  {what}")
    print(f"  latency of right answers  {spread([s.seconds for s in seen if s.what == 'right'])}")
    print(f"  latency of a page         {spread([s.seconds for s in page if s.what == '200'])}")
    print(f"  pages not answered        {sum(s.what != '200' for s in page)} of {len(page)}")
    print(f"  memory peak               {peak / 1e6:.0f} MB", flush=True)


def spread(values: Iterable[float]) -> str:
    """Median, 95th percentile and maximum, in milliseconds."""
    found = sorted(values)
    if len(found) < 2:
        return "none"
    middle, high, most = (1e3 * v for v in (median(found), quantiles(found, n=20, method="inclusive")[-1], found[-1]))
    return f"median {middle:.0f} ms, p95 {high:.0f} ms, max {most:.0f} ms"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def other(folder: Path) -> Server:
    """rdflib-endpoint over the same triples, in an environment of its own."""
    from kg.read.export import export

    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "rdflib-endpoint[cli]"], check=True)
    (folder / "graph.nt").write_text(export("ntriples"), encoding="utf-8")
    port = free_port()
    command = [str(python.with_name("rdflib-endpoint")), "serve", str(folder / "graph.nt"), "--port", str(port)]
    return Server("rdflib-endpoint", command, port, "/", "/")


def main() -> None:
    """Load both, one after the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=16)
    options.add_argument("--seconds", type=float, default=120.0)
    options.add_argument("--alone", action="store_true", help="without rdflib-endpoint")
    given = options.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "ours.py").write_text(OURS)
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "ours:app", "--app-dir", place, "--port", str(port)]
        servers = [Server("this endpoint", [*command, "--log-level", "error"], port, "/sparql", "/query")]
        servers += [] if given.alone else [other(folder)]
        asked = questions()
        print(f"{len(asked)} questions with known answers, {os.cpu_count()} cores", flush=True)
        for server in servers:
            load(server, asked, given.clients, given.seconds)


if __name__ == "__main__":
    main()
