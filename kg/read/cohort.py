"""A file or folder of many cases → cases, one at a time. A bad one is reported, never fatal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from kg.errors import BadCase, Failure, InputError
from kg.model import Case
from kg.read.case import MAX_BYTES, make_case, read_case

COLUMNS = ("id", "age", "sex", "present", "absent")
BETWEEN = "|"  # what separates the findings of a cell
PARQUET_ROWS = 2_000


class Problem(NamedTuple):
    """A case that could not be read, and why."""

    message: str


class Item(NamedTuple):
    """What stands at one place of the file.

    Attributes:
        done: share of the file read so far, 0 to 1; None where the size is not known.
    """

    what: Case | Problem
    done: float | None


def read_cohort(name: str, stdin: IO[bytes] | None = None) -> Iterator[Item]:
    """Every case of a file, in order.

    Args:
        name: a .jsonl, .csv or .parquet file, or a folder of .json files; "-" reads .jsonl from `stdin`.

    Raises:
        InputError: no such file, a form that is not known, or a header without findings.
        Failure: a .parquet file, and pyarrow is not installed.
    """
    if name == "-":
        assert stdin is not None
        yield from _lines(stdin, "standard input", None)
        return
    path = Path(name)
    if path.is_dir():
        yield from _folder(path)
        return
    readers = {".jsonl": _jsonl, ".csv": _csv, ".parquet": _parquet}
    if path.suffix not in readers:
        raise InputError(f"{name}: cases come as {', '.join(readers)}; the ending of the name says which.")
    if not path.is_file():
        raise InputError(f"{name}: no such file.")
    yield from readers[path.suffix](path)


def _folder(path: Path) -> Iterator[Item]:
    files = sorted(path.glob("*.json"))
    if not files:
        raise InputError(f"{path}: holds no .json file. Each case of a folder is a file of its own.")
    for i, file in enumerate(files, 1):
        yield Item(_case(file.read_bytes(), str(file)), i / len(files))


def _jsonl(path: Path) -> Iterator[Item]:
    with path.open("rb") as file:
        yield from _lines(file, str(path), path.stat().st_size)


def _lines(file: IO[bytes], where: str, size: int | None) -> Iterator[Item]:
    read, number = 0, 0
    while line := file.readline(MAX_BYTES + 1):
        read, number = read + len(line), number + 1
        if len(line) > MAX_BYTES:  # the rest of this line belongs to it
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_BYTES)
            yield Item(Problem(f"{where}:{number}: longer than {MAX_BYTES // 1_000_000} MB; a case is a line."), None)
        elif line.strip():
            yield Item(_case(line, f"{where}:{number}"), read / size if size else None)


def _case(line: bytes, where: str) -> Case | Problem:
    try:
        return read_case(line.decode("utf-8-sig"), where)
    except UnicodeDecodeError:
        return Problem(f"{where}: not UTF-8 text.")
    except BadCase as e:
        return Problem(str(e).replace(f"{where}:1:", f"{where}:"))


def _csv(path: Path) -> Iterator[Item]:
    size = max(1, path.stat().st_size)
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
        rows = csv.DictReader(text)
        try:
            header = rows.fieldnames or ()
            check_header(header, str(path))
            for row in rows:
                yield Item(from_row(row, f"{path}:{rows.line_num}"), min(1.0, raw.tell() / size))
        except csv.Error as e:
            raise InputError(f"{path}:{rows.line_num}: not CSV: {e}.") from e


def check_header(header: Any, where: str) -> None:
    """Refuse columns among which there are no findings.

    Raises:
        InputError: neither `present` nor `absent` is there.
    """
    if "present" not in header and "absent" not in header:
        raise InputError(
            f"{where}: needs columns among {', '.join(COLUMNS)}; the findings of a cell are separated by “{BETWEEN}”."
        )


def from_row(row: dict[str, Any], where: str) -> Case | Problem:
    """The case in a row of a table, or why it is none."""
    try:
        age = row.get("age")
        if isinstance(age, str):
            age = _number(age, where)
        return make_case(
            _findings(row.get("present")),
            _findings(row.get("absent")),
            age,
            row.get("sex") or None,
            where,
            None if row.get("id") in (None, "") else str(row["id"]),
        )
    except BadCase as e:
        return Problem(str(e))


def _number(text: str, where: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError as e:
        raise BadCase(f"{where}: age must be a number of years from 0 to 120, not {text[:40]!r}.") from e


def _findings(cell: Any) -> tuple[str, ...]:
    if cell is None:
        return ()
    parts = cell.split(BETWEEN) if isinstance(cell, str) else [str(c) for c in cell]
    return tuple(p.strip() for p in parts if p.strip())


def _parquet(path: Path) -> Iterator[Item]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as e:
        raise Failure(f"{path}: reading Parquet needs pyarrow: pip install 'backleg-kg[parquet]'.") from e
    try:
        file = pq.ParquetFile(path)
        check_header(file.schema_arrow.names, str(path))
        read, total = 0, max(1, file.metadata.num_rows)
        for batch in file.iter_batches(PARQUET_ROWS, columns=[c for c in COLUMNS if c in file.schema_arrow.names]):
            for row in batch.to_pylist():
                read += 1
                yield Item(from_row(row, f"{path}, row {read}"), read / total)
    except (pa.ArrowException, OSError) as e:
        raise InputError(f"{path}: not a Parquet file that can be read: {str(e).splitlines()[0][:200]}") from e
