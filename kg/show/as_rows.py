"""Short answers of many cases → lines of JSON, CSV or Parquet, written as they come."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from kg.errors import Failure, InputError
from kg.reason.batch import Ranked

BETWEEN = " | "
FORMS = (".jsonl", ".csv", ".parquet")
Row = Ranked | str  # an answer, or why there is none


class Writer(Protocol):
    """Takes rows in order; `close` finishes the file."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Finish the file."""


class JsonLines:
    """One JSON object a line."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file

    def write(self, rows: Sequence[Row]) -> None:
        """Write some rows."""
        self.file.writelines(json.dumps(_record(r), ensure_ascii=False) + "\n" for r in rows)
        self.file.flush()

    def close(self) -> None:
        """Finish the file."""
        self.file.flush()


class Csv:
    """One row a case; conditions in numbered columns."""

    def __init__(self, file: IO[str], top: int, header: bool) -> None:
        self.file, self.top = file, top
        if header:
            csv.writer(file).writerow(columns(top))

    def write(self, rows: Sequence[Row]) -> None:
        """Write some rows."""
        text = io.StringIO()
        csv.writer(text).writerows([_guarded(v) for v in flat(r, self.top).values()] for r in rows)
        self.file.write(text.getvalue())
        self.file.flush()

    def close(self) -> None:
        """Finish the file."""
        self.file.flush()


class Parquet:
    """The columns of the CSV, with their types."""

    def __init__(self, path: Path, top: int) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ModuleNotFoundError as e:
            raise Failure(f"{path}: writing Parquet needs pyarrow: pip install 'backleg-kg[parquet]'.") from e
        types = {name: pa.float32() if name.startswith("probability") else pa.string() for name in columns(top)}
        self.top, self.schema, self.table = top, pa.schema(list(types.items())), pa.Table
        try:
            self.file = pq.ParquetWriter(path, self.schema)
        except OSError as e:
            raise InputError(f"{path}: cannot be written: {e.strerror or e}.") from e

    def write(self, rows: Sequence[Row]) -> None:
        """Write some rows."""
        self.file.write_table(self.table.from_pylist([flat(r, self.top) for r in rows], schema=self.schema))

    def close(self) -> None:
        """Finish the file."""
        self.file.close()


def columns(top: int) -> list[str]:
    """Names of the columns of a flat row."""
    numbered = [f"{name}_{i}" for i in range(1, top + 1) for name in ("condition", "label", "probability")]
    return ["id", "urgency", "alarms", *numbered, "unmatched", "error"]


def flat(row: Row, top: int) -> dict[str, Any]:
    """A row for a table: lists are joined, places without a condition are empty."""
    out: dict[str, Any] = dict.fromkeys(columns(top))
    if isinstance(row, str):
        return out | {"error": row}
    for i, c in enumerate(row.conditions[:top], 1):
        out |= {f"condition_{i}": c.id, f"label_{i}": c.label, f"probability_{i}": c.probability}
    joined = {"alarms": BETWEEN.join(row.alarms), "unmatched": BETWEEN.join(row.unmatched)}
    return out | {"id": row.id, "urgency": row.urgency} | joined


def _guarded(value: Any) -> Any:
    """A cell is one line, so that a row is; one that a spreadsheet would take for a formula gets a quote in front."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _record(row: Row) -> dict[str, Any]:
    if isinstance(row, str):
        return {"error": row}
    return {
        "id": row.id,
        "urgency": row.urgency,
        "alarms": list(row.alarms),
        "conditions": [c._asdict() for c in row.conditions],
        "unmatched": list(row.unmatched),
    }
