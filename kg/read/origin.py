"""Which graph is asked: the one that ships, or the one behind a SPARQL endpoint.

A graph is a folder with `ontology/` and `data/`. For an endpoint it is a mirror of what the endpoint holds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

VARIABLE = "KG_ENDPOINT"
_chosen: ContextVar[Path | None] = ContextVar("home of the graph", default=None)


def endpoint() -> str | None:
    """The endpoint that every command asks, as `--endpoint` or the environment has it; None for what ships."""
    return os.environ.get(VARIABLE) or None


def chosen() -> Path | None:
    """The folder that `asking` chose."""
    return _chosen.get()


@contextmanager
def asking(home: Path | None) -> Iterator[None]:
    """Inside, the graph is the one in this folder; None leaves the choice as it is."""
    token = _chosen.set(home if home is not None else _chosen.get())
    try:
        yield
    finally:
        _chosen.reset(token)
