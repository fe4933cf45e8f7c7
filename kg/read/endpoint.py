"""A SPARQL 1.1 endpoint somewhere else: one query there, one result back, and what can go wrong in plain words.

Credentials come from the environment alone (`KG_ENDPOINT_USER` and `KG_ENDPOINT_PASSWORD`, or `KG_ENDPOINT_TOKEN`) and
are sent to the address that was named and to no other: a redirection is told, not followed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple
from urllib.request import Request

from kg.errors import BadQuery, Failure, InputError, QueryTimeout

ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
ROWS_OR_TRIPLES = f"{ROWS}, application/n-triples;q=0.7, text/turtle;q=0.6, application/rdf+xml;q=0.5"
CHUNK = 1 << 16
SECONDS = 120.0
PATIENCE = 2.0
CREDENTIALS = "Set KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, or KG_ENDPOINT_TOKEN, to what it asks for."


class Reply(NamedTuple):
    """What an endpoint answered.

    Attributes:
        media: the type it gives, such as `application/sparql-results+json`.
    """

    media: str
    body: bytes


def checked(address: str) -> str:
    """The address of an endpoint.

    Raises:
        InputError: it is none, or carries a name or password.
    """
    if not re.fullmatch(r"https?://[^\s/]+\S*", address):
        raise InputError(f"“{address[:120]}” is no endpoint address; it must start with http:// or https://.")
    if "@" in address.split("/")[2]:
        raise InputError(f"Leave name and password out of the endpoint's address. {CREDENTIALS}")
    return address


def ask(address: str, query: str, accept: str = ROWS, seconds: float | None = None) -> Reply:
    """Send a query by POST and read the whole answer.

    Raises:
        InputError: the address is none, is not that of an endpoint, or the credentials are refused.
        BadQuery: the endpoint does not accept the query.
        QueryTimeout: the answer was not there within `seconds` (`KG_ENDPOINT_SECONDS`, or two minutes).
        Failure: it cannot be reached, broke off, or reports a fault of its own.
    """
    limit = float(os.environ.get("KG_ENDPOINT_SECONDS") or SECONDS) if seconds is None else seconds
    request, opener = _request(checked(address), query, accept), _opener(address)
    with _told(address, limit), _patience(address), opener.open(request, None, limit) as answer:
        media = str(answer.headers.get_content_type())
        body = _read(answer, time.monotonic() + limit)
    if media in ("text/html", "application/xhtml+xml"):
        raise InputError(
            f"{address} answers with a web page and is no SPARQL endpoint. "
            "The address of one often ends in /sparql or /query."
        )
    return Reply(media, body)


def _read(answer: IO[bytes], deadline: float) -> bytes:
    parts = []
    while chunk := answer.read(CHUNK):
        parts.append(chunk)
        if time.monotonic() > deadline:  # a trickle never lets a socket's own limit run out
            raise TimeoutError
    return b"".join(parts)


def _request(address: str, query: str, accept: str) -> Request:
    from base64 import b64encode
    from urllib.parse import urlencode

    head = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "backleg-kg"}
    try:
        request = Request(address, data=urlencode({"query": query}).encode(), headers=head)
    except ValueError as e:
        raise InputError(f"“{address[:120]}” is no endpoint address: {e}.") from e
    user, password, token = (os.environ.get(f"KG_ENDPOINT_{k}") for k in ("USER", "PASSWORD", "TOKEN"))
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    elif user:
        basic = b64encode(f"{user}:{password or ''}".encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {basic}")
    return request


def _opener(address: str) -> Any:
    from urllib.request import HTTPDigestAuthHandler, HTTPPasswordMgrWithDefaultRealm, HTTPRedirectHandler, build_opener

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object, **__: object) -> None:
            return None

    known = HTTPPasswordMgrWithDefaultRealm()
    if user := os.environ.get("KG_ENDPOINT_USER"):  # Basic is sent at once; Digest answers what a server asks
        known.add_password(None, address, user, os.environ.get("KG_ENDPOINT_PASSWORD", ""))
    return build_opener(Stay, HTTPDigestAuthHandler(known))


@contextmanager
def _patience(address: str) -> Iterator[None]:
    """A word on standard error for whoever waits."""
    word = threading.Timer(PATIENCE, print, (f"waiting for {address} …",), {"file": sys.stderr})
    word.daemon = True
    word.start()
    try:
        yield
    finally:
        word.cancel()


@contextmanager
def _told(address: str, limit: float) -> Iterator[None]:
    """What goes wrong on the way, as errors for people."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError

    try:
        yield
    except HTTPError as e:
        raise _refusal(address, e.code, e.headers.get("Location"), e.read(4000)) from e
    except TimeoutError as e:
        raise _late(address, limit) from e
    except (URLError, HTTPException, ValueError, OSError) as e:
        reason = getattr(e, "reason", e)
        if isinstance(reason, TimeoutError):
            raise _late(address, limit) from e
        raise Failure(f"{address} cannot be reached: {str(reason) or type(reason).__name__}.") from e


def _late(address: str, limit: float) -> QueryTimeout:
    return QueryTimeout(f"{address} did not answer within {limit:g} s.")


def _reason(body: bytes) -> str:
    """What an error says in words: those of application/problem+json (RFC 9457) where it is one."""
    text = body.decode("utf-8", "replace")
    try:
        problem = json.loads(text)
        return f"{problem['title']}: {problem['detail']}"
    except (ValueError, TypeError, KeyError):
        return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def _refusal(address: str, code: int, moved: str | None, body: bytes) -> Exception:
    said = _reason(body)[:300]
    if code in (401, 403, 407):
        return InputError(f"{address} refuses these credentials ({code}). {CREDENTIALS}")
    if 300 <= code < 400:
        return InputError(f"{address} has moved to {moved or 'another place'}: name that address.")
    if code in (404, 405, 410, 501):
        return InputError(
            f"{address} is no SPARQL endpoint ({code}). The address of one often ends in /sparql or /query."
        )
    if code in (408, 504):
        return QueryTimeout(f"{address} gave up for want of time ({code}): {said}")
    if 400 <= code < 500:
        return BadQuery(f"{address} refused the query ({code}): {said}")
    return Failure(f"{address} reports a fault of its own ({code}): {said}")
