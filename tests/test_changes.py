"""Two releases are compared by their answers to cases, and the edit that moved an answer is named."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import KgRun

import kg
from kg.errors import InputError
from kg.read.files import home
from kg.show.as_changes import changes_text

CASE = {
    "id": "burning-thigh",
    "age": 45,
    "present": ["burning outer thigh", "numb outer thigh"],
    "diagnosis": "meralgia paraesthetica",
    "needs_same_day_care": False,
}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    saddle = {"present": ["numb saddle", "cannot pass urine"], "diagnosis": "cauda equina syndrome"}
    for name, case in (("a", CASE), ("b", {"id": "saddle", "needs_same_day_care": True, **saddle})):
        (folder / f"{name}.json").write_text(json.dumps(case), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that knew little of meralgia paraesthetica, and no red flag."""
    folder = tmp_path_factory.mktemp("older")
    for part in ("ontology", "data"):
        shutil.copytree(home() / part, folder / part)
    path = folder / "data" / "conditions" / "meralgia-paraesthetica.ttl"
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"^ *bl:(?:compresses|irritates|has\w+Finding) [^;]*;.*\n", "", text, flags=re.MULTILINE)
    changed = re.sub(r"bl:aboutCondition id:meralgia-paraesthetica ;", "bl:aboutCondition id:renal-colic ;", changed)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    flags = [p for p in (folder / "data").rglob("*.ttl") if " a bl:RedFlag" in p.read_text(encoding="utf-8")]
    assert flags
    for path in flags:
        path.unlink()
    return folder


def test_a_release_compared_with_itself_moves_nothing(graph: kg.KnowledgeGraph, cases: Path) -> None:
    found = graph.changes(home(), None, cases)
    assert (found.cases, found.moved, found.added, found.removed) == (2, (), (), ())
    assert all(a == b for _, a, b in found.tops)
    assert "0 of 2 cases are answered otherwise" in changes_text(found)


def test_the_link_that_moved_a_case_is_named(graph: kg.KnowledgeGraph, cases: Path, older: Path) -> None:
    found = graph.changes(older, None, cases)
    moved = {m.case: m for m in found.moved}
    thigh = moved["burning-thigh"]
    assert thigh.after == 1
    assert thigh.before is not None
    assert thigh.before > 1
    own = [s for s in thigh.shifts if s.condition == "meralgia paraesthetica" and s.finding in CASE["present"]]  # type: ignore[operator]
    assert own
    assert all(s.before is not None and s.after is not None and s.after > s.before for s in own)
    assert any("new chain" in s.why and "meralgia paraesthetica" in s.why for s in own)
    assert [s.size for s in own] == sorted((s.size for s in own), reverse=True)
    said = changes_text(found)
    assert f"place {thigh.before} → place 1" in said
    assert "diagnoses nobody" in said


def test_what_came_out_less_urgent_stands_first_with_the_alarm_that_is_gone(
    graph: kg.KnowledgeGraph, cases: Path, older: Path
) -> None:
    found = graph.changes(home(), older, cases)
    first = found.moved[0]
    assert first.case == "saddle"
    assert (first.urgency_before, first.urgency_after) == ("emergency", "routine")
    assert first.alarms_gone
    assert first.alarms_new == ()
    assert f"alarm no longer raised: {first.alarms_gone[0]}" in changes_text(found)


def test_a_folder_without_a_release_is_refused(graph: kg.KnowledgeGraph, cases: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ontology"):
        graph.changes(tmp_path, None, cases)
    with pytest.raises(InputError, match="no folder"):
        graph.changes(home(), None, tmp_path / "nothing")


def test_the_command_gives_json(kg_run: KgRun, cases: Path) -> None:
    done = kg_run("changes", str(home()), "--cases", str(cases), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["cases"] == 2
