"""The check finds what is wrong, only what is wrong, and says where and how to mend it.

Each file under `bad/` breaks one shape (`bad/shapes/`, its second line names the message) or one rule
(`bad/rules/`, named after the rule). A new shape or rule without such a file fails here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
import rdflib

from kg.errors import InputError
from kg.read.check import Issue, Report, check
from kg.read.files import home

HERE = Path(__file__).parent
GOOD = HERE / "good.ttl"
BAD_SHAPES = sorted((HERE / "bad" / "shapes").glob("*.ttl"))
BAD_RULES = sorted((HERE / "bad" / "rules").glob("*.ttl"))
RULES = {path.stem: path for path in (home() / "ontology" / "rules").glob("*/*.rq")}
SHAPES = home() / "ontology" / "shapes.ttl"

Found = dict[tuple[str, str], list[Issue]]


def messages() -> set[str]:
    """What the shapes say."""
    graph = rdflib.Graph().parse(SHAPES)
    return {str(m) for m in graph.objects(predicate=rdflib.SH.message)}


def expected(path: Path) -> str:
    """The beginning of the message that a bad file for a shape must bring."""
    found = re.search(r"^# expect: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{path}: no line '# expect: …'"
    return found[1]


def header(rule: str) -> tuple[str, str]:
    """Fault and cure of a rule."""
    first, *_ = RULES[rule].read_text(encoding="utf-8").splitlines()
    fault, _, cure = first.removeprefix("# ").partition(" :: ")
    return fault.rstrip("."), cure


def key(path: str | Path) -> tuple[str, str]:
    """Folder and name of a file, with or without a line behind it."""
    *_, folder, name = Path(re.sub(r":\d+$", "", str(path))).parts
    return folder, name


@pytest.fixture(scope="module")
def found() -> Found:
    """The issues of all bad files, checked in one go because each check reads the whole graph."""
    out: Found = defaultdict(list)
    for issue in check((HERE / "bad",)).issues:
        out[key(issue.where)].append(issue)
    return out


@pytest.fixture(scope="module")
def good() -> Report:
    return check((GOOD,))


@pytest.mark.parametrize("path", BAD_SHAPES, ids=lambda p: p.stem)
def test_bad_shape(path: Path, found: Found) -> None:
    errors = [i for i in found[key(path)] if i.level == "error"]
    assert errors, "no error"
    assert [i for i in errors if not i.cure.startswith(expected(path))] == []


@pytest.mark.parametrize("path", BAD_RULES, ids=lambda p: p.stem)
def test_bad_rule(path: Path, found: Found) -> None:
    fault, cure = header(path.stem)
    issues = found[key(path)]
    tripped = [i for i in issues if i.what.startswith(fault + ":") and i.cure == cure]
    assert tripped, "no issue of this rule"
    assert {i.level for i in tripped} == {RULES[path.stem].parent.name}
    assert [i for i in issues if i.level == "error" and i not in tripped] == []


def test_a_source_needs_an_author_and_only_a_publication_a_year(found: Found) -> None:
    fault, _ = header("source-incomplete")
    said = {i.what.removeprefix(f"{fault}: ") for i in found["rules", "source-incomplete.ttl"]}
    assert said == {
        "id:example-source-incomplete (no author)",
        "id:example-source-incomplete-yearless (no year)",
        "id:example-source-incomplete-page (no author)",
    }


def test_no_issue_lacks_its_file(found: Found) -> None:
    assert set(found) - {key(p) for p in (*BAD_SHAPES, *BAD_RULES)} == set()


def test_every_shape_has_a_bad_example() -> None:
    said = messages()
    meant = {path.stem: {m for m in said if m.startswith(expected(path))} for path in BAD_SHAPES}
    assert {stem: len(ms) for stem, ms in meant.items() if len(ms) != 1} == {}, "not exactly one message"
    assert said - set().union(*meant.values()) == set()


def test_every_shape_says_its_cure() -> None:
    graph = rdflib.Graph().parse(SHAPES)
    silent = [p for p in graph.objects(None, rdflib.SH.property) if (p, rdflib.SH.message, None) not in graph]
    assert silent == []


def test_every_rule_has_a_bad_example() -> None:
    assert set(RULES) == {path.stem for path in BAD_RULES}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rule_says_fault_and_cure(rule: str) -> None:
    assert all(header(rule)), "the first line must read '# fault :: cure'"


def test_good_file_has_no_issue(good: Report) -> None:
    assert good.issues == ()


def test_report_counts_what_was_checked(good: Report) -> None:
    things = {"Condition": 1, "Symptom": 1, "Statistic": 1, "Recommendation": 1, "Nerve": 1, "Source": 1}
    shapes = SHAPES.read_text(encoding="utf-8").count("a sh:NodeShape")
    triples = good.checked["triples"]
    assert good.checked == {"files": 1, "rules": len(RULES), "shapes": shapes, "triples": triples} | things
    assert triples > 50


@pytest.mark.parametrize("path", [*BAD_SHAPES, *BAD_RULES], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_issue_names_line_and_cure(path: Path, found: Found) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for issue in found[key(path)]:
        assert issue.cure
        line = re.search(r":(\d+)$", issue.where)
        if not path.stem.startswith("link-"):  # a link has no name that could stand on its line
            assert line
            assert lines[int(line[1]) - 1].split()[0] in issue.what


def test_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix id: <https://example.org/> .\n\nid:a id:b id:c\nid:d id:e .\n", encoding="utf-8")
    report = check((path, GOOD))
    assert [i.where for i in report.errors] == [f"{path.resolve()}:4"]
    assert report.issues[0].cure
    assert report.checked == {"files": 2}


def test_text_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes(b"# ok\n# f\xfcnf\n")
    assert [i.where for i in check((path,)).errors] == [f"{path.resolve()}:2"]


def test_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        check((tmp_path / "nothing.ttl",))


# ---- The shipped graph itself: fails whenever `data/` or `ontology/` holds an error.


def test_shipped_graph_has_no_error() -> None:
    assert check().errors == ()
