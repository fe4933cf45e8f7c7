"""`kg explain`, `kg localize` and `kg compare`: from findings to reasons."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from typing import Annotated, Any

import typer

from kg.commands.app import Json, app
from kg.errors import InputError
from kg.terminal import read, say, say_json, style, width, write

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


def _case(
    findings: list[str] | None, absent: list[str] | None, age: int | None, sex: str | None, file: str | None
) -> Any:
    from dataclasses import replace

    from kg.read.case import MAX_BYTES, make_case, read_case

    if file is None:
        return make_case(tuple(findings or ()), tuple(absent or ()), age, sex, "command line")
    given = read_case(read(file, MAX_BYTES), "standard input" if file == "-" else file)
    merged = replace(given, present=given.present + tuple(findings or ()), absent=given.absent + tuple(absent or ()))
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
    why_not: Annotated[
        str | None, typer.Option("--why-not", help="A condition: what speaks against it, and what would change it.")
    ] = None,
    rival: Annotated[
        str | None, typer.Option("--rival", help="With --why-not: compare with this one, not with the likeliest.")
    ] = None,
    links: Annotated[
        str, typer.Option("--links", help="Anatomical links as on the textbook's chart, or as studies measured them.")
    ] = "chart",
) -> None:
    """Which conditions fit a set of findings, and why: anatomy and published figures."""
    from kg.api import KnowledgeGraph

    graph = KnowledgeGraph()
    asked = _case(findings, absent, age, sex, case)
    if rival and not why_not:
        raise InputError("--rival needs --why-not: name the condition that you ask about as well.")
    if links not in ("chart", "studies"):
        raise InputError(f"--links is chart or studies, not “{links}”.")
    answer = graph.explain_case(asked, top, "studies" if links == "studies" else "chart")
    shifts = graph.chart_against_studies(asked) if links == "studies" else ()
    reason = graph.why_not(asked, why_not, rival) if why_not else None
    if view:
        from kg.show.as_network import answer_page

        write(view, answer_page(graph, answer))
        print(f"Picture written to {view}; open it in any browser.", file=sys.stderr)
    if json:
        from kg.show.as_json import answer_json, moved_json, why_not_json

        extra: dict[str, Any] = {"why_not": why_not_json(reason)} if reason else {}
        if links == "studies":
            extra["moved"] = moved_json(shifts)
        say_json(answer_json(answer) | extra)
    else:
        from kg.show.as_text import answer_text, moved_text, why_not_text

        say(answer_text(answer, style, width()))
        if links == "studies":
            say("\n" + moved_text(shifts, style))
        if reason:
            say("\n" + why_not_text(reason, style, width()))


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

        say_json(localization_json(answer))
    else:
        from kg.show.as_text import localization_text

        say(localization_text(answer, style, width()))


@app.command(epilog='Example: kg compare "piriformis syndrome" "lumbar disc herniation" "hip osteoarthritis"')
def compare(
    names: Annotated[
        list[str], typer.Argument(metavar="CONDITION CONDITION...", help="Two to five labels, synonyms or identifiers.")
    ],
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="How many findings.")] = 12,
    json: Json = False,
) -> None:
    """What tells look-alikes apart: the findings that say most about which of them it is."""
    from kg.api import KnowledgeGraph

    found = KnowledgeGraph().compare(*names, top=top)
    if json:
        from kg.show.as_json import comparison_json

        say_json(comparison_json(found))
    else:
        from kg.show.as_comparison import comparison_text

        say(comparison_text(found, style, width()))
