"""Bad input is answered with one clear line, the right exit code, and nothing half-done."""

from __future__ import annotations

import json
import os
import re
import select
import socket
import stat
import subprocess
import threading
from pathlib import Path

import pytest
from conftest import KgRun

ESCAPE = "\x1b"
RED = "\x1b[31mred\x1b[0m"
MISUSE = "Error: "  # the last of the four lines that wrong options bring
HUGE = 100 * 2**20
NEVER_ENDS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PLACES = ["/dev/null/x.out", "no/such/folder/x.out"]
WRITERS: dict[str, tuple[str, ...]] = {
    "view": ("view", "L5 root", "-o"),
    "export": ("export", "csv", "-o"),
    "explain": ("explain", "numb foot", "--view"),
}


def said(done: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """The one line of a refusal."""
    assert "Traceback" not in done.stderr
    assert ESCAPE not in done.stderr + done.stdout
    assert (done.returncode, done.stdout) == (code, "")
    lines = done.stderr.strip().splitlines()
    line = lines[-1]
    assert len(lines) == 1 or line.startswith(MISUSE), done.stderr
    assert line.startswith(("kg: ", MISUSE))
    assert len(line) <= 700
    return line


# Names


@pytest.mark.parametrize(
    "args",
    [
        ("show", "comon peroneal nerv"),
        ("paths", "comon peroneal nerv", "groin pain"),
        ("paths", "groin pain", "comon peroneal nerv"),
        ("view", "comon peroneal nerv", "-o", "-"),
    ],
)
def test_an_unknown_name_gets_names_that_look_alike(kg_run: KgRun, args: tuple[str, ...]) -> None:
    line = said(kg_run(*args))
    assert "comon peroneal nerv" in line
    assert "Did you mean" in line
    assert "common fibular nerve" in line


@pytest.mark.parametrize("name", ["", "   ", "zzyzxqwerty", "%' OR 1=1 --", '"', "*", "x" * 5000, "🦶", "ألم الساق"])
def test_any_name_can_be_asked_for(kg_run: KgRun, name: str) -> None:
    assert "called" in said(kg_run("show", name))


@pytest.mark.parametrize("text", ["", '"', "*", "NEAR(", "a AND OR", "-", "^", "🦶", "x" * 5000, "label:foot"])
def test_any_words_can_be_searched_for(kg_run: KgRun, text: str) -> None:
    done = kg_run("search", "--", text)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_an_unknown_kind_is_answered_with_the_kinds(kg_run: KgRun) -> None:
    line = said(kg_run("search", "foot", "--kind", "Sandwich"))
    assert "Sandwich" in line
    assert "Condition" in line


def test_a_mistyped_question_is_answered_with_questions(kg_run: KgRun) -> None:
    line = said(kg_run("sparql", "conditions-numb-dorsum-of-fot"))
    assert "conditions-numb-dorsum-of-foot" in line.replace("dorsum-of-fot", "", 1)


@pytest.mark.parametrize(("form", "right"), [("sandwich", "turtle"), ("", "turtle"), ("TURTLE ", "turtle")])
def test_an_unknown_export_format_is_answered_with_the_formats(kg_run: KgRun, form: str, right: str) -> None:
    assert right in said(kg_run("export", form))


def test_an_unknown_result_format_is_answered_with_the_formats(kg_run: KgRun) -> None:
    line = said(kg_run("sparql", "ASK {}", "--format", "sandwich"))
    assert "sandwich" in line
    assert "csv" in line


@pytest.mark.parametrize("name", ["expalin", ""])
def test_an_unknown_command_is_misuse(kg_run: KgRun, name: str) -> None:
    assert "No such command" in said(kg_run(name))


# Options


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("explain", "numb", "--top", "0"), "--top"),
        (("explain", "numb", "--top", "-1"), "--top"),
        (("search", "numb", "--top", "0"), "--top"),
        (("paths", "L5", "numb foot", "--top", "0"), "--top"),
        (("view", "L5", "-o", "-", "--reach", "0"), "--reach"),
        (("explain", "numb", "--age", "x"), "--age"),
        (("explain", "numb", "--age", "200"), "120"),
        (("explain", "numb", "--age", "-1"), "120"),
        (("explain", "numb", "--age", "9" * 30), "120"),
        (("explain", "numb", "--sex", "other"), "female"),
        (("sparql", "ASK {}", "--timeout", "0"), "--timeout"),
        (("sparql", "ASK {}", "--timeout", "nan"), "timeout"),
        (("explain", "numb", "--no-such-option"), "--no-such-option"),
        (("show",), "name"),
        (("paths", "L5"), "to"),
        (("search",), "text"),
        (("view", "L5"), "--output"),
    ],
)
def test_a_wrong_option_is_named(kg_run: KgRun, args: tuple[str, ...], named: str) -> None:
    assert named.lower() in said(kg_run(*args)).lower()


