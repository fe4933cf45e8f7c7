"""`kg changes`, `kg docs`, `kg fair` and `kg release`: what belongs to a release."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.commands.app import Json, app
from kg.terminal import say, say_json, style


@app.command(epilog="Example: kg changes previous-release")
def changes(
    old: Annotated[Path, typer.Argument(help="Folder with the ontology/ and data/ of the older release.")],
    new: Annotated[
        Path | None, typer.Argument(help="The same of the newer one; nothing means what ships.", show_default=False)
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option("--cases", help="Folder of published cases; nothing means the shipped development cases."),
    ] = None,
    json: Json = False,
) -> None:
    """Which published cases are answered otherwise than by an older release, and by which link or figure."""
    from kg.api import KnowledgeGraph
    from kg.show.as_changes import changes_json, changes_text

    tell = (lambda m: print(f"asking {m} …", file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    found = KnowledgeGraph().changes(old, new, cases, tell)
    if json:
        say_json(changes_json(found))
    else:
        say(changes_text(found, style))
