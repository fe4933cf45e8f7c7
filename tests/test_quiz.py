"""Questions and their marking: one right answer by the graph, whatever is drawn; exports read back; misses kept."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import KgRun
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.errors import Failure, InputError, UnknownName
from kg.model import BL, LEVELS, Choice, Exercise, Link
from kg.notice import DISCLAIMER
from kg.read import anki, progress
from kg.read.names import ID
from kg.reason import quiz_case, quiz_weigh
from kg.reason.quiz import mark, mark_ranking
from kg.show import as_cards, as_chain, as_gift, as_quiz, as_worksheet

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</style><script>alert(2)</script>",
    "a ~ b = c # d { e } f : g \\ h -> i %50% //",
    "one\n\ntwo\r\n$CATEGORY: x",
    "::title:: [html] =right ~wrong ####why",
    "ألم \u202e 腰痛 🦵",
    "x" * 3000,
    "\x1f\x1f",
)


@pytest.fixture(scope="module")
def drawn(graph: kg.KnowledgeGraph) -> list[Exercise]:
    """Questions of all levels, from several seeds."""
    wanted = {"recall": 60, "hop": 60, "weigh": 25, "case": 12}
    return [e for level, n in wanted.items() for seed in (1, 20) for e in graph.quiz(level, seed, n)]


def asks(graph: kg.KnowledgeGraph, triples: list[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Those of some triples that hold in the graph, asserted or entailed."""
    rows = "\n".join(f"(<{s}> <{p}> <{o}>)" for s, p, o in triples)
    found = graph.sparql(f"SELECT ?s ?p ?o WHERE {{ VALUES (?s ?p ?o) {{ {rows} }} ?s ?p ?o }}")
    assert not isinstance(found, bool)
    return {(r["s"], r["p"], r["o"]) for r in found}


# ---- one right answer -----------------------------------------------------------------------------------------------


def test_every_question_has_one_right_answer_a_reason_and_what_it_is_about(drawn: list[Exercise]) -> None:
    assert {e.level for e in drawn} == set(LEVELS)
    assert len({e.id for e in drawn}) > 200
    for e in drawn:
        assert [c.right for c in e.choices].count(True) == 1
        assert len({c.label for c in e.choices}) == len({c.id for c in e.choices}) == len(e.choices) >= 3
        assert e.about
        assert all(a.id.startswith(ID) for a in e.about)
        assert e.explanation
        assert e.paths or e.statistics


def test_every_link_of_an_explanation_is_in_the_graph(graph: kg.KnowledgeGraph, drawn: list[Exercise]) -> None:
    links = {(x.subject, x.predicate, x.object) for e in drawn for p in e.paths for x in p}
    links |= {
        (x.subject, x.predicate, x.object) for e in drawn for r in e.reasons for v in r for p in v.paths for x in p
    }
    assert asks(graph, sorted(links)) == links


def test_in_recall_the_graph_says_it_of_the_right_answer_and_of_no_other(
    graph: kg.KnowledgeGraph, drawn: list[Exercise]
) -> None:
    right, wrong = set(), set()
    for e in drawn:
        if e.level == "recall":
            ((link,),) = e.paths
            forward = e.right.id == link.object
            assert e.about[0].id == (link.subject if forward else link.object)
            for c in e.choices:
                s, o = (link.subject, c.id) if forward else (c.id, link.object)
                (right if c.right else wrong).add((s, link.predicate, o))
    assert len(right) > 80
    assert len(wrong) > 240
    assert asks(graph, sorted(right)) == right
    assert asks(graph, sorted(wrong)) == set()


def test_a_wrong_answer_of_recall_is_no_part_or_whole_of_a_right_one(
    graph: kg.KnowledgeGraph, drawn: list[Exercise]
) -> None:
    wider = graph.knowledge.wider_site
    for e in drawn:
        if e.level == "recall" and "/forward/" in e.id:
            ((link,),) = e.paths
            held = [f.object for f in graph.bank.facts.of[link.subject] if f.predicate == link.predicate]
            for c in e.choices:
                if not c.right:
                    assert not any(c.id in wider.get(h, ()) or h in wider.get(c.id, ()) for h in held), (e.id, c.id)


