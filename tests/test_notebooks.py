"""The notebooks run from top to bottom, and are kept without what they printed."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import kg
from kg.notice import DISCLAIMER

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def run(name: str, folder: Path) -> list[Any]:
    """What a notebook shows after a run, as people run it: in a kernel of its own; every cell shows something."""
    from conftest import surroundings

    book = nbformat.read(next(p for p in NOTEBOOKS if p.stem == name), as_version=4)
    with pytest.MonkeyPatch.context() as patched:
        for key, value in surroundings({"MPLCONFIGDIR": str(folder)}).items():
            patched.setenv(key, value)
        client = NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
        cells = [c for c in client.execute().cells if c.cell_type == "code"]
    assert all(c.outputs for c in cells)
    outputs = [o for c in cells for o in c.outputs]
    assert [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"] == []
    return outputs


def plots_of(outputs: list[Any], name: str) -> list[bytes]:
    """The pictures, which are also kept where `KG_SCREENSHOTS` says."""
    found = [base64.b64decode(o.data["image/png"]) for o in outputs if "image/png" in o.get("data", {})]
    assert all(p.startswith(b"\x89PNG") and len(p) > 10_000 for p in found)
    if shots := os.environ.get("KG_SCREENSHOTS"):
        for n, plot in enumerate(found, 1):
            Path(shots, f"{name}-{n}.png").write_bytes(plot)
    return found


def printed_of(outputs: list[Any]) -> str:
    return "".join(o.text for o in outputs if o.output_type == "stream")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_sound_and_stripped(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    code = [c for c in book.cells if c.cell_type == "code"]
    assert code
    assert [c for c in code if c.outputs or c.execution_count is not None] == []
    assert "diagnoses nobody" in book.cells[0].source
    assert "emergency number" in book.cells[0].source


@pytest.mark.usefixtures("graph")
def test_the_educators_notebook_shows_what_it_promises(tmp_path: Path) -> None:
    outputs = run("for-educators", tmp_path)
    data = [o.data for o in outputs if "data" in o]
    assert len(plots_of(outputs, "for-educators")) == 3
    assert sum("image/svg+xml" in d for d in data) == 4
    pages = [d["text/html"] for d in data if "text/html" in d]
    assert any(DISCLAIMER in p for p in pages)
    assert any("srcdoc=" in p for p in pages)
    printed = printed_of(outputs)
    assert "EMERGENCY" in printed
    assert "Which of these" in printed


@pytest.mark.usefixtures("graph")
def test_the_researchers_notebook_shows_what_it_promises(tmp_path: Path) -> None:
    outputs = run("for-researchers", tmp_path)
    assert len(plots_of(outputs, "for-researchers")) == 4
    tables = [o.data["text/html"] for o in outputs if "text/html" in o.get("data", {})]
    assert len(tables) == 5
    assert any("dataframe" in t and "van der Windt" in t for t in tables)  # pandas
    assert any("abductor hallucis" in t and "main" in t for t in tables)  # polars
    assert any("meralgia paraesthetica" in t and "emergency" in t for t in tables)
    assert any("doi:10.1002/14651858.CD007431.pub2" in t for t in tables)
    printed = printed_of(outputs)
    assert printed.count(kg.__version__) >= 2
    assert "renal colic distends ureter" in printed
    assert "@article{" in printed
    assert "p1 · numbness of the dorsum of the foot · L5 nerve root" in printed
