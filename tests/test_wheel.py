"""The wheel holds everything that the command needs, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def shipped(folder: str) -> set[str]:
    return {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()}


def held(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def run(installed: Path, elsewhere: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run with the unpacked wheel and this interpreter's libraries, and nothing of the checkout."""
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KG_"))}
    return subprocess.run(
        [sys.executable, "-W", "error", *words],
        cwd=elsewhere,
        env=kept | {"PYTHONPATH": path, "KG_CACHE": str(elsewhere / "cache")},
        capture_output=True,
        encoding="utf-8",
    )


def test_name_and_version(wheel: Path) -> None:
    assert wheel.name == f"backleg_kg-{kg.__version__}-py3-none-any.whl"


@pytest.mark.parametrize("folder", ["ontology", "data"])
def test_holds_all_knowledge(wheel: Path, folder: str) -> None:
    inside = {n.removeprefix("kg/_shipped/") for n in held(wheel) if n.startswith(f"kg/_shipped/{folder}/")}
    assert inside == shipped(folder)
    assert len(inside) > 20


def test_holds_all_of_the_program_and_nothing_else(wheel: Path) -> None:
    inside = {n for n in held(wheel) if n.startswith("kg/") and not n.startswith("kg/_shipped/")}
    program = {p for p in shipped("kg") if "__pycache__" not in p}
    assert inside == program
    assert {"kg/py.typed", "kg/show/page/network.html", "kg/show/page/network.css", "kg/show/page/network.js"} <= inside
    assert {n.partition("/")[0] for n in held(wheel)} == {"kg", f"backleg_kg-{kg.__version__}.dist-info"}
    assert not [n for n in held(wheel) if "test" in Path(n).name and not n.startswith("kg/_shipped/")]


def test_says_what_it_is(wheel: Path) -> None:
    info = f"backleg_kg-{kg.__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        assert "kg = kg.cli:main" in archive.read(f"{info}/entry_points.txt").decode()
        metadata = archive.read(f"{info}/METADATA").decode()
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/LICENSE-DATA"} <= held(wheel)
    assert "License-Expression: MIT AND CC-BY-4.0" in metadata
    assert "Requires-Dist: pyoxigraph" in metadata


def test_works_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    home = run(installed, tmp_path, "-c", "import kg.read.files as f; print(f.home())")
    assert home.stdout.strip() == str(installed / "kg" / "_shipped"), home.stderr

    show = run(installed, tmp_path, "-m", "kg.cli", "show", "L5 root")
    assert show.returncode == 0, show.stderr
    assert show.stdout.startswith("L5 nerve root")

    explain = run(installed, tmp_path, "-m", "kg.cli", "explain", "numb top of the foot", "--view", "why.html")
    assert explain.returncode == 0, explain.stderr
    assert "L5" in explain.stdout
    assert (tmp_path / "why.html").read_text(encoding="utf-8").startswith("<!doctype html>")

    question = run(installed, tmp_path, "-m", "kg.cli", "sparql", "reflexes-by-root", "--format", "csv")
    assert question.returncode == 0, question.stderr
    assert "ankle jerk" in question.stdout
