"""`kg quiz`: questions from the graph, marked by the graph; also as Anki cards, Moodle GIFT or a worksheet."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.commands.app import Json, app
from kg.errors import Failure, InputError
from kg.terminal import say, say_json, style, width, write

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.model import Exercise

EXPORTS = ("anki", "gift", "worksheet")
ASKED, EXPORTED = 10, 200
QUIT = ("q", "quit", "exit")


@app.command(epilog="Example: kg quiz --level recall --topic reflexes --count 5 --seed 7")
def quiz(
    level: Annotated[
        str, typer.Option("--level", help="recall, hop (next link of a chain), weigh (for or against), case; or all.")
    ] = "recall",
    topic: Annotated[
        str | None, typer.Option("--topic", help="A word such as reflexes, or any name of a thing to be asked about.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="The same number gives the same questions; one is chosen if you do not."),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, max=2000, help=f"How many; {ASKED}, or {EXPORTED} for a file.")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Ask again what was missed and has come back.")] = False,
    export: Annotated[str | None, typer.Option("--export", help="Write a file: anki, gift or worksheet.")] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="With --export: file to write; - writes to standard output.")
    ] = None,
    json: Json = False,
) -> None:
    """Learn by being asked: anatomy, chains, findings, whole cases. Answers by letter; q ends it."""
    from kg.api import KnowledgeGraph

    _check(export, output, json, due)
    graph = KnowledgeGraph()
    number = _seed(seed, export)
    most = count or (EXPORTED if export in ("anki", "gift") else ASKED)
    asked = _due(graph, number, most) if due else graph.quiz(level, number, most, topic)
    if json:
        from kg.show.as_quiz import quiz_json

        say_json(quiz_json(asked, number, _version(graph)))
    elif export and output:
        _write(graph, asked, export, output, number, level)
    elif asked:
        _ask(asked, number)
    elif due:
        say("Nothing that you missed has come back yet. Try kg quiz without --due.")
    else:
        say(f"No question of this level is about “{topic}”. Try another --level, or leave --topic out.")


def _check(export: str | None, output: str | None, json: bool, due: bool) -> None:
    if export is not None and export not in EXPORTS:
        raise InputError(f"--export is one of {', '.join(EXPORTS)}, not “{export[:40]}”.")
    if export and not output:
        raise InputError(f"--export {export} needs a file to write: add -o FILE.")
    if output and not export:
        raise InputError(f"-o needs --export: add --export {', '.join(EXPORTS[:-1])} or {EXPORTS[-1]}.")
    if export and (json or due):
        raise InputError("--export goes with neither --json nor --due.")


def _seed(seed: int | None, export: str | None) -> int:
    """The seed asked for; a fixed one for files, so that a later file holds the same cards; else a new one."""
    if seed is not None:
        return seed
    if export:
        return 1
    from random import SystemRandom

    return SystemRandom().randrange(1, 10_000)


def _version(graph: "KnowledgeGraph") -> dict[str, str]:
    from kg import __version__

    return {"package": __version__, "data": graph.knowledge.data_version}


def _due(graph: "KnowledgeGraph", seed: int, most: int) -> "tuple[Exercise, ...]":
    from datetime import date
    from itertools import islice

    from kg.read.progress import due, load

    return tuple(islice(graph.quiz_again(due(load(), date.today()), seed), most))


def _write(
    graph: "KnowledgeGraph", asked: "tuple[Exercise, ...]", export: str, output: str, seed: int, level: str
) -> None:
    labels = graph.knowledge.labels
    made: str | bytes
    if export == "gift":
        from kg.show.as_gift import gift

        made = gift(asked)
    elif export == "worksheet":
        from kg.show.as_worksheet import worksheet

        made = worksheet(asked, seed, _version(graph)["data"], labels, level)
    else:
        import time

        from kg.read.anki import package
        from kg.show.as_cards import cards

        made = package(cards(asked, labels), int(time.time()))
    write(output, made)
    if output != "-":
        print(f"{len(asked)} questions written to {output} (seed {seed}).", file=sys.stderr)


class _Ended(Exception):
    """The learner, or what is piped in, has said enough."""


def _line(prompt: str) -> str:
    """What the learner types; the prompt stays out of a pipe."""
    sys.stdout.flush()
    if sys.stdin.isatty():
        print(prompt, end=" ", file=sys.stderr, flush=True)
    line = sys.stdin.readline(1000)
    if not line or line.strip().lower() in QUIT:
        raise _Ended
    return line.strip().lower()


def _ask(asked: "tuple[Exercise, ...]", seed: int) -> None:
    from kg.notice import DISCLAIMER
    from kg.show.as_quiz import LEVEL_WORDS, answer_text, question_text

    say(f"{DISCLAIMER}\n")
    right, share, missed, done, kept = 0, 0.0, [], 0, True
    try:
        for n, exercise in enumerate(asked, 1):
            say(f"{n} of {len(asked)} · {LEVEL_WORDS[exercise.level]}")
            say(question_text(exercise, style, width()))
            mark = _case(exercise) if exercise.steps else _choice(exercise)
            say(style("Right.", "green") if mark.right else style(f"No: {exercise.right.label}.", "red"))
            say(answer_text(exercise, style, width()) + "\n")
            done, right, share = done + 1, right + mark.right, share + mark.share
            missed += [] if mark.right else [exercise]
            kept = kept and _keep(exercise.id, mark.right)
    except _Ended:
        say("")
    _sum_up(done, right, share, missed, seed, kept)


def _sum_up(done: int, right: int, share: float, missed: "list[Exercise]", seed: int, kept: bool) -> None:
    if not done:
        say("Nothing answered.")
        return
    partly = f"; {share:.1f} points with what was nearly right" if share > right else ""
    say(style(f"{right} of {done} right{partly}. Seed {seed}.", "bold"))
    for e in missed:
        say(f"  missed: {e.text} → {e.right.label}")
    if missed and kept:
        say("What you missed comes back tomorrow: kg quiz --due")


def _keep(exercise: str, right: bool) -> bool:
    """Note an answer; where it cannot be kept, say so once and go on."""
    from datetime import date

    from kg.read.progress import after, load, save

    try:
        before = load()
        now = after(before, exercise, right, date.today())
        if now != before:
            save(now)
    except Failure as e:
        print(f"kg: {e}", file=sys.stderr)
        return False
    return True


def _choice(exercise: "Exercise") -> Any:
    from kg.reason.quiz import mark
    from kg.show.as_quiz import LETTERS

    letters = LETTERS[: len(exercise.choices)]
    while True:
        said = _line(f"Your answer ({letters[0]}–{letters[-1]}):").rstrip(").")
        for letter, choice in zip(letters, exercise.choices, strict=True):
            if said in (letter, choice.label.lower()):
                return mark(exercise, choice.id)
        print(f"Please answer with a letter from {letters[0]} to {letters[-1]}, or q.", file=sys.stderr)


def _case(exercise: "Exercise") -> Any:
    """Findings one by one; an empty line shows the next, letters rank the conditions and end it."""
    from kg.reason.quiz import mark_ranking
    from kg.show.as_quiz import LETTERS, alarms_text, reasons_text

    letters = LETTERS[: len(exercise.choices)]
    shown, known = 0, 0
    while True:
        if shown < len(exercise.steps):
            step = exercise.steps[shown]
            shown += 1
            if len(step.alarms) > known:
                say(alarms_text(step.alarms[:], style, width()))
                known = len(step.alarms)
            say(f"  {'+' if step.status == 'present' else '− not found:'} {step.finding}")
        more = "Enter for the next finding, or rank" if shown < len(exercise.steps) else "Rank"
        said = _line(f"{more}, best first (such as {letters[1]}{letters[0]}):")
        order = [x for x in said if x not in " ,;>"]
        if order and set(order) <= set(letters):
            break
        if said:
            print(f"Rank with the letters {letters[0]} to {letters[-1]}, best first, or q.", file=sys.stderr)
            shown -= shown < len(exercise.steps)
    chosen = [letters.index(x) for x in order]
    at = next(i for i, c in enumerate(exercise.choices) if c.right)
    if exercise.steps[-1].alarms and len(exercise.steps[-1].alarms) > known:
        say(alarms_text(exercise.steps[-1].alarms, style, width()))
    say(f"  (after {shown} of {len(exercise.steps)} findings; all of them are weighed below)")
    for which in dict.fromkeys((at, chosen[0])):
        say(reasons_text(exercise, which, style, width()))
    return mark_ranking(exercise, [exercise.choices[i].id for i in chosen])
