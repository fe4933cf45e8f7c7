"""The `kg` application that all commands join, and the options they share."""

# No postponed annotations here: typer would compile each of them again at every start.

import os
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperOption

from kg.read.origin import VARIABLE

ENDPOINT = "Ask the graph at this SPARQL endpoint; KG_ENDPOINT_USER, _PASSWORD and _TOKEN hold credentials."


def _choose(_: object, __: object, address: str | None) -> None:
    if address:  # for this process and for those that it starts
        os.environ[VARIABLE] = address


class Command(TyperCommand):
    """A command that can ask another graph than the shipped one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "endpoint" not in {p.name for p in self.params}:
            self.params.append(
                TyperOption(
                    param_decls=["--endpoint"], metavar="URL", help=ENDPOINT, expose_value=False, callback=_choose
                )
            )


class App(typer.Typer):
    """All commands, each a `Command` unless it says otherwise."""

    def command(self, *args: Any, **options: Any) -> Callable[[Any], Any]:
        """As typer's own."""
        return super().command(*args, **({"cls": Command} | options))


app = App(
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
