"""The command as people and pipes meet it: what is printed where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from conftest import KgRun, command, surroundings

from kg import KnowledgeGraph
from kg.cli import app, load_commands
from kg.read.files import home

load_commands()
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
ANSWERS: dict[str, tuple[str, ...]] = {
    "explain": ("explain", "numb top of the foot", "weak big toe", "--absent", "fever", "--age", "45", "--sex", "male"),
    "localize": ("localize", "weak big toe", "numb top of the foot"),
    "paths": ("paths", "renal colic", "groin pain"),
    "show": ("show", "common peroneal nerve"),
    "search": ("search", "foot", "drop", "--kind", "Finding"),
    "sparql": ("sparql", "SELECT ?c { ?c a bl:Condition }"),
    "questions": ("questions",),
    "export": ("export", "csv"),
}
WITH_JSON = [*(name for name in ANSWERS if name not in ("sparql", "export"))]
EMPTY_ANSWERS: dict[str, tuple[tuple[str, ...], str]] = {
    "explain": (("explain", "zzyzx qwerty"), "not understood"),
    "localize": (("localize", "zzyzx qwerty"), "No single place"),
    "paths": (("paths", "renal colic", "renal colic"), "No chain"),
    "search": (("search", "zzyzxqwerty"), "Nothing found"),
    "sparql": (("sparql", "SELECT ?s { ?s a bl:NoSuchClass }"), "No rows"),
}
KEYS = {
    "case", "findings", "unmatched", "urgency", "alarms", "conditions", "localization", "ask_next", "version",
}  # fmt: skip
CONDITION_KEYS = {
    "id", "label", "synonyms", "broader", "rank", "score", "probability", "urgency", "evidence", "unexplained",
    "expected_missing",
}  # fmt: skip
EVIDENCE_KEYS = {"finding", "effect", "log10_lr", "kind", "statistics", "paths"}
ESCAPE = "\x1b"
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


def explained(kg_run: KgRun, *args: str) -> dict:
    """The JSON of `kg explain`."""
    done = kg_run("explain", *args, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


# Help


def test_help_lists_every_command(kg_run: KgRun) -> None:
    done = kg_run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert [name for name in COMMANDS if name not in done.stdout] == []
    assert "medical" in done.stdout or "diagnoses nobody" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_gives_an_example(kg_run: KgRun, name: str) -> None:
    done = kg_run(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(rf"Example: kg {name}\b", done.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_runs(kg_run: KgRun, name: str, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(home() / "data")
    (tmp_path / "previous-release").symlink_to(home())
    readme = (home() / "README.md").read_text(encoding="utf-8")
    for line in COMMANDS[name].epilog.removeprefix("Example: ").split("; then: "):
        if line in readme or "rdf-tests" in line:  # run with the README; the W3C's tests are not part of the project
            continue
        done = kg_run(*shlex.split(line)[1:], cwd=tmp_path)
        assert done.returncode == 0, done.stderr


def test_no_command_shows_the_help_as_misuse(kg_run: KgRun) -> None:
    done = kg_run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage" in done.stderr


# Streams and exit codes


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_goes_to_standard_output_alone(kg_run: KgRun, name: str) -> None:
    done = kg_run(*ANSWERS[name])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


@pytest.mark.parametrize("name", ANSWERS)
def test_there_is_no_colour_in_a_pipe(kg_run: KgRun, name: str) -> None:
    assert ESCAPE not in kg_run(*ANSWERS[name], env={"FORCE_COLOR": "", "TERM": "xterm-256color"}).stdout


@pytest.mark.parametrize("name", WITH_JSON)
def test_json_is_one_document(kg_run: KgRun, name: str) -> None:
    done = kg_run(*ANSWERS[name], "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)


@pytest.mark.parametrize("name", EMPTY_ANSWERS)
def test_an_empty_answer_is_said_in_words(kg_run: KgRun, name: str) -> None:
    args, words = EMPTY_ANSWERS[name]
    done = kg_run(*args)
    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout


@pytest.mark.parametrize("name", ["explain", "localize", "paths", "search"])
def test_an_empty_answer_is_json_too(kg_run: KgRun, name: str) -> None:
    done = kg_run(*EMPTY_ANSWERS[name][0], "--json")
    assert done.returncode == 0
    json.loads(done.stdout)


def test_a_file_is_written_and_told_on_standard_error(kg_run: KgRun, tmp_path: Path) -> None:
    done = kg_run("view", "L5 root", "-o", str(tmp_path / "l5.html"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "l5.html" in done.stderr
    assert "</html>" in (tmp_path / "l5.html").read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["l5.html"]


def test_a_picture_of_an_answer_does_not_disturb_the_answer(kg_run: KgRun, tmp_path: Path) -> None:
    done = kg_run(*ANSWERS["explain"], "--json", "--view", str(tmp_path / "why.html"))
    assert done.returncode == 0
    assert json.loads(done.stdout)["conditions"]
    assert "why.html" in done.stderr
    assert (tmp_path / "why.html").stat().st_size > 10_000


def test_an_existing_file_is_replaced(kg_run: KgRun, tmp_path: Path) -> None:
    target = tmp_path / "links.csv"
    target.write_text("old")
    assert kg_run("export", "csv", "-o", str(target)).returncode == 0
    assert target.read_text(encoding="utf-8").startswith("subject,predicate,object")


def test_a_link_to_a_file_stays_a_link(kg_run: KgRun, tmp_path: Path) -> None:
    target, link = tmp_path / "links.csv", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    assert kg_run("export", "csv", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") != "old"


def test_view_writes_to_standard_output(kg_run: KgRun) -> None:
    done = kg_run("view", "L5 root", "-o", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith("</html>")


def test_check_tells_its_report_as_json(kg_run: KgRun, tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("{")
    done = kg_run("check", str(tmp_path), "--json")
    assert (done.returncode, done.stderr) == (2, "")
    report = json.loads(done.stdout)
    assert report["errors"] == 1
    assert set(report["issues"][0]) == {"level", "where", "what", "cure"}


# What explain says


def test_json_of_explain_has_the_promised_shape(kg_run: KgRun, graph: KnowledgeGraph) -> None:
    answer = explained(kg_run, *ANSWERS["explain"][1:])
    assert set(answer) >= KEYS
    assert answer["case"] == {"age": 45, "sex": "male", "side": None}
    assert answer["version"] == {"package": __import__("kg").__version__, "data": graph.knowledge.data_version}
    assert answer["conditions"]
    for condition in answer["conditions"]:
        assert set(condition) >= CONDITION_KEYS
        for evidence in condition["evidence"]:
            assert set(evidence) >= EVIDENCE_KEYS
            assert evidence["effect"] in ("for", "against", "neutral")
            assert evidence["kind"] in ("published", "derived", "estimate")
            for path in evidence["paths"]:
                assert all(set(link) == {"subject", "predicate", "object", "label"} for link in path)
    assert any(e["paths"] for c in answer["conditions"] for e in c["evidence"])


def test_probabilities_are_shares_of_one(kg_run: KgRun) -> None:
    conditions = explained(kg_run, "leg pain", "numb top of the foot", "--top", "200")["conditions"]
    shares = [c["probability"] for c in conditions]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= p <= 1 for p in shares)
    assert 0.5 < sum(shares) <= 1 + 0.00005 * len(shares)  # each is rounded to four places
    assert [c["rank"] for c in conditions] == list(range(1, len(conditions) + 1))


@pytest.mark.parametrize("top", [1, 3])
def test_top_limits_the_conditions(kg_run: KgRun, top: int) -> None:
    assert len(explained(kg_run, "leg pain", "--top", str(top))["conditions"]) == top


def test_a_denied_finding_is_absent(kg_run: KgRun) -> None:
    answer = explained(kg_run, "leg pain", "no fever")
    assert {m["text"]: m["status"] for m in answer["findings"]} == {"leg pain": "present", "no fever": "absent"}


def test_a_denial_and_the_option_mean_the_same(kg_run: KgRun) -> None:
    said, given = explained(kg_run, "leg pain", "no fever"), explained(kg_run, "leg pain", "--absent", "fever")
    assert [(c["id"], c["probability"]) for c in said["conditions"]] == [
        (c["id"], c["probability"]) for c in given["conditions"]
    ]


@pytest.mark.parametrize(
    ("phrase", "side"),
    [
        ("left leg pain", "left"),
        ("pain in the right buttock", "right"),
        ("numb lt foot", "left"),
        ("right-sided groin pain", "right"),
        ("bilateral leg pain", "both"),
        ("pain in both legs", "both"),
        ("leg pain", None),
    ],
)
def test_sides_are_recognised(graph: KnowledgeGraph, phrase: str, side: str | None) -> None:
    answer = graph.explain([phrase])
    assert (answer.side, answer.findings[0].side) == (side, side)


def test_what_is_not_understood_is_listed(kg_run: KgRun) -> None:
    answer = explained(kg_run, "leg pain", "zzyzx qwerty")
    assert answer["unmatched"] == ["zzyzx qwerty"]
    assert "zzyzx qwerty" in kg_run("explain", "leg pain", "zzyzx qwerty").stdout


def test_an_alarm_stands_first(kg_run: KgRun) -> None:
    done = kg_run("explain", "saddle numbness", "cannot pass urine", "low back pain")
    assert done.returncode == 0
    assert "EMERGENCY" in done.stdout.splitlines()[0]
    assert explained(kg_run, "saddle numbness", "cannot pass urine", "low back pain")["urgency"] == "emergency"


def test_text_and_json_rank_alike(kg_run: KgRun) -> None:
    in_json = [c["label"] for c in explained(kg_run, "leg pain", "weak big toe")["conditions"]]
    in_text = re.findall(r"(?m)^\d+\. (.+?)  \d+%", kg_run("explain", "leg pain", "weak big toe").stdout)
    assert in_text == in_json


def test_text_carries_the_disclaimer(kg_run: KgRun) -> None:
    assert "not medical advice" in " ".join(kg_run("explain", "leg pain").stdout.split())


# Names


@pytest.mark.parametrize(
    "name",
    [
        "common fibular nerve",
        "common peroneal nerve",
        "Common Fibular Nerve",
        "common-fibular-nerve",
        "id:common-fibular-nerve",
        "https://w3id.org/backleg-pain/id/common-fibular-nerve",
    ],
)
def test_a_thing_answers_to_all_its_names(kg_run: KgRun, name: str) -> None:
    done = kg_run("show", name, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["curie"] == "id:common-fibular-nerve"


def test_paths_takes_identifiers(kg_run: KgRun) -> None:
    by_name = kg_run("paths", "renal colic", "groin pain", "--json").stdout
    assert kg_run("paths", "id:renal-colic", "groin-pain", "--json").stdout == by_name
    assert json.loads(by_name)["paths"]


# Standard input


def test_show_reads_a_name_from_standard_input(kg_run: KgRun) -> None:
    assert kg_run("show", "-", stdin="L5 root\n").stdout == kg_run("show", "L5 root").stdout


def test_explain_reads_a_case_from_standard_input(kg_run: KgRun) -> None:
    case = {"age": 45, "present": ["numb top of the foot"], "absent": ["fever"]}
    done = kg_run("explain", "--case", "-", "--json", stdin=json.dumps(case))
    assert done.returncode == 0
    assert json.loads(done.stdout) == explained(kg_run, "numb top of the foot", "--absent", "fever", "--age", "45")


def test_a_case_may_begin_with_a_byte_order_mark(kg_run: KgRun) -> None:
    assert kg_run("explain", "--case", "-", stdin='\ufeff{"present": ["leg pain"]}').returncode == 0


def test_findings_beside_a_case_are_added(kg_run: KgRun) -> None:
    done = kg_run("explain", "weak big toe", "--case", "-", "--json", stdin='{"present": ["leg pain"]}')
    assert [m["text"] for m in json.loads(done.stdout)["findings"]] == ["leg pain", "weak big toe"]


def test_sparql_reads_a_query_from_standard_input(kg_run: KgRun) -> None:
    done = kg_run("sparql", "-", stdin="ASK { id:l5-nerve-root a bl:NerveRoot }")
    assert (done.returncode, done.stdout) == (0, "yes\n")


# Pipes and terminals


def run_into(out: int, *args: str) -> tuple[int, str]:
    """Exit code and standard error of a run that prints to an open file."""
    try:
        done = subprocess.run(
            command(*args),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=surroundings(),
            check=False,
            timeout=60,
        )
    finally:
        os.close(out)
    return done.returncode, done.stderr


@on_posix
@pytest.mark.parametrize("name", ANSWERS)
def test_a_reader_that_has_gone_is_no_error(kg_run: KgRun, name: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    _, errors = run_into(writing, *ANSWERS[name])
    assert errors.strip() == ""


@on_posix
def test_head_takes_the_first_line(kg_run: KgRun) -> None:
    whole = shlex.join(command("export", "csv"))
    done = subprocess.run(
        f"{whole} | head -1", shell=True, capture_output=True, encoding="utf-8", env=surroundings(), check=False
    )
    assert done.stdout.startswith("subject,predicate")
    assert done.stderr.strip() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which only Linux has")
@pytest.mark.parametrize("name", ["explain", "show", "search", "export"])
def test_a_full_disk_is_one_clear_line(kg_run: KgRun, name: str) -> None:
    code, errors = run_into(os.open("/dev/full", os.O_WRONLY), *ANSWERS[name])
    assert code == 1
    assert "Traceback" not in errors
    assert len(errors.strip().splitlines()) == 1


def on_a_terminal(*args: str, env: dict[str, str] | None = None) -> str:
    """What a run prints to a terminal."""
    import pty

    reading, writing = pty.openpty()
    running = subprocess.Popen(
        command(*args),
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.DEVNULL,
        env=surroundings({"TERM": "xterm-256color"} | (env or {})),
    )
    os.close(writing)
    seen = b""
    try:
        while chunk := os.read(reading, 65536):
            seen += chunk
    except OSError:  # Linux says so when the other end closes
        pass
    os.close(reading)
    assert running.wait(60) == 0
    return seen.decode()


@on_posix
def test_a_terminal_sees_colour(kg_run: KgRun) -> None:
    assert ESCAPE in on_a_terminal("show", "L5 root")


@on_posix
@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_colour_can_be_refused(kg_run: KgRun, env: dict[str, str]) -> None:
    assert ESCAPE not in on_a_terminal("show", "L5 root", env=env)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_old_output_encoding_still_gets_an_answer(kg_run: KgRun, encoding: str) -> None:
    done = subprocess.run(
        command("show", "L5 root"),
        capture_output=True,
        env=surroundings({"PYTHONIOENCODING": encoding}),
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0
    assert b"L5 nerve root" in done.stdout
