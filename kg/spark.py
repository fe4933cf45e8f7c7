"""Cohorts on Apache Spark: what `kg rank` does to a file, over the partitions of a data frame.

Each worker calls the same function on batches of its rows. The compiled tables travel with the task, so all workers
answer from the graph of the one who asked, and no worker needs files or an endpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

from kg.errors import Failure, InputError
from kg.model import Case
from kg.read.cohort import COLUMNS, Problem, check_header, from_row
from kg.reason.batch import Batcher
from kg.reason.knowledge import Knowledge
from kg.reason.lexicon import Lexicon
from kg.show.as_rows import columns, flat

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from kg.api import KnowledgeGraph

ROWS = 2_000
_batchers: dict[tuple[int, int], Batcher] = {}  # of this worker, which takes one task after another


def session(name: str = "kg rank") -> SparkSession:
    """The Spark session of this process, or a new one on this machine or where `spark-submit` says.

    Raises:
        Failure: pyspark or its Java is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as e:
        raise Failure("The engine spark needs pyspark: pip install 'backleg-kg[spark]'.") from e
    try:
        made: SparkSession = SparkSession.builder.appName(name).getOrCreate()
    except Exception as e:
        raise Failure(f"Spark does not start (it needs Java 17): {str(e).splitlines()[0][:200]}") from e
    made.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS)
    return made


def rank(frame: DataFrame, graph: KnowledgeGraph, top: int = 5, where: str = "frame") -> DataFrame:
    """One row for each case: the columns of `kg rank`'s tables.

    Args:
        frame: columns among id, age, sex, present and absent; findings as a list, or as text separated by bars.
        top: how many conditions a case.
        where: what to call the cohort where a case is wrong.

    Raises:
        InputError: the frame has no column of findings.
    """
    check_header(frame.columns, where)
    used = [c for c in COLUMNS if c in frame.columns]
    types = ", ".join(f"`{c}` {'float' if c.startswith('probability') else 'string'}" for c in columns(top))
    mark = crc32(repr((graph.knowledge.data_version, graph.endpoint, id(graph))).encode())
    work = partial(_partition, mark, graph.knowledge, graph.lexicon, top, where)
    return frame.select(*used).mapInArrow(work, types)


def rank_file(graph: KnowledgeGraph, cases: str, output: str, top: int = 5) -> tuple[int, list[str]]:
    """Rank a Parquet file, a folder of them or any address of one that Spark reads, into a folder of Parquet files.

    Returns:
        How many cases there were, and of the first hundred that could not be read, why.

    Raises:
        InputError: it is not there, or the output is there already.
        Failure: Spark is not there, or broke off.
    """
    spark = session()
    try:
        frame = spark.read.parquet(cases)
        rank(frame, graph, top, cases).write.parquet(output)
        done = spark.read.parquet(output)
        wrong = [row["error"] for row in done.where("error IS NOT NULL").select("error").limit(100).collect()]
        return done.count(), wrong
    except InputError:
        raise
    except Exception as e:
        reason = str(e).splitlines()[0][:300]
        kind = InputError if "PATH" in reason or "not a Parquet" in reason else Failure
        raise kind(f"{cases}: Spark could not rank it: {reason}") from e


def _partition(
    mark: int, knowledge: Knowledge, lexicon: Lexicon, top: int, where: str, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Answers for the batches of a partition, as Spark's `mapInArrow` calls it."""
    import pyarrow as pa

    batcher = _batchers.setdefault((mark, top), Batcher(knowledge, lexicon, top))
    types = {c: pa.float32() if c.startswith("probability") else pa.string() for c in columns(top)}
    for batch in batches:
        rows = [flat(r, top) for r in _answers(batcher, batch.to_pylist(), where)]
        yield pa.RecordBatch.from_pylist(rows, schema=pa.schema(list(types.items())))


def _answers(batcher: Batcher, rows: list[dict[str, Any]], where: str) -> Iterator[Any]:
    read = [from_row(row, f"{where}, case {row.get('id')}") for row in rows]
    good = iter(batcher([r for r in read if isinstance(r, Case)]))
    return (r.message if isinstance(r, Problem) else next(good) for r in read)
