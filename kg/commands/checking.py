"""`kg check` and `kg coverage`: how well the graph stands."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.commands.app import Json, app
from kg.terminal import say, say_json, style


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
        say_json(report_json(report))
    else:
        say(report_text(report, style, warnings or bool(paths)))
    if report.errors:
        raise typer.Exit(2 if paths else 1)


@app.command(epilog="Example: kg coverage")
def coverage(json: Json = False) -> None:
    """How much of the field the graph covers, and how well it stands."""
    from kg.read.coverage import coverage as measure
    from kg.show.as_report import coverage_json, coverage_text

    found = measure()
    if json:
        say_json(coverage_json(found))
    else:
        say(coverage_text(found))