# Cases


@pytest.mark.parametrize("args", [(), ("",), ("  ", "\t"), ("--absent", "")])
@pytest.mark.parametrize("name", ["explain", "localize"])
def test_no_finding_is_said(kg_run: KgRun, name: str, args: tuple[str, ...]) -> None:
    assert "no finding" in said(kg_run(name, *args))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "not valid JSON"),
        ('{\n"age": 5,\n"present": [numb]\n}', ":3:"),
        ("[1, 2]", "JSON object"),
        ("{}", "no finding"),
        ('{"present": "numb foot"}', "present"),
        ('{"present": ["numb", 5]}', "present"),
        ('{"present": ["numb"], "absent": "fever"}', "absent"),
        ('{"present": ["numb"], "age": "x"}', "age"),
        ('{"present": ["numb"], "age": 200}', "age"),
        ('{"present": ["numb"], "age": NaN}', "age"),
        ('{"present": ["numb"], "age": 1e999}', "age"),
        ('{"present": ["numb"], "age": ' + "1" * 5000 + "}", ""),
        ('{"present": ["numb"], "age": ' + "[" * 600 + "]" * 600 + "}", ""),
        ('{"present": ["numb"], "sex": "other"}', "female"),
        ("[" * 100_000, "nested"),
        (json.dumps({"present": ["numb foot"] * 10_000}), "10,000"),
        (json.dumps({"present": ["numb foot " * 1000]}), "longer"),
        ('{"phenotypicFeatures": [5]}', "phenotypic feature"),
    ],
    ids=lambda value: re.sub(r"\W+", "-", value[:40]),
)
def test_a_bad_case_is_named(kg_run: KgRun, tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "case.json"
    file.write_text(text, encoding="utf-8")
    line = said(kg_run("explain", "--case", str(file), "--json"))
    assert str(file) in line
    assert named in line


def test_a_bad_case_on_standard_input_is_named(kg_run: KgRun) -> None:
    assert "standard input:1:" in said(kg_run("explain", "--case", "-", stdin="{"))


def test_a_case_that_is_not_there_is_named(kg_run: KgRun, tmp_path: Path) -> None:
    assert "nothere.json" in said(kg_run("explain", "--case", str(tmp_path / "nothere.json")))
    assert str(tmp_path) in said(kg_run("explain", "--case", str(tmp_path)))


def test_a_case_that_is_not_text_is_named(kg_run: KgRun, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(b'{"present": ["\xff\xfe"]}')
    assert "UTF-8" in said(kg_run("explain", "--case", str(file)))


# Weird text in findings


WEIRD = (
    "numb foot 🦶",
    "ألم في الساق numb foot",
    "כאב numb foot",
    "numb\u202e foot",
    "numb\u200bfoot, numb foot",
    "ｎｕｍｂ foot numb",
    "numb\tfoot\r\nnumb foot",
    "numb foot " + "\u0301" * 200,
    f"numb foot {RED}",
    "numb foot \x9b31m\x07\x08",
    "numb foot " + "(" * 500,
    "numb foot {0} %s {x!r} <script>",
    f"zzyzx{RED}",
)


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("name", ["explain", "localize"])
def test_weird_text_is_answered_without_control_characters(kg_run: KgRun, name: str, form: tuple[str, ...]) -> None:
    done = kg_run(name, *WEIRD, *form)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout)) == set()
    assert "🦶" in done.stdout


