"""The same tables three ways: a folder of CSV, a folder of Parquet, one SQLite file.

`link` and `value` together hold every triple; the others are read out of them, so that the common questions need no
join of five tables.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from kg.errors import Failure
from kg.read.exports.statements import Statements, text_of
from kg.read.graph import ALT, DEFINITION, PREF, SOURCE, citation
from kg.read.mappings import mappings
from kg.read.names import BIBO, BL, DCTERMS, ID, SCHEMA, SKOS, shorten
from kg.read.turtle import Literal

Row = tuple[Any, ...]


class Table(NamedTuple):
    """A table.

    Attributes:
        columns: name → `text`, `integer` or `real`.
        about: what a row is, in words.
    """

    name: str
    about: str
    columns: dict[str, str]
    rows: list[Row]


def _columns(names: str) -> dict[str, str]:
    """Columns out of words; `:i` and `:r` behind a name make whole and real numbers."""
    kinds = {"": "text", "i": "integer", "r": "real"}
    return {n.partition(":")[0]: kinds[n.partition(":")[2]] for n in names.split()}


def tables(said: Statements, entailed: bool) -> list[Table]:
    """All tables of a graph."""
    links = [(s, p, o, 0) for s, p, o in said.asserted if isinstance(o, str)]
    links += [(s, p, o, 1) for s, p, o in said.entailed if entailed and isinstance(o, str)]
    values = [(s, p, o.value, o.datatype, o.language) for s, p, o in said.asserted if isinstance(o, Literal)]
    return [
        Table("about", "version and licence of the whole", _columns("property value"), list(_about(said))),
        Table("thing", "a thing or a term", _columns("id curie label kind definition"), list(_things(said))),
        Table("name", "a name of a thing", _columns("id text preferred:i"), list(_names(said))),
        Table("link", "a triple between nodes", _columns("subject predicate object entailed:i"), links),
        Table(
            "value", "a triple that ends in a literal", _columns("subject predicate value datatype language"), values
        ),
        Table("link_source", "what a source says of a link", _columns(LINK_SOURCE), list(_link_sources(said))),
        Table("statistic", "a published figure", _columns(STATISTIC), list(_statistics(said))),
        Table("recommendation", "what a source says of a treatment", _columns(ADVICE), list(_advice(said))),
        Table("source", "a publication", _columns(SOURCES), list(_sources(said))),
        Table("mapping", "a thing in another vocabulary", _columns("id relation object label address"), _mapped()),
    ]


LINK_SOURCE = "subject predicate object strength measured_share:r source note"
STATISTIC = "id condition finding measure value:r lower:r upper:r population reference_standard source"
ADVICE = "id condition intervention effect certainty source"
SOURCES = "id citation title first_author year journal pmid doi url kind"


def _about(said: Statements) -> Iterator[Row]:
    for p, values in sorted(said.graph.objects[BL.rstrip("#")].items()):
        yield from ((shorten(p), text_of(v)) for v in values)


def _things(said: Statements) -> Iterator[Row]:
    for s in sorted(said.graph.objects):
        if s.startswith((ID, BL)):
            yield s, shorten(s), said.graph.label(s), said.graph.kind(s), said.graph.one(s, DEFINITION)


def _names(said: Statements) -> Iterator[Row]:
    for s, p, o in said.asserted:
        if p in (PREF, ALT) and isinstance(o, Literal):
            yield s, o.value, int(p == PREF)


def _link_sources(said: Statements) -> Iterator[Row]:
    for link in said.annotated:
        strength, share, notes = (
            " ".join(text_of(t) for t in link.said.get(p, ()))
            for p in (BL + "strength", BL + "measuredShare", SKOS + "note")
        )
        for source in link.said.get(SOURCE, ("",)):
            yield *link[:3], strength or None, float(share) if share else None, source or None, notes or None


def _ones(said: Statements, cls: str, *predicates: str) -> Iterator[tuple[str, list[str | None]]]:
    for node in said.graph.members.get(BL + cls, ()):
        yield node, [said.graph.one(node, p) for p in predicates]


def _statistics(said: Statements) -> Iterator[Row]:
    wanted = ("aboutCondition", "aboutFinding", "measure", "value", "lowerBound", "upperBound", "population")
    properties = [BL + p for p in (*wanted, "referenceStandard")]
    for node, found in _ones(said, "Statistic", *properties):
        numbers = [None if n is None else float(n) for n in found[3:6]]
        yield node, *found[:3], *numbers, *found[6:], " ".join(said.graph.all(node, SOURCE))


def _advice(said: Statements) -> Iterator[Row]:
    properties = [BL + p for p in ("aboutCondition", "aboutIntervention", "hasEffect", "hasCertainty")]
    for node, found in _ones(said, "Recommendation", *properties):
        yield node, *found, " ".join(said.graph.all(node, SOURCE))


def _sources(said: Statements) -> Iterator[Row]:
    properties = (DCTERMS + "title", BL + "firstAuthor", DCTERMS + "issued", BL + "journal")
    where = (BIBO + "pmid", BIBO + "doi", SCHEMA + "url", BL + "hasKind")
    for node, found in _ones(said, "Source", *properties, *where):
        yield node, citation(said.graph, node), *found


def _mapped() -> list[Row]:
    return [(thing, m.relation, m.object, m.label, m.address) for thing, ms in sorted(mappings().items()) for m in ms]


def csv_folder(said: Statements, entailed: bool) -> dict[str, str]:
    """One CSV file for each table, with a header line."""
    out = {}
    for table in tables(said, entailed):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.rows)
        out[f"{table.name}.csv"] = text.getvalue()
    return out


def parquet_folder(said: Statements, entailed: bool) -> dict[str, bytes]:
    """One Parquet file for each table.

    Raises:
        Failure: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as e:
        raise Failure("Writing Parquet needs pyarrow: pip install 'backleg-kg[parquet]'.") from e
    kinds = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64()}
    out = {}
    for table in tables(said, entailed):
        schema = pa.schema([(name, kinds[kind]) for name, kind in table.columns.items()])
        columns = list(zip(*table.rows, strict=True)) or [()] * len(schema)
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(list(map(pa.array, columns, schema.types)), schema=schema), sink)
        out[f"{table.name}.parquet"] = sink.getvalue().to_pybytes()
    return out


def sqlite(said: Statements, entailed: bool) -> bytes:
    """One SQLite database; `table_about` says in words what a row of each table is."""
    import sqlite3

    kinds = {"text": "TEXT", "integer": "INTEGER", "real": "REAL"}
    made = tables(said, entailed)
    notes = Table("table_about", "what a row of a table is", _columns("name about"), [(t.name, t.about) for t in made])
    with sqlite3.connect(":memory:") as db:
        for table in (*made, notes):
            columns = ", ".join(f'"{name}" {kinds[kind]}' for name, kind in table.columns.items())
            db.execute(f'CREATE TABLE "{table.name}" ({columns})')
            marks = ", ".join("?" * len(table.columns))
            db.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', table.rows)
        for name, column in (("link", "subject"), ("link", "object"), ("value", "subject"), ("name", "text")):
            db.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
        db.commit()
        data = bytes(db.serialize())
    db.close()
    return data
