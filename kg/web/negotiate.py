"""Which of several formats a client wants most, by its Accept header (RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

# Media types that each format answers to; the first is the one it is sent as.
ROWS: dict[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json", "text/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
TRIPLES: dict[str, tuple[str, ...]] = {
    "turtle": ("text/turtle", "application/x-turtle", "text/n3", "application/trig"),
    "ntriples": ("application/n-triples", "text/plain"),
    "json-ld": ("application/ld+json", "application/json"),
    "xml": ("application/rdf+xml", "application/xml", "text/xml"),
}
TEXTUAL = ("text/csv", "text/tab-separated-values", "text/turtle")


class Wanted(NamedTuple):
    """One media range of an Accept header."""

    kind: str
    quality: float

    def fit(self, media: str) -> int:
        """How exactly it names a media type: 3 fully, 2 by its first half, 1 by a star, 0 not at all."""
        if self.kind == media:
            return 3
        if self.kind.endswith("/*") and self.kind != "*/*" and media.startswith(self.kind[:-1]):
            return 2
        return int(self.kind == "*/*")


def accepted(header: str) -> tuple[Wanted, ...]:
    """The media ranges of an Accept header; an empty header takes anything.

    >>> accepted("text/csv;q=0.5, */*;q=0.1")
    (Wanted(kind='text/csv', quality=0.5), Wanted(kind='*/*', quality=0.1))
    """
    out = []
    for part in header.split(",")[:100]:
        kind, *parameters = (p.strip().lower() for p in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                quality = _number(value)
        if kind:
            out.append(Wanted(kind, quality))
    return tuple(out) or (Wanted("*/*", 1.0),)


def _number(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0


def quality(wanted: tuple[Wanted, ...], media: str) -> tuple[float, int]:
    """How much a media type is wanted (the range that names it most exactly decides), and how exactly it was named."""
    fit, value = max(((w.fit(media), w.quality) for w in wanted), default=(0, 0.0))
    return (value, fit) if fit else (0.0, 0)


def best(header: str, formats: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """The format wanted most and the media type to send it as; None where none is acceptable.

    Where a client does not care, the first format is taken.

    >>> best("application/json", ROWS)
    ('json', 'application/json')
    >>> best("text/csv;q=0.2, application/sparql-results+xml", ROWS)
    ('xml', 'application/sparql-results+xml')
    >>> best("image/png", ROWS) is None
    True
    """
    wanted = accepted(header)
    ranked = [
        (value, fit, -place, form, media)
        for place, (form, medias) in enumerate(formats.items())
        for media in medias
        for value, fit in (quality(wanted, media),)
        if fit == 3 or media == medias[0]  # a star means the name by which a format is sent
    ]
    top = max(ranked, key=lambda r: (r[0], r[1], r[2], r[4] == formats[r[3]][0]))
    if top[0] <= 0:
        return None
    return top[3], top[4] if top[1] == 3 else formats[top[3]][0]


def wants_page(header: str) -> bool:
    """Whether a person's browser asks: HTML is named, and no format of data is wanted more.

    >>> wants_page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), wants_page("*/*")
    (True, False)
    """
    wanted = accepted(header)
    page, fit = quality(wanted, "text/html")
    data = [m for group in (ROWS, TRIPLES) for medias in group.values() for m in medias[:1]]
    return fit == 3 and page > 0 and all(page >= quality(wanted, m)[0] or quality(wanted, m)[1] < 3 for m in data)