def test_at_a_hop_only_the_right_thing_is_linked(graph: kg.KnowledgeGraph, drawn: list[Exercise]) -> None:
    wrong = []
    for e in drawn:
        if e.level == "hop":
            (chain,) = e.paths
            (link,) = [x for x in chain if x.object == e.right.id]
            assert e.shown == tuple(x.label for x in chain[: chain.index(link)])
            assert not any(e.right.label in s.split() for s in e.shown)
            wrong += [(link.subject, link.predicate, c.id) for c in e.choices if not c.right]
    assert len(wrong) > 300
    assert asks(graph, wrong) == set()


def test_a_finding_is_for_or_against_as_explain_has_it(graph: kg.KnowledgeGraph, drawn: list[Exercise]) -> None:
    asked = [e for e in drawn if e.level == "weigh"]
    assert {e.right.id for e in asked} == {"for", "against", "neutral"}
    for e in asked[:12]:
        condition, finding = e.about
        present, absent = ([], [finding.label]) if "/absent/" in e.id else ([finding.label], [])
        answer = graph.explain(present, absent, top=300)
        ranked = next(c for c in answer.conditions if c.id == condition.id)
        said = [v for v in ranked.evidence if v.meaning == finding.label]
        assert [v.effect for v in said] == [e.right.id]
        size = abs(said[0].log10_lr)
        assert size >= quiz_weigh.CLEAR or (e.right.id == "neutral" and size < quiz_weigh.UNCLEAR)


def test_a_drawn_case_is_answered_by_explain_as_by_its_marker(graph: kg.KnowledgeGraph, drawn: list[Exercise]) -> None:
    cases = [e for e in drawn if e.level == "case" and not e.published]
    assert len(cases) >= 5
    for e in cases:
        present = [s.finding for s in e.steps if s.status == "present"]
        absent = [s.finding for s in e.steps if s.status == "absent"]
        sex, age = re.fullmatch(r"(female|male), (\d+) years old", e.shown[0]).groups()  # type: ignore[union-attr]
        answer = graph.explain(present, absent, int(age), sex, top=300)  # type: ignore[arg-type]
        beliefs = {c.id: c.probability for c in answer.conditions}
        assert [beliefs[c.id] for c in e.choices] == pytest.approx(e.steps[-1].beliefs, abs=2e-4)  # rounded to four
        assert max(e.choices, key=lambda c: beliefs[c.id]) == e.right
        assert {a.id for a in answer.alarms} == {a.id for a in e.steps[-1].alarms}


def test_no_wrong_condition_is_a_kind_of_the_right_one(graph: kg.KnowledgeGraph, drawn: list[Exercise]) -> None:
    above = {c.id: {c.id, *c.broader} for c in graph.knowledge.conditions}
    for e in drawn:
        if e.level == "case":
            wrong = [c.id for c in e.choices if not c.right]
            assert wrong
            assert not [w for w in wrong if e.right.id in above[w] or w in above[e.right.id]]


def test_alarms_of_a_case_only_grow(drawn: list[Exercise]) -> None:
    seen = 0
    for e in drawn:
        held: set[str] = set()
        for s in e.steps:
            assert held <= {a.id for a in s.alarms}
            held = {a.id for a in s.alarms}
        seen += bool(held)
    assert seen


