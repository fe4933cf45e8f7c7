"""The notebooks run from top to bottom, and are kept without what they printed."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kg.notice import DISCLAIMER

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The educators' notebook after a run, as people run it: in a kernel of its own."""
    from conftest import surroundings

    book = nbformat.read(next(p for p in NOTEBOOKS if p.stem == "for-educators"), as_version=4)
    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in surroundings({"MPLCONFIGDIR": str(folder)}).items():
            patched.setenv(name, value)
        client = NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
        return client.execute()


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
def test_the_educators_notebook_shows_what_it_promises(ran: Any) -> None:
    outputs = [o for c in ran.cells if c.cell_type == "code" for o in c.outputs]
    assert [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"] == []
    assert all(c.outputs for c in ran.cells if c.cell_type == "code")
    data = [o.data for o in outputs if "data" in o]
    plots = [base64.b64decode(d["image/png"]) for d in data if "image/png" in d]
    assert len(plots) == 3
    assert all(p.startswith(b"\x89PNG") and len(p) > 10_000 for p in plots)
    assert sum("image/svg+xml" in d for d in data) == 4
    pages = [d["text/html"] for d in data if "text/html" in d]
    assert any(DISCLAIMER in p for p in pages)
    assert any("srcdoc=" in p for p in pages)
    printed = "".join(o.text for o in outputs if o.output_type == "stream")
    assert "EMERGENCY" in printed
    assert "Which of these" in printed
    if shots := os.environ.get("KG_SCREENSHOTS"):
        for n, plot in enumerate(plots, 1):
            Path(shots, f"notebook-{n}.png").write_bytes(plot)
