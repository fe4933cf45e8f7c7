"""SPARQL over asserted and entailed triples, in a process of its own that is ended at the time limit."""

from __future__ import annotations

import re

from kg.errors import BadQuery, Failure, UnsuitableFormat
from kg.read.names import PREFIXES
from kg.read.sparql_pool import Job, ask_once

OF_ROWS = ("table", "csv", "tsv", "json", "xml")
OF_TRIPLES = ("table", "turtle", "ntriples", "json-ld", "xml")
FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples", "json-ld")
DEFAULT_SECONDS = 30.0
MAX_SECONDS = 3600.0
# Comments, strings and addresses: what stands in them is no keyword.
BESIDE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''|'(?:[^'\\\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\s]*>|#[^\n]*',
    re.DOTALL,
)
# The keyword, and no variable, prefix or name of a thing.
SERVICE = re.compile(r"(?i)(?<![\w?$:@-])service(?![\w:-])")
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


def refused(query: str) -> str:
    """Why a query is not run at all; empty for one that may be.

    >>> refused("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    'SERVICE is not allowed here: a query asks this graph and no other server.'
    >>> refused("SELECT ?service { ?service rdfs:label 'service' }")
    ''
    """
    if len(query) > MAX_QUERY:
        return f"The query is longer than {MAX_QUERY:,} characters."
    if SERVICE.search(BESIDE.sub(" ", _unescaped(query))):
        return "SERVICE is not allowed here: a query asks this graph and no other server."
    return ""


def _unescaped(query: str) -> str:
    """The query with letters written as code points put in, as SPARQL does before it reads anything else."""

    def letter(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 else match[0]

    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", letter, query)


def run_query(query: str, form: str, seconds: float = DEFAULT_SECONDS) -> str:
    """Run a query on the shipped graph and return the result as text in one of `FORMATS`.

    Raises:
        BadQuery: the query does not parse, is an update, or its result has no such format.
        QueryTimeout: it took longer than `seconds` and was ended.
        Failure: the engine broke.
    """
    if form not in FORMATS:
        raise BadQuery(f"“{form}” is no result format. Choose one of: {', '.join(FORMATS)}.")
    if not 0 < seconds <= MAX_SECONDS:
        raise BadQuery(f"The timeout must be above 0 and at most {MAX_SECONDS:g} seconds, not {seconds:g}.")
    if why := refused(query):
        raise BadQuery(why)
    rows_as = form if form in OF_ROWS else None
    triples_as = form if form in OF_TRIPLES else None
    try:
        return ask_once(Job(query, rows_as, triples_as, seconds)).body.decode()
    except UnsuitableFormat as e:
        raise UnsuitableFormat(f"{form} does not suit. {e}") from e


def run_remote(query: str, form: str, endpoint: str, seconds: float = DEFAULT_SECONDS) -> str:
    """Run a query on a SPARQL 1.1 endpoint and return the result as `run_query` would.

    Raises:
        InputError: the address is not that of an endpoint, or credentials are refused.
        BadQuery: the endpoint refuses the query, or its result has no such format.
        QueryTimeout: no answer in time.
        Failure: the endpoint cannot be reached, or its answer cannot be read.
    """
    from kg.read.endpoint import ROWS_OR_TRIPLES, ask
    from kg.read.results import Mismatch, parsed, serialised

    if form not in FORMATS:
        raise BadQuery(f"“{form}” is no result format. Choose one of: {', '.join(FORMATS)}.")
    reply = ask(endpoint, with_prefixes(query), ROWS_OR_TRIPLES, seconds)
    rows_as, triples_as = (form if form in some else None for some in (OF_ROWS, OF_TRIPLES))
    try:
        return serialised(parsed(reply.body, reply.media), rows_as, triples_as)[1].decode()
    except Mismatch as e:
        raise UnsuitableFormat(f"{form} does not suit. {e}") from e
    except (SyntaxError, ValueError, OSError) as e:
        raise Failure(f"{endpoint} gave an answer that cannot be read: {e}.") from e
