"""The `kg` command: thin; each command asks the API and hands the answer to a face."""

# No postponed annotations here: typer would compile each of them again at every start.

import gc
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.errors import InputError, KgError, UnknownName
from kg.plain import clean

MAX_MESSAGE = 600

# A command lives for a moment: collecting garbage while it unpacks its tables costs more than it frees.
gc.set_threshold(200_000, 20, 20)

app = typer.Typer(
    name="kg",
    help="Back–leg pain knowledge graph: which conditions fit a set of findings, and why. For teaching and research; "
    "it diagnoses nobody. In an emergency call your local emergency number.",
    epilog='Start with: kg explain "pain down the back of the left leg" "numb top of the foot" --age 45',
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Findings = Annotated[
    list[str] | None,
    typer.Argument(help="Findings in plain English, one in each pair of quotes.", show_default=False),
]
Absent = Annotated[
    list[str] | None, typer.Option("--absent", help="A finding looked for and not found; may be repeated.")
]
Age = Annotated[int | None, typer.Option("--age", help="Age in years.")]
Sex = Annotated[str | None, typer.Option("--sex", help="female or male.")]
CaseFile = Annotated[
    str | None, typer.Option("--case", help="A case as JSON (also a Phenopacket); - reads standard input.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
Out = Annotated[str, typer.Option("-o", "--output", help="File to write; - writes to standard output.")]


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _style(text: str, kind: str) -> str:
    if not _colour():
        return text
    return typer.style(text, bold=True) if kind == "bold" else typer.style(text, fg=kind, bold=kind == "red")


def _width() -> int:
    from shutil import get_terminal_size

    return max(40, min(get_terminal_size((100, 24)).columns, 120))


def _say(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def _say_json(value: Any) -> None:
    import json

    _say(json.dumps(value, ensure_ascii=False, indent=2))


def _read(name: str, limit: int) -> str:
    """Text of a file or of standard input, not more than `limit` bytes."""
    try:
        data = sys.stdin.buffer.read(limit + 1) if name == "-" else _read_file(Path(name), limit)
    except OSError as e:
        raise InputError(f"{name}: cannot be read: {e.strerror}.") from e
    if len(data) > limit:
        raise InputError(f"{name}: larger than {limit // 1_000_000} MB, which is more than this command takes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(f"{name}: not UTF-8 text.") from e


def _read_file(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit + 1)


def _write(name: str, text: str) -> None:
    """Write a whole file or nothing."""
    if name == "-":
        _say(text)
        return
    import tempfile

    target = Path(os.path.realpath(name))
    if _is_special(target, name):  # a device or a pipe is written to, never replaced
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as e:
            raise InputError(f"{name}: cannot be written: {e.strerror}.") from e
        return
    try:
        handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".kg-")
    except OSError as e:
        raise InputError(
            f"{target.parent}: cannot write there: {e.strerror}. Choose an existing, writable folder."
        ) from e
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(aside, 0o644)
        os.replace(aside, target)
    except OSError as e:
        Path(aside).unlink(missing_ok=True)
        raise InputError(f"{target}: cannot be written: {e.strerror}.") from e


def _is_special(target: Path, name: str) -> bool:
    try:
        if target.is_dir():
            raise InputError(f"{name}: is a folder. Give the name of a file in it.")
        return target.exists() and not target.is_file()
    except OSError as e:
        raise InputError(f"{name}: cannot be written: {e.strerror}.") from e


def _case(
    findings: list[str] | None, absent: list[str] | None, age: int | None, sex: str | None, file: str | None
) -> Any:
    from dataclasses import replace

    from kg.read.case import MAX_BYTES, make_case, read_case

    if file is None:
        return make_case(tuple(findings or ()), tuple(absent or ()), age, sex, "command line")
    read = read_case(_read(file, MAX_BYTES), "standard input" if file == "-" else file)
    merged = replace(read, present=read.present + tuple(findings or ()), absent=read.absent + tuple(absent or ()))
    return make_case(
        merged.present,
        merged.absent,
        age if age is not None else merged.age,
        sex or merged.sex,
        file,
        merged.id,
    )


@app.command(epilog='Example: kg explain "burning outer thigh" "no weakness" --age 40 --sex male --view thigh.html')
def explain(
    findings: Findings = None,
    absent: Absent = None,
    age: Age = None,
    sex: Sex = None,
    case: CaseFile = None,
    top: Annotated[int, typer.Option("--top", min=1, max=200, help="How many conditions to show.")] = 5,
    json: Json = False,
    view: Annotated[
        str | None, typer.Option("--view", help="Also write an interactive picture to this HTML file.")
    ] = None,
) -> None:
    """Which conditions fit a set of findings, and why: anatomy and published figures."""
    from kg.api import KnowledgeGraph

    graph = KnowledgeGraph()
    answer = graph.explain_case(_case(findings, absent, age, sex, case), top)
    if view:
        from kg.show.as_network import answer_page

        _write(view, answer_page(graph, answer))
        print(f"Picture written to {view}; open it in any browser.", file=sys.stderr)
    if json:
        from kg.show.as_json import answer_json

        _say_json(answer_json(answer))
    else:
        from kg.show.as_text import answer_text

        _say(answer_text(answer, _style, _width()))


@app.command(epilog='Example: kg localize "weak big toe" "weak foot inversion" --absent "ankle jerk reduced"')
def localize(
    findings: Findings = None,
    absent: Absent = None,
    case: CaseFile = None,
    json: Json = False,
) -> None:
    """Which root, plexus, nerve or other place explains a pattern of deficits."""
    from kg.api import KnowledgeGraph

    answer = KnowledgeGraph().explain_case(_case(findings, absent, None, None, case), 1)
    if json:
        from kg.show.as_json import localization_json

        _say_json(localization_json(answer))
    else:
        from kg.show.as_text import localization_text

        _say(localization_text(answer, _style, _width()))


@app.command(epilog='Example: kg paths "renal colic" "groin pain"')
def paths(
    start: Annotated[str, typer.Argument(metavar="FROM", help="Label, synonym or identifier.")],
    goal: Annotated[str, typer.Argument(metavar="TO", help="Label, synonym or identifier.")],
    top: Annotated[int, typer.Option("--top", min=1, max=50, help="How many chains.")] = 5,
    table: Annotated[bool, typer.Option("--table", help="One link a row, in columns separated by tabs.")] = False,
    json: Json = False,
) -> None:
    """How two things are connected: whole chains, best first."""
    from kg.api import KnowledgeGraph

    graph = KnowledgeGraph()
    found = graph.paths(start, goal, top)
    names = [graph.show(n)["label"] for n in (start, goal)]
    if json:
        from kg.show.as_json import paths_json

        _say_json(paths_json(graph.resolve(start), graph.resolve(goal), found))
    elif table:
        from kg.show.as_text import paths_table

        _say(paths_table(found))
    else:
        from kg.show.as_text import paths_text

        _say(paths_text(names[0], names[1], found, _style, _width()))


@app.command(epilog='Example: kg show "common peroneal nerve"')
def show(
    name: Annotated[str, typer.Argument(help="Label, synonym, identifier or CURIE; - reads it from standard input.")],
    json: Json = False,
) -> None:
    """Everything about one thing."""
    from kg.read.cache import catalogue
    from kg.read.catalogue import record, resolve

    db = catalogue()
    wanted = _read("-", 10_000).strip() if name == "-" else name
    found = record(db, resolve(db, wanted))
    if json:
        _say_json(found)
    else:
        from kg.show.as_record import thing_text

        _say(thing_text(found, _style, _width()))


@app.command(epilog="Example: kg search foot drop --kind Finding")
def search(
    text: Annotated[list[str], typer.Argument(help="Words, whole or their beginnings.")],
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only things of this class, such as Condition or Muscle.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=400, help="How many.")] = 20,
    json: Json = False,
) -> None:
    """Find things by any of their names or by words of their definitions."""
    from kg.read.cache import catalogue
    from kg.read.catalogue import kinds
    from kg.read.catalogue import search as look

    db = catalogue()
    if kind is not None and kind.lower() not in (k.lower() for k in kinds(db)):
        raise InputError(f"“{kind}” is no class here. Choose one of: {', '.join(kinds(db))}.")
    found = look(db, " ".join(text), kind, top)
    if json:
        _say_json(found)
    elif found:
        from kg.show.as_record import search_text

        _say(search_text(found, _style))
    else:
        _say(f"Nothing found for “{' '.join(text)[:120]}”. Try fewer or other words.")


@app.command(epilog='Example: kg view "L5 root" "lumbar disc herniation" -o l5.html')
def view(
    output: Annotated[str, typer.Option("-o", "--output", help="HTML file to write; - writes to standard output.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(help="What to show; nothing shows the whole graph.", show_default=False),
    ] = None,
    reach: Annotated[int, typer.Option("--reach", min=1, max=4, help="How many links around each thing.")] = 2,
) -> None:
    """An interactive view: one self-contained HTML file that works offline."""
    from kg.api import KnowledgeGraph

    _write(output, KnowledgeGraph().view(names or (), reach))
    if output != "-":
        print(f"Written to {output}; open it in any browser.", file=sys.stderr)


@app.command(epilog='Example: kg sparql "SELECT ?m WHERE { id:l5-nerve-root bl:suppliesMuscle/skos:prefLabel ?m }"')
def sparql(
    query: Annotated[
        str,
        typer.Argument(help="A query, a .rq file, the name of a question that ships with kg, or - for standard input."),
    ],
    form: Annotated[
        str, typer.Option("--format", help="table, csv, tsv, json, xml, turtle, ntriples or json-ld.")
    ] = "table",
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Ask this SPARQL endpoint instead of the shipped graph.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds until the query is ended.")
    ] = 30.0,
) -> None:
    """Run SPARQL over asserted and entailed triples. Known prefixes need no declaration."""
    from kg.read.questions import find_question
    from kg.read.sparql import MAX_QUERY, run_query, run_remote

    question = find_question(query)
    if question is not None:
        text = question.text
    elif query == "-" or (query.endswith(".rq") and "{" not in query):
        text = _read(query, MAX_QUERY)
    elif not query or any(c in query for c in " \n\t{"):
        text = query
    else:
        raise _no_question(query)
    _say(run_remote(text, form, endpoint, timeout) if endpoint else run_query(text, form, timeout))


def _no_question(name: str) -> UnknownName:
    from difflib import get_close_matches

    from kg.read.questions import all_questions

    names = [q.name for q in all_questions()]
    return UnknownName(name, tuple(get_close_matches(name, names, n=3, cutoff=0.4)))


@app.command(epilog="Example: kg questions; then: kg sparql conditions-numb-dorsum-of-foot")
def questions(json: Json = False) -> None:
    """The competency questions that ship with the graph."""
    from kg.read.questions import all_questions

    found = all_questions()
    if json:
        _say_json([q._asdict() for q in found])
    else:
        _say("\n".join(f"{_style(q.name, 'bold')}\n    {q.question}" for q in found))


@app.command(epilog="Example: kg check data/conditions/meralgia-paraesthetica.ttl")
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files or folders of Turtle; nothing checks what ships.", show_default=False),
    ] = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="List each warning, not only their number.")] = False,
    json: Json = False,
) -> None:
    """Validate ontology and data: every problem with file, line and cure."""
    from kg.read.check import check as run
    from kg.show.as_report import report_json, report_text

    report = run(
        tuple(Path(p) for p in paths or ()),
        lambda m: print(m, file=sys.stderr) if sys.stderr.isatty() else None,
    )
    if json:
        _say_json(report_json(report))
    else:
        _say(report_text(report, _style, warnings or bool(paths)))
    if report.errors:
        raise typer.Exit(2 if paths else 1)


