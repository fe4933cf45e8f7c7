"""How long commands take, relative to an empty Python, whole process: `python tests/bench.py`.

Ratios travel between machines where seconds do not. Runs are interleaved, so that a busy moment hits all alike.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

ROUNDS = 9
ROOT = Path(__file__).parent.parent
KG = (sys.executable, "-m", "kg.cli")
EMPTY = "python -c pass"
COMMANDS: dict[str, tuple[tuple[str, ...], float | None]] = {
    EMPTY: ((sys.executable, "-c", "pass"), None),
    "kg show": ((*KG, "show", "common peroneal nerve"), 8),
    "kg search": ((*KG, "search", "foot", "drop", "--kind", "Finding"), 8),
    "kg paths": ((*KG, "paths", "renal colic", "groin pain"), 22),
    "kg explain": ((*KG, "explain", "numb top of the foot", "can't lift the big toe", "--age", "45"), 22),
}
FINDINGS = (
    "pain down the back of the left leg",
    "numb top of the foot",
    "can't lift the big toe",
    "low back pain for three weeks",
    "worse on coughing",
    "worse when sitting",
    "positive straight leg raise",
    "weak hip abduction",
    "no fever",
    "no saddle numbness",
)
QUERY = "SELECT ?c { ?c bl:canDisturbSensationIn id:dorsum-of-foot }"


def seconds(work: Callable[[], object]) -> float:
    """How long something takes once."""
    start = perf_counter()
    work()
    return perf_counter() - start


def run(command: tuple[str, ...]) -> None:
    """Run a command to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)


def whole_processes() -> None:
    """Print a line for each command: median, ratio to an empty Python, limit."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for name, (command, _) in COMMANDS.items():
        print(f"warming up: {name}", file=sys.stderr)
        run(command)
    for _ in range(ROUNDS):
        for name, (command, _) in COMMANDS.items():
            times[name].append(seconds(lambda command=command: run(command)))
    unit = median(times[EMPTY])
    print(f"{'whole process':<18} {'median ms':>9} {'ratio':>6} {'limit':>6}")
    for name, (_, limit) in COMMANDS.items():
        took = median(times[name])
        verdict = "" if limit is None else f"{limit:>6g} {'ok' if took <= limit * unit else 'over'}"
        print(f"{name:<18} {took * 1000:>9.0f} {took / unit:>6.1f} {verdict}".rstrip())


def warm_process() -> None:
    """Print what one question takes in a process that has answered before."""
    sys.path.insert(0, str(ROOT))
    import kg

    graph = kg.load()
    tasks: dict[str, Callable[[], object]] = {
        f"explain, {len(FINDINGS)} findings": lambda: graph.explain(FINDINGS, age=45),
        "SPARQL, one query": lambda: graph.sparql(QUERY),
    }
    print(f"\n{'warm process':<24} {'median ms':>9}")
    for name, task in tasks.items():
        task()
        print(f"{name:<24} {median(seconds(task) for _ in range(ROUNDS)) * 1000:>9.1f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.environ["KG_CACHE"] = place
        whole_processes()
        warm_process()
