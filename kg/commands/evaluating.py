"""`kg evaluate`: how good the answers are on published cases."""

# No postponed annotations here: typer would compile each of them again at every start.

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.commands.app import Json, app
from kg.terminal import say, say_json, write


@app.command(epilog="Example: kg evaluate data/cases/development --card safety-card.md")
def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder of .json cases with their published diagnosis.")],
    card: Annotated[str | None, typer.Option("--card", help="Also write the safety card to this file.")] = None,
    json: Json = False,
) -> None:
    """Answer published cases, beside simpler methods and with parts of the model taken out."""
    from kg.api import KnowledgeGraph
    from kg.show.as_card import evaluation_json, evaluation_text, safety_card

    graph = KnowledgeGraph()
    tell = (lambda m: print(f"ranking: {m}", file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    found = graph.evaluate(folder, tell)
    if card:
        write(card, safety_card(found, graph.knowledge.data_version))
        print(f"Safety card written to {card}.", file=sys.stderr)
    if json:
        say_json(evaluation_json(found))
    else:
        say(evaluation_text(found))
