"""`kg paths`, `kg show`, `kg search` and `kg view`: look at things and how they are connected."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from typing import Annotated

import typer

from kg.commands.app import Json, app
from kg.errors import InputError
from kg.terminal import read, say, say_json, style, width, write


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

        say_json(paths_json(graph.resolve(start), graph.resolve(goal), found))
    elif table:
        from kg.show.as_text import paths_table

        say(paths_table(found))
    else:
        from kg.show.as_text import paths_text

        say(paths_text(names[0], names[1], found, style, width()))


@app.command(epilog='Example: kg show "common peroneal nerve"')
def show(
    name: Annotated[str, typer.Argument(help="Label, synonym, identifier or CURIE; - reads it from standard input.")],
    json: Json = False,
) -> None:
    """Everything about one thing."""
    from kg.read.cache import catalogue
    from kg.read.catalogue import record, resolve

    db = catalogue()
    wanted = read("-", 10_000).strip() if name == "-" else name
    found = record(db, resolve(db, wanted))
    if json:
        say_json(found)
    else:
        from kg.show.as_record import thing_text

        say(thing_text(found, style, width()))


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
        say_json(found)
    elif found:
        from kg.show.as_record import search_text

        say(search_text(found, style))
    else:
        say(f"Nothing found for “{' '.join(text)[:120]}”. Try fewer or other words.")


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

    write(output, KnowledgeGraph().view(names or (), reach))
    if output != "-":
        print(f"Written to {output}; open it in any browser.", file=sys.stderr)


@app.command(epilog='Example: kg cite "meralgia paraesthetica" --bibtex')
def cite(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Things, figures or publications; nothing cites the graph alone.", show_default=False),
    ] = None,
    as_bibtex: Annotated[bool, typer.Option("--bibtex", help="For LaTeX, Zotero and JabRef.")] = False,
    json: Json = False,
) -> None:
    """How to cite the graph, and the publications that it rests on where it speaks of these things."""
    from kg.api import KnowledgeGraph

    found = KnowledgeGraph().cite(*(names or ()))
    if json:
        say_json([r._asdict() for r in found])
    elif as_bibtex:
        from kg.show.as_bibtex import bibtex

        say(bibtex(found))
    else:
        say("\n".join(map(str, found)))