def test_published_cases_say_where_they_were_published_and_accept_no_fair_name_as_wrong(
    graph: kg.KnowledgeGraph,
) -> None:
    bank = graph.bank
    assert {Path(c.where).parent.name for c in bank.published} == {"development", "held-out"}
    asked = [c for c in bank.candidates("case") if c.id.startswith(quiz_case.PREFIX)]
    assert len(asked) > 40
    by_id = {c.case.id: c for c in bank.published}
    for candidate in asked[::6]:
        e = bank.build(candidate, 1)
        assert e is not None
        case = by_id[e.id.removeprefix(quiz_case.PREFIX)]
        assert e.published == case.published != ""
        assert e.published in e.sources
        fair = {n.casefold() for n in case.acceptable}
        named = {c.id: {n.casefold() for n in (c.label, *c.synonyms)} for c in graph.knowledge.conditions}
        assert named[e.right.id] & fair
        assert not [c.label for c in e.choices if not c.right and named[c.id] & fair]


# ---- drawing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["recall", "hop", "case"])
def test_a_seed_repeats_a_quiz_and_another_gives_another(graph: kg.KnowledgeGraph, level: str) -> None:
    assert graph.quiz(level, 5, 6) == kg.load().quiz(level, 5, 6)
    assert [e.id for e in graph.quiz(level, 5, 6)] != [e.id for e in graph.quiz(level, 6, 6)]


def test_more_questions_begin_with_fewer_of_the_same_order(graph: kg.KnowledgeGraph) -> None:
    ids = [e.id for e in graph.quiz("hop", 2, 40)]
    assert {e.id for e in graph.quiz("hop", 2, 5)} <= set(ids)


def test_a_topic_keeps_to_its_thing(graph: kg.KnowledgeGraph) -> None:
    l5 = ID + "l5-nerve-root"
    for e in graph.quiz("recall", 1, 20, "L5 root"):
        assert l5 in {x for p in e.paths for link in p for x in (link.subject, link.object)}
    assert {e.topic for e in graph.quiz("recall", 1, 20, "reflexes")} == {"reflexes"}
    with pytest.raises(UnknownName):
        graph.quiz("recall", topic="nothing of the kind")
    with pytest.raises(InputError, match="no level"):
        graph.quiz("hardest")


def test_a_question_comes_back_by_its_identifier(graph: kg.KnowledgeGraph, drawn: list[Exercise]) -> None:
    some = [next(e for e in drawn if e.level == level) for level in LEVELS]
    again = {e.id: e for e in graph.quiz_again([*(e.id for e in some), "recall/gone/x/y/z", "", "nonsense"], 1)}
    assert list(again) == [e.id for e in some]
    assert all(again[e.id].right.id == e.right.id for e in some)


def test_known_anatomy_is_asked_as_taught(graph: kg.KnowledgeGraph) -> None:
    """Worked by hand: textbook facts that any chart has."""
    known = {c.id for c in graph.bank.candidates("recall")}
    assert "recall/backward/l5-nerve-root/suppliesMuscle/extensor-hallucis-longus" in known
    assert "recall/backward/s1-nerve-root/mediatesReflex/ankle-jerk" in known
    (e,) = graph.quiz_again(["recall/backward/s1-nerve-root/mediatesReflex/ankle-jerk"], 1)
    assert e.text == "Which of these roots carries the ankle jerk?"
    assert e.right.label == "S1 nerve root"
    assert "L5 nerve root" not in [c.label for c in e.choices]  # it carries the ankle jerk too, variably


# ---- marking --------------------------------------------------------------------------------------------------------


def made(text: str = "?", label: str = "A", exercise_id: str = "case/x") -> Exercise:
    choices = (Choice("a", label, False), Choice("b", label + "B", True), Choice("c", "C", False))
    return Exercise(exercise_id, "case", "cases", text, (), choices, label, shown=(text,), sources=(label,))


def test_marking_by_hand() -> None:
    e = made()
    assert mark(e, "b") == (True, 1.0)
    assert mark(e, "a") == (False, 0.0)
    assert mark_ranking(e, ["b", "a", "c"]) == (True, 1.0)
    assert mark_ranking(e, ["c", "a", "b"]) == (False, 1 / 3)
    assert mark_ranking(e, ["a", "a", "a", "b"]) == (False, 1 / 2)  # said twice counts once
    assert mark_ranking(e, ["zzz", "b"]) == (True, 1.0)  # what is no answer takes no place
    assert mark_ranking(e, []) == (False, 1 / 3)


