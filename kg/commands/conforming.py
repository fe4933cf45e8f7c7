"""`kg conformance`: the W3C's tests against our engine and endpoint."""

# No postponed annotations here: typer would compile each of them again at every start.

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand

from kg.commands.app import app
from kg.errors import InputError
from kg.terminal import say, style


@app.command(cls=TyperCommand, epilog="Example: kg conformance --help; then: kg conformance rdf-tests/sparql/sparql11")
def conformance(
    folder: Annotated[str, typer.Argument(help="A folder of the W3C's SPARQL 1.1 tests: manifest.ttl files in it.")],
    at_least: Annotated[
        float, typer.Option("--at-least", min=0, max=100, help="Share in percent below which the command fails.")
    ] = 95.0,
) -> None:
    """Run the W3C's SPARQL 1.1 tests against engine and endpoint; names every failure."""
    from kg.web.conformance import run_suite

    if not Path(folder).is_dir():
        raise InputError(f"{folder}: no such folder. Give a folder of the W3C's SPARQL 1.1 tests.")
    report = run_suite(Path(folder))
    shares = []
    for part in ("engine", "endpoint"):
        own = [o for o in report.outcomes if o.part == part]
        if not own:
            continue
        passed = sum(not o.fault for o in own)
        shares.append(100 * passed / len(own))
        say(f"{style(part, 'bold')}: {passed} of {len(own)} passed ({shares[-1]:.1f} %)")
        for group in dict.fromkeys(o.case.group for o in own):
            of = [o for o in own if o.case.group == group]
            say(f"  {group}: {sum(not o.fault for o in of)} of {len(of)}")
        for o in own:
            if o.fault:
                say(style(f"  failed: {o.case.group}, {o.case.name}: {' '.join(o.fault.split())[:300]}", "red"))
    if report.left_out:
        say(f"Not run: {len(report.left_out)}")
        for case, why in report.left_out:
            say(f"  {case.group}, {case.name}: {why}")
    if not shares or min(shares) < at_least:
        raise typer.Exit(1)
