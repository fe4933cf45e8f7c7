"""`kg sparql`, `kg questions` and `kg export`: the graph for other programs."""

# No postponed annotations here: typer would compile each of them again at every start.

from typing import Annotated

import typer

from kg.commands.app import Json, app
from kg.errors import InputError
from kg.terminal import read, say, say_json, style, width, write, write_folder


@app.command(epilog='Example: kg sparql "SELECT ?m WHERE { id:l5-nerve-root bl:suppliesMuscle/skos:prefLabel ?m }"')
def sparql(
    query: Annotated[
        str,
        typer.Argument(help="A query, a .rq file, the name of a question that ships with kg, or - for standard input."),
    ],
    form: Annotated[
        str, typer.Option("--format", help="table, csv, tsv, json, xml, turtle, ntriples or json-ld.")
    ] = "table",
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds until the query is ended.")
    ] = 30.0,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="For a question: another value for one of its parameters."),
    ] = None,
) -> None:
    """Run SPARQL over asserted and entailed triples. Known prefixes need no declaration."""
    from kg.read.origin import endpoint
    from kg.read.sparql import MAX_QUERY, run_query, run_remote

    asked = query and query != "-" and not query.endswith(".rq") and not any(c in query for c in " \n\t{")
    if given and not asked:
        raise InputError("--set belongs to a question that ships with kg; put values into your own query by hand.")
    if asked:
        text = _asked(query, given or [])
    else:
        text = read(query, MAX_QUERY) if query == "-" or (query.endswith(".rq") and "{" not in query) else query
    address = endpoint()
    say(run_remote(text, form, address, timeout) if address else run_query(text, form, timeout))


def _asked(name: str, given: list[str]) -> str:
    """The query of a question, with the values that were set."""
    from kg.api import KnowledgeGraph

    values = {}
    for setting in given:
        key, equals, value = map(str.strip, setting.partition("="))
        if not equals:
            raise InputError(f"--set takes NAME=VALUE, not “{setting[:60]}”.")
        values[key] = value
    return KnowledgeGraph().question(name, **values)


@app.command(epilog="Example: kg questions; then: kg sparql conditions-numb-dorsum-of-foot")
def questions(json: Json = False) -> None:
    """The competency questions that ship with the graph."""
    from kg.read.questions import all_questions
    from kg.show.as_record import questions_text

    found = all_questions()
    if json:
        say_json([{**q._asdict(), "parameters": [p._asdict() for p in q.parameters]} for q in found])
    else:
        say(questions_text([q._asdict() for q in found], style, width()))


@app.command(epilog="Example: kg export kgx -o kgx")
def export(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="RDF: turtle, ntriples, nquads, xml, owl, json-ld. Networks: graphml, gexf, json (Cytoscape), csv. "
            "Ontology and knowledge-graph tools: obographs, kgx. Tables: tables (CSV), parquet, sqlite. "
            "A case: phenopacket.",
        ),
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", help="File, or folder for kgx, tables and parquet; - writes one text out.")
    ] = "-",
    entailed: Annotated[
        bool, typer.Option("--entailed/--asserted", help="With what follows, or only what is written.")
    ] = True,
    case: Annotated[str | None, typer.Option("--case", help="For phenopacket: the case, as explain reads it.")] = None,
) -> None:
    """The graph in another format; or a case as a GA4GH Phenopacket."""
    from kg.read.export import export as run

    if form == "phenopacket":
        _phenopacket(case, output)
        return
    if case is not None:
        raise InputError(f"--case belongs to phenopacket; “{form}” holds the whole graph.")
    written = run(form, entailed)
    if isinstance(written, str | bytes):
        write(output, written)
    else:
        write_folder(output, written)


def _phenopacket(name: str | None, output: str) -> None:
    import json
    import sys

    from kg.api import KnowledgeGraph
    from kg.read.case import MAX_BYTES, read_case

    if name is None:
        raise InputError("A phenopacket is of a case: add --case FILE (a case as `kg explain --case` reads it, or -).")
    where = "standard input" if name == "-" else name
    packet, left_out = KnowledgeGraph().phenopacket(read_case(read(name, MAX_BYTES), where))
    write(output, json.dumps(packet, ensure_ascii=False, indent=2) + "\n")
    for phrase in left_out:
        print(f"kg: left out, because no term fits: {phrase}", file=sys.stderr)
