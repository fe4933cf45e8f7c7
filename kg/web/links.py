"""Addresses of pages, always relative, so that the same templates work under a server, in a folder and on a stick."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from kg.read.names import BL, ID


@dataclass(frozen=True, slots=True)
class Links:
    """How one page points to the others.

    Attributes:
        here: address of the page itself, without its ending, such as `id/sciatic-nerve`; empty for the start.
        static: whether pages are files; then each has an ending.
        version: of program and data, so that a browser asks anew after a change.

    >>> Links("id/sciatic-nerve").page("claims")
    '../claims'
    >>> Links("id/sciatic-nerve", static=True).page("")
    '../index.html'
    """

    here: str = ""
    static: bool = False
    version: str = ""

    @property
    def root(self) -> str:
        """The way up to the first page's folder."""
        return "../" * self.here.count("/") or "./"

    def page(self, address: str, query: object = None) -> str:
        """Where a page lies, seen from here.

        Args:
            query: pairs of name and value, for pages that a server answers.
        """
        if self.static:
            return self._to(f"{address or 'index'}.html")
        return self._to(address) + (f"?{urlencode(query)}" if query else "")  # type: ignore[arg-type]

    def file(self, address: str) -> str:
        """Where a file lies, such as a JSON twin."""
        return self._to(address)

    def asset(self, name: str) -> str:
        """Where a script, a stylesheet or a table of names lies."""
        return self._to(f"static/{name}") + (f"?v={self.version}" if self.version and not self.static else "")

    def thing(self, iri: str) -> str:
        """Where the page of a thing lies; the address itself for what is none of ours."""
        own = address_of(iri)
        return iri if own is None else self.page(own)

    def _to(self, address: str) -> str:
        up = self.root
        return (up if up != "./" else "./" if not address else "") + quote(address, safe="/-._~")


def address_of(iri: str) -> str | None:
    """The address of a thing's page, or None for what is none of ours.

    >>> address_of("https://w3id.org/backleg-pain/id/l5-nerve-root")
    'id/l5-nerve-root'
    """
    if iri.startswith(ID) and len(iri) > len(ID):
        return "id/" + iri[len(ID) :]
    if iri.startswith(BL) and len(iri) > len(BL):
        # Classes apart from properties: not every disk tells `Measure` from `measure`.
        return ("ontology/class/" if iri[len(BL)].isupper() else "ontology/") + iri[len(BL) :]
    return None
