"""A request → what is asked, by the rules of the SPARQL 1.1 Protocol. Knows nothing of sockets."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl

from kg.read.sparql import MAX_QUERY, refused

MAX_BODY = 4 * MAX_QUERY  # bytes
FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
READ_ONLY = "This endpoint only answers questions: updates are refused."
Pairs = list[tuple[str, str]]


class Asked(NamedTuple):
    """A query with the graphs it is about.

    Attributes:
        form: a format that the address asks for by name (`format=csv`), for clients that cannot set a header.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    form: str = ""


class Fault(Exception):
    """A request that is answered with an error.

    Attributes:
        status: HTTP status code.
        title: its kind in a few words.
    """

    def __init__(self, status: int, title: str, detail: str) -> None:
        self.status, self.title, self.detail = status, title, detail
        super().__init__(detail)


def asked(method: str, address: bytes, content_type: str = "", body: bytes = b"") -> Asked | None:
    """What a request asks; None where it asks nothing and so gets the description of the service.

    Args:
        address: the query string of the address, as sent.

    Raises:
        Fault: it breaks a rule of the protocol, or may not be run.

    >>> asked("GET", b"query=ASK%20%7B%7D").query
    'ASK {}'
    """
    pairs = _pairs(address)
    if method in ("GET", "HEAD"):
        if not pairs:
            return None
        return _one(pairs, pairs)
    kind, _, rest = content_type.partition(";")
    kind = kind.strip().lower()
    charset = rest.lower().partition("charset=")[2].strip(' "') or "utf-8"
    if kind not in (FORM, DIRECT, UPDATE):
        raise Fault(415, "Unsupported media type", f"POST takes {FORM} or {DIRECT}, not “{kind[:80] or 'nothing'}”.")
    if len(body) > MAX_BODY:
        raise Fault(413, "Too much text", f"The request is longer than {MAX_BODY:,} bytes.")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Fault(415, "Unsupported encoding", f"A query is sent in UTF-8, not in {charset[:40]}.")
    if kind == UPDATE:
        raise Fault(403, "Read-only", READ_ONLY)
    if kind == FORM:
        inside = _pairs(body)
        return _one(inside, pairs + inside)
    return _one([*pairs, ("query", _text(body))], pairs)


def _one(pairs: Pairs, about: Pairs) -> Asked:
    queries = [v for k, v in pairs if k == "query"]
    if any(k in ("update", "using-graph-uri", "using-named-graph-uri") for k, _ in pairs):
        raise Fault(403, "Read-only", READ_ONLY)
    if len(queries) != 1:
        raise Fault(400, "Bad request", f"One query is asked at a time; this request has {len(queries) or 'none'}.")
    if why := refused(queries[0]):
        raise Fault(403, "Refused", why)
    default, named = (
        tuple(v for k, v in about if k == name and v) for name in ("default-graph-uri", "named-graph-uri")
    )
    return Asked(queries[0], default, named, next((v.lower() for k, v in about if k == "format"), ""))


def _pairs(text: bytes) -> Pairs:
    try:
        return parse_qsl(
            text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100, encoding="utf-8"
        )
    except UnicodeDecodeError as e:
        raise Fault(400, "Bad request", "The request is not text in UTF-8, percent-encoded.") from e
    except ValueError as e:
        raise Fault(400, "Bad request", "The request has more than 100 parameters.") from e


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise Fault(400, "Bad request", "The query is not text in UTF-8.") from e