@app.command(epilog="Example: kg coverage")
def coverage(json: Json = False) -> None:
    """How much of the field the graph covers, and how well it stands."""
    from kg.read.coverage import coverage as measure
    from kg.show.as_report import coverage_json, coverage_text

    found = measure()
    if json:
        _say_json(coverage_json(found))
    else:
        _say(coverage_text(found))


@app.command(epilog="Example: kg export turtle -o backleg.ttl")
def export(
    form: Annotated[
        str,
        typer.Argument(metavar="FORMAT", help="turtle, ntriples, nquads, xml, json-ld, graphml, json or csv."),
    ],
    output: Out = "-",
    entailed: Annotated[
        bool, typer.Option("--entailed/--asserted", help="With what follows, or only what is written.")
    ] = True,
) -> None:
    """The graph in another format."""
    from kg.read.export import export as run

    _write(output, run(form, entailed))


def main() -> None:
    """Entry point: errors made for people, exit codes as the contract gives them."""
    sys.argv = [clean(a) for a in sys.argv]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a letter gets a question mark
            stream.reconfigure(errors="replace")
    code = _run()
    sys.stderr.flush()
    # Taking a graph of thousands of links apart, piece by piece, would take as long as a look-up.
    os._exit(code)


def _run() -> int:
    """Run the command and write its answer out; its exit code."""
    code = 0
    try:
        try:
            app()
        except SystemExit as e:
            code = e.code if isinstance(e.code, int) else 1 if e.code else 0
        sys.stdout.flush()
    except KgError as e:
        return _complain(str(e), 2 if isinstance(e, InputError) else 1)
    except BrokenPipeError:  # the reader has seen enough
        return 0
    except OSError as e:
        return _complain(f"The answer could not be written: {e.strerror}.", 1)
    except KeyboardInterrupt:
        return 130
    return code


def _complain(message: str, code: int) -> int:
    print(clean(f"kg: {message}".replace("\n", " "))[:MAX_MESSAGE], file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
