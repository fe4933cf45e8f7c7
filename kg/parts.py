"""The compiled parts of a graph, each read when it is first used: of the one that ships, or of one at an endpoint."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from kg.read import cache, origin

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    import networkx as nx

    from kg.reason.knowledge import Knowledge
    from kg.reason.lexicon import Lexicon


class Parts:
    """What every answer starts from.

    Args:
        endpoint: address of a SPARQL 1.1 endpoint that holds the graph; without it, that of the environment's
            `KG_ENDPOINT`, and where there is none, the shipped graph. Credentials come from `KG_ENDPOINT_USER` and
            `KG_ENDPOINT_PASSWORD`, or `KG_ENDPOINT_TOKEN`.

    Raises:
        kg.errors.InputError: the address is not that of an endpoint with this graph, or credentials are refused.
        kg.errors.QueryTimeout: it did not answer in time.
        kg.errors.Failure: it cannot be reached.
    """

    def __init__(self, endpoint: str | None = None) -> None:
        self.endpoint = endpoint or origin.endpoint()
        self._home: Path | None = None
        if endpoint:
            from kg.read.mirror import mirror

            self._home = mirror(endpoint)

    @cached_property
    def knowledge(self) -> Knowledge:
        """The compiled tables of the reasoning."""
        with origin.asking(self._home):
            return cast("Knowledge", cache.unpickled(cache.KNOWLEDGE))

    @cached_property
    def lexicon(self) -> Lexicon:
        """All names that phrases are matched against."""
        with origin.asking(self._home):
            return cast("Lexicon", cache.unpickled(cache.LEXICON))

    @cached_property
    def walk(self) -> nx.Graph:
        """The graph of things as a networkx graph; edges hold `cost` and `links`."""
        with origin.asking(self._home):
            return cast("nx.Graph", cache.unpickled(cache.WALK))

    @cached_property
    def names(self) -> sqlite3.Connection:
        """The catalogue of names and records."""
        with origin.asking(self._home):
            return cache.catalogue()
