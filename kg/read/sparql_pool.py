"""Query engines in processes of their own: one is ended when its time is up, a pool of them answers side by side."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import BadQuery, Failure, QueryBusy, QueryTimeout, QueryTooLarge, UnsuitableFormat
from kg.read.cache import rebuild, store_path

MEMORY = 300_000_000  # bytes of data for one engine, of which some 80 MB are reserved when it starts
WORKERS = 16
UNWANTED = "The query was ended because nobody waits for it any more."
LOW_PRIORITY = 10  # niceness of a pool's engines, so that the pages go first
LOWEST_PRIORITY = 19  # of an engine whose query takes long, so that short queries go first
LONG = 1.0  # seconds


class Job(NamedTuple):
    """A query and how its result is wanted.

    Attributes:
        rows_as: format of rows and truths; None where none will do.
        triples_as: format of triples.
        rows: most rows or triples; None for no limit.
        size: most bytes of the result.
        default_graphs: IRIs of the graphs that make up the default graph; empty for the store's own.
        named_graphs: IRIs of the graphs that GRAPH sees.
    """

    query: str
    rows_as: str | None
    triples_as: str | None
    seconds: float
    rows: int | None = None
    size: int | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class Reply(NamedTuple):
    """A result.

    Attributes:
        form: the format it is in.
        kind: `rows` (a truth too) or `triples`.
    """

    form: str
    kind: str
    body: bytes


class Damaged(Exception):
    """The store cannot be read."""


class Engine:
    """One engine in a process of its own. Not for two threads at a time."""

    def __init__(self, store: Path, memory: int | None = None, niceness: int = 0) -> None:
        self.memory, self.niceness = memory, niceness
        self.ended = ""
        self.slowed = False  # for good: only root may raise a priority again
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kg.read.sparql_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parent.parent.parent,
        )
        if niceness:
            _lower_priority(self.process.pid, niceness)
        self._send({"store": str(store), "memory": memory})

    def ask(self, job: Job) -> Reply:
        """Run a query.

        Raises:
            BadQuery: it does not parse.
            UnsuitableFormat: it gives something else than the formats are for.
            QueryTooLarge: the result or the work is larger than allowed.
            QueryTimeout: it took longer than its time, and the process was ended.
            Failure: the process broke, or was ended by `end`.
            Damaged: the store cannot be read.
        """
        timers = [threading.Timer(job.seconds, self.end, ("time",))]
        timers += [threading.Timer(LONG, self.slow_down)] if self.niceness and job.seconds > LONG else []
        for timer in timers:
            timer.start()
        try:
            self._send(
                {
                    "query": job.query,
                    "seconds": job.seconds,
                    "rows_as": job.rows_as,
                    "triples_as": job.triples_as,
                    "rows": job.rows,
                    "bytes": job.size,
                    "default_graphs": job.default_graphs,
                    "named_graphs": job.named_graphs,
                }
            )
            head, body = self._receive()
        finally:
            for timer in timers:
                timer.cancel()
        if head is None or len(body) != head["size"]:
            self.end("broken")
            raise self._why(job)
        if "fault" in head:
            raise _fault(head)
        return Reply(head["form"], head["kind"], body)

    def slow_down(self) -> None:
        """Let others go first from now on."""
        self.slowed = True
        _lower_priority(self.process.pid, LOWEST_PRIORITY)

    def end(self, why: str = "closed") -> None:
        """End the process, in the middle of a query too."""
        self.ended = self.ended or why
        self.process.kill()

    def close(self) -> None:
        """End the process and let go of what is left of it."""
        self.end()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):  # a process that is gone is noticed when nothing comes back
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

    def _receive(self) -> tuple[dict[str, Any] | None, bytes]:
        assert self.process.stdout is not None
        try:
            line = self.process.stdout.readline()
            head = json.loads(line) if line.endswith(b"\n") else None
            return head, self.process.stdout.read(head["size"]) if head else b""
        except (OSError, ValueError):
            return None, b""

    def _why(self, job: Job) -> Exception:
        if self.ended == "time":
            return timeout(job.seconds)
        if self.ended == "cancelled":
            return Failure(UNWANTED)
        code = self.process.wait()
        # An engine that is refused memory gives up at once (SIGABRT; SIGKILL where the system is out of it).
        if self.memory is not None and code in (-6, -9):
            return QueryTooLarge(
                f"The query needed more memory than the {self.memory // 1_000_000} MB one query may use. "
                "Ask for less at a time: fewer joined patterns, or a LIMIT before sorting and grouping."
            )
        return Failure(f"The query engine stopped (exit code {code}).")


def timeout(seconds: float) -> QueryTimeout:
    """The time limit, in words."""
    return QueryTimeout(
        f"The query took longer than {seconds:g} s and was ended. Add a LIMIT, or give it longer with --timeout."
    )


def _fault(head: dict[str, Any]) -> Exception:
    message = str(head["message"])
    if head["fault"] == "format":
        return UnsuitableFormat(message)
    if head["fault"] == "large":
        return QueryTooLarge(
            f"The answer has more than {message}, which is the most that is given at once. "
            "Add a LIMIT (and an OFFSET for the next part)."
        )
    if head["fault"] == "memory":
        return QueryTooLarge("The query needed more memory than one query may use. Ask for less at a time.")
    if head["fault"] == "damaged":
        return Damaged(message)
    return BadQuery(message)


def _lower_priority(process: int, niceness: int) -> None:
    import os

    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process, niceness)


def ask_once(job: Job) -> Reply:
    """Run one query on the shipped graph in a process started for it. Raises what `Engine.ask` raises."""
    for last in (False, True):
        engine = Engine(store_path())
        try:
            return engine.ask(job)
        except Damaged as e:
            if last:
                raise Failure(str(e)) from e
            rebuild()
        finally:
            engine.close()
    raise AssertionError


class Ticket:
    """A question on its way, which whoever asked may take back."""

    def __init__(self) -> None:
        self.cancelled = False
        self.engine: Engine | None = None

    def cancel(self) -> None:
        """Stop the work, if it has begun; keep it from beginning, if it has not."""
        self.cancelled = True
        if self.engine is not None:
            self.engine.end("cancelled")


class Pool:
    """Several engines that answer side by side. Started when needed, kept for the next question, replaced when ended.

    Args:
        store: gives the folder of the triple store.
        workers: most processes at a time.
        memory: bytes that each may use.
    """

    def __init__(
        self, store: Callable[[], Path] = store_path, workers: int = WORKERS, memory: int | None = MEMORY
    ) -> None:
        self.store, self.workers, self.memory = store, workers, memory
        self._path: Path | None = None
        self._idle: list[Engine] = []
        self._lock = threading.Lock()
        self._free = threading.Semaphore(workers)

    def ask(self, job: Job, patience: float = 60.0, ticket: Ticket | None = None) -> Reply:
        """Run a query as soon as an engine is free.

        Args:
            patience: seconds to wait for one.

        Raises:
            QueryBusy: none came free.
            KgError: what `Engine.ask` raises.
        """
        ticket = ticket or Ticket()
        began = time.monotonic()
        if not self._free.acquire(timeout=patience):
            raise QueryBusy(
                f"All {self.workers} query engines were busy for {time.monotonic() - began:.0f} s. Try again shortly."
            )
        try:
            return self._ask(job, ticket)
        finally:
            self._free.release()

    def _ask(self, job: Job, ticket: Ticket) -> Reply:
        for last in (False, True):
            if ticket.cancelled:
                raise Failure(UNWANTED)
            engine = self._take()
            ticket.engine = engine
            if ticket.cancelled:  # in between
                engine.end("cancelled")
            try:
                return engine.ask(job)
            except Damaged as e:
                engine.end()
                if last or self.store is not store_path:
                    raise Failure(str(e)) from e
                rebuild()
                self._path = None
            finally:
                ticket.engine = None
                self._give_back(engine)
        raise AssertionError

    def _take(self) -> Engine:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if self._path is None:
                self._path = self.store()
            path = self._path
        return Engine(path, self.memory, LOW_PRIORITY)

    def _give_back(self, engine: Engine) -> None:
        if engine.ended or engine.slowed or engine.process.poll() is not None:
            engine.close()
            return
        with self._lock:
            self._idle.append(engine)

    def close(self) -> None:
        """End the engines that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for engine in idle:
            engine.close()
