"""What all tests share: a cache of their own, the loaded graph, and the command as people run it."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Set while this file is imported, so that nothing is ever built in the user's own cache.
SCRATCH = Path(tempfile.mkdtemp(prefix="kg-tests-"))
os.environ["KG_CACHE"] = str(SCRATCH / "cache")
os.environ["KG_DATA"] = str(SCRATCH / "data")
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(SCRATCH / "hypothesis")
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

pytest.register_assert_rewrite("viewing")
from viewing import browser, client, server, site_folder, web  # noqa: E402, F401  (fixtures)

import kg  # noqa: E402  (after the cache is set)

settings.register_profile(
    "kg",
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("kg")

ROOT = Path(kg.__file__).parent.parent
KgRun = Callable[..., "subprocess.CompletedProcess[str]"]


def command(*args: str) -> list[str]:
    """The real command, with warnings as errors."""
    return [sys.executable, "-W", "error", "-m", "kg.cli", *args]


def surroundings(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a run: ours, without what would change what is printed."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "PYTHONUNBUFFERED")}
    path = os.pathsep.join(p for p in (str(ROOT), kept.get("PYTHONPATH")) if p)
    return kept | {"PYTHONPATH": path, "NO_PROXY": "*", "no_proxy": "*"} | dict(env or {})


def kg_run(
    *args: str,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    seconds: float = 300,
) -> subprocess.CompletedProcess[str]:
    """Run `kg` in a process of its own.

    Raises:
        subprocess.TimeoutExpired: it took longer than `seconds`.
    """
    if args[:1] == ("serve",) and "--help" not in args:
        return _served(args, cwd)
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    return subprocess.run(
        command(*args),
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=surroundings(env),
        cwd=cwd,
        timeout=seconds,
        **given,
    )


def _served(args: tuple[str, ...], cwd: Path | None) -> subprocess.CompletedProcess[str]:
    """`kg serve` runs until it is interrupted: ask for its first page, then interrupt it."""
    with subprocess.Popen(
        command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=surroundings(), cwd=cwd
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = said.partition("Open ")[2].partition(" in a browser")[0]
        try:
            with urllib.request.urlopen(address, timeout=60) as page:
                text = page.read().decode()
        finally:
            process.terminate()  # an interrupt is ignored by what a shell starts in the background
        _, rest = process.communicate(timeout=60)
    code = 0 if process.returncode == -signal.SIGTERM else process.returncode
    return subprocess.CompletedProcess(process.args, code, text, rest)


@pytest.fixture(name="kg_run", scope="session")
def _kg_run(graph: kg.KnowledgeGraph) -> KgRun:
    """`kg_run`, once the cache is warm."""
    return kg_run


@pytest.fixture(scope="session")
def graph() -> kg.KnowledgeGraph:
    """The shipped graph."""
    found = kg.load()
    assert found.knowledge
    return found