@given(st.permutations(["a", "b", "c"]))
def test_a_ranking_scores_by_the_place_of_the_right_one(order: list[str]) -> None:
    assert mark_ranking(made(), order).share == 1 / (order.index("b") + 1)


# ---- misses ---------------------------------------------------------------------------------------------------------


def test_leitner_by_hand() -> None:
    day = date(2026, 3, 1)
    held = progress.after({}, "x", False, day)
    assert held == {"x": (1, date(2026, 3, 2))}
    assert progress.after({}, "x", True, day) == {}  # what was never missed is not kept
    for box, wait in ((2, 2), (3, 4), (4, 8), (5, 16)):
        held = progress.after(held, "x", True, day)
        assert held == {"x": (box, day + timedelta(days=wait))}
    assert progress.after(held, "x", False, day) == {"x": (1, date(2026, 3, 2))}
    assert progress.after(held, "x", True, day) == {}


def test_due_is_longest_waiting_first() -> None:
    misses = {i: progress.Miss(1, date(2026, 3, d)) for i, d in (("a", 5), ("b", 3), ("c", 9))}
    assert progress.due(misses, date(2026, 3, 5)) == ("b", "a")


def test_misses_survive_the_disk(tmp_path: Path) -> None:
    misses = {"recall/x": progress.Miss(2, date(2026, 3, 4)), "ü/🦵": progress.Miss(5, date(2027, 1, 1))}
    progress.save(misses, tmp_path / "new")
    assert progress.load(tmp_path / "new") == misses
    assert [p.name for p in (tmp_path / "new").iterdir()] == [progress.FILE]
    assert progress.load(tmp_path / "none") == {}


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": 9, "misses": {}}', b'{"format": 1, "misses": {"x": 3}}',
     b'{"format": 1, "misses": {"x": {"box": 99, "due": "2026-01-01"}}}',
     b'{"format": 1, "misses": {"x": {"box": 1, "due": "soon"}}}', b"[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_is_told_and_set_aside(
    tmp_path: Path, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in (1, 2):
        (tmp_path / progress.FILE).write_bytes(damage)
        assert progress.load(tmp_path) == {}
        assert "damaged" in capsys.readouterr().err
        assert (tmp_path / f"{progress.FILE}.damaged-{n}").read_bytes() == damage
    assert not (tmp_path / progress.FILE).exists()


def test_a_folder_that_cannot_be_made_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="KG_DATA"):
        progress.save({}, tmp_path / "file" / "below")


# ---- the command ----------------------------------------------------------------------------------------------------


def test_a_piped_quiz_is_marked_kept_and_comes_back(kg_run: KgRun, tmp_path: Path) -> None:
    env = {"KG_DATA": str(tmp_path)}
    line = ("quiz", "--seed", "3", "--count", "3")
    asked = json.loads(kg_run(*line, "--json", env=env).stdout)
    letters = ["abcdefgh"[[c["right"] for c in e["choices"]].index(True)] for e in asked["exercises"]]
    wrong = "abcd"[("abcd".index(letters[1]) + 1) % 4]
    done = kg_run(*line, stdin=f"{letters[0]}\n{wrong}\nnonsense\n{letters[2]})\n", env=env)
    assert done.returncode == 0
    assert done.stdout.startswith(DISCLAIMER)
    assert re.findall(r"(?m)^(?:Right\.|No: .*)$", done.stdout) == [
        "Right.",
        f"No: {next(c['label'] for c in asked['exercises'][1]['choices'] if c['right'])}.",
        "Right.",
    ]
    assert "2 of 3 right. Seed 3." in done.stdout
    assert "kg quiz --due" in done.stdout
    assert "answer with a letter" in done.stderr
    assert list(progress.load(tmp_path)) == [asked["exercises"][1]["id"]]
    assert "come back yet" in kg_run("quiz", "--due", env=env).stdout
    progress.save({i: m._replace(due=date(2026, 1, 1)) for i, m in progress.load(tmp_path).items()}, tmp_path)
    again = kg_run("quiz", "--due", "--seed", "3", stdin=f"{letters[1]}\n", env=env)
    assert "1 of 1 right" in again.stdout
    assert progress.load(tmp_path)[asked["exercises"][1]["id"]].box == 2


