"""`kg rank`: the short answer for many cases."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.commands.app import Out, app
from kg.errors import InputError

BATCH = 2_000
FLAT_BELOW = 20  # conditions a case that a table can hold


@app.command(epilog="Example: kg rank data/cases/development -o ranked.csv")
def rank(
    cases: Annotated[
        str,
        typer.Argument(help="A .jsonl, .csv or .parquet file, or a folder of .json; - reads .jsonl lines."),
    ],
    output: Out = "-",
    top: Annotated[int, typer.Option("--top", min=1, max=FLAT_BELOW, help="How many conditions a case.")] = 5,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an earlier run stopped.")] = False,
    engine: Annotated[
        str, typer.Option("--engine", help="here, or spark: Parquet in, a folder of Parquet out, on all workers.")
    ] = "here",
) -> None:
    """Rank the conditions of many cases; a bad case is reported and skipped."""
    from kg.api import KnowledgeGraph
    from kg.read.cohort import read_cohort

    if engine not in ("here", "spark"):
        raise InputError(f"--engine is here or spark, not “{engine[:40]}”.")
    if engine == "spark":
        _on_spark(cases, output, top, resume)
        return

    items = read_cohort(cases, sys.stdin.buffer)
    graph = KnowledgeGraph()
    skip = _written(output) if resume else 0
    batcher = graph.batcher(top)
    done = problems = 0
    with _progress() as show, _writer(output, top, skip) as writer:
        for _ in islice(items, skip):
            pass
        while batch := list(islice(items, BATCH)):
            rows = _answers(batcher, batch)
            writer.write(rows)
            done, problems = done + len(rows), problems + sum(isinstance(r, str) for r in rows)
            show(batch[-1].done)
    said = f"{done:,} cases" + (f" after {skip:,} done before" if skip else "")
    print(
        f"{said}: {problems:,} could not be read; understanding took {batcher.understanding:.1f} s, "
        f"scoring {batcher.scoring:.1f} s. Teaching and research only: this diagnoses nobody.",
        file=sys.stderr,
    )


def _on_spark(cases: str, output: str, top: int, resume: bool) -> None:
    from kg.api import KnowledgeGraph
    from kg.spark import rank_file

    if output == "-" or resume:
        raise InputError("The engine spark writes a new folder of Parquet files: name it with -o, without --resume.")
    done, wrong = rank_file(KnowledgeGraph(), cases, output, top)
    for message in wrong:
        print(f"kg: skipped: {message}", file=sys.stderr)
    print(f"{done:,} cases. Teaching and research only: this diagnoses nobody.", file=sys.stderr)


def _answers(batcher: Any, batch: Sequence[Any]) -> list[Any]:
    """One row for each item: an answer, or why there is none, which is also told on standard error."""
    from kg.read.cohort import Problem

    good = iter(batcher([i.what for i in batch if not isinstance(i.what, Problem)]))
    rows: list[Any] = []
    for item in batch:
        if isinstance(item.what, Problem):
            print(f"kg: skipped: {item.what.message}", file=sys.stderr)
            rows.append(item.what.message)
        else:
            rows.append(next(good))
    return rows


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on standard error, where that is a terminal and the size is known."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with typer.progressbar(length=1000, file=sys.stderr, label="ranking") as bar:
        yield lambda share: None if share is None else bar.update(max(0, round(share * 1000) - bar.pos))


@contextmanager
def _writer(output: str, top: int, skip: int) -> Iterator[Any]:
    from kg.show.as_rows import FORMS, Csv, JsonLines, Parquet

    if output == "-":
        yield JsonLines(sys.stdout)
        return
    path = Path(output)
    if path.suffix not in FORMS:
        raise InputError(f"{output}: answers come as {', '.join(FORMS)}; the ending of the name says which.")
    if path.suffix == ".parquet":
        parquet = Parquet(path, top)
        try:
            yield parquet
        finally:
            parquet.close()
        return
    try:
        file = path.open("a" if skip else "w", encoding="utf-8", newline="")
    except OSError as e:
        raise InputError(f"{output}: cannot be written: {e.strerror}.") from e
    with file:
        yield JsonLines(file) if path.suffix == ".jsonl" else Csv(file, top, header=not skip)


def _written(output: str) -> int:
    """How many cases an earlier run finished; a line it did not finish is cut off."""
    path = Path(output)
    if path.suffix not in (".jsonl", ".csv"):
        raise InputError("--resume goes on with a .jsonl or .csv file given with -o; other forms begin anew.")
    if not path.exists():
        return 0
    whole = size = 0
    with path.open("r+b") as file:
        for line in file:
            if line.endswith(b"\n"):
                whole, size = whole + 1, size + len(line)
        file.truncate(size)
    return max(0, whole - 1) if path.suffix == ".csv" else whole
