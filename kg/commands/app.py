"""The `kg` application that all commands join, and the options they share."""

# No postponed annotations here: typer would compile each of them again at every start.

from typing import Annotated

import typer

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


@app.callback()
def kg() -> None:
    """Keep `kg` a group of commands, even while only one of them is loaded."""


Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
Out = Annotated[str, typer.Option("-o", "--output", help="File to write; - writes to standard output.")]