def test_a_piped_case_shows_findings_alarms_and_reasons(kg_run: KgRun, tmp_path: Path) -> None:
    line = ("quiz", "--level", "case", "--topic", "cauda equina syndrome", "--seed", "2", "--count", "1")
    env = {"KG_DATA": str(tmp_path)}
    (asked,) = json.loads(kg_run(*line, "--json", env=env).stdout)["exercises"]
    at = next(i for i, c in enumerate(asked["choices"]) if c["right"])
    last = asked["steps"][-1]
    assert last["alarms"]
    ranking = "abcde"[at] + "".join(x for i, x in enumerate("abcde") if i != at)
    done = kg_run(*line, stdin="\n" * (len(asked["steps"]) - 1) + ranking + "\n", env=env)
    assert "1 of 1 right" in done.stdout
    for step in asked["steps"]:
        assert step["finding"] in done.stdout
    for alarm in last["alarms"]:
        assert alarm["label"] in " ".join(done.stdout.split())
        assert done.stdout.index("ALARM") < done.stdout.index("all of them are weighed below")


def test_a_quiz_ends_where_the_pipe_or_the_learner_does(kg_run: KgRun, tmp_path: Path) -> None:
    env = {"KG_DATA": str(tmp_path)}
    for said in ("", "q\n", "zzz\n"):
        done = kg_run("quiz", "--seed", "1", stdin=said, env=env)
        assert done.returncode == 0
        assert "Nothing answered." in done.stdout
    assert not list(tmp_path.iterdir())


def test_a_damaged_list_is_told_and_the_quiz_goes_on(kg_run: KgRun, tmp_path: Path) -> None:
    (tmp_path / progress.FILE).write_text("{")
    done = kg_run("quiz", "--seed", "1", "--count", "1", stdin="a\n", env={"KG_DATA": str(tmp_path)})
    assert done.returncode == 0
    assert "set aside" in done.stderr
    assert "of 1 right" in done.stdout


def test_a_folder_that_cannot_be_written_spoils_no_quiz(kg_run: KgRun, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = kg_run("quiz", "--seed", "1", "--count", "2", stdin="a\nb\nc\nd\n", env={"KG_DATA": str(tmp_path / "file")})
    assert done.returncode == 0
    assert "of 2 right" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("--level", "hardest"), "no level"),
        (("--topic", "zzyzx"), "Nothing in the graph is called"),
        (("--export", "pdf", "-o", "x"), "anki, gift, worksheet"),
        (("--export", "gift"), "add -o"),
        (("-o", "x"), "needs --export"),
        (("--export", "gift", "-o", "x", "--json"), "neither"),
        (("--export", "gift", "-o", "/no/such/folder/x"), "writable folder"),
    ],
)
def test_misuse_is_one_clear_line(kg_run: KgRun, line: tuple[str, ...], words: str) -> None:
    done = kg_run("quiz", *line)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_level_that_asks_nothing_of_a_topic_says_so(kg_run: KgRun) -> None:
    done = kg_run("quiz", "--level", "case", "--topic", "ankle jerk")
    assert (done.returncode, done.stderr) == (0, "")
    assert "No question of this level" in done.stdout


# ---- Anki -----------------------------------------------------------------------------------------------------------


