"""A query result → text in a format, within limits of rows and bytes."""

from __future__ import annotations

import pyoxigraph as ox

from kg.read.names import PREFIXES, shorten

ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
TRIPLES = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "json-ld": ox.RdfFormat.JSON_LD,
    "xml": ox.RdfFormat.RDF_XML,
}
# What stands between two rows and never inside one, and how many rows there are without any: quotes, angle brackets
# and line ends in values are escaped (but for CSV, where a line end in a value counts as a row too).
ROW_MARKS = {"json": (b'"}},{"', 1), "xml": (b"<result>", 0), "csv": (b"\r\n", -1), "tsv": (b"\n", -1)}
Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Mismatch(Exception):
    """The result cannot be written in the format that was asked for."""


class TooLarge(Exception):
    """The result has more rows or bytes than allowed."""


class Bounded:
    """A file that takes so many rows and bytes and then refuses."""

    def __init__(self, mark: bytes, seen: int, rows: int | None, size: int | None) -> None:
        self.parts: list[bytes] = []
        self.mark, self.seen = mark, seen
        self.rows, self.size = rows, size
        self.length = 0
        self.tail = b""
        self.over = ""

    def write(self, chunk: bytes) -> int:
        """Keep a piece.

        Raises:
            OSError: it is one too many; `over` then says what of.
        """
        chunk = bytes(chunk)
        self.length += len(chunk)
        joined = self.tail + chunk  # a mark may lie across two pieces
        self.seen += joined.count(self.mark)
        self.tail = joined[-(len(self.mark) - 1) :] if len(self.mark) > 1 else b""
        if self.rows is not None and self.seen > self.rows:
            self.over = f"{self.rows:,} rows"
        elif self.size is not None and self.length > self.size:
            self.over = f"{self.size // 1_000_000:,} MB"
        if self.over:
            raise OSError("limit")
        self.parts.append(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Nothing waits."""


def parsed(body: bytes, media: str) -> Result:
    """The result of a query that another server answered.

    Raises:
        ValueError: the type is none of SPARQL's.
        SyntaxError: it is not what the type says.
    """
    rows = ox.QueryResultsFormat.from_media_type(media)
    if rows is not None:
        return ox.parse_query_results(body, format=rows)
    triples = ox.RdfFormat.from_media_type(media)
    if triples is None:
        raise ValueError(f"its type is {media}, which no SPARQL endpoint gives")
    store = ox.Store()
    store.bulk_load(body, format=triples)
    return store.query("CONSTRUCT WHERE { ?s ?p ?o }")


def serialised(
    result: Result,
    rows_as: str | None,
    triples_as: str | None,
    most_rows: int | None = None,
    most_bytes: int | None = None,
) -> tuple[str, bytes]:
    """The format used, and the result in it.

    Args:
        rows_as: format for rows and truths, one of `ROWS` or `table`; None where none will do.
        triples_as: the same for triples, one of `TRIPLES`.

    Raises:
        Mismatch: no format for what the query gives.
        TooLarge: more rows, triples or bytes than allowed.
    """
    triples = isinstance(result, ox.QueryTriples)
    form = triples_as if triples else rows_as
    if form is None:
        raise Mismatch(
            f"This query gives triples; ask for one of: {', '.join(TRIPLES)}."
            if triples
            else f"This query gives rows or a truth; ask for one of: {', '.join(ROWS)}."
        )
    if form == "table" and not triples:
        return form, (table(result) if isinstance(result, ox.QuerySolutions) else truth(result)).encode()
    out = Bounded(*((b"\n", 0) if triples else ROW_MARKS[form]), None if triples else most_rows, most_bytes)
    try:
        if isinstance(result, ox.QueryTriples):
            form = "turtle" if form == "table" else form
            prefixes = PREFIXES if form in ("turtle", "xml", "json-ld") else None
            ox.serialize(_few(result, most_rows), out, format=TRIPLES[form], prefixes=prefixes)  # type: ignore[arg-type]
        else:
            result.serialize(out, format=ROWS[form])  # type: ignore[arg-type]
    except OSError as e:
        if out.over:
            raise TooLarge(out.over) from e
        raise
    return form, b"".join(out.parts)


def _few(result: ox.QueryTriples, most: int | None) -> list[ox.Triple]:
    found: dict[ox.Triple, None] = {}
    for triple in result:
        found[triple] = None
        if most is not None and len(found) > most:
            raise TooLarge(f"{most:,} triples")
    return list(found)


def truth(result: object) -> str:
    """Yes or no."""
    return "yes\n" if result else "no\n"


def table(result: ox.QuerySolutions) -> str:
    """Rows in aligned columns."""
    names = [v.value for v in result.variables]
    rows = [
        [
            ""
            if (cell := row[n]) is None
            else shorten(cell.value)
            if isinstance(cell, ox.NamedNode)
            else str(getattr(cell, "value", cell))
            for n in names
        ]
        for row in result
    ]
    if not rows:
        return "No rows.\n"
    widths = [min(60, max(len(r[i]) for r in (names, *rows))) for i in range(len(names))]

    def line(cells: list[str]) -> str:
        return "  ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)).rstrip()

    return "\n".join([line(names), line(["-" * w for w in widths]), *(line(r) for r in rows)]) + "\n"
