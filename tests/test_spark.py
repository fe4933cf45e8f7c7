"""Cohorts on Apache Spark: several worker processes give what one process gives."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, KgRun

import kg
from kg.errors import InputError

pyspark = pytest.importorskip("pyspark")

CASES = int(os.environ.get("KG_SPARK_CASES", "4000"))


def cohort(graph: kg.KnowledgeGraph, size: int, seed: int = 1) -> pa.Table:
    """Cases of three to seven findings named by identifier, some absent, of any age and sex."""
    rng = np.random.default_rng(seed)
    names = np.array([f"id:{f.rpartition('/')[2]}" for f in sorted(graph.knowledge.findings)])

    def lists(low: int, high: int) -> pa.ListArray:
        offsets = np.concatenate([[0], np.cumsum(rng.integers(low, high, size))])
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(rng.choice(names, offsets[-1])))

    return pa.table(
        {
            "id": pa.array(np.arange(size)).cast(pa.string()),
            "age": pa.array(rng.integers(0, 100, size)),
            "sex": pa.array(rng.choice(np.array(["female", "male"]), size)),
            "present": lists(2, 6),
            "absent": lists(0, 3),
        }
    )


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A session with two executor processes of its own, each in a Java of its own."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.executorEnv.PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.mark.filterwarnings("ignore")
def test_several_processes_give_what_one_gives(
    graph: kg.KnowledgeGraph, kg_run: KgRun, spark: object, tmp_path: Path
) -> None:
    from kg.spark import rank_file

    given, alone, together = tmp_path / "in.parquet", tmp_path / "alone.parquet", tmp_path / "together"
    pq.write_table(cohort(graph, CASES), given, row_group_size=max(1, CASES // 4))
    assert kg_run("rank", str(given), "-o", str(alone)).returncode == 0
    assert rank_file(graph, str(given), str(together)) == (CASES, [])
    one, many = (pq.read_table(p).sort_by("id") for p in (alone, together))
    assert one.num_rows == CASES
    assert many.select(one.column_names).cast(one.schema).equals(one)


@pytest.mark.filterwarnings("ignore")
def test_a_bad_case_is_told_and_the_others_are_ranked(graph: kg.KnowledgeGraph, spark: object, tmp_path: Path) -> None:
    from kg.spark import rank_file

    rows = [{"id": "a", "age": 400, "present": "foot drop"}, {"id": "b", "age": 40, "present": "foot drop | numb foot"}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    done, wrong = rank_file(graph, str(tmp_path / "in.parquet"), str(tmp_path / "out"))
    assert done == 2
    assert len(wrong) == 1
    assert "case a" in wrong[0]
    with pytest.raises(InputError):
        rank_file(graph, str(tmp_path / "no-such.parquet"), str(tmp_path / "other"))