def notes(data: bytes, folder: Path) -> dict[str, tuple[int, list[str], str]]:
    """guid → time of change, fields, tags; read by SQLite alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        assert json.loads(packed.read("media")) == {}
        (folder / "c.anki2").write_bytes(packed.read("collection.anki2"))
    db = sqlite3.connect(folder / "c.anki2")
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (models, decks) = map(json.loads, db.execute("SELECT models, decks FROM col").fetchone())
        rows = db.execute("SELECT guid, mod, flds, tags, mid FROM notes").fetchall()
        assert {str(r[4]) for r in rows} <= set(models)
        assert [f["name"] for f in models[str(anki.TYPE)]["flds"]] == list(anki.FIELDS)
        orphans = "SELECT count(*) FROM cards LEFT JOIN notes ON notes.id = nid WHERE guid IS NULL OR did <> ?"
        assert db.execute(orphans, (anki.DECK,)).fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM cards").fetchone() == (len(rows),)
        assert str(anki.DECK) in decks
    finally:
        db.close()
    assert len({r[0] for r in rows}) == len(rows)
    return {g: (mod, flds.split("\x1f"), tags) for g, mod, flds, tags, _ in rows}


def test_cards_keep_their_identity_whatever_the_release_words(
    graph: kg.KnowledgeGraph, drawn: list[Exercise], tmp_path: Path
) -> None:
    labels = graph.knowledge.labels
    some = list({e.id: e for e in drawn}.values())[::5]
    first = notes(anki.package(as_cards.cards(some, labels), 1_700_000_000), tmp_path)
    later = [replace(e, text=e.text + " (new)", choices=e.choices[::-1]) for e in some[::-1]]
    second = notes(anki.package(as_cards.cards(later, labels), 1_800_000_000), tmp_path)
    assert set(first) == set(second)
    assert len(first) == len(some)
    for e in some:
        before, after = first[as_cards.guid(e)], second[as_cards.guid(e)]
        assert before[0] < after[0]  # so that Anki takes the later one
        assert "(new)" in after[1][0]
        assert len(before[1]) == len(after[1]) == len(anki.FIELDS)
        assert Text(before[1][1]).words == e.right.label
        assert DISCLAIMER in Text(before[1][2]).words
        for c in e.choices:
            assert c.label in Text(before[1][0]).words
        for a in e.steps[-1].alarms if e.steps else ():
            assert Text(before[1][0]).words.index(a.label) < Text(before[1][0]).words.index(e.text)


class Text(HTMLParser):
    """Elements and words of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.given: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.given += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_text_in_every_export(text: str, tmp_path: Path) -> None:
    e = replace(made(text, text), paths=((Link("s", "p", "o", text),),))
    labels = {"s": text, "p": text, "o": text}
    plain = replace(made("plain", "plain"), paths=((Link("s", "p", "o", "plain"),),))
    # A character that parts the fields of a note must not part one.
    (note,) = notes(anki.package(as_cards.cards([e], labels), 1), tmp_path).values()
    (tame,) = notes(anki.package(as_cards.cards([plain], {}), 1), tmp_path).values()
    assert len(note[1]) == len(tame[1])
    for field, calm in zip(note[1], tame[1], strict=True):
        assert set(Text(field).tags) == set(Text(calm).tags)
        assert not [k for k in Text(field).given if k.startswith("on")]
    sheet, calm_sheet = (as_worksheet.worksheet([x], 1, text, labels) for x in (e, plain))
    assert set(Text(sheet).tags) == set(Text(calm_sheet).tags)
    assert not [k for k in Text(sheet).given if k.startswith("on")]
    ((title, stem, answers, why),) = read_gift(as_gift.gift([e]))
    assert title == "case/x"
    assert [right for right, _ in answers] == [False, True, False]
    assert set(Text(stem).tags) <= {"p", "ul", "li"}
    assert " ".join(text.split()) in " ".join(Text(stem).words.split())
    assert DISCLAIMER in Text(why).words


# ---- GIFT -----------------------------------------------------------------------------------------------------------


