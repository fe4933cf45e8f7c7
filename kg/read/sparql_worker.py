"""One query in a process of its own: a job as JSON on standard input, the result on standard output.

Exit code 3 and one line on standard error where the query itself is at fault.
"""

from __future__ import annotations

import json
import math
import signal
import sys

import pyoxigraph as ox

ROWS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
TRIPLES = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "json-ld": ox.RdfFormat.JSON_LD,
    "xml": ox.RdfFormat.RDF_XML,
}
BAD_QUERY = 3
DAMAGED_STORE = 4


class Mismatch(Exception):
    """The result cannot be written in the format that was asked for."""


def serialised(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, form: str) -> str:
    """A query result as text."""
    if isinstance(result, ox.QueryTriples):
        kind = TRIPLES.get("turtle" if form == "table" else form)
        if kind is None:
            raise Mismatch(f"This query gives triples; {form} is for rows. Use {', '.join(TRIPLES)}.")
        return (result.serialize(format=kind) or b"").decode()
    if isinstance(result, ox.QueryBoolean):
        if form in ("json", "xml", "csv", "tsv"):
            return (result.serialize(format=ROWS[form]) or b"").decode()
        if form == "table":
            return ("yes" if result else "no") + "\n"
        raise Mismatch(f"This query gives yes or no; {form} is for triples. Use table, {', '.join(ROWS)}.")
    if form == "table":
        return table(result)
    kind_of_rows = ROWS.get(form)
    if kind_of_rows is None:
        raise Mismatch(
            f"This query gives rows; {form} is for triples (CONSTRUCT, DESCRIBE). Use table, {', '.join(ROWS)}."
        )
    return (result.serialize(format=kind_of_rows) or b"").decode()


def table(result: ox.QuerySolutions) -> str:
    """Rows in aligned columns."""
    from kg.read.names import shorten

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


def main() -> int:
    """Run the job."""
    job = json.load(sys.stdin)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if hasattr(signal, "alarm"):  # ends this process even where the one that asked was killed first
        signal.alarm(math.ceil(job["seconds"]) + 1)
    try:
        store = ox.Store.read_only(job["store"])
        sys.stdout.write(serialised(store.query(job["query"]), job["form"]))
    except (SyntaxError, Mismatch) as e:
        print(f"The query is not valid SPARQL: {e}" if isinstance(e, SyntaxError) else str(e), file=sys.stderr)
        return BAD_QUERY
    except OSError as e:
        print(f"The triple store is damaged: {e}", file=sys.stderr)
        return DAMAGED_STORE
    except (ValueError, RuntimeError) as e:
        print(f"The query cannot be answered: {e}", file=sys.stderr)
        return BAD_QUERY
    return 0


if __name__ == "__main__":
    sys.exit(main())
