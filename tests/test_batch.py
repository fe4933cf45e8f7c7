"""Many cases at once: the answers are those of each case alone; bad cases are told and skipped; runs go on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import InputError
from kg.model import Case
from kg.read.cohort import Problem, read_cohort
from kg.reason.batch import Ranked, flag_table, raised_flags
from kg.reason.words import Grounded
from kg.show.as_rows import Csv, columns

GRAPH = kg.load()
BATCHER = GRAPH.batcher(top=4)
FINDINGS = sorted(GRAPH.knowledge.findings)
PHRASES = [f"id:{f.rpartition('/')[2]}" for f in FINDINGS]
KgRun = Callable[..., "object"]

cases = st.builds(
    Case,
    st.lists(st.sampled_from(PHRASES), min_size=1, max_size=9).map(tuple),
    st.lists(st.sampled_from(PHRASES), max_size=4).map(tuple),
    st.none() | st.integers(0, 120),
    st.sampled_from(["female", "male", None]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(cases, min_size=1, max_size=6))
def test_a_batch_gives_each_case_the_answer_it_gets_alone(many: list[Case]) -> None:
    together = BATCHER(many)
    assert together == [GRAPH.batcher(top=4)([case])[0] for case in many]
    for case, ranked in zip(many, together, strict=True):
        spoken = Case(_labels(case.present), _labels(case.absent), case.age, case.sex)
        answer = GRAPH.explain_case(spoken, 4)
        if _same_findings(spoken, case):  # labels that are read as the findings they name
            assert [c.id for c in ranked.conditions] == [c.id for c in answer.conditions]
            assert ranked.urgency == answer.urgency
            assert ranked.alarms == tuple(a.label for a in answer.alarms)


def _labels(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(GRAPH.knowledge.findings[_iri(p)].label for p in phrases)


def _iri(phrase: str) -> str:
    return "https://w3id.org/backleg-pain/id/" + phrase.removeprefix("id:")


def _same_findings(spoken: Case, case: Case) -> bool:
    answer = GRAPH.explain_case(spoken, 1)
    wanted = sorted((s, _iri(p)) for s, ps in (("present", case.present), ("absent", case.absent)) for p in ps)
    got = sorted({(m.status, n.id) for m in answer.findings for n in m.matched})
    return got == sorted(set(wanted))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=8), st.none() | st.integers(0, 120))
def test_alarms_of_a_batch_are_those_of_the_rules(names: list[str], age: int | None) -> None:
    from kg.reason.urgency import alarms

    found = [Grounded(n, "present", n, (), (), None, "exact", 1.0) for n in names]
    rows = np.array([range(len(found))], dtype=np.int32)
    ages = np.array([121 if age is None else age], dtype=np.int32)
    raised = raised_flags(rows, ages, flag_table(found, GRAPH.knowledge))[0]
    one_by_one = {a.id for a in alarms(found, Case(("x",), age=age), GRAPH.knowledge)}
    assert {f.id for f, r in zip(GRAPH.knowledge.red_flags, raised, strict=True) if r} == one_by_one


def test_an_unknown_identifier_is_listed_as_not_understood() -> None:
    (ranked,) = BATCHER([Case(("id:foot-drop", "id:nonsense"))])
    assert ranked.unmatched == ("id:nonsense",)
    assert ranked.conditions


def test_a_case_of_which_nothing_is_understood_has_no_conditions() -> None:
    (ranked,) = BATCHER([Case(("xyzzy plugh",))])
    assert (ranked.conditions, ranked.unmatched, ranked.urgency) == ((), ("xyzzy plugh",), "routine")


def test_lines_that_are_no_case_are_told_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(
        b'{"present": ["foot drop"]}\n\nnonsense\n{"present": 3}\n\xff\xfe\n{"present": ["fever"], "age": 7}\n'
    )
    items = [i.what for i in read_cohort(str(path))]
    assert [isinstance(i, Problem) for i in items] == [False, True, True, True, False]
    assert [str(i.message).split(":")[1] for i in items if isinstance(i, Problem)] == ["3", "4", "5"]
    assert items[-1] == Case(("fever",), age=7)


def test_csv_cells_hold_several_findings(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text('id,age,sex,present,absent\n7,58,male,"foot drop | numb foot",fever\n8,old,,x,\n9,,,,\n', "utf-8")
    first, second, third = (i.what for i in read_cohort(str(path)))
    assert first == Case(("foot drop", "numb foot"), ("fever",), 58, "male", "7")
    assert isinstance(second, Problem)
    assert "age must be a number" in second.message
    assert isinstance(third, Problem)
    assert "no finding" in third.message


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("c.xlsx", "", "the ending of the name says which"),
        ("gone.jsonl", None, "no such file"),
        ("c.csv", "a,b\n1,2\n", "needs columns among"),
        ("c.parquet", "not parquet", "not a Parquet file"),
    ],
)
def test_files_that_are_no_cohort_are_refused(tmp_path: Path, name: str, text: str | None, wanted: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=wanted):
        list(read_cohort(str(path)))


def _cohort(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "cohort.jsonl"
    lines = [json.dumps({"id": f"c{i}", "present": [PHRASES[i], PHRASES[i + 9]], "age": 40}) for i in range(count)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_each_form_holds_the_same_answers(kg_run: KgRun, tmp_path: Path, form: str) -> None:
    path = _cohort(tmp_path, 12)
    done = kg_run("rank", str(path), "-o", str(tmp_path / f"out.{form}"), "--top", "3")
    assert (done.returncode, done.stdout) == (0, "")  # type: ignore[attr-defined]
    assert "12 cases: 0 could not be read" in done.stderr  # type: ignore[attr-defined]
    wanted = GRAPH.batcher(3)([i.what for i in read_cohort(str(path)) if isinstance(i.what, Case)])
    out = tmp_path / f"out.{form}"
    if form == "jsonl":
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert [[c["id"] for c in r["conditions"]] for r in rows] == [[c.id for c in w.conditions] for w in wanted]
    else:
        text = out.read_text(encoding="utf-8") if form == "csv" else ""
        rows = list(csv.DictReader(io.StringIO(text))) if text else pq.read_table(out).to_pylist()
        assert list(rows[0]) == columns(3)
        assert [r["condition_1"] for r in rows] == [w.conditions[0].id for w in wanted]
        assert [float(r["probability_1"]) for r in rows] == pytest.approx([w.conditions[0].probability for w in wanted])
    assert [r["id"] for r in rows] == [w.id for w in wanted]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_run_that_was_cut_off_goes_on_where_it_stopped(kg_run: KgRun, tmp_path: Path, form: str) -> None:
    path, out = _cohort(tmp_path, 9), tmp_path / f"out.{form}"
    kg_run("rank", str(path), "-o", str(out))
    whole = out.read_bytes()
    out.write_bytes(whole[: len(whole) * 2 // 3])  # in the middle of a line
    done = kg_run("rank", str(path), "-o", str(out), "--resume")
    assert done.returncode == 0  # type: ignore[attr-defined]
    assert "done before" in done.stderr  # type: ignore[attr-defined]
    assert out.read_bytes() == whole


def test_a_bad_line_is_told_skipped_and_kept_as_an_error(kg_run: KgRun) -> None:
    done = kg_run("rank", "-", stdin='{"present": ["foot drop"], "id": "a"}\nnonsense\n')
    assert done.returncode == 0  # type: ignore[attr-defined]
    good, bad = (json.loads(line) for line in done.stdout.splitlines())  # type: ignore[attr-defined]
    assert good["id"] == "a"
    assert "standard input:2" in bad["error"]
    assert "kg: skipped: standard input:2" in done.stderr  # type: ignore[attr-defined]


def test_resuming_a_form_that_cannot_grow_is_refused(kg_run: KgRun, tmp_path: Path) -> None:
    done = kg_run("rank", str(_cohort(tmp_path, 1)), "-o", str(tmp_path / "o.parquet"), "--resume")
    assert done.returncode == 2  # type: ignore[attr-defined]
    assert "--resume" in done.stderr  # type: ignore[attr-defined]


def test_a_cell_is_one_line_and_no_formula() -> None:
    out = io.StringIO()
    Csv(out, 1, header=False).write([Ranked("=1+1", "routine", (), (), ("a\nb",))])
    assert out.getvalue() == "'=1+1,routine,,,,,a b,\r\n"
