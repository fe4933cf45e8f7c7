"""SPARQL over asserted and entailed triples, in a process of its own that is ended at the time limit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from kg.errors import BadQuery, Failure, QueryTimeout
from kg.read.cache import rebuild, store_path
from kg.read.names import PREFIXES

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples", "json-ld")
MEDIA = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "json-ld": "application/ld+json",
}
DEFAULT_SECONDS = 30.0
MAX_SECONDS = 3600.0
BAD, DAMAGED = 3, 4  # exit codes of the worker
# Comments, strings and addresses: what stands in them is no keyword.
BESIDE = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*')
MAX_QUERY = 200_000


def with_prefixes(query: str) -> str:
    r"""The query, with lines for the known prefixes it uses but does not declare.

    >>> with_prefixes("ASK { ?c a bl:Condition }")
    'PREFIX bl: <https://w3id.org/backleg-pain/ontology#>\nASK { ?c a bl:Condition }'
    """
    bare = BESIDE.sub(lambda m: "<>" if m[0].startswith("<") else " ", query)
    declared = {m.lower() for m in re.findall(r"(?i)\bprefix\s+([\w-]*):", bare)}
    needed = [p for p in PREFIXES if p not in declared and re.search(rf"(?<![\w<]){p}:", bare)]
    return "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in needed) + query


def run_query(query: str, form: str, seconds: float = DEFAULT_SECONDS) -> str:
    """Run a query on the shipped graph and return the result as text in one of `FORMATS`.

    Raises:
        BadQuery: the query does not parse, is an update, or its result has no such format.
        QueryTimeout: it took longer than `seconds` and was ended.
        Failure: the engine broke.
    """
    if form not in FORMATS:
        raise BadQuery(f"“{form}” is no result format. Choose one of: {', '.join(FORMATS)}.")
    if len(query) > MAX_QUERY:
        raise BadQuery(f"The query is longer than {MAX_QUERY:,} characters.")
    if not 0 < seconds <= MAX_SECONDS:
        raise BadQuery(f"The timeout must be above 0 and at most {MAX_SECONDS:g} seconds, not {seconds:g}.")
    if re.search(r"(?i)\bservice\b", BESIDE.sub(" ", query)):
        raise BadQuery("SERVICE is not allowed here: a query asks this graph and no other server.")
    done = _in_a_worker(query, form, seconds)
    if done.returncode == DAMAGED:
        rebuild()
        done = _in_a_worker(query, form, seconds)
    if done.returncode == BAD:
        raise BadQuery(_placed(done.stderr.strip(), with_prefixes(query).count("\n") - query.count("\n")))
    if done.returncode != 0:
        raise Failure(f"The query engine stopped: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return str(done.stdout)


def _placed(message: str, added: int) -> str:
    """The message with its line counted in the query as it was written, without the lines put before it."""
    return re.sub(r"\bat (\d+):", lambda m: f"at {max(1, int(m[1]) - added)}:", message)


def _in_a_worker(query: str, form: str, seconds: float) -> subprocess.CompletedProcess[str]:
    job = {"store": str(store_path()), "query": with_prefixes(query), "form": form, "seconds": seconds}
    worker = [sys.executable, "-m", "kg.read.sparql_worker"]
    package = Path(__file__).parent.parent.parent
    try:
        return subprocess.run(
            worker,
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            encoding="utf-8",
            cwd=package,
        )
    except subprocess.TimeoutExpired as e:
        raise QueryTimeout(
            f"The query took longer than {seconds:g} s and was ended. Add a LIMIT, or give it longer with --timeout."
        ) from e


def run_remote(query: str, form: str, endpoint: str, seconds: float = DEFAULT_SECONDS) -> str:
    """Run a query on a SPARQL 1.1 endpoint by POST.

    Raises:
        BadQuery: the address is not http(s), or the endpoint refuses the query.
        QueryTimeout: no answer in time.
        Failure: the endpoint cannot be reached.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.parse import urlencode
    from urllib.request import Request, urlopen

    if form not in FORMATS:
        raise BadQuery(f"“{form}” is no result format. Choose one of: {', '.join(FORMATS)}.")
    if not re.fullmatch(r"https?://[^\s/]+\S*", endpoint):
        raise BadQuery(f"“{endpoint[:120]}” is no endpoint address; it must start with http:// or https://.")
    media = MEDIA["csv" if form == "table" else form]
    body = urlencode({"query": with_prefixes(query)}).encode()
    head = {"Accept": media, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        request = Request(endpoint, data=body, headers=head)
    except ValueError as e:
        raise BadQuery(f"“{endpoint[:120]}” is no endpoint address: {e}.") from e
    try:
        with urlopen(request, timeout=seconds) as answer:
            return str(answer.read().decode("utf-8"))
    except HTTPError as e:
        raise BadQuery(
            f"{endpoint} refused the query ({e.code}): {e.read(300).decode('utf-8', 'replace').strip()}"
        ) from e
    except TimeoutError as e:
        raise QueryTimeout(f"{endpoint} did not answer within {seconds:g} s.") from e
    except (URLError, HTTPException, ValueError, OSError) as e:
        raise Failure(f"{endpoint} cannot be reached: {getattr(e, 'reason', e)}.") from e
