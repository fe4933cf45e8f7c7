"""SPARQL over asserted and entailed triples, in a process of its own that is ended at the time limit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from kg.errors import BadQuery, Failure, QueryTimeout
from kg.read.cache import store_path
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
MAX_QUERY = 200_000


def with_prefixes(query: str) -> str:
    r"""The query, with lines for the known prefixes it uses but does not declare.

    >>> with_prefixes("ASK { ?c a bl:Condition }")
    'PREFIX bl: <https://w3id.org/backleg-pain/ontology#>\nASK { ?c a bl:Condition }'
    """
    declared = {m.lower() for m in re.findall(r"(?i)\bprefix\s+([\w-]*):", query)}
    needed = [p for p in PREFIXES if p not in declared and re.search(rf"(?<![\w<]){p}:", query)]
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
    job = json.dumps({"store": str(store_path()), "query": with_prefixes(query), "form": form})
    worker = [sys.executable, "-m", "kg.read.sparql_worker"]
    place = {"cwd": str(Path(__file__).parent.parent.parent)}
    try:
        done = subprocess.run(
            worker,
            input=job,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            encoding="utf-8",
            **place,
        )  # type: ignore[call-overload]
    except subprocess.TimeoutExpired as e:
        raise QueryTimeout(
            f"The query took longer than {seconds:g} s and was ended. Add a LIMIT, or give it longer with --timeout."
        ) from e
    if done.returncode == 3:
        raise BadQuery(done.stderr.strip())
    if done.returncode != 0:
        raise Failure(f"The query engine stopped: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return str(done.stdout)


def run_remote(query: str, form: str, endpoint: str, seconds: float = DEFAULT_SECONDS) -> str:
    """Run a query on a SPARQL 1.1 endpoint by POST.

    Raises:
        BadQuery: the address is not http(s), or the endpoint refuses the query.
        QueryTimeout: no answer in time.
        Failure: the endpoint cannot be reached.
    """
    from urllib.error import HTTPError, URLError
    from urllib.parse import urlencode
    from urllib.request import Request, urlopen

    if not endpoint.startswith(("http://", "https://")):
        raise BadQuery(f"“{endpoint}” is no endpoint address; it must start with http:// or https://.")
    media = MEDIA["csv" if form == "table" else form]
    body = urlencode({"query": with_prefixes(query)}).encode()
    request = Request(
        endpoint, data=body, headers={"Accept": media, "Content-Type": "application/x-www-form-urlencoded"}
    )
    try:
        with urlopen(request, timeout=seconds) as answer:
            return str(answer.read().decode("utf-8"))
    except HTTPError as e:
        raise BadQuery(
            f"{endpoint} refused the query ({e.code}): {e.read(300).decode('utf-8', 'replace').strip()}"
        ) from e
    except TimeoutError as e:
        raise QueryTimeout(f"{endpoint} did not answer within {seconds:g} s.") from e
    except URLError as e:
        raise Failure(f"{endpoint} cannot be reached: {e.reason}.") from e