@pytest.mark.parametrize("phrase", ["numb foot \\ud800", "numb foot \\udfff\\ud800", "numb foot \\u0000"])
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_half_a_character_in_a_case_does_no_harm(kg_run: KgRun, phrase: str, form: tuple[str, ...]) -> None:
    done = kg_run("explain", "--case", "-", *form, stdin=f'{{"present": ["{phrase}"]}}')
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 2)


@pytest.mark.parametrize(
    "args",
    [
        ("show", RED),
        ("paths", RED, "L5"),
        ("view", RED, "-o", "-"),
        ("view", "L5", "-o", f"/no/{RED}/x.html"),
        ("explain", "numb", "--sex", RED),
        ("explain", "--case", f"/no/{RED}.json"),
        ("search", "foot", "--kind", RED),
        ("sparql", "ASK {}", "--format", RED),
        ("sparql", f"/no/{RED}.rq"),
        ("sparql", f"ASK {{ {RED} }}"),
        ("sparql", "ASK {}", "--endpoint", RED),
        ("export", RED),
        ("check", f"/no/{RED}"),
    ],
    ids=lambda args: "-".join(args).replace(RED, "RED")[:40],
)
def test_a_refusal_does_not_colour_the_screen(kg_run: KgRun, args: tuple[str, ...]) -> None:
    said(kg_run(*args))


def test_words_searched_for_do_not_colour_the_screen(kg_run: KgRun) -> None:
    done = kg_run("search", f"zzyzx{RED}qwerty")
    assert done.returncode == 0
    assert ESCAPE not in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="arguments are text on Windows")
@pytest.mark.parametrize(
    "args",
    [
        ("show", "\udcff"),
        ("paths", "\udcff", "L5"),
        ("search", "\udcff"),
        ("explain", "numb \udcff"),
        ("explain", "numb \udcff", "--json"),
        ("sparql", "ASK { \udcff }"),
    ],
    ids=lambda args: args[0],
)
def test_an_argument_that_is_not_utf8_does_no_harm(kg_run: KgRun, args: tuple[str, ...]) -> None:
    done = kg_run(*args, env={"PYTHONUTF8": "1"})
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 2)