def read_gift(text: str) -> list[tuple[str, str, list[tuple[bool, str]], str]]:
    """Title, question, answers and feedback, read by the rules of Moodle's documentation of the format."""

    def plain(escaped: str) -> str:
        return re.sub(r"\\([\\~=#{}:])", r"\1", escaped)

    def split(text: str, pattern: str) -> list[str]:
        return re.split(rf"(?<!\\)((?:\\\\)*){pattern}", text)

    out = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line for line in block.splitlines() if not line.startswith("//")]
        if not lines or lines[0].startswith("$CATEGORY:"):
            continue
        found = re.fullmatch(
            r"::((?:[^\\:]|\\.)*)::\[html\]((?:[^\\{}]|\\.)*)\{((?:[^\\{}]|\\.)*)\}", "\n".join(lines), re.DOTALL
        )
        assert found, block[:300]
        body, _, feedback = found[3].partition("####")
        answers = re.findall(r"([=~])((?:[^\\=~#]|\\.)*)", body)
        assert "".join(re.sub(r"([=~])((?:[^\\=~#]|\\.)*)", "", body).split()) == ""
        out.append(
            (plain(found[1]), plain(found[2]), [(s == "=", plain(a).strip()) for s, a in answers], plain(feedback))
        )
    return out


def test_gift_reads_back_as_it_was(drawn: list[Exercise]) -> None:
    some = list({e.id: e for e in drawn}.values())
    read = {title: rest for title, *rest in read_gift(as_gift.gift(some))}
    assert set(read) == {e.id for e in some}
    for e in some:
        stem, answers, why = read[e.id]
        assert [(c.right, c.label) for c in e.choices] == [(r, Text(a).words) for r, a in answers]
        words = " ".join(Text(stem).words.split())
        assert " ".join(e.text.split()) in words
        assert all(s.finding in words for s in e.steps)
        assert e.explanation in " ".join(Text(why).words.split())


# ---- worksheet and pictures -----------------------------------------------------------------------------------------


def test_a_worksheet_keeps_answers_on_pages_of_their_own(kg_run: KgRun, tmp_path: Path) -> None:
    out = tmp_path / "sheet.html"
    done = kg_run("quiz", "--export", "worksheet", "--level", "all", "--count", "8", "--seed", "2", "-o", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    assert "8 questions" in done.stderr
    text = out.read_text(encoding="utf-8")
    asked = json.loads(kg_run("quiz", "--level", "all", "--count", "8", "--seed", "2", "--json").stdout)["exercises"]
    questions, _, answers = text.partition('<section class="answers"')
    assert re.search(r"\.answers \{[^}]*break-before: page", text)
    for e in asked:
        assert e["text"] in Text(questions).words
        assert e["explanation"] in Text(answers).words
        assert e["explanation"] not in Text(questions).words
    assert DISCLAIMER in Text(questions).words
    assert "src=" not in text
    assert "<script" not in text
    assert "kg quiz --export worksheet --level all --seed 2 --count 8" in Text(text).words


@pytest.mark.parametrize("text", HOSTILE)
def test_a_picture_of_a_chain_is_sound_xml_whatever_it_is_called(text: str) -> None:
    from xml.etree import ElementTree

    from kg.plain import clean

    svg = as_chain.chain_svg([Link("s", BL + "p", "o", clean(text))], {"s": clean(text), "o": clean(text)})
    tree = ElementTree.fromstring(svg)
    assert {e.tag.rpartition("}")[2] for e in tree.iter()} == {"svg", "rect", "text", "line", "polygon"}
    assert not [a for e in tree.iter() for a in e.attrib if a.startswith("on")]


def test_json_holds_answers_reasons_pictures_and_the_disclaimer(graph: kg.KnowledgeGraph) -> None:
    found = as_quiz.quiz_json(graph.quiz("hop", 1, 2), 1, {}, graph.knowledge.labels)
    assert DISCLAIMER in found["note"]
    for e in found["exercises"]:
        assert [c["id"] for c in e["choices"] if c["right"]] == [e["right"]]
        assert e["pictures"][0].startswith("data:image/svg+xml,%3Csvg ")
        assert e["sources"]
