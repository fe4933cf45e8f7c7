"""`kg changes`, `kg docs`, `kg fair` and `kg release`: what belongs to a release."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.commands.app import Json, app
from kg.terminal import say, say_json, style, write_folder


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


@app.command(epilog="Example: kg fair")
def fair(json: Json = False) -> None:
    """Checks of the OBO Foundry, MIRO and FOOPS! that need no net: each rule, what was found, and its cure."""
    from kg.read.fair import ADDRESSES
    from kg.read.fair import fair as run
    from kg.show.as_fair import fair_json, fair_text

    found = run()
    if json:
        say_json(fair_json(found, ADDRESSES))
    else:
        say(fair_text(found, ADDRESSES, style))
    if any(c.passed is False for c in found):
        raise typer.Exit(1)


@app.command(epilog="Example: kg release -o release")
def release(
    output: Annotated[str, typer.Option("-o", "--output", help="Folder to write; made if it is not there.")],
) -> None:
    """All files of a release, with descriptions and checksums; two runs give the same bytes."""
    from kg.read.release import release_files

    tell = (lambda m: print(f"writing {m} …", file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    count = size = 0
    for name, content in release_files(tell):
        write_folder(output, {name: content})
        count, size = count + 1, size + len(content)
    print(f"{count} files, {size / 1e6:.0f} MB, written to {output}.", file=sys.stderr)


@app.command(epilog="Example: kg docs -o documentation")
def docs(
    output: Annotated[str, typer.Option("-o", "--output", help="Folder to write; made if it is not there.")],
    since: Annotated[
        Path | None,
        typer.Option("--since", help="Folder of an older release: adds what changed for cases.", show_default=False),
    ] = None,
) -> None:
    """The documentation of the model, made from ontology and data: pages that open from a folder."""
    from kg.api import KnowledgeGraph
    from kg.web.docs import docs_files

    files = dict(docs_files(KnowledgeGraph(), since))
    write_folder(output, files)
    pages = sum(name.endswith(".html") for name in files)
    print(f"{pages} pages written to {output}; open index.html there.", file=sys.stderr)