# Large and broken files


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 100 MB that takes no room."""
    path = tmp_path_factory.mktemp("huge") / "huge.ttl"
    with path.open("wb") as file:
        file.truncate(HUGE)
    return path


@pytest.mark.parametrize("args", [("explain", "--case"), ("localize", "--case"), ("check",)], ids=lambda a: a[0])
def test_a_huge_file_is_refused_unread(kg_run: KgRun, huge: Path, args: tuple[str, ...]) -> None:
    line = said(kg_run(*args, str(huge), seconds=20))
    assert str(huge) in line
    assert "MB" in line


def test_a_huge_query_is_refused_unread(kg_run: KgRun, huge: Path, tmp_path: Path) -> None:
    query = tmp_path / "huge.rq"
    query.symlink_to(huge)
    assert "huge.rq" in said(kg_run("sparql", str(query), seconds=20))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('@prefix id: <https://w3id.org/backleg-pain/id/> .\n\nid:a id:b id:c .\nid:a id:b "unclosed .\n', 4),
        ("nothere:a nothere:b nothere:c .\n", 1),
        ("{", 1),
    ],
)
def test_malformed_turtle_is_named_by_file_and_line(kg_run: KgRun, tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text(text, encoding="utf-8")
    done = kg_run("check", str(file))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert re.search(rf"broken\.ttl:{line}\b", done.stdout)


def test_turtle_that_is_not_text_is_named_by_line(kg_run: KgRun, tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_bytes(b"# fine\n# \xff\n")
    done = kg_run("check", str(file))
    assert done.returncode == 2
    assert "broken.ttl:2" in done.stdout
    assert "UTF-8" in done.stdout


def test_check_of_nothing_is_named(kg_run: KgRun, tmp_path: Path) -> None:
    assert "nothere.ttl" in said(kg_run("check", str(tmp_path / "nothere.ttl")))
    assert ".ttl" in said(kg_run("check", str(tmp_path)))


# Queries


def test_a_query_that_never_ends_is_ended(kg_run: KgRun) -> None:
    line = said(kg_run("sparql", NEVER_ENDS, "--timeout", "1", seconds=20), code=1)
    assert "1 s" in line
    assert "--timeout" in line


@pytest.mark.parametrize(
    "query",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "CLEAR ALL",
        "DROP ALL",
        "LOAD <http://127.0.0.1:9/x.ttl>",
    ],
)
def test_an_update_is_refused(kg_run: KgRun, query: str) -> None:
    said(kg_run("sparql", query))


def test_a_refused_update_changes_nothing(kg_run: KgRun) -> None:
    count = ("sparql", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv")
    before = kg_run(*count).stdout
    kg_run("sparql", "DELETE WHERE { ?s ?p ?o }")
    assert kg_run(*count).stdout == before


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_a_query_that_asks_another_server_is_refused(kg_run: KgRun, silent: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        done = kg_run("sparql", f"SELECT * {{ SERVICE {silent}<{address}> {{ ?s ?p ?o }} }}", "--timeout", "3")
        asked, _, _ = select.select([server], [], [], 0)
    assert not asked
    assert "SERVICE" in said(done)


def test_the_word_service_is_no_crime(kg_run: KgRun) -> None:
    done = kg_run("sparql", 'ASK { ?s skos:prefLabel "SERVICE {" } # SERVICE <urn:x> {}')
    assert (done.returncode, done.stdout) == (0, "no\n")


@pytest.mark.parametrize("query", ["", "ASK {", "SELECT ?s WHERE", "hello world", "ASK { ?s nothere:p ?o }"])
def test_a_query_that_does_not_parse_is_said(kg_run: KgRun, query: str) -> None:
    assert "SPARQL" in said(kg_run("sparql", query))


def test_a_fault_in_a_query_is_placed_in_the_query_as_written(kg_run: KgRun) -> None:
    assert re.search(r"\bline 3\b", said(kg_run("sparql", "ASK {\n?s a bl:Condition .\n?? }")))


def test_a_query_file_that_is_not_there_is_named(kg_run: KgRun, tmp_path: Path) -> None:
    assert "nothere.rq" in said(kg_run("sparql", str(tmp_path / "nothere.rq")))


# Output


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_is_not_there_is_named(kg_run: KgRun, tmp_path: Path, name: str, place: str) -> None:
    line = said(kg_run(*WRITERS[name], place, cwd=tmp_path))
    assert str(Path(place).parent) in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_given_as_file_is_named_and_left_alone(kg_run: KgRun, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert str(folder) in said(kg_run(*WRITERS[name], str(folder)))
    assert [p.name for p in tmp_path.rglob("*")] == ["folder"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_named(kg_run: KgRun, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        assert str(tmp_path) in said(kg_run(*WRITERS["export"], str(tmp_path / "x.csv")))
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize(
    "args",
    [
        ("view", "zzyzxqwerty", "-o"),
        ("explain", "numb", "--age", "200", "--view"),
        ("export", "sandwich", "-o"),
    ],
    ids=lambda args: args[0],
)
def test_a_failure_leaves_an_existing_file_as_it_was(kg_run: KgRun, tmp_path: Path, args: tuple[str, ...]) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    said(kg_run(*args, str(target)))
    assert target.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [target]


def test_a_name_too_long_for_a_file_leaves_nothing(kg_run: KgRun, tmp_path: Path) -> None:
    said(kg_run("export", "csv", "-o", "x" * 300, cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_regular_file_is_not_replaced(kg_run: KgRun, tmp_path: Path) -> None:
    """Else `-o /dev/null`, run by root, would replace the device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    done = threading.Event()

    def drain() -> None:
        while not done.wait(0.01):
            try:
                os.read(reading, 1 << 20)
            except BlockingIOError:
                continue

    reader = threading.Thread(target=drain)
    reader.start()
    try:
        kg_run("export", "csv", "-o", str(pipe), seconds=60)
    finally:
        done.set()
        reader.join()
        os.close(reading)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]
